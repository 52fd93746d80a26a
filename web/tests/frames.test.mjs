// How smoothly the page plays: reported, and no reason to fail, because what it measures is this machine, too.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { button, computed, playhead, script } from "./words.mjs";

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
  const report = await page.evaluate(async () => {
    const gaps = [];
    let last = await new Promise(requestAnimationFrame);
    const start = last;
    while (last - start < 10_000) {
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    gaps.sort((a, b) => a - b);
    const at = (share) => Number(gaps[Math.floor(share * (gaps.length - 1))].toFixed(1));
    const flying = document.querySelector("main svg").getElementsByClassName("msgs")[0]?.children ?? [];
    const messages = [...flying].filter((each) => getComputedStyle(each).visibility !== "hidden").length;
    return { messages, frames: gaps.length, median: at(0.5), p95: at(0.95), longest: at(1) };
  });
  const after = await spent();
  const busy = `${Math.round((100 * (after.busy - before.busy)) / (after.time - before.time))} %`;
  console.log("frames of 10 s, in ms:", { ...report, "main thread busy": busy });
  assert.ok(report.frames > 0 && (await button(page, "Pause").count()) === 1, "it plays");
});
