#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What shells offer for values of options. That they offer every option: setup-man_options.

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

# offered SHELL LINE [OFFERED...]: in zsh and fish.
# shellcheck disable=SC2016 # for fish
offered() {
    local completion=$BATS_TEST_DIRNAME/../../src/completion wanted
    wanted=$(printf '%s\n' "${@:3}" | LC_ALL=C sort)
    case $1 in
    zsh) run zsh -f "$BATS_TEST_DIRNAME/../setup/complete.zsh" "$completion" "$2" ;;
    fish) HOME=$BATS_TEST_TMPDIR run fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
        "$completion/rprocfw.fish" "$2" ;;
    esac
    echo "$1: $2 -> $output"
    [ "$status" -eq 0 ]
    [ "$(cut -f 1 <<<"$output" | grep -vx '\.' | LC_ALL=C sort)" = "$wanted" ]
}

@test "zsh and fish offer values, subcommands and files" {
    export RPROCFW_OTHER_PASS=x
    touch pass.txt
    local shell
    for shell in zsh fish; do
        offered $shell "rproc-verify --format " json lines sarif text yaml
        offered $shell "rproc-dump --format " json lines text yaml
        offered $shell "rproc-key public --format " der pem
        offered $shell "rproc-key " c-source match pkeyinfo public show
        offered $shell "rproc-key show m" m4.elf
        offered $shell "rproc-key show --expect " private public
        offered $shell "sign_rproc_fw --layout " optee st
        offered $shell "rproc-sign --key_type R" RSA
        offered $shell "rproc-sign --help t" tlvs
        offered $shell "rproc-sign --passphrase p" prompt
        offered $shell "rproc-verify --board imx" imx8mp-m7
        offered $shell "rproc-verify --board pa" pass.txt
    done
    offered fish "rproc-sign --passphrase env:RPROCFW_OTHER_P" env:RPROCFW_OTHER_PASS
    offered zsh "rproc-sign --passphrase env:RPROCFW_OTHER_P" RPROCFW_OTHER_PASS
    offered fish "rproc-sign --passphrase file:pas" file:pass.txt
    offered zsh "rproc-sign --passphrase file:pas" pass.txt
    offered fish "rproc-sign --layout=" --layout=optee --layout=st
    offered zsh "rproc-sign --layout=" optee st
}

@test "each shell offers the topics that --help lists" {
    local tool topics
    for tool in rproc-sign rproc-verify; do
        mapfile -t topics < <($tool --help | sed -nE 's/^      ([a-z]+) +[a-z].*/\1/p')
        [ ${#topics[@]} -ge 5 ]
        offers "$tool --help <>" "${topics[@]}"
        offered zsh "$tool --help " "${topics[@]}"
        offered fish "$tool --help " "${topics[@]}"
    done
}

@test "each shell offers the formats that --help has" {
    local call formats
    for call in rproc-verify rproc-dump "rproc-key show" "rproc-key public" "rproc-key match"; do
        # shellcheck disable=SC2086 # a subcommand is a word
        IFS='|' read -ra formats < <($call --help all | sed -nE 's/^ +--format ([a-z|]+).*/\1/p')
        [ ${#formats[@]} -ge 2 ]
        [ "$call" != rproc-verify ] || formats+=(yaml) # of --list-boards
        offers "$call --format <>" "${formats[@]}"
        offered zsh "$call --format " "${formats[@]}"
        offered fish "$call --format " "${formats[@]}"
    done
}

@test "values stand behind a blank or behind '='" {
    offers "rproc-verify --format <>" json lines sarif text yaml
    offers "rproc-verify --format =" json lines sarif text yaml
    offers "rproc-verify --format = j" json
    offers "rproc-dump --format <>" json lines text yaml
    offers "rproc-key match --format l" lines
    offers "rproc-key public --format = <>" der pem
    offers "rproc-sign --key_type R" RSA
    offers "sign_rproc_fw --layout = s" st
    offers "rproc-sign --help t" tlvs
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

@test "behind a manifest stand the names of its containers" {
    cat > many.yaml <<'YAML'
env: [BUILD]
defaults:
    strip: true
containers: # two
    cm4-a: # one
        inputs: [a.elf]
        output: a.sig
    cm4.b: {inputs: b.elf, output: b.sig}
YAML
    local shell tool
    for tool in rproc-sign rproc-verify; do
        offers "$tool --manifest many.yaml <>" cm4-a cm4.b
        offers "$tool --manifest = many.yaml cm4-a cm4." cm4.b
        offers "$tool --manifest man" many.yaml
        for shell in zsh fish; do
            offered $shell "$tool --manifest many.yaml c" cm4-a cm4.b
            offered $shell "$tool --manifest=many.yaml --quiet cm4." cm4.b
            offered $shell "$tool man" many.yaml
        done
    done
    offers "rproc-sign --manifest many.yaml --report man" many.yaml
    offered fish "rproc-sign --manifest many.yaml --report man" many.yaml
    offered zsh "rproc-sign --manifest many.yaml --report man" many.yaml
    offers "rproc-sign --manifest missing.yaml <>" ""
}
