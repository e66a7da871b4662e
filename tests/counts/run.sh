#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What core does on a device to load a container of 26 program headers: bytes moved and hashed, and
# instructions. Prints the figures and holds them against those of README.md: bytes must be the same,
# instructions may be 5 % more or less.
#
# usage: BUILD_DIR=DIR tests/counts/run.sh
# BUILD_DIR: a build of the tools. Needs arm-linux-gnueabihf-gcc, qemu-arm and valgrind.
. "$(dirname "$0")/../setup/common.bash"

for needed in arm-linux-gnueabihf-gcc qemu-arm; do
    command -v "$needed" > /dev/null || { echo "counts: no $needed; skipped" >&2; exit 77; }
done
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0"
here=$tree/tests/counts

# As a device has core, but for the C library that the callbacks need.
build_for_arm() {
    local source
    local compile=(arm-linux-gnueabihf-gcc -std=c11 -Os -mthumb -mcpu=cortex-a7 -fno-stack-protector
        -U_FORTIFY_SOURCE "-I$tree/include")
    mkdir "$work/arm"
    for source in "$tree"/src/core/*.c; do
        "${compile[@]}" -ffreestanding -c "$source" -o "$work/arm/$(basename "$source" .c).o"
    done
    "${compile[@]}" -static "$here/device.c" "$work"/arm/*.o -o "$work/device-arm"
}

build_for_host() {
    gcc -std=c11 -O2 -g -fno-stack-protector -U_FORTIFY_SOURCE "-I$tree/include" "$here/device.c" \
        "$tree"/src/core/*.c -o "$work/device-host"
}

python3 "$tree/tests/make_elf.py" "$work/in.elf" 26 1000
"$BUILD_DIR/bin/rproc-sign" --quiet --key "$tree/tests/vectors/keys/rsa2048.pem" "$work/in.elf" "$work/in.sig"
build_for_arm
build_for_host

"$work/device-host" "$work/in.sig" > "$work/moved"
qemu-arm "$work/device-arm" "$work/in.sig" | diff "$work/moved" - || fail "not the same bytes on Arm"
qemu-arm -singlestep -d exec,nochain -D "$work/log" "$work/device-arm" "$work/in.sig" > /dev/null
python3 "$here/counts.py" trace "$work/log" "$work/device-arm" "$work"/arm/*.o > "$work/on-arm"
valgrind --tool=callgrind "--callgrind-out-file=$work/callgrind" "$work/device-host" "$work/in.sig" \
    > "$work/valgrind" 2>&1 || fail "valgrind: $(cat "$work/valgrind")"
callgrind_annotate --threshold=100 "$work/callgrind" > "$work/annotated"
python3 "$here/counts.py" callgrind "$work/annotated" > "$work/on-host"

echo "bytes and calls:"
sed 's/^/    /' "$work/moved"
for where in arm host; do
    echo "instructions of core, on-$where, by function:"
    sed 's/^/    /' "$work/on-$where"
done

figure() { # FILE NAME
    awk -F ':? ' -v name="$2" 'index($0, name) == 1 { print $NF }' "$work/$1"
}

# The last column of a row of the table, thousands without their commas.
row() { # FIRST-COLUMN
    awk -F ' *[|] *' -v name="$1" '$2 == name { print $3 }' "$tree/README.md" | tr -d ,
}

same() { # FIRST-COLUMN FIGURE
    [ "$(row "$1")" = "$2" ] || fail "README.md, '$1': $(row "$1"), measured: $2"
}

near() { # FIRST-COLUMN FIGURE
    local stated
    stated=$(row "$1")
    [[ $stated =~ ^[0-9]+$ ]] || fail "README.md has no row '$1'"
    [ "$2" -gt 0 ] || fail "$1: nothing was counted"
    (($2 * 20 <= stated * 21 && $2 * 20 >= stated * 19)) ||
        fail "README.md, '$1': $stated, measured: $2, more than 5 % apart"
}

# Each byte of metadata is read once, and hashed once but for the signature; each segment read once.
[ "$(figure moved "metadata read:")" = "$(figure moved "metadata:")" ] || fail "metadata is not read once"
same "bytes of metadata read" "$(figure moved "metadata read:")"
same "bytes of metadata hashed" "$(figure moved "metadata hashed:")"
same "bytes of ELF, program and section headers read" "$(figure moved "headers read:")"
same "bytes of segments read, hashed and loaded" "$(figure moved "segment bytes:")"
near "instructions of core, Cortex-A7" "$(figure on-arm total)"
near "instructions of core, x86-64" "$(figure on-host total)"
