// What somebody may be about to do is fetched when they come near, and nothing that they do before it is here is lost.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { DIST, address, scene } from "./harness.mjs";
import { at, button, computed, depth, script, shown, text } from "./words.mjs";

const BUDGET = JSON.parse(readFileSync(new URL("../budget.json", import.meta.url), "utf8"));

/** Keeps files back until it is told to let them through. */
function gate(pattern) {
  let let_ = null;
  const opened = new Promise((done) => (let_ = done));
  return { routes: (page) => page.route(pattern, async (route) => (await opened, route.continue())), open: let_ };
}

/** The files that were asked for, each once, by their place in the folder of the page. */
const files = async (log) => {
  const base = await address();
  const names = log.asked.filter((url) => url.startsWith(base)).map((url) => url.slice(base.length) || "index.html");
  return [...new Set(names)];
};
const weight = (name) =>
  brotliCompressSync(readFileSync(join(DIST, name)), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  }).length;

for (const [lab, name] of [["lease", "no-fencing"], ["raft", "first-election"], ["commit_wait", "cause-before-effect"]]) {
  scene(`who watches ${lab} and then opens its text fetches no more than is allowed`, { at: `#/${lab}/${name}`, depth: "" }, async (page, log) => {
    await computed(page);
    const sum = async () => (await files(log)).reduce((sum, file) => sum + weight(file), 0);
    const watched = await sum();
    await depth(page, "Build");
    const editor = await script(page);
    assert.equal(await editor.inputValue(), text(lab, name));
    await computed(page);
    const built = await sum();
    console.log(`${lab}: ${watched} bytes of brotli until it plays, ${built} with its text in the editor`);
    assert.ok(watched <= BUDGET.watched_brotli_bytes && built <= BUDGET.built_brotli_bytes);
    const early = (await files(log)).filter((file) => /labs\/(hand|language|writing)-/.test(file));
    assert.deepEqual(early, [], "nobody has come near to anything that could be changed");
  });
}

