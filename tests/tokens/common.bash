# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the tests with tokens share, besides what those of the command line share.

# shellcheck source=tests/cli/common.bash
. "$BATS_TEST_DIRNAME/../cli/common.bash"
# shellcheck source=tests/tokens/tokens.bash
. "$BATS_TEST_DIRNAME/tokens.bash"

# shellcheck disable=SC2034,SC2154 # vectors, stderr: of the other file and bats; m4: for the tests
m4=$vectors/elf/m4.elf

# refused WORDS COMMAND...: exit status 2, one line on standard error, with these words and without
# a PIN, and no output.
refused() {
    expect 2 "${@:2}"
    says "$1"
    if [ "$(wc -l <<< "$stderr")" -ne 1 ] || grep -qE '1234|9999|secret' <<< "$stderr"; then
        echo "standard error: $stderr"
        return 1
    fi
    [ ! -e out ]
}

# many COUNT KEY...: m.yaml, of so many containers, each with the next of the keys; what all have in
# common comes from standard input.
many() {
    local i of=("${@:2}")
    echo "defaults:"
    cat
    echo "containers:"
    for ((i = 0; i < $1; i++)); do
        echo "  c$i: {inputs: $m4, output: c$i.sig, key: '${of[i % ${#of[@]}]}'," \
            "platform_tlvs: {0x10010: {u32: $i}}}"
    done
} > m.yaml

# same_as_file EXPECTED: out is what is expected, which a key from a file has signed; then it is gone.
same_as_file() {
    cmp out "$vectors/expected/$1"
    rm out
}
