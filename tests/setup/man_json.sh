#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The members of the tools' JSON that the man pages describe are those of the schemas in src/schema, in
# both directions, and the words that a member may be are on the page, too. That the schemas are those
# of the JSON itself: schemas.sh. Needs jq.
# Usage: man_json.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}

# What a section of a page calls a member: its .Va words, and "where, image" for ".Va where , image".
described() { # PAGE SECTION
    awk -v section=".Ss $2" '/^\.S[hs]/ { on = $0 == section } on' "$tree/man/$1" |
        grep -oE '(^\.|It )Va .*' | sed -E 's/^(\.|It )Va //' | tr -s ' ,.' '\n' | grep . | sort -u
}
# Members of a document's member and of all that is in it, or of the whole document.
members() { # SCHEMA [MEMBER...]
    jq -r --args '. as $root
        | def names: .. | objects | (.properties | objects | keys[]),
            (.["$ref"] | strings | ltrimstr("#/$defs/") as $name | $root["$defs"][$name] | names);
        if $ARGS.positional == [] then del(.["$defs"])
        else {properties: (.properties | with_entries(select(.key | IN($ARGS.positional[])))) } end
        | names' "${@:2}" < "$tree/src/schema/$1.schema.json" | sort -u
}
compare() { # WHAT: the files members and page
    [ "$(wc -l < "$work/members")" -ge 5 ] || fail "$1: the schema has no members"
    diff "$work/members" "$work/page" || fail "$1: the page and the schema differ (<: schema, >: page)"
}

described rproc-verify.1 JSON > "$work/page"
members rproc-verify schema files > "$work/members"
compare "rproc-verify(1), JSON"

# rproc-dump has no AES key, foretells nothing and has no manifest.
{
    grep -vxE 'encrypted|key_confirmed_by|is_original|ta|board|check|signature_assumed|reason|remedy|level|id|manifest|container|same|difference' \
        "$work/page"
    described rproc-dump.1 "JSON and YAML"
} | sort -u > "$work/dump.page"
mv "$work/dump.page" "$work/page"
members rproc-dump > "$work/members"
compare "rproc-dump(1)"

described rproc-verify.1 "JSON of --explain" > "$work/page"
{ members rproc-verify schema answer; echo files; } | sort -u > "$work/members"
compare "rproc-verify(1), JSON of --explain"

described rproc-verify.1 "JSON of --list-boards" > "$work/page"
members rproc-verify schema boards > "$work/members"
compare "rproc-verify(1), JSON of --list-boards"

described rproc-sign.1 Reports > "$work/page"
members rproc-sign-report > "$work/members"
compare "rproc-sign(1), Reports"

described rproc-key.1 "JSON of show" > "$work/page"
members rproc-key-show > "$work/members"
compare "rproc-key(1), JSON of show"

described rproc-key.1 "JSON of match" > "$work/page"
members rproc-key-match > "$work/members"
compare "rproc-key(1), JSON of match"

# Words that a member may be. Those of boards are in rprocfw-board(5), those of a key's devices among
# the devices.
words() { # SCHEMA PAGE...
    jq -r '.. | objects | .enum | arrays | .[] | strings' "$tree/src/schema/$1.schema.json" |
        sort -u > "$work/words"
    (cd "$tree/man" && cat "${@:2}") | grep -oE '(^\.|It )(Qq|Va|Cm) .*' | tr -s ' ,' '\n' |
        sort -u > "$work/page.words"
    comm -23 "$work/words" "$work/page.words" > "$work/missing"
    [ ! -s "$work/missing" ] || fail "$1: words of the schema that ${*:2} does not have: $(xargs < "$work/missing")"
}
words rproc-verify rproc-verify.1 rprocfw-board.5
words rproc-dump rproc-verify.1 rproc-dump.1
words rproc-key-show rproc-key.1
words rproc-key-match rproc-key.1
