#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""budgets.py ROOT: no source file over 500 lines, no function over 60. (The aim is 300 and 25.)"""
import pathlib
import subprocess
import sys

FILE_LINES, FUNCTION_LINES = 500, 60
KINDS = ("*.cpp", "*.h", "*.py", "*.sh")


def sources(root: pathlib.Path) -> list[str]:
    listing = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "--", *KINDS]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in names if (root / name).is_file()]


def functions(root: pathlib.Path, names: list[str]) -> list[tuple[str, str, int, int]]:
    """(file, function, first line, last line) of every definition."""
    command = ["ctags", "--languages=C++,Python", "--langmap=C++:+.h", "--kinds-C++=f", "--kinds-Python=fm",
               "-f-", "--fields=ne", "--excmd=number", "-L-"]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root, input="\n".join(names))
    rows = []
    for line in output.stdout.splitlines():
        name, path, _, *rest = line.split("\t")
        fields = dict(item.split(":", 1) for item in rest if ":" in item)
        if "line" in fields and "end" in fields:
            rows.append((path, name, int(fields["line"]), int(fields["end"])))
    return rows


def main(root: pathlib.Path) -> int:
    names, complaints = sources(root), []
    for name in names:
        lines = (root / name).read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES:
            complaints.append(f"{name}: {lines} lines, at most {FILE_LINES}")
    for path, function, first, last in functions(root, names):
        if last - first + 1 > FUNCTION_LINES:
            complaints.append(f"{path}:{first}: {function} has {last - first + 1} lines, at most {FUNCTION_LINES}")
    print("\n".join(complaints) or f"{len(names)} files within the budgets")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
