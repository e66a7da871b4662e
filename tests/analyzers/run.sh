#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# GCC's static analyzer over src/. See usage() below.
set -euo pipefail
export LC_ALL=C

usage() {
    cat << 'TEXT'
usage: BUILD_DIR=DIR tests/analyzers/run.sh [FILE...]

gcc -fanalyzer over every source of src/, or over those named (src/host/files/file.c, for example), with the
flags of the compile_commands.json in BUILD_DIR, a build with gcc and the tests. Prints what was found.
Clang's static analyzer runs as part of clang-tidy: .clang-tidy enables it.
Exit status: 0 no finding, 1 findings, 2 could not start.
TEXT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
database=${BUILD_DIR:?the folder of a build}/compile_commands.json
[ -f "$database" ] || { echo "run.sh: no $database; see --help" >&2; exit 2; }

# Flags for one file alone, with the reason.
flags_of() { # FILE
    case $1 in
    # The report's tables are leaks to it, the moment they are stored: it does not follow a pointer that
    # was read from a structure over a call. rprocfw_report_free frees them, and LeakSanitizer sees
    # whether it does (cli-sanitize, faults).
    # The same of a helper's buffer, which strip() frees (unit-threads, under the sanitizers).
    # And what is returned as its first member, which close() frees, or for a manifest
    # rprocfw_manifest_free (cli-sanitize, unit-manifest_limits).
    # And what is stored where a pointer leads that it does not know (unit-boards, cli-sanitize, tokens, faults).
    src/host/report/report.c | src/host/files/hasher.c | src/host/keys/engine.c | src/host/sign/*_contents.c | \
        src/host/manifest/manifest.c | src/tools/sign_record.c | src/host/boards/board_dtb.c | src/host/elf/elf_strip.c | src/host/elf/elf_trim.c)
        echo -Wno-analyzer-malloc-leak ;;
    esac
}

# FILE, its folder and its command, a line each, of every source of src/ once.
commands() {
    jq -r --arg src "$tree/src/" 'map(select(.file | startswith($src))) | unique_by(.file)[]
        | .file, .directory, .command' "$database"
}

analyse() { # FILE DIRECTORY COMMAND
    local command flags
    # as the build writes it: words and quotes of a shell; -O2: what is inlined is looked at in its place;
    # counters of coverage would be looked at as well
    eval "command=($3)"
    command=("${command[@]/#--coverage/-g}")
    read -ra flags <<< "$(flags_of "$1")"
    cd "$2"
    "${command[@]}" -O2 -fanalyzer -Werror "${flags[@]}" -o /dev/null
}

analysed=0
failed=0
while read -r file && read -r directory && read -r command; do
    file=${file#"$tree"/}
    [ $# -eq 0 ] || [[ " $* " == *" $file "* ]] || continue
    analysed=$((analysed + 1))
    (analyse "$file" "$directory" "$command") || failed=$((failed + 1))
done < <(commands)
[ "$analysed" -gt 0 ] || { echo "run.sh: no such source in $database: $*" >&2; exit 2; }
echo "gcc -fanalyzer: $analysed files, $failed with findings"
[ "$failed" -eq 0 ]
