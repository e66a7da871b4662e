#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-verify --coverage and rproc-dump --coverage: every byte of a file, and what authenticates it.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

verify_coverage() { # OPTION-OR-FILE...
    rproc-verify --coverage --key "$keys/rsa2048.pub.pem" --key "$keys/p256.pub.pem" "$@"
}

# The ranges of the text on standard output follow each other and add up to that many bytes.
adds_up() { # SIZE
    awk -v size="$1" '
        $1 == "offset" { on = 1; next }
        on && ($1 != end || $2 <= 0) { print "a gap before: " $0; exit bad = 1 }
        on { end += $2 }
        END { if (bad || end != size) { print end " of " size; exit 1 } }' <<< "$output"
}

@test "coverage: of all good vectors it is what the bytes say" {
    files=("$vectors"/expected/*.sig "$vectors"/device/*.sig)
    rproc-dump --coverage --format json "${files[@]}" > dump.json 2> /dev/null || [ $? -eq 1 ]
    verify_coverage --format json "${files[@]}" > verify.json 2> /dev/null || [ $? -eq 1 ]
    jq -e --argjson count "${#files[@]}" '(.files | length) == $count' dump.json
    good=$(python3 "$BATS_TEST_DIRNAME/coverage.py" dump.json verify.json)
    [ "$good" -gt 20 ]
}

@test "coverage: of every refused vector the ranges add up to the file, and nothing is authenticated" {
    refused=()
    for file in "$vectors"/device/*.sig "$vectors"/elf/m4.elf; do
        verify_coverage -q "$file" 2> /dev/null && continue
        expect 1 verify_coverage "$file"
        adds_up "$(stat -c %s "$file")"
        shows "$file: refused"
        shows "refused: nothing of it is authenticated"
        refused+=("$file")
    done
    expect 1 verify_coverage --format json "${refused[@]}"
    jq -c '.files[]' <<< "$output" > files
    [ "$(wc -l < files)" -eq "${#refused[@]}" ]
    jq -s -e --argjson sizes "[$(stat -c %s "${refused[@]}" | paste -sd,)]" '[., $sizes] | transpose |
        all(.[]; .[1] as $size | .[0] | .unsigned == [] and (.coverage | (.authenticated | not) and
            ([.bytes[]] | add) == $size and ([.ranges[].size] | add // 0) == $size))' files
}

@test "coverage: of a container cut anywhere the ranges add up to what there is" {
    for length in 1 19 20 27 28 36 100 427 428 683 700 1000 14283; do
        head -c "$length" "$vectors/device/good.sig" > cut.sig
        expect 1 rproc-dump --coverage cut.sig
        adds_up "$length"
    done
    : > empty
    expect 1 rproc-dump --coverage empty
    shows "coverage: 0 bytes"
    truncate -s 5G large
    expect 1 rproc-dump --coverage large
    adds_up $((5 << 30))
}

@test "coverage: bytes behind the images belong to none" {
    { cat "$vectors/device/good.sig"; echo behind; } > long.sig
    expect 1 rproc-dump --coverage long.sig
    adds_up 14291
    shows "14284          7  nothing    bytes outside of every image"
}

@test "coverage: the text has sums and a bar" {
    expect 0 verify_coverage "$vectors/device/good.sig"
    shows "coverage: 14284 bytes, authenticated by signature 428 (3.0 %), by hash 220 (1.5 %), by nothing 13636 (95.5 %)"
    shows "[#+...................+.................++.................+.....]"
    adds_up 14284
    head -c 20 "$vectors/device/good.sig" > header
    expect 1 rproc-dump --coverage header
    shows "[####################]"
}

@test "coverage: it says where nobody looked at the signature, and where nothing was checked" {
    expect 0 rproc-verify --no-signature --coverage "$vectors/device/good.sig"
    shows "coverage: 14284 bytes, by signature 428"
    shows "NOT AUTHENTICATED: no signature was checked, and without it hashes are worth nothing"
    expect 0 rproc-verify --no-signature --coverage --format json "$vectors/device/good.sig"
    jq -e '.files[0].coverage.authenticated == false' <<< "$output"
    expect 0 rproc-dump --coverage "$vectors/device/good.sig"
    shows "coverage: 14284 bytes, by signature 428"
    shows "not checked: this is what the format authenticates; rproc-verify checks it"
    expect 0 verify_coverage "$vectors/expected/st_encrypted.sig"
    shows "encrypted: the hashes are of the encrypted bytes"
    run -0 rproc-verify --key "$keys/rsa2048.pub.pem" --format json "$vectors/device/good.sig"
    jq -e '.files[0] | has("coverage") | not' <<< "$output"
    run -0 rproc-dump "$vectors/device/good.sig"
    [[ $output != *coverage* ]]
    expect 0 verify_coverage --quiet "$vectors/device/good.sig"
    [ -z "$output" ]
}

@test "coverage: segments that overlap in the file are covered once" {
    python3 "$BATS_TEST_DIRNAME/layout.py" in.elf load 0x100 0x80 0x80 load 0x140 0x80 0x80 \
        load 0x100 0x20 0x20 load 0x1c0 0 0x100 section .text 0x100 0xc0
    rproc-sign --key "$keys/rsa2048.pem" in.elf in.sig
    expect 0 verify_coverage in.sig
    adds_up "$(stat -c %s in.sig)"
    shows ", by hash 192 ("
    verify_coverage --format json in.sig > verify.json
    rproc-dump --coverage --format json in.sig > dump.json
    [ "$(python3 "$BATS_TEST_DIRNAME/coverage.py" dump.json verify.json)" -eq 1 ]
}

@test "coverage: names of sections cannot disturb a terminal" {
    python3 "$BATS_TEST_DIRNAME/layout.py" in.elf load 0x100 0x80 0x80 section .name-of-section 0x80 0x10
    LC_ALL=C sed -i 's/.name-of-section/.\x1b[2J<\&>\xff\xfe\x07\x01"end/' in.elf
    rproc-sign --key "$keys/rsa2048.pem" in.elf in.sig
    expect 0 verify_coverage in.sig
    shows "section .?[2J<&>????\"end"
    expect 0 verify_coverage --format json in.sig
    jq -e '.files[0].coverage.ranges[] | select(.what | endswith("section .?[2J<&>????\"end"))' <<< "$output"
}
