#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What core costs a device: code and read-only data, data, stack, from what is linked when a program
# calls the five operations of rprocfw/rproc.h. Prints the figures, then judges them.
# Builds core itself; BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"

max_text=4096 # bytes of code and read-only data
max_stack=256 # bytes, on the deepest path
entries=(rprocfw_rproc_load rprocfw_rproc_start rprocfw_rproc_stop rprocfw_rproc_rsc_table
    rprocfw_rproc_release)

prefix=arm-none-eabi-
compile=("${prefix}gcc" -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror
    -Os -mthumb -mcpu=cortex-a7 -ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE
    -ffunction-sections -fdata-sections "-fcallgraph-info=su,da" "-I$tree/include")

compile_all() { # FOLDER SOURCE...: FOLDER/NAME.o and FOLDER/NAME.ci for each
    local source
    mkdir -- "$1"
    for source in "${@:2}"; do
        (cd -- "$1" && "${compile[@]}" -c "$source" -o "$(basename "$source" .c).o")
    done
}

paths() { # FOLDER ENTRY...
    python3 "$tree/tests/setup/footprint.py" "$prefix" "$@"
}

# A program of core and nothing else; its C library is three functions in a section of their own.
link_program() {
    local name
    for name in memcpy memset memcmp; do
        echo "void $name(void); __attribute__((section(\".library\"))) void $name(void) {}"
    done > "$work/library.c"
    "${compile[@]}" -fno-builtin -c "$work/library.c" -o "$work/library.o"
    "${prefix}ar" rcs "$work/core.a" "$work"/core/*.o
    "${prefix}gcc" -nostdlib -mthumb -mcpu=cortex-a7 -Wl,--gc-sections "${entries[@]/#/-Wl,-u,}" \
        "-Wl,-e,${entries[0]}" "-Wl,-Map,$work/map" "$work/core.a" "$work/library.o" \
        -o "$work/program" || fail "core needs more than memcpy, memset and memcmp"
}

# Bytes of the program's sections whose flags (readelf's letters) fit a pattern; .library is not
# core's.
section_bytes() { # PATTERN
    local total=0 name size flags
    while read -r name size flags; do
        # shellcheck disable=SC2053 # a pattern it is
        [[ $name != .library && $flags == $1 ]] && total=$((total + 16#$size))
    done < <("${prefix}readelf" -SW "$work/program" | sed -n 's/^ *\[ *[1-9][0-9]*\] *//p' |
        awk '{ print $1, $5, ($7 ~ /^[A-Z]+$/ ? $7 : "-") }')
    echo "$total"
}

compile_all "$work/core" "$tree"/src/core/*.c
link_program
paths "$work/core" "${entries[@]}" > "$work/paths" || fail "no bound for the stack, see above"
text=$(section_bytes 'A*')
writable=$(section_bytes 'W*')
stack=$(awk '$1 == "stack" { print $2 }' "$work/paths")

echo "functions by size: bytes, stack, name"
awk '$1 == "function" { printf "%6d %6d  %s\n", $2, $3, $4 }' "$work/paths"
echo "deepest path: stack, name"
awk '$1 == "call" { printf "%6d  %s\n", $2, $3 }' "$work/paths"
echo "code and read-only data: $text bytes (at most $max_text)"
echo "data and bss: $writable bytes (none)"
echo "stack: $stack bytes (at most $max_stack)"
echo "struct rprocfw_verifier: $(device_size_of 'sizeof(struct rprocfw_verifier)') bytes"
echo "RPROCFW_WORK_SIZE(26): $(device_size_of 'RPROCFW_WORK_SIZE(26)') bytes"

# --- The figures are of what was linked -----------------------------------------------------------

# The functions of the program are those whose paths were followed, and each has some bytes.
"${prefix}nm" -S "$work/program" | awk '$3 ~ /^[tT]$/ && $4 !~ /^mem/ { print $4 }' | sort > "$work/linked"
awk '$1 == "function" { print $4 }' "$work/paths" | sort | diff - "$work/linked" ||
    fail "the program has other functions than the paths (<)"
functions=$(awk '$1 == "function" { bytes += $2 } END { print bytes }' "$work/paths")
((functions > 0 && functions <= text)) || fail "functions of $functions bytes in $text bytes of code"

# --- What stops a path from having a bound is noticed, and a callback is none ---------------------

expect_no_bound() { # WHAT SOURCE-TEXT
    printf '%s\n' "$2" > "$work/$1.c"
    compile_all "$work/$1" "$work/$1.c"
    ! paths "$work/$1" entry > /dev/null 2> "$work/stderr" || fail "$1: no error"
    grep -q "$3" "$work/stderr" || fail "$1: another error: $(cat "$work/stderr")"
}
expect_no_bound recursion 'int entry(int n); int other(int n);
    __attribute__((noinline)) int other(int n) { return n ? entry(n - 1) + 2 : 0; }
    int entry(int n) { return other(n) * n; }' 'recursion'
expect_no_bound dynamic 'int entry(int n); int leaf(int *at);
    int entry(int n) { int array[n]; return leaf(array); }' 'dynamic'
expect_no_bound pointer 'int entry(int n); int (*table[2])(int n) = {entry};
    int entry(int n) { return table[n](n); }' 'who calls it'


# --- The limits -----------------------------------------------------------------------------------

verdict=0
beyond() { # WHAT
    echo "$(basename "$0"): $1" >&2
    verdict=1
}
((text <= max_text)) || beyond "$text bytes of code and read-only data, more than $max_text"
((writable == 0)) || beyond "$writable bytes of data and bss"
((stack <= max_stack)) || beyond "$stack bytes of stack, more than $max_stack"
is_linked() { # NAME
    grep -qF "core.a($1.o)" "$work/map"
}
is_linked rproc || fail "the linker's map does not name rproc.o"
for object in explain status tee_result; do
    ! is_linked "$object" || beyond "$object.o is linked, which a device need not have"
done
exit "$verdict"
