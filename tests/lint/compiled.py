#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""compiled.py BUILD: of the files on standard input, prints those that BUILD compiles."""
import json
import os
import sys

with open(os.path.join(sys.argv[1], "compile_commands.json"), encoding="utf-8") as commands:
    compiled = {os.path.realpath(os.path.join(entry["directory"], entry["file"])) for entry in json.load(commands)}
for line in sys.stdin:
    if os.path.realpath(line.strip()) in compiled:
        print(line.strip())
