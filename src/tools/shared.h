/* SPDX-License-Identifier: BSD-2-Clause */
/* What the containers of a manifest share: keys, boards; each is opened once, and serves all. */
#ifndef RPROCFW_TOOLS_SHARED_H
#define RPROCFW_TOOLS_SHARED_H

#include <rprocfw/manifest.h>

#include "command.h"

/* Start with {.tool = ..., .use = ...}. */
struct shared {
    const char *tool;
    enum rprocfw_key_use use;
    struct rprocfw_log log; /* of what is opened */
    struct shared_part *parts;
};

/* What a container is made with. Belongs to shared. */
struct shared_parts {
    struct rprocfw_key *key;
    const struct rprocfw_enc_key *enc_key; /* NULL: nothing is encrypted */
    const struct rprocfw_board *board;     /* NULL: none is named */
    const struct command *command;         /* of a program that signs; NULL: the key does */
    const struct rprocfw_error *error;     /* not NULL: why one of them cannot be had */
};

/*
 * Opens what a container needs and is not open yet. What cannot be opened is an error of the
 * containers that need it; EXIT_FAILED after a message only for what leaves no way to go on.
 */
int shared_open(struct shared *shared, const struct rprocfw_manifest_container *container);

/* Of a container that was opened, in any thread. */
struct shared_parts shared_find(const struct shared *shared,
                                const struct rprocfw_manifest_container *container);

/* The name of the key that shared->use wants of a container. */
const char *shared_key_name(const struct shared *shared,
                            const struct rprocfw_manifest_container *container);

/* No key is opened any more: forget passphrases. */
void shared_wipe(struct shared *shared);

void shared_free(struct shared *shared);

#endif
