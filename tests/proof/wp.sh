#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Frama-C's WP over core: the contracts in its sources are proved, and that no expression is
# undefined (-wp-rte). What it does not discharge must be in wp-unproved.txt, which says why, and
# only that. First core is made wrong in a copy, a place at a time: a goal must fail. Functions that
# have no contract yet are printed by name.
#
# Taken for granted: a table of constants, rprocfw_fixed, is not part of what core is handed; and of a
# platform, what wp-platform.h says.
#
# usage: tests/proof/wp.sh [FILE...]
# FILE: of core, without path; otherwise all of them, and the copies. Prints, for each: goals proved,
# seconds. With RPROCFW_LONG=1 solvers have more time for a goal.
# Needs frama-c, why3, z3, cvc4 (Debian: frama-c-base and the packages of these names).
# Exit status: 0 all as it should be, 1 something is not, 2 a tool is missing.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 2
tree=$(cd -- "$here/../.." && pwd -P) || exit 2
for tool in frama-c why3 z3 cvc4; do
    command -v "$tool" > /dev/null ||
        { echo "wp.sh: no $tool; install frama-c-base why3 z3 cvc4" >&2; exit 2; }
done
work=$(mktemp -d) || exit 2
trap 'rm -rf -- "$work"' EXIT
export WHY3CONFIG=$work/why3.conf # not the user's own
why3 config detect > /dev/null 2>&1 || { echo "wp.sh: why3 finds no prover" >&2; exit 2; }
failed=0
timeout=10 # seconds for a goal
[ "${RPROCFW_LONG:-0}" = 1 ] && timeout=60

all=(contracts.h checked.h decode.h decode.c tlv.c header.c images.c sections.c)
begun=(memory.c) # of these some functions have a contract
# What these need of each other.
core=(header.c decode.c tlv.c images.c sections.c memory.c)

fail() {
    echo "FAILED: $*"
    failed=1
}

# The functions that a file defines, and on each line before one whether its contract ends there.
functions() { # PATH
    awk '/^[A-Za-z].*\(/ && !/;/ { sub(/\(.*/, ""); sub(/.* /, ""); print contract, $0 }
        { contract = $0 == "*/" ? "yes" : "no" }' "$1"
}

without() { # PATH: the functions without a contract
    functions "$1" | awk '$1 == "no" { print $2 }' | xargs
}

# CORE FILE [FUNCTION]: runs WP on that file of that folder. Sets $unproved, the names of goals, and
# $summary, which is empty when WP did not come to its end. Without FUNCTION it is all with a contract.
prove() {
    local folder=$1 file=$2 which=${3:-} select=() sources=("$1/$2") source
    [ -n "$which" ] || which=$(functions "$folder/$file" | awk '$1 == "yes" { print $2 }' | paste -sd ,)
    case $file in
    contracts.h) select=(-wp-prop=@lemma) ;;
    *) select=(-wp-prop=-@lemma -wp-fct "$which") ;;
    esac
    # Platforms copy to void pointers, which the plain model does not have; it would not prove more
    # of the files that call none.
    case $file in
    images.c | sections.c | memory.c) select+=(-wp-model Typed+Cast -rte-no-pointer-call) ;;
    esac
    # The file first: its static functions keep their names.
    [[ $file == *.h ]] || for source in "${core[@]}"; do
        [ "$source" = "$file" ] || sources+=("$folder/$source")
    done
    frama-c -machdep gcc_x86_64 -c11 \
        -cpp-extra-args="-I$tree/include -I$folder -include $here/wp-libc.h -include $here/wp-platform.h -D_Alignof=__alignof__" \
        "${sources[@]}" -wp -wp-rte -wp-prover z3,cvc4 -wp-par 2 -wp-timeout "$timeout" -wp-cache none \
        "${select[@]}" > "$work/log" 2>&1
    summary=$(sed -n 's/^\[wp\] Proved goals: *//p' "$work/log")
    unproved=$(sed -n '/: Valid/d; s/^\[wp\] \[.*\] Goal typed_\(cast_\)\{0,1\}\([a-z0-9_]*\).*/\2/p' "$work/log" | sort)
    # Where a contract is missing, WP guesses: nothing is proved by that.
    grep -q "User Error\|Warning: Missing\|assuming\|No 'assigns'" "$work/log" && summary=
    [ -n "$summary" ]
}

proves() { # FILE
    local start=$SECONDS
    prove "$tree/src/core" "$1" || { tail -n 20 "$work/log"; fail "$1: WP was not done"; return; }
    echo "$1: goals proved: $summary; $((SECONDS - start)) s"
    awk -v file="$1" '$1 == file { print $2 }' "$here/wp-unproved.txt" | sort > "$work/listed"
    [[ " ${begun[*]} " == *" $1 "* ]] || [ -z "$(without "$tree/src/core/$1")" ] ||
        fail "$1: no contract above $(without "$tree/src/core/$1")"
    diff "$work/listed" <(printf '%s' "${unproved:+$unproved$'\n'}") ||
        fail "$1: proved, but listed in wp-unproved.txt (<), or not proved and not listed (>)"
}

# FILE FUNCTION GOAL FROM TO: with TO for FROM in a copy of core's FILE that goal of it fails.
finds() {
    local file=$1 function=$2 goal=$2_$3 was=$4 becomes=$5
    local copy=$work/core
    rm -rf -- "$copy"
    cp -R -- "$tree/src/core" "$copy" || exit 2
    python3 "$tree/tests/plant.py" "$copy/$file" "$was" "$becomes" || { fail "$file"; return; }
    timeout=5 prove "$copy" "$file" "$function" || { fail "$file, wrong: WP was not done"; return; }
    echo "$file with \"$becomes\": not proved: $(xargs <<< "$unproved")"
    grep -qx "$goal" <<< "$unproved" || fail "WP does not see that $file is wrong: \"$becomes\""
}

# The lemmas that WP takes for granted, by both solvers.
for solver in z3 'cvc4 --incremental'; do
    [ "$($solver "$here/wp-bits.smt2" | sort | uniq -c | xargs)" = "3 unsat" ] ||
        fail "$solver does not prove wp-bits.smt2"
done

if (($# > 0)); then
    for file; do
        proves "$file"
    done
    exit "$failed"
fi
finds checked.h rprocfw_inside ensures 'size <= limit - offset' 'size <= limit - offset + 1'
finds checked.h rprocfw_align ensures_2 'n, RPROCFW_ALIGNMENT - 1u, up' 'n, RPROCFW_ALIGNMENT, up'
finds tlv.c rprocfw_tlv_next loop_invariant_at_preserved 'pad < iter->next; pad' 'pad <= iter->next; pad'
finds header.c part ensures_2 'at, *end, end' 'at, length, end'
finds sections.c judge_place ensures 'rsc->offset, rsc->size, v' 'rsc->size, rsc->size, v'
finds images.c judge_segment ensures 'phdr->offset, phdr->filesz, v' 'phdr->filesz, phdr->filesz, v'
finds images.c rprocfw_judge_images ensures 'v->entry == v->entries ?' 'v->entry <= v->entries ?'
for file in "${all[@]}" "${begun[@]}"; do
    proves "$file"
done
for file in "$tree"/src/core/*.c; do
    names=$(without "$file")
    [ -z "$names" ] || echo "${file##*/}: no contract yet: $names"
done
exit "$failed"
