#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What rproc-verify tells beyond the verdict. Each finding has its unit tests; here is how it is told.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

key=$keys/rsa2048.pem
public=$keys/rsa2048.pub.pem
aes=$keys/aes256.bin

# Offsets in m4.elf and ns_aligned16.elf: reset vector; p_paddr of segment 2.
reset=4100
paddr=$((52 + 2 * 32 + 12))

# sign OPTION... ELF...: to out.sig.
sign() { rproc-sign --key "$key" "$@" out.sig 2> /dev/null; }

@test "a warning is told in text, and does not change the exit status" {
    put m4.elf $paddr '\x04\x00\x00\x10'
    sign m4.elf
    expect 0 rproc-verify --key "$public" out.sig
    [ "${lines[3]}" = "  warning: segment-overlap: image 0, segment 2: overwrites 4 bytes at \
0x10000004 that image 0, segment 1 brought; give each segment memory of its own in the linker script" ]
    run ! grep -q note: <<< "$output"
}

@test "-v tells the notes, too, and -q nothing" {
    sign "$vectors/elf/m4dbg.elf"
    expect 0 rproc-verify --key "$public" out.sig
    run ! grep -qE "note:|warning:|error:" <<< "$output"
    expect 0 rproc-verify -v --key "$public" out.sig
    shows "
  note: debug-information: image 0: 19362 of its 32832 bytes are debug information and symbols, \
which no board loads and nobody signed; rproc-sign --strip leaves them out
"
    put m4.elf $reset '\x00'
    sign m4.elf
    expect 0 rproc-verify -q --key "$public" out.sig
    [ -z "$output$stderr" ]
}

@test "JSON has all of them, with their places" {
    put m4.elf $reset '\x00'
    sign m4.elf
    expect 0 rproc-verify --format json --key "$public" out.sig
    jq -e '.files[0].findings == [{
        level: "warning", id: "reset-not-thumb", image: 0, segment: 0,
        message: ("image 0, segment 0: the second word of the vector table, the reset vector, is " +
            "0x10000000, without the lowest bit that says Thumb: a Cortex-M faults; declare the " +
            "handler a function (.thumb_func, .type)")}, {
        level: "note", id: "rsc-malformed", image: 0, segment: 3,
        message: ("image 0, segment 3: resource table, entry 0: the vdev is cut off: with its 2 " +
            "vrings and configuration it takes 64 bytes, and the table ends after 24; let the " +
            "section hold all of it")}]' <<< "$output"
}

@test "nothing is looked for in what is refused, or by rproc-dump" {
    put m4.elf $reset '\x00'
    sign m4.elf
    expect 0 rproc-dump --format json out.sig
    jq -e '.files[0].findings == []' <<< "$output"
    put out.sig 100 '\xff'
    expect 1 rproc-verify --format json --key "$public" out.sig
    jq -e '.files[0].findings == []' <<< "$output"
}

@test "what is encrypted is looked at with its AES key" {
    cp "$vectors/elf/ns_aligned16.elf" m33.elf
    put m33.elf $reset '\x00'
    sign --enc_key "$aes" m33.elf
    expect 0 rproc-verify --format json --key "$public" out.sig
    jq -e '.files[0].findings == []' <<< "$output"
    expect 0 rproc-verify --format json --key "$public" --enc_key "$aes" out.sig
    jq -e '[.files[0].findings[].id] == ["reset-not-thumb", "rsc-malformed"]' <<< "$output"
}

# elf TABLE: one with a resource table of that file's bytes.
elf_with_table() {
    python3 - "$1" << 'PYTHON'
import struct
import sys
table = open(sys.argv[1], "rb").read()
names = b"\0.resource_table\0.shstrtab\0\0"
at, shoff = 84, 84 + len(table) + len(names)
sections = [(0,) * 10, (1, 1, 2, 0x1000, at, len(table), 0, 0, 4, 0),
            (17, 3, 0, 0, at + len(table), len(names), 0, 0, 1, 0)]
sys.stdout.buffer.write(
    struct.pack("<7s9x2H5I6H", b"\x7fELF\1\1\1", 2, 40, 1, 0, 52, shoff, 0, 52, 32, 1, 40, 3, 2) +
    struct.pack("<8I", 1, at, 0x1000, 0x1000, len(table), len(table), 6, 4) + table + names +
    b"".join(struct.pack("<10I", *section) for section in sections))
PYTHON
}

@test "a resource table that is far too large is not looked at" {
    printf '\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0' > table
    for size in 65536 65540; do
        truncate -s $size table
        elf_with_table table > $size.elf
        sign $size.elf
        rproc-verify --format json --key "$public" out.sig | jq -c '[.files[0].findings[] | .id, .message]'
    done > told
    diff - told << 'TOLD'
["rsc-malformed","image 0, segment 0: resource table, entry 0: it is at 0xffff, behind the 65536 bytes of the table; correct the offset"]
["rsc-table-large","image 0: its resource table has 65540 bytes, and its entries were not looked at; tables have some hundred"]
TOLD
}

@test "the example firmware has nothing to be told" {
    sign "$vectors/../../examples/firmware/firmware.elf"
    expect 0 rproc-verify --format json --key "$public" out.sig
    jq -e '.files[0].findings == []' <<< "$output"
}
