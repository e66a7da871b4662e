#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Frama-C's WP over core: each function has a contract, which is proved, and that none of its
# expressions is undefined (-wp-rte); but for the goals in wp-unproved.txt, of which each has its
# reason there. A goal that fails and is not listed is an error, and so is a listed one that is none;
# one that is listed and proved is told of. First core is made wrong in a copy, a place at a time: a
# goal must fail.
#
# A proof is of the contract as it stands in the source, for callers that do what it requires, and
# under these assumptions:
#   - of a platform, what wp-platform.h says; of memcpy, memset and memcmp, what wp-libc.h says;
#   - memory is as WP has it, in cells of a type: two pointers to numbers of different types never
#     meet, and a variable whose address nobody takes is in no memory;
#   - the table of constants, rprocfw_fixed, is not part of what core is handed;
#   - nothing changes memory behind rproc.c: it reads twice against faults, which are not looked at;
#   - what wp-unproved.txt lists holds: proofs of callers use it.
#
# usage: tests/proof/wp.sh [FILE...]
# FILE: of core, without path; otherwise a set of them that takes half a minute, with
# RPROCFW_LONG=1 all. Prints, for each: goals proved, seconds. A solver has the same time for a goal in
# both, 10 seconds of a processor a try however busy the machine is.
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
export WP_LIMIT=${WP_LIMIT:-10} # seconds of a processor for a goal
for solver in z3 cvc4; do
    ln -s -- "$here/wp-solver.sh" "$work/$solver" || exit 2
    sed -i "s|^path = .*/$solver\"|path = \"$work/$solver\"|" "$WHY3CONFIG"
done

# What these need of each other.
core=(header.c decode.c tlv.c images.c sections.c memory.c values.c signature.c verify.c)

fail() {
    echo "FAILED: $*"
    failed=1
}

# The functions that a file defines, and on each line before one whether its contract ends there.
functions() { # PATH
    awk '/^[A-Za-z].*\(/ && !/^_Static_assert/ {
            name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name); has = contract }
        name != "" && /^{/ { print has, name }
        /^{/ || /;/ { name = "" }
        { contract = $0 == "*/" ? "yes" : "no" }' "$1"
}

without() { # PATH: the functions without a contract
    functions "$1" | awk '$1 == "no" { print $2 }' | xargs
}

# CORE FILE [FUNCTION]: runs WP on that file of that folder. Sets $unproved, the names of goals, and
# $summary, which is empty when WP did not come to its end. Without FUNCTION it is all with a contract.
prove() {
    local folder=$1 file=$2 which=${3:-} select=() cpp=() sources=("$1/$2") source
    [ -n "$which" ] || which=$(functions "$folder/$file" | awk '$1 == "yes" { print $2 }' | paste -sd ,)
    case $file in
    contracts.h) select=(-wp-prop=@lemma) ;;
    *) select=(-wp-prop=-@lemma -wp-fct "$which") ;;
    esac
    # Platforms copy to void pointers, which the plain model does not have; it would not prove more
    # of the files that call none.
    case $file in
    images.c | sections.c | memory.c | values.c | signature.c | verify.c | rproc.c)
        select+=(-wp-model Typed+Cast -rte-no-pointer-call) ;;
    esac
    case $file in
    contracts.h | checked.h | decode.h | signature.c) cpp+=(-DPROOF_OF_BITS) ;;
    verify.c) cpp+=(-DPROOF_MEMSET=wp_clear) ;;
    rproc.c) select+=(-wp-no-volatile) ;;
    esac
    # The file first: its static functions keep their names.
    [[ $file == *.h || $file == status.c || $file == tee_result.c ]] || for source in "${core[@]}"; do
        # rproc.c calls nothing of images.c, and has a load of its own.
        [ "$source" = "$file" ] || [ "$file/$source" = rproc.c/images.c ] || sources+=("$folder/$source")
    done
    frama-c -machdep gcc_x86_64 -c11 \
        -cpp-extra-args="-I$tree/include -I$folder -include $here/wp-libc.h -include $here/wp-platform.h -D_Alignof=__alignof__ ${cpp[*]}" \
        "${sources[@]}" -wp -wp-rte -wp-prover z3,cvc4 -wp-par 2 -wp-timeout $((200 * WP_LIMIT)) -wp-cache none \
        "${select[@]}" > "$work/log" 2>&1
    summary=$(sed -n 's/^\[wp\] Proved goals: *//p' "$work/log")
    grep -o 'Goal typed_[a-z0-9_]*' "$work/log" | sed 's/Goal typed_\(cast_\)\{0,1\}//' | sort -u > "$work/goals"
    unproved=$(sed -n '/: Valid/d; s/^\[wp\] \[.*\] Goal typed_\(cast_\)\{0,1\}\([a-z0-9_]*\).*/\2/p' "$work/log" | sort)
    # Where a contract is missing, WP guesses: nothing is proved by that.
    grep -q "User Error\|Warning: Missing\|assuming\|No 'assigns'" "$work/log" && summary=
    [ -n "$summary" ]
}

