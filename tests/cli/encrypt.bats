#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Encrypted images: made, decrypted, compared with what they were made from.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

key=$keys/rsa2048.pem
public=$keys/rsa2048.pub.pem
aes=$keys/aes256.bin

# layout FILE [WORD NUMBER...]...: see layout.py.
layout() { python3 "$BATS_TEST_DIRNAME/layout.py" "$@"; }

# decrypt CONTAINER OUT...: with openssl; prints what was encrypted.
decrypt() { python3 "$BATS_TEST_DIRNAME/decrypt.py" "$1" "$aes" "${@:2}"; }

# without_zeros FILE: but those at its end.
without_zeros() { perl -0777 -pe 's/\0+\z//' "$1"; }

# gives ELF [OPTION]...: encrypted, and decrypted by openssl, it is the file expected.elf.
gives() {
    expect 0 rproc-sign --key "$key" --enc_key "$aes" "${@:2}" "$1" out.sig
    [ -z "$output$stderr" ]
    decrypt out.sig plain.elf > parts
    cmp plain.elf <(without_zeros expected.elf)
    expect 0 rproc-verify -q --key "$public" out.sig
    expect 0 rproc-verify --key "$public" --enc_key "$aes" --original "$1" out.sig
    shows "decrypted: the images are the ELF files given"
}

# refused WORDS ELF [OPTION]...: with exit status 1, in a dry run as well, and no output.
refused() {
    local words=$1 dry
    for dry in '' --dry-run; do
        expect 1 rproc-sign --key "$key" --enc_key "$aes" $dry "${@:2}" --out out
        says "$words"
        [ ! -e out ]
    done
}

# --- Signing ------------------------------------------------------------------------------------

