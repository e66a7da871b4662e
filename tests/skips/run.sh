#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Leaves out each instruction of core once, while it looks at a container that is not good: nothing
# may be accepted. Then the same of copies of core that lack a repeated check: that must be found.
# README.md beside this file says what the model is. See usage() below.
set -euo pipefail
export LC_ALL=C

usage() {
    cat << 'TEXT'
usage: tests/skips/run.sh [BUILD...]

BUILD: thumb (-Os, Cortex-A7; the default), arm (A32, -O2), aarch64 (-O2). With RPROCFW_CI=1 all of them;
with RPROCFW_LONG=1, too, and of the segments' scenarios each time that an instruction is executed, not
the first and the last alone. Needs python3, qemu-user and the machine's compiler; BUILD_DIR is not used.
RPROCFW_CROSS_SKIP, a list of machines (armhf, aarch64), names those whose compiler may be missing.
Prints for each scenario: instructions executed, left out, and what came of that.
Exit status: 0 nothing was accepted, 1 something was, or the self-test found nothing, 2 could not
start, 77 nothing failed, a build was skipped.
TEXT
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
tree=$(cd -- "$here/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
warnings=(-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)
# Without a C library: what the compiler finds in a loop must not become a call of the loop itself.
common=(-std=c11 -g -static -fno-pic -ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE
    -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables)
signature=(signature_verify signature_load signature_reload signature_loaded)
outcome_at=0x7000000 # far from all else that the program has

# machine, prefix of the tools, emulator, flags.
choose() { # BUILD
    case $1 in
    thumb) machine=armhf prefix=arm-linux-gnueabihf- qemu=qemu-arm flags=(-Os -mthumb -mcpu=cortex-a7) ;;
    arm) machine=armhf prefix=arm-linux-gnueabihf- qemu=qemu-arm flags=(-O2 -marm -mcpu=cortex-a7) ;;
    aarch64) machine=aarch64 prefix=aarch64-linux-gnu- qemu=qemu-aarch64 flags=(-O2) ;;
    *) echo "no build $1; see tests/skips/run.sh --help" >&2; exit 2 ;;
    esac
}

# Nothing if all is there that a build needs.
missing() {
    local tool
    for tool in "${prefix}gcc" "$qemu" python3; do
        command -v "$tool" > /dev/null || echo "no $tool"
    done
}

# core's code in a section of its own, by whose ends skip.py knows it.
compile() { # CORE-FOLDER PROGRAM
    local source objects=()
    mkdir -- "$2.o"
    for source in "$1"/*.c "$here/harness.c"; do
        objects+=("$2.o/$(basename "$source" .c).o")
        "${prefix}gcc" "${common[@]}" "${warnings[@]}" "${flags[@]}" "-I$tree/include" \
            -c "$source" -o "${objects[-1]}"
        [ "$source" = "$here/harness.c" ] ||
            "${prefix}objcopy" --rename-section .text=core_text "${objects[-1]}"
    done
    "${prefix}gcc" "${flags[@]}" -static -no-pie -nostdlib "${objects[@]}" -lgcc \
        -Wl,-u,__start_core_text,-u,__stop_core_text,--build-id=none \
        "-Wl,--section-start=outcome=$outcome_at" -o "$2"
}

skip() { # BUILD PROGRAM ARGUMENT...: options, or scenarios
    local options=()
    while [[ ${3:-} == -* ]]; do
        options+=("$3")
        set -- "${@:1:2}" "${@:4}"
    done
    python3 "$here/skip.py" ${options[@]+"${options[@]}"} "$qemu" "$1" "$2" "${@:3}"
}

judge() { # BUILD
    echo "$1: ${prefix}gcc ${flags[*]}"
    compile "$tree/src/core" "$work/$1"
    if [ "${RPROCFW_LONG:-}" = 1 ]; then
        skip "$1" "$work/$1"
    else
        skip "$1" "$work/$1" "${signature[@]}"
        skip "$1" "$work/$1" -e segment_load
    fi
}

# A copy of core in which one line is another: in SCENARIO something must be accepted.
plant() { # BUILD NAME FILE LINE REPLACEMENT SCENARIO
    local program=$work/$1-$2 copy=$work/planted-$1-$2 status=0
    mkdir -- "$copy"
    cp -- "$tree"/src/core/*.[ch] "$copy"
    python3 "$tree/tests/plant.py" "$copy/$3" "$4" "$5" || return 1
    compile "$copy" "$program"
    skip "$1" "$program" "$6" > "$work/output" || status=$?
    [ "$status" -eq 1 ] || { cat "$work/output"; echo "$2: nothing was found" >&2; return 1; }
    echo "self-test, $2: found, $(($(wc -l < "$work/output") - 2)) skips are enough"
}

self_test() { # BUILD
    case $1 in
    thumb)
        plant thumb signature-once values.c 'if (v->authentic != RPROCFW_AUTHENTIC) /* again' \
            'if (false) /* again' signature_verify
        [ "${RPROCFW_LONG:-}" = 1 ] || return 0
        plant thumb status-alone signature.c 'return RPROCFW_ERR_SIGNATURE;' 'return status;' \
            signature_verify
        plant thumb state-once rproc.c 'state != from || state_of(rproc) != from' 'state != from' \
            signature_load
        ;;
    aarch64)
        plant aarch64 buffer-as-it-was signature.c 'memset(work, 0, v->layout.payload);' ';' \
            signature_loaded
        plant aarch64 verdict-once rproc.c 'RPROCFW_NOINLINE enum rprocfw_status load_any(' \
            'inline __attribute__((always_inline)) enum rprocfw_status load_any(' signature_load
        ;;
    esac
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
-*) usage >&2; exit 2 ;;
esac
builds=(thumb)
[ -z "${RPROCFW_CI:-}${RPROCFW_LONG:-}" ] || builds=(thumb arm aarch64)
[ $# -eq 0 ] || builds=("$@")

failed=0
skipped=0
# Not "judge || ...": in a condition, set -e would not hold in it.
account() { # COMMAND ARGUMENT...
    set +e
    (set -e; "$@")
    # shellcheck disable=SC2181
    [ $? -eq 0 ] || failed=1
    set -e
}

for build in "${builds[@]}"; do
    choose "$build"
    lacks=$(missing)
    if [ -n "$lacks" ] && [[ " ${RPROCFW_CROSS_SKIP:-} " == *" $machine "* ]]; then
        echo "$build: SKIPPED," "$lacks"
        skipped=1
    elif [ -n "$lacks" ]; then
        echo "$build: FAILED," "$lacks;" "install what src/cmake/debian-packages.sh lists" >&2
        exit 2
    else
        account judge "$build"
        account self_test "$build"
    fi
done
[ "$failed" -eq 0 ] || exit 1
[ "$skipped" -eq 0 ] || exit 77
echo "no single skipped instruction was enough"
