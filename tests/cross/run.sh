#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Core on every machine the code may meet: compiled for it, run by qemu-user where it is not this
# one. What the program prints must be the same everywhere. See usage() below.
set -euo pipefail
export LC_ALL=C

usage() {
    cat << 'TEXT'
usage: tests/cross/run.sh [-v] [MACHINE...]

Builds core and the tests for each MACHINE (all by default: armhf aarch64 s390x i686), runs them, and
compares what they print with what they print here. Prints a digest of each section.
  -v   on a difference print all outcomes that differ, not the sections alone
RPROCFW_CROSS_SKIP, a list of machines, names those that may be without compiler or qemu: they are
counted as skipped then, and a machine with both is tested all the same.
Exit status: 0 all passed, 1 one failed, 2 could not start, 77 nothing failed, some were skipped.
TEXT
}

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
machines=(armhf aarch64 s390x i686)
warnings=(-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)
core_flags=(-ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE)

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# --- Machines -----------------------------------------------------------------------------------

# prefix of the tools, flags, emulator, and how the program is to call the machine.
choose() { # MACHINE
    flags=()
    case $1 in
    native) prefix='' emulator='' says='' ;;
    armhf)
        prefix=arm-linux-gnueabihf- emulator=qemu-arm says='armhf Thumb-2, 32 bits, little-endian'
        flags=(-mthumb)
        ;;
    aarch64)
        prefix=aarch64-linux-gnu- emulator=qemu-aarch64 says='aarch64, 64 bits, little-endian'
        ;;
    s390x) prefix=s390x-linux-gnu- emulator=qemu-s390x says='s390x, 64 bits, big-endian' ;;
    i686)
        prefix=i686-linux-gnu- emulator=qemu-i386 says='i686, 32 bits, little-endian'
        flags=(-fno-pie) # position-independent code needs a global offset table there
        ;;
    *) return 1 ;;
    esac
}

# What a machine needs and is not there, in words; nothing if all is.
missing() {
    command -v "${prefix}gcc" > /dev/null || echo "no ${prefix}gcc"
    [ -z "$emulator" ] || command -v "$emulator" > /dev/null || echo "no $emulator"
}

# --- Build and run ------------------------------------------------------------------------------

compile() { # FOLDER SOURCE-FOLDER FLAG...
    local source
    mkdir -p -- "$work/$1"
    for source in "$2"/*.c; do
        "${prefix}gcc" -std=c11 -O2 "${warnings[@]}" "${flags[@]}" "${@:3}" "-I$tree/include" \
            -c "$source" -o "$work/$1/$(basename "$source" .c).o"
    done
}

# core as a device has it, and a program that is static: no library of that machine is needed to run.
build() { # MACHINE
    compile "$1/core" "$tree/src/core" "${core_flags[@]}"
    "${prefix}ar" rcs "$work/$1/core.a" "$work/$1/core"/*.o
    sh "$tree/tests/unit/undefined_symbols.sh" "${prefix}nm" "$work/$1/core.a"
    compile "$1/tests" "$tree/tests/cross"
    "${prefix}gcc" "${flags[@]}" -static "$work/$1/tests"/*.o "$work/$1/core.a" -o "$work/$1/cross"
}

run() { # MACHINE OPTION...
    ${emulator:+"$emulator"} "$work/$1/cross" "${@:2}" "$tree/tests/vectors"
}

# The program's first line is the machine's own; all others are to be the same.
compare() { # MACHINE
    diff <(tail -n +2 "$work/native/output") <(tail -n +2 "$work/$1/output") > "$work/difference" &&
        return
    echo "$1: other outcomes than here (<):"
    if $verbose; then
        diff <(run_native -v) <(run "$1" -v) | grep '^[<>]' || true
    else
        cat "$work/difference"
    fi
    return 1
}

run_native() { # OPTION...
    (choose native && run native "$@")
}

judge() { # MACHINE
    local machine
    build "$1"
    run "$1" > "$work/$1/output"
    machine=$(sed -n '1s/^machine: //p' "$work/$1/output")
    [ -z "$says" ] || [ "$machine" = "$says" ] || { echo "$1: it says '$machine'"; return 1; }
    [ "$1" = native ] || compare "$1"
}

# --- All of them --------------------------------------------------------------------------------

verbose=false
if [ "${1:-}" = -v ]; then
    verbose=true
    shift
fi
case ${1:-} in
-h | --help) usage; exit 0 ;;
-*) usage >&2; exit 2 ;;
esac
[ $# -eq 0 ] || machines=("$@")
read -ra skippable <<< "${RPROCFW_CROSS_SKIP:-}"
for machine in "${machines[@]}" ${skippable[@]+"${skippable[@]}"}; do
    { choose "$machine" && [ "$machine" != native ]; } || {
        echo "no machine $machine; see tests/cross/run.sh --help" >&2
        exit 2
    }
done

passed=0
failed=0
skipped=0

# Says how one machine came out.
account() { # MACHINE
    local lacks
    choose "$1"
    lacks=$(missing | paste -sd / - | sed 's|/| and |')
    if [ -n "$lacks" ] && [[ " ${skippable[*]-} " == *" $1 "* ]]; then
        skipped=$((skipped + 1))
        echo "$1: SKIPPED, $lacks"
        return
    elif [ -n "$lacks" ]; then
        failed=$((failed + 1))
        echo "$1: FAILED, $lacks; install what src/cmake/debian-packages.sh lists"
        return
    fi
    # not "if (...)": in a condition, set -e would not hold
    set +e
    (set -e; judge "$1")
    # shellcheck disable=SC2181
    if [ $? -eq 0 ]; then
        passed=$((passed + 1))
        echo "$1: ok, $(tail -n 1 "$work/$1/output")"
    else
        failed=$((failed + 1))
        echo "$1: FAILED"
    fi
    set -e
}

account native
[ "$failed" -eq 0 ] || exit 1
grep 'SHA-256' "$work/native/output"
for machine in "${machines[@]}"; do
    account "$machine"
done
echo "machines: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] || exit 1
[ "$skipped" -eq 0 ] || exit 77
