#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-verify --explain: what a board's answer means.

# shellcheck disable=SC2154 # stderr and output are of bats, the others of common.bash
load common

# Every answer that the library knows, by what people have in their logs.
answers='ffff0006 ffff0005 ffff3072 ffff000a ffff000b ffff000c ffff0001 ffff0000 ffff000f f0100001
    ffff0007 ffff0009 ffff0008 ffff3024 0x0 -5 -22 -2 -12'

@test "what each answer means is that of the golden file" {
    for answer in $answers; do
        rproc-verify --explain "$answer"
        echo
    done > explained
    diff "$BATS_TEST_DIRNAME/golden/explain.txt" explained
}

@test "no line of an explanation but a command is longer than a terminal" {
    run ! grep -vE '^     \$|^.{0,96}$' "$BATS_TEST_DIRNAME/golden/explain.txt"
}

@test "a line of the log does" {
    expect 0 rproc-verify --explain 'TA_RPROC_FW_CMD_LOAD_FW invoke failed TEE err: ffff0006, ret:0'
    shows '0xffff0006 TEE_ERROR_BAD_PARAMETERS:'
    shows '--loadable-only'
    [ -z "$stderr" ]
}

@test "the same as JSON" {
    expect 0 rproc-verify --explain 0xffff3072 --format json
    [ "$(jq -r '.schema, .answer.number, .answer.name' <<< "$output" | xargs)" = \
        '1 0xffff3072 TEE_ERROR_SIGNATURE_INVALID' ]
    [ "$(jq '.answer.reasons | length' <<< "$output")" -ge 2 ]
    [ "$(jq -r '.answer.reasons[0].command' <<< "$output")" = 'rproc-key match --key KEY FILE' ]
}

# explains ANSWER FILE [OPTION...]: what is said of a file, with the number of the reason.
explains() {
    rproc-verify --verbose --explain "$1" "${@:3}" "$2" 2>&1 | tail -n 1
}

@test "with a file: what the answer means and the one reason, or with --verbose all of them" {
    cd "$vectors"
    expect 0 rproc-verify --explain ffff0006 expected/rsa2048_device_refuses.sig
    [ "${#lines[@]}" -eq 3 ]
    [ "${lines[0]}" = '0xffff0006 TEE_ERROR_BAD_PARAMETERS:' ]
    [[ ${lines[2]} == 'expected/rsa2048_device_refuses.sig: image 0, segment 3: the first hash table entry'* ]]
    expect 0 rproc-verify -v --explain ffff0006 expected/rsa2048_device_refuses.sig
    diff <(rproc-verify --explain ffff0006) <(sed '$d' <<< "$output")
}

@test "with a file: which of the reasons it is" {
    cd "$vectors"
    [[ $(explains ffff0006 expected/rsa2048_device_refuses.sig) == *': reason 1: image 0, segment 3: the first hash table entry'*'; sign with rproc-sign --loadable-only'* ]]
    [[ $(explains ffff0006 device/truncated.sig) == *": reason 3: the header's lengths add up to "*' bytes, and the file has '* ]]
    [[ $(explains ffff0006 device/hashtable_odd_length.sig --key keys/rsa2048.pub.pem) == *': reason 5: '* ]]
    [ "$(explains ffff0006 elf/m4.elf)" = \
        'elf/m4.elf: not a signed container but a bare ELF file; sign it with rproc-sign first' ]
    [[ $(explains 'Image is corrupted (bad magic)' device/good.sig) == *': it starts as signed containers do, and Linux'*' takes ELF files only; '* ]]
    [[ $(explains -22 elf/m4.elf) == *': it is an ELF file, as Linux takes it, '*'"bad phdr"'* ]]
    [[ $(explains TEE_ERROR_BAD_FORMAT device/elf_shnum_zero.sig) == *': reason 1: '* ]]
    [[ $(explains TEE_ERROR_BAD_FORMAT device/rsc_table_size_short.sig) == *': reason 2: '* ]]
    [[ $(explains ffff3072 device/signature_flip.sig --key keys/rsa2048.pub.pem) == *': reason 1: '* ]]
}

