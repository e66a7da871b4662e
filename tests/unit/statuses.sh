#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every status that core can return is expected by a test of the rules, by its name.
# Usage: statuses.sh CORE_SOURCE TESTS
set -eu
export LC_ALL=C
[ $# -eq 2 ] || { echo "usage: $0 CORE_SOURCE TESTS" >&2; exit 2; }

# status.c and tee_result.c name them all; what returns them is the rest.
returned=$(find "$1" -name '*.[ch]' ! -name status.c ! -name tee_result.c \
    -exec grep -hoE 'RPROCFW_ERR_[A-Z0-9_]+' {} + | sort -u)
[ -n "$returned" ] || { echo "$1 returns no status: is this core?" >&2; exit 1; }

failed=0
for status in $returned; do
    grep -qw "$status" "$2"/test_tlv.c "$2"/test_header.c "$2"/test_values.c \
        "$2"/test_images.c "$2"/test_sections.c "$2"/test_platform.c \
        "$2"/test_rproc.c "$2"/test_work.c "$2"/test_memory.c || {
        echo "no test expects $status" >&2
        failed=1
    }
done
exit $failed
