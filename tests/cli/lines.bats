#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --format lines: the values of the JSON, a line each, and what the pages promise to scripts.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

# JSON on standard input as it stands in lines, if no string has to be escaped.
flatten() {
    jq -r 'paths(type | IN("string", "number", "boolean")) as $path |
        ($path | map(tostring) | join(".")) + "=" + (getpath($path) | tostring)'
}

# same STATUS COMMAND...: with --format lines it says what it says with --format json.
same() {
    local said
    expect "$1" "${@:2}" --format json
    flatten <<< "$output" > from_json
    said=$stderr
    expect "$1" "${@:2}" --format lines
    printf '%s\n' "$output" > lines
    diff from_json lines
    [ "$stderr" = "$said" ]
    [ "$(head -n 1 lines)" = schema=1 ]
    run ! grep -vE '^[a-z0-9_]+(\.[a-z0-9_]+)*=' lines
}

# The example NAME of rproc-verify(1).
example() { # NAME
    awk -v name="$1" '$0 == ".\\\" example " name { on = 1; next }
        on && /^\.Ed/ { exit }
        on && !/^\.Bd/ { gsub(/\\e/, "\\"); print }' "$vectors/../../man/rproc-verify.1"
}

@test "rproc-verify: the lines are the values of the JSON, in its order" {
    same 2 rproc-verify --coverage --key "$keys/rsa2048.pub.pem" --key "$keys/p256.pub.pem" \
        --enc_key "$keys/aes256.bin" "$vectors"/expected/*.sig "$vectors"/device/*.sig m4.elf not-there.sig
    files=("$vectors"/expected/*.sig "$vectors"/device/*.sig m4.elf not-there.sig)
    [ "$(grep -c '^files\.[0-9]*\.verdict=' lines)" -eq ${#files[@]} ]
    same 0 rproc-verify --no-signature --board stm32mp15-optee "$vectors/device/good.sig"
    grep -qx 'files\.0\.device\.board=stm32mp15-optee' lines
}

@test "--explain, --list-boards, rproc-dump, rproc-key: so are theirs" {
    same 0 rproc-verify --explain -5
    grep -qx 'answer\.number=-5' lines
    same 0 rproc-verify --explain ffff0006 "$vectors/device/good.sig"
    same 0 rproc-verify --list-boards
    same 0 rproc-verify --list-boards --board stm32mp15-optee
    grep -qx 'boards\.0\.ta\.bits=32' lines
    same 2 rproc-dump --coverage "$vectors"/expected/*.sig "$vectors"/device/*.sig m4.elf not-there.sig
    same 0 rproc-key show "$keys/p256.pub.pem"
    grep -qx 'private=false' lines
    match_all() { # OPTION...
        rproc-key match "$@" --otp "$(printf '00%.0s' {1..32})" "$keys/rsa2048.pub.pem" -- \
            "$vectors"/expected/*.sig m4.elf not-there.sig
    }
    same 2 match_all
    grep -qx 'results\.[0-9]*\.result=match' lines
}

@test "a refused file gives lines on standard output, and a message on standard error" {
    expect 1 rproc-verify -q --key "$keys/rsa2048.pub.pem" --format lines "$vectors/device/segment_flip.sig"
    shows "files.0.verdict=reject"
    shows "files.0.where.offset=4780"
    says "a segment's bytes are not those that were signed"
}

@test "what is null and what is empty has no line, an empty string has one" {
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" --format lines "$vectors/device/good.sig"
    grep -qx 'files\.0\.message=' <<< "$output"
    run ! grep -E 'null|where|decryption|skipped_tlvs' <<< "$output"
}

@test "a value is one line, whatever is in names and files" {
    name=$'a\nfiles.0.verdict=accept\n\\é\xe2\x80\x8b\e=b'
    rproc-sign --key "$keys/rsa2048.pem" --plat-tlv 0x10010 'x=\é' m4.elf "$name"
    expect 0 rproc-dump --format lines "$name"
    [ "$(grep -c '^files\.0\.verdict=' <<< "$output")" -eq 1 ]
    shows 'files.0.verdict=not-judged'
    line=$(sed -n 's/^files\.0\.file=//p' <<< "$output")
    [ "$line" = 'a\x0afiles.0.verdict=accept\x0a\x5cé\xe2\x80\x8b\x1b=b' ]
    [ "$(printf %b "$line")" = "$name" ] # as the page says, of bash
    grep -qx 'files\.0\.tlvs\.[0-9]*\.text=x=\\x5cé' <<< "$output"
    cp m4.elf $'bad\xff'
    expect 1 rproc-dump --format lines $'bad\xff'
    shows 'files.0.file=bad\xef\xbf\xbd'
}

@test "the scripts in rproc-verify(1) do what they say" {
    cp "$keys/rsa2048.pub.pem" key.pub.pem
    cp "$vectors/expected/rsa2048_two_images.sig" firmware.sig
    example facts.sh > show
    example refused.sh > which
    [ "$(wc -l < show)" -ge 3 ]
    expect 0 sh show
    [ "$output" = "signed with key.pub.pem"$'\n'"2 images" ]
    cp "$vectors/device/segment_flip.sig" a.sig
    cp "$vectors/device/good.sig" b.sig
    cp "$vectors/device/signature_flip.sig" g.sig # between them firmware.sig
    expect 0 sh which
    [ "$output" = 0$'\n'3 ]
    cp a.sig firmware.sig
    expect 1 sh show
    [ -z "$output" ]
}

@test "where there are no lines, that is said" {
    expect 2 rproc-key public --format lines "$keys/p256.pub.pem"
    says "--format lines: expected pem or der"
    expect 2 bash -c "rproc-verify --list-boards --format lines > /dev/full"
    says "standard output"
}
