#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Keys in a token of PKCS#11: SoftHSM, through the engine pkcs11 of OpenSSL.

# shellcheck disable=SC2154 # vectors, keys, m4, output, stderr: of common.bash and bats
load common

module=/usr/lib/softhsm/libsofthsm2.so
uri='pkcs11:token=rproc%20test;object='

# The vectors' keys are there as rsa and ec.
setup_file() {
    export PIN=1234 BAD=9999
    token_start "$BATS_FILE_TMPDIR"
    token_import "$keys/rsa2048.pem" rsa 01
    token_import "$keys/p256.pem" ec 02
}

tool() { # ARGUMENT...: of the token's own tool
    pkcs11-tool --module "$module" --token-label "rproc test" --login --pin 1234 "$@"
}

@test "RSA: the container is that of the same key in a file, wherever the PIN comes from" {
    args=(--engine pkcs11 m4.elf out)
    printf '1234\r\nmore\n' > pin
    expect 0 rproc-sign --key "${uri}rsa" --passphrase env:PIN "${args[@]}"
    [ -z "$stderr" ]
    same_as_file rsa2048_single.sig
    expect 0 rproc-sign --key "${uri}rsa" --passphrase file:pin "${args[@]}"
    same_as_file rsa2048_single.sig
    expect 0 rproc-sign --key "${uri}rsa" --passphrase fd:7 "${args[@]}" 7< pin
    same_as_file rsa2048_single.sig
    expect 0 rproc-sign --key "${uri}rsa" --passphrase stdin "${args[@]}" < pin
    same_as_file rsa2048_single.sig
    for source in pin file:pin "file:$PWD/pin" "file://$PWD/pin" "file%3Apin"; do
        expect 0 rproc-sign --key "${uri}rsa?pin-source=$source" "${args[@]}"
        [ -z "$stderr" ]
        same_as_file rsa2048_single.sig
    done
    for key in "${uri}rsa?pin-value=1234" "${uri}rsa;pin-value=%31234" \
        "PKCS11:pin-value=1234;object=rsa;token=rproc%20test" \
        "pkcs11:id=%01?module-path=$module&pin-value=1234"; do
        expect 0 rproc-sign --key "$key" "${args[@]}"
        [ "$(grep -c 'pin-value: the command line is public' <<< "$stderr")" -eq 1 ]
        run ! grep -q 1234 <<< "$stderr"
        same_as_file rsa2048_single.sig
    done
    BAD=9999 expect 0 rproc-sign --key "${uri}rsa?pin-source=pin" --passphrase env:BAD "${args[@]}"
    expect 0 rproc-sign --quiet --key "${uri}rsa?pin-value=1234" "${args[@]}"
    [ -z "$stderr" ]
}

@test "a person is asked for the PIN on a terminal" {
    at_terminal 1234 rproc-sign --engine pkcs11 --key "${uri}rsa" m4.elf out
    same_as_file rsa2048_single.sig
    grep -q "PIN of pkcs11:token=rproc%20test;object=rsa: " typed
    run ! grep -q 1234 typed
}

@test "P-256: the signature verifies, and the key in the token is that in the file" {
    for nonce in "" --random-nonce; do
        # shellcheck disable=SC2086 # no word at all
        expect 0 rproc-sign --engine pkcs11 --key "${uri}ec" --passphrase env:PIN $nonce m4.elf out
        expect 0 rproc-verify --key "$keys/p256.pub.pem" out
        [ "$(stat -c %s out)" -eq "$(stat -c %s "$vectors/expected/p256_single.sig")" ]
        rm out
    done
}

@test "a public key in the token verifies, without a PIN" {
    expect 0 rproc-verify --engine pkcs11 --key "${uri}rsa" --key "${uri}ec" \
        "$vectors/expected/rsa2048_single.sig" "$vectors/expected/p256_single.sig"
    shows "signed by ${uri}rsa (RSA-2048, SPKI SHA-256 2eaa23ae"
    shows "signed by ${uri}ec (EC P-256, SPKI SHA-256 cd897cf7"
    expect 1 rproc-verify --engine pkcs11 --key "${uri}rsa" "$vectors/device/signature_flip.sig"
    expect 0 rproc-key c-source --engine pkcs11 --out key.c "${uri}rsa"
    rproc-key c-source "$keys/rsa2048.pub.pem" | cmp - key.c
}

