#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# librprocfw.so exports what the public headers declare and src/cmake/librprocfw.symbols lists: no
# more, no less. A function that goes, or is another one, takes a new soname: see the README.
# Needs BUILD_DIR: a Release build.
. "$(dirname "$0")/common.bash"
need_build

# Functions in the preprocessed umbrella header: a name of ours before a parenthesis, unless it is
# the type before a pointer to a function.
echo '#include <rprocfw/rprocfw.h>' | "${CC:-cc}" -E -P -I"$tree/include" - |
    grep -oE '\brprocfw_[a-z0-9_]+ *\([^*]' | sed 's/ *(.*//' | sort -u > "$work/declared"
[ "$(wc -l < "$work/declared")" -ge 30 ] || fail "found too few declarations in include/rprocfw"

nm -D --defined-only "$BUILD_DIR/lib/librprocfw.so" | awk '{ print $3 }' | sort -u > "$work/exported"
diff -u "$work/declared" "$work/exported" || fail "-: declared, not exported; +: the other way"

list=$tree/src/cmake/librprocfw.symbols
readelf -dW "$BUILD_DIR/lib/librprocfw.so" > "$work/dynamic"
soname=$(sed -nE 's/.*\(SONAME\).*\[(.*)\]$/\1/p' "$work/dynamic")
[ "$(head -n 1 "$list")" = "$soname librprocfw${soname##*.} #MINVER#" ] ||
    fail "the first line of $list is not of $soname"
sed -nE 's/^ ([a-z0-9_]+)@Base [0-9]+\.[0-9]+\.[0-9]+$/\1/p' "$list" > "$work/listed"
[ "$(wc -l < "$work/listed")" -eq "$(tail -n +2 "$list" | grep -cv '^\* ')" ] ||
    fail "$list: lines that are not ' FUNCTION@Base VERSION'"
diff -u "$work/listed" "$work/exported" ||
    fail "-: in $list, not exported; +: the other way: list it with the version that has it first"
