// The inspector and the words of a violation: what is chosen is shown field by field, a change is told by mark and word, notes
// stand with their section, and every record that is named is a way to go there.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { LONG, at, button, computed, depth, end, property, script, shown } from "./words.mjs";

const AT = "#/raft/first-election";
const inspector = (page) => page.getByRole("region", { name: "Inspector" });
const node = (page, name) => page.getByRole("region", { name: "Stage" }).getByRole("button", { name: new RegExp(`^${name}, `) });
const table = (page, name) => inspector(page).getByRole("table", { name, exact: true });
const line = (page, title, field) =>
  table(page, title).getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${field}( |$)`) }) });
const value = async (page, title, field) => (await line(page, title, field).getByRole("cell").last().innerText()).trim();

/** Opens the inspector. */
async function open(page) {
  await page.getByRole("tab", { name: /^Inspector/ }).click();
  await inspector(page).waitFor();
}

/** Chooses a node by hand, and closes the menu that opens with it. */
async function choose(page, name) {
  await node(page, name).click();
  await page.keyboard.press("Escape");
  await inspector(page).getByRole("heading", { name: new RegExp(`^${name} `) }).waitFor();
}

/** Goes forward until this is true. */
async function until(page, true_) {
  const all = await computed(page);
  for (let step = (await shown(page)).step + 1; step <= all; step += 1) {
    await button(page, "Step forward").click();
    await at(page, step);
    if (await true_()) return step;
  }
  throw new Error("it never comes");
}

scene("nothing is chosen at first, and the step says what it did", { at: AT }, async (page) => {
  await computed(page);
  await open(page);
  await inspector(page).getByText("Choose a node, a message or an event.").waitFor();
  await button(page, "Step forward").click();
  await at(page, 1);
  assert.match(await inspector(page).innerText(), /This step/);
});

scene("a node: its fields, clocks and log, and what the step has changed", { at: AT }, async (page) => {
  await computed(page);
  await open(page);
  await choose(page, "n2");
  assert.equal(await value(page, "State", "state"), "up");
  for (const field of ["role", "term", "voted-for", "leader", "commit"]) assert.equal(await line(page, "State", field).count(), 1, field);
  for (const clock of ["monotonic", "wall", "error", "drift"]) assert.equal(await line(page, "Clocks", clock).count(), 1, clock);
  assert.equal(await value(page, "State", "term"), "0");
  await until(page, async () => (await line(page, "State", "term").locator(".changed").count()) > 0);
  const changed = line(page, "State", "term");
  // By word, by mark, and with what was before.
  assert.equal(await changed.locator(".changed").innerText(), "changed");
  assert.equal(await changed.locator("del").innerText(), "0");
  assert.equal(await value(page, "State", "term"), "1");
  const before = await changed.locator(".changed").evaluate((word) => getComputedStyle(word, "::before").content);
  assert.match(before, /▸/);
  // What stayed as it was says nothing.
  assert.equal(await line(page, "State", "snapshot").locator(".changed").count(), 0);
  await button(page, "Step back").click();
  await page.waitForFunction(() => document.querySelector(".inspector tbody tr.changed th")?.textContent.startsWith("term") !== true);
  assert.equal(await value(page, "State", "term"), "0");
  // An entry that comes to the log is a line that is new.
  await until(page, async () => (await table(page, "Log").locator("tr.new").count()) > 0);
  assert.match(await table(page, "Log").locator("tr.new").innerText(), /new[\s\S]*term 1/);
});

scene("a node's notes: the step's with their section, and all before", { at: AT }, async (page) => {
  await computed(page);
  await open(page);
  await choose(page, "n2");
  await until(page, async () => (await inspector(page).locator(".notes cite").count()) > 0);
  assert.match(await inspector(page).locator(".notes cite").first().innerText(), /^(Raft|thesis) §\d/);
  const history = inspector(page).getByRole("group", { name: "Notes so far" });
  await end(page);
  await history.getByText("Looking for its notes").waitFor({ state: "detached" });
  const times = (await history.locator(".at").allInnerTexts()).map(Number.parseFloat);
  assert.ok(times.length > 1, `${times.length} notes`);
  assert.deepEqual(times, [...times].sort((a, b) => b - a), "the newest first");
  const oldest = history.getByRole("button").last();
  const all = (await shown(page)).all;
  await oldest.click();
  await page.waitForFunction((all) => Number(document.querySelector("[role=slider]").getAttribute("aria-valuenow")) < all, all);
  await inspector(page).locator(".notes cite").first().waitFor();
});

scene("the keyboard chooses what is looked into", { at: AT }, async (page) => {
  await computed(page);
  await open(page);
  await node(page, "n1").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await inspector(page).getByRole("heading", { name: /^n1 / }).waitFor();
  assert.match(await page.getByRole("tab", { name: /^Inspector/ }).innerText(), /n1/);
});

scene("a message: from, to, when, what it carries, and who sent it", { at: AT }, async (page) => {
  await computed(page);
  await open(page);
  const mark = page.getByRole("region", { name: "Stage" }).getByRole("button", { name: /^append .*from n\d to n\d, arrives/ }).first();
  await until(page, async () => (await mark.count()) > 0);
  const here = (await shown(page)).step;
  await mark.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await table(page, "Message").waitFor();
  for (const name of ["from", "to", "sent at", "arrives at", "state"]) {
    assert.equal(await line(page, "Message", name).count(), 1, name);
  }
  assert.match(await value(page, "Message", "state"), /on its way/);
  assert.ok((await table(page, "Carries").getByRole("rowheader").count()) > 0, "it carries something");
  const sentBy = inspector(page).locator(".whence-sent").getByRole("button");
  await sentBy.click();
  await page.waitForFunction((here) => Number(document.querySelector("[role=slider]").getAttribute("aria-valuenow")) <= here, here);
  // From the message to its ends.
  await line(page, "Message", "to").getByRole("button").click();
  await table(page, "State").waitFor();
});

scene("an event of the diagram: what happened, and what it changed", { at: AT }, async (page) => {
  await end(page);
  await open(page);
  const spot = page.getByRole("region", { name: "Space-time diagram" }).locator(".st-spot:not([hidden])");
  await spot.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await table(page, "Event").waitFor();
  const name = await spot.getAttribute("aria-label");
  const told = await inspector(page).getByRole("heading", { level: 2 }).innerText();
  assert.ok(name.startsWith(told.split("\n")[0].trim()), `${name} and ${told}`);
  assert.equal(await table(page, "State").count(), 1);
  // Another run knows nothing of this event.
  await depth(page, "Build");
  const field = await script(page);
  await field.fill((await field.inputValue()).replace(/^seed .*/m, "seed 99"));
  await open(page);
  await inspector(page).getByText("Choose a node, a message or an event.").waitFor();
});

scene("an operation: what was asked, when, what came back, and where it took effect", { at: "#/raft/sessions" }, async (page) => {
  await end(page);
  await open(page);
  await choose(page, "c1");
  await inspector(page).locator(".calls").getByRole("button").last().click();
  await table(page, "Operation").waitFor();
  assert.match(await value(page, "Operation", "request"), /^(put|get|append|cas) /);
  assert.equal(await value(page, "Operation", "client"), "c1");
  assert.match(await value(page, "Operation", "result"), /^ok/);
  assert.match(await value(page, "Operation", "takes effect"), /^(at|between) /);
  const all = (await shown(page)).step;
  await inspector(page).getByRole("button", { name: /the call$/ }).click();
  await page.waitForFunction((all) => Number(document.querySelector("[role=slider]").getAttribute("aria-valuenow")) < all, all);
  // At its call nothing has come back yet, and nobody tells what will.
  await page.waitForFunction(() => /no answer yet/.test(document.querySelector(".inspector").innerText));
  assert.equal(await value(page, "Operation", "result"), "no answer yet");
  assert.equal(await value(page, "Operation", "takes effect"), "not known by now");
});

scene("an operation is chosen by its bar, too", { at: "#/raft/sessions" }, async (page) => {
  await computed(page);
  await open(page);
  for (let times = 0; times < 16; times += 1) await button(page, "Zoom out").click();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  // The middle of the longest bar, where no event is.
  const place = await page.locator("path.st-op").first().evaluate((path) => {
    // Of each bar, its first two corners.
    const bars = [...path.getAttribute("d").matchAll(/M([-\d.]+) ([-\d.]+)L([-\d.]+) /g)].map(([, x, y, to]) => [+x, +y, to - x]);
    const [x, y, w] = bars.sort((a, b) => b[2] - a[2])[0];
    const box = path.ownerSVGElement.getScreenCTM();
    return { x: box.e + x + w * 0.37, y: box.f + y + 3 };
  });
  await page.mouse.click(place.x, place.y);
  await inspector(page).getByRole("table", { name: /^(Operation|Event)$/ }).waitFor();
});

scene("a crash shows what is in memory alone", { at: AT }, async (page) => {
  await end(page);
  await open(page);
  await choose(page, "n1");
  await inspector(page).getByText("Memory and disk").click();
  const said = await inspector(page).locator(".crash").innerText();
  assert.match(said, /A crash now would leave .*term/);
  assert.match(said, /role\s+down/);
});

scene("a violation names what brought it about, leads there, and to the nodes", { at: "#/raft/forget-vote" }, async (page) => {
  await end(page);
  const fallen = property(page, "election-safety");
  await fallen.getByText("Because of").waitFor();
  const claim = await fallen.locator(".claim").innerText();
  assert.ok(claim.length > 10 && (await fallen.locator(".claim").isVisible()), "what it claims is there to be read");
  const causes = fallen.locator(".causes").getByRole("button");
  const words = await causes.allInnerTexts();
  assert.equal(words.filter((word) => / elected \d/.test(word)).length, 2, words.join("\n"));
  for (let nth = 0; nth < words.length; nth += 1) {
    await end(page);
    await causes.nth(nth).click();
    const time = words[nth].match(/[\d.]+ s/)[0];
    await page.locator(".clock, .readout, .transport").first().getByText(time.replace(" s", "")).first().waitFor();
  }
  await end(page);
  const who = fallen.locator(".concerned").first();
  const name = await who.innerText();
  await who.click();
  await inspector(page).getByRole("heading", { name: new RegExp(`^${name} `) }).waitFor();
});

for (const [lab, name, id, count] of [
  ["raft", "stale-read", "linearizability", 4],
  ["lww", "cart-one-node", "no-lost-update", 2],
  ["lease", "late-grant", "one-holder", 3],
  ["commit_wait", "half-wait", "external-consistency", 2],
  ["clocks", "tie", "total-order", 2],
  ["round_trip", "guard", "round-trip-is-never-negative", 2],
]) {
  scene(`${lab}: ${id} is explained by its records`, { at: `#/${lab}/${name}` }, async (page) => {
    await end(page);
    const causes = property(page, id).locator(".causes").getByRole("button");
    await causes.first().waitFor();
    assert.ok((await causes.count()) >= count, `${await causes.count()} records`);
    const before = (await shown(page)).step;
    await causes.first().click();
    await page.waitForFunction((before) => Number(document.querySelector("[role=slider]").getAttribute("aria-valuenow")) < before, before);
  });
}

