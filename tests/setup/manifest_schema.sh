#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The JSON Schema of manifests takes what is good, and what it refuses the reader refuses: see
# manifest_schema.py. Needs BUILD_DIR, where the libraries are, CC, python3-jsonschema and python3-yaml.
. "$(dirname "$0")/common.bash"
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0"
libraries=$(cd "$BUILD_DIR/lib" && pwd)

"${CC:-cc}" -std=c11 -D_GNU_SOURCE -I"$tree/include" -o "$work/reader" "$tree/tests/setup/manifest_reader.c" \
    -L"$libraries" -Wl,-rpath,"$libraries" -lrprocfw
awk '/^\.\\" example manifest.yaml/ { on = 1 }
    /^\.Ed/ { on = 0 }
    on && !/^\./' "$tree/man/rprocfw-manifest.5" > "$work/page.yaml"
good=("$work/page.yaml" "$tree"/tests/manifests/*.yaml)
[ ! -d "$tree/examples/manifest" ] || good+=("$tree"/examples/manifest/*.yaml)
BUILD=out NUMBER=7 python3 "$tree/tests/setup/manifest_schema.py" \
    "$tree/src/schema/rprocfw-manifest.schema.json" "$work" "${good[@]}" || fail "schema and reader differ"
