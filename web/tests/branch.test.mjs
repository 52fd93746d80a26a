// What if: branches that an act in the past opens, and two runs side by side on one playhead.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { at, button, computed, end, field, script, shown, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");
const tree = (page) => page.getByRole("region", { name: "Branches" });
const branch = (page, name) => tree(page).getByRole("button", { name: new RegExp(`^Branch: ${name}`) });
const against = (page) => page.getByRole("combobox", { name: "Compare with" });
const other = (page) => page.getByRole("region", { name: "Stage of the other run" });

/** Goes to this event by keyboard. */
async function go(page, step) {
  await computed(page);
  await page.getByRole("slider", { name: "Time", exact: true }).press("Home");
  for (let n = 1; n <= step; n += 1) await button(page, "Step forward").click();
  await at(page, step);
}

/** Waits until the text is this. */
async function holds(page, is) {
  for (let tries = 0; tries < 40; tries += 1) {
    if (is(await field(page).inputValue())) return;
    await page.waitForTimeout(50);
  }
  assert.fail(await field(page).inputValue());
}

/** Crashes this node by hand. */
async function crash(page, name) {
  await page.getByRole("region", { name: "Stage" }).getByRole("button", { name: new RegExp(`^${name}, `) }).first().click();
  await page.getByRole("menuitem", { name: /^Crash/ }).click();
  await page.getByText(/crashes at/).waitFor();
}

scene("an act in the past opens a branch, and the run as it was stays", { at: AT }, async (page) => {
  await go(page, 4);
  assert.equal(await tree(page).count(), 0);
  await crash(page, "store");
  await page.getByText("The run as it was is kept.").waitFor();
  assert.equal(await branch(page, "").count(), 2);
  assert.equal(await branch(page, "store crashes").getAttribute("aria-pressed"), "true");
  await branch(page, "As written").click();
  await script(page);
  await holds(page, (now) => now === TEXT);
  await branch(page, "store crashes").click();
  await holds(page, (now) => now !== TEXT && now.includes("crash store"));
});

scene("undo takes the branch back with its line, and redo brings both again", { at: AT }, async (page) => {
  await go(page, 4);
  await crash(page, "store");
  await page.keyboard.press("ControlOrMeta+z");
  await tree(page).waitFor({ state: "detached" });
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await branch(page, "store crashes").waitFor();
  await branch(page, "As written").click();
  await script(page);
  await holds(page, (now) => now === TEXT);
});

scene("a branch is named, kept after a reload, and deleted", { at: AT }, async (page) => {
  await go(page, 4);
  await page.keyboard.press("b");
  const name = page.getByRole("textbox", { name: "Name of the branch" });
  await name.fill("Without the store");
  await name.press("Enter");
  await branch(page, "Without the store").waitFor();
  await page.reload();
  await branch(page, "Without the store").waitFor();
  assert.equal(await branch(page, "Without the store").getAttribute("aria-pressed"), "true");
  await button(page, "Delete Without the store").click();
  await tree(page).waitFor({ state: "detached" });
  await page.reload();
  await computed(page);
  assert.equal(await tree(page).count(), 0);
});

scene("each branch ends in its own verdict", { at: AT }, async (page) => {
  await go(page, 4);
  await crash(page, "c1");
  await branch(page, "As written, .*a promise is broken").waitFor();
  await branch(page, "c1 crashes.*no promise is broken").waitFor();
});

scene("with and without a flaw, side by side, and one click to the first difference", { at: AT }, async (page) => {
  await end(page);
  await button(page, "Compare").click();
  await against(page).selectOption({ label: "Without no-fencing" });
  await other(page).waitFor();
  await page.getByRole("heading", { name: "With no-fencing" }).waitFor();
  await other(page).getByText("No promise is broken.").waitFor();
  await button(page, "To the first difference").click();
  const { step } = await shown(page);
  assert.ok(step > 3 && step < (await shown(page)).all, `${step}`);
  // One event before it, both sides are the same in everything that they show.
  await button(page, "Step back").click();
  await at(page, step - 1);
  const words = (region) => region.locator(".nodes").allInnerTexts();
  assert.deepEqual(await words(page.getByRole("region", { name: "Stage", exact: true })), await words(other(page)));
  await button(page, "Stop comparing").click();
  await other(page).waitFor({ state: "detached" });
});

scene("a branch is compared with another one, two modes with each other", { at: AT }, async (page) => {
  await go(page, 4);
  await crash(page, "store");
  await tree(page).getByRole("button", { name: "Compare with As written" }).click();
  await other(page).getByRole("heading", { name: "As written" }).waitFor();
  await page.getByText(/^The same until/).waitFor();
  await against(page).selectOption({ label: "set checks 1" }).catch(() => {});
  await button(page, "Stop comparing").click();
});

scene("on a phone nothing of a comparison is wider than the page", { at: AT, viewport: { width: 390, height: 844 } }, async (page) => {
  await end(page);
  await button(page, "Compare").click();
  await against(page).selectOption({ label: "Without no-fencing" });
  await page.getByText(/^The same until/).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  const words = await page.getByText(/^The same until/).boundingBox();
  assert.ok(words.width > 300, `${words.width} of 390 for the words`);
});

scene("two modes of a lab on the same seed", { at: "#/commit_wait/writer-waits" }, async (page) => {
  await end(page);
  await button(page, "Compare").click();
  await against(page).selectOption({ label: "set clock hlc" });
  await other(page).getByRole("heading", { name: "clock hlc" }).waitFor();
  await button(page, "To the first difference").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing in branches and comparing, ${colorScheme}`, { at: AT, colorScheme }, async (page) => {
    await go(page, 4);
    await crash(page, "store");
    const clean = async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    };
    await clean();
    await tree(page).getByRole("button", { name: "Compare with As written" }).click();
    await other(page).waitFor();
    await clean();
    await button(page, "Stop comparing").click();
    await button(page, "Share").click();
    await page.getByRole("dialog").waitFor();
    await clean();
  });
}
