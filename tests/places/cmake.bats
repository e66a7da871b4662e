#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/cmake, and rprocfw_sign() of the installed CMake package.
# shellcheck disable=SC2016 # CMake expands
load common

setup() {
    enter_copy cmake
}

configure() { # OPTION...
    cmake -S . -B build --toolchain "$PWD/arm-none-eabi.cmake" "-Drprocfw_ROOT=$PREFIX" "$@"
}

# A project with the executable targets "fw" and "secure", and the lines given.
project() { # LINE...
    cp firmware.c secure.c
    {
        printf '%s\n' 'cmake_minimum_required(VERSION 3.20)' 'project(p LANGUAGES C)' \
            'find_package(rprocfw REQUIRED COMPONENTS tools)' \
            'add_compile_options(-Os -ffreestanding)' \
            'add_link_options(-nostdlib -static -T ${CMAKE_CURRENT_SOURCE_DIR}/firmware.ld)' \
            'add_executable(fw firmware.c)' 'add_executable(secure secure.c)'
        printf '%s\n' "$@"
    } > CMakeLists.txt
}

# A call that cannot be: configuring fails and says why.
refused() { # MESSAGE LINE...
    project "${@:2}"
    sed -i 's/LANGUAGES C/LANGUAGES NONE/' CMakeLists.txt # no compiler is asked for that
    rm -rf build
    run -1 configure
    [[ "$(tr -s ' \n' ' ' <<< "$output")" == *"$1"* ]] || { echo "$output"; false; }
}

# --- The example, with each generator ---

@test "cmake: the lines of the README" {
    CMAKE_PREFIX_PATH=$PREFIX run_readme
}

@test "cmake: builds, signs, does nothing twice, signs again for a key that was touched" {
    local generator before
    for generator in "Unix Makefiles" Ninja; do
        rm -rf build
        configure -G "$generator"
        cmake --build build
        signed build/firmware.sig
        before=$(written build/firmware.sig)
        cmake --build build
        [ "$(written build/firmware.sig)" = "$before" ]
        later
        touch key.pem
        cmake --build build
        [ "$(written build/firmware.sig)" != "$before" ]
        before=$(written build/firmware.sig)
        later
        sed -i 's/counter = 1/counter = 2/' firmware.c
        cmake --build build
        [ "$(written build/firmware.sig)" != "$before" ]
        signed build/firmware.sig
    done
}

@test "cmake: a failure fails the build and leaves no container; the next build signs" {
    local generator
    for generator in "Unix Makefiles" Ninja; do
        rm -rf build
        configure -G "$generator"
        cmake --build build
        later
        cp key.pub.pem key.pem # the public half
        run ! cmake --build build
        [[ $output == *"signing needs the private key"* ]]
        [ ! -e build/firmware.sig ]
        cp "$KEYS/key.pem" .
        cmake --build build
        signed build/firmware.sig
    done
}

@test "cmake: what the board would not load fails the build" {
    configure
    sed -i 's/ORIGIN = 0,/ORIGIN = 0x60000000,/' firmware.ld
    run ! cmake --build build
    [[ $output == *"stm32mp15-optee"* ]]
    [ ! -e build/firmware.sig ]
}

@test "cmake: Ninja Multi-Config has a container for each configuration" {
    configure -G "Ninja Multi-Config"
    cmake --build build --config Debug
    cmake --build build --config Release
    signed build/Debug/firmware.sig build/Release/firmware.sig
    local before
    before=$(written build/Debug/firmware.sig)
    cmake --build build --config Debug
    [ "$(written build/Debug/firmware.sig)" = "$before" ]
}

# --- The function ---

@test "rprocfw_sign: every argument reaches rproc-sign" {
    head -c 32 /dev/urandom > aes.bin
    sed -i 's/\*) } >/*) . = ALIGN(16); } >/; s/COMMON) } >/COMMON) . = ALIGN(16); } >/' firmware.ld # the cipher's blocks
    cp "$KEYS/key.encrypted.pem" .
    project 'rprocfw_sign(TARGET fw KEY key.encrypted.pem OUTPUT all.sig PASSPHRASE env:PASS NAME all-of-it' \
        '  IMAGES secure BOARD own.yaml PREFLIGHT warn LAYOUT st KEY_INFO spki ENC_KEY aes.bin STRIP LOADABLE_ONLY' \
        '  PLATFORM_TLVS BOOTADDR 0x80100000 0x10010 "two words" OPTIONS --plat-tlv-file 0x10011 value.txt -v)'
    echo "from the source folder" > value.txt
    cp "$PREFIX/share/rprocfw/boards/stm32mp15-st.yaml" own.yaml
    configure
    PASS=azerty cmake --build build --target all-of-it
    rproc-verify -q --key key.pub.pem --enc_key aes.bin build/all.sig
    rproc-dump --format json build/all.sig > dump.json
    [ "$(jq -r '.files[0].tlvs | map(.name // "-") | join(" ")' dump.json)" = \
        "SIGNTYPE ENCTYPE ENCTABLE NUM_IMG IMGTYPE IMGSIZE HASHTYPE PKEYINFO BOOTADDR - -" ]
    [ "$(jq '.files[0].images | length' dump.json)" -eq 2 ]
    grep -q 'two words' build/all.sig
    run ! cmake --build build --target no-such-target
    # each file is one that the container depends on
    local file before
    for file in own.yaml aes.bin key.encrypted.pem firmware.c secure.c; do
        before=$(written build/all.sig)
        later
        case $file in *.c) sed -i 's/counter = 1/counter = 2/' "$file" ;; esac
        touch "$file"
        PASS=azerty cmake --build build
        [ "$(written build/all.sig)" != "$before" ] || { echo "$file"; false; }
    done
}

