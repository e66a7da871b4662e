#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# examples/quickstart.sh works in a fresh copy whose path has a space, from any current folder,
# twice in a row, for people who are not root. BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"

clone="$work/a clone/rprocfw"
copy_tree "$clone"

# As root this becomes somebody who may nothing but write to the clone.
as_user=()
if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$work"
    chown -R 65534:65534 "$clone"
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups env "HOME=$clone")
fi

expect_output() { # TEXT
    grep -qF -- "$1" "$work/output" || {
        cat "$work/output"
        fail "the output has no '$1'"
    }
}

for run in first second; do
    (cd / && "${as_user[@]}" "$clone/examples/quickstart.sh") < /dev/null > "$work/output" 2>&1 || {
        cat "$work/output"
        fail "the $run run failed"
    }
    expect_output '$ rproc-sign --key key.pem firmware.elf firmware.sig'
    expect_output 'firmware.sig: accepted'
    expect_output 'rproc-verify: flipped.sig: '
    expect_output 'exit status 1'
done

# Nothing but build/ was touched.
(cd "$clone" && find . -path ./build -prune -o -type f -printf '%P\n' | sort) > "$work/after"
tree_files | tr '\0' '\n' | sort | diff - "$work/after" || fail "files appeared beside build/"

# Packages missing, neither root nor sudo: it says what to run, and does nothing.
mkdir "$work/bin"
printf '#!/bin/sh\nexit 1\n' | tee "$work/bin/sudo" > "$work/bin/dpkg-query"
chmod 755 "$work/bin" "$work/bin/sudo" "$work/bin/dpkg-query"
status=0
PATH=$work/bin:$PATH "${as_user[@]}" "$clone/examples/quickstart.sh" > "$work/output" 2>&1 ||
    status=$?
[ "$status" -eq 2 ] || fail "packages missing: exit status $status, not 2"
expect_output 'apt-get install -y --no-install-recommends gcc '
