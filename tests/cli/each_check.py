# SPDX-License-Identifier: BSD-2-Clause
"""each_check.py BOARD.json PKEYINFO FOLDER: containers for a board as rproc-verify --list-boards has it.

FOLDER/loads.sig is one that its trusted application loads, and for each check of rprocfw-checks(7)
that it can fail there is one that fails this and none before it, FOLDER/CHECK.sig. What that of the
layout of 2020 loads is not foretold: FOLDER/not-foretold.sig fails nothing that is known. PKEYINFO is a file
with the public key of somebody else, for P-256. Signatures are zeros.
"""
import copy
import hashlib
import json
import os
import struct
import sys

with open(sys.argv[1], encoding="ascii") as file:
    BOARD = json.load(file)["boards"][0]
with open(sys.argv[2], "rb") as file:
    OTHER_KEY = file.read()
IS_ST = BOARD["ta"]["family"] == "st"
OF_2020 = BOARD["layout"] == "2020"
HEAP, MAP_LIMIT = BOARD["ta"]["heap"], BOARD["ta"]["map_limit"]
NOWHERE = 0xF0000000  # no board has memory there

# TLVs, offsets in ELF, program and section headers, places in the image.
SIGNTYPE, HASHTYPE, NUM_IMG, IMGTYPE, IMGSIZE, ENCTYPE = 1, 2, 3, 4, 5, 6
HASHTABLE, PKEYINFO, ENCTABLE, BOOTADDR = 0x10, 0x11, 0x12, 0x10001
E_PHOFF, E_SHOFF, E_PHENTSIZE, E_PHNUM, E_SHENTSIZE, E_SHNUM, E_SHSTRNDX = 28, 32, 42, 44, 46, 48, 50
P_OFFSET, P_PADDR, P_FILESZ, P_MEMSZ = 4, 12, 16, 20
SH_NAME, SH_ADDR, SH_OFFSET, SH_SIZE = 0, 12, 16, 20
PHDRS, CODE, TABLE, NAMES, SHDRS = 52, 0x200, 0x240, 0x260, 0x280
PT_LOAD, PT_ARM_EXIDX = 1, 0x70000001


def find_room():
    """Device address and size of a region that does not end where the bus does."""
    for region in BOARD["regions"]:
        for bus in BOARD["ranges"]:
            start = region["pa"] - bus["pa"]
            end = start + region["size"]
            if start >= 0 and end <= bus["size"] and (not IS_ST or end + 256 <= bus["size"]):
                return bus["da"] + start, region["size"]
    raise ValueError(BOARD["name"])


BASE, ROOM = find_room()


def put(data, offset, number, form="<I"):
    struct.pack_into(form, data, offset, number)


def build_elf(first=None, code_size=64, table=(1, 0, 0, 0)):
    """Two PT_LOADs, the second with the resource table and zero-fill. first: a header before them."""
    shift = code_size - 64
    phdrs = [first] if first else []
    phdrs += [(PT_LOAD, CODE, BASE, BASE, code_size, code_size, 5, 4),
              (PT_LOAD, TABLE + shift, BASE + shift + 256, BASE + shift + 256, 32, 64, 6, 4)]
    names = b"\0.resource_table\0.shstrtab\0"
    data = bytearray(SHDRS + shift + 120)
    data[0:52] = struct.pack("<4s5B7x2H5I6H", b"\x7fELF", 1, 1, 1, 0, 0, 2, 40, 1, BASE + 1, PHDRS,
                             SHDRS + shift, 0, 52, 32, len(phdrs), 40, 3, 2)
    for i, phdr in enumerate(phdrs):
        struct.pack_into("<8I", data, PHDRS + 32 * i, *phdr)
    data[CODE:CODE + code_size] = b"\xa5" * code_size
    struct.pack_into("<4I", data, TABLE + shift, *table)
    data[NAMES + shift:NAMES + shift + len(names)] = names
    struct.pack_into("<10I", data, SHDRS + shift + 40, 1, 1, 2, BASE + shift + 256, TABLE + shift, 16,
                     0, 0, 4, 0)
    struct.pack_into("<10I", data, SHDRS + shift + 80, 17, 3, 0, 0, NAMES + shift, len(names), 0, 0,
                     1, 0)
    return data


def hash_table(images):
    table = b""
    for image in images:
        phoff, phnum = struct.unpack_from("<I", image, E_PHOFF)[0], image[E_PHNUM]
        for at in range(phoff, phoff + 32 * phnum, 32):
            offset, size = struct.unpack_from("<I", image, at + P_OFFSET)[0], \
                struct.unpack_from("<I", image, at + P_FILESZ)[0]
            table += image[at:at + 32] + hashlib.sha256(image[offset:offset + size]).digest()
    return table


