#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The members of the tools' JSON are those that the man pages describe, in both directions.
# Needs BUILD_DIR, where the tools are, and jq.
# Usage: BUILD_DIR=DIR man_json.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [TREE]"
bin=$(cd -- "$BUILD_DIR/bin" && pwd -P)

# Good, encrypted, refused in many ways, not there.
cd "$tree/tests/vectors"
files=(expected/*.sig device/*.sig elf/m4.elf not-there.sig)
keys=(--key keys/rsa2048.pub.pem --key keys/p256.pub.pem)
status=0
"$bin/rproc-verify" --coverage --format json "${keys[@]}" --enc_key keys/aes256.bin "${files[@]}" \
    > "$work/verify.json" 2> /dev/null || status=$?
[ "$status" -eq 2 ] || fail "rproc-verify: exit status $status, expected 2"
status=0
"$bin/rproc-dump" --coverage --format json "${files[@]}" > "$work/dump.json" 2> /dev/null || status=$?
[ "$status" -eq 2 ] || fail "rproc-dump: exit status $status, expected 2"

# What a section of a page calls a member: its .Va words, and "where, image" for ".Va where , image".
described() { # PAGE SECTION
    awk -v section=".Ss $2" '/^\.S[hs]/ { on = $0 == section } on' "$tree/man/$1" |
        grep -oE '(^\.|It )Va .*' | sed -E 's/^(\.|It )Va //' | tr -s ' ,.' '\n' | grep . | sort -u
}
members() { # DOCUMENTS
    jq -r '.. | objects | keys[]' "$1" | sort -u
}
described rproc-verify.1 JSON > "$work/verify.page"
# rproc-dump has no AES key, and foretells nothing.
{ grep -vxE 'encrypted|key_confirmed_by|is_original|ta|board|check|signature_assumed|reason|remedy|level|id' \
    "$work/verify.page"
    described rproc-dump.1 "JSON and YAML"; } | sort -u > "$work/dump.page"
for tool in verify dump; do
    members "$work/$tool.json" > "$work/$tool.members"
    [ -s "$work/$tool.members" ] || fail "rproc-$tool printed no members"
    diff "$work/$tool.members" "$work/$tool.page" ||
        fail "rproc-$tool(1) and its JSON differ (<: JSON, >: page)"
done

described rproc-verify.1 "JSON of --explain" > "$work/explain.page"
"$bin/rproc-verify" --explain -5 --format json > "$work/explain.json"
members "$work/explain.json" > "$work/explain.members"
diff "$work/explain.members" "$work/explain.page" ||
    fail "rproc-verify(1) and the JSON of --explain differ (<: JSON, >: page)"

described rproc-verify.1 "JSON of --list-boards" > "$work/boards.page"
"$bin/rproc-verify" --list-boards --format json > "$work/boards.json"
members "$work/boards.json" > "$work/boards.members"
diff "$work/boards.members" "$work/boards.page" ||
    fail "rproc-verify(1) and the JSON of --list-boards differ (<: JSON, >: page)"

described rproc-key.1 "JSON of show" > "$work/show.page"
for key in rsa2048 rsa4096 p256; do
    "$bin/rproc-key" show --format json keys/$key.pub.pem
done > "$work/show.json"
members "$work/show.json" > "$work/show.members"
diff "$work/show.members" "$work/show.page" ||
    fail "rproc-key(1) and the JSON of show differ (<: JSON, >: page)"
described rproc-key.1 "JSON of match" > "$work/match.page"
status=0
"$bin/rproc-key" match --format json keys/*.pub.pem --otp "$(printf '00%.0s' {1..32})" -- expected/*.sig \
    device/*.sig elf/m4.elf keys/*.der not-there.sig > "$work/match.json" 2> /dev/null || status=$?
[ "$status" -eq 2 ] || fail "rproc-key match: exit status $status, expected 2"
members "$work/match.json" > "$work/match.members"
diff "$work/match.members" "$work/match.page" ||
    fail "rproc-key(1) and the JSON of match differ (<: JSON, >: page)"
[ "$(jq -r '.results[].result' "$work/match.json" | sort -u | xargs)" = "error match no-match" ] ||
    fail "rproc-key match: not all of the results"
[ "$(jq -r '.results[].matches[].way' "$work/match.json" | sort -u | xargs)" = "numbers pkeyinfo signature" ] ||
    fail "rproc-key match: not all of the ways"

described_values() { # PAGE MEMBER: what stands in quotation marks below it
    awk -v item=".It Va $2" '/^\.It / { on = $0 == item } on' "$tree/man/$1" |
        sed -n 's/^\.Qq \([^ ]*\).*/\1/p' | sort -u | xargs
}
got=$(jq -r '.devices[].name' "$work/show.json" | sort -u | xargs)
[ "$got" = "$(described_values rproc-key.1 name)" ] || fail "rproc-key show: the devices are $got"

jq -e '.schema == 1 and (.files | length) == $count' --argjson count "${#files[@]}" \
    "$work/verify.json" > /dev/null || fail "rproc-verify: not one entry a file"

# The values that the page names are the values that come.
values() { # FILTER EXPECTED
    got=$(jq -r "[.files[] | $1] | unique | join(\" \")" "$work/verify.json")
    [ "$got" = "$2" ] || fail "rproc-verify: $1 is one of $got, expected $2"
}
values .verdict "accept error reject"
values '.images[].type' "0 elf encrypted-elf" # one vector has an unknown IMGTYPE, 0
values '.signature | select(. != null) | .algorithm | select(. != null)' \
    "ECDSA-P256-SHA256 RSASSA-PKCS1-v1_5-SHA256"
values '.decryption | select(. != null) | .key_confirmed_by | select(. != null)' "resource-table"
values '.findings[].level' "note warning" # without a board nothing is an error
"$bin/rproc-verify" --format json "${keys[@]}" --enc_key keys/aes256.bin --original elf/ns_aligned16.elf \
    expected/st_encrypted.sig |
    jq -e '.files[0].decryption == {encrypted: true, key_confirmed_by: "original", is_original: true}' \
        > /dev/null || fail "rproc-verify --original: it is not said"
"$bin/rproc-verify" --format json --no-signature device/good.sig |
    jq -e '.files[0].verdict == "unauthenticated"' > /dev/null ||
    fail "rproc-verify --no-signature: not unauthenticated"
"$bin/rproc-dump" --format json device/segment_flip.sig |
    jq -e '.files[0] | .verdict == "not-judged" and .signature.key_file == null' > /dev/null ||
    fail "rproc-dump: the verdict says more than was checked"
