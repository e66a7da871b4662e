#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Signs what a manifest has, in a job of a CI, and asks whether the boards will load and run it.
#   sign-and-verify.sh MANIFEST
# From the environment, for the manifest's ${SIGNING_KEY_FILE}:
#   SIGNING_KEY         the private key itself, PEM; it is written to no file and stands on no command line
#   SIGNING_KEY_FILE    in its place: a file with it, or the URI of a key in a token of this machine
# In signed/ are afterwards report.json and findings.sarif of rproc-sign, verified.json of rproc-verify, and the
# containers, unless one is not good. Exit status: 0 signed and accepted, 1 refused, 2 could not be done.
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "usage: $0 MANIFEST" >&2
    exit 2
fi
if [ -z "${SIGNING_KEY_FILE:-}${SIGNING_KEY:-}" ]; then
    echo "$0: no key: the secret SIGNING_KEY is not set, or this job may not have it" >&2
    exit 2
fi
manifest=$1
export SIGNING_KEY_FILE=${SIGNING_KEY_FILE:-/dev/stdin}
rm -rf signed
mkdir signed

sign() {
    rproc-sign --manifest "$manifest" --report signed/report.json --sarif signed/findings.sarif
}

verify() {
    rproc-verify --manifest "$manifest" --strict --format json > signed/verified.json
}

status=0
if [ "$SIGNING_KEY_FILE" = /dev/stdin ]; then
    printf '%s\n' "$SIGNING_KEY" | sign || status=$?
else
    sign || status=$?
fi
[ "$status" -ne 0 ] || verify || status=$?
[ "$status" -eq 0 ] || rm -f signed/*.sig # nobody is to take them for good
exit "$status"
