// @ts-check
// The simulator of /capacity in Chromium: time passes and stands still, can be
// gone back to, and the knobs make another run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTests, ready, settled } from "./harness.js";

/** @import {Page} from "playwright-core" */

const phone = { viewport: { width: 390, height: 844 } };

pageTests("the simulator", "capacity/", (onPage) => {
  const clock = (/** @type {Page} */ page) => page.locator("#hour-transport output").innerText();
  const charts = (/** @type {Page} */ page) => page.locator("#hour-charts > .scrollx").innerHTML();
  const passes = (/** @type {Page} */ page, /** @type {string} */ was) =>
    page.waitForFunction((was) => document.querySelector("#hour-transport output")?.textContent !== was, was);
  /** Waits until all that is wanted is drawn. */
  const drawn = (/** @type {Page} */ page) => page.waitForFunction(() => !document.getElementById("hour-more"));
  /** Chooses a run that is quick. */
  const quiet = async (/** @type {Page} */ page) => {
    await settled(page, () => page.getByRole("button", { name: "A quiet hour" }).click());
    await drawn(page);
  };

  test("plays from the start and pauses", () =>
    onPage(async (page) => {
      await quiet(page);
      await settled(page, () => page.getByRole("button", { name: "Start over at 09:00" }).click());
      assert.equal(await clock(page), "09:00");
      assert.match(await page.locator("#hour-why").innerText(), /nothing has been asked/);
      await page.locator("#hour-run").click();
      await passes(page, "09:00");
      const second = await clock(page);
      await passes(page, second);
      assert.equal(await page.locator("#hour-run").getAttribute("aria-pressed"), "true");
      await page.locator("#hour-run").click();
      assert.equal(await page.locator("#hour-run").getAttribute("aria-pressed"), "false");
      await settled(page, () => page.getByRole("button", { name: "Step back" }).click());
      const paused = await clock(page);
      await settled(page, () => page.getByRole("button", { name: "Step a minute" }).click());
      await settled(page, () => page.getByRole("button", { name: "Step back" }).click());
      assert.equal(await clock(page), paused, "a paused clock");
    }));

  test("ends at the end", () =>
    onPage(async (page) => {
      await quiet(page);
      await page.locator("#hour-at").focus();
      await settled(page, () => page.keyboard.press("End"));
      await settled(page, () => page.getByRole("button", { name: "Step back" }).click());
      await page.locator("#hour-run").click();
      await page.waitForFunction(() => document.querySelector("#hour-run")?.getAttribute("aria-pressed") === "false");
      assert.equal(await clock(page), "10:00");
    }));

  test("goes back to the picture that there was, by the slider and by keys", () =>
    onPage(async (page) => {
      await quiet(page);
      await page.locator("#hour-at").focus();
      await settled(page, () => page.keyboard.press("ArrowLeft"));
      const [minute, before] = [await clock(page), await charts(page)];
      await settled(page, () => page.keyboard.press("Home"));
      assert.equal(await clock(page), "09:00");
      assert.notEqual(await charts(page), before);
      for (let i = 0; i < 28; i++) await page.keyboard.press("ArrowRight"); // faster than answers come
      await settled(page, () => page.keyboard.press("ArrowRight"));
      await page.waitForFunction((was) => document.querySelector("#hour-charts > .scrollx")?.innerHTML === was, before);
      assert.equal(await clock(page), minute);
      assert.equal(await charts(page), before);
    }));

  test("knobs make another run, which the address leads back to", () =>
    onPage(async (page) => {
      await quiet(page);
      const before = await charts(page);
      await page.locator("#hour-writes").fill("90");
      await settled(page, () => page.keyboard.press("Tab"));
      await drawn(page);
      const after = await charts(page);
      assert.notEqual(after, before);
      assert.equal(await page.locator("[data-of=hour-writes]").inputValue(), "90");
      assert.match(page.url(), /h-writes=90/);
      await page.goto(page.url());
      await ready(page);
      await page.waitForFunction(() => document.querySelector("#hour-writes")?.getAttribute("value") === "90");
      await drawn(page);
      assert.equal(await charts(page), after, "what the address leads back to");
    }));

  test("a slider takes its number along, and is one request when it is let go", () =>
    onPage(async (page) => {
      await quiet(page);
      await page.locator("[data-of=hour-target]").focus();
      await settled(page, () => page.keyboard.press("ArrowLeft"));
      await drawn(page);
      assert.equal(await page.locator("#hour-target").inputValue(), "69");
      assert.match(await page.locator("#hour-why").innerText(), /69\s%/);
    }));

  test("what is out of range is refused in words, and nothing is lost", () =>
    onPage(async (page) => {
      await quiet(page);
      const before = await charts(page);
      await page.locator("#hour-target").fill("95");
      await page.keyboard.press("Tab");
      await page.getByText("not a whole number from 20 to 90").waitFor();
      assert.equal(await charts(page), before);
      assert.equal(await page.locator("#hour-target").inputValue(), "95", "what was typed stays to be mended");
      await page.locator("#hour-target").fill("50");
      await settled(page, () => page.keyboard.press("Tab"));
      await drawn(page);
      assert.notEqual(await charts(page), before);
    }));

  test("steps where motion is not wanted", () =>
    onPage(
      async (page) => {
        await quiet(page);
        const before = await clock(page);
        await page.locator("#hour-run").click();
        await passes(page, before);
        await page.locator("#hour-run").click();
      },
      { reducedMotion: "reduce" },
    ));

  test("a phone shows the chart at the present minute, and is not wider than it", () =>
    onPage(async (page) => {
      await page.locator("#hour-charts").scrollIntoViewIfNeeded();
      const box = page.locator("#hour-charts > .scrollx");
      await page.waitForFunction(() => (document.querySelector("#hour-charts > .scrollx")?.scrollLeft ?? 0) > 0);
      const { left, inner, outer } = await box.evaluate((b) => ({ left: b.scrollLeft, inner: b.scrollWidth, outer: b.clientWidth }));
      const now = inner * (Number(await box.getAttribute("data-lit")) / 1000);
      assert.ok(now >= left && now <= left + outer, `the present minute is at ${now}, what is seen from ${left} on`);
      const [page_, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(page_ <= window_, `${page_} wide in ${window_}`);
    }, phone));
});
