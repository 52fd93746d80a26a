// What is done on the stage by hand: each deed is one more line of the text, the stage shows it at once, and undo takes it out.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { at, button, computed, field, focused, prediction, script, shown, text } from "./words.mjs";

const AT = "#/raft/first-election";
const TEXT = text("raft", "first-election");
/** So many events in, the leader's first appends are answered: there are messages of two kinds in flight. */
const STEP = 12;

const node = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}, `) });
const message = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) });
const item = (page, name) => page.getByRole("menuitem", { name: new RegExp(`^${name}`) });
const note = (page) => page.locator(".written");

/** Goes to the moment at which everything is done here, and opens the script beside it. */
async function moment(page) {
  await computed(page);
  for (let step = 1; step <= STEP; step += 1) {
    await page.keyboard.press("ArrowRight");
    await at(page, step);
  }
  await script(page);
}

/** The lines that a text has more than the original, which must be there whole, and in its order. */
function added(text) {
  const lines = text.split("\n");
  const own = [];
  for (const line of TEXT.split("\n")) {
    while (lines.length && lines[0] !== line) own.push(lines.shift());
    assert.equal(lines.shift(), line, "every other line is as it was");
  }
  return [...own, ...lines];
}

/** Waits for what a deed wrote, and gives its lines without their time. */
async function written(page, count = 1) {
  await note(page).getByRole("button", { name: "Undo" }).waitFor();
  const lines = added(await field(page).inputValue());
  assert.equal(lines.length, count, lines.join("\n"));
  const told = /lines? (\d+)/.exec(await note(page).innerText())[1];
  assert.equal((await field(page).inputValue()).split("\n")[told - 1], lines[0], "the note names the line");
  const [, time] = /^at (\d+)us /.exec(lines[0]);
  assert.ok((await shown(page)).step > STEP, "the page shows the moment of the deed");
  return lines.map((line) => {
    assert.ok(line.startsWith(`at ${time}us `), line);
    return line.slice(`at ${time}us `.length);
  });
}

async function undone(page) {
  await note(page).getByRole("button", { name: "Undo" }).click();
  await note(page).getByText("Taken back").waitFor();
  assert.equal(await field(page).inputValue(), TEXT);
}

const NODES = [
  { does: "Pause", line: "pause n2", shows: "n2, paused" },
  { does: "Crash", line: "crash n2", shows: "n2, crashed" },
  { does: "Isolate", line: "isolate n2", shows: "n2, ", cut: true },
];

for (const { does, line, shows, cut } of NODES) {
  scene(`${does}: by mouse, and back`, { at: AT }, async (page) => {
    await moment(page);
    await node(page, "n2").click();
    await item(page, does).click();
    assert.deepEqual(await written(page), [line]);
    await page.getByRole("button", { name: new RegExp(`^${shows}`) }).waitFor();
    assert.equal(await button(page, "Heal").count(), cut ? 1 : 0);
    await undone(page);
    await node(page, "n2").waitFor();
    assert.doesNotMatch(await node(page, "n2").getAttribute("aria-label"), /paused|crashed/);
  });
}

scene("a menu offers only what makes sense", { at: AT }, async (page) => {
  await moment(page);
  const offered = async (name) => {
    await node(page, name).click();
    await item(page, "").first().waitFor();
    const words = await page.getByRole("menuitem").locator("span").allInnerTexts();
    await page.keyboard.press("Escape");
    return words;
  };
  assert.deepEqual(await offered("n2"), ["Pause", "Crash", "Skew its clock", "Isolate", "Send a request"]);
  await node(page, "n2").press("p");
  await written(page);
  assert.deepEqual((await offered("n2")).slice(0, 2), ["Resume", "Crash"]);
  await node(page, "n2").press("c");
  await node(page, "n2, crashed").waitFor();
  assert.deepEqual(await offered("n2"), ["Restart", "Isolate"]);
  await node(page, "n2").press("i");
  await button(page, "Heal").waitFor();
  assert.deepEqual(await offered("n2"), ["Restart", "Heal its links"]);
});

scene("a clock is put wrong, and drifts", { at: AT }, async (page) => {
  await moment(page);
  await node(page, "n2").click();
  await item(page, "Skew its clock").click();
  await item(page, "−1 s").click();
  assert.deepEqual(await written(page), ["jump n2 -1s"]);
  await node(page, "n2").and(page.getByRole("button", { name: /clock 1 second slow|clock 1,?000 milliseconds slow/ })).waitFor();
  await undone(page);
  await node(page, "n2").press("s");
  await item(page, "Drift").click();
  assert.deepEqual(await written(page), ["drift n2 500ppm"]);
});

scene("a request is sent with words that are there, and what is wrong with others is said", { at: AT }, async (page) => {
  await moment(page);
  await node(page, "c1").click();
  await item(page, "Send a request").click();
  const line = page.getByRole("textbox", { name: "What c1 is asked" });
  assert.equal(await line.inputValue(), "put x 1");
  await line.fill("put x");
  await line.press("Enter");
  assert.match(await page.getByRole("alert").innerText(), /a value such as 1 is missing here/i);
  assert.equal(await field(page).inputValue(), TEXT);
  await line.fill("put x 7");
  await button(page, "Send").click();
  assert.deepEqual(await written(page), ["c1 put x 7"]);
  await node(page, "c1").and(page.getByRole("button", { name: /put x 7|x=7|put/ })).waitFor();
  await undone(page);
});

const MESSAGES = [
  { does: "Lose", line: "lose append from n4 to n3", shows: "append.* from n4 to n3, lost" },
  { does: "Hold", line: "hold append from n4 to n3", shows: "append.* from n4 to n3, held back" },
  { does: "Repeat", line: "repeat append from n4 to n3", twice: true },
  { does: "Deliver now", line: "deliver append from n4 to n3", gone: true },
];

for (const { does, line, shows, twice, gone } of MESSAGES) {
  scene(`${does}: a message by mouse, and back`, { at: AT }, async (page) => {
    await moment(page);
    const flying = message(page, "append .*from n4 to n3, arrives");
    await flying.click();
    await item(page, does).click();
    assert.deepEqual(await written(page), [line]);
    if (shows) await message(page, shows).waitFor();
    if (twice) assert.equal(await flying.count(), 2);
    if (gone) assert.equal(await flying.count(), 0);
    await undone(page);
    assert.equal(await flying.count(), 1);
  });
}

scene("everything by keyboard alone", { at: AT }, async (page) => {
  await moment(page);
  await node(page, "n1").focus();
  assert.equal(await page.locator(".stage-view [tabindex='0']").count(), 1, "Tab comes to the stage once");
  const seen = [];
  for (let presses = 0; presses < 6; presses += 1) {
    seen.push((await focused(page)).split(",")[0]);
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((before) => !document.activeElement.getAttribute("aria-label").startsWith(before), seen.at(-1));
  }
  assert.deepEqual(seen.toSorted(), ["c1", "n1", "n2", "n3", "n4", "n5"], "arrows come to every node");
  assert.match(await focused(page), /^n1,/);
  await page.keyboard.press("Enter");
  await item(page, "Pause").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  assert.match(await focused(page), /^Send a request/);
  await page.keyboard.press("Escape");
  assert.match(await focused(page), /^n1,/, "and back to the node");
  await page.keyboard.press("p");
  assert.deepEqual(await written(page), ["pause n1"]);
  assert.match(await focused(page), /^n1, paused/);
  await page.keyboard.press("ControlOrMeta+z");
  await note(page).getByText("Taken back").waitFor();
  assert.equal(await field(page).inputValue(), TEXT);
  await node(page, "n3").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement.hasAttribute("data-message"));
  const [, kind, from, to] = /^(\S+) .*from (\S+) to (\S+), /.exec(await focused(page));
  assert.ok([from, to].includes("n3"), "the first message that n3 has to do with");
  await page.keyboard.press("l");
  assert.deepEqual(await written(page), [`hold ${kind} from ${from} to ${to}`]);
  assert.match(await focused(page), /held back$/);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((to) => document.activeElement.getAttribute("aria-label").startsWith(to), to);
});

scene("a tear by keyboard, and everything heals", { at: AT }, async (page) => {
  await moment(page);
  await node(page, "n1").press("t");
  await page.getByRole("button", { name: "n1", exact: true }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  assert.deepEqual(await written(page), ["partition n1 n2 | n3 n4 n5 c1"]);
  await page.getByRole("img", { name: "Partition: 2 of 5, 3 of 5" }).waitFor();
  await page.keyboard.press("h");
  await button(page, "Heal").waitFor({ state: "detached" });
  const [torn, healed, ...more] = added(await field(page).inputValue());
  assert.match(`${torn}; ${healed}`, /^at \d+us partition n1 n2 \| n3 n4 n5 c1; at \d+us heal$/);
  assert.deepEqual(more, []);
  await page.keyboard.press("ControlOrMeta+z");
  await button(page, "Heal").waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  await button(page, "Heal").waitFor({ state: "detached" });
  assert.equal(await field(page).inputValue(), TEXT);
  await node(page, "n1").press("t");
  await page.getByRole("group", { name: "Tear the network apart" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Tear the network apart" }).waitFor({ state: "detached" });
  assert.equal(await field(page).inputValue(), TEXT);
});

/** The middle of a mark. */
async function middle(mark) {
  const { x, y, width, height } = await mark.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

async function draw(page, places) {
  await page.mouse.move(places[0].x, places[0].y);
  await page.mouse.down();
  for (const { x, y } of places.slice(1)) await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.up();
}

scene("a line across a link cuts it, and one with the tool tears the network", { at: AT, viewport: { width: 1440, height: 1240 } }, async (page) => {
  await moment(page);
  const [n1, n2] = [await middle(node(page, "n1")), await middle(node(page, "n2"))];
  const x = (n1.x + n2.x) / 2 + 30;
  await draw(page, [{ x, y: n1.y - 40 }, { x: x + 4, y: n1.y + 30 }]);
  assert.deepEqual(await written(page), ["cut n1 <-> n2"]);
  await page.getByRole("img", { name: "Cut: n1 and n2" }).waitFor();
  assert.equal(await page.getByRole("menu").count(), 0, "a line is not a click");
  await undone(page);
  const [c1, n3, n5] = [await middle(node(page, "c1")), await middle(node(page, "n3")), await middle(node(page, "n5"))];
  const y = (Math.max(n1.y, n2.y, c1.y) + Math.min(n3.y, n5.y)) / 2;
  await button(page, "Tear").click();
  await page.getByRole("group", { name: "Tear the network apart" }).waitFor();
  await draw(page, [{ x: n5.x - 60, y }, { x: n3.x + 60, y: y + 6 }]);
  assert.deepEqual(await written(page), ["partition n1 n2 c1 | n3 n4 n5"]);
  await undone(page);
  // A lasso around one node.
  await button(page, "Tear").click();
  const around = [[-75, -75], [75, -75], [75, 75], [-75, 75], [-75, -60]];
  await draw(page, around.map(([dx, dy]) => ({ x: n3.x + dx, y: n3.y + dy })));
  assert.deepEqual(await written(page), ["partition n1 n2 n4 n5 c1 | n3"]);
  await undone(page);
});

scene("a node that is drawn to another one stands on its side from then on", { at: AT, viewport: { width: 1440, height: 1240 } }, async (page) => {
  await moment(page);
  const [n1, n3] = [await middle(node(page, "n1")), await middle(node(page, "n3"))];
  await draw(page, [n1, { x: (n1.x + n3.x) / 2, y: (n1.y + n3.y) / 2 }, n3]);
  assert.deepEqual(await written(page), ["partition n2 n4 n5 c1 | n3 n1"]);
  assert.equal(await page.getByRole("menu").count(), 0, "a node that is drawn is not clicked");
  const [c1, there] = [await middle(node(page, "c1")), await middle(node(page, "n3"))];
  await draw(page, [c1, there]);
  await page.waitForFunction(() => /partition n2 n4 n5 \| n3 n1 c1/.test(readField(document.querySelector("[aria-label=Scenario]"))));
  // To nobody: nothing happens.
  const text = await field(page).inputValue();
  await draw(page, [there, { x: there.x + 90, y: there.y + 70 }]);
  assert.equal(await field(page).inputValue(), text);
});

scene("a node says its term, and the lesson is a region", { at: "#/raft/first-election" }, async (page) => {
  await computed(page);
  await page.keyboard.press("End");
  await page.getByRole("button", { name: /^n\d, leader, term \d+/ }).waitFor();
  await page.getByRole("region", { name: "Lesson" }).waitFor();
});

scene("by touch, on a phone", { at: AT, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
  await computed(page);
  for (let step = 1; step <= STEP; step += 1) await button(page, "Step forward").tap();
  await at(page, STEP);
  await node(page, "n2").tap();
  await item(page, "Crash").waitFor();
  const sheet = await page.locator(".deeds").boundingBox();
  assert.ok(sheet.x >= 0 && sheet.x + sheet.width <= 390 && sheet.y + sheet.height <= 844, JSON.stringify(sheet));
  const reach = await item(page, "Crash").boundingBox();
  assert.ok(reach.height >= 44 && reach.width >= 44);
  await item(page, "Crash").tap();
  await node(page, "n2, crashed").waitFor();
  const tab = page.getByRole("tab", { name: /^Script/ });
  // Stage and playback stay in sight at the top.
  await tab.evaluate((tab) => scrollBy(0, tab.getBoundingClientRect().top - 0.8 * innerHeight));
  await tab.tap();
  assert.deepEqual(await written(page), ["crash n2"]);
  await note(page).getByRole("button", { name: "Undo" }).tap();
  await note(page).getByText("Taken back").waitFor();
  assert.equal(await field(page).inputValue(), TEXT);
});

scene("a menu stays on the stage and beside its node, wherever that is", { at: AT }, async (page) => {
  await moment(page);
  for (const name of ["n1", "n2", "n3", "n4", "n5", "c1"]) {
    await node(page, name).click();
    await item(page, "Pause").waitFor();
    const [menu, box, mark] = await Promise.all(
      [page.locator(".deeds"), page.locator(".stage-box"), node(page, name)].map((each) => each.boundingBox()),
    );
    const inside = menu.x >= box.x && menu.y >= box.y && menu.x + menu.width <= box.x + box.width && menu.y + menu.height <= box.y + box.height;
    assert.ok(inside, `${name}: ${JSON.stringify({ menu, box })}`);
    const apart = menu.x >= mark.x + mark.width || menu.x + menu.width <= mark.x || menu.y >= mark.y + mark.height || menu.y + menu.height <= mark.y;
    assert.ok(apart, `${name}: ${JSON.stringify({ menu, mark })}`);
    await page.keyboard.press("Escape");
  }
});

scene("while a text is broken nothing can be done, and it says why", { at: AT }, async (page) => {
  await moment(page);
  const broken = TEXT.replace(/^at /m, "att ");
  await field(page).fill(broken);
  await page.getByRole("listitem").filter({ hasText: "unknown" }).first().waitFor();
  await node(page, "n2").press("p");
  await note(page).getByText(/^Line \d+ has to be mended first: /).waitFor();
  assert.equal(await field(page).inputValue(), broken);
  assert.equal(await note(page).getByRole("button", { name: "Undo" }).count(), 0);
});

scene("nobody acts before a question is answered", { at: "#/lease/no-fencing" }, async (page) => {
  await computed(page);
  await page.keyboard.press(".");
  await page.keyboard.press("Space");
  await prediction(page).waitFor();
  const asked = (await shown(page)).step;
  await node(page, "c2").press("p");
  await note(page).getByText(/^Answer the question first/).waitFor();
  assert.equal((await shown(page)).step, asked);
  assert.equal(await (await script(page)).inputValue(), text("lease", "no-fencing"));
});

scene("time stands still while a menu is open, and goes on after it", { at: AT }, async (page) => {
  await computed(page);
  await page.getByLabel("Speed").selectOption({ index: 0 });
  await page.keyboard.press("Space");
  await button(page, "Pause").waitFor();
  await node(page, "n2").click();
  await item(page, "Pause").waitFor();
  const still = await shown(page);
  await button(page, "Play").waitFor();
  await page.keyboard.press("Escape");
  await button(page, "Pause").waitFor();
  await node(page, "n2").click();
  await item(page, "Pause").click();
  await node(page, "n2, paused").waitFor();
  await button(page, "Pause").waitFor();
  assert.ok((await shown(page)).step > still.step);
});

const CROWD = "lab lww\nnodes 8\nclients 1\nnetwork latency 3s..5s\nset gossip 100ms\nstop at 20s\nat 0s c1 write x 1\n";

scene("of hundreds of messages one can be chosen, by mouse and by keyboard", { at: "#/lww/cart" }, async (page) => {
  await (await script(page)).fill(CROWD);
  const all = await computed(page);
  const rail = await page.getByRole("slider", { name: "Time" }).boundingBox();
  await page.mouse.click(rail.x + rail.width / 2, rail.y + rail.height / 2);
  await page.waitForFunction((all) => document.querySelector("[role=slider]").getAttribute("aria-valuenow") < all, all);
  assert.equal(await page.locator(".msgs .hit:visible").count(), 0, "no mark for each of hundreds");
  await node(page, "n1").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement.hasAttribute("data-message"));
  const [, kind, from, to] = /^(\S+) .*from (\S+) to (\S+), /.exec(await focused(page));
  await page.keyboard.press("d");
  await note(page).getByRole("button", { name: "Undo" }).waitFor();
  const line = new RegExp(`^at \\d+(us|ms|s) lose (\\d+(st|nd|rd|th) )?${kind} from ${from} to ${to}$`, "m");
  assert.match(await field(page).inputValue(), line);
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing wrong with menus and tools, ${colorScheme}`, { at: AT, colorScheme, reducedMotion: "reduce" }, async (page) => {
    await moment(page);
    const clean = async (what) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const said = violations.map(({ id, help, nodes }) => `${what}: ${id}: ${help}\n${nodes.map((each) => each.html.slice(0, 160)).join("\n")}`);
      assert.deepEqual(said, []);
    };
    await node(page, "n2").click();
    await item(page, "Pause").waitFor();
    await clean("the menu of a node");
    await item(page, "Send a request").click();
    await page.getByRole("textbox", { name: /is asked/ }).waitFor();
    await clean("a request");
    await page.keyboard.press("Escape");
    await message(page, "append .*from n4 to n3").click();
    await item(page, "Hold").waitFor();
    await clean("the menu of a message");
    await item(page, "Hold").click();
    await written(page);
    await clean("what was written");
    await button(page, "Tear").click();
    await page.getByRole("group", { name: "Tear the network apart" }).waitFor();
    await clean("the tool");
  });
}
