#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Each tool's --help, its man page and its shell completion know the same options, in each
# direction. '_' and '-' inside of a name count as one. Needs BUILD_DIR, where the tools are.
# Usage: BUILD_DIR=DIR man_options.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [TREE]"
completion=$tree/src/completion/rprocfw.bash
failed=0

# The options in a text, one a line: --key, -k.
options_in() {
    grep -oE -e '(^|[^[:alnum:]_-])--?[A-Za-z][A-Za-z0-9_-]*' "$@" | sed -E 's/^[^-]//' |
        one_spelling
}
one_spelling() {
    sed -E -e ':again' -e 's/^(--?[^_]*)_/\1-/' -e 't again' | sort -u
}

# What the page documents: the items of its lists, and all that it mentions besides.
documented() { # PAGE
    sed -nE 's/^\.It (Fl .*)$/\1/p' "$1" | flags
}
mentioned() { # PAGE
    grep -E '^\.([A-Z][a-z] .*)?Fl ' "$1" | flags
}
flags() {
    grep -oE 'Fl [A-Za-z-][A-Za-z0-9_-]*' | sed 's/^Fl /-/' | one_spelling
}

# What bash offers for a word that starts with - behind the tool's name, or behind its subcommand.
completed() { # TOOL [SUBCOMMAND]
    bash -c '
        set -u
        . "$1"
        shift
        COMP_WORDS=("$@" "-")
        COMP_CWORD=$#
        COMP_LINE="$* -"
        COMP_POINT=${#COMP_LINE}
        spec=$(complete -p "$1")
        function=$(sed -nE "s/.* -F ([^ ]+) .*/\1/p" <<<"$spec")
        COMPREPLY=()
        "$function" "$1" "-" "${*: -1}"
        printf "%s\n" "${COMPREPLY[@]}"
    ' completed "$completion" "$@" | sed 's/[[:space:]=]*$//' | one_spelling
}

compare() { # TOOL WHAT-LEFT FILE-LEFT WHAT-RIGHT FILE-RIGHT
    for option in $(comm -23 "$3" "$5"); do
        echo "$1: $2 has $option, $4 does not" >&2
        failed=1
    done
}

# A tool's --help and its page tell of all its subcommands; options stand behind one.
for tool in rproc-sign rproc-verify rproc-dump "rproc-key c-source"; do
    read -ra call <<<"$tool"
    tool=${call[0]}
    page=$tree/man/$tool.1
    "$BUILD_DIR/bin/$tool" --help >"$work/text"
    options_in "$work/text" >"$work/help"
    documented "$page" >"$work/man"
    mentioned "$page" >"$work/mentioned"
    completed "${call[@]}" >"$work/completion.all"
    grep -E '^--' "$work/completion.all" >"$work/completion" || true
    grep -E '^--' "$work/help" >"$work/help.long" || true
    for file in help man completion; do
        if [ "$(wc -l <"$work/$file")" -lt 4 ]; then
            echo "$tool: $file: only $(wc -l <"$work/$file") options found" >&2
            failed=1
        fi
    done
    compare "$tool" --help "$work/help" "man page" "$work/man"
    compare "$tool" "man page" "$work/man" --help "$work/help"
    compare "$tool" "text of the man page" "$work/mentioned" --help "$work/help"
    compare "$tool" --help "$work/help.long" completion "$work/completion"
    compare "$tool" completion "$work/completion.all" --help "$work/help"

    # What --help shows, the tool takes: "unknown option" is no answer to any of it.
    while read -r option; do
        "$BUILD_DIR/bin/$tool" "${call[@]:1}" "$option" >"$work/out" 2>&1 </dev/null || true
        if grep -qiE "(unknown|unrecognized|invalid) option" "$work/out"; then
            echo "$tool: --help shows $option, but: $(cat "$work/out")" >&2
            failed=1
        fi
    done <"$work/help"
done
exit $failed
