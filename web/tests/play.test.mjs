// The way of a person through the page: catalog, scenario, play, step, scrub, violation, cause.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { DIST, address, scene } from "./harness.mjs";
import { at, button, canned, computed, end, playhead, prediction, property, script, shown } from "./words.mjs";

const NO_FENCING = "#/lease/no-fencing";

scene("the page works in a folder of any server, and asks nobody else for anything", {}, async (page, log) => {
  await page.getByRole("heading", { level: 1 }).waitFor();
  const home = await address();
  assert.deepEqual(log.asked.filter((url) => !url.startsWith(home) && !url.startsWith("data:")), []);
});

scene("what every address loads first is what the budget weighs", { at: "#/no/such" }, async (page, log) => {
  await page.getByRole("heading", { level: 1 }).waitFor();
  const home = await address();
  const asked = log.asked.filter((url) => url.startsWith(home)).map((url) => url.slice(home.length).split("#")[0]);
  const { fetched_later } = JSON.parse(readFileSync(new URL("../budget.json", import.meta.url), "utf8"));
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => relative(DIST, `${entry.path}/${entry.name}`).replaceAll("\\", "/"));
  const first = names.filter((name) => !fetched_later.some((beginning) => name.startsWith(beginning)));
  const fetched = new Set(asked.map((name) => name || "index.html"));
  assert.deepEqual([...fetched].sort(), first.sort());
});

scene("a card of the catalog leads to its scenario, and back leads back", {}, async (page) => {
  const titles = canned().map((each) => each.title);
  await page.getByRole("link", { name: titles[0] }).first().waitFor();
  for (const title of titles) assert.ok(await page.getByRole("link", { name: title }).count(), `no card says "${title}"`);
  await page.getByRole("link", { name: titles[0] }).first().click();
  await page.getByRole("heading", { level: 1, name: titles[0] }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: titles[0] }).first().waitFor();
});

scene("every canned scenario has an address of its own, and comes out as it says", {}, async (page) => {
  const home = await address();
  for (const { lab, name, title } of canned()) {
    await page.goto(`${home}#/${lab}/${name}`);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await computed(page);
    await page.getByText("The scenario comes out as it says").waitFor();
    assert.match(await page.title(), new RegExp(title.slice(0, 10).replaceAll(/\W/g, ".")));
  }
});

scene("an address that leads nowhere says so and shows the way home", { at: "#/lease/no-such", complains: true }, async (page, log) => {
  await page.getByRole("heading", { name: "There is no such scenario" }).waitFor();
  await page.getByRole("link", { name: "All scenarios", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: /Watch a system fail/ }).waitFor();
  // Asked for before anybody knew that there is none.
  assert.deepEqual(log.wrong.filter((wrong) => !/no-such\.txt: 404|console: .* 404/.test(wrong)), []);
});

scene("playing stops for a prediction, reaches the violation, and says how it came to it", { at: NO_FENCING }, async (page) => {
  const all = await computed(page);
  await page.getByLabel("Speed").selectOption("By event, fast");
  await button(page, "Play").click();
  await prediction(page).waitFor();
  const asked = await shown(page);
  assert.ok(asked.step > 0 && asked.step < all, "the question comes in the middle of the run");
  assert.match(await property(page, "no-stale-write").innerText(), /holds/);
  await prediction(page).getByRole("button", { name: /^2/ }).click();
  await prediction(page).getByText("✕ your answer").waitFor();
  await prediction(page).getByText("✓ right").waitFor();
  await button(page, "See it happen").click();
  const alert = property(page, "no-stale-write").getByRole("alert");
  await alert.waitFor({ timeout: 60_000 });
  assert.match(await property(page, "no-stale-write").innerText(), /violated at 20/);
  assert.match(await alert.innerText(), /c1.*c2|c2.*c1/s, "the explanation names who did what");
  // It stops where the promise falls, so that one can look; playing again goes on to the end.
  const fell = (await shown(page)).step;
  await button(page, "Play").click();
  await at(page, all);
  assert.ok(fell < all);
});

scene("a violation is flagged at the very event at which it happens, and not before", { at: NO_FENCING }, async (page) => {
  await end(page);
  const row = property(page, "no-stale-write");
  await row.getByRole("alert").getByRole("button", { name: "Go to where it fell" }).click();
  const fell = (await shown(page)).step;
  assert.match(await row.innerText(), /violated/);
  await button(page, "Step back").click();
  await at(page, fell - 1);
  assert.match(await row.innerText(), /holds/);
  assert.equal(await row.getByRole("alert").count(), 0);
});

scene("a violation leads to its causes, the earliest first", { at: NO_FENCING }, async (page) => {
  const all = await end(page);
  const causes = property(page, "no-stale-write").getByRole("alert").getByRole("list").getByRole("button");
  const count = await causes.count();
  assert.ok(count > 0, "the violation names no cause");
  const steps = [];
  for (let place = 0; place < count; place += 1) {
    await causes.nth(place).click();
    steps.push((await shown(page)).step);
    await playhead(page).press("End");
    await at(page, all);
  }
  assert.deepEqual(steps, [...steps].sort((a, b) => a - b));
  assert.ok(steps[0] < all);
});

