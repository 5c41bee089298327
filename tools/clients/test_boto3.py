"""boto3, both its ways of speaking to DynamoDB, against a port."""

import datetime
import unittest
from decimal import Decimal

import server
from boto import BotoTest

from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError, WaiterError
from botocore.httpsession import URLLib3Session

EXACT = Decimal("-12345678901234567890123456789.012345678")


def everything():
    """An item with every kind of value that boto3 knows."""
    return {
        "pk": "values",
        "sk": Decimal("0"),
        "text": 'é «青» 😀 "\\/\b\f\n\r\t\0\x1f\x7f\u2028 <&>',
        "empty": "",
        "exact": EXACT,
        "widest": Decimal("9" * 38),
        "finest": Decimal("1E-128"),
        "yes": True,
        "no": False,
        "nothing": None,
        "bytes": Binary(bytes(range(256))),
        "no bytes": Binary(b""),
        "list": [Decimal(1), "two", [False, None], {"three": Decimal(3)}, []],
        "map": {"a.b": {"c": {}}, "#": Binary(b"b")},
        "strings": {"b", "a", ""},
        "numbers": {Decimal(3), Decimal("-0.5"), Decimal("1E+30")},
        "blobs": {Binary(b"\xff"), Binary(b"\0\0")},
    }


class Values(BotoTest):
    def test_everything_comes_back(self):
        sent = everything()
        self.table.put_item(Item=sent)
        got = self.table.get_item(Key={"pk": "values", "sk": 0})["Item"]
        self.assertEqual(got, sent)
        for name in sent:
            self.assertIs(type(got[name]), type(sent[name]), name)
        self.assertIs(type(got["map"]["#"]), Binary)
        self.assertEqual({type(n) for n in got["numbers"]}, {Decimal})
        self.assertEqual({type(b) for b in got["blobs"]}, {Binary})

    def test_the_texts_of_numbers(self):
        texts = {
            "1.50": "1.5", "-0": "0", "007": "7", "1E3": "1000", "1e-7": "0.0000001", "+5": "5",
            "1E-130": "0." + "0" * 129 + "1", "9." + "9" * 37 + "E+125": "9" * 38 + "0" * 88,
        }
        item = {"pk": {"S": "texts"}, "sk": {"N": "1e0"}, "n": {"L": [{"N": text} for text in texts]}}
        self.client.put_item(TableName="Trail", Item=item)
        got = self.client.get_item(TableName="Trail", Key={"pk": {"S": "texts"}, "sk": {"N": "1.0"}})["Item"]
        self.assertEqual(got["sk"], {"N": "1"})
        self.assertEqual([n["N"] for n in got["n"]["L"]], list(texts.values()))

    def test_arithmetic_is_exact(self):
        key = {"pk": "sums", "sk": 1}
        for delta in ["0.1", "0.2", "1E+30", "-1E+30", "-0.3"]:
            last = self.table.update_item(
                Key=key, UpdateExpression="ADD n :d", ExpressionAttributeValues={":d": Decimal(delta)}, ReturnValues="UPDATED_NEW",
            )
        self.assertEqual(str(last["Attributes"]["n"]), "0")

    def test_raw_kinds(self):
        self.table.put_item(Item=everything())
        got = self.client.get_item(TableName="Trail", Key={"pk": {"S": "values"}, "sk": {"N": "0"}})["Item"]
        kinds = {name: "".join(value) for name, value in got.items()}
        self.assertEqual(kinds, {
            "pk": "S", "sk": "N", "text": "S", "empty": "S", "exact": "N", "widest": "N", "finest": "N", "yes": "BOOL",
            "no": "BOOL", "nothing": "NULL", "bytes": "B", "no bytes": "B", "list": "L", "map": "M", "strings": "SS",
            "numbers": "NS", "blobs": "BS",
        })
        self.assertEqual(got["bytes"]["B"], bytes(range(256)))


