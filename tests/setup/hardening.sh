#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Programs and shared library are hardened, by default and without a word on the command line.
# Needs BUILD_DIR: a Release build.
. "$(dirname "$0")/common.bash"
need_build

failed=0
expect() { # FILE WHAT COMMAND...
    local file=$1 what=$2
    shift 2
    "$@" || {
        echo "$file: $what" >&2
        failed=1
    }
}

# readelf's output is read from files: with pipefail, grep -q would kill it in the middle.
check() { # FILE
    local name
    name=$(basename "$1")
    readelf -hW "$1" > "$work/header"
    readelf -lW "$1" > "$work/segments"
    readelf -dW "$1" > "$work/dynamic"
    readelf -W --dyn-syms "$1" > "$work/symbols"
    expect "$name" "not position-independent" grep -qE '^ *Type: +DYN' "$work/header"
    expect "$name" "no GNU_RELRO" grep -q '^ *GNU_RELRO ' "$work/segments"
    expect "$name" "no BIND_NOW" grep -qE 'BIND_NOW|FLAGS_1.*\bNOW\b' "$work/dynamic"
    expect "$name" "looks for libraries in the current folder" \
        awk '/\((RPATH|RUNPATH)\)/ && !/\[[$\/][^:]*(:[$\/][^:]*)*\]$/ { exit 1 }' "$work/dynamic"
    expect "$name" "executable stack" grep -qE '^ *GNU_STACK .* RW +0x' "$work/segments"
    expect "$name" "no stack protector" grep -q ' UND __stack_chk_fail' "$work/symbols"
    expect "$name" "not fortified" grep -qE ' UND __[a-z]+_chk(@|$)' "$work/symbols"
}

for tool in rproc-sign rproc-verify rproc-dump rproc-key; do
    check "$BUILD_DIR/bin/$tool"
    expect "$tool" "not a PIE" grep -q 'FLAGS_1.*\bPIE\b' "$work/dynamic"
done
check "$BUILD_DIR/lib/librprocfw.so"

# Core in librprocfw is hardened, too. Most of its functions have nothing on the stack that a pointer
# leads to, and so nothing to protect; these objects have, each the state of a walk over the TLVs.
for object in signature.c.o values.c.o; do
    (cd "$work" && ar x "$BUILD_DIR/lib/librprocfw.a" "$object" && nm "$object" > "$object.nm")
    expect "librprocfw.a($object)" "no stack protector" grep -q 'U __stack_chk_fail' "$work/$object.nm"
done

exit $failed
