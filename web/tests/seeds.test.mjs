// The seed: another one at a click, and what happens on the others.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { end, field, property, script, text } from "./words.mjs";

const seeds = (page) => page.getByRole("group", { name: "Seeds" });

scene("a new seed is a line of the script, and undo takes it back", { at: "#/lease/no-fencing" }, async (page) => {
  await end(page);
  const before = text("lease", "no-fencing");
  const seed = Number(before.match(/^seed\s+(\d+)/m)?.[1] ?? 1);
  await seeds(page).getByText(`Seed ${seed}`, { exact: true }).waitFor();
  await page.getByRole("button", { name: "New seed" }).click();
  await seeds(page).getByText(`Seed ${seed + 1}`, { exact: true }).waitFor();
  const after = await (await script(page)).inputValue();
  assert.match(after, new RegExp(`^seed\\s+${seed + 1}\\b`, "m"));
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await field(page).inputValue(), before);
});

scene("all seeds are played in the background, and counted", { at: "#/lease/no-fencing", depth: "explore" }, async (page) => {
  await seeds(page).getByText("violated in 200 of 200 seeds", { exact: true }).waitFor();
  await page.goto(page.url().replace("lease/no-fencing", "raft/split-vote"));
  await seeds(page).getByText("violated in 0 of 200 seeds", { exact: true }).waitFor();
});

scene("a click goes to another seed on which a property is violated", { at: "#/lease/no-fencing" }, async (page) => {
  await seeds(page).getByText("violated in 200 of 200 seeds", { exact: true }).waitFor();
  const go = seeds(page).getByRole("button", { name: /^To seed/ });
  const [, seed] = (await go.innerText()).match(/(\d+)/);
  await go.click();
  await seeds(page).getByText(`Seed ${seed}`, { exact: true }).waitFor();
  await end(page);
  assert.match(await property(page, "no-stale-write").innerText(), /violated/);
});
