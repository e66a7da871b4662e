#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# PKCS#12 as a key, by its content; and names of keys that are URIs.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

expected=$vectors/expected/rsa2048_single.sig
export PASS=vector-passphrase BAD=wrong

# export_as FILE CERTIFICATES [ARGUMENT]...: with the key rsa2048.
export_as() {
    openssl pkcs12 -export -in "$2" -passout env:PASS -out "$1" -inkey "$keys/rsa2048.pem" "${@:3}"
}

certificate() { # KEY: cert-KEY.pem
    openssl req -x509 -key "$keys/$1.pem" -subj "/CN=$1" -out "cert-$1.pem"
}

@test "PKCS#12 signs and verifies as the key in it, whatever its file is called" {
    certificate rsa2048
    openssl req -x509 -key "$keys/p256.pem" -subj /CN=p256 -out cert-p256.pem
    export_as key.p12 cert-rsa2048.pem
    cp key.p12 key.pem
    for k in key.p12 key.pem; do
        expect 0 rproc-sign --key $k --passphrase env:PASS m4.elf out
        cmp out "$expected"
        expect 0 rproc-verify --key $k --passphrase env:PASS out
    done
    rproc-key c-source --passphrase env:PASS key.p12 | cmp - <(rproc-key c-source "$keys/rsa2048.pub.pem")
    openssl pkcs12 -export -inkey "$keys/p256.pem" -in cert-p256.pem -passout env:PASS -out ec.p12
    expect 0 rproc-sign --key ec.p12 --passphrase env:PASS m4.elf out
    expect 0 rproc-sign --key "$keys/p256.pem" m4.elf same
    cmp out same
    openssl pkcs12 -export -inkey "$keys/rsa2048.pem" -in cert-rsa2048.pem -passout pass: -out empty.p12
    expect 0 rproc-sign --key empty.p12 m4.elf out < /dev/null
    cmp out "$expected"
}

@test "a wrong passphrase, none, and one that cannot be tried are told apart" {
    certificate rsa2048
    export_as key.p12 cert-rsa2048.pem
    export_as old.p12 cert-rsa2048.pem -legacy
    refused() { # WORDS KEY [OPTION]...
        expect 2 rproc-sign --key "$2" "${@:3}" m4.elf out < /dev/null
        says "$1"
        [ ! -e out ]
    }
    refused "key.p12: wrong passphrase" key.p12 --passphrase env:BAD
    refused "key.p12: the key is encrypted: give its passphrase" key.p12
    refused "old.p12: encrypted with RC2-40-CBC, which OpenSSL has in its provider legacy only" \
        old.p12 --passphrase env:PASS
    refused "old.p12: wrong passphrase" old.p12 --passphrase env:BAD
    export_as nomac.p12 cert-rsa2048.pem -nomac
    refused "nomac.p12: PKCS#12 in which no key" nomac.p12 --passphrase env:PASS
}

@test "PKCS#12 without a private key holds certificates to verify with, and signs nothing" {
    certificate rsa2048
    certificate rsa3072
    cat cert-rsa2048.pem cert-rsa3072.pem > certs.pem
    openssl pkcs12 -export -nokeys -in certs.pem -passout env:PASS -out certs.p12
    expect 2 rproc-sign --key certs.p12 --passphrase env:PASS m4.elf out
    says "certs.p12: a public key or certificate; signing needs the private key"
    for k in rsa2048 rsa3072; do
        expect 0 rproc-verify --key certs.p12 --passphrase env:PASS "$vectors/expected/${k}_single.sig"
    done
}

@test "of PKCS#12 with a private key the certificates of its issuers are no keys" {
    certificate rsa2048
    certificate rsa3072
    export_as chain.p12 cert-rsa2048.pem -certfile cert-rsa3072.pem
    [ "$(openssl pkcs12 -in chain.p12 -passin env:PASS -nokeys | grep -c BEGIN)" -eq 2 ]
    expect 0 rproc-sign --key chain.p12 --passphrase env:PASS m4.elf out
    cmp out "$expected"
    expect 0 rproc-verify --key chain.p12 --passphrase env:PASS out
    expect 1 rproc-verify --key chain.p12 --passphrase env:PASS "$vectors/expected/rsa3072_single.sig"
}

@test "file: names a file, and a name with a scheme is no file" {
    for key in "file:$keys/rsa2048.pem" "file://$keys/rsa2048.pem" "file://localhost$keys/rsa2048.pem"; do
        expect 0 rproc-sign --key "$key" m4.elf out
        cmp out "$expected"
        expect 0 rproc-verify --key "$key" out
        shows "signed by $keys/rsa2048.pem"
        expect 0 rproc-key c-source --out key.c "$key"
    done
    cp "$keys/rsa2048.pem" ab:key
    expect 2 rproc-sign --key ab:key m4.elf out2
    says "ab:key: a URI, and a file has this name; for the file give ./ab:key"
    expect 0 rproc-sign --key ./ab:key m4.elf out2
    cmp out2 "$expected"
    rm ab:key
    expect 2 rproc-sign --key ab:key m4.elf out2
    says "ab:key: no provider here opens keys of the scheme ab:"
    expect 2 rproc-sign --key file:m4.elf m4.elf --out m4.elf
    expect 2 rproc-sign --key "file:k.pem" m4.elf --out k.pem
    cp "$keys/rsa2048.pem" k.pem
    expect 2 rproc-sign --key file:k.pem m4.elf --out k.pem
    says "k.pem"
    cmp k.pem "$keys/rsa2048.pem"
    expect 2 bash -c "rproc-key c-source file:k.pem >> k.pem"
    says "k.pem: standard output goes to this file"
}

@test "options of keys: what is wrong with them is said" {
    for option in "--provider=" "--provider=:x" "--provider=x:" "--provider=:"; do
        expect 2 rproc-verify --key x $option m4.elf
        says "expected NAME or NAME:PATH"
    done
    expect 2 rproc-verify --key x --engine a --engine b m4.elf
    says "--engine is given twice: a and b"
    expect 2 rproc-verify --key x --propquery a --propquery b m4.elf
    says "--propquery is given twice: a and b"
    # another file of the folder would be loaded, or opening it would wait
    modules=$(openssl version -m)
    modules=${modules#*\"} modules=${modules%\"}
    cp "$modules/legacy.so" .
    touch legacy.so.1 legacy.txt lega
    mkfifo pipe.so
    for option in legacy:legacy.so.1 legacy:./legacy.txt legacy:./lega pipe:pipe.so; do
        expect 2 timeout 10 rproc-verify --key "$keys/rsa2048.pub.pem" --provider $option "$expected"
        says "${option#*:}: not the module of provider ${option%:*}, which is a file called ${option%:*}.so"
    done
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" --provider legacy:legacy.so "$expected"
    expect 0 rproc-sign --provider legacy --propquery provider=default --key "$keys/rsa2048.pem" m4.elf out
    cmp out "$expected"
}
