// Find a failure: a scenario without its faults is played on many seeds with others, until a promise is broken. What is found
// opens as a branch, at the event in which it happens.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { button, computed, property, script, shown } from "./words.mjs";

const search = (page) => page.getByRole("group", { name: "Search" });

async function find(page) {
  await computed(page);
  await button(page, "Find a failure").click();
  await search(page).waitFor();
}

scene("a failure is found, made short, and opened as a branch where it happens", { at: "#/lease/never-looks" }, async (page) => {
  await find(page);
  await search(page).getByText(/effect-under-lease is violated: the branch that has opened shows it/).waitFor({ timeout: 30_000 });
  assert.match(await page.getByRole("textbox", { name: "Name of the branch" }).inputValue(), /^Found: effect-under-lease is violated/);
  await property(page, "effect-under-lease").getByText("violated").waitFor();
  const { step, all } = await shown(page);
  assert.ok(step > 0 && step <= all, `${step} of ${all}`);
  const text = await (await script(page)).evaluate((field) => readField(field));
  assert.match(text, /^expect violation effect-under-lease$/m);
  assert.ok(text.split("\n").filter((line) => line.trim()).length <= 12, text);
});

scene("whoever asks again on the branch that was opened begins another search", { at: "#/lease/never-looks" }, async (page) => {
  await find(page);
  await search(page).getByText(/the branch that has opened shows it/).waitFor({ timeout: 30_000 });
  await button(page, "Find a failure").click();
  // The run as it is written, what was found first, and what was found in that.
  await page.getByRole("region", { name: "Branches" }).getByRole("listitem").nth(2).waitFor({ timeout: 30_000 });
});

scene("a scenario without a flaw keeps its promises, and the search can be stopped at once", { at: "#/raft/first-election" }, async (page) => {
  await find(page);
  await search(page).getByText(/\d seeds tried, .* events: nothing yet/).waitFor({ timeout: 30_000 });
  await button(page, "Stop").click();
  await search(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing in a search, ${colorScheme}`, { at: "#/lease/never-looks", colorScheme }, async (page) => {
    await find(page);
    const { violations } = await new AxeBuilder({ page }).include(".finder").analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  });
}
