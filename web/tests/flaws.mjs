// Measures, in Chromium, how soon `Find a failure` finds each flaw and shows it made short: from the first canned scenario that shows the
// flaw, without its faults. It is no check, because it takes ten minutes and depends on the machine.
//
//     cargo xtask dist && cd web/tests && npm ci && node flaws.mjs          # every flaw
//     node flaws.mjs raft/transfer lease/                                   # those whose names hold one of these
import { chromium } from "playwright-core";
import { fields } from "./fields.mjs";
import { serve } from "./server.mjs";
import { canned, computed, field } from "./words.mjs";

const DIST = process.env.DIST ?? new URL("../../dist", import.meta.url).pathname;
const LONGEST = 40_000;
const wanted = process.argv.slice(2);

const first = new Map();
for (const { lab, name, text } of canned()) {
  for (const [, flaw] of text.matchAll(/^flaw +(\S+)/gm)) {
    const breaks = /^expect +(violation|late)/m.test(text);
    if (breaks && !first.has(`${lab}/${flaw}`)) first.set(`${lab}/${flaw}`, `#/${lab}/${name}`);
  }
}

const site = await serve(DIST, "/");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const times = [];
for (const [flaw, at] of first) {
  if (wanted.length > 0 && !wanted.some((word) => flaw.includes(word))) continue;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(fields);
  await page.addInitScript(() => localStorage.setItem("splitbrain.depth", "build"));
  await page.goto(site.address + at);
  await computed(page);
  const start = Date.now();
  await page.getByRole("button", { name: "Find a failure", exact: true }).click();
  const status = page.getByRole("group", { name: "Search" }).getByRole("status");
  let found = null;
  let shown = null;
  let said = "";
  while (shown === null && Date.now() - start < LONGEST && !/seeds tried.*no promise/i.test(said)) {
    said = (await status.innerText().catch(() => "")).replaceAll("\n", " ");
    if (found === null && /short|found/i.test(said)) found = Date.now() - start;
    if (/the branch that has opened shows it/.test(said)) shown = Date.now() - start;
    found ??= shown;
    await page.waitForTimeout(50);
  }
  let lines = null;
  if (shown !== null) {
    await page.getByRole("tab", { name: /^Script/ }).click();
    const text = await field(page).inputValue();
    lines = text.split("\n").filter((line) => line.trim()).length;
  }
  times.push({ flaw, found, shown, lines });
  console.log(flaw, at, { found, shown, lines }, shown === null ? said.slice(0, 120) : "");
  await context.close();
}
const late = times.filter(({ found }) => found === null || found > 10_000).map(({ flaw }) => flaw);
const long = times.filter(({ shown, found, lines }) => shown !== null && (shown - found > 20_000 || lines > 12)).map(({ flaw }) => flaw);
console.log({ flaws: times.length, "not found within 10 s": late, "more than 12 lines, or longer than 20 s to make short": long });
await browser.close();
await site.close();
