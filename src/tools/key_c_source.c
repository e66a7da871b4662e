/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key c-source: the public half of a key as C source. */
#include <string.h>
#include <unistd.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "key_subcommands.h"
#include "options.h"
#include "passphrase.h"

struct options {
    const char *tool;
    struct words keys; /* one */
    const char *name;
    const char *out;
    struct passphrase passphrase;
};

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct options *o = ctx;

    if (level == RPROCFW_LOG_WARNING)
        complain(o->tool, "warning: %s", message);
}

/* ---- The command line ---- */

enum long_option { OPT_NAME = 256, OPT_PASSPHRASE };

static const struct option long_options[] = {
    {"name", required_argument, NULL, OPT_NAME},
    {"out", required_argument, NULL, 'o'},
    {"passphrase", required_argument, NULL, OPT_PASSPHRASE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;

    (void)argc;
    (void)argv;
    switch (option) {
    case OPT_NAME:
        return set_once(o->tool, &o->name, "--name", optarg);
    case 'o':
        return set_once(o->tool, &o->out, "--out", optarg);
    case OPT_PASSPHRASE:
        return passphrase_set_source(&o->passphrase, optarg, o->tool);
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static const struct command_line command_line = {
    .help = key_help,
    .short_options = ":o:hV",
    .long_options = long_options,
    .take = take_option,
};

static int check_options(const struct options *o)
{
    struct rprocfw_error error;

    if (o->name != NULL && rprocfw_key_source_name(o->name, &error) != RPROCFW_OK)
        return usage_error(o->tool, "--name %s", error.text);
    if (o->out != NULL && o->out[0] == '\0')
        return usage_error(o->tool, "the name of the output is empty");
    if (o->keys.count == 0)
        return usage_error(o->tool, "no key; give a public key, a certificate or a private key");
    if (o->keys.count > 1)
        return usage_error(o->tool, "%zu keys, %s and %s ...; give one", o->keys.count,
                           o->keys.word[0], o->keys.word[1]);
    return EXIT_DONE;
}

/* ---- The work ---- */

static int load_key(struct options *o, struct rprocfw_key **key)
{
    const struct rprocfw_passphrase source = passphrase_for_library(&o->passphrase);
    struct rprocfw_error error;

    if (rprocfw_key_load(key, o->keys.word[0], RPROCFW_KEY_VERIFY, &source, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return EXIT_DONE;
}

static bool to_stdout(const struct options *o)
{
    return o->out == NULL || strcmp(o->out, "-") == 0;
}

static int write_source(struct options *o, const struct rprocfw_key *key, const char *kept)
{
    const struct rprocfw_key_source_job job = {
        .key = key,
        .name = o->name,
        .output = to_stdout(o) ? NULL : o->out,
        .output_fd = STDOUT_FILENO,
        .keep = &kept,
        .keep_count = kept != NULL ? 1 : 0,
        .log = {.write = write_log, .ctx = o},
    };
    struct rprocfw_error error;

    if (rprocfw_key_source(&job, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return to_stdout(o) ? finish_stdout(o->tool, EXIT_DONE) : EXIT_DONE;
}

static int run(struct options *o)
{
    const char *kept = passphrase_file(&o->passphrase);
    struct rprocfw_key *key = NULL;
    int status = check_options(o);

    if (status == EXIT_DONE)
        status = read_apart(o->keys.word, o->keys.count, &o->passphrase, to_stdout(o), o->tool);
    if (status == EXIT_DONE)
        status = load_key(o, &key);
    passphrase_wipe(&o->passphrase);
    if (status == EXIT_DONE)
        status = write_source(o, key, kept);
    rprocfw_key_free(key);
    return status;
}

int key_c_source(const char *tool, int argc, char **argv)
{
    struct options o = {.tool = tool};
    bool finished;
    int status;

    status = parse_command_line(&command_line, tool, &o, &o.keys, argc, argv, &finished);
    if (status == EXIT_DONE && !finished)
        status = run(&o);
    passphrase_wipe(&o.passphrase);
    words_free(&o.keys);
    return status;
}
