#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The tests that rprocfw(7) and the README name as showing what is promised are there: steps of
# tests/run.sh, or tests for ctest, by the names that the folders give them.
# Usage: man_steps.sh
. "$(dirname "$0")/common.bash"

# unit-tlv is tests/unit/test_tlv.c, tee-load is tests/tee/test_load.c
exists() { # NAME
    grep -qxF -e "$1" -e "$1-gcc" "$work/steps" ||
        [ -e "$tree/tests/${1%%-*}/test_${1#*-}.c" ]
}

"$tree/tests/run.sh" --list > "$work/steps"
sed -n '/^\.Sh HOW IT IS SHOWN/,/^\.Sh WHAT IS NOT/p' "$tree/man/rprocfw.7" |
    sed -n 's/^\.Cm //p' | grep -oE '[a-z][a-z-]+' > "$work/named"
sed -n '/^## What can be relied on/,/^## /p' "$tree/README.md" | grep '^| ' |
    tr '`' '\n' | grep -xE '[a-z][a-z-]+' >> "$work/named"
[ "$(wc -l < "$work/named")" -ge 15 ] || fail "only $(wc -l < "$work/named") names found"
while read -r name; do
    exists "$name" || fail "no step and no test is called $name"
done < "$work/named"
