#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Small files to start the fuzzers from: ELFs, containers of every shape, the older layouts.

usage: make_seeds.py FOLDER     writes FOLDER/elf, FOLDER/container, FOLDER/layout, FOLDER/attach,
                               FOLDER/rsc, FOLDER/dtb

The vectors' images have 13 KB each, most of it code; a fuzzer gets further with some hundred bytes.
Signed with the vectors' keys through openssl; nothing of this project is used.
"""
import base64
import hashlib
import pathlib
import struct
import subprocess
import sys

KEYS = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "keys"
PT_LOAD, PT_NOTE, PT_EXIDX, PT_STACK = 1, 4, 0x70000001, 0x6474E551
TABLE = struct.pack("<IIIII", 1, 1, 0, 0, 20) + bytes(12)


def r8(data):
    return data + bytes(-len(data) % 8)


# ---- Resource tables ----

def rsc_table(*entries):
    """entries: (type, body)."""
    at, offsets, bodies = 16 + 4 * len(entries), [], b""
    for kind, body in entries:
        offsets.append(at + len(bodies))
        bodies += struct.pack("<I", kind) + body + bytes(-len(body) % 4)
    return struct.pack(f"<IIII{len(offsets)}I", 1, len(entries), 0, 0, *offsets) + bodies


def name(text):
    return text.encode().ljust(32, b"\0")


CARVEOUT = (0, struct.pack("<5I", 0x10000000, 0xFFFFFFFF, 0x1000, 0, 0) + name("ipc_shmem"))
DEVMEM = (1, struct.pack("<5I", 0x40000000, 0x40000000, 0x400, 0, 0) + name("uart"))
TRACE = (2, struct.pack("<3I", 0x10000100, 0x40, 0) + name("trace0"))
VRINGS = [struct.pack("<5I", da, 16, 16, n, 0) for n, da in enumerate((0xFFFFFFFF, 0x10040000))]
VDEV = (3, struct.pack("<5I4B", 7, 0, 1, 0, 0, 0, 2, 0, 0) + b"".join(VRINGS))
RSC_TABLES = {
    "empty": rsc_table(),
    "carveout": rsc_table(CARVEOUT),
    "devmem": rsc_table(DEVMEM),
    "trace": rsc_table(TRACE),
    "vdev": rsc_table(VDEV),
    "vendor": rsc_table((128, b"")),
    "unknown": rsc_table((9, b"")),
    "all": rsc_table(CARVEOUT, TRACE, VDEV),
    "vdev_config": rsc_table((3, VDEV[1][:16] + b"\4" + VDEV[1][17:] + bytes(4))),
    "large_vring": rsc_table((3, VDEV[1][:28] + struct.pack("<2I", 1 << 31, 32768) + VDEV[1][36:])),
}


# ---- ELF ----

def elf(segments, sections=(), entry=0x10000001):
    """segments: (p_type, p_paddr, bytes, extra p_memsz); sections: (name, segment, offset, size)."""
    offset = 52 + 32 * len(segments)
    headers, body, where = b"", b"", []
    for kind, paddr, data, more in segments:
        where.append((offset + len(body), paddr))
        headers += struct.pack("<8I", kind, offset + len(body), paddr, paddr, len(data),
                               len(data) + more, 7 if kind == PT_LOAD else 4, 4)
        body += data + bytes(-len(data) % 4)
    names, records = b"\0", [bytes(40)]
    for name, segment, start, size in sections:
        at, paddr = where[segment]
        records.append(struct.pack("<10I", len(names), 1, 2, paddr + start, at + start, size,
                                   0, 0, 4, 0))
        names += name.encode() + b"\0"
    records.append(struct.pack("<10I", len(names), 3, 0, 0, offset + len(body),
                               len(names) + len(".shstrtab") + 1, 0, 0, 1, 0))
    names += b".shstrtab\0"
    names += bytes(-len(names) % 4)
    shoff = offset + len(body) + len(names)
    head = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, entry, 52, shoff,
                                                     0x05000200, 52, 32, len(segments), 40,
                                                     len(records), len(records) - 1)
    return head + headers + body + names + b"".join(records)


CODE = bytes(range(48))
ELFS = {
    "one": elf([(PT_LOAD, 0, CODE, 0)], [(".isr_vectors", 0, 0, 16)]),
    "resource_table": elf([(PT_LOAD, 0, CODE, 0), (PT_LOAD, 0x10000000, TABLE, 64)],
                          [(".isr_vectors", 0, 0, 16), (".resource_table", 1, 0, len(TABLE))]),
    "for_linux": elf([(PT_LOAD, 0, struct.pack("<2I", 0x10000200, 0x10000001), 0),
                      (PT_LOAD, 0x10000000, RSC_TABLES["all"], 64)],
                     [(".isr_vectors", 0, 0, 8),
                      (".resource_table", 1, 0, len(RSC_TABLES["all"]))]),
    "other_kinds": elf([(PT_EXIDX, 0x100, bytes(8), 0), (PT_LOAD, 0, CODE, 16),
                        (PT_NOTE, 0x200, bytes(12), 0), (PT_STACK, 0, b"", 0)],
                       [(".\x1b[31m", 2, 0, 12)]),
    "zero_fill": elf([(PT_LOAD, 0x10000000, b"", 256), (PT_LOAD, 0x80, CODE[:16], 0)],
                     [(".text", 1, 0, 16), (".bss", 0, 0, 0)]),
    "many": elf([(PT_LOAD, 64 * n, CODE[:16], 0) for n in range(12)]),
    "forty": elf([(PT_LOAD, 64 * n, CODE[:4], 0) for n in range(40)]),
    "two_vector_tables": elf([(PT_LOAD, 0, CODE, 0), (PT_LOAD, 0x1000, CODE, 0)],
                             [(".isr_vectors", 0, 0, 8), (".isr_vector", 1, 0, 8)]),
}


def ending_in_segment(image):
    """Its first segment's bytes are moved behind all else."""
    image = r8(image)
    return image[:56] + struct.pack("<I", len(image)) + image[60:] + CODE


