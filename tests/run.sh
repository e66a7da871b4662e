#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Installs what is missing, builds in build-test/, runs every test. See usage() below.
set -u

usage() {
    cat << 'TEXT'
usage: tests/run.sh [--long | --ci] [--quick | --list | STEP...]

Runs every step that fits into 20 minutes, or those named; "setup" names all of setup-*. Goes on after
a failed step. Of several steps two run at a time, and what one prints comes when it has ended; until then it
is in build-test/ran/.
  --long    all of what the steps can do, not only what fits into 20 minutes
  --ci      what CI runs: 100,000 generated containers, not 30,000; leaks of the programs in cli-sanitize,
            which faults looks for in any case; skips in three builds of core, not one
  --quick   unit-gcc and cli-gcc only; without --quick and --long cli-sanitize does the same as cli-gcc
  --list    print the names of the steps
RPROCFW_CROSS_SKIP='s390x i686', for example, names machines whose compilers are not to be installed.
A step that does without one of them (cross; setup-ta_builds and skips need armhf and aarch64, counts
armhf) tests the others, and counts as skipped; so does environment where nothing can be mounted.
Exit status: 0 no step failed, 1 a step failed, 2 could not start.
TEXT
}

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 2
builds=$tree/build-test
ran=$builds/ran # what of this run has been done, and what it printed
jobs=$(nproc)
# shellcheck source=../src/cmake/debian-packages.sh
. "$tree/src/cmake/debian-packages.sh"

# A finding of a sanitizer is none of the exit statuses that a test may expect of a tool.
export ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1
export LSAN_OPTIONS=exitcode=99
export TSAN_OPTIONS=exitcode=99
export UBSAN_OPTIONS=exitcode=99:print_stacktrace=1

# --- Builds -------------------------------------------------------------------------------------

# Once in a run, whoever asks first.
build() { # NAME
    local lock
    exec {lock}> "$ran/lock-$1"
    flock "$lock"
    [ -e "$ran/build-$1" ] || build_now "$1" || return 1
    exec {lock}>&-
}

# With sanitizers -O2 takes twice as long to build, and what is built is not much faster.
observed=(-DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O1 -g1")

build_now() { # NAME
    local targets=()
    local options=(-DRPROCFW_WERROR=ON -DRPROCFW_TESTS=ON -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)
    case $1 in
    # These two count what runs, for coverage.
    gcc) options+=(-DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug -DRPROCFW_COVERAGE=ON) ;;
    clang) options+=(-DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo
        "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O2 -g1"
        "-DRPROCFW_TEST_CONTAINERS=${RPROCFW_CI:+100000}") ;;
    sanitize) options+=(-DCMAKE_C_COMPILER=gcc "${observed[@]}"
        "-DRPROCFW_SANITIZE=address,undefined" -DRPROCFW_COVERAGE=ON) ;;
    thread) options+=(-DCMAKE_C_COMPILER=gcc "${observed[@]}" -DRPROCFW_SANITIZE=thread)
        targets=(--target unit-threads rproc-sign rproc-verify rproc-dump rproc-key) ;;
    # What people get; its tests are run by setup-*.
    release) options+=(-DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release -DRPROCFW_TESTS=OFF) ;;
    esac
    cmake -S "$tree" -B "$builds/$1" "${options[@]}" > "$builds/$1.log" 2>&1 ||
        { cat "$builds/$1.log"; return 1; }
    cmake --build "$builds/$1" -j "$jobs" "${targets[@]}" || return 1
    : > "$ran/build-$1"
}

# --- Steps: step_unit_gcc is unit-gcc ----------------------------------------------------------

# These change a container in each bit, length and access: the optimised build does, and all with --long.
each_change='^(unit-(exhaustive|lengths|changing)|tee-exhaustive)$'

unit() { # BUILD
    local but=()
    [ "$1" = clang ] || [ -n "${RPROCFW_LONG:-}" ] || but=(-E "$each_change")
    build "$1"
    ctest --test-dir "$builds/$1" --no-tests=error --output-on-failure -j "$jobs" "${but[@]}"
}
step_unit_gcc() { unit gcc; }
step_unit_clang() {
    unit clang
    tables clang
}
step_unit_sanitize() { unit sanitize; }

