#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The source tarball NAME.tar.gz in the current folder: what is committed or, where there is no git, all
# but build folders. The same sources give the same bytes.
# Usage: dist.sh TREE NAME
set -euo pipefail
export LC_ALL=C
tree=$1
name=$2
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

mkdir "$work/$name"
if [ -e "$tree/.git" ]; then
    if [ -n "$(git -C "$tree" status --porcelain)" ]; then
        echo "dist: what is not committed is left out:" >&2
        git -C "$tree" status --short >&2
    fi
    git -C "$tree" archive --format=tar HEAD | tar -C "$work/$name" -x
else
    tar -C "$tree" --exclude='./build*' --anchored -c . | tar -C "$work/$name" -x
fi

# A time for all: the one that was asked for, or the latest of a file, which in git is the commit's.
time=${SOURCE_DATE_EPOCH:-$(find "$work/$name" -type f -printf '%Ts\n' | sort -n | tail -n 1)}
tar -C "$work" --sort=name --format=gnu "--mtime=@$time" --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX -c "$name" | gzip -9n > "$name.tar.gz.new"
mv -- "$name.tar.gz.new" "$name.tar.gz"
echo "$PWD/$name.tar.gz"
