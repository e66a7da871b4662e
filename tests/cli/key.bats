#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-key: public keys as C source.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

include=$BATS_TEST_DIRNAME/../../include
public=$keys/rsa2048.pub.pem
encrypted=$keys/rsa2048.encrypted.pem
passphrase=vector-passphrase

# compiles FILE: with each compiler of a device, and without a word.
compiles() {
    local warn=(-std=c11 -Wall -Wextra -Wpedantic -Wmissing-declarations -Werror)
    gcc "${warn[@]}" -ffreestanding -I"$include" -c -o device.o "$1"
    clang "${warn[@]}" -Wmissing-variable-declarations -Wreserved-identifier -ffreestanding \
        -I"$include" -c -o device.o "$1"
    arm-none-eabi-gcc "${warn[@]}" -ffreestanding -mthumb -I"$include" -c -o device.o "$1"
    rm device.o
}

# numbers FILE [NAME]: what is in the constant, a line each, from a program that it is linked to.
numbers() {
    cat > show.c << C
#include <stdio.h>
#include <rprocfw/public_key.h>
extern const struct rprocfw_public_key ${2:-rprocfw_public_key};
static void show(const char *what, const uint8_t *bytes, uint32_t size)
{
    printf("%s ", what);
    for (uint32_t i = 0; bytes != NULL && i < size; i++)
        printf("%02x", (unsigned)bytes[i]);
    printf("%s\n", bytes != NULL ? "" : "NULL");
}
int main(void)
{
    const struct rprocfw_public_key *key = &${2:-rprocfw_public_key};
    printf("signtype %d\n", (int)key->signtype);
    show("modulus", key->modulus, key->modulus_size);
    show("exponent", key->exponent, key->exponent_size);
    show("x", key->x, 32);
    show("y", key->y, 32);
    printf("sizes %u %u\n", (unsigned)key->modulus_size, (unsigned)key->exponent_size);
    return 0;
}
C
    gcc -std=c11 -Wall -Wextra -Werror -I"$include" -o show show.c "$1"
    ./show
    rm show show.c
}