class Conditions(BotoTest):
    ITEM = {
        "pk": "film", "sk": 1, "title": "Stalker", "year": 1979, "tags": {"zone", "slow"}, "still": b"\1\2\3", "lost": None,
        "cast": [{"name": "Kaidanovsky", "as": "Stalker"}, {"name": "Solonitsyn"}], "rank": 3,
    }

    def test_attr_as_filter_and_as_condition(self):
        for condition, holds in [
            (Attr("title").eq("Stalker"), True),
            (Attr("title").ne("Stalker"), False),
            (Attr("year").lt(1980) & Attr("year").gt(Decimal("1978.5")), True),
            (Attr("year").lte(1978) | Attr("year").gte(1979), True),
            (Attr("year").between(1980, 1990), False),
            (Attr("year").is_in([1, 1979]), True),
            (Attr("year").is_in(["1979"]), False),
            (Attr("title").begins_with("Stal"), True),
            (Attr("tags").contains("slow"), True),
            (Attr("tags").contains("fast"), False),
            (Attr("still").contains(b"\2\3"), True),
            (Attr("tags").size().eq(2) & Attr("still").size().lt(4), True),
            (Attr("lost").attribute_type("NULL"), True),
            (Attr("still").attribute_type("B"), True),
            (Attr("cast[1].name").eq("Solonitsyn"), True),
            (Attr("cast[1].as").exists(), False),
            (Attr("cast[0].as").eq(Attr("title")), True),
            (Attr("missing").not_exists(), True),
            (~Attr("title").exists(), False),
        ]:
            with self.subTest(condition.get_expression(), holds=holds):
                self.table.put_item(Item=self.ITEM)
                query = self.table.query(KeyConditionExpression=Key("pk").eq("film"), FilterExpression=condition)
                self.assertEqual((query["Count"], query["ScannedCount"]), (int(holds), 1))
                try:
                    self.table.delete_item(Key={"pk": "film", "sk": 1}, ConditionExpression=condition)
                    deleted = True
                except self.client.exceptions.ConditionalCheckFailedException:
                    deleted = False
                self.assertEqual(deleted, holds)

    def test_key(self):
        with self.table.batch_writer() as batch:
            for i in range(20):
                batch.put_item(Item={"pk": "keys", "sk": i, "rank": 100 - i, "group": f"g{i % 2}", "weight": i})
        for index, condition, want in [
            (None, Key("pk").eq("keys") & Key("sk").eq(4), [4]),
            (None, Key("pk").eq("keys") & Key("sk").lt(3), [0, 1, 2]),
            (None, Key("pk").eq("keys") & Key("sk").lte(2), [0, 1, 2]),
            (None, Key("pk").eq("keys") & Key("sk").gt(17), [18, 19]),
            (None, Key("pk").eq("keys") & Key("sk").gte(Decimal("17.5")), [18, 19]),
            (None, Key("pk").eq("keys") & Key("sk").between(8, 10), [8, 9, 10]),
            ("ByRank", Key("pk").eq("keys") & Key("rank").gt(97), [2, 1, 0]),
            ("ByGroup", Key("group").eq("g1") & Key("weight").lt(6), [1, 3, 5]),
        ]:
            with self.subTest(condition.get_expression()["format"], index=index, want=want):
                where = {"IndexName": index} if index else {}
                got = self.table.query(KeyConditionExpression=condition, **where)
                self.assertEqual([int(item["sk"]) for item in got["Items"]], want)
                self.assertNotIn("LastEvaluatedKey", got)

    def test_projection_and_count(self):
        self.table.put_item(Item=self.ITEM)
        key = {"pk": "film", "sk": 1}
        got = self.table.get_item(
            Key=key, ProjectionExpression="#c[1].#n, tags", ExpressionAttributeNames={"#c": "cast", "#n": "name"},
            ReturnConsumedCapacity="TOTAL", ConsistentRead=True,
        )
        self.assertEqual(got["Item"], {"cast": [{"name": "Solonitsyn"}], "tags": {"zone", "slow"}})
        self.assertEqual(got["ConsumedCapacity"], {"TableName": "Trail", "CapacityUnits": 1.0})
        self.assertEqual(self.table.get_item(Key=key, ProjectionExpression="nowhere")["Item"], {})
        self.assertNotIn("Item", self.table.get_item(Key={"pk": "film", "sk": 2}))
        counted = self.table.query(KeyConditionExpression=Key("pk").eq("film"), Select="COUNT")
        self.assertEqual(counted["Count"], 1)
        self.assertNotIn("Items", counted)