@test "the encrypted containers of ST's script have the same ELF files in them as ours" {
    while IFS=$'\t' read -r name arguments; do
        case $arguments in *--enc_key*) ;; *) continue ;; esac
        read -ra arguments <<< "$arguments"
        (cd "$vectors" && expect 0 rproc-sign "${arguments[@]}" --out "$OLDPWD/$name.sig")
        elfs=()
        outs=()
        for argument in "${arguments[@]}"; do
            [[ $argument != *.elf ]] || elfs+=("$vectors/$argument")
        done
        for side in "$vectors/expected/$name.sig" "$name.sig"; do
            outs=("${elfs[@]##*/}")
            decrypt "$side" "${outs[@]}" > parts
            for elf in "${elfs[@]}"; do cmp "${elf##*/}" <(without_zeros "$elf"); done
            # but for the IVs nothing is chance: the same segments in the same places
            cut -d ' ' -f 1-3 parts > "${side//\//-}.parts"
        done
        cmp ./*"$name.sig.parts"
        [ "$(stat -c %s "$name.sig")" -eq "$(stat -c %s "$vectors/expected/$name.sig")" ]
        # all TLVs but the table, and the table without digests and IVs
        cmp <(rproc-dump "$name.sig" | sed -n '2,/signed table/p') \
            <(rproc-dump "$vectors/expected/$name.sig" | sed -n '2,/signed table/p')
        cmp <(rproc-dump --format json "$name.sig" | jq '.files[0].table | map(del(.sha256, .iv))') \
            <(rproc-dump --format json "$vectors/expected/$name.sig" |
                jq '.files[0].table | map(del(.sha256, .iv))')
        done=$((done + 1))
    done < "$vectors/cases-st.tsv"
    [ "$done" -eq 2 ]
}

@test "IVs are other ones each time, with --enc-deterministic they are not" {
    args=(--key "$key" --enc_key "$aes" "$vectors/elf/ns_aligned16.elf" "$vectors/elf/ns_note16.elf")
    for name in a b; do
        expect 0 rproc-sign "${args[@]}" "$name"
        expect 0 rproc-sign "${args[@]}" --enc-deterministic "$name.same"
        decrypt "$name" x y > "$name.parts"
    done
    cmp a.same b.same
    decrypt a.same x y > same.parts
    cmp y <(without_zeros "$vectors/elf/ns_note16.elf")
    ivs=$(cut -d ' ' -f 4 ./*.parts | sort -u | wc -l)
    [ "$ivs" -eq 18 ] # six segments, three times
    # a bit of the segment, or of its program header, and all of the IV is another
    cp "$vectors/elf/ns_note16.elf" n.elf
    put n.elf 411 X # the last byte but 32: of the first segment
    expect 0 rproc-sign "${args[@]:0:4}" --enc-deterministic n.elf c
    decrypt c z > c.parts
    [ "$(cut -d ' ' -f 4 same.parts c.parts | sort -u | wc -l)" -eq 7 ]
}

@test "a derived IV is the HMAC-SHA-256 that the man page describes" {
    expect 0 rproc-sign --key "$key" --enc_key "$aes" --enc-deterministic \
        "$vectors/elf/ns_note16.elf" out
    decrypt out x > parts
    read -r _ offset size iv < parts
    { printf 'rprocfw IV 1\0'; dd bs=1 skip=84 count=32 if="$vectors/elf/ns_note16.elf"
        dd bs=1 skip="$offset" count="$size" if="$vectors/elf/ns_note16.elf"; } 2> /dev/null > message
    mac=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(xxd -p -c 64 "$aes")" message)
    [[ ${mac##* } = "$iv"* ]]
    [ ${#iv} -eq 32 ]
}

@test "--enc_key takes 32 bytes or 64 hexadecimal digits, from a pipe as well, and nothing else" {
    args=(--key "$key" --enc-deterministic "$vectors/elf/ns_note16.elf" out)
    expect 0 rproc-sign --enc_key "$aes" "${args[@]}"
    mv out expected
    xxd -p -c 64 "$aes" > lf
    xxd -p -c 64 -u "$aes" | tr -d '\n' > upper
    sed 's/$/\r/' lf > crlf
    for file in lf upper crlf; do
        expect 0 rproc-sign --enc_key "$file" "${args[@]}"
        [ -z "$stderr" ]
        cmp out expected
        rm out
    done
    expect 0 rproc-sign --enc-key <(cat lf) "${args[@]}"
    cmp out expected
    rm out
    head -c 31 "$aes" > k31
    { cat "$aes"; echo; } > k33
    head -c 16 "$aes" > k16
    : > k0
    { tr -d '\n' < lf; printf '\n\n'; } > twice
    { head -c 62 lf; echo 0; } > k63
    cat lf lf lf > long
    sed 's/./g/3' lf > no-hex
    for file in k31 k33 k16 k0 twice k63 long no-hex; do
        expect 2 rproc-sign --enc_key "$file" "${args[@]}"
        says "rproc-sign: $file: "
        says "bytes"
        says "; boards take AES-256 only: give a file with the key's 32 bytes, or with 64 hexadecimal digits"
        [ ! -e out ]
    done
    says "no-hex: 65 bytes, not all of them hexadecimal digits"
    expect 2 rproc-sign --enc_key long "${args[@]}"
    says "long: at least 67 bytes"
    head -c 32 /dev/zero > zero
    printf '%064d' 0 > zero-hex
    for file in zero zero-hex; do
        expect 2 rproc-sign --enc_key "$file" "${args[@]}"
        says "all bytes of the key are zero; boards refuse such a key"
    done
    head -c 32 lf > digits
    expect 0 rproc-sign --enc_key digits "${args[@]}"
    says "warning: digits: 32 bytes, all of them hexadecimal digits, are taken as the key itself"
    expect 2 rproc-sign --enc_key nothing "${args[@]}"
    says "nothing: cannot open: No such file or directory"
}

@test "usage errors of the options for encryption" {
    usage() { # WORDS ARGUMENT...
        expect 2 rproc-sign --key "$key" "${@:2}" m4.elf out
        says "$1"
        only_files m4.elf
    }
    usage "--enc_key and --layout optee exclude each other" --enc_key "$aes" --layout optee
    usage "--enc-pad without --enc_key" --enc-pad
    usage "--enc-deterministic without --enc_key" --enc-deterministic
    usage "--enc_key is given twice" --enc_key "$aes" --enc-key "$aes"
    usage "--resign: images stay as they are; without --enc_key" --resign --enc_key "$aes"
    expect 0 rproc-sign --key "$key" --enc_key "$aes" --layout st "$vectors/elf/ns_note16.elf" out
}

@test "the output cannot be the AES key, and a passphrase does not come from it" {
    cp "$aes" k
    cp "$vectors/elf/ns_note16.elf" n.elf
    expect 2 rproc-sign --key "$key" --enc_key k n.elf --out k
    says "k: the output is k, which an option reads"
    expect 2 rproc-sign --key "$keys/rsa2048.encrypted.pem" --passphrase file:k --enc_key k n.elf out
    says "it is to be read from k, which is read for something else"
    # shellcheck disable=SC2016 # $1 is of the other shell
    expect 2 bash -c 'rproc-sign --key "$1" --enc_key k n.elf - >> k' - "$key"
    says "k: standard output goes to this file, which is read"
    cmp k "$aes"
}

@test "a dry run says what would be refused, and writes nothing" {
    expect 0 rproc-sign -n -v --key "$key" --enc_key "$aes" --enc-deterministic \
        "$vectors/elf/ns_note16.elf" out
    says "segments to encrypt: 2"
    dry=$(grep -v 'dry run' <<< "$stderr")
    only_files m4.elf
    expect 0 rproc-sign -v --key "$key" --enc_key "$aes" --enc-deterministic \
        "$vectors/elf/ns_note16.elf" out
    [ "$dry" = "$(grep -v 'hash table entries' <<< "$stderr")" ]
}

@test "large images, segments in any order, are encrypted in pieces" {
    python3 "$BATS_TEST_DIRNAME/../make_elf.py" in.elf 5 1700000
    # the second before the first, which ends within a piece
    python3 -c '
import sys
with open("in.elf", "r+b") as file:
    file.seek(52)
    headers = file.read(64)
    file.seek(52)
    file.write(headers[32:] + headers[:32])'
    cp in.elf expected.elf
    gives in.elf
    [ "$(wc -l < parts)" -eq 5 ]
    head -c 100000 /dev/urandom | dd of=in.elf bs=1 seek=3000000 conv=notrunc status=none
    expect 1 rproc-verify --key "$public" --enc_key "$aes" --original in.elf out.sig
    says "it was made from another file"
}

# --- What cannot be encrypted -------------------------------------------------------------------

@test "segments that are no multiple of 16 bytes are named, with what is missing" {
    refused "m4.elf: segment 1: p_filesz 104 is no multiple of 16, the cipher's block: 8 bytes are missing" m4.elf
    says "align its end in the linker script, or let --enc-pad append zero bytes"
    layout e.elf load 0x200 64 64 note 0x300 5 load 0x400 33 48
    refused "e.elf: segment 2: p_filesz 33 is no multiple of 16, the cipher's block: 15 bytes are missing" e.elf
}

@test "what shares bytes with a segment that is to be encrypted is refused" {
    layout e.elf load 0x240 64 64 load 0x200 80 80
    refused "segments 1 and 0 share bytes of the file (from 0x240 on)" e.elf
    layout e.elf load 0x200 64 64 load 0x200 64 64
    refused "share bytes of the file (from 0x200 on)" e.elf
    layout e.elf load 0 128 128
    refused "segment 0 has bytes of the ELF header (52 bytes at 0x0)" e.elf
    layout e.elf load 0x200 64 64 phoff 0x230
    refused "segment 0 has bytes of the program headers (32 bytes at 0x230)" e.elf
    layout e.elf load 0x200 64 64 shoff 0x1e0
    refused "segment 0 has bytes of the section headers (80 bytes at 0x1e0)" e.elf
    layout e.elf load 0x200 64 64 names 0x23f
    refused "segment 0 has bytes of the section name table (11 bytes at 0x23f)" e.elf
    # side by side is allowed; so is what does not load, and a segment without bytes
    layout e.elf load 0x200 64 64 load 0x240 64 64 note 0x210 8 load 0x220 0 64 names 0x280
    cp e.elf expected.elf
    gives e.elf
}

@test "the plain ELF files that can be signed but not encrypted are signed without --enc_key" {
    layout e.elf load 0x240 64 64 load 0x200 80 80
    expect 0 rproc-sign --key "$key" e.elf out
}

# --- Padding ------------------------------------------------------------------------------------

# filesz FILE SEGMENT SIZE: p_filesz in a program header at 52.
filesz() { put "$1" $((52 + 32 * $2 + 16)) "$(printf '\\%03o' $(($3 & 255)) $(($3 >> 8)))"; }

@test "--enc-pad appends zero bytes, whatever stood there, and raises p_filesz" {
    layout e.elf load 0x200 33 64 load 0x300 64 64 load 0x400 15 16 size 0x500
    cp e.elf expected.elf
    filesz expected.elf 0 48
    filesz expected.elf 2 16
    put expected.elf $((0x221)) '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    put expected.elf $((0x40f)) '\0'
    gives e.elf --enc-pad
    [ "$(cut -d ' ' -f 3 parts | tr '\n' ' ')" = "48 64 16 " ]
    # in the order of the file, which is not that of the program headers
    layout e.elf load 0x400 15 16 load 0x300 64 64 load 0x200 33 64 size 0x500
    cp e.elf expected.elf
    filesz expected.elf 2 48
    filesz expected.elf 0 16
    put expected.elf $((0x221)) '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
    put expected.elf $((0x40f)) '\0'
    gives e.elf --enc-pad
    # nothing to pad
    layout e.elf load 0x200 32 64 load 0x220 64 64
    cp e.elf expected.elf
    gives e.elf --enc-pad
}

@test "--enc-pad lets a file grow whose last bytes are a segment's" {
    layout e.elf load 0x400 21 64 names 0x200 shoff 0x220
    [ "$(stat -c %s e.elf)" -eq 1045 ]
    cp e.elf expected.elf
    filesz expected.elf 0 32
    # ST's TA wants something of the image behind its segments
    expect 1 rproc-sign --key "$key" --enc_key "$aes" --enc-pad e.elf out.sig
    says "no board that is known would load it"
    gives e.elf --enc-pad --preflight=off
    expect 0 rproc-dump --format json out.sig
    [ "$(jq '.files[0].images[0].size' <<< "$output")" -eq 1056 ]
}

@test "--enc-pad says what is in the way" {
    in_the_way() { # WORDS [WORD NUMBER...]...
        layout e.elf "${@:2}"
        refused "$1" e.elf --enc-pad
    }
    layout e.elf load 0x200 33 47
    refused "segment 0: --enc-pad would have to append 15 bytes, but p_memsz 47 has no room for them" \
        e.elf --enc-pad
    local zeros="segment 0: --enc-pad would have to write 15 zero bytes at 0x221 of the file, over bytes of"
    in_the_way "$zeros segment 1 (64 bytes at 0x222)" load 0x200 33 64 load 0x222 64 64
    in_the_way "$zeros segment 1 (1 bytes at 0x22f)" load 0x200 33 64 note 0x22f 1
    in_the_way "$zeros segment 1 (48 bytes at 0x1f2)" load 0x200 33 64 note 0x1f2 48
    in_the_way "$zeros section .comment (4 bytes at 0x22c)" \
        load 0x200 33 64 section .comment 0x22c 4
    in_the_way "$zeros section .data (34 bytes at 0x200)" \
        load 0x200 33 64 section .text 0x200 33 section .data 0x200 34
    in_the_way "$zeros the section name table (11 bytes at 0x221)" load 0x200 33 64 names 0x221 shoff 0x300
    in_the_way "$zeros the section headers (80 bytes at 0x224)" load 0x200 33 64 shoff 0x224
    in_the_way "$zeros the program headers (32 bytes at 0x22c)" load 0x200 33 64 phoff 0x22c
    # what ends before, starts behind, has no bytes in the file, or is empty is not
    layout e.elf load 0x200 33 64 note 0x230 8 note 0x221 0 section .text 0x200 33 section .bss 0x221 64 \
        section .more 0x230 8 section .none 0x225 0
    expect 0 rproc-sign --key "$key" --enc_key "$aes" --enc-pad e.elf out.sig
}

# --- Verifying ----------------------------------------------------------------------------------

@test "without the AES key the ciphertext is authenticated" {
    cp "$vectors/expected/st_encrypted.sig" e.sig
    expect 0 rproc-verify --key "$public" e.sig
    run ! grep -q decrypted <<< "$output"
    put e.sig $((796 + 0x3000)) X
    expect 1 rproc-verify --key "$public" e.sig
    says "a segment's bytes are not those that were signed"
    expect 1 rproc-verify --key "$public" --enc_key "$aes" e.sig
    says "a segment's bytes are not those that were signed"
}

@test "with the AES key it is said what shows that it is the right one" {
    verify() { # OPTION... FILE
        expect "$1" rproc-verify --key "$public" "${@:2}"
    }
    json() { # FILTER
        jq -c ".files[0].decryption$1" <<< "$output"
    }
    verify 0 --enc_key "$aes" "$vectors/expected/st_encrypted.sig"
    shows "  decrypted: the AES key is the right one, since it gives a resource table"
    verify 0 --enc_key "$aes" --format json "$vectors/expected/st_encrypted.sig"
    [ "$(json '')" = '{"encrypted":true,"key_confirmed_by":"resource-table","is_original":false}' ]
    verify 0 --enc_key "$aes" --format json --original "$vectors/elf/ns_aligned16.elf" \
        "$vectors/expected/st_encrypted.sig"
    [ "$(json '')" = '{"encrypted":true,"key_confirmed_by":"original","is_original":true}' ]
    verify 0 --format json "$vectors/expected/st_encrypted.sig"
    [ "$(json '')" = null ]
    # no resource table
    expect 0 rproc-sign --key "$key" --enc_key "$aes" "$vectors/elf/ns_note16.elf" n.sig
    openssl rand -out other 32
    for file in "$aes" other; do
        verify 0 --enc_key "$file" n.sig
        shows "  decrypted: nothing tells whether the AES key is the right one; --original does"
    done
    verify 0 --enc_key other --format json n.sig
    [ "$(json .key_confirmed_by)" = null ]
    verify 1 --enc_key other --original "$vectors/elf/ns_note16.elf" n.sig
    says "is not $vectors/elf/ns_note16.elf: byte 0 of a segment, at 0x9c of that file, is "
    says "(image 0, segment 1, offset "
    says "it was made from another file, or the AES key is not the one it was encrypted with"
    # the resource table tells
    verify 1 --enc_key other "$vectors/expected/st_encrypted.sig"
    says "unknown resource table version"
    says "; or the AES key is not the one it was encrypted with"
    # nothing to decrypt
    verify 0 --enc_key "$aes" "$vectors/expected/st_single.sig"
    shows "  not encrypted"
    verify 0 --enc_key "$aes" --original "$vectors/elf/zephyr_ns.elf" "$vectors/expected/st_single.sig"
    shows "  not encrypted; the images are the ELF files given"
    verify 0 --enc_key "$aes" --format json "$vectors/expected/st_single.sig"
    [ "$(json '')" = '{"encrypted":false,"key_confirmed_by":null,"is_original":false}' ]
    expect 0 rproc-verify --no-signature --enc_key "$aes" "$vectors/expected/st_encrypted.sig"
    shows "  decrypted: the AES key is the right one"
}

@test "a resource table is judged as it is decrypted" {
    cp "$vectors/elf/ns_aligned16.elf" e.elf
    put e.elf $((0x3090)) '\2'
    for dry in '' -n; do
        expect 1 rproc-sign --key "$key" --enc_key "$aes" $dry e.elf out
        says "unknown resource table version: found 2, expected 1"
        [ ! -e out ]
    done
    put e.elf $((0x3090)) '\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1'
    expect 1 rproc-sign --key "$key" --enc_key "$aes" e.elf out
    says "reserved words"
}

@test "every byte of an image is compared with --original" {
    cp "$vectors/elf/ns_note16.elf" n.elf
    size=$(stat -c %s n.elf)
    expect 0 rproc-sign --key "$key" --enc_key "$aes" n.elf n.sig
    for at in 24 36 150 156 411 412 443 444 500 $((size - 1)); do
        cp n.elf other.elf
        byte=$(xxd -p -s "$at" -l 1 n.elf)
        put other.elf "$at" "\\x$(printf %02x $((0x$byte ^ 4)))"
        expect 1 rproc-verify --key "$public" --enc_key "$aes" --original other.elf n.sig
        says "at 0x$(printf %x "$at") of that file"
        says "0x$byte, expected 0x$(printf %02x $((0x$byte ^ 4)))"
        says "offset $(($(rproc-dump --format json n.sig | jq '.files[0].images[0].offset') + at)))"
    done
    # another size
    head -c $((size - 4)) n.elf > short.elf
    { cat n.elf; head -c 100 /dev/zero; } > long.elf
    expect 1 rproc-verify --key "$public" --enc_key "$aes" --original long.elf n.sig
    says "it has 592 bytes with its padding, expected 688 (image 0, offset"
    expect 1 rproc-verify --key "$public" --enc_key "$aes" --original short.elf n.sig
    says "the image is not made from the ELF file given, which cannot be signed so"
}

@test "--original: one for each image, and only with --enc_key" {
    verify=(rproc-verify --key "$public")
    two=$vectors/expected/st_encrypted_two.sig
    expect 2 "${verify[@]}" --original m4.elf "$two"
    says "--original without --enc_key"
    expect 2 "${verify[@]}" --enc_key "$aes" --original "$vectors/elf/ns_note16.elf" "$two"
    says "$two: original ELF files: 1, but images: 2; give one for each image, in their order"
    expect 0 "${verify[@]}" --enc_key "$aes" --original "$vectors/elf/ns_note16.elf" \
        --original "$vectors/elf/ns_aligned16.elf" "$two"
    shows "decrypted: the images are the ELF files given"
    put m4.elf 0 X
    expect 1 "${verify[@]}" --enc_key "$aes" --original m4.elf "$vectors/expected/st_encrypted.sig"
    says "m4.elf: not an ELF file"
    expect 2 "${verify[@]}" --enc_key "$aes" --original nothing "$vectors/expected/st_encrypted.sig"
    says "nothing: cannot open"
    expect 2 "${verify[@]}" --enc_key nothing "$two"
    says "nothing: cannot open"
}

@test "encrypted images are signed elsewhere, and again" {
    expect 0 rproc-sign --public-key "$public" --tbs n.tbs --enc_key "$aes" "$vectors/elf/ns_note16.elf"
    openssl dgst -sha256 -sign "$key" -out n.signature n.tbs
    expect 0 rproc-sign --public-key "$public" --attach n.signature n.tbs.unsigned n.sig
    expect 0 rproc-sign --resign --key "$keys/p256.pem" n.sig again.sig
    for file in n.sig again.sig; do
        expect 0 rproc-verify --key "$public" --key "$keys/p256.pub.pem" --enc_key "$aes" \
            --original "$vectors/elf/ns_note16.elf" "$file"
        shows "decrypted: the images are the ELF files given"
    done
}

@test "encrypted images are signed and verified under the script's name" {
    expect 0 sign_rproc_fw --in "$vectors/elf/ns_note16.elf" --key "$key" --enc_key "$aes" --out out
    decrypt out x > parts
    cmp x <(without_zeros "$vectors/elf/ns_note16.elf")
}
