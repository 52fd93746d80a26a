// The scenario's text: what is right runs at once, what is wrong is said, and nothing that was typed is lost.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { button, computed, end, field, property, script, shown, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");

scene("the editor holds the very text of the file", { at: AT }, async (page) => {
  assert.equal(await (await script(page)).inputValue(), TEXT);
});

scene("an edit runs at once: without the flaw the promise is kept", { at: AT }, async (page) => {
  await end(page);
  assert.match(await property(page, "no-stale-write").innerText(), /violated/);
  await (await script(page)).fill(TEXT.replace(/^flaw.*\n/m, ""));
  await end(page);
  assert.match(await property(page, "no-stale-write").innerText(), /holds/);
  await page.getByText("The scenario does not come out as it says").waitFor();
});

scene("a broken text shows everything that is wrong, and the last good run stays", { at: AT }, async (page) => {
  const all = await end(page);
  const before = await property(page, "no-stale-write").innerText();
  const broken = TEXT.replace("pause c1 for 20s", "pase c1 for 20s").replace("c2 write x 2", "c7 write x 2");
  await (await script(page)).fill(broken);
  const wrongs = page.getByRole("status").getByRole("listitem");
  await wrongs.nth(1).waitFor();
  const said = (await wrongs.allInnerTexts()).join("\n");
  const line = (word) => broken.split("\n").findIndex((each) => each.includes(word)) + 1;
  assert.match(said, new RegExp(`line ${line("pase")}[^]*pase[^]*pause`), said);
  assert.match(said, new RegExp(`line ${line("c7")}[^]*c7`), said);
  assert.deepEqual(await shown(page), { step: all, all });
  assert.equal(await property(page, "no-stale-write").innerText(), before);
  assert.equal(await field(page).inputValue(), broken);
  await button(page, "Step back").click();
  assert.equal((await shown(page)).step, all - 1, "the last good run can still be played");
  await field(page).fill(TEXT);
  await wrongs.first().waitFor({ state: "detached" });
});

scene("help is one click away, and changes the one word", { at: AT }, async (page) => {
  await (await script(page)).fill(TEXT.replace("pause c1", "pase c1"));
  await page.getByRole("button", { name: "Use pause" }).click();
  assert.equal(await field(page).inputValue(), TEXT);
});

scene("what was typed is there after a reload, and the original can be had back", { at: AT }, async (page) => {
  const mine = `${TEXT}# mine: ä, “quotes”, 日本\n`;
  await (await script(page)).fill(mine);
  await page.getByText(/draft|Line \d+/).first().waitFor();
  await page.reload();
  assert.equal(await (await script(page)).inputValue(), mine);
  await button(page, "Back to the original").click();
  assert.equal(await field(page).inputValue(), TEXT);
  await page.reload();
  assert.equal(await (await script(page)).inputValue(), TEXT);
});

scene("a broken draft is there after a reload, beside a run of the original", { at: AT }, async (page) => {
  await (await script(page)).fill("lab lease\nat 1s crsh c1\n");
  await page.getByRole("status").getByRole("listitem").first().waitFor();
  await page.reload();
  const all = await computed(page);
  assert.ok(all > 10, "the original runs");
  assert.equal(await (await script(page)).inputValue(), "lab lease\nat 1s crsh c1\n");
});

scene("switching a flaw off is an edit of the text, and can be undone", { at: AT }, async (page) => {
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  await page.getByRole("switch", { name: /^no-fencing/ }).uncheck({ force: true });
  const without = await (await script(page)).inputValue();
  assert.equal(without, TEXT.replace(/^flaw.*\n/m, ""), "every other byte is as it was");
  await end(page);
  assert.match(await property(page, "no-stale-write").innerText(), /holds/);
  await button(page, "Undo").click();
  assert.equal(await field(page).inputValue(), TEXT);
});

scene("another seed is an edit of the text, too", { at: AT }, async (page) => {
  const editor = await script(page);
  await button(page, "Seed 7").click();
  assert.equal(await editor.inputValue(), TEXT.replace(/^seed( +)7$/m, "seed$18"));
});

scene("a text as long as the language allows does not freeze the page", { at: AT }, async (page) => {
  const editor = await script(page);
  const long = TEXT + "# a comment that only takes room, again and again\n".repeat(2_000);
  await editor.fill(long);
  assert.equal(await editor.inputValue(), long);
  await end(page);
});