# ---- Containers ----

def tlv(kind, value):
    return struct.pack("<II", kind, len(value)) + r8(value)


def phdrs(image):
    count = struct.unpack_from("<H", image, 44)[0]
    return [image[52 + 32 * n:84 + 32 * n] for n in range(count)]


def entry(image, phdr, iv=b""):
    offset, size = struct.unpack_from("<I8xI", phdr, 4)
    return phdr + hashlib.sha256(image[offset:offset + size]).digest() + iv


def sign(data, key):
    """RSA: as the format wants it. ECDSA: DER's two integers, 32 bytes each."""
    out = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEYS / (key + ".pem")], input=data,
                         stdout=subprocess.PIPE, check=True).stdout
    if key.startswith("rsa"):
        return out
    first = out[3]
    r, s = out[4:4 + first], out[6 + first:]
    return b"".join(n.lstrip(b"\0").rjust(32, b"\0") for n in (r, s))


def container(images, key="p256", st_order=False, encrypted=False, more=b""):
    signtype = tlv(1, bytes([1 if key.startswith("rsa") else 2]))
    described = (tlv(3, bytes([len(images)])) + tlv(4, bytes([2 if encrypted else 1]) * len(images)) +
                 tlv(5, b"".join(struct.pack("<I", len(r8(i))) for i in images)) + tlv(2, b"\1"))
    if encrypted:
        entries = b"".join(entry(i, p, bytes(range(16))) for i in images for p in phdrs(i)
                           if p[0] == PT_LOAD)
        table = tlv(0x12, entries)
        signtype += tlv(6, b"\1")
    else:
        table = tlv(0x10, b"".join(entry(i, p) for i in images for p in phdrs(i)))
    area = signtype + (table + described if st_order else described + table) + more
    payload = b"".join(map(r8, images))
    length = 256 if key.startswith("rsa") else 64
    signed = struct.pack("<5I", 0x3543A468, 1, len(area), length, len(payload)) + area
    return signed + r8(sign(signed, key)) + payload


SPKI = (KEYS / "p256.spki.der").read_bytes()
BOOT = tlv(0x10001, struct.pack("<I", 0x80000000)) + tlv(0x10002, struct.pack("<I", 1))
CONTAINERS = {
    "one": container([ELFS["one"]]),
    "one_rsa": container([ELFS["one"]], "rsa2048"),
    "resource_table": container([ELFS["resource_table"]], st_order=True),
    "two": container([ELFS["resource_table"], ELFS["zero_fill"]], more=tlv(0x11, SPKI)),
    "two_tables": container([ELFS["resource_table"], ELFS["resource_table"]]),
    "three": container([ELFS["other_kinds"], ELFS["one"], ELFS["many"]], st_order=True),
    "platform": container([ELFS["one"]], more=BOOT + tlv(0x1FFFF, b"\xc3\xa4\x1b[31m") +
                          tlv(0x10007, b"")),
    "unknown_tlv": container([ELFS["one"]], more=tlv(0x77, b"abc") * 2),
    "encrypted": container([ELFS["resource_table"]], "rsa2048", True, True),
    "encrypted_two": container([ELFS["one"], ELFS["many"]], encrypted=True),
    "ends_with_segment": container([ending_in_segment(ELFS["one"])]),
    "for_linux": container([ELFS["for_linux"]], more=tlv(0x10001, struct.pack("<I", 0x80))),
    "for_linux_encrypted": container([ELFS["for_linux"]], "rsa2048", True, True),
}


# ---- Older layouts, and what is handed over by mistake ----

def layout_2023(image):
    area, trailers = bytes(16), [struct.pack("<IIHHI", magic, 8, 1, 4, 1) for magic in (0x6907, 0x6908)]
    head = struct.pack("<6I", 0x3543A468, 1, 64, len(r8(image)), len(trailers[0]), len(trailers[1]))
    return head + area * 4 + r8(image) + trailers[0] + trailers[1]


def layout_2020(image):
    table = b"".join(entry(image, p) for p in phdrs(image))
    signature = 56 + len(table)
    at = signature + 64
    return struct.pack("<14I", 0x3543A468, 1, 56, 64, signature, 2, len(table), 56, 1, 0, 0,
                       len(image), at, 1) + table + bytes(64) + image


