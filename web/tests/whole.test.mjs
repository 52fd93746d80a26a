// What is sent sorted is put together again: every part of the page is WebAssembly for whoever reads it as the page does.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const dist = process.env.DIST ?? new URL("../../dist", import.meta.url).pathname;
const page = readFileSync(join(dist, "index.html"), "utf8");
const [, script] = page.match(/<script>(async function whole[^]*?)<\/script>/);
const whole = new Function(`${script}; return whole`)();
const files = ["", "labs"].flatMap((folder) =>
  readdirSync(join(dist, folder)).filter((name) => name.endsWith(".wasm")).map((name) => join(dist, folder, name)),
);

/** A file as a browser gets it: bytes of its own. */
const read = (file) => new Uint8Array(readFileSync(file)).buffer;

test("every part of the page is WebAssembly once it is put together", async () => {
  assert.ok(files.length > 10, files.join(" "));
  for (const file of files) {
    assert.equal(WebAssembly.validate(read(file)), false, `${file} is sorted`);
    assert.equal(WebAssembly.validate(await whole(read(file))), true, file);
  }
});

test("a file that is cut off is refused", async () => {
  for (const length of [50, 100, 5_000, 100_000]) {
    await assert.rejects(() => whole(read(files[0]).slice(0, length)), /cut off|multiple|Invalid/i, `${length} bytes`);
  }
});
