// @ts-check
// The states of the page that tests and pictures go through.
import { runRequest, settled, showPane } from "./harness.js";

/** @import {Page} from "playwright-core" */

/** @param {Page} page */
async function editor(page) {
  await page.locator("request-editor .cm-content").waitFor({ state: "attached" });
}

/** @param {Page} page @param {string} view */
async function turnTo(page, view) {
  await editor(page);
  await showPane(page, "result");
  await settled(page, () => page.locator(`#view-${view}`).click());
}

/** @param {Page} page @param {string} tab */
async function dock(page, tab) {
  await editor(page);
  await showPane(page, "dock");
  await settled(page, () => page.locator(`#dock-${tab}`).click());
}

/** An empty workspace: by the button, or on a phone by the menu. @param {Page} page */
async function fresh(page) {
  const button = page.locator(".bar button.roomy[hx-post='desk/new']");
  if (await button.isVisible()) return settled(page, () => button.click());
  await page.locator("#examples > summary").click();
  return settled(page, () => page.locator("#examples [hx-post='desk/new']").click());
}

/**
 * phone: a state of its own only where one pane shows at a time.
 * @type {{name: string, phone?: true, reach: (page: Page) => Promise<unknown>}[]}
 */
export const states = [
  { name: "first", reach: editor },
  {
    name: "items",
    reach: (page) => turnTo(page, "items"),
  },
  {
    name: "json",
    reach: (page) => turnTo(page, "json"),
  },
  {
    name: "scan",
    reach: async (page) => {
      await editor(page);
      await runRequest(page, `Scan {\n  TableName: "Shop"\n}`);
    },
  },
  {
    name: "write",
    reach: async (page) => {
      await editor(page);
      await runRequest(
        page,
        `PutItem {\n  TableName: "Shop",\n  Item: { PK: { S: "CUSTOMER#new" }, SK: { S: "PROFILE" }, name: { S: "Ada" } }\n}`,
      );
    },
  },
  {
    name: "error",
    reach: async (page) => {
      await editor(page);
      await runRequest(
        page,
        `Query {\n  TableName: "Shop",\n  KeyConditionExpression: "PK = :who AND status = :s",\n  ExpressionAttributeValues: { ":who": { S: "a" }, ":s": { S: "b" } }\n}`,
      );
    },
  },
  {
    name: "tables",
    phone: true,
    reach: async (page) => {
      await editor(page);
      await showPane(page, "tables");
    },
  },
  {
    name: "request",
    phone: true,
    reach: async (page) => {
      await editor(page);
      await showPane(page, "request");
    },
  },
  {
    name: "cost",
    phone: true,
    reach: async (page) => {
      await editor(page);
      await showPane(page, "cost");
    },
  },
  {
    name: "empty",
    reach: async (page) => {
      await editor(page);
      await fresh(page);
    },
  },
  {
    name: "dock",
    phone: true,
    reach: async (page) => {
      await editor(page);
      await showPane(page, "dock");
    },
  },
  {
    name: "held",
    reach: async (page) => {
      await editor(page);
      await runRequest(page, `TransactWriteItems {\n  TransactItems: [{ Delete: { TableName: "Sessions", Key: { id: { S: "x" } } } }]\n}`);
      await showPane(page, "result");
      await settled(page, () => page.getByRole("button", { name: "Run it and hold it open" }).click());
      await showPane(page, "dock");
      await settled(page, () => page.locator("#dock-simulation").click());
    },
  },
  {
    name: "insert",
    phone: true,
    reach: async (page) => {
      await editor(page);
      await showPane(page, "request");
      await page.locator("#insert > summary").click();
    },
  },
  {
    name: "changes",
    reach: async (page) => {
      await editor(page);
      await runRequest(
        page,
        `UpdateItem {\n  TableName: "Shop",\n  Key: { PK: { S: "CUSTOMER#c-1042" }, SK: { S: "ORDER#2026-11-20#8517" } },\n  UpdateExpression: "SET #s = :s",\n  ExpressionAttributeNames: { "#s": "status" },\n  ExpressionAttributeValues: { ":s": { S: "DELIVERED" } }\n}`,
      );
      await showPane(page, "dock");
      await settled(page, () => page.locator("#dock-changes").click());
    },
  },
  { name: "table", reach: (page) => dock(page, "table") },
  {
    name: "form",
    reach: async (page) => {
      await dock(page, "table");
      await settled(page, () => page.getByRole("button", { name: "Add an index" }).click());
      await page.locator("#form-run").scrollIntoViewIfNeeded();
    },
  },
  { name: "stream-none", reach: (page) => dock(page, "stream") },
  {
    name: "stream",
    reach: async (page) => {
      await dock(page, "stream");
      await settled(page, () => page.getByRole("button", { name: "Give Shop a stream" }).click());
      await runRequest(page, `PutItem {\n  TableName: "Shop",\n  Item: { PK: { S: "CUSTOMER#new" }, SK: { S: "PROFILE" }, name: { S: "Ada" } }\n}`);
      await dock(page, "stream");
      await settled(page, () => page.getByRole("button", { name: "iterator here" }).click());
      await showPane(page, "dock");
    },
  },
  { name: "simulation", reach: (page) => dock(page, "simulation") },
];
