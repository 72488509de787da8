import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { cancelOpening } from "#lib/commands/cancel-opening.ts";
import { changeOpening } from "#lib/commands/change-opening.ts";
import { closeToSignature } from "#lib/commands/close-to-signature.ts";
import { effectDueVersions, effectWithdrawals } from "#lib/commands/effect-due.ts";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { openDueVersions } from "#lib/commands/open-due-versions.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { prepareStatement } from "#lib/commands/prepare-statement.ts";
import { retractSignature } from "#lib/commands/retract-signature.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { revokeWithdrawal } from "#lib/commands/revoke-withdrawal.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import type { Context } from "#lib/data/context.ts";
import type { Store } from "#lib/data/store.ts";
import type { LodgeStatement, LodgingAction } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { enrolmentCode } from "./enrolment.ts";
import { type TestPasskey, testPasskey } from "./passkey.ts";
import { officer, openedVersion, openWorldLog } from "./signing.ts";
import type { World, WorldPerson } from "./world.ts";

/** One thing that somebody does, under the name that a report prints. */
export type Move = { readonly name: string; readonly run: () => Promise<unknown> };

type Signer = WorldPerson & { readonly passkey: TestPasskey | null; keyId: string | null };
type Chance = (bound: number) => number;
type Lodge = (ctx: Context, input: LodgeStatement) => Promise<unknown>;
type Lodging = {
  readonly action: LodgingAction;
  readonly lodge: Lodge;
  readonly place: number;
  readonly isByCode: boolean;
};

/**
 * One charter with the people who act on it at random. Every move is whole as a browser makes it: what is signed is prepared and
 * lodged. Moves of one burst run at once on connections of their own; what the rules refuse is refused, and anything else that is
 * thrown is a violation.
 */
export class SigningStage {
  readonly charterId: string;
  readonly #world: World;
  readonly #store: Store;
  readonly #chance: Chance;
  readonly #convenor: WorldPerson;
  readonly #signers: readonly Signer[];

