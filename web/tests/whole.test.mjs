// What is sent sorted is put together again: every part of the page is WebAssembly for whoever reads it as the page does.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const bench = process.env.BUNDLE ?? new URL("../../target/bundle", import.meta.url).pathname;
const dist = process.env.DIST ?? new URL("../../dist", import.meta.url).pathname;
const page = readFileSync(join(dist, "index.html"), "utf8");
const [, script] = page.match(/<script>(async function whole[^]*?)<\/script>/);
const whole = new Function(`${script}; return whole`)();
const files = ["", "labs"].flatMap((folder) =>
  readdirSync(join(dist, folder)).filter((name) => name.endsWith(".wasm")).map((name) => join(dist, folder, name)),
);

/** A file as a browser gets it: bytes of its own. */
const read = (file) => new Uint8Array(readFileSync(file)).buffer;

/** What the build took apart for this file. */
const before = (file) => {
  const [, part] = file.match(/labs\/(.*)-[0-9a-f]+\.wasm$/) ?? [, "page"];
  return readFileSync(join(bench, `${part}.small.wasm`));
};

test("every part of the page is put together again as the build took it apart", async () => {
  assert.ok(files.length > 10, files.join(" "));
  for (const file of files) {
    assert.equal(WebAssembly.validate(read(file)), false, `${file} is sorted`);
    const again = await whole(read(file));
    assert.equal(WebAssembly.validate(again), true, file);
    assert.ok(before(file).equals(Buffer.from(again)), `${file} is another module than before`);
  }
});

test("a file that is cut off is refused", async () => {
  for (const length of [50, 100, 5_000, 100_000]) {
    await assert.rejects(() => whole(read(files[0]).slice(0, length)), /cut off|multiple|Invalid/i, `${length} bytes`);
  }
});
