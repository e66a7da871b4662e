#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The walls between the folders of src/, judged by what they include:
#   core   its own headers, and <stdbool.h> <stddef.h> <stdint.h> <string.h>
#   host   nothing of tools or tee
#   tools  public headers, libraries, its own headers
#   public headers of core include what core may
# Usage: walls.sh TREE
set -eu
export LC_ALL=C
[ $# -eq 1 ] || { echo "usage: $0 TREE" >&2; exit 2; }
cd "$1"

failed=0
complain() {
    echo "$1 includes $2: $3" >&2
    failed=1
}

# file, then what it includes with its brackets or quotes, one a line
includes() {
    find "$@" -name '*.[ch]' -exec grep -HE '^[[:space:]]*#[[:space:]]*include' {} + |
        sed -E 's/^([^:]*):[[:space:]]*#[[:space:]]*include[[:space:]]*([<"][^>"]*[>"]).*/\1 \2/'
}

own_header() { # FOLDER FILE "name.h": of the folder, or of one within it
    name=${3#\"}
    path=$(realpath -m --relative-to="$1" "$(dirname "$2")/${name%\"}")
    case $path in ../*) return 1 ;; esac
    [ -f "$1/$path" ]
}

core_headers="format.h status.h image.h verify.h rproc.h public_key.h"
core_public() { # <rprocfw/name.h>
    for name in $core_headers; do
        [ "$1" = "<rprocfw/$name>" ] && return 0
    done
    return 1
}

core_allowed() { # FILE INCLUDE
    case $2 in
    "<stdbool.h>" | "<stddef.h>" | "<stdint.h>" | "<string.h>") ;;
    "<"*) core_public "$2" || complain "$1" "$2" "core is freestanding" ;;
    *) own_header src/core "$1" "$2" || complain "$1" "$2" "core includes its own headers only" ;;
    esac
}

core=$(includes src/core)
[ -n "$core" ] || { echo "src/core includes nothing: is this the tree?" >&2; exit 1; }
while read -r file include; do
    core_allowed "$file" "$include"
done <<EOF
$core
EOF

for name in $core_headers; do
    while read -r file include; do
        [ -z "$file" ] || core_allowed "$file" "$include"
    done <<EOF
$(includes "include/rprocfw/$name")
EOF
done

# What is not there yet has no walls to break; core was looked for above.
for folder in host tools tee; do
    [ -d "src/$folder" ] || continue
    while read -r file include; do
        [ -n "$file" ] || continue
        case $include in
        '"'*) own_header "src/$folder" "$file" "$include" ||
            complain "$file" "$include" "not a header of src/$folder" ;;
        "<rprocfw/"*)
            [ -f "include/$(echo "$include" | tr -d '<>')" ] ||
                complain "$file" "$include" "not a public header"
            [ "$folder" != tee ] || core_public "$include" ||
                complain "$file" "$include" "tee knows core only"
            ;;
        *host/* | *tools/* | *tee/* | *core/* | *../*)
            complain "$file" "$include" "a path around the public headers" ;;
        esac
    done <<EOF
$(includes "src/$folder")
EOF
done
exit $failed