LAYOUTS = {
    "of_2023": layout_2023(ELFS["resource_table"]),
    "of_2020": layout_2020(ELFS["resource_table"]),
    "of_today": CONTAINERS["one"],
    "elf": ELFS["one"],
    "optee_ta": b"HSTO" + bytes(60),
    "stm32": b"STM2" + bytes(60),
    "mcuboot": b"\x3d\xb8\xf3\x96" + bytes(60),
    "empty": b"",
}


# ---- Signatures for two of the vectors' containers: a byte that selects one, and the answer ----

def dgst(data, key, *options):
    return subprocess.run(["openssl", "dgst", "-sign", KEYS / (key + ".pem"), *options], input=data,
                          stdout=subprocess.PIPE, check=True).stdout


def signatures():
    made = {}
    for selector, key, vector in ((0, "p256", "p256_single"), (1, "rsa2048", "rsa2048_single")):
        file = (KEYS.parent / "expected" / (vector + ".sig")).read_bytes()
        tbs = file[:20 + struct.unpack_from("<I", file, 8)[0]]
        digest = hashlib.sha256(tbs).digest()
        answers = {
            "raw": sign(tbs, key),
            "good": dgst(tbs, key, "-sha256"),
            "base64": base64.encodebytes(dgst(tbs, key, "-sha256")),
            "url": base64.urlsafe_b64encode(sign(tbs, key)).rstrip(b"="),
            "other_hash": dgst(tbs, key, "-sha384"),
            "twice": dgst(digest, key, "-sha256"),
            "other_bytes": dgst(b"", key, "-sha256"),
            "reversed": sign(tbs, key)[::-1],
            "digest": digest,
            "hex": digest.hex().encode(),
            "empty": b"",
        }
        if key == "rsa2048":
            answers["pss"] = dgst(tbs, key, "-sha256", "-sigopt", "rsa_padding_mode:pss")
            answers["no_name"] = subprocess.run(
                ["openssl", "pkeyutl", "-sign", "-inkey", KEYS / (key + ".pem")], input=digest,
                stdout=subprocess.PIPE, check=True).stdout
            answers["other_key"] = dgst(tbs, "rsa2048.pkcs1", "-sha256")
        for name, answer in answers.items():
            made[f"{key}_{name}"] = bytes([selector]) + answer
    return made


# ---- Device tree blobs ----

def cells(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def r4(data):
    return data + bytes(-len(data) % 4)


class Blob:
    """A node is (name, {property: value}, [node, ...])."""

    def __init__(self, root):
        self.strings = b""
        structure = self.node(root) + cells(9)
        reserved = bytes(16)
        at = 40 + len(reserved)
        size = at + len(structure) + len(self.strings)
        self.bytes = cells(0xD00DFEED, size, at, at + len(structure), 40, 17, 16, 0,
                           len(self.strings), len(structure)) + reserved + structure + self.strings

    def node(self, node):
        name, properties, children = node
        made = cells(1) + r4(name.encode() + b"\0")
        for key, value in properties.items():
            made += cells(3, len(value), len(self.strings)) + r4(value)
            self.strings += key.encode() + b"\0"
        return made + b"".join(self.node(child) for child in children) + cells(2)


def tree(wide, compatible, status=None, ranges=True, where="b"):
    """One or two cells an address; the remote processor is /b/r."""
    high = (0,) if wide else ()
    widths = {"#address-cells": cells(1 + wide), "#size-cells": cells(1 + wide)}
    bus = {"#address-cells": cells(1), "#size-cells": cells(1)}
    rproc = {"compatible": compatible.encode() + b"\0", "memory-region": cells(1, 2)}
    if ranges:
        bus["dma-ranges"] = cells(0, *high, 0x38000000, 0x10000, 0x10000000, *high, 0x10000000, 0x60000)
    if status:
        rproc["status"] = status
    regions = [("a@10000000", {"reg": cells(*high, 0x10000000, *high, 0x40000), "phandle": cells(1)}, []),
               ("c@38000000", {"reg": cells(*high, 0x38000000, *high, 0x10000), "phandle": cells(2)}, [])]
    return Blob(("", widths, [("reserved-memory", widths, regions),
                              (where, bus, [("r", rproc, [])])])).bytes


DTBS = {
    "mp15": tree(0, "st,stm32mp1-m4-tee"),
    "mp25": tree(1, "st,stm32mp2-m33-tee"),
    "mp25_linux": tree(1, "st,stm32mp2-m33", b"okay\0", False),
    "disabled": tree(0, "st,stm32mp1-m4", b"disabled\0"),
    "other": tree(0, "vendor,core"),
    "elsewhere": tree(0, "vendor,core", None, True, "x"),
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for kind, files in (("elf", ELFS), ("container", CONTAINERS), ("layout", LAYOUTS),
                        ("attach", signatures()), ("rsc", RSC_TABLES),
                        ("dtb", DTBS)):
        folder = pathlib.Path(sys.argv[1]) / kind
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)


main()
