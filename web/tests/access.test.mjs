// For everybody: by keyboard alone, read aloud, in light and dark, with less motion, on a small screen.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { at, button, computed, end, field, focused, playhead, prediction, property, script, shown, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");

/** Plays from the start to the question, by keyboard, and fast. */
async function question(page) {
  await computed(page);
  await page.keyboard.press(".");
  await page.keyboard.press("Space");
  await prediction(page).waitFor();
}

const STATES = [
  { name: "the catalog", at: "", ready: (page) => page.getByRole("heading", { level: 1 }).waitFor() },
  { name: "a scenario at its start", at: AT, ready: computed },
  { name: "a scenario in the middle", at: AT, ready: async (page) => {
    await computed(page);
    for (let step = 1; step <= 8; step += 1) {
      await page.keyboard.press("ArrowRight");
      await at(page, step);
    }
  } },
  { name: "a prediction", at: AT, ready: question },
  { name: "a violation", at: AT, ready: end },
  { name: "a table of promises", at: "#/lww/cure-vector", ready: end },
  { name: "a broken script", at: AT, ready: async (page) => {
    await (await script(page)).fill(TEXT.replace("pause c1", "pase c1"));
    await page.getByRole("status").getByRole("listitem").first().waitFor();
  } },
  { name: "what is shared and kept", at: AT, ready: async (page) => {
    await end(page);
    await button(page, "Share").click();
    await page.getByRole("dialog", { name: "Share and keep" }).waitFor();
  } },
  { name: "a scenario on a projector", at: AT, ready: async (page) => {
    await end(page);
    await button(page, "Present").click();
    await page.locator("html[data-room=projector]").waitFor();
  } },
  { name: "a frame", at: `?embed${AT}`, viewport: { width: 640, height: 420 }, ready: (page) => playhead(page).waitFor() },
  { name: "an address that leads nowhere", at: "#/no/where", ready: (page) =>
    page.getByRole("heading", { name: "There is no such scenario" }).waitFor() },
];

for (const colorScheme of ["light", "dark"]) {
  for (const { name, at, viewport = { width: 1440, height: 900 }, ready } of STATES) {
    scene(`axe finds nothing wrong with ${name}, ${colorScheme}`, { at, viewport, colorScheme, reducedMotion: "reduce" }, async (page) => {
      await ready(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const said = violations.map(
        ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.target}  ${node.html.slice(0, 160)}`).join("\n")}`,
      );
      assert.deepEqual(said, []);
    });
  }
}

scene("everything can be done by keyboard", { at: AT }, async (page) => {
  const all = await computed(page);
  await question(page);
  // The question has the focus, and behind it come the answers.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await prediction(page).getByText("✕ your answer").waitFor();
  assert.equal(await focused(page), "See it happen");
  await page.keyboard.press("Enter");
  await property(page, "no-stale-write").getByRole("alert").waitFor({ timeout: 60_000 });
  // Playback stops where the promise falls.
  await page.keyboard.press("End");
  await at(page, all);
  await page.keyboard.press("ArrowLeft");
  await at(page, all - 1);
  await page.keyboard.press("Home");
  await at(page, 0);
  await page.keyboard.press("v");
  assert.match(await property(page, "no-stale-write").innerText(), /violated/);
  const fell = (await shown(page)).step;
  await tabTo(page, "Go to where it fell");
  await page.keyboard.press("Enter");
  assert.equal((await shown(page)).step, fell);
  await page.keyboard.press("Home");
  await at(page, 0);
  await tabTo(page, "Lesson");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: /^Script/, selected: true }).waitFor();
  await tabTo(page, "Scenario");
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("# by keyboard, and Home and space belong to the text\n");
  assert.match(await field(page).inputValue(), /belong to the text\n$/);
  await at(page, 0);
});

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page, name) {
  const seen = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const focused = document.activeElement;
      return (focused?.getAttribute("aria-label") ?? focused?.textContent ?? "").trim();
    });
    if (here === name) return;
    seen.push(here.slice(0, 30));
  }
  assert.fail(`Tab never comes to "${name}", only to ${[...new Set(seen)].join(" | ")}`);
}

scene("who asked for less motion sees none", { at: AT, reducedMotion: "reduce" }, async (page) => {
  await computed(page);
  await button(page, "Play").click();
  await prediction(page).waitFor();
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => animation.playState === "running")
      .map((animation) => `${animation.animationName ?? animation.transitionProperty} of ${animation.effect?.target?.className}`));
  assert.deepEqual(moving, []);
});

for (const [width, height] of [[1440, 410], [844, 390], [768, 432], [320, 256]]) {
  scene(`a window of ${width} by ${height} has room for a stage, and the page scrolls`, {
    at: "#/lease/check-again", viewport: { width, height },
  }, async (page) => {
    await end(page);
    const stage = await page.locator(".stage-box").boundingBox();
    assert.ok(stage.height > 200, `the stage is ${stage.height} high`);
    await button(page, "Play").scrollIntoViewIfNeeded();
    for (const size of [height / 2, 60, height]) await page.setViewportSize({ width, height: Math.round(size) });
    await page.keyboard.press("Home");
    await at(page, 0);
  });
}

scene("the playhead is told in words", { at: AT }, async (page) => {
  const all = await end(page);
  assert.match(await playhead(page).getAttribute("aria-valuetext"), new RegExp(`^20\\.\\d{3} seconds, event ${all} of ${all}$`));
});

for (const [name, width, height] of [["a phone", 390, 844], ["a small laptop", 1280, 720], ["a projector", 1920, 1080]]) {
  scene(`nothing is cut off at the side on ${name}`, { at: AT, viewport: { width, height } }, async (page) => {
    await end(page);
    for (const tab of ["Script", "Lesson"]) {
      await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `with the ${tab} open the page is ${over} px wider than the window`);
    }
    for (const word of ["Play", "Step back", "Step forward"]) {
      await button(page, word).scrollIntoViewIfNeeded();
      assert.ok(await button(page, word).isVisible(), `"${word}" cannot be seen`);
    }
  });
}
