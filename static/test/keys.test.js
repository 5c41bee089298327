// @ts-check
// The keyboard: the palette, the sheet, single keys, and fields left alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, needsBrowser, openPage, ready, settled, startServer } from "./harness.js";

/** @import {Browser} from "playwright-core" */
/** @import {Server} from "./harness.js" */

/** @type {Server} */
let server;
/** @type {Browser} */
let browser;

describe("the keyboard", needsBrowser(), () => {
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  async function open() {
    const one = await openPage(browser, server.url);
    await ready(one.page);
    await one.page.locator("request-editor .cm-content").waitFor();
    return one;
  }

  test("the palette finds a table and scans it", async () => {
    const { page, account } = await open();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("scan mus");
    await settled(page, () => page.keyboard.press("Enter"));
    assert.match(await page.locator("#plan").innerText(), /Scan on Music/);
    assert.equal(await page.locator("dialog").count(), 0);
    assert.deepEqual(account.errors, []);
    await page.context().close();
  });

  test("the sheet lists the keys, and Escape closes it", async () => {
    const { page } = await open();
    await page.locator("#result-head").click();
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keys" });
    assert.match(await sheet.innerText(), /Format the request\s+f/);
    await page.keyboard.press("Escape");
    assert.equal(await sheet.count(), 0);
    await page.context().close();
  });

  test("single keys go to the panes and format, but not while typing", async () => {
    const { page } = await open();
    const content = page.locator("request-editor .cm-content");
    await content.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.type("ListTables   {  }n?");
    assert.equal(await page.locator("dialog").count(), 0);
    assert.match(await content.innerText(), /\}n\?/);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "run-button");
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.querySelector("request-editor")?.shadowRoot?.querySelector(".cm-content")?.textContent === "ListTables {}");
    await page.keyboard.press("Escape");
    await page.keyboard.press("5");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "dock-sheet");
    await page.context().close();
  });
});
