#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The table of statuses in rprocfw(3) is the one in the code: number, name, TEE_Result and meaning
# of every status, none missing, none too many. Compiles the three sources that know; needs CC.
# Usage: man_statuses.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
page=$tree/man/rprocfw.3
header=$tree/include/rprocfw/status.h

# The page's rows: ".It 166 Ta segment-hash Ta 0xffff000f Ta meaning"
sed -nE 's/^\.It ([0-9]+) Ta ([a-z0-9-]+) Ta (0x[0-9a-f]{8}) Ta (.*)$/\1|\2|\3|\4/p' "$page" \
    >"$work/page"

# The header's: constant, number, comment. RPROCFW_OK has no comment; its meaning is its text.
sed -nE 's@^ *(RPROCFW_(OK|ERR_[A-Z0-9_]+)) = ([0-9]+),?( */\* (.*) \*/)?$@\1|\3|\5@p' \
    "$header" >"$work/header"

{
    cat <<'C'
#include <stdio.h>
#include <rprocfw/status.h>
static void row(enum rprocfw_status status, const char *constant, const char *meaning)
{
    printf("%s|%d|%s|0x%08x|%s\n", constant, (int)status, rprocfw_status_name(status),
           (unsigned)rprocfw_status_tee_result(status),
           meaning[0] != '\0' ? meaning : rprocfw_status_text(status));
}
int main(void)
{
    int known = 0;

C
    sed -E 's/^([^|]*)\|[0-9]+\|(.*)$/    row(\1, "\1", "\2");/' "$work/header"
    cat <<'C'
    for (int i = 0; i < 256; i++)
        known += rprocfw_status_name((enum rprocfw_status)i) != NULL;
    fprintf(stderr, "%d\n", known);
    return 0;
}
C
} >"$work/statuses.c"
"${CC:-cc}" -std=c11 -I"$tree/include" -o "$work/statuses" "$work/statuses.c" \
    "$tree/src/core/status.c" "$tree/src/core/tee_result.c"
"$work/statuses" >"$work/rows" 2>"$work/known"

failed=0
if ! [ "$(wc -l <"$work/rows")" -eq "$(cat "$work/known")" ]; then
    echo "status.c names $(cat "$work/known") statuses, status.h was read as having" \
        "$(wc -l <"$work/rows")" >&2
    failed=1
fi

# The rule that the page states: RPROCFW_ERR_SEGMENT_HASH is segment-hash.
while IFS='|' read -r constant number name rest; do
    rule=$(printf '%s\n' "${constant#RPROCFW_}" | sed -e 's/^ERR_//' | tr 'A-Z_' 'a-z-')
    if [ "$rule" != "$name" ]; then
        echo "$constant ($number): its name is $name, by the rule in rprocfw(3) $rule" >&2
        failed=1
    fi
done <"$work/rows"

cut -d'|' -f2- "$work/rows" >"$work/code"
if ! diff "$work/code" "$work/page" >"$work/diff"; then
    echo "rprocfw(3) differs from the code (<: code, >: page):" >&2
    cat "$work/diff" >&2
    failed=1
fi
exit $failed
