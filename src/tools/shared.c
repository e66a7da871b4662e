/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the containers of a manifest share. There is little of each kind, and each is named by the
 * first container that wants it.
 */
#include <stdlib.h>
#include <string.h>

#include "key_options.h"
#include "options.h"
#include "shared.h"

typedef struct rprocfw_manifest_container container;

enum kind { ACCESS, KEY, ENC_KEY, BOARD, COMMAND, KIND_COUNT };

struct access {
    struct key_options options;
    struct rprocfw_key_access access;
};

struct shared_part {
    struct shared_part *next; /* opened before this one, which may need it */
    enum kind kind;
    const container *of;
    enum rprocfw_status status; /* RPROCFW_OK: it is open; or error says why not */
    struct rprocfw_error error;
    union {
        struct access access;
        struct rprocfw_key *key;
        struct rprocfw_enc_key enc_key;
        struct rprocfw_board *board;
        struct command command;
    } is;
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static const struct shared_part *find(const struct shared *shared, enum kind kind,
                                      const container *c);

/* ---- How keys are reached ---- */

static bool same_access(const struct shared *shared, const container *a, const container *b)
{
    (void)shared;
    if (!same_text(a->passphrase, b->passphrase) || !same_text(a->propquery, b->propquery) ||
        !same_text(a->engine, b->engine) || a->providers.count != b->providers.count)
        return false;
    for (size_t i = 0; i < a->providers.count; i++)
        if (strcmp(a->providers.text[i], b->providers.text[i]) != 0)
            return false;
    return true;
}

static int open_access(struct shared *shared, struct shared_part *part)
{
    struct key_options *options = &part->is.access.options;
    const container *c = part->of;
    int status = EXIT_DONE;

    options->propquery = c->propquery;
    options->engine = c->engine;
    if (c->passphrase != NULL)
        status = passphrase_set_source(&options->passphrase, c->passphrase, shared->tool);
    for (size_t i = 0; i < c->providers.count && status == EXIT_DONE; i++)
        status = words_add(&options->providers, c->providers.text[i], shared->tool);
    if (status == EXIT_DONE)
        part->status = key_options_open(options, &part->is.access.access, &part->error);
    return status;
}

static void close_access(struct shared_part *part)
{
    key_options_wipe(&part->is.access.options, NULL);
    key_options_close(&part->is.access.options);
}

/* ---- Keys that sign and verify ---- */

const char *shared_key_name(const struct shared *shared, const container *c)
{
    return c->key == NULL || (shared->use == RPROCFW_KEY_VERIFY && c->public_key != NULL)
               ? c->public_key
               : c->key;
}

static bool same_key(const struct shared *shared, const container *a, const container *b)
{
    return strcmp(shared_key_name(shared, a), shared_key_name(shared, b)) == 0 &&
           (a->key == NULL) == (b->key == NULL) && same_access(shared, a, b);
}

static int open_key(struct shared *shared, struct shared_part *part)
{
    const container *c = part->of;
    const enum rprocfw_key_use use = c->key != NULL ? shared->use : RPROCFW_KEY_VERIFY;
    const struct shared_part *access = find(shared, ACCESS, c);

    part->status = access->status;
    part->error = access->error;
    if (access->status == RPROCFW_OK)
        part->status = rprocfw_key_load(&part->is.key, key_name(shared_key_name(shared, c)), use,
                                        &access->is.access.access, &part->error);
    return EXIT_DONE;
}

static void close_key(struct shared_part *part)
{
    rprocfw_key_free(part->is.key);
}

/* ---- Keys that encrypt ---- */

static bool same_enc_key(const struct shared *shared, const container *a, const container *b)
{
    (void)shared;
    return same_text(a->enc_key, b->enc_key);
}

static int open_enc_key(struct shared *shared, struct shared_part *part)
{
    part->status =
        rprocfw_enc_key_load(&part->is.enc_key, part->of->enc_key, &shared->log, &part->error);
    return EXIT_DONE;
}

static void close_enc_key(struct shared_part *part)
{
    rprocfw_enc_key_wipe(&part->is.enc_key);
}

/* ---- Boards ---- */

static bool same_board(const struct shared *shared, const container *a, const container *b)
{
    (void)shared;
    return same_text(a->board, b->board) && same_text(a->rproc_node, b->rproc_node) &&
           same_text(a->linux_dtb, b->linux_dtb);
}

static int open_board(struct shared *shared, struct shared_part *part)
{
    const struct rprocfw_board_source source = {
        .name = part->of->board, .node = part->of->rproc_node, .linux_dtb = part->of->linux_dtb};

    (void)shared;
    part->status = rprocfw_board_load(&part->is.board, &source, &part->error);
    return EXIT_DONE;
}

static void close_board(struct shared_part *part)
{
    rprocfw_board_free(part->is.board);
}

/* ---- Programs that sign ---- */

static bool same_command(const struct shared *shared, const container *a, const container *b)
{
    (void)shared;
    return same_text(a->signer, b->signer);
}

static int open_command(struct shared *shared, struct shared_part *part)
{
    (void)shared;
    part->status = command_parse(&part->is.command, "signer", part->of->signer, &part->error);
    return EXIT_DONE;
}

static void close_command(struct shared_part *part)
{
    command_free(&part->is.command);
}

/* ---- All of them ---- */

static bool is_wanted(const struct shared *shared, enum kind kind, const container *c)
{
    switch (kind) {
    case ENC_KEY:
        return c->enc_key != NULL;
    case BOARD:
        return c->board != NULL;
    case COMMAND:
        return c->signer != NULL && shared->use == RPROCFW_KEY_SIGN;
    default:
        return true;
    }
}

/* open gets a part of zeros, and fails as shared_open() does; close gets whatever it left. */
static const struct {
    bool (*same)(const struct shared *shared, const container *a, const container *b);
    int (*open)(struct shared *shared, struct shared_part *part);
    void (*close)(struct shared_part *part);
} kinds[KIND_COUNT] = {
    [ACCESS] = {same_access, open_access, close_access},
    [KEY] = {same_key, open_key, close_key},
    [ENC_KEY] = {same_enc_key, open_enc_key, close_enc_key},
    [BOARD] = {same_board, open_board, close_board},
    [COMMAND] = {same_command, open_command, close_command},
};

/* Of a container that was not opened: nobody asks. */
static const struct shared_part not_open = {
    .kind = KIND_COUNT,
    .status = RPROCFW_ERR_USAGE,
    .error = {.status = RPROCFW_ERR_USAGE, .text = "not opened"},
};

static const struct shared_part *find(const struct shared *shared, enum kind kind,
                                      const container *c)
{
    const struct shared_part *part = shared->parts;

    while (part != NULL && (part->kind != kind || !kinds[kind].same(shared, part->of, c)))
        part = part->next;
    return part != NULL ? part : &not_open;
}

int shared_open(struct shared *shared, const container *c)
{
    int status = EXIT_DONE;

    for (unsigned kind = 0; kind < KIND_COUNT && status == EXIT_DONE; kind++) {
        struct shared_part *part;

        if (!is_wanted(shared, kind, c) || find(shared, kind, c) != &not_open)
            continue;
        part = calloc(1, sizeof(*part));
        if (part == NULL)
            return no_memory(shared->tool);
        part->kind = kind;
        part->of = c;
        part->next = shared->parts;
        shared->parts = part;
        status = kinds[kind].open(shared, part);
    }
    return status;
}

static void add(struct shared_parts *parts, const struct shared_part *part)
{
    if (part->status != RPROCFW_OK)
        parts->error = parts->error != NULL ? parts->error : &part->error;
    else if (part->kind == KEY)
        parts->key = part->is.key;
    else if (part->kind == ENC_KEY)
        parts->enc_key = &part->is.enc_key;
    else if (part->kind == BOARD)
        parts->board = part->is.board;
    else if (part->kind == COMMAND)
        parts->command = &part->is.command;
}

struct shared_parts shared_find(const struct shared *shared, const container *c)
{
    struct shared_parts parts = {0};

    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        if (is_wanted(shared, kind, c))
            add(&parts, find(shared, kind, c));
    return parts;
}

void shared_wipe(struct shared *shared)
{
    for (struct shared_part *part = shared->parts; part != NULL; part = part->next)
        if (part->kind == ACCESS)
            key_options_wipe(&part->is.access.options, NULL);
}

void shared_free(struct shared *shared)
{
    while (shared->parts != NULL) {
        struct shared_part *part = shared->parts;

        shared->parts = part->next;
        kinds[part->kind].close(part);
        free(part);
    }
}
