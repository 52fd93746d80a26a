// How smoothly the page plays: reported, and no reason to fail, because what it measures is this machine, too.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { button, computed, script } from "./words.mjs";

// Nine nodes and some three hundred messages in flight.
const BUSY = `lab      lww
title    Many messages
nodes    6
clients  3
network  latency 1s..2s
every 10ms from 0s until 20s  c1 write x 1
every 10ms from 0s until 20s  c2 write y 2
every 10ms from 0s until 20s  c3 write z 3
`;

scene("frames of ten seconds of play, nine nodes and many messages", { at: "#/lww/cart" }, async (page) => {
  await (await script(page)).fill(BUSY);
  assert.equal(await page.getByRole("status").getByRole("listitem").count(), 0, "the text is right");
  await computed(page);
  await page.getByLabel("Speed").selectOption("Real time");
  await button(page, "Play").click();
  const report = await page.evaluate(async () => {
    const gaps = [];
    let busy = 0;
    const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) => (busy += entry.duration)));
    observer.observe({ type: "longtask" });
    let last = performance.now();
    const start = last;
    let most = 0;
    while (last - start < 10_000) {
      const now = await new Promise(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
      most = Math.max(most, document.querySelectorAll("svg [data-message], svg .message, svg .msg").length);
    }
    gaps.sort((a, b) => a - b);
    const at = (share) => gaps[Math.floor(share * (gaps.length - 1))].toFixed(1);
    return { frames: gaps.length, median: at(0.5), p95: at(0.95), longest: at(1), longTasks: busy.toFixed(0), messages: most };
  });
  console.log("frames of 10 s in ms:", report);
  assert.ok(report.frames > 0);
});
