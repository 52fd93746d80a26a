// The run in words: as a table to read, and aloud step by step.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { scene } from "./harness.mjs";
import { LONG, at, button, computed, end, field, focused, prediction, script, shown, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const transcript = (page) => page.getByRole("dialog", { name: "Transcript" });
const rows = (page) => transcript(page).getByRole("row");
/** The row of an event. */
const row = (page, number) => transcript(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name: String(number), exact: true }) });
const now = (page) => transcript(page).locator("[aria-current=step]").getByRole("rowheader").innerText().then(Number);
const narrator = (page) => page.getByRole("status", { name: "What happens" });

async function open(page) {
  await button(page, "Transcript").click();
  await transcript(page).waitFor();
}

scene("the transcript tells every event, and leads to each", { at: AT, depth: "watch" }, async (page) => {
  const all = await end(page);
  await open(page);
  await transcript(page).getByRole("table", { name: "The run in words" }).waitFor();
  assert.deepEqual(await transcript(page).getByRole("columnheader").allInnerTexts(), ["Event", "Time", "What happened"]);
  assert.deepEqual(await transcript(page).getByRole("rowheader").allInnerTexts(), Array.from({ length: all }, (_, number) => String(number + 1)));
  assert.equal(await now(page), all);
  assert.match(await rows(page).filter({ hasText: "VIOLATED no-stale-write" }).innerText(), /c1.*c2|c2.*c1/s);
  for (const [, words] of text("lease", "no-fencing").matchAll(/^.* say "(.+)"$/gm)) {
    await transcript(page).getByText(words.replaceAll("`", "")).waitFor();
  }
  await row(page, 5).getByRole("button").click();
  await at(page, 5);
  assert.equal(await now(page), 5);
  // By keyboard: up and down from event to event, and Enter goes there. What the run does is seen beside it.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await at(page, 5);
  await page.keyboard.press("Enter");
  await at(page, 7);
  assert.equal(await now(page), 7);
  // A step of the run moves the mark.
  await page.keyboard.press("ArrowRight");
  await at(page, 8);
  assert.equal(await now(page), 8);
  await page.keyboard.press("Escape");
  await transcript(page).waitFor({ state: "detached" });
  assert.equal(await focused(page), "Transcript");
  await page.keyboard.press("r");
  await transcript(page).waitFor();
  assert.equal(await focused(page), "Transcript");
});

scene("it can be saved, and tells what the page tells", { at: "#/raft/figure-8" }, async (page) => {
  const all = await end(page);
  await open(page);
  const [told] = await Promise.all([
    page.waitForEvent("download"),
    transcript(page).getByRole("button", { name: "Save as text" }).click(),
  ]);
  assert.equal(told.suggestedFilename(), "figure-8-transcript.txt");
  const saved = readFileSync(await told.path(), "utf8");
  const lines = saved.split("\n");
  const events = lines.filter((line) => /^ *\d+ {2}/.test(line));
  assert.equal(events.length, all);
  assert.deepEqual(events.map((line) => Number.parseInt(line, 10)), Array.from({ length: all }, (_, number) => number + 1));
  await transcript(page).getByText("figure-8-transcript.txt is in your downloads.").waitFor();
  // The page says of every tenth event what the text says.
  await page.keyboard.press("Home");
  await row(page, 1).waitFor();
  for (let number = 10; number <= Math.min(all, 200); number += 10) {
    const words = await row(page, number).getByRole("button").innerText();
    assert.ok(events[number - 1].endsWith(words), `${events[number - 1]} | ${words}`);
  }
});

