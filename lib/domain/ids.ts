import { z } from "zod";

/** Ids of rows are random UUIDs (version 4, lower case): they tell nothing of order, time or number. */
export const RowId = z.uuid().toLowerCase();

/** A clause id: 12 characters of a-z and 0-9, made in the browser, kept for the life of the clause, part of its permalink. */
export const ClauseId = z.string().regex(/^[a-z0-9]{12}$/, "A clause id has 12 characters of a-z and 0-9.");

/** The public name of a charter or an organization in addresses. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(80);

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A fresh clause id from `random`, a source of bytes such as `crypto.getRandomValues`. */
export function newClauseId(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  let id = "";
  while (id.length < 12) {
    // Bytes of 252 and above would make the first letters likelier; they are thrown away.
    for (const byte of random(new Uint8Array(16))) if (byte < 252 && id.length < 12) id += alphabet[byte % 36];
  }
  return id;
}
