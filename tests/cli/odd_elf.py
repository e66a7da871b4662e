# SPDX-License-Identifier: BSD-2-Clause
"""odd_elf.py FILE CASE: an ELF file for ARM of an odd shape; CASE is a function below without its
underscore, or random-NUMBER.

What no segment or section has is 0xA5.
"""
import random
import struct
import sys

NULL, LOAD, NOTE, PHDR, STACK, EXIDX = 0, 1, 4, 6, 0x6474E551, 0x70000001
PROGBITS, SYMTAB, STRTAB, NOBITS, REL, GROUP = 1, 2, 3, 8, 9, 17
WRITE, ALLOC, INFO_LINK, LINK_ORDER, IN_GROUP = 1, 2, 0x40, 0x80, 0x200
LORESERVE, XINDEX = 0xFF00, 0xFFFF
RESOURCES = struct.pack("<4I", 1, 0, 0, 0)


class Elf:
    """Grows from its start to its end; headers come last, but where place() put them."""

    def __init__(self, phnum):
        self.phnum = phnum
        self.phdrs, self.sections = [], []
        self.data = bytearray(52 + 32 * phnum)
        self.phoff = 52
        self.names = self.shoff = None
        self.names_flags = 0

    def put(self, what, align=4, at=None):
        """Returns where it is."""
        if at is None:
            at = -(-len(self.data) // align) * align
        self.data.extend(b"\xa5" * (at + len(what) - len(self.data)))
        self.data[at:at + len(what)] = what
        return at

    def bytes(self, size, align=4):
        return self.put(bytes(i * 7 % 251 + 1 for i in range(size)), align)

    def segment(self, kind, offset, filesz, memsz, paddr, vaddr=None, align=4):
        vaddr = paddr if vaddr is None else vaddr
        self.phdrs.append((kind, offset, vaddr, paddr, filesz, memsz, 6, align))

    def section(self, name, kind, flags, addr, offset, size, link=0, info=0, entsize=0, align=1):
        """Returns its number."""
        self.sections.append([name, kind, flags, addr, offset, size, link, info, align, entsize])
        return len(self.sections)

    def loaded(self, name, size, paddr, memsz=0):
        """A PT_LOAD with a section."""
        offset = self.bytes(size)
        self.segment(LOAD, offset, size, memsz or size, paddr)
        return self.section(name, PROGBITS, ALLOC, paddr, offset, size, align=4)

    def other(self, name, size, kind=PROGBITS, **more):
        """A section that nobody loads."""
        return self.section(name, kind, 0, 0, self.bytes(size, 1), size, **more)

    def table(self):
        """The names' bytes, and where each is: the end of another one where that is so."""
        all_names = {section[0] for section in self.sections} | {".shstrtab"}
        table = b"\0"
        for name in sorted(all_names, key=len, reverse=True):
            if name.encode() + b"\0" not in table:
                table += name.encode() + b"\0"
        return table

    def place(self):
        """Section names and headers here: no sections may come after that but with put()."""
        table = self.table()
        self.names = self.put(table, 1)
        self.shoff = self.put(bytes(40 * (len(self.sections) + 2)))

    def headers(self, bare=False):
        if self.names is None and not bare:
            self.place()
        table = self.table()
        headers = [struct.pack("<10I", *[0] * 10)]
        rows = [] if bare else [*self.sections, [".shstrtab", STRTAB, self.names_flags, 0,
                                                 self.names, len(table), 0, 0, 1, 0]]
        for name, *rest in rows:
            headers.append(struct.pack("<10I", table.index(name.encode() + b"\0"), *rest))
        count, index = len(headers), len(headers) - 1
        if count >= LORESERVE:
            headers[0] = struct.pack("<10I", 0, 0, 0, 0, 0, count, index, 0, 0, 0)
            count, index = 0, XINDEX
        if bare:
            headers, count, index, self.shoff = [], 0, 0, 0
        else:
            self.put(b"".join(headers), at=self.shoff)
        self.put(b"".join(struct.pack("<8I", *p) for p in self.phdrs), at=self.phoff)
        self.put(struct.pack("<4s5B7x2H5I6H", b"\x7fELF", 1, 1, 1, 0, 0, 2, 40, 1, 0x10000001,
                             self.phoff, self.shoff, 0x5000200, 52, 32, len(self.phdrs), 40,
                             count, index), at=0)
        return bytes(self.data)


def usual(phnum=3):
    elf = Elf(phnum)
    elf.loaded(".isr_vectors", 64, 0x1000)
    elf.loaded(".text", 101, 0x2000)
    elf.loaded(".data", 16, 0x3000, 64)
    elf.section(".bss", NOBITS, ALLOC | WRITE, 0x3010, len(elf.data), 48)
    return elf


def debug(elf):
    elf.other(".debug_info", 1000)
    elf.other(".symtab", 64, SYMTAB, link=len(elf.sections) + 2, info=1, entsize=16, align=4)
    elf.other(".strtab", 33, STRTAB)
    return elf


def _plain():
    return debug(usual()).headers()


def _stripped():
    return usual().headers()


def _garbage():
    """Nothing to strip, but bytes behind all."""
    return usual().headers() + b"garbage"


def _between():
    elf = Elf(2)
    elf.other(".debug_line", 300)
    elf.loaded(".text", 100, 0x1000)
    elf.other(".debug_info", 501)
    elf.loaded(".data", 20, 0x2000)
    return debug(elf).headers()


def _headers_first():
    elf = debug(usual())
    elf.place()
    elf.segment(LOAD, elf.bytes(77), 77, 80, 0x8000)
    elf.phoff = elf.put(bytes(32 * 4))
    return elf.headers()


def _overlapping():
    """Segments that share bytes of the file, one in another, and a note in all."""
    elf = Elf(5)
    at = elf.bytes(200)
    elf.segment(LOAD, at, 200, 200, 0x1000)
    elf.segment(LOAD, at + 100, 150, 150, 0x4000)
    elf.segment(LOAD, at + 10, 20, 40, 0x8000)
    elf.segment(NOTE, at + 40, 16, 16, 0x1028)
    elf.segment(PHDR, 52, 160, 160, 0x9000)
    elf.section(".text", PROGBITS, ALLOC, 0x1000, at, 60)
    elf.other(".debug_info", 400)
    return elf.headers()


def _no_sections():
    return usual().headers(bare=True)


def _table_not_allocated():
    elf = usual(4)
    at = elf.put(RESOURCES)
    elf.segment(LOAD, at, 16, 16, 0x5000)
    elf.section(".resource_table", PROGBITS, 0, 0x5000, at, 16, align=4)
    return debug(elf).headers()


def _vectors_not_allocated():
    elf = debug(Elf(1))
    at = elf.bytes(128)
    elf.segment(LOAD, at, 128, 128, 0x80)
    elf.section(".isr_vector", PROGBITS, 0, 0x80, at, 64)
    return elf.headers()


def _unallocated_in_segment():
    """Bytes that are loaded, though no section that stays has them."""
    elf = Elf(1)
    at = elf.bytes(300)
    elf.segment(LOAD, at, 300, 300, 0x1000)
    elf.section(".text", PROGBITS, ALLOC, 0x1000, at, 100)
    elf.section(".odd", PROGBITS, 0, 0x1064, at + 100, 100)
    return debug(elf).headers()


def _outside_segments():
    """An allocated section that no segment has stays, too."""
    elf = debug(usual())
    elf.section(".late", PROGBITS, ALLOC, 0x7000, elf.bytes(45), 45)
    return elf.headers()


def _references():
    """Groups, links and relocations: to what stays, and to what goes."""
    elf = Elf(2)
    gone = elf.other(".debug_info", 30)
    text = elf.loaded(".text", 60, 0x1000)
    elf.sections[text - 1][2] |= IN_GROUP
    elf.other(".group", 8, GROUP, info=1, entsize=4, align=4)
    elf.segment(LOAD, at := elf.bytes(64), 64, 64, 0x2000)
    elf.section(".ARM.exidx", EXIDX, ALLOC | LINK_ORDER, 0x2000, at, 16, text, align=4)
    elf.section(".rel.text", REL, ALLOC | INFO_LINK, 0x2010, at + 16, 16, gone, text, 8, 4)
    elf.section(".rel.debug_info", REL, ALLOC | INFO_LINK, 0x2020, at + 32, 16, 99, gone, 8, 4)
    elf.section(".exidx", PROGBITS, ALLOC, 0x2030, at + 48, 16, align=4)
    return debug(elf).headers()


def _many():
    """More sections than e_shnum can say, of which few are loaded."""
    elf = usual()
    for i in range(70000):
        elf.section(f".debug_{i % 100}", PROGBITS, 0, 0, 64, 4)
    return elf.headers()


def _too_many():
    elf = debug(usual())
    for i in range(LORESERVE - 6):
        elf.section(f".text.{i % 100}", PROGBITS, ALLOC, 0, 64, 0)
    return elf.headers()


def _most():
    """As many loaded sections as e_shstrndx can have in front."""
    elf = debug(usual())
    for i in range(LORESERVE - 7):
        elf.section(f".text.{i % 100}", PROGBITS, ALLOC, 0, 64, 0)
    return elf.headers()


def _header_loaded():
    elf = debug(usual(4))
    elf.segment(LOAD, 0, 52, 52, 0x6000)
    return elf.headers()


def _all_loaded():
    elf = debug(usual(5))
    elf.segment(LOAD, 0, 250, 250, 0x6000)
    elf.segment(STACK, 0, 0, 0, 0)
    return elf.headers()


def _phdrs_loaded():
    elf = debug(usual(5))
    elf.segment(LOAD, 80, 70, 70, 0x6000)
    elf.segment(STACK, 0, 0, 0, 0)
    return elf.headers()


def _phdrs_in_header():
    """e_version is PT_LOAD, e_entry its offset, e_flags its size."""
    data = bytearray(debug(usual()).headers())
    struct.pack_into("<2I", data, 24, 100, 20)
    struct.pack_into("<I2H2H", data, 36, 16, 52, 32, 1, 40)
    return bytes(data)


def _far_bss():
    """A PT_LOAD without bytes whose offset, on a page of its own, is behind those of all others."""
    elf = usual(4)
    end = len(elf.data)
    debug(elf).bytes(9000)
    elf.segment(LOAD, -(-end // 4096) * 4096, 0, 512, 0x7000, align=4096)
    return elf.headers()


def _ends_with_segment():
    """Without what is stripped the last segment would end where the file does."""
    elf = Elf(1)
    debug(elf)
    elf.place()
    elf.phoff = elf.put(bytes(32))
    elf.segment(LOAD, elf.bytes(64), 64, 64, 0x1000)
    return elf.headers()


def _names_loaded():
    """The section names are in a segment, and of a section that stays."""
    elf = debug(Elf(2))
    elf.loaded(".text", 32, 0x1000)
    elf.place()
    elf.names_flags = ALLOC
    elf.segment(LOAD, elf.names, len(elf.table()), len(elf.table()), 0x2000)
    return elf.headers()


def _exidx_first():
    elf = usual(6)
    elf.phdrs[:0] = [(STACK, 0, 0, 0, 0, 0, 6, 16), (EXIDX, elf.phdrs[1][1], 0x2000, 0x2000, 8, 8,
                                                     4, 4), (NULL, 7, 0x1000, 0x1000, 9, 9, 0, 0)]
    return debug(elf).headers()


def _empties():
    """PT_LOADs without bytes, beside others: number 0, 3, 7, 9, 12 and 15 can be left out."""
    elf = Elf(17)
    at = elf.bytes(64)
    for paddr, filesz, memsz in ((0x1000, 0, 0), (0x1000, 64, 64),  # beside a full one
                                 (0x2000, 0, 80), (0x2000, 0, 64), (0x2000, 64, 64),  # too large
                                 (0x3000, 0, 100),  # beside no other
                                 (0x4000, 64, 64), (0x4000, 0, 0),
                                 (0x5000, 64, 64), (0x5000, 0, 0), (0x5000, 0, 8),  # later
                                 (0x6010, 64, 64), (0x6010, 0, 16), (0x6000, 64, 100),
                                 (0x7000, 0, 0), (0x8000, 0, 0), (0x8000, 0, 0)):  # one stays
        elf.segment(LOAD, at, filesz, memsz, paddr)
    return debug(elf).headers()


def _uboot():
    """PT_LOADs without bytes beside full ones, as in U-Boot's own ELF file."""
    elf = Elf(4)
    for number in range(2):
        elf.segment(LOAD, len(elf.data), 0, 32 * number, 0x1000 * (number + 1))
        elf.loaded(f".text{number}", 100, 0x1000 * (number + 1))
    return debug(elf).headers()


def _only_empty():
    elf = Elf(3)
    for memsz in (0, 0, 16):
        elf.segment(LOAD, 52, 0, memsz, 0x1000)
    return elf.headers()


def _two_sizes():
    """What nobody can mend: two full ones of different sizes at one address."""
    elf = Elf(2)
    at = elf.bytes(64)
    elf.segment(LOAD, at, 64, 64, 0x1000)
    elf.segment(LOAD, at, 32, 32, 0x1000)
    return debug(elf).headers()


def _no_load():
    elf = Elf(1)
    elf.segment(NOTE, elf.bytes(16), 16, 16, 0x1000)
    return elf.headers()


def _pad():
    """Segments that end within a block, with debug sections in the way of what makes them whole."""
    elf = Elf(4)
    elf.segment(EXIDX, 0, 0, 0, 0x1000)
    for number, size in enumerate((60, 32, 75)):
        elf.segment(LOAD, elf.bytes(size, 16), size, 96, 0x1000 * (number + 1))
        elf.section(f".text{number}", PROGBITS, ALLOC, 0x1000 * (number + 1), elf.phdrs[-1][1], size)
        elf.other(f".debug_{number}", 20)
    return debug(elf).headers()


def _large():
    """Parts of some MiB, with bytes to be left out between them."""
    r = random.Random(1)
    elf = Elf(3)
    for number in range(3):
        elf.other(f".debug_{number}", 1 << 20)
        at = elf.put(r.randbytes((3 << 20) // 2 + 5), 16)
        elf.segment(LOAD, at, len(elf.data) - at, 2 << 20, number << 21)
    return elf.headers()


def _unnamed():
    data = bytearray(_plain())
    shoff, = struct.unpack_from("<I", data, 32)
    struct.pack_into("<I", data, shoff + 40, 0x7FFFFFFF)
    return bytes(data)


def _cut():
    data = bytearray(_plain())
    shoff, = struct.unpack_from("<I", data, 32)
    struct.pack_into("<I", data, shoff + 2 * 40 + 20, 0x7FFFFFFF)
    return bytes(data)


def _random(seed):
    """Parts in any order, segments over parts of them or over several, with any flags."""
    r = random.Random(seed)
    elf = Elf(16)
    count = r.randint(1, 16)
    for _ in range(r.randint(1, 10)):
        size = r.choice((0, 1, 16, 33, 100, 300))
        at = elf.bytes(size, r.choice((1, 4, 16)))
        kind = r.choice((PROGBITS, PROGBITS, NOBITS, STRTAB, NOTE, NULL))
        elf.section(r.choice((".text", ".data", ".a", ".rel.a", ".isr_vector", "")) +
                    r.choice(("", str(r.randint(0, 5)))), kind, r.choice((0, ALLOC, WRITE)),
                    r.randint(0, 1 << 20), at, size, r.randint(0, 12), r.randint(0, 12))
        if r.randint(0, 9) == 0 and elf.names is None:
            break
    elf.bytes(r.randint(1, 100))
    start = r.choice((52 + 32 * 16,) * 9 + (52,))
    for _ in range(count):
        at = r.randint(start, len(elf.data))
        filesz = r.choice((0, 0, r.randint(0, min(400, len(elf.data) - at))))
        memsz = filesz + r.choice((0, 0, 16, 100))
        elf.segment(r.choice((LOAD, LOAD, LOAD, NOTE, STACK, NULL)), at, filesz, memsz,
                    0x100 * r.randint(1, 6))
    return elf.headers()


def make(case):
    name, _, number = case.partition("-")
    return _random(int(number)) if number else globals()["_" + name]()


if __name__ == "__main__":
    with open(sys.argv[1], "wb") as file:
        file.write(make(sys.argv[2]))
