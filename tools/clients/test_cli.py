"""The AWS CLI, version 2, against a port: what it prints, how it pages, and how it fails."""

import concurrent.futures
import json
import os
import subprocess
import tempfile
import unittest

import server

CLI = os.environ.get("AWSCLI", "")
if not CLI:
    server.absent("no AWS CLI: tools/clients.sh looks for one")

# The CLI's exit code for an error that the service reported.
SERVICE_ERROR = 254


class CliTest(unittest.TestCase):
    """Has a server and a folder for files that commands read."""

    @classmethod
    def setUpClass(cls):
        cls.server = server.Server()
        cls.addClassCleanup(cls.server.stop)
        folder = tempfile.TemporaryDirectory(prefix="sortkey-cli-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name

    @classmethod
    def run_cli(cls, command, *words, output="json", **options):
        """Runs `aws dynamodb command`; a value that is no text is passed as JSON, True as a bare flag."""
        line = [CLI, "dynamodb", command, *words, "--endpoint-url", cls.server.url, "--output", output]
        for name, value in options.items():
            line.append("--" + name.replace("_", "-"))
            if value is not True:
                line.append(value if isinstance(value, str) else json.dumps(value))
        return subprocess.run(line, env=server.environment(), capture_output=True, text=True, check=False, timeout=120)

    @classmethod
    def aws(cls, command, *words, output="json", **options):
        """What a command that has to succeed printed; JSON is parsed, nothing at all is None."""
        done = cls.run_cli(command, *words, output=output, **options)
        if done.returncode != 0:
            raise AssertionError(f"{command}: exit code {done.returncode}: {done.stderr}")
        if output != "json":
            return done.stdout
        return json.loads(done.stdout) if done.stdout else None

    @classmethod
    def together(cls, *calls):
        """The results of commands that do not depend on each other, side by side: each takes a second to start."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return [started.result() for started in [pool.submit(call) for call in calls]]

    def file(self, name, value):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            json.dump(value, out)
        return "file://" + path

    def fails(self, code, message, done):
        """Holds a command's failure against the service's error."""
        operation = done.args[2].title().replace("-", "")
        self.assertEqual(done.returncode, SERVICE_ERROR)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.strip(), f"An error occurred ({code}) when calling the {operation} operation: {message}")


class Items(CliTest):
    """One table, with 12 items of one partition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = cls.aws("create-table", cli_input_json=server.table("Trail"))
        cls.waited = cls.aws("wait", "table-exists", table_name="Trail")
        puts = [{"PutRequest": {"Item": {
            "pk": {"S": "page"}, "sk": {"N": str(i)}, "group": {"S": f"g{i % 2}"}, "weight": {"N": str(-i)},
        }}} for i in range(12)]
        cls.batch = cls.aws("batch-write-item", request_items={"Trail": puts})

    def test_setup_said_what_it_did(self):
        self.assertEqual(self.made["TableDescription"]["TableStatus"], "CREATING")
        self.assertIsNone(self.waited)
        self.assertEqual(self.batch, {"UnprocessedItems": {}})

    def test_an_item(self):
        key = {"pk": {"S": "values"}, "sk": {"N": "1"}}
        item = key | {
            "text": {"S": 'é «青» 😀 "\\/\n\t <&>'}, "empty": {"S": ""}, "n": {"N": "-12345678901234567890123456789.012345678"},
            "bytes": {"B": "AAH/"}, "yes": {"BOOL": True}, "nothing": {"NULL": True}, "strings": {"SS": ["a", "b"]},
            "numbers": {"NS": ["2.5"]}, "blobs": {"BS": ["AAA="]}, "list": {"L": [{"N": "1"}, {"M": {"a.b": {"BOOL": False}}}]},
        }
        put = self.aws("put-item", table_name="Trail", item=item, return_consumed_capacity="TOTAL")
        self.assertEqual(put, {"ConsumedCapacity": {"TableName": "Trail", "CapacityUnits": 1.0}})
        got, number, words, missing, refused = self.together(
            lambda: self.aws("get-item", table_name="Trail", key=key, consistent_read=True),
            lambda: self.aws("get-item", table_name="Trail", key=key, query="Item.n.N", output="text"),
            lambda: self.aws("get-item", table_name="Trail", key=key, projection_expression="yes, nothing", output="text"),
            lambda: self.aws("get-item", table_name="Trail", key=key | {"sk": {"N": "2"}}),
            lambda: self.run_cli("put-item", table_name="Trail", item=item, condition_expression="attribute_not_exists(pk)"),
        )
        got["Item"]["strings"]["SS"].sort()
        self.assertEqual(got, {"Item": item})
        self.assertEqual(number, item["n"]["N"] + "\n")
        self.assertEqual(sorted(words.split()), ["NOTHING", "True", "True", "YES"])
        self.assertIsNone(missing)
        self.fails("ConditionalCheckFailedException", "The conditional request failed", refused)

        updated = self.aws(
            "update-item", table_name="Trail", key=key, return_values="UPDATED_NEW",
            update_expression="SET n = n + :one, #l = list_append(#l, :more) REMOVE bytes ADD strings :c",
            expression_attribute_names={"#l": "list"},
            expression_attribute_values={":one": {"N": "1"}, ":more": {"L": [{"B": "/w=="}]}, ":c": {"SS": ["c"]}},
        )
        updated["Attributes"]["strings"]["SS"].sort()
        self.assertEqual(updated, {"Attributes": {
            "n": {"N": "-12345678901234567890123456788.012345678"}, "strings": {"SS": ["a", "b", "c"]},
            "list": {"L": item["list"]["L"] + [{"B": "/w=="}]},
        }})
        removed = self.aws("delete-item", table_name="Trail", key=key, return_values="ALL_OLD", query="Attributes.list.L[2].B")
        self.assertEqual(removed, "/w==")

    def test_queries(self):
        page = {"table_name": "Trail", "key_condition_expression": "pk = :p", "expression_attribute_values": {":p": {"S": "page"}}}
        back, by_group, count, one, first = self.together(
            lambda: self.aws("query", **page, no_scan_index_forward=True, query="Items[].sk.N", output="text"),
            lambda: self.aws(
                "query", table_name="Trail", index_name="ByGroup", key_condition_expression="#g = :g AND weight < :w",
                filter_expression="sk <> :s", projection_expression="sk", expression_attribute_names={"#g": "group"},
                expression_attribute_values={":g": {"S": "g1"}, ":w": {"N": "-4"}, ":s": {"N": "7"}},
            ),
            lambda: self.aws("query", **page, select="COUNT", page_size="5"),
            lambda: self.aws("query", **page, no_paginate=True, limit="2"),
            lambda: self.aws("query", **page, max_items="5", page_size="3"),
        )
        self.assertEqual(back.split(), [str(i) for i in range(11, -1, -1)])
        self.assertEqual(by_group["Items"], [{"sk": {"N": n}} for n in ("11", "9", "5")])
        self.assertEqual((by_group["Count"], by_group["ScannedCount"]), (3, 4))
        self.assertEqual((count["Count"], count["ScannedCount"]), (12, 12))
        self.assertEqual(one["LastEvaluatedKey"], {"pk": {"S": "page"}, "sk": {"N": "1"}})
        self.assertEqual([i["sk"]["N"] for i in first["Items"]], list("01234"))
        rest = self.aws("query", **page, starting_token=first["NextToken"])
        self.assertEqual([i["sk"]["N"] for i in rest["Items"]], [str(i) for i in range(5, 12)])
        self.assertNotIn("NextToken", rest)

    def test_scans(self):
        page = {"expression_attribute_values": {":p": {"S": "page"}}, "filter_expression": "pk = :p", "table_name": "Trail"}
        whole, first = self.together(
            lambda: self.aws("scan", **page, page_size="5"),
            lambda: self.aws("scan", index_name="ByGroup", **page, page_size="4", max_items="7"),
        )
        everything = sorted(range(12))
        self.assertEqual(sorted(int(i["sk"]["N"]) for i in whole["Items"]), everything)
        rest = self.aws("scan", index_name="ByGroup", **page, starting_token=first["NextToken"])
        self.assertEqual(len(first["Items"]), 7)
        self.assertEqual(sorted(int(i["sk"]["N"]) for i in first["Items"] + rest["Items"]), everything)

    def test_transactions(self):
        key = {"pk": {"S": "t"}, "sk": {"N": "1"}}
        put = {"Put": {"TableName": "Trail", "Item": key | {"b": {"B": "AP8="}}}}
        check = {"ConditionCheck": {"TableName": "Trail", "Key": key, "ConditionExpression": "attribute_not_exists(b)"}}
        other = {"Put": {"TableName": "Trail", "Item": {"pk": {"S": "t"}, "sk": {"N": "2"}}}}
        done = self.aws("transact-write-items", transact_items=self.file("put.json", [put]))
        self.assertIsNone(done)
        failing = self.file("check.json", [other, check])
        got, cancelled = self.together(
            lambda: self.aws("transact-get-items", transact_items=[
                {"Get": {"TableName": "Trail", "Key": key}},
                {"Get": {"TableName": "Trail", "Key": other["Put"]["Item"]}},
            ]),
            lambda: self.run_cli("transact-write-items", transact_items=failing),
        )
        self.assertEqual(got, {"Responses": [{"Item": put["Put"]["Item"]}, {}]})
        self.fails(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
            cancelled,
        )


class Tables(CliTest):
    def test_life_of_a_table(self):
        # The shorthand of keys and the words of help pages.
        made = self.aws(
            "create-table", "--attribute-definitions", "AttributeName=id,AttributeType=S", "AttributeName=n,AttributeType=N",
            "--key-schema", "AttributeName=id,KeyType=HASH", "AttributeName=n,KeyType=RANGE",
            "--provisioned-throughput", "ReadCapacityUnits=5,WriteCapacityUnits=6",
            table_name="Short", query="TableDescription.[TableName,TableArn]", output="text",
        )
        self.assertEqual(made, "Short\tarn:aws:dynamodb:us-east-1:000000000000:table/Short\n")
        names, described, nowhere, unsigned = self.together(
            lambda: self.aws("list-tables"),
            lambda: self.aws("describe-table", table_name="Short"),
            lambda: self.run_cli("describe-table", table_name="Nowhere"),
            lambda: self.run_cli("list-tables", no_sign_request=True),
        )
        self.assertEqual(names, {"TableNames": ["Short"]})
        table = described["Table"]
        self.assertEqual(table["TableStatus"], "ACTIVE")
        self.assertEqual(table["ProvisionedThroughput"], {
            "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 6,
        })
        self.assertRegex(table["CreationDateTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
        self.fails("ResourceNotFoundException", "Requested resource not found: Table: Nowhere not found", nowhere)
        self.fails("MissingAuthenticationTokenException", "Request is missing Authentication Token", unsigned)

        deleted = self.aws("delete-table", table_name="Short", query="TableDescription.TableStatus")
        self.assertEqual(deleted, "DELETING")
        waited, invalid = self.together(
            lambda: self.aws("wait", "table-not-exists", table_name="Short"),
            lambda: self.run_cli("list-tables", no_paginate=True, limit="101"),
        )
        self.assertIsNone(waited)
        self.fails(
            "ValidationException",
            "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: "
            "Member must have value less than or equal to 100",
            invalid,
        )


if __name__ == "__main__":
    unittest.main()
