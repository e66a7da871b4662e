#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# z3 or cvc4 as wp.sh has why3 call them, under whose names it is linked. Their own clocks are the
# wall's, by which a proof would depend on what else the machine does: instead WP_LIMIT seconds of a
# processor. Z3 goes by the patterns of quantifiers only, without which it tries too much; and it
# tries first, for as long, without the lemmas below, of which it makes too many instances in goals
# that say what a call leaves alone. What is proved with less is proved.
#
# usage: WP_LIMIT=SECONDS .../z3|.../cvc4 ARGUMENT...
set -u

arguments=()
while (($# > 0)); do
    case $1 in
    -T:* | --tlimit=*) ;;
    *) arguments+=("$1") ;;
    esac
    shift
done
name=${0##*/}
if [ "$name" = z3 ]; then
    arguments=(smt.auto_config=false smt.mbqi=false "${arguments[@]}")
    task=${arguments[-1]}
    lemmas='separated_1 separated_sym separated_trans included_trans
        CompatOrderMult Div_mod cdiv_closed_remainder Q_item Q_r8_order'
    if [ -f "$task" ]; then
        arguments[-1]=$task.less
        awk -v lemmas=" ${lemmas//[[:space:]]/ } " '
            /^;; / { leave = index(lemmas, " " $2 " ") && NF == 2 }
            !leave' "$task" > "$task.less"
        answer=$(ulimit -t "${WP_LIMIT:?}" && z3 smt.arith.solver=2 "${arguments[@]}")
        rm -f -- "$task.less"
        arguments[-1]=$task
        grep -qx unsat <<< "$answer" && { echo "$answer"; exit; }
    fi
fi
ulimit -t "${WP_LIMIT:?}"
exec "$name" "${arguments[@]}"
