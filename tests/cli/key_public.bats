#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-key show, public and pkeyinfo: what a key is, and its public half for others.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

encrypted=$keys/rsa2048.encrypted.pem
passphrase=vector-passphrase

# rsa_with EXPONENT FILE: a private key of RSA-2048.
rsa_with() {
    openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_pubexp:$1" -out "$2"
}

# What ST's boards have in OTP, from the DER of openssl: the last bytes of P-256's are x and y; in
# RSA's the modulus stands at 33, the exponent at the end.
otp_hash() { # KEY
    openssl pkey -in "$1" -pubout -outform DER > spki
    case $(stat -c %s spki) in
    91) tail -c 64 spki ;;
    294) { tail -c +34 spki | head -c 256; tail -c 3 spki; } ;;
    esac | sha256sum | cut -d' ' -f1
    rm spki
}

# --- public -------------------------------------------------------------------------------------

@test "public: the bytes of openssl pkey -pubout, as PEM and as DER, of every key" {
    rsa_with 3 exponent3.pem
    rsa_with 4294967297 exponent33.pem
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2049 -out rsa2049.pem
    for k in "$keys"/{rsa2048,rsa2048.pkcs1,rsa3072,rsa4096,p256}.pem exponent3.pem exponent33.pem \
        rsa2049.pem; do
        openssl pkey -in "$k" -pubout -out expected.pem
        openssl pkey -in "$k" -pubout -outform DER -out expected.der
        rproc-key public "$k" | cmp - expected.pem
        rproc-key public --format pem expected.der | cmp - expected.pem
        rproc-key public --der expected.pem | cmp - expected.der
        rproc-key public --format der --out out.der "$k"
        cmp out.der expected.der
        rproc-key public -o out.pem "$k"
        cmp out.pem expected.pem
        rm out.pem
    done
}

@test "public: of a certificate and of an encrypted key; nothing of the private half is written" {
    openssl req -x509 -key "$keys/rsa2048.pem" -subj /CN=test -out cert.pem
    rproc-key public cert.pem | cmp - "$keys/rsa2048.pub.pem"
    PASS=$passphrase rproc-key public --passphrase env:PASS "$encrypted" |
        cmp - "$keys/rsa2048.pub.pem"
    expect 0 rproc-key public "$keys/p256.pem"
    [ "$output" = "$(cat "$keys/p256.pub.pem")" ]
    [ -z "$stderr" ]
}

@test "public: an output that is the key or the passphrase's file is refused, an old one replaced" {
    cp "$encrypted" k.pem
    echo "$passphrase" > pass
    expect 2 rproc-key public --passphrase file:pass --out ./k.pem k.pem
    says "./k.pem: the output is the key"
    expect 2 rproc-key public --passphrase file:pass --out pass k.pem
    says "pass: the output is pass, which an option reads"
    cmp k.pem "$encrypted"
    echo old > out
    expect 0 rproc-key public --passphrase file:pass --out out k.pem
    cmp out "$keys/rsa2048.pub.pem"
    only_files m4.elf k.pem pass out
}

@test "DER does not go to a terminal" {
    for command in "public --der" pkeyinfo; do
        # shellcheck disable=SC2086 # words
        run at_terminal "" rproc-key $command "$keys/p256.pub.pem"
        [ "$status" -eq 2 ]
        grep -q "standard output is a terminal; DER is no text" typed
    done
    at_terminal "" rproc-key public "$keys/p256.pub.pem"
    grep -q "BEGIN PUBLIC KEY" typed
}

# --- pkeyinfo -----------------------------------------------------------------------------------

@test "pkeyinfo: 294 or 91 bytes, the SubjectPublicKeyInfo" {
    rproc-key pkeyinfo "$keys/rsa2048.pub.pem" | cmp - "$keys/rsa2048.spki.der"
    rproc-key pkeyinfo --out info "$keys/p256.pem"
    cmp info "$keys/p256.spki.der"
    [ "$(stat -c %s "$keys/rsa2048.spki.der" info | xargs)" = "294 91" ]
}

