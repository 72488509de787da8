import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { CopyText } from "#app/_ui/copy-text.client.tsx";
import { Chip, Notice } from "#app/_ui/frame.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { formatDate, Time } from "#app/_ui/time.tsx";
import { evidenceWords } from "#lib/domain/evidence-words.ts";
import type { SigningKeys, SigningKeyView } from "#lib/queries/signing-keys.ts";
import { checkSigningKeyAction, revokeSigningKeyAction } from "./actions.ts";
import { ApproveKey } from "./approve-key.client.tsx";

/** One key: what it is, who vouches for it, and what can be done about it. */
export function KeyCard({ view, signingKey: key }: { view: SigningKeys; signingKey: SigningKeyView }) {
  const { organizationId, canManage } = view;
  const approvers = view.approvers.filter(({ id }) => id !== key.id);
  const isVouched = (key.state === "live" || key.state === "resting") && key.boundBy !== "operator";
  return (
    <article className="grid gap-4 rounded-sm border border-line p-4" aria-label={key.label}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="font-medium">{key.label || "Key without a name"}</h3>
          <p className="text-muted text-sm">
            {key.kind === "own"
              ? `Class ${evidenceWords["A'"].letter}, the organization’s own key`
              : `Class ${evidenceWords.A.letter}, passkey of ${key.officer}`}
            , enrolled <Time at={key.enrolledAt} style="date" />
          </p>
        </div>
        <State signingKey={key} />
      </div>
      <p className="text-sm">
        <Fingerprint hashHex={key.keySha256} />
      </p>
      <Vouching signingKey={key} />
      {key.state !== "revoked" && canManage ? (
        <>
          {(!isVouched || key.state === "resting") && approvers.length > 0 ? (
            <ApproveKey organizationId={organizationId} keyId={key.id} approvers={approvers} verb="Approve it" />
          ) : null}
          {key.boundBy === "key" && key.state === "live" ? null : <Publish view={view} signingKey={key} />}
        </>
      ) : null}
      {key.canRevoke ? (
        <ActionForm
          action={revokeSigningKeyAction.bind(null, organizationId, key.id)}
          submit="Revoke"
          tone="danger"
          confirm="Revoke this key? Nothing can be signed with it any more; what it signed stands."
          className="grid gap-2"
        />
      ) : null}
    </article>
  );
}

function State({ signingKey: { state, revokedAt, signsFrom } }: { signingKey: SigningKeyView }) {
  if (state === "resting" && signsFrom) {
    return (
      <Chip tone="wait">
        signs from <Time at={signsFrom} />
      </Chip>
    );
  }
  if (state === "live") return <Chip tone="good">signs</Chip>;
  if (state === "waiting") return <Chip tone="wait">waits for approval</Chip>;
  return <Chip>revoked {revokedAt ? formatDate(revokedAt) : ""}</Chip>;
}

function Vouching({ signingKey: key }: { signingKey: SigningKeyView }) {
  if (key.state === "waiting") {
    return (
      <p className="text-sm">
        It signs nothing yet: an enrolled key approves it, or your domain names it
        {key.signsFrom ? (
          <>
            , and then from <Time at={key.signsFrom} /> on
          </>
        ) : null}
        . If every enrolled key is lost, write to the operator.
      </p>
    );
  }
  const isAtDomain = key.boundBy === "dns" || key.boundBy === "well-known";
  return (
    <div className="grid gap-2 text-sm">
      <p>
        {vouchWords[key.boundBy]}
        {key.approvedBy ? (
          <>
            {" "}
            <Fingerprint hashHex={key.approvedBy} short />
          </>
        ) : null}
        {key.reason ? ` The reason: ${key.reason}` : null}
        {isAtDomain && key.goodAt ? ` Last seen there on ${formatDate(key.goodAt)}.` : null}
      </p>
      {key.state === "resting" ? (
        <p>
          It was enrolled a short time ago, and rests for a day so that everybody who was told can say if it is not
          yours. An enrolled key that approves it ends that; until then officers confirm by the mailed code.
        </p>
      ) : null}
      {isAtDomain && key.problem && key.state === "live" ? (
        <Notice tone="wait" title="It is no longer there">
          {key.problem} What was seen before stays in the record. Put it back, so that others can see it too.
        </Notice>
      ) : null}
    </div>
  );
}

const vouchWords = {
  dns: "Named in the DNS of the organization’s domain.",
  "well-known": "Named on the organization’s own site.",
  key: "Approved by an enrolled key:",
  operator: "That it is the organization’s is the keeper’s word so far.",
} as const satisfies Record<SigningKeyView["boundBy"], string>;

/** What to publish so that nobody has to take the keeper's word, and whether it is there. */
function Publish({ view, signingKey: key }: { view: SigningKeys; signingKey: SigningKeyView }) {
  const isThere = key.boundBy === "dns" || key.boundBy === "well-known";
  if (!view.hasDomain) {
    return (
      <p className="text-muted text-sm">
        When a domain of the organization is confirmed, it can name this key.{" "}
        <a href={`/organizations/${view.organizationId}#verification`}>Confirm a domain</a>
      </p>
    );
  }
  return (
    <details className="border-line border-y py-2" open={!isThere && key.checkedAt !== null}>
      <summary className="cursor-pointer text-sm">
        {isThere ? "What stands at your domain" : "Let your domain name it"}
      </summary>
      <div className="mt-3 grid gap-4">
        {key.publish.map(({ domain, record, file }) => (
          <div key={domain} className="grid gap-3">
            <p className="text-sm">
              A TXT record at <code className="select-all break-all">{record.name}</code>, beside what stands there:
            </p>
            <CopyText what={`the record for ${domain}`} text={record.value} />
            <p className="text-sm">
              Or this file at <code className="select-all break-all">{file.url}</code>:
            </p>
            <CopyText what={`the file for ${domain}`} text={file.text} />
          </div>
        ))}
        {!isThere && key.problem ? (
          <Notice tone="wait" title="Not there yet">
            {key.problem}
          </Notice>
        ) : null}
        {key.checkedAt ? (
          <p className="text-muted text-sm">
            Last looked at <Time at={key.checkedAt} />.
          </p>
        ) : null}
        <ActionForm
          action={checkSigningKeyAction.bind(null, view.organizationId, key.id)}
          submit="Look now"
          done="Your domain names this key; what was seen is kept."
          tone="plain"
          className="grid gap-3"
        />
      </div>
    </details>
  );
}
