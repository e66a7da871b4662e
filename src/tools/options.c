/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command lines of all tools share: names, messages, exit status, version. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <yaml.h>

#include "options.h"
#include "print.h"

/* Closed ones become /dev/null the wrong way round: to read from it ends, to write to it fails. */
static void keep_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1)
            (void)open("/dev/null", O_RDONLY); /* takes the lowest number, which is fd */
}

/*
 * OpenSSL's configuration file of the machine has nothing for the tools; to read it takes a good
 * part of a short run. Who names one in OPENSSL_CONF means it.
 */
static void start_libcrypto(void)
{
    if (getenv("OPENSSL_CONF") == NULL)
        (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL); /* what fails, fails again */
}

const char *start_tool(char **argv)
{
    static const struct rlimit no_core = {0, 0};
    char *slash = argv[0] != NULL ? strrchr(argv[0], '/') : NULL;

    keep_standard_descriptors();
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)signal(SIGXFSZ, SIG_IGN);
    start_libcrypto();
    if (argv[0] == NULL)
        return "rproc";
    if (slash != NULL)
        argv[0] = slash + 1;
    return argv[0];
}

static void vcomplain(const char *tool, const char *format, va_list arguments)
{
    char text[2048];
    char shown[ESCAPED_ROOM(sizeof(text))];

    (void)vsnprintf(text, sizeof(text), format, arguments);
    escape(text, shown);  /* names of files, for example */
    (void)fflush(stdout); /* what was said before stands before; finish_stdout sees errors */
    (void)fprintf(stderr, "%s: %s\n", tool, shown);
}

void complain(const char *tool, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vcomplain(tool, format, arguments);
    va_end(arguments);
}

static int try_help(const char *tool)
{
    (void)fprintf(stderr, "Try '%s --help'.\n", tool);
    return EXIT_FAILED;
}

int usage_error(const char *tool, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vcomplain(tool, format, arguments);
    va_end(arguments);
    return try_help(tool);
}

int exit_for(enum rprocfw_status status)
{
    if (status == RPROCFW_OK)
        return EXIT_DONE;
    return rprocfw_status_is_refusal(status) ? EXIT_REFUSED : EXIT_FAILED;
}

int fail(const char *tool, const struct rprocfw_error *error)
{
    complain(tool, "%s", error->text);
    return exit_for(error->status);
}

static void print_version(const char *tool)
{
    (void)printf("%s %s\n%s\njansson %s\nlibyaml %s\n", tool, RPROCFW_PACKAGE_VERSION,
                 OpenSSL_version(OPENSSL_VERSION), jansson_version_str(),
                 yaml_get_version_string());
}

int finish_stdout(const char *tool, int status)
{
    errno = 0;
    /* some file systems write, and fail, only when a file is closed; nothing is printed later */
    if (fflush(stdout) == 0 && !ferror(stdout) && close(STDOUT_FILENO) == 0)
        return status;
    complain(tool, "standard output: cannot write: %s",
             errno != 0 ? strerror(errno) : "part of the output is missing");
    return EXIT_FAILED;
}

int no_memory(const char *tool)
{
    complain(tool, "out of memory");
    return EXIT_FAILED;
}

int set_once(const char *tool, const char **place, const char *name, const char *value)
{
    if (*place != NULL)
        return usage_error(tool, "%s is given twice: %s and %s", name, *place, value);
    *place = value;
    return EXIT_DONE;
}

int words_add(struct words *words, const char *word, const char *tool)
{
    const char **grown = realloc(words->word, (words->count + 1) * sizeof(*grown));

    if (grown == NULL)
        return no_memory(tool);
    words->word = grown;
    words->word[words->count++] = word;
    return EXIT_DONE;
}

void words_free(struct words *words)
{
    free(words->word);
    *words = (struct words){0};
}

int parse_command_line(const struct command_line *line, const char *tool, void *ctx,
                       struct words *operands, int argc, char **argv, bool *finished)
{
    int status = EXIT_DONE;
    int option = 0;

    *finished = false;
    while (status == EXIT_DONE && !*finished) {
        option = getopt_long(argc, argv, line->short_options, line->long_options, NULL);
        if (option == -1)
            break;
        if (option == 'h')
            (void)fputs(line->help, stdout);
        else if (option == 'V')
            print_version(tool);
        else if (option == '?') /* getopt has said what is wrong */
            status = try_help(tool);
        else
            status = line->take(ctx, option, argc, argv);
        *finished = option == 'h' || option == 'V';
    }
    for (; status == EXIT_DONE && !*finished && optind < argc; optind++)
        status = words_add(operands, argv[optind], tool);
    return *finished ? finish_stdout(tool, status) : status;
}
