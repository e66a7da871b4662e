#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The top level holds what a visitor looks for, and nothing else.
. "$(dirname "$0")/common.bash"

tree_files | tr '\0' '\n' | cut -d/ -f1 | grep -v '^\.' | sort -u > "$work/found"
sort > "$work/expected" << 'TEXT'
CMakeLists.txt
LICENSE
NEWS.md
README.md
examples
include
man
src
tests
TEXT
diff -u "$work/expected" "$work/found" || fail "the top level is not as it should be"
