#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The version stands in CMakeLists.txt; where else one is named, for people or in recipes, it is the
# same, and no function is in the library since a later one. BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"

version=$(sed -n 's/^project(rprocfw VERSION \([0-9.]*\).*/\1/p' "$tree/CMakeLists.txt")
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "CMakeLists.txt: no semantic version: '$version'"

[[ "$(grep -m 1 '^## ' "$tree/NEWS.md")" == "## $version"?( (not released)) ]] ||
    fail "NEWS.md: the first heading is not of $version"
grep -q "^Version $version," "$tree/README.md" || fail "README.md: Status does not say $version"

# Names of tarballs and recipes, and what recipes say.
tree_files | grep -z '^examples/' | (cd "$tree" && {
    xargs -0 grep -noE '(rprocfw[-_]|RPROCFW_VERSION *= *)[0-9]+(\.[0-9]+)+' /dev/null
    tree_files | tr '\0' '\n' | grep -oE '^examples/.*rprocfw_[0-9]+(\.[0-9]+)+'
}) > "$work/named"
[ "$(wc -l < "$work/named")" -ge 3 ] || fail "found too few versions in examples"
if grep -vE "[^0-9.]${version//./\\.}\$" "$work/named"; then
    fail "the places above do not say $version"
fi

sed -nE 's/^ .*@Base //p' "$tree/src/cmake/librprocfw.symbols" | sort -uV > "$work/since"
[ "$({ cat "$work/since"; echo "$version"; } | sort -V | tail -n 1)" = "$version" ] ||
    fail "librprocfw.symbols: a version after $version: $(tail -n 1 "$work/since")"
