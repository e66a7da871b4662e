#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-verify --explain: what a board's answer means.
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

@test "the commands that it names are there" {
    for answer in $answers; do
        rproc-verify --explain "$answer"
    done | sed -n 's/^ *\$ rproc-\([a-z]*\) .*/\1/p' | sort -u > tools
    [ "$(xargs < tools)" = 'dump key verify' ]
    while read -r tool; do
        rproc-"$tool" --version > /dev/null
    done < tools
}
