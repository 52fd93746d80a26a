// Questions: one after the other, answered by nothing but an answer, and the keyboard goes where they lead.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { at, button, computed, end, focused, playhead, prediction, script, shown } from "./words.mjs";

const AT = "#/lease/no-fencing";

const answered = (page) => prediction(page).getByRole("button", { disabled: true }).count();

scene("a question takes nothing from somebody who types", { at: AT }, async (page) => {
  const field = await script(page);
  await computed(page);
  await page.getByLabel("Speed").selectOption("100 × real time");
  await button(page, "Play").click();
  await field.press("ControlOrMeta+End");
  let typed = "";
  while ((await prediction(page).count()) === 0 || typed.length < 20) {
    await page.keyboard.type("# ");
    typed += "# ";
  }
  await page.keyboard.type("1 \n");
  assert.ok((await field.inputValue()).endsWith(`${typed}1 \n`), "every letter is in the text");
  assert.equal(await answered(page), 0);
});

scene("a key that was meant for playback answers no question", { at: AT, reducedMotion: "reduce" }, async (page) => {
  await computed(page);
  await page.getByLabel("Speed").selectOption("By event, fast");
  await button(page, "Play").click();
  await prediction(page).waitFor();
  for (const key of ["Space", "Space", "Enter"]) await page.keyboard.press(key);
  assert.equal(await answered(page), 0, "Space meant a pause");
  const asked = (await shown(page)).step;
  await page.keyboard.press("ArrowLeft");
  await at(page, asked - 1);
  assert.match(await focused(page), /^Play$/, "who leaves a question is at playback");
  await button(page, "Step forward").focus();
  for (let times = 0; times < 4; times += 1) await page.keyboard.press("Enter");
  await prediction(page).waitFor();
  assert.equal(await answered(page), 0, "Enter meant steps");
  await at(page, asked);
});

const TWO = `lab lww
nodes 2
clients 1
network latency 0ms..0ms
at 1s c1 write x 1 at n1
then ask "first?" "a" * | "b" if n1.versions.x = 9
then ask "second?" "c" * | "d" if n1.versions.x = 9
`;

scene("two questions of one moment come one after the other, and then the run goes on", { at: "#/lww/tie" }, async (page) => {
  await (await script(page)).fill(TWO);
  const all = await computed(page);
  await page.getByLabel("Speed").selectOption("100 × real time");
  await button(page, "Play").click();
  await prediction(page).getByText("first?").waitFor();
  const asked = (await shown(page)).step;
  assert.ok(asked < all, "something is left to happen, at the same instant");
  await prediction(page).getByRole("button", { name: /^a/ }).click();
  await prediction(page).getByText("✓ your answer, right").waitFor();
  assert.equal(await focused(page), "Next question");
  await page.keyboard.press("Enter");
  await prediction(page).getByText("second?").waitFor();
  await prediction(page).getByRole("button", { name: /^c/ }).click();
  assert.equal(await focused(page), "See it happen");
  // So slow that a run which began anew would take half a minute.
  await page.getByLabel("Speed").selectOption("1/20 of real time");
  await button(page, "See it happen").press("Enter");
  await page.waitForFunction((all) => document.querySelector("[role=slider]").ariaValueNow === `${all}`, all, { timeout: 2_000 });
  assert.match(await focused(page), /^(Play|Pause)$/);
});

scene("the keyboard keeps a place when its place goes", { at: "" }, async (page) => {
  await page.getByRole("link", { name: "Start with the first" }).focus();
  await page.keyboard.press("Enter");
  await computed(page);
  assert.match(await focused(page), /paused/i, "the title of the scenario");
  await page.goto(`${page.url().split("#")[0]}${AT}`);
  await end(page);
  await button(page, "Step forward").focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "Step forward", "at the end, too");
  await page.getByRole("region", { name: "Properties" }).getByRole("alert").locator(".causes").getByRole("button").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "Time");
  const field = await script(page);
  await field.fill((await field.inputValue()).replace("pause c1", "pase c1"));
  await page.getByRole("button", { name: "Use pause" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "Scenario");
  const caret = await field.evaluate((field) => readField(field).slice(0, caretOf(field)));
  assert.match(caret, /pau(se)?$/, "behind the word that was mended");
  await page.goBack();
});

scene("the playhead takes its own keys and leaves the others to the page", { at: AT }, async (page) => {
  const all = await computed(page);
  const box = await playhead(page).boundingBox();
  await page.mouse.click(box.x + box.width * 0.3, box.y + box.height / 2);
  assert.equal(await focused(page), "Time");
  await page.keyboard.press("v");
  await page.locator(".flag.now").waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press(".");
  assert.equal(await page.getByLabel("Speed").inputValue(), "By event, fast");
  await page.keyboard.press("Space");
  await button(page, "Pause").waitFor();
  await page.keyboard.press("Space");
  await button(page, "Play").waitFor();
  await page.keyboard.press("End");
  await at(page, all);
  // At the end, playing begins anew at once.
  await page.keyboard.press("Space");
  await page.waitForFunction((all) => document.querySelector("[role=slider]").ariaValueNow < all, all, { timeout: 500 });
});
