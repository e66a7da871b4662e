#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The example firmware: the prebuilt file is what its sources give, and a board can load it.
# BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"

prebuilt=$tree/examples/firmware/firmware.elf
make -C "$tree/examples/firmware" OUT="$work/firmware.elf"
cmp "$prebuilt" "$work/firmware.elf" || fail "examples/firmware/firmware.elf is not up to date"

# Segments: type, paddr, filesz, memsz. Three PT_LOAD and nothing else, no two at one address.
readelf -lW "$prebuilt" | awk '$2 ~ /^0x/ { print $1, $4, $5, $6 }' > "$work/segments"
[ "$(wc -l < "$work/segments")" -eq 3 ] || fail "not three segments: $(cat "$work/segments")"
[ "$(awk '{ print $2 }' "$work/segments" | sort -u | wc -l)" -eq 3 ] ||
    fail "two segments share a physical address"

# Regions that both OP-TEE's and ST's STM32MP15 have, as device addresses: start, size.
regions='0x00000000 0x10000
0x10000000 0x20000
0x10020000 0x20000'
in_a_region() { # ADDRESS SIZE
    local start size
    while read -r start size; do
        if (($1 >= start && $1 + $2 <= start + size)); then return 0; fi
    done <<< "$regions"
    return 1
}
while read -r type address filesz memsz; do
    [ "$type" = LOAD ] || fail "a program header of type $type"
    ((filesz > 0 && memsz >= filesz)) || fail "segment at $address: sizes $filesz, $memsz"
    in_a_region "$address" "$memsz" || fail "segment at $address is in no region of the board"
done < "$work/segments"

# Sections: name, address, size.
readelf -SW "$prebuilt" | sed -n 's/^ *\[ *[0-9]*\] *//p' |
    awk '{ print $1, $3, $5 }' > "$work/sections"
grep -q '^\.isr_vectors 00000000 ' "$work/sections" || fail "no .isr_vectors at address 0"
grep -q '^\.resource_table 10020000 ' "$work/sections" || fail "no .resource_table"
grep -q '^\.bss ' "$work/sections" || fail "no .bss"
if grep -qE '^\.(debug|note|ARM\.exidx)' "$work/sections"; then
    fail "sections that should not be there: $(cat "$work/sections")"
fi
[ "$(stat -c %s "$prebuilt")" -le 4096 ] || fail "larger than 4096 bytes"

# Resource table: version 1, one entry, two reserved words, its offset; the entry is a trace.
readelf -x .resource_table "$prebuilt" > "$work/table"
expect_words() { # ADDRESS WORDS
    grep -qF "$1 $2" "$work/table" || fail "resource table: no '$2' at $1"
}
expect_words 0x10020000 "01000000 01000000 00000000 00000000"
expect_words 0x10020010 "14000000 02000000"