class Container:
    """What it is made of; what is changed after it was made is not what was hashed."""

    def __init__(self, *images):
        self.images = list(images) or [build_elf()]
        self.header = {}  # number of the word, and its value
        count = len(self.images)
        self.tlvs = [[SIGNTYPE, b"\1"], [NUM_IMG, bytes([count])], [IMGTYPE, b"\1" * count],
                     [IMGSIZE, b"".join(struct.pack("<I", len(i)) for i in self.images)],
                     [HASHTYPE, b"\1"], [HASHTABLE, hash_table(self.images)]]
        if BOARD["platform_tlvs"]:
            self.tlvs.append([BOOTADDR, struct.pack("<I", BASE)])
        self.tail = b""

    def tlv(self, kind, value):
        """Another value, or a further TLV; None takes it away."""
        self.tlvs = [t for t in self.tlvs if t[0] != kind]
        if value is not None:
            self.tlvs.append([kind, value])
        return self

    def word(self, number, value):
        self.header[number] = value
        return self

    def elf(self, offset, number, form="<I"):
        put(self.images[0], offset, number, form)
        return self

    def phdr(self, field, number):
        return self.elf(PHDRS + field, number)

    def shdr(self, index, field, number):
        return self.elf(SHDRS + 40 * index + field, number)

    def join(self):
        area = b"".join(struct.pack("<2I", kind, len(value)) + value + bytes(-len(value) % 8)
                        for kind, value in self.tlvs)
        payload = b"".join(self.images)
        words = [0x3543A468, 1, len(area), 256, len(payload)]
        for number, value in self.header.items():
            words[number] = value
        return struct.pack("<5I", *words) + area + bytes(256) + payload + self.tail


class Container2020(Container):
    """One image in the layout of 2020: header, hash table, signature, ELF."""

    def join(self):
        table, image = dict(self.tlvs)[HASHTABLE], bytes(self.images[0])
        end = 56 + len(table) + 256
        words = [0x3543A468, 1, end, 256, end - 256, 1, len(table), 56, 1, 0, 0, len(image), end, 1]
        for number, value in self.header.items():
            words[number] = value
        return struct.pack("<14I", *words) + table + bytes(256) + image


def metadata_only():
    whole = Container()
    return whole.join()[:-len(whole.images[0])]


def cases():
    """Name, and container or bytes."""
    good = Container
    yield "loads", good()
    yield "buffer-size", metadata_only()
    yield "sign-len", good().word(3, 0)
    yield "tlv-len", good().word(2, 0)
    yield "heap", good().tlv(0x20, bytes(HEAP))
    yield "magic", good().word(0, 0x464C457F)
    yield "version", good().word(1, 2)
    yield "container-size", good().join() + bytes(8)
    for name, kind in (("signtype", SIGNTYPE), ("num-img", NUM_IMG)):
        yield name + "-missing", good().tlv(kind, None)
        yield name + "-length", good().tlv(kind, b"\1\0\0\0")
    yield "signtype-value", good().tlv(SIGNTYPE, b"\3")
    if "ecdsa" not in BOARD["signatures"]:
        yield "signature-algorithm", good().tlv(SIGNTYPE, b"\2")
    yield "signature", good()
    yield "num-img-zero", good().tlv(NUM_IMG, b"\0")
    yield "hashtable-missing", good().tlv(HASHTABLE, None)
    yield "hashtable-length", good().tlv(HASHTABLE, bytes(127))
    yield "imgtype-missing", good().tlv(IMGTYPE, None)
    yield "imgtype-length", good().tlv(IMGTYPE, b"\1\1")
    yield "imgtype-value", good().tlv(IMGTYPE, b"\2")
    yield "imgsize-missing", good().tlv(IMGSIZE, None)
    yield "imgsize-length", good().tlv(IMGSIZE, bytes(8))
    yield "imgsize-zero", good().tlv(IMGSIZE, bytes(4))
    yield "elf-magic", good().elf(0, 0)
    yield "hash-entry-missing", good().phdr(P_PADDR, BASE + 4)
    yield "hash-entry-type", good(build_elf(first=(PT_ARM_EXIDX, CODE, BASE, BASE, 8, 8, 4, 4)))
    yield "hash-entry-size", good().phdr(P_FILESZ, 4)
    size = len(build_elf())
    yield "segment-payload", good().tlv(IMGSIZE, struct.pack("<I", 2 * size)).phdr(P_OFFSET, size)
    yield "segment-hash", good().elf(CODE, 0)
    yield "rsc-table-twice", good(build_elf(), build_elf())
    yield from cases_of_elf(good)
    yield from cases_of_memory(good)
    yield from cases_of_st() if IS_ST else cases_of_optee()