const AT = "#/raft/first-election";
const node = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}, `) });
/** Where a node is in the window. */
async function middle(node) {
  const { x, y, width, height } = await node.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

const keys = gate("**/labs/hand-*.wasm");
scene("a key that is pressed on a node too early is heard when it can be", { at: AT, routes: keys.routes }, async (page) => {
  await page.locator(".tools").waitFor();
  await node(page, "n2").focus();
  await page.keyboard.press("c");
  await page.locator("main.bench[aria-busy]").waitFor();
  keys.open();
  await node(page, "n2, crashed").waitFor();
  await computed(page);
  assert.match(await (await script(page)).inputValue(), /^at \S+ +crash n2$/m);
});

const moments = gate("**/labs/hand-*.wasm");
scene("what is done too early is done at the moment at which it was done", { at: AT, routes: moments.routes }, async (page) => {
  await page.locator(".tools").waitFor();
  const forward = async () => {
    const { step } = await shown(page);
    await button(page, "Step forward").click();
    await at(page, step + 1);
  };
  // At the first step there is a question.
  await forward();
  await forward();
  const [, moment] = /at ([\d.]+) s/.exec(await page.getByRole("region", { name: "Properties" }).innerText());
  await node(page, "n2").focus();
  await page.keyboard.press("c");
  // And what is taken back is not done.
  await page.keyboard.press("p");
  await page.keyboard.press("ControlOrMeta+z");
  for (let steps = 0; steps < 4; steps += 1) await forward();
  moments.open();
  await node(page, "n2, crashed").waitFor();
  assert.match(await page.locator(".written").innerText(), new RegExp(`n2 crashes at ${moment} s`));
  assert.doesNotMatch(await (await script(page)).inputValue(), /pause n2/);
});

const strokes = gate("**/labs/hand-*.wasm");
scene("a stroke that begins too early goes on, and one that has ended by then is none", {
  at: AT, routes: strokes.routes, viewport: { width: 1440, height: 1240 },
}, async (page) => {
  const tools = page.locator(".tools");
  await tools.waitFor();
  const [n1, n2, stage] = [await middle(node(page, "n1")), await middle(node(page, "n2")), await page.locator(".stage-view").boundingBox()];
  await page.mouse.move(stage.x + 12, stage.y + stage.height - 12);
  await page.mouse.down();
  await page.mouse.up();
  const x = (n1.x + n2.x) / 2 + 30;
  await page.mouse.move(x, n1.y - 40);
  await page.mouse.down();
  strokes.open();
  await page.locator(".sheet").waitFor({ state: "attached" });
  // The stroke is begun anew in a turn of its own.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
  await page.mouse.move(x + 4, n1.y + 30, { steps: 8 });
  await page.locator(".sheet.drawn").waitFor();
  await page.mouse.up();
  await page.getByRole("img", { name: "Cut: n1 and n2" }).waitFor();
  await page.mouse.move(stage.x + 200, stage.y + 200, { steps: 4 });
  assert.equal(await page.locator(".sheet.drawn").count(), 0);
});

const branches = gate("**/labs/hand-*.wasm");
scene("a button that is pressed too early does what it says when it can", { at: AT, routes: branches.routes }, async (page) => {
  await button(page, "Branch here").click();
  await page.locator("main.bench[aria-busy]").waitFor();
  assert.equal(await page.getByRole("region", { name: "Branches" }).count(), 0);
  branches.open();
  await page.getByRole("region", { name: "Branches" }).getByRole("button", { name: /^Branch: What if/ }).waitFor();
});

const LEASE = "#/lease/no-fencing";
const late = gate("**/labs/writing-*.js");
scene("whoever asks the editor too early is answered when it can", { at: LEASE, routes: late.routes }, async (page) => {
  await computed(page);
  const editor = await script(page);
  await editor.evaluate((field) => placeCaret(field, readField(field).indexOf("no-fencing") + 4));
  await page.keyboard.press("ControlOrMeta+i");
  late.open();
  await page.locator(".cm-help").filter({ hasText: "Breaks no-stale-write first" }).waitFor();
});

const language = gate("**/labs/language-*.wasm");
scene("what is typed before anybody can read it runs when somebody can", { at: LEASE, routes: language.routes }, async (page) => {
  await page.locator("main.bench").waitFor();
  const editor = await script(page);
  await editor.press("ControlOrMeta+End");
  await page.keyboard.type("at 21s crash c1\nat 22s ");
  assert.equal(await editor.inputValue(), `${text("lease", "no-fencing")}at 21s crash c1\nat 22s `);
  language.open();
  await page.locator(".cm-line.cm-err").waitFor();
  await page.keyboard.type("restart c1");
  await page.locator(".cm-line.cm-err").waitFor({ state: "detached" });
  await page.getByText("Your draft. It is kept in this browser.").waitFor();
});

const pointed = gate("**/labs/writing-*.js");
scene("a word under the pointer is explained as soon as it can be", { at: LEASE, routes: pointed.routes }, async (page) => {
  await computed(page);
  await script(page);
  await page.locator(".cm-line", { hasText: /^flaw/ }).locator("span", { hasText: /^no-fencing$/ }).first().hover();
  pointed.open();
  await page.locator(".cm-help").filter({ hasText: "Breaks no-stale-write first" }).waitFor();
});

/** Refuses files until it is told to let them through. */
function refusal(pattern) {
  let open = false;
  return { routes: (page) => page.route(pattern, (route) => (open ? route.continue() : route.abort())), open: () => (open = true) };
}

const bare = refusal(/labs\/writing-/);
scene("where what serves whoever writes cannot come, a sentence says so, the text can be changed, and it comes when it can", {
  at: LEASE, routes: bare.routes, complains: true,
}, async (page) => {
  await computed(page);
  const editor = await script(page);
  await editor.press("ControlOrMeta+End");
  const sentence = page.getByText("Completion, help and search of the editor could not be fetched.");
  await sentence.waitFor();
  await page.keyboard.type("at 21s crash c1");
  await page.getByText("Your draft. It is kept in this browser.").waitFor();
  assert.equal(await editor.inputValue(), `${text("lease", "no-fencing")}at 21s crash c1`);
  bare.open();
  await button(page, "Play").focus();
  await editor.evaluate((field) => placeCaret(field, readField(field).indexOf("no-fencing") + 4));
  await sentence.waitFor({ state: "detached" });
  await page.keyboard.press("ControlOrMeta+i");
  await page.locator(".cm-help").filter({ hasText: "Breaks no-stale-write first" }).waitFor();
});

const none = refusal(/labs\/editor-/);
scene("an editor that could not come comes when the script is opened again", { at: LEASE, routes: none.routes, complains: true }, async (page) => {
  await computed(page);
  await script(page);
  await page.locator(".plainly").waitFor();
  none.open();
  await page.getByRole("tab", { name: "Lesson" }).click();
  await page.getByRole("tab", { name: /^Script/ }).click();
  await page.locator(".cm-content").waitFor();
});

const find = gate(/labs\/(writing|language)-/);
scene("what is typed behind a key that asks goes where it leads", { at: LEASE, routes: find.routes }, async (page) => {
  await computed(page);
  const editor = await script(page);
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type("fencing");
  find.open();
  await page.waitForFunction(() => document.querySelector(".cm-search input[name=search]")?.value === "fencing");
  await page.locator(".cm-searchMatch").first().waitFor();
  assert.equal(await editor.inputValue(), text("lease", "no-fencing"));
});
