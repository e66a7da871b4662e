#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What the tools let through to a terminal, and what they take from one.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

# No byte of the last command's output but printable ones, LF, and UTF-8 above U+009F.
no_controls() {
    if printf '%s%s' "$output" "$stderr" | LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]\|\xc2[\x80-\x9f]'; then
        printf '%s%s' "$output" "$stderr" | od -c
        return 1
    fi
}

@test "control characters in the name of a file are escaped, in what is accepted and refused" {
    cp "$vectors/device/good.sig" $'g\033[31m.sig'
    cp "$vectors/device/segment_flip.sig" $'f\033[31m.sig'
    cp "$keys/rsa2048.pub.pem" $'k\033[31m.pem'
    expect 1 rproc-verify --key $'k\033[31m.pem' $'g\033[31m.sig' $'f\033[31m.sig'
    no_controls
    shows 'g\x1b[31m.sig: accepted'
    shows 'signed by k\x1b[31m.pem'
    says 'f\x1b[31m.sig: '
    expect 0 rproc-dump $'g\033[31m.sig'
    no_controls
    expect 2 rproc-sign --key "$keys/rsa2048.pem" $'none\033[31m.elf' out.sig
    no_controls
    says 'none\x1b[31m.elf: '
}

@test "a platform TLV is shown as text if it is printable UTF-8, and not otherwise" {
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --plat-tlv 0x10010 café \
        --plat-tlv-hex 0x10011 c29b33316d --plat-tlv-hex 0x10012 1b5b33316d \
        --plat-tlv-hex 0x10013 e280ae61 --plat-tlv-hex 0x10014 63ff \
        --plat-tlv-hex 0x10015 eda080 m4.elf out.sig
    expect 0 rproc-dump out.sig
    no_controls
    shows '636166c3a9 "café"'
    [ "$(grep -c ' 0x0001001[1-5] .*"' <<< "$output")" -eq 0 ]
    expect 0 rproc-dump --format json out.sig
    no_controls
    [ "$(jq -c '[.files[0].tlvs[] | select(.type >= 65552) | .text]' <<< "$output")" = \
        '["café",null,null,null,null,null]' ]
}

@test "of a name that is no UTF-8 JSON keeps what is" {
    cp "$vectors/device/good.sig" $'caf\xc3\xa9\xff\xe2\x82.sig'
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" --format json $'caf\xc3\xa9\xff\xe2\x82.sig'
    [ "$(jq -r '.files[0].file' <<< "$output")" = $'caf\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.sig' ]
}

@test "what is accepted and what is refused come in the order of the files" {
    rproc-verify --key "$keys/rsa2048.pub.pem" "$vectors/device/good.sig" none.sig \
        "$vectors/device/good.sig" > both 2>&1 || [ $? -eq 2 ]
    [ "$(grep -nE ': (accepted|cannot open)' both | sed -E 's/^[0-9]+:.*: (accepted|cannot).*/\1/' |
        tr '\n' ' ')" = "accepted cannot accepted " ]
}

@test "a pipe where the output belongs is refused, without waiting for its other end" {
    mkfifo pipe
    expect 2 timeout 10 rproc-sign --key "$keys/rsa2048.pem" m4.elf pipe
    says "pipe"
    only_files m4.elf pipe
}

@test "a number that would be written as text comes with the way to write the number" {
    for number in 2148532224 0X80100000 0b10000000000100000000000000000000 0o20004000000; do
        expect 0 rproc-sign --dry-run --key "$keys/rsa2048.pem" --plat-tlv BOOTADDR "$number" m4.elf \
            out.sig
        says "; for a number write 0x80100000"
    done
    expect 0 rproc-sign --dry-run --key "$keys/rsa2048.pem" --plat-tlv 0x10010 99999999999 m4.elf o.sig
    says "numbers are written 0x and hex digits"
    for text in 0Xrelease 12ab release-2026.11 "" 0 x; do
        expect 0 rproc-sign --dry-run --key "$keys/rsa2048.pem" --plat-tlv 0x10010 "$text" m4.elf o.sig
        case $text in
        0) says "for a number write 0x0" ;;
        *) [ -z "$stderr" ] ;;
        esac
    done
}

@test "a wrong platform TLV on the command line says where to look" {
    expect 2 rproc-sign --key "$keys/rsa2048.pem" --plat-tlv 0x20000 text m4.elf out.sig
    says "rproc-sign --help"
    only_files m4.elf
}

@test "a passphrase from the environment is gone from there when the key is loaded" {
    mkfifo pipe
    PASS=vector-passphrase rproc-sign --key "$keys/rsa2048.encrypted.pem" --passphrase env:PASS \
        "$vectors/elf/segments1000.elf" - > pipe 3>&- &
    exec 4< pipe
    head -c 1 <&4 > first # more than a pipe holds is to come, so it is still there
    tr '\0' '\n' < "/proc/$!/environ" > environment
    exec 4<&-
    grep -q '^PATH=' environment
    [ "$(grep -c vector-passphrase environment)" -eq 0 ]
}
