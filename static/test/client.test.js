// @ts-check
// The AWS SDK for JavaScript, unchanged, against the port.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { startServer } from "./harness.js";

/** @type {import("./harness.js").Server} */
let server;
/** @type {DynamoDBClient} */
let client;

/** @param {string} region */
function clientIn(region) {
  return new DynamoDBClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    maxAttempts: 1,
  });
}

before(async () => {
  server = await startServer();
  client = clientIn("us-east-1");
});

after(async () => {
  client?.destroy();
  await server?.stop();
});

/** @type {import("@aws-sdk/client-dynamodb").CreateTableCommandInput} */
const shop = {
  TableName: "Shop",
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
    { AttributeName: "genre", AttributeType: "S" },
    { AttributeName: "year", AttributeType: "N" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "ByGenre",
      KeySchema: [
        { AttributeName: "genre", KeyType: "HASH" },
        { AttributeName: "year", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
  BillingMode: "PAY_PER_REQUEST",
};

test("a table is created, described and listed", async () => {
  const { TableDescription } = await client.send(new CreateTableCommand(shop));
  assert.equal(TableDescription?.TableName, "Shop");
  await waitUntilTableExists({ client, maxWaitTime: 5, minDelay: 1 }, { TableName: "Shop" });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: "Shop" }));
  assert.equal(Table?.TableStatus, "ACTIVE");
  assert.ok(Math.abs(Number(Table?.CreationDateTime) - Date.now()) < 60_000, "created in real time");
  const { TableNames } = await client.send(new ListTablesCommand({}));
  assert.deepEqual(TableNames, ["Shop"]);
  await assert.rejects(client.send(new CreateTableCommand(shop)), ResourceInUseException);
});

test("items are written, read, changed and removed", async () => {
  const key = { pk: { S: "record#1" }, sk: { S: "info" } };
  const item = {
    ...key,
    title: { S: "Kind of Blue – «青»" },
    genre: { S: "jazz" },
    year: { N: "1959" },
    price: { N: "12345678901234567890123456789.012345678" },
    cover: { B: new Uint8Array([0, 1, 254, 255]) },
    tags: { SS: ["modal", "cool"] },
    tracks: { L: [{ M: { name: { S: "So What" }, secs: { N: "545" } } }, { NULL: true }, { BOOL: false }] },
  };
  await client.send(new PutItemCommand({ TableName: "Shop", Item: item }));
  const got = await client.send(new GetItemCommand({ TableName: "Shop", Key: key, ReturnConsumedCapacity: "TOTAL" }));
  assert.deepEqual(got.Item?.title, item.title);
  assert.deepEqual(got.Item?.price, item.price, "38 digits survive");
  assert.deepEqual([...(got.Item?.cover.B ?? [])], [0, 1, 254, 255]);
  assert.deepEqual(got.Item?.tracks, item.tracks);
  assert.deepEqual(got.Item?.tags.SS?.toSorted(), ["cool", "modal"]);
  assert.equal(got.ConsumedCapacity?.CapacityUnits, 0.5);

  const updated = await client.send(
    new UpdateItemCommand({
      TableName: "Shop",
      Key: key,
      UpdateExpression: "SET #y = #y + :one REMOVE cover",
      ExpressionAttributeNames: { "#y": "year" },
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  assert.deepEqual(updated.Attributes, { year: { N: "1960" } });

  const failing = new PutItemCommand({
    TableName: "Shop",
    Item: key,
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  await assert.rejects(client.send(failing), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.equal(error.message, "The conditional request failed");
    assert.equal(error.Item?.year.N, "1960");
    return true;
  });
  await client.send(new DeleteItemCommand({ TableName: "Shop", Key: key }));
  const gone = await client.send(new GetItemCommand({ TableName: "Shop", Key: key }));
  assert.equal(gone.Item, undefined);
});

test("queries go through an index, and pages come one after another", async () => {
  for (let i = 0; i < 30; i++) {
    const Item = { pk: { S: `r#${i}` }, sk: { S: "info" }, genre: { S: i % 3 ? "rock" : "jazz" }, year: { N: `${1950 + i}` } };
    await client.send(new PutItemCommand({ TableName: "Shop", Item }));
  }
  const query = {
    TableName: "Shop",
    IndexName: "ByGenre",
    KeyConditionExpression: "genre = :g AND #y BETWEEN :from AND :to",
    ExpressionAttributeNames: { "#y": "year" },
    ExpressionAttributeValues: { ":g": { S: "jazz" }, ":from": { N: "1953" }, ":to": { N: "1970" } },
    ScanIndexForward: false,
  };
  const { Items } = await client.send(new QueryCommand(query));
  assert.deepEqual(Items?.map((i) => i.year.N), ["1968", "1965", "1962", "1959", "1956", "1953"]);

  const seen = new Set();
  let pages = 0;
  /** @type {import("@aws-sdk/client-dynamodb").ScanCommandOutput | undefined} */
  let page;
  do {
    page = await client.send(new ScanCommand({ TableName: "Shop", Limit: 7, ExclusiveStartKey: page?.LastEvaluatedKey }));
    for (const item of page.Items ?? []) seen.add(item.pk.S);
    pages++;
  } while (page.LastEvaluatedKey);
  assert.equal(seen.size, 30);
  assert.equal(pages, 5);
});

test("the credential's region separates data and the log explains a miss", async () => {
  const paris = clientIn("eu-west-3");
  const get = new GetItemCommand({ TableName: "Shop", Key: { pk: { S: "r#1" }, sk: { S: "info" } } });
  await assert.rejects(paris.send(get), ResourceNotFoundException);
  await server.logs(/another region.*table=Shop.*asked=eu-west-3.*found=us-east-1/);
  const other = new DynamoDBClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "someoneelse", secretAccessKey: "x" },
  });
  assert.ok((await other.send(get)).Item, "access keys do not separate data");
  paris.destroy();
  other.destroy();
});

test("a table is deleted", async () => {
  await client.send(new DeleteTableCommand({ TableName: "Shop" }));
  await assert.rejects(client.send(new DescribeTableCommand({ TableName: "Shop" })), ResourceNotFoundException);
});
