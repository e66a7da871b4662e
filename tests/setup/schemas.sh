#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# All JSON that the tools print is what src/schema describes, and that describes nothing else; see
# schemas.py. Needs BUILD_DIR, where the tools are, and python3-jsonschema.
. "$(dirname "$0")/common.bash"
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0"
PATH=$(cd -- "$BUILD_DIR/bin" && pwd -P):$PATH
vectors=$tree/tests/vectors
keys=$vectors/keys
documents=$work/documents
mkdir -p "$documents"/{rproc-sign-report,rproc-verify,rproc-dump,rproc-key-show,rproc-key-match} "$work/in"

# say STATUS NAME/DOCUMENT ARGUMENT...: what the program of this name says, "rproc-key-show" for example
say() {
    local status=0 name=${2%/*} command
    command=("$name")
    [[ $name != rproc-key-* ]] || command=(rproc-key "${name#rproc-key-}")
    "${command[@]}" --format json "${@:3}" > "$documents/$2.json" 2> "$work/log" || status=$?
    [ "$status" -eq "$1" ] || { cat "$work/log"; fail "exit status $status, expected $1: ${command[*]} ${*:3}"; }
}

# --- Containers: the vectors, and what these lack ---------------------------------------------

cd "$work/in"
vectors_and_more=("$vectors"/expected/*.sig "$vectors"/device/*.sig "$vectors/elf/m4.elf" not-there.sig)
both=(--key "$keys/rsa2048.pub.pem" --key "$keys/p256.pub.pem")

say 2 rproc-verify/all --coverage "${both[@]}" --enc_key "$keys/aes256.bin" "${vectors_and_more[@]}"
say 2 rproc-dump/all --coverage "${vectors_and_more[@]}"
say 0 rproc-verify/open --no-signature "$vectors"/expected/rsa2048_{single,all}.sig
say 0 rproc-dump/plain "$vectors"/expected/rsa2048_{single,all}.sig
say 0 rproc-verify/original "${both[@]}" --enc_key "$keys/aes256.bin" \
    --original "$vectors/elf/ns_aligned16.elf" "$vectors/expected/st_encrypted.sig"

# --- And what these lack ------------------------------------------------------------------------

put() { # FILE OFFSET BYTES: overwrites them
    # shellcheck disable=SC2059 # the bytes are the format
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
sign() { # OPTION... ELF NEW
    rproc-sign --key "$keys/rsa2048.pem" --preflight=off "$@" 2> "$work/log" || { cat "$work/log"; fail "not signed: $*"; }
}
# A program header of a type without a name, a machine without one, a reset vector that is no Thumb code.
cp "$vectors/elf/exidx_first.elf" type.elf
put type.elf 52 '\x01\x00\x00\x60'
cp "$vectors/elf/m4.elf" machine.elf
put machine.elf 18 '\x34\x12'
put machine.elf 4100 '\x00'
sign type.elf type.sig
sign --any-machine machine.elf machine.sig
# No room for an ELF header.
cp "$vectors/device/good.sig" short.sig
put short.sig 76 '\x08\x00\x00\x00' # IMGSIZE
# The layouts of 2020 and of the 2023 beta.
{
    xxd -r -p <<< "68a44335 01000000 38000000 00010000 78000000 01000000 40000000 38000000 01000000 00000000 38000000 \
        20350000 78010000 01000000"
    head -c 320 /dev/zero
    cat "$vectors/elf/m4.elf"
} > 2020.sig
{
    xxd -r -p <<< "68a44335 01000000 00010000 20350000 10000000 10000000"
    head -c 256 /dev/zero
    cat "$vectors/elf/m4.elf"
    xxd -r -p <<< "07690000 08000000 00000000 00000000 08690000 08000000 00000000 00000000"
} > 2023.sig
made=(type.sig machine.sig short.sig 2020.sig 2023.sig)
say 1 rproc-verify/made --board stm32mp15-optee "${both[@]}" "${made[@]}"
say 1 rproc-dump/made "${made[@]}"

# --- What boards say ---------------------------------------------------------------------------

for board in $(rproc-verify --list-boards | cut -d ' ' -f 1); do
    say 0 "rproc-verify/board-$board" --list-boards --board "$board"
done
for name in mp15 mp25 mp25-linux; do
    dtc -q -I dts -O dtb -o "$name.dtb" "$tree/tests/boards/$name.dts"
done
say 0 rproc-verify/board-mp15 --list-boards --board mp15.dtb
say 0 rproc-verify/board-mp25 --list-boards --board mp25.dtb --linux-dtb mp25-linux.dtb
say 0 rproc-verify/boards --list-boards
say 0 rproc-verify/board-file --list-boards --board "$tree/tests/boards/good.yaml"

# A container for each check that a board's trusted application can fail.
for board in stm32mp15-optee stm32mp257f-ev1; do
    mkdir "$board"
    python3 "$tree/tests/cli/each_check.py" "$documents/rproc-verify/board-$board.json" "$keys/p256.spki.der" "$board"
    say 1 "rproc-verify/checks-$board" --no-signature --board "$board" "$board"/*.sig
done

for answer in $(sed -nE 's|^\((0x[0-9a-f]{8}).*|\1|p' "$tree/man/rprocfw-checks.7" | sort -u) -5 -22; do
    say 0 "rproc-verify/explain$answer" --explain "$answer"
done
say 0 rproc-verify/explain --explain -22 "${both[@]}" "$vectors/device/good.sig"

# --- Keys --------------------------------------------------------------------------------------

# A published one: that of OP-TEE.
eval "$(sed -n '/^published_key()/,/^}/p' "$tree/tests/cli/common.bash")"
published_key default.der
for key in "$keys"/*.pem "$keys"/*.der default.der; do
    [[ $key == *encrypted* ]] || say 0 "rproc-key-show/${key##*/}" "$key"
done
otp=$(rproc-key show --format lines "$keys/p256.pub.pem" | sed -n 's/^otp_hash=//p')
say 2 rproc-key-match/all "$keys"/*.pub.pem default.der --otp "$otp" --otp "$(printf '00%.0s' {1..32})" \
    -- "${vectors_and_more[@]}" "$keys"/*.der default.der

# --- Manifests, and what --report says ---------------------------------------------------------

cp "$vectors"/elf/{m4,m4dbg,exidx_first}.elf "$keys"/{rsa2048,p256}.pem .
cat > all.yaml << 'YAML'
defaults: {key: rsa2048.pem}
containers:
  m4: {inputs: [m4.elf], output: m4.sig, platform_tlvs: {0x10010: {string: "1.2"}}}
  debug: {inputs: [m4dbg.elf], output: debug.sig, board: stm32mp15-optee}
  refused: {inputs: [exidx_first.elf], output: refused.sig}
  keyless: {inputs: [m4.elf], output: keyless.sig, key: none.pem}
YAML
status=0
rproc-sign -q --manifest all.yaml --report "$documents/rproc-sign-report/all.json" 2> "$work/log" || status=$?
[ "$status" -eq 2 ] || { cat "$work/log"; fail "rproc-sign --manifest: exit status $status, expected 2"; }
rproc-sign -q --manifest all.yaml --if-changed --report "$documents/rproc-sign-report/again.json" m4
rproc-sign -q --manifest all.yaml --fail-fast --jobs 1 --report "$documents/rproc-sign-report/begun.json" 2> "$work/log" || :
rproc-sign -q --key p256.pem --report "$documents/rproc-sign-report/one.json" --dry-run m4.elf one.sig
sed -i 's/"1.2"/"1.3"/' all.yaml
say 1 rproc-verify/manifest --manifest all.yaml m4 debug

# --- Judged ------------------------------------------------------------------------------------

python3 "$tree/tests/setup/schemas.py" "$tree/src/schema" "$documents" || fail "src/schema and the JSON differ"
