/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key: keys for those who verify. Each subcommand is in a file of its own. */
#include <string.h>

#include "help.h"
#include "json.h"
#include "key_subcommands.h"
#include "options.h"

static const struct help help = {
    .usage = "Usage: rproc-key show [options] KEY\n"
             "       rproc-key public [options] KEY\n"
             "       rproc-key pkeyinfo [options] KEY\n"
             "       rproc-key c-source [options] KEY\n"
             "       rproc-key match [options] KEY... -- FILE...\n"
             "\n"
             "show      what a key is, and what devices say to it\n"
             "public    its public half as SubjectPublicKeyInfo, PEM or DER\n"
             "pkeyinfo  its public half as ST's boards want it in the TLV PKEYINFO\n"
             "c-source  its public half as C source, for a device with a key compiled in\n"
             "match     which of several keys signed a container, or is in a device\n"
             "\n"
             "KEY is a public key, a certificate or a private key: RSA 2048 to 4096 or EC\n"
             "P-256; PEM, DER or PKCS#12, or a URI: pkcs11:..., handle:...\n"
             "rproc-key show --help tells the options of show, and so on.\n"
             "\n",
    .options = "  -h, --help     this text\n"
               "  -V, --version  version of the program and its libraries\n",
    .end = "\n"
           "Exit status: 0 done; 1 KEY is not the half that it should be, or none of them\n"
           "is the one; 2 it could not be done.\n"
           "Example: rproc-key show key.pub.pem\n",
};

static const struct {
    const char *name;
    int (*run)(const char *tool, int argc, char **argv);
} subcommands[] = {
    {"show", key_show},         {"public", key_public}, {"pkeyinfo", key_pkeyinfo},
    {"c-source", key_c_source}, {"match", key_match},
};

#define SUBCOMMANDS "show, public, pkeyinfo, c-source or match"

/* ---- What stands before the subcommand ---- */

static const struct option long_options[] = {
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int take_option(void *ctx, int option, int argc, char **argv)
{
    (void)ctx;
    (void)option;
    (void)argc;
    (void)argv;
    return EXIT_FAILED; /* no option of long_options comes here */
}

static const struct command_line command_line = {
    .help = &help,
    .short_options = "+:hV", /* what follows the subcommand is the subcommand's */
    .long_options = long_options,
    .take = take_option,
};

static int run(const char *tool, const char *name, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (strcmp(name, subcommands[i].name) != 0)
            continue;
        optind = 0; /* getopt starts anew, with this argv */
        return subcommands[i].run(tool, argc, argv);
    }
    return usage_error(tool, "%s: no subcommand; expected " SUBCOMMANDS, name);
}

int main(int argc, char **argv)
{
    const char *tool = start_tool("rproc-key", argv);
    struct words rest = {0};
    char **own; /* what the subcommand gets, from its name on */
    bool finished;
    int status;

    if (tool == NULL)
        return EXIT_FAILED;
    status = parse_command_line(&command_line, tool, NULL, &rest, argc, argv, &finished);
    if (status == EXIT_DONE && !finished && rest.count == 0)
        status = usage_error(tool, "no subcommand; expected " SUBCOMMANDS);
    if (status == EXIT_DONE && !finished) {
        own = argv + argc - rest.count;
        status = run(tool, rest.word[0], (int)rest.count, own);
    }
    words_free(&rest);
    return status;
}
