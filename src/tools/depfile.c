/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was made of what, for Make and Ninja. Both read a dollar sign as two, and a space, a # or a
 * colon in a name behind a backslash. What one of them takes for something else is refused: Make
 * runs what stands behind a semicolon.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rprocfw/save.h>

#include "depfile.h"

#define BEHIND_BACKSLASH " #:"

/* ---- Names ---- */

/* A backslash there is one of the depfile to one of them, and one of the name to the other. */
static bool is_doubtful(const char *backslash)
{
    const char *next = backslash + strspn(backslash, "\\");

    return *next == '\0' || strchr(BEHIND_BACKSLASH "$%", *next) != NULL;
}

/* What one of the two takes for something else; NULL: nothing. */
static const char *find_unfit(const char *name, bool is_output)
{
    const char *at = strpbrk(name, is_output ? ";*?&|<>'\"^`%=" : ";*?&|<>'\"^`");
    const char *archive = strchr(name, '(');

    if (at == NULL && name[0] == '~') /* somebody's home */
        at = name;
    if (at == NULL && archive != NULL && name[strlen(name) - 1] == ')') /* a part of an archive */
        at = archive;
    for (const char *c = name; *c != '\0' && at == NULL; c++)
        if ((uint8_t)*c < ' ' || *c == 0x7f || (*c == ' ' && c[1] == '\0') ||
            (*c == '\\' && is_doubtful(c)))
            at = c;
    return at;
}

static int check_name(const char *name, bool is_output, const char *tool)
{
    const char *unfit = find_unfit(name, is_output);

    if (unfit == NULL)
        return EXIT_DONE;
    if ((uint8_t)*unfit < ' ' || *unfit == 0x7f)
        complain(tool, "%s: no depfile can name it: it has a control character; name it otherwise",
                 name);
    else
        complain(tool,
                 "%s: no depfile can name it: Make or Ninja take the '%c' for something else; name "
                 "it otherwise",
                 name, *unfit);
    return EXIT_FAILED;
}

static void print_name(FILE *to, const char *name)
{
    for (; *name != '\0'; name++) {
        if (strchr(BEHIND_BACKSLASH, *name) != NULL)
            (void)putc('\\', to);
        if (*name == '$')
            (void)putc('$', to);
        (void)putc(*name, to);
    }
}

/* ---- Rules ---- */

/* Make takes a first one with an equals sign for a variable; the number of one without. */
static size_t find_first(const struct words *inputs)
{
    size_t first = 0;

    while (first < inputs->count && strchr(inputs->word[first], '=') != NULL)
        first++;
    return first;
}

static int check_names(const char *output, const struct words *inputs, const char *tool)
{
    int status = check_name(output, true, tool);

    for (size_t i = 0; i < inputs->count && status == EXIT_DONE; i++)
        status = check_name(inputs->word[i], false, tool);
    if (status == EXIT_DONE && inputs->count > 0 && find_first(inputs) == inputs->count) {
        complain(tool, "%s: no depfile can name it before others without a '='; name it otherwise",
                 inputs->word[0]);
        status = EXIT_FAILED;
    }
    return status;
}

static void print_rule(FILE *to, const char *output, const struct words *inputs)
{
    const size_t first = find_first(inputs);

    print_name(to, output);
    (void)putc(':', to);
    for (size_t i = 0; i < inputs->count; i++) {
        (void)fputs(" \\\n  ", to);
        print_name(to, inputs->word[i == 0 ? first : i <= first ? i - 1 : i]);
    }
    (void)putc('\n', to);
}

int depfile_add(struct depfile *depfile, const char *output, const struct words *inputs,
                const char *tool)
{
    char *rule = NULL;
    size_t size = 0;
    char *grown = NULL;
    FILE *to;
    bool failed;

    if (check_names(output, inputs, tool) != EXIT_DONE)
        return EXIT_FAILED;
    to = open_memstream(&rule, &size);
    if (to == NULL)
        return no_memory(tool);
    print_rule(to, output, inputs);
    failed = ferror(to) != 0;
    if (fclose(to) == 0 && !failed && rule != NULL) /* memory may lack at the very end, too */
        grown = realloc(depfile->text, depfile->size + size);
    if (grown != NULL) {
        memcpy(grown + depfile->size, rule, size);
        depfile->text = grown;
        depfile->size += size;
    }
    free(rule);
    return grown != NULL ? EXIT_DONE : no_memory(tool);
}

/* ---- The file ---- */

int depfile_write(const struct depfile *depfile, const char *path, const struct words *keep,
                  const char *tool)
{
    const bool to_stdout = strcmp(path, "-") == 0;
    const struct rprocfw_save_job job = {
        .output = to_stdout ? NULL : path,
        .output_fd = STDOUT_FILENO,
        .keep = keep->word,
        .keep_count = keep->count,
    };
    struct rprocfw_error error;

    if (rprocfw_save(&job, depfile->text, depfile->size, &error) != RPROCFW_OK)
        return fail(tool, &error);
    return EXIT_DONE;
}

void depfile_free(struct depfile *depfile)
{
    free(depfile->text);
    *depfile = (struct depfile){0};
}
