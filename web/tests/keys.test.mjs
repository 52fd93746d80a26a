// One table of actions: the list of commands, the sheet of keys, keys of one letter that can be switched off.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { at, button, canned, computed, depth, end, field, focused, script, shown } from "./words.mjs";

const AT = "#/lease/no-fencing";
const commands = (page) => page.getByRole("dialog", { name: "Commands" });
const sheet = (page) => page.getByRole("dialog", { name: "Keys" });
const combobox = (page) => page.getByRole("combobox", { name: "Command, scenario, or place" });
const option = (page, name) => commands(page).getByRole("option", { name, exact: true });
const meant = (page) => commands(page).getByRole("option", { selected: true });

/** The table, as the page has it: each row with its keys and where they are meant. */
function table() {
  const lines = readFileSync(new URL("../src/actions/table.txt", import.meta.url), "utf8").trim().split("\n");
  const rows = [];
  let heading = [];
  for (const line of lines.map((line) => line.split("\t"))) {
    if (line.length === 2) heading = line;
    else rows.push({ id: line[0], name: line[1], keys: line[2].split(" ").filter(Boolean), group: heading[0], place: heading[1] });
  }
  return rows;
}

async function open(page) {
  await computed(page);
  await page.keyboard.press("ControlOrMeta+k");
  await combobox(page).waitFor();
}

/** The line that the field says is meant is the one that is marked, and it is in sight. */
async function isMeant(page, name) {
  await meant(page).filter({ hasText: name }).waitFor();
  assert.equal(await combobox(page).getAttribute("aria-activedescendant"), await meant(page).getAttribute("id"));
  await meant(page).evaluate((line) => {
    const [box, list] = [line, line.closest("[role=listbox]")].map((element) => element.getBoundingClientRect());
    if (box.top < list.top - 1 || box.bottom > list.bottom + 1) throw new Error("the line that is meant is out of sight");
  });
}

scene("the list of commands filters, and does what is chosen by keyboard", { at: AT }, async (page) => {
  await open(page);
  assert.equal(await focused(page), "Command, scenario, or place");
  await isMeant(page, "Play or pause");
  await page.keyboard.press("ArrowDown");
  await isMeant(page, "Step forward");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  // Around to the last of all.
  await isMeant(page, (canned().at(-1) ?? {}).title && (await commands(page).getByRole("option").last().innerText()).split("\n")[0]);
  await page.keyboard.type("first viol");
  await isMeant(page, "To the first violation");
  await commands(page).getByText("One is found.").waitFor();
  await page.keyboard.press("Enter");
  await commands(page).waitFor({ state: "detached" });
  await page.locator(".flag.now").waitFor();
  await open(page);
  await page.keyboard.type("to the start");
  await page.keyboard.press("Enter");
  await at(page, 0);
  await open(page);
  await page.keyboard.type("quite another thing");
  await commands(page).getByText("Nothing of that kind").waitFor();
  assert.equal(await combobox(page).getAttribute("aria-activedescendant"), null);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await commands(page).waitFor({ state: "detached" });
  await at(page, 0);
});

scene("the list of commands keeps the keyboard, and gives it back", { at: AT }, async (page) => {
  await computed(page);
  await button(page, "Step forward").focus();
  await page.keyboard.press("ControlOrMeta+k");
  await combobox(page).waitFor();
  for (const key of ["Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"]) {
    await page.keyboard.press(key);
    assert.ok(await page.evaluate(() => document.activeElement.closest("dialog") !== null), `${key} leads out of it`);
  }
  await page.keyboard.press("Escape");
  await commands(page).waitFor({ state: "detached" });
  assert.equal(await focused(page), "Step forward");
  // What is pressed beside it closes it, too.
  await button(page, "Commands").click();
  await combobox(page).waitFor();
  await page.mouse.click(20, 880);
  await commands(page).waitFor({ state: "detached" });
  assert.equal(await focused(page), "Commands");
  // While it is open, keys belong to it.
  await button(page, "Commands").click();
  await combobox(page).waitFor();
  await page.keyboard.type("v 1 b");
  await at(page, 0);
  assert.equal(await combobox(page).inputValue(), "v 1 b");
});

scene("from the text, too, the list opens, and the text has the keyboard again", { at: AT }, async (page) => {
  const text = await script(page);
  await text.focus();
  const before = await field(page).inputValue();
  await page.keyboard.press("ControlOrMeta+k");
  await combobox(page).waitFor();
  await page.keyboard.press("Escape");
  await commands(page).waitFor({ state: "detached" });
  assert.equal(await focused(page), "Scenario");
  assert.equal(await field(page).inputValue(), before);
});

