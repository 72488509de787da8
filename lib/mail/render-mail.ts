import type { MailContent } from "#lib/domain/mail.ts";

/** A mail as it leaves. */
export type RenderedMail = { readonly subject: string; readonly text: string; readonly html: string };

const nothingHappens =
  "Opening this mail or its link changes nothing; things happen only when you press a button on the page.";

/** Lays a mail out as plain text and as simple HTML that says the same. `publicUrl` has no trailing slash. */
export function renderMail(content: MailContent, publicUrl: string): RenderedMail {
  const link = content.action ? { label: content.action.label, url: publicUrl + content.action.path } : undefined;
  const foot = `${nothingHappens}\nSent by Concordat at ${publicUrl}`;
  const text = [
    content.from,
    ...content.paragraphs,
    ...(content.code ? [`    ${content.code}`] : []),
    ...(link ? [`${link.label}:\n${link.url}`] : []),
    ...(content.closing ? [content.closing] : []),
    `--\n${foot}`,
  ].join("\n\n");
  return { subject: oneLine(content.subject), text: `${text}\n`, html: htmlOf(content, link, foot) };
}

function htmlOf(content: MailContent, link: { label: string; url: string } | undefined, foot: string): string {
  const paragraph = (words: string, style = "margin:0 0 16px") => `<p style="${style}">${lines(words)}</p>`;
  const parts = [
    paragraph(content.from, "margin:0 0 16px;color:#5c594f"),
    ...content.paragraphs.map((one) => paragraph(one)),
    ...(content.code
      ? [`<p style="margin:0 0 16px;font:600 28px/1.2 monospace;letter-spacing:4px">${escapeHtml(content.code)}</p>`]
      : []),
    ...(link
      ? [
          `<p style="margin:0 0 16px"><a href="${escapeHtml(link.url)}" style="display:inline-block;padding:10px 18px;background:#1d5740;color:#ffffff;text-decoration:none;border-radius:2px">${escapeHtml(link.label)}</a></p>`,
          `<p style="margin:0 0 16px;font-size:13px;color:#5c594f;word-break:break-all">${escapeHtml(link.url)}</p>`,
        ]
      : []),
    ...(content.closing ? [paragraph(content.closing)] : []),
    `<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #d9d4c7;font-size:13px;color:#5c594f">${lines(foot)}</p>`,
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(oneLine(content.subject))}</title></head><body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1c1b18;background:#ffffff"><div style="max-width:560px;margin:0 auto">${parts.join("")}</div></body></html>`;
}

function lines(words: string): string {
  return escapeHtml(words).replaceAll("\n", "<br>");
}

function escapeHtml(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A subject has one line: a newline in it would begin a header of the sender's choosing. */
function oneLine(words: string): string {
  return words.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
