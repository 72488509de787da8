import { ImageResponse } from "next/og";
import { contextFor } from "#app/_server/context.ts";
import { sealCurves } from "#lib/domain/seal.ts";
import { decodeHex } from "#lib/ledger/hash.ts";
import { loadPublicCharter } from "#lib/queries/public-charter.ts";
import { publicAnswer } from "../../../_parts/public-answer.ts";

export const dynamic = "force-dynamic";

const size = { width: 1200, height: 630 };

/** The picture that stands for a charter where its address is shared: title, where it stands, seal. */
export async function GET(_request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  return publicAnswer(async () => {
    const { title, current } = await loadPublicCharter(contextFor({ kind: "visitor" }), slug);
    const words = drawable(title);
    return new ImageResponse(
      <div
        style={{
          display: "flex",
          width: "100%",
          height: "100%",
          background: "#fbfaf6",
          color: "#1c1b18",
          padding: 72,
          gap: 56,
          alignItems: "center",
        }}
      >
        <div style={{ display: "flex", flexDirection: "column", flexGrow: 1, flexBasis: 0, height: "100%" }}>
          <div style={{ display: "flex", fontSize: 28, color: "#5c594f" }}>Concordat</div>
          <div
            style={{
              display: "flex",
              flexGrow: 1,
              alignItems: "center",
              fontSize: words.length > 60 ? 44 : words.length > 30 ? 56 : 68,
              lineHeight: 1.15,
            }}
          >
            {words}
          </div>
          <div style={{ display: "flex", borderTop: "2px solid #d9d4c7", paddingTop: 24, fontSize: 28 }}>
            {drawable(current.status)}
          </div>
          <div style={{ display: "flex", paddingTop: 12, fontSize: 22, color: "#5c594f" }}>
            {`SHA-256 ${current.sha256Hex.slice(0, 8)} ${current.sha256Hex.slice(8, 16)}`}
          </div>
        </div>
        <SealImage hashHex={current.sha256Hex} />
      </div>,
      size,
    );
  });
}

function SealImage({ hashHex }: { hashHex: string }) {
  return (
    <svg viewBox="0 0 100 100" width={340} height={340} role="img" aria-label="Seal">
      {sealCurves(decodeHex(hashHex)).map((curve) => (
        <path key={curve.path} d={curve.path} fill="none" stroke="#1d5740" strokeWidth={curve.width} />
      ))}
    </svg>
  );
}

/** What the bundled font can draw. For anything else the renderer would ask a font server on the net; it never may. */
function drawable(text: string): string {
  const words = text
    .normalize("NFC")
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201C\u201D]/g, '"')
    .replaceAll(/[\u2013\u2014]/g, "-")
    .replaceAll(/[^\u0020-\u007E\u00A1-\u00AC\u00AE-\u017F]/g, "")
    .trim();
  return words.length > 140 ? `${words.slice(0, 137)}...` : words || "A charter";
}
