// Bundles the editor: node bundle.mjs FROM TO. Called by `cargo xtask bundle` in a folder where the lock file is installed.
import { build } from "esbuild";

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
  banner: { js: "/* With CodeMirror and Lezer, (c) Marijn Haverbeke and others, MIT licence: https://codemirror.net */" },
  nodePaths: [`${process.cwd()}/node_modules`],
  logLevel: "warning",
});
