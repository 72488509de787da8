import { z } from "zod";

/**
 * What a mail of ours says, before it is laid out. Every mail says who asks and what for; opening it or fetching its link
 * changes nothing, and the layout says so.
 */
export const MailContent = z.strictObject({
  subject: z.string().min(1).max(200),
  /** Who asks or informs: a person with their organization, or the installation. */
  from: z.string().min(1).max(400),
  /** Plain sentences, one paragraph each. */
  paragraphs: z.array(z.string().max(4000)).min(1).max(30),
  /** The one thing to do; `path` is an address within the installation and begins with "/". */
  action: z.strictObject({ label: z.string().min(1).max(80), path: z.string().regex(/^\/(?![/\\])/) }).optional(),
  /** A code to type, shown large. */
  code: z.string().max(20).optional(),
  /** What closes the mail, e.g. until when the code counts. */
  closing: z.string().max(1000).optional(),
});
export type MailContent = z.infer<typeof MailContent>;

/** One mail to one address. `kind` names the occasion for the operator's page, e.g. "sign-in-code". */
export type Mail = { readonly kind: string; readonly to: string; readonly content: MailContent };