def cases_of_elf(good):
    size = len(build_elf())
    yield "elf-size", good().elf(E_SHOFF, 0x7FFFFF00)
    yield "elf-class", good().elf(4, 2, "B")
    yield "elf-version", good().elf(6, 2, "B")
    yield "elf-phentsize", good().elf(E_PHENTSIZE, 56, "<H")
    yield "elf-shentsize", good().elf(E_SHENTSIZE, 0, "<H")
    yield "elf-phnum", good().elf(E_PHNUM, 0, "<H")
    yield "phdr-alignment", good().elf(E_PHOFF, PHDRS + 2)
    yield "phdr-range", good().elf(E_PHOFF, size)
    yield "segment-range", good().phdr(P_OFFSET, size + 4)
    yield "shdr-alignment", good().elf(E_SHOFF, SHDRS + 2)
    yield "shdr-range", good().elf(E_SHNUM, 4, "<H").shdr(1, SH_NAME, 0)
    yield "shstrtab-range", good().shdr(2, SH_OFFSET, 0x7FFFFF00)
    yield "rsc-table-range", good().shdr(1, SH_SIZE, 0x10000)
    yield "rsc-table-size", good().shdr(1, SH_SIZE, 15)
    yield "rsc-table-alignment", good().shdr(1, SH_OFFSET, TABLE + 2)
    yield "rsc-table-version", good(build_elf(table=(2, 0, 0, 0)))
    yield "rsc-table-reserved", good(build_elf(table=(1, 0, 0, 1)))
    yield "rsc-table-entries", good(build_elf(table=(1, 1, 0, 0)))
    yield "rsc-table-address", good().shdr(1, SH_ADDR, NOWHERE)


def cases_of_memory(good):
    def loaded(field, number):
        """The first segment, signed as it is."""
        image = build_elf()
        put(image, PHDRS + field, number)
        return good(image)

    yield "segment-address", loaded(P_PADDR, NOWHERE)
    yield "zero-fill-address", loaded(P_MEMSZ, 0xE0000000)
    if IS_ST and not OF_2020:
        yield "segment-region", loaded(P_PADDR, BASE + ROOM - 32)
        yield "zero-fill-region", loaded(P_MEMSZ, ROOM + 4)
    if MAP_LIMIT and ROOM > 2 * MAP_LIMIT:  # the regions of boards that are shipped are smaller
        yield "segment-map", good(build_elf(code_size=MAP_LIMIT + 64))
        yield "zero-fill-map", loaded(P_MEMSZ, MAP_LIMIT + 65)


def cases_of_optee():
    yield "shstrndx", Container().elf(E_SHSTRNDX, 3, "<H")
    yield "section-name", Container().shdr(1, SH_NAME, 0x1000)


def cases_of_st():
    good = Container
    yield "hashtype-missing", good().tlv(HASHTYPE, None)
    yield "hashtype-length", good().tlv(HASHTYPE, b"\1\0")
    yield "hashtype-value", good().tlv(HASHTYPE, b"\2")
    yield "plat-tlv-unknown", good().tlv(0x1FFFF, b"\1")
    yield "plat-tlv-length", good().tlv(BOOTADDR, b"2148532224")
    twice = good()
    twice.tlvs.append(copy.copy(twice.tlvs[-1]))
    yield "plat-tlv-twice", twice
    yield "pkeyinfo", good().tlv(SIGNTYPE, b"\2")
    yield "pkeyinfo-key", good().tlv(SIGNTYPE, b"\2").tlv(PKEYINFO, OTHER_KEY)
    yield "enctype-length", good().tlv(ENCTYPE, b"\1\0")
    yield "enctype-value", good().tlv(ENCTYPE, b"\2")
    if BOARD["encrypted"]:
        yield "enctable-missing", good().tlv(ENCTYPE, b"\1")
        yield "enctable-length", good().tlv(ENCTYPE, b"\1").tlv(ENCTABLE, bytes(79))
    else:
        yield "encryption", good().tlv(ENCTYPE, b"\1")


def cases_of_2020():
    """Not elf-magic: what has no ELF file there is taken for another layout. Not what is never asked of it."""
    good = Container2020
    yield "not-foretold", good()
    yield "old-layout", Container()
    yield "signature-algorithm", good().word(5, 2)
    yield from cases_of_elf(good)
    yield from cases_of_memory(good)


for check, container in cases_of_2020() if OF_2020 else cases():
    with open(os.path.join(sys.argv[3], check + ".sig"), "wb") as file:
        file.write(container if isinstance(container, bytes) else container.join())
