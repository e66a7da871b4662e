#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The ELF files that rproc-sign refuses: exit status, reason, and no file left.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

key=$keys/rsa2048.pem

# refused WORDS [ARGUMENT...]: in.elf is not signed.
refused() {
    local words=$1
    shift
    echo old > out
    expect 1 rproc-sign --key "$key" "$@" in.elf --out out
    says "in.elf: "
    says "$words"
    [ "$(cat out)" = old ]
    [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ]
    rm out
    expect 1 rproc-sign --key "$key" "$@" in.elf --out out
    [ ! -e out ]
}

# in.elf is m4.elf with bytes changed.
changed() { # OFFSET BYTES
    cp m4.elf in.elf
    put in.elf "$1" "$2"
}

@test "files that are no ELF are named for what they are" {
    : > in.elf
    refused "an empty file"
    echo hello > in.elf
    refused "a file of unknown kind"
    cp "$vectors/expected/rsa2048_single.sig" in.elf
    refused "a signed container"
    printf 'HSTO rest of it' > in.elf
    refused "OP-TEE trusted application"
    printf 'STM2 rest of it' > in.elf
    refused "STM32 boot image"
    printf '\x3d\xb8\xf3\x96 rest of it' > in.elf
    refused "an MCUboot image"
}

@test "64-bit and big-endian ELF files are refused" {
    cp /bin/true in.elf
    refused "64-bit"
    changed 4 '\002'
    refused "64-bit"
    changed 5 '\002'
    refused "big-endian"
    for offset in 4 5 6; do
        changed "$offset" '\003'
        refused "class, byte order or version is unknown"
    done
}

@test "another machine is refused, unless --any-machine is given" {
    changed 18 '\363\000'
    refused "machine 243, expected 40 (ARM)"
    expect 0 rproc-sign --key "$key" --any-machine in.elf out
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" out
}

@test "relocatable objects are refused" {
    changed 16 '\001'
    refused "relocatable"
}

@test "an ELF file without program headers is refused" {
    changed 44 '\000\000'
    refused "no program header"
}

@test "too many program headers are refused" {
    changed 44 '\377\377'
    refused "65534 program headers"
}

@test "headers outside the file are refused" {
    changed 28 '\000\000\001\000'
    refused "5 program headers at 0x10000 lie outside the file of 13600 bytes"
    changed 32 '\000\000\001\000'
    refused "11 section headers at 0x10000 lie outside the file"
    head -c 13599 m4.elf > in.elf
    refused "section headers at 0x3368 lie outside the file of 13599 bytes"
    head -c 51 m4.elf > in.elf
    refused "in.elf"
    head -c 4 m4.elf > in.elf
    refused "in.elf"
}

@test "wrong sizes of program headers are refused" {
    changed 42 '\050'
    refused "in.elf"
}

@test "a segment outside the file is refused" {
    changed $((52 + 32 + 4)) '\000\000\001\000'
    refused "segment 1: 104 bytes at 0x10000 lie outside the file"
    changed $((52 + 32 + 16)) '\377\377\377\377'
    refused "segment 1: 4294967295 bytes at 0x2000"
    # a PT_LOAD without bytes, too: boards look at its offset
    changed $((52 + 4 * 32 + 4)) '\000\000\001\000'
    refused "segment 4: 0 bytes at 0x10000"
}

@test "p_filesz larger than p_memsz is refused" {
    changed $((52 + 20)) '\077'
    refused "segment 0: p_filesz 64 is larger than p_memsz 63, which ELF forbids: boards would write all \
of it, over what lies behind, so it is not signed; mend the linker script"
}

@test "a segment that runs past the address space is refused" {
    changed $((52 + 12)) '\360\377\377\377'
    refused "past the end of the address space"
}

@test "an ELF file without section headers is refused; under the script's name it is signed" {
    changed 32 '\000\000\000\000'
    put in.elf 46 '\000\000\000\000\000\000'
    refused "keep them when stripping"
    expect 0 sign_rproc_fw --key "$key" --in in.elf --out out
    says "warning: in.elf: signed, but rproc-verify refuses it"
    expect 1 rproc-verify --key "$keys/rsa2048.pub.pem" out
}

@test "a resource table outside every segment is refused" {
    shdr=$((13160 + 4 * 40))
    changed $((shdr + 12)) '\000\000\000\040'
    refused "resource table is not inside a signed segment"
}

@test "two resource tables: no board would load it; with --preflight=warn it is written" {
    cp "$vectors/elf/zephyr_ns.elf" .
    expect 1 rproc-sign --key "$key" m4.elf zephyr_ns.elf out
    says "zephyr_ns.elf: not signed: no board that is known would load it: TEE_ERROR_BAD_FORMAT 0xffff0005: image 1:"
    only_files m4.elf zephyr_ns.elf
    expect 0 rproc-sign --key "$key" --preflight=warn m4.elf zephyr_ns.elf out
    says "warning: zephyr_ns.elf: signed, but no board that is known would load it"
    expect 1 rproc-verify --key "$keys/rsa2048.pub.pem" out
    says "more than one resource table"
}

@test "a container has at most 255 images" {
    for ((i = 0; i < 256; i++)); do inputs+=(--in m4.elf); done
    expect 2 rproc-sign --key "$key" "${inputs[@]}" --out out
    says "256 input files; a container has 1 to 255 images"
    only_files m4.elf
    expect 0 rproc-sign --key "$key" --preflight=off "${inputs[@]:2}" --out out
    [ "$(rproc-dump --format json out | jq '.files[0].images | length')" -eq 255 ]
}

@test "sizes that do not fit 32 bits are refused" {
    cp m4.elf in.elf
    truncate -s 4294967296 in.elf
    refused "4294967296 bytes"
    cp m4.elf big.elf
    truncate -s 2147483648 big.elf
    expect 1 rproc-sign --key "$key" --in big.elf --in big.elf --out out
    says "the container would have"
    [ ! -e out ]
}

@test "inputs that cannot be read: missing, a folder, a pipe" {
    expect 2 rproc-sign --key "$key" nofile.elf out
    says "nofile.elf: cannot open: No such file"
    mkdir d
    expect 2 rproc-sign --key "$key" d out
    says "a folder"
    mkfifo p
    expect 2 rproc-sign --key "$key" p out
    says "not a regular file"
    only_files m4.elf d p
}
