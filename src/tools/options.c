/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command lines of all tools share: names, messages, exit status, version. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <yaml.h>

#include <rprocfw/rprocfw.h>

#include "help.h"
#include "json.h"
#include "options.h"
#include "print.h"

/* Closed ones become /dev/null the wrong way round: to read from it ends, to write to it fails. */
static bool keep_standard_descriptors(const char *tool)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        /* open takes the lowest number, which is fd */
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF || open("/dev/null", O_RDONLY) == fd)
            continue;
        complain(tool, "descriptor %d is closed, and /dev/null cannot be opened: %s", fd,
                 strerror(errno));
        return false;
    }
    return true;
}

/*
 * OpenSSL's configuration file of the machine has nothing for the tools; to read it, and to tidy up
 * at the end, takes a good part of a short run. Who names one in OPENSSL_CONF means it, and what it
 * loads may need an end. Keys are wiped when they are freed, which waits for no end.
 */
static void start_libcrypto(void)
{
    if (getenv("OPENSSL_CONF") == NULL) /* what fails, fails again */
        (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
}

/* More than the deepest calls use. */
#define STACK_NEEDED ((rlim_t)96 * 1024)

static rlim_t size_of(char *const *strings)
{
    rlim_t size = 0;

    for (; *strings != NULL; strings++)
        size += sizeof(char *) + strlen(*strings) + 1;
    return size;
}

/* A low limit is raised; where that is not allowed, it is said rather than found out by a crash. */
static bool has_stack(const char *tool, char *const *argv)
{
    /* they stand on it */
    const rlim_t needed = STACK_NEEDED + size_of(argv) + size_of(environ);
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= needed) /* or no limit */
        return true;
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_max >= needed && setrlimit(RLIMIT_STACK, &limit) == 0)
        return true;
    (void)fputs(tool, stderr); /* complain() would need stack */
    (void)fputs(": the stack is limited to too few bytes; allow more (ulimit -s 8192)\n", stderr);
    return false;
}

#define NAME_LIMIT 64u

static const char *name_of(const char *name, char **argv)
{
    const char *slash = argv[0] != NULL ? strrchr(argv[0], '/') : NULL;
    const char *called = slash != NULL ? slash + 1 : argv[0];
    const bool fit = called != NULL && strlen(called) <= NAME_LIMIT &&
                     is_printable((const uint8_t *)called, strlen(called));

    return fit ? called : name;
}

const char *start_tool(const char *name, char **argv)
{
    static const struct rlimit no_core = {0, 0};
    const char *tool = name_of(name, argv);

    if (!keep_standard_descriptors(tool) || !has_stack(tool, argv))
        return NULL;
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)prctl(PR_SET_DUMPABLE, 0); /* nor to a program that takes core dumps */
    (void)signal(SIGXFSZ, SIG_IGN);
    start_libcrypto();
    return tool;
}

void start_children(void)
{
    (void)signal(SIGCHLD, SIG_DFL);
}

