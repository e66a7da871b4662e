# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Loaded by the tests of this folder, which run.sh runs: PREFIX, where rprocfw is installed; KEYS, a
# folder of keys; TREE, whose examples are copied.
bats_require_minimum_version 1.5.0

[ -n "${PREFIX:-}" ] || { echo "run tests/places/run.sh" >&2; exit 1; }

# Into a copy of an example's folder, with key.pem and key.pub.pem in it.
enter_copy() { # EXAMPLE
    cp -r "$TREE/examples/$1" "$BATS_TEST_TMPDIR/a copy"
    cd "$BATS_TEST_TMPDIR/a copy" || return 1
    cp "$KEYS"/key.pem "$KEYS"/key.pub.pem .
}

# Runs the README's blocks for a shell, in one shell that ends with the first failure; they make their keys.
run_readme() {
    rm -f key.pem key.pub.pem
    awk '/^```sh$/ { within = 1; blocks++; next } /^```$/ { within = 0 } within
        END { exit blocks == 0 }' README.md > "$BATS_TEST_TMPDIR/readme.sh"
    bash -e -x "$BATS_TEST_TMPDIR/readme.sh"
}

# Is FILE a container that key.pem of this folder signed, and that the board loads and runs?
signed() { # FILE [OPTION...]
    rproc-verify --key "$KEYS/key.pub.pem" --board stm32mp15-optee --strict "$@"
}

# Time stamps are compared: what is written from now on is newer than what was written before.
later() {
    sleep 0.05
}

# The time stamp of FILE: another one if it was written again.
written() { # FILE
    stat -c %.9Y "$1"
}
