// The editor of scenarios: CodeMirror, and what the page tells it. Where it cannot come, a plain field serves.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { at, button, canned, computed, depth, end, field, focused, playhead, property, script, text, withoutEditor } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");
const LINES = TEXT.split("\n");
const line = (word) => LINES.findIndex((each) => each.includes(word)) + 1;
const fetched = (log) => log.asked.filter((url) => /labs\/editor-\w+\.js/.test(url)).length;

/** The lines of the editor that have this mark, by their text. */
const marked = (page, mark) => page.locator(`.cm-line.cm-${mark}`).allTextContents();
/** Puts the caret at the end of the first line that begins with this word. */
const behind = (page, word) =>
  field(page).evaluate((field, word) => {
    const text = readField(field);
    const start = text.indexOf(word);
    placeCaret(field, (text.indexOf("\n", start) + text.length + 1) % (text.length + 1));
  }, word);
/** Waits until something that is read again and again is this. */
async function becomes(read, expected) {
  const until = Date.now() + 5_000;
  let seen = await read();
  while (!isDeepStrictEqual(seen, expected) && Date.now() < until) seen = await read();
  assert.deepEqual(seen, expected);
}
/** Takes the chosen suggestion. In its first moments a list takes no key: it may have come under somebody's fingers. */
async function take(page) {
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  await page.keyboard.press("Enter");
}
/** The suggestions that are offered. */
const offers = (page) => page.locator(".cm-tooltip-autocomplete [role=option]");

scene("the editor is fetched when the script is first opened, and once", { at: AT, depth: "" }, async (page, log) => {
  await end(page);
  await depth(page, "Build");
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  await page.getByRole("switch").first().waitFor();
  assert.equal(fetched(log), 0, "nobody has opened the script");
  await script(page);
  assert.equal(fetched(log), 1);
  await page.getByRole("tab", { name: "Lesson" }).click();
  assert.equal(await (await script(page)).inputValue(), TEXT);
  assert.equal(fetched(log), 1);
});

scene("what is typed runs, letter by letter into one text", { at: AT }, async (page) => {
  await end(page);
  const editor = await script(page);
  await behind(page, "flaw");
  await page.keyboard.press("Home");
  await page.keyboard.press("Home");
  await page.keyboard.type("# ü “日本” 🧠 ");
  assert.equal(await editor.inputValue(), TEXT.replace(/^flaw/m, "# ü “日本” 🧠 flaw"));
  await end(page);
  assert.match(await property(page, "no-stale-write").innerText(), /holds/);
});

scene("a word is offered, explained, and taken by keyboard", { at: AT }, async (page) => {
  const editor = await script(page);
  await editor.press("ControlOrMeta+End");
  await page.keyboard.type("at 25s cr");
  await offers(page).first().waitFor();
  assert.match(await offers(page).first().innerText(), /^crash\s+The process dies/);
  assert.equal(await offers(page).first().getAttribute("aria-selected"), "true");
  await take(page);
  await page.keyboard.type(" c");
  await offers(page).filter({ hasText: /^c2/ }).waitFor();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  await page.keyboard.press("ArrowDown");
  await take(page);
  assert.equal(await editor.inputValue(), `${TEXT}at 25s crash c2`);
  await page.keyboard.press("Enter");
  assert.equal(await editor.inputValue(), `${TEXT}at 25s crash c2\n`, "a whole word is no reason to take a key away");
  await page.keyboard.press("Control+Space");
  await offers(page).filter({ hasText: /^expect/ }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await offers(page).count(), 0);
  await page.keyboard.press("Shift+Tab");
  assert.notEqual(await focused(page), "Scenario", "Tab leads out of the text");
});

scene("a word under the pointer is explained, with its source, and with the time of its line", { at: AT }, async (page) => {
  await end(page);
  await script(page);
  const help = page.locator(".cm-help");
  const hover = async (line, word) => {
    await page.mouse.move(0, 0);
    await help.waitFor({ state: "detached" });
    await page.locator(".cm-line", { hasText: line }).locator("span", { hasText: word }).first().hover();
    await help.waitFor();
    return help.innerText();
  };
  assert.match(await hover(/^flaw/, /^no-fencing$/), /tokens[^]*Breaks no-stale-write first\. Source: /);
  assert.match(await hover(/^when c1 checked-lease/, /^when$/), /In this run: at \d+\.\d{3} s\./);
  assert.match(await hover(/^when c1 checked-lease/, /^pause$/), /It stands still[^]*for example/);
});

