#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts a CTest report: why a test was skipped, then the line `N passed, N failed, N skipped`.

CTest itself counts a skipped test as passed, and writes a program that is missing as if it were skipped. What a
passed program skipped inside (Qt Test, unittest) is printed too."""
import re
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case: ElementTree.Element) -> str:
    if case.get("status") == "run":
        return "passed"
    note = case.find("skipped")
    message = (note.get("message") or "") if note is not None else ""
    skipped = case.get("status") == "disabled" or message.startswith("SKIP_")
    return "skipped" if skipped else "failed"


def reason(case: ElementTree.Element) -> str:
    lines = [line.strip() for line in (case.findtext("system-out") or "").splitlines() if line.strip()]
    return lines[-1] if lines else "disabled"


def skipped_inside(case: ElementTree.Element) -> list[tuple[str, str]]:
    output = case.findtext("system-out") or ""
    return re.findall(r"^SKIP\s+: (.*)$|\.\.\. skipped ['\"](.*)['\"]$", output, re.MULTILINE)


def main(path: str) -> int:
    try:
        cases = ElementTree.parse(path).getroot().findall("testcase")
    except (OSError, ElementTree.ParseError):
        cases = []
    outcomes = [outcome(case) for case in cases]
    for case, result in zip(cases, outcomes):
        if result == "skipped":
            print(f"skipped: {case.get('name')}: {reason(case)}")
        for texts in skipped_inside(case) if result == "passed" else []:
            print(f"in part skipped: {case.get('name')}: {''.join(texts)}")
    print(", ".join(f"{outcomes.count(word)} {word}" for word in ("passed", "failed", "skipped")))
    return 0 if cases and "failed" not in outcomes else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
