import type { Db, Tx } from "./store.ts";

/** The PostgreSQL channel on which changes of rights are told to whoever holds sockets open, in any process. */
export const rightsChannel = "concordat_rights";

/** Whose rights may have changed: all sockets that match one of these are to ask again for their seat. */
export type RightsChange = {
  readonly userId?: string;
  readonly organizationId?: string;
  readonly charterId?: string;
};

/** Tells the holders of sockets, when and only when the transaction commits, to ask again for the seats concerned. */
export async function announceRightsChange(tx: Db | Tx, change: RightsChange): Promise<void> {
  const payload = JSON.stringify(change);
  await tx.$executeRaw`SELECT pg_notify(${rightsChannel}, ${payload})`;
}

/** Reads what came over the channel; undefined when it is none of ours. */
export function parseRightsChange(payload: string | undefined): RightsChange | undefined {
  try {
    const value: unknown = JSON.parse(payload ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    const text = (key: string) => {
      const found = Object.entries(value).find(([name]) => name === key)?.[1];
      return typeof found === "string" ? { [key]: found } : {};
    };
    return { ...text("userId"), ...text("organizationId"), ...text("charterId") };
  } catch {
    return undefined;
  }
}
