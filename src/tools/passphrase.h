/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the passphrase of an encrypted key comes from. */
#ifndef RPROCFW_TOOLS_PASSPHRASE_H
#define RPROCFW_TOOLS_PASSPHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include <rprocfw/key.h>

#define PASSPHRASE_ROOM 1024

struct passphrase {
    const char *source;          /* argument of --passphrase; NULL: prompt where a person is */
    char given[PASSPHRASE_ROOM]; /* value of --key_pwd, or what was read from source */
    size_t given_size;
    bool is_given;
};

/* Take the argument of --passphrase; returns EXIT_DONE, or what usage_error returns. */
int passphrase_set_source(struct passphrase *passphrase, const char *source, const char *tool);

/* The file or descriptor that it is read from. False: none, or it cannot be looked at. */
bool passphrase_look_at(const struct passphrase *passphrase, struct stat *info);

/* The file that it is read from; NULL: none. */
const char *passphrase_file(const struct passphrase *passphrase);

/* Take over the value of --key_pwd and overwrite it in argv. False: it is too long. */
bool passphrase_take(struct passphrase *passphrase, char *argument);

/* Forget it, in the environment as well. Nothing can be asked for any more. */
void passphrase_wipe(struct passphrase *passphrase);

/* As the library asks for it. */
struct rprocfw_passphrase passphrase_for_library(struct passphrase *passphrase);

#endif
