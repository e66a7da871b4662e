#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# From a bare Debian 12 to a signed firmware, and to one that is refused. See usage() below.
set -eu

usage() {
    cat << 'TEXT'
usage: examples/quickstart.sh

Installs what is missing with apt-get (as root, or through sudo; otherwise it says what to run),
builds the tools in build/, makes a key, signs the example firmware, verifies and dumps it, flips
one bit of it and shows that it is refused. The files stay in build/quickstart/.
TEXT
}

case ${1:-} in
'') ;;
-h | --help)
    usage
    exit 0
    ;;
*)
    usage >&2
    exit 2
    ;;
esac

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=../src/cmake/debian-packages.sh
. "$tree/src/cmake/debian-packages.sh"

say() {
    printf '\n# %s\n' "$*"
}

# Says what it runs, then runs it.
run() {
    printf '$'
    printf ' %q' "$@"
    printf '\n'
    "$@"
}

cd -- "$tree"
install_missing "${packages_build[@]}"

say "Build the tools"
run cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
run cmake --build build -j "$(nproc)"

rm -rf build/quickstart
mkdir -p build/quickstart
if command -v arm-none-eabi-gcc > /dev/null; then
    say "Build the example firmware"
    run make -C examples/firmware OUT="$tree/build/quickstart/firmware.elf"
else
    say "Take the prebuilt example firmware (gcc-arm-none-eabi is not installed)"
    run cp examples/firmware/firmware.elf build/quickstart/
fi

PATH=$tree/build/bin:$PATH
run cd build/quickstart

say "Make a key: the private half signs, the public half verifies"
run openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem
run openssl pkey -in key.pem -pubout -out key.pub.pem

say "Sign"
run rproc-sign --key key.pem firmware.elf firmware.sig

say "Verify"
run rproc-verify --key key.pub.pem firmware.sig

say "Show what is in it"
run rproc-dump firmware.sig

say "Flip one bit: the h of \"hello\" in the code segment becomes an i"
hello=$(LC_ALL=C grep -abom1 hello firmware.sig)
hello=${hello%%:*}
run cp firmware.sig flipped.sig
printf '$ printf i | dd of=flipped.sig bs=1 seek=%s conv=notrunc\n' "$hello"
printf i | dd of=flipped.sig bs=1 seek="$hello" conv=notrunc status=none
status=0
run rproc-verify --key key.pub.pem flipped.sig || status=$?
echo "exit status $status"
if [ "$status" -ne 1 ]; then
    echo "quickstart.sh: expected exit status 1, a refusal" >&2
    exit 1
fi

say "Done. The files are in $PWD"