# What the tests tell that change containers by the thousand: how many, of which kind, and what came
# of them.
tables() { # BUILD
    awk '/^[0-9]+\/[0-9]+ Test: / { name = $3 }
        /^<end of output>/ { told = 0 }
        told && !/^-+$/ { print name ": " $0; lines++ }
        /^Output:/ { told = name ~ /^(unit-exhaustive|unit-lengths|tee-exhaustive|(tee-)?generated.*)$/ }
        END { exit lines == 0 }' \
        "$builds/$1/Testing/Temporary/LastTest.log"
}

step_cross() { "$tree/tests/cross/run.sh"; }

cli() { # BUILD
    build "$1"
    # many tests wait, and not for a processor; to start each on its own takes a fifth more
    BUILD_DIR=$builds/$1 bats -j $((2 * jobs)) --no-parallelize-within-files "$tree/tests/cli"
}
step_cli_gcc() { cli gcc; }
step_cli_sanitize() {
    [ -n "${RPROCFW_CI:-}" ] || ASAN_OPTIONS+=:detect_leaks=0
    cli sanitize
}

# Keys in tokens: SoftHSM and a TPM in software, which the tests start; with --long under the sanitizers, too.
step_tokens() {
    build gcc
    BUILD_DIR=$builds/gcc bats "$tree/tests/tokens"
    [ -n "${RPROCFW_LONG:-}" ] || return 0
    build sanitize
    LSAN_OPTIONS=$LSAN_OPTIONS:print_suppressions=0:suppressions=$tree/tests/tokens/lsan.supp \
        BUILD_DIR=$builds/sanitize bats "$tree/tests/tokens"
}

# What threads do, under ThreadSanitizer; with --long manifests, too.
step_threads() {
    build thread
    "$builds/thread/tests/unit/unit-threads"
    BUILD_DIR=$builds/thread bats "$tree/tests/cli/large.bats" \
        ${RPROCFW_LONG:+"$tree/tests/cli/manifest.bats"}
}

# What people build with: CMake, Make and others; each example in a copy of its folder.
step_places() {
    build release
    BUILD_DIR=$builds/release "$tree/tests/places/run.sh"
}

setup() { # SCRIPT
    build release
    BUILD_DIR=$builds/release bash "$tree/tests/setup/$1.sh"
}

# What the tests run of the code: all lines of core and the trusted application, and of the rest what
# tests without failing memory, files and libcrypto reach. Those that have run before are not repeated.
step_coverage() {
    local step
    for step in "${counted[@]}"; do
        grep -qs '^0 ' "$ran/status-$step" || run_step "$step"
    done
    # sanitizers have branches of their own
    covered core 100 95 "$builds/gcc"
    covered tee 100 95 "$builds/gcc"
    covered host 90 0 "$builds/gcc" "$builds/sanitize"
    covered tools 90 0 "$builds/gcc" "$builds/sanitize"
}
counted=(unit-gcc cli-sanitize tokens) # what the two builds count

covered() { # FOLDER LINES BRANCHES BUILD...: percents of src/FOLDER, at least
    # a filter is one of the current folder
    cd -- "$tree"
    gcovr --root "$tree" "--filter=src/$1/" --fail-under-line "$2" --fail-under-branch "$3" \
        --print-summary "${@:4}"
}

step_faults() {
    build release
    BUILD_DIR=$builds/release "$tree/tests/faults/run.sh"
}

step_environment() {
    build release
    BUILD_DIR=$builds/release "$tree/tests/faults/environment.sh"
}

step_secrets() {
    build release
    BUILD_DIR=$builds/release "$tree/tests/faults/secrets.sh"
}

step_valgrind() {
    build gcc
    BUILD_DIR=$builds/gcc "$tree/tests/faults/valgrind.sh"
}

step_skips() { "$tree/tests/skips/run.sh"; }

# What the README says a load takes.
step_counts() {
    build release
    BUILD_DIR=$builds/release "$tree/tests/counts/run.sh"
}

step_mutants() { "$tree/tests/mutants/run.sh"; }

step_proof() { "$tree/tests/proof/run.sh"; }

step_contracts() { "$tree/tests/proof/wp.sh"; }

