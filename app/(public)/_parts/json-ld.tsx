/** Structured data for search engines: the one place that writes markup by hand, with every `<` escaped. */
export function JsonLd({ data }: { data: Readonly<Record<string, unknown>> }) {
  const json = JSON.stringify({ "@context": "https://schema.org", ...data }).replaceAll("<", "\\u003c");
  // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON in a data block, where React's own escaping would change it
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />;
}
