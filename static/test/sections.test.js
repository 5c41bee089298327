// @ts-check
// The site's pages in Chromium: each is there, leads to the others, and fits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTests, ready } from "./harness.js";

const phone = { viewport: { width: 390, height: 844 } };

for (const [path, label] of [["", "Desk"], ["global/", "Regions"], ["capacity/", "Capacity"]]) {
  pageTests(`the page ${label}`, path, (onPage) => {
    test("knows where it is, and leads to the other pages and back", () =>
      onPage(async (page) => {
        const nav = page.locator(".sections");
        assert.equal(await nav.locator("[aria-current]").innerText(), label);
        for (const other of ["Capacity", "Regions", "Desk"]) {
          await nav.getByText(other).click();
          await page.waitForFunction((t) => document.querySelector(".sections [aria-current]")?.textContent === t, other);
          await ready(page);
        }
        assert.equal(new URL(page.url()).pathname, "/");
      }));

    test("fits a phone", () =>
      onPage(async (page) => {
        const [inside, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(inside <= window, `the page is ${inside} wide in a window of ${window}`);
      }, phone));

    test("an address without its slash leads there", { skip: path === "" }, () =>
      onPage(async (page) => {
        await page.goto(page.url().replace(/\/$/, "?seed=7"));
        assert.equal(new URL(page.url()).pathname, `/${path}`);
        assert.equal(new URL(page.url()).search, "?seed=7");
        await ready(page);
      }));
  });
}
