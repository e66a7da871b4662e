#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Inputs that are large enough for threads: many MiB, and many segments.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

# Three segments of 2 MiB; each kind of work has its thread.
make_large() {
    python3 "$vectors/../make_elf.py" large.elf 3 2097152
    expect 0 rproc-sign --key "$keys/rsa2048.pem" large.elf out
}

# Where the payload starts.
payload() { # FILE
    echo $((20 + ($(u32 "$1" 8) + 7) / 8 * 8 + ($(u32 "$1" 12) + 7) / 8 * 8))
}

@test "a large input stands in the container, byte for byte, with its padding" {
    make_large
    printf x >> large.elf
    expect 0 rproc-sign --key "$keys/rsa2048.pem" large.elf out
    local size at
    size=$(stat -c %s large.elf)
    at=$(payload out)
    [ "$(stat -c %s out)" -eq $((at + (size + 7) / 8 * 8)) ]
    cmp <(cat large.elf <(head -c $((8 - size % 8)) /dev/zero)) <(tail -c +$((at + 1)) out)
}

@test "the digests of large segments are those that openssl takes" {
    make_large
    local i
    for i in 0 1 2; do
        tail -c +$((52 + 3 * 32 + i * 2097152 + 1)) large.elf | head -c 2097152 |
            openssl dgst -sha256 -r | cut -d ' ' -f 1
    done > expected
    rproc-dump --format json out | jq -r '.files[0].images[0].segments[].sha256' > digests
    diff expected digests
}

@test "a large container is the same with --no-sync, and through standard output" {
    make_large
    rproc-sign --key "$keys/rsa2048.pem" --no-sync large.elf other
    cmp out other
    rproc-sign --key "$keys/rsa2048.pem" large.elf - > other
    cmp out other
}

@test "several large inputs follow each other" {
    make_large
    expect 0 rproc-sign --key "$keys/rsa2048.pem" --any-machine --preflight=off large.elf m4.elf large.elf out
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" out
    rproc-dump --extract parts out
    cmp parts/image-0.elf large.elf
    cmp parts/image-1.elf m4.elf
    cmp parts/image-2.elf large.elf
}

@test "one changed byte of a large segment is found, and the segment named" {
    make_large
    local segment
    for segment in 0 1 2; do
        cp out changed
        put changed $(($(payload out) + 52 + 3 * 32 + (segment + 1) * 2097152 - 1)) '\x01'
        cmp -s out changed && return 1
        expect 1 rproc-verify --key "$keys/rsa2048.pub.pem" changed
        says "segment $segment"
    done
}

@test "of two changed segments the first is named" {
    make_large
    put out $(($(payload out) + 52 + 3 * 32 + 2097152 + 5)) '\x01'
    put out $(($(payload out) + 52 + 3 * 32 + 2 * 2097152 + 5)) '\x01'
    expect 1 rproc-verify --key "$keys/rsa2048.pub.pem" out
    says "segment 1"
}

# bats test_tags=no-valgrind
@test "a disk that gets full while a large output is written is an error" {
    python3 "$vectors/../make_elf.py" large.elf 3 2097152
    echo old > out
    run --separate-stderr bash -c "ulimit -f 4096; rproc-sign --key '$keys/rsa2048.pem' large.elf out"
    [ "$status" -eq 2 ]
    says "rproc-sign: out: cannot write: File too large"
    [ "$(cat out)" = old ]
    only_files large.elf m4.elf out
}
