#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What the tools cost, beside programs that do a part of the same. See usage() below.
set -euo pipefail

usage() {
    cat << 'TEXT'
usage: tests/bench/run.sh [--list] [--rounds N] [ROW...]

Builds a Release in build-bench/, makes inputs, and measures the rows of the table, or those whose
names have one of the words given, in N rounds (10) that go over all commands one after the other.
Prints a table of medians and ratios; leaves results.json, table.txt and, of all rows, plot.svg in
build-bench/results/.

BUILD_DIR       another folder for the build
BENCH_DIR       a folder for inputs and outputs, with 6 GB free; by default a new one under TMPDIR
SIGN_RPROC_FW   the path of OP-TEE's sign_rproc_fw.py, to be measured beside rproc-sign

The ratios say something on a quiet machine only.
Exit status: 0 measured, whatever the figures; 2 could not be done.
TEXT
}

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILD_DIR:-$tree/build-bench}
# shellcheck source=../../src/cmake/debian-packages.sh
. "$tree/src/cmake/debian-packages.sh"

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac

install_missing "${packages_build[@]}" "${packages_bench[@]}"
mkdir -p "$build"
if ! { cmake -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Release &&
    cmake --build "$build" -j "$(nproc)"; } > "$build/build.log" 2>&1; then
    cat "$build/build.log" >&2
    exit 2
fi

work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/bench.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
python3 "$tree/tests/bench/measure.py" --bin "$build/bin" --vectors "$tree/tests/vectors" \
    --work "$work" --results "$build/results" "$@"
