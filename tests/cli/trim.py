# SPDX-License-Identifier: BSD-2-Clause
"""What --strip and --loadable-only are to do, said again.

  trim.py check IN.elf CONTAINER...   is the first image of each IN.elf with what its name says?
                                      Prints of each how many program headers and sections are left
                                      out. Names end in .strip, .loadable, .both
  trim.py random FIRST LAST KEY       the same of what rproc-sign makes of random ELF files
  trim.py image CONTAINER NUMBER OUT  an image, with its padding
  trim.py device CONTAINER            would boards find the right entry for each segment?
"""
import hashlib
import struct
import subprocess
import sys

import odd_elf

LOAD, NOBITS, NULL, REL, RELA = 1, 8, 0, 9, 4
ALLOC, INFO_LINK, IN_GROUP = 2, 0x40, 0x200
PAGE = 4096
KEPT_NAMES = {b".resource_table", b".isr_vectors", b".isr_vector"}


def up(number, to):
    return -(-number // to) * to


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Container:
    def __init__(self, path):
        data = read(path)
        _, _, tlv_len, sign_len, _ = struct.unpack_from("<5I", data)
        self.tlvs, at = {}, 20
        while at < 20 + tlv_len:
            kind, length = struct.unpack_from("<2I", data, at)
            self.tlvs[kind] = data[at + 8:at + 8 + length]
            at += 8 + up(length, 8)
        at, self.images = 20 + up(tlv_len, 8) + up(sign_len, 8), []
        for size, in struct.iter_unpack("<I", self.tlvs[5]):
            self.images.append(data[at:at + size])
            at += size
        self.table = [(*struct.unpack_from("<8I", self.tlvs[16], i), self.tlvs[16][i + 32:i + 64])
                      for i in range(0, len(self.tlvs.get(16, b"")), 64)]


class Elf:
    def __init__(self, data):
        self.data = data
        (self.phoff, self.shoff, _, _, _, self.phnum, _, self.shnum,
         self.shstrndx) = struct.unpack_from("<3I6H", data, 28)
        self.phdrs = [struct.unpack_from("<8I", data, self.phoff + 32 * i)
                      for i in range(self.phnum)]
        self.ranges = [(0, 52), (self.phoff, self.phoff + 32 * self.phnum)]
        self.sections = []
        if self.shoff:
            first = struct.unpack_from("<10I", data, self.shoff)
            self.shnum = self.shnum or first[5]
            self.shstrndx = first[6] if self.shstrndx == 0xFFFF else self.shstrndx
        headers = [struct.unpack_from("<10I", data, self.shoff + 40 * i)
                   for i in range(self.shnum)]
        for header in headers:
            at = headers[self.shstrndx][4] + header[0]
            self.sections.append((data[at:data.index(b"\0", at)], *header[1:]))

    def loaded(self):
        """Pages by address, after all PT_LOADs in their order: the bytes, and which were written."""
        pages = {}
        for kind, offset, _, paddr, filesz, memsz, _, _ in self.phdrs:
            what = self.data[offset:offset + filesz].ljust(memsz, b"\0") if kind == LOAD else b""
            for page in range(paddr // PAGE, -(-(paddr + len(what)) // PAGE)):
                start = max(paddr, page * PAGE)
                part = what[start - paddr:(page + 1) * PAGE - paddr]
                for to, bytes_ in zip(pages.setdefault(page, (bytearray(PAGE), bytearray(PAGE))),
                                      (part, b"\1" * len(part))):
                    to[start % PAGE:start % PAGE + len(part)] = bytes_
        return {page: both for page, both in pages.items() if any(both[1])}


def needed(phdrs):
    """Of program headers, by the rule's words: one after the other."""
    loads = [p for p in phdrs if p[0] == LOAD]
    left = list(range(len(loads)))
    for i, (_, _, _, paddr, filesz, memsz, _, _) in enumerate(loads):
        beside = [n for n in left if n != i and loads[n][3] == paddr]
        over = [p for p in loads[i + 1:] if p[3] <= paddr and p[3] + p[5] >= paddr + memsz]
        if filesz == 0 and beside and (memsz == 0 or over):
            left.remove(i)
    return [loads[n] for n in left]


def has_bytes(section):
    return section[1] not in (NOBITS, NULL) and section[5] != 0


def stays(section):
    return section[2] & ALLOC or section[0] in KEPT_NAMES


def check_sections(old, new):
    kept = [n for n, section in enumerate(old.sections) if n and stays(section)]
    numbers = {n: i for i, n in enumerate(kept, 1)}
    assert len(new.sections) == len(kept) + 2, "sections"
    assert new.sections[0] == (b"", *[0] * 9), "section 0"
    for i, n in enumerate(kept, 1):
        name, kind, flags, addr, offset, size, link, info, align, entsize = old.sections[n]
        flags &= ~IN_GROUP
        if kind in (REL, RELA) or flags & INFO_LINK:
            info = numbers.get(info, 0)
            flags &= ~(0 if info else INFO_LINK)
        assert new.sections[i] == (name, kind, flags, addr, offset, size, numbers.get(link, 0), info,
                                   align, entsize), f"section {n}: {new.sections[i]}"
        if has_bytes(old.sections[n]):
            check_bytes(old, new, offset, size)
    assert new.shstrndx == len(new.sections) - 1 and new.shnum == len(new.sections)
    assert new.sections[-1][:4] == (b".shstrtab", 3, 0, 0), "names"
    end = new.shoff + 40 * new.shnum
    assert up(end, 8) == len(new.data) and new.shoff % 4 == 0, "the image's end"
    for kind, offset, _, _, filesz, _, _, _ in new.phdrs:
        assert kind != LOAD or offset + filesz < new.sections[-1][4] + 1 < len(new.data), "end"


def check_bytes(old, new, offset, size):
    """Headers may be other ones."""
    end = offset + size
    if old.data[offset:end] != new.data[offset:end]:
        for at in range(offset, end):
            assert (old.data[at] == new.data[at] or any(a <= at < b for a, b in old.ranges)), at


def check_rest(new):
    """Where nothing is, there is nothing of what was left out."""
    ranges = [*new.ranges, (new.shoff, new.shoff + 40 * new.shnum)]
    ranges += [(p[1], p[1] + p[4]) for p in new.phdrs]
    ranges += [(s[4], s[4] + s[5]) for s in new.sections if has_bytes(s)]
    reached = 0
    for start, end in sorted(ranges):
        assert not any(new.data[reached:start]), f"left-over bytes at {reached}"
        reached = max(reached, end)
    assert not any(new.data[reached:]), "left-over bytes at the end"


def check(old, container):
    new = Elf(Container(container).images[0])
    loadable = container.endswith((".loadable", ".both"))
    phdrs = needed(old.phdrs) if loadable else old.phdrs
    sections = sum(1 for n, section in enumerate(old.sections)
                   if n not in (0, old.shstrndx) and not stays(section))
    strips = container.endswith((".strip", ".both")) and sections != 0
    assert new.loaded() == old.loaded(), "other bytes are loaded"
    assert new.phdrs == phdrs, f"program headers: {new.phdrs}, not {phdrs}"
    assert new.phoff == old.phoff
    for kind, offset, _, _, filesz, _, _, _ in phdrs:
        check_bytes(old, new, offset, filesz)
    freed = new.data[new.phoff + 32 * new.phnum:new.phoff + 32 * old.phnum]
    assert not any(freed), "left-over program headers"
    if strips:
        check_sections(old, new)
        check_rest(new)
        assert new.data[:28] == old.data[:28] and new.data[36:44] == old.data[36:44]
    else:
        assert len(new.data) == up(len(old.data), 8)
        assert new.sections == old.sections
        if phdrs == old.phdrs:
            assert new.data == old.data.ljust(len(new.data), b"\0"), "it is not as it was"
    return f"{old.phnum - new.phnum} {sections if strips else 0}"


def check_random(first, last, key):
    signed = 0
    for number in range(int(first), int(last) + 1):
        with open("in.elf", "wb") as file:
            file.write(odd_elf.make(f"random-{number}"))
        for out, *options in (("out.strip", "--strip"), ("out.loadable", "--loadable-only"),
                              ("out.both", "--strip", "--loadable-only")):
            run = subprocess.run(["rproc-sign", "--no-sync", "--preflight=off", "--key", key, *options,
                                  "in.elf", out], stderr=subprocess.PIPE, text=True, check=False)
            if run.returncode == 0:
                check(Elf(read("in.elf")), out)
                signed += 1
            else:
                assert run.returncode == 1 and ("loads bytes of" in run.stderr or
                                                "is a PT_LOAD" in run.stderr), run.stderr
    print(signed)


def device(path):
    """The first entry with a segment's address is what boards take for it."""
    container = Container(path)
    for image in container.images:
        for phdr in Elf(image).phdrs:
            if phdr[0] != LOAD:
                continue
            entry = next(entry for entry in container.table if entry[3] == phdr[3])
            if (entry[0], entry[4:6]) != (LOAD, phdr[4:6]):
                sys.exit(f"refused: {phdr[3]:#x}")
            digest = hashlib.sha256(image[phdr[1]:phdr[1] + phdr[4]]).digest()
            assert entry[8] == digest or phdr[4] == 0, "hash"


if sys.argv[1] == "check":
    for name in sys.argv[3:]:
        print(check(Elf(read(sys.argv[2])), name))
elif sys.argv[1] == "random":
    check_random(*sys.argv[2:])
elif sys.argv[1] == "device":
    device(sys.argv[2])
else:
    with open(sys.argv[4], "wb") as to:
        to.write(Container(sys.argv[2]).images[int(sys.argv[3])])
