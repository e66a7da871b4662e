/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key public and pkeyinfo: the public half of a key as SubjectPublicKeyInfo. */

#include <rprocfw/rprocfw.h>

#include "key_job.h"
#include "key_subcommands.h"

struct options {
    struct key_job job;
    enum format format;
};

static const struct help public_help = {
    .usage = "Usage: rproc-key public [options] KEY\n"
             "\n"
             "Write the public half of KEY as SubjectPublicKeyInfo, the form that openssl\n"
             "takes.\n"
             "\n",
    .options =
        "      --format pem|der         the form (default pem)\n"
        "      --der                    the same as --format der\n" OUT_HELP KEY_OPTIONS_HELP,
    .end = KEY_END_HELP "Example: rproc-key public --out key.pub.pem key.pem\n",
};

static const struct help pkeyinfo_help = {
    .usage = "Usage: rproc-key pkeyinfo [options] KEY\n"
             "\n"
             "Write the public half of KEY as ST's boards want it in the TLV PKEYINFO: 294\n"
             "bytes of an RSA-2048 key with the exponent 65537, 91 bytes of an EC P-256 key;\n"
             "they take no others.\n"
             "\n",
    .options = OUT_HELP KEY_OPTIONS_HELP,
    .end = KEY_END_HELP "Example: rproc-key pkeyinfo --out keyinfo.bin key.pub.pem\n",
};

enum long_option { OPT_FORMAT = 512, OPT_DER };

static const struct option public_options[] = {
    {"format", required_argument, NULL, OPT_FORMAT},
    {"der", no_argument, NULL, OPT_DER},
    {"out", required_argument, NULL, 'o'},
    KEY_OPTIONS,
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static const struct option pkeyinfo_options[] = {
    {"out", required_argument, NULL, 'o'},
    KEY_OPTIONS,
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;

    (void)argc;
    (void)argv;
    switch (option) {
    case OPT_FORMAT:
        return take_format(o->job.tool, &o->format, FORMAT_BIT(FORMAT_PEM) | FORMAT_BIT(FORMAT_DER),
                           optarg);
    case OPT_DER:
        o->format = FORMAT_DER;
        return EXIT_DONE;
    default:
        return key_job_take(&o->job, option);
    }
}

static int check_output(const void *options)
{
    const struct options *o = options;

    return o->format == FORMAT_DER ? key_job_check_bytes(&o->job) : EXIT_DONE;
}

static int write_public(const void *options, const struct rprocfw_key *key)
{
    const struct options *o = options;

    return key_job_write(&o->job, key, o->format == FORMAT_DER ? RPROCFW_KEY_DER : RPROCFW_KEY_PEM,
                         NULL);
}

int key_public(const char *tool, int argc, char **argv)
{
    static const struct key_command command = {
        .line = {.help = &public_help,
                 .short_options = ":o:hV",
                 .long_options = public_options,
                 .take = take_option},
        .check = check_output,
        .run = write_public,
    };
    struct options o = {.job = {.tool = tool}};

    return key_command_run(&command, &o, argc, argv);
}

static int write_pkeyinfo(const void *options, const struct rprocfw_key *key)
{
    const struct options *o = options;

    return key_job_write(&o->job, key, RPROCFW_KEY_PKEYINFO, NULL);
}

int key_pkeyinfo(const char *tool, int argc, char **argv)
{
    static const struct key_command command = {
        .line = {.help = &pkeyinfo_help,
                 .short_options = ":o:hV",
                 .long_options = pkeyinfo_options,
                 .take = take_option},
        .check = check_output,
        .run = write_pkeyinfo,
    };
    struct options o = {.job = {.tool = tool}, .format = FORMAT_DER};

    return key_command_run(&command, &o, argc, argv);
}
