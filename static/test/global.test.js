// @ts-check
// The lab of replication in Chromium: presets, the links, the regions, and time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTests, settled } from "./harness.js";

/** @import {Page} from "playwright-core" */

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const calm = /** @type {const} */ ({ reducedMotion: "reduce" });

/** @param {Page} page the instant shown, in milliseconds */
const now = async (page) => Number(await page.locator("#lab-time").getAttribute("data-now"));

/** @param {Page} page */
const converge = (page) => page.locator("#converge").innerText();

/** @param {Page} page @param {string} id @param {string | number} value as setting a range and letting go does */
async function slide(page, id, value) {
  await settled(page, () =>
    page.locator(`[id="${id}"]`).evaluate((input, value) => {
      /** @type {HTMLInputElement} */ (input).value = String(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }, value),
  );
}

/** @param {Page} page */
async function pause(page) {
  if ((await page.locator("#play").getAttribute("aria-label")) === "Pause") await page.locator("#play").click();
  await page.locator('#lab-time[data-playing="false"]').waitFor({ state: "attached" });
}

/** @param {Page} page goes to where the recording ends */
async function end(page) {
  await pause(page);
  await slide(page, "scrub", (await page.locator("#scrub").getAttribute("max")) ?? "0");
}

pageTests("the lab of replication", "global/", (onPage) => {
  test("every preset plays from its beginning, and all regions agree in the end", () =>
    onPage(async (page) => {
      const presets = await page.locator("#lab-presets button").evaluateAll((all) => all.map((b) => /** @type {HTMLButtonElement} */ (b).value));
      assert.ok(presets.length >= 6, `${presets.length} presets`);
      for (const name of presets) {
        await settled(page, () => page.locator(`#preset-${name}`).click());
        assert.equal(await page.locator(`#preset-${name}`).getAttribute("aria-pressed"), "true");
        const from = await now(page);
        await page.waitForFunction((t) => Number(document.getElementById("lab-time")?.dataset.now) > t, from + 20);
        await end(page);
        assert.match(await converge(page), /^Converged\./, name);
        assert.match(await page.locator("#ledger-head").innerText(), name === "strong" || name === "read-your-write" ? /nothing lost/ : /1 write lost/);
      }
    }));

  test("what flies is moved between two answers, and the clock goes on", () =>
    onPage(async (page) => {
      const place = () => page.locator("g.msg").first().getAttribute("transform");
      const first = await place();
      await page.locator("#play").click();
      await page.waitForFunction((t) => document.querySelector("g.msg")?.getAttribute("transform") !== t, first);
      await page.waitForFunction(() => document.getElementById("lab-time")?.dataset.playing === "false");
      assert.match(await converge(page), /^Converged\./, "it plays to the end of the recording");
    }));

  test("a button's word goes with what is typed, whatever is answered meanwhile", () =>
    onPage(async (page) => {
      const word = () => page.locator("#run-eu-west-1").innerText();
      await end(page);
      assert.equal(await word(), "Write");
      await page.locator("#ask-eu-west-1 textarea").fill('GetItem { TableName: "Albums", Key: { album: { S: "blue" } } }');
      for (const button of ["#back", "#step", "#run-us-east-1"]) {
        assert.equal(await word(), "Read");
        await settled(page, () => page.locator(button).click());
      }
      assert.equal(await word(), "Read");
    }));

  test("a write in a region is answered there, and arrives in the others", () =>
    onPage(async (page) => {
      await end(page);
      const text = page.locator("#ask-eu-west-1 textarea");
      await text.fill('PutItem { TableName: "Albums", Item: { album: { S: "blue" } } }');
      await settled(page, () => page.locator("#run-eu-west-1").click());
      assert.match(await page.locator("#reply-eu-west-1").innerText(), /200/);
      assert.match(await page.locator("#tab-eu-west-1").innerText(), /blue\b/);
      assert.doesNotMatch(await page.locator("#tab-us-east-1 table").innerText(), /blue\n/);
      assert.match(await converge(page), /2 messages in flight/);
      await end(page);
      assert.match(await page.locator("#tab-us-east-1 table").innerText(), /blue\b/);
    }));

  test("errors of requests are AWS's, in the region's tab, and what cannot be read stays to be mended", () =>
    onPage(async (page) => {
      const text = page.locator("#ask-us-east-1 textarea");
      await text.fill('PutItem { TableName: "Nowhere", Item: {} }');
      await settled(page, () => page.locator("#run-us-east-1").click());
      assert.match(await page.locator("#reply-us-east-1").innerText(), /ResourceNotFoundException|ValidationException/);
      await text.fill("PutItem { TableName");
      await page.locator("#run-us-east-1").click();
      await page.locator("#refused").waitFor();
      assert.match(await page.locator("#refused").innerText(), /What you typed is still there/);
      assert.equal(await text.inputValue(), "PutItem { TableName");
      assert.match(await page.locator("#reply-us-east-1").innerText(), /Exception/, "the answer before is still there");
    }));

  test("a link that is cut lets messages wait until it is healed", () =>
    onPage(async (page) => {
      await end(page);
      await settled(page, () => page.locator('[id="cut-us-east-1.eu-west-1"]').click());
      await settled(page, () => page.locator("#run-us-east-1").click());
      assert.match(await converge(page), /1 message waiting for a link or a region, 1 message in flight/);
      assert.match(await page.locator(".wire-1 svg").first().getAttribute("aria-label") ?? "", /^The link is cut, 1 message waiting/);
      await settled(page, () => page.locator('[id="cut-us-east-1.eu-west-1"]').click());
      await end(page);
      assert.match(await converge(page), /^Converged\./);
      assert.match(`${await page.locator(".log").textContent()}`, /keeps blue-train .* for eu until it can be sent/);
    }));

  test("a region that is killed answers nothing, and catches up when it is revived", () =>
    onPage(async (page) => {
      await end(page);
      await settled(page, () => page.locator("#life-ap-south-1").click());
      await settled(page, () => page.locator("#run-ap-south-1").click());
      assert.match(await page.locator("#reply-ap-south-1").innerText(), /The region ap-south-1 is down/);
      await settled(page, () => page.locator("#run-us-east-1").click());
      await end(page);
      assert.match(await converge(page), /waiting for a link or a region/);
      await settled(page, () => page.locator("#life-ap-south-1").click());
      await end(page);
      assert.match(await converge(page), /^Converged\./);
    }));

  test("going back shows what was there, and a write in the past is another way", () =>
    onPage(async (page) => {
      await pause(page);
      const table = () => page.locator("#lab-stage").innerText();
      const before = await table();
      await slide(page, "scrub", 0);
      assert.notEqual(await table(), before);
      await slide(page, "scrub", 4600);
      assert.equal(await table(), before);
      await slide(page, "scrub", 2000);
      await settled(page, () => page.locator("#run-ap-south-1").click());
      assert.equal(await page.locator("#way-2").getAttribute("aria-pressed"), "true");
      await settled(page, () => page.locator("#fork").click());
      assert.equal(await page.locator("#way-3").getAttribute("aria-pressed"), "true");
      await settled(page, () => page.locator("#way-1").click());
      await slide(page, "scrub", 4600);
      assert.equal(await table(), before);
    }));

  test("steps go from one thing that happens to the next and back, by keyboard too", () =>
    onPage(async (page) => {
      await slide(page, "scrub", 0);
      await page.locator("#step").focus();
      await settled(page, () => page.keyboard.press("Enter"));
      assert.equal(await now(page), 1200);
      await settled(page, () => page.keyboard.press("Enter"));
      assert.ok((await now(page)) > 1200);
      await settled(page, () => page.locator("#back").click());
      assert.equal(await now(page), 1200);
      await page.locator("#scrub").focus();
      await settled(page, () => page.keyboard.press("ArrowRight"));
      assert.equal(await now(page), 1205);
    }));

  test("the address holds the run: another page shows the same", () =>
    onPage(async (page) => {
      await end(page);
      await settled(page, () => page.locator("#run-us-east-1").click());
      await page.waitForFunction(() => /^#1\./.test(location.hash));
      const [stage, log] = [await page.locator("#lab-stage").innerText(), await page.locator(".log").textContent()];
      await page.reload();
      await page.waitForFunction((t) => document.querySelector("#lab-stage")?.textContent && document.querySelector(".log")?.textContent === t, log);
      assert.equal(await page.locator("#lab-stage").innerText(), stage);
      await page.goto(page.url().replace(/\?.*/, "?preset=nothing"));
      await page.locator("#lab-trouble").waitFor();
    }));

  test("traffic is recorded, can be stopped, and scrubbed through", () =>
    onPage(async (page) => {
      await page.locator("#traffic summary").click();
      await page.locator("#traffic-3600").click();
      await page.locator("#traffic-stop").click();
      await page.locator("#traffic").waitFor();
      const last = await now(page);
      assert.ok(last >= 60_000, `${last} ms are recorded`);
      await slide(page, "scrub", 30_000);
      assert.match(`${await page.locator(".log").textContent()}`, /^(29|30)\.\d\d\d/);
      assert.match(await page.locator("#tab-us-east-1 table").innerText(), /item-\d/);
    }));

  test("where motion is not wanted, playing steps", () =>
    onPage(async (page) => {
      await slide(page, "scrub", 1000);
      await page.locator("#play").click();
      await page.waitForFunction(() => document.getElementById("lab-time")?.dataset.now === "1200");
      await pause(page);
    }, calm));

  test("on a phone regions are swiped, and nothing is wider than the screen", () =>
    onPage(async (page) => {
      const [inside, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(inside <= window, `the page is ${inside} wide in a window of ${window}`);
      const row = await page.locator(".tabsrow").evaluate((e) => ({ type: getComputedStyle(e).scrollSnapType, more: e.scrollWidth > e.clientWidth }));
      assert.match(row.type, /x mandatory/);
      assert.ok(row.more);
      const small = await page.locator("#lab-stage button:visible, #lab-time button:visible, #lab-zones button:visible").evaluateAll((all) =>
        all.filter((b) => b.getBoundingClientRect().height < 24).map((b) => b.id),
      );
      assert.deepEqual(small, []);
    }, phone));

  test("a zone can be lost, which costs nothing", () =>
    onPage(async (page) => {
      await settled(page, () => page.locator("#zone-us-east-1a").click());
      assert.match(await page.locator("#lab-zones").innerText(), /us-east-1a is lost, and nothing with it/);
      await settled(page, () => page.locator("#run-us-east-1").click());
      assert.match(await page.locator("#reply-us-east-1").innerText(), /200/);
      await settled(page, () => page.locator("#zone-us-east-1a").click());
      assert.doesNotMatch(await page.locator("#lab-zones").innerText(), /is lost/);
    }));
});
