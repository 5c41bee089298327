"""boto3's paginators walk 10,000 items, on the table and on its indexes, forward and back, while others write."""

import threading
import unittest

from boto import BotoTest

WALKED = 10_000
PAGE_SIZE = 700


def item(place):
    """The item at a place of the trail, a text. Those that are walked are at whole numbers."""
    i = int(float(place))
    return {
        "pk": {"S": "walk"}, "sk": {"N": place}, "rank": {"N": str(i * 7 % 500)}, "group": {"S": "all"},
        "weight": {"N": str(i % 97)}, "shard": {"S": f"s{i % 1000}"}, "note": {"N": "0"},
    }


class Writer:
    """
    Writes in a thread of its own: puts other items between those walked,
    removes them again, and changes walked ones outside their keys.
    """

    def __init__(self, client):
        self.client = client
        self.steps = 0
        self.failure = None
        self.stopping = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.thread.join()

    def run(self):
        try:
            while not self.stopping:
                self.write(self.steps)
                with self.changed:
                    self.steps += 1
                    self.changed.notify_all()
        except Exception as failure:  # told by the test's own thread, in wait
            with self.changed:
                self.failure = failure
                self.changed.notify_all()

    def write(self, step):
        def between(n):
            return f"{n * 37 % WALKED}.5"

        self.client.put_item(TableName="Trail", Item=item(between(step)))
        if step >= 10:
            self.client.delete_item(TableName="Trail", Key={"pk": {"S": "walk"}, "sk": {"N": between(step - 10)}})
        self.client.update_item(
            TableName="Trail", Key={"pk": {"S": "walk"}, "sk": {"N": str(step * 7919 % WALKED)}},
            UpdateExpression="SET note = note + :one, more = :more", ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":one": {"N": "1"}, ":more": {"S": "x" * (step % 500)}},
        )

    def wait(self):
        """Returns when a step was done that was not when it was called."""
        with self.changed:
            before = self.steps
            self.changed.wait_for(lambda: self.steps > before or self.failure)
            if self.failure:
                raise self.failure


class Walk(BotoTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for first in range(0, WALKED, 25):
            puts = [{"PutRequest": {"Item": item(str(place))}} for place in range(first, first + 25)]
            left = cls.client.batch_write_item(RequestItems={"Trail": puts})["UnprocessedItems"]
            if left:
                raise RuntimeError(f"unprocessed: {left}")

    def walk(self, operation, *inputs, sort=None, forward=True):
        """Reads all pages of all inputs with writes going on: each item is there once, in order of sort."""
        places, sorts, pages = [], [], 0
        paginator = self.client.get_paginator(operation)
        with Writer(self.connect()) as writer:
            for given in inputs:
                for page in paginator.paginate(TableName="Trail", PaginationConfig={"PageSize": PAGE_SIZE}, **given):
                    self.assertLessEqual(len(page["Items"]), PAGE_SIZE)
                    places += [i["sk"]["N"] for i in page["Items"]]
                    if sort:
                        sorts += [float(i[sort]["N"]) for i in page["Items"]]
                    pages += 1
                    writer.wait()
        whole = sorted(int(place) for place in places if "." not in place)
        self.assertTrue(whole == list(range(WALKED)), f"{len(whole)} items, {len(set(whole))} different ones")
        self.assertGreaterEqual(pages, WALKED // PAGE_SIZE)
        self.assertTrue(sorts == sorted(sorts, reverse=not forward), f"out of order of {sort}")

    def test_query(self):
        for index, key, value, sort in [
            (None, "pk", "walk", "sk"), ("ByRank", "pk", "walk", "rank"), ("ByGroup", "group", "all", "weight"),
        ]:
            for forward in (True, False):
                with self.subTest(index=index, forward=forward):
                    self.walk("query", ({"IndexName": index} if index else {}) | {
                        "KeyConditionExpression": "#k = :v", "ProjectionExpression": "pk, sk, weight, #rank",
                        "ExpressionAttributeNames": {"#k": key, "#rank": "rank"},
                        "ExpressionAttributeValues": {":v": {"S": value}}, "ScanIndexForward": forward,
                    }, sort=sort, forward=forward)

    def test_scan(self):
        for index in (None, "ByRank", "ByGroup", "ByShard"):
            with self.subTest(index=index):
                self.walk("scan", ({"IndexName": index} if index else {}) | {"ProjectionExpression": "sk"})

    def test_scan_in_segments(self):
        self.walk("scan", *({
            "IndexName": "ByShard", "Segment": segment, "TotalSegments": 5, "ProjectionExpression": "sk",
        } for segment in range(5)))


if __name__ == "__main__":
    unittest.main()