static void vcomplain(const char *tool, const char *format, va_list arguments)
{
    char text[1024];
    char *longer = NULL;
    char shown[2048];
    va_list again;

    va_copy(again, arguments);
    if (vsnprintf(text, sizeof(text), format, again) >= (int)sizeof(text) &&
        vasprintf(&longer, format, arguments) < 0)
        longer = NULL; /* without memory the end is missing */
    va_end(again);
    escape(longer != NULL ? longer : text, shown, sizeof(shown)); /* names of files, for example */
    free(longer);
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

int fail_option(const char *tool, const struct rprocfw_error *error)
{
    return error->status == RPROCFW_ERR_USAGE ? usage_error(tool, "%s", error->text)
                                              : fail(tool, error);
}

static void print_version(const char *tool)
{
    (void)printf("%s %s\nlibrprocfw %s\n%s\n", tool, RPROCFW_PACKAGE_VERSION, rprocfw_version(),
                 OpenSSL_version(OPENSSL_VERSION));
    (void)printf("libyaml %s\n",
                 yaml_get_version_string()); /* librprocfw reads boards and manifests with it */
    print_json_libraries();
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

static const char *const format_names[FORMATS] = {
    [FORMAT_TEXT] = "text", [FORMAT_JSON] = "json",   [FORMAT_LINES] = "lines",
    [FORMAT_YAML] = "yaml", [FORMAT_SARIF] = "sarif", [FORMAT_PEM] = "pem",
    [FORMAT_DER] = "der",
};

/* "text, json or yaml". */
static void list_formats(unsigned allowed, char *text, size_t size)
{
    size_t length = 0;

    text[0] = '\0';
    for (unsigned format = 0; format < FORMATS; format++) {
        const unsigned later = allowed >> format >> 1;
        const char *before = length == 0 ? "" : later == 0 ? " or " : ", ";

        if ((allowed & FORMAT_BIT(format)) != 0 && length < size)
            length += (size_t)snprintf(text + length, size - length, "%s%s", before,
                                       format_names[format]);
    }
}

int take_format(const char *tool, enum format *format, unsigned allowed, const char *value)
{
    char expected[64];

    for (unsigned i = 0; i < FORMATS; i++)
        if ((allowed & FORMAT_BIT(i)) != 0 && strcmp(value, format_names[i]) == 0) {
            *format = i;
            return EXIT_DONE;
        }
    list_formats(allowed, expected, sizeof(expected));
    return usage_error(tool, "--format %s: expected %s", value, expected);
}

bool words_append(struct words *words, const char *word)
{
    const char **grown = realloc(words->word, (words->count + 1) * sizeof(*grown));

    if (grown == NULL)
        return false;
    words->word = grown;
    words->word[words->count++] = word;
    return true;
}

int words_add(struct words *words, const char *word, const char *tool)
{
    return words_append(words, word) ? EXIT_DONE : no_memory(tool);
}

void words_free(struct words *words)
{
    free(words->word);
    *words = (struct words){0};
}

/* The next long option, from option on, whose name starts so; NULL: none. */
static const struct option *starting_with(const struct option *option, const char *name,
                                          size_t length)
{
    while (option->name != NULL && strncmp(option->name, name, length) != 0)
        option++;
    return option->name != NULL ? option : NULL;
}

/* word: as it was given, perhaps with a value, which may be a secret. */
static int bad_long_option(const struct option *options, const char *tool, const char *word)
{
    const size_t length = strcspn(word, "=");
    const char *name = word + strlen("--");
    const struct option *first = starting_with(options, name, length - strlen("--"));
    const struct option *other = first;

    if (optopt != 0)
        return usage_error(tool, "option '%.*s' takes no argument", (int)length, word);
    while (other != NULL && other->val == first->val)
        other = starting_with(other + 1, name, length - strlen("--"));
    if (other == NULL)
        return usage_error(tool, "unrecognized option '%.*s'", (int)length, word);
    return usage_error(tool, "option '%.*s' is ambiguous: --%s or --%s?", (int)length, word,
                       first->name, other->name);
}

static bool is_value_of(const struct option *option, int value)
{
    while (option->name != NULL && option->val != value)
        option++;
    return option->name != NULL;
}

/*
 * What getopt answered '?' or, where an argument is missing, ':' to. optopt is a character that is
 * no option, the value of an option, or 0 for a long one that is none; getopt is behind the last
 * two, not always behind the word with the first.
 */
static int bad_option(const struct command_line *line, const char *tool, int answer, char **argv)
{
    const char *word = argv[optind - 1];

    if (answer == ':' && strncmp(word, "--", 2) == 0)
        return usage_error(tool, "option '%s' requires an argument", word);
    if (answer == ':')
        return usage_error(tool, "option '-%c' requires an argument", optopt);
    if (optopt != 0 && !is_value_of(line->long_options, optopt))
        return usage_error(tool, "unrecognized option '-%c'", optopt);
    return bad_long_option(line->long_options, tool, word);
}

/* The topic is behind '=' or, where there are topics, the next word. */
static int print_help(const struct command_line *line, const char *tool, int argc, char **argv)
{
    const char *topic = optarg;

    if (topic == NULL && line->help->topics != NULL && optind < argc && argv[optind][0] != '-')
        topic = argv[optind];
    return help_print(line->help, topic, tool);
}

int parse_command_line(const struct command_line *line, const char *tool, void *ctx,
                       struct words *operands, int argc, char **argv, bool *finished)
{
    int status = EXIT_DONE;
    int option = 0;

    opterr = 0; /* getopt would print what it finds, as it is */
    *finished = false;
    while (status == EXIT_DONE && !*finished) {
        option = getopt_long(argc, argv, line->short_options, line->long_options, NULL);
        if (option == -1)
            break;
        if (option == 'h')
            status = print_help(line, tool, argc, argv);
        else if (option == 'V')
            print_version(tool);
        else if (option == '?' || option == ':')
            status = bad_option(line, tool, option, argv);
        else
            status = line->take(ctx, option, argc, argv);
        *finished = option == 'h' || option == 'V';
    }
    for (; status == EXIT_DONE && !*finished && optind < argc; optind++)
        status = words_add(operands, argv[optind], tool);
    return *finished ? finish_stdout(tool, status) : status;
}
