#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The containers that the scripts wrote, written again.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

# Everything before the signature, and everything after it: with the signature the same.
same_but_signature() { # OURS EXPECTED
    local signature=$((20 + ($(u32 "$2" 8) + 7) / 8 * 8)) size=64

    cmp -n "$signature" "$1" "$2"
    cmp -i $((signature + size)) "$1" "$2"
}

# The P-256 signature of a container verifies with openssl.
openssl_agrees() { # CONTAINER KEY
    local signed=$((20 + ($(u32 "$1" 8) + 7) / 8 * 8)) r s

    head -c "$signed" "$1" > signed.bin
    r=$(xxd -p -s "$signed" -l 32 -c 64 "$1")
    s=$(xxd -p -s $((signed + 32)) -l 32 -c 64 "$1")
    printf 'asn1=SEQUENCE:sig\n[sig]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$r" "$s" > sig.cnf
    openssl asn1parse -genconf sig.cnf -noout -out sig.der
    openssl dgst -sha256 -verify "$2" -signature sig.der signed.bin
}

# all_cases PROGRAM FILE OPTION...: every line of a table of cases but the encrypted ones.
all_cases() {
    local program=$1 table=$2 name arguments count=0
    shift 2

    while IFS=$'\t' read -r name arguments; do
        case $arguments in *--enc_key*) continue ;; esac
        read -ra arguments <<< "$arguments"
        (cd "$vectors" && "$program" "${arguments[@]}" "$@" --out "$OLDPWD/$name.sig") \
            2> "$name.log" || { echo "$name"; cat "$name.log"; return 1; }
        case $name in
        p256* | st_ecc*)
            same_but_signature "$name.sig" "$vectors/expected/$name.sig" || return
            openssl_agrees "$name.sig" "$keys/p256.pub.pem" || return
            ;;
        *) cmp "$name.sig" "$vectors/expected/$name.sig" || return ;;
        esac
        count=$((count + 1))
    done < "$vectors/$table"
    echo "$count cases"
}

@test "every case of OP-TEE's script is written to the byte, with --preflight=off" {
    run all_cases rproc-sign cases.tsv --preflight=off
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "19 cases" ]
}

@test "of the script's cases those that no board loads are refused, and under its name a warning" {
    local name arguments refused=()

    while IFS=$'\t' read -r name arguments; do
        read -ra arguments <<< "$arguments"
        (cd "$vectors" && rproc-sign "${arguments[@]}" --out "$OLDPWD/$name.sig") 2> log && continue
        grep -q 'not signed: no board that is known would load it' log
        [ ! -e "$name.sig" ]
        refused+=("$name")
        (cd "$vectors" && sign_rproc_fw "${arguments[@]}" --out "$OLDPWD/$name.sig") 2> log
        grep -q 'warning: .*: signed, but no board that is known would load it' log
        cmp "$name.sig" "$vectors/expected/$name.sig"
    done < "$vectors/cases.tsv"
    [ "${refused[*]}" = "rsa2048_three_images rsa2048_device_refuses" ]
}

@test "every case of ST's script is written to the byte with --layout st" {
    run all_cases rproc-sign cases-st.tsv --layout st
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "4 cases" ]
}

@test "the program works under the script's name" {
    run all_cases sign_rproc_fw cases.tsv
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "19 cases" ]
}

@test "every container that the scripts wrote verifies, but for the one with two resource tables" {
    for file in "$vectors"/expected/*.sig; do
        if [ "${file##*/}" = rsa2048_three_images.sig ]; then
            expect 1 rproc-verify --key "$keys" "$file"
            says "more than one resource table"
        else
            expect 0 rproc-verify --key "$keys" "$file"
        fi
    done
}

@test "every row of device.tsv is judged as its column says" {
    count=0
    while IFS=$'\t' read -r name verdict _; do
        [ "$name" != image ] || continue
        case $verdict in accept) code=0 ;; reject) code=1 ;; esac
        expect "$code" rproc-verify --key "$keys/rsa2048.pub.pem" "$vectors/device/$name.sig"
        if [ "$code" -eq 0 ]; then
            [ -z "$stderr" ]
        else
            [ -z "$output" ]
            [ "$(wc -l <<< "$stderr")" -eq 1 ]
            says "rproc-verify: $vectors/device/$name.sig: "
        fi
        expect "$code" rproc-verify --key "$keys/rsa2048.pub.pem" --format json \
            "$vectors/device/$name.sig"
        [ "$(jq -r '.files[0].verdict' <<< "$output")" = "$verdict" ]
        count=$((count + 1))
    done < "$vectors/device.tsv"
    [ "$count" -eq 68 ]
}
