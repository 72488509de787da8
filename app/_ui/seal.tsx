import { sealCurves } from "#lib/domain/seal.ts";

/** The rosette drawn from a version's SHA-256 (64 hex characters). A help for the eye; the hash is the proof. */
export function Seal({ hashHex, size = 96 }: { hashHex: string; size?: number }) {
  return (
    <svg
      viewBox="0 0 100 100"
      width={size}
      height={size}
      role="img"
      aria-label={`Seal of the text with fingerprint ${hashHex.slice(0, 8)}`}
      className="shrink-0 text-accent"
    >
      {sealCurves(bytesOf(hashHex)).map((curve) => (
        <path
          key={curve.path}
          d={curve.path}
          fill="none"
          stroke="currentColor"
          strokeWidth={curve.width}
          strokeLinejoin="round"
        />
      ))}
    </svg>
  );
}

/** A SHA-256 in eight groups of eight hex characters; the short form shows the first two. */
export function Fingerprint({ hashHex, short = false }: { hashHex: string; short?: boolean }) {
  const groups = hashHex.match(/.{8}/g) ?? [];
  return (
    <code className="font-mono text-[0.85em] tabular-nums" title={hashHex}>
      {(short ? groups.slice(0, 2) : groups).map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups never move
        <span key={at} className="me-[0.6em] inline-block last:me-0">
          {group}
        </span>
      ))}
      {short ? "…" : null}
    </code>
  );
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
