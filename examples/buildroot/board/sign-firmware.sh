#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Signs firmware of remote processors, as BR2_RPROCFW_SIGN_* of the configuration say. As a post-build script of
# Buildroot it writes to /lib/firmware of the target, as a post-image script to images/. What cannot be signed fails
# the build, and what was signed before is gone.
set -euo pipefail

fatal() {
    echo "sign-firmware.sh: $*" >&2
    exit 2
}

: "${BR2_CONFIG:?is set by Buildroot}" "${HOST_DIR:?is set by Buildroot}" "${BINARIES_DIR:?is set by Buildroot}"
case ${1:-} in
'') fatal "usage: sign-firmware.sh TARGET_DIR|BINARIES_DIR, as Buildroot calls it" ;;
"$BINARIES_DIR") folder=$1 ;;
*) folder=$1/lib/firmware ;;
esac

# The value of a string of the configuration; nothing where it has none.
config() { # NAME
    sed -n "s/^BR2_RPROCFW_$1=\"\\(.*\\)\"\$/\\1/p" "$BR2_CONFIG" | sed 's/\\\(.\)/\1/g'
}

grep -q '^BR2_RPROCFW_SIGN=y$' "$BR2_CONFIG" || fatal "BR2_RPROCFW_SIGN is not set: switch it on, or leave out this script"
manifest=$(config SIGN_MANIFEST)
if [ -n "$manifest" ]; then # it says all else
    mkdir -p "$folder"
    FIRMWARE_DIR=$folder exec "$HOST_DIR/bin/rproc-sign" --manifest "$manifest"
fi
read -ra containers <<< "$(config SIGN_CONTAINERS)"
key=$(config SIGN_KEY)
[ ${#containers[@]} -gt 0 ] || fatal "BR2_RPROCFW_SIGN_CONTAINERS is not set: what is to be signed?"
[ -n "$key" ] || fatal "BR2_RPROCFW_SIGN_KEY is not set: which key signs?"

options=(--key "$key")
for option in PASSPHRASE=--passphrase BOARD=--board; do
    value=$(config "SIGN_${option%%=*}")
    [ -z "$value" ] || options+=("${option#*=}" "$value")
done
words=$(config SIGN_OPTIONS | xargs -n 1 printf '%s\n') || fatal "BR2_RPROCFW_SIGN_OPTIONS: quotes without an end"
while IFS= read -r word; do
    [ -z "$word" ] || options+=("$word")
done <<< "$words"

mkdir -p "$folder"
for pair in "${containers[@]}"; do
    container=${pair%%:*}
    case $pair in
    */*:* | :* | *:) fatal "BR2_RPROCFW_SIGN_CONTAINERS: '$pair' is not CONTAINER:ELF[,ELF...]" ;;
    *:*) rm -f -- "$folder/$container" ;;
    *) fatal "BR2_RPROCFW_SIGN_CONTAINERS: '$pair' is not CONTAINER:ELF[,ELF...]" ;;
    esac
done
for pair in "${containers[@]}"; do
    inputs=()
    IFS=, read -ra images <<< "${pair#*:}"
    for image in "${images[@]}"; do
        case $image in
        /*) ;;
        *) image=$BINARIES_DIR/$image ;;
        esac
        inputs+=(--in "$image")
    done
    "$HOST_DIR/bin/rproc-sign" "${options[@]}" "${inputs[@]}" --out "$folder/${pair%%:*}"
done
