# SPDX-License-Identifier: BSD-2-Clause
"""ELF files of any size, as inputs for tests: make_elf.py FILE SEGMENTS SIZE

Writes an ELF file for ARM with that many PT_LOADs of SIZE bytes each, one behind the other.
"""

import random
import struct
import sys

EHDR, PHDR, SHDR = 52, 32, 40
NAMES = b"\0.shstrtab\0"
PT_LOAD, SHT_STRTAB, EM_ARM = 1, 3, 40
BLOCK = random.Random(1).randbytes(1 << 20)


def write_bytes(file, size):
    """Of which no MiB is like another."""
    for number in range(size // len(BLOCK)):
        file.write(struct.pack("<I", number) + BLOCK[4:])
    file.write(BLOCK[: size % len(BLOCK)])


def write(path, segments, size):
    start = EHDR + PHDR * segments
    names = start + segments * size
    shoff = (names + len(NAMES) + 3) & ~3
    with open(path, "wb") as file:
        file.write(struct.pack("<4s5B7x2H5I6H", b"\x7fELF", 1, 1, 1, 0, 0, 2, EM_ARM, 1, 0, EHDR,
                               shoff, 0, EHDR, PHDR, segments, SHDR, 2, 1))
        for i in range(segments):
            at = i * size
            file.write(struct.pack("<8I", PT_LOAD, start + at, at, at, size, size, 4, 4))
        write_bytes(file, segments * size)
        file.write(NAMES.ljust(shoff - names, b"\0"))
        file.write(bytes(SHDR))
        file.write(struct.pack("<10I", 1, SHT_STRTAB, 0, 0, names, len(NAMES), 0, 0, 1, 0))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