@test "with a file that has another answer, or none" {
    cd "$vectors"
    [[ $(explains ffff0006 device/segment_flip.sig) == *': the TA of OP-TEE 4.10 answers 0xffff000f TEE_ERROR_SECURITY: image 0, segment 0: '* ]]
    [ "$(explains ffff0006 device/good.sig)" = \
        'device/good.sig: the TA of OP-TEE 4.10 loads it; --key has the signature looked at; --board has the board'\''s memory looked at' ]
    [ "$(explains ffff0006 device/good.sig --key keys/rsa2048.pub.pem)" = \
        'device/good.sig: the TA of OP-TEE 4.10 loads it; does the board have the key keys/rsa2048.pub.pem, which signed?; --board has the board'\''s memory looked at' ]
    [[ $(explains -5 device/segment_flip.sig) == *' answers 0xffff000f TEE_ERROR_SECURITY: '* ]]
}

@test "with a file that loads, and what is found keeps it from starting" {
    cd "$vectors"
    [ "$(explains ffff0000 expected/rsa2048_two_images.sig --board stm32mp257f-dk --key keys/rsa2048.pub.pem)" = \
        'expected/rsa2048_two_images.sig: reason 2: no BOOTADDR, and the board does not start without it; give it with --plat-tlv BOOTADDR auto' ]
    # another answer has nothing to do with it
    [[ $(explains ffff0006 expected/rsa2048_two_images.sig --board stm32mp257f-dk) == *': the TA of ST 4.0 loads it; --key has the signature looked at' ]]
}

@test "with a file whose resource table Linux refuses" {
    cd "$vectors"
    [[ $(explains -22 device/good.sig) == *', or let the TEE load this one; or, where the TEE loaded it, image 0, segment 3: resource table, entry 0: '* ]]
    [[ $(explains -22 expected/rsa2048_device_refuses.sig) == *', or let the TEE load this one' ]]
}

@test "several files, as JSON, and one that is not there" {
    cd "$vectors"
    expect 2 rproc-verify --explain ffff0006 --format json device/good.sig nothing \
        expected/rsa2048_device_refuses.sig
    says 'nothing: cannot open'
    [ "$(jq -r '.files[] | .device.check // "-"' <<< "$output" | xargs)" = '- - hash-entry-type' ]
    [ "$(jq -r '.answer.reasons[0].checks | index("hash-entry-type")' <<< "$output")" = 0 ]
}

@test "an answer that is not known" {
    expect 2 rproc-verify --explain 0xffffffff
    says "--explain: no answer that is known in '0xffffffff'; give the number"
    expect 2 rproc-verify --explain ''
    says "--explain: no answer that is known in ''"
    expect 2 rproc-verify --explain
    says "option '--explain' requires an argument"
    expect 2 rproc-verify --explain -5 --explain -22
    says '--explain is given twice: -5 and -22'
}

@test "options that are for files want one" {
    for option in '--key x' --no-signature --coverage '--map x.svg' '--enc_key x' '--original x'; do
        # shellcheck disable=SC2086 # two words
        expect 2 rproc-verify --explain -5 $option
        says "${option%% *} without a file to look at"
        # shellcheck disable=SC2086
        expect 2 rproc-verify --list-boards $option
        says "--list-boards and ${option%% *} exclude each other"
    done
    [ ! -e x.svg ]
    expect 2 rproc-verify --explain -5 --board imx8mp-m7
    says '--board without a file to look at'
}

@test "options that --explain would not heed are refused beside it" {
    for option in --coverage '--map x.svg' '--format sarif' --strict; do
        # shellcheck disable=SC2086 # two words
        expect 2 rproc-verify --explain -5 --board imx8mp-m7 $option "$vectors/device/good.sig"
        says "--explain and ${option% x.svg} exclude each other"
    done
    [ ! -e x.svg ]
}

@test "the commands that it names are there" {
    for answer in $answers; do
        rproc-verify --explain "$answer"
    done | sed -n 's/^ *\$ rproc-\([a-z]*\) .*/\1/p' | sort -u > tools
    [ "$(xargs < tools)" = 'dump key verify' ]
    while read -r tool; do
        rproc-"$tool" --version > /dev/null
    done < tools
}