scene("by pointer, a newcomer finds a scenario, a lab and a violation", {}, async (page) => {
  await page.getByRole("heading", { level: 1, name: /Watch a system fail/ }).waitFor();
  const title = canned().find(({ lab, name }) => lab === "lease" && name === "no-fencing").title;
  await button(page, "Commands").click();
  await combobox(page).fill(title.toLowerCase().slice(0, 20));
  await option(page, `${title} Leases and fencing tokens`).click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await computed(page);
  await button(page, "Commands").click();
  await combobox(page).fill("no-stale-write");
  await option(page, "To where no-stale-write is violated Properties").click();
  await page.locator(".flag.now").waitFor();
  await button(page, "Commands").click();
  await combobox(page).fill("raft");
  await commands(page).getByRole("option").filter({ hasText: /Labs$/ }).first().click();
  await page.waitForURL(/#\/raft\//);
  await computed(page);
});

scene("the list knows branches, drafts and nodes", { at: "#/raft/figure-8", depth: "explore" }, async (page) => {
  await computed(page);
  await page.keyboard.press("b");
  await open(page);
  await page.keyboard.type("As written");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Branch: As written/, pressed: true }).waitFor();
  await open(page);
  await page.keyboard.type("look into n3");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Inspector" }).getByText("n3").first().waitFor();
  await button(page, "Share").click();
  await page.getByRole("textbox", { name: "Name of the copy" }).fill("Mine to find");
  await button(page, "Keep a copy").click();
  await page.waitForURL(/#\/draft\//);
  await open(page);
  await page.keyboard.type("mine to");
  await commands(page).getByRole("option", { name: "Mine to find Your drafts" }).waitFor();
});

scene("what can not be done is not offered", { at: AT, depth: "watch" }, async (page) => {
  await open(page);
  for (const name of ["Tear the network apart", "Branch here", "Panel: Script", "Leave the presentation"]) {
    assert.equal(await commands(page).getByRole("option", { name: new RegExp(`^${name}`) }).count(), 0, name);
  }
  await page.keyboard.type("Build:");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: /^Script/ }).waitFor();
  await open(page);
  for (const name of ["Tear the network apart", "Branch here", "Panel: Script"]) {
    await commands(page).getByRole("option", { name: new RegExp(`^${name}`) }).waitFor();
  }
});

scene("the sheet of keys has every key of the table, under where it is meant", { at: AT }, async (page) => {
  await computed(page);
  await page.keyboard.press("?");
  await sheet(page).waitFor();
  const rows = table().filter(({ keys }) => keys.length > 0);
  const shown = await sheet(page).locator(".keyrow").evaluateAll((rows) =>
    rows.map((row) => ({
      group: row.closest("section").querySelector("h3").textContent,
      name: row.querySelector("dd").textContent,
      keys: [...row.querySelectorAll("kbd")].map((key) => key.textContent),
    })));
  const signs = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Control: "Ctrl", Plus: "+", Escape: "Esc", PageUp: "Page up", PageDown: "Page down" };
  const written = (key) => key.split("+").map((part) => signs[part] ?? part).join(" ");
  assert.deepEqual(shown, rows.map(({ group, name, keys }) => ({ group, name, keys: keys.map(written) })));
  // The run under it stands still, whatever is pressed.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("v");
  await at(page, 0);
  for (const key of ["Tab", "Tab", "Tab", "Tab", "Shift+Tab"]) {
    await page.keyboard.press(key);
    assert.ok(await page.evaluate(() => document.activeElement.closest("dialog") !== null), `${key} leads out of it`);
  }
  await sheet(page).getByRole("button", { name: "list of commands" }).click();
  await combobox(page).waitFor();
  await page.keyboard.press("Escape");
  await button(page, "Keys").click();
  await sheet(page).getByRole("button", { name: "Close" }).click();
  assert.equal(await focused(page), "Keys");
});

scene("every shortcut that the page names is one of the table", { at: "#/raft/figure-8" }, async (page) => {
  await computed(page);
  const keys = new Set(table().flatMap(({ keys }) => keys));
  await page.getByRole("button", { name: /^n3/ }).first().click();
  await page.getByRole("menu").waitFor();
  const named = await page.locator("[aria-keyshortcuts]").evaluateAll((all) => all.map((each) => each.getAttribute("aria-keyshortcuts")));
  assert.ok(named.length > 14, `${named.length} elements name a key`);
  for (const key of named.flatMap((keys) => keys.split(" "))) assert.ok(keys.has(key), `the table has no "${key}"`);
});

const letters = (page) => page.getByRole("switch", { name: /^Keys of one letter/ });

