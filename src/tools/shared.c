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

struct shared_access {
    struct shared_access *next;
    const container *of;
    struct key_options options;
    struct rprocfw_key_access access;
    bool opened; /* or error says why not */
    struct rprocfw_error error;
};

struct shared_key {
    struct shared_key *next;
    const container *of;
    struct rprocfw_key *key; /* NULL: error says why */
    struct rprocfw_error error;
};

struct shared_enc_key {
    struct shared_enc_key *next;
    const container *of;
    bool loaded; /* or error says why not */
    struct rprocfw_enc_key key;
    struct rprocfw_error error;
};

struct shared_board {
    struct shared_board *next;
    const container *of;
    struct rprocfw_board *board; /* NULL: error says why */
    struct rprocfw_error error;
};

struct shared_command {
    struct shared_command *next;
    const container *of;
    bool found; /* or error says why not */
    struct command command;
    struct rprocfw_error error;
};

/* ---- What is the same ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_access(const container *a, const container *b)
{
    if (!same_text(a->passphrase, b->passphrase) || !same_text(a->propquery, b->propquery) ||
        !same_text(a->engine, b->engine) || a->providers.count != b->providers.count)
        return false;
    for (size_t i = 0; i < a->providers.count; i++)
        if (strcmp(a->providers.text[i], b->providers.text[i]) != 0)
            return false;
    return true;
}

const char *shared_key_name(const struct shared *shared, const container *c)
{
    return c->key == NULL || (shared->use == RPROCFW_KEY_VERIFY && c->public_key != NULL)
               ? c->public_key
               : c->key;
}

static struct shared_access *find_access(const struct shared *shared, const container *c)
{
    struct shared_access *access = shared->accesses;

    while (access != NULL && !same_access(access->of, c))
        access = access->next;
    return access;
}

static struct shared_key *find_key(const struct shared *shared, const container *c)
{
    const char *name = shared_key_name(shared, c);
    struct shared_key *key = shared->keys;

    while (key != NULL && (strcmp(shared_key_name(shared, key->of), name) != 0 ||
                           (key->of->key == NULL) != (c->key == NULL) || !same_access(key->of, c)))
        key = key->next;
    return key;
}

static struct shared_enc_key *find_enc_key(const struct shared *shared, const container *c)
{
    struct shared_enc_key *enc_key = shared->enc_keys;

    while (enc_key != NULL && strcmp(enc_key->of->enc_key, c->enc_key) != 0)
        enc_key = enc_key->next;
    return enc_key;
}

static struct shared_board *find_board(const struct shared *shared, const container *c)
{
    struct shared_board *board = shared->boards;

    while (board != NULL && (!same_text(board->of->board, c->board) ||
                             !same_text(board->of->rproc_node, c->rproc_node) ||
                             !same_text(board->of->linux_dtb, c->linux_dtb)))
        board = board->next;
    return board;
}

static struct shared_command *find_command(const struct shared *shared, const container *c)
{
    struct shared_command *command = shared->commands;

    while (command != NULL && strcmp(command->of->signer, c->signer) != 0)
        command = command->next;
    return command;
}

/* ---- Opening ---- */

/* Of a container that was not opened: nobody asks. */
static const struct rprocfw_error not_opened = {.status = RPROCFW_ERR_USAGE, .text = "not opened"};

static int open_access(struct shared *shared, const container *c)
{
    struct shared_access *access = calloc(1, sizeof(*access));
    int status = EXIT_DONE;

    if (access == NULL)
        return no_memory(shared->tool);
    access->of = c;
    access->next = shared->accesses;
    shared->accesses = access;
    access->options.propquery = c->propquery;
    access->options.engine = c->engine;
    if (c->passphrase != NULL)
        status = passphrase_set_source(&access->options.passphrase, c->passphrase, shared->tool);
    for (size_t i = 0; i < c->providers.count && status == EXIT_DONE; i++)
        status = words_add(&access->options.providers, c->providers.text[i], shared->tool);
    if (status == EXIT_DONE)
        access->opened =
            key_options_open(&access->options, &access->access, &access->error) == RPROCFW_OK;
    return status;
}

static int open_key(struct shared *shared, const container *c)
{
    const enum rprocfw_key_use use = c->key != NULL ? shared->use : RPROCFW_KEY_VERIFY;
    const struct shared_access *access = find_access(shared, c);
    struct shared_key *key = calloc(1, sizeof(*key));

    if (key == NULL)
        return no_memory(shared->tool);
    key->of = c;
    key->next = shared->keys;
    shared->keys = key;
    if (access == NULL || !access->opened)
        key->error = access != NULL ? access->error : not_opened;
    else if (rprocfw_key_load(&key->key, key_name(shared_key_name(shared, c)), use, &access->access,
                              &key->error) != RPROCFW_OK)
        key->key = NULL;
    return EXIT_DONE;
}

