# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034 # the lists are for those who source this file
# What of Debian 12 this tree needs: the one list. To be sourced by bash.

packages_build=(gcc libc6-dev cmake make pkg-config libssl-dev libelf-dev libyaml-dev libjansson-dev
    libfdt-dev openssl)

# For tests/run.sh, besides those. libnewlib-dev: a <string.h> for arm-none-eabi-gcc.
packages_test=(afl++ binutils bats check clang clang-format clang-tidy cppcheck cvc4 device-tree-compiler
    dpkg-dev file fish frama-c-base gcc-arm-none-eabi gcovr git jq libclang-rt-14-dev libengine-pkcs11-openssl
    libnewlib-dev libtss2-tcti-swtpm0 lintian llvm mandoc ninja-build opensc parallel python3
    python3-jsonschema python3-kconfiglib python3-yaml shellcheck softhsm2 swtpm tpm2-openssl tpm2-tools util-linux
    valgrind why3 xxd z3 zsh)

# For tests/bench, besides the first.
packages_bench=(gnuplot-nox hyperfine python3 time)

# For tests/cross, for each machine: compiler, static C library, and what runs its programs.
# gcc-multilib must not be there: the compiler for i686 conflicts with it.
declare -A packages_cross=(
    [armhf]="gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-user"
    [aarch64]="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"
    [s390x]="gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user"
    [i686]="gcc-i686-linux-gnu libc6-dev-i386-cross qemu-user")

# install_missing PACKAGE...: installs those that are not there, or says how and exits with 2.
install_missing() {
    local missing=() package
    local apt_get=(apt-get -o DPkg::Lock::Timeout=300)

    if ! command -v dpkg-query > /dev/null; then
        echo "not a Debian: install what these packages hold, unless it is there: $*"
        return
    fi
    for package; do
        [[ " ${missing[*]} " == *" $package "* ]] ||
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" -ne 0 ]; then
        # sudo may ask for a password where a person is
        local sudo=(sudo -n)
        [ ! -t 0 ] || sudo=(sudo)
        if ! "${sudo[@]}" true 2> /dev/null; then
            echo "Packages are missing. Run this as root, then try again:" >&2
            echo "apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
            exit 2
        fi
        apt_get=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive "${apt_get[@]}")
    fi
    export DEBIAN_FRONTEND=noninteractive
    echo "\$ apt-get install ${missing[*]}"
    # Lists that cannot be refreshed may still do; the install decides.
    "${apt_get[@]}" -q update < /dev/null || true
    "${apt_get[@]}" -q -y --no-install-recommends install "${missing[@]}" < /dev/null || {
        echo "apt-get could not install: ${missing[*]}" >&2
        exit 2
    }
}
