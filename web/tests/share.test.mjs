// How scenarios get out of the page and in again: links, drafts, files, pictures, frames.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { fields } from "./fields.mjs";
import { scene } from "./harness.mjs";
import { LONG, at, button, cards, computed, depth, end, field, playhead, script, shown, text } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");
const MINE = TEXT.replace(/^title .*$/m, "title    Mine, über all") + "# typed\n";

const link = (page) => page.getByRole("textbox", { name: "Link" });
const storage = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("splitbrain.kept.")));
const packed = (content) => `#/s/1${deflateRawSync(content).toString("base64url")}`;
const download = async (page, name) => {
  const [file] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
};
const share = async (page) => {
  await button(page, "Share").click();
  await page.getByRole("dialog", { name: "Share and keep" }).waitFor();
};
/** Waits for the link, and opens it as somebody else would. */
async function follow(page) {
  await page.waitForFunction(() => document.querySelector("[aria-label=Link]").value.startsWith("http"));
  const address = await link(page).inputValue();
  const other = await page.context().browser().newContext();
  const opened = await other.newPage();
  await opened.addInitScript(fields);
  await opened.goto(address);
  return opened;
}

scene("a link to a canned scenario names it, and opens it at the same moment and depth", { at: AT, depth: "explore" }, async (page) => {
  await end(page);
  await page.keyboard.press("Home");
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowRight");
  await at(page, 5);
  await share(page);
  assert.match(await link(page).inputValue(), /#\/lease\/no-fencing\?step=5&depth=explore$/);
  const opened = await follow(page);
  await at(opened, 5);
  await opened.getByRole("region", { name: "Space-time diagram" }).waitFor();
  await opened.close();
  await page.getByRole("checkbox", { name: /^Open at/ }).uncheck();
  assert.match(await link(page).inputValue(), /#\/lease\/no-fencing\?depth=explore$/);
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

scene("a link to a changed scenario holds it whole; nothing is stored before it is changed", { at: AT }, async (page) => {
  await (await script(page)).fill(MINE);
  await computed(page);
  await share(page);
  const opened = await follow(page);
  await opened.getByRole("heading", { name: "Mine, über all" }).first().waitFor();
  await depth(opened, "Build");
  assert.equal(await (await script(opened)).inputValue(), MINE);
  assert.deepEqual(await storage(opened), []);
  await field(opened).fill(`${MINE}# theirs\n`);
  await opened.waitForURL(/#\/draft\/1(\?|$)/);
  assert.deepEqual(await storage(opened), ["splitbrain.kept.1"]);
  await opened.reload();
  assert.equal(await (await script(opened)).inputValue(), `${MINE}# theirs\n`);
  await opened.close();
});

scene("a link to a long run is nobody's draft when that comes to its end", { at: packed(LONG) }, async (page) => {
  await computed(page);
  assert.deepEqual(await storage(page), []);
  assert.match(page.url(), /#\/s\/1/);
});

for (const [what, hash, sentence] of [
  ["that is cut off", packed(MINE).slice(0, -20), /damaged/],
  ["whose letters make no sense", "#/s/1!!!", /damaged/],
  ["of a newer kind", "#/s/7abcd", /newer Splitbrain/],
  ["that is no text", packed(Buffer.from([0xff, 0xfe, 0x00, 0x80])), /damaged/],
  ["that inflates to a gigabyte", packed(Buffer.alloc(64 << 20, 32)), /longer than the 256 KB/],
]) {
  scene(`a link ${what} gives a sentence`, { at: hash }, async (page) => {
    await page.getByRole("alert").filter({ hasText: sentence }).waitFor();
    assert.deepEqual(await storage(page), []);
    await page.getByRole("link", { name: /all scenarios/i }).first().click();
    await page.getByRole("searchbox").waitFor();
  });
}

scene("a link cannot bring code into the page", { at: packed('lab lease\ntitle <img src=x onerror="window.hurt=1">\nabout <script>window.hurt=1</script>\nstop at 1s\n') }, async (page) => {
  await computed(page);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.equal(await page.locator(".bench img, .bench script").count(), 0);
  await page.getByText("<img src=x").first().waitFor();
});

scene("a link whose text is wrong shows the text, to be mended", { at: packed("lab lease\nclientz 3\n") }, async (page) => {
  await page.getByRole("heading", { name: "This scenario cannot be run yet" }).waitFor();
  await page.locator(".cm-content").waitFor();
  await field(page).fill(TEXT);
  await computed(page);
});

/** Keeps a copy under the name `For Tuesday`, and is there. */
async function keep(page) {
  await end(page);
  await share(page);
  await page.getByRole("textbox", { name: "Name of the copy" }).fill("For Tuesday");
  await button(page, "Keep a copy").click();
  await page.waitForURL(/#\/draft\/1\?step=\d+$/);
}

scene("a scenario is kept under a name, renamed, deleted and brought back", { at: AT }, async (page) => {
  await keep(page);
  const last = await shown(page);
  assert.equal(last.step, last.all);
  await page.goto(page.url().replace(/#.*/, "#/"));
  const name = page.getByRole("textbox", { name: "Name of the draft" });
  assert.equal(await name.inputValue(), "For Tuesday");
  await name.fill("For Friday");
  await name.press("Enter");
  await page.reload();
  assert.equal(await name.inputValue(), "For Friday");
  await button(page, "Delete For Friday").click();
  await name.waitFor({ state: "detached" });
  await button(page, "Bring it back").click();
  await page.getByRole("link", { name: "Open For Friday" }).click();
  assert.equal(await (await script(page)).inputValue(), TEXT);
});

scene("a name that is being typed stays while the catalog is drawn anew", { at: AT }, async (page) => {
  await keep(page);
  await page.goto(page.url().replace(/#.*/, "#/"));
  const name = page.getByRole("textbox", { name: "Name of the draft" });
  await name.fill("For Friday");
  // The catalog looks for something, and nobody has left the field.
  await page.getByRole("searchbox").evaluate((field) => {
    field.value = "fencing";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await page.getByRole("link", { name: /first election/i }).waitFor({ state: "hidden" });
  assert.equal(await name.inputValue(), "For Friday");
  await name.press("Enter");
  await page.getByRole("link", { name: "Open For Friday" }).waitFor();
});

scene("a file is opened as a draft, and what is no scenario gives a sentence", { at: "" }, async (page) => {
  const give = (name, buffer) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(buffer) });
  await give("picture.png", [0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
  await page.getByText("picture.png is not a text.").waitFor();
  await give("long.scn", "x".repeat(300_000));
  await page.getByText("long.scn is larger than the 256 KB").waitFor();
  await give("for-friday.scn", MINE);
  await page.waitForURL(/#\/draft\/1$/);
  await computed(page);
  assert.equal(await (await script(page)).inputValue(), MINE);
});

scene("a file that is dropped on a scenario is opened, and the scenario is not lost", { at: AT }, async (page) => {
  await (await script(page)).fill(MINE);
  await page.evaluate((text) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], "dropped.scn"));
    document.querySelector("main").dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
  }, TEXT.replace(/^seed .*$/m, "seed 8"));
  await page.waitForURL(/#\/draft\/1$/);
  await button(page, "Seed 8").waitFor();
  await page.goBack();
  await page.waitForURL(/#\/lease\/no-fencing$/);
  assert.equal(await (await script(page)).inputValue(), MINE);
});

scene("the scenario and its trace in every format are files", { at: AT }, async (page) => {
  await end(page);
  await share(page);
  const scn = await download(page, "Scenario");
  assert.equal(scn.content.toString(), TEXT);
  assert.match(scn.name, /\.scn$/);
  const jsonl = (await download(page, "JSON lines")).content.toString().trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(jsonl.length - 1, (await shown(page)).all);
  assert.ok(JSON.parse((await download(page, "Chrome trace")).content).traceEvents.length > 20);
  assert.ok(JSON.parse((await download(page, "ITF")).content).states.length > 20);
  assert.match((await download(page, "Mermaid")).content.toString(), /^sequenceDiagram/m);
  assert.match((await download(page, "ShiViz")).content.toString(), /^\(\?<host>/);
  assert.match((await download(page, "Jepsen EDN")).content.toString(), /:type :invoke/);
});

for (const what of ["Stage", "Diagram"]) {
  scene(`a picture of ${what} is a file that stands alone`, { at: AT }, async (page) => {
    await end(page);
    await share(page);
    const svg = (await download(page, `${what} as SVG`)).content.toString();
    const problem = await page.evaluate((svg) => new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror")?.textContent, svg);
    assert.equal(problem, undefined);
    // It needs nothing from elsewhere: no class, no variable, no address.
    assert.ok(!/class=|var\(|href=/.test(svg), "it stands alone");
    assert.ok(svg.includes(">store<"), `${what} names its nodes`);
    const png = (await download(page, `${what} as PNG`)).content;
    assert.deepEqual([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]);
    assert.ok(png.length > 5_000, `${what}: ${png.length} bytes`);
  });
}

scene("in a frame there is stage, caption and playback alone, and no question stops it", {
  at: `?embed${AT}?step=5`,
  depth: "",
  viewport: { width: 640, height: 420 },
}, async (page) => {
  await at(page, 5);
  assert.equal(await page.getByRole("banner").count(), 0);
  assert.equal(await page.getByRole("tab").count(), 0);
  const overflow = await page.evaluate(() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth);
  assert.equal(overflow, false);
  await playhead(page).press("End");
  await page.keyboard.press("Home");
  await page.getByRole("combobox", { name: /speed/i }).selectOption({ index: 6 });
  await button(page, "Play").click();
  // There is a question on the way: whoever is asked would stand still at it.
  await page.getByRole("alert").filter({ hasText: "is violated" }).waitFor();
  const out = page.getByRole("link", { name: "Open in Splitbrain" });
  assert.match(await out.getAttribute("href"), /#\/lease\/no-fencing$/);
  assert.deepEqual(await storage(page), []);
});

scene("the snippet for a frame says where the frame is and how large", { at: AT }, async (page) => {
  await end(page);
  await share(page);
  const html = await page.getByRole("textbox", { name: "HTML of the frame" }).inputValue();
  assert.match(html, /^<iframe src="http[^"]+\?embed#\/lease\/no-fencing\?step=\d+[^"]*" title="[^"]+" width="640" height="420"/);
});

scene("presenting shows stage and playback alone, until Escape", { at: AT, depth: "explore" }, async (page) => {
  await end(page);
  await button(page, "Present").click();
  await page.getByRole("region", { name: "Space-time diagram" }).waitFor({ state: "detached" });
  await page.locator("html[data-room=projector]").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("region", { name: "Space-time diagram" }).waitFor();
  await page.locator("html:not([data-room])").waitFor();
});

scene("whoever comes back goes on where they left", { at: AT }, async (page) => {
  await end(page);
  await page.keyboard.press("Home");
  for (let step = 0; step < 7; step += 1) await page.keyboard.press("ArrowRight");
  await at(page, 7);
  await page.goto(page.url().replace(/#.*/, "#/"));
  const section = page.getByRole("region", { name: "Continue" });
  await section.getByText(/^event 7 of \d+$/).waitFor();
  await section.getByRole("link").first().click();
  await at(page, 7);
});

scene("the catalog finds scenarios by their words", { at: "" }, async (page) => {
  const search = page.getByRole("searchbox", { name: "Search the scenarios" });
  await search.waitFor();
  const before = await cards(page);
  await search.fill("vote SPLIT");
  await page.getByText(/^\d+ scenarios?$/).waitFor();
  const some = await page.locator(".card").count();
  assert.ok(some > 0 && some < before, `${some} of ${before}`);
  assert.equal(await search.inputValue(), "vote SPLIT");
  await search.fill("zebra");
  await page.getByText("No scenario has all of these words.").waitFor();
  await search.press("ControlOrMeta+a");
  await search.press("Delete");
  await page.getByRole("link", { name: "A paused holder overwrites a newer value" }).waitFor();
  assert.equal(await page.locator(".card").count(), before);
});
