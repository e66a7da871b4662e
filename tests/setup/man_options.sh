#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Each tool's --help, its man page and its completion in bash, zsh and fish know the same options, in
# each direction. '_' and '-' inside of a name count as one. Needs BUILD_DIR, where the tools are.
# Usage: BUILD_DIR=DIR man_options.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [TREE]"
completion=$tree/src/completion
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

# What each shell offers for a word that starts with - behind the tool's name, or behind its subcommand.
completed_bash() { # TOOL [SUBCOMMAND]
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
    ' completed "$completion/rprocfw.bash" "$@" | sed 's/[[:space:]=]*$//' | one_spelling
}
completed_zsh() { # TOOL [SUBCOMMAND]
    zsh -f "$(dirname "$0")/complete.zsh" "$completion" "$* --" | sed -n '/^-/p' | one_spelling
}
completed_fish() { # TOOL [SUBCOMMAND]
    # shellcheck disable=SC2016 # for fish
    HOME=$work fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$completion/rprocfw.fish" "$* --" |
        cut -f 1 | one_spelling
}

completed() { # SHELL TOOL [SUBCOMMAND]
    case $1 in
    bash) completed_bash "${@:2}" ;;
    zsh) completed_zsh "${@:2}" ;;
    fish) completed_fish "${@:2}" ;;
    esac
}

compare() { # TOOL WHAT-LEFT FILE-LEFT WHAT-RIGHT FILE-RIGHT
    for option in $(comm -23 "$3" "$5"); do
        echo "$1: $2 has $option, $4 does not" >&2
        failed=1
    done
}

# A list of options is there, and found.
several() { # TOOL FILE
    [ "$(wc -l <"$work/$2")" -ge 2 ] || {
        echo "$1: $2: only $(wc -l <"$work/$2") options found" >&2
        failed=1
    }
}

# What --help of a tool or its subcommand shows, shells offer, and the tool takes: "unknown option" is
# no answer to any of it. Adds to the file help.all.
check_call() { # TOOL [SUBCOMMAND]
    local shell
    "$BUILD_DIR/bin/$1" "${@:2}" --help all >"$work/text"
    options_in "$work/text" >"$work/help"
    grep -E '^--' "$work/help" >"$work/help.long" || true
    several "$*" help
    for shell in bash zsh fish; do
        completed "$shell" "$@" >"$work/$shell.all"
        grep -E '^--' "$work/$shell.all" >"$work/$shell" || true
        several "$*" "$shell"
        compare "$*" --help "$work/help.long" "completion in $shell" "$work/$shell"
        compare "$*" "completion in $shell" "$work/$shell.all" --help "$work/help"
    done
    cat "$work/help" >>"$work/help.all"
    while read -r option; do
        "$BUILD_DIR/bin/$1" "${@:2}" "$option" >"$work/out" 2>&1 </dev/null || true
        if grep -qiE "(unknown|unrecognized|invalid) option" "$work/out"; then
            echo "$*: --help shows $option, but: $(cat "$work/out")" >&2
            failed=1
        fi
    done <"$work/help"
}

# The page has the options of a tool and all its subcommands.
check_tool() { # TOOL [SUBCOMMAND]...
    local tool=$1 page=$tree/man/$1.1 subcommand
    : >"$work/help.all"
    check_call "$tool"
    for subcommand in "${@:2}"; do
        check_call "$tool" "$subcommand"
    done
    sort -u "$work/help.all" >"$work/help"
    documented "$page" >"$work/man"
    mentioned "$page" >"$work/mentioned"
    several "$tool" man
    compare "$tool" --help "$work/help" "man page" "$work/man"
    compare "$tool" "man page" "$work/man" --help "$work/help"
    compare "$tool" "text of the man page" "$work/mentioned" --help "$work/help"
}

zsh -n "$completion/_rprocfw"
fish -n "$completion/rprocfw.fish"
for tool in rproc-sign rproc-verify rproc-dump; do
    check_tool "$tool"
done
# shellcheck disable=SC2046 # words
check_tool rproc-key $("$BUILD_DIR/bin/rproc-key" --help | sed -nE 's/^.* rproc-key ([a-z-]+) .*KEY.*$/\1/p')
exit $failed
