/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was made of what, for Make and Ninja. Both read a dollar sign as two, and a space or a # in
 * a name behind a backslash; neither has a way to write a line feed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rprocfw/save.h>

#include "depfile.h"

/* Backslashes count double where they stand before what one is put before. */
static void print_name(FILE *to, const char *name)
{
    size_t backslashes = 0;

    for (; *name != '\0'; name++) {
        const bool special = strchr(" \t#", *name) != NULL;

        for (; special && backslashes > 0; backslashes--)
            (void)putc('\\', to);
        if (special)
            (void)putc('\\', to);
        if (*name == '$')
            (void)putc('$', to);
        (void)putc(*name, to);
        backslashes = *name == '\\' ? backslashes + 1 : 0;
    }
}

bool depfile_add(struct depfile *depfile, const char *output, const struct words *inputs)
{
    char *rule = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&rule, &size);
    char *grown = NULL;
    bool failed;

    if (to == NULL)
        return false;
    print_name(to, output);
    (void)putc(':', to);
    for (size_t i = 0; i < inputs->count; i++) {
        (void)fputs(" \\\n  ", to);
        print_name(to, inputs->word[i]);
    }
    (void)putc('\n', to);
    failed = ferror(to) != 0;
    if (fclose(to) == 0 && !failed && rule != NULL) /* memory may lack at the very end, too */
        grown = realloc(depfile->text, depfile->size + size);
    if (grown != NULL) {
        memcpy(grown + depfile->size, rule, size);
        depfile->text = grown;
        depfile->size += size;
    }
    free(rule);
    return grown != NULL;
}

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
