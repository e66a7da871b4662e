#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-key match: which of some keys signed a container, or is in a device.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

include=$BATS_TEST_DIRNAME/../../include

spki() { # KEY
    openssl pkey -pubin -in "$1" -outform DER | sha256sum | cut -d' ' -f1
}

# What is said of a key.
named() { # KEY KIND
    echo "$1 ($2, SPKI SHA-256 $(spki "$1"))"
}

# --- Containers ---------------------------------------------------------------------------------

@test "the key that signed each container is named, whatever the others are" {
    all=("$keys"/{rsa2048,rsa2048.pkcs1,rsa3072,rsa4096,p256}.pub.pem)
    expect 0 rproc-key match "${all[@]}" -- \
        "$vectors"/expected/{rsa2048_single,rsa2048_pkcs1,rsa3072_single,rsa4096_single,p256_single}.sig
    [ "$output" = "$vectors/expected/rsa2048_single.sig: signed by $(named "$keys/rsa2048.pub.pem" RSA-2048)
$vectors/expected/rsa2048_pkcs1.sig: signed by $(named "$keys/rsa2048.pkcs1.pub.pem" RSA-2048)
$vectors/expected/rsa3072_single.sig: signed by $(named "$keys/rsa3072.pub.pem" RSA-3072)
$vectors/expected/rsa4096_single.sig: signed by $(named "$keys/rsa4096.pub.pem" RSA-4096)
$vectors/expected/p256_single.sig: signed by $(named "$keys/p256.pub.pem" "EC P-256")" ]
    [ -z "$stderr" ]
    expect 0 rproc-key match "$keys" -- "$vectors/expected/rsa2048_pkcs1.sig"
    shows ": signed by $keys/rsa2048.pkcs1.pem (RSA-2048"
}

@test "none of the keys: exit status 1, and what the signature is" {
    expect 1 rproc-key match "$keys"/{rsa3072,p256}.pub.pem -- "$vectors/expected/rsa2048_single.sig" \
        "$vectors/expected/rsa3072_single.sig"
    says "rproc-key: $vectors/expected/rsa2048_single.sig: signed with none of the keys, or changed since; its signature is RSA-2048"
    [ "$output" = "$vectors/expected/rsa3072_single.sig: signed by $(named "$keys/rsa3072.pub.pem" RSA-3072)" ]
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- "$vectors/expected/p256_single.sig"
    says "its signature is ECDSA P-256"
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- "$vectors/device/signature_flip.sig"
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- "$vectors/device/tlv_flip.sig"
}

@test "only the signature counts: of a container that is changed behind it, or cut, the key is named" {
    expect 0 rproc-key match "$keys/rsa2048.pub.pem" -- "$vectors/device"/{segment_flip,truncated}.sig
    [ "$(grep -c ": signed by" <<< "$output")" -eq 2 ]
    head -c 500 "$vectors/expected/rsa2048_single.sig" > cut.sig # within the signature
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- cut.sig
    says "cut.sig: its signature cannot be read: "
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- "$vectors/device/header_only.sig"
    rproc-sign --public-key "$keys/rsa2048.pub.pem" --tbs fw.tbs m4.elf > /dev/null
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- fw.tbs.unsigned
    says "fw.tbs.unsigned: not signed yet: its signature is zero"
    # no key that could not be opened can have made it
    mkdir folder
    cp "$keys"/{rsa2048.pub,p256.encrypted}.pem folder
    expect 1 rproc-key match folder -- fw.tbs.unsigned cut.sig
    says "fw.tbs.unsigned: not signed yet: its signature is zero"
    says "cut.sig: its signature cannot be read: "
}

@test "PKEYINFO is compared with every key, and a warning says if it is not of the key that signed" {
    expect 0 rproc-key match "$keys"/{p256,rsa2048}.pub.pem -- "$vectors/expected/st_key_info.sig"
    [ "${lines[0]}" = "$vectors/expected/st_key_info.sig: signed by $(named "$keys/rsa2048.pub.pem" RSA-2048)" ]
    [ "${lines[1]}" = "$vectors/expected/st_key_info.sig: PKEYINFO is $(named "$keys/rsa2048.pub.pem" RSA-2048)" ]
    [ -z "$stderr" ]

    rproc-sign --key "$keys/rsa2048.pem" --key_info "$keys/p256.spki.der" m4.elf stale.sig
    expect 0 rproc-key match "$keys"/{p256,rsa2048}.pub.pem -- stale.sig
    shows "stale.sig: PKEYINFO is $(named "$keys/p256.pub.pem" "EC P-256")"
    says "warning: stale.sig: PKEYINFO is not of the key that signed; a board that looks at it refuses"
    expect 0 rproc-key match "$keys/rsa2048.pub.pem" -- stale.sig
    says "warning: stale.sig: PKEYINFO is not of the key that signed"
    [ "${#lines[@]}" -eq 1 ]
    # anybody can put a key there: it is no signature
    expect 1 rproc-key match "$keys/p256.pub.pem" -- stale.sig
    shows "stale.sig: PKEYINFO is $(named "$keys/p256.pub.pem" "EC P-256")"
    says "stale.sig: signed with none of the keys"
}

# --- Other files --------------------------------------------------------------------------------

# A program of 600 KiB that has the constants in FILE compiled in, somewhere behind.
program_with() { # FILE
    printf 'static const char filler[600000] = {1};\nint main(void) { return filler[1]; }\n' > main.c
    gcc -O0 -I"$include" -o image main.c "$1"
}

@test "a key that is compiled in is found, as OP-TEE has it and as devices with this library have it" {
    for k in rsa2048 rsa3072 rsa4096; do
        rproc-key c-source --style optee --out key.c "$keys/$k.pub.pem"
        program_with key.c
        expect 0 rproc-key match "$keys"/{p256,rsa2048,rsa3072,rsa4096}.pub.pem -- image
        [ "${#lines[@]}" -eq 1 ]
        shows "image: contains $(named "$keys/$k.pub.pem" "${k/rsa/RSA-}") at 0x"
        at=$((${output##* at }))
        modulus=$(openssl rsa -pubin -in "$keys/$k.pub.pem" -noout -modulus | cut -d= -f2 | tr A-F a-f)
        [ "$(tail -c +$((at + 1)) image | head -c $((${#modulus} / 2)) | xxd -p | tr -d '\n')" = "$modulus" ]
    done
    rproc-key c-source --out key.c "$keys/p256.pub.pem"
    program_with key.c
    expect 0 rproc-key match "$keys"/{rsa2048,p256}.pub.pem -- image
    [[ $output == "image: contains $(named "$keys/p256.pub.pem" "EC P-256") at 0x"* ]]
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- image
    says "image: a bare ELF file without the numbers of any of the keys"
}

@test "several keys in one file, and one several times" {
    head -c 300000 /dev/zero > image
    cat "$keys/rsa2048.spki.der" "$keys/p256.spki.der" "$keys/rsa2048.spki.der" >> image
    expect 0 rproc-key match "$keys"/{p256,rsa2048,rsa3072}.pub.pem -- image
    [ "$output" = "image: contains $(named "$keys/p256.pub.pem" "EC P-256") at $(printf '0x%x' $((300000 + 294 + 27)))
image: contains $(named "$keys/rsa2048.pub.pem" RSA-2048) at $(printf '0x%x' $((300000 + 33))), 2 times" ]
}

@test "x of P-256 without its y is no key: another has the same x" {
    tail -c 64 "$keys/p256.spki.der" | head -c 32 > image
    expect 1 rproc-key match "$keys/p256.pub.pem" -- image
    tail -c 32 "$keys/p256.spki.der" > image
    expect 1 rproc-key match "$keys/p256.pub.pem" -- image
    tail -c 64 "$keys/p256.spki.der" | head -c 32 >> image # wherever they stand
    expect 0 rproc-key match "$keys/p256.pub.pem" -- image
    shows " at 0x20"
}

@test "other files say what they are: empty, a TA, an older container" {
    : > empty
    printf 'HSTO............' > ta
    cat "$keys/rsa2048.spki.der" >> ta
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" -- empty ta
    says "empty: an empty file without the numbers of any of the keys"
    [[ $output == "ta: contains "* ]]
    expect 1 rproc-key match "$keys/p256.pub.pem" -- ta
    says "ta: a signed OP-TEE trusted application without"
}

@test "a large file is read once for all keys, and does not stand in memory" {
    truncate -s 300M image
    openssl pkey -pubin -in "$keys/rsa4096.pub.pem" -outform DER >> image
    cat > measure.py << 'PYTHON'
import os, re, resource, subprocess, sys, tempfile

def bytes_read(): # by this process and those that it has waited for
    with open("/proc/self/io") as io:
        return int(re.search(r"rchar: (\d+)", io.read()).group(1))

# what a build that counts coverage keeps is not read
environment = dict(os.environ, GCOV_PREFIX=tempfile.mkdtemp(dir="."))
before = bytes_read()
subprocess.run(sys.argv[1:], check=True, env=environment)
print(bytes_read() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PYTHON
    read -r few memory < <(python3 measure.py rproc-key match "$keys"/*.pub.pem -- "$keys/rsa2048.spki.der" | tail -n 1)
    expect 0 python3 measure.py rproc-key match "$keys"/*.pub.pem -- image
    [[ ${lines[0]} == *"contains $keys/rsa4096.pub.pem "*" at $(printf '0x%x' $((300 * 1048576 + 33)))" ]]
    read -r many grown <<< "${lines[1]}"
    echo "read: $few, $many bytes; memory: $memory, $grown KiB"
    # once; a sanitizer reads, too, what is mapped where, which is longer one time than another
    [ $((many - few)) -gt $((314572800 - 65536)) ]
    [ $((many - few)) -lt $((314572800 + 65536)) ]
    [ "$grown" -lt $((memory + 65536)) ] # KiB
}

# --- OTP ----------------------------------------------------------------------------------------

@test "--otp: whose hash it is" {
    rsa=$({ tail -c +34 "$keys/rsa2048.spki.der" | head -c 256; tail -c 3 "$keys/rsa2048.spki.der"; } |
        sha256sum | cut -d' ' -f1)
    p256=$(tail -c 64 "$keys/p256.spki.der" | sha256sum | cut -d' ' -f1)
    expect 0 rproc-key match "$keys"/{rsa4096,rsa2048,p256}.pub.pem --otp "$rsa" --otp "$p256"
    [ "$output" = "$rsa: hash of $(named "$keys/rsa2048.pub.pem" RSA-2048)
$p256: hash of $(named "$keys/p256.pub.pem" "EC P-256")" ]
    spaced=$(fold -w 2 <<< "${rsa^^}" | xargs)
    expect 0 rproc-key match --otp "$spaced" "$keys/rsa2048.pub.pem" -- "$vectors/expected/rsa2048_single.sig"
    [ "${#lines[@]}" -eq 2 ]
    expect 1 rproc-key match "$keys"/{rsa4096,rsa2048}.pub.pem --otp "$p256"
    says "rproc-key: $p256: the hash of none of the keys"
    expect 1 rproc-key match "$keys/rsa2048.pub.pem" --otp "$p256" -- "$vectors/expected/rsa2048_single.sig"
    for otp in "" 00 "${rsa}00" "${rsa%?}g" "${rsa%?}" "0x$rsa" "$(printf '00%.0s' {1..500})"; do
        expect 2 rproc-key match "$keys/rsa2048.pub.pem" --otp "$otp"
        says "--otp $otp: expected 32 bytes as pairs of hex digits"
    done
}

# --- JSON ---------------------------------------------------------------------------------------

@test "JSON says the same" {
    rproc-sign --key "$keys/rsa2048.pem" --key_info "$keys/p256.spki.der" m4.elf stale.sig
    status=0
    rproc-key match --format json "$keys"/{rsa2048,p256}.pub.pem --otp "$(printf '00%.0s' {1..32})" \
        -- stale.sig "$keys/rsa2048.spki.der" nofile > got.json 2> /dev/null || status=$?
    [ "$status" -eq 2 ]
    jq -e --arg rsa "$keys/rsa2048.pub.pem" --arg p256 "$keys/p256.pub.pem" \
        --arg der "$keys/rsa2048.spki.der" --arg spki "$(spki "$keys/p256.pub.pem")" '
        .schema == 1 and (.results | length) == 4
        and (.results[0] | .file == null and .result == "no-match" and .matches == []
            and .otp == "00" * 32 and .kind == null)
        and (.results[1] | .file == "stale.sig" and .otp == null and .result == "match" and .message == ""
            and .kind == "a signed container" and .has_pkeyinfo
            and [.matches[] | [.way, .key_file]] == [["signature", $rsa], ["pkeyinfo", $p256]]
            and .matches[1].spki_sha256 == $spki and .matches[1].kind == "EC P-256"
            and .matches[1].offset == null and .matches[1].published == null)
        and (.results[2] | .file == $der and .has_pkeyinfo == false
            and [.matches[] | [.way, .key_file, .offset, .count]] == [["numbers", $rsa, 33, 1]])
        and (.results[3] | .file == "nofile" and .result == "error" and .matches == []
            and .message == "nofile: cannot open: No such file or directory")' got.json
    published_key default.der
    rproc-key match --format json default.der -- default.der |
        jq -e '.results[0].matches[0].published | startswith("keys/default.pem")'
    expect 0 rproc-key match default.der -- default.der
    shows "  WARNING: a published test key (keys/default.pem of OP-TEE"
}

# --- Keys and the command line ------------------------------------------------------------------

@test "a key that cannot be opened may be the one: then the exit status is 2, not 1" {
    mkdir folder
    cp "$keys/p256.pub.pem" "$keys/rsa2048.encrypted.pem" folder
    expect 2 rproc-key match folder -- "$vectors/expected/rsa2048_single.sig"
    says "rsa2048_single.sig: none of the keys that could be used; it may be another: folder/rsa2048.encrypted.pem: the key is encrypted"
    expect 2 rproc-key match folder -- m4.elf
    expect 2 rproc-key match folder --otp "$(printf '00%.0s' {1..32})"
    expect 0 rproc-key match folder -- "$vectors/expected/p256_single.sig"
    PASS=vector-passphrase expect 0 rproc-key match --passphrase env:PASS folder \
        -- "$vectors/expected/rsa2048_single.sig"
    shows "signed by folder/rsa2048.encrypted.pem"
}

@test "usage errors, and files whose names start with -" {
    usage() { # WORDS ARGUMENT...
        expect 2 rproc-key match "${@:2}"
        says "$1"
        says "Try 'rproc-key --help'"
        [ -z "$output" ]
    }
    usage "no key; give keys before --"
    usage "no key; give keys before --" -- m4.elf
    usage "nothing to match the keys with; give files behind --, or --otp" "$keys/p256.pub.pem"
    usage "nothing to match the keys with" "$keys/p256.pub.pem" m4.elf --
    usage "--format yaml: expected text, json or lines" --format yaml "$keys/p256.pub.pem" -- m4.elf
    usage "unrecognized option '--key'" --key "$keys/p256.pub.pem" -- m4.elf
    usage "requires an argument" "$keys/p256.pub.pem" --otp
    usage "--passphrase is given twice" --passphrase stdin --passphrase stdin k -- f
    cp "$keys/p256.spki.der" ./--format
    expect 0 rproc-key match "$keys/p256.pub.pem" --form=text -- --format
    shows "--format: contains "
    expect 0 rproc-key -- match "$keys/p256.pub.pem" -- --format
    expect 0 rproc-key match --help
    shows "Usage: rproc-key match"
}

@test "what cannot be read is said, and the other files are looked at" {
    mkdir folder
    mkfifo fifo
    expect 2 rproc-key match "$keys/p256.pub.pem" -- nofile folder fifo "$keys/p256.spki.der"
    says "nofile: cannot open: No such file or directory"
    says "folder: a folder, not a regular file"
    says "fifo: a device, pipe or socket, not a regular file"
    [[ $output == "$keys/p256.spki.der: contains "* ]]
    expect 2 rproc-key match nofile -- m4.elf
    says "nofile: cannot open"
    expect 2 rproc-key match m4.elf -- m4.elf
    says "m4.elf: no key found"
    cp "$keys/p256.pub.pem" k.pem
    for read in k.pem m4.elf; do
        expect 2 bash -c "rproc-key match k.pem -- m4.elf >> $read"
        says "$read: standard output goes to this file, which is read"
    done
    expect 2 bash -c "rproc-key match k.pem -- '$keys/p256.spki.der' > /dev/full"
    says "standard output: cannot write: No space left"
    cp "$keys/p256.spki.der" $'\033[31m'
    expect 0 rproc-key match "$keys/p256.pub.pem" -- $'\033[31m'
    shows '\x1b[31m: contains '
}
