#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The trusted application compiles for 32- and 64-bit Arm without a warning, with the platform's key
# and with one compiled in, and needs nothing but the TEE Internal Core API and what core needs.
# BUILD_DIR: a Release build, whose rproc-key writes the key.
. "$(dirname "$0")/common.bash"
need_build
# shellcheck source=../../src/cmake/debian-packages.sh
. "$tree/src/cmake/debian-packages.sh"
read -ra packages <<< "${packages_cross[armhf]} ${packages_cross[aarch64]}"
install_missing "${packages[@]}"

read -ra warnings <<< "$(grep -o -- '-Wall .*-Wpedantic' "$tree/src/cmake/flags.cmake")"
[ ${#warnings[@]} -ge 4 ] || fail "the warning flags of the tree are not in flags.cmake any more"
flags=(-std=c11 "${warnings[@]}" -Werror -Os -ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE
    -I"$tree/include" -I"$tree/src/tee" -I"$tree/tests/tee/include")

"$BUILD_DIR/bin/rproc-key" c-source --out "$work/public_key.c" "$tree/tests/vectors/keys/p256.pub.pem"

# The sources of one of both ways to verify, and core's.
sources() { # verify_pta.c | verify_key.c
    find "$tree/src/core" "$tree/src/tee" -name '*.c' ! -name 'verify_???.c' -print0
    printf '%s\0' "$tree/src/tee/$1"
    [ "$1" != verify_key.c ] || printf '%s\0' "$work/public_key.c"
}

# $work/NAME.o: all of it, linked as far as it goes.
link_ta() { # NAME PREFIX verify_pta.c|verify_key.c FLAG...
    local source files objects=()
    mapfile -d '' files < <(sources "$3")
    [ ${#files[@]} -gt 12 ] || fail "these are not all sources: ${files[*]}"
    for source in "${files[@]}"; do
        objects+=("$work/$1-$(basename "$source" .c)-${#objects[@]}.o")
        "${2}gcc" "${flags[@]}" "${@:4}" -c "$source" -o "${objects[-1]}"
    done
    "${2}ld" -r -o "$work/$1.o" "${objects[@]}"
}

expect_symbols() { # NAME PREFIX
    local undefined entry
    undefined=$("${2}nm" -u "$work/$1.o" | sed 's/^ *U //' |
        grep -vE '^(TEE_[A-Za-z0-9]+|mem(cpy|set|cmp)|_GLOBAL_OFFSET_TABLE_)$') || true
    [ -z "$undefined" ] || fail "$1 needs more than the API: $undefined"
    for entry in Create OpenSession InvokeCommand CloseSession Destroy; do
        "${2}nm" "$work/$1.o" | grep -q " T TA_${entry}EntryPoint\$" ||
            fail "$1 has no TA_${entry}EntryPoint"
    done
}

for way in pta key; do
    for log in '' -DTEST_TEE_LOG; do
        link_ta "arm$log-$way" arm-linux-gnueabihf- "verify_$way.c" ${log:+"$log"} -mthumb
        link_ta "aarch64$log-$way" aarch64-linux-gnu- "verify_$way.c" ${log:+"$log"}
    done
    expect_symbols "arm-$way" arm-linux-gnueabihf-
    expect_symbols "aarch64-$way" aarch64-linux-gnu-
done

