#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The places where people build: each folder of examples/ for a build system is copied out of the tree
# and used, with what `cmake --install` installs. Needs BUILD_DIR: a Release build.
# BUILD_DIR=DIR run.sh [FILE.bats...]
. "$(dirname "$0")/../setup/common.bash"
need_build

here=$tree/tests/places
[ $# -gt 0 ] || set -- "$here"/*.bats

export PREFIX="$work/the prefix" KEYS=$work/keys TREE=$tree
cmake --install "$BUILD_DIR" --prefix "$PREFIX" > /dev/null
export PATH="$PREFIX/bin:$PATH"

mkdir "$KEYS"
for key in key other; do
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$KEYS/$key.pem"
    rproc-key public --out "$KEYS/$key.pub.pem" "$KEYS/$key.pem"
done
openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:azerty -in "$KEYS/key.pem" -out "$KEYS/key.encrypted.pem"

# Two at a time: they wait for compilers and for each other's disk.
bats -j 2 "$@"
