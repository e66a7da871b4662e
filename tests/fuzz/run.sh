#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds the fuzz targets, replays the corpus, fuzzes. README.md says more; see usage() below.
set -euo pipefail

all=(verify load signed report device findings rsc extract layouts elf key attach board dtb manifest)
core_only=(verify load) # MemorySanitizer has seen all of their code; of libcrypto it has not

usage() {
    cat << TEXT
usage: tests/fuzz/run.sh [MINUTES [TARGET...]]   replay, then fuzz each for MINUTES: 0.05; 60 with RPROCFW_LONG=1,
                                                 which replays with AFL++, too
       tests/fuzz/run.sh --replay [TARGET...]    replay corpus and regressions under all builds
       tests/fuzz/run.sh --afl MINUTES [TARGET...]   fuzz with AFL++ from the corpus
       tests/fuzz/run.sh --merge [TARGET...]     make the corpus anew: what is found, minimised
       tests/fuzz/run.sh --coverage [TARGET...]  what the corpus covers of core

Targets: ${all[*]}. Builds in BUILD_DIR (build-fuzz); what is found new stays there, in found-TARGET
and crash-TARGET-*. Exit status: 0 nothing was found, 1 a finding, or something could not be done.
TEXT
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
tree=$(cd -- "$here/../.." && pwd -P)
builds=${BUILD_DIR:-$tree/build-fuzz}
biggest=16384 # bytes of an input
small=2048    # and of one that is checked in

export ASAN_OPTIONS=detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1

die() { echo "tests/fuzz/run.sh: $*" >&2; exit 1; }

# --- Builds -------------------------------------------------------------------------------------

build() { # NAME TARGET...
    local dir=$builds/$1 name=$1 log=$builds/$1.log
    local options=(-DRPROCFW_FUZZ=ON -DRPROCFW_TESTS=OFF -DCMAKE_C_COMPILER=clang
        "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O1 -g1") # as quick as -O2 with sanitizers, and sooner built
    shift
    case $name in
    asan) options+=("-DRPROCFW_SANITIZE=fuzzer-no-link,address,undefined") ;;
    msan) options+=(-DRPROCFW_CORE_ONLY=ON "-DRPROCFW_SANITIZE=fuzzer-no-link,memory") ;;
    afl)
        export AFL_USE_ASAN=1 AFL_QUIET=1
        options+=(-DCMAKE_C_COMPILER=afl-clang-fast)
        ;;
    coverage) options+=(-DRPROCFW_SANITIZE=fuzzer-no-link
        "-DCMAKE_C_FLAGS=-fprofile-instr-generate -fcoverage-mapping") ;;
    esac
    mkdir -p "$builds"
    { cmake -S "$tree" -B "$dir" "${options[@]}" &&
        cmake --build "$dir" -j"$(nproc)" --target "${@/#/fuzz-}"; } > "$log" 2>&1 ||
        { cat "$log"; die "cannot build $name"; }
}

# --- Inputs -------------------------------------------------------------------------------------

# The folders that are checked in for a target, one a line.
checked_in() { # TARGET
    local folder
    for folder in "$here/corpus/$1" "$here/regressions/$1"; do
        [ ! -d "$folder" ] || echo "$folder"
    done
    vectors "$1"
}

# The vectors of a kind are inputs as they stand, where they stand.
vectors() { # TARGET
    case $1 in
    elf) echo "$tree/tests/vectors/elf" ;;
    # Most of what tells keys apart is libcrypto's code, which the fuzzer does not see.
    key) echo "$tree/tests/vectors/keys" ;;
    board) echo "$tree/src/boards" ;;
    manifest) echo "$tree/tests/manifests" ;;
    attach | dtb | rsc) ;; # none is a signature, a blob or a resource table on its own
    *) printf '%s\n' "$tree"/tests/vectors/{expected,device} ;;
    esac
}

# Where a corpus that is made anew starts from: what make_seeds.py makes.
seeds() { # TARGET
    case $1 in
    elf) echo "$builds/seeds/elf" ;;
    key) vectors key ;;
    attach | dtb | rsc) echo "$builds/seeds/$1" ;;
    board) printf '%s\n' "$tree"/{src,tests}/boards ;;
    manifest) vectors manifest ;;
    layouts) printf '%s\n' "$builds"/seeds/{layout,container} ;;
    *) echo "$builds/seeds/container" ;;
    esac
}

