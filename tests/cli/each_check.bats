# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2016 # programs of jq
# Each board that is shipped, and each check of rprocfw-checks(7) that its trusted application has: a
# container that it loads, or against which nothing is known, and one that fails this check. What is said is that of a golden file.
# shellcheck source=tests/cli/common.bash
. "$BATS_TEST_DIRNAME/common.bash"

# What is only checked of other boards: a TEE that maps little, and an ST without encryption.
odd_board() {
    sed 's/map_limit: 10M/map_limit: 4K/; s/encrypted: true/encrypted: false/' \
        "$BATS_TEST_DIRNAME/../../src/boards/stm32mp257f-ev1.yaml" > odd.yaml
}

# answers BOARD: a line for each of its containers: board, check that is to fail, check that does, message.
answers() {
    local open=$1.d/open keyed=$1.d/keyed name
    mkdir -p "$open" "$keyed"
    rproc-verify --list-boards --board "$1" --format json > "$1.json"
    python3 "$BATS_TEST_DIRNAME/each_check.py" "$1.json" other.der "$open"
    for name in signature pkeyinfo-key; do
        [ ! -e "$open/$name.sig" ] || mv "$open/$name.sig" "$keyed"
    done
    judge "$1" "$open" --no-signature
    judge "$1" "$keyed" --key "$keys/rsa2048.pub.pem" --key "$keys/p256.pub.pem"
}

# judge BOARD FOLDER OPTION...
judge() {
    local board=$1 folder=$2
    shift 2
    find "$folder" -name '*.sig' | LC_ALL=C sort > files
    [ -s files ] || return 0
    xargs rproc-verify -q --format json --board "$board" "$@" < files 2> told > report.json || [ "$?" -eq 123 ]
    jq -r --arg board "$board" '.files[] | [$board, (.file | split("/") | last | rtrimstr(".sig")),
        (if .device == null then "not-foretold" else .device.check // "loads" end),
        ([.device.name, .device_result, .device.reason, .device.remedy] | map(values) | join("; "))]
        | @tsv' report.json
}

@test "on each board each check is failed by the container that is to fail it, with the message of the golden file" {
    export LC_ALL=C
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2> told |
        openssl pkey -pubout -outform DER -out other.der
    odd_board
    rproc-verify --list-boards | cut -d ' ' -f 1 > boards
    echo odd.yaml >> boards
    while read -r board; do answers "$board"; done < boards > told.tsv
    [ "$(cut -f 1 told.tsv | uniq | wc -l)" -eq "$(wc -l < boards)" ]
    awk -F '\t' '$2 != $3 { print; bad = 1 } END { exit bad }' told.tsv

    # each check that there is
    sed -n '/^\.Sh CHECKS/,/^\.Sh FINDINGS/s/^\.It Sy //p' "$BATS_TEST_DIRNAME/../../man/rprocfw-checks.7" |
        LC_ALL=C sort > documented
    grep -q . documented
    cut -f 2 told.tsv | grep -vxE 'loads|not-foretold' | LC_ALL=C sort -u | diff documented -

    # a message stands once, behind the boards that say it
    awk -F '\t' '{
        key = $2 ": " $4
        if (!(key in boards)) order[++count] = key
        boards[key] = boards[key] " " $1
    } END { for (i = 1; i <= count; i++) print order[i] "\n   " boards[order[i]] }' told.tsv > told
    diff "$BATS_TEST_DIRNAME/golden/each_check.txt" told
}
