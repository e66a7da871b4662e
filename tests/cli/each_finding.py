# SPDX-License-Identifier: BSD-2-Clause
"""each_finding.py FOLDER: for findings of rprocfw-checks(7) an ELF file each that has it, FOLDER/ID.elf.

FOLDER/mp15.elf and FOLDER/mp25.elf, for STM32MP15 and STM32MP25, have none; secure.elf is for the
secure world of the second.
"""
import os
import struct
import sys

# Places in the file, sizes, and where what is in a resource table is.
VECTORS, CODE, TABLE, TABLE_SIZE = 0x100, 0x140, 0x1C0, 0x100
PADDR, MEMSZ, FLAGS = 3, 5, 6
OFFSET_1, OFFSET_2, TRACE, TRACE_DA, TRACE_RESERVED = 16, 20, 24, 28, 36


class Firmware:
    def __init__(self, vectors, code, data, stack):
        self.phdrs = [[1, VECTORS, vectors, vectors, 0x40, 0x40, 5, 4],
                      [1, CODE, code, code, 0x80, 0x80, 5, 4],
                      [1, TABLE, data, data, TABLE_SIZE, 0x200, 6, 4]]
        self.sections = [[b".isr_vectors", vectors, VECTORS, 0x40],
                         [b".text", code, CODE, 0x80],
                         [b".resource_table", data, TABLE, TABLE_SIZE]]
        self.stack, self.reset = stack, code + 1
        self.table = bytearray(TABLE_SIZE)  # a trace buffer, and a vdev with two vrings
        struct.pack_into("<6I", self.table, 0, 1, 2, 0, 0, 24, 72)
        struct.pack_into("<4I32s", self.table, TRACE, 2, data + TABLE_SIZE, 64, 0, b"trace0")
        struct.pack_into("<7I", self.table, 72, 3, 7, 0, 0, 0, 0, 0x200)
        for at in (100, 120):
            struct.pack_into("<5I", self.table, at, 0xFFFFFFFF, 16, 16, 0, 0)

    def phdr(self, index, field, value):
        self.phdrs[index][field] = value
        return self

    def section(self, index, address):
        self.sections[index][1] = address
        return self

    def starts(self, stack=None, reset=None):
        self.stack = stack if stack is not None else self.stack
        self.reset = reset if reset is not None else self.reset
        return self

    def word(self, offset, value):
        struct.pack_into("<I", self.table, offset, value)
        return self

    def join(self):
        names = b"\0" + b"".join(s[0] + b"\0" for s in self.sections) + b".shstrtab\0"
        at = TABLE + len(self.table)
        shoff = at + len(names) + -(at + len(names)) % 4
        data = bytearray(shoff)
        count = len(self.sections) + 2
        data[0:52] = struct.pack("<4s5B7x2H5I6H", b"\x7fELF", 1, 1, 1, 0, 0, 2, 40, 1, self.reset, 52,
                                 shoff, 0, 52, 32, len(self.phdrs), 40, count, count - 1)
        for i, phdr in enumerate(self.phdrs):
            struct.pack_into("<8I", data, 52 + 32 * i, *phdr)
        struct.pack_into("<2I", data, VECTORS, self.stack, self.reset)
        data[TABLE:at] = self.table
        data[at:at + len(names)] = names
        headers = [(0,) * 10]
        for name, address, offset, size in self.sections:
            headers.append((names.index(name + b"\0"), 1, 2, address, offset, size, 0, 0, 4, 0))
        headers.append((names.index(b".shstrtab"), 3, 0, 0, at, len(names), 0, 0, 1, 0))
        return data + b"".join(struct.pack("<10I", *header) for header in headers)


def mp15():
    return Firmware(0, 0x10000000, 0x10020000, 0x10040000)


def mp25(base=0x80100000, data=0x81200000):
    return Firmware(base, base + 0x80, data, data + 0x400)


def secure():
    firmware = mp25(0x80000000, 0x0A060000)
    del firmware.sections[2]
    return firmware.phdr(2, MEMSZ, TABLE_SIZE)


def zero_fill():
    firmware = mp15()
    firmware.phdrs.reverse()
    return firmware.phdr(2, MEMSZ, 0x80).phdr(0, PADDR, 0x40)


def large_table():
    firmware = mp15()
    firmware.table += bytes(0x10001)
    firmware.sections[2][3] = len(firmware.table)
    return firmware.phdr(2, 4, len(firmware.table)).phdr(2, MEMSZ, len(firmware.table))


def unaligned():
    firmware = mp15()
    firmware.table[73:201] = firmware.table[72:200]
    return firmware.word(OFFSET_2, 73)


FIRMWARES = {
    "mp15": mp15(),
    "mp25": mp25(),
    "secure": secure(),
    "segment-overlap": mp15().phdr(2, PADDR, 0x1000007C),
    "zero-fill-overlap": zero_fill(),
    "nonsecure-in-secure": mp25(0x80000000),
    "vectors-not-loaded": mp15().section(0, 0x1000),
    "vectors-not-at-start": mp15().phdr(0, 2, 0x400).phdr(0, PADDR, 0x400).section(0, 0x400),
    "bootaddr-not-executable": mp25().phdr(0, FLAGS, 4),
    "stack-outside": mp15().starts(stack=0x10080000),
    "reset-outside": mp15().starts(reset=0x10020001),
    "reset-not-thumb": mp15().starts(reset=0x10000000),
    "rsc-table-unseen": mp25(data=0x80A00000),
    "rsc-table-large": large_table(),
    "rsc-malformed": mp15().word(TRACE_RESERVED, 1),
    "rsc-devmem": mp15().word(TRACE, 1).word(40, 0).word(44, 0),
    "rsc-unaligned": unaligned(),
    "rsc-unknown": mp15().word(TRACE, 4),
    "rsc-outside": mp15().word(TRACE_DA, 0x10080000),
}

for name, made in FIRMWARES.items():
    with open(os.path.join(sys.argv[1], name + ".elf"), "wb") as file:
        file.write(made.join())
