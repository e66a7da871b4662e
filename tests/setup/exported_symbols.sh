#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# librprocfw.so exports what the public headers declare: no more, no less.
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
