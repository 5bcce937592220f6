# SPDX-License-Identifier: GPL-2.0-or-later
"""`vm test [--build DIR] [NAME...]`: runs test programs in the guest and prints what became of each test.

Status: 0 all passed, 1 something failed or the machine did, 77 something did not run and the rest passed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LAB = ROOT / "tests" / "lab"
SKIPPED = 77
# Emulated processes start thirty times slower than real ones; the lab's time limits are multiplied by this.
SLOW_FACTOR = "10"


def programs(build: Path) -> dict[str, Path]:
    """Everything that can run here, by the name that CTest shows."""
    found = {"smoke": HERE / "smoke_test.py"}
    for path in sorted((LAB / "kernel").glob("*_test.cpp")):
        found[f"kernel.{path.stem}"] = build / "bin" / path.stem
    for path in sorted(LAB.glob("test_*.py")):
        found[f"lab.{path.stem.removeprefix('test_')}"] = path
    return found


def run_in_guest(program: Path, build: Path, out: Path, limit: int) -> int:
    shutil.rmtree(out, ignore_errors=True)
    asked = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("SALLYPORT_RACE_")]
    command = [HERE / "vm", "run", "-b", build, "-o", out, "-t", str(limit), "--",
               "env", f"SALLYPORT_SLOW={SLOW_FACTOR}", f"SALLYPORT_BIN={build}/bin", "SALLYPORT_GUEST=1", *asked,
               "/usr/bin/python3", HERE / "guest_tests.py", program]
    return subprocess.run(command, check=False).returncode


def back_end(results: dict[str, Any]) -> str:
    used = []
    if results["kernelLinks"]:
        used.append(f"kernel module ({results['kernelLinks']} links)")
    if results["userspaceRan"]:
        used.append("wireguard-go")
    return " and ".join(used) or "nothing (not needed)"


def report(name: str, results: dict[str, Any], wall: float) -> int:
    tests = results["tests"]
    for test in tests:
        detail = f"  ({test['detail'].splitlines()[0]})" if test["detail"] else ""
        print(f"{test['status']:>8} {test['seconds']:7.2f} s  {name}.{test['name']}{detail}")
    count = {status: sum(test["status"] == status for test in tests) for status in ("passed", "failed", "skipped")}
    print(f"{name}: {count['passed']} passed, {count['failed']} failed, {count['skipped']} did not run; "
          f"kernel {results['kernel']}, WireGuard by {back_end(results)}; "
          f"{results['seconds']} s in the guest, {wall:.1f} s in all")
    if results["userspaceRan"] and not results["kernelLinks"]:
        print(f"{name}: only wireguard-go was used; the kernel module is what this lane is for", file=sys.stderr)
        return 1
    if count["failed"] or not count["passed"] + count["skipped"]:
        return 1
    return SKIPPED if count["skipped"] else 0


def run_one(name: str, program: Path, build: Path, limit: int) -> int:
    out = ROOT / "build" / "vm" / "out" / name
    started = time.monotonic()
    status = run_in_guest(program, build, out, limit)
    if status in (124, 125) or not (out / "results.json").exists():
        print(f"{name}: nothing can be said of its tests, the guest ended with status {status}", file=sys.stderr)
        return 1
    return report(name, json.loads((out / "results.json").read_text()), time.monotonic() - started)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="vm test", description=__doc__)
    parser.add_argument("--build", "-b", type=Path, default=ROOT / "build" / "dev")
    parser.add_argument("--limit", "-t", type=int, default=1200, help="seconds for each program")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def main() -> int:
    chosen = arguments()
    known = programs(chosen.build.resolve())
    if chosen.list:
        print("\n".join(known))
        return 0
    image = subprocess.run([HERE / "vm", "build"], stdout=subprocess.DEVNULL, check=False).returncode
    if image != 0:  # 77: this computer lacks something; the reason has been printed
        return SKIPPED if image == SKIPPED else 1
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        print(f"vm test: no such test here: {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 1
    unbuilt = [known[name].name for name in chosen.names or known if not known[name].exists()]
    if unbuilt:
        print(f"vm test: not built: {', '.join(unbuilt)}", file=sys.stderr)
        return 1
    statuses = [run_one(name, known[name], chosen.build.resolve(), chosen.limit) for name in chosen.names or known]
    return 1 if 1 in statuses else SKIPPED if SKIPPED in statuses else 0


if __name__ == "__main__":
    sys.exit(main())
