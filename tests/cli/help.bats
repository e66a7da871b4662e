#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What --help prints: one screen, topics, all. That "all" has every option: setup-man_options.

load common

commands=("rproc-sign" "rproc-verify" "rproc-dump" "rproc-key" "rproc-key show" "rproc-key public"
    "rproc-key pkeyinfo" "rproc-key c-source" "rproc-key match")

# fits LINES: what the last command printed is no longer than that, and no line longer than 80 columns.
fits() {
    [ "$(wc -l <<<"$output")" -le "$1" ] || { echo "$output"; return 1; }
    [ "$(wc -L <<<"$output")" -le 80 ] || { echo "$output"; return 1; }
}

# topics COMMAND: those that its --help lists, but for "all".
topics() {
    "$1" --help | sed -nE 's/^      ([a-z]+) +[a-z].*/\1/p' | grep -vx all
}

# Long options in what is read, one a line.
options() {
    grep -oE '^ {2,6}(-[a-zA-Z], )?--[a-z][a-z_-]*' | grep -oE '\-\-.*' | sort
}

@test "--help fits one screen of 24 lines, with the prompt, and 80 columns, and the rest 80 columns" {
    local command
    for command in "${commands[@]}"; do
        # shellcheck disable=SC2086 # a subcommand is a word
        {
            expect 0 $command --help
            fits 23
            [ -z "$stderr" ]
            expect 0 $command --help all
            fits 200
            shows "Usage: $command"
            shows "Example: $command"
        }
    done
}

@test "each topic is behind a blank, '=' or -h, and is a part of all" {
    local command topic text all
    for command in rproc-sign rproc-verify; do
        [ "$(topics $command | wc -l)" -ge 4 ]
        all=$($command --help all)
        for topic in $(topics $command); do
            expect 0 $command --help "$topic"
            fits 24
            text=$output
            [[ $all == *"$text"* ]]
            expect 0 $command "--help=$topic"
            [ "$output" = "$text" ]
            expect 0 $command -h "$topic"
            [ "$output" = "$text" ]
            expect 0 $command --help "${topic::1}" # the beginning is enough
            [ "$output" = "$text" ]
        done
    done
}

@test "each option is in one topic, and the one screen has no others" {
    local command topic
    for command in rproc-sign rproc-verify; do
        for topic in $(topics $command); do
            $command --help "$topic"
        done | options >in-topics
        [ -z "$(uniq -d in-topics)" ]
        $command --help all | options | diff in-topics -
        [ -z "$($command --help | options | comm -23 - in-topics)" ]
    done
}

@test "a topic that there is not is an error that names those there are" {
    expect 2 rproc-sign --help nonsense
    says "--help nonsense: no topic; expected keys, "
    says ", all"
    [ -z "$output" ]
    expect 2 rproc-sign --help keyss
    expect 2 rproc-verify --help=
    says "no topic"
    expect 2 rproc-dump --help=nonsense
    says "expected all"
    expect 2 rproc-key show --help=nonsense
}

@test "without topics, and before an option, the next word is none" {
    expect 0 rproc-dump --help nonsense
    expect 0 rproc-sign --help --key
    fits 24
    expect 0 rproc-sign m4.elf --help
    fits 24
    expect 0 rproc-sign m4.elf --help boards
    shows "--preflight"
}

@test "what cannot be written is an error" {
    expect 2 bash -c "rproc-sign --help boards > /dev/full"
    expect 2 bash -c "rproc-verify --help all > /dev/full"
}
