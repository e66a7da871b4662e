#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a board will say, foretold.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

public=$keys/rsa2048.pub.pem

# What is said of a file's loading, of a container in tests/vectors/device.
foretold() { # IMAGE OPTION...
    local image=$1
    shift
    rproc-verify --key "$public" --format json "$@" "$vectors/device/$image.sig" 2> /dev/null |
        jq -r '.files[0] | "\(.device_result) \(.device.name) \(.device.resource_table |
            if . == null then "none none" else "\(.address) \(.size)" end)"'
}

# all_rows OPTION...: each row of device.tsv that has a result is foretold, with the resource table.
all_rows() {
    local image result name da size found expected count=0

    while read -r image result name da size; do
        [ "$da" = none ] || da=$((da)) size=$((size))
        expected="$result $name $da $size"
        found=$(foretold "$image" "$@")
        [ "$found" = "$expected" ] || { echo "$image: $found, expected $expected"; return 1; }
        count=$((count + 1))
    done < <(awk -F'\t' 'NR > 1 && $3 != "-" {
        print $1, $3, $4, $5 == "" ? "none" : $5, $6 == "" ? "none" : $6 }' "$vectors/device.tsv")
    echo "$count rows"
}

@test "every answer that a real OP-TEE gave is foretold" {
    run all_rows
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "54 rows" ]
}

@test "of a file that cannot be read nothing is foretold, of any other file something" {
    expect 2 rproc-verify --key "$public" --format json elsewhere.sig
    jq -e '.files[0] | .device_result == null and .device == null' <<< "$output"
    expect 1 rproc-verify --key "$public" --format json m4.elf
    jq -e '.files[0].device_result == "0xffff0006"' <<< "$output"
}

@test "rproc-dump foretells nothing" {
    expect 0 rproc-dump --format json "$vectors/device/good.sig"
    jq -e '.files[0] | .device_result == null and .device == null' <<< "$output"
}

@test "without a signature check it is said that the signature was taken as good" {
    expect 0 rproc-verify --no-signature --format json "$vectors/device/signature_flip.sig"
    jq -e '.files[0] | .device_result == "0x00000000" and .device.signature_assumed' <<< "$output"
}

# --- With a board -------------------------------------------------------------------------------

# The memory of the board that answered: 0x0 to 0x20000, 0x10000000 to 0x10040000.
test_board() {
    cat > board.yaml << 'TEXT'
title: the board of device.tsv
sources: [a model of its memory]
ta: {family: optee, version: 4.10, bits: 64, heap: 4K, map_limit: 10M}
signatures: [rsa]
encrypted: false
pkeyinfo: ignored
other_platform_tlvs: ignored
ranges:
  - {da: 0, pa: 0x80000000, size: 128K}
  - {da: 0x10000000, pa: 0x10000000, size: 256K}
regions:
  - {name: low, pa: 0x80000000, size: 128K}
  - {name: high, pa: 0x10000000, size: 256K}
TEXT
}

@test "every answer is foretold for the board that gave it, too" {
    test_board
    run all_rows --board board.yaml
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "54 rows" ]
}

@test "verdict and answer stand apart, and either makes the exit status" {
    test_board
    expect 0 rproc-verify --key "$public" --board board.yaml "$vectors/device/good.sig"
    [ "${lines[0]}" = "$vectors/device/good.sig: accepted" ]
    [ "${lines[-1]}" = "$vectors/device/good.sig: board board.yaml (OP-TEE 4.10): loads" ]
    expect 0 rproc-verify -q --key "$public" --board board.yaml "$vectors/device/good.sig"
    [ -z "$output$stderr" ]
    expect 1 rproc-verify --key "$public" --board board.yaml "$vectors/expected/rsa2048_device_refuses.sig"
    [ "${lines[0]}" = "$vectors/expected/rsa2048_device_refuses.sig: accepted" ]
    says ": board board.yaml (OP-TEE 4.10): does not load: TEE_ERROR_BAD_PARAMETERS 0xffff0006: image 0, segment 3:"
    expect 1 rproc-verify -q --key "$public" --board board.yaml "$vectors/expected/rsa2048_device_refuses.sig"
    says ": does not load: "
    # core refuses it, and the board does not
    expect 1 rproc-verify --key "$public" --board board.yaml "$vectors/device/hashtype_missing.sig"
    [ "$output" = "$vectors/device/hashtype_missing.sig: board board.yaml (OP-TEE 4.10): loads" ]
    says "hashtype_missing.sig: "
    expect 0 rproc-verify --no-signature --board board.yaml "$vectors/device/good.sig"
    shows "board board.yaml (OP-TEE 4.10): loads, if the signature is good"
}

