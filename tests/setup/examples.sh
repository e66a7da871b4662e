#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The examples of core on a device compile without a warning against what is installed, and do what
# they say: boot-loader.c starts what was signed with its key and nothing else, boot-sequence.c goes
# through every sequence. Needs BUILD_DIR: a Release build.
. "$(dirname "$0")/common.bash"
need_build

examples=$tree/examples
elf=$tree/tests/vectors/elf
vectors=$tree/tests/vectors/expected
prefix="$work/the prefix"
cmake --install "$BUILD_DIR" --prefix "$prefix" > /dev/null
lib_dir=$(dirname "$(find "$prefix" -name librprocfw-core.a)")
PATH=$prefix/bin:$PATH
export LD_LIBRARY_PATH=$lib_dir
cd "$work"

warnings=(-std=c11 -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)
# pkg-config's answer, one argument a line: it quotes the space in the prefix for a shell.
compile() { # COMPILER PROGRAM PACKAGE SOURCE...
    local use
    mapfile -t use < <(PKG_CONFIG_PATH=$lib_dir/pkgconfig \
        pkg-config --cflags --libs "$3" libcrypto | xargs -n 1)
    "$1" "${warnings[@]}" -O2 -o "$2" "${@:4}" "${use[@]}" || fail "$1: $2: not compiled"
}

# --- Size, and what boot-loader.c takes from its surroundings -------------------------------------

lines=$(wc -l < "$examples/boot-loader.c")
[ "$lines" -le 100 ] || fail "boot-loader.c has $lines lines, more than 100"

arm-none-eabi-gcc "${warnings[@]}" -ffreestanding -Os -mthumb -mcpu=cortex-a7 \
    "-I$prefix/include" -c "$examples/boot-loader.c" -o arm.o
arm-none-eabi-nm -u arm.o | awk '{ print $2 }' |
    grep -vE '^(rprocfw_|board_|mem(cpy|set|cmp)$)' > others || true
[ ! -s others ] || fail "boot-loader.c needs $(tr '\n' ' ' < others)"

# --- Keys and containers --------------------------------------------------------------------------

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other256.pem
for key in rsa other p256 other256; do
    rproc-sign --key $key.pem "$elf/m4.elf" m4-$key.sig
done
for key in rsa p256; do
    openssl pkey -in $key.pem -pubout -out $key.pub.pem
    rproc-key c-source --out $key.c $key.pub.pem
    rproc-sign --key $key.pem "$examples/firmware/firmware.elf" firmware-$key.sig
    rproc-sign --key $key.pem "$elf/zephyr_ns.elf" zephyr-$key.sig
    rproc-sign --key $key.pem "$elf/zephyr_ns.elf" "$elf/tfm_s.elf" both-$key.sig
done

# A copy with one bit of the byte at OFFSET flipped; from the end when it is negative.
flip() { # FROM TO OFFSET
    python3 - "$@" << 'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[3])] ^= 1
open(sys.argv[2], "wb").write(data)
PYTHON
}
size=$(stat -c %s m4-rsa.sig)
payload=$((size - $(stat -c %s "$elf/m4.elf") / 8 * 8)) # m4.elf has a multiple of 8
[ $((payload + $(stat -c %s "$elf/m4.elf"))) -eq "$size" ] || fail "where is the payload?"
flip m4-rsa.sig tlv.sig 100                          # the hash table
flip m4-rsa.sig signature.sig $((payload - 1))       # the last byte of the signature
flip m4-rsa.sig segment.sig $((payload + 0x1000))    # the first segment
flip m4-rsa.sig table.sig $((payload + 0x306c + 47)) # the last bytes that are loaded
flip m4-rsa.sig phdr.sig $((payload + 52 + 12))      # p_paddr, which nobody signed, of the first
flip m4-rsa.sig unsigned.sig -1                      # bytes that nobody signed, and nobody loads
head -c $((size - 8)) m4-rsa.sig > cut.sig
: > empty.sig

# --- boot-loader.c ------------------------------------------------------------------------------

expect() { # PROGRAM FILE EXIT-STATUS OUTPUT
    local status=0
    "./$1" "$2" > out 2>&1 || status=$?
    [ "$(cat out)" = "$4" ] || fail "$1 $2: '$(cat out)', not '$4'"
    [ "$status" -eq "$3" ] || fail "$1 $2: exit status $status, not $3"
}
runs() { # PROGRAM FILE TABLE
    expect "$1" "$2" 0 "M4 runs; resource table: $3"
}
refuses() { # PROGRAM FILE WHY
    expect "$1" "$2" 1 "M4 does not run, and its memory is clear: $3"
}

