// @ts-check
// Open transactions, explained reads, lagging indexes and templates, in
// Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deskTests, runRequest, settled } from "./harness.js";

/** @import {Page} from "playwright-core" */

const transfer = `TransactWriteItems {
  TransactItems: [{ Put: { TableName: "Sessions", Item: { id: { S: "x" }, note: { S: "from the transaction" } } } }]
}`;

deskTests("what the engine tells", (onPage) => {
  /** Types a text without running it. @param {Page} page @param {string} text */
  async function type(page, text) {
    await page.locator("request-editor .cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  }

  test("a transaction held open is in the way of a write until it is committed", () =>
    onPage(async (page) => {
      assert.ok(await page.locator("#hold-button").isHidden(), "nothing to hold in a Query");
      await type(page, transfer);
      await settled(page, () => page.locator("#hold-button").click());
      assert.match(await page.locator("#result").innerText(), /held open as tx1/);
      await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "x" } } }`);
      const refusal = await page.locator("#result-sheet").innerText();
      assert.match(refusal, /TransactionConflictException/);
      assert.match(refusal, /The open transaction tx1 holds an item of this request/);
      await settled(page, () => page.locator("#dock-simulation").click());
      assert.match(await page.locator(".simulation .open").innerText(), /tx1[^]*Put in Sessions x/);
      await settled(page, () => page.locator(".simulation").getByRole("button", { name: "Commit tx1" }).click());
      assert.match(await page.locator("#result").innerText(), /2\.0 WRU/);
      assert.equal(await page.locator(".simulation .open").count(), 0);
      await runRequest(page, `GetItem { TableName: "Sessions", Key: { id: { S: "x" } } }`);
      assert.match(await page.locator("#result-sheet").innerText(), /from the transaction/);
    }));

  test("a transaction is held from its result, cancelled, and each is undone", () =>
    onPage(async (page) => {
      await runRequest(page, transfer);
      await settled(page, () => page.getByRole("button", { name: "Run it and hold it open" }).click());
      await settled(page, () => page.locator("#result").getByRole("button", { name: "Cancel tx1" }).click());
      assert.equal(await page.locator("#result").getByRole("button", { name: "Cancel tx1" }).count(), 0);
      await settled(page, () => page.locator("#dock-requests").click());
      assert.match(await page.locator("#dock-sheet").innerText(), /Transaction tx1 cancelled/);
      await settled(page, () => page.locator("#undo").click());
      await settled(page, () => page.locator("#dock-simulation").click());
      assert.match(await page.locator(".simulation .open").innerText(), /tx1/);
      await settled(page, () => page.locator("#undo").click());
      assert.equal(await page.locator(".simulation .open").count(), 0);
    }));

  test("the server's engine holds nothing for the page", () =>
    onPage(async (page) => {
      await settled(page, () => page.locator("[data-engine=server]").click());
      await type(page, transfer);
      assert.equal(await page.locator("#hold-button").count(), 0);
      await settled(page, () => page.locator("#dock-simulation").click());
      assert.match(await page.locator(".simulation").innerText(), /holds none for the page/);
    }));

  test("a read is explained, and what all its pages cost", () =>
    onPage(async (page) => {
      await runRequest(page, `Scan { TableName: "Shop", Limit: 10 }`);
      assert.match(await page.locator("#plan").innerText(), /A Scan has no key condition/);
      assert.match(await page.locator("#receipt").innerText(), /to read it all, 4 pages\s+\d+\.\d RRU\s+34 evaluated, 34 returned/);
    }));

  test("changes that an index has not seen are counted until they arrive", () =>
    onPage(async (page) => {
      await settled(page, () => page.locator("#dock-simulation").click());
      await page.fill("#set-index-delay", "10s");
      await settled(page, () => page.keyboard.press("Enter"));
      await runRequest(page, `PutItem { TableName: "Shop", Item: { PK: { S: "n" }, SK: { S: "1" }, status: { S: "NEW" }, placedAt: { S: "2026" } } }`);
      await settled(page, () => page.locator("#dock-table").click());
      assert.match(await page.locator("#side").innerText(), /1 change on its way/);
      assert.match(await page.locator(".indexes").innerText(), /1 change on its way/);
      await settled(page, () => page.locator(".clock .steps button").nth(1).click());
      assert.doesNotMatch(await page.locator("#desk").innerText(), /on its way/);
    }));

  test("the menu of templates has groups, and what it inserts runs", () =>
    onPage(async (page) => {
      await page.locator("#insert > summary").click();
      const groups = await page.locator("#insert .heading").allInnerTexts();
      assert.deepEqual(groups.slice(0, 4), ["Items", "Queries", "Batches and transactions", "Tables"]);
      const [inside, box] = await page.locator("#insert .drop").evaluate((e) => [e.scrollWidth, e.clientWidth]);
      assert.ok(inside <= box, `the menu is ${box} wide, what is in it ${inside}: some of it is out of reach`);
      const last = page.locator("#insert [data-template]").last();
      await last.scrollIntoViewIfNeeded();
      assert.ok(await last.isVisible());
      await page.locator("#insert [data-template=DescribeTimeToLive]").click();
      await page.waitForFunction(() => document.querySelector("#run-button")?.textContent?.includes("DescribeTimeToLive"));
      await settled(page, () => page.locator("#run-button").click());
      assert.match(await page.locator("#result-sheet").innerText(), /Time to live status\s+DISABLED/);
    }));
});
