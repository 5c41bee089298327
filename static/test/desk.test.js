// @ts-check
// The page in Chromium, as `make run` serves it.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { askWorker, call, launch, needsBrowser, openPage, ready, runRequest, settled, startServer } from "./harness.js";

/** @import {Browser, Page} from "playwright-core" */
/** @import {Account, Server} from "./harness.js" */

/** @type {Server} */
let server;
/** @type {Browser} */
let browser;
/** @type {{page: Page, account: Account}[]} pages of the test under way */
let opened = [];

/** @param {Parameters<typeof openPage>[2]} [options] */
async function open(options) {
  const one = await openPage(browser, server.url, options);
  opened.push(one);
  return one.page;
}

/** The engine answers, and the editor is the real one. */
async function openReady(options = {}) {
  const page = await open(options);
  await ready(page);
  await page.locator("request-editor .cm-content").waitFor();
  return page;
}

const createOrders = `CreateTable {
  TableName: "Orders",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "customer", AttributeType: "S" },
    { AttributeName: "id", AttributeType: "N" },
    { AttributeName: "state", AttributeType: "S" }
  ],
  KeySchema: [
    { AttributeName: "customer", KeyType: "HASH" },
    { AttributeName: "id", KeyType: "RANGE" }
  ],
  GlobalSecondaryIndexes: [{
    IndexName: "ByState",
    KeySchema: [{ AttributeName: "state", KeyType: "HASH" }, { AttributeName: "id", KeyType: "RANGE" }],
    Projection: { ProjectionType: "ALL" }
  }]
}`;

/** @param {number} id @param {string} state */
function putOrder(id, state) {
  return `PutItem {
  TableName: "Orders",
  Item: { customer: { S: "ada" }, id: { N: "${id}" }, state: { S: "${state}" }, note: { S: "<b>not markup</b>" } }
}`;
}