static int open_enc_key(struct shared *shared, const container *c)
{
    struct shared_enc_key *enc_key = calloc(1, sizeof(*enc_key));

    if (enc_key == NULL)
        return no_memory(shared->tool);
    enc_key->of = c;
    enc_key->next = shared->enc_keys;
    shared->enc_keys = enc_key;
    enc_key->loaded = rprocfw_enc_key_load(&enc_key->key, c->enc_key, &shared->log,
                                           &enc_key->error) == RPROCFW_OK;
    return EXIT_DONE;
}

static int open_board(struct shared *shared, const container *c)
{
    const struct rprocfw_board_source source = {
        .name = c->board, .node = c->rproc_node, .linux_dtb = c->linux_dtb};
    struct shared_board *board = calloc(1, sizeof(*board));

    if (board == NULL)
        return no_memory(shared->tool);
    board->of = c;
    board->next = shared->boards;
    shared->boards = board;
    if (rprocfw_board_load(&board->board, &source, &board->error) != RPROCFW_OK)
        board->board = NULL;
    return EXIT_DONE;
}

static int open_command(struct shared *shared, const container *c)
{
    struct shared_command *command = calloc(1, sizeof(*command));

    if (command == NULL)
        return no_memory(shared->tool);
    command->of = c;
    command->next = shared->commands;
    shared->commands = command;
    command->found =
        command_parse(&command->command, "signer", c->signer, &command->error) == RPROCFW_OK;
    return EXIT_DONE;
}

int shared_open(struct shared *shared, const container *c)
{
    int status = EXIT_DONE;

    if (find_access(shared, c) == NULL)
        status = open_access(shared, c);
    if (status == EXIT_DONE && find_key(shared, c) == NULL)
        status = open_key(shared, c);
    if (status == EXIT_DONE && c->enc_key != NULL && find_enc_key(shared, c) == NULL)
        status = open_enc_key(shared, c);
    if (status == EXIT_DONE && c->board != NULL && find_board(shared, c) == NULL)
        status = open_board(shared, c);
    if (status == EXIT_DONE && shared->use == RPROCFW_KEY_SIGN && c->signer != NULL &&
        find_command(shared, c) == NULL)
        status = open_command(shared, c);
    return status;
}

static void add_key(struct shared_parts *parts, const struct shared_key *key)
{
    if (key != NULL && key->key != NULL)
        parts->key = key->key;
    else
        parts->error = key != NULL ? &key->error : &not_opened;
}

static void add_enc_key(struct shared_parts *parts, const struct shared_enc_key *enc_key)
{
    if (enc_key != NULL && enc_key->loaded)
        parts->enc_key = &enc_key->key;
    else
        parts->error = enc_key != NULL ? &enc_key->error : &not_opened;
}

static void add_board(struct shared_parts *parts, const struct shared_board *board)
{
    if (board != NULL && board->board != NULL)
        parts->board = board->board;
    else
        parts->error = board != NULL ? &board->error : &not_opened;
}

static void add_command(struct shared_parts *parts, const struct shared_command *command)
{
    if (command != NULL && command->found)
        parts->command = &command->command;
    else
        parts->error = command != NULL ? &command->error : &not_opened;
}

struct shared_parts shared_find(const struct shared *shared, const container *c)
{
    struct shared_parts parts = {0};

    add_key(&parts, find_key(shared, c));
    if (c->enc_key != NULL)
        add_enc_key(&parts, find_enc_key(shared, c));
    if (c->board != NULL)
        add_board(&parts, find_board(shared, c));
    if (c->signer != NULL && shared->use == RPROCFW_KEY_SIGN)
        add_command(&parts, find_command(shared, c));
    return parts;
}

/* ---- The end ---- */

void shared_wipe(struct shared *shared)
{
    for (struct shared_access *access = shared->accesses; access != NULL; access = access->next)
        key_options_wipe(&access->options, NULL);
}

static void free_keys(struct shared *shared)
{
    while (shared->keys != NULL) {
        struct shared_key *key = shared->keys;

        shared->keys = key->next;
        rprocfw_key_free(key->key);
        free(key);
    }
    while (shared->enc_keys != NULL) {
        struct shared_enc_key *enc_key = shared->enc_keys;

        shared->enc_keys = enc_key->next;
        rprocfw_enc_key_wipe(&enc_key->key);
        free(enc_key);
    }
}

void shared_free(struct shared *shared)
{
    free_keys(shared);
    while (shared->boards != NULL) {
        struct shared_board *board = shared->boards;

        shared->boards = board->next;
        rprocfw_board_free(board->board);
        free(board);
    }
    while (shared->commands != NULL) {
        struct shared_command *command = shared->commands;

        shared->commands = command->next;
        command_free(&command->command);
        free(command);
    }
    while (shared->accesses != NULL) {
        struct shared_access *access = shared->accesses;

        shared->accesses = access->next;
        key_options_wipe(&access->options, NULL);
        key_options_close(&access->options);
        free(access);
    }
}
