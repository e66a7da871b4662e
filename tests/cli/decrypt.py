# SPDX-License-Identifier: BSD-2-Clause
"""decrypt.py CONTAINER KEY OUT...: what the format says, done with openssl.

Writes each image of an encrypted container, its PT_LOADs decrypted, to OUT, without the zero bytes
at its end. Prints, for each PT_LOAD with bytes, number of the image, offset, size and IV. A PT_LOAD of
16 bytes or more whose ciphertext is its plaintext is an error.
"""
import struct
import subprocess
import sys

ALIGNMENT, ENTRY, PT_LOAD = 8, 80, 1
TLV_NUM_IMG, TLV_IMGTYPE, TLV_IMGSIZE, TLV_ENCTYPE, TLV_ENCTABLE = 3, 4, 5, 6, 0x12


def r8(size):
    return -(-size // ALIGNMENT) * ALIGNMENT


def read_tlvs(area):
    values, at = {}, 0
    while at < len(area):
        kind, length = struct.unpack_from("<2I", area, at)
        values[kind] = area[at + 8:at + 8 + length]
        at += 8 + r8(length)
    return values


def decrypt(ciphertext, key, iv):
    return subprocess.run(["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key.hex(),
                           "-iv", iv.hex()], input=ciphertext, capture_output=True,
                          check=True).stdout


path, key_path, *outs = sys.argv[1:]
with open(path, "rb") as file:
    container = file.read()
with open(key_path, "rb") as file:
    KEY = file.read()
magic, version, tlv_len, sign_len, img_len = struct.unpack_from("<5I", container)
tlvs = read_tlvs(container[20:20 + tlv_len])
table = tlvs[TLV_ENCTABLE]
if (tlvs[TLV_NUM_IMG], tlvs[TLV_ENCTYPE]) != (bytes([len(outs)]), b"\1"):
    sys.exit(f"{path}: NUM_IMG or ENCTYPE")
if tlvs[TLV_IMGTYPE] != b"\2" * len(outs):
    sys.exit(f"{path}: IMGTYPE")
start = 20 + r8(tlv_len) + r8(sign_len)
for number, (out, size) in enumerate(zip(outs, struct.unpack(f"<{len(outs)}I", tlvs[TLV_IMGSIZE]))):
    image = bytearray(container[start:start + size])
    phnum, = struct.unpack_from("<H", image, 44)
    part, table = table[:phnum * ENTRY], table[phnum * ENTRY:]
    for at in range(0, len(part), ENTRY):
        kind, offset, _, _, filesz = struct.unpack_from("<5I", part, at)
        if kind != PT_LOAD or filesz == 0:
            continue
        IV = part[at + 64:at + ENTRY]
        encrypted = bytes(image[offset:offset + filesz])
        image[offset:offset + filesz] = decrypt(encrypted, KEY, IV)
        if encrypted == image[offset:offset + filesz]:
            sys.exit(f"{path}: image {number}: {filesz} bytes at {offset} are not encrypted")
        print(number, offset, filesz, IV.hex())
    with open(out, "wb") as file:
        file.write(image.rstrip(b"\0"))
    start += size
if table:
    sys.exit(f"{path}: the table has {len(table)} bytes too many")
