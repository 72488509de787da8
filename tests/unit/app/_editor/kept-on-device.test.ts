import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { forgetUnsent, noteUnsent, unsentOnDevice } from "#app/_editor/kept-on-device.client.tsx";

const place = { userId: "ada", roomId: "room", generation: 1 };
const charterId = "charter";

/** A browser's storage: what it keeps are its own keys. */
class Storage {
  getItem(name: string): string | null {
    const value: unknown = Reflect.get(this, name);
    return typeof value === "string" ? value : null;
  }
  setItem(name: string, value: string): void {
    Reflect.set(this, name, value);
  }
  removeItem(name: string): void {
    Reflect.deleteProperty(this, name);
  }
}

beforeEach(() => {
  vi.stubGlobal("localStorage", new Storage());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A tab's copy of the text with words of its own. */
function tab(clientId: number): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = clientId;
  doc.getXmlFragment("charter").push([new Y.XmlText(`words of ${clientId}`)]);
  return doc;
}

test("of two tabs in one room the one that is saved leaves the other's unsent words noted", () => {
  const [saved, offline] = [tab(1), tab(2)];
  noteUnsent(place, { charterId, from: new Map([[1, 0]]) });
  noteUnsent(place, { charterId, from: new Map([[2, 0]]) });
  forgetUnsent(place, saved);
  expect(unsentOnDevice()).toBe(1);
  forgetUnsent(place, offline);
  expect(unsentOnDevice()).toBe(0);
});

test("words that an earlier visit left go off the note once a copy that holds them is saved", () => {
  const present = tab(2);
  noteUnsent(place, { charterId, from: new Map([[1, 0]]) });
  Y.applyUpdate(present, Y.encodeStateAsUpdate(tab(1)));
  forgetUnsent(place, present);
  expect(unsentOnDevice()).toBe(0);
});

test("words beyond what a saved copy has of another tab stay noted", () => {
  const [saved, other] = [tab(1), tab(2)];
  Y.applyUpdate(saved, Y.encodeStateAsUpdate(other));
  const known = Y.getState(saved.store, 2);
  other.getXmlFragment("charter").push([new Y.XmlText("more")]);
  noteUnsent(place, { charterId, from: new Map([[2, known]]) });
  forgetUnsent(place, saved);
  expect(unsentOnDevice()).toBe(1);
});

test("another room's note is not touched, and where nothing is noted nothing happens", () => {
  noteUnsent({ ...place, roomId: "other" }, { charterId, from: new Map([[1, 0]]) });
  forgetUnsent(place, tab(1));
  expect(unsentOnDevice()).toBe(1);
});
