# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# To be sourced by the tests of this folder: tree, work (a fresh folder, removed at the end), fail,
# need_build, copy_tree.
set -euo pipefail
export LC_ALL=C
umask 022 # other users must be able to read what some tests make for them

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# BUILD_DIR must be a build as people get it: optimised, without sanitizers.
need_build() {
    [ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0"
    BUILD_DIR=$(cd -- "$BUILD_DIR" && pwd -P)
    if grep -qE '^(CMAKE_BUILD_TYPE:[^=]*=Debug|RPROCFW_SANITIZE:[^=]*=.+)$' \
        "$BUILD_DIR/CMakeCache.txt"; then
        fail "$BUILD_DIR is a Debug or a sanitizer build; give a Release build"
    fi
}

# The files of the tree that are in git, zero-terminated, as they are in the working tree; all
# but build folders where there is no git.
tree_files() {
    if [ -e "$tree/.git" ]; then
        git -C "$tree" -c safe.directory='*' ls-files -z
    else
        (cd -- "$tree" && find . -path './build*' -prune -o -type f -printf '%P\0')
    fi
}

# A copy of them: what a fresh clone would have.
copy_tree() { # FOLDER
    mkdir -p -- "$1"
    tree_files | tar -C "$tree" --null --files-from=- -c | tar -C "$1" -x --no-same-owner
}

# Bytes that an expression of core's headers says, on the device that footprints are measured for.
device_size_of() { # EXPRESSION
    printf '#include <rprocfw/rproc.h>\nextern char size[];\nchar size[%s];\n' "$1" > "$work/size.c"
    arm-none-eabi-gcc -std=c11 -mthumb -mcpu=cortex-a7 -fno-common "-I$tree/include" \
        -c "$work/size.c" -o "$work/size.o"
    echo $((16#$(arm-none-eabi-nm -S "$work/size.o" | awk '$4 == "size" { print $2 }')))
}