@test "rprocfw_sign: the command line is what was written down" {
    # a program that tells its arguments takes the place of rproc-sign
    cat > teller << 'SH'
#!/bin/sh
printf '<%s>' "$@"
while [ "$1" != --out ]; do shift; done
: > "$2"
SH
    chmod +x teller
    : > s.elf
    project 'rprocfw_sign(TARGET fw KEY "pkcs11:token=t;object=a b" OUTPUT deep/fw.sig IMAGES s.elf' \
        '  PLATFORM_TLVS 1 "a;b" 2 "$HOME" OPTIONS --engine pkcs11 --signer "x y")' \
        'file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/deep)'
    configure "-DRPROCFW_SIGN_EXECUTABLE=$PWD/teller"
    run -0 cmake --build build
    [[ $output == *"<--key><pkcs11:token=t;object=a b>"* ]]
    [[ $output == *"<--plat-tlv><1><a;b><--plat-tlv><2><\$HOME><--engine><pkcs11><--signer><x y><--in>"* ]]
    [[ $output == *"/build/fw><--in><$PWD/s.elf><--out><$PWD/build/deep/fw.sig>"* ]]
}

@test "rprocfw_sign: two containers of one target, one of them from another folder" {
    mkdir sub
    echo 'rprocfw_sign(TARGET fw KEY ../key.pem OUTPUT sub.sig NAME second IMAGES $<TARGET_FILE:secure>)' \
        > sub/CMakeLists.txt
    project 'rprocfw_sign(TARGET fw KEY key.pem OUTPUT one.sig)' 'add_subdirectory(sub)' \
        'add_dependencies(second secure)'
    configure
    cmake --build build
    rproc-verify -q --key key.pub.pem build/one.sig build/sub/sub.sig
}

@test "rprocfw_sign: wrong calls say what is wrong" {
    refused "rprocfw_sign: KEY is missing; needed are TARGET, KEY and OUTPUT" 'rprocfw_sign(TARGET fw OUTPUT a.sig)'
    refused "TARGET is missing" 'rprocfw_sign(KEY key.pem OUTPUT a.sig)'
    refused "OUTPUT is missing" 'rprocfw_sign(TARGET fw KEY key.pem)'
    refused "unknown: BORD stm32mp15-optee;" 'rprocfw_sign(BORD stm32mp15-optee TARGET fw KEY key.pem OUTPUT a.sig)'
    refused "no value behind KEY" 'rprocfw_sign(TARGET fw KEY OUTPUT a.sig)'
    refused "no value behind BOARD" 'rprocfw_sign(TARGET fw KEY k OUTPUT a.sig BOARD)'
    refused "there is no target nofw" 'rprocfw_sign(TARGET nofw KEY key.pem OUTPUT a.sig)'
    refused "the target lib is no executable (STATIC_LIBRARY)" 'add_library(lib STATIC firmware.c)' \
        'rprocfw_sign(TARGET lib KEY key.pem OUTPUT a.sig)'
    refused "there is a target fw-signed already; give another NAME" \
        'rprocfw_sign(TARGET fw KEY key.pem OUTPUT a.sig)' 'rprocfw_sign(TARGET fw KEY key.pem OUTPUT b.sig)'
    refused "PLATFORM_TLVS are pairs" 'rprocfw_sign(TARGET fw KEY key.pem OUTPUT a.sig PLATFORM_TLVS BOOTADDR)'
    refused "PASSPHRASE is none of env:VAR" 'rprocfw_sign(TARGET fw KEY key.pem OUTPUT a.sig PASSPHRASE hunter2)'
    [[ $output != *hunter2* ]]
}

# --- Finding the package ---

@test "find_package: for another machine only with COMPONENTS tools, and not without the program" {
    sed -i 's/ COMPONENTS tools//' CMakeLists.txt
    run -1 configure
    [[ "$(tr -s ' \n' ' ' <<< "$output")" == *"find it with COMPONENTS tools"* ]]
    cp "$TREE/examples/cmake/CMakeLists.txt" .
    cp -r "$PREFIX" moved
    rm moved/bin/rproc-sign
    rm -rf build
    local bin=$BATS_TEST_TMPDIR/bin # not that one
    mkdir "$bin"
    ln -s /usr/bin/{cmake,make,gmake,uname,arm-none-eabi-*} "$bin"
    PATH=$bin PREFIX=$PWD/moved run -1 configure -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF
    [[ "$(tr -s ' \n' ' ' <<< "$output")" == *"there is no rproc-sign to be run; install rprocfw's programs"* ]]
}

@test "find_package: in a sysroot the program is the device's, and the one of PATH is taken" {
    mkdir -p root/usr
    cp -r "$PREFIX/." root/usr
    printf '#!/bin/sh\nexit 9\n' > root/usr/bin/rproc-sign
    project 'get_target_property(where rprocfw::rproc-sign LOCATION)' 'message(STATUS "<${where}>")'
    run -0 configure "-DCMAKE_SYSROOT=$PWD/root" "-Drprocfw_ROOT=$PWD/root/usr"
    [[ $output == *"<$PREFIX/bin/rproc-sign>"* ]]
}
