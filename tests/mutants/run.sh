#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Mutation testing of core: each small mistake in it is found by a test. See usage() below.
set -euo pipefail

usage() {
    cat << 'TEXT'
usage: tests/mutants/run.sh [--every N] [--listed] [FILE...]

Makes mutants of core: src/core with one small mistake each, a comparison turned or off by one, a
check dropped or always true, a constant off by one, a call left out, a status ignored, a failure that
is called success (mutate.py has the list). Each has to be killed: a test program fails, or does not
end. Those of unit, tee and cross are tried, the quickest first, and in the end once more with
sanitizers. Prints the survivors, as src/core/FILE:LINE and what was changed.
  FILE...      mutants of these files only: tlv.c, for example
  --every N    one of N mutants; by default one of 11 of all files, all with RPROCFW_LONG=1
  --listed     tries those that equivalent.txt lists, instead: none of them may be killed
equivalent.txt lists the mutants that behave as core does, with a reason; an entry that fits no mutant
is an error. What does not compile, or compiles to the code of core or of a mutant before it, is none.
  JOBS         environment: mutants at a time, the number of processors by default
Exit status: 0 all were killed, 1 not all, or an error in the list, 2 could not start.
TEXT
}

every=
files=()
options=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage; exit 0 ;;
    --every) every=${2:?a number}; shift ;;
    --listed) options+=(--listed) ;;
    -*) usage >&2; exit 2 ;;
    *) files+=("$1") ;;
    esac
    shift
done

if [ -z "$every" ]; then
    every=11
    [ -z "${RPROCFW_LONG:-}${files[*]}${options[*]}" ] || every=1
fi

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
work=$(mktemp -d) || exit 2
trap 'rm -rf -- "$work"' EXIT
PYTHONDONTWRITEBYTECODE=1 python3 "$here/run.py" --work "$work" --jobs "${JOBS:-$(nproc)}" \
    --every "$every" "${options[@]}" "${files[@]}"
