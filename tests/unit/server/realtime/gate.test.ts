import { expect, test } from "vitest";
import { encodePresence, encodeStep1, encodeStep2, encodeUpdate, parseFrame } from "#lib/protocol/frames.ts";
import { Gate } from "#server/realtime/gate.ts";

const nothing = Uint8Array.of(0, 0);

/** A gate before somebody whose right is not confirmed; gives what passes it. */
function passed(frame: Uint8Array): boolean {
  let hasPassed = false;
  const gate = new Gate(
    () => new Promise(() => {}),
    () => {
      hasPassed = true;
    },
  );
  gate.receive(frame);
  return hasPassed;
}

test("an update waits until its author's right is confirmed; who only reads, asks or moves does not", () => {
  expect(passed(encodeUpdate(nothing))).toBe(false);
  expect(passed(encodeStep2(nothing))).toBe(false);
  expect(passed(encodeStep1(nothing))).toBe(true);
  expect(passed(encodePresence([]))).toBe(true);
  expect(passed(Uint8Array.of(3))).toBe(true);
});

test("an update that spells what it is in more bytes than it needs waits like any other", () => {
  const [kind = 0, step = 0, ...rest] = encodeUpdate(nothing);
  for (const frame of [
    [128 | kind, 0, step, ...rest],
    [kind, 128 | step, 0, ...rest],
    [128 | kind, 128, 0, 128 | step, 0, ...rest],
  ].map((bytes) => Uint8Array.from(bytes))) {
    expect(parseFrame(frame)?.kind).toBe("update");
    expect(passed(frame)).toBe(false);
  }
});
