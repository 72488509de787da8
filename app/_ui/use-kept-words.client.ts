"use client";

import { type RefObject, useCallback, useEffect } from "react";

/**
 * Keeps what is typed into a form in this tab under a name, and puts it back when the form comes again: after a search on the same
 * page, a way back, a reload. Gives back what forgets it, for when the words have arrived. Without a name nothing is kept.
 */
export function useKeptWords(form: RefObject<HTMLFormElement | null>, name: string | undefined): () => void {
  useEffect(() => {
    const element = form.current;
    if (name === undefined || !element) return;
    const kept = read(name);
    for (const field of fieldsOf(element)) putBack(field, kept[field.name]);
    const keep = () => write(name, Object.fromEntries(fieldsOf(element).map((one) => [one.name, wordsOf(one)])));
    element.addEventListener("input", keep);
    return () => element.removeEventListener("input", keep);
  }, [form, name]);
  return useCallback(() => {
    if (name !== undefined) write(name, null);
  }, [name]);
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("input[name], textarea[name], select[name]")].filter(
    (one) => !["hidden", "file", "password"].includes(one.type),
  );
}

function wordsOf(field: Field): string {
  if (field instanceof HTMLInputElement && field.type === "checkbox") return field.checked ? "on" : "";
  return field.value;
}

/** Only where nothing was typed before the script came. */
function putBack(field: Field, words: string | undefined): void {
  if (words === undefined) return;
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked ||= words === "on";
  else if (field instanceof HTMLSelectElement) field.value ||= words;
  else if (field.value === field.defaultValue) field.value = words;
}

/** Forgets all words that this tab keeps, where a person signs out: whoever uses it next must not find them. */
export function forgetKeptWords(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {
    // Where nothing can be kept, nothing is.
  }
}

const prefix = "words ";

/** A tab that keeps nothing, as in some private windows, is a tab in which nothing is put back. */
function read(name: string): Readonly<Record<string, string>> {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(`${prefix}${name}`) ?? "{}");
    const entries = typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
    return Object.fromEntries(entries.map(([key, words]) => [key, String(words)]));
  } catch {
    return {};
  }
}

function write(name: string, words: Readonly<Record<string, string>> | null): void {
  try {
    if (words === null) sessionStorage.removeItem(`${prefix}${name}`);
    else sessionStorage.setItem(`${prefix}${name}`, JSON.stringify(words));
  } catch {
    // Nothing is kept; what is typed still stands in the form.
  }
}