@test "the lines that --tbs prints name what opens the key, and no PIN" {
    for key in "${uri}rsa" "${uri}rsa?pin-value=1234"; do
        expect 0 rproc-sign --engine pkcs11 --public-key "$key" --tbs t.tbs m4.elf
        said=$output$stderr
        KEY=$keys/rsa2048.pem sh -c "${lines[0]}"
        sh -c "${lines[1]}"
        run ! grep -q -e pin-value= -e 1234 <<< "$said"
        mv t.sig out
        same_as_file rsa2048_single.sig
        rm t.*
    done
}

@test "what is not there, and a wrong PIN, are told apart; token and object are named, no PIN is" {
    sign() { # WORDS KEY [OPTION]...
        refused "$1" rproc-sign --engine pkcs11 --key "$2" "${@:3}" m4.elf out
    }
    sign "${uri}rsa: the PIN of the token 'rproc test' is wrong; give" "${uri}rsa" --passphrase env:BAD
    sign "${uri}rsa: the PIN of the token 'rproc test' is wrong; give" "${uri}rsa;pin-value=9999" -q
    sign "the token 'rproc test' was opened and has no private key 'none'" "${uri}none" --passphrase env:PIN
    sign "pkcs11:token=none;object=rsa: the token 'none' is not there; list" "pkcs11:token=none;object=rsa" \
        --passphrase env:PIN
    sign "${uri}rsa: a PIN is needed: give its PIN with --passphrase" "${uri}rsa"
    sign "${uri}rsa: a PIN is needed: the environment has no NOT_THERE" "${uri}rsa" --passphrase env:NOT_THERE
    sign "nofile: cannot open: No such file" "${uri}rsa?pin-source=file:nofile"
    sign "its pin-source is not a file; no program is run" "${uri}rsa?pin-source=%7Cecho%201234"
    LONG=$(printf '%033d' 0) sign "the PIN has 33 bytes; expected at most 32" "${uri}rsa" --passphrase env:LONG
    sign "/none.so: cannot open the PKCS#11 module: No such file" "${uri}rsa?module-path=/none.so"
    refused "pkcs11:token=none: the token 'none' is not there" \
        rproc-verify --engine pkcs11 --key pkcs11:token=none m4.elf
    refused "the token 'rproc test' was opened and has no public key, certificate or private key 'none'" \
        rproc-key c-source --engine pkcs11 --passphrase env:PIN --out out "${uri}none"
    refused "the module of another key is open already; give keys of one module" \
        rproc-verify --engine pkcs11 --key "${uri}rsa" --key "${uri}ec?module-path=$m4" m4.elf
    refused "engine none: loading failed: could not load the shared library" \
        rproc-sign --engine none --key "${uri}rsa" m4.elf out
    refused "no provider here opens keys of the scheme pkcs11:; name one" \
        rproc-sign --key "${uri}rsa" m4.elf out
    expect 0 rproc-sign --engine pkcs11 --key "${uri}rsa" --passphrase env:PIN m4.elf out
}

