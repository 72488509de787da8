/** The text of a mail as a mail program shows it: white space kept, links into this installation to press. */
export function MailText({ text, publicUrl }: { text: string; publicUrl: string }) {
  const parts = text.split(/(https?:\/\/[^\s]+)/);
  return (
    <div className="mt-3 whitespace-pre-wrap break-words rounded-sm border border-line bg-sheet p-4 text-sm">
      {parts.map((part, at) =>
        part.startsWith(`${publicUrl}/`) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          <a key={at} href={part}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </div>
  );
}