no_key="the signature does not verify"
no_kind="the platform does not support this signature algorithm"
no_hash="a segment's bytes are not those that were signed"
for compiler in gcc clang; do
    for key in rsa p256; do
        compile $compiler boot-$key rprocfw-core \
            "$examples"/boot-loader-main.c "$examples"/boot-loader.c "$examples"/board.c $key.c
    done
    runs boot-rsa m4-rsa.sig "48 bytes at 0x1000006c"
    runs boot-rsa firmware-rsa.sig "68 bytes at 0x10020000"
    runs boot-rsa unsigned.sig "48 bytes at 0x1000006c"
    refuses boot-rsa m4-other.sig "$no_key"
    refuses boot-rsa m4-p256.sig "$no_kind"
    refuses boot-rsa tlv.sig "$no_key"
    refuses boot-rsa signature.sig "$no_key"
    refuses boot-rsa segment.sig "$no_hash"
    refuses boot-rsa table.sig "$no_hash"
    refuses boot-rsa phdr.sig "a program header differs from the signed table"
    refuses boot-rsa zephyr-rsa.sig "a device address lies outside the remote processor's memory"
    refuses boot-rsa cut.sig "the header's lengths do not add up to the size"
    refuses boot-rsa empty.sig "too short for a header"
    refuses boot-rsa "$elf/m4.elf" "not a signed container: wrong magic"
    runs boot-p256 m4-p256.sig "48 bytes at 0x1000006c"
    refuses boot-p256 m4-other256.sig "$no_key"
    refuses boot-p256 m4-rsa.sig "$no_kind"
done

# More program headers than there is room for; its key is that of the vectors.
rproc-key c-source --out vectors.c "$tree/tests/vectors/keys/rsa2048.pub.pem"
compile gcc boot-vectors rprocfw-core \
    "$examples"/boot-loader-main.c "$examples"/boot-loader.c "$examples"/board.c vectors.c
refuses boot-vectors "$vectors/rsa2048_segments1000.sig" \
    "the work buffer is too small"

# All variants of one container, with the verdict and the resource table that are known of them.
rows=0
while IFS=: read -r image verdict da table_size; do
    file=$tree/tests/vectors/device/$image.sig
    status=0
    ./boot-vectors "$file" > out || status=$?
    case $verdict:$status in
    accept:0) expected="M4 runs; resource table: $((${table_size/none/0})) bytes at ${da/none/0x0}" ;;
    reject:1) expected="M4 does not run, and its memory is clear: *" ;;
    *) fail "boot-loader.c, $image.sig: exit status $status, expected $verdict" ;;
    esac
    # shellcheck disable=SC2053 # a pattern it is
    [[ $(cat out) == $expected ]] || fail "boot-loader.c, $image.sig: $(cat out)"
    rows=$((rows + 1))
done < <(tail -n +2 "$tree/tests/vectors/device.tsv" | cut -f1,2,5,6 | tr '\t' :)
[ "$rows" -ge 60 ] || fail "only $rows rows in device.tsv"

# What is in memory then: the segments, zero-filled up to their sizes, and nothing else.
cat > memory.c << 'C'
#include <stdio.h>
#include <string.h>
#include "board.h"

static struct {
    uint32_t da, memsz, filesz, offset;
} segments[] = { /* of m4.elf */
    {0x00000000, 64, 64, 0x1000}, {0x10000000, 104, 104, 0x2000}, {0x10000068, 4, 4, 0x3000},
    {0x1000006c, 48, 48, 0x306c}, {0x10020004, 4096, 0, 0},
};

static uint32_t untouched(uint32_t da, uint32_t size)
{
    uint32_t count = 0;
    for (const uint8_t *byte = board_memory(&board_m4, da, size); size > 0; size--)
        count += *byte++ == 0xA5;
    return count;
}

int main(int argc, char **argv) /* CONTAINER ELF */
{
    static uint8_t container[1 << 20], elf[1 << 20], zeros[4096];
    FILE *file[2] = {fopen(argv[1], "rb"), fopen(argv[argc - 1], "rb")};
    board_power_on();
    board_m4.container = container;
    board_m4.container_size = (uint32_t)fread(container, 1, sizeof(container), file[0]);
    if (fread(elf, 1, sizeof(elf), file[1]) == 0 || boot_firmware(&board_m4) != RPROCFW_OK)
        return 2;
    for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
        const uint8_t *at = board_memory(&board_m4, segments[i].da, segments[i].memsz);
        if (memcmp(at, elf + segments[i].offset, segments[i].filesz) != 0 ||
            memcmp(at + segments[i].filesz, zeros, segments[i].memsz - segments[i].filesz) != 0)
            return 1;
    }
    return untouched(0, 0x10000) != 0x10000 - 64 ||
           untouched(0x10000000, 0x60000) != 0x60000 - 104 - 4 - 48 - 4096;
}
C
compile gcc memory rprocfw-core -I"$examples" memory.c "$examples"/boot-loader.c \
    "$examples"/board.c rsa.c
