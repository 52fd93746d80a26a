// How much of the instrument is shown: a newcomer watches, and whoever wants more has it at one click.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { depth, end, script, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const tabs = (page) => page.getByRole("tab").allInnerTexts();
const WINGS = /labs\/(language|explore|inspector|settings|build)-\w+\.wasm/;
const wings = (log) => log.asked.map((url) => url.match(WINGS)?.[1]).filter(Boolean).sort();

scene("a newcomer sees stage, lesson and playback, and nothing is fetched for more", { at: AT, depth: "" }, async (page, log) => {
  await end(page);
  assert.equal(await page.getByRole("radio", { name: "Watch" }).isChecked(), true);
  assert.deepEqual(await tabs(page), ["Lesson"]);
  assert.equal(await page.getByRole("region", { name: "Stage" }).count(), 1);
  assert.deepEqual(wings(log), []);
});

scene("each depth adds its panels, is fetched once, and is there after a reload", { at: AT, depth: "" }, async (page, log) => {
  await end(page);
  await depth(page, "Explore");
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  await page.getByText("no-fencing").first().waitFor();
  await depth(page, "Build");
  const field = await script(page);
  assert.equal(await field.inputValue(), text("lease", "no-fencing"));
  await depth(page, "Watch");
  assert.deepEqual(await tabs(page), ["Lesson"]);
  await depth(page, "Build");
  await field.waitFor();
  assert.deepEqual(wings(log), ["build", "explore", "language", "settings"]);
  await page.reload();
  await page.getByRole("tab", { name: "Script" }).waitFor();
  assert.equal(await page.getByRole("radio", { name: "Build" }).isChecked(), true);
});

scene("what a panel alone needs comes when it is opened, and what reads texts with that which changes them", { at: AT, depth: "" }, async (page, log) => {
  await end(page);
  await depth(page, "Explore");
  await page.getByRole("region", { name: "Space-time diagram" }).waitFor();
  assert.deepEqual(wings(log), ["explore"]);
  await page.getByRole("tab", { name: "Inspector" }).click();
  await page.getByRole("region", { name: "Inspector" }).waitFor();
  assert.deepEqual(wings(log), ["explore", "inspector"]);
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  await page.getByRole("switch").first().waitFor();
  assert.deepEqual(wings(log), ["explore", "inspector", "language", "settings"]);
});

scene("who watches what they have changed gets what reads texts, and the original until then", {
  at: AT,
  depth: "",
  complains: true,
}, async (page, log) => {
  await end(page);
  await depth(page, "Build");
  const mine = text("lease", "no-fencing").replace(/^title .*$/m, "title    A lease of my own");
  await (await script(page)).fill(mine);
  const title = page.getByRole("navigation", { name: "Where you are" });
  await title.getByText("A lease of my own").waitFor();
  await depth(page, "Watch");
  let open = false;
  await page.route(/labs\/language-/, (route) => (open ? route.continue() : route.abort()));
  log.asked.length = 0;
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: "could not be fetched" });
  await alert.waitFor();
  await title.getByText("A lease of my own").waitFor({ state: "detached" });
  open = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await title.getByText("A lease of my own").waitFor();
  assert.equal(await alert.count(), 0);
  assert.deepEqual([...new Set(wings(log))], ["language"], "and nothing else");
});

scene("the keys 1, 2 and 3 choose a depth", { at: AT, depth: "" }, async (page) => {
  await end(page);
  await page.keyboard.press("3");
  await page.getByRole("tab", { name: "Script" }).waitFor();
  await page.keyboard.press("2");
  await page.getByRole("tab", { name: "Script" }).waitFor({ state: "detached" });
  await page.keyboard.press("1");
  await page.getByRole("tab", { name: "Flaws and knobs" }).waitFor({ state: "detached" });
});

scene("after a choice the keys are the page's again", { at: AT, depth: "" }, async (page) => {
  await end(page);
  await page.keyboard.press("Home");
  await depth(page, "Explore");
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await page.keyboard.press("3");
  await page.getByRole("tab", { name: "Script" }).waitFor();
});

let refuse = true;
scene("a part of the page that does not arrive can be asked for again", {
  at: AT,
  depth: "",
  complains: true,
  routes: (page) => page.route(/labs\/explore-/, (route) => (refuse ? route.abort() : route.continue())),
}, async (page) => {
  await end(page);
  await depth(page, "Explore");
  const alert = page.getByRole("alert").filter({ hasText: "could not be fetched" });
  assert.match(await alert.innerText(), /A part of the page could not be fetched .*Check the connection/);
  refuse = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  await page.getByText("no-fencing").first().waitFor();
  assert.equal(await alert.count(), 0);
});
