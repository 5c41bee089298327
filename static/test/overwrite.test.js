// @ts-check
// Answers that are written over what the page shows: afterwards the page is what
// the answer says, element by element, and what the visitor has in hand stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTests, settled } from "./harness.js";

/** @import {Page} from "playwright-core" */

/** Keeps the page's answers, and how many parts of each were left to htmx. @param {Page} page */
async function listen(page) {
  await page.evaluate(() => {
    Object.assign(globalThis, { answer: "", left: -1 });
    // Before the page's own script sees it.
    window.addEventListener("htmx:after:request", (e) => Object.assign(globalThis, { answer: /** @type {CustomEvent} */ (e).detail.ctx.text }), true);
    window.addEventListener("htmx:before:swap", (e) => {
      const parts = /** @type {CustomEvent} */ (e).detail.tasks.filter((/** @type {any} */ t) => t.type === "partial");
      Object.assign(globalThis, { left: parts.length });
    });
  });
}

/** @param {Page} page @param {number} at @returns {Promise<{parts: number, left: number, wrong: string[]}>} */
async function seek(page, at) {
  await settled(page, () =>
    page.locator("#seek").evaluate((button, at) => {
      /** @type {HTMLButtonElement} */ (button).value = String(at);
      /** @type {HTMLButtonElement} */ (button).click();
    }, at),
  );
  return page.evaluate(() => {
    const text = /** @type {string} */ (Reflect.get(globalThis, "answer"));
    const parts = [...text.matchAll(/<hx-partial hx-target="#([^"]+)"[^>]*>([^]*?)<\/hx-partial>/g)];
    const wrong = parts.filter(([, id, html]) => {
      const is = /** @type {Element} */ (document.getElementById(id)?.cloneNode(true));
      const box = document.createElement("template");
      box.innerHTML = html;
      for (const e of [is, ...is.querySelectorAll("*")]) {
        e.removeAttribute("data-htmx-powered");
          if (e.matches("textarea")) e.textContent = "";
      }
      for (const e of box.content.querySelectorAll("textarea")) e.textContent = "";
      return !box.content.firstElementChild?.isEqualNode(is);
    });
    return { parts: parts.length, left: Reflect.get(globalThis, "left"), wrong: wrong.map(([, id]) => id) };
  });
}

/** @param {Page} page a minute of traffic, and instead of its end a cut, a region that is down, and what HTML must escape */
async function record(page) {
  await page.click("#traffic > summary");
  await page.click("#traffic-60");
  await page.locator("#traffic").waitFor();
  await seek(page, 20_000);
  await page.locator("#ask-us-east-1 textarea").fill(`PutItem { TableName: "Albums", Item: { album: { S: "<b> &amp; \\"c\\" 'd' id=" } } }`);
  await settled(page, () => page.locator("#run-us-east-1").click());
  await settled(page, () => page.locator('[id="cut-us-east-1.eu-west-1"]').click());
  await settled(page, () => page.locator("#life-ap-south-1").click());
  await settled(page, () => page.locator("#run-ap-south-1").click());
}

pageTests("answers written over the page", "global/", (onPage) => {
  test("at any instant the page is what the answer says", () =>
    onPage(async (page) => {
      await listen(page);
      await record(page);
      let over = 0;
      let asked = 0;
      for (const way of ["1", "2"]) {
        await settled(page, () => page.locator(`#way-${way}`).click());
        const max = Number(await page.locator("#scrub").getAttribute("max"));
        for (let i = 0; i <= 30; i++) {
          const { parts, left, wrong } = await seek(page, Math.floor((max * ((i * 17) % 31)) / 30));
          assert.deepEqual(wrong, [], `way ${way}, ${i}`);
          asked += parts;
          over += parts - left;
        }
      }
      assert.deepEqual((await seek(page, 20_200)).wrong, []);
      assert.match(await page.locator("#tab-us-east-1 table").innerText(), /<b> &amp; "c" 'd' id=/);
      assert.ok(over > asked * 0.9, `${over} of ${asked} parts were written over`);
    }));

  test("what is typed, focused and scrolled to stays; what a button does is the answer's", () =>
    onPage(async (page) => {
      await listen(page);
      await record(page);
      const typed = page.locator("#ask-eu-west-1 textarea");
      await typed.fill("GetItem { }");
      await page.locator("#zone-us-east-1b").focus();
      await page.locator(".log").evaluate((log) => (log.scrollTop = 60));
      await seek(page, 19_000);
      assert.equal(await page.locator('[id="cut-us-east-1.eu-west-1"]').innerText(), "Cut link");
      assert.equal(await typed.inputValue(), "GetItem { }");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "zone-us-east-1b");
      assert.equal(await page.locator(".log").evaluate((log) => log.scrollTop), 60);
      await seek(page, 20_000);
      assert.equal(await page.locator('[id="cut-us-east-1.eu-west-1"]').innerText(), "Heal link");
      await settled(page, () => page.locator('[id="cut-us-east-1.eu-west-1"]').click());
      assert.equal(await page.locator('[id="cut-us-east-1.eu-west-1"]').innerText(), "Cut link", "it was healed");
      await settled(page, () => page.locator("#life-ap-south-1").click());
      assert.match(await page.locator("#life-ap-south-1").innerText(), /^Kill/);
    }));
});
