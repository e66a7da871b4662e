# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Each finding of rprocfw-checks(7), from a firmware that has it, as rproc-verify tells it: what is
# said is that of a golden file.
# shellcheck source=tests/cli/common.bash
. "$BATS_TEST_DIRNAME/common.bash"

at_start="--plat-tlv BOOTADDR auto"

# id, board, ELF files, options of rproc-sign: signed with an RSA key unless they say another.
cases() {
    local mp15=stm32mp15-optee mp25=stm32mp257f-ev1 own id
    for id in segment-overlap zero-fill-overlap vectors-not-loaded vectors-not-at-start stack-outside \
        reset-outside reset-not-thumb rsc-table-large rsc-malformed rsc-devmem rsc-unaligned rsc-unknown \
        rsc-outside; do
        echo "$id|$mp15|$id.elf|"
    done
    for id in nonsecure-in-secure bootaddr-not-executable rsc-table-unseen; do
        echo "$id|$mp25|$id.elf|$at_start"
    done
    own=$keys/rsa2048.spki.der
    cat << TEXT
secure-in-nonsecure|$mp25|mp25.elf|$at_start --plat-tlv BOOTSEC 0x1
image-order|$mp25|secure.elf mp25.elf|--plat-tlv BOOTADDR 0x80000000 --plat-tlv BOOTSEC 0x1
bootaddr-zero|$mp25|mp25.elf|--plat-tlv BOOTADDR 0x0
bootaddr-unaligned|$mp25|mp25.elf|--plat-tlv BOOTADDR 0x80100040
bootaddr-outside|$mp25|mp25.elf|--plat-tlv BOOTADDR 0x80200000
bootaddr-not-vectors|$mp25|mp25.elf|--plat-tlv BOOTADDR 0x80100080
platform-tlv-missing|$mp25|mp25.elf|
platform-tlv-unknown|$mp25|mp25.elf|$at_start --plat-tlv 0x10010 0x1
platform-tlv-length|$mp25|mp25.elf|--plat-tlv BOOTADDR 2148532224
platform-tlv-text|$mp25|mp25.elf|$at_start --plat-tlv BOOTSEC true
bootsec-zero|$mp25|mp25.elf|$at_start --plat-tlv BOOTSEC 0x0
pkeyinfo-missing|$mp25|mp25.elf|$at_start --key $keys/p256.pem
pkeyinfo-size|$mp25|mp25.elf|$at_start --key_info $keys/p256.spki.der
pkeyinfo-other-key|$mp25|mp25.elf|$at_start --key $keys/rsa2048.pkcs1.pem --key_info $own
signtype-unsupported|$mp15|mp15.elf|--key $keys/p256.pem
published-key|$mp15|mp15.elf|
table-too-large|$mp15|mp15.elf|--plat-tlv-file 0x10010 large
debug-information|$mp15|m4dbg.elf|
TEXT
}

# A copy of the tools that takes our RSA key for one of those that are published.
take_for_published() {
    mkdir ours
    cp -r "$BUILD_DIR"/bin "$BUILD_DIR"/lib ours
    python3 - "$keys/rsa2048.spki.der" ours/bin/rproc-verify ours/lib/librprocfw.so << 'PYTHON'
import hashlib, sys
known = bytes.fromhex("cac7bcfaf8674a57e5eaa8ef1a7c9b67af1fd5562a06440d88d5e3c632e88c48")
own = hashlib.sha256(open(sys.argv[1], "rb").read()).digest()
count = 0
for path in sys.argv[2:]:
    data = open(path, "rb").read()
    count += data.count(known)
    open(path, "wb").write(data.replace(known, own))
sys.exit(count != 1)
PYTHON
    export LD_LIBRARY_PATH=$PWD/ours/lib
    PATH=$PWD/ours/bin:$PATH
}

# told ID BOARD: the finding in out.sig: how bad it is, and its text, as for machines and for people.
told() {
    local options=(--board "$2") name
    for name in rsa2048.pub rsa2048.pkcs1.pub p256.pub; do options+=(--key "$keys/$name.pem"); done
    rproc-verify -v "${options[@]}" out.sig > text 2>&1 || true
    rproc-verify --format json "${options[@]}" out.sig > report.json 2> log || true
    jq -r --arg id "$1" '.files[0].findings[] | select(.id == $id) | "\(.level)\t\(.message)"' report.json | head -n 1
}