for (const scheme of ["light", "dark"]) {
  scene(`axe finds nothing in the inspector, ${scheme}`, { at: "#/raft/stale-read", colorScheme: scheme }, async (page) => {
    await end(page);
    await open(page);
    const clean = async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    };
    await clean();
    await choose(page, "n1");
    await inspector(page).getByText("Memory and disk").click();
    await inspector(page).getByText("What the fields say").click();
    await clean();
    await choose(page, "c1");
    await clean();
    await inspector(page).locator(".calls").getByRole("button").first().click();
    await clean();
  });
}

scene("notes of a long run keep no frame waiting", { at: "#/lww/cart" }, async (page) => {
  await (await script(page)).fill(LONG);
  await page.getByText(/^event \d+ of \d{5,}$/).waitFor();
  await end(page);
  await open(page);
  // A client says nothing for a hundred thousand steps: all of them have to be looked through.
  const gaps = page.evaluate(async () => {
    const all = [];
    let last = await new Promise(requestAnimationFrame);
    while (!/noted|Choose/.test(document.querySelector(".inspector")?.innerText ?? "") || all.length < 60) {
      const now = await new Promise(requestAnimationFrame);
      all.push(now - last);
      last = now;
      if (all.length > 2_000) break;
    }
    return all;
  });
  await choose(page, "c1");
  await inspector(page).getByText("Looking for its notes").waitFor({ state: "detached", timeout: 60_000 });
  console.log("longest frame while notes are looked for, in ms:", Math.max(...(await gaps)).toFixed(1));
  assert.ok((await inspector(page).getByRole("group", { name: "Notes so far" }).count()) === 1);
});
