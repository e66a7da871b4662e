/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are small, read whole: pipes, too. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "options.h"
#include "whole.h"

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* A file that was written to meanwhile may have been read half old, half new. */
static enum rprocfw_status unchanged(FILE *file, const char *path, const struct stat *before,
                                     struct rprocfw_error *error)
{
    struct stat now;

    if (fstat(fileno(file), &now) != 0)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot look at: %s", path,
                                 strerror(errno));
    if (!S_ISREG(now.st_mode) ||
        (now.st_size == before->st_size && same_time(&now.st_mtim, &before->st_mtim) &&
         same_time(&now.st_ctim, &before->st_ctim)))
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                             "%s: changed while it was read; try again when nothing writes to it",
                             path);
}

/* All of an open file. */
static enum rprocfw_status read_open(FILE *file, const char *path, size_t limit, uint8_t **bytes,
                                     size_t *size, struct rprocfw_error *error)
{
    size_t room = 4096;
    struct stat before;

    if (fstat(fileno(file), &before) != 0)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot look at: %s", path,
                                 strerror(errno));
    for (;;) {
        uint8_t *grown = realloc(*bytes, room);
        size_t got;

        if (grown == NULL)
            return out_of_memory(error);
        *bytes = grown;
        got = fread(*bytes + *size, 1, room - *size, file);
        *size += got;
        if (ferror(file))
            return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot read: %s", path,
                                     strerror(errno));
        if (got == 0)
            return unchanged(file, path, &before, error);
        if (*size > limit)
            return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                                     "%s: more than %zu bytes, too many for what it is given as",
                                     path, limit);
        if (*size == room)
            room *= 2;
    }
}

enum rprocfw_status read_whole(const char *path, size_t limit, uint8_t **bytes, size_t *size,
                               struct rprocfw_error *error)
{
    FILE *file = fopen(path, "rbe");
    enum rprocfw_status status;

    *bytes = NULL;
    *size = 0;
    if (file == NULL)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot open: %s", path,
                                 strerror(errno));
    status = read_open(file, path, limit, bytes, size, error);
    (void)fclose(file);
    if (status != RPROCFW_OK) {
        free(*bytes);
        *bytes = NULL;
    }
    return status;
}