describe("the desk", needsBrowser(), () => {
  before(async () => {
    server = await startServer();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // Whatever a test looks at: nothing in the console, nobody else asked.
  afterEach(async () => {
    const all = opened;
    opened = [];
    for (const { page, account } of all) {
      await page.context().close();
      assert.deepEqual(account.errors, [], "console errors and failed requests");
      assert.deepEqual(account.foreign, [], "requests to other hosts");
    }
  });

  test("the first page shows a query's result and receipt", async () => {
    const page = await openReady();
    assert.match(await page.title(), /Sortkey/);
    assert.ok((await page.locator(".tree .table").count()) > 0, "tables at the left");
    const summary = await page.locator("#result .head").innerText();
    assert.match(summary, /\d+\s+returned/);
    assert.match(summary, /\d+\s+read/);
    assert.match(await page.locator("#receipt .total b").innerText(), /^\d/);
  });

  test("what the worker renders equals what was built", async () => {
    const page = await openReady();
    const built = await (await fetch(server.url, { headers: { Accept: "text/html" } })).text();
    const [whole, desk] = await askWorker(page, [
      { method: "GET", url: "/" },
      { method: "GET", url: "/desk" },
    ]);
    assert.equal(whole.status, 200);
    assert.equal(whole.text, built);
    assert.ok(built.includes(desk.text), "the fragment is the page's body, byte for byte");
  });

  test("the result is painted without scripts and without the engine", async () => {
    const page = await open({ javaScriptEnabled: false });
    assert.ok(await page.locator("#result-sheet table").isVisible());
    assert.ok(await page.locator("#receipt .total").isVisible());
    assert.ok(await page.locator("noscript").first().textContent());
  });

  test("the preset query runs again in the tab", async () => {
    const page = await openReady();
    const before = await page.locator("#result-sheet").innerText();
    const requests = opened[0].account.requests.length;
    await settled(page, () => page.locator("#run-button").click());
    assert.equal(await page.locator("#result-sheet").innerText(), before);
    assert.equal(opened[0].account.requests.length, requests, "no request left the tab");
  });

  test("a request made before the engine is ready waits for it", async () => {
    /** @type {() => void} */
    let release = () => {};
    /** @type {Promise<void>} */
    const held = new Promise((resolve) => (release = resolve));
    const page = await open({
      before: (page) =>
        page.context().route("**/*.wasm", async (route) => {
          await held;
          await route.continue();
        }),
    });
    await page.locator("request-editor .cm-content").waitFor();
    await settled(page, async () => {
      await page.locator("#run-button").click();
      await page.locator("#engine").waitFor({ state: "visible" });
      release();
    });
    assert.match(await page.locator("#result .head").innerText(), /returned/);
    await page.locator("#engine").waitFor({ state: "hidden" });
  });

  test("a table is made, written, and queried by an index, each with its receipt", async () => {
    const page = await openReady();
    await runRequest(page, createOrders);
    assert.ok(await page.locator(".tree .row", { hasText: "Orders" }).first().isVisible());
    for (let id = 1; id <= 4; id++) {
      await runRequest(page, putOrder(id, id % 2 ? "open" : "paid"));
      assert.match(await page.locator("#receipt .total b").innerText(), /^2(\.0)?$/, "one write to the table, one to the index");
    }
    await runRequest(
      page,
      `Query {
  TableName: "Orders",
  IndexName: "ByState",
  KeyConditionExpression: "#s = :open",
  ExpressionAttributeNames: { "#s": "state" },
  ExpressionAttributeValues: { ":open": { S: "open" } }
}`,
    );
    assert.match(await page.locator("#result .head").innerText(), /2\s+returned/);
    const rows = await page.locator("#result-sheet table").innerText();
    assert.match(rows, /ada/);
    assert.ok(rows.includes("<b>not markup</b>"), "data is text, never markup");
    assert.match(await page.locator("#receipt").innerText(), /ByState/);
    assert.match(await page.locator("#receipt .total b").innerText(), /^0\.5$/);
  });

  test("the result has three views", async () => {
    const page = await openReady();
    for (const view of ["items", "json", "table"]) {
      await settled(page, () => page.locator(`#view-${view}`).click());
      assert.equal(await page.locator(`#view-${view}`).getAttribute("aria-selected"), "true");
      assert.ok((await page.locator("#result-sheet").innerText()).length > 50);
    }
  });

  test("an expression error shows AWS's words and a caret at the place", async () => {
    const page = await openReady();
    await runRequest(page, `Scan {\n  TableName: "Shop",\n  FilterExpression: "price >> :p",\n  ExpressionAttributeValues: { ":p": { N: "1" } }\n}`);
    const oops = page.locator("#result .oops");
    assert.match(await oops.locator("h3").innerText(), /ValidationException/);
    assert.match(
      await oops.locator(".message").innerText(),
      /^Invalid FilterExpression: Syntax error; token: ">", near: "> > :p"$|^Invalid FilterExpression: Syntax error; token: ".*", near: ".*"$/,
    );
    assert.ok(await oops.locator(".caret").first().isVisible());
    assert.match(await oops.locator(".spot").first().innerText(), /price >/);
  });

  test("bad notation is explained and does no harm", async () => {
    const page = await openReady();
    await runRequest(page, "Query { TableName: ");
    assert.ok((await page.locator("#result-sheet").innerText()).length > 10);
    await runRequest(page, `ListTables {}`);
    assert.match(await page.locator("#result-sheet").innerText(), /Shop/);
  });

  test("New is truly empty, and can be undone", async () => {
    const page = await openReady();
    await settled(page, () => page.getByRole("button", { name: "New", exact: true }).click());
    assert.equal(await page.locator(".tree").count(), 0);
    assert.match(await page.locator("#result-sheet").innerText(), /empty workspace/);
    await runRequest(page, "ListTables {}");
    assert.equal(await page.locator(".tree").count(), 0);
    await page.locator("#examples summary").click();
    await settled(page, () => page.getByRole("button", { name: /^Go back to/ }).click());
    assert.ok(await page.locator(".tree .table", { hasText: "Shop" }).isVisible());
  });

  test("the server's engine shows what an SDK wrote, and the tab's stays as it was", async () => {
    const key = [{ AttributeName: "pk", KeyType: "HASH" }];
    const attributes = [{ AttributeName: "pk", AttributeType: "S" }];
    const made = await call(server.url, "CreateTable", {
      TableName: "FromTheSDK",
      KeySchema: key,
      AttributeDefinitions: attributes,
      BillingMode: "PAY_PER_REQUEST",
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    await call(server.url, "PutItem", { TableName: "FromTheSDK", Item: { pk: { S: "written over HTTP" } } });
    const page = await openReady();
    await page.locator("#engine-switch").waitFor();
    assert.equal(await page.locator(".tree", { hasText: "FromTheSDK" }).count(), 0);

    await page.locator("[data-engine=server]").click();
    await page.locator(".tree .table", { hasText: "FromTheSDK" }).waitFor();
    assert.equal(await page.locator("[data-engine=server]").getAttribute("aria-pressed"), "true");
    await runRequest(page, `Scan { TableName: "FromTheSDK" }`);
    assert.match(await page.locator("#result-sheet").innerText(), /written over HTTP/);
    await runRequest(page, `PutItem { TableName: "FromTheSDK", Item: { pk: { S: "written by the page" } } }`);
    const { body } = await call(server.url, "GetItem", { TableName: "FromTheSDK", Key: { pk: { S: "written by the page" } } });
    assert.deepEqual(body.Item, { pk: { S: "written by the page" } });

    await page.locator("[data-engine=tab]").click();
    await page.locator(".tree .table", { hasText: "Shop" }).waitFor();
    assert.equal(await page.locator(".tree", { hasText: "FromTheSDK" }).count(), 0);
  });

  test("the keyboard reaches everything: run, and leave the editor", async () => {
    const page = await openReady();
    const content = page.locator("request-editor .cm-content");
    await content.click();
    await settled(page, () => page.keyboard.press("ControlOrMeta+Enter"));
    assert.match(await page.locator("#said").innerText(), /returned|items/);
    await content.click();
    await page.keyboard.press("Escape");
    assert.notEqual(await page.evaluate(() => document.activeElement?.id), "editor");
  });

  test("bad input leaves the engine in the tab alive", async () => {
    const page = await openReady();
    const put = (/** @type {string} */ name) =>
      `{"TableName":"Shop","Item":{"PK":{"S":"odd"},"SK":{"S":${JSON.stringify(name)}},${JSON.stringify(name)}:{"S":"here"}},"ReturnConsumedCapacity":"TOTAL"}`;
    const get = (/** @type {string} */ name) =>
      JSON.stringify({
        TableName: "Shop",
        Key: { PK: { S: "odd" }, SK: { S: name } },
        ProjectionExpression: "#n",
        ExpressionAttributeNames: { "#n": name },
      });
    const odd = ["a.b", "@reverse", "*", "a|b", "#", "\\", "ключ", "..#.."];
    const target = (/** @type {string} */ op) => `DynamoDB_20120810.${op}`;
    const nested = `{"TableName":"Shop","FilterExpression":"${"(".repeat(200_000)}","ExpressionAttributeValues":{}}`;
    const deep = `{"TableName":"Shop","FilterExpression":"${"(".repeat(1300)}a = a${")".repeat(1300)}"}`;
    const answers = await askWorker(page, [
      { target: target("Scan"), body: "[".repeat(8 << 20) },
      { target: target("Scan"), body: '{"a":'.repeat(1 << 20) },
      { target: target("Scan"), body: nested },
      { target: target("Scan"), body: deep },
      { target: target("Scan"), body: `{"TableName":"Shop","x":"${"x".repeat(17 << 20)}"}` },
      ...odd.flatMap((name) => [
        { target: target("PutItem"), body: put(name) },
        { target: target("GetItem"), body: get(name) },
      ]),
      { target: target("ListTables"), body: "{}" },
    ]);
    for (const { status, text } of answers.slice(0, 4)) {
      assert.equal(status, 400, text.slice(0, 200));
      assert.match(text, /__type/);
    }
    odd.forEach((name, i) => {
      assert.equal(answers[5 + 2 * i].status, 200, answers[5 + 2 * i].text);
      assert.deepEqual(JSON.parse(answers[6 + 2 * i].text).Item, { [name]: { S: "here" } });
    });
    assert.match(answers.at(-1)?.text ?? "", /Shop/);
  });
});
