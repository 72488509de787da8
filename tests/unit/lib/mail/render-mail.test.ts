import { expect, test } from "vitest";
import { renderMail } from "#lib/mail/render-mail.ts";

const content = {
  subject: "Northlight invites you",
  from: "Ada Brandt of Northlight asks you.",
  paragraphs: ["Read the text first."],
  action: { label: "See the invitation", path: "/invitations/1" },
  closing: "It counts for a week.",
};

test("a mail says who asks, what for, and that opening it does nothing", () => {
  const { text } = renderMail(content, "https://charters.example.org");
  expect(text).toContain("Ada Brandt of Northlight asks you.");
  expect(text).toContain("https://charters.example.org/invitations/1");
  expect(text).toContain("Opening this mail or its link changes nothing");
});

test("a name cannot put markup into a mail", () => {
  const { html } = renderMail({ ...content, from: '<img src=x onerror="x"> & Co' }, "https://charters.example.org");
  expect(html).not.toContain("<img");
  expect(html).toContain("&#60;img src=x onerror=&#34;x&#34;&#62; &#38; Co");
});

test("a subject cannot begin another header", () => {
  expect(renderMail({ ...content, subject: "Hi\r\nBcc: x@example.org" }, "https://x.example").subject).toBe(
    "Hi Bcc: x@example.org",
  );
});
