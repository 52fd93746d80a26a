// A window of 1280 by 800 at 200 %, and a finger on a phone: nothing is cut off, nothing lies over something else, all can be hit.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { button, computed, end } from "./words.mjs";

const AT = "#/raft/figure-8";

/** Everything that can be pressed: what of it is cut off at the side, cannot be reached, is covered, or is too small. */
async function reached(page, { least, within = "body" }) {
  return page.evaluate(async ({ least, within }) => {
    const wrong = [];
    const root = document.querySelector(within);
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) wrong.push(`the page is ${over} px wider than the window`);
    const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const named = (element) => `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}"`;
    for (const element of root.querySelectorAll("a[href], button, summary, select, input, textarea, [role=switch], [role=option], [role=slider]")) {
      // A switch, a choice and a file are pressed on their label.
      const hit = element.matches("[type=checkbox], [type=radio], [type=file]") ? element.closest("label") : element;
      if (!hit || !seen(hit) || hit.closest("[inert], [aria-hidden=true]") || hit.matches(".st-spot")) continue;
      // On a phone the stage stays at the top, and what is read comes from below it.
      let [box, top] = [];
      for (const block of ["center", "end", "start"]) {
        hit.scrollIntoView({ block, inline: "center", behavior: "instant" });
        box = hit.getBoundingClientRect();
        top = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1), box.top + Math.min(box.height / 2, 40));
        if (top && (hit.contains(top) || top.contains(hit) || top.closest("label") === hit)) break;
        top = top ?? document.documentElement;
        if (block === "start") wrong.push(`${named(element)} is under ${top.tagName} .${top.className?.baseVal ?? top.className}`);
      }
      if (box.width === 0) continue;
      // What stands in a sentence is as high as its line.
      const inline = getComputedStyle(hit).display === "inline" || hit.matches(".link, .concerned");
      if (!inline && (box.width < least - 0.5 || box.height < least - 0.5)) wrong.push(`${named(element)} is ${box.width.toFixed()} by ${box.height.toFixed()}`);
      if (box.left < -0.5 || box.right > innerWidth + 0.5) wrong.push(`${named(element)} goes from ${box.left.toFixed()} to ${box.right.toFixed()}`);
    }
    return wrong;
  }, { least, within });
}

const VIEWS = [
  { name: "the start page", at: "", ready: (page) => page.getByRole("heading", { level: 1, name: /Watch a system fail/ }).waitFor() },
  { name: "Watch", at: AT, depth: "watch", ready: end },
  { name: "Explore", at: AT, depth: "explore", ready: end },
  { name: "Build", at: AT, depth: "build", ready: async (page) => { await end(page); await page.getByRole("tab", { name: /^Script/ }).click(); await page.locator(".cm-content").waitFor(); } },
  { name: "flaws and knobs", at: AT, depth: "explore", ready: async (page) => { await computed(page); await page.getByRole("tab", { name: "Flaws and knobs" }).click(); } },
  { name: "the list of commands", at: AT, ready: async (page) => { await computed(page); await button(page, "Commands").click(); await page.locator(".cmd-field").waitFor(); }, within: "dialog" },
  { name: "the sheet of keys", at: AT, ready: async (page) => { await computed(page); await page.keyboard.press("?"); await page.getByRole("dialog", { name: "Keys" }).waitFor(); }, within: "dialog" },
  { name: "the transcript", at: AT, ready: async (page) => { await end(page); await button(page, "Transcript").click(); await page.getByRole("dialog", { name: "Transcript" }).waitFor(); }, within: ".transcript" },
];
const WINDOWS = [
  { on: "at 200 %", viewport: { width: 640, height: 400 }, least: 24 },
  { on: "on a phone", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, least: 24 },
];
for (const { on, least, ...window } of WINDOWS) {
  for (const { name, ready, within, ...view } of VIEWS) {
    scene(`${name} ${on}: nothing is cut off, and all can be hit`, { ...window, ...view, reducedMotion: "reduce" }, async (page) => {
      await ready(page);
      assert.deepEqual(await reached(page, { least, within }), []);
    });
  }
}

scene("by touch, the list of commands, the sheet and the transcript do what they do", {
  at: "#/lease/no-fencing", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
}, async (page) => {
  await computed(page);
  for (const name of ["Commands", "Share", "Transcript", "Play", "Step forward"]) {
    const box = await button(page, name).boundingBox();
    assert.ok(box.width > 39.5 && box.height > 43.5, `${name} is ${box.width} by ${box.height}`);
  }
  await button(page, "Commands").tap();
  await page.locator(".cmd-field").fill("first viol");
  const line = page.locator(".cmd").first();
  const { height } = await line.boundingBox();
  assert.ok(height > 43.5, `a line of the list is ${height} high`);
  await line.tap();
  await page.locator(".flag.now").waitFor();
  await button(page, "Transcript").tap();
  const dialog = page.getByRole("dialog", { name: "Transcript" });
  await dialog.getByRole("button", { name: "c1 write x 1: begins" }).first().or(dialog.locator(".tr-go").first()).first().tap();
  await page.getByText(/^event 1 of/).waitFor();
  // What happens is seen above it.
  const [stage, words] = await Promise.all([page.locator(".stage-box").boundingBox(), dialog.boundingBox()]);
  assert.ok(stage.y + stage.height * 0.6 < words.y, "the stage is under the transcript");
  await dialog.getByRole("button", { name: "Close" }).tap();
  await button(page, "Commands").tap();
  await page.locator(".cmd-field").fill("Keys");
  await page.getByRole("option", { name: /^Keys The page/ }).tap();
  await page.getByRole("dialog", { name: "Keys" }).getByRole("button", { name: "Close" }).tap();
});
