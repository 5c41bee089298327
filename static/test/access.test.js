// @ts-check
// Accessibility and small screens: axe over the page's states in both themes,
// and nothing that scrolls sideways on a phone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findings } from "./axe.js";
import { launch, needsBrowser, openPage, ready, startServer } from "./harness.js";
import { states } from "./states.js";

/** @import {Browser, Page} from "playwright-core" */

/** @type {import("./harness.js").Server} */
let server;
/** @type {Browser} */
let browser;

/**
 * What sticks out of the window: the page itself, or a control that cannot be
 * scrolled to because something above it clips.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
function overflow(page) {
  // A phone widens innerWidth to what sticks out, so the screen is what counts.
  const width = page.viewportSize()?.width ?? 0;
  return page.evaluate((width) => {
    const root = document.scrollingElement ?? document.documentElement;
    const found = root.scrollWidth > width ? [`the page is ${root.scrollWidth} px wide`] : [];
    const scrolls = (/** @type {Element} */ e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
    for (const e of document.querySelectorAll("button, a[href], input, summary, textarea")) {
      const box = e.getBoundingClientRect();
      if (!e.checkVisibility() || box.width === 0 || box.right <= width + 1) continue;
      let up = e.parentElement;
      while (up && !scrolls(up)) up = up.parentElement;
      if (!up) found.push(`cut off at ${Math.round(box.right)} px: ${e.outerHTML.slice(0, 120)}`);
    }
    return found;
  }, width);
}

describe("access", needsBrowser(), () => {
  before(async () => {
    server = await startServer();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const state of states.filter((s) => !s.phone)) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      test(`${state.name}, ${colorScheme}`, async () => {
        const { page } = await openPage(browser, server.url, { colorScheme, reducedMotion: "reduce" });
        await ready(page);
        await state.reach(page);
        assert.deepEqual(await findings(page), []);
        await page.context().close();
      });
    }
  }

  for (const path of ["capacity/", "global/", "global/region/", "global/region/?host=eu-west-1"]) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      test(`${path}, ${colorScheme}, wide and on a phone`, async () => {
        for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
          const { page } = await openPage(browser, `${server.url}/${path}`, { colorScheme, reducedMotion: "reduce", viewport });
          await ready(page);
          await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
          assert.deepEqual(await findings(page), []);
          assert.deepEqual(await overflow(page), []);
          await page.context().close();
        }
      });
    }
  }

  test("nothing scrolls sideways on a phone", async () => {
    const { page } = await openPage(browser, server.url, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await ready(page);
    assert.deepEqual(await overflow(page), [], "as it opens");
    for (const tab of await page.locator(".pane-tabs button").all()) {
      await tab.click();
      assert.deepEqual(await overflow(page), [], await tab.innerText());
      assert.deepEqual(await findings(page), [], await tab.innerText());
    }
    await page.context().close();
  });
});
