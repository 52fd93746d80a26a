// Bundles the editor: node bundle.mjs FROM TO, both folders. Called by `cargo xtask bundle` in a folder where the lock file is
// installed. Prints the names of its files, as JSON: the editor, what it shares with what comes later, and what comes later.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

/** Of every package that goes into the bundle: all are by the same people, under the same licence. */
const licence = readFileSync("node_modules/@codemirror/view/LICENSE", "utf8").replaceAll("*/", "");

const [from, to] = process.argv.slice(2);
const { metafile } = await build({
  entryPoints: ["editor", "writing"].map((name) => `${from}/${name}.js`),
  outdir: to,
  // What is fetched later is a file of its own, and so is what both share.
  splitting: true,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  charset: "utf8",
  // Whose work it is, and under which licence, goes with it.
  legalComments: "inline",
  banner: { js: `/* With CodeMirror 6 and Lezer (https://codemirror.net)\n\n${licence}*/` },
  nodePaths: [`${process.cwd()}/node_modules`],
  metafile: true,
  logLevel: "warning",
});
const outputs = Object.entries(metafile.outputs);
const file = (beginning) => outputs.map(([name]) => basename(name)).find((name) => name.startsWith(beginning));
console.log(JSON.stringify(["editor-", "chunk-", "writing-"].map(file)));