step_fuzz() { BUILD_DIR=$builds/fuzz "$tree/tests/fuzz/run.sh"; }

step_format() {
    own_files '*.c' '*.h' | xargs -0 clang-format --dry-run --Werror
}

step_shell() {
    own_files '*.sh' '*.bash' '*.bats' run rprocfw-check | xargs -0 shellcheck -x -P SCRIPTDIR
}

step_man() {
    # Our own pages are not in this machine's manual.
    local log=$builds/man.log findings
    # Up to 4 are degrees of findings, which are looked at below; above, it could not run.
    mandoc -T lint "$tree"/man/* > "$log" || [ $? -le 4 ] || return 1
    findings=$(grep -vE 'manual not found: Xr rproc(-|fw)' "$log" || true)
    [ -z "$findings" ] || { echo "$findings"; return 1; }
}

step_cppcheck() {
    build gcc
    # variableScope: declarations stand at the head of a function. knownConditionTrueFalse: cppcheck
    # 2.10 believes that "a < b ? a : b" is always a. unreadVariable: clang-tidy finds dead stores,
    # and leaves initial values alone.
    cppcheck --project="$builds/gcc/compile_commands.json" -j "$jobs" --quiet \
        --enable=warning,style,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=variableScope --suppress=knownConditionTrueFalse --suppress=unreadVariable
}

# Of what ships; with --long of the tests, too, and the analyzer follows as many paths as it would.
step_tidy() {
    local folders=src options=() argument
    for argument in -Xclang -analyzer-config -Xclang max-nodes=30000; do
        options+=("-extra-arg=$argument")
    done
    [ -z "${RPROCFW_LONG:-}" ] || { folders='(src|tests)' options=(); }
    build clang
    # A regular expression: the tree's path does not belong in it. Its commands, and how many findings
    # it left out, are none.
    run-clang-tidy -quiet -j "$jobs" -p "$builds/clang" "${options[@]}" "/$folders/.*\.c\$" 2>&1 |
        { grep -vE '^clang-tidy(-[0-9]+)? .* -quiet |^[0-9]+ warnings? generated\.$|^Suppressed [0-9]' ||
            true; }
}

step_analyzers() {
    build gcc
    BUILD_DIR=$builds/gcc "$tree/tests/analyzers/run.sh"
}

# Files of the tree, zero-terminated, whose names fit one of the patterns.
own_files() { # PATTERN...
    local names=() pattern
    for pattern; do
        names+=(-o -name "$pattern")
    done
    find "$tree"/{.ci,examples,include,src,tests} -type f \( "${names[@]:1}" \) -print0
}

# --- Running them -------------------------------------------------------------------------------

# Long ones first, so that none is left over.
steps=(unit-clang unit-gcc cli-gcc tokens unit-sanitize cli-sanitize threads cross
    faults environment secrets valgrind skips mutants proof contracts fuzz tidy places)
for script in "$tree"/tests/setup/*.sh; do
    steps+=("setup-$(basename "$script" .sh)")
done
steps+=(counts format shell man cppcheck analyzers coverage)

# The steps that a name on the command line means, one a line.
named() { # NAME
    local step
    for step in "${steps[@]}"; do
        case $step in "$1" | "$1"-*) echo "$step" ;; esac
    done
}

run_step() { # STEP
    case $1 in
    setup-*) setup "${1#setup-}" ;;
    *) "step_${1//-/_}" ;;
    esac
}

# cli-sanitize does what cli-gcc does.
chosen=()
for step in "${steps[@]}"; do
    [ "$step" = cli-gcc ] || chosen+=("$step")
done
case ${1:-} in
--long) # what steps look at
    export RPROCFW_LONG=1 RPROCFW_CI=1
    chosen=("${steps[@]}")
    shift
    ;;
--ci)
    export RPROCFW_CI=1
    shift
    ;;
esac
case ${1:-} in -?*) # stands alone
    [ $# -eq 1 ] || { usage >&2; exit 2; } ;;
esac
case ${1:-} in
-h | --help) usage; exit 0 ;;
--list) printf '%s\n' "${steps[@]}"; exit 0 ;;
--quick) chosen=(unit-gcc cli-gcc) ;;
-*) usage >&2; exit 2 ;;
?*)
    chosen=()
    for name; do
        mapfile -t -O ${#chosen[@]} chosen < <(named "$name")
        [ -n "$(named "$name")" ] || { echo "no step $name; see tests/run.sh --list" >&2; exit 2; }
    done
    ;;
esac

# The machines whose compilers a step needs: they are large, and not for every step.
machines_of() { # STEP
    case $1 in
    cross) echo "${!packages_cross[@]}" ;;
    setup-ta_builds) echo armhf aarch64 ;;
    counts) echo armhf ;;
    skips) echo "armhf${RPROCFW_CI:+ aarch64}" ;;
    esac
}

for machine in ${RPROCFW_CROSS_SKIP:-}; do
    [ -n "${packages_cross[$machine]:-}" ] ||
        { echo "RPROCFW_CROSS_SKIP: no machine $machine; there are ${!packages_cross[*]}" >&2; exit 2; }
done
wanted=("${packages_build[@]}" "${packages_test[@]}")
for step in "${chosen[@]}"; do
    for machine in $(machines_of "$step"); do
        [[ " ${RPROCFW_CROSS_SKIP:-} " == *" $machine "* ]] ||
            read -ra wanted <<< "${wanted[*]} ${packages_cross[$machine]}"
    done
done
install_missing "${wanted[@]}"
rm -rf -- "$ran"
mkdir -p "$ran" || exit 2
find "$builds" -name '*.gcda' -delete

passed=0
failed=0
skipped=0
# Writes its exit status, and the seconds it took: on the clock, and of processors.
do_step() { # STEP
    local start=$SECONDS status processor
    (set -e -o pipefail; run_step "$1") < /dev/null
    # not "if (...)": in a condition, set -e would not hold in the step
    status=$?
    times > "$ran/times-$1" # of this shell, and of what it waited for
    processor=$(tail -n 1 "$ran/times-$1" | tr ms '  ' |
        awk '{ printf "%d", 60 * $1 + $2 + 60 * $3 + $4 }')
    echo "$status" $((SECONDS - start)) "$processor" > "$ran/status-$1"
}

# Prints a step's line of the summary.
account() { # STEP
    local word=FAILED status=none seconds=0 processor=0
    read -r status seconds processor < "$ran/status-$1"
    case $status in
    0) word=ok passed=$((passed + 1)) ;;
    77) word=skipped skipped=$((skipped + 1)) ;; # a part could not be tested
    *) failed=$((failed + 1)) ;;
    esac
    printf '%-7s %4d s %4d s  %s\n' "$word" "$seconds" "$processor" "$1"
}

# Those that are running.
declare -A running=()

# Waits for one of them, and prints what it said.
reap() {
    local step pid
    wait -n -p pid
    for step in "${!running[@]}"; do
        [ "${running[$step]}" = "$pid" ] || continue
        unset "running[$step]"
        echo "=== $step"
        cat "$ran/log-$step"
        account "$step" >> "$ran/summary"
    done
}

# Each is a process group of its own, in which signals are as they were for this script.
stop() {
    local step
    for step in "${!running[@]}"; do
        kill -- "-${running[$step]}" 2> /dev/null
    done
}

if [ ${#chosen[@]} -eq 1 ]; then
    do_step "${chosen[0]}"
    account "${chosen[0]}" >> "$ran/summary"
else
    # Two at a time: many wait for something else than a processor, or have one process.
    trap stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    set -m
    for step in "${chosen[@]}"; do
        # it takes the counts of those before it
        while [ ${#running[@]} -ge 2 ] || { [ "$step" = coverage ] && [ ${#running[@]} -gt 0 ]; }; do
            reap
        done
        do_step "$step" > "$ran/log-$step" 2>&1 &
        running[$step]=$!
    done
    while [ ${#running[@]} -gt 0 ]; do
        reap
    done
fi

echo "=== how it ended, seconds on the clock, and of processors"
cat "$ran/summary"
echo "$passed passed, $failed failed, $skipped skipped; $((SECONDS / 60)) minutes"
[ "$failed" -eq 0 ] || echo "tests/run.sh STEP repeats one step."
[ "$failed" -eq 0 ]
