#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Core is freestanding: what librprocfw-core.a does not define itself is memcpy, memset, memcmp.
# Usage: undefined_symbols.sh NM ARCHIVE
set -eu
export LC_ALL=C
[ $# -eq 2 ] || { echo "usage: $0 NM ARCHIVE" >&2; exit 2; }

symbols=$("$1" -P "$2")
defined=$(printf '%s\n' "$symbols" | awk '$2 != "U" && $2 != "" { print $1 }' | sort -u)
undefined=$(printf '%s\n' "$symbols" | awk '$2 == "U" { print $1 }' | sort -u)

# An empty archive would pass everything below.
for needed in rprocfw_verify_begin rprocfw_verify_finish rprocfw_status_name; do
    printf '%s\n' "$defined" | grep -qx "$needed" || {
        echo "$2 does not define $needed" >&2
        exit 1
    }
done

allowed=$(printf '%s\nmemcpy\nmemset\nmemcmp\n' "$defined")
found=0
for symbol in $undefined; do
    printf '%s\n' "$allowed" | grep -qx "$symbol" || {
        echo "$2 needs $symbol" >&2
        found=1
    }
done
exit $found
