"""boto3 as the tests use it; they are skipped where there is none."""

import os
import unittest

import server

try:
    import boto3
    import botocore.config
except ImportError:
    server.absent("no boto3 for this Python: tools/clients.sh looks for one that has it")

for name in server.FOREIGN:
    del os.environ[name]
os.environ.update(server.ENVIRONMENT)


class BotoTest(unittest.TestCase):
    """Has a server with the table Trail, a client and a resource, for all its tests."""

    @classmethod
    def setUpClass(cls):
        cls.server = server.Server()
        cls.addClassCleanup(cls.server.stop)
        cls.client = cls.connect()
        cls.resource = boto3.resource("dynamodb", endpoint_url=cls.server.url)
        cls.addClassCleanup(cls.resource.meta.client.close)
        cls.client.create_table(**server.table("Trail"))
        cls.table = cls.resource.Table("Trail")

    @classmethod
    def connect(cls, endpoint=None, **config):
        client = boto3.client("dynamodb", endpoint_url=endpoint or cls.server.url, config=botocore.config.Config(**config))
        cls.addClassCleanup(client.close)
        return client
