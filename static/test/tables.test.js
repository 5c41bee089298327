// @ts-check
// Tables, indexes, time to live and streams by form and clock, in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deskTests, runRequest, settled } from "./harness.js";

/** @import {Page} from "playwright-core" */

deskTests("tables and streams", (onPage) => {
  const sheet = (/** @type {Page} */ page) => page.locator("#dock-sheet");

  /** Opens a form of the table's tab. @param {Page} page @param {string} label */
  async function form(page, label) {
    await settled(page, () => page.locator("#dock-table").click());
    await settled(page, () => page.locator(".forms").getByRole("button", { name: label, exact: true }).click());
  }

  /** Fills a field and waits for the request to show it. @param {Page} page @param {string} field @param {string} value */
  async function fill(page, field, value) {
    await page.fill(`#form-${field}`, value);
    await page.locator(".made pre", { hasText: value }).waitFor();
  }

  const run = (/** @type {Page} */ page) => settled(page, () => page.locator("#form-run").click());

  /** @param {Page} page @param {string} name @param {string} value */
  async function set(page, name, value) {
    await settled(page, () => page.locator("#dock-simulation").click());
    await page.fill(`#set-${name}`, value);
    await settled(page, () => page.keyboard.press("Enter"));
  }

  test("a table by form, an index that fills up as the clock goes, and items whose time is over", () =>
    onPage(async (page) => {
      await form(page, "New table");
      await fill(page, "name", "Visits");
      await fill(page, "hash", "visitor");
      await fill(page, "sort", "seenAt");
      await run(page);
      assert.match(await page.locator("request-editor .cm-content").innerText(), /CreateTable/, "what ran stands in the editor");
      for (let i = 0; i < 4; i++) {
        await runRequest(page, `PutItem { TableName: "Visits", Item: { visitor: { S: "v${i}" }, seenAt: { S: "noon" }, aisle: { S: "s${i % 2}" }, until: { N: "${1795340467 + 3600 * i}" } } }`);
      }

      await set(page, "transition", "5s");
      await set(page, "backfill-rate", "1");
      await form(page, "Add an index");
      await fill(page, "name", "byShelf");
      await fill(page, "hash", "aisle");
      await run(page);
      await settled(page, () => page.locator("#dock-table").click());
      assert.match(await sheet(page).innerText(), /byShelf[\s\S]*CREATING/);
      await settled(page, () => page.locator(".steps button[value='60']").first().click());
      await page.locator("#side .row", { hasText: "byShelf" }).waitFor();
      await runRequest(page, `Query { TableName: "Visits", IndexName: "byShelf", KeyConditionExpression: "aisle = :s", ExpressionAttributeValues: { ":s": { S: "s1" } } }`);
      assert.match(await page.locator("#result").innerText(), /2\s+returned/);

      await form(page, "Time to live");
      await fill(page, "attribute", "until");
      await run(page);
      await settled(page, () => page.locator("#dock-table").click());
      assert.match(await sheet(page).innerText(), /v2[\s\S]*expires in/);
      const before = await sheet(page).innerText();
      await settled(page, () => page.locator(".steps button[value='86400']").click());
      await settled(page, () => page.locator(".steps button[value='3600']").click());
      assert.match(before, /4 items/);
      assert.match(await sheet(page).innerText(), /0 items/, "25 hours on, time to live has acted");
    }));

  test("the progress of a backfill is drawn while it goes on", () =>
    onPage(async (page) => {
      await set(page, "backfill-rate", "1");
      await form(page, "Add an index");
      await fill(page, "name", "byKind");
      await fill(page, "hash", "SK");
      await run(page);
      await settled(page, () => page.locator(".steps button[value='1']").first().click());
      await settled(page, () => page.locator(".steps button[value='1']").first().click());
      await settled(page, () => page.locator("#dock-table").click());
      assert.match(await sheet(page).innerText(), /\d+ of 34 items/);
      assert.equal(await page.locator(".indexes progress").count(), 1);
    }));

  test("a stream's records, an iterator placed and stepped, a split, and a delete by time to live", () =>
    onPage(async (page) => {
      await runRequest(page, `UpdateTable { TableName: "Sessions", StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } }`);
      await runRequest(page, `PutItem { TableName: "Sessions", Item: { id: { S: "one" }, gone: { N: "1795340467" } } }`);
      await runRequest(page, `UpdateItem { TableName: "Sessions", Key: { id: { S: "one" } }, UpdateExpression: "SET seen = :n", ExpressionAttributeValues: { ":n": { N: "1" } } }`);
      await settled(page, () => page.locator("#dock-stream").click());
      const lane = page.locator(".lane", { has: page.locator(".tick") });
      assert.equal(await lane.locator(".tick").count(), 2);
      await settled(page, () => lane.getByRole("button", { name: /oldest record/ }).click());
      assert.equal(await page.locator(".tick[aria-label*='iterator']").getAttribute("data-event"), "INSERT");
      await settled(page, () => page.locator("#iterator-step").click());
      assert.equal(await page.locator(".tick[aria-label*='iterator']").getAttribute("data-event"), "MODIFY");
      await settled(page, () => page.locator(".tick[data-event='MODIFY']").first().click());
      assert.match(await page.locator(".record").innerText(), /Old image[\s\S]*seen[\s\S]*added/);

      await settled(page, () => lane.getByRole("button", { name: /Split/ }).first().click());
      assert.match(await sheet(page).innerText(), /closed/);
      assert.equal(await page.locator(".lane.child").count(), 2);

      await runRequest(page, `UpdateTimeToLive { TableName: "Sessions", TimeToLiveSpecification: { Enabled: true, AttributeName: "gone" } }`);
      await settled(page, () => page.locator(".steps button[value='3600']").click());
      await settled(page, () => page.locator("#dock-stream").click());
      assert.equal(await page.locator(".lane .tick.service").count(), 1);
    }));
});
