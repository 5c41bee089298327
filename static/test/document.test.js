// @ts-check
// The document client of the AWS SDK for JavaScript, against the port: what
// JavaScript has for a value, and what it gets back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  IdempotentParameterMismatchException,
  ResourceInUseException,
  ResourceNotFoundException,
  TransactionCanceledException,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  NumberValue,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { startServer } from "./harness.js";

/** @type {import("./harness.js").Server} */
let server;
/** @type {DynamoDBClient} */
let plain;
/** @type {DynamoDBDocumentClient} */
let client;

before(async () => {
  server = await startServer();
  plain = connect();
  client = DynamoDBDocumentClient.from(connect());
  await plain.send(new CreateTableCommand(tableOf("Library", "shelf", "book")));
});

/** A client of its own: document clients made from one client share their options. */
function connect(endpoint = server.url) {
  return new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
}

after(async () => {
  plain?.destroy();
  client?.destroy();
  await server?.stop();
});

/**
 * A table whose keys are strings, with an index by "reader" and the sort key.
 * @param {string} name
 * @param {string} hash
 * @param {string} range
 * @returns {import("@aws-sdk/client-dynamodb").CreateTableCommandInput}
 */
function tableOf(name, hash, range) {
  return {
    TableName: name,
    KeySchema: [
      { AttributeName: hash, KeyType: "HASH" },
      { AttributeName: range, KeyType: "RANGE" },
    ],
    AttributeDefinitions: [hash, range, "reader"].map((n) => ({ AttributeName: n, AttributeType: "S" })),
    GlobalSecondaryIndexes: [
      {
        IndexName: "ByReader",
        KeySchema: [
          { AttributeName: "reader", KeyType: "HASH" },
          { AttributeName: range, KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["due"] },
      },
    ],
    BillingMode: "PAY_PER_REQUEST",
  };
}

const exact = "12345678901234567890123456789.012345678";
const smallest = `0.${"0".repeat(129)}1`;

/** An item with everything that the document client marshals. */
function everything() {
  return {
    shelf: "A",
    book: "everything",
    text: 'é «青» 😀 "\\/\b\f\n\r\t\u0000\u001f\u007f\u2028 <&>',
    empty: "",
    integer: 9007199254740991,
    fraction: -0.1,
    huge: 12345678901234567890n,
    exact: NumberValue.from(exact),
    smallest: NumberValue.from("1E-130"),
    yes: true,
    no: false,
    nothing: null,
    bytes: new Uint8Array([0, 1, 127, 128, 255]),
    noBytes: new Uint8Array([]),
    list: [1, "two", [false, null], { three: 3 }, []],
    map: { "#": 1, "a.b": { c: [] }, __proto: "x" },
    strings: new Set(["b", "a", ""]),
    numbers: new Set([3, -1, 2.5]),
    blobs: new Set([new Uint8Array([255]), new Uint8Array([0, 0])]),
  };
}

test("every kind of JavaScript value comes back as it was", async () => {
  const item = everything();
  await client.send(new PutCommand({ TableName: "Library", Item: item }));
  const Key = { shelf: "A", book: "everything" };
  const wrapping = DynamoDBDocumentClient.from(connect(), { unmarshallOptions: { wrapNumbers: true } });
  const { Item: wrapped } = await wrapping.send(new GetCommand({ TableName: "Library", Key }));
  assert.ok(wrapped);
  /** @param {unknown} v */
  const textOf = (v) => (v instanceof NumberValue ? v.toString() : `no NumberValue: ${v}`);
  assert.equal(textOf(wrapped.exact), exact);
  assert.equal(textOf(wrapped.smallest), smallest);
  assert.equal(textOf(wrapped.huge), "12345678901234567890");
  assert.equal(textOf(wrapped.integer), "9007199254740991");
  assert.equal(textOf(wrapped.fraction), "-0.1");
  assert.deepEqual([...wrapped.numbers].map(textOf).toSorted(), ["-1", "2.5", "3"]);

  // Without wrapping the client refuses to lose digits; what fits is a number.
  await assert.rejects(client.send(new GetCommand({ TableName: "Library", Key })), /can't be converted to BigInt/);
  const rest = await client.send(
    new UpdateCommand({ TableName: "Library", Key, UpdateExpression: "REMOVE exact, smallest, huge", ReturnValues: "ALL_NEW" }),
  );
  const { exact: _e, smallest: _s, huge: _h, ...want } = item;
  assert.deepEqual(rest.Attributes, { ...want, blobs: rest.Attributes?.blobs });
  assert.ok(rest.Attributes?.bytes instanceof Uint8Array);
  assert.ok(rest.Attributes?.blobs instanceof Set);
  const blobs = [...rest.Attributes.blobs].map((b) => [...b].join()).toSorted();
  assert.deepEqual(blobs, ["0,0", "255"]);
});

test("on the wire the kinds are DynamoDB's", async () => {
  await client.send(new PutCommand({ TableName: "Library", Item: everything() }));
  const { Item } = await plain.send(
    new GetItemCommand({ TableName: "Library", Key: { shelf: { S: "A" }, book: { S: "everything" } } }),
  );
  const kinds = Object.fromEntries(Object.entries(Item ?? {}).map(([name, value]) => [name, Object.keys(value).join()]));
  assert.deepEqual(kinds, {
    ...{ shelf: "S", book: "S", text: "S", empty: "S", integer: "N", fraction: "N", huge: "N", exact: "N", smallest: "N" },
    ...{ yes: "BOOL", no: "BOOL", nothing: "NULL", bytes: "B", noBytes: "B", list: "L", map: "M" },
    ...{ strings: "SS", numbers: "NS", blobs: "BS" },
  });
});

test("marshall and unmarshall options", async () => {
  const Key = { shelf: "A", book: "options" };
  class Author {
    name = "Le Guin";
    born = 1929;
  }
  const loose = DynamoDBDocumentClient.from(connect(), {
    marshallOptions: { convertEmptyValues: true, removeUndefinedValues: true, convertClassInstanceToMap: true },
  });
  const Item = { ...Key, gone: undefined, empty: "", none: new Set(), by: new Author(), list: [undefined, 1] };
  await loose.send(new PutCommand({ TableName: "Library", Item }));
  const got = await client.send(new GetCommand({ TableName: "Library", Key }));
  assert.deepEqual(got.Item, { ...Key, empty: null, none: null, by: { name: "Le Guin", born: 1929 }, list: [1] });

  const raw = DynamoDBDocumentClient.from(connect(), {
    unmarshallOptions: { wrapNumbers: (/** @type {string} */ text) => `#${text}` },
  });
  const texts = await raw.send(new GetCommand({ TableName: "Library", Key }));
  assert.deepEqual(texts.Item?.by, { name: "Le Guin", born: "#1929" });
});

test("updates of all four clauses, and what they return", async () => {
  const Key = { shelf: "B", book: "dispossessed" };
  await client.send(new PutCommand({ TableName: "Library", Item: { ...Key, copies: 3, old: 1, tags: new Set(["a", "b"]), log: ["x"] } }));
  const update = {
    TableName: "Library",
    Key,
    UpdateExpression: "SET copies = copies + :two, #log = list_append(#log, :more), #m.#k = if_not_exists(#m, :two) REMOVE #old ADD seen :two DELETE tags :a",
    ExpressionAttributeNames: { "#log": "log", "#old": "old", "#m": "meta", "#k": "k" },
    ExpressionAttributeValues: { ":two": 2, ":more": ["y"], ":a": new Set(["a", "zz"]) },
  };
  await assert.rejects(client.send(new UpdateCommand(update)), (error) => {
    assert.ok(error instanceof DynamoDBServiceException);
    assert.equal(error.name, "ValidationException");
    assert.equal(error.message, "The document path provided in the update expression is invalid for update");
    assert.equal(error.$fault, "client");
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.$metadata.requestId ?? "", /^[A-Z0-9]{52}$/);
    assert.equal(error.$metadata.attempts, 1, "not tried again");
    return true;
  });
  update.UpdateExpression = update.UpdateExpression.replace("#m.#k", "#m");
  const { "#k": _, ...names } = update.ExpressionAttributeNames;
  const changed = await client.send(new UpdateCommand({ ...update, ExpressionAttributeNames: names, ReturnValues: "UPDATED_NEW" }));
  assert.deepEqual(changed.Attributes, { copies: 5, log: ["x", "y"], meta: 2, seen: 2, tags: new Set(["b"]) });
  const removed = await client.send(new DeleteCommand({ TableName: "Library", Key, ReturnValues: "ALL_OLD" }));
  assert.deepEqual(removed.Attributes, { ...Key, ...changed.Attributes });
  const nothing = await client.send(new DeleteCommand({ TableName: "Library", Key, ReturnValues: "ALL_OLD" }));
  assert.equal(nothing.Attributes, undefined);
});

test("queries and scans with filters, projections and counts", async () => {
  const puts = Array.from({ length: 20 }, (_, i) => ({
    PutRequest: { Item: { shelf: "Q", book: `b${String(i).padStart(2, "0")}`, reader: i % 2 ? "ada" : "bob", due: i, pages: 100 + i } },
  }));
  const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { Library: puts } }));
  assert.deepEqual(UnprocessedItems, {});
  const byReader = await client.send(
    new QueryCommand({
      TableName: "Library",
      IndexName: "ByReader",
      KeyConditionExpression: "reader = :r AND begins_with(book, :b)",
      FilterExpression: "due > :d",
      ExpressionAttributeValues: { ":r": "ada", ":b": "b1", ":d": 12 },
      ScanIndexForward: false,
      ReturnConsumedCapacity: "INDEXES",
    }),
  );
  assert.deepEqual(byReader.Items?.[0], { shelf: "Q", book: "b19", reader: "ada", due: 19 }, "pages is not in the index");
  assert.deepEqual(byReader.Items?.map((i) => i.due), [19, 17, 15, 13]);
  assert.deepEqual([byReader.Count, byReader.ScannedCount], [4, 5]);
  assert.equal(byReader.LastEvaluatedKey, undefined);
  assert.deepEqual(byReader.ConsumedCapacity, {
    TableName: "Library",
    CapacityUnits: 0.5,
    Table: { CapacityUnits: 0 },
    GlobalSecondaryIndexes: { ByReader: { CapacityUnits: 0.5 } },
  });
  const page = await client.send(
    new QueryCommand({
      TableName: "Library",
      IndexName: "ByReader",
      KeyConditionExpression: "reader = :r",
      ExpressionAttributeValues: { ":r": "bob" },
      ProjectionExpression: "due",
      Limit: 3,
    }),
  );
  assert.deepEqual(page.Items, [{ due: 0 }, { due: 2 }, { due: 4 }]);
  assert.deepEqual(page.LastEvaluatedKey, { reader: "bob", book: "b04", shelf: "Q" });
  const counted = await client.send(
    new ScanCommand({
      TableName: "Library",
      Select: "COUNT",
      FilterExpression: "pages BETWEEN :a AND :b",
      ExpressionAttributeValues: { ":a": 105, ":b": 109 },
    }),
  );
  assert.equal(counted.Count, 5);
  assert.ok(Number(counted.ScannedCount) >= 20);
  assert.equal(counted.Items, undefined);
});

