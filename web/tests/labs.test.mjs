// What belongs to a lab comes when the lab is opened: once, and a failure to get it loses nothing.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { end, field, script, shown, text } from "./words.mjs";

const TEXT = text("lease", "no-fencing");
const PARTS = ["side", "keys", "language", "more", "explore", "hand", "inspector", "settings", "build", "chart", "start", "share", "pictures"];
/** Whose code was asked for. */
const code = (log) =>
  log.asked.map((url) => /labs\/(\w+)-\w+\.wasm/.exec(url)?.[1]).filter((name) => name && !PARTS.includes(name)).sort();
/** Which texts. */
const texts = (log) => log.asked.flatMap((url) => /labs\/(\w+)-\w+\/([\w-]+)\.txt/.exec(url)?.slice(1).join("/") ?? []).sort();

/** Refuses the files of a lab until it is told to let them through. */
const refused = (lab) => {
  let open = false;
  return {
    routes: (page) => page.route(new RegExp(`/labs/${lab}-`), (route) => (open ? route.continue() : route.abort())),
    let: () => (open = true),
  };
};

scene("the catalog fetches the lab that it plays, a scenario its own and its text, and none twice", { depth: "" }, async (page, log) => {
  await page.locator(".hero-stage figcaption").waitFor();
  const played = ["raft/lesson", "raft/two-leaders"];
  assert.deepEqual(texts(log), played);
  assert.deepEqual(code(log), ["raft", "shared"], "its code, and what labs share");
  const open = async (address) => {
    await page.evaluate((hash) => (location.hash = hash), address);
    await end(page);
  };
  await open("#/lease/no-fencing");
  assert.deepEqual(texts(log), ["lease/lesson", "lease/no-fencing", ...played]);
  assert.deepEqual(code(log), ["lease", "raft", "shared"]);
  await open("#/raft/first-election");
  await open("#/lease/paused-holder");
  await open("#/lease/no-fencing");
  assert.deepEqual(texts(log), ["lease/lesson", "lease/no-fencing", "lease/paused-holder", "raft/first-election", "raft/lesson", "raft/two-leaders"]);
  assert.deepEqual(code(log), ["lease", "raft", "shared"]);
});

const raft = refused("raft");
scene("a lab that does not arrive can be asked for again", { routes: raft.routes, complains: true, at: "#/raft/first-election" }, async (page) => {
  const alert = page.getByRole("alert").filter({ hasText: "could not be fetched" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /The lab raft could not be fetched .*Check the connection/);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "The first election");
  raft.let();
  await page.getByRole("button", { name: "Try again" }).click();
  await end(page);
  assert.equal(await alert.count(), 0);
});

const clocks = refused("clocks");
scene("a text that names another lab runs as soon as that is here", { routes: clocks.routes, complains: true, at: "#/lease/no-fencing" }, async (page) => {
  await end(page);
  const mine = text("clocks", "which-was-first");
  await (await script(page)).fill(mine);
  const alert = page.getByRole("alert").filter({ hasText: "could not be fetched" });
  await alert.waitFor();
  assert.equal(await field(page).inputValue(), mine);
  assert.ok((await shown(page)).all > 0, "the last good run stays");
  clocks.let();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("navigation", { name: "Where you are" }).getByText("C(a) is smaller than C(b)").waitFor();
  assert.equal(await alert.count(), 0);
  assert.equal(await field(page).inputValue(), mine);
});

scene("a draft of another lab is there after the page is loaded anew", {
  at: "#/lease/no-fencing",
  before: `localStorage.setItem("splitbrain.draft.lease.no-fencing", ${JSON.stringify(text("clocks", "which-was-first"))})`,
}, async (page) => {
  await page.getByRole("navigation", { name: "Where you are" }).getByText("C(a) is smaller than C(b)").waitFor();
  await end(page);
  assert.notEqual(await (await script(page)).inputValue(), TEXT);
});
