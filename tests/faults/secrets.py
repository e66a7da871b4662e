# SPDX-License-Identifier: BSD-2-Clause
"""usage: secrets.py KEY [PASSPHRASE]: what of a private key, PEM or DER, is to be looked for.

Prints two lines of NAME=HEX, a space between, for secrets.c. The first: the passphrase, or lines of
an unencrypted PEM. The second: three parts of each private number, as they stand in DER and, with
names that end with -number, as libcrypto keeps them on machines that are little-endian.
"""
import re
import subprocess
import sys

PART = 24  # bytes: by chance nothing else has so many


def numbers(text):
    """The private numbers of openssl's text: name and bytes."""
    for name, digits in re.findall(r"^(\w+).*:\n((?:    [0-9a-f:]+\n)+)", text, re.M):
        if name not in ("modulus", "pub"):
            yield name, bytes.fromhex(re.sub(r"[:\s]", "", digits)).lstrip(b"\0")


key, *passphrase = sys.argv[1:]
with open(key, "rb") as file:
    lines = file.read().split(b"-----END")[0].splitlines()
shown = subprocess.run(
    ["openssl", "pkey", "-in", key, "-noout", "-text", "-passin", "pass:" + "".join(passphrase)],
    capture_output=True, text=True, check=True).stdout
texts = []
parts = []
for number, value in numbers(shown):
    for start in (0, (len(value) - PART) // 2, len(value) - PART):
        part = value[start:start + PART]
        parts += [(f"{number}-{start}", part), (f"{number}-{start}-number", part[::-1])]
if passphrase:
    texts.append(("passphrase", passphrase[0].encode()))
elif lines[0].startswith(b"-----BEGIN"):
    texts += [(f"line-{i}", lines[i]) for i in (1, len(lines) // 2)]
if len(parts) < 6:
    sys.exit(f"{key}: no private numbers")
for found in texts, parts:
    print(" ".join(f"{name}={value[:60].hex()}" for name, value in found))