test("batches: what does not fit comes back unprocessed", async () => {
  const Item = { shelf: "big", book: "", text: "x".repeat(390_000) };
  for (let i = 0; i < 45; i++) await client.send(new PutCommand({ TableName: "Library", Item: { ...Item, book: `${i}` } }));
  const Keys = Array.from({ length: 46 }, (_, i) => ({ shelf: i === 45 ? "missing" : "big", book: `${i}` }));
  /** @type {string[]} */
  const found = [];
  let rounds = 0;
  /** @type {import("@aws-sdk/lib-dynamodb").BatchGetCommandInput["RequestItems"]} */
  let RequestItems = { Library: { Keys, ProjectionExpression: "#b", ExpressionAttributeNames: { "#b": "book" } } };
  while (RequestItems && Object.keys(RequestItems).length > 0) {
    /** @type {import("@aws-sdk/lib-dynamodb").BatchGetCommandOutput} */
    const got = await client.send(new BatchGetCommand({ RequestItems }));
    for (const item of got.Responses?.Library ?? []) {
      assert.deepEqual(Object.keys(item), ["book"]);
      found.push(item.book);
    }
    RequestItems = got.UnprocessedKeys;
    rounds++;
  }
  assert.ok(rounds > 1, "17 MB are more than one answer");
  assert.deepEqual(found.map(Number).toSorted((a, b) => a - b), Array.from({ length: 45 }, (_, i) => i));
  for (let i = 0; i < 45; i += 15) {
    const gone = Keys.slice(i, i + 15).map((Key) => ({ DeleteRequest: { Key } }));
    await client.send(new BatchWriteCommand({ RequestItems: { Library: gone } }));
  }
  const { Count } = await client.send(
    new QueryCommand({ TableName: "Library", KeyConditionExpression: "shelf = :s", ExpressionAttributeValues: { ":s": "big" } }),
  );
  assert.equal(Count, 0);
});

