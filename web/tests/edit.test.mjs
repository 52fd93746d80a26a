// The field under the hands of a person: long lines, long texts, and a way back from everything.
import assert from "node:assert/strict";
import { scene } from "./harness.mjs";
import { at, button, computed, field, playhead, script, shown, text, withoutEditor } from "./words.mjs";

const AT = "#/lease/no-fencing";
const TEXT = text("lease", "no-fencing");
const LONGEST = TEXT.split("\n").find((line) => line.startsWith("about"));

/** How the field and its colours lie on each other. */
const lie = (field) =>
  field.evaluate((field) => {
    const code = field.closest(".code");
    const left = (element) => element.getBoundingClientRect().left;
    return { own: field.scrollLeft, beside: left(field) - left(code.querySelector("code")), scrolled: code.scrollLeft };
  });

scene("a line that is wider than the panel can be typed into, and clicked at", { at: AT, routes: withoutEditor, complains: true }, async (page) => {
  const editor = await script(page);
  await editor.evaluate((field, place) => field.setSelectionRange(place, place), TEXT.indexOf("about") + LONGEST.length);
  await editor.focus();
  await page.keyboard.type(" and more");
  const lies = await lie(editor);
  assert.equal(lies.own, 0, "the field does not scroll by itself");
  assert.ok(lies.scrolled > 400, `what is typed can be seen: ${JSON.stringify(lies)}`);
  assert.ok(Math.abs(lies.beside) < 1, `every letter lies on its colour: ${JSON.stringify(lies)}`);
  await editor.evaluate((field) => {
    field.blur();
    field.setSelectionRange(0, 0);
    field.closest(".code").scrollTo(400, 0);
  });
  const line = page.locator(".codelines li").nth(2).locator("code");
  const box = await line.boundingBox();
  const letter = box.width / (LONGEST.length + " and more".length);
  await page.mouse.click(box.x + letter * 80, box.y + box.height / 2);
  const caret = await editor.evaluate((field) => (document.activeElement === field ? field.selectionStart : -1));
  assert.ok(Math.abs(caret - TEXT.indexOf("about") - 80) <= 1, `the caret is at ${caret}`);
});

scene("undo goes back over all that was typed and clicked, and forward again", { at: AT }, async (page) => {
  const editor = await script(page);
  await editor.press("ControlOrMeta+End");
  await page.keyboard.type("# mine");
  await button(page, "Seed 7").click();
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("!");
  const texts = [TEXT, `${TEXT}# mine`, `${TEXT.replace(/^seed( +)7$/m, "seed$18")}# mine`];
  const last = `${texts[2]}!`;
  assert.equal(await editor.inputValue(), last);
  for (const before of texts.toReversed()) {
    await page.keyboard.press("ControlOrMeta+z");
    assert.equal(await editor.inputValue(), before);
  }
  for (const after of [texts[1], texts[2], last]) {
    await page.keyboard.press("ControlOrMeta+Shift+z");
    assert.equal(await editor.inputValue(), after);
  }
  await button(page, "Back to the original").click();
  await editor.focus();
  await page.keyboard.type("x");
  await button(page, "Undo").click();
  assert.equal(await editor.inputValue(), TEXT);
  await button(page, "Undo").click();
  assert.equal(await editor.inputValue(), last);
  await page.reload();
  assert.equal(await (await script(page)).inputValue(), last, "and the draft is kept again");
});

scene("what the browser does not keep, the page keeps while it is there, and says so once", {
  at: AT,
  before: () => {
    Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  },
}, async (page) => {
  await (await script(page)).fill(`${TEXT}# mine`);
  const notice = page.getByText(/does not keep what you type/);
  await notice.waitFor();
  await button(page, "Back to the original").click();
  assert.equal(await notice.count(), 0, "nothing is there to be kept");
  await field(page).fill(`${TEXT}# mine`);
  await button(page, "Close").click();
  await field(page).press("End");
  await page.keyboard.type("!");
  const mine = await field(page).inputValue();
  assert.equal(await notice.count(), 0, "it was read");
  await page.getByRole("link", { name: "Splitbrain, all scenarios" }).click();
  await page.getByRole("link", { name: "Start with the first" }).waitFor();
  await page.goBack();
  assert.equal(await (await script(page)).inputValue(), mine);
});

