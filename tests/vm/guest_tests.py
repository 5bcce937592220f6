# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs test programs inside the guest and leaves $OUT/results.json: guest_tests.py [-k PATTERN]... PROGRAM...

Patterns choose tests of Python files by `Class.test`, as those of unittest do.

A program is a Python file with unittest cases or a Qt Test executable.
"""
import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
import traceback
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

TRACING = Path("/sys/kernel/tracing")
Outcome = dict[str, Any]


class Recorder(unittest.TextTestResult):
    """Keeps one outcome for each test, besides the usual text."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outcomes: dict[str, Outcome] = {}
        self.started = time.monotonic()

    def note(self, test: unittest.TestCase, status: str, detail: str = "") -> None:
        name = test.id().removeprefix(f"{test.__module__}.")
        outcome = self.outcomes.setdefault(name, {"name": name, "status": status, "detail": detail})
        if status != "passed":  # a failing clean-up or subtest overrules an earlier success
            outcome.update(status=status, detail=detail)
        outcome["seconds"] = round(time.monotonic() - self.started, 2)

    def startTest(self, test: unittest.TestCase) -> None:
        self.started = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.note(test, "passed")

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.note(test, "failed", str(err[1]))

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self.note(test, "failed", str(err[1]))

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failed", f"{subtest}: {err[1]}")

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self.note(test, "skipped", reason)

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self.note(test, "passed", "failed as expected")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self.note(test, "failed", "succeeded unexpectedly")


def run_python(path: Path, patterns: list[str]) -> list[Outcome]:
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns] or None
    suite = loader.loadTestsFromModule(module)
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Recorder).run(suite)
    assert isinstance(result, Recorder)
    return list(result.outcomes.values())


def run_qt_test(path: Path) -> list[Outcome]:
    report = Path("/tmp/report.xml")
    subprocess.run([path, "-o", f"{report},junitxml", "-o", "-,txt"], check=False)
    outcomes = []
    for case in ElementTree.parse(report).iter("testcase"):
        broken = [child for child in case if child.tag in ("failure", "error")]
        skipped = case.find("skipped")
        status = "failed" if broken else "skipped" if skipped is not None else "passed"
        about = broken[0] if broken else skipped
        outcomes.append({"name": case.get("name", "?"), "status": status, "seconds": float(case.get("time", 0)),
                         "detail": "" if about is None else about.get("message", "")})
    return outcomes


def run_program(path: Path, patterns: list[str]) -> list[Outcome]:
    try:
        outcomes = run_python(path, patterns) if path.suffix == ".py" else run_qt_test(path)
    except Exception as error:  # a program that cannot even start is a failed test, not a crash of this one
        traceback.print_exc()
        outcomes = [{"name": path.name, "status": "failed", "seconds": 0.0, "detail": str(error)}]
    if not outcomes:
        outcomes = [{"name": path.name, "status": "failed", "seconds": 0.0, "detail": "it has no tests"}]
    return outcomes


def count_calls(function: str) -> Path:
    """Counts calls of a function of the kernel; the program under test has no say in it."""
    name = f"seen_{function}"
    (TRACING / "kprobe_events").write_text(f"p:{name} wireguard:{function}\n", encoding="ascii")
    event = TRACING / "events" / "kprobes" / name
    (event / "trigger").write_text("hist:keys=common_type", encoding="ascii")
    return event / "hist"


def calls(histogram: Path) -> int:
    totals = [line.split(":")[1] for line in histogram.read_text().splitlines() if line.strip().startswith("Hits:")]
    return int(totals[0]) if totals else 0


def executions_of(path: str) -> float:
    return os.stat(path).st_atime_ns if os.path.exists(path) else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", dest="patterns", action="append", default=[])
    parser.add_argument("programs", nargs="+", type=Path)
    chosen = parser.parse_args()
    subprocess.run(["modprobe", "wireguard"], check=True)
    subprocess.run(["mount", "-o", "remount,strictatime", "/"], check=True)
    links = count_calls("wg_newlink")
    before = executions_of("/usr/bin/wireguard-go")
    started = time.monotonic()
    outcomes = [outcome for program in chosen.programs for outcome in run_program(program.absolute(), chosen.patterns)]
    results = {"kernel": os.uname().release, "kernelLinks": calls(links),
               "userspaceRan": executions_of("/usr/bin/wireguard-go") != before,
               "seconds": round(time.monotonic() - started, 1), "tests": outcomes}
    Path(os.environ["OUT"], "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 0 if all(outcome["status"] == "passed" for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
