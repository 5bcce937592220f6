#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The shipped JSON Schema against the examples, against what the codec writes and against bad documents."""
import json
import pathlib
import subprocess
import sys
import unittest
from typing import Any

try:
    import jsonschema
except ImportError:
    print("skipped: the package python3-jsonschema is not installed")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRINTER = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else None
# These need more than one value at a time, or arithmetic; only the codec sees them.
CODEC_ONLY = {
    "key_zero", "key_twice", "prefix_of_two", "name_twice", "port_large", "endpoint_in_mesh", "route_everything",
    "exit_twice", "exit_own_device", "requires_unknown", "exit_dns_home", "exit_dns_loopback", "exit_dns_mixed",
}


def load(path: pathlib.Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


class SchemaTest(unittest.TestCase):
    schema: dict[str, Any] = {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.schema = load(ROOT / "resources/schema/configuration.schema.json")
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def test_schema_is_itself_valid(self) -> None:
        jsonschema.Draft7Validator.check_schema(self.schema)

    def test_examples_are_valid(self) -> None:
        examples = sorted((ROOT / "resources/examples").glob("*.json"))
        self.assertGreaterEqual(len(examples), 3)
        for path in examples:
            with self.subTest(path.name):
                self.validator.validate(load(path))

    def test_every_way_to_choose_a_resolver_is_valid(self) -> None:
        for choice in ("provider", "home", "network", "9.9.9.9", "9.9.9.9, 2620:fe::fe", "9.9.9.9#dns.quad9.net",
                       "tls://a1b2c3.dns.nextdns.io@45.90.28.0 tls://a1b2c3.dns.nextdns.io@2a07:a8c0::"):
            with self.subTest(choice):
                self.validator.validate({"policy": {"exitDns": choice}})

    def test_bad_documents_are_refused(self) -> None:
        bad = sorted((ROOT / "tests/data/configuration/bad").glob("*.json"))
        self.assertGreaterEqual(len(bad), 30)
        for path in bad:
            with self.subTest(path.name):
                self.assertEqual(self.validator.is_valid(load(path)), path.stem in CODEC_ONLY)

    def test_everything_the_codec_writes_is_valid(self) -> None:
        if PRINTER is None:
            self.skipTest("the program that prints documents was not named")
        lines = subprocess.run([PRINTER], check=True, capture_output=True, text=True).stdout.splitlines()
        self.assertGreaterEqual(len(lines), 200)
        for line in lines:
            errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in
                      self.validator.iter_errors(json.loads(line))]
            self.assertEqual(errors, [])


if __name__ == "__main__":
    unittest.main()
