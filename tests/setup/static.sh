#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# -DRPROCFW_STATIC=ON: each program is one file, and works where there is nothing else: no libraries, no
# /dev, no /proc. What needs modules of OpenSSL is refused. BUILD_DIR is not used.
. "$(dirname "$0")/common.bash"
vectors=$tree/tests/vectors

quietly() { # COMMAND...: its output if it fails
    "$@" > "$work/log" 2>&1 || {
        cat "$work/log"
        fail "failed: $*"
    }
}
quietly cmake -S "$tree" -B "$work/build" -DRPROCFW_STATIC=ON -DRPROCFW_WERROR=ON -DCMAKE_BUILD_TYPE=Release
quietly cmake --build "$work/build" -j "$(nproc)"

tools=(rproc-sign rproc-verify rproc-dump rproc-key)
for tool in "${tools[@]}"; do
    readelf -lW "$work/build/bin/$tool" > "$work/segments"
    readelf -dW "$work/build/bin/$tool" > "$work/dynamic"
    ! grep -qw INTERP "$work/segments" || fail "$tool wants an interpreter"
    if grep -qE 'NEEDED|RPATH|RUNPATH' "$work/dynamic"; then
        fail "$tool wants libraries: $(grep -E 'NEEDED|RPATH|RUNPATH' "$work/dynamic")"
    fi
    grep -q 'FLAGS_1.*\bPIE\b' "$work/dynamic" || fail "$tool is not position-independent"
done

empty=$work/empty
mkdir "$empty"
cp "${tools[@]/#/$work/build/bin/}" "$empty"
cp "$vectors"/keys/{rsa2048.pem,rsa2048.pub.pem,p256.encrypted.pem,p256.pub.pem,aes256.bin} \
    "$vectors"/elf/{m4,ns_aligned16}.elf "$empty"
cp "$vectors/device/segment_flip.sig" "$empty"
echo azerty > "$empty/passphrase"

chroot=(chroot)
[ "$(id -u)" -eq 0 ] || chroot=(unshare --map-root-user chroot)
expect() { # STATUS COMMAND...
    local status=0
    env "PATH=$PATH:/usr/sbin" "${chroot[@]}" "$empty" "${@:2}" > "$work/log" 2>&1 || status=$?
    [ "$status" -eq "$1" ] || {
        cat "$work/log"
        fail "exit status $status, not $1: ${*:2}"
    }
}
expect 0 /rproc-sign --key rsa2048.pem m4.elf m4.sig
cmp "$empty/m4.sig" "$vectors/expected/rsa2048_single.sig" || fail "it signs other bytes"
expect 0 /rproc-sign --key p256.encrypted.pem --passphrase file:passphrase --board stm32mp15-optee \
    --preflight=warn --strip m4.elf ec.sig
expect 0 /rproc-sign --key rsa2048.pem --enc_key aes256.bin ns_aligned16.elf secret.sig
expect 0 /rproc-verify --key rsa2048.pub.pem --key p256.pub.pem m4.sig ec.sig
expect 0 /rproc-verify --key rsa2048.pub.pem --enc_key aes256.bin --original ns_aligned16.elf secret.sig
expect 1 /rproc-verify --key rsa2048.pub.pem segment_flip.sig
expect 0 /rproc-dump --format json m4.sig
expect 0 /rproc-dump --format yaml m4.sig
expect 0 /rproc-dump --extract parts m4.sig
cmp "$empty/parts/image-0.elf" "$empty/m4.elf" || fail "it extracts other bytes"
expect 0 /rproc-key public --out public.pem rsa2048.pem
cmp "$empty/public.pem" "$empty/rsa2048.pub.pem" || fail "it writes another public key"
expect 0 /rproc-key match --format json rsa2048.pub.pem p256.pub.pem -- ec.sig
for tool in "${tools[@]}"; do
    expect 0 "/$tool" --version
done

refused() { # OPTION COMMAND...
    expect 2 "${@:2}"
    grep -qF -- "$1: this program is linked statically, and loads no modules of OpenSSL" "$work/log" || {
        cat "$work/log"
        fail "does not say why: ${*:2}"
    }
}
refused '--engine pkcs11' /rproc-sign --engine pkcs11 --key pkcs11:object=key m4.elf no.sig
refused '--provider tpm2' /rproc-verify --provider tpm2 --key handle:0x81000001 m4.sig
refused '--engine pkcs11' /rproc-key show --engine pkcs11 pkcs11:object=key
[ ! -e "$empty/no.sig" ] || fail "a container was left behind"

# What is installed has no shared library, and the static one.
quietly cmake --install "$work/build" --prefix "$work/prefix"
[ -z "$(find "$work/prefix" -name '*.so*')" ] || fail "a shared library is installed"
[ -n "$(find "$work/prefix" -name librprocfw.a)" ] || fail "the static library is not installed"
