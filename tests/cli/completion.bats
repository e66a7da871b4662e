#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What bash offers for values of options. That it offers every option: setup-man_options.

load common

# offers "WORDS SO FAR" [OFFERED...]: the words as bash takes a line apart; the last one is to be completed.
offers() {
    local words wanted
    read -ra words <<<"$1"
    wanted=$(printf '%s\n' "${@:2}" | LC_ALL=C sort)
    run bash -c '
        set -eu
        compopt() { :; } # bash has it only while it completes
        . "$1"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        [ "${COMP_WORDS[COMP_CWORD]}" != "<>" ] || COMP_WORDS[COMP_CWORD]=
        _rprocfw "$1" "" ""
        printf "%s\n" "${COMPREPLY[@]}" | LC_ALL=C sort
    ' _ "$BATS_TEST_DIRNAME/../../src/completion/rprocfw.bash" "${words[@]}"
    echo "$1 -> $output"
    [ "$status" -eq 0 ]
    [ "$output" = "$wanted" ]
}

@test "values stand behind a blank or behind '='" {
    offers "rproc-verify --format <>" json lines text
    offers "rproc-verify --format =" json lines text
    offers "rproc-verify --format = j" json
    offers "rproc-dump --format <>" json lines text yaml
    offers "rproc-key match --format l" lines
    offers "rproc-key public --format = <>" der pem
    offers "rproc-sign --key_type R" RSA
    offers "sign_rproc_fw --layout = s" st
    offers "rproc-key show --expect <>" private public
}

@test "a passphrase comes from a variable or a file" {
    export RPROCFW_TEST_PASS=x
    touch pass.txt
    offers "rproc-sign --passphrase e" env:
    offers "rproc-sign --passphrase = p" prompt
    offers "rproc-sign --passphrase env : RPROCFW_TEST_P" RPROCFW_TEST_PASS
    offers "rproc-sign --passphrase file : pass" pass.txt
    offers "rproc-sign --passphrase file :" m4.elf pass.txt
}

@test "subcommands and files" {
    offers "rproc-key <>" c-source match pkeyinfo public show
    offers "rproc-key show <>" m4.elf
    offers "rproc-sign --key_info m" m4.elf
    mkdir parts
    offers "rproc-dump --extract <>" parts
}

@test "boards have their names, and files" {
    PATH=$BUILD_DIR/bin:$PATH
    offers "rproc-verify --board imx" imx8mp-m7
    offers "rproc-verify --board = stm32mp257f-ev1" stm32mp257f-ev1 stm32mp257f-ev1-sram
    touch my.yaml
    offers "rproc-verify --board my" my.yaml
    offers "rproc-verify --linux-dtb my" my.yaml
}
