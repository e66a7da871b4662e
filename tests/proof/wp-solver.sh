#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# z3 or cvc4 as wp.sh has why3 call them, under whose names it is linked. Their own clocks are the
# wall's, by which a proof would depend on what else the machine does: instead WP_LIMIT seconds of a
# processor. Z3 goes by the patterns of quantifiers only, without which it tries too much.
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
[ "$name" = z3 ] && arguments=(smt.auto_config=false smt.mbqi=false "${arguments[@]}")
ulimit -t "${WP_LIMIT:?}"
exec "$name" "${arguments[@]}"
