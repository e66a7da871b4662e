#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Signs a firmware in a job of a CI, and asks whether the board will load and run it.
#   sign-and-verify.sh FIRMWARE.elf FIRMWARE.sig
# From the environment:
#   SIGNING_KEY         the private key itself, PEM; it is written to no file and stands on no command line
#   SIGNING_KEY_FILE    in its place: a file with it
#   SIGNING_PASSPHRASE  of that key, if it is encrypted
#   SIGNING_URI         in place of both: a key in a token of this machine, 'pkcs11:token=products;object=release'
#   SIGNING_PIN         of that token
#   PUBLIC_KEY, BOARD   what is verified against: a file, and a name of `rproc-verify --list-boards` or a file
# The answer of rproc-verify is in FIRMWARE.sig.json, whether it accepts or not. Exit status: 0 signed and
# accepted, 1 refused, 2 could not be done.
set -euo pipefail

if [ $# -ne 2 ] || [ -z "${PUBLIC_KEY:-}" ] || [ -z "${BOARD:-}" ]; then
    echo "usage: PUBLIC_KEY=FILE BOARD=NAME $0 FIRMWARE.elf FIRMWARE.sig" >&2
    exit 2
fi
elf=$1
signed=$2
rm -f -- "$signed" "$signed.json"

sign() { # OPTION...
    rproc-sign "$@" --board "$BOARD" --in "$elf" --out "$signed"
}

passphrase=()
[ -z "${SIGNING_PASSPHRASE:-}" ] || passphrase=(--passphrase env:SIGNING_PASSPHRASE)
if [ -n "${SIGNING_URI:-}" ]; then
    sign --engine pkcs11 --passphrase env:SIGNING_PIN --key "$SIGNING_URI"
elif [ -n "${SIGNING_KEY_FILE:-}" ]; then
    sign "${passphrase[@]}" --key "$SIGNING_KEY_FILE"
elif [ -n "${SIGNING_KEY:-}" ]; then
    printf '%s\n' "$SIGNING_KEY" | sign "${passphrase[@]}" --key /dev/stdin
else
    echo "$0: no key: the secret SIGNING_KEY is not set, or this job may not have it" >&2
    exit 2
fi

status=0
rproc-verify --format json --key "$PUBLIC_KEY" --board "$BOARD" --strict "$signed" > "$signed.json" || status=$?
[ "$status" -eq 0 ] || rm -f -- "$signed" # nobody is to take it for good
exit "$status"
