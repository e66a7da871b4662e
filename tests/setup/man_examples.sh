#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The examples in rprocfw(3) compile without a warning and do what the page says: the signer's writes
# the expected bytes, the verifier's accepts and refuses. The device's is examples/boot-loader.c,
# which examples.sh tests. Needs CC and BUILD_DIR, where the libraries are.
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
[ "$found" = "boot-loader.c foretell.c sign.c verify.c" ] || fail "the examples are $found"

diff "$tree/examples/boot-loader.c" "$work/boot-loader.c" ||
    fail "boot-loader.c is not that of examples/ (<)"

for program in sign verify foretell; do
    "${CC:-cc}" -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror \
        -I"$tree/include" -o "$work/$program" "$work/$program.c" -L"$libraries" \
        -Wl,-rpath,"$libraries" -lrprocfw || fail "$program.c: not compiled"
done

key=$vectors/keys/rsa2048.pub.pem
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

"$work/foretell" stm32mp15-optee "$work/m4.sig" > "$work/out" || fail "foretell.c: stm32mp15-optee does not load m4.sig"
grep -qx "0x00000000 TEE_SUCCESS" "$work/out" || fail "foretell.c does not tell the answer"
grep -q "^rsc-malformed: " "$work/out" || fail "foretell.c does not tell what is found"
status=0
"$work/foretell" stm32mp15-optee "$vectors/expected/rsa2048_device_refuses.sig" > "$work/out" || status=$?
[ "$status" -eq 1 ] || fail "foretell.c: exit status $status of what is not loaded"
grep -q "; sign with rproc-sign --loadable-only" "$work/out" || fail "foretell.c does not tell the remedy"
