// Charts: curves over the whole run, drawn when somebody asks for them. The cursor moves over them, and a click goes to a time.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { at, button, computed, end, shown } from "./words.mjs";

const ELECTION = "#/raft/leader-crash";
const charts = (page) => page.getByRole("region", { name: "Charts" });
const chart = (page, title) => charts(page).getByRole("img", { name: new RegExp(`^${title}`) });

async function open(page) {
  await computed(page);
  await page.getByRole("tab", { name: "Charts" }).click();
  await charts(page).getByRole("img").first().waitFor();
}

scene("nothing of the charts is fetched before somebody wants them", { at: ELECTION }, async (page, log) => {
  await computed(page);
  const fetched = () => log.asked.filter((file) => /labs\/charts-/.test(file)).length;
  assert.equal(fetched(), 0);
  await open(page);
  // Its code and its style.
  assert.equal(fetched(), 2);
});

scene("terms, commits and messages of a run are curves, with what there is to see in words", { at: ELECTION }, async (page) => {
  await open(page);
  for (const title of ["Terms", "Entries known to be committed", "Messages sent, by kind"]) {
    assert.equal(await chart(page, title).count(), 1, title);
  }
  // Every line has the name of its node beside it, and no name lies on another.
  const names = await chart(page, "Terms").locator("text:not(.frame)").evaluateAll((all) => all.map((text) => ({ name: text.textContent, ...text.getBoundingClientRect().toJSON() })));
  assert.deepEqual(names.map(({ name }) => name).sort(), ["n1", "n2", "n3", "n4", "n5"]);
  const rows = names.map(({ y, height }) => [y, height]).sort((one, two) => one[0] - two[0]);
  rows.slice(1).forEach(([y], nth) => assert.ok(y - rows[nth][0] >= rows[nth][1] * 0.6, `${rows}`));
  assert.match(await charts(page).innerText(), /\d+ were sent, up to \d+ to a column/);
});

scene("the cursor moves over the charts, and a click goes to the time that it points at", { at: ELECTION }, async (page) => {
  await open(page);
  const plot = charts(page).locator(".plot").first();
  const place = async () => (await plot.locator(".ahead").boundingBox()).x;
  const start = await place();
  await end(page);
  const last = await place();
  const box = await plot.boundingBox();
  assert.ok(last - start > box.width * 0.7, `from ${start} to ${last}`);
  const all = await computed(page);
  await plot.click({ position: { x: box.width / 2, y: box.height / 2 } });
  await page.waitForFunction((all) => Number(document.querySelector("[role=slider]").getAttribute("aria-valuenow")) < all, all);
  const there = (await shown(page)).step;
  assert.ok(there > 0 && there < all, `${there} of ${all}`);
  // Time goes from event to event: the last one before the click has happened, and the next one has not.
  const middle = box.x + box.width / 2;
  assert.ok((await place()) <= middle + 3, "what has happened lies before the click");
  await button(page, "Step forward").click();
  await at(page, there + 1);
  assert.ok((await place()) >= middle - 3, "what comes next lies behind it");
});

scene("a run that is another one has other charts", { at: "#/lease/no-fencing" }, async (page) => {
  await open(page);
  const before = await chart(page, "How long operations took").getAttribute("aria-label");
  await button(page, "New seed").click();
  await page.waitForFunction((before) => {
    const now = document.querySelector(".charts svg[aria-label^='How long']");
    return now && now.getAttribute("aria-label") !== before;
  }, before);
});

scene("clocks that drift are lines with bands", { at: "#/commit_wait/lost-time-master" }, async (page) => {
  await open(page);
  assert.equal(await chart(page, "Clocks against true time").count(), 1);
  assert.ok((await chart(page, "Clocks against true time").locator(".area.faint").count()) > 0);
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing in the charts, ${colorScheme}`, { at: ELECTION, colorScheme }, async (page) => {
    await open(page);
    await at(page, 0);
    const { violations } = await new AxeBuilder({ page }).include(".charts").analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  });
}

scene("on a phone the charts fit", { at: ELECTION, viewport: { width: 390, height: 844 } }, async (page) => {
  await open(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} pixels wide`);
});
