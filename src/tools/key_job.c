/* SPDX-License-Identifier: BSD-2-Clause */
/* What the subcommands of rproc-key that take one key have in common, from options to output. */
#include <string.h>
#include <unistd.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "key_job.h"

/* ---- The command line ---- */

static int set_expect(struct key_job *job, const char *half)
{
    if (strcmp(half, "public") != 0 && strcmp(half, "private") != 0)
        return usage_error(job->tool, "--expect %s: expected public or private", half);
    return set_once(job->tool, &job->expect, "--expect", half);
}

int key_job_take(struct key_job *job, int option)
{
    int status;

    if (key_options_take(&job->access, option, job->tool, &status))
        return status;
    switch (option) {
    case 'o':
        return set_once(job->tool, &job->out, "--out", optarg);
    case OPT_EXPECT:
        return set_expect(job, optarg);
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static int check(const struct key_job *job)
{
    if (job->out != NULL && job->out[0] == '\0')
        return usage_error(job->tool, "the name of the output is empty");
    if (job->keys.count == 0)
        return usage_error(job->tool, "no key; give a public key, a certificate or a private key");
    if (job->keys.count > 1)
        return usage_error(job->tool, "%zu keys, %s and %s ...; give one", job->keys.count,
                           job->keys.word[0], job->keys.word[1]);
    return EXIT_DONE;
}

bool key_job_to_stdout(const struct key_job *job)
{
    return job->out == NULL || strcmp(job->out, "-") == 0;
}

int key_job_check_bytes(const struct key_job *job)
{
    if (key_job_to_stdout(job) && isatty(STDOUT_FILENO))
        return usage_error(job->tool, "standard output is a terminal; DER is no text");
    return EXIT_DONE;
}

/* ---- The key ---- */

/* Private keys where public ones belong are let out with them; public ones cannot sign. */
static int check_half(const struct key_job *job, const struct rprocfw_key *key)
{
    const char *half = rprocfw_key_has_private(key) ? "private" : "public";

    if (job->expect == NULL || strcmp(job->expect, half) == 0)
        return EXIT_DONE;
    complain(job->tool, "%s: a %s key, expected a %s one; give the %s key", rprocfw_key_path(key),
             half, job->expect, job->expect);
    return EXIT_REFUSED;
}

static int load(struct key_job *job, struct rprocfw_key **key)
{
    struct rprocfw_key_access access;
    struct rprocfw_error error;

    key_options_warn(job->argv, job->tool);
    if (key_options_open(&job->access, &access, &error) != RPROCFW_OK ||
        rprocfw_key_load(key, job->keys.word[0], RPROCFW_KEY_VERIFY, &access, &error) != RPROCFW_OK)
        return fail(job->tool, &error);
    return check_half(job, *key);
}

/* ---- The work ---- */

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const char *tool = ctx;

    if (level == RPROCFW_LOG_WARNING)
        complain(tool, "warning: %s", message);
}

int key_job_write(const struct key_job *job, const struct rprocfw_key *key,
                  enum rprocfw_key_form form, const char *name)
{
    const struct rprocfw_key_export_job export = {
        .key = key,
        .form = form,
        .name = name,
        .output = key_job_to_stdout(job) ? NULL : job->out,
        .output_fd = STDOUT_FILENO,
        .keep = &job->kept,
        .keep_count = job->kept != NULL ? 1 : 0,
        .log = {.write = write_log, .ctx = (void *)job->tool},
    };
    struct rprocfw_error error;

    if (rprocfw_key_export(&export, &error) != RPROCFW_OK)
        return fail(job->tool, &error);
    return key_job_to_stdout(job) ? finish_stdout(job->tool, EXIT_DONE) : EXIT_DONE;
}

static int run(const struct key_command *command, void *options)
{
    struct key_job *job = options;
    struct rprocfw_key *key = NULL;
    int status = command->check != NULL ? command->check(options) : EXIT_DONE;

    if (status == EXIT_DONE)
        status = check(job);
    if (status == EXIT_DONE) {
        job->keys.word[0] = key_name(job->keys.word[0]);
        status = read_apart(job->keys.word, job->keys.count, &job->access.passphrase,
                            key_job_to_stdout(job), job->tool);
    }
    job->kept = passphrase_file(&job->access.passphrase);
    if (status == EXIT_DONE)
        status = load(job, &key);
    key_options_wipe(&job->access, job->argv);
    if (status == EXIT_DONE)
        status = command->run(options, key);
    rprocfw_key_free(key);
    return status;
}

int key_command_run(const struct key_command *command, void *options, int argc, char **argv)
{
    struct key_job *job = options;
    bool finished;
    int status =
        parse_command_line(&command->line, job->tool, options, &job->keys, argc, argv, &finished);

    job->argv = argv;
    if (status == EXIT_DONE && !finished)
        status = run(command, options);
    key_options_wipe(&job->access, argv);
    key_options_close(&job->access);
    words_free(&job->keys);
    return status;
}
