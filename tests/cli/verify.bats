#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-verify: keys, verdicts, formats.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

good=$vectors/expected/rsa2048_single.sig
public=$keys/rsa2048.pub.pem
spki=2eaa23aeec0f425e72d5b204e79042b6e1ad247fc4a24ab74c7557173a0363b6

@test "every form of the key verifies, and the output says which key it was" {
    openssl rsa -pubin -in "$public" -RSAPublicKey_out -out pkcs1.pem
    openssl pkey -pubin -in "$public" -outform DER -out spki.der
    openssl req -x509 -key "$keys/rsa2048.pem" -subj /CN=test -out cert.pem
    openssl x509 -in cert.pem -outform DER -out cert.der
    openssl rsa -pubin -in "$public" -RSAPublicKey_out -outform DER -out pkcs1.der
    openssl req -new -key "$keys/rsa2048.pem" -subj /CN=test -out request.pem
    cat request.pem "$public" > after.pem
    for k in "$public" pkcs1.der after.pem pkcs1.pem spki.der cert.pem cert.der "$keys/rsa2048.pem"; do
        expect 0 rproc-verify --key "$k" "$good"
        shows "signed by $k (RSA-2048, SPKI SHA-256 $spki)"
    done
}

@test "one of several keys, or of a folder of keys" {
    mkdir d
    cp "$keys/p256.pub.pem" "$keys/rsa4096.pub.pem" "$public" d
    echo nothing > d/README
    expect 0 rproc-verify -k "$keys/p256.pub.pem" -k "$public" "$good"
    shows "signed by $public"
    expect 0 rproc-verify --key d "$good"
    shows "signed by d/rsa2048.pub.pem"
    mkdir same
    cp "$public" same
    expect 0 rproc-verify --key "$public" --key same "$good"
    rm d/rsa2048.pub.pem
    expect 1 rproc-verify --key d "$good"
    rm d/*.pem
    expect 2 rproc-verify --key d "$good"
    says "no key in this folder"
}

@test "without a key: exit status 2" {
    expect 2 rproc-verify "$good"
    says "--no-signature"
    expect 2 rproc-verify --key "$public" --no-signature "$good"
    says "exclude each other"
    expect 2 rproc-verify --key "$public"
    says "no file"
    expect 2 rproc-verify --key nofile "$good"
    says "nofile"
}

@test "--no-signature says first that nothing was authenticated" {
    expect 0 rproc-verify --no-signature "$vectors/device/signature_flip.sig"
    [[ ${lines[0]} == "NOT AUTHENTICATED"* ]]
    expect 1 rproc-verify --no-signature "$vectors/device/segment_flip.sig"
    [[ ${lines[0]} == "NOT AUTHENTICATED"* ]]
    expect 0 rproc-verify --no-signature --format json "$good"
    [ "$(jq -r '.files[0].verdict' <<< "$output")" = unauthenticated ]
    [ "$(jq -r '.files[0].signature.key_file' <<< "$output")" = null ]
}

@test "the wrong key, and a key of the wrong kind, are told apart" {
    expect 1 rproc-verify --key "$keys/rsa2048.pkcs1.pub.pem" "$good"
    says "does not verify with the key"
    expect 1 rproc-verify --key "$keys/p256.pub.pem" "$good"
    says "the signature is RSA-2048, and no key given is of that kind"
    expect 1 rproc-verify --key "$public" "$vectors/expected/p256_single.sig"
    says "the signature is ECDSA P-256"
}

@test "the JSON is as documented" {
    expect 0 rproc-verify --key "$public" --format json "$good"
    jq -e '.schema == 1 and (.files | length) == 1' <<< "$output"
    jq -e '.files[0] | .verdict == "accept" and .status == "ok" and .message == "" and
        .device_result == "0x00000000" and .where == null' <<< "$output"
    jq -e '.files[0].device == {"ta": "OP-TEE 4.10", "board": null, "check": null,
         "name": "TEE_SUCCESS", "signature_assumed": false, "image": null, "segment": null,
         "reason": null, "remedy": null,
         "resource_table": {"address": 268435564, "size": 48}}' <<< "$output"
    jq -e --arg k "$public" --arg s "$spki" '.files[0].signature ==
        {"algorithm": "RSASSA-PKCS1-v1_5-SHA256", "bits": 2048, "key_file": $k,
         "spki_sha256": $s, "published": null}' <<< "$output"
    jq -e '.files[0].images | length == 1 and (.[0].segments | length) == 5 and
        .[0].resource_table == {"address": 268435564, "size": 48}' <<< "$output"
    jq -e '[.files[0].unsigned[].size] | add == 13380' <<< "$output"
    jq -e '.files[0].unsigned[0] == {"offset": 684, "size": 52, "what": "image 0: ELF header"}' \
        <<< "$output"
}

@test "TLVs of unknown types are skipped and reported" {
    file=$vectors/device/unknown_generic_tlv.sig
    expect 0 rproc-verify --key "$public" "$file"
    shows "skipped: TLV 0x00000020"
    expect 0 rproc-verify --key "$public" --format json "$file"
    jq -e '.files[0].skipped_tlvs | length == 1 and .[0].type == 32' <<< "$output"
    expect 0 rproc-verify --key "$public" --format json "$good"
    jq -e '.files[0].skipped_tlvs == []' <<< "$output"
}

@test "every key of a file counts, whatever stands before it" {
    cat "$keys/p256.pub.pem" "$public" > both.pem
    expect 0 rproc-verify --key both.pem "$good"
    shows "signed by both.pem (RSA-2048"
    expect 0 rproc-verify --key both.pem "$vectors/expected/p256_single.sig"
}

@test "a key that stands behind more than 64 others is an error, not a wrong signature" {
    for ((i = 0; i < 63; i++)); do cat "$keys/p256.pub.pem"; done > 63.pem
    cat 63.pem "$public" > 64.pem
    expect 0 rproc-verify --key 64.pem "$good"
    mkdir folder
    cat 63.pem "$keys/p256.pub.pem" "$public" > folder/65.pem
    for key in folder/65.pem folder; do
        expect 2 rproc-verify --key "$key" "$good"
        says "folder/65.pem: more than 64 keys, certificates and the like; give files with fewer"
    done
    # text is nothing of the kind
    { seq 1000; cat "$public"; seq 1000; } > text.pem
    expect 0 rproc-verify --key text.pem "$good"
}

@test "blocks that are no key count among the 64, each once" {
    openssl req -new -key "$keys/p256.pem" -subj /CN=test -out request.pem
    for ((i = 0; i < 63; i++)); do cat request.pem; done > 63.pem
    cat 63.pem "$public" > 64.pem
    expect 0 rproc-verify --key 64.pem "$good"
    mkdir folder
    cp "$keys/p256.pub.pem" folder
    cat 63.pem request.pem "$public" > folder/65.pem
    for key in folder/65.pem folder; do
        expect 2 rproc-verify --key "$key" "$good"
        says "folder/65.pem: more than 64 keys, certificates and the like; give files with fewer"
    done
}

@test "a file too large for a key, beside others, gives no refusal: it may hold the key that signed" {
    mkdir folder
    cp "$keys/p256.pub.pem" folder
    { cat "$public"; head -c 1048576 /dev/zero | tr '\0' '\n'; } > folder/large.pem
    expect 2 rproc-verify --key folder/large.pem "$good"
    says "folder/large.pem: too large for a key file; expected less than 1048576 bytes"
    expect 2 rproc-verify --key folder "$good"
    says "$good: signed with none of the keys that could be used; it may be another's: folder/large.pem: too large"
    expect 0 rproc-verify --key folder "$vectors/expected/p256_single.sig"
    expect 0 rproc-verify -v --key folder "$vectors/expected/p256_single.sig"
    says "left out: folder/large.pem: too large for a key file"
    truncate -s 1048575 folder/large.pem
    expect 0 rproc-verify --key folder "$good"
}

@test "a passphrase that cannot be read is an error, in a folder of keys, too" {
    mkdir folder
    cp "$keys/p256.pub.pem" folder
    cp "$keys/rsa2048.encrypted.pem" folder/secret.pem
    cat folder/* > both.pem
    PASS=vector-passphrase expect 0 rproc-verify --key folder --passphrase env:PASS "$good"
    PASS=vector-passphrase expect 0 rproc-verify --key both.pem --passphrase env:PASS "$good"
    cannot() { # WORDS ARGUMENT...
        expect 2 rproc-verify --key folder "${@:2}" "$good"
        says "folder/secret.pem: $1"
        expect 2 rproc-verify --key both.pem "${@:2}" "$good"
        says "both.pem: $1"
        [ -z "$output" ]
    }
    cannot "cannot read its passphrase: Is a directory" --passphrase file:folder
    cannot "cannot read its passphrase: Bad file descriptor" --passphrase fd:77
    cannot "the key is encrypted: the environment has no NOT_THERE" --passphrase env:NOT_THERE
    expect 2 setsid -w rproc-verify --key folder --passphrase prompt "$good" < /dev/null
    says "folder/secret.pem: cannot read its passphrase: no passphrase was entered"
}

@test "a key that its passphrase does not open gives no refusal: the signature may be its own" {
    mkdir folder
    cp "$keys/p256.pub.pem" folder
    cp "$keys/rsa2048.encrypted.pem" folder/secret.pem
    cat folder/* > behind.pem
    cat folder/secret.pem folder/p256.pub.pem > before.pem
    told() { # WORDS ARGUMENT...
        for key in folder behind.pem before.pem; do
            secret=${key/%folder/folder/secret.pem}
            expect 2 rproc-verify --key "$key" "${@:2}" "$good"
            says "$good: signed with none of the keys that could be used; it may be another's: $secret: $1"
            [ -z "$output" ]
            # what another key signed, and what is refused before, is judged
            expect 0 rproc-verify --key "$key" "${@:2}" "$vectors/expected/p256_single.sig"
            expect 1 rproc-verify --key "$key" "${@:2}" "$vectors/device/bad_magic.sig"
        done
    }
    PASS=wrong told "wrong passphrase, or a damaged key" --passphrase env:PASS
    told "the key is encrypted; give its passphrase"
    PASS=wrong expect 2 rproc-verify -v --key folder --passphrase env:PASS "$good"
    says "left out: folder/secret.pem: wrong passphrase"
    PASS=wrong expect 2 rproc-verify --format json --key folder --passphrase env:PASS "$good"
    [ "$(jq -r '.files[0] | .verdict, .status' <<< "$output" | xargs)" = "error key" ]
}

@test "one passphrase opens all keys, from where it can be read only once, too" {
    mkdir folder
    cp "$keys/rsa2048.encrypted.pem" folder/1.pem
    openssl pkcs8 -topk8 -in "$keys/p256.pem" -passout pass:vector-passphrase -out folder/2.pem
    cat folder/*.pem > both.pem
    echo vector-passphrase > pass
    mkfifo pipe
    both() { # ARGUMENT...
        for key in folder both.pem; do
            for file in "$good" "$vectors/expected/p256_single.sig"; do
                [ ! -e refill ] || timeout 10 cp pass pipe &
                expect 0 rproc-verify --key "$key" "$@" "$file" < pass 7< pass
            done
        done
    }
    both --passphrase stdin
    both --passphrase fd:7
    both --passphrase file:pass
    touch refill
    both --passphrase file:pipe
}

@test "a refusal names status and place in JSON" {
    expect 1 rproc-verify --key "$public" --format json "$vectors/device/segment_flip.sig"
    jq -e '.files[0] | .verdict == "reject" and .status == "segment-hash" and
        .where == {"offset": 4780, "tlv": null, "image": 0, "segment": 0}' <<< "$output"
}

@test "several files: each is judged, the worst exit status wins" {
    expect 1 rproc-verify --key "$public" "$vectors/device/bad_magic.sig" "$good"
    shows "$good: accepted"
    says "bad_magic.sig: "
    expect 2 rproc-verify --key "$public" nofile "$vectors/device/bad_magic.sig" "$good"
    shows "$good: accepted"
    expect 2 rproc-verify --key "$public" --format json nofile "$good"
    [ "$(jq -r '[.files[].verdict] | join(" ")' <<< "$output")" = "error accept" ]
}

@test "-q prints nothing of accepted files, -v segments and unsigned ranges" {
    expect 0 rproc-verify -q --key "$public" "$good"
    [ -z "$output$stderr" ]
    expect 0 rproc-verify -v --key "$public" "$good"
    shows "image 0: section .symtab"
    shows a8aed5eb2b474afaffa85c5e76b3b02d5fd83ea90795c3e3c4576d71389da66a
}

@test "foreign files are named for what they are" {
    check() { # WORDS
        expect 1 rproc-verify --key "$public" f
        says "$1"
    }
    cp m4.elf f
    check "a bare ELF file; sign it with rproc-sign first"
    : > f
    check "an empty file"
    printf 'HSTO and more bytes than twenty' > f
    check "OP-TEE trusted application"
    printf 'STM2 and more bytes than twenty' > f
    check "STM32 boot image"
    printf '\x3d\xb8\xf3\x96 and more bytes than twenty' > f
    check "MCUboot image"
    printf 'text and more bytes than twenty' > f
    check "wrong magic"
}

# words NUMBER...: little-endian u32.
words() {
    local n
    for n; do
        # shellcheck disable=SC2059 # the bytes are the format
        printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((n & 255)) $((n >> 8 & 255)) \
            $((n >> 16 & 255)) $((n >> 24 & 255)))"
    done
}

@test "p_filesz larger than p_memsz is refused by a rule of our own, and says so" {
    python3 - "$good" << 'PYTHON'
import sys
data = open(sys.argv[1], "rb").read()
elf = data.index(b"\x7fELF")
phdr = data[elf + 52:elf + 84]
assert data.count(phdr) == 2  # the table's, too
changed = phdr[:20] + (int.from_bytes(phdr[16:20], "little") - 1).to_bytes(4, "little") + phdr[24:]
open("f", "wb").write(data.replace(phdr, changed))
PYTHON
    expect 1 rproc-verify --no-signature --board stm32mp15-optee f
    says "f: a segment has more bytes in the file than in memory: found 64, expected at most 63 ("
    says "); a rule of this verifier, for boards write all of it, over what lies behind: mend the linker \
script, link, and sign again"
    shows "f: board stm32mp15-optee (OP-TEE 4.10): loads"
}

@test "the layout of 2020 is named" {
    # magic, version, header length, sign length, sign offset, sign type, hash length, hash offset,
    # hash type, key length, key offset, image length, image offset, image type
    {
        words 0x3543A468 1 56 256 120 1 64 56 1 0 0 13600 376 1
        head -c 320 /dev/zero
        cat m4.elf
    } > f
    expect 1 rproc-verify --key "$public" f
    says "layout of 2020"
    expect 1 rproc-verify --key "$public" --format json f
    [ "$(jq -r '.files[0].status' <<< "$output")" = old-layout-2020 ]
}

@test "the layout of the 2023 beta is named" {
    {
        words 0x3543A468 1 256 13600 16 16
        head -c 256 /dev/zero
        cat m4.elf
        words 0x6907 8 0 0 0x6908 8 0 0
    } > f
    expect 1 rproc-verify --key "$public" f
    says "layout of the 2023 beta"
    expect 1 rproc-verify --key "$public" --format json f
    [ "$(jq -r '.files[0].status' <<< "$output")" = old-layout-2023 ]
}

@test "file names that are no UTF-8 give valid JSON" {
    cp "$good" $'bäd\xff.sig'
    expect 0 rproc-verify --key "$public" --format json $'bäd\xff.sig'
    jq -e '.files[0].file == "b\u00e4d\ufffd.sig"' <<< "$output"
}

@test "standard output that is full is noticed" {
    for format in text json; do
        expect 2 bash -c "rproc-verify --key '$public' --format $format '$good' > /dev/full"
        says "standard output"
    done
}

@test "files that cannot be judged: a folder, a pipe" {
    mkfifo p
    expect 2 rproc-verify --key "$public" .
    says "a folder"
    expect 2 rproc-verify --key "$public" p
    says "not a regular file"
}

@test "standard input is not passphrase and key at once, and standard output is neither" {
    cp "$good" g
    cp "$keys/rsa2048.encrypted.pem" k.pem
    for source in stdin fd:0; do
        expect 2 timeout 10 rproc-verify --passphrase "$source" --key /dev/stdin g < k.pem
        says "--passphrase: it is to be read from /dev/stdin, which is read for something else"
        expect 2 timeout 10 rproc-verify --passphrase "$source" --key k.pem /dev/stdin < g
        says "--passphrase: it is to be read from /dev/stdin"
    done
    cp "$public" p
    for appended in g p; do
        cp "$appended" before
        expect 2 bash -c "rproc-verify --key p g >> $appended"
        says "$appended: standard output goes to this file, which is read"
        cmp "$appended" before
    done
    expect 0 bash -c "cat p | rproc-verify --key /dev/stdin g"
}
