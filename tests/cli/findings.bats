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
["rsc-table-large","image 0: its resource table has 65540 bytes, and its entries were not looked at; tables have some hundred: check what .resource_table holds"]
TOLD
}

@test "the example firmware has nothing to be told" {
    sign "$vectors/../../examples/firmware/firmware.elf"
    expect 0 rproc-verify --format json --key "$public" out.sig
    jq -e '.files[0].findings == []' <<< "$output"
}

# --- While signing ------------------------------------------------------------------------------

@test "rproc-sign warns of what it finds, with the file, and signs" {
    put m4.elf $reset '\x00'
    expect 0 rproc-sign --key "$key" m4.elf out.sig
    [ "$stderr" = "rproc-sign: warning: m4.elf: reset-not-thumb: image 0, segment 0: the second word of \
the vector table, the reset vector, is 0x10000000, without the lowest bit that says Thumb: a Cortex-M \
faults; declare the handler a function (.thumb_func, .type)" ]
    expect 0 rproc-sign --key "$key" --preflight=off m4.elf out.sig
    [ -z "$stderr" ]
    expect 0 rproc-sign --key "$key" --plat-tlv BOOTADDR 0x80100040 "$vectors/elf/zephyr_ns.elf" out.sig
    says "rproc-sign: warning: out.sig: bootaddr-unaligned: BOOTADDR 0x80100040 is no multiple of 128"
}

@test "rproc-sign leaves notes to rproc-verify" {
    expect 0 rproc-sign -v --key "$key" "$vectors/elf/m4dbg.elf" out.sig
    run ! grep -q debug-information <<< "$stderr"
}

@test "rproc-sign looks at what is encrypted, at what is not written, and at containers" {
    cp "$vectors/elf/ns_aligned16.elf" m33.elf
    put m33.elf $reset '\x00'
    expect 0 rproc-sign --key "$key" --enc_key "$aes" m33.elf out.sig
    says "reset-not-thumb: image 0, segment 0"
    expect 0 rproc-sign -n --key "$key" --enc_key "$aes" m33.elf out.sig
    says "reset-not-thumb: image 0, segment 0"
    expect 0 rproc-sign --resign --key "$key" out.sig again.sig # without the AES key
    [ -z "$stderr" ]
    sign --preflight=off m33.elf
    expect 0 rproc-sign --resign --key "$key" out.sig again.sig
    says "rproc-sign: warning: out.sig: reset-not-thumb: image 0, segment 0"
    expect 0 rproc-sign --public-key "$public" --tbs tbs m33.elf
    [ "$(grep -c reset-not-thumb <<< "$stderr")" = 1 ]
}

@test "what is said of a key while signing is not said twice" {
    expect 0 rproc-sign --key "$key" --key_info "$keys/p256.spki.der" m4.elf out.sig
    [ "${#stderr_lines[@]}" = 1 ]
    says "--key_info: another key"
}

# --- With a board -------------------------------------------------------------------------------

board=stm32mp15-optee

@test "what fits its board is told nothing of" {
    expect 0 rproc-sign --key "$key" --board $board "$vectors/../../examples/firmware/firmware.elf" out.sig
    [ -z "$output$stderr" ]
    expect 0 rproc-verify -v --key "$public" --board $board out.sig
    [ -z "$stderr" ]
    [ "${lines[-1]}" = "out.sig: board $board (OP-TEE 4.10): loads" ]
    run ! grep -qE "note:|warning:|error:" <<< "$output"
}

@test "an error makes the exit status, beside an answer that is good, and is told with -q, too" {
    put m4.elf $reset '\x00'
    sign m4.elf
    for option in -q -v --strict; do
        [ $option = --strict ] && refused=1 || refused=0
        expect "$refused" rproc-verify $option --key "$public" --board $board out.sig
        [ "$stderr" = "rproc-verify: out.sig: board $board (OP-TEE 4.10): loads, but would not run: \
reset-not-thumb: image 0, segment 0: the second word of the vector table, the reset vector, is \
0x10000000, without the lowest bit that says Thumb: a Cortex-M faults; declare the handler a function \
(.thumb_func, .type)" ]
    done
    [ "${lines[0]}" = "out.sig: accepted" ]
    shows "
  warning: rsc-malformed: image 0, segment 3: "
    run ! grep -q "reset-not-thumb\|: loads" <<< "$output"
    expect 0 rproc-verify --format json --key "$public" --board $board out.sig
    jq -e '.files[0] | .verdict == "accept" and .device_result == "0x00000000" and
        [.findings[] | [.level, .id]] == [["error", "reset-not-thumb"], ["warning", "rsc-malformed"]]' \
        <<< "$output"
}

@test "rproc-sign refuses an error if it is to, and leaves nothing behind, or warns" {
    put m4.elf $reset '\x00'
    rm -f out.sig
    expect 1 rproc-sign --key "$key" --board $board --preflight=strict m4.elf out.sig
    says "rproc-sign: m4.elf: not signed: it would not run on the board $board: reset-not-thumb: image 0, segment 0: "
    says "(.thumb_func, .type), or sign without --preflight=strict"
    only_files m4.elf
    expect 0 rproc-sign --key "$key" --board $board m4.elf out.sig
    says "rproc-sign: warning: m4.elf: would not run: reset-not-thumb: image 0, segment 0: "
    expect 0 rproc-sign --key "$key" --board $board --preflight=off m4.elf out.sig
    [ -z "$stderr" ]
}

@test "of images in memory of the other world, and what Linux does not see" {
    rproc-sign --key "$key" --plat-tlv BOOTADDR 0x80000000 --plat-tlv BOOTSEC 0x1 \
        "$vectors/elf/tfm_s.elf" "$vectors/elf/zephyr_ns.elf" out.sig
    expect 0 rproc-verify --format json --key "$public" --board stm32mp257f-ev1 out.sig
    jq -e '[.files[0].findings[] | [.level, .id]] == [["warning", "rsc-table-unseen"],
        ["warning", "rsc-malformed"], ["warning", "image-order"]]' <<< "$output"
    rproc-sign --key "$key" --plat-tlv BOOTADDR 0x80000000 "$vectors/elf/tfm_s.elf" out.sig
    expect 0 rproc-verify --key "$public" --board stm32mp257f-ev1 out.sig
    says "loads, but would not run: nonsecure-in-secure: image 0, segment 0: "
}
