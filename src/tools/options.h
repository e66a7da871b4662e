/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command lines of all tools share. */
#ifndef RPROCFW_TOOLS_OPTIONS_H
#define RPROCFW_TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <getopt.h>

#include <rprocfw/error.h>

/* Exit status of every tool. */
enum exit_status {
    EXIT_DONE = 0,    /* done, or good */
    EXIT_REFUSED = 1, /* judged and refused */
    EXIT_FAILED = 2   /* could not be done */
};

/*
 * First of all in main: nothing that is opened later may take the place of a closed standard input,
 * output or error; no core file with keys in it; a file size limit is an error, not a signal;
 * OpenSSL's configuration only if OPENSSL_CONF names it.
 * Returns the name to put before messages: argv[0] without its folder, or name if that is not fit
 * to be shown. NULL: exit with EXIT_FAILED, it was said why: a descriptor is closed and stays so,
 * or there is too little stack.
 */
const char *start_tool(const char *name, char **argv);

/* Before the first child: its end is to be waited for, whatever was set before the tool started. */
void start_children(void);

/* "TOOL: message" on standard error. */
void complain(const char *tool, const char *format, ...) RPROCFW_PRINTF(2, 3);

/* A usage error, with where to look; returns EXIT_FAILED. */
int usage_error(const char *tool, const char *format, ...) RPROCFW_PRINTF(2, 3);

/* Exit status for a status of the library. */
int exit_for(enum rprocfw_status status);

/* Say why; returns exit_for(error->status). */
int fail(const char *tool, const struct rprocfw_error *error);

/* The same of an option's argument: a usage error if that is wrong. */
int fail_option(const char *tool, const struct rprocfw_error *error);

/* "out of memory"; returns EXIT_FAILED. */
int no_memory(const char *tool);

/* The same in *error. Inline: an analyzer sees that it never returns RPROCFW_OK. */
static inline enum rprocfw_status out_of_memory(struct rprocfw_error *error)
{
    (void)rprocfw_error_set(error, RPROCFW_ERR_MEMORY, "out of memory");
    return RPROCFW_ERR_MEMORY;
}

/*
 * Flush and close standard output; what could not be written is an error. Returns status or
 * EXIT_FAILED.
 */
int finish_stdout(const char *tool, int status);

/* Take the value of an option that may stand once; EXIT_DONE, or what usage_error returns. */
int set_once(const char *tool, const char **place, const char *name, const char *value);

/* What --format may say, of each tool some. */
enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_LINES,
    FORMAT_YAML,
    FORMAT_SARIF,
    FORMAT_PEM,
    FORMAT_DER,
    FORMATS
};

#define FORMAT_BIT(format) (1u << (format))

/* Those of what people and programs read. */
#define FORMATS_OF_REPORTS \
    (FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) | FORMAT_BIT(FORMAT_LINES))

/* Take the value of --format; allowed: bits, or-ed. EXIT_DONE, or what usage_error returns. */
int take_format(const char *tool, enum format *format, unsigned allowed, const char *value);

/* A list of strings that grows. The strings are argv's. Start with {0}. */
struct words {
    const char **word;
    size_t count;
};

/* False: no memory. */
bool words_append(struct words *words, const char *word);

/* Returns EXIT_DONE, or what no_memory returns. */
int words_add(struct words *words, const char *word, const char *tool);
void words_free(struct words *words);

struct help;

/* A command line. -h, --help, -V and --version are taken care of. */
struct command_line {
    const struct help *help;
    const char *short_options; /* as getopt wants them; ':' before the first */
    const struct option
        *long_options; /* with 'h', whose argument is optional, and 'V' among them */
    /* Take one option, whose argument is optarg; returns EXIT_DONE or EXIT_FAILED. */
    int (*take)(void *ctx, int option, int argc, char **argv);
};

/*
 * Parse from argv[optind] on; what is no option goes to operands. *finished is true when all was
 * done that the command line asks for: exit with what is returned.
 */
int parse_command_line(const struct command_line *line, const char *tool, void *ctx,
                       struct words *operands, int argc, char **argv, bool *finished);

#endif
