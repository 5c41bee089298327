// @ts-check
// The engine's clock and the settings of the simulation, in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deskTests, settled } from "./harness.js";

/** @import {Page} from "playwright-core" */

deskTests("clock and settings", (onPage) => {
  const shows = (/** @type {Page} */ page) => page.locator(".clock .time").innerText();

  test("it runs at the speed chosen until it is paused, and that is one thing to undo", () =>
    onPage(async (page) => {
      const start = await shows(page);
      await page.selectOption("#clock-speed", "3600");
      await page.locator("#clock-run").click();
      await page.waitForFunction((was) => document.querySelector(".clock .time")?.textContent !== was, start);
      const second = await shows(page);
      await page.waitForFunction((was) => document.querySelector(".clock .time")?.textContent !== was, second);
      assert.equal(await page.locator("#clock-mode").innerText(), "RUNNING");
      await page.locator("#clock-run").click();
      assert.equal(await page.locator("#clock-mode").innerText(), "FROZEN");
      await settled(page, () => page.locator("#dock-requests").click());
      const paused = await shows(page);
      await settled(page, () => page.locator("#dock-btree").click());
      assert.equal(await shows(page), paused, "a paused clock");
      await settled(page, () => page.locator("#undo").click());
      assert.equal(await shows(page), start, "one undo takes all ticks back");
      assert.ok(await page.locator("#undo").isDisabled());
    }));

  test("a setting that is changed takes effect, is a step, and wrong values are refused in words", () =>
    onPage(async (page) => {
      await settled(page, () => page.locator("#dock-simulation").click());
      await page.fill("#set-transition", "soon");
      await page.keyboard.press("Enter");
      await page.getByText("is not a duration").waitFor();
      await page.fill("#set-transition", "5s");
      await settled(page, () => page.keyboard.press("Enter"));
      await settled(page, () => page.locator("#set-envelope").click());
      assert.equal(await page.locator("#set-envelope").getAttribute("aria-pressed"), "true");
      await settled(page, () => page.locator("#dock-requests").click());
      const list = await page.locator("#dock-sheet").innerText();
      assert.match(list, /Set transition to 5s/);
      assert.match(list, /Set envelope to true/);
    }));

  test("a clock that runs goes on when something else is refused", () =>
    onPage(async (page) => {
      await settled(page, () => page.locator("#dock-simulation").click());
      await page.selectOption("#clock-speed", "3600");
      await page.locator("#clock-run").click();
      await page.locator("#set-transition").evaluate((field) => {
        const input = /** @type {HTMLInputElement} */ (field);
        input.value = "soon";
        input.form?.requestSubmit();
      });
      await page.getByText("is not a duration").waitFor();
      const then = await shows(page);
      await page.waitForFunction((was) => document.querySelector(".clock .time")?.textContent !== was, then);
      assert.equal(await page.locator("#clock-mode").innerText(), "RUNNING");
    }));
});