scene("a press on a mark of the rail goes to what the mark stands for", { at: NO_FENCING }, async (page) => {
  const all = await end(page);
  const middle = async (mark) => {
    const { x, y, width, height } = await page.locator(`.rail-mark.${mark}`).first().boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  for (const slip of [-6, -1, 0, 5]) {
    const { x, y } = await middle("violation");
    await page.mouse.click(x + slip, y);
    assert.match(await property(page, "no-stale-write").innerText(), /violated/, `${slip} px beside its middle`);
    assert.ok((await shown(page)).step < all);
  }
  const { x, y } = await middle("question");
  await page.mouse.click(x, y);
  await prediction(page).waitFor();
  // An act has happened where its mark is, and not an event before.
  const acts = page.locator(".rail-mark.act");
  const [first, line] = [await acts.first().boundingBox(), page.getByText(/^Line 10 is the last/)];
  await page.mouse.click(first.x + first.width / 2, first.y + first.height / 2);
  const { step } = await shown(page);
  await page.getByRole("tab", { name: /^Script/ }).click();
  await line.waitFor();
  await button(page, "Step back").click();
  await at(page, step - 1);
  assert.equal(await line.count(), 0);
});

const LATE = `lab lease
clients 1
set retry 1h
at 1s lose next acquire
then c1 write x 1
at 100s say "late"
expect late write-completes
`;

scene("what is late is called late, and found like what is violated", { at: NO_FENCING }, async (page) => {
  await (await script(page)).fill(LATE);
  await end(page);
  assert.match(await page.locator(".flag").innerText(), /write-completes is late/);
  assert.equal(await page.locator(".rail-mark.violation").count(), 1);
  await playhead(page).press("Home");
  await page.keyboard.press("v");
  await page.locator(".flag.now").waitFor();
});

scene("the catalog is where it was left", {}, async (page) => {
  const scrolled = () => page.evaluate(() => document.querySelector("main").scrollTop + scrollY);
  for (const [width, height] of [[1440, 500], [390, 844]]) {
    await page.setViewportSize({ width, height });
    const card = page.getByRole("link", { name: canned().at(-1).title });
    const place = async () => Math.round((await card.boundingBox()).y);
    // What is far away has a height that is guessed, until one comes near: so it takes more than one go.
    let before;
    do {
      before = await place();
      await card.scrollIntoViewIfNeeded();
      await page.waitForTimeout(100);
    } while ((await place()) !== before);
    assert.ok((await scrolled()) > 100);
    await card.click();
    await computed(page);
    assert.equal(await page.evaluate(() => scrollY), 0, "a scenario begins at its top");
    await page.goBack();
    await card.waitFor();
    assert.ok(Math.abs((await place()) - before) <= 1, `${await place()} after ${before}`);
  }
});

scene("a step back undoes a step forward", { at: NO_FENCING }, async (page) => {
  const all = await computed(page);
  const states = [];
  const state = async () => ({
    step: (await shown(page)).step,
    value: await playhead(page).getAttribute("aria-valuetext"),
    properties: await page.getByRole("region", { name: "Properties" }).innerText(),
    stage: await page.getByRole("region", { name: "Stage" }).ariaSnapshot(),
  });
  for (let step = 0; step < all; step += 1) {
    states.push(await state());
    await button(page, "Step forward").click();
    await at(page, step + 1);
  }
  assert.ok(await button(page, "Step forward").isDisabled(), "there is nothing behind the end");
  for (let step = all - 1; step >= 0; step -= 1) {
    await button(page, "Step back").click();
    await at(page, step);
    assert.deepEqual(await state(), states[step]);
  }
  assert.ok(await button(page, "Step back").isDisabled(), "there is nothing before the start");
});

scene("scrubbing goes to any place of the run", { at: NO_FENCING }, async (page) => {
  const all = await computed(page);
  // The pointer goes by places on the screen: nothing may still be on its way to its own.
  await playhead(page).scrollIntoViewIfNeeded();
  await playhead(page).hover();
  const box = await playhead(page).boundingBox();
  const middle = box.y + box.height / 2;
  const seen = [];
  await page.mouse.move(box.x + 2, middle);
  await page.mouse.down();
  for (let share = 0; share <= 10; share += 1) {
    await page.mouse.move(box.x + (box.width * share) / 10, middle, { steps: 3 });
    seen.push((await shown(page)).step);
  }
  await page.mouse.up();
  assert.ok(seen[0] <= 1 && seen.at(-1) === all, `from one end to the other: ${seen}`);
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b), "to the right is later");
  assert.ok(new Set(seen).size > 4, `it stops in between: ${seen}`);
});