@test "pkeyinfo: a key that ST's boards cannot use is refused, and nothing is written" {
    rsa_with 3 exponent3.pem
    rsa_with 65539 exponent65539.pem
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2056 -out rsa2056.pem
    refused() { # WORDS KEY
        expect 2 rproc-key pkeyinfo --out info "$2"
        says "$2: an $1, which ST's boards cannot use"
        says "they take RSA-2048 with the public exponent 65537, and EC P-256"
        expect 2 rproc-sign --key "${2/.pub/}" --key_info spki m4.elf out
        says "${2/.pub/}: an $1, which ST's boards cannot use"
        [ ! -e info ]
        [ ! -e out ]
    }
    refused "RSA-3072 key" "$keys/rsa3072.pub.pem"
    refused "RSA-4096 key" "$keys/rsa4096.pub.pem"
    refused "RSA-2056 key" rsa2056.pem
    refused "RSA-2048 key whose public exponent is not 65537" exponent3.pem
    refused "RSA-2048 key whose public exponent is not 65537" exponent65539.pem
}

@test "rproc-sign --key_info spki puts the signing key into PKEYINFO; ./spki and the script's name mean a file" {
    st=(--layout st --plat-tlv BOOTADDR 0x80100000 "$vectors/elf/zephyr_ns.elf")
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --key_info spki "${st[@]}" out
    cmp out "$vectors/expected/st_key_info.sig"
    PASS=azerty expect 0 rproc-sign --key "$keys/p256.encrypted.pem" --passphrase env:PASS \
        --key-info spki "${st[@]}" out
    expect 0 rproc-verify --key "$keys/p256.pub.pem" out
    rproc-dump --extract parts out
    cmp parts/tlv-00000011.bin "$keys/p256.spki.der"

    expect 2 rproc-sign --key "$keys/rsa2048.pem" --key_info ./spki m4.elf out
    says "./spki: cannot open"
    expect 2 sign_rproc_fw --key "$keys/rsa2048.pem" --key_info spki --in m4.elf --out out
    says "spki: cannot open"
    echo "a file" > spki
    rproc-sign --key "$keys/rsa2048.pem" --key_info ./spki m4.elf file.sig
    rproc-dump --extract file file.sig
    cmp file/tlv-00000011.bin spki
    sign_rproc_fw --key "$keys/rsa2048.pem" --key_info spki --in m4.elf --out script.sig
    cmp script.sig file.sig
    # the word is no file that the output must not be
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --key_info spki m4.elf spki
    rproc-verify -q --key "$keys/rsa2048.pub.pem" spki
}

# --- show ---------------------------------------------------------------------------------------

# A private key where everybody reads it.
@test "--key_info: no private key, in whatever form, goes into a container" {
    openssl pkey -in "$keys/rsa2048.pem" -outform DER -out pkcs8.der
    openssl rsa -in "$keys/rsa2048.pem" -traditional -outform DER -out pkcs1.der
    openssl ec -in "$keys/p256.pem" -outform DER -out sec1.der
    openssl rsa -in "$keys/rsa2048.pem" -traditional -out pkcs1.pem
    openssl ec -in "$keys/p256.pem" -out sec1.pem
    cp "$keys/rsa2048.pem" "$keys/p256.encrypted.pem" .
    cat "$keys/rsa2048.pub.pem" sec1.pem > both.pem
    { echo '-----BEGIN OPENSSH PRIVATE KEY-----'; cat pkcs8.der; } > ssh
    rproc-sign --key "$keys/rsa2048.pem" m4.elf signed
    for file in pkcs8.der pkcs1.der sec1.der pkcs1.pem sec1.pem rsa2048.pem p256.encrypted.pem both.pem ssh; do
        for dry in '' -n; do
            expect 2 rproc-sign --key "$keys/rsa2048.pem" $dry --key_info "$file" m4.elf out
            says "--key_info: a private key, and everybody could read it in the container; give the public one, or --key_info spki"
            [ ! -e out ]
        done
        expect 2 rproc-sign --public-key "$keys/rsa2048.pub.pem" --tbs t --key_info "$file" m4.elf
        [ ! -e t ]
        expect 2 rproc-sign --resign --key "$keys/rsa2048.pem" --key_info "$file" signed out
        says "signed: the new PKEYINFO is a private key, and everybody can read it there; give the public one of $keys/rsa2048.pem with --key_info"
        [ ! -e out ]
        # the script's users get what it writes
        expect 0 sign_rproc_fw --key "$keys/rsa2048.pem" --key_info "$file" --in m4.elf --out script
        says "warning: --key_info: a private key, and everybody could read it"
        expect 2 rproc-sign --resign --key "$keys/rsa2048.pem" script out
        says "script: its PKEYINFO is a private key"
    done
}

