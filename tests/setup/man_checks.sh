#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The checks in rprocfw-checks(7) are those in the code: id, TEE_Result and remedy of every one, in
# the same order, none missing, none too many. So are the findings: id and levels. Compiles the source that knows; needs CC.
# Usage: man_checks.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}

cat > "$work/checks.c" << 'C'
#include <stdarg.h>
#include <stdio.h>
#include "device_steps.h"
int main(void)
{
    struct rprocfw_device answer;
    for (enum rprocfw_check check = 0; check <= CHECK_RSC_TABLE_TWICE; check++) {
        rprocfw_check_fill(&answer, check);
        printf("%s|%s|0x%08x|%s\n", answer.check, answer.name,
               (unsigned)answer.result, answer.remedy);
    }
    return 0;
}
C
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -I"$tree/include" -iquote "$tree/src/host/device" "$work/checks.c" \
    "$tree"/src/host/{device/device_checks,boards/answer}.c -o "$work/checks"
"$work/checks" > "$work/code"
[ "$(wc -l < "$work/code")" -ge 60 ] || fail "found too few checks in src/host/device/device_checks.c"

# ".It Sy id", ".Dv NAME", "(0x..., in ...).", what it is, ".br", "Remedy:", lines of remedy
awk 'remedy && /^\./ { sub(/\.$/, "", text); print id "|" name "|" result "|" text; remedy = 0 }
    /^\.It Sy / { id = $3 }
    /^\.Dv / { name = $2 }
    /^\(0x/ { result = substr($1, 2, 10) }
    remedy { text = text (text == "" ? "" : " ") $0 }
    /^Remedy:$/ { remedy = 1; text = "" }
    /^\.Sh / { on = $0 }
    on == ".Sh CHECKS OF THE TRUSTED APPLICATIONS" && /^\.El/ { exit }' "$tree/man/rprocfw-checks.7" |
    sed 's/\\-/-/g' > "$work/page"
diff "$work/code" "$work/page" || fail "rprocfw-checks(7) and the code differ (<: code, >: page)"

# Rows such as {"segment-overlap", E, W}, in the order of the kinds; and "Error; ... a warning."
sed -nE 's/.*= \{"([a-z-]+)", ([EWN]), ([EWN]), .*\},/\1|\2|\3/p' "$tree/src/host/findings/findings.c" > "$work/kinds"
[ "$(wc -l < "$work/kinds")" -ge 30 ] || fail "found too few findings in src/host/findings/findings.c"
awk '/^\.Sh / { on = $0 == ".Sh FINDINGS" }
    !on { next }
    /^\.It Sy / { id = $3; text = ""; next }
    id != "" { text = text " " $0 }
    id != "" && /\.$/ {
        lower = text ~ /a note\.$/ ? "N" : text ~ /a warning\.$/ ? "W" : substr(text, 2, 1)
        print id "|" substr(text, 2, 1) "|" lower
        id = ""
    }
    ' "$tree/man/rprocfw-checks.7" > "$work/page"
diff "$work/kinds" "$work/page" || fail "rprocfw-checks(7) and the findings differ (<: code, >: page)"
