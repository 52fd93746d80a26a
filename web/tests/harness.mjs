// What every browser test needs: the built page under a path of a plain server, Chromium, and a record of all that went wrong.
//
// DIST is the folder of the built page, CHROMIUM the browser, SCREENS where pictures of failures go.
// `cargo xtask test browser` sets all three; by hand their usual places are tried.
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { fields } from "./fields.mjs";
import { serve } from "./server.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const DIST = resolve(process.env.DIST ?? join(ROOT, "dist"));
const SCREENS = resolve(process.env.SCREENS ?? join(ROOT, "target/screens"));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Not the root of the server: a page that only works there would not work in a folder of somebody's site. */
const PREFIX = "/somebody/courses/splitbrain/";

/** Nothing but the page itself: no look at the network, no first-run pages. */
const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser = null;
let site = null;

after(async () => {
  await browser?.close();
  await site?.close();
});

/** The address of the page. */
export async function address() {
  if (!existsSync(join(DIST, "index.html"))) {
    throw new Error(`There is no page in ${DIST}: build it with \`cargo xtask dist\`.`);
  }
  site ??= await serve(DIST, PREFIX);
  return site.address;
}

/**
 * A test on a page of its own.
 *
 * `options`: `at` (what follows the address, such as `#/lease/no-fencing`), `depth` (how much is shown, `build` unless said; "" as for a newcomer), `before` (a function, or the text of a script, that
 * is run in the page before any of its own), `routes` (called with the page before it loads anything), `complains` (true where the test is
 * about a failure: what the console says is then no failure of the test), and all of Playwright's options of a context.
 */
export function scene(name, options, body) {
  const { at = "", depth = "build", before, routes, complains = false, ...context } = options;
  test(name, async () => {
    browser ??= await chromium.launch({ executablePath: CHROMIUM, args: SWITCHES });
    const opened = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", ...context });
    try {
      const page = await opened.newPage();
      page.setDefaultTimeout(20_000);
      const log = listen(page);
      // A person's choice is kept, and a test starts with all of the instrument unless it says otherwise.
      await page.addInitScript((depth) => {
        try {
          if (depth && !localStorage.getItem("splitbrain.depth")) localStorage.setItem("splitbrain.depth", depth);
        } catch {
          // Some tests are about a browser that keeps nothing.
        }
      }, depth);
      await page.addInitScript(fields);
      if (before) await page.addInitScript(typeof before === "string" ? { content: before } : before);
      if (routes) await routes(page);
      try {
        await page.goto((await address()) + at);
        await body(page, log);
        if (!complains) assert.deepEqual(log.wrong, [], "the page complained");
      } catch (error) {
        await picture(page, name);
        throw error;
      }
    } finally {
      await opened.close();
    }
  });
}

/**
 * Every console error, uncaught exception and failed request, and every file that was asked for.
 *
 * What was still on its way when the test went to another address or loaded the page anew is no failure: the browser stops it then.
 */
function listen(page) {
  const log = { wrong: [], asked: [] };
  let visits = 0;
  const visit = new WeakMap();
  page.on("request", (request) => {
    if (request.isNavigationRequest()) visits += 1;
    visit.set(request, visits);
  });
  page.on("console", (message) => {
    if (message.type() === "error") log.wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => log.wrong.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    const left = visit.get(request) < visits && why === "net::ERR_ABORTED";
    if (!left) log.wrong.push(`${request.url()}: ${why}`);
  });
  page.on("response", (response) => {
    log.asked.push(response.url());
    if (response.status() >= 400) log.wrong.push(`${response.url()}: ${response.status()}`);
  });
  return log;
}

async function picture(page, name) {
  await keep(page, name, { fullPage: true }).then(
    (file) => console.log(`the page as it was: ${file}`),
    () => console.log("no picture could be taken"),
  );
}

/** Keeps a picture of the page, and says where. */
export async function keep(page, name, options = {}) {
  mkdirSync(SCREENS, { recursive: true });
  const path = join(SCREENS, `${name.replaceAll(/[^\w]+/g, "-").toLowerCase()}.png`);
  await page.screenshot({ path, ...options });
  return path;
}
