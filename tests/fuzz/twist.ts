import * as Y from "yjs";
import {
  type At,
  type Forged,
  type ForgedDeletes,
  type ForgedGroup,
  forgeUpdate,
} from "#tests/support/forged-update.ts";
import { below, pick } from "./mutate.ts";

/** So many units of a client are pointed at. */
const unitsMax = 2_000;

type Random = () => number;
type Model = { readonly groups: readonly ForgedGroup[]; readonly deletes: ForgedDeletes };

/**
 * Updates in which every byte is right and one thing is a lie. A mutation of bytes nearly always breaks the frame; what is left of it is looked at by the
 * first lines of the guard. Here parts that the room has are said anew, and what is new leans where it should not.
 */
export class Twister {
  readonly #random: Random;
  readonly #state: Model;
  /** Units of every client in the room. */
  readonly #ids: readonly At[];
  readonly #clients: readonly number[];

  /** `state` is the whole text of the room, `own` are the clients of the liar. */
  constructor(state: Uint8Array, own: readonly number[], random: Random) {
    this.#random = random;
    this.#state = modelOf(state);
    this.#clients = [...this.#state.groups.map(({ client }) => client), ...own];
    this.#ids = this.#state.groups.flatMap(({ client, clock, structs }) => {
      const last = structs.reduce((sum, struct) => sum + lengthOf(struct), clock);
      // A stretch that is dead from the start can be as long as its author likes.
      const count = Math.min(last, unitsMax);
      return Array.from({ length: count }, (_, at): At => [client, Math.floor((at * last) / count)]);
    });
  }

  /** An honest update with one thing changed, or parts of the room with one thing changed, or both together. */
  twist(honest: Uint8Array): Uint8Array {
    const lot = this.#random();
    const fresh = modelOf(honest);
    const base = lot < 0.4 ? fresh : lot < 0.7 ? this.#known() : together(fresh, this.#known());
    let model = base;
    for (let left = this.#random() < 0.85 ? 1 : 2; left > 0; left -= 1) model = this.#change(model);
    // Something that is new makes the room take the rest too.
    if (this.#random() < 0.5) model = { ...model, deletes: [...model.deletes, this.#deletion()] };
    return forgeUpdate(model.groups, model.deletes);
  }

  /** One to three neighbouring structs of somebody, as the room has them. */
  #known(): Model {
    const group = pick(this.#state.groups, this.#random);
    const from = below(this.#random, group.structs.length);
    const structs = group.structs.slice(from, from + 1 + below(this.#random, 3));
    const clock = group.structs.slice(0, from).reduce((sum, struct) => sum + lengthOf(struct), group.clock);
    return { groups: [{ client: group.client, clock, structs }], deletes: [] };
  }

  #deletion(): ForgedDeletes[number] {
    const [client, clock] = this.#id();
    return [client, [[clock, 1 + below(this.#random, 3)]]];
  }

  #change({ groups, deletes }: Model): Model {
    const random = this.#random;
    const lot = below(random, 12);
    if (groups.length === 0 || lot === 0) return { groups, deletes: this.#changeDeletes(deletes) };
    const at = below(random, groups.length);
    const group = pick([groups[at] ?? pick(groups, random)], random);
    if (lot === 1) return { groups: this.#changeGroups(groups, group), deletes };
    const changed =
      lot === 2
        ? { ...group, clock: Math.max(0, group.clock + pick([-2, -1, 1, 2], random)) }
        : lot === 3
          ? { ...group, client: pick(this.#clients, random) }
          : { ...group, structs: this.#changeStructs(group.structs) };
    return { groups: groups.map((one, index) => (index === at ? changed : one)), deletes };
  }

  #changeGroups(groups: readonly ForgedGroup[], group: ForgedGroup): readonly ForgedGroup[] {
    switch (below(this.#random, 4)) {
      case 0:
        return [...groups, { ...group, structs: this.#changeStructs(group.structs) }];
      case 1:
        return [...groups, { ...group, structs: [] }];
      case 2:
        return [{ ...group, structs: this.#changeStructs(group.structs) }, ...groups];
      default:
        return groups.toReversed();
    }
  }

  #changeStructs(structs: readonly Forged[]): readonly Forged[] {
    const at = below(this.#random, structs.length);
    const struct = structs[at];
    if (!struct) return structs;
    const lot = below(this.#random, 12);
    if (lot === 0) return [...structs.slice(0, at), ...structs.slice(at + 1)];
    if (lot === 1) return [...structs.slice(0, at), struct, ...structs.slice(at)];
    return structs.map((one, index) => (index === at ? this.#changeStruct(struct) : one));
  }

  #changeStruct(struct: Forged): Forged {
    const random = this.#random;
    const { after, before } = struct;
    switch (below(random, 7)) {
      case 0:
        return with_(struct, { after: after && random() < 0.4 ? this.#beside(after) : this.#id() });
      case 1:
        return with_(struct, { before: before && random() < 0.4 ? this.#beside(before) : this.#id() });
      case 2:
        return with_(struct, random() < 0.5 ? { after: before, before: after } : { after: undefined });
      case 3:
        return with_(struct, {
          after: undefined,
          before: undefined,
          in: random() < 0.3 ? pick(["charter", "other", "__proto__"], random) : this.#id(),
          key: random() < 0.5 ? pick(["id", "level", "kind", "__proto__"], random) : undefined,
        });
      case 4:
        return { ...this.#content(), ...leansOf(struct) };
      default:
        return this.#lengthened(struct);
    }
  }

  #content(): Forged {
    return pick<Forged>(
      [
        { text: "\u{1f600}" },
        { text: "xyz" },
        { element: "paragraph" },
        { element: "clause" },
        { textNode: true },
        { value: 1 },
        { value: "a00000000000" },
        { deleted: 1 + below(this.#random, 4) },
        { collected: 1 + below(this.#random, 4) },
        { embed: "x" },
        { mark: "bold" },
        { document: "x" },
      ],
      this.#random,
    );
  }

  #lengthened(struct: Forged): Forged {
    const random = this.#random;
    const leans = leansOf(struct);
    if ("text" in struct) {
      const { text } = struct;
      const longer = pick(
        [`${text}\u{1f600}`, `x${text}`, text.slice(1), text.slice(0, -1), `\u{1f600}${text}`],
        random,
      );
      return { ...leans, text: longer };
    }
    const length = pick([0, lengthOf(struct) + 1, 2 ** 31, 2 ** 40], random);
    if ("collected" in struct) return { ...leans, collected: length };
    return { ...leans, deleted: length };
  }

  #changeDeletes(deletes: ForgedDeletes): ForgedDeletes {
    const random = this.#random;
    const [first, ...rest] = deletes.length > 0 ? deletes : [this.#deletion()];
    if (!first) return deletes;
    const [client, ranges] = first;
    const at = below(random, ranges.length);
    const [clock, length] = ranges[at] ?? [0, 1];
    const [other] = this.#id();
    return pick<ForgedDeletes>(
      [
        [[client, ranges.map((range, index) => (index === at ? [clock + 1, length] : range))], ...rest],
        [[client, ranges.map((range, index) => (index === at ? [Math.max(0, clock - 1), length] : range))], ...rest],
        [[client, ranges.map((range, index) => (index === at ? [clock, length + 1] : range))], ...rest],
        [[client, ranges.map((range, index) => (index === at ? [clock, length - 1] : range))], ...rest],
        [[client, [...ranges, [clock, length]]], ...rest],
        [first, first, ...rest],
        [[other, ranges], ...rest],
      ],
      random,
    );
  }

  #id(): At {
    return this.#random() < 0.03
      ? [pick(this.#clients, this.#random), below(this.#random, 99)]
      : pick(this.#ids, this.#random);
  }

  #beside([client, clock]: At): At {
    return [client, Math.max(0, clock + (this.#random() < 0.5 ? 1 : -1))];
  }
}

type Leans = {
  after?: At | undefined;
  before?: At | undefined;
  in?: string | At | undefined;
  key?: string | undefined;
};

function leansOf({ after, before, in: parent, key }: Forged): Pick<Forged, "after" | "before" | "in" | "key"> {
  return {
    ...(after && { after }),
    ...(before && { before }),
    ...(parent !== undefined && { in: parent }),
    ...(key !== undefined && { key }),
  };
}

/** The struct, leaning elsewhere. What is undefined is taken away. */
function with_(struct: Forged, leans: Leans): Forged {
  const { after: _after, before: _before, in: _in, key: _key, ...content } = struct;
  const all = { ...leansOf(struct), ...leans };
  return {
    ...content,
    ...(all.after && { after: all.after }),
    ...(all.before && { before: all.before }),
    ...(all.in !== undefined && { in: all.in }),
    ...(all.key !== undefined && { key: all.key }),
  } as Forged;
}

/** Both in one update; a client that stands in both keeps what the first says. */
function together(one: Model, other: Model): Model {
  const clients = new Set(one.groups.map(({ client }) => client));
  const groups = [...one.groups, ...other.groups.filter(({ client }) => !clients.has(client))];
  return { groups: groups.sort((a, b) => b.client - a.client), deletes: [...one.deletes, ...other.deletes] };
}

function modelOf(update: Uint8Array): Model {
  const { structs, ds } = Y.decodeUpdate(update);
  const groups: { client: number; clock: number; structs: Forged[] }[] = [];
  for (const struct of structs) {
    const last = groups.at(-1);
    if (last?.client === struct.id.client) last.structs.push(forgedOf(struct));
    else groups.push({ client: struct.id.client, clock: struct.id.clock, structs: [forgedOf(struct)] });
  }
  return {
    groups,
    deletes: [...ds.clients].map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len] as const)]),
  };
}

function forgedOf(struct: Y.Item | Y.GC | Y.Skip): Forged {
  if (!(struct instanceof Y.Item)) return { collected: struct.length };
  const parent: unknown = struct.parent;
  const leans = {
    ...(struct.origin && { after: [struct.origin.client, struct.origin.clock] as const }),
    ...(struct.rightOrigin && { before: [struct.rightOrigin.client, struct.rightOrigin.clock] as const }),
    ...(typeof parent === "string" && { in: parent }),
    ...(parent instanceof Y.ID && { in: [parent.client, parent.clock] as const }),
    ...(struct.parentSub !== null && { key: struct.parentSub }),
  };
  const { content } = struct;
  if (content instanceof Y.ContentString) return { ...leans, text: content.str };
  if (content instanceof Y.ContentAny && content.arr.length === 1) return { ...leans, value: content.arr[0] };
  if (!(content instanceof Y.ContentType)) return { ...leans, deleted: struct.length };
  return content.type instanceof Y.XmlElement
    ? { ...leans, element: content.type.nodeName }
    : { ...leans, textNode: true };
}

function lengthOf(struct: Forged): number {
  if ("text" in struct) return struct.text.length;
  if ("deleted" in struct) return struct.deleted;
  if ("collected" in struct) return struct.collected;
  return 1;
}
