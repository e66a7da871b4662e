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

# bats test_tags=no-valgrind
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

# Characters that are not seen, or that move others about, and how text and JSON write them.
unseen=(
    $'\x7f|\\x7f|\\u007f' $'\xc2\x9b|\\xc2\\x9b|\\u009b' $'\xc2\xad|\\xc2\\xad|\\u00ad'
    $'\xd8\x9c|\\xd8\\x9c|\\u061c' $'\xe2\x80\x8b|\\xe2\\x80\\x8b|\\u200b'
    $'\xe2\x80\xae|\\xe2\\x80\\xae|\\u202e' $'\xe2\x81\xa6|\\xe2\\x81\\xa6|\\u2066'
    $'\xef\xbb\xbf|\\xef\\xbb\\xbf|\\ufeff' $'\xcd\x8f|\\xcd\\x8f|\\u034f'
    $'\xe1\x85\xa0|\\xe1\\x85\\xa0|\\u1160' $'\xe3\x85\xa4|\\xe3\\x85\\xa4|\\u3164'
    $'\xef\xbe\xa0|\\xef\\xbe\\xa0|\\uffa0' $'\xf0\x9d\x85\xb3|\\xf0\\x9d\\x85\\xb3|\\ud834\\udd73'
    $'\xf3\xa0\x81\x81|\\xf3\\xa0\\x81\\x81|\\udb40\\udc41'
)

@test "names with characters that are not seen: escaped in text, messages, JSON and YAML" {
    for row in "${unseen[@]}"; do
        IFS='|' read -r character text json <<< "$row"
        cp "$vectors/expected/rsa2048_single.sig" "a${character}é.sig"
        expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" "a${character}é.sig"
        shows "a${text}é.sig: accepted"
        expect 2 rproc-dump "none${character}é"
        says "none${text}é: cannot open"
        expect 0 rproc-verify --format json --key "$keys/rsa2048.pub.pem" "a${character}é.sig"
        shows "\"file\": \"a${json}é.sig\""
        [ "$(jq -r '.files[0].file' <<< "$output")" = "a${character}é.sig" ]
        expect 0 rproc-dump --format json "a${character}é.sig"
        shows "\"file\": \"a${json}é.sig\""
        expect 2 rproc-verify --format json --key "$keys/rsa2048.pub.pem" "none${character}"
        shows "\"message\": \"none${json}: cannot open"
        expect 0 rproc-dump --format yaml "a${character}é.sig"
        [[ $output != *"$character"* ]]
        rm a*.sig
    done
}

@test "a platform TLV with characters that are not seen is shown in hexadecimal only" {
    i=0
    options=()
    for row in "${unseen[@]}"; do
        options+=(--plat-tlv-hex "$((0x10010 + i))" "61$(printf %s "${row%%|*}" | xxd -p)")
        i=$((i + 1))
    done
    expect 0 rproc-sign --key "$keys/rsa2048.pem" "${options[@]}" m4.elf out.sig
    expect 0 rproc-dump --format json out.sig
    [ "$(jq '[.files[0].tlvs[] | select(.type >= 65552) | .text] | unique == [null]' <<< "$output")" = true ]
}

@test "a quotation mark in a text that is quoted is escaped, and long text ends with a character" {
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --plat-tlv 0x10010 $'a" 0x00010011 "b\\' \
        --plat-tlv 0x10011 "x$(printf 'é%.0s' {1..200})" --plat-tlv 0x10012 "$(printf 'é%.0s' {1..128})" \
        m4.elf out.sig
    expect 0 rproc-dump out.sig
    shows ' "a\x22 0x00010011 \x22b\x5c"'
    shows "... \"x$(printf 'é%.0s' {1..127})...\""
    shows "... \"$(printf 'é%.0s' {1..128})\""
}

@test "a mistyped option is shown escaped, without its value, by a name without folders" {
    expect 2 rproc-sign $'--\033[31mred=secret'
    [ "$stderr" = $'rproc-sign: unrecognized option \'--\\x1b[31mred\'\nTry \'rproc-sign --help\'.' ]
    expect 2 rproc-verify -v $'-\342\200\256'
    says "rproc-verify: unrecognized option '-\\xe2'"
    expect 2 rproc-dump --format=json -Z
    says "rproc-dump: unrecognized option '-Z'"
    expect 2 rproc-key c-source -o k.c --out
    says "rproc-key: option '--out' requires an argument"
    expect 2 rproc-sign -nk
    says "rproc-sign: option '-k' requires an argument"
    expect 2 rproc-sign --pla=secret
    says "rproc-sign: option '--pla' is ambiguous: --plat-tlv or --plat-tlv-file?"
    expect 2 rproc-sign --dry-run=secret
    says "rproc-sign: option '--dry-run' takes no argument"
    run ! grep -q secret <<< "$stderr"
}

