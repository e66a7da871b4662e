#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# rprocfw-board(5) has the keys that the parser takes, no more and no less, says of each whether it is
# required, and has an example that the parser takes; so is the one at its end.
# Needs BUILD_DIR, where the tools are.
# Usage: BUILD_DIR=DIR man_board.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [TREE]"
page=$tree/man/rprocfw-board.5

load() { # FILE: what the parser says of it
    "$BUILD_DIR/bin/rproc-verify" --list-boards --board "$1" 2>&1
}

# What the parser answers to a mapping that has a key too many, or none of its keys.
mapping() { # PREFIX BEFORE: each of its keys as the page writes it
    printf '%s{no_such_key: 1}\n' "$2" > "$work/unknown.yaml"
    { load "$work/unknown.yaml" || true; } | sed -n "s/.*unknown key 'no_such_key'; there are //p" | tr -d ' ' | tr ',' '\n' |
        sed "s/^/$1/"
}
required() { # PREFIX BEFORE
    printf '%s{}\n' "$2" > "$work/missing.yaml"
    { load "$work/missing.yaml" || true; } | sed -n 's/.*missing: //p' | tr -d ' ' | tr ',' '\n' | sed "s/^/$1/"
}

while IFS='|' read -r prefix before; do
    mapping "$prefix" "$before" >> "$work/parser"
    required "$prefix" "$before" >> "$work/parser.required"
done << 'MAPPINGS'
|
ta.|ta: 
platform_tlvs[].|platform_tlvs: [
ranges[].|ranges: [
regions[].|regions: [
linux[].|linux: [
MAPPINGS
[ "$(wc -l < "$work/parser")" -gt 20 ] || fail "the parser names too few keys"

# "KEY|LINE" of what the page says of each.
awk '/^\.It Va / { key = $3; next }
    /^\.El/ { key = "" }
    key != "" { print key "|" $0 }' "$page" > "$work/entries"
cut -d '|' -f 1 "$work/entries" | sort -u > "$work/page"
diff <(sort "$work/parser") "$work/page" || fail "keys differ (<: parser, >: page)"
grep -vF '|.Li ' "$work/entries" | grep -E '[|, ]required[.;:]' | cut -d '|' -f 1 | sort -u > "$work/page.required"
diff <(sort "$work/parser.required") "$work/page.required" ||
    fail "keys that are required differ (<: parser, >: page)"

# --- Examples -----------------------------------------------------------------------------------

awk '/^\.\\" example board.yaml/ { on = 1 }
    /^\.Ed/ { on = 0 }
    on && !/^\./' "$page" > "$work/example.yaml"
load "$work/example.yaml" > "$work/out" || fail "the example is refused: $(cat "$work/out")"

# with_key KEY EXAMPLE: the board of the example with this one in place of what it has.
with_key() {
    python3 - "$work/example.yaml" "$@" << 'PYTHON'
import sys
import yaml

with open(sys.argv[1]) as file:
    board = yaml.safe_load(file)
board["ta"]["family"] = "st"  # whose regions may be anywhere
board["platform_tlvs"] = [{"type": 0x10010}]
board["linux"] = [{"name": "a", "pa": 0, "size": 4096}]
*way, last = sys.argv[2].split(".")
place = board
for step in way:
    place = place[step] if step in place else place[step[:-2]][0]
example = yaml.safe_load(sys.argv[3])
assert list(example) == [last], example
place.update(example)
print(yaml.safe_dump(board))
PYTHON
}
sed -nE 's/^([^|]*)\|\.Li "(.*)"$/\1|\2/p' "$work/entries" > "$work/examples"
diff <(cut -d '|' -f 1 "$work/examples" | sort) "$work/page" || fail "keys without an example (>)"
while IFS='|' read -r key text; do
    with_key "$key" "$text" > "$work/one.yaml" || fail "$key: no YAML: $text"
    load "$work/one.yaml" > "$work/out" || fail "$key: the example is refused: $(cat "$work/out")"
done < "$work/examples"