scene("a word at the caret is explained by key, and read aloud", { at: AT }, async (page) => {
  const editor = await script(page);
  await editor.evaluate((field) => placeCaret(field, readField(field).indexOf("no-fencing") + "no-fencing".length));
  await page.keyboard.press("ControlOrMeta+i");
  const help = page.locator(".cm-help");
  await help.waitFor();
  assert.match(await help.innerText(), /Breaks no-stale-write first/);
  assert.match(await page.locator(".cm-announced").textContent(), /Breaks no-stale-write first/);
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await page.keyboard.press("ControlOrMeta+i");
  await help.waitFor();
  await page.keyboard.press("ArrowDown");
  await help.waitFor({ state: "detached" });
});

scene("lines that end as on Windows stay as they are", { at: AT }, async (page) => {
  const editor = await script(page);
  const windows = "lab lease\r\n# ä 🧠\r\nat 1s crsh c1\r\n";
  await editor.fill(windows);
  await page.locator(".cm-lintRange-error").waitFor();
  assert.equal(await page.locator(".cm-lintRange-error").textContent(), "crsh");
  await page.getByRole("button", { name: "Use crash" }).click();
  await becomes(() => editor.inputValue(), windows.replace("crsh", "crash"));
});

scene("what is wrong is marked in the text, and mended there", { at: AT }, async (page) => {
  const editor = await script(page);
  await editor.fill(TEXT.replace("pause c1", "pase c1"));
  const mark = page.locator(".cm-lintRange-error");
  await mark.waitFor();
  assert.equal(await mark.textContent(), "pase");
  assert.deepEqual(await marked(page, "err"), [LINES[line("pause c1") - 1].replace("pause", "pase")]);
  await mark.hover();
  const said = page.locator(".cm-tooltip .cm-diagnostic");
  await said.waitFor();
  assert.match(await said.innerText(), /pase[^]*did you mean pause\?/);
  await said.getByRole("button", { name: "Use pause" }).click();
  assert.equal(await editor.inputValue(), TEXT);
  await mark.waitFor({ state: "detached" });
  await editor.fill(TEXT.replace("pause c1", "pase c1"));
  await mark.waitFor();
  await editor.press("F8");
  const chosen = await editor.evaluate((field) => readField(field).slice(caretOf(field) - 4, caretOf(field)));
  assert.equal(chosen, "pase", "F8 goes there");
});

scene("the line that happened last is marked as the cursor passes it, and those ahead are dim", { at: AT }, async (page) => {
  await computed(page);
  await script(page);
  assert.deepEqual([await marked(page, "active"), await marked(page, "ahead")], [[], []]);
  // First time goes to where the line happens.
  for (const step of [1, 2]) {
    await playhead(page).press("ArrowRight");
    await at(page, step);
  }
  await becomes(() => marked(page, "active"), [LINES[line("c1 write") - 1]]);
  const cues = LINES.filter((each) => /^(at|when|after|then)\b/.test(each));
  await becomes(() => marked(page, "ahead"), cues.slice(1));
  const all = await end(page);
  await becomes(() => marked(page, "ahead"), []);
  assert.notDeepEqual(await marked(page, "active"), [LINES[line("c1 write") - 1]]);
  await page.getByText(/^Line \d+ is the last that has happened\.$/).waitFor();
  await playhead(page).press("Home");
  await at(page, 0);
  assert.ok(all > 10);
  await becomes(() => marked(page, "active"), []);
});

scene("every expectation has its verdict at the step that is shown", { at: AT }, async (page) => {
  await computed(page);
  const editor = await script(page);
  // Whoever looks at the end of a text sees every line that says `expect`.
  await editor.evaluate((field) => placeCaret(field, readField(field).length));
  const verdicts = () => page.locator(".cm-verdict").allInnerTexts();
  await becomes(verdicts, ["not yet", "not yet", "not yet"]);
  await editor.fill(`${TEXT}expect never c2 answered\n`);
  const all = await computed(page);
  await playhead(page).press("Home");
  await at(page, 0);
  await becomes(verdicts, ["not yet", "not yet", "not yet", "holds"]);
  await end(page);
  await becomes(verdicts, ["holds", "holds", "holds", "violated"]);
  const list = page.locator("details.expected");
  await list.locator("summary").click();
  const rows = await list.getByRole("listitem").allInnerTexts();
  assert.equal(rows.length, 4);
  assert.match(rows[3], /never c2 answered[^]*but it happened[^]*violated/);
  assert.match(await list.locator("summary").innerText(), /1 violated[^]*3 hold/);
  assert.ok(all > 0);
});

