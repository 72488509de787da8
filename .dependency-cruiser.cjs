/**
 * The table of README's map as rules: which folder may import which. tests/architecture plants a breach of each
 * and sees it found.
 */

/** For each folder of lib: the others it may import, and the packages (a regular expression), if those are limited. */
const layers = {
  domain: { lib: [], packages: "^(zod|tldts|diff|mdast-util-from-markdown|i18n-iso-countries)$" },
  ledger: { lib: ["domain"] },
  editor: { lib: ["domain"] },
  protocol: { lib: ["domain"] },
  config: { lib: [] },
  data: { lib: ["domain", "ledger", "config"] },
  auth: { lib: ["domain", "data", "config"] },
  queries: { lib: ["domain", "ledger", "editor", "data"] },
  commands: { lib: ["domain", "ledger", "editor", "data"] },
};
const names = Object.keys(layers);

const layerRules = names.map((name) => ({
  name: `lib-${name}`,
  comment: `lib/${name} imports ${layers[name].lib.map((other) => `lib/${other}`).join(", ") || "no other folder of lib"}.`,
  severity: "error",
  from: { path: `^lib/${name}/` },
  to: { path: "^(lib|server|app|tests)/", pathNot: `^lib/(${[name, ...layers[name].lib].join("|")})/` },
}));

/** Rules are plain values and functions: no files, no network, no database, no React. */
const pure = ["domain", "ledger", "editor", "protocol"].map((name) => ({
  name: `${name}-does-no-io`,
  severity: "error",
  from: { path: `^lib/${name}/`, pathNot: "^lib/ledger/node-crypto\\.ts$" },
  to: { dependencyTypes: ["core"], pathNot: "^(node:)?(buffer|util)$" },
}));

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "generated" } },
    ...layerRules,
    ...pure,
    {
      name: "node-crypto-computes",
      comment: "The one file of the rules that is for Node: browsers get crypto.ts in its stead.",
      severity: "error",
      from: { path: "^lib/ledger/node-crypto\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "only-data-knows-prisma",
      severity: "error",
      from: { path: "^(lib|server|app)/", pathNot: "^(lib/data/|server/database/)" },
      to: { path: "(^lib/data/generated|node_modules/(@prisma|prisma|\\.prisma)/)" },
    },
    {
      name: "app-and-server-never-meet",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "^server/" },
    },
    {
      name: "server-and-app-never-meet",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^app/" },
    },
    {
      name: "app-reads-no-tables",
      comment: "Pages ask queries and commands; only the glue in app/_server touches the shared store.",
      severity: "error",
      from: { path: "^app/", pathNot: "^app/_server/" },
      to: { path: "^lib/data/" },
    },
    {
      name: "server-data-through-store",
      comment:
        "Seeding the demo world writes rows as commands do; the log of rooms is the hot path of drafting, in SQL.",
      severity: "error",
      from: { path: "^server/", pathNot: "^server/demo/" },
      to: { path: "^lib/data/", pathNot: "^lib/data/(store|context|rights-change|room-[a-z]+)\\.ts$" },
    },
    {
      name: "client-files-stay-in-the-browser",
      severity: "error",
      from: { path: "\\.client\\.tsx?$" },
      to: {
        path: "^(lib|app|server)/",
        pathNot: "^(lib/(domain|ledger|editor|protocol)/|app/_ui/|.*\\.client\\.tsx?$|.*/actions\\.ts$|.*\\.css$)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "server-only-in-glue",
      severity: "error",
      from: { pathNot: "^app/_server/" },
      to: { path: "node_modules/server-only" },
    },
    {
      name: "product-knows-no-tests",
      severity: "error",
      from: { path: "^(lib|server|app)/" },
      to: { path: "^tests/" },
    },
    {
      name: "domain-packages",
      severity: "error",
      from: { path: "^lib/domain/" },
      to: {
        path: "(^|/)node_modules/",
        pathNot:
          "(^|/)node_modules/(zod|tldts|tldts-core|diff|mdast-util-from-markdown|@types/mdast|i18n-iso-countries)/",
      },
    },
    {
      name: "no-barrels",
      severity: "error",
      from: {},
      to: { path: "^(lib|server|app)/.*index\\.tsx?$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|^lib/data/generated/" },
    exclude: { path: "^(\\.next|dist|\\.data)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
