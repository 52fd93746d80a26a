// Histories of other systems: opened, judged, seen, and what is wrong with them.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { scene } from "./harness.mjs";
import { button, computed, spread } from "./words.mjs";

const answer = (page) => page.getByRole("region", { name: "Verdict" });
const verdict = (page) => page.locator(".hist-verdict");
const field = (page) => page.getByRole("textbox", { name: "History" });
const chosen = (page) => page.locator(".hist-told");
const picture = (page) => page.getByRole("application", { name: "Operations by process" });

const judged = async (page, word) => {
  await page.locator(".hist-verdict", { hasText: new RegExp(`^${word}$`) }).waitFor();
};

const wrong = async (page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" ")}`);

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const open = (page, ...files) => page.locator(".hist-file input").setInputFiles(files);

const LOG = `INFO  jepsen.util - 0 :invoke :write 1
INFO jepsen.util -   0 :ok :write  1
INFO  jepsen.util - 1  :invoke :read nil
INFO  jepsen.util - 1 :ok :read 0
`;
const JSON_LINES = `{"process":0,"type":"invoke","f":"enqueue","key":"q","value":1}
{"process":0,"type":"ok","f":"enqueue","key":"q","value":1}
{"process":1,"type":"invoke","f":"dequeue","key":"q","value":null}
{"process":1,"type":"ok","f":"dequeue","key":"q","value":1}
`;

scene("a newcomer sees a history that is judged, and may ask something else of it", { at: "#/history", depth: "" }, async (page) => {
  await judged(page, "not linearizable");
  await answer(page).getByText("Then there is no place for").waitFor();
  assert.equal(await page.locator(".hb.stuck").count(), 1);
  await page.getByLabel("Question").selectOption({ label: "Is it sequential?" });
  await judged(page, "sequential");
  await button(page, "Write skew").click();
  await judged(page, "not serializable");
  await answer(page).getByText("Adya calls it G2-item.").waitFor();
  assert.equal(await page.locator(".hc").count(), 2, "each of both comes before the other");
});

scene("files of every format are opened, and each is judged by what it looks like", { at: "#/history" }, async (page) => {
  await judged(page, "not linearizable");
  await open(page, file("etcd.log", LOG), file("queue.json", JSON_LINES));
  await judged(page, "not linearizable");
  await answer(page).getByText(/2 operations on 1 object, judged as register/).waitFor();
  await page.getByRole("combobox", { name: "File", exact: true }).selectOption({ label: "queue.json" });
  await judged(page, "linearizable");
  await answer(page).getByText(/judged as queue/).waitFor();
  await page.getByRole("combobox", { name: "File", exact: true }).selectOption({ label: "etcd.log" });
  // With another first state there is an order: the read comes from it.
  await page.getByLabel("Model").selectOption({ label: "cas-register" });
  await answer(page).getByText(/judged as cas-register/).waitFor();
  await page.getByLabel("First state, in EDN").fill("{");
  await page.getByLabel("First state, in EDN").press("Enter");
  await page.getByRole("alert").getByText("The first state is no EDN").waitFor();
});

scene("what is wrong with a history is told with its place, and nothing typed is lost", { at: "#/history" }, async (page) => {
  await judged(page, "not linearizable");
  await field(page).fill('{"process":0,"type":"invoke","f":"write","value":1}\n{"process":0,"type":"wrong","f":"write"}');
  await page.getByRole("alert").getByText(/^Line 2, column 21: .*type of event.*invoke/).waitFor();
  await field(page).fill("{:process 0, :type :invoke, :f :jump, :value 1}");
  await page.getByRole("alert").getByText("No model knows all operations").waitFor();
  await page.getByLabel("Model").selectOption({ label: "queue" });
  await page.getByRole("alert").getByText(/Line 1, column 32: .*no operation `jump`.*enqueue/).waitFor();
  await page.goto(page.url().replace("#/history", "#/"));
  await page.getByRole("link", { name: "Judge a history" }).click();
  assert.match(await field(page).inputValue(), /jump/);
  await page.reload();
  await field(page).waitFor();
  assert.match(await field(page).inputValue(), /jump/);
  await open(page, { name: "picture.png", mimeType: "image/png", buffer: Buffer.from([0x89, 0x50, 0, 0xff]) });
  await page.getByText("picture.png is not a text.").waitFor();
  await open(page, file("hostile.edn", '{:process 0, :type :invoke, :f :write, :value "<img src=x onerror=alert(1)>"}'));
  await judged(page, "linearizable");
  assert.equal(await page.locator("main img").count(), 0);
  await button(page, "What you typed last").click();
  assert.match(await field(page).inputValue(), /jump/);
});

scene("a file that is dropped here is a history", { at: "#/history" }, async (page) => {
  await judged(page, "not linearizable");
  const dropped = await page.evaluateHandle((text) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], "dropped.json"));
    return carried;
  }, JSON_LINES);
  await page.locator(".hist-answer").dispatchEvent("drop", { dataTransfer: dropped });
  await page.getByText("dropped.json").waitFor();
  await judged(page, "linearizable");
  assert.match(page.url(), /#\/history$/);
});

scene("bars are chosen by pointer, from the list, and by keyboard alone", { at: "#/history" }, async (page) => {
  await judged(page, "not linearizable");
  await answer(page).getByRole("button", { name: "line 6, process 0: write 2" }).click();
  assert.equal(await chosen(page).innerText(), "line 6, process 0: write 2");
  await picture(page).focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await chosen(page).innerText(), "line 8, process 2: read: 2");
  await page.keyboard.press("ArrowUp");
  assert.match(await chosen(page).innerText(), /process 1: read: 1$/);
  await page.keyboard.press("Escape");
  assert.match(await chosen(page).innerText(), /^Choose a bar/);
  const box = await picture(page).boundingBox();
  const stuck = await page.locator(".hb.stuck").boundingBox();
  await page.mouse.click(stuck.x + stuck.width / 2, stuck.y + stuck.height / 2);
  assert.equal(await chosen(page).innerText(), "line 11, process 1: read: 1");
  // Zoomed in, the window moves with the hand.
  const left = async () => (await page.locator(".hb.stuck").boundingBox()).x;
  await button(page, "Zoom in").click();
  await button(page, "Zoom in").click();
  await button(page, "To what does not fit").click();
  const before = await left();
  assert.ok(before > box.x && before < box.x + box.width, "it is in sight");
  await button(page, "All of it").click();
  await page.locator(".hb.stuck").waitFor();
});

scene("the history of a run that was played is judged", { at: "#/raft/stale-read" }, async (page) => {
  await computed(page);
  await button(page, "Share").click();
  await button(page, "Judge its history").click();
  await page.waitForURL(/#\/history$/);
  await judged(page, "not linearizable");
  await page.getByLabel("Question").selectOption({ label: "Is it sequential?" });
  await verdict(page).getByText("sequential").waitFor();
});

scene("a long history leaves the page time for a person", { at: "#/history" }, async (page) => {
  await judged(page, "not linearizable");
  const lines = [];
  for (let nth = 0; nth < 20_000; nth += 1) {
    const process = nth % 50;
    lines.push(`{:process ${process}, :type :invoke, :f :write, :key ${nth % 7}, :value ${nth}}`);
    lines.push(`{:process ${process}, :type :ok, :f :write, :key ${nth % 7}, :value ${nth}}`);
  }
  await open(page, file("long.edn", lines.join("\n")));
  await answer(page).getByText(/20000 operations on 7 objects/).waitFor();
  const frames = await page.evaluate(async () => {
    const plot = document.querySelector(".hist-plot");
    const all = [];
    let last = performance.now();
    for (let nth = 0; nth < 60; nth += 1) {
      plot.dispatchEvent(new WheelEvent("wheel", { deltaX: 120, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
      all.push(performance.now() - last);
      last = performance.now();
    }
    return all;
  });
  console.log("frames of a long history that is moved, in ms:", spread(frames));
  await button(page, "All of it").click();
  await page.waitForTimeout(200);
  assert.ok((await page.locator(".hist-plot g > *").count()) < 3_000, "what is far away is few marks");
});

for (const colorScheme of ["light", "dark"]) {
  scene(`axe finds nothing in a history, ${colorScheme}`, { at: "#/history", colorScheme }, async (page) => {
    await judged(page, "not linearizable");
    assert.deepEqual(await wrong(page), []);
    await button(page, "Write skew").click();
    await judged(page, "not serializable");
    assert.deepEqual(await wrong(page), []);
  });
}

scene("a history on a phone", { at: "#/history", viewport: { width: 390, height: 844 }, hasTouch: true }, async (page) => {
  await judged(page, "not linearizable");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the page");
  await picture(page).scrollIntoViewIfNeeded();
});
