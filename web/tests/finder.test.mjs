// Find a failure: a scenario without its faults is played on many seeds with others, until a promise is broken. What is found
// opens as a branch, at the event in which it happens.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { button, computed, property, script, shown } from "./words.mjs";

const search = (page) => page.getByRole("group", { name: "Search" });

/** Waits until something is so that the page itself does not show. */
async function until(is) {
  for (let times = 0; !is(); times += 1) {
    assert.ok(times < 200, "it never came to be");
    await new Promise((go) => setTimeout(go, 50));
  }
}

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
  await button(page, "Share the finding").click();
  await page.getByRole("dialog", { name: "Share and keep" }).waitFor();
  await page.waitForFunction(() => /#\/s\/1.*step=/.test(document.querySelector(".share input").value));
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
  await search(page).getByText(/[1-9]\S* seeds tried, .* events, (one worker|[2-4] workers) at work: nothing yet/).waitFor();
  const processors = await page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(page.workers().length, Math.min(processors, 4), "one a processor, four at most");
  await button(page, "Stop").click();
  await search(page).waitFor({ state: "detached" });
  await until(() => page.workers().length === 0);
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
});

scene("a worker that dies is replaced, and what it was at is told", { at: "#/raft/first-election", complains: true }, async (page) => {
  await find(page);
  await search(page).getByText(/[1-9]\S* seeds tried/).waitFor();
  const [worker] = page.workers();
  const count = page.workers().length;
  // What a mistake in the program does to a worker.
  await worker.evaluate(() => void setTimeout(() => { throw Error("it was asked to fail"); }));
  await search(page).getByText(/A worker stopped at seed \d+; another one begins there again\./).waitFor();
  await until(() => page.workers().length === count && !page.workers().includes(worker));
  await search(page).getByText(/at work: nothing yet/).waitFor();
});

scene("the lines that a finding hangs on are named", { at: "#/lease/never-looks" }, async (page) => {
  await find(page);
  await search(page).getByText(/the branch that has opened shows it/).waitFor({ timeout: 30_000 });
  const lines = await search(page).getByRole("listitem").allTextContents();
  const count = (await search(page).getByRole("status").textContent()).match(/hangs on (\d+) lines/)[1];
  assert.equal(lines.length, Number(count));
  const text = await (await script(page)).evaluate((field) => readField(field));
  for (const line of lines) assert.ok(text.split("\n").includes(line), `${line} in ${text}`);
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing in a search, ${colorScheme}`, { at: "#/lease/never-looks", colorScheme }, async (page) => {
    await find(page);
    const { violations } = await new AxeBuilder({ page }).include(".finder").analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  });
}
