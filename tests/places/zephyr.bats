#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/zephyr, with a package "Zephyr" that does what these lines rely on (zephyr/ beside this file), and
# is not Zephyr.
load common

setup() {
    enter_copy zephyr
}

configure() {
    cmake -S . -B build -G Ninja "-DZephyr_DIR=$TREE/tests/places/zephyr" "-Drprocfw_ROOT=$PREFIX"
}

# Is build/zephyr/zephyr.elf, as the last post-build step left it, what was signed?
signed_as_left() {
    rproc-verify -q --key key.pub.pem build/zephyr/zephyr.sig
    rproc-dump --extract parts build/zephyr/zephyr.sig > /dev/null
    cmp -n "$(stat -c %s build/zephyr/zephyr.elf)" parts/image-0.elf build/zephyr/zephyr.elf
    readelf -lW build/zephyr/zephyr.elf | grep -q 'LOAD .* 0x00000000 0x00000100 '
}

@test "zephyr: signs behind the post-build steps, again for another key, and not otherwise" {
    configure
    cmake --build build
    signed_as_left
    local before
    before=$(written build/zephyr/zephyr.sig)
    cmake --build build
    [ "$(written build/zephyr/zephyr.sig)" = "$before" ]
    later
    touch key.pem
    cmake --build build
    [ "$(written build/zephyr/zephyr.sig)" != "$before" ]
}

@test "zephyr: a failure fails the build, and leaves no container" {
    configure
    cmake --build build
    later
    cp key.pub.pem key.pem # the public half
    run ! cmake --build build
    [[ $output == *"signing needs the private key"* ]]
    [ ! -e build/zephyr/zephyr.sig ]
}

# CMakeLists.txt with the second way of the README in place of the first.
second_way() {
    sed '/^# What is new/,$d' CMakeLists.txt > rest
    awk '/^## Without the CMake package/ { here = 1 } here && /^```cmake$/ { within = 1; next }
        /^```$/ { within = 0 } within' README.md > lines
    grep -q extra_post_build_commands lines
    cat <(sed '/find_package/,$d' rest) lines <(sed -n '/find_package/,$p' rest) > CMakeLists.txt
}

@test "zephyr: as a post-build step, without the CMake package" {
    second_way
    configure
    cmake --build build
    signed_as_left
    later
    cp key.pub.pem key.pem
    touch src/main.c
    echo 'int other;' >> src/main.c
    run ! cmake --build build
    [[ $output == *"signing needs the private key"* ]]
    [ ! -e build/zephyr/zephyr.sig ]
}
