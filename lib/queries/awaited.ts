/** One thing that waits for a person, in a sentence, with the page where it is done. */
export type Awaited = { readonly key: string; readonly sentence: string; readonly href: string; readonly since: Date };