scene("keys of one letter can be switched off, and stay so", { at: AT }, async (page) => {
  const all = await computed(page);
  await page.keyboard.press("?");
  await letters(page).press("Space");
  assert.equal(await letters(page).isChecked(), false);
  await page.keyboard.press("Escape");
  await sheet(page).waitFor({ state: "detached" });
  await page.reload();
  await computed(page);
  // On the page.
  for (const key of ["v", ".", "b", "t", "1", "?", "r"]) await page.keyboard.press(key);
  await at(page, 0);
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.ok(await page.getByRole("radio", { name: "Build" }).isChecked());
  assert.equal(await page.getByRole("group", { name: "Tear the network apart" }).count(), 0);
  // On the stage, and in its menu.
  const before = await field(page).inputValue().catch(() => "");
  const c1 = page.getByRole("region", { name: "Stage", exact: true }).getByRole("button", { name: /^c1/ });
  await c1.press("c");
  await c1.press("p");
  await c1.press("Enter");
  const crash = page.getByRole("menuitem", { name: "Crash" });
  await crash.waitFor();
  assert.equal(await crash.getAttribute("aria-keyshortcuts"), null);
  await crash.press("c");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("button", { name: /^c1.*crashed/ }).count(), 0);
  assert.equal(await field(page).inputValue().catch(() => ""), before);
  // In the diagram.
  const seen = await page.locator(".st-ruler .st-time").allInnerTexts();
  await page.getByRole("button", { name: "Zoom in" }).focus();
  for (const key of ["+", "-", "+", "0"]) await page.keyboard.press(key);
  assert.deepEqual(await page.locator(".st-ruler .st-time").allInnerTexts(), seen);
  // What is no letter stays.
  await page.getByRole("slider", { name: "Time" }).focus();
  await page.keyboard.press("ArrowRight");
  await at(page, 1);
  await page.keyboard.press("End");
  await at(page, all);
  await page.keyboard.press("Home");
  await at(page, 0);
  await page.keyboard.press("Space");
  await button(page, "Pause").waitFor();
  await page.keyboard.press("Space");
  await button(page, "Play").waitFor();
  // Buttons name what works, and the list of commands has all of it.
  assert.equal(await button(page, "Keys").getAttribute("aria-keyshortcuts"), null);
  assert.equal(await button(page, "Step forward").getAttribute("aria-keyshortcuts"), "ArrowRight");
  await page.keyboard.press("ControlOrMeta+k");
  await combobox(page).and(page.locator(":focus")).waitFor();
  await page.keyboard.type("first violation");
  await page.keyboard.press("Enter");
  await page.locator(".flag.now").waitFor();
  // On again, in the settings.
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  await letters(page).check({ force: true });
  await page.getByRole("heading", { name: "This page" }).click();
  await page.keyboard.press("?");
  await sheet(page).waitFor();
  assert.ok(await sheet(page).getByRole("switch").isChecked());
});

const STATES = [
  { name: "the list of commands", ready: open },
  { name: "what is found in it", ready: async (page) => { await open(page); await page.keyboard.type("step"); await meant(page).waitFor(); } },
  { name: "the sheet of keys", ready: async (page) => { await computed(page); await page.keyboard.press("?"); await sheet(page).waitFor(); } },
  { name: "the sheet of keys without letters", ready: async (page) => {
    await computed(page);
    await page.keyboard.press("?");
    await letters(page).press("Space");
    await sheet(page).locator("kbd.off").first().waitFor();
  } },
  { name: "the transcript", ready: async (page) => { await end(page); await page.keyboard.press("r"); await page.getByRole("dialog", { name: "Transcript" }).waitFor(); } },
];
for (const colorScheme of ["light", "dark"]) {
  for (const { name, ready } of STATES) {
    scene(`axe finds nothing wrong with ${name}, ${colorScheme}`, { at: AT, colorScheme, reducedMotion: "reduce" }, async (page) => {
      await ready(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => node.html.slice(0, 160)).join("\n")}`), []);
    });
  }
}

scene("on the start page, in a frame and in a presentation the keys are there, too", {}, async (page) => {
  await page.getByRole("heading", { level: 1, name: /Watch a system fail/ }).waitFor();
  await button(page, "Keys").and(page.locator("[aria-keyshortcuts]")).waitFor();
  await page.keyboard.press("?");
  await sheet(page).waitFor();
  await page.keyboard.press("Escape");
  await page.goto(page.url().replace(/(#.*)?$/, "?embed#/lease/no-fencing"));
  await computed(page);
  await page.keyboard.press("ControlOrMeta+k");
  await combobox(page).and(page.locator(":focus")).waitFor();
  await page.keyboard.type("first vio");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "is violated" }).waitFor();
  await page.goto(page.url().replace("?embed", ""));
  await computed(page);
  await button(page, "Present").click();
  await depthIsGone(page);
  await page.keyboard.press("ControlOrMeta+k");
  await combobox(page).and(page.locator(":focus")).waitFor();
  await page.keyboard.type("leave");
  await page.keyboard.press("Enter");
  await depth(page, "Explore");
  assert.equal((await shown(page)).step, 0);
});

const depthIsGone = (page) => page.getByRole("radio", { name: "Explore" }).waitFor({ state: "detached" });