# bats test_tags=no-valgrind
@test "each finding is told of the firmware that has it, with the text of the golden file" {
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_finding.py" made
    cp made/*.elf "$vectors/elf/m4dbg.elf" .
    head -c 4000 /dev/zero > large
    cases > list
    while IFS='|' read -r id board files options; do
        [[ $options == *"--key "* ]] || options+=" --key $keys/rsa2048.pem"
        # shellcheck disable=SC2086 # words
        rproc-sign -q --preflight=off $options $files --out out.sig
        if [ "$id" = published-key ]; then (take_for_published && told "$id" "$board"); else told "$id" "$board"; fi > it
        [ -s it ] || { echo "$id: not found" && cat text report.json && return 1; } >&2
        IFS=$'\t' read -r level message < it
        printf '%s: %s on %s\n    %s\n' "$id" "$level" "$board" "$message"
        # people are told the same, unless the board's own answer says it
        grep -qF "$id: $message" text || grep -q "): does not load: " text
    done < list > findings
    diff "$BATS_TEST_DIRNAME/golden/each_finding.txt" findings
}

@test "what the board answers itself is not told a second time as a finding" {
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_finding.py" made
    head -c 4000 /dev/zero > large
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2> log |
        openssl pkey -pubout -outform DER -out other.der
    while IFS='|' read -r id options; do
        # shellcheck disable=SC2086 # words
        rproc-sign -q --preflight=off $options --plat-tlv BOOTSEC 0x0 made/mp25.elf out.sig
        rproc-verify -q --format json --key "$keys/p256.pub.pem" --board stm32mp257f-ev1 out.sig > report.json 2> text ||
            [ "$?" -eq 1 ]
        jq -e --arg id "$id" 'any(.files[0].findings[]; .id == $id and .level == "error")' report.json
        [ "$(grep -c '): does not load: ' text)" -eq 1 ]
        [ "$(grep -c "run: $id: " text)" -eq 0 ] || { cat text >&2 && false; }
    done << TEXT
platform-tlv-unknown|--key $keys/p256.pem $at_start --key_info spki --plat-tlv 0x10010 0x1
platform-tlv-length|--key $keys/p256.pem --key_info spki --plat-tlv BOOTADDR 2148532224
pkeyinfo-missing|--key $keys/p256.pem $at_start
pkeyinfo-size|--key $keys/p256.pem $at_start --key_info $keys/rsa2048.spki.der
pkeyinfo-other-key|--key $keys/p256.pem $at_start --key_info other.der
table-too-large|--key $keys/p256.pem $at_start --key_info spki --plat-tlv-file 0x10010 large
TEXT
}

# found BOARD FILE: the names of what is found in a file that is good.
found() {
    rproc-verify -q --format json --key "$keys/rsa2048.pub.pem" --board "$1" "$2" > report.json 2> log || true
    jq -r '.files[0] | select(.verdict == "accept") | "found:", .findings[].id' report.json | sort -u | xargs
}

@test "nothing is found in a firmware that has nothing" {
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_finding.py" made
    rproc-sign -q --key "$keys/rsa2048.pem" made/mp15.elf mp15.sig
    rproc-sign -q --key "$keys/rsa2048.pem" --key_info spki --plat-tlv BOOTADDR auto made/mp25.elf mp25.sig
    for board in stm32mp15-optee stm32mp15-dhcom stm32mp15-st; do
        [ "$(found "$board" mp15.sig)" = found: ]
    done
    for board in stm32mp257f-ev1 stm32mp257f-dk; do [ "$(found "$board" mp25.sig)" = found: ]; done
}

@test "a board that needs BOOTADDR starts there, even if nothing is known of its alignment" {
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_finding.py" made
    rproc-sign -q --key "$keys/rsa2048.pem" --plat-tlv BOOTADDR auto made/mp25.elf good.sig
    rproc-sign -q --preflight=off --key "$keys/rsa2048.pem" --plat-tlv BOOTADDR 0x80200004 made/mp25.elf bad.sig
    rproc-verify --list-boards --board stm32mp257f-ev1 --format yaml | sed /^bootaddr_alignment/d > board.yaml
    [ "$(found ./board.yaml good.sig)" = found: ]
    [ "$(found ./board.yaml bad.sig)" = 'bootaddr-outside found:' ]
}

@test "what does not fit the heap is named: with the copy of the hash table only where that does not" {
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_finding.py" made
    for size in 3400 3300; do
        head -c "$size" /dev/zero > large
        rproc-sign -q --preflight=off --key "$keys/rsa2048.pem" --plat-tlv-file 0x10010 large made/mp15.elf out.sig
        rproc-verify -q --no-signature --board stm32mp15-optee out.sig 2>&1 | sed -n 's/.*0xffff000c: \(.* bytes\), and .*/\1/p'
    done > told
    diff - told << 'TEXT'
header, TLVs and signature take 3964 bytes
header, TLVs, signature and a copy of the hash table take 4060 bytes
TEXT
}

@test "of a board that reads the layout of 2020 nothing is said that is of a Cortex-M or of a heap" {
    mkdir made
    python3 "$BATS_TEST_DIRNAME/each_finding.py" made
    head -c 4000 /dev/zero > large
    for name in reset-not-thumb reset-outside vectors-not-loaded stack-outside; do
        rproc-sign -q --preflight=off --key "$keys/rsa2048.pem" --plat-tlv-file 0x10010 large \
            "made/$name.elf" "$name.sig"
        found stm32mp15-optee "$name.sig" | grep -w "$name" | grep -qw table-too-large
        [ "$(found rcar-gen3-cr7 "$name.sig")" = 'found: rsc-outside' ]
    done
}

@test "the golden file has each finding of rprocfw-checks(7)" {
    sed -n '/^\.Sh FINDINGS/,/^\.Sh SEE ALSO/s/^\.It Sy //p' "$BATS_TEST_DIRNAME/../../man/rprocfw-checks.7" |
        LC_ALL=C sort > documented
    grep -q . documented
    sed -n 's/^\([a-z0-9-]*\): .*/\1/p' "$BATS_TEST_DIRNAME/golden/each_finding.txt" | LC_ALL=C sort | diff documented -
}
