#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a board will say, foretold.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

public=$keys/rsa2048.pub.pem

# What is said of a file's loading, of a container in tests/vectors/device.
foretold() { # IMAGE OPTION...
    local image=$1
    shift
    rproc-verify --key "$public" --format json "$@" "$vectors/device/$image.sig" 2> /dev/null |
        jq -r '.files[0] | "\(.device_result) \(.device.name) \(.device.resource_table |
            if . == null then "none none" else "\(.address) \(.size)" end)"'
}

# all_rows OPTION...: each row of device.tsv that has a result is foretold, with the resource table.
all_rows() {
    local image result name da size found expected count=0

    while read -r image result name da size; do
        [ "$da" = none ] || da=$((da)) size=$((size))
        expected="$result $name $da $size"
        found=$(foretold "$image" "$@")
        [ "$found" = "$expected" ] || { echo "$image: $found, expected $expected"; return 1; }
        count=$((count + 1))
    done < <(awk -F'\t' 'NR > 1 && $3 != "-" {
        print $1, $3, $4, $5 == "" ? "none" : $5, $6 == "" ? "none" : $6 }' "$vectors/device.tsv")
    echo "$count rows"
}

@test "every answer that a real OP-TEE gave is foretold" {
    run all_rows
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "54 rows" ]
}

@test "of a file that cannot be read nothing is foretold, of any other file something" {
    expect 2 rproc-verify --key "$public" --format json elsewhere.sig
    jq -e '.files[0] | .device_result == null and .device == null' <<< "$output"
    expect 1 rproc-verify --key "$public" --format json m4.elf
    jq -e '.files[0].device_result == "0xffff0006"' <<< "$output"
}

@test "rproc-dump foretells nothing" {
    expect 0 rproc-dump --format json "$vectors/device/good.sig"
    jq -e '.files[0] | .device_result == null and .device == null' <<< "$output"
}

@test "without a signature check it is said that the signature was taken as good" {
    expect 0 rproc-verify --no-signature --format json "$vectors/device/signature_flip.sig"
    jq -e '.files[0] | .device_result == "0x00000000" and .device.signature_assumed' <<< "$output"
}