# bats test_tags=no-valgrind
@test "a tool that is called by a name with control characters goes by its own" {
    called() { (exec -a "$1" "${@:2}"); } # NAME COMMAND...
    for tool in sign verify dump key; do
        tool=$(command -v "rproc-$tool")
        for name in $'/d/\033[31mred' "" / $'a\342\200\256' "$(printf 'x%.0s' {1..100})"; do
            expect 2 called "$name" "$tool" --frobnicate
            says "${tool##*/}: unrecognized option '--frobnicate'"
            says "Try '${tool##*/} --help'"
            [[ $stderr != *$'\033'* ]]
        done
        expect 0 called $'\033[31mred' "$tool" --version
        [ "${lines[0]% *}" = "${tool##*/}" ]
        expect 2 called /d/other "$tool" --frobnicate
        says "other: unrecognized option"
    done
}

@test "the prompt for a passphrase shows the name of the key escaped and shortened" {
    prompt() { # KEY
        cp "$keys/rsa2048.encrypted.pem" "$1"
        at_terminal vector-passphrase rproc-key c-source --out key.c "$1"
        rm "$1" key.c
    }
    prompt $'k\033[31m\342\200\256.pem'
    grep -qF 'Passphrase of k\x1b[31m\xe2\x80\xae.pem: ' typed
    prompt "x$(printf 'é%.0s' {1..110}).pem"
    grep -qE '^Passphrase of x(é){24}\.\.\.(é)+\.pem: ' typed
    [ "$(wc -c < typed)" -lt 250 ]
}

@test "a long name is shortened, and what is wrong with it stays" {
    long=$(printf 'ä%.0s' {1..3000})
    told() { # WORDS COMMAND...
        expect 2 "${@:2}"
        case $stderr in
        *": "*$(printf 'ä%.0s' {1..40})*...*ä/end*"$1"*) ;;
        *)
            printf 'standard error: %s\nlacks: %s\n' "$stderr" "$1"
            return 1
            ;;
        esac
        [[ $stderr != *'\x'* ]]
        [ ${#stderr} -lt 2100 ]
    }
    told ": cannot open: File name too long" rproc-verify --key "$keys/rsa2048.pub.pem" "$long/end"
    told ": cannot open: File name too long" rproc-verify --key "$long/end" m4.elf
    told ": cannot open: File name too long" rproc-dump "$long/end"
    told ": File name too long" rproc-dump --extract "$long/end" "$vectors/device/good.sig"
    told ": cannot open: File name too long" rproc-sign --key "$long/end" m4.elf out
    told ": cannot open: File name too long" rproc-sign --key "$keys/rsa2048.pem" "$long/end" out
    told ": File name too long" rproc-sign --key "$keys/rsa2048.pem" m4.elf "$long/end"
    told ": cannot open: File name too long" rproc-sign --key "$keys/rsa2048.pem" --key_info "$long/end" \
        m4.elf out
    told ": cannot open: File name too long" rproc-key c-source "$long/end"
    told ": no subcommand; expected show" rproc-key "$long/end"
}

@test "a long name of a key does not displace what a signature is refused for" {
    folder=$(printf 'k%.0s' {1..200})
    path=.
    for _ in {1..10}; do path+=/$folder; done
    mkdir -p "$path"
    cp "$keys/rsa2048.pkcs1.pub.pem" "$path/end.pem"
    expect 1 rproc-verify --key "$path/end.pem" "$vectors/expected/rsa2048_single.sig"
    says "the RSA-2048 signature does not verify with the key ./kk"
    says "kkk/end.pem; another key signed it, or it was changed after signing"
    cp "$vectors/device/segment_flip.sig" "$path/end.sig"
    expect 1 rproc-verify --key "$keys/rsa2048.pub.pem" "$path/end.sig"
    says "kkk/end.sig: a segment's bytes are not those that were signed"
}
