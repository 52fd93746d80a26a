// Bundles the editor: node bundle.mjs FROM TO. Called by `cargo xtask bundle` in a folder where the lock file is installed.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

/** Of every package that goes into the bundle: all are by the same people, under the same licence. */
const licence = readFileSync("node_modules/@codemirror/view/LICENSE", "utf8").replaceAll("*/", "");

const [from, to] = process.argv.slice(2);
await build({
  entryPoints: [from],
  outfile: to,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  charset: "utf8",
  // Whose work it is, and under which licence, goes with it.
  legalComments: "inline",
  banner: { js: `/* With CodeMirror 6 and Lezer (https://codemirror.net)\n\n${licence}*/` },
  nodePaths: [`${process.cwd()}/node_modules`],
  logLevel: "warning",
});
