#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# -DRPROCFW_CORE_ONLY=ON builds librprocfw-core.a without any dependency, with the host's compiler
# and with a bare-metal one. Builds it itself; BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"

# Whoever asks for a library fails.
mkdir "$work/bin"
printf '#!/bin/sh\necho "pkg-config was asked: $*" >&2\nexit 1\n' > "$work/bin/pkg-config"
chmod +x "$work/bin/pkg-config"
PATH=$work/bin:$PATH
export PKG_CONFIG=$work/bin/pkg-config

build() { # NAME CMAKE-OPTION...
    cmake -S "$tree" -B "$work/$1" -DRPROCFW_CORE_ONLY=ON -DRPROCFW_WERROR=ON "${@:2}"
    cmake --build "$work/$1" -j "$(nproc)"
    cmake --install "$work/$1" --prefix "$work/$1-installed"
    [ -f "$work/$1-installed/lib/librprocfw-core.a" ] || fail "$1: the archive is not installed"
    [ "$(ls -A "$work/$1/lib")" = librprocfw-core.a ] || fail "$1: more was built than the archive"
    [ ! -e "$work/$1/bin" ] || [ -z "$(ls -A "$work/$1/bin")" ] || fail "$1: programs were built"
}

# All members are for the machine; several machines in one archive would be listed one by one.
expect_machine() { # NAME MACHINE
    local found
    found=$(readelf -h "$work/$1/lib/librprocfw-core.a" | sed -n 's/^ *Machine: *//p' | sort -u)
    [ "$found" = "$2" ] || fail "$1: built for '$found', not for '$2'"
}

# No header but core's own is installed, and each of them compiles alone.
expect_headers() { # NAME COMPILER
    local header
    (cd "$work/$1-installed/include/rprocfw" && ls -A) > "$work/headers"
    printf '%s\n' format.h image.h public_key.h rproc.h status.h verify.h | diff - "$work/headers" ||
        fail "$1: these are not core's headers"
    while read -r header; do
        echo "#include <rprocfw/$header>" |
            "$2" -std=c11 -Wall -Wextra -Wpedantic -Werror -ffreestanding \
                -I"$work/$1-installed/include" -fsyntax-only -x c -
    done < "$work/headers"
}

build host -DCMAKE_C_COMPILER=gcc
expect_machine host "$(readelf -h "$(command -v env)" | sed -n 's/^ *Machine: *//p')"
expect_headers host gcc

build arm -DCMAKE_SYSTEM_NAME=Generic -DCMAKE_C_COMPILER=arm-none-eabi-gcc \
    "-DCMAKE_C_FLAGS=-mcpu=cortex-a7 -mthumb"
expect_machine arm ARM
expect_headers arm arm-none-eabi-gcc