  private constructor(
    world: World,
    store: Store,
    chance: Chance,
    charterId: string,
    people: readonly [WorldPerson, ...Signer[]],
  ) {
    this.#world = world;
    this.#store = store;
    this.#chance = chance;
    this.charterId = charterId;
    [this.#convenor] = people;
    this.#signers = people.slice(1).flatMap((one) => ("passkey" in one ? [one] : []));
  }

  /** Two officers for each of three organizations; two of them have a passkey and may sign by code as well. */
  static async open(world: World, store: Store, chance: Chance): Promise<SigningStage> {
    await openWorldLog(world);
    const policy = { withdrawalNoticeDays: chance(2) * 30 };
    // Every other charter begins under seal, for some hours.
    const opening = chance(2) === 0 ? ({ kind: "now" } as const) : openingAfter(world.now, 300);
    const { charterId, convenor, versionId } = await openedVersion(world, { policy, opening });
    const signers: Signer[] = [];
    for (let count = 0; count < 3; count += 1) {
      const organization = await world.organization();
      for (const isFirst of [true, false]) {
        const person = await officer(world, organization, { isVerified: isFirst });
        const passkey = isFirst && count < 2 ? testPasskey() : null;
        signers.push({ ...person, passkey, keyId: passkey && (await enrol(world, person, passkey)) });
      }
    }
    const stage = new SigningStage(world, store, chance, charterId, [convenor, ...signers]);
    await stage.#invite(versionId);
    return stage;
  }

  /** A move that follows from chance and from nothing else that could differ between two runs. */
  move(): Move {
    const signer = this.#pick(this.#signers);
    const by = signer ? ` by ${signer.organization?.name}${signer.passkey ? ", key" : ""}` : "";
    // Drawn here and not while the move runs, where the order of draws would be that of the machine.
    const place = this.#chance(2);
    const isByCode = this.#chance(4) === 0;
    const minutes = 20 + this.#chance(200);
    const lodging = (action: LodgingAction, lodge: Lodge) => ({
      name: `${action}${by}`,
      run: () => this.#lodge(signer, { action, lodge, place, isByCode }),
    });
    const kinds: readonly (readonly [weight: number, make: () => Move])[] = [
      [8, () => lodging("sign", lodgeSignature)],
      [4, () => lodging("withdraw", withdrawSignature)],
      [2, () => lodging("revoke-withdrawal", revokeWithdrawal)],
      [4, () => lodging("retract", retractSignature)],
      [1, () => ({ name: `revoke the key${by}`, run: () => this.#revokeKey(signer) })],
      [1, () => ({ name: "start a new version", run: () => startNewVersion(this.#as(this.#convenor), this) })],
      [2, () => ({ name: "freeze", run: () => this.#freeze() })],
      [
        1,
        () => ({
          name: "withdraw the candidate",
          run: () => withdrawCandidate(this.#as(this.#convenor), { charterId: this.charterId, reason: "" }),
        }),
      ],
      [2, () => ({ name: "adopt", run: () => this.#adopt() })],
      [
        1,
        () => ({
          name: "open now",
          run: () => this.#onNewest((ctx, versionId) => openForSignature(ctx, { versionId, opening: { kind: "now" } })),
        }),
      ],
      // More often than at once: most of what can go wrong goes wrong under seal.
      [5, () => ({ name: "open under embargo", run: () => this.#seal(minutes) })],
      [1, () => ({ name: "move the opening", run: () => this.#open(changeOpening, minutes) })],
      [
        1,
        () => ({
          name: "lift the embargo",
          run: () => this.#onNewest((ctx, versionId) => changeOpening(ctx, { versionId, opening: { kind: "now" } })),
        }),
      ],
      [1, () => ({ name: "cancel the opening", run: () => this.#onNewest(cancelOpening) })],
      [1, () => ({ name: "close", run: () => this.#close() })],
      [3, () => ({ name: "the clock opens", run: () => openDueVersions(this.#store.db, this.#world.now) })],
      [2, () => ({ name: "the clock effects", run: () => effectDueVersions(this.#store.db, this.#world.now) })],
      [
        2,
        () => ({ name: "the clock ends withdrawals", run: () => effectWithdrawals(this.#store.db, this.#world.now) }),
      ],
    ];
    let left = this.#chance(kinds.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of kinds) {
      left -= weight;
      if (left < 0) return make();
    }
    throw new Error("Chance gave a number beyond its bound.");
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[this.#chance(all.length)];
  }

  #as(person: WorldPerson): Context {
    return { ...this.#world.as(person), db: this.#store.db };
  }

  async #versions(): Promise<{ id: string; state: string }[]> {
    return this.#store.db.charterVersion.findMany({
      where: { charterId: this.charterId, state: { notIn: ["WITHDRAWN_TEXT"] } },
      orderBy: [{ number: "desc" }, { frozenAt: "desc" }],
      select: { id: true, state: true },
    });
  }

  async #onNewest(act: (ctx: Context, versionId: string) => Promise<unknown>): Promise<unknown> {
    const [newest] = await this.#versions();
    if (!newest) throw new Refusal("not-found", "There is no version.");
    return act(this.#as(this.#convenor), newest.id);
  }

  async #open(open: typeof openForSignature, minutes: number): Promise<unknown> {
    const opening = openingAfter(this.#world.now, minutes);
    return this.#onNewest((ctx, versionId) => open(ctx, { versionId, opening }));
  }

  /** Under seal only those sign who were invited. */
  async #seal(minutes: number): Promise<unknown> {
    await this.#open(openForSignature, minutes);
    return this.#onNewest((_, versionId) => this.#invite(versionId));
  }

  async #invite(versionId: string): Promise<void> {
    for (const { email, organization } of this.#signers) {
      const legalName = organization?.name ?? "";
      await inviteToSign(this.#as(this.#convenor), { versionId, email, legalName, message: "" });
    }
  }

  async #freeze(): Promise<unknown> {
    return freezeCandidate(this.#as(this.#convenor), { charterId: this.charterId });
  }

  async #adopt(): Promise<unknown> {
    const candidate = (await this.#versions()).find(({ state }) => state === "CANDIDATE");
    if (!candidate) throw new Refusal("not-found", "There is no candidate.");
    const ctx = this.#as(this.#convenor);
    const of = { charterId: this.charterId, versionId: candidate.id };
    await takePosition(ctx, { ...of, value: "AGREE", reason: "", remedy: "" });
    return adoptCandidate(ctx, of);
  }

  async #close(): Promise<unknown> {
    // The one before the newest, or nothing would be left to sign.
    const [, earlier] = await this.#versions();
    if (!earlier) throw new Refusal("not-found", "There is no earlier version.");
    return closeToSignature(this.#as(this.#convenor), { versionId: earlier.id, reason: "" });
  }

  async #revokeKey(signer: Signer | undefined): Promise<unknown> {
    if (!signer?.passkey || signer.keyId === null) throw new Refusal("not-found", "No key.");
    await revokeSigningKey(this.#as(signer), signer.keyId);
    signer.keyId = null;
    return undefined;
  }

  async #lodge(signer: Signer | undefined, { action, lodge, place, isByCode }: Lodging): Promise<unknown> {
    const versions = await this.#versions();
    const version = versions[place] ?? versions[0];
    if (!signer?.organization || !version) throw new Refusal("not-found", "Nothing to sign.");
    const ctx = this.#as(signer);
    const keyId = isByCode ? null : signer.keyId;
    const prepared = await prepareStatement(ctx, {
      versionId: version.id,
      organizationId: signer.organization.id,
      action,
      keyId,
      typedName: signer.organization.name,
    });
    const { preparedId } = prepared;
    if (prepared.passkey && signer.passkey) {
      return lodge(ctx, { preparedId, evidence: { class: "A", ...signer.passkey.assert(prepared.passkey.challenge) } });
    }
    return lodge(ctx, {
      preparedId,
      evidence: { class: "B", code: await mailedCode(this.#store, signer.email, prepared.statementSha256) },
    });
  }
}

function openingAfter(now: Date, minutes: number) {
  const wallTime = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 16);
  return { kind: "at", wallTime, zone: "UTC" } as const;
}

/** The code that was mailed for a statement. */
export async function mailedCode({ pool }: Store, email: string, statementSha256: string): Promise<string> {
  const { rows } = await pool.query<{ code: string }>(
    `SELECT payload->>'code' AS code FROM outbox
     WHERE kind = 'signing-code' AND "to" = $1 AND payload->>'closing' LIKE '%' || $2`,
    [email, statementSha256],
  );
  return rows[0]?.code ?? "";
}

async function enrol(world: World, person: WorldPerson, passkey: TestPasskey): Promise<string> {
  const organizationId = person.organization?.id ?? "";
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), organizationId);
  const response = passkey.register(options.challenge);
  const { keyId } = await enrolSigningKey(world.as(person), {
    organizationId,
    challengeId,
    label: "Office key",
    response,
    ...(await enrolmentCode(world.as(person), organizationId, challengeId)),
  });
  return keyId;
}