./memory m4-rsa.sig "$elf/m4.elf" || fail "boot-loader.c: memory is not as the ELF file says: $?"

# The commands of README.md, in a folder where what it names is where it says.
mkdir -p readme/build
ln -s "$examples" "$tree/include" readme
ln -s "$BUILD_DIR/lib" readme/build
sed -n '/^<!-- run in build -->$/,/^```$/p' "$tree/README.md" | grep -v -e '^<!--' -e '^```' > commands
[ "$(wc -l < commands)" -ge 6 ] || fail "README.md: the commands are $(cat commands)"
(cd readme && bash -e ../commands) > out || fail "README.md: its commands fail"
[ "$(cat out)" = "$(sed -n 's/^[^#]*boot-loader firmware.sig *# //p' commands)" ] ||
    fail "README.md: boot-loader prints $(cat out)"

# --- boot-sequence.c ------------------------------------------------------------------------------

cat > sequence << 'TEXT'
Boot
  M4   LOAD: ok
  M4   GET_RSC_TABLE: ok
  M4   it has a table: yes
  M4   Linux wrote into the table: yes
  M4   LOAD: ok
  M4   what Linux wrote is still there: yes
  M4   START: ok
  M4   it runs: yes
Recovery after a crash
  M4   it overwrites its table and crashes: done
  M4   STOP: ok
  M4   it does not run: yes
  M4   memory is as the crash left it: yes
  M4   LOAD: ok
  M4   the table is as it was signed: yes
  M4   Linux puts its copy of the table back: done
  M4   START: ok
  M4   it runs: yes
Stop
  M4   STOP: ok
  M4   it does not run: yes
A failed load, then a good one
  M4   a bit of the table flips in the file: done
  M4   LOAD: segment-hash
  M4   its memory is clear: yes
  M4   START: state
  M4   it does not run: yes
  M4   the file is as it was: done
  M4   LOAD: ok
  M4   START: ok
  M4   it runs: yes
  M4   STOP: ok
  M4   it does not run: yes
Two containers for two remote processors
  M4   LOAD: ok
  M33  LOAD: ok
  M4   LOAD: other-loaded
  M33  START: ok
  M33  it runs: yes
  M4   START: ok
  M4   it runs: yes
  M4   STOP: ok
  M4   it does not run: yes
  M4   RELEASE: ok
  M4   its memory is clear: yes
  M33  it still runs: yes
  M33  STOP: ok
  M33  it does not run: yes
  M33  RELEASE: ok
  M33  its memory is clear: yes
TF-M and Zephyr in one container
  M33  LOAD: ok
  M33  GET_RSC_TABLE: ok
  M33  it has a table: yes
  M33  Linux wrote into the table: yes
  M33  LOAD: ok
  M33  what Linux wrote is still there: yes
  M33  START: ok
  M33  it runs: yes
  M33  STOP: ok
  M33  it does not run: yes
  M33  RELEASE: ok
  M33  its memory is clear: yes
TEXT
for package in rprocfw-core rprocfw; do
    for key in rsa p256; do
        compile gcc sequence-$key $package \
            "$examples"/boot-sequence.c "$examples"/boot-loader.c "$examples"/board.c $key.c
        ./sequence-$key m4-$key.sig zephyr-$key.sig both-$key.sig > out || {
            cat out
            fail "boot-sequence.c, $package, $key: a step went wrong"
        }
        diff sequence out || fail "boot-sequence.c, $package, $key: another sequence"
    done
done

# It ends with the first step that goes wrong.
compile gcc sequence-vectors rprocfw-core \
    "$examples"/boot-sequence.c "$examples"/boot-loader.c "$examples"/board.c vectors.c
first_m33=$(grep -n -m 1 'M33  LOAD' sequence | cut -d: -f1)
stops() { # PROGRAM M4 ZEPHYR LINES LAST-LINE
    local status=0
    "./$1" "$2" "$3" both-rsa.sig > out || status=$?
    [ "$status" -eq 1 ] || fail "$* has exit status $status, not 1"
    [ "$(wc -l < out)" -eq "$4" ] || fail "$* printed $(cat out)"
    [ "$(tail -n 1 out)" = "$5" ] || fail "$* ended with $(tail -n 1 out)"
}
stops sequence-rsa m4-other.sig zephyr-rsa.sig 2 "  M4   LOAD: signature"
stops sequence-rsa segment.sig zephyr-rsa.sig 2 "  M4   LOAD: segment-hash"
stops sequence-rsa m4-rsa.sig m4-rsa.sig "$first_m33" "  M33  LOAD: device-address"
# Encrypted: there is no key to decrypt it with.
stops sequence-vectors "$vectors/rsa2048_single.sig" "$vectors/st_encrypted.sig" "$first_m33" \
    "  M33  LOAD: load"
