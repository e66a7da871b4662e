/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key c-source: the public half of a key as C source. */
#include <string.h>

#include <rprocfw/rprocfw.h>

#include "key_job.h"
#include "key_subcommands.h"

struct options {
    struct key_job job;
    bool optee; /* --style */
    const char *name;
    const char *prefix;
};

static const struct help help = {
    .usage = "Usage: rproc-key c-source [--name NAME] [options] KEY\n"
             "       rproc-key c-source --style optee [--prefix PREFIX] [options] KEY\n"
             "\n"
             "Write the public half of KEY as C source, for a device that has its key compiled\n"
             "in: a constant of the type that <rprocfw/public_key.h> declares, or those of\n"
             "OP-TEE's platforms.\n"
             "\n",
    .options = "      --style rprocfw|optee    which of the two (default rprocfw)\n"
               "      --name NAME              name of the constant (rprocfw_public_key)\n"
               "      --prefix PREFIX          start of OP-TEE's names (rproc_pub_key)\n" OUT_HELP
                   KEY_OPTIONS_HELP,
    .end = KEY_END_HELP "Example: rproc-key c-source --out public_key.c key.pub.pem\n",
};

enum long_option { OPT_NAME = 512, OPT_STYLE, OPT_PREFIX };

static const struct option long_options[] = {
    {"name", required_argument, NULL, OPT_NAME},
    {"style", required_argument, NULL, OPT_STYLE},
    {"prefix", required_argument, NULL, OPT_PREFIX},
    {"out", required_argument, NULL, 'o'},
    KEY_OPTIONS,
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int set_style(struct options *o, const char *style)
{
    o->optee = strcmp(style, "optee") == 0;
    if (o->optee || strcmp(style, "rprocfw") == 0)
        return EXIT_DONE;
    return usage_error(o->job.tool, "--style %s: expected rprocfw or optee", style);
}

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;

    (void)argc;
    (void)argv;
    switch (option) {
    case OPT_NAME:
        return set_once(o->job.tool, &o->name, "--name", optarg);
    case OPT_PREFIX:
        return set_once(o->job.tool, &o->prefix, "--prefix", optarg);
    case OPT_STYLE:
        return set_style(o, optarg);
    default:
        return key_job_take(&o->job, option);
    }
}

static int check_name(const struct options *o, const char *option, const char *name)
{
    struct rprocfw_error error;

    if (name == NULL || rprocfw_key_source_name(name, &error) == RPROCFW_OK)
        return EXIT_DONE;
    return usage_error(o->job.tool, "%s %s", option, error.text);
}

static int check_options(const void *options)
{
    const struct options *o = options;
    int status = check_name(o, "--name", o->name);

    if (status == EXIT_DONE)
        status = check_name(o, "--prefix", o->prefix);
    if (status == EXIT_DONE && o->optee && o->name != NULL)
        status = usage_error(o->job.tool,
                             "--name %s: --style optee has several names; give --prefix", o->name);
    if (status == EXIT_DONE && !o->optee && o->prefix != NULL)
        status =
            usage_error(o->job.tool, "--prefix %s: for --style optee only; give --name", o->prefix);
    return status;
}

static int write_source(const void *options, const struct rprocfw_key *key)
{
    const struct options *o = options;

    return o->optee ? key_job_write(&o->job, key, RPROCFW_KEY_SOURCE_OPTEE, o->prefix)
                    : key_job_write(&o->job, key, RPROCFW_KEY_SOURCE, o->name);
}

int key_c_source(const char *tool, int argc, char **argv)
{
    static const struct key_command command = {
        .line = {.help = &help,
                 .short_options = ":o:hV",
                 .long_options = long_options,
                 .take = take_option},
        .check = check_options,
        .run = write_source,
    };
    struct options o = {.job = {.tool = tool}};

    return key_command_run(&command, &o, argc, argv);
}
