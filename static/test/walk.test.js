// @ts-check
// The paginators of the document client walk 10,000 items, on the table and on
// its indexes, forward and back, while others write.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
  paginateQuery,
  paginateScan,
} from "@aws-sdk/lib-dynamodb";
import { startServer } from "./harness.js";

const walked = 10_000;
const pageSize = 450;
const TableName = "Trail";

/** @type {import("./harness.js").Server} */
let server;
/** @type {DynamoDBDocumentClient} */
let client;

before(async () => {
  server = await startServer();
  const plain = new DynamoDBClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    maxAttempts: 1,
  });
  client = DynamoDBDocumentClient.from(plain);
  await client.send(makeTrail());
  await fill();
});

after(async () => {
  client?.destroy();
  await server?.stop();
});

/**
 * The table has one partition, and so have ByRank (local) and ByGroup (global),
 * both with many equal sort keys; ByShard has a thousand without sort keys.
 */
function makeTrail() {
  /** @param {string[]} names @returns {import("@aws-sdk/client-dynamodb").KeySchemaElement[]} */
  const key = (...names) => names.map((AttributeName, i) => ({ AttributeName, KeyType: i ? "RANGE" : "HASH" }));
  const kinds = { pk: "S", sk: "N", rank: "N", group: "S", weight: "N", shard: "S" };
  return new CreateTableCommand({
    TableName,
    KeySchema: key("pk", "sk"),
    AttributeDefinitions: Object.entries(kinds).map(([AttributeName, kind]) => ({
      AttributeName,
      AttributeType: /** @type {"S" | "N"} */ (kind),
    })),
    LocalSecondaryIndexes: [{ IndexName: "ByRank", KeySchema: key("pk", "rank"), Projection: { ProjectionType: "KEYS_ONLY" } }],
    GlobalSecondaryIndexes: [
      { IndexName: "ByGroup", KeySchema: key("group", "weight"), Projection: { ProjectionType: "ALL" } },
      { IndexName: "ByShard", KeySchema: key("shard"), Projection: { ProjectionType: "ALL" } },
    ],
    BillingMode: "PAY_PER_REQUEST",
  });
}

/**
 * The item at a place of the trail. Those walked are at whole numbers.
 * @param {number} place
 */
function itemAt(place) {
  const i = Math.floor(place);
  return { pk: "walk", sk: place, rank: (i * 7) % 500, group: "all", weight: i % 97, shard: `s${i % 1000}`, note: 0 };
}

async function fill() {
  let next = 0;
  const loader = async () => {
    while (next < walked) {
      const puts = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: itemAt(next + i) } }));
      next += 25;
      const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } }));
      assert.deepEqual(UnprocessedItems, {});
    }
  };
  await Promise.all([loader(), loader(), loader(), loader()]);
}

/**
 * Writes without a pause while pages are read: puts other items between those
 * walked, removes them again, and changes walked ones outside their keys. next
 * waits until another step was done, so that no page follows another without a
 * write between.
 */
function writeMeanwhile() {
  let steps = 0;
  let stopped = false;
  /** @type {(() => void)[]} */
  let waiting = [];
  const between = (/** @type {number} */ step) => ((step * 37) % walked) + 0.5;
  const writer = async () => {
    while (!stopped) {
      const step = steps++;
      await client.send(new PutCommand({ TableName, Item: itemAt(between(step)) }));
      if (step >= 10) await client.send(new DeleteCommand({ TableName, Key: { pk: "walk", sk: between(step - 10) } }));
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: "walk", sk: (step * 7919) % walked },
          UpdateExpression: "SET note = note + :one, more = :more",
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: { ":one": 1, ":more": "x".repeat(step % 500) },
        }),
      );
      for (const done of waiting.splice(0)) done();
    }
  };
  const ended = writer();
  ended.catch(() => {});
  return {
    next: () => Promise.race([ended, new Promise((/** @type {(v?: unknown) => void} */ done) => waiting.push(done))]),
    stop: () => {
      stopped = true;
      return ended;
    },
  };
}

/**
 * Reads all pages with writes going on, and checks that each item of the trail
 * is there once, and in order of the sort attribute.
 * @param {() => AsyncIterable<{Items?: Record<string, any>[]}>[]} start one paginator, or one for each segment
 * @param {string} [sort]
 * @param {boolean} [forward]
 */
async function walk(start, sort, forward = true) {
  const writes = writeMeanwhile();
  /** @type {number[]} */
  const places = [];
  /** @type {number[]} */
  const sorts = [];
  let pages = 0;
  for (const paginator of start()) {
    for await (const { Items = [] } of paginator) {
      assert.ok(Items.length <= pageSize);
      for (const item of Items) {
        places.push(item.sk);
        if (sort) sorts.push(item[sort]);
      }
      pages++;
      await writes.next();
    }
  }
  await writes.stop();
  assert.ok(pages >= walked / pageSize, `only ${pages} pages`);
  const whole = places.filter(Number.isInteger).toSorted((a, b) => a - b);
  assert.equal(whole.length, walked);
  assert.ok(whole.every((place, i) => place === i), "one is missing and another was seen twice");
  const inOrder = sorts.every((v, i) => i === 0 || (forward ? sorts[i - 1] <= v : sorts[i - 1] >= v));
  assert.ok(inOrder, `out of order of ${sort}`);
}

for (const [IndexName, hash, value, sort] of [
  [undefined, "pk", "walk", "sk"],
  ["ByRank", "pk", "walk", "rank"],
  ["ByGroup", "group", "all", "weight"],
]) {
  for (const ScanIndexForward of [true, false]) {
    test(`a query of ${IndexName ?? "the table"}, ${ScanIndexForward ? "forward" : "backward"}`, async () => {
      const query = {
        TableName,
        IndexName,
        KeyConditionExpression: "#h = :h",
        ExpressionAttributeNames: { "#h": String(hash) },
        ExpressionAttributeValues: { ":h": value },
        ScanIndexForward,
      };
      await walk(() => [paginateQuery({ client, pageSize }, query)], sort, ScanIndexForward);
    });
  }
}

for (const IndexName of [undefined, "ByRank", "ByGroup", "ByShard"]) {
  test(`a scan of ${IndexName ?? "the table"}`, async () => {
    await walk(() => [paginateScan({ client, pageSize }, { TableName, IndexName })]);
  });
}

test("a scan in five segments", async () => {
  const scan = { TableName, IndexName: "ByShard", TotalSegments: 5 };
  await walk(() => [0, 1, 2, 3, 4].map((Segment) => paginateScan({ client, pageSize }, { ...scan, Segment })));
});
