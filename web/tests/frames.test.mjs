// How smoothly the page plays, and how soon it answers: reported, and no reason to fail, because what it measures is this machine, too.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { LONG, button, canned, computed, playhead, script, spread } from "./words.mjs";

// Nine nodes, of which eight tell each other ten times a second what they have: some three hundred messages in flight.
const BUSY = `lab      lww
title    Many messages
nodes    8
clients  1
network  latency 3s..5s
set      gossip 100ms
stop at 60s
at 0s c1 write x 1
`;

/** How long each frame takes for so many milliseconds, and what is under way then. */
const played = (page, long) =>
  page.evaluate(async (long) => {
    const gaps = [];
    let last = await new Promise(requestAnimationFrame);
    const start = last;
    while (last - start < long) {
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    const told = document.querySelector("main svg .msgs").getAttribute("aria-label");
    const messages = Number.parseInt(told, 10);
    const lines = [...document.querySelectorAll("main svg .msgs .flock")].map((line) => line.getAttribute("d") ?? "");
    const drawn = lines.join(" ").match(/[^ ]+ [^ ]+/g).length;
    return { messages, drawn, gaps };
  }, long);

scene("frames of ten seconds of play, nine nodes and three hundred messages", { at: "#/lww/cart" }, async (page) => {
  await (await script(page)).fill(BUSY);
  await computed(page);
  await page.getByLabel("Speed").selectOption("Real time");
  const box = await playhead(page).boundingBox();
  await page.mouse.click(box.x + box.width / 3, box.y + box.height / 2);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    const value = (name) => metrics.find((metric) => metric.name === name).value;
    return { busy: value("TaskDuration"), time: value("Timestamp") };
  };
  await button(page, "Play").click();
  const before = await spent();
  const report = await played(page, 10_000);
  const after = await spent();
  const busy = `${Math.round((100 * (after.busy - before.busy)) / (after.time - before.time))} %`;
  const { messages, drawn, gaps } = report;
  console.log("frames of 10 s, in ms:", { messages, drawn, frames: gaps.length, ...spread(gaps), "main thread busy": busy });
  // Those that wait at a door beyond the third are counted there, not drawn.
  assert.ok(drawn > 250 && drawn <= messages, "all that travel are drawn, as a flock");
  assert.ok(gaps.length > 0 && (await button(page, "Pause").count()) === 1, "it plays");
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const slow = await played(page, 10_000);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  const rate = Math.round(slow.gaps.length / 10);
  console.log("the same on a processor four times as slow, in ms:", { messages: slow.messages, "frames a second": rate, ...spread(slow.gaps) });
  assert.equal(await button(page, "Pause").count(), 1, "it plays on");
});

scene("seeks to anywhere in a hundred thousand steps", { at: "#/lww/cart" }, async (page) => {
  await (await script(page)).fill(LONG);
  await page.getByText(/^event \d+ of \d{5,}$/).waitFor();
  const all = await computed(page);
  // By event, what comes again and again by itself is passed over: in true time every step has its place.
  await page.getByLabel("Speed").selectOption("Real time");
  const times = await page.evaluate(async () => {
    const rail = document.querySelector("[role=slider]");
    // A task of the browser, and not a promise of our own: what a page leaves for later would wait for ever behind those.
    const { port1, port2 } = new MessageChannel();
    const breath = () =>
      new Promise((done) => {
        port1.onmessage = done;
        port2.postMessage(null);
      });
    const found = [];
    for (let nth = 0; nth < 200; nth += 1) {
      await new Promise(requestAnimationFrame);
      const before = rail.getAttribute("aria-valuenow");
      const { left, width, top } = rail.getBoundingClientRect();
      // Steps of the golden ratio come near every place, and never to the same one twice.
      const clientX = left + width * ((0.1 + nth * 0.618) % 1);
      const start = performance.now();
      rail.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY: top, buttons: 1, bubbles: true }));
      while (rail.getAttribute("aria-valuenow") === before) {
        if (performance.now() > start + 5_000) throw new Error(`seek ${nth} from ${before} to ${clientX} px leads nowhere`);
        await breath();
      }
      found.push(performance.now() - start);
    }
    return found;
  });
  console.log(`seeks in ${all} steps, from the pointer to the changed page, in ms:`, spread(times));
});

scene("every canned scenario runs anew after an edit", { at: "#/lww/cart" }, async (page) => {
  const field = await script(page);
  const times = [];
  for (const { text } of canned()) {
    await field.fill(text);
    await computed(page);
    const edited = text.replace(/^title +/m, "title    Once more: ");
    const time = await field.evaluate(async (element, edited) => {
      await new Promise(requestAnimationFrame);
      const start = performance.now();
      writeField(element, edited);
      const shown = () => document.querySelector("h1").textContent.startsWith("Once more") && /^event \d+ of \d+$/m.test(document.body.innerText);
      while (!shown()) await new Promise((done) => setTimeout(done));
      return performance.now() - start;
    }, edited);
    times.push(time);
  }
  console.log(`edits of ${times.length} scenarios, until the new run is shown whole, in ms:`, spread(times));
});

for (const [at, ready] of [["#/", ".cat .btn.primary"], ["#/lease/no-fencing", ".transport .play"], ["#/raft/split-vote", ".transport .play"]]) {
  // The first frame that shows what there is to do, in the time of the navigation.
  const before = `requestAnimationFrame(function look() {
    if (document.querySelector("${ready}") && !document.getElementById("loading")) globalThis.ofUse = performance.now();
    else requestAnimationFrame(look);
  });`;
  scene(`how soon ${at} is of use`, { at, depth: "watch", before }, async (page) => {
    await page.waitForFunction(() => globalThis.ofUse > 0);
    const time = Math.round(await page.evaluate(() => globalThis.ofUse));
    console.log(`from the address to a page of use, ${at}: ${time} ms`);
    await page.waitForLoadState("networkidle");
  });
}

scene("a step is seen at once, with everything open", { at: "#/raft/split-vote" }, async (page) => {
  await script(page);
  await computed(page);
  const times = await page.evaluate(async () => {
    const [forward] = [...document.querySelectorAll(".transport button")].filter((button) => button.getAttribute("aria-label") === "Step forward");
    const found = [];
    for (let nth = 0; nth < 100; nth += 1) {
      await new Promise(requestAnimationFrame);
      const start = performance.now();
      forward.click();
      // The frame after the one in which the change is drawn has it on screen.
      await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
      found.push(performance.now() - start);
    }
    return found;
  });
  console.log("steps, from the click to the painted change, in ms:", spread(times));
});
