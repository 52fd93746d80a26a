// When something is missing or breaks: a sentence, and no lost text.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { computed, depth, end, field, script, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");
const MINE = `${TEXT}# typed a moment ago\n`;

const sentence = (page) => page.getByRole("alert").filter({ hasText: /\w/ }).first();

scene("where storage is switched off, the page works and says that it keeps nothing", {
  at: AT,
  before: () => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("Access is denied.", "SecurityError");
      },
    });
  },
}, async (page) => {
  await end(page);
  await depth(page, "Build");
  await (await script(page)).fill(MINE);
  await page.getByText(/does not keep what you type/).waitFor();
  assert.equal(await field(page).inputValue(), MINE);
});

scene("where storage is full, the page works and says that it keeps nothing", {
  at: AT,
  before: () => {
    Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  },
}, async (page) => {
  await (await script(page)).fill(MINE);
  await page.getByText(/does not keep what you type/).waitFor();
  await end(page);
});

scene("where storage holds nonsense, the page shows it and runs the original", {
  at: AT,
  before: () => {
    for (const key of ["splitbrain.draft.lease.no-fencing", "splitbrain.theme"]) localStorage.setItem(key, "{nonsense");
  },
}, async (page) => {
  await end(page);
  assert.equal(await (await script(page)).inputValue(), "{nonsense");
  await page.getByRole("status").getByRole("listitem").first().waitFor();
  await page.getByRole("button", { name: "Back to the original" }).click();
  assert.equal(await field(page).inputValue(), TEXT);
});

scene("where there is no WebAssembly, a sentence says so", {
  at: AT,
  complains: true,
  before: () => delete globalThis.WebAssembly,
}, async (page) => {
  await sentence(page).waitFor();
  assert.match(await sentence(page).innerText(), /no WebAssembly/);
});

scene("where the program does not arrive, a sentence says so", {
  at: AT,
  complains: true,
  routes: (page) => page.route("**/*.wasm", (route) => route.abort()),
}, async (page) => {
  await sentence(page).waitFor();
  assert.match(await sentence(page).innerText(), /did not load/);
  assert.ok(await page.getByRole("link", { name: "Load the page again" }).isVisible());
});

scene("where the program arrives damaged, a sentence says so", {
  at: AT,
  complains: true,
  routes: (page) =>
    page.route("**/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "no program at all" })),
}, async (page) => {
  await sentence(page).waitFor();
  assert.match(await sentence(page).innerText(), /did not load/);
});

scene("where scripts are switched off, a sentence says so", { complains: true, javaScriptEnabled: false }, async (page) => {
  assert.match(await page.locator("body").innerText(), /allow JavaScript/);
});

scene("when the program panics, a sentence says so and gives back the text", { at: AT, complains: true }, async (page) => {
  await (await script(page)).fill(MINE);
  await computed(page);
  await page.evaluate(() => window.dispatchEvent(new Event("splitbrain-fail")));
  await sentence(page).waitFor();
  assert.match(await sentence(page).innerText(), /stopped because of a mistake of its own/);
  assert.equal(await page.getByRole("textbox", { name: "Your text, to copy" }).inputValue(), MINE);
  await page.reload();
  assert.equal(await (await script(page)).inputValue(), MINE, "the draft was kept, too");
});

scene("a page in the middle of a long run hears what a person does", { at: AT }, async (page) => {
  await (await script(page)).fill("lab lease\nclients 8\nevery 1ms from 0s until 1h c1 write x 1\n");
  await page.getByText(/^event \d+ of \d+…$/).waitFor();
  await page.getByRole("tab", { name: "Lesson" }).click();
  await page.getByRole("tab", { name: "Lesson", selected: true }).waitFor();
  assert.equal(await page.getByText(/^event \d+ of \d+…$/).count(), 1, "the run was over before the click was heard");
});
