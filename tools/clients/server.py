"""A server of our own for a test: tools/serve on a free port."""

import os
import re
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What the clients read from the machine they run on is not to decide a test.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "thing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PAGER": "",
}
FOREIGN = [name for name in os.environ if name.startswith("AWS_") and name not in ENVIRONMENT]


class Server:
    """Runs from its making until stop; url has no slash at the end."""

    def __init__(self, *flags):
        binary = os.path.join(ROOT, ".cache", "bin", "serve")
        arguments = [binary, "-addr", "127.0.0.1:0", "-dist", os.path.join(ROOT, "dist"), "-share", "", *flags]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        if not found:
            self.stop()
            raise RuntimeError(f"serve did not start: {line!r} (make builds it)")
        self.url = found[0]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def absent(what):
    """Skips a module for want of a client; with CI set that is a failure, as in tools/clients.sh."""
    if os.environ.get("CI"):
        raise RuntimeError(what)
    raise unittest.SkipTest(what)


def environment():
    """The environment of a client process."""
    return {name: value for name, value in os.environ.items() if name not in FOREIGN} | ENVIRONMENT


def table(name):
    """
    A table as CreateTable wants it: "pk" and the number "sk", a local index by
    "rank" with keys only, global indexes by "group" and "weight" and by "shard".
    """
    def key(*names):
        return [{"AttributeName": n, "KeyType": kind} for n, kind in zip(names, ("HASH", "RANGE"))]

    kinds = {"pk": "S", "sk": "N", "rank": "N", "group": "S", "weight": "N", "shard": "S"}
    return {
        "TableName": name,
        "KeySchema": key("pk", "sk"),
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": kind} for n, kind in kinds.items()],
        "LocalSecondaryIndexes": [
            {"IndexName": "ByRank", "KeySchema": key("pk", "rank"), "Projection": {"ProjectionType": "KEYS_ONLY"}},
        ],
        "GlobalSecondaryIndexes": [
            {"IndexName": "ByGroup", "KeySchema": key("group", "weight"), "Projection": {"ProjectionType": "ALL"}},
            {"IndexName": "ByShard", "KeySchema": key("shard"), "Projection": {"ProjectionType": "ALL"}},
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