test("transactions are done as a whole, once, or say why not", async () => {
  const a = { shelf: "T", book: "a" };
  const b = { shelf: "T", book: "b" };
  const add = {
    ClientRequestToken: "once",
    TransactItems: [
      { Put: { TableName: "Library", Item: { ...a, n: 1, set: new Set([1, 2]) } } },
      { Update: { TableName: "Library", Key: b, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 } } },
    ],
  };
  await client.send(new TransactWriteCommand(add));
  await client.send(new TransactWriteCommand(add));
  const { Responses } = await client.send(
    new TransactGetCommand({
      TransactItems: [
        { Get: { TableName: "Library", Key: a } },
        { Get: { TableName: "Library", Key: { shelf: "T", book: "none" } } },
        { Get: { TableName: "Library", Key: b, ProjectionExpression: "n" } },
      ],
    }),
  );
  assert.deepEqual(Responses, [{ Item: { ...a, n: 1, set: new Set([1, 2]) } }, {}, { Item: { n: 1 } }]);
  const other = { ClientRequestToken: "once", TransactItems: [{ Delete: { TableName: "Library", Key: a } }] };
  await assert.rejects(client.send(new TransactWriteCommand(other)), IdempotentParameterMismatchException);

  const failing = new TransactWriteCommand({
    TransactItems: [
      { Delete: { TableName: "Library", Key: b } },
      {
        ConditionCheck: {
          TableName: "Library",
          Key: a,
          ConditionExpression: "n > :n",
          ExpressionAttributeValues: { ":n": 5 },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
    ],
  });
  await assert.rejects(client.send(failing), (error) => {
    assert.ok(error instanceof TransactionCanceledException);
    assert.match(error.message, /\[None, ConditionalCheckFailed\]$/);
    assert.deepEqual(error.CancellationReasons?.map((r) => r.Code), ["None", "ConditionalCheckFailed"]);
    assert.equal(error.CancellationReasons?.[1].Message, "The conditional request failed");
    assert.deepEqual(error.CancellationReasons?.[1].Item?.n, { N: "1" });
    return true;
  });
  assert.deepEqual((await client.send(new GetCommand({ TableName: "Library", Key: b }))).Item, { ...b, n: 1 });
});

test("failures are of the SDK's classes", async () => {
  const Item = { shelf: "F", book: "f", n: 7 };
  await client.send(new PutCommand({ TableName: "Library", Item }));
  const put = { TableName: "Library", Item, ConditionExpression: "n <> :n", ExpressionAttributeValues: { ":n": 7 } };
  await assert.rejects(client.send(new PutCommand(put)), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.equal(error.Item, undefined);
    return true;
  });
  await assert.rejects(client.send(new PutCommand({ ...put, ReturnValuesOnConditionCheckFailure: "ALL_OLD" })), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.deepEqual(error.Item, { shelf: { S: "F" }, book: { S: "f" }, n: { N: "7" } });
    return true;
  });
  await assert.rejects(client.send(new GetCommand({ TableName: "Nowhere", Key: { k: "" } })), ResourceNotFoundException);
  const again = new CreateTableCommand(tableOf("Library", "shelf", "book"));
  await assert.rejects(plain.send(again), ResourceInUseException);
});

test("waiters wait for a table to come and to go", async () => {
  // Tables take a second and a half here, so a waiter looks more than once.
  const slow = await startServer(["-transition", "1500ms"]);
  const client = connect(slow.url);
  try {
    const waiting = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    // The first look may find no table yet.
    const coming = waitUntilTableExists(waiting, { TableName: "Awaited" });
    const made = await client.send(new CreateTableCommand(tableOf("Awaited", "a", "b")));
    assert.equal(made.TableDescription?.TableStatus, "CREATING");
    const { state, reason } = await coming;
    assert.equal(state, "SUCCESS");
    assert.equal(reason.Table.TableStatus, "ACTIVE");
    const gone = await client.send(new DeleteTableCommand({ TableName: "Awaited" }));
    assert.equal(gone.TableDescription?.TableStatus, "DELETING");
    assert.equal((await waitUntilTableNotExists(waiting, { TableName: "Awaited" })).state, "SUCCESS");
  } finally {
    client.destroy();
    await slow.stop();
  }
});
