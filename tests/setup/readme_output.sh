#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# README.md shows what the tools really print. Each ```console block behind the line
# '<!-- run in tests/vectors -->' is run, command by command, in a copy of tests/vectors with the
# built tools in PATH; standard output and standard error must be what the block shows, blanks at
# the ends of lines apart.
# With --show the blocks are printed as they come out, a record separator (RS) behind each.
# Needs BUILD_DIR, where the tools are, and jq.
# Usage: BUILD_DIR=DIR readme_output.sh [--show] [README]
. "$(dirname "$0")/common.bash"
show=
if [ "${1:-}" = --show ]; then
    show=yes
    shift
fi
readme=${1:-$tree/README.md}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [--show] [README]"
tools=$(cd "$BUILD_DIR/bin" && pwd)
copy_tree "$work/tree" # without what readers of the README left in the folder
mv "$work/tree/tests/vectors" "$work/vectors"
chmod -R u+w "$work/vectors"

# Each block to a file of its own.
awk -v dir="$work" '
    /^<!-- run in tests\/vectors -->$/ { marked = 1; next }
    marked && /^```console$/ { file = sprintf("%s/block-%03d", dir, ++count); marked = 0; next }
    file != "" && /^```$/ { close(file); file = ""; next }
    file != "" { print > file; next }
    marked && NF { print "a marker without a console block behind it" > "/dev/stderr"; exit 1 }
' "$readme"

# Commands stand behind "$ ", lines that go on behind "> ". One shell runs all of a block.
cat >"$work/runner" <<'BASH'
block=$1
status=0
command=
run() {
    [ -n "$command" ] || return 0
    printf '$ %s\n' "$shown"
    (exit "$status")
    eval "$command"
    status=$?
    command=
}
while IFS= read -r line <&3; do
    case $line in
    "\$ "*)
        run
        command=${line#??}
        shown=$command
        ;;
    "> "*)
        command=$command$'\n'${line#??}
        shown=$shown$'\n'$line
        ;;
    esac
done 3<"$block"
run
BASH

failed=0
blocks=0
for block in "$work"/block-*; do
    [ -e "$block" ] || break
    blocks=$((blocks + 1))
    (cd "$work/vectors" && PATH=$tools:$PATH bash "$work/runner" "$block" </dev/null) \
        2>&1 | sed 's/ *$//' >"$work/out"
    if [ -n "$show" ]; then
        cat "$work/out"
        printf '\036\n'
    elif ! diff -u "$block" "$work/out" >"$work/diff"; then
        echo "$readme differs from what the tools print:" >&2
        sed 1,2d "$work/diff" >&2
        failed=1
    fi
done
if [ "$blocks" -lt 5 ]; then
    echo "$readme: only $blocks blocks to run" >&2
    failed=1
fi
exit $failed
