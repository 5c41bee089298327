// @ts-check
// The editor's colours against the list that engine/scenario's Highlight gave.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { highlight, operationOf } from "../notation.js";

/** @type {{text: string, tokens: [string, number, number][]}[]} */
const list = JSON.parse(readFileSync(new URL("notation.json", import.meta.url), "utf8"));

for (const { text, tokens } of list) {
  test(`highlight ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.deepEqual(highlight(text).map((t) => [t.kind, t.start, t.end]), tokens);
  });
}

test("tokens are quick to find in hostile texts", () => {
  for (const text of ["\\".repeat(1e5), '"'.repeat(1e5), "/*".repeat(5e4), "{".repeat(1e5), `"${"\\".repeat(1e5)}`]) {
    const began = performance.now();
    highlight(text);
    assert.ok(performance.now() - began < 1000, text.slice(0, 3));
  }
});

test("operationOf", () => {
  const cases = [
    ["Query { }", "Query"],
    ["// PutItem\n  Scan {", "Scan"],
    ["", ""],
    ["query {}", ""],
    ["{ TableName: 1 }", ""],
    ["DynamoDB_20120810.Query {", ""],
  ];
  for (const [text, want] of cases) assert.equal(operationOf(text), want, text);
});