class Writes(BotoTest):
    def test_update_returns(self):
        before = {"pk": "u", "sk": 1, "n": 10, "m": 3, "old": "x", "list": ["a"], "still": "same", "tags": {"p", "q"}}
        changed = {"n": 15, "diff": 7, "list": ["a", "b"], "m": -1, "tags": {"p"}, "once": "1st"}
        touched = {name: before[name] for name in ["n", "m", "old", "list", "tags"]}
        for mode, want in {
            "NONE": None,
            "ALL_OLD": before,
            "ALL_NEW": changed | {"pk": "u", "sk": 1, "still": "same"},
            "UPDATED_OLD": touched,
            "UPDATED_NEW": changed,
        }.items():
            with self.subTest(mode):
                self.table.put_item(Item=before)
                got = self.table.update_item(
                    Key={"pk": "u", "sk": 1},
                    UpdateExpression="SET n = n + :5, diff = n - m, #l = list_append(#l, :b), once = if_not_exists(once, :1) "
                                     "REMOVE #o ADD m :neg DELETE tags :q",
                    ConditionExpression=Attr("n").eq(10),
                    ExpressionAttributeNames={"#l": "list", "#o": "old"},
                    ExpressionAttributeValues={":5": 5, ":b": ["b"], ":1": "1st", ":neg": -4, ":q": {"q"}},
                    ReturnValues=mode,
                )
                self.assertEqual(got.get("Attributes"), want)

    def test_put_and_delete_return_what_was(self):
        item = {"pk": "r", "sk": 1, "n": Decimal("1.5")}
        self.assertNotIn("Attributes", self.table.put_item(Item=item, ReturnValues="ALL_OLD"))
        self.assertEqual(self.table.put_item(Item=item, ReturnValues="ALL_OLD")["Attributes"], item)
        self.assertEqual(self.table.delete_item(Key={"pk": "r", "sk": 1}, ReturnValues="ALL_OLD")["Attributes"], item)

    def test_batch_writer(self):
        with self.table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
            for i in range(60):
                batch.put_item(Item={"pk": "batch", "sk": i % 55, "round": i // 55, "text": "x" * 100})
        items = self.table.query(KeyConditionExpression=Key("pk").eq("batch"))["Items"]
        self.assertEqual([(int(i["sk"]), int(i["round"])) for i in items], [(i, int(i < 5)) for i in range(55)])
        with self.table.batch_writer() as batch:
            for i in range(55):
                batch.delete_item(Key={"pk": "batch", "sk": i})
        self.assertEqual(self.table.query(KeyConditionExpression=Key("pk").eq("batch"))["Items"], [])

    def test_batch_get_leaves_what_does_not_fit(self):
        for i in range(45):
            self.table.put_item(Item={"pk": f"big{i}", "sk": i, "text": "x" * 390_000})
        asked = {"Trail": {"Keys": [{"pk": f"big{i}", "sk": i} for i in range(46)], "ProjectionExpression": "sk"}}
        found, rounds = [], 0
        while asked:
            got = self.resource.batch_get_item(RequestItems=asked)
            found += [int(item["sk"]) for item in got["Responses"].get("Trail", [])]
            asked, rounds = got["UnprocessedKeys"], rounds + 1
        self.assertEqual(sorted(found), list(range(45)))
        self.assertGreater(rounds, 1)
        with self.table.batch_writer() as batch:
            for i in range(45):
                batch.delete_item(Key={"pk": f"big{i}", "sk": i})

    def test_transactions(self):
        put = {"Put": {"TableName": "Trail", "Item": {"pk": {"S": "t"}, "sk": {"N": "1"}, "b": {"B": b"\0\xff"}}}}
        add = {"Update": {
            "TableName": "Trail", "Key": {"pk": {"S": "t"}, "sk": {"N": "2"}}, "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }}
        for _ in range(2):  # the token makes the second one nothing
            self.client.transact_write_items(TransactItems=[put, add], ClientRequestToken="once")
        gets = [{"Get": {"TableName": "Trail", "Key": {"pk": {"S": "t"}, "sk": {"N": n}}}} for n in "132"]
        got = self.client.transact_get_items(TransactItems=gets)["Responses"]
        self.assertEqual(got, [{"Item": put["Put"]["Item"]}, {}, {"Item": add["Update"]["Key"] | {"n": {"N": "1"}}}])
        with self.assertRaises(self.client.exceptions.IdempotentParameterMismatchException):
            self.client.transact_write_items(TransactItems=[put], ClientRequestToken="once")

        check = {"ConditionCheck": {
            "TableName": "Trail", "Key": add["Update"]["Key"], "ConditionExpression": "n = :two",
            "ExpressionAttributeValues": {":two": {"N": "2"}}, "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }}
        with self.assertRaises(self.client.exceptions.TransactionCanceledException) as caught:
            self.client.transact_write_items(TransactItems=[put, check])
        self.assertEqual(caught.exception.response["CancellationReasons"], [
            {"Code": "None"},
            {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": got[2]["Item"]},
        ])
        self.assertEqual(
            caught.exception.response["Error"]["Message"],
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
        )


class Failures(BotoTest):
    def test_classes(self):
        known = self.client.exceptions
        with self.assertRaises(known.ResourceNotFoundException) as caught:
            self.client.get_item(TableName="Nowhere", Key={"pk": {"S": "x"}})
        response = caught.exception.response
        self.assertEqual(response["Error"], {"Message": "Requested resource not found", "Code": "ResourceNotFoundException"})
        metadata = response["ResponseMetadata"]
        self.assertEqual((metadata["HTTPStatusCode"], metadata["RetryAttempts"]), (400, 0))
        self.assertRegex(metadata["RequestId"], r"^[A-Z0-9]{52}$")
        self.assertEqual(metadata["HTTPHeaders"]["content-type"], "application/x-amz-json-1.0")
        with self.assertRaises(known.ResourceInUseException):
            self.client.create_table(
                TableName="Trail", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
            )
        with self.assertRaises(known.ConditionalCheckFailedException) as caught:
            self.table.put_item(Item={"pk": "c", "sk": 1}, ConditionExpression=Attr("pk").exists())
        self.assertEqual(caught.exception.response["Error"]["Message"], "The conditional request failed")

    def test_validation_is_known_by_its_code(self):
        with self.assertRaises(ClientError) as caught:
            self.table.put_item(Item={"pk": 1, "sk": 1})
        self.assertIs(type(caught.exception), ClientError)
        self.assertEqual(caught.exception.response["Error"], {
            "Message": "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
            "Code": "ValidationException",
        })

    def test_a_spoiled_reply_does_not_match_its_checksum(self):
        """boto3 compares x-amz-crc32, asks again, and takes the reply that is whole."""
        self.table.put_item(Item={"pk": "crc", "sk": 1, "text": "the quick brown fox"})
        for mode in ["legacy", "standard"]:
            client, session, attempts = self.connect(retries={"mode": mode}), URLLib3Session(), []
            self.addCleanup(session.close)

            def send(request, **_):
                reply = session.send(request)
                attempts.append(reply)
                if len(attempts) == 1:
                    reply._content = reply.content.replace(b"quick", b"quack")
                return reply

            client.meta.events.register("before-send.dynamodb.GetItem", send)
            got = client.get_item(TableName="Trail", Key={"pk": {"S": "crc"}, "sk": {"N": "1"}})
            self.assertEqual(got["Item"]["text"], {"S": "the quick brown fox"}, mode)
            self.assertEqual(len(attempts), 2, mode)


class Tables(BotoTest):
    def test_describe(self):
        described = self.client.describe_table(TableName="Trail")["Table"]
        created = described["CreationDateTime"]
        self.assertIsInstance(created, datetime.datetime)
        self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc) - created), datetime.timedelta(minutes=1))
        self.assertEqual(described["TableStatus"], "ACTIVE")
        self.assertIs(type(described["ItemCount"]), int)
        self.assertEqual({i["IndexName"] for i in described["GlobalSecondaryIndexes"]}, {"ByGroup", "ByShard"})
        self.assertEqual(self.table.key_schema, described["KeySchema"])
        self.assertEqual(self.table.table_arn, described["TableArn"])

    def test_waiters(self):
        """Tables take a second and a half here to come and to go: a waiter looks several times."""
        slow = server.Server("-transition", "1500ms")
        self.addCleanup(slow.stop)
        client = self.connect(endpoint=slow.url)
        seen = []
        client.meta.events.register(
            "after-call.dynamodb.DescribeTable",
            lambda parsed, **_: seen.append(parsed.get("Table", {}).get("TableStatus") or parsed["Error"]["Code"]),
        )
        patience = {"Delay": 1, "MaxAttempts": 60}
        made = client.create_table(**server.table("Awaited"))["TableDescription"]
        self.assertEqual(made["TableStatus"], "CREATING")
        client.get_waiter("table_exists").wait(TableName="Awaited", WaiterConfig=patience)
        self.assertEqual((seen[0], seen[-1]), ("CREATING", "ACTIVE"))
        seen.clear()
        gone = client.delete_table(TableName="Awaited")["TableDescription"]
        self.assertEqual(gone["TableStatus"], "DELETING")
        client.get_waiter("table_not_exists").wait(TableName="Awaited", WaiterConfig=patience)
        self.assertEqual((seen[0], seen[-1]), ("DELETING", "ResourceNotFoundException"))
        with self.assertRaises(WaiterError):
            client.get_waiter("table_exists").wait(TableName="Awaited", WaiterConfig={"Delay": 0, "MaxAttempts": 2})

    def test_paginators(self):
        for i in range(12):
            self.client.create_table(
                TableName=f"Many{i:02}", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
            )
        names = [f"Many{i:02}" for i in range(12)] + ["Trail"]
        pages = list(self.client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 5}))
        self.assertEqual([len(p["TableNames"]) for p in pages], [5, 5, 3])
        self.assertEqual([n for p in pages for n in p["TableNames"]], names)
        with self.table.batch_writer() as batch:
            for i in range(30):
                batch.put_item(Item={"pk": "pages", "sk": i})
        query = {
            "TableName": "Trail", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "pages"}},
        }
        # MaxItems cuts a page short; the token goes on behind what was shown.
        paginator = self.client.get_paginator("query")
        first = paginator.paginate(**query, PaginationConfig={"PageSize": 7, "MaxItems": 10}).build_full_result()
        rest = paginator.paginate(**query, PaginationConfig={"StartingToken": first["NextToken"]}).build_full_result()
        self.assertEqual([i["sk"]["N"] for i in first["Items"] + rest["Items"]], [str(i) for i in range(30)])
        self.assertEqual(len(first["Items"]), 10)
        self.assertNotIn("NextToken", rest)


if __name__ == "__main__":
    unittest.main()
