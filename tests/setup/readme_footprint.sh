#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What README.md says core costs is what footprint.sh measures and what the structures take.
# BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"

# The last column of a row of the table, thousands without their commas.
row() { # FIRST-COLUMN
    local found
    found=$(awk -F ' *[|] *' -v name="$1" '$2 == name { print $4 }' "$tree/README.md" |
        sed 's/\([0-9]\),\([0-9]\)/\1\2/g')
    [ -n "$found" ] || fail "README.md has no row '$1'"
    echo "$found"
}

expect() { # FIRST-COLUMN TEXT
    [ "$(row "$1")" = "$2" ] || fail "README.md, '$1': $(row "$1"), measured: $2"
}

bash "$tree/tests/setup/footprint.sh" > "$work/figures" || fail "footprint.sh failed"
figure() { # NAME
    sed -n "s/^$1: \([0-9]*\) bytes.*/\1/p" "$work/figures"
}
expect "code and read-only data" "$(figure 'code and read-only data')"
expect "stack, deepest path" "$(figure stack)"
expect "data and bss" "$(figure 'data and bss')"

# 108 + 64 bytes a program header + the signature; then the ranges, after 4 bytes that align them.
expect "memory for a container with 26 program headers, RSA-2048" \
    "$(device_size_of '108 + 64 * 26 + 256 + 4 + 27 * sizeof(struct rprocfw_range)') of work buffer"
expect "state, all in the caller's memory" "$(device_size_of 'sizeof(struct rprocfw_rprocs)'), and $(
    device_size_of 'sizeof(struct rprocfw_rproc)') for each remote processor"
