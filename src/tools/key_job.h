/* SPDX-License-Identifier: BSD-2-Clause */
/* What the subcommands of rproc-key that take one key have in common, from options to output. */
#ifndef RPROCFW_TOOLS_KEY_JOB_H
#define RPROCFW_TOOLS_KEY_JOB_H

#include <rprocfw/key.h>

#include "help.h"
#include "key_options.h"
#include "options.h"

/* The command line. The options of a subcommand start with it. */
struct key_job {
    const char *tool;
    struct words keys; /* one */
    struct key_options access;
    char **argv;
    const char *expect; /* which half must be there: public or private; NULL: either */
    const char *out;    /* NULL: standard output */
    const char *kept;   /* file that the passphrase comes from, which is no output; NULL: none */
};

/* The long options that all of them have; 'o' and 512 on are free for others. */
enum job_option { OPT_EXPECT = 256 };

#define KEY_OPTIONS {"expect", required_argument, NULL, OPT_EXPECT}, KEY_LONG_OPTIONS

#define KEY_OPTIONS_HELP                                                               \
    "      --expect public|private  exit with 1, and write nothing, if KEY is not\n"   \
    "                               that half\n"                                       \
    "      --passphrase SOURCE      of a private key, or a PIN: env:VAR, file:PATH,\n" \
    "                               fd:N, stdin or prompt\n"                           \
    "      --provider NAME[:PATH]   provider of OpenSSL that opens KEY: tpm2, ...\n"   \
    "      --propquery QUERY        which algorithms of the providers are used\n"      \
    "      --engine NAME            engine of OpenSSL that opens tokens: pkcs11\n"     \
    "  -h, --help                   this text\n"                                       \
    "  -V, --version                version of the program and its libraries\n"

#define KEY_END_HELP "\nExit status: 0 done; 1 KEY is not that half; 2 it could not be done.\n"

#define OUT_HELP "  -o, --out FILE               write to FILE (default -, standard output)\n"

/* Take one of these, or --out; returns EXIT_DONE or EXIT_FAILED. */
int key_job_take(struct key_job *job, int option);

/* A subcommand. */
struct key_command {
    struct command_line line;
    /* Judges the options, before anything is read; NULL: there is nothing to judge. */
    int (*check)(const void *options);
    /* Does the work. key is the job's; returns the exit status. */
    int (*run)(const void *options, const struct rprocfw_key *key);
};

/* options starts with a struct key_job, of which only tool is set. Returns the exit status. */
int key_command_run(const struct key_command *command, void *options, int argc, char **argv);

/* Write the key in this form to where the job says; returns the exit status. */
int key_job_write(const struct key_job *job, const struct rprocfw_key *key,
                  enum rprocfw_key_form form, const char *name);

/* Is standard output the output? */
bool key_job_to_stdout(const struct key_job *job);

/* Bytes that are no text do not go to a terminal; returns EXIT_DONE or EXIT_FAILED. */
int key_job_check_bytes(const struct key_job *job);

#endif
