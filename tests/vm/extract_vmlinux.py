# SPDX-License-Identifier: GPL-2.0-or-later
"""Cuts the uncompressed kernel out of a bzImage: extract_vmlinux.py VMLINUZ VMLINUX.

An emulated processor would spend seconds on unpacking it at every start; the ELF image boots directly by PVH.
"""
import subprocess
import sys
from pathlib import Path

PACKERS = (
    (b"\xfd7zXZ\x00", ["xz", "-dc"]),
    (b"\x28\xb5\x2f\xfd", ["zstd", "-dc"]),
    (b"\x02\x21\x4c\x18", ["lz4", "-dc"]),
    (b"\x1f\x8b\x08", ["gzip", "-dc"]),
)


def unpacked(image: bytes) -> bytes | None:
    for magic, command in PACKERS:
        start = image.find(magic)
        while start >= 0:
            # The packed kernel is followed by other data; unpackers complain about it after having written all.
            result = subprocess.run(command, input=image[start:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if result.stdout.startswith(b"\x7fELF") and len(result.stdout) > 1 << 20:
                return result.stdout
            start = image.find(magic, start + 1)
    return None


def main() -> int:
    source, target = map(Path, sys.argv[1:3])
    kernel = unpacked(source.read_bytes())
    if kernel is None:
        print(f"extract_vmlinux: {source}: found no kernel packed with xz, zstd, lz4 or gzip", file=sys.stderr)
        return 1
    target.write_bytes(kernel)
    return 0


if __name__ == "__main__":
    sys.exit(main())
