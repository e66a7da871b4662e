#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What examples/keys/README.md shows works as it stands there.

# shellcheck disable=SC2154 # vectors: of common.bash
load common

# What it starts is ended as it says.
teardown() {
    [ ! -e folder/tpm.pid ] || kill "$(cat folder/tpm.pid)"
}

# walk HEADING: runs the commands behind that heading, and looks at what they leave.
walk() {
    awk -v heading="## $1" '
        /^## / { on = $0 == heading }
        on && /^```sh$/ { shown = 1; next }
        /^```$/ { shown = 0 }
        shown' "$BATS_TEST_DIRNAME/../../examples/keys/README.md" > commands
    [ -s commands ]
    mkdir folder
    cp "$BATS_TEST_DIRNAME/../../examples/firmware/firmware.elf" folder
    (cd folder && bash -e -u -o pipefail ../commands)
    expect 0 rproc-verify --key folder/key.pub.pem folder/firmware.sig
    expect 1 rproc-verify --key "$keys/rsa2048.pub.pem" folder/firmware.sig
    expect 0 rproc-key match folder/key.pub.pem -- folder/firmware.sig
    rproc-key c-source --style optee folder/key.pub.pem | cmp - folder/key.c
}

@test "a key in a file" {
    walk "A file"
}

@test "a key in a PKCS#11 token" {
    walk "A PKCS#11 token"
}

@test "a key in a TPM" {
    walk "A TPM"
}

@test "a key on a machine without a network" {
    walk "A machine without a network"
}
