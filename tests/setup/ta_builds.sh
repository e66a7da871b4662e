#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The sources that examples/optee-ta names compile for 32- and 64-bit Arm without a warning, with the
# platform's key and with one compiled in, and need nothing but the TEE Internal Core API and what
# core needs.
# BUILD_DIR: a Release build, whose rproc-key writes the key.
. "$(dirname "$0")/common.bash"
need_build

# Named in RPROCFW_CROSS_SKIP, a machine may be without compiler: then this is not passed, but skipped.
for machine in armhf:arm-linux-gnueabihf aarch64:aarch64-linux-gnu; do
    command -v "${machine#*:}-gcc" > /dev/null && continue
    [[ " ${RPROCFW_CROSS_SKIP:-} " == *" ${machine%:*} "* ]] || fail "no ${machine#*:}-gcc"
    echo "no ${machine#*:}-gcc: skipped"
    exit 77
done

read -ra warnings <<< "$(grep -o -- '-Wall .*-Wpedantic' "$tree/src/cmake/flags.cmake")"
[ ${#warnings[@]} -ge 4 ] || fail "the warning flags of the tree are not in flags.cmake any more"
flags=(-std=c11 "${warnings[@]}" -Werror -Os -ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE
    -I"$tree/include" -I"$tree/src/tee" -I"$tree/tests/tee/include")

"$BUILD_DIR/bin/rproc-key" c-source --out "$work/public_key.c" "$tree/tests/vectors/keys/p256.pub.pem"

# What examples/optee-ta has the dev kit compile.
sources() { # MAKE-VARIABLE...
    local file
    # shellcheck disable=SC2016 # make expands them
    printf '%s\n' 'include sub.mk' 'all:' \
        '	@printf "%s\n" $(addprefix $(srcs_ext_base-y)/,$(srcs_ext-y)) $(srcs-y)' |
        make -s -C "$tree/examples/optee-ta" -f - RPROCFW_PUBLIC_KEY=public_key.c "$@" |
        while read -r file; do
            case $file in
            public_key.c) echo "$work/$file" ;;
            *) echo "$tree/examples/optee-ta/$file" ;;
            esac
        done
}

# $work/NAME.o: all of it, linked as far as it goes.
link_ta() { # NAME PREFIX LIST FLAG...
    local source objects=()
    while read -r source; do
        objects+=("$work/$1-${#objects[@]}.o")
        "${2}gcc" "${flags[@]}" "${@:4}" -c "$source" -o "${objects[-1]}"
    done < "$3"
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

for key in n y; do
    for log in 2 3; do
        list=$work/list-$key-$log
        sources "CFG_RPROCFW_PUBLIC_KEY=$key" "CFG_TEE_TA_LOG_LEVEL=$log" > "$list"
        level=()
        [ "$log" = 2 ] || level=(-DTEST_TEE_LOG)
        link_ta "arm-$key-$log" arm-linux-gnueabihf- "$list" -mthumb "${level[@]}"
        link_ta "aarch64-$key-$log" aarch64-linux-gnu- "$list" "${level[@]}"
    done
    expect_symbols "arm-$key-2" arm-linux-gnueabihf-
    expect_symbols "aarch64-$key-2" aarch64-linux-gnu-
done

# No source is forgotten, but the texts of statuses.
sed 's|.*/||' "$work"/list-* | sort -u > "$work/named"
find "$tree/src/core" "$tree/src/tee" -name '*.c' ! -name status.c -printf '%f\n' |
    cat - <(echo public_key.c) | sort | diff - "$work/named" ||
    fail "examples/optee-ta/sub.mk names other sources than there are"