# What openssl says, in the same lines.
rsa_numbers() { # PUBLIC-KEY
    local modulus exponent
    modulus=$(openssl rsa -pubin -in "$1" -noout -modulus | sed 's/^Modulus=//' | tr A-F a-f)
    exponent=$(openssl pkey -pubin -in "$1" -noout -text | sed -n 's/^Exponent: .*(0x\(.*\))$/\1/p')
    [ $((${#exponent} % 2)) -eq 0 ] || exponent=0$exponent
    printf '%s\n' "signtype 1" "modulus $modulus" "exponent $exponent" "x NULL" "y NULL" \
        "sizes $((${#modulus} / 2)) $((${#exponent} / 2))"
}
p256_numbers() { # PUBLIC-KEY
    local point
    point=$(openssl pkey -pubin -in "$1" -outform DER | tail -c 64 | xxd -p -c 64)
    printf '%s\n' "signtype 2" "modulus NULL" "exponent NULL" "x ${point:0:64}" "y ${point:64}" \
        "sizes 0 0"
}

# --- The source ---------------------------------------------------------------------------------

@test "RSA: the source compiles everywhere and has openssl's modulus and exponent" {
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_pubexp:3 -out exponent3.pem
    openssl pkey -in exponent3.pem -pubout -out exponent3.pub.pem
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_pubexp:4294967297 -out exponent33.pem
    openssl pkey -in exponent33.pem -pubout -out exponent33.pub.pem
    for k in "$keys"/rsa{2048,3072,4096}.pub.pem exponent3.pub.pem exponent33.pub.pem; do
        expect 0 rproc-key c-source --out key.c "$k"
        [ -z "$output$stderr" ]
        compiles key.c
        numbers key.c > got
        diff got <(rsa_numbers "$k")
    done
    grep -q '^exponent 0100000001$' got
}

@test "P-256: the source compiles everywhere and has openssl's point" {
    # both coordinates of the second start with a zero byte
    printf %s 3059301306072a8648ce3d020106082a8648ce3d030107034200 \
        04002b130cb9d4a7cbf0ec6dd83e0ef67aca43ccf3cd1b09d54c5aced0eeb53dfc \
        0096c293d929f55a0b2a3cd5d2f200466875b66b222dcf7ae10df8fa4506dfa6 | xxd -r -p > zeros.der
    for k in "$keys/p256.pub.pem" zeros.der; do
        expect 0 rproc-key c-source --out key.c "$k"
        [ -z "$output$stderr" ]
        compiles key.c
        numbers key.c > got
        diff got <(p256_numbers "$k")
    done
    grep -q '^x 002b13.*fc$' got
    grep -q '^y 0096c2.*a6$' got
}

@test "a comment names the kind and the fingerprint, and rproc-verify names the same" {
    rproc-verify --key "$public" "$vectors/expected/rsa2048_single.sig" > verified
    spki=$(sed -n 's/.*SPKI SHA-256 \([0-9a-f]*\).*/\1/p' verified)
    [ ${#spki} -eq 64 ]
    expect 0 rproc-key c-source "$public"
    shows RSA-2048
    shows "$spki"
    expect 0 rproc-key c-source "$keys/p256.pub.pem"
    shows "EC P-256"
    shows "$(sha256sum < "$keys/p256.spki.der" | cut -c1-64)"
}

@test "every form of a key gives the same bytes, and private keys nothing but their public half" {
    rproc-key c-source "$public" > public.c
    openssl pkey -in "$keys/rsa2048.pem" -traditional -out pkcs1.pem
    openssl rsa -pubin -in "$public" -RSAPublicKey_out -out pkcs1.pub.pem
    openssl req -x509 -key "$keys/rsa2048.pem" -subj /CN=test -out cert.pem
    openssl x509 -in cert.pem -outform DER -out cert.der
    for k in "$keys/rsa2048.spki.der" "$keys/rsa2048.pem" pkcs1.pem pkcs1.pub.pem cert.pem cert.der
    do
        rproc-key c-source "$k" | cmp - public.c
    done
    PASS=$passphrase rproc-key c-source --passphrase env:PASS "$encrypted" | cmp - public.c

    rproc-key c-source "$keys/p256.pub.pem" > public.c
    openssl ec -in "$keys/p256.pem" -out sec1.pem
    openssl ec -in "$keys/p256.pem" -conv_form compressed -pubout -out compressed.pem
    for k in "$keys/p256.pem" "$keys/p256.spki.der" sec1.pem compressed.pem; do
        rproc-key c-source "$k" | cmp - public.c
    done
}

@test "two runs give the same bytes, and none of them tells of the files" {
    mkdir -p secret-folder
    cp "$public" secret-folder/secret-name.pem
    rproc-key c-source --out secret-out.c secret-folder/secret-name.pem
    rproc-key c-source "$public" | cmp - secret-out.c
    run ! grep -q secret secret-out.c
}

# --- --name -------------------------------------------------------------------------------------

@test "--name is the name of the constant, and two fit into one program" {
    expect 0 rproc-key c-source --name release_key --out release.c "$public"
    expect 0 rproc-key c-source --name Debug2 --out debug.c "$keys/p256.pub.pem"
    compiles release.c
    compiles debug.c
    numbers release.c release_key > got
    diff got <(rsa_numbers "$public")
    numbers debug.c Debug2 > got
    diff got <(p256_numbers "$keys/p256.pub.pem")
    gcc -I"$include" -nostdlib -r -o both.o release.c debug.c
    [ "$(nm -g both.o | awk '{ print $3 }' | LC_ALL=C sort | xargs)" = "Debug2 release_key" ]
    expect 0 rproc-key c-source --name rprocfw_public_key --out default.c "$public"
    rproc-key c-source "$public" | cmp - default.c
}

@test "what --name takes compiles: names of members, types and functions, too" {
    for name in k K9 k_ modulus exponent x y signtype int8 uint intx_ t_t struct_ Int Auto MAX \
        rprocfw_signtype rprocfw_public_key_modulus printf NULL; do
        expect 0 rproc-key c-source --name "$name" --out key.c "$public"
        compiles key.c
    done
}

@test "no name, a keyword or a reserved name with --name is a usage error" {
    refuse() { # WORDS NAME
        expect 2 rproc-key c-source --name "$2" --out key.c "$public"
        says "--name $2: $1"
        says "Try 'rproc-key --help'"
        only_files m4.elf
    }
    for name in "" 9 9key a-b "a b" "a;" 'a[2]' "a " " a" a.b é naïve 'a"' 'a$'; do
        refuse "no name in C" "$name"
    done
    words="auto break case char const continue default do double else enum extern float for goto
        if inline int long register restrict return short signed sizeof static struct switch typedef
        union unsigned void volatile while
        alignas alignof asm bool constexpr false nullptr static_assert thread_local true typeof
        typeof_unqual main"
    for name in $words; do
        refuse "a word of the language" "$name"
    done
    for name in _ _key _Bool _Generic __key __attribute__; do
        refuse "reserved in C" "$name"
    done
    for name in uint8_t int_fast32_t uintptr_t UINT8_MAX INT32_MIN INTMAX_C RPROCFW_MAGIC; do
        refuse "a name of the headers" "$name"
    done
}

@test "a bad name is refused before a key is looked at or a passphrase asked for" {
    expect 2 rproc-key c-source --name int nofile
    says "--name int"
    run ! grep -q nofile <<< "$stderr"
}

# --- --style optee ------------------------------------------------------------------------------

# What the constants of OP-TEE's code hold, a line each, from a program that declares them as it does.
optee_numbers() { # FILE PREFIX
    cat > show.c << C
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
extern const uint32_t $2_exponent;
extern const uint8_t $2_modulus[];
extern const size_t $2_modulus_size;
int main(void)
{
    printf("modulus ");
    for (size_t i = 0; i < $2_modulus_size; i++)
        printf("%02x", (unsigned)$2_modulus[i]);
    printf("\nexponent 0x%0*lx\n", $2_exponent > 0xFFFFFF ? 8 : 6, (unsigned long)$2_exponent);
    return 0;
}
C
    gcc -std=c11 -Wall -Wextra -Werror -o show show.c "$1"
    ./show
    rm show show.c
}

@test "--style optee: three constants with a prefix, of the types and values that OP-TEE compiles in" {
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_pubexp:4294967291 -out exponent32.pem
    openssl pkey -in exponent32.pem -pubout -out exponent32.pub.pem
    for k in "$keys"/rsa{2048,3072,4096}.pub.pem exponent32.pub.pem; do
        expect 0 rproc-key c-source --style optee --out key.c "$k"
        [ -z "$output$stderr" ]
        compiles key.c
        gcc -c -o key.o key.c
        [ "$(nm key.o | awk '{ print $2, $3 }' | sort | xargs)" = \
            "R rproc_pub_key_exponent R rproc_pub_key_modulus R rproc_pub_key_modulus_size" ]
        optee_numbers key.c rproc_pub_key > got
        rsa_numbers "$k" | sed -n '/^modulus/p; s/^exponent /&0x/p' > expected
        diff got expected
    done
    grep -q '^exponent 0xfffffffb$' got
    expect 0 rproc-key c-source --style optee --prefix ta_pub_key --out key.c "$keys/rsa2048.pem"
    compiles key.c
    optee_numbers key.c ta_pub_key > got
    diff <(head -n 1 got) <(rsa_numbers "$public" | grep '^modulus')
    expect 0 rproc-key c-source --style rprocfw "$public"
    [ "$output" = "$(rproc-key c-source "$public")" ]
}

@test "--style optee refuses what OP-TEE's constants cannot hold, and bad prefixes" {
    expect 2 rproc-key c-source --style optee --out key.c "$keys/p256.pub.pem"
    says "an EC P-256 key; OP-TEE's platforms have constants for RSA keys only"
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_pubexp:4294967297 -out exponent33.pem
    expect 2 rproc-key c-source --style optee --out key.c exponent33.pem
    says "exponent33.pem: an RSA-2048 key whose public exponent has 5 bytes; OP-TEE's constant has 4"
    for prefix in "" 9k a-b int _k uint8_t; do
        expect 2 rproc-key c-source --style optee --prefix "$prefix" --out key.c "$public"
        says "--prefix $prefix: "
    done
    only_files m4.elf exponent33.pem
}

# --- Keys ---------------------------------------------------------------------------------------

@test "encrypted keys: passphrases from everywhere; wrong and missing ones say so" {
    rproc-key c-source "$public" > public.c
    printf '%s\r\nsecond line\n' "$passphrase" > pass
    args=(--out key.c "$encrypted")
    check() {
        cmp key.c public.c
        rm key.c
    }
    PASS=$passphrase expect 0 rproc-key c-source --passphrase env:PASS "${args[@]}"
    check
    expect 0 rproc-key c-source --passphrase file:pass "${args[@]}"
    check
    expect 0 rproc-key c-source --passphrase fd:7 "${args[@]}" 7< pass
    check
    expect 0 rproc-key c-source --passphrase stdin "${args[@]}" < pass
    check
    PASS=wrong expect 2 rproc-key c-source --passphrase env:PASS "${args[@]}"
    says "$encrypted: wrong passphrase, or a damaged key"
    PASS='' expect 2 rproc-key c-source --passphrase env:PASS "${args[@]}"
    says "$encrypted: wrong passphrase: the one given is empty; is it where it is looked for?"
    expect 2 rproc-key c-source --passphrase stdin "${args[@]}" < /dev/null
    says "$encrypted: wrong passphrase: the one given is empty"
    expect 2 rproc-key c-source --passphrase env:NOT_THERE "${args[@]}"
    says "the environment has no NOT_THERE"
    expect 2 rproc-key c-source "${args[@]}" < /dev/null
    says "$encrypted: the key is encrypted: give its passphrase with --passphrase"
    expect 2 rproc-key c-source --passphrase "$passphrase" "${args[@]}"
    says "expected env:VAR"
    run ! grep -q "$passphrase" <<< "$stderr"
    only_files m4.elf public.c pass
}

@test "a person is asked for the passphrase on a terminal" {
    at_terminal "$passphrase" rproc-key c-source --out key.c "$encrypted"
    rproc-key c-source "$public" | cmp - key.c
    grep -q "Passphrase of" typed
    run ! grep -q "$passphrase" typed
}

@test "what is no key of the right kind is refused, with the reason" {
    refuse() { # KEY WORDS
        expect 2 rproc-key c-source --out key.c "$1"
        says "rproc-key: $1: "
        says "$2"
        [ -z "$output" ]
        [ ! -e key.c ]
    }
    openssl genrsa -out small.pem 1024
    openssl ecparam -name secp384r1 -genkey -noout -out p384.pem
    openssl genpkey -algorithm ED25519 -out ed.pem
    : > empty
    refuse small.pem "1024 bits"
    refuse p384.pem "secp384r1"
    refuse ed.pem "ED25519"
    refuse empty "no key found"
    refuse m4.elf "no key found"
    refuse "$vectors/device/good.sig" "no key found"
    refuse nofile "No such file"
    refuse . "directory"
    cat "$keys/rsa2048.pem" "$keys/rsa3072.pem" > two.pem
    expect 0 rproc-key c-source two.pem
}

@test "a published test key: one warning, and a comment in the source that compiles" {
    published_key default.der
    expect 0 rproc-key c-source --out key.c default.der
    says "rproc-key: warning: default.der: a published test key (keys/default.pem of OP-TEE"
    [ "$(wc -l <<< "$stderr")" -eq 1 ]
    grep -q "published test key" key.c
    compiles key.c
    numbers key.c > got
    diff got <(rsa_numbers default.der)
    rproc-key c-source "$public" > own.c
    run ! grep -q published own.c
}

# --- Output -------------------------------------------------------------------------------------

@test "--out FILE, --out - and standard output give the same; a replaced file is whole" {
    rproc-key c-source "$public" > stdout.c
    echo old > key.c
    chmod 600 key.c
    (umask 022 && rproc-key c-source -o key.c "$public")
    cmp key.c stdout.c
    [ "$(stat -c %a key.c)" = 644 ]
    rproc-key c-source --out=- "$public" | cmp - stdout.c
    ln -s key.c link.c
    echo old > key.c
    expect 0 rproc-key c-source "$public" --out link.c
    [ -L link.c ]
    cmp key.c stdout.c
    only_files m4.elf stdout.c key.c link.c
}

# bats test_tags=no-valgrind
@test "a failure leaves the old output as it was and nothing beside it" {
    echo old > key.c
    expect 2 rproc-key c-source --out key.c nofile
    expect 2 rproc-key c-source --out key.c m4.elf
    PASS=wrong expect 2 rproc-key c-source --out key.c --passphrase env:PASS "$encrypted"
    expect 2 rproc-key c-source --out key.c --name int "$public"
    expect 2 bash -c "trap '' XFSZ; ulimit -f 1; rproc-key c-source --out key.c '$public'"
    says "key.c: cannot write: File too large"
    [ "$(cat key.c)" = old ]
    only_files m4.elf key.c
}

@test "an output that is the key or the passphrase's file is refused, through links, too" {
    cp "$encrypted" k.pem
    ln -s k.pem soft
    ln k.pem hard
    echo "$passphrase" > pass
    for out in k.pem soft hard; do
        expect 2 rproc-key c-source --out "$out" --passphrase file:pass k.pem
        says "$out: the output is the key"
    done
    expect 2 rproc-key c-source --out ./pass --passphrase file:pass k.pem
    says "./pass: the output is pass, which an option reads"
    cmp k.pem "$encrypted"
    [ "$(cat pass)" = "$passphrase" ]
    only_files m4.elf k.pem soft hard pass
}

@test "outputs that cannot be written: missing folder, a folder, a device, a full one" {
    expect 2 rproc-key c-source --out nowhere/key.c "$public"
    says "nowhere/key.c: cannot write: No such file or directory"
    mkdir d
    expect 2 rproc-key c-source --out d "$public"
    says "d: is a folder"
    expect 2 rproc-key c-source --out /dev/null "$public"
    says "/dev/null: is a device"
    expect 2 bash -c "rproc-key c-source '$public' > /dev/full"
    says "standard output: cannot write: No space left"
    expect 2 bash -c "rproc-key --help > /dev/full"
    expect 2 bash -c "rproc-key c-source --help > /dev/full"
    only_files m4.elf d
}

# bats test_tags=no-valgrind
@test "standard output that is closed cannot be written" {
    expect 2 bash -c "rproc-key c-source '$public' >&-"
    only_files m4.elf
}

# --- Command line -------------------------------------------------------------------------------

@test "usage errors say what is wrong, exit with 2 and write nothing" {
    usage() { # WORDS ARGUMENT...
        local words=$1
        shift
        expect 2 rproc-key "$@"
        says "$words"
        says "Try 'rproc-key --help'"
        [ -z "$output" ]
        only_files m4.elf
    }
    usage "no subcommand; expected show, public, pkeyinfo, c-source or match"
    usage "no subcommand; expected show" --
    usage "$public: no subcommand; expected show, public, pkeyinfo, c-source or match" "$public"
    usage "c-sources: no subcommand" c-sources "$public"
    usage "c: no subcommand" c "$public"
    usage ": no subcommand" ""
    usage "unrecognized option '--name'" --name k c-source "$public"
    usage "no key; give" c-source
    usage "no key; give" c-source --out key.c
    usage "2 keys, $public and $keys/p256.pub.pem" c-source "$public" "$keys/p256.pub.pem"
    usage "3 keys" c-source --out key.c "$public" b c
    usage "--name is given twice: a and b" c-source --name a --name b "$public"
    usage "--out is given twice: a and b" c-source --out a -o b "$public"
    usage "--passphrase is given twice" c-source --passphrase stdin --passphrase stdin "$public"
    usage "the name of the output is empty" c-source --out "" "$public"
    usage "unrecognized option '--key'" c-source --key "$public"
    usage "rproc-key: unrecognized option" c-source --frobnicate "$public"
    usage "requires an argument" c-source "$public" --name
    usage "requires an argument" c-source "$public" -o
    usage "--style arm: expected rprocfw or optee" c-source --style arm "$public"
    usage "--prefix is given twice: a and b" c-source --style optee --prefix a --prefix b "$public"
    usage "--prefix k: for --style optee only; give --name" c-source --prefix k "$public"
    usage "--name k: --style optee has several names; give --prefix" \
        c-source --style optee --name k "$public"
    for subcommand in show public pkeyinfo c-source; do
        usage "no key; give" $subcommand
        usage "2 keys, a and b" $subcommand a b
        usage "--expect both: expected public or private" $subcommand --expect both "$public"
        usage "--expect is given twice: public and private" \
            $subcommand --expect public --expect private "$public"
        usage "--passphrase is given twice" $subcommand --passphrase stdin --passphrase stdin "$public"
    done
    usage "--format yaml: expected text, json or lines" show --format yaml "$public"
    usage "--format text: expected pem or der" public --format text "$public"
    usage "unrecognized option '--out'" show --out o "$public"
    usage "unrecognized option '--format'" pkeyinfo --format der "$public"
    usage "the name of the output is empty" public --out "" "$public"
    usage "--engine: the name is empty" show --engine "" "$public"
}

@test "options may follow the key, be shortened, and end at --" {
    cp "$public" ./-k.pem
    expect 0 rproc-key c-source "$public" --na k --ou key.c
    grep -q 'rprocfw_public_key k = {' key.c
    expect 0 rproc-key c-source -o key.c -- -k.pem
    rproc-key -- c-source "$public" | cmp - key.c
}

@test "--help and --version go to standard output, before and behind the subcommand" {
    for before in "" show public pkeyinfo c-source match; do
        # shellcheck disable=SC2086 # no word at all
        expect 0 rproc-key $before --help
        shows "Usage: rproc-key ${before:-show}"
        [ -z "$stderr" ]
        # shellcheck disable=SC2086
        expect 0 rproc-key $before -V
        shows "rproc-key "
        shows OpenSSL
    done
}

@test "control characters in the name of a key do not reach the terminal" {
    expect 2 rproc-key c-source $'k\033[31m.pem'
    says 'k\x1b[31m.pem: '
    expect 2 rproc-key c-source --name $'k\033[31m' "$public"
    says '--name k\x1b[31m: '
}

# rsa_key MODULUS EXPONENT: key.der, an RSAPublicKey with these numbers in hex.
rsa_key() {
    printf 'asn1=SEQUENCE:key\n[key]\nn=INTEGER:0x%s\ne=INTEGER:0x%s\n' "$1" "$2" > key.conf
    openssl asn1parse -genconf key.conf -noout -out key.der
}

modulus_of() { # PUBLIC-KEY
    openssl rsa -pubin -in "$1" -noout -modulus | sed 's/^Modulus=//'
}

@test "an RSA key is refused whose numbers are none of an RSA key" {
    local modulus exponent
    modulus=$(modulus_of "$public")
    refused() { # WORDS
        expect 2 rproc-key c-source key.der
        says "rproc-key: key.der: an RSA key whose $1; make one with the usual exponent, 65537"
        [ -z "$output" ]
        expect 2 rproc-verify --key key.der "$vectors/expected/rsa2048_single.sig"
        says "key.der: an RSA key whose $1"
    }
    for exponent in 0 1 10000; do
        rsa_key "$modulus" "$exponent"
        refused "public exponent is 1 or even"
    done
    rsa_key "${modulus%?}2" 10001
    refused "modulus is even"
    rsa_key "$modulus" "$modulus"
    refused "public exponent is not smaller than the modulus"
    rsa_key "$modulus" "1${modulus%?}1"
    refused "public exponent is not smaller than the modulus"
    rsa_key "$modulus" 3
    expect 0 rproc-key c-source key.der
    rsa_key "$modulus" "${modulus%???}1"
    expect 0 rproc-key c-source key.der
}

@test "an exponent with which libcrypto does not verify is refused when the key is loaded" {
    local modulus
    modulus=$(modulus_of "$keys/rsa4096.pub.pem")
    rsa_key "$modulus" FFFFFFFFFFFFFFFF
    expect 0 rproc-key c-source key.der
    rsa_key "$modulus" 10000000000000001
    for command in "rproc-key c-source" "rproc-verify $vectors/expected/rsa4096_single.sig --key"; do
        # shellcheck disable=SC2086 # words
        expect 2 $command key.der
        says "key.der: an RSA-4096 key whose public exponent has 65 bits, expected at most 64; make"
    done
    rsa_key "$(modulus_of "$keys/rsa3072.pub.pem")" 10000000000000001
    expect 0 rproc-key c-source key.der
}

@test "the point at infinity is no key: everybody can sign for it" {
    printf 3019301306072a8648ce3d020106082a8648ce3d03010703020000 | xxd -r -p > infinity.der
    for command in "rproc-key c-source" "rproc-verify $vectors/expected/p256_single.sig --key"; do
        # shellcheck disable=SC2086 # words
        expect 2 $command infinity.der
        says "infinity.der: an EC key whose public half is no point that a private key has; expected"
    done
}

@test "standard input is not key and passphrase at once, and standard output is neither" {
    cp "$encrypted" k.pem
    echo "$passphrase" > pass
    expect 2 timeout 10 rproc-key c-source --passphrase stdin /dev/stdin < k.pem
    says "--passphrase: it is to be read from /dev/stdin, which is read for something else"
    expect 2 bash -c "rproc-key c-source --passphrase file:pass k.pem >> k.pem"
    says "k.pem: standard output goes to this file, which is read"
    expect 2 bash -c "rproc-key c-source --passphrase file:pass k.pem >> pass"
    says "--passphrase: standard output goes to the file that it is read from"
    cmp k.pem "$encrypted"
    [ "$(cat pass)" = "$passphrase" ]
    expect 0 bash -c "rproc-key c-source --passphrase file:pass --out key.c k.pem >> k.pem"
}
