/** The curves of a seal, as SVG path data in a box of 100 by 100 around (50, 50). */
export type SealCurve = { readonly path: string; readonly width: number };

/**
 * The rosette of a frozen version: three woven curves and a core, drawn from its SHA-256 alone. The same text always gives
 * the same seal, and two texts differ at a glance. It helps the eye; the hash is the proof.
 *
 * @throws {RangeError} if `hash` is not 32 bytes; that is a caller's bug.
 */
export function sealCurves(hash: Uint8Array): SealCurve[] {
  if (hash.length !== 32) throw new RangeError("A seal is drawn from 32 bytes.");
  const byte = (index: number) => (hash[index] ?? 0) / 255;
  const ring = (at: number, radius: number, depth: number): SealCurve => {
    const fold = 5 + ((hash[at] ?? 0) % 11);
    const twist = 1 + ((hash[at + 1] ?? 0) % 3);
    const first = depth * (0.45 + 0.55 * byte(at + 2));
    const second = depth * 0.6 * byte(at + 3);
    const turn = 2 * Math.PI * byte(at + 4);
    const lean = 2 * Math.PI * byte(at + 5);
    return {
      width: 0.55 + 0.5 * byte(at + 6),
      path: curve(
        (angle) =>
          radius + first * Math.cos(fold * angle + turn) + second * Math.cos(fold * (twist + 1) * angle + lean),
      ),
    };
  };
  const core = 3 + ((hash[24] ?? 0) % 6);
  return [
    { width: 0.8, path: curve(() => 48) },
    ring(0, 38, 8),
    ring(7, 31, 10),
    ring(14, 21, 9),
    {
      width: 1,
      path: curve((angle) => 8 + 3.5 * byte(25) + (2 + 2 * byte(26)) * Math.cos(core * angle + 6.28 * byte(27))),
    },
  ];
}

const steps = 240;

function curve(radiusAt: (angle: number) => number): string {
  const points: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    const angle = (2 * Math.PI * step) / steps;
    const radius = radiusAt(angle);
    points.push(`${(50 + radius * Math.sin(angle)).toFixed(1)} ${(50 - radius * Math.cos(angle)).toFixed(1)}`);
  }
  return `M${points.join("L")}Z`;
}
