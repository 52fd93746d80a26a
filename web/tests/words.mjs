// The page in the words of the tests: everything is found by the role and name that a person with a screen reader meets.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SCENARIOS = resolve(dirname(fileURLToPath(import.meta.url)), "../../scenarios");

/** Every canned scenario: its lab, its name, its text, its title. */
export function canned() {
  const labs = readdirSync(SCENARIOS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return labs.flatMap(({ name: lab }) => {
    const files = readdirSync(join(SCENARIOS, lab)).filter((file) => file.endsWith(".scn") && lab !== "tests");
    return files.map((file) => {
      const text = readFileSync(join(SCENARIOS, lab, file), "utf8");
      return { lab, name: file.slice(0, -".scn".length), text, title: /^title +(.+)$/m.exec(text)?.[1] };
    });
  });
}

export const text = (lab, name) => canned().find((each) => each.lab === lab && each.name === name).text;

export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const playhead = (page) => page.getByRole("slider", { name: "Time", exact: true });

/** The field with the scenario, be it the editor or the plain one: what it holds, and another text for it. */
export function field(page) {
  const found = page.getByRole("textbox", { name: "Scenario" });
  found.inputValue = () => found.evaluate((field) => readField(field));
  found.fill = (text) => found.evaluate((field, text) => writeField(field, text), text);
  return found;
}
export const prediction = (page) => page.getByRole("region", { name: "Prediction" });

/** The name of what has the keyboard. */
export const focused = (page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return (activeElement.getAttribute("aria-label") ?? activeElement.textContent).trim();
  });

/** The row of one property in the list of properties. */
export const property = (page, id) =>
  page.getByRole("region", { name: "Properties" }).getByRole("listitem").filter({ hasText: id }).first();

/** Which event is shown, and how many there are. */
export async function shown(page) {
  const [step, all] = await Promise.all(
    ["aria-valuenow", "aria-valuemax"].map((name) => playhead(page).getAttribute(name)),
  );
  return { step: Number(step), all: Number(all) };
}

/** Waits until all of the page is here and the whole run is computed, and gives the number of its events. */
export async function computed(page) {
  await page.locator("main.bench:not([aria-busy])").waitFor();
  await page.getByText(/^event \d+ of \d+$/).waitFor();
  return (await shown(page)).all;
}

/** Waits until the catalog has a card for every scenario, and gives how many these are. */
export async function cards(page) {
  const all = canned().length;
  await page.waitForFunction((all) => document.querySelectorAll(".card").length === all, all);
  return all;
}

/** Waits until the page shows this event. */
export async function at(page, step) {
  await page.getByText(new RegExp(`^event ${step} of \\d+…?$`)).waitFor();
}

/** Opens the script, waits for the editor or for the word that there will be none, and gives the field with the text. */
export async function script(page) {
  await page.getByRole("tab", { name: /^Script/ }).click();
  await page.locator(".code.editor .cm-content, .plainly").first().waitFor();
  await field(page).waitFor();
  return field(page);
}

/** No editor arrives: the plain field serves. For the `routes` of a scene, which then complains of a missing file. */
export const withoutEditor = (page) => page.route("**/labs/editor-*.js", (route) => route.abort());

/** Goes to the end of the run. */
export async function end(page) {
  const all = await computed(page);
  await playhead(page).press("End");
  await at(page, all);
  return all;
}

/** Asserts that the stage shows nodes and not nothing, and gives what it says in words. */
export async function stageWords(page) {
  const words = await page.getByRole("region", { name: "Stage" }).innerText();
  assert.notEqual(words.trim(), "", "the stage is empty");
  return words;
}

/** Shows more of the instrument, or less: `Watch`, `Explore`, `Build`. */
export async function depth(page, name) {
  // The words are what one clicks at, once they stand still.
  await page.locator("label").filter({ has: page.getByRole("radio", { name }) }).click();
}

/** A hundred thousand steps: five replicas that tell each other without pause what they have. */
export const LONG = `lab      lww
title    A hundred thousand steps
nodes    5
set      gossip 10ms
stop at 101s
at 0s c1 write x 1
`;

/** What many times have in common, each in ms. */
export function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(1));
  return { median: at(0.5), p95: at(0.95), longest: at(1) };
}