@test "what the board answers itself is not told a second time" {
    expect 1 rproc-verify --board stm32mp15-optee --key "$keys/p256.pub.pem" "$vectors/expected/p256_single.sig"
    [ "${#stderr_lines[@]}" -eq 1 ]
    says ": does not load: TEE_ERROR_NOT_SUPPORTED 0xffff000a: signed with ECDSA P-256"
    expect 1 rproc-verify --board stm32mp15-optee --key "$keys/p256.pub.pem" --format json "$vectors/expected/p256_single.sig"
    [ "$(jq -r '.files[].findings[] | select(.level == "error").id' <<< "$output")" = signtype-unsupported ]
}

@test "what is said of each container of tests/vectors/device is that of the golden file" {
    test_board
    cp -r "$vectors/device" "$keys/rsa2048.pub.pem" .
    for image in device/*.sig; do
        rproc-verify -q --key rsa2048.pub.pem --board board.yaml "$image" 2>&1 | grep ': board ' || true
    done > told
    diff "$BATS_TEST_DIRNAME/golden/device.txt" told
}

@test "without a board there is a warning of an accepted container, and the exit status stays" {
    file=$vectors/expected/rsa2048_device_refuses.sig
    expect 0 rproc-verify --key "$public" "$file"
    says "warning: $file: boards with OP-TEE 4.10 do not load it: TEE_ERROR_BAD_PARAMETERS 0xffff0006: "
    expect 0 rproc-verify -q --key "$public" "$file"
    [ -z "$stderr" ]
    expect 1 rproc-verify --key "$public" "$vectors/device/segment_flip.sig"
    [ "$(wc -l <<< "$stderr")" -eq 1 ]
}

@test "ECDSA is refused by a board that knows RSA only" {
    test_board
    file=$vectors/expected/p256_single.sig
    expect 1 rproc-verify --key "$keys/p256.pub.pem" --board board.yaml "$file"
    says "TEE_ERROR_NOT_SUPPORTED 0xffff000a"
    expect 0 rproc-verify --key "$keys/p256.pub.pem" "$file"
    [ -z "$stderr" ]
    expect 1 rproc-sign --key "$keys/p256.pem" --board board.yaml m4.elf out
    says "not signed: the board board.yaml (OP-TEE 4.10) would not load it: TEE_ERROR_NOT_SUPPORTED"
    expect 0 rproc-sign --key "$keys/p256.pem" m4.elf out
    [ -z "$stderr" ]
}

# --- What is signed -----------------------------------------------------------------------------

@test "what the board would not load is not signed, and nothing is left behind" {
    test_board
    sed -i 's/size: 256K}$/size: 128K}/' board.yaml
    expect 1 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml m4.elf out
    says "m4.elf: not signed: the board board.yaml (OP-TEE 4.10) would not load it: TEE_ERROR_ACCESS_DENIED 0xffff0001: image 0, segment 4: "
    [ "$(echo *)" = "board.yaml m4.elf" ]
    expect 1 rproc-sign --public-key "$public" --tbs tbs --board board.yaml m4.elf
    [ "$(echo *)" = "board.yaml m4.elf" ]
    printf '#!/bin/sh\ntouch asked\n' > signer
    chmod +x signer
    expect 1 rproc-sign --public-key "$public" --signer ./signer --board board.yaml m4.elf out
    [ ! -e asked ]
    expect 1 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml --dry-run m4.elf out
    expect 1 rproc-sign --resign --key "$keys/rsa2048.pem" --board board.yaml "$vectors/device/good.sig" out
    says "not signed: the board board.yaml (OP-TEE 4.10) would not load it"
    [ ! -e out ]
}

@test "--preflight=warn says it and signs, --preflight=off signs, under the script's name it is warn" {
    test_board
    sed -i 's/size: 256K}$/size: 128K}/' board.yaml
    for how in "" --preflight=strict; do
        # shellcheck disable=SC2086 # none, or one
        expect 1 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml $how m4.elf out
        says "m4.elf: not signed: the board board.yaml (OP-TEE 4.10) would not load it: "
        [ ! -e out ]
    done
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml --preflight=warn m4.elf out
    says "warning: m4.elf: signed, but the board board.yaml (OP-TEE 4.10) would not load it: TEE_ERROR_ACCESS_DENIED"
    cmp out "$vectors/expected/rsa2048_single.sig"
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml --preflight off m4.elf out
    [ -z "$stderr" ]
    expect 0 sign_rproc_fw --key "$keys/rsa2048.pem" --board board.yaml --in m4.elf --out out
    says "warning: m4.elf: signed, but the board board.yaml"
    expect 0 sign_rproc_fw --preflight=off --key "$keys/rsa2048.pem" --board board.yaml --in m4.elf --out out
    [ -z "$stderr" ]
    expect 2 rproc-sign --key "$keys/rsa2048.pem" --preflight=no m4.elf out
    says "--preflight=no: expected warn, off or strict"
    expect 2 rproc-sign --key "$keys/rsa2048.pem" --preflight=strict m4.elf out
    says "--preflight=strict needs a board; name it with --board"
}

@test "sections that rproc-verify refuses are signed with --preflight, too" {
    printf '\0\0' | dd of=m4.elf bs=1 seek=48 conv=notrunc status=none # e_shnum
    expect 1 rproc-sign --key "$keys/rsa2048.pem" m4.elf out
    [ ! -e out ]
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --preflight=warn m4.elf out
    says "warning: m4.elf: signed, but rproc-verify refuses it"
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --preflight=off m4.elf out
    [ -z "$stderr" ]
}

@test "what some boards would not load gets a warning that says which" {
    # the segment ends with the image
    python3 "$BATS_TEST_DIRNAME/layout.py" e.elf load 0x400 32 64 names 0x200 shoff 0x220
    expect 0 rproc-sign --key "$keys/rsa2048.pem" e.elf out
    says "warning: e.elf: boards with OP-TEE 4.9 and ST 4.0 would not load it: TEE_ERROR_BAD_FORMAT 0xffff0005"
    expect 0 rproc-sign -q --key "$keys/rsa2048.pem" e.elf out
    [ -z "$stderr" ]
}

# 26 program headers fit the heap of a 64-bit TA, 27 that of a 32-bit one, with a key of 2048 bits.
@test "a hash table too large for the usual heap gets a warning that says where" {
    for count in 26 27 28; do
        segments=()
        for ((i = 0; i < count; i++)); do segments+=(load $((0x800 + 16 * i)) 16 16); done
        python3 "$BATS_TEST_DIRNAME/layout.py" e.elf "${segments[@]}" size 0x1000
        expect 0 rproc-sign --key "$keys/rsa2048.pem" e.elf out
        case $count in
        26) [ -z "$stderr" ] ;;
        27) says "the usual heap of 4096 bytes of a 64-bit TA has room for 3692" ;;
        28) says "the usual heap of 4096 bytes of a 32-bit TA has room for 3884" ;;
        esac
    done
}

@test "--loadable-only makes what line 15 stops loadable" {
    test_board
    expect 1 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml "$vectors/elf/exidx_first.elf" out
    says "--loadable-only"
    # it has no vector table: it loads, but would not run
    expect 1 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml --preflight=strict --loadable-only "$vectors/elf/exidx_first.elf" out
    says "it would not run on the board board.yaml: vectors-not-at-start: "
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --board board.yaml --loadable-only "$vectors/elf/exidx_first.elf" out
    says "warning: out: would not run: vectors-not-at-start: "
    expect 0 rproc-verify --key "$public" --board board.yaml out
    expect 1 rproc-verify --key "$public" --board board.yaml --strict out
    [ "${stderr_lines[*]}" = "rproc-verify: out: board board.yaml (OP-TEE 4.10): loads, but would not run: \
vectors-not-at-start: the core takes its vector table at 0x00000000, and no segment brings bytes there; \
place .isr_vectors there" ]
}

# --- Shipped boards -----------------------------------------------------------------------------

# moved FILE ADDRESS: m4.elf's segments, 64, 464, 16, 264 and 64 bytes, at this address and behind it.
moved() {
    python3 - "$1" "$2" << 'PY'
import struct, sys
data = bytearray(open("m4.elf", "rb").read())
phoff, phnum = struct.unpack_from("<I", data, 28)[0], struct.unpack_from("<H", data, 44)[0]
at = int(sys.argv[2], 0)
moves = {}
for i in range(phnum):
    _, offset, _, _, filesz, memsz = struct.unpack_from("<6I", data, phoff + 32 * i)
    moves[(offset, filesz)] = at
    struct.pack_into("<2I", data, phoff + 32 * i + 8, at, at)
    at += -(-max(memsz, 1) // 128) * 128
shoff, shnum = struct.unpack_from("<I", data, 32)[0], struct.unpack_from("<H", data, 48)[0]
for i in range(shnum):
    offset, size = struct.unpack_from("<2I", data, shoff + 40 * i + 16)
    for (start, filesz), to in moves.items():
        if size and start <= offset and offset + size <= start + filesz:
            struct.pack_into("<I", data, shoff + 40 * i + 12, to + offset - start)
open(sys.argv[1], "wb").write(data)
PY
}

@test "on each shipped board a firmware in its memory loads, and one beside it does not" {
    count=0
    while read -r board inside outside answer; do
        moved in.elf "$inside"
        moved out.elf "$outside"
        # whether it would run there, too, is not what this is about
        expect 0 rproc-sign --key "$keys/rsa2048.pem" --board "$board" in.elf in.sig
        run ! grep "would not load" <<< "$stderr"
        expect 1 rproc-sign --key "$keys/rsa2048.pem" --board "$board" out.elf out.sig
        says "out.elf: not signed: the board $board ("
        says "$answer"
        [ ! -e out.sig ]
        count=$((count + 1))
    done << 'TEXT'
stm32mp15-optee 0x10000000 0x1003ffe0 0xffff0001
stm32mp15-dhcom 0x10000000 0x1003ffe0 0xffff0001
stm32mp15-st 0x10000000 0x1001ffe0 0xffff0000
stm32mp257f-ev1 0x80100000 0x808fffe0 0xffff0000
stm32mp257f-dk 0x80100000 0x0a041000 0xffff0000
stm32mp257f-ev1-sram 0x0a041000 0x0a05ffe0 0xffff0000
imx8mp-m7 0x20000000 0x2001ffe0 0xffff0001
TEXT
    expect 1 rproc-sign --key "$keys/rsa2048.pem" --board rcar-gen3-cr7 m4.elf out.sig
    says "TEE_ERROR_CORRUPT_OBJECT 0xf0100001: the board's TA reads the layout of 2020 only"
    expect 0 rproc-verify --list-boards
    [ "${#lines[@]}" -eq $((count + 1)) ]
}

# layout_2020 FILE: each_check.py's container in the layout of 2020, its ELF file at 440.
layout_2020() {
    rproc-verify --list-boards --board rcar-gen3-cr7 --format json > board.json
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_check.py" board.json "$keys/p256.spki.der" made
    mv made/not-foretold.sig "$1"
}

@test "of a container in the layout of 2020 a board that reads it says what is known, and no more" {
    layout_2020 fits.sig
    expect 1 rproc-verify --key "$public" --board rcar-gen3-cr7 fits.sig
    [ -z "$output" ]
    [ "${stderr_lines[*]}" = "rproc-verify: fits.sig: a container in the layout of 2020, as the board \
reads it, whose signature and hashes are not verified here; verify it with what signed it \
rproc-verify: fits.sig: board rcar-gen3-cr7 (ST 3.9): cannot be foretold: the board verifies such \
signatures, and what is loaded lies in its memory; but how its TA checks signature and hash table is \
not known here" ]
    expect 1 rproc-verify --no-signature --board stm32mp15-optee fits.sig
    says "which today's devices refuse (offset 0); sign its ELF file again with rproc-sign"
    says "board stm32mp15-optee (OP-TEE 4.10): does not load: "

    # a type of signature that nobody knows
    cp fits.sig unknown.sig
    put unknown.sig 20 '\x03'
    expect 1 rproc-verify --no-signature --board rcar-gen3-cr7 unknown.sig
    says "does not load: TEE_ERROR_NOT_SUPPORTED 0xffff000a: the header's signature type is 3, neither RSA"

    # beyond the region's end; on another segment; the reason when a board's answer is explained
    cp fits.sig outside.sig
    put outside.sig 504 '\xe0\xff\xff\x41'
    expect 1 rproc-verify --no-signature --board rcar-gen3-cr7 outside.sig
    says "board rcar-gen3-cr7 (ST 3.9): does not load: TEE_ERROR_ACCESS_DENIED 0xffff0001: image 0, \
segment 0: its 64 bytes at 0x41ffffe0 do not lie within one memory region of the board; "
    expect 0 rproc-verify --board rcar-gen3-cr7 --explain 0xffff0001 outside.sig
    shows "outside.sig: image 0, segment 0: its 64 bytes at 0x41ffffe0 do not lie within"
    expect 0 rproc-verify --board rcar-gen3-cr7 --explain 0xffff0001 fits.sig
    shows 'fits.sig: the board verifies such signatures, and what is loaded lies in its memory; but how'
    put fits.sig 536 '\x20\x00\x04\x40'
    expect 1 rproc-verify -q --no-signature --board rcar-gen3-cr7 --format json fits.sig
    says "fits.sig: board rcar-gen3-cr7 (ST 3.9): would not run: segment-overlap: image 0, segment 1: \
overwrites 32 bytes at 0x40040020 that image 0, segment 0 brought; "
    jq -e '.files[0] | .verdict == "reject" and .status == "old-layout-2020" and .device == null and
        [.findings[].id] == ["segment-overlap"]' <<< "$output"
}