dictionary() { # TARGET
    case $1 in
    key | board | dtb | manifest) echo "$here/$1.dict" ;;
    *) echo "$here/rproc.dict" ;;
    esac
}

# --- Replay -------------------------------------------------------------------------------------

# Every checked-in input once.
replay_with() { # BUILD TARGET...
    local name=$1 target log
    shift
    for target; do
        local folders=() files=()
        mapfile -t folders < <(checked_in "$target")
        [ ${#folders[@]} -gt 0 ] || die "no corpus for $target"
        mapfile -d '' -t files < <(find "${folders[@]}" -type f -print0)
        log=$builds/replay-$name-$target.log
        # with names of files, either fuzzer's main runs them and nothing else
        "$builds/$name/bin/fuzz-$target" "${files[@]}" > "$log" 2>&1 ||
            { tail -n 60 "$log"; die "fuzz-$target ($name): a checked-in input fails, see above"; }
        echo "fuzz-$target ($name): ${#files[@]} inputs replayed"
    done
}

# Those of the targets that are core alone, one a line.
of_core_only() { # TARGET...
    local target
    for target; do
        [[ " ${core_only[*]} " != *" $target "* ]] || echo "$target"
    done
}

replay() { # TARGET...
    local core=()
    mapfile -t core < <(of_core_only "$@")
    build asan "$@"
    replay_with asan "$@"
    if [ ${#core[@]} -gt 0 ]; then
        build msan "${core[@]}"
        replay_with msan "${core[@]}"
    fi
}

# With AddressSanitizer, too, so that it finds nothing else: not each time.
replay_afl() { # TARGET...
    build afl "$@"
    replay_with afl "$@"
}

# --- Fuzzing ------------------------------------------------------------------------------------

seconds() { # MINUTES
    [[ $1 =~ ^[0-9]+(\.[0-9]+)?$ && $1 =~ [1-9] ]] ||
        die "MINUTES is a number above 0, such as 60 or 0.1, not '$1'"
    awk "BEGIN { print int($1 * 60 + 0.999) }"
}

fuzz_one() { # TARGET SECONDS
    local folders=() log=$builds/$1.log
    mapfile -t folders < <(checked_in "$1")
    mkdir -p "$builds/found-$1"
    "$builds/asan/bin/fuzz-$1" -max_total_time="$2" -timeout=25 -rss_limit_mb=2048 \
        -max_len="$biggest" -dict="$(dictionary "$1")" -artifact_prefix="$builds/crash-$1-" \
        -print_final_stats=1 "$builds/found-$1" "${folders[@]}" > /dev/null 2> "$log" || {
        tail -n 60 "$log"
        echo "fuzz-$1: found something, see above" >&2
        return 1
    }
    echo "fuzz-$1: $(sed -n 's/stat::number_of_executed_units: *//p' "$log") runs, nothing found"
}

# As many at once as there are processors; all of them, whatever one finds.
fuzz() { # MINUTES TARGET...
    local time target failed=0
    time=$(seconds "$1")
    shift
    for target; do
        while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
            wait -n || failed=1
        done
        fuzz_one "$target" "$time" &
    done
    while [ -n "$(jobs -p)" ]; do
        wait -n || failed=1
    done
    return "$failed"
}

afl() { # MINUTES TARGET...
    local time target out
    time=$(seconds "$1")
    shift
    unset ASAN_OPTIONS # AFL++ has its own
    export AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
    build afl "$@"
    for target; do
        out=$builds/afl-$target
        rm -rf "$out"
        afl-fuzz -V "$time" -m none -t 5000 -x "$(dictionary "$target")" -i "$here/corpus/$target" \
            -o "$out" -- "$builds/afl/bin/fuzz-$target" > "$builds/afl-$target.log" 2>&1 ||
            { tail -n 30 "$builds/afl-$target.log"; die "afl-fuzz cannot run fuzz-$target"; }
        [ -z "$(find "$out" -path '*/crashes/id*' -o -path '*/hangs/id*')" ] ||
            die "fuzz-$target: AFL++ found something, see $out/default"
        echo "fuzz-$target (AFL++): $(sed -n 's/^execs_done *: *//p' "$out/default/fuzzer_stats") runs, nothing found"
    done
}

# --- The corpus ---------------------------------------------------------------------------------

# The fewest and smallest inputs that reach what all of them reach.
merge() { # TARGET...
    local target
    build asan "$@"
    "$here/make_seeds.py" "$builds/seeds"
    for target; do
        local old=() new=$builds/merged-$target
        mapfile -t old < <(seeds "$target")
        [ ! -d "$here/corpus/$target" ] || old+=("$here/corpus/$target")
        [ ! -d "$builds/found-$target" ] || old+=("$builds/found-$target")
        rm -rf "$new"
        mkdir -p "$new" "$here/corpus/$target"
        "$builds/asan/bin/fuzz-$target" -merge=1 -set_cover_merge=1 -max_len="$small" \
            "$new" "${old[@]}" > "$builds/merge-$target.log" 2>&1 ||
            { tail -n 30 "$builds/merge-$target.log"; die "cannot merge $target"; }
        find "$here/corpus/$target" -type f -delete
        find "$new" -type f -exec cp -t "$here/corpus/$target" {} +
        echo "fuzz-$target: $(find "$here/corpus/$target" -type f | wc -l) inputs, $(du -s -b "$here/corpus/$target" | cut -f 1) bytes"
    done
}

# Of core without what only tells: names, explanations, TEE_Results.
coverage() { # TARGET...
    local target sources=() binaries=() profiles=() files=()
    mapfile -t sources < <(find "$tree/src/core" -name '*.c' | grep -vE '/(explain|status|tee_result|decode)\.c$')
    build coverage "$@"
    printf '%-10s %8s %9s %6s\n' target lines branches inputs
    for target; do
        local profile=$builds/profile-$target binary=$builds/coverage/bin/fuzz-$target
        mapfile -d '' -t files < <(find "$here/corpus/$target" -type f -print0)
        LLVM_PROFILE_FILE=$profile.raw "$binary" "${files[@]}" > /dev/null 2>&1 ||
            die "fuzz-$target: a checked-in input fails; tests/fuzz/run.sh --replay $target"
        llvm-profdata merge -o "$profile" "$profile.raw"
        profiles+=("$profile")
        binaries+=("$binary")
        covered "$target" ${#files[@]} "$profile" "$binary"
    done
    llvm-profdata merge -o "$builds/profile" "${profiles[@]}"
    covered together '' "$builds/profile" "${binaries[@]}"
}

covered() { # NAME INPUTS PROFILE BINARY...
    local more=("${@:5}")
    llvm-cov export -summary-only -instr-profile="$3" "$4" "${more[@]/#/-object=}" "${sources[@]}" |
        jq -r '.data[0].totals | [.lines.percent, .branches.percent] | @tsv' |
        while read -r lines branches; do
            printf '%-10s %6.1f %% %7.1f %% %6s\n' "$1" "$lines" "$branches" "$2"
        done
}

# --- What is asked ------------------------------------------------------------------------------

action=fuzz
case ${1:-} in
-h | --help) usage; exit 0 ;;
--replay | --afl | --merge | --coverage) action=${1#--}; shift ;;
-*) usage >&2; exit 1 ;;
esac
minutes=0.05
[ -z "${RPROCFW_LONG:-}" ] || minutes=60
if [[ $action = fuzz || $action = afl ]] && [ $# -gt 0 ]; then
    minutes=$1
    shift
fi
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do
    [[ " ${all[*]} " = *" $target "* ]] || die "no target $target; there are: ${all[*]}"
done

case $action in
fuzz)
    seconds "$minutes" > /dev/null
    replay "${targets[@]}"
    [ -z "${RPROCFW_LONG:-}" ] || replay_afl "${targets[@]}"
    fuzz "$minutes" "${targets[@]}"
    ;;
replay)
    replay "${targets[@]}"
    replay_afl "${targets[@]}"
    ;;
afl) afl "$minutes" "${targets[@]}" ;;
*) "$action" "${targets[@]}" ;;
esac
