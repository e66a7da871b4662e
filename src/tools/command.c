/* SPDX-License-Identifier: BSD-2-Clause */
/* Words of a command line, without a shell. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "options.h"
#include "print.h"

static const char spaces[] = " \t\n\r\v\f";

/* The word at *from without its quotes to *to, both of which go behind it. NULL: it is whole;
 * otherwise what is missing. */
static const char *take_word(const char **from, char **to)
{
    char quote = '\0';

    for (; **from != '\0'; (*from)++) {
        const char c = **from;

        if (quote == '\0' && strchr(spaces, c) != NULL)
            break;
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
        } else {
            const char next = (*from)[1];

            if (c == '\\' && (quote == '\0' || (quote == '"' && (next == '"' || next == '\\')))) {
                if (next == '\0')
                    return "a backslash stands at its end";
                (*from)++;
            }
            *(*to)++ = **from;
        }
    }
    *(*to)++ = '\0';
    return quote == '\0' ? NULL : "a quotation mark is missing";
}

/* Words are not longer than what they are taken from. */
static enum rprocfw_status split(struct command *command, const char *option, const char *from,
                                 struct rprocfw_error *error)
{
    const size_t length = strlen(from);
    const char *wrong = NULL;
    size_t count = 0;
    char *to;

    command->text = malloc(length + 1);
    command->argv = calloc(length / 2 + 2, sizeof(*command->argv));
    if (command->text == NULL || command->argv == NULL)
        return out_of_memory(error);
    to = command->text;
    for (from += strspn(from, spaces); *from != '\0' && wrong == NULL;
         from += strspn(from, spaces)) {
        command->argv[count++] = to;
        wrong = take_word(&from, &to);
    }
    if (wrong == NULL && (count == 0 || command->argv[0][0] == '\0'))
        wrong = "no program";
    if (wrong == NULL)
        return RPROCFW_OK;
    (void)rprocfw_error_set(error, RPROCFW_ERR_USAGE, "%s: %s", option, wrong);
    return RPROCFW_ERR_USAGE;
}

static bool is_program(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

/* Of PATH only folders with a whole path count: what lies in the current folder has to be named. */
static enum rprocfw_status find(struct command *command, const char *option,
                                struct rprocfw_error *error)
{
    const char *name = command->argv[0];
    const char *folders = strchr(name, '/') == NULL ? getenv("PATH") : NULL;

    if (strchr(name, '/') != NULL) {
        command->path = strdup(name);
        return command->path != NULL ? RPROCFW_OK : out_of_memory(error);
    }
    while (folders != NULL && *folders != '\0') {
        const size_t length = strcspn(folders, ":");

        if (*folders == '/') {
            if (asprintf(&command->path, "%.*s/%s", (int)length, folders, name) < 0) {
                command->path = NULL;
                return out_of_memory(error);
            }
            if (is_program(command->path))
                return RPROCFW_OK;
            free(command->path);
            command->path = NULL;
        }
        folders += length + (folders[length] == ':');
    }
    return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                             "%s: no program %s in the folders of PATH; give its path", option,
                             name);
}

enum rprocfw_status command_parse(struct command *command, const char *option, const char *from,
                                  struct rprocfw_error *error)
{
    enum rprocfw_status status;

    *command = (struct command){0};
    status = split(command, option, from, error);
    return status == RPROCFW_OK ? find(command, option, error) : status;
}

void command_free(struct command *command)
{
    free(command->argv);
    free(command->path);
    free(command->text);
}

void print_word(FILE *to, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_@%+=:,./-";
    const size_t length = strlen(word);

    if (length > 0 && strspn(word, plain) == length) {
        (void)fputs(word, to);
        return;
    }
    if (!is_printable((const uint8_t *)word, length)) { /* quotes that POSIX has since 2024 */
        (void)fputs("$'", to);
        for (const char *c = word; *c != '\0'; c++)
            (void)fprintf(to, "\\%03o", (unsigned)(uint8_t)*c);
        (void)fputc('\'', to);
        return;
    }
    (void)fputc('\'', to);
    for (const char *c = word; *c != '\0'; c++) {
        if (*c == '\'')
            (void)fputs("'\\''", to);
        else
            (void)fputc(*c, to);
    }
    (void)fputc('\'', to);
}