@test "--key_info: a warning says that it is another key; what is no key, or only starts like one, is none" {
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --key_info "$keys/rsa2048.spki.der" m4.elf right
    [ -z "$stderr" ]
    openssl ec -pubin -in "$keys/p256.pub.pem" -conv_form compressed -outform DER -out compressed.der
    expect 0 rproc-sign --key "$keys/p256.pem" --key_info compressed.der m4.elf right
    [ -z "$stderr" ]
    for key in rsa3072 p256; do
        expect 0 rproc-sign --key "$keys/$key.pem" --key_info "$keys/rsa2048.spki.der" m4.elf out
        says "rproc-sign: warning: --key_info: another key than $keys/$key.pem, and boards that read PKEYINFO would look for that one; --key_info spki gives the right one"
        rproc-dump --extract "$key" out
        cmp "$key/tlv-00000011.bin" "$keys/rsa2048.spki.der"
        expect 0 rproc-sign -q --key "$keys/$key.pem" --key_info "$keys/rsa2048.spki.der" m4.elf out
        [ -z "$stderr" ]
    done
    openssl pkey -in "$keys/rsa2048.pem" -outform DER -out pkcs8.der
    openssl rsa -pubin -in "$keys/rsa2048.pub.pem" -RSAPublicKey_out -outform DER -out pkcs1.pub.der
    openssl rsa -pubin -in "$keys/rsa2048.pub.pem" -RSAPublicKey_out -out pkcs1.pub.pem
    printf -- '-----BEGIN PUBLIC KEY-----\nPRIVATE KEY' > text
    printf '\x30\x84\xff\xff\xff\xff' > length
    printf '\x30\x03\x02\x01\x02' > version
    for size in 1 2 3 4 5 6 7 8 20 26 27 1000; do head -c $size pkcs8.der > part$size; done
    for file in part* pkcs1.pub.der pkcs1.pub.pem "$keys/rsa2048.pub.pem" text length version; do
        expect 0 rproc-sign --key "$keys/rsa2048.pem" --key_info "$file" m4.elf out
        [ -z "$stderr" ]
    done
}