scene("a click on the stage writes a line into the open editor, and undo takes it out again", { at: AT }, async (page) => {
  await computed(page);
  const editor = await script(page);
  await playhead(page).press("ArrowRight");
  await at(page, 1);
  await editor.evaluate((field) => placeCaret(field, 7));
  await page.getByRole("region", { name: "Stage" }).getByRole("button", { name: /^c2/ }).press("c");
  await page.waitForFunction((length) => readField(document.querySelector(".cm-content")).length > length, TEXT.length);
  const clicked = await editor.inputValue();
  assert.match(clicked, /^at \S+ +crash c2$/m);
  assert.equal(await editor.evaluate((field) => caretOf(field)), 7, "the caret stays where it is");
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+z");
  await becomes(() => editor.inputValue(), TEXT);
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await becomes(() => editor.inputValue(), clicked);
});

for (const { lab, name } of Object.values(Object.fromEntries(canned().map((each) => [each.lab, each])))) {
  scene(`a new scenario of ${lab} runs at once as a draft, and the old text stays where it was`, { at: `#/${lab}/${name}` }, async (page) => {
    await computed(page);
    const editor = await script(page);
    await editor.fill(`${text(lab, name)}# mine\n`);
    await button(page, "New scenario").click();
    await page.waitForURL(/#\/draft\/1$/);
    assert.match(await editor.inputValue(), new RegExp(`^lab +${lab}\n`));
    const all = await end(page);
    assert.ok(all > 5, `${all} events`);
    await page.getByText("The scenario comes out as it says").waitFor();
    await page.goBack();
    await page.waitForURL(new RegExp(`#/${lab}/${name}$`));
    assert.equal(await (await script(page)).inputValue(), `${text(lab, name)}# mine\n`);
    await button(page, "Back to the original").click();
    assert.equal(await editor.inputValue(), text(lab, name));
  });
}

/** Every row of the table of statements. */
function statements() {
  const source = resolve(dirname(fileURLToPath(import.meta.url)), "../../scenarios/src/statement.rs");
  const rows = [...readFileSync(source, "utf8").matchAll(/^ {4}row\("([^"]+)", Place::(\w+), \S+ "([^"]*)"/gm)];
  return rows.map(([, name, place, form]) => `${place === "Expect" ? "expect " : ""}${name} ${form}`.trim());
}

scene("the reference has every statement and every word of the lab, and can be searched", { at: AT }, async (page) => {
  await computed(page);
  await script(page);
  await button(page, "Reference").click();
  const reference = page.getByRole("region", { name: "Reference" });
  await reference.waitFor();
  const forms = (await reference.locator("dt").allInnerTexts()).map((form) => form.trim());
  const all = statements();
  assert.ok(all.length > 50, `${all.length} statements`);
  assert.deepEqual(all.filter((form) => !forms.includes(form)), []);
  for (const form of ["flaw no-fencing", "set lease", "no-stale-write", "grant"]) assert.ok(forms.includes(form), form);
  assert.ok((await reference.getByRole("heading").count()) > 10);
  await page.getByRole("searchbox", { name: "Search the reference" }).fill("FENC");
  await reference.locator("dt", { hasText: "lab ID" }).waitFor({ state: "detached" });
  await reference.locator("dt").getByText("flaw no-fencing", { exact: true }).waitFor();
  await page.getByRole("searchbox").fill("no such thing");
  await reference.getByText("Nothing of that kind.").waitFor();
  await button(page, "Reference").click();
  await field(page).waitFor();
  assert.equal(await reference.count(), 0);
});

scene("where the editor cannot come, a plain field serves, and a sentence says so", {
  at: AT, routes: withoutEditor, complains: true,
}, async (page) => {
  await computed(page);
  const plain = await script(page);
  await page.getByRole("status").filter({ hasText: "The editor could not be loaded." }).waitFor();
  assert.equal(await plain.evaluate((field) => field.tagName), "TEXTAREA");
  await plain.press("ControlOrMeta+End");
  await page.keyboard.type("at 21s crsh c1");
  await page.locator(".codelines .wavy").waitFor();
  await page.getByRole("button", { name: "Use crash" }).click();
  assert.equal(await plain.inputValue(), `${TEXT}at 21s crash c1`);
  await button(page, "Reference").click();
  await page.getByRole("region", { name: "Reference" }).waitFor();
});

let open;
const slow = new Promise((done) => (open = done));
scene("an editor that comes late takes over where somebody types", {
  at: AT, routes: (page) => page.route("**/labs/editor-*.js", async (route) => (await slow, route.continue())),
}, async (page) => {
  await computed(page);
  await page.getByRole("tab", { name: /^Script/ }).click();
  await field(page).evaluate((field, place) => placeCaret(field, place), TEXT.indexOf("\nflaw"));
  await page.keyboard.type(" # one");
  open();
  await page.locator(".cm-content").waitFor();
  await page.waitForFunction(() => document.activeElement.matches(".cm-content"));
  await page.keyboard.type(" two");
  assert.ok((await field(page).inputValue()).includes(" # one two\nflaw"));
});

scene("who leaves in the middle of a word leaves nothing behind", { at: AT }, async (page) => {
  const editor = await script(page);
  for (let times = 0; times < 3; times += 1) {
    await editor.press("ControlOrMeta+End");
    await page.keyboard.type("at 25s cr");
    await page.getByRole("tab", { name: "Lesson" }).click();
    await page.locator(".cm-content").waitFor({ state: "detached" });
    // Longer than the editor waits before it offers or explains something.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    assert.equal(await page.locator(".cm-tooltip").count(), 0);
    await script(page);
  }
});

scene("text is text: nothing of a scenario becomes a part of the page", { at: AT }, async (page) => {
  const editor = await script(page);
  const evil = '<img src=x onerror="globalThis.bad=1">';
  await editor.fill(`lab lease\ntitle ${evil}\nat 1s ${evil.replaceAll(" ", "")} c1\n# ${evil}\n`);
  await page.locator(".cm-lintRange-error").first().hover();
  await page.locator(".cm-diagnostic").first().waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.bad), undefined);
});