scene("it can be copied", { at: AT, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  const all = await end(page);
  await open(page);
  await transcript(page).getByRole("button", { name: "Copy" }).click();
  await transcript(page).getByText("The transcript is copied.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, new RegExp(`^A paused holder overwrites a newer value\\n.*, seed 7, ${all} events\\n\\n`));
  assert.match(copied, /VIOLATED no-stale-write/);
});

scene("a hundred thousand events cost what a page of them costs", { at: AT }, async (page) => {
  await script(page);
  await field(page).fill(LONG);
  await page.getByText(/^event \d+ of 1\d{5}$/).waitFor({ timeout: 120_000 });
  const { all } = await shown(page);
  assert.ok(all > 100_000);
  await open(page);
  assert.equal(await transcript(page).getByRole("rowheader").count(), 200);
  await page.getByRole("slider", { name: "Time" }).press("End");
  await at(page, all);
  await row(page, all).waitFor();
  assert.equal(await now(page), all);
  assert.ok((await transcript(page).getByRole("rowheader").count()) <= 200);
  await transcript(page).getByRole("button", { name: "Earlier" }).click();
  const first = Math.floor((all - 1) / 200) * 200;
  await row(page, first).waitFor();
  await row(page, first - 60).getByRole("button").click();
  await at(page, first - 60);
  await transcript(page).getByRole("button", { name: "Later" }).click();
  await row(page, all).waitFor();
  await transcript(page).getByRole("button", { name: "To now" }).click();
  assert.equal(await now(page), first - 60);
  const [told] = await Promise.all([
    page.waitForEvent("download", { timeout: 60_000 }),
    transcript(page).getByRole("button", { name: "Save as text" }).click(),
  ]);
  const saved = readFileSync(await told.path(), "utf8");
  assert.match(saved.trimEnd().split("\n").at(-1), new RegExp(`^ *${all} `));
});

scene("what comes after an open question is not told", { at: AT }, async (page) => {
  await computed(page);
  await page.keyboard.press(".");
  await button(page, "Play").click();
  await prediction(page).waitFor();
  const { step, all } = await shown(page);
  await open(page);
  await transcript(page).getByText("A question is open").waitFor();
  assert.equal(await transcript(page).getByRole("rowheader").count(), step);
  assert.equal(await transcript(page).getByText("VIOLATED").count(), 0);
  await prediction(page).getByRole("button", { name: /^1/ }).click();
  await row(page, all).waitFor();
});

/** Everything that the narrator says from now on. */
async function hear(page) {
  await narrator(page).evaluate((region) => {
    globalThis.heard = [];
    new MutationObserver(() => globalThis.heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => globalThis.heard);
}

scene("step by step every event is told aloud", { at: AT }, async (page) => {
  await computed(page);
  for (let step = 1; step <= 4; step += 1) {
    await page.keyboard.press("ArrowRight");
    await narrator(page).filter({ hasText: new RegExp(`^Event ${step}, at \\d+\\.\\d{3} s: `) }).waitFor();
  }
  await page.keyboard.press("Home");
  await narrator(page).filter({ hasText: /^The start of the run\./ }).waitFor();
  // What the scenario says at an event is told with it.
  const said = /^when c1 checked-lease +say "(.+)"$/m.exec(text("lease", "no-fencing"))?.[1];
  if (said) {
    for (let steps = 0; steps < 8; steps += 1) await page.keyboard.press("ArrowRight");
    await narrator(page).filter({ hasText: /^Event 8/ }).waitFor();
  }
  // Whoever holds a key down hears where they come to.
  const heard = await hear(page);
  for (let steps = 0; steps < 12; steps += 1) await page.keyboard.down("ArrowRight");
  await page.keyboard.up("ArrowRight");
  const { step } = await shown(page);
  await narrator(page).filter({ hasText: new RegExp(`^Event ${step}, `) }).waitFor();
  assert.ok((await heard()).length <= 12);
});

scene("while time goes on, only what the scenario says is told, and a violation once", { at: AT }, async (page) => {
  await computed(page);
  await page.getByRole("tab", { name: "Lesson" }).click();
  await page.getByLabel("Ask me first").uncheck();
  const heard = await hear(page);
  await page.getByLabel("Speed").selectOption("By event, fast");
  await button(page, "Play").click();
  await page.locator(".flag.now").waitFor({ timeout: 60_000 });
  await button(page, "Play").waitFor();
  const { step } = await shown(page);
  await narrator(page).filter({ hasText: new RegExp(`^Event ${step}, `) }).waitFor();
  const captions = [...text("lease", "no-fencing").matchAll(/ say "(.+)"$/gm)].map(([, words]) => words.replaceAll("`", ""));
  assert.ok(captions.length > 1);
  const told = (await heard()).filter((words) => !words.startsWith("Event ") && words);
  assert.ok(told.length > 0, "nothing was told");
  for (const words of told) assert.ok(captions.includes(words), `while it played it said: ${words}`);
  // The last is where it stopped.
  assert.equal((await heard()).filter((words) => words.startsWith("Event ")).length, 1);
  assert.equal(await page.getByRole("alert").filter({ hasText: "Go to where it fell" }).count(), 1);
  assert.equal(await page.getByRole("alert").count(), 1, "one voice tells of the violation");
});
