/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify --help. */
#include <stddef.h>

#include "help.h"

static const struct help_topic topics[] = {
    {"keys", "whose signatures count, and how keys are opened",
     "Keys: rproc-verify --key KEY [--key KEY]... [options] FILE...\n"
     "      rproc-verify --no-signature [options] FILE...\n"
     "  -k, --key KEY               public key, certificate or private key; PEM, DER\n"
     "                              or PKCS#12; a folder of them; or a URI: pkcs11:\n"
     "                              or handle:; one of all the keys must have signed\n"
     "      --passphrase SOURCE     of an encrypted private key, or a PIN: env:VAR,\n"
     "                              file:PATH, fd:N, stdin or prompt\n"
     "      --provider NAME[:PATH]  provider of OpenSSL that opens keys: tpm2, ...\n"
     "      --propquery QUERY       which algorithms of the providers are used\n"
     "      --engine NAME           engine of OpenSSL that opens tokens: pkcs11\n"
     "      --no-signature          check all but the signature: nothing is\n"
     "                              authenticated\n"},
    {"encryption", "images that are encrypted",
     "Encrypted images:\n"
     "      --enc_key FILE          AES-256 key: decrypt what is checked\n"
     "      --original ELF          with it: the image must be this ELF file; one for\n"
     "                              each image\n"},
    {"boards", "whether a board loads them; what its answers mean",
     "Boards: rproc-verify --explain ANSWER [options] [FILE...]\n"
     "        rproc-verify --list-boards [--board BOARD] [--format FORMAT]\n"
     "      --board NAME|FILE       the board that is to load it: of --list-boards, a\n"
     "                              file in YAML, or the device tree blob of its\n"
     "                              OP-TEE\n"
     "      --linux-dtb FILE        with it: the device tree blob of the board's Linux\n"
     "      --rproc-node PATH       with a blob: the node of the remote processor\n"
     "      --strict                with a board: refuse what would load, but not run\n"
     "      --list-boards           the boards that are known; with --board all of\n"
     "                              that one, with --format yaml to edit\n"
     "      --explain ANSWER        what it means when a board says 0xffff0006, -22;\n"
     "                              ANSWER may be a whole line of its log; with FILE,\n"
     "                              why it does\n"},
    {"manifests", "the outputs of a manifest",
     "Manifests: rproc-verify --manifest FILE.yaml [options] [NAME...]\n"
     "      --manifest FILE.yaml    the outputs of FILE, or of those named: are they\n"
     "                              good, and what it says? rprocfw-manifest(5)\n"},
    {"output", "what is printed, and pictures",
     "Output:\n"
     "      --coverage              list every range of the files: by what it is\n"
     "                              authenticated\n"
     "      --map FILE.svg          write a picture: the file beside the memory that\n"
     "                              it is for\n"
     "      --format text|json|lines|sarif\n"
     "                              what to print (default text)\n"
     "  -v, --verbose               list segments and what is not signed\n"
     "  -q, --quiet                 print nothing of accepted files\n"
     "  -h, --help [TOPIC]          one screen, a topic, or all\n"
     "  -V, --version               version of the program and its libraries\n"},
    {NULL, NULL, NULL},
};

const struct help help_verify = {
    .usage = "Usage: rproc-verify --key KEY [--key KEY]... [options] FILE...\n"
             "\n"
             "Judge signed firmware containers, as a careful board does, and say why.\n"
             "\n",
    .options = "  -k, --key KEY         public key, certificate, private key, or a folder of\n"
               "                        them; one of all the keys must have signed\n"
               "      --no-signature    check all but the signature\n"
               "      --board NAME      say whether this board loads them, too\n"
               "      --explain ANSWER  what it means when a board says 0xffff0006, -22 ...\n"
               "      --format json     what programs read; lines: what shells read\n"
               "  -v, --verbose         list segments and what is not signed\n"
               "  -q, --quiet           print nothing of accepted files\n"
               "  -h, --help TOPIC      more of:\n",
    .topics = topics,
    .end = "\n"
           "Exit status, the worst of all files: 0 accepted; 1 refused; 2 not judged.\n"
           "Example: rproc-verify --key k.pub.pem firmware.sig\n",
};
