#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The source tarball builds and passes its tests where there is no git; two builds of it, in different
# folders, give the same libraries, programs and Debian packages; these install, work, can be built
# against, and go without a trace. BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"
if ! command -v dpkg-deb > /dev/null; then
    echo "not a Debian: no packages"
    exit 77
fi
export SOURCE_DATE_EPOCH=1767225600
version=$(sed -n 's/^project(rprocfw VERSION \([0-9.]*\).*/\1/p' "$tree/CMakeLists.txt")
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
arch=$(dpkg --print-architecture)
vectors=$tree/tests/vectors
jobs=$(nproc)

quietly() { # COMMAND...: its output if it fails
    "$@" > "$work/log" 2>&1 || {
        cat "$work/log"
        fail "failed: $*"
    }
}

# --- Tarball: the same from a folder and from git, and from what it holds -----------------------

name=rprocfw-$version
tarball() { # TREE FOLDER
    mkdir "$2"
    (cd "$2" && quietly bash "$1/src/cmake/dist.sh" "$1" "$name")
}
copy_tree "$work/copy"
mkdir "$work/copy/build" # not for the tarball
touch "$work/copy/build/made"
tarball "$work/copy" "$work/plain"
git=(git -C "$work/copy" -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false)
quietly "${git[@]}" init
"${git[@]}" add -f . ':!build'
quietly "${git[@]}" commit -q -m all
tarball "$work/copy" "$work/git"
cmp "$work/plain/$name.tar.gz" "$work/git/$name.tar.gz" || fail "git makes another tarball"
# the time of a commit does not change with the clock
(unset SOURCE_DATE_EPOCH && tarball "$work/copy" "$work/git1" && sleep 1.1 && tarball "$work/copy" "$work/git2")
cmp "$work/git1/$name.tar.gz" "$work/git2/$name.tar.gz" || fail "a second tarball is another one"

first=$work/first
second=$work/a\ folder\ of\ another\ name
mkdir "$first" "$second"
tar -C "$first" -xf "$work/plain/$name.tar.gz"
tar -C "$second" -xf "$work/plain/$name.tar.gz"
diff <(cd "$first/$name" && find . -type f | sort) <(tree_files | tr '\0' '\n' | sed 's|^|./|' | sort) ||
    fail "the tarball has not all files of the tree, and no others"
tarball "$first/$name" "$work/again"
cmp "$work/plain/$name.tar.gz" "$work/again/$name.tar.gz" || fail "a tarball of the tarball is another one"

# --- Two builds ---------------------------------------------------------------------------------

export GIT_DIR=$work/none # no git that is around the folder
build_in() { # FOLDER OPTION...
    quietly cmake -S "$1/$name" -B "$1/build" -DCMAKE_INSTALL_PREFIX=/usr "${@:2}"
    quietly cmake --build "$1/build" -j "$jobs"
}
build_in "$first" "-DRPROCFW_TESTS=${RPROCFW_LONG:+ON}"
build_in "$second"

# What takes long, and what needs more than the tarball, other steps do; programs that test are built
# from the tarball, and run, with --long.
[ -z "${RPROCFW_LONG:-}" ] ||
    quietly ctest --test-dir "$first/build" --no-tests=error --output-on-failure -j "$jobs" \
        -R '^(unit|tee|walls|statuses|symbols|cross)' -E 'changing|exhaustive|lengths|mutations|generated|scarce'
from_tarball=(dump.bats)
[ -z "${RPROCFW_LONG:-}" ] || from_tarball+=(verify.bats inputs.bats)
BUILD_DIR=$first/build quietly bats "${from_tarball[@]/#/$first/$name/tests/cli/}"

same() { # FOLDER FILE...
    local file
    for file in "${@:2}"; do
        cmp "$first/$1/$file" "$second/$1/$file" || fail "built in two folders, $file is not the same"
    done
}
same build/bin rproc-{sign,verify,dump,key}
same build/lib librprocfw.so librprocfw.a librprocfw-core.a
if grep -lF "$work" "$first"/build/bin/rproc-* "$first"/build/lib/librprocfw*; then
    fail "the files above name the folder that they were built in"
fi

# --- Packages -----------------------------------------------------------------------------------

