// The space-time diagram: what it shows of a run, that it has the page's one playhead, and what led to an event.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { LONG, at, button, computed, end, focused, playhead, script, shown, spread } from "./words.mjs";

const diagram = (page) => page.getByRole("region", { name: "Space-time diagram" });
const told = (page) => diagram(page).getByRole("img", { name: /^Window/ });
const spot = (page) => diagram(page).locator(".st-spot:not([hidden])");
const chosen = (page) => page.getByRole("group", { name: "The chosen event" });

/** How many lines, crosses, … of a class are drawn: each begins with a move of its own. */
const count = (page, selector) =>
  diagram(page).locator(selector).evaluateAll((paths) =>
    paths.reduce((sum, path) => sum + (path.getAttribute("d").match(/M/g) ?? []).length, 0));

/** Zooms out as far as it goes. */
async function whole(page) {
  for (let times = 0; times < 16; times += 1) await button(page, "Zoom out").click();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Where an event is on the screen, by what its record says: the spot of the keyboard stands there. */
async function middle(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

async function play(page, text) {
  await (await script(page)).fill(text);
  await page.locator("h1", { hasText: /^title +(.+)$/m.exec(text)[1] }).waitFor();
  return computed(page);
}

const SMALL = `lab      lww
title    A few messages
nodes    2
clients  2
set      gossip 10s
stop at 2s
at 100ms c1 write x 1
at 600ms c2 read x
`;

scene("every node has a lane, and every message an arrow", { at: "#/lww/cart" }, async (page) => {
  const all = await play(page, SMALL);
  const names = await diagram(page).getByRole("list", { name: "Lanes" }).getByRole("listitem").allInnerTexts();
  assert.deepEqual(names.map((name) => name.trim()), ["c1", "n1", "n2", "sequencer", "c2"]);
  // What the steps say that they send, one by one.
  let sent = 0;
  await playhead(page).press("Home");
  for (let step = 1; step <= all; step += 1) {
    await playhead(page).press("ArrowRight");
    await at(page, step);
    sent += (await page.locator(".told").getAttribute("title")).match(/sends /g)?.length ?? 0;
  }
  await whole(page);
  assert.ok(sent >= 4, `${sent} messages`);
  assert.equal(await count(page, ".st-shaft"), sent);
  assert.match(await told(page).getAttribute("aria-label"), new RegExp(` and ${sent} messages,`));
  // Both operations have a bar, and a name with the answer.
  assert.equal(await count(page, ".st-op"), 2);
  const words = await diagram(page).locator(".st-words").allTextContents();
  for (const said of ["write x 1", "→ ok", "read x", "→ 1"]) assert.ok(words.includes(said), `${said} is not among ${words}`);
});

scene("a press and a drag move the one playhead", { at: "#/lease/no-fencing" }, async (page) => {
  await computed(page);
  const plot = await diagram(page).locator(".st-plot").boundingBox();
  const line = diagram(page).locator(".st-now");
  const seen = [];
  await page.mouse.move(plot.x + 30, plot.y + 3);
  await page.mouse.down();
  for (let share = 1; share <= 8; share += 1) {
    const x = plot.x + (plot.width * share) / 9;
    await page.mouse.move(x, plot.y + 3, { steps: 2 });
    seen.push((await shown(page)).step);
    const { x: now } = await line.boundingBox();
    assert.ok(Math.abs(now - x) < 2, `the playhead is ${now - x} px beside the pointer`);
  }
  await page.mouse.up();
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
  assert.ok(new Set(seen).size > 4, `it stops in between: ${seen}`);
  // And the other way round: the rail moves it here.
  await playhead(page).press("Home");
  await at(page, 0);
  const { x: first } = await line.boundingBox();
  assert.ok(first < plot.x + 40);
});

scene("a chosen event tells what led to it, and goes there", { at: "#/lww/cart" }, async (page) => {
  await play(page, SMALL);
  await end(page);
  await spot(page).focus();
  // Back along the lane to something that came in a message.
  for (let times = 0; times < 8 && !/ receives /.test(await focused(page)); times += 1) await page.keyboard.press("ArrowLeft");
  const name = await focused(page);
  assert.match(name, /^[nc]\d receives \w+ from [nc]\d at \d+\.\d{3} s/);
  await page.keyboard.press("Enter");
  assert.equal(await chosen(page).locator("b").innerText(), name);
  assert.equal(await spot(page).getAttribute("aria-pressed"), "true");
  const [, kind, from] = / receives (\w+) from (\w+) at/.exec(name);
  const { step } = await shown(page);
  assert.ok((await count(page, ".st-shaft.past")) > 0, "its past stands out");
  assert.equal(await diagram(page).locator(".st-cone").count(), 1);
  const cause = chosen(page).getByRole("list", { name: "Came from" }).getByRole("button", { name: `${from} sends ${kind}` });
  await cause.click();
  const earlier = await shown(page);
  assert.ok(earlier.step < step, "it lies in the past");
  // There and back again: what it led to is where one came from.
  const effects = chosen(page).getByRole("list", { name: "Led to" }).getByRole("button");
  const back = effects.filter({ hasText: name.split(" at ")[0] });
  await back.first().click();
  await at(page, step);
  await spot(page).focus();
  await page.keyboard.press("Escape");
  assert.equal(await chosen(page).count(), 0);
  assert.equal(await diagram(page).locator(".st-cone").count(), 0);
});

scene("the keyboard goes from event to event with one stop of Tab", { at: "#/lease/no-fencing" }, async (page) => {
  await computed(page);
  await spot(page).waitFor();
  assert.equal(await diagram(page).locator(".st-plot button:not([hidden])").count(), 1);
  await spot(page).focus();
  const first = await focused(page);
  const before = await shown(page);
  await page.keyboard.press("ArrowRight");
  const second = await focused(page);
  assert.notEqual(second, first);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focused(page), first);
  await page.keyboard.press("ArrowDown");
  const below = await focused(page);
  assert.notEqual(below, first);
  assert.match(below, / at \d+\.\d{3} s/);
  await page.keyboard.press("ArrowUp");
  assert.match(await focused(page), / at \d+\.\d{3} s/);
  assert.deepEqual(await shown(page), before, "to look at events moves no time");
  // Where it is, the event is seen.
  const [event, plot] = await Promise.all([spot(page), diagram(page).locator(".st-plot")].map((part) => part.boundingBox()));
  assert.ok(event.x >= plot.x - 20 && event.x <= plot.x + plot.width);
});

const window_ = async (page) => {
  const [, from, to] = /^Window (\d+\.\d+) s to (\d+\.\d+) s/.exec(await told(page).getAttribute("aria-label"));
  return Number(to) - Number(from);
};

scene("it zooms by buttons, keys and wheel, and pans", { at: "#/raft/figure-8" }, async (page) => {
  await computed(page);
  await page.getByLabel("Speed").selectOption("Real time");
  const box = await playhead(page).boundingBox();
  await page.mouse.click(box.x + box.width * 0.5, box.y + 5);
  await whole(page);
  const all = await window_(page);
  await button(page, "Zoom in").click();
  await page.waitForFunction((all) => {
    const [, from, to] = /^Window (\S+) s to (\S+) s/.exec(document.querySelector(".st-sheet[role=img]").getAttribute("aria-label"));
    return to - from < all / 1.3;
  }, all);
  const near = await window_(page);
  await spot(page).focus();
  await page.keyboard.press("-");
  await page.waitForTimeout(100);
  assert.ok((await window_(page)) > near);
  const plot = await middle(diagram(page).locator(".st-plot"));
  await page.mouse.move(plot.x, plot.y);
  await page.keyboard.down("Control");
  for (let turns = 0; turns < 5; turns += 1) await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await page.waitForTimeout(100);
  assert.ok((await window_(page)) < near);
  const moved = () => diagram(page).locator(".st-plot .st-move").boundingBox();
  const before = await moved();
  await page.mouse.wheel(120, 0);
  await page.waitForTimeout(100);
  assert.ok((await moved()).x < before.x - 100, "sideways it pans");
  await spot(page).focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await page.waitForTimeout(100);
  assert.ok((await moved()).x > before.x - 100);
  // What was panned out of sight comes back with the keyboard.
  await page.mouse.wheel(3000, 0);
  await page.waitForTimeout(100);
  await page.locator("h1").focus();
  await spot(page).focus();
  await page.waitForTimeout(100);
  const [seen, frame] = await Promise.all([spot(page), diagram(page).locator(".st-plot")].map((part) => part.boundingBox()));
  assert.ok(seen.x >= frame.x - 20 && seen.x <= frame.x + frame.width, "the event of the keyboard is in sight");
});

/** Lays two fingers on the plot, moves them, lifts the second, and moves the first on. Places are from 0 to 1 of its width. */
async function pinch(page, from, to, on) {
  const { x, y, width, height } = await diagram(page).locator(".st-plot").boundingBox();
  const fingers = (places) => places.map((place, id) => ({ x: x + place * width, y: y + height / 2, id }));
  const session = await page.context().newCDPSession(page);
  const send = async (type, places) => {
    await session.send("Input.dispatchTouchEvent", { type, touchPoints: fingers(places) });
    await page.waitForTimeout(50);
  };
  await send("touchStart", from.slice(0, 1));
  await send("touchStart", from);
  for (let part = 1; part <= 4; part += 1) {
    await send("touchMove", from.map((place, finger) => place + ((to[finger] - place) * part) / 4));
  }
  await send("touchEnd", to.slice(0, 1));
  const before = (await shown(page)).step;
  await send("touchMove", [on]);
  await send("touchEnd", []);
  return before;
}

scene("two fingers zoom, and what is left of them is no drag", { at: "#/raft/figure-8", hasTouch: true }, async (page) => {
  const all = await computed(page);
  await whole(page);
  const wide = await window_(page);
  const before = await pinch(page, [0.45, 0.55], [0.2, 0.8], 0.9);
  const near = await window_(page);
  assert.ok(near < wide / 2, `${near} s of ${wide} s`);
  assert.equal((await shown(page)).step, before, "the finger that stays moves no time");
  await pinch(page, [0.2, 0.8], [0.45, 0.55], 0.5);
  assert.ok((await window_(page)) > near * 2);
  // One finger drags the playhead, as the mouse does.
  const { x, y, width, height } = await diagram(page).locator(".st-plot").boundingBox();
  await page.touchscreen.tap(x + width * 0.6, y + height - 4);
  const { step } = await shown(page);
  assert.ok(step > 0 && step <= all, `${step} of ${all}`);
});

for (const [name, flawed] of [["stale-read", 1], ["read-index", 0]]) {
  const title = flawed ? "the operation that nothing explains is red" : "where every operation is explained, none is red";
  scene(title, { at: `#/raft/${name}` }, async (page) => {
    await end(page);
    await whole(page);
    assert.equal(await count(page, ".st-op.bad"), flawed);
    assert.notEqual(await count(page, ".st-op:not(.bad)"), 0);
    if (!flawed) return;
    const [stroke, red] = await diagram(page).locator(".st-op.bad").evaluate((bar) => {
      const probe = Object.assign(document.createElement("i"), { style: "color: var(--bad-solid)" });
      bar.closest("section").append(probe);
      const colors = [getComputedStyle(bar).stroke, getComputedStyle(probe).color];
      probe.remove();
      return colors;
    });
    assert.equal(stroke, red);
    // It is the read that came back with what had been overwritten.
    const bar = await diagram(page).locator(".st-op.bad").boundingBox();
    await page.mouse.click(bar.x + bar.width / 2, bar.y + bar.height / 2);
    await page.getByRole("tab", { name: /^Inspector/ }).click();
    await page.getByRole("region", { name: "Inspector" }).getByText("get x").first().waitFor();
  });
}

const LOSSY = `lab      lww
title    One way is lost
nodes    2
clients  1
set      gossip 200ms
link     n1 -> n2 loss 100%
stop at 900ms
at 100ms c1 write x 1
at 300ms pause n2 for 200ms
at 600ms crash n2
at 800ms restart n2
`;

scene("what is lost ends in a cross, and who stands still has a box", { at: "#/lww/cart" }, async (page) => {
  const all = await play(page, LOSSY);
  let lost = 0;
  await playhead(page).press("Home");
  for (let step = 1; step <= all; step += 1) {
    await playhead(page).press("ArrowRight");
    await at(page, step);
    lost += (await page.locator(".told").getAttribute("title")).match(/\(lost\)/g)?.length ?? 0;
  }
  await whole(page);
  assert.ok(lost > 0);
  assert.ok((await count(page, ".st-cross")) >= lost, `${lost} are lost`);
  assert.equal(await count(page, ".st-hatch"), 1);
  assert.equal(await count(page, ".st-down"), 1);
  // Pause, resume, crash and restart are marked.
  assert.equal(await count(page, ".st-plot .st-sign"), 4);
});

scene("what falls is marked in red, with its name", { at: "#/lease/no-fencing" }, async (page) => {
  await end(page);
  await whole(page);
  assert.ok((await count(page, ".st-oct")) >= 1);
  assert.match((await diagram(page).locator(".st-words.bad").allTextContents()).join(" "), /no-stale-write/);
});

scene("while it plays the playhead stays in sight", { at: "#/raft/figure-8", reducedMotion: "no-preference" }, async (page) => {
  await computed(page);
  await page.getByLabel("Speed").selectOption("By event, fast");
  await button(page, "Play").click();
  const plot = await diagram(page).locator(".st-plot").boundingBox();
  const places = [];
  for (let times = 0; times < 30; times += 1) {
    await page.waitForTimeout(150);
    places.push((await diagram(page).locator(".st-now").boundingBox()).x);
  }
  assert.ok(places.every((x) => x >= plot.x && x <= plot.x + plot.width), `${places}`);
  assert.ok(Math.max(...places) < plot.x + plot.width * 0.8, "the window moves below it");
});

for (const [colorScheme, width] of [["light", 1440], ["dark", 390]]) {
  scene(`axe finds nothing wrong with a chosen event, ${colorScheme}, ${width} px`, {
    at: "#/lease/no-fencing", colorScheme, reducedMotion: "reduce", viewport: { width, height: 900 },
  }, async (page) => {
    await end(page);
    await spot(page).focus();
    await page.keyboard.press("Enter");
    await chosen(page).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join("\n")}`), []);
    const sides = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(sides <= 0, `the page is ${sides} px too wide`);
  });
}

scene("the time at the playhead cuts no name of the ruler", { at: "#/raft/split-vote" }, async (page) => {
  const all = await computed(page);
  const names = () => diagram(page).evaluate((diagram) => {
    const chip = diagram.querySelector(".st-chip").getBoundingClientRect();
    const all = [...diagram.querySelectorAll(".st-time")];
    const cut = (name) => {
      const { left, right } = name.getBoundingClientRect();
      return right > chip.left && left < chip.right;
    };
    const hidden = all.filter((name) => getComputedStyle(name).visibility === "hidden");
    return { cut: all.filter((name) => !hidden.includes(name) && cut(name)).map((name) => name.textContent), hidden: hidden.length };
  });
  let most = 0;
  await playhead(page).press("Home");
  for (let step = 1; step <= Math.min(all, 60); step += 1) {
    await playhead(page).press("ArrowRight");
    await at(page, step);
    const { cut, hidden } = await names();
    assert.deepEqual(cut, [], `after ${step} steps`);
    assert.ok(hidden <= 2, `${hidden} names are hidden after ${step} steps`);
    most = Math.max(most, hidden);
  }
  assert.ok(most > 0, "it never came to a name");
  // The window that goes by below it.
  await button(page, "Zoom in").click();
  assert.deepEqual((await names()).cut, []);
});

scene("frames while one pans through a hundred thousand records", { at: "#/lww/cart" }, async (page) => {
  await (await script(page)).fill(LONG);
  await page.getByText(/^event \d+ of \d{5,}$/).waitFor();
  const all = await computed(page);
  await page.getByLabel("Speed").selectOption("Real time");
  for (const zoom of ["as it opens", "thirty times further", "the whole"]) {
    if (zoom !== "as it opens") for (let times = 0; times < (zoom === "the whole" ? 30 : 8); times += 1) await button(page, "Zoom out").click();
    await page.waitForTimeout(300);
    const gaps = await page.evaluate(async () => {
      const plot = document.querySelector(".st-plot");
      const gaps = [];
      let last = await new Promise(requestAnimationFrame);
      for (let nth = 0; nth < 240; nth += 1) {
        plot.dispatchEvent(new WheelEvent("wheel", { deltaX: nth < 120 ? 70 : -70, bubbles: true, cancelable: true }));
        const now = await new Promise(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
      }
      return gaps;
    });
    console.log(`frames of a pan in ${all} records, ${zoom}, in ms:`, spread(gaps));
    assert.match(await told(page).getAttribute("aria-label"), /drawn are \d+ events/);
  }
  // Where there is more than can be told apart, there are densities.
  assert.ok((await count(page, ".st-crowd")) > 100);
  assert.equal(await count(page, ".st-shaft"), 0);
});
