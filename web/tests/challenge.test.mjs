// Predictions that can be switched off and are counted, and challenges that the judge grades.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { button, cards, computed, end, field, prediction, script, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");
const challenge = (page, words) => page.locator(".challenges li").filter({ hasText: words });
const lesson = (page) => page.getByRole("tab", { name: "Lesson" }).click();

scene("questions can be switched off, and stay so", { at: AT, depth: "" }, async (page) => {
  await computed(page);
  await page.getByRole("checkbox", { name: "Ask me first" }).uncheck();
  await page.reload();
  await computed(page);
  assert.equal(await page.getByRole("checkbox", { name: "Ask me first" }).isChecked(), false);
  await page.getByRole("combobox", { name: /speed/i }).selectOption("20 × real time");
  await button(page, "Play").click();
  await page.locator(".flag").filter({ hasText: "is violated" }).waitFor();
  assert.equal(await prediction(page).count(), 0);
});

scene("a prediction is counted once, whatever is answered later", { at: AT, depth: "" }, async (page) => {
  await computed(page);
  await page.getByRole("combobox", { name: /speed/i }).selectOption("20 × real time");
  await button(page, "Play").click();
  await prediction(page).getByRole("button", { name: /2, the newer one/ }).click();
  await page.getByText("0 of 1 predictions right so far").waitFor();
  await page.reload();
  await page.getByText("0 of 1 predictions right so far").waitFor();
  await page.getByRole("combobox", { name: /speed/i }).selectOption("20 × real time");
  await button(page, "Play").click();
  await prediction(page).getByRole("button", { name: /1, the old write/ }).click();
  await prediction(page).getByText("your answer, right").waitFor();
  await page.getByText("0 of 1 predictions right so far").waitFor();
});

scene("to mend a scenario: what is broken, in how many lines, and what the clients ask for", { at: AT }, async (page) => {
  await end(page);
  await page.locator(".challenges summary").click();
  await challenge(page, "Mend it").getByText("Nothing is changed yet.").waitFor();
  const editor = await script(page);
  await editor.fill(TEXT.replace(/^.*c1 write.*$/m, "").replace(/^flaw .*$/m, ""));
  await lesson(page);
  await page.locator(".challenges summary").click();
  await challenge(page, "Mend it").getByText("A request of a client is missing.").waitFor();
  await script(page);
  await field(page).fill(TEXT.replace(/^flaw .*$/m, ""));
  await lesson(page);
  await page.locator(".challenges summary").click();
  await challenge(page, "Mend it").getByText("Done.").waitFor();
  await page.reload();
  await page.locator(".challenges summary").click();
  await challenge(page, "Mend it").getByText("Done.").waitFor();
});

scene("a text with mistakes meets no challenge, nor does a run that ends before anybody asks", { at: AT }, async (page) => {
  await end(page);
  const editor = await script(page);
  await editor.fill("lab lease\nfoo\n");
  await lesson(page);
  await page.locator(".challenges summary").click();
  await challenge(page, "no-stale-write").getByText("The text has mistakes.").waitFor();
  await challenge(page, "Mend it").getByText("The text has mistakes.").waitFor();
  await script(page);
  await field(page).fill(TEXT.replace(/^stop at .*$/m, "").concat("stop at 50ms\n"));
  await lesson(page);
  await page.locator(".challenges summary").click();
  await challenge(page, "Mend it").getByText("A request of a client is missing.").waitFor();
  await page.getByText("0 of 6 done").waitFor();
});

scene("to break a promise with few lines of one's own", { at: AT }, async (page) => {
  await end(page);
  await page.locator(".challenges summary").click();
  const broken = challenge(page, "no-stale-write");
  await broken.getByText("In a scenario of your own.").waitFor();
  await script(page);
  await button(page, "New scenario").click();
  await page.waitForURL(/#\/draft\/1$/);
  await field(page).fill(TEXT);
  await lesson(page);
  await page.locator(".challenges summary").click();
  await broken.getByText(/^(Done\.|Broken, in \d+ lines\.)$/).waitFor();
});

scene("one scenario plays at once on the start page, and stands still where motion is not wanted", { at: "" }, async (page) => {
  const picture = page.locator(".hero-stage");
  await picture.getByText(/^\d+\.\d+ s$/).waitFor();
  const time = () => picture.locator(".cap-t").innerText();
  const before = await time();
  await page.waitForFunction((before) => document.querySelector(".hero-stage .cap-t").innerText !== before, before);
  await button(page, "Pause the picture").click();
  await page.waitForTimeout(200);
  const stands = await time();
  await page.waitForTimeout(600);
  assert.equal(await time(), stands);
  await page.getByRole("link", { name: "Play this one" }).click();
  await computed(page);
});

scene("where no motion is wanted, the picture stands still", { at: "", reducedMotion: "reduce" }, async (page) => {
  const picture = page.locator(".hero-stage");
  await picture.getByText(/^\d+\.\d+ s$/).waitFor();
  const before = await picture.locator(".cap-t").innerText();
  await page.waitForTimeout(800);
  assert.equal(await picture.locator(".cap-t").innerText(), before);
  assert.equal(await button(page, "Pause the picture").count(), 0);
});

scene("every scenario of the catalog has its picture", { at: "" }, async (page) => {
  await cards(page);
  // A picture comes when its card comes near.
  assert.notEqual(await page.locator(".card use:not([href])").count(), 0);
  for (const card of await page.locator(".card").all()) {
    await card.scrollIntoViewIfNeeded();
    await card.locator("use[href]").waitFor({ state: "attached" });
  }
  const missing = await page.evaluate(async () => {
    const files = {};
    const read = async (file) => new DOMParser().parseFromString(await (await fetch(file)).text(), "image/svg+xml");
    const missing = [];
    for (const use of document.querySelectorAll(".card use")) {
      const [file, id] = use.getAttribute("href").split("#");
      files[file] ??= await read(file);
      if (!files[file].getElementById(id)?.childElementCount || !use.getBBox().width) missing.push(id);
    }
    return missing;
  });
  assert.deepEqual(missing, []);
});
