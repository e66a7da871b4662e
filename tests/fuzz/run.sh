#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fuzz every target for SECONDS each, starting from the vectors, under address and undefined
# behaviour sanitizers. A crash is kept as BUILD/crash-*, and ends with exit status 1.
#
#   tests/fuzz/run.sh [SECONDS [TARGET...]]     default: 10 seconds; verify load report elf key
set -euo pipefail

tree=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD_DIR:-$tree/build-fuzz}
seconds=${1:-10}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(verify load report elf key)

CC=clang cmake -S "$tree" -B "$build" -DRPROCFW_FUZZ=ON -DRPROCFW_TESTS=OFF \
    -DRPROCFW_SANITIZE=fuzzer-no-link,address,undefined > /dev/null
cmake --build "$build" -j"$(nproc)" --target "${targets[@]/#/fuzz-}" > /dev/null

# The folders of the vectors that a target starts from, one a line.
seeds() {
    case $1 in
    verify | load | report) printf '%s\n' "$tree"/tests/vectors/{expected,device} ;;
    elf) echo "$tree/tests/vectors/elf" ;;
    key) echo "$tree/tests/vectors/keys" ;;
    esac
}

cd "$build"
for target in "${targets[@]}"; do
    mkdir -p "corpus-$target"
    mapfile -t from < <(seeds "$target")
    "bin/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=100000 \
        -verbosity=0 -print_final_stats=1 "corpus-$target" "${from[@]}" 2> "$target.log" || {
        cat "$target.log"
        echo "fuzz-$target: found something, see above" >&2
        exit 1
    }
    echo "fuzz-$target: $(sed -n 's/stat::number_of_executed_units: *//p' "$target.log") runs, nothing found"
done
