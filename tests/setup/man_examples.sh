#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The examples in rprocfw(3) compile without a warning and do what the page says: the device's loads
# what is good and leaves nothing of what is not, the signer's writes the expected bytes, the
# verifier's accepts and refuses. Needs CC and BUILD_DIR, where the libraries are.
# Usage: BUILD_DIR=DIR man_examples.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [TREE]"
libraries=$(cd "$BUILD_DIR/lib" && pwd)
vectors=$tree/tests/vectors

# An example stands between '.\" example NAME' and '.Ed'; \e is a backslash, \& nothing.
awk -v dir="$work" '
    /^\.\\" example / { file = dir "/" $3; next }
    file != "" && /^\.Bd / { next }
    file != "" && /^\.Ed/ { close(file); file = ""; next }
    file != "" { gsub(/\\&/, ""); gsub(/\\e/, "\\"); print > file }
' "$tree/man/rprocfw.3"
found=$(cd "$work" && echo *.c)
[ "$found" = "load.c sign.c verify.c" ] || fail "the examples are $found"

cat >"$work/board.c" <<'C'
/* The board of the example load.c, as far as the vectors need one: load KEY FILE. */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <rprocfw/rprocfw.h>

static uint8_t low[0x20000];
static uint8_t high[0x40000];
static struct rprocfw_key *key;

uint8_t *board_memory(uint32_t da, uint32_t size);
void board_sha256(const uint8_t *data, uint32_t size, uint8_t digest[32]);
bool board_verify(const struct rprocfw_signed *what);
void board_clear_memory(void);
enum rprocfw_status load_firmware(const volatile uint8_t *container, uint32_t size,
                                  uint32_t *rsc_da, uint32_t *rsc_size);

uint8_t *board_memory(uint32_t da, uint32_t size)
{
    if (da <= sizeof(low) && size <= sizeof(low) - da)
        return low + da;
    if (da >= 0x10000000 && da - 0x10000000 <= sizeof(high) &&
        size <= sizeof(high) - (da - 0x10000000))
        return high + (da - 0x10000000);
    return NULL;
}

void board_sha256(const uint8_t *data, uint32_t size, uint8_t digest[32])
{
    (void)EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL);
}

bool board_verify(const struct rprocfw_signed *what)
{
    return rprocfw_key_verify(key, what);
}

void board_clear_memory(void)
{
    memset(low, 0, sizeof(low));
    memset(high, 0, sizeof(high));
}

static size_t loaded(void)
{
    size_t bytes = 0;

    for (size_t i = 0; i < sizeof(low); i++)
        bytes += low[i] != 0;
    for (size_t i = 0; i < sizeof(high); i++)
        bytes += high[i] != 0;
    return bytes;
}

int main(int argc, char **argv)
{
    static uint8_t container[1 << 20];
    struct rprocfw_error error;
    uint32_t da = 0;
    uint32_t size = 0;
    enum rprocfw_status status;
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    size_t bytes;

    if (file == NULL || rprocfw_key_load(&key, argv[1], RPROCFW_KEY_VERIFY, NULL, &error) != 0)
        return 2;
    bytes = fread(container, 1, sizeof(container), file);
    status = load_firmware(container, (uint32_t)bytes, &da, &size);
    printf("%s 0x%x %u %s\n", rprocfw_status_name(status), (unsigned)da, (unsigned)size,
           loaded() != 0 ? "loaded" : "empty");
    return 0;
}
C

compile() { # OBJECT SOURCE [FLAG]...
    object=$1
    source=$2
    shift 2
    "${CC:-cc}" -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror \
        -I"$tree/include" "$@" -c -o "$work/$object" "$work/$source" || fail "$source: not compiled"
}
link() { # PROGRAM OBJECT...
    program=$1
    shift
    (cd "$work" && "${CC:-cc}" -o "$program" "$@" -L"$libraries" -Wl,-rpath,"$libraries" \
        -lrprocfw -lcrypto) || fail "$program: not linked"
}
compile load.o load.c -ffreestanding -fno-stack-protector
compile board.o board.c
compile sign.o sign.c
compile verify.o verify.c
link load board.o load.o "$libraries/librprocfw-core.a"
link sign sign.o
link verify verify.o

key=$vectors/keys/rsa2048.pub.pem
loads() { # FILE "expected line"
    got=$("$work/load" "$key" "$1") || fail "load.c did not run on $1"
    [ "$got" = "$2" ] || fail "load.c on $1: $got, expected $2"
}
loads "$vectors/device/good.sig" "ok 0x1000006c 48 loaded"
loads "$vectors/device/rsc_table_size_zero.sig" "ok 0x0 0 loaded"
loads "$vectors/device/segment_flip.sig" "segment-hash 0x0 0 empty"
loads "$vectors/device/signature_flip.sig" "signature 0x0 0 empty"
loads "$vectors/device/rsc_table_offset_elsewhere.sig" \
    "$("${work}/verify" "$key" "$vectors/device/rsc_table_offset_elsewhere.sig" |
        sed -E 's/^[^:]*: ([a-z-]+): .*/\1/') 0x0 0 empty"
loads "$vectors/expected/p256_single.sig" "sign-unsupported 0x0 0 empty"
loads "$vectors/expected/st_encrypted.sig" "load 0x0 0 empty"
loads "$vectors/expected/rsa2048_segments1000.sig" "work-size 0x0 0 empty"

"$work/sign" "$vectors/keys/rsa2048.pem" "$vectors/elf/m4.elf" "$work/m4.sig" ||
    fail "sign.c did not sign"
cmp "$work/m4.sig" "$vectors/expected/rsa2048_single.sig" || fail "sign.c wrote other bytes"
! "$work/sign" "$key" "$vectors/elf/m4.elf" "$work/no.sig" 2>/dev/null ||
    fail "sign.c signed with a public key"
[ ! -e "$work/no.sig" ] || fail "sign.c left a file behind"

"$work/verify" "$key" "$work/m4.sig" >"$work/out" || fail "verify.c refuses what sign.c wrote"
grep -q "^$work/m4.sig: signed by $key\$" "$work/out" || fail "verify.c does not name the key"
grep -q "not signed: 52 bytes at 684, image 0: ELF header" "$work/out" ||
    fail "verify.c does not show what is not signed"
! "$work/verify" "$key" "$vectors/device/segment_flip.sig" >"$work/out" ||
    fail "verify.c accepts segment_flip.sig"
grep -q ": segment-hash: " "$work/out" || fail "verify.c does not name the status"
