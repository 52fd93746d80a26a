// Lighthouse: accessibility and best practices, on the start page and on a scenario. Its figure for performance depends on the machine
// that measures, and is no test.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { address } from "./harness.mjs";

const PAGES = [
  { name: "the start page", at: "" },
  { name: "a scenario", at: "#/lease/no-fencing" },
];

for (const { name, at } of PAGES) {
  test(`Lighthouse finds nothing wrong with ${name}`, async () => {
    const chromePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
    try {
      const found = await lighthouse((await address()) + at, {
        port: chrome.port,
        onlyCategories: ["accessibility", "best-practices"],
        // What is measured is not told, and nothing waits for a slow phone.
        throttlingMethod: "provided",
        logLevel: "error",
      });
      const { audits, categories, runtimeError } = found.lhr;
      assert.equal(runtimeError, undefined);
      for (const { id, score, auditRefs } of Object.values(categories)) {
        const failed = auditRefs.map(({ id }) => audits[id]).filter(({ score }) => score !== null && score < 1);
        assert.deepEqual(failed.map(({ id, title }) => `${id}: ${title}`), []);
        assert.equal(score, 1, id);
      }
    } finally {
      await chrome.kill();
    }
  });
}
