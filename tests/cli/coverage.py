# SPDX-License-Identifier: BSD-2-Clause
"""coverage.py DUMP VERIFY: what --coverage says of containers, against their bytes.

DUMP is what rproc-dump --coverage --format json says of them, VERIFY what rproc-verify says. Of those
that are whole the ranges must be what the bytes say, and in both the same if they are accepted. Prints
how many those are.

Reads a container on its own, byte by byte: which bytes are signed, which does a PT_LOAD of the
signed table cover, which are neither.
"""
import json
import struct
import sys

HASHTABLE, ENCTABLE, IMGSIZE, PT_LOAD = 0x10, 0x12, 5, 1
TLV_NAMES = {1: "SIGNTYPE", 2: "HASHTYPE", 3: "NUM_IMG", 4: "IMGTYPE", 5: "IMGSIZE", 6: "ENCTYPE",
             0x10: "HASHTABLE", 0x11: "PKEYINFO", 0x12: "ENCTABLE", 0x10001: "BOOTADDR",
             0x10002: "BOOTSEC"}


def r8(n):
    return -(-n // 8) * 8


def check(coverage, path):
    with open(path, "rb") as file:
        data = file.read()

    _, _, tlv_len, sign_len, _ = struct.unpack_from("<5I", data)
    signature = 20 + r8(tlv_len)
    payload = signature + r8(sign_len)
    kinds = bytearray(b"s" * signature + b"n" * (len(data) - signature))
    words = {0: "header", signature: "signature"}
    tlvs, at = {}, 20
    while at < signature:
        kind, length = struct.unpack_from("<2I", data, at)
        tlvs[kind] = data[at + 8:at + 8 + length]
        words[at] = "TLV " + TLV_NAMES.get(kind, f"0x{kind:08x}")
        at += 8 + r8(length)

    # The entries in their order; an ENCTABLE has room for all program headers of each image.
    size = 64 if HASHTABLE in tlvs else 80
    table = tlvs[HASHTABLE] if HASHTABLE in tlvs else tlvs[ENCTABLE]
    entries = [struct.unpack_from("<8I", table, i) for i in range(0, len(table) - size + 1, size)]
    start, entry = payload, 0
    for image, length in enumerate(struct.unpack(f"<{len(tlvs[IMGSIZE]) // 4}I", tlvs[IMGSIZE])):
        words.setdefault(start, f"image {image}: ELF header")
        phoff, = struct.unpack_from("<I", data, start + 28)
        phnum, = struct.unpack_from("<H", data, start + 44)
        headers = [struct.unpack_from("<8I", data, start + phoff + 32 * i) for i in range(phnum)]
        first = entry
        while entry < len(entries) and (entries[entry] in headers or entries[entry] == (0,) * 8) and \
                entry - first < phnum:
            kind, offset, _, paddr, filesz = entries[entry][:5]
            if kind == PT_LOAD and filesz:
                kinds[start + offset:start + offset + filesz] = b"h" * filesz
                if offset:
                    words.setdefault(start + offset, f"image {image}: segment at 0x{paddr:08x} (entry {entry})")
            entry += 1
        start += length
    assert entry == len(entries), f"{entry} of {len(entries)} entries are an image's"
    assert start == len(data) == len(kinds)

    end = 0
    seen = bytearray()
    for r in coverage["ranges"]:
        assert r["offset"] == end and r["size"] > 0, r
        end += r["size"]
        seen += {"signature": b"s", "hash": b"h", "nothing": b"n"}[r["authenticated_by"]] * r["size"]
        if r["offset"] in words:
            assert words.pop(r["offset"]) == r["what"], r
    assert end == len(data), end
    assert all(kinds[offset - 1:offset + 1] == b"hh" for offset in words), words  # in another segment
    assert seen == kinds, [i for i in range(len(data)) if seen[i] != kinds[i]][:5]
    sums = {"signature": kinds.count(b"s"), "hash": kinds.count(b"h"), "nothing": kinds.count(b"n")}
    assert coverage["bytes"] == sums, coverage["bytes"]


with open(sys.argv[1]) as document:
    dump = json.load(document)["files"]
with open(sys.argv[2]) as document:
    verify = json.load(document)["files"]
assert len(dump) == len(verify)
accepted = 0
for dumped, judged in zip(dump, verify):
    assert dumped["file"] == judged["file"]
    if dumped["status"] != "ok":
        continue
    check(dumped["coverage"], dumped["file"])
    if judged["verdict"] == "accept":
        assert judged["coverage"]["authenticated"], judged["file"]
        for what in "ranges", "bytes":
            assert dumped["coverage"][what] == judged["coverage"][what], judged["file"]
        accepted += 1
print(accepted)
