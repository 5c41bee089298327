// @ts-check
// The B-tree in the dock, in Chromium.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { launch, needsBrowser, openPage, ready, runRequest, settled, showPane, startServer } from "./harness.js";

/** @import {Browser, Page} from "playwright-core" */
/** @import {Account, Server} from "./harness.js" */

const moveOrder = `UpdateItem {
  TableName: "Shop",
  Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "ORDER#2026-08-03#7316" } },
  UpdateExpression: "SET #s = :s",
  ExpressionAttributeNames: { "#s": "status" },
  ExpressionAttributeValues: { ":s": { S: "RETURNED" } }
}`;

describe("the B-tree", needsBrowser(), () => {
  /** @type {Server} */
  let server;
  /** @type {Browser} */
  let browser;
  /** @type {{page: Page, account: Account}[]} */
  let opened = [];

  before(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(async () => {
    const all = opened;
    opened = [];
    for (const { page, account } of all) {
      await page.context().close();
      assert.deepEqual(account.errors, [], "console errors and failed requests");
    }
  });

  /** @param {number} width */
  async function open(width) {
    const one = await openPage(browser, server.url, { viewport: { width, height: 844 } });
    opened.push(one);
    await ready(one.page);
    await one.page.locator("request-editor .cm-content").waitFor({ state: "attached" });
    return one.page;
  }

  test("a write is followed through every tree, with the keyboard", async () => {
    const page = await open(1440);
    await runRequest(page, moveOrder);
    const pick = page.locator("#tree-1");
    assert.match(await pick.innerText(), /^byStatus\s+moved$/);
    await pick.focus();
    await settled(page, () => page.keyboard.press("Enter"));
    assert.match(await page.getByRole("img", { name: /^B-tree of index byStatus: / }).innerHTML(), /tick gone/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "tree-1", "the focus stays");
    assert.equal(await pick.getAttribute("aria-pressed"), "true");
    await settled(page, () => page.locator("#side-0").click());
    await page.getByRole("img", { name: /^B-tree of index byStatus before the write/ }).waitFor();
  });

  test("on a phone the drawing opens where the request has been", async () => {
    const page = await open(390);
    await showPane(page, "dock");
    const box = page.locator("#dock-sheet .scrollx");
    const hit = page.locator("#dock-sheet .tick.hit");
    await page.waitForFunction(() => (document.querySelector("#dock-sheet .scrollx")?.scrollLeft ?? 0) > 0);
    const [around, within] = [await box.boundingBox(), await hit.boundingBox()];
    assert.ok(around && within && within.x >= around.x && within.x + within.width <= around.x + around.width);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, "the page itself does not scroll");
    await runRequest(page, `GetItem {\n  TableName: "Shop",\n  Key: { PK: { S: "CUSTOMER#c-1096" }, SK: { S: "PROFILE" } }\n}`);
    await showPane(page, "dock");
    await page.waitForFunction(() => document.querySelector("#dock-sheet .scrollx")?.scrollLeft !== 0);
  });
});
