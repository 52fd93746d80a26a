// Weighs files: node xtask/brotli.mjs FILE… prints, in the same order, [{ "raw": bytes, "brotli": bytes }, …].
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const sizes = process.argv.slice(2).map((file) => {
  const content = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return { raw: content.length, brotli: brotliCompressSync(content, { params }).length };
});
console.log(JSON.stringify(sizes));
