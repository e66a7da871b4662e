#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The tests under valgrind's memcheck. See usage() below.
. "$(dirname "$0")/../setup/common.bash"

usage() {
    cat << 'TEXT'
usage: BUILD_DIR=DIR tests/faults/valgrind.sh

BUILD_DIR is a build without sanitizers, with its unit tests. Each run of a tool and of a unit test
is one of valgrind: no access outside of memory, no leak, no use of what was never written; bytes
that go to a file or to another process are all defined. Without RPROCFW_LONG=1 a part of the tests:
runs of each tool in each of its forms, and the shortest unit tests. With it all of both; of
generated containers 2,000.
TEXT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
?*) usage >&2; exit 2 ;;
esac
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0"
BUILD_DIR=$(cd -- "$BUILD_DIR" && pwd -P)
command -v valgrind > /dev/null || fail "valgrind is not installed"
vectors=$tree/tests/vectors
keys=$vectors/keys
leaks=definite,indirect,possible
memcheck=(valgrind --quiet --tool=memcheck --error-exitcode=99 --leak-check=full
    "--show-leak-kinds=$leaks" "--errors-for-leak-kinds=$leaks")

# --- Tools --------------------------------------------------------------------------------------

# A bin/ whose programs are runs of valgrind; what it finds goes to files of its own, for the tools'
# standard error is looked at.
make_wrappers() {
    local tool
    mkdir -p "$work/build/bin" "$work/logs"
    for tool in "$BUILD_DIR"/bin/*; do
        printf '#!/bin/sh\nexec %s --log-file=%s/%s.%%p %s "$@"\n' "${memcheck[*]}" "$work/logs" \
            "$(basename "$tool")" "$tool" > "$work/build/bin/$(basename "$tool")"
    done
    chmod +x "$work/build/bin"/*
    cp "$BUILD_DIR/CMakeCache.txt" "$work/build" 2> /dev/null || true
}

# A wrapped tool ends with this status.
run() { # STATUS COMMAND...
    local expected=$1 status=0
    shift
    PATH=$work/build/bin:$PATH "$@" > stdout 2> stderr || status=$?
    runs=$((runs + 1))
    [ "$status" -eq "$expected" ] ||
        { cat stderr "$work"/logs/* >&2; fail "exit status $status, expected $expected: $*"; }
}

each_form() {
    cp "$vectors/elf/m4.elf" "$vectors/elf/tfm_s.elf" .
    echo word > word
    echo value > value
    openssl pkey -in "$keys/rsa2048.pem" -aes256 -passout pass:word -out encrypted.pem
    run 0 rproc-sign --key "$keys/rsa2048.pem" m4.elf rsa.sig
    run 0 rproc-sign --key encrypted.pem --passphrase file:word --layout st --plat-tlv 0x10001 0x1 \
        --plat-tlv-file 0x10002 value --plat-tlv-hex 0x10003 0011 --key_info "$vectors/keyinfo.bin" \
        -v m4.elf tfm_s.elf all.sig
    run 0 rproc-sign --key "$keys/p256.pem" m4.elf -
    cp stdout p256.sig
    run 0 rproc-sign --key "$keys/p256.pem" --key_info spki m4.elf spki.sig
    run 0 rproc-sign --public-key "$keys/rsa2048.pub.pem" --tbs t m4.elf
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s t
    run 0 rproc-sign --public-key "$keys/rsa2048.pub.pem" --attach s t.unsigned attached.sig
    openssl dgst -sha512 -sign "$keys/rsa2048.pem" -out s t
    run 1 rproc-sign --public-key "$keys/rsa2048.pub.pem" --attach s t.unsigned out
    run 0 rproc-sign --public-key "$keys/p256.pub.pem" \
        --signer "openssl dgst -sha256 -sign $keys/p256.pem" m4.elf program.sig
    run 0 rproc-sign --resign --key "$keys/rsa3072.pem" all.sig again.sig
    run 0 rproc-sign --extract-signature --der p256.sig s
    run 1 rproc-sign --public-key "$keys/p256.pub.pem" --replace-signature s spki.sig out
    xxd -p -c 64 "$keys/aes256.bin" > aes.hex
    run 0 rproc-sign --key "$keys/rsa2048.pem" --enc_key aes.hex "$vectors/elf/ns_aligned16.elf" enc.sig
    python3 "$tree/tests/cli/layout.py" pad.elf load 0x200 33 64 load 0x300 15 32 size 0x400
    run 0 rproc-sign --key "$keys/p256.pem" --enc_key "$keys/aes256.bin" --enc-deterministic --enc-pad \
        pad.elf "$vectors/elf/ns_aligned16.elf" pad.sig
    run 1 rproc-sign --key "$keys/p256.pem" --enc_key "$keys/aes256.bin" --enc-pad m4.elf out
    run 0 rproc-sign --key "$keys/p256.pem" --strip --loadable-only m4.elf tfm_s.elf trim.sig
    python3 "$tree/tests/cli/odd_elf.py" trim.elf pad
    run 0 rproc-sign --key "$keys/p256.pem" --enc_key "$keys/aes256.bin" --enc-pad --strip --loadable-only \
        trim.elf trim.sig
    run 0 rproc-verify --key "$keys/p256.pub.pem" --enc_key "$keys/aes256.bin" --original trim.elf trim.sig
    for odd in references headers_first names_loaded empties far_bss; do
        python3 "$tree/tests/cli/odd_elf.py" trim.elf $odd
        run 0 rproc-sign --key "$keys/p256.pem" --strip --loadable-only --preflight=off trim.elf trim.sig
    done
    for odd in header_loaded phdrs_in_header unnamed cut; do
        python3 "$tree/tests/cli/odd_elf.py" trim.elf $odd
        run 1 rproc-sign --key "$keys/p256.pem" --strip trim.elf out
    done
    run 2 rproc-sign --key "$keys/p256.pem" --enc_key word m4.elf out
    run 1 rproc-sign --key "$keys/rsa2048.pem" rsa.sig out
    run 2 rproc-sign --key m4.elf m4.elf out
    run 0 rproc-verify -v --key "$keys/rsa2048.pub.pem" rsa.sig
    run 0 rproc-verify --format json --key "$keys/p256.pub.pem" p256.sig
    run 1 rproc-verify --key "$keys/p256.pub.pem" "$vectors/device/signature_flip.sig"
    run 1 rproc-verify --no-signature m4.elf "$vectors/device/"*trunc*.sig
    run 0 rproc-verify --key "$keys/rsa2048.pub.pem" enc.sig
    run 0 rproc-verify --key "$keys/rsa2048.pub.pem" --enc_key "$keys/aes256.bin" \
        --original "$vectors/elf/ns_aligned16.elf" enc.sig
    run 1 rproc-verify --key "$keys/p256.pub.pem" --enc_key aes.hex --original m4.elf --original tfm_s.elf \
        pad.sig
    head -c 32 m4.elf > other.aes
    run 1 rproc-verify --key "$keys/rsa2048.pub.pem" --enc_key other.aes enc.sig
    run 0 rproc-dump enc.sig pad.sig
    run 0 rproc-dump rsa.sig p256.sig
    run 0 rproc-dump --format json rsa.sig
    run 0 rproc-dump --format yaml rsa.sig
    run 0 rproc-dump --extract parts rsa.sig
    run 0 rproc-dump --extract parts2/ rsa.sig
    run 2 rproc-dump --extract parts rsa.sig
    run 0 rproc-key c-source "$keys/rsa2048.pub.pem"
    run 0 rproc-key c-source --out key.c "$keys/p256.pem"
    run 0 rproc-key c-source --style optee --prefix k "$keys/rsa3072.pub.pem"
    run 0 rproc-key public --expect private --passphrase file:word encrypted.pem
    run 0 rproc-key public --der --out key.der "$keys/rsa4096.pub.pem"
    run 0 rproc-key pkeyinfo "$keys/p256.pub.pem"
    run 2 rproc-key pkeyinfo "$keys/rsa4096.pub.pem"
    run 0 rproc-key show "$keys/rsa2048.pem"
    run 0 rproc-key show --format json "$keys/p256.pub.pem"
    run 1 rproc-key show --expect public "$keys/p256.pem"
    run 0 rproc-key match "$keys/p256.pub.pem" "$keys/rsa2048.pub.pem" -- all.sig "$keys/p256.spki.der"
    run 1 rproc-key match "$keys/rsa4096.pub.pem" -- rsa.sig
    run 2 rproc-key match --format json "$keys" --passphrase file:word --otp "$(printf '00%.0s' {1..32})" \
        -- rsa.sig
}

every_cli_test() {
    # limits, closed descriptors, and programs that are looked at or copied would be valgrind's own
    BUILD_DIR=$work/build bats -j "$(nproc)" --no-parallelize-within-files --filter-tags '!no-valgrind' \
        "$tree/tests/cli"
}

check_logs() {
    [ "$(find "$work/logs" -type f | wc -l)" -gt 0 ] || fail "no run of valgrind"
    find "$work/logs" -type f -size +0 -exec cat {} + > "$work/findings"
    [ ! -s "$work/findings" ] || { cat "$work/findings" >&2; fail "memcheck has findings"; }
}

# --- Unit tests ---------------------------------------------------------------------------------

# Commands of ctest, one a line, tabs between their words; without RPROCFW_LONG the shortest.
unit_commands() {
    ctest --test-dir "$BUILD_DIR" --show-only=json-v1 |
        jq -r --arg build "$BUILD_DIR/" \
            '.tests[].command | select(.[0] // "" | startswith($build)) | @tsv' |
        if [ -n "${RPROCFW_LONG:-}" ]; then
            cat
        else
            grep -E '/unit-(cbc|checked|decode|header|images|platform|sections|status|tlv)$'
        fi
}

run_units() {
    local program
    unit_commands > commands
    [ -s commands ] || fail "no unit tests in $BUILD_DIR"
    while IFS=$'\t' read -ra program; do
        RPROCFW_LONG='' RPROCFW_GENERATED=2000 CK_FORK=no CK_DEFAULT_TIMEOUT=0 \
            "${memcheck[@]}" "${program[@]}" > unit.log 2>&1 ||
            { cat unit.log >&2; fail "${program[*]}: memcheck or the test fails"; }
        units=$((units + 1))
    done < commands
}

# --- All ----------------------------------------------------------------------------------------

# memcheck sees what it is to see: bytes written that were never set.
check_memcheck() {
    cat > undefined.c << 'TEXT'
#include <unistd.h>
int main(void) { char bytes[8]; return write(1, bytes, sizeof(bytes)) == 8 ? 0 : 1; }
TEXT
    gcc -w -g undefined.c -o undefined
    ! "${memcheck[@]}" ./undefined > undefined.log 2>&1 || fail "memcheck finds no undefined bytes"
}

runs=0
units=0
cd "$work"
check_memcheck
make_wrappers
each_form
[ -z "${RPROCFW_LONG:-}" ] || every_cli_test
check_logs
run_units
echo "valgrind: $runs runs of tools, $units unit tests, no findings"
