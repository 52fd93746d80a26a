// Measures, in Chromium, how many steps a second each worker of `Find a failure` takes: Raft with five servers, as its canned scenario
// `commit-old-term` has it, without its flaw. It is no check, because it depends on the machine.
//
//     cargo xtask dist && cd web/tests && npm ci && node rate.mjs
import { chromium } from "playwright-core";
import { fields } from "./fields.mjs";
import { serve } from "./server.mjs";
import { button, computed, script, text } from "./words.mjs";

const DIST = process.env.DIST ?? new URL("../../dist", import.meta.url).pathname;
const RUNS = 5;
const MEASURED = 10_000;

const site = await serve(DIST, "/");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript(fields);
await page.addInitScript(() => localStorage.setItem("splitbrain.depth", "build"));
await page.goto(`${site.address}#/raft/commit-old-term`);
await computed(page);
await (await script(page)).fill(text("raft", "commit-old-term").replace(/^flaw .*$/m, ""));
await computed(page);
const status = page.getByRole("group", { name: "Search" }).getByRole("status");
const counted = async () => Number(/, ([\d\s,\u00a0\u2009\u202f]+) events/.exec(await status.innerText())[1].replace(/\D/g, ""));
const rates = [];
for (let run = 0; run < RUNS; run += 1) {
  await button(page, "Find a failure").click();
  await status.getByText(/[1-9]\S* seeds tried, .* at work/).waitFor();
  const [before, start] = [await counted(), Date.now()];
  await page.waitForTimeout(MEASURED);
  const [after, end] = [await counted(), Date.now()];
  const workers = page.workers().length;
  rates.push((after - before) / (end - start) / workers);
  console.log(`${workers} workers: ${rates.at(-1).toFixed(0)} thousand steps/s each`);
  await button(page, "Stop").click();
}
rates.sort((a, b) => a - b);
console.log(`the median of ${RUNS} runs: ${rates[RUNS >> 1].toFixed(0)} thousand steps/s a worker`);
await browser.close();
await site.close();
