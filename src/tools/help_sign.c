/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign --help. */
#include <stddef.h>

#include "help.h"

static const struct help_topic topics[] = {
    {"keys", "which private key signs, and how it is opened",
     "Keys: rproc-sign --key KEY [options] IN.elf... OUT\n"
     "  -k, --key KEY               private key: RSA 2048 to 4096 or EC P-256; PEM,\n"
     "                              DER, PKCS#12, or a URI: pkcs11:..., handle:...\n"
     "      --passphrase SOURCE     of an encrypted key, or a PIN: env:VAR, file:PATH,\n"
     "                              fd:N, stdin or prompt\n"
     "      --key_pwd PASSPHRASE    the passphrase; everybody on the machine can\n"
     "                              read it there\n"
     "      --provider NAME[:PATH]  provider of OpenSSL that opens the key: tpm2, ...\n"
     "      --propquery QUERY       which algorithms of the providers are used\n"
     "      --engine NAME           engine of OpenSSL that opens tokens: pkcs11\n"
     "      --key_type RSA|ECC      confirm the kind of the key\n"
     "      --random-nonce          ECDSA: a signature that is another one each time\n"},
    {"elsewhere", "where the private key is on another machine",
     "Where the private key is elsewhere:\n"
     "       rproc-sign --public-key PUB --tbs TBS [options] IN.elf...\n"
     "       rproc-sign --public-key PUB --attach SIGNATURE UNSIGNED OUT\n"
     "       rproc-sign --public-key PUB --signer 'PROGRAM ARGS' [options] IN.elf OUT\n"
     "      --public-key PUB        the public key, or a certificate\n"
     "      --tbs TBS               write what is to be signed, the container without\n"
     "                              signature to TBS.unsigned, and say how openssl\n"
     "                              signs it\n"
     "      --attach SIGNATURE      verify SIGNATURE, put it into UNSIGNED: raw, DER\n"
     "                              or base64\n"
     "      --signer 'PROGRAM ARGS' a program that signs its standard input\n"
     "      --signer-timeout N      end it after N seconds (default 60; 0: never)\n"
     "      --digest                to TBS, or to the program, the SHA-256 only\n"},
    {"tlvs", "what else is signed: platform TLVs, key information",
     "TLVs:\n"
     "      --plat-tlv ID VALUE     platform TLV: 0x... is a 32-bit number, all else\n"
     "                              text; ID is a number, BOOTADDR or BOOTSEC;\n"
     "                              BOOTADDR auto takes the address of .isr_vectors\n"
     "      --plat-tlv-file ID FILE platform TLV with the bytes of FILE\n"
     "      --plat-tlv-hex ID HEX   platform TLV with these bytes\n"
     "      --key_info spki|FILE    put the key, or the bytes of FILE, into the TLV\n"
     "                              PKEYINFO\n"
     "      --layout optee|st       order of the TLVs: OP-TEE's (default) or ST's\n"},
    {"images", "inputs, what is left out of them, and encryption",
     "Images:\n"
     "      --in IN.elf             an image; may be given several times\n"
     "      --strip                 without debug sections and symbols; what is loaded\n"
     "                              stays\n"
     "      --loadable-only         without program headers that boards stumble over\n"
     "      --any-machine           accept ELF files that are not for ARM\n"
     "      --enc_key FILE          encrypt the segments with this AES-256 key, of 32\n"
     "                              bytes or 64 hexadecimal digits; takes ST's order\n"
     "                              of the TLVs\n"
     "      --enc-pad               append zero bytes to segments that end within a\n"
     "                              block\n"
     "      --enc-deterministic     IVs that are the same each time\n"},
    {"boards", "what a board would not load",
     "Boards:\n"
     "      --board NAME|FILE       sign only what this board would load: a name that\n"
     "                              rproc-verify lists, a file in YAML, or the device\n"
     "                              tree blob of its OP-TEE\n"
     "      --rproc-node PATH       with a blob: the remote processor's node\n"
     "      --linux-dtb FILE        with --board: the device tree blob of the board's\n"
     "                              Linux\n"
     "      --preflight=HOW         warn, off: sign what no board would load, with a\n"
     "                              warning or without a look; strict: not what would\n"
     "                              load, but not run\n"},
    {"manifests", "many containers in one file; what build systems want",
     "Manifests, and builds: rproc-sign --manifest FILE.yaml [options] [NAME...]\n"
     "      --manifest FILE.yaml    sign all containers of FILE, or those named:\n"
     "                              rprocfw-manifest(5)\n"
     "      --jobs N                so many at a time (default: one a processor)\n"
     "      --fail-fast             begin no other after one failed\n"
     "      --if-changed            leave OUT alone if it is what would be written\n"
     "      --depfile FILE          write what OUT was made of, for Make and Ninja\n"
     "      --report FILE           write what was signed, with digests, in JSON\n"
     "      --sarif FILE            write what was found, in SARIF 2.1.0\n"},
    {"containers", "sign again, extract and replace signatures",
     "Containers that there are:\n"
     "       rproc-sign --resign --key KEY [options] FILE OUT\n"
     "       rproc-sign --extract-signature [--der] FILE OUT\n"
     "       rproc-sign --public-key PUB --replace-signature SIGNATURE FILE OUT\n"
     "      --resign                sign FILE with another key; TLVs and payload stay\n"
     "      --extract-signature     write the signature of FILE, raw or with --der in\n"
     "                              DER\n"
     "      --der                   ECDSA: DER in place of r and s\n"
     "      --replace-signature SIGNATURE\n"
     "                              as --attach, into a container that is signed\n"},
    {"output", "the container, and what is said",
     "Output:\n"
     "  -o, --out OUT               the container, where inputs are given with --in\n"
     "      --no-sync               do not wait until OUT is on the disk\n"
     "  -n, --dry-run               do all but the writing\n"
     "  -v, --verbose               say each step\n"
     "  -q, --quiet                 say errors only\n"
     "  -h, --help [TOPIC]          one screen, a topic, or all\n"
     "  -V, --version               version of the program and its libraries\n"},
    {NULL, NULL, NULL},
};

const struct help help_sign = {
    .usage = "Usage: rproc-sign --key KEY [options] IN.elf... OUT\n"
             "\n"
             "Sign ELF firmware for a remote processor into a container that OP-TEE's\n"
             "remoteproc TA loads. One IN.elf without OUT: IN.elf.sig; -: standard output.\n"
             "\n",
    .options = "  -k, --key KEY            private key: a file, or a URI of a token or TPM\n"
               "      --passphrase SOURCE  of it: env:VAR, file:PATH, fd:N, stdin or prompt\n"
               "      --plat-tlv ID VALUE  platform TLV, BOOTADDR 0x80100000 for example\n"
               "      --board NAME         sign only what this board would load\n"
               "  -v, --verbose            say each step\n"
               "  -h, --help TOPIC         more of:\n",
    .topics = topics,
    .end = "\n"
           "Exit status: 0 signed; 1 an input was judged and refused; 2 could not be done.\n"
           "Example: rproc-sign --key k.pem firmware.elf firmware.sig\n",
};
