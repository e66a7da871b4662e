/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files are one: by what the system says of those that are there, and by their place of those
 * that are not. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "places.h"

struct place {
    const char *path;
    const char *who;
    bool is_there;
    dev_t device;
    ino_t inode;
    char *real; /* of what is written or is not there: without links and dots; NULL: its folder is
                   not there, either */
};

/* ---- The list ---- */

/* The folder's real name, and the file's. */
static char *place_of(const char *path)
{
    char *copy = strdup(path);
    char *name = strdup(path);
    char *folder = copy != NULL ? realpath(dirname(copy), NULL) : NULL;
    char *real = NULL;

    if (folder != NULL && name != NULL && asprintf(&real, "%s/%s", folder, basename(name)) < 0)
        real = NULL;
    free(folder);
    free(name);
    free(copy);
    return real;
}

/* Why a path leads nowhere: who opens the file says so. */
static bool is_for_opener(int reason)
{
    return reason == ENOENT || reason == ENOTDIR || reason == EACCES || reason == ELOOP ||
           reason == ENAMETOOLONG;
}

/* Of the file that a link leads to, or of one that is not there. *real may be NULL. Exit status. */
static int find_place(char **real, const char *path, const char *tool)
{
    *real = realpath(path, NULL);
    if (*real == NULL && is_for_opener(errno))
        *real = place_of(path);
    if (*real != NULL || is_for_opener(errno))
        return EXIT_DONE;
    complain(tool, "%s: cannot look at: %s", path, strerror(errno));
    return EXIT_FAILED;
}

static int add(struct place **list, size_t *count, const char *path, const char *who,
               const char *tool)
{
    struct place *grown = realloc(*list, (*count + 1) * sizeof(*grown));
    struct place *place;
    struct stat info;

    if (grown == NULL)
        return no_memory(tool);
    *list = grown;
    place = &grown[(*count)++];
    *place = (struct place){.path = path, .who = who};
    if (stat(path, &info) == 0 && !S_ISCHR(info.st_mode)) {
        place->is_there = true;
        place->device = info.st_dev;
        place->inode = info.st_ino;
    }
    return EXIT_DONE;
}

int places_read(struct places *places, const char *path)
{
    struct place *place;

    if (path == NULL)
        return EXIT_DONE;
    if (add(&places->read, &places->read_count, path, NULL, places->tool) != EXIT_DONE)
        return EXIT_FAILED;
    place = &places->read[places->read_count - 1];
    return access(path, F_OK) == 0 ? EXIT_DONE : find_place(&place->real, path, places->tool);
}

int places_write(struct places *places, const char *path, const char *who)
{
    struct place *place;

    if (path == NULL)
        return EXIT_DONE;
    if (add(&places->written, &places->written_count, path, who, places->tool) != EXIT_DONE)
        return EXIT_FAILED;
    place = &places->written[places->written_count - 1];
    return find_place(&place->real, path, places->tool);
}

void places_free(struct places *places)
{
    for (size_t i = 0; i < places->written_count; i++)
        free(places->written[i].real);
    for (size_t i = 0; i < places->read_count; i++)
        free(places->read[i].real);
    free(places->written);
    free(places->read);
    *places = (struct places){.tool = places->tool};
}

/* ---- What is one ---- */

static int by_place(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    if (left->real == NULL || right->real == NULL)
        return (left->real != NULL) - (right->real != NULL);
    return strcmp(left->real, right->real);
}

static int by_file(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    if (left->is_there != right->is_there)
        return left->is_there ? 1 : -1;
    if (!left->is_there)
        return by_place(a, b);
    if (left->device != right->device)
        return left->device < right->device ? -1 : 1;
    return (left->inode > right->inode) - (left->inode < right->inode);
}

static int check_read(const struct places *places)
{
    for (size_t i = 0; i < places->written_count; i++) {
        const struct place *place = &places->written[i];

        if ((!place->is_there && place->real == NULL) || places->read_count == 0)
            continue;
        if (bsearch(place, places->read, places->read_count, sizeof(*place), by_file) != NULL) {
            complain(places->tool, "%s: %s: the output is a file that is read; name another output",
                     place->who, place->path);
            return EXIT_FAILED;
        }
    }
    return EXIT_DONE;
}

int places_check(struct places *places)
{
    if (places->read_count > 0)
        qsort(places->read, places->read_count, sizeof(*places->read), by_file);
    if (check_read(places) != EXIT_DONE)
        return EXIT_FAILED;
    if (places->written_count > 0)
        qsort(places->written, places->written_count, sizeof(*places->written), by_place);
    for (size_t i = 1; i < places->written_count; i++) {
        const struct place *one = &places->written[i - 1];
        const struct place *other = &places->written[i];

        if (one->real != NULL && by_place(one, other) == 0) {
            complain(places->tool, "%s: %s: %s writes this file, too; name another output",
                     other->who, other->path, one->who);
            return EXIT_FAILED;
        }
    }
    return EXIT_DONE;
}
