# SPDX-License-Identifier: BSD-2-Clause
"""layout.py FILE [WORD NUMBER...]...: an ELF file for ARM with parts where they are asked for.

  load OFFSET FILESZ MEMSZ     a PT_LOAD
  note OFFSET FILESZ           a PT_NOTE
  section NAME OFFSET SIZE     a section with bytes; one that is .bss has none
  size N                       bytes of the file, before what has no place of its own
  phoff N, names N, shoff N    where program headers (52), section names and section headers are

Every byte that is no header is 0xA5.
"""
import struct
import sys

PT_LOAD, PT_NOTE, SHT_PROGBITS, SHT_STRTAB, SHT_NOBITS, EM_ARM = 1, 4, 1, 3, 8, 40
ARGUMENTS = {"load": 3, "note": 2, "section": 3, "size": 1, "phoff": 1, "names": 1, "shoff": 1}

path, *words = sys.argv[1:]
segments, sections, places = [], [], {"phoff": 52}
while words:
    word, given, words = words[0], words[1:1 + ARGUMENTS[words[0]]], words[1 + ARGUMENTS[words[0]]:]
    if word == "load":
        segments.append((PT_LOAD, *[int(n, 0) for n in given]))
    elif word == "note":
        segments.append((PT_NOTE, *[int(n, 0) for n in given], int(given[1], 0)))
    elif word == "section":
        sections.append((given[0], int(given[1], 0), int(given[2], 0)))
    else:
        places[word] = int(given[0], 0)

data = bytearray()


def put(offset, what):
    data.extend(b"\xa5" * (offset + len(what) - len(data)))
    data[offset:offset + len(what)] = what


names = b"\0" + b"".join(name.encode() + b"\0" for name, _, _ in sections) + b".shstrtab\0"
put(0, bytes(52))
put(places.get("size", 0), b"")
put(places["phoff"], b"".join(
    struct.pack("<8I", kind, offset, 0x1000 * i, 0x1000 * i, filesz, memsz, 4, 4)
    for i, (kind, offset, filesz, memsz) in enumerate(segments)))
for kind, offset, filesz, _ in segments:
    put(offset + filesz, b"")
at_names = places.get("names", len(data))
put(at_names, names)
shoff = places.get("shoff", -(-len(data) // 4) * 4)
headers = [bytes(40)]
for name, offset, size in sections:
    headers.append(struct.pack("<10I", names.index(name.encode() + b"\0"),
                               SHT_NOBITS if name == ".bss" else SHT_PROGBITS, 0, 0, offset, size,
                               0, 0, 1, 0))
headers.append(struct.pack("<10I", names.index(b".shstrtab\0"), SHT_STRTAB, 0, 0, at_names,
                           len(names), 0, 0, 1, 0))
put(shoff, b"".join(headers))
put(0, struct.pack("<4s5B7x2H5I6H", b"\x7fELF", 1, 1, 1, 0, 0, 2, EM_ARM, 1, 0, places["phoff"],
                   shoff, 0, 52, 32, len(segments), 40, len(headers), len(headers) - 1))
with open(path, "wb") as file:
    file.write(data)
