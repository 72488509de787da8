import { z } from "zod";

/** SHA-256 as 64 lower-case hex digits. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/);

export const Instant = z.iso.datetime();

/** An organization as it stood at the moment of its act ("signed as …"). */
export const ActOrganization = z.strictObject({
  id: z.uuid(),
  legalName: z.string(),
  displayName: z.string(),
  country: z.string().length(2),
  class: z.string(),
  sector: z.string(),
  domain: z.string().nullable(),
});
export type ActOrganization = z.infer<typeof ActOrganization>;