# spied LOGINS STATUS COMMAND...: so many PINs are tried; the spy does not free what it has.
spied() {
    local -x LSAN_OPTIONS=${LSAN_OPTIONS:-}:detect_leaks=0
    PKCS11SPY=$module PKCS11SPY_OUTPUT=spy PKCS11_MODULE_PATH=$(echo /usr/lib/*/pkcs11-spy.so) \
        expect "${@:2}"
    [ "$(grep -c 'C_Login$' spy)" -eq "$1" ]
    rm spy
}

@test "no wrong PIN is tried twice: tokens lock after a few" {
    spied 1 2 rproc-sign --engine pkcs11 --key "${uri}rsa" --passphrase env:BAD m4.elf out
    spied 1 2 rproc-verify --engine pkcs11 --key "${uri}none" --passphrase env:BAD m4.elf
    spied 0 2 rproc-verify --engine pkcs11 --key "pkcs11:token=none" --passphrase env:BAD m4.elf
    spied 0 2 rproc-verify --engine pkcs11 --key "${uri}none" m4.elf
}

@test "a manifest: one PIN that is wrong for all its keys is tried once" {
    many 40 "${uri}rsa" "${uri}rsa" "${uri}ec" <<< '  {engine: pkcs11, passphrase: env:BAD}'
    spied 1 2 rproc-sign --manifest m.yaml --jobs 8
    [ "$output" = "0 signed, 40 not" ]
    says "${uri}rsa: the PIN of the token 'rproc test' is wrong; give"
    says "${uri}ec: the token has refused this PIN for another key; it is not tried again"
    only_files m.yaml m4.elf
}

@test "a manifest: a token that is taken away fails what it has not signed yet, once" {
    many 400 "${uri}rsa" <<< '  {engine: pkcs11, passphrase: env:PIN}'
    cp -r "$SOFTHSM2_CONF" "$BATS_FILE_TMPDIR/tokens" .
    sed -i "s|= .*|= $PWD/tokens|" softhsm2.conf
    (
        until [ -e c0.sig ]; do sleep 0.01; done
        mv tokens gone
    ) &
    SOFTHSM2_CONF=softhsm2.conf expect 2 rproc-sign --manifest m.yaml --jobs 8
    wait
    signed=(c*.sig)
    [ "$output" = "${#signed[@]} signed, $((400 - ${#signed[@]})) not" ]
    [ "$(grep -c ': signing failed: ' <<< "$stderr")" -eq 1 ]
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" "${signed[@]}"
}

# SoftHSM never locks: a module that is SoftHSM's but for what its C_Login answers.
@test "a PIN that is locked, or has expired, says so" {
    cat > locked.c << 'TEXT'
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { C_LOGIN = 18, FUNCTIONS = 68 };
static struct list {
    unsigned char version[2];
    void *function[FUNCTIONS];
} list;

static unsigned long login(void)
{
    return strtoul(getenv("CKR"), NULL, 16);
}

unsigned long C_GetFunctionList(struct list **to)
{
    unsigned long (*real)(struct list **);
    struct list *all;
    void *module = dlopen(getenv("REAL_MODULE"), RTLD_NOW);

    *(void **)&real = dlsym(module, "C_GetFunctionList");
    if (real(&all) != 0)
        return 5;
    memcpy(&list, all, sizeof(list));
    *(unsigned long (**)(void))&list.function[C_LOGIN] = login;
    *to = &list;
    return 0;
}
TEXT
    gcc -w -shared -fPIC -o locked.so locked.c
    export REAL_MODULE=$module PKCS11_MODULE_PATH=$PWD/locked.so
    sign=(rproc-sign --engine pkcs11 --key "${uri}rsa" --passphrase env:PIN m4.elf out)
    CKR=A4 refused "${uri}rsa: the PIN of the token 'rproc test' is locked after too many wrong ones; set" "${sign[@]}"
    CKR=A3 refused "${uri}rsa: the PIN of the token 'rproc test' has expired; set" "${sign[@]}"
    CKR=30 refused "${uri}rsa: opening the key failed: Device error" "${sign[@]}"
}

@test "a private key whose public half is in a certificate, or nowhere" {
    openssl ecparam -name prime256v1 -genkey -noout -out one.pem
    openssl req -x509 -key one.pem -subj /CN=test -out cert.pem
    openssl x509 -in cert.pem -outform DER -out cert.der
    token_import one.pem one 07
    tool --delete-object --type pubkey --id 07
    sign=(rproc-sign --engine pkcs11 --key "${uri}one" --passphrase env:PIN m4.elf out)
    refused "pkcs11:token=rproc%20test;object=one: the token has no public key or certificate beside" "${sign[@]}"
    tool --write-object cert.der --type cert --id 07 --label one
    expect 0 "${sign[@]}"
    expect 0 rproc-verify --key cert.pem out
    expect 0 rproc-verify --engine pkcs11 --key "${uri}one" --passphrase env:PIN out
    expect 0 rproc-verify --engine pkcs11 --key "${uri}one" out # a certificate needs no PIN
}

@test "a certificate of another id than the private key has; a certificate without one" {
    openssl ecparam -name prime256v1 -genkey -noout -out two.pem
    openssl req -x509 -key two.pem -subj /CN=test -out cert.pem
    openssl x509 -in cert.pem -outform DER -out cert.der
    openssl req -x509 -key "$keys/rsa2048.pem" -subj /CN=test -outform DER -out rsa.der
    token_import two.pem two 0b
    tool --delete-object --type pubkey --id 0b
    tool --write-object cert.der --type cert --id 0c --label two
    tool --write-object rsa.der --type cert --id 0d --label alone
    expect 0 rproc-sign --engine pkcs11 --key "${uri}two" --passphrase env:PIN m4.elf out
    expect 0 rproc-verify --key cert.pem out
    expect 0 rproc-verify --engine pkcs11 --key "${uri}alone" "$vectors/expected/rsa2048_single.sig"
    rm out
    refused "the token 'rproc test' was opened and has no private key 'alone'" \
        rproc-sign --engine pkcs11 --key "${uri}alone" --passphrase env:PIN m4.elf out
}

@test "a key that asks for the PIN at each signature gets it" {
    tool --keypairgen --key-type EC:prime256v1 --id 08 --label always --always-auth
    expect 0 rproc-sign --engine pkcs11 --key "${uri}always" --passphrase env:PIN m4.elf out
    expect 0 rproc-verify --engine pkcs11 --key "${uri}always" out
}

@test "keys that the format does not know are refused in a token, too" {
    tool --keypairgen --key-type EC:secp384r1 --id 09 --label p384
    tool --keypairgen --key-type rsa:1024 --id 0a --label small
    refused "${uri}p384: an EC key on the curve secp384r1" \
        rproc-sign --engine pkcs11 --key "${uri}p384" --passphrase env:PIN m4.elf out
    refused "${uri}small: an RSA key of 1024 bits" \
        rproc-sign --engine pkcs11 --key "${uri}small" --passphrase env:PIN m4.elf out
}

@test "two keys of two tokens, each with its PIN" {
    softhsm2-util --init-token --free --label "other" --pin 567890 --so-pin 123456
    token_import "$keys/rsa3072.pem" rsa 01 other 567890
    echo 567890 > pin
    expect 0 rproc-sign --engine pkcs11 --key "pkcs11:token=other;object=rsa?pin-source=pin" m4.elf out
    expect 0 rproc-verify --engine pkcs11 --key "${uri}rsa" --key "pkcs11:token=other;object=rsa" \
        out "$vectors/expected/rsa2048_single.sig"
}

@test "the PIN is gone from the command line once the key is open" {
    python3 "$BATS_TEST_DIRNAME/../make_elf.py" large.elf 3 1048576
    mkfifo pipe
    rproc-sign --engine pkcs11 --key "${uri}rsa?pin-value=1234" large.elf - > pipe 2> /dev/null &
    pid=$!
    exec 7< pipe
    head -c 1 <&7 > /dev/null
    tr '\0' ' ' < "/proc/$pid/cmdline" > cmdline
    cat <&7 > /dev/null
    wait "$pid"
    grep -q 'pin-value=' cmdline
    run ! grep -q 1234 cmdline
}

@test "all containers of a manifest are signed in one session, after one login" {
    {
        printf 'defaults: {engine: pkcs11, passphrase: env:PIN}\ncontainers:\n'
        for i in {1..10}; do
            echo "  rsa$i: {inputs: [m4.elf], output: rsa$i.sig, key: '${uri}rsa'}"
            echo "  ec$i: {inputs: [m4.elf], output: ec$i.sig, key: '${uri}ec'}"
        done
    } > m.yaml
    export PKCS11SPY=$module PKCS11SPY_OUTPUT=$PWD/spy # it writes each call, and the PIN as well
    PKCS11_MODULE_PATH=$(find /usr/lib -name pkcs11-spy.so | head -n 1) expect 0 rproc-sign --manifest m.yaml --jobs 8
    [ "$output" = "20 signed" ]
    [ "$(grep -cE ': C_OpenSession$' spy)" = 1 ]
    [ "$(grep -cE ': C_Login$' spy)" = 1 ]
    [ "$(grep -cE ': C_SignInit$' spy)" = 20 ]
    cmp rsa7.sig "$vectors/expected/rsa2048_single.sig"
    rproc-verify -q --key "$keys/rsa2048.pub.pem" --key "$keys/p256.pub.pem" ./*.sig
}
