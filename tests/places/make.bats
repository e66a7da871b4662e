#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/make: built, signed, and signed again when it must be.
load common

setup() {
    enter_copy make
}

@test "make: builds a firmware and signs it" {
    make
    signed firmware.sig
    make verify
}

@test "make: the lines of the README" {
    run_readme
}

@test "make: the sources are those of the example for CMake" {
    cmp firmware.c "$TREE/examples/cmake/firmware.c"
    cmp firmware.ld "$TREE/examples/cmake/firmware.ld"
}

@test "make: signs again when key or sources change, and not otherwise" {
    make
    local before
    before=$(written firmware.sig)
    make
    [ "$(written firmware.sig)" = "$before" ]
    touch key.pem firmware.c # the same bytes
    make
    [ "$(written firmware.sig)" = "$before" ]
    later
    sed -i 's/counter = 1;/counter = 2;/' firmware.c
    make
    [ "$(written firmware.sig)" != "$before" ]
    cp "$KEYS/other.pem" other.pem
    touch -d 2001-01-01 other.pem # older than what was signed
    make KEY=other.pem
    rproc-verify -q --key "$KEYS/other.pub.pem" firmware.sig
    cp other.pem key.pem
    make
    make OPTIONS=--strip
    rproc-dump firmware.sig > dump
    make
    run ! cmp dump <(rproc-dump firmware.sig)
}

@test "make: another board is asked each time, another key or none is not passed over" {
    make
    run -2 make BOARD=rcar-gen3-cr7
    [ ! -e firmware.sig ]
    make
    run -2 make KEY=none.pem
    [[ $output == *"none.pem"* ]]
    [ ! -e firmware.sig ]
}

@test "make: a key that does not sign fails the build, and leaves no container" {
    make
    later
    cp key.pub.pem key.pem # the public half
    run -2 make
    [[ $output == *"signing needs the private key"* ]]
    [ ! -e firmware.sig ]
    rm key.pem
    run -2 make
    [[ $output == *"key.pem"* ]]
    [ ! -e firmware.sig ]
}

@test "make: what the board would not load fails the build" {
    sed -i 's/ORIGIN = 0,/ORIGIN = 0x60000000,/' firmware.ld
    run -2 make
    [[ $output == *"stm32mp15-optee"* ]]
    [ ! -e firmware.sig ]
}

@test "make: a passphrase comes from the environment" {
    cp "$KEYS/key.encrypted.pem" key.pem
    PASS=azerty make OPTIONS='--passphrase env:PASS'
    signed firmware.sig
}
