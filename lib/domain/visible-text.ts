/**
 * The text without the marks that reorder what is shown, hide in it or steer a terminal, in NFC. For words that people say
 * beside a charter, such as comments: they are not signed, so that nobody has to be asked. In a charter and in names nothing
 * is taken out; their authors are told of the place instead.
 */
export function visibleText(text: string): string {
  return text.replaceAll(hidden, "").normalize("NFC");
}

// Control characters but tab and line feed; halves of characters; marks of direction; zero-width space, word joiner, byte order mark; tags.
const hidden =
  /[^\P{Cc}\t\n]|[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff]|[\u{e0000}-\u{e007f}]/gu;
