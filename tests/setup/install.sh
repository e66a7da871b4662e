#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What `cmake --install` installs can be used: programs, both libraries through pkg-config and
# find_package, documentation. In a prefix of its own, and below a DESTDIR.
# Needs BUILD_DIR: a Release build.
. "$(dirname "$0")/common.bash"
need_build

prefix="$work/the prefix"
cmake --install "$BUILD_DIR" --prefix "$prefix" > /dev/null
cmake_dir=$(find "$prefix" -type d -path '*/cmake/rprocfw')
lib_dir=${cmake_dir%/cmake/rprocfw}

# --- Files --------------------------------------------------------------------------------------

expect_file() { # PATH
    [ -f "$1" ] || fail "not installed: $1"
}
for file in bin/rproc-{sign,verify,dump,key} bin/sign_rproc_fw include/rprocfw/rprocfw.h \
    share/bash-completion/completions/{rproc-{sign,verify,dump,key},sign_rproc_fw} \
    share/fish/vendor_completions.d/{rproc-{sign,verify,dump,key},sign_rproc_fw}.fish \
    share/zsh/site-functions/_rprocfw \
    share/man/man1/rproc-{sign,verify,dump,key}.1 share/man/man3/rprocfw.3 \
    share/man/man5/rprocfw-{board,format,manifest}.5 share/man/man7/rprocfw{,-checks}.7 share/doc/rprocfw/{LICENSE,README.md,NEWS.md}; do
    expect_file "$prefix/$file"
done
for file in cmake/rprocfw/rprocfw-{config,sign}.cmake librprocfw-core.a librprocfw.a librprocfw.so pkgconfig/rprocfw{,-core}.pc; do
    expect_file "$lib_dir/$file"
done
diff <(cd "$tree/include/rprocfw" && ls) <(cd "$prefix/include/rprocfw" && ls) ||
    fail "the public headers are not those of include/rprocfw"
diff "$tree/src/boards" "$prefix/share/rprocfw/boards" || fail "the boards are not those of src/boards"
diff "$tree/src/schema" "$prefix/share/rprocfw/schema" || fail "the schemas are not those of src/schema"
[ "$(readlink "$prefix/bin/sign_rproc_fw")" = rproc-sign ] || fail "sign_rproc_fw is no link"
if grep -rlF -e "$tree" -e "$BUILD_DIR" "$prefix"; then
    fail "the files above name the folder of the sources or of the build"
fi

# The same files at the configured prefix below DESTDIR.
DESTDIR=$work/destdir cmake --install "$BUILD_DIR" > /dev/null
configured=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$BUILD_DIR/CMakeCache.txt")
diff <(cd "$prefix" && find . | sort) <(cd "$work/destdir$configured" && find . | sort) ||
    fail "DESTDIR: other files than without it"

# --- Programs -----------------------------------------------------------------------------------

# They find the library, here and after the whole prefix has moved.
version=$(sed -n 's/^project(rprocfw VERSION \([0-9.]*\).*/\1/p' "$tree/CMakeLists.txt")
mv "$prefix" "$work/moved prefix"
prefix="$work/moved prefix"
lib_dir=$prefix/${lib_dir#"$work/the prefix/"}
for tool in rproc-sign rproc-verify rproc-dump rproc-key sign_rproc_fw; do
    "$prefix/bin/$tool" --version > "$work/version" || fail "$tool --version failed"
    grep -qF "$version" "$work/version" || fail "$tool --version does not say $version"
done

# --- Libraries ----------------------------------------------------------------------------------

cat > "$work/host.c" << 'C'
#include <stdio.h>
#include <string.h>
#include <rprocfw/rprocfw.h>
int main(void)
{
    struct rprocfw_keys keys = {0};
    struct rprocfw_error error;
    enum rprocfw_status status = rprocfw_keys_add(&keys, "/nonexistent", NULL, NULL, &error);
    struct rprocfw_board_source source = {.name = "stm32mp257f-ev1"};
    struct rprocfw_board *board;
    rprocfw_keys_free(&keys);
    if (rprocfw_board_load(&board, &source, &error) != RPROCFW_OK)
        return 2;
    rprocfw_board_free(board);
    puts(rprocfw_status_name(status));
    return strcmp(rprocfw_status_name(status), "file") != 0;
}
C
cat > "$work/core.c" << 'C'
#include <rprocfw/verify.h>
static enum rprocfw_status read_zeros(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    (void)offset;
    for (uint32_t i = 0; i < size; i++)
        ((uint8_t *)dst)[i] = 0;
    return RPROCFW_OK;
}
int main(void)
{
    struct rprocfw_platform platform = {.read = read_zeros};
    struct rprocfw_verifier v;
    return rprocfw_verify_begin(&v, &platform, 0, 4096, 0) != RPROCFW_ERR_MAGIC;
}
C
cc=(gcc -std=c11 -Wall -Wextra -Wpedantic -Werror)

# pkg-config's answer, one argument a line: it quotes the space in the prefix for a shell.
flags() { # PKG-CONFIG-ARGUMENT...
    PKG_CONFIG_PATH=$lib_dir/pkgconfig pkg-config "$@" | xargs -n 1
}

[ "$(flags --modversion rprocfw)" = "$version" ] || fail "rprocfw.pc: wrong version"

mapfile -t use < <(flags --cflags --libs rprocfw)
"${cc[@]}" -o "$work/shared" "$work/host.c" "${use[@]}"
[ "$(readelf -d "$work/shared" | grep -cE 'NEEDED.*(crypto|libelf)')" -eq 0 ] ||
    fail "users of the shared library link what it needs itself"
LD_LIBRARY_PATH=$lib_dir "$work/shared" > /dev/null || fail "pkg-config, shared: wrong answer"

mapfile -t use < <(flags --static --cflags --libs rprocfw)
"${cc[@]}" -static -o "$work/static" "$work/host.c" "${use[@]}" 2> "$work/warnings" || {
    cat "$work/warnings"
    fail "pkg-config --static: does not link"
}
"$work/static" > /dev/null || fail "pkg-config, static: wrong answer"

mapfile -t use < <(flags --cflags --libs rprocfw-core)
"${cc[@]}" -o "$work/core" "$work/core.c" "${use[@]}"
"$work/core" || fail "pkg-config, core: wrong answer"

mkdir "$work/project"
cp "$work/host.c" "$work/core.c" "$work/project"
cat > "$work/project/CMakeLists.txt" << CMAKE
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(rprocfw $version REQUIRED COMPONENTS static)
foreach(pair shared:host:rprocfw static:host:static core:core:core)
  string(REPLACE : ";" pair \${pair})
  list(GET pair 0 name)
  list(GET pair 1 source)
  list(GET pair 2 target)
  add_executable(\${name} \${source}.c)
  target_link_libraries(\${name} PRIVATE rprocfw::\${target})
endforeach()
find_package(rprocfw QUIET COMPONENTS nonsense)
if(rprocfw_FOUND)
  message(FATAL_ERROR "found with a component that there is not")
endif()
CMAKE
build_project() {
    cmake -S "$work/project" -B "$work/project/build" "-DCMAKE_PREFIX_PATH=$prefix" &&
        cmake --build "$work/project/build"
}
build_project > "$work/log" 2>&1 || {
    cat "$work/log"
    fail "find_package: the project does not build"
}
for program in shared static core; do
    "$work/project/build/$program" > /dev/null || fail "find_package, $program: wrong answer"
done
if readelf -d "$work/project/build/static" | grep -q 'NEEDED.*librprocfw'; then
    fail "rprocfw::static linked the shared library"
fi