@test "show: kind, half, digests, SIGNTYPE and devices of an RSA key" {
    spki=$(sha256sum < "$keys/rsa2048.spki.der" | cut -d' ' -f1)
    expect 0 rproc-key show "$keys/rsa2048.pub.pem"
    [ "$output" = "$keys/rsa2048.pub.pem: RSA-2048, public key
  SPKI SHA-256   $spki
  ST's OTP hash  $(otp_hash "$keys/rsa2048.pem")
  SIGNTYPE       1 (RSASSA-PKCS1-v1_5-SHA256), signatures of 256 bytes
  none of the published test keys
  trusted applications:
    optee    OP-TEE's for STM32MP, with the key compiled in: takes it; up to 26 program headers, 27 where it has 32 bits
    st       ST's 4.0.0, with the key compiled in: takes it; up to 26 program headers, 27 where it has 32 bits
    st-otp   ST's 4.0.0, with the key's hash in OTP and PKEYINFO: takes it; up to 23 program headers, 25 where it has 32 bits
    rprocfw  this project's, with the key compiled in: takes it" ]
    [ -z "$stderr" ]
    expect 0 rproc-key show "$keys/rsa2048.pem"
    [ "${lines[0]}" = "$keys/rsa2048.pem: RSA-2048, private key" ]
}

@test "show: what does not take the key, and what it answers then" {
    expect 0 rproc-key show "$keys/p256.pub.pem"
    shows ": EC P-256, public key"
    shows "  ST's OTP hash  $(otp_hash "$keys/p256.pem")"
    shows "SIGNTYPE       2 (ECDSA-P256-SHA256), signatures of 64 bytes"
    for name in optee st; do
        shows "
    $name "
        grep -qE "^    $name .*: does not take it, answers 0xffff000a: it verifies RSA signatures only$" \
            <<< "$output"
    done
    grep -qE "^    st-otp .*: takes it; up to 26 program headers" <<< "$output"
    expect 0 rproc-key show "$keys/rsa4096.pub.pem"
    shows "  ST's OTP hash  none: there such a key cannot be used"
    grep -qE "^    optee .*: takes it; up to 24 program headers, 25 where" <<< "$output"
    grep -qE "^    st-otp .*: does not take it, answers 0xffff0005: it takes RSA-2048 with" <<< "$output"
    rsa_with 4294967297 exponent33.pem
    expect 0 rproc-key show exponent33.pem
    grep -qE "^    optee .*: does not take it: it has 32 bits for the public exponent$" <<< "$output"
    grep -qE "^    rprocfw .*: takes it$" <<< "$output"
    rsa_with 4294967291 exponent32.pem
    expect 0 rproc-key show exponent32.pem
    grep -qE "^    optee .*: takes it; " <<< "$output"
}

@test "show: a published test key is named" {
    published_key default.der
    expect 0 rproc-key show default.der
    shows "  WARNING: a published test key (keys/default.pem of OP-TEE"
    [ -z "$stderr" ]
    rproc-key show --format json default.der | jq -e '.published | startswith("keys/default.pem")'
}

@test "show: JSON says the same" {
    rproc-key show --format json "$keys/p256.pem" > got.json
    jq -e --arg file "$keys/p256.pem" --arg spki "$(sha256sum < "$keys/p256.spki.der" | cut -d' ' -f1)" \
        --arg otp "$(otp_hash "$keys/p256.pem")" '
        .schema == 1 and .file == $file and .kind == "EC P-256" and .bits == 256 and .private
        and .spki_sha256 == $spki and .otp_hash == $otp and .published == null and .signtype == 2
        and .algorithm == "ECDSA-P256-SHA256" and .signature_size == 64
        and [.devices[].name] == ["optee", "st", "st-otp", "rprocfw"]
        and .devices[0].takes == false and .devices[0].tee_result == "0xffff000a"
        and .devices[0].program_headers_64 == null
        and .devices[2].takes and .devices[2].tee_result == null and .devices[2].why_not == null
        and .devices[2].program_headers_64 == 26 and .devices[2].program_headers_32 == 28' got.json
    rproc-key show --format json "$keys/rsa4096.pub.pem" > got.json
    jq -e '.private == false and .otp_hash == null and .bits == 4096 and .signature_size == 512
        and .devices[0].program_headers_64 == 24 and .devices[0].program_headers_32 == 25
        and .devices[2].takes == false and .devices[2].tee_result == "0xffff0005"' got.json
    cp "$keys/p256.pub.pem" $'k\377\033.pem'
    rproc-key show --format json $'k\377\033.pem' | jq -e '.file == "k\ufffd\u001b.pem"'
    expect 0 rproc-key show $'k\377\033.pem'
    shows 'k\xff\x1b.pem: EC P-256'
}

# --- --expect -----------------------------------------------------------------------------------

@test "--expect: exit status 1, and nothing written, for a key that is not of that half" {
    openssl req -x509 -key "$keys/rsa2048.pem" -subj /CN=test -out cert.pem
    for command in show "show --format json" public "public --der" pkeyinfo c-source; do
        # shellcheck disable=SC2086 # words
        {
            expect 1 rproc-key $command --expect public "$keys/rsa2048.pem"
            [ -z "$output" ]
            says "rproc-key: $keys/rsa2048.pem: a private key, expected a public one; give the public key"
            expect 1 rproc-key $command --expect private "$keys/rsa2048.pub.pem"
            [ -z "$output" ]
            says "$keys/rsa2048.pub.pem: a public key, expected a private one; give the private key"
            PASS=$passphrase expect 1 rproc-key $command --expect public --passphrase env:PASS "$encrypted"
            expect 1 rproc-key $command --expect private cert.pem
            rproc-key $command --expect public cert.pem > /dev/null
            rproc-key $command --expect public "$keys/p256.spki.der" > /dev/null
            rproc-key $command --expect private "$keys/p256.pem" > /dev/null
        }
    done
    expect 1 rproc-key public --expect public --out out "$keys/p256.pem"
    # of both in one file the private half counts
    cat "$keys/p256.pub.pem" "$keys/p256.pem" > both.pem
    expect 1 rproc-key show --expect public both.pem
    only_files m4.elf cert.pem both.pem
}

@test "--expect: a private key that cannot be read, beside a public one, is not passed over" {
    printf -- '-----%s OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n' BEGIN END > ssh
    sed '$d' "$keys/p256.pem" > part
    sed 's/PRIVATE KEY/ANY PRIVATE KEY/' "$keys/p256.pem" > other
    for file in ssh part other; do
        cat "$keys/rsa2048.pub.pem" "$file" > behind
        cat "$file" "$keys/rsa2048.pub.pem" > before
        for beside in behind before; do
            for subcommand in "show --expect public" public; do
                # shellcheck disable=SC2086 # words
                expect 2 rproc-key $subcommand $beside
                [ -z "$output" ]
                says "$beside: a public key, and beside it a private one that cannot be read; give a file with the one that is meant"
            done
            # who verifies finds the public one
            expect 0 rproc-verify -q --key $beside "$vectors/expected/rsa2048_single.sig"
        done
    done
    # with the private key at hand it is known which one is meant
    cat "$keys/rsa2048.pem" ssh > both
    expect 1 rproc-key show --expect public both
    printf 'This is no PRIVATE KEY\n' | cat - "$keys/rsa2048.pub.pem" > text
    expect 0 rproc-key show --expect public text
}

@test "what cannot be read is no answer to --expect: exit status 2" {
    for half in public private; do
        expect 2 rproc-key show --expect $half nofile
        says "nofile: cannot open"
        expect 2 rproc-key show --expect $half m4.elf
        expect 2 rproc-key show --expect $half "$encrypted" < /dev/null
        says "the key is encrypted"
    done
}

# --- Output -------------------------------------------------------------------------------------

# bats test_tags=no-valgrind
@test "standard output that is closed, full or a file that is read is an error" {
    for command in show "show --format json" public pkeyinfo; do
        expect 2 bash -c "rproc-key $command '$keys/p256.pem' > /dev/full"
        says "standard output: cannot write: No space left"
        expect 2 bash -c "rproc-key $command '$keys/p256.pem' >&-"
        cp "$keys/p256.pem" k.pem
        expect 2 bash -c "rproc-key $command k.pem >> k.pem"
        says "k.pem: standard output goes to this file, which is read"
        cmp k.pem "$keys/p256.pem"
    done
}