soname=$(head -n 1 "$tree/src/cmake/librprocfw.symbols" | cut -d ' ' -f 1)
library=librprocfw${soname##*.}
packages=()
for package in "$library" librprocfw-dev rprocfw-tools; do
    packages+=("${package}_$version-1_$arch.deb")
done
(cd "$first/build" && quietly cpack)
(cd "$second/build" && umask 077 && quietly cpack)
same build "${packages[@]}"
cd "$first/build"
[ "$(find . -maxdepth 1 -name '*.deb' | wc -l)" -eq ${#packages[@]} ] || fail "other packages, too"

lintian_options=()
[ "$(id -u)" -ne 0 ] || lintian_options+=(--allow-root)
lintian "${lintian_options[@]}" --fail-on error,warning "${packages[@]}" || fail "lintian has findings"

field() { # PACKAGE FIELD
    dpkg-deb --field "${1}_$version-1_$arch.deb" "$2"
}
expect_field() { # PACKAGE FIELD VALUE
    [ "$(field "$1" "$2")" = "$3" ] || fail "$1: $2: $(field "$1" "$2"), not $3"
}
expect_field "$library" Section libs
expect_field "$library" Multi-Arch same
expect_field librprocfw-dev Section libdevel
expect_field rprocfw-tools Multi-Arch foreign
for package in rprocfw-tools librprocfw-dev; do
    [[ "$(field $package Depends)" == "$library (= $version-1), "* ]] || fail "$package does without $library"
done

# A root with the packages that ours depend on, as far as their names and versions go: dpkg looks at
# these when it installs.
root=$work/root
admin=$root/var/lib/dpkg
mkdir -p "$admin/info" "$admin/updates"
for package in "$library" librprocfw-dev rprocfw-tools; do
    field "$package" Depends | tr ',' '\n' | sed 's/^ *//; s/[ :|].*//'
done | grep -vxF "$library" | sort -u > "$work/depends"
[ "$(wc -l < "$work/depends")" -ge 8 ] || fail "too few packages in Depends: $(paste -sd ' ' "$work/depends")"
while read -r package; do
    dpkg-query -s "$package:$arch" > "$work/status" 2> /dev/null || dpkg-query -s "$package" > "$work/status" ||
        fail "Depends: Debian has no $package, or it is not installed"
    cat "$work/status" >> "$admin/status"
    echo >> "$admin/status"
done < "$work/depends"

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(unshare --map-root-user)
dpkg_root() {
    quietly "${as_root[@]}" env "PATH=$PATH:/usr/sbin:/sbin" dpkg "--root=$root" --log=/dev/null "$@"
}
files() {
    (cd "$root" && find . -path ./var -prune -o -print | sort)
}
files > "$work/before"
dpkg_root --install "${packages[@]}"
dpkg_root --audit rprocfw-tools librprocfw-dev "$library"
[ ! -s "$work/log" ] || fail "dpkg --audit: $(cat "$work/log")"
files > "$work/installed"
# All that `cmake --install` installs is in a package.
DESTDIR=$work/all quietly cmake --install "$first/build"
(cd "$work/all" && find . -path ./usr/share/doc/rprocfw -prune -o ! -type d -print) |
    sed -E 's|^(./usr/share/man/.*)$|\1.gz|; s|/zsh/site-functions/|/zsh/vendor-completions/|' | sort > "$work/all.files"
comm -23 "$work/all.files" "$work/installed" > "$work/missing"
[ ! -s "$work/missing" ] || fail "in no package: $(cat "$work/missing")"
for file in bin/sign_rproc_fw "lib/$multiarch/"{librprocfw.so,"$soname"} share/man/man1/sign_rproc_fw.1.gz; do
    [ -f "$root/usr/$file" ] || fail "$file leads nowhere"
done

# Programs run where there is nothing else but the libraries that they depend on.
cp -a "$root" "$work/run"
for binary in "$root"/usr/bin/rproc-* "$root/usr/lib/$multiarch/$soname"; do
    LD_LIBRARY_PATH=$root/usr/lib/$multiarch ldd "$binary" | grep -oE '/[^ ]+'
done | grep -vF "$root" | sort -u | while read -r needed; do
    mkdir -p "$work/run${needed%/*}"
    cp -L "$needed" "$work/run$needed"
done
mkdir "$work/run/keys"
cp "$vectors"/keys/rsa2048{,.pub}.pem "$vectors/elf/m4.elf" "$work/run/keys"
inside() {
    "${as_root[@]}" env "PATH=$PATH:/usr/sbin" chroot "$work/run" "$@"
}
quietly inside /usr/bin/sign_rproc_fw sign --in /keys/m4.elf --out /keys/m4.sig --key /keys/rsa2048.pem
cmp "$work/run/keys/m4.sig" "$vectors/expected/rsa2048_single.sig" || fail "the program signs other bytes"
quietly inside /usr/bin/rproc-verify --key /keys/rsa2048.pub.pem --board stm32mp15-optee /keys/m4.sig
quietly inside /usr/bin/rproc-dump --format json /keys/m4.sig
quietly inside /usr/bin/rproc-key show /keys/rsa2048.pub.pem

# Programs build against librprocfw-dev.
cat > "$work/user.c" << 'C'
#include <rprocfw/rprocfw.h>
int main(void)
{
    struct rprocfw_board_source source = {.name = "stm32mp257f-ev1"};
    struct rprocfw_board *board;
    struct rprocfw_error error;
    enum rprocfw_status status = rprocfw_board_load(&board, &source, &error);
    rprocfw_board_free(board);
    return status != RPROCFW_OK;
}
C
cflags() {
    PKG_CONFIG_PATH=$root/usr/lib/$multiarch/pkgconfig pkg-config "$@" rprocfw
}
read -ra use <<< "$(cflags --cflags --libs)"
quietly gcc -std=c11 -Wall -Werror -o "$work/run/shared" "$work/user.c" "${use[@]}"
quietly inside /shared
read -ra use <<< "$(cflags --static --cflags --libs)"
quietly gcc -std=c11 -static -o "$work/run/static" "$work/user.c" "${use[@]}"
quietly inside /static
mkdir "$work/project"
cat > "$work/project/CMakeLists.txt" << CMAKE
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(rprocfw $version REQUIRED)
add_executable(user ../user.c)
target_link_libraries(user rprocfw::rprocfw)
CMAKE
quietly cmake -S "$work/project" -B "$work/project/build" "-DCMAKE_PREFIX_PATH=$root/usr"
quietly cmake --build "$work/project/build"
grep -qF "$root/usr" "$work/project/build/CMakeCache.txt" || fail "CMake found another librprocfw"
quietly "$work/project/build/user"

# Nothing stays.
dpkg_root --purge rprocfw-tools librprocfw-dev "$library"
files | diff "$work/before" - || fail "the packages left the files above, or took them away"
if grep -q rproc "$admin/status" || find "$admin/info" -name '*rproc*' | grep .; then
    fail "dpkg still knows the packages"
fi
