// Pictures of every view as people meet it, kept beside the reports of the tests (`target/screens`), so that somebody looks at them; and
// what no picture needs an eye for: nothing is wider than the window, and with forced colours nothing that is drawn disappears.
import assert from "node:assert/strict";
import { keep, scene } from "./harness.mjs";
import { button, computed } from "./words.mjs";

const AT = "#/raft/two-leaders";
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const still = { reducedMotion: "reduce" };

/** Opens a scenario, and goes to where something is under way. */
const midway = async (page) => {
  await computed(page);
  for (let presses = 0; presses < 40; presses += 1) await page.keyboard.press("ArrowRight");
};
const start = async (page) => {
  await page.locator(".hero-stage .stage-view .node").first().waitFor();
  await page.locator(".grp").nth(5).waitFor();
};
const compare = async (page) => {
  await midway(page);
  await button(page, "Compare").click();
  await page.getByRole("combobox", { name: "Compare with" }).selectOption({ index: 1 });
  await page.getByRole("region", { name: "Stage of the other run" }).waitFor();
};
const history = async (page) => {
  await page.getByText("Then there is no place for").waitFor();
};
const present = async (page) => {
  await midway(page);
  await button(page, "Present").click();
};

const VIEWS = [
  { name: "start", at: "", depth: "", go: start },
  { name: "start dark", at: "", depth: "", colorScheme: "dark", go: start },
  { name: "start phone", at: "", depth: "", ...phone, go: start },
  { name: "watch", at: AT, depth: "watch", go: midway },
  { name: "watch dark", at: AT, depth: "watch", colorScheme: "dark", go: midway },
  { name: "watch phone", at: AT, depth: "watch", ...phone, go: midway },
  { name: "explore", at: AT, depth: "explore", go: midway },
  { name: "explore dark", at: AT, depth: "explore", colorScheme: "dark", go: midway },
  { name: "explore phone", at: AT, depth: "explore", ...phone, go: midway },
  { name: "build", at: AT, depth: "build", go: midway },
  { name: "build dark", at: AT, depth: "build", colorScheme: "dark", go: midway },
  { name: "embed", at: `?embed${AT}`, viewport: { width: 640, height: 420 }, go: midway },
  { name: "embed dark", at: `?embed${AT}`, viewport: { width: 640, height: 420 }, colorScheme: "dark", go: midway },
  { name: "compare", at: AT, depth: "explore", go: compare },
  { name: "compare dark", at: AT, depth: "explore", colorScheme: "dark", go: compare },
  { name: "projector", at: AT, depth: "watch", viewport: { width: 1280, height: 720 }, go: present },
  { name: "forced colours", at: AT, depth: "explore", forcedColors: "active", go: midway },
  { name: "forced colours start", at: "", depth: "", forcedColors: "active", go: start },
  { name: "history", at: "#/history", go: history },
  { name: "history phone", at: "#/history", ...phone, go: history },
];

for (const { name, go, ...options } of VIEWS) {
  scene(`a picture of ${name}`, { ...still, ...options }, async (page) => {
    await go(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `it is ${wide} px wider than the window`);
    if (options.forcedColors) assert.deepEqual(await gone(page), [], "what is drawn has a colour of the system");
    await keep(page, name);
  });
}

/** What is drawn on the stage in the colour of the ground that it lies on. */
const gone = (page) =>
  page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const marks = [...document.querySelectorAll(".stage-view .node, .stage-view .link, .stage-view text")];
    const drawn = (shape) => shape instanceof SVGGeometryElement || shape instanceof SVGTextElement;
    const unseen = (mark) => {
      const styles = [mark, ...mark.querySelectorAll("*")].filter(drawn).map((shape) => getComputedStyle(shape));
      // A message that is not on its way yet is there, and hidden.
      const shown = styles.filter(({ visibility }) => visibility !== "hidden");
      return shown.length > 0 && shown.every(({ fill, stroke }) => [fill, stroke].every((colour) => colour === "none" || colour === ground));
    };
    return marks.filter(unseen).map((mark) => mark.outerHTML.slice(0, 120));
  });
