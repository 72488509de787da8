// @ts-check
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const sources = import.meta.dirname;
const notice = "Concordat verifier. MIT. See lib/ledger/FORMAT.md.";

/**
 * Makes the verifier for readers: `concordat.mjs` for Node 20 and later, `verify.html` that works saved on disk, and
 * `SHA256SUMS` over both. The same sources give the same bytes.
 *
 * @param {string} folder
 */
export async function buildVerifier(folder) {
  const program = await bundleForNode("concordat.ts");
  const script = await bundle("verify-page.ts", {
    platform: "browser",
    format: "iife",
    target: "es2022",
    minify: true,
    plugins: [withShapes],
  });
  const files = {
    "concordat.mjs": `#!/usr/bin/env node\n// ${notice}\n${program}`,
    "verify.html": await page(`/* Contains @noble/hashes and @noble/curves, MIT. */${script}`),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // The sums come last: they are what tells that both files are whole.
  const sums = Object.entries(files).map(([name, text]) => `${sha256(text, "hex")}  ${name}\n`);
  await writeFile(join(folder, "SHA256SUMS"), sums.join(""));
}

/**
 * A part of the verifier for Node, as the program contains it: everything in one text that needs nothing but Node.
 *
 * @param {string} entry
 */
export async function bundleForNode(entry) {
  return bundle(entry, { platform: "node", format: "esm", target: "node20", plugins: [withShapes] });
}

/** @param {string} entry @param {import("esbuild").BuildOptions} options */
async function bundle(entry, options) {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(sources, entry)],
    bundle: true,
    write: false,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles?.[0]?.text ?? "";
}

/** Reads records by our own few lines instead of zod. @type {import("esbuild").Plugin} */
const withShapes = {
  name: "with-shapes",
  setup({ onResolve }) {
    onResolve({ filter: /^zod$/ }, () => ({ path: join(sources, "shapes.ts") }));
  },
};

/** @param {string} script */
async function page(script) {
  const template = await readFile(join(sources, "verify-page.html"), "utf8");
  // Inside an element a script ends at its first closing tag, even within a string.
  const safe = `/* ${notice} */${script.replaceAll("</script", "<\\/script").trimEnd()}`;
  const style = /<style>([\s\S]*?)<\/style>/.exec(template)?.[1] ?? "";
  return template
    .replace("SCRIPT_HASH", sha256(safe, "base64"))
    .replace("STYLE_HASH", sha256(style, "base64"))
    .replace("<script>SCRIPT", () => `<script>${safe}`);
}

/** @param {string} text @param {"hex" | "base64"} encoding */
function sha256(text, encoding) {
  return createHash("sha256").update(text).digest(encoding);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildVerifier(join("public", "verify"));
