/* SPDX-License-Identifier: BSD-2-Clause */
/* What was made of what, for Make and Ninja. */
#ifndef RPROCFW_TOOLS_DEPFILE_H
#define RPROCFW_TOOLS_DEPFILE_H

#include "options.h"

/* A depfile that grows in memory. Start with {0}. */
struct depfile {
    char *text;
    size_t size;
};

/* "output: inputs". Exit status: a name may be none that Make and Ninja can read. */
int depfile_add(struct depfile *depfile, const char *output, const struct words *inputs,
                const char *tool);

/* Writes it, whole or not at all, to none of the files of keep. Exit status. */
int depfile_write(const struct depfile *depfile, const char *path, const struct words *keep,
                  const char *tool);
void depfile_free(struct depfile *depfile);

#endif