scene("a text as long as the language allows is drawn as far as it is seen", { at: AT }, async (page) => {
  const editor = await script(page);
  const times = {};
  for (const [name, long] of [
    ["one line of 200 KB", `lab lease\nabout ${"many words ".repeat(18_000)}\n`],
    ["18,000 bad lines", `lab lease\n${"at 1s crsh c1\n".repeat(18_000)}`],
  ]) {
    times[name] = await editor.evaluate(async (field, long) => {
      const start = performance.now();
      writeField(field, long);
      await new Promise(requestAnimationFrame);
      await new Promise((done) => setTimeout(done));
      return Math.round(performance.now() - start);
    }, long);
    assert.equal(await editor.inputValue(), long);
    assert.ok((await page.locator(".cm-line").count()) < 200, `${name}: only lines in view are drawn`);
  }
  console.log("long texts in the editor, in ms:", times);
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing wrong with the editor, its offers and its reference, ${colorScheme}`, {
    at: AT, colorScheme, reducedMotion: "reduce",
  }, async (page) => {
    const wrong = async (...without) => {
      const { violations } = await new AxeBuilder({ page }).disableRules(without).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.html.slice(0, 120)}`).join("\n")}`);
    };
    await computed(page);
    const editor = await script(page);
    await editor.fill(`${TEXT}expect never c2 answered\n`);
    await end(page);
    assert.deepEqual(await wrong(), [], "a run at its end");
    await page.locator("details.expected summary").click();
    await editor.press("ControlOrMeta+End");
    await page.keyboard.press("Control+Space");
    await offers(page).first().waitFor();
    // The arrows scroll the list from within the text, by `aria-activedescendant`; axe knows that of a combobox alone.
    assert.deepEqual(await wrong("scrollable-region-focusable"), [], "offers");
    await page.keyboard.press("Escape");
    await page.keyboard.type("at 30s crsh c1");
    await page.locator(".cm-lintRange-error").hover();
    await page.locator(".cm-diagnostic").first().waitFor();
    assert.deepEqual(await wrong(), [], "a mistake");
    await page.keyboard.press("ControlOrMeta+f");
    await page.locator(".cm-search").waitFor();
    assert.deepEqual(await wrong(), [], "a search");
    await button(page, "Reference").click();
    await page.getByRole("region", { name: "Reference" }).waitFor();
    assert.deepEqual(await wrong(), [], "the reference");
  });
}