const LONG = {
  "one line of 200 KB": `lab lease\nabout ${"many words ".repeat(18_000)}\n`,
  "a text over the limit": `${"x".repeat(99)}\n`.repeat(3_000),
  "18,000 bad lines": `lab lease\n${"at 1s crsh c1\n".repeat(18_000)}`,
};

scene("a long text is drawn as far as it is seen, and can be typed into", { at: AT, routes: withoutEditor, complains: true }, async (page) => {
  const editor = await script(page);
  const times = {};
  for (const [name, long] of Object.entries(LONG)) {
    const told = await editor.evaluate(async (field, long) => {
      const picture = async () => {
        await new Promise(requestAnimationFrame);
        await new Promise((done) => setTimeout(done));
      };
      const change = async (value) => {
        const start = performance.now();
        field.value = value;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await picture();
        return Math.round(performance.now() - start);
      };
      const native = async (value) => {
        const other = field.cloneNode();
        field.parentElement.append(other);
        other.value = value;
        await picture();
        const start = performance.now();
        other.value = `${value}#`;
        await picture();
        const time = Math.round(performance.now() - start);
        other.remove();
        return time;
      };
      return { pasted: await change(long), key: await change(`${long}#`), "of which the field alone": await native(long) };
    }, long);
    times[name] = told;
    assert.ok((await page.locator(".codelines li").count()) <= 200, `${name}: only lines in view are drawn`);
    assert.ok((await page.locator(".wrongs li").count()) <= 50, `${name}: not everything is said at once`);
  }
  console.log("long texts, in ms:", times);
  await page.getByText(/^And \d+ more\.$/).waitFor();
  await page.locator(".code").evaluate((code) => code.scrollTo(0, code.scrollHeight / 2));
  await page.locator(".codelines .ln", { hasText: /^9000$/ }).waitFor();
});

scene("a flaw's switch shows what the text says, though the text is broken", { at: AT }, async (page) => {
  await (await script(page)).fill(TEXT.replace("pause c1", "pase c1"));
  await page.getByRole("tab", { name: "Flaws and knobs" }).click();
  const flaw = page.getByRole("switch", { name: /^no-fencing/ });
  for (const on of [true, false, true]) {
    assert.equal(await flaw.isChecked(), on);
    await flaw.focus();
    await page.keyboard.press("Space");
  }
});

scene("an edit in a long run leaves the moment that is looked at", { at: AT }, async (page) => {
  const long = "lab lease\nevery 20ms from 0s until 5min c1 write x 1\n";
  await (await script(page)).fill(long);
  await computed(page);
  const box = await playhead(page).boundingBox();
  await page.mouse.click(box.x + box.width * 0.8, box.y + box.height / 2);
  const seconds = async () => Number.parseFloat(await playhead(page).getAttribute("aria-valuetext"));
  // To the last event of an instant: a text that changes leads back to the instant.
  const clicked = await seconds();
  for (let { step } = await shown(page); (await seconds()) === clicked; await at(page, step)) {
    step += 1;
    await playhead(page).press("ArrowRight");
  }
  const { step } = await shown(page);
  await playhead(page).press("ArrowLeft");
  await at(page, step - 1);
  const before = { time: await seconds(), step: (await shown(page)).step };
  await field(page).fill(`${long}at 299s c1 read x\n`);
  await page.getByText(/^event \d+ of \d+…$/).waitFor();
  await computed(page);
  assert.deepEqual({ time: await seconds(), step: (await shown(page)).step }, before);
});