proves() { # FILE
    local start=$SECONDS names limit=$WP_LIMIT
    [ "$1" = contracts.h ] && limit=2 # its lemmas are short, or nothing for these solvers
    WP_LIMIT=$limit prove "$tree/src/core" "$1" || { tail -n 20 "$work/log"; fail "$1: WP was not done"; return; }
    echo "$1: goals proved: $summary; $((SECONDS - start)) s"
    awk -v file="$1" '$1 == file { print $2 }' "$here/wp-unproved.txt" | sort > "$work/listed"
    printf '%s' "${unproved:+$unproved$'\n'}" > "$work/unproved"
    names=$(comm -13 "$work/listed" "$work/unproved" | xargs)
    [ -z "$names" ] || fail "$1: not proved, and not in wp-unproved.txt: $names"
    names=$(comm -23 "$work/listed" "$work/goals" | xargs)
    [ -z "$names" ] || fail "$1: in wp-unproved.txt, but no goal: $names"
    names=$(comm -23 "$work/listed" "$work/unproved" | xargs)
    [ -z "$names" ] || echo "$1: in wp-unproved.txt, and proved here: $names"
}

# FILE FUNCTION GOAL FROM TO: with TO for FROM in a copy of core's FILE that goal of it fails.
finds() {
    local file=$1 function=$2 goal=$2_$3 was=$4 becomes=$5
    local copy=$work/core
    rm -rf -- "$copy"
    cp -R -- "$tree/src/core" "$copy" || exit 2
    python3 "$tree/tests/plant.py" "$copy/$file" "$was" "$becomes" || { fail "$file"; return; }
    WP_LIMIT=3 prove "$copy" "$file" "$function" || { fail "$file, wrong: WP was not done"; return; }
    echo "$file with \"$becomes\": not proved: $(xargs <<< "$unproved")"
    grep -qx "$goal" <<< "$unproved" || fail "WP does not see that $file is wrong: \"$becomes\""
}

# The lemmas that WP takes for granted, by both solvers.
for solver in z3 'cvc4 --incremental'; do
    [ "$($solver "$here/wp-bits.smt2" | sort | uniq -c | xargs)" = "6 unsat" ] ||
        fail "$solver does not prove wp-bits.smt2"
done

# Each function has a contract, whether it is proved now or not.
for file in "$tree"/src/core/*.[ch]; do
    names=$(without "$file")
    [ -z "$names" ] || fail "${file##*/}: no contract above $names"
done

if (($# > 0)); then
    for file; do
        proves "$file"
    done
    exit "$failed"
fi

finds checked.h rprocfw_inside ensures 'size <= limit - offset' 'size <= limit - offset + 1'
fast=(checked.h decode.h header.c)
[ "${RPROCFW_LONG:-0}" = 1 ] || { for file in "${fast[@]}"; do proves "$file"; done; exit "$failed"; }

finds tlv.c rprocfw_tlv_next loop_invariant_at_preserved 'pad < iter->next; pad' 'pad <= iter->next; pad'
finds header.c part ensures_2 'at, *end, end' 'at, length, end'
finds checked.h rprocfw_align ensures_2 'n, RPROCFW_ALIGNMENT - 1u, up' 'n, RPROCFW_ALIGNMENT, up'
finds signature.c rprocfw_authenticate ensures_2 'v->authentic == RPROCFW_AUTHENTIC ?' 'v->authentic != RPROCFW_AUTHENTIC ?'
finds sections.c judge_place ensures 'rsc->offset, rsc->size, v' 'rsc->size, rsc->size, v'
finds images.c judge_segment ensures 'phdr->offset, phdr->filesz, v' 'phdr->filesz, phdr->filesz, v'
finds images.c rprocfw_judge_images ensures 'v->entry == v->entries ?' 'v->entry <= v->entries ?'
for file in "$tree"/src/core/*.[ch]; do
    file=${file##*/}
    [ "$file" = judge.h ] || proves "$file"
done
exit "$failed"
