/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key: keys for those who verify. Each subcommand is in a file of its own. */
#include <string.h>

#include "key_subcommands.h"
#include "options.h"

const char key_help[] =
    "Usage: rproc-key c-source [options] KEY\n"
    "\n"
    "c-source: write the public half of KEY as C11 source, for a device that has its key\n"
    "compiled in: a constant of the type that <rprocfw/public_key.h> declares. KEY is a\n"
    "public key, a certificate or a private key: RSA 2048 to 4096 or EC P-256, PEM or DER.\n"
    "\n"
    "      --name NAME          name of the constant (default rprocfw_public_key)\n"
    "  -o, --out FILE           write to FILE (default -, standard output)\n"
    "      --passphrase SOURCE  of a private key: env:VAR, file:PATH, fd:N, stdin or prompt\n"
    "  -h, --help               this text\n"
    "  -V, --version            version of the program and its libraries\n"
    "\n"
    "Exit status: 0 done; 2 it could not be done.\n"
    "Example: rproc-key c-source --out public_key.c key.pub.pem\n";

static const struct {
    const char *name;
    int (*run)(const char *tool, int argc, char **argv);
} subcommands[] = {
    {"c-source", key_c_source},
};

#define SUBCOMMANDS "c-source"

/* ---- What stands before the subcommand ---- */

static const struct option long_options[] = {
    {"help", no_argument, NULL, 'h'},
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
    .help = key_help,
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
