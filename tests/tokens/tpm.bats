#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Keys in a TPM: swtpm, through the provider tpm2 of OpenSSL.

# shellcheck disable=SC2154 # vectors, keys, m4, output, stderr: of common.bash and bats
load common

rsa=handle:0x81000001
ec=handle:0x81000002

# A TPM with an RSA key, and a P-256 key with a password.
setup_file() {
    export PASS=secret BAD=no-secret
    tpm_start "$BATS_FILE_TMPDIR"
    tpm_key "$BATS_FILE_TMPDIR" 0x81000001 -G rsa2048
    tpm_key "$BATS_FILE_TMPDIR" 0x81000002 -G ecc256 -p secret
}

teardown_file() {
    tpm_stop "$BATS_FILE_TMPDIR"
}

@test "RSA: the signature verifies with the key of the TPM, and with its public half in a file" {
    expect 0 rproc-sign --provider tpm2 --key $rsa m4.elf out
    [ -z "$output$stderr" ]
    expect 0 rproc-verify --provider tpm2 --key $rsa out
    shows "signed by $rsa (RSA-2048, "
    tpm2_readpublic -Q -c 0x81000001 -f pem -o public.pem
    expect 0 rproc-verify --key public.pem out
    [ "$(stat -c %s out)" -eq "$(stat -c %s "$vectors/expected/rsa2048_single.sig")" ]
    rproc-key c-source --provider tpm2 --out key.c $rsa
    rproc-key c-source public.pem | cmp - key.c
    expect 1 rproc-verify --provider tpm2 --key $rsa "$vectors/expected/rsa2048_single.sig"
}

@test "RSA: the container is that of the same key in a file, which the TPM was given" {
    tpm2_import -Q -C "$BATS_FILE_TMPDIR/primary" -G rsa -i "$keys/rsa2048.pem" -u public -r private
    tpm2_flushcontext -t
    tpm2_load -Q -C "$BATS_FILE_TMPDIR/primary" -u public -r private -c key
    tpm2_evictcontrol -Q -C o -c key 0x81000004
    tpm2_flushcontext -t
    expect 0 rproc-sign --provider tpm2 --key handle:0x81000004 m4.elf out
    same_as_file rsa2048_single.sig
}

@test "P-256 with a password" {
    expect 0 rproc-sign --provider tpm2 --key "$ec?pass" --passphrase env:PASS m4.elf out
    [ -z "$output$stderr" ]
    tpm2_readpublic -Q -c 0x81000002 -f pem -o public.pem
    expect 0 rproc-verify --key public.pem out
    expect 0 rproc-verify --provider tpm2 --key $ec out
    rm out
    refused "$ec?pass: signing failed: cannot sign (" \
        rproc-sign --provider tpm2 --key "$ec?pass" --passphrase env:BAD m4.elf out
    says "authorization"
    refused "$ec?pass: a PIN is needed: give its PIN with --passphrase" \
        rproc-sign --provider tpm2 --key "$ec?pass" m4.elf out
    refused "); for a key with a password put ?pass behind the handle" \
        rproc-sign --provider tpm2 --key $ec --passphrase env:PASS m4.elf out
}

@test "the provider is found by its folder and by its file, and algorithms by --propquery" {
    file=$(echo /usr/lib/*/ossl-modules/tpm2.so)
    for provider in "tpm2:$(dirname "$file")" "tpm2:$file"; do
        expect 0 rproc-sign --provider "$provider" --provider legacy --key $rsa m4.elf out
        expect 0 rproc-verify --provider tpm2 --key $rsa out
    done
    expect 0 rproc-sign --provider tpm2 --propquery '?provider=tpm2' --key $rsa m4.elf out
    rm out
    refused "no provider here opens" \
        rproc-sign --provider tpm2 --propquery provider=default --key $rsa m4.elf out
}

@test "what is not there is told apart" {
    refused "handle:0x81000009: opening the key failed: cannot load key (" \
        rproc-sign --provider tpm2 --key handle:0x81000009 m4.elf out
    refused "handle:nonsense: the provider cannot open it, and does not say why; is it spelled right?" \
        rproc-sign --provider tpm2 --key handle:nonsense m4.elf out
    refused "$rsa: no provider here opens keys of the scheme handle:; name one" \
        rproc-sign --key $rsa m4.elf out
    refused "provider none: loading failed: could not load the shared library" \
        rproc-sign --provider none --key $rsa m4.elf out
    refused "nowhere: cannot open: No such file" rproc-sign --provider tpm2:nowhere --key $rsa m4.elf out
    refused "not the module of provider tpm2, which is a file called tpm2.so" \
        rproc-sign --provider "tpm2:$m4" --key $rsa m4.elf out
    TPM2OPENSSL_TCTI=swtpm:path=none refused "provider tpm2: loading failed: " \
        rproc-sign --provider tpm2 --key $rsa m4.elf out
}

@test "a locked TPM says so" {
    locks='|decrypt' tpm_key "$BATS_FILE_TMPDIR" 0x81000003 -G rsa2048 -p secret
    tpm2_dictionarylockout -Q --setup-parameters --max-tries=1 --recovery-time=1000
    args=(rproc-sign --provider tpm2 --key "handle:0x81000003?pass" m4.elf out)
    refused "authorization" "${args[@]}" --passphrase env:BAD
    refused "lockout" "${args[@]}" --passphrase env:PASS
    tpm2_dictionarylockout -Q --clear-lockout
    expect 0 "${args[@]}" --passphrase env:PASS
}

@test "a manifest: one key of the TPM signs for all its containers" {
    openssl genpkey -provider tpm2 -provider base -algorithm RSA -pkeyopt bits:2048 -out key.pem
    many 40 $rsa "$ec?pass" key.pem <<< '  {providers: [tpm2], passphrase: env:PASS}'
    expect 0 rproc-sign --manifest m.yaml --jobs 8
    [ "$output" = "40 signed" ]
    [ -z "$stderr" ]
    expect 0 rproc-verify --manifest m.yaml
}

@test "a manifest: a wrong password is tried once" {
    locks='|decrypt' tpm_key "$BATS_FILE_TMPDIR" 0x81000005 -G rsa2048 -p secret
    many 20 handle:0x81000005?pass <<< '  {providers: [tpm2], passphrase: env:BAD}'
    expect 2 rproc-sign --manifest m.yaml --jobs 8
    [ "$(grep -c ': signing failed: cannot sign (' <<< "$stderr")" -eq 1 ]
    [ "$(grep -c ': it failed to sign before and is not asked again$' <<< "$stderr")" -eq 19 ]
    tpm2_getcap properties-variable | grep -q 'TPM2_PT_LOCKOUT_COUNTER: 0x1$'
    tpm2_dictionarylockout -Q --clear-lockout
}

@test "a file with a key that only this TPM can use" {
    openssl genpkey -provider tpm2 -provider base -algorithm RSA -pkeyopt bits:2048 -out key.pem
    grep -q 'BEGIN TSS2 PRIVATE KEY' key.pem
    expect 0 rproc-sign --provider tpm2 --key key.pem m4.elf out
    expect 0 rproc-verify --provider tpm2 --key key.pem out
    rm out
    refused "key.pem: a key of a TPM; name the provider that opens it (--provider tpm2)" \
        rproc-sign --key key.pem m4.elf out
}
