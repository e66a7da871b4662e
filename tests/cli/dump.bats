#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-dump: shows everything, of broken files what there is, and takes containers apart.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

@test "the text shows header, TLVs by name, table, signature, images, unsigned ranges" {
    expect 0 rproc-dump "$vectors/expected/st_tfm.sig"
    shows "magic 0x3543a468, version 1, tlv_len"
    for name in SIGNTYPE HASHTYPE NUM_IMG IMGTYPE IMGSIZE HASHTABLE BOOTADDR BOOTSEC; do
        shows " $name "
    done
    shows "RSASSA-PKCS1-v1_5-SHA256"
    shows "0x80000000"
    shows "image 1: elf, 8632 bytes"
    shows "image 0: section headers"
    shows 94fdf244abb8e84a90c40aacc147a826ae981a1ca015fce370a4ba0c46edc6df
    [ -z "$stderr" ]
}

@test "JSON has everything, and YAML is the same" {
    for name in rsa2048_all st_encrypted_two p256_single; do
        expect 0 rproc-dump --format json "$vectors/expected/$name.sig"
        jq -e '.schema == 1 and .files[0].verdict == "not-judged" and
            .files[0].header.magic == 893625448 and
            (.files[0].tlvs | length) > 5 and (.files[0].table | length) > 1' <<< "$output"
        jq -S . <<< "$output" > a.json
        rproc-dump --format yaml "$vectors/expected/$name.sig" > b.yaml
        python3 - b.yaml << 'PY' | jq -S . > b.json
import json, sys
try:
    import yaml
except ImportError:
    sys.exit("python3-yaml is missing")
print(json.dumps(yaml.safe_load(open(sys.argv[1]))))
PY
        cmp a.json b.json
    done
}

@test "encrypted containers show their table with IVs" {
    expect 0 rproc-dump "$vectors/expected/st_encrypted.sig"
    shows ENCTABLE
    shows "AES-CBC"
    shows "encrypted-elf"
}

@test "a container cut anywhere is shown as far as it goes" {
    size=$(stat -c %s "$vectors/expected/rsa2048_two_images.sig")
    for length in 0 1 19 20 27 28 36 100 700 1000 1100 5000 $((size - 1)); do
        head -c "$length" "$vectors/expected/rsa2048_two_images.sig" > cut.sig
        for format in text json lines yaml; do
            expect 1 rproc-dump --format "$format" cut.sig
            says "rproc-dump: cut.sig: "
            [ -n "$output" ]
        done
    done
    head -c 1000 "$vectors/expected/rsa2048_two_images.sig" > cut.sig
    expect 1 rproc-dump cut.sig
    shows "tlv_len"
    shows HASHTABLE
}

@test "every refused row of device.tsv that is broken in structure ends with 1, the rest with 0" {
    while IFS=$'\t' read -r name verdict _; do
        [ "$name" != image ] || continue
        code=1
        case $name in signature_flip | tlv_flip | segment_flip) verdict=accept ;; esac
        [ "$verdict" != accept ] || code=0
        [ "$name" != tlv_flip ] || code=1 # SIGNTYPE is there twice
        expect "$code" rproc-dump "$vectors/device/$name.sig"
    done < "$vectors/device.tsv"
}

@test "--extract gives the inputs back" {
    cp "$vectors/expected/rsa2048_all.sig" c
    expect 0 rproc-dump --extract d c
    [ -z "$output$stderr" ]
    i=0
    for elf in tfm_s zephyr_ns; do
        size=$(stat -c %s "$vectors/elf/$elf.elf")
        cmp -n "$size" "d/image-$i.elf" "$vectors/elf/$elf.elf"
        [ "$(stat -c %s "d/image-$i.elf")" -eq $(((size + 7) / 8 * 8)) ]
        i=$((i + 1))
    done
    cmp d/tlv-00000011.bin "$vectors/keyinfo.bin"
    [ "$(cat d/tlv-00010000.bin)" = café ]
    [ "$(xxd -p d/tlv-0001ffff.bin)" = efbeadde ]
    [ "$(stat -c %s d/signature.bin)" -eq 256 ]
}

@test "--extract overwrites nothing and leaves nothing behind" {
    cp "$vectors/expected/rsa2048_all.sig" c
    mkdir d
    echo mine > d/tlv-00000010.bin
    expect 2 rproc-dump --extract d c
    says "d/tlv-00000010.bin: cannot create"
    only_files m4.elf c d d/tlv-00000010.bin
    [ "$(cat d/tlv-00000010.bin)" = mine ]
    expect 2 rproc-dump --extract nowhere/d c
    expect 1 rproc-dump --extract new m4.elf
    expect 2 rproc-dump --extract new c c
    only_files m4.elf c d d/tlv-00000010.bin
}

@test "control characters do not reach the terminal" {
    rproc-sign --key "$keys/rsa2048.pem" --plat-tlv 0x10010 $'\e[31mred\a' m4.elf c
    strings=$(u32 m4.elf $((13160 + 10 * 40 + 16))) # section name table
    names=$((20 + $(u32 c 8) + 256 + strings))
    put c $((names + 1)) '\033\007'
    for format in text json lines yaml; do
        rproc-dump --format "$format" c > shown
        run ! env LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f]' shown
    done
    rproc-verify -v --key "$keys/rsa2048.pub.pem" c > shown
    run ! env LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f]' shown
}

@test "standard output that is full is noticed" {
    for format in text json lines yaml; do
        expect 2 bash -c "rproc-dump --format $format '$vectors/expected/st_tfm.sig' > /dev/full"
        says "standard output"
    done
}

@test "usage errors" {
    expect 2 rproc-dump
    says "no file"
    expect 2 rproc-dump --format xml m4.elf
    says "expected text, json, lines or yaml"
    expect 2 rproc-dump nofile
    says "nofile: cannot open"
}

@test "--extract twice or with an empty name is a usage error" {
    cp "$vectors/expected/rsa2048_all.sig" c
    expect 2 rproc-dump -x a --extract b c
    says "--extract is given twice: a and b"
    expect 2 rproc-dump -x "" c
    says "--extract: the name of the folder is empty"
    says "Try 'rproc-dump --help'"
    only_files m4.elf c
}

@test "what is shown does not go to the end of the file that is shown" {
    cp "$vectors/expected/rsa2048_all.sig" c
    ln c hard
    for format in text json lines yaml; do
        expect 2 bash -c "rproc-dump --format $format c >> hard"
        says "c: standard output goes to this file, which is read"
        cmp c "$vectors/expected/rsa2048_all.sig"
    done
    expect 0 bash -c "rproc-dump --extract parts c >> c"
}

# bats test_tags=no-valgrind
@test "--version names what reads and writes JSON and YAML in the tools that load it" {
    loads() { ldd "$(command -v "$1")" | grep -o -e libjansson -e libyaml | sort -u | xargs; }
    for tool in sign verify key dump; do
        [ "$(loads "rproc-$tool")" = "libjansson libyaml" ]
    done
    for tool in sign verify dump key; do
        "rproc-$tool" --version > version
        [ "$(sed -nE 's/^(lib)?(jansson|yaml) [0-9.]+$/lib\2/p' version | sort | xargs)" = "$(loads "rproc-$tool")" ]
    done
}
