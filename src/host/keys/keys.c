/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys to verify with, from files and folders. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../host.h"

/* Takes over key. One that is there already, as a certificate for example, is not added again. */
static enum rprocfw_status add_key(struct rprocfw_keys *keys, struct rprocfw_key *key,
                                   struct rprocfw_error *error)
{
    struct rprocfw_key **grown;

    for (size_t i = 0; i < keys->count; i++) {
        if (memcmp(rprocfw_key_spki_sha256(keys->key[i]), rprocfw_key_spki_sha256(key),
                   RPROCFW_SHA256_SIZE) == 0) {
            rprocfw_key_free(key);
            return RPROCFW_OK;
        }
    }
    grown = realloc(keys->key, (keys->count + 1) * sizeof(struct rprocfw_key *));
    if (grown == NULL) {
        rprocfw_key_free(key);
        return rprocfw_no_memory(error);
    }
    keys->key = grown;
    keys->key[keys->count++] = key;
    return RPROCFW_OK;
}

static enum rprocfw_status add_found(struct rprocfw_keys *keys, const struct rprocfw_found *found,
                                     size_t index, struct rprocfw_error *error)
{
    struct rprocfw_key *key;
    const enum rprocfw_status status = rprocfw_found_key(&key, found, index, error);

    return key != NULL ? add_key(keys, key, error) : status;
}

/* Of several keys that could not be opened the first is named. */
static enum rprocfw_status note_unopened(struct rprocfw_keys *keys,
                                         const struct rprocfw_error *unopened,
                                         struct rprocfw_error *error)
{
    if (unopened->status == RPROCFW_OK || keys->unopened != NULL)
        return RPROCFW_OK;
    keys->unopened = strdup(unopened->text);
    return keys->unopened != NULL ? RPROCFW_OK : rprocfw_no_memory(error);
}

/* Every key of a file or URI that can be used; none is an error. */
static enum rprocfw_status add_file(struct rprocfw_keys *keys, const char *name,
                                    const struct rprocfw_key_access *access,
                                    struct rprocfw_error *error)
{
    struct rprocfw_found found;
    enum rprocfw_status status;
    enum rprocfw_status noted;
    bool any = false;

    status = rprocfw_key_find(&found, name, RPROCFW_KEY_VERIFY, access, error);
    for (size_t i = 0; i < found.count && (status == RPROCFW_OK || status == RPROCFW_ERR_KEY);
         i++) {
        status = add_found(keys, &found, i, error);
        any = any || status == RPROCFW_OK;
    }
    rprocfw_found_free(&found);
    if (any && status == RPROCFW_ERR_KEY)
        status = RPROCFW_OK;
    if (status != RPROCFW_OK && status != RPROCFW_ERR_KEY)
        return status;
    noted = note_unopened(keys, &found.unopened, error);
    return noted == RPROCFW_OK ? status : noted;
}

/* One file of a folder: what is no key there, or cannot be opened, is left out. */
static enum rprocfw_status add_member(struct rprocfw_keys *keys, const char *folder,
                                      const char *name, const struct rprocfw_key_access *access,
                                      const struct rprocfw_log *log, bool *any,
                                      struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;
    struct rprocfw_error reason;
    struct stat info;
    char *path;
    const size_t length = strlen(folder);
    const bool has_slash = length > 0 && folder[length - 1] == '/';

    if (asprintf(&path, "%s%s%s", folder, has_slash ? "" : "/", name) < 0)
        return rprocfw_no_memory(error);
    if (stat(path, &info) != 0) {
        if (errno != ENOENT) /* a link that leads nowhere is no key */
            status = rprocfw_file_error(error, path, "look at");
    } else if (S_ISREG(info.st_mode)) {
        status = add_file(keys, path, access, &reason);
        *any = *any || status == RPROCFW_OK;
        if (status == RPROCFW_ERR_KEY) {
            rprocfw_log(log, RPROCFW_LOG_STEP, "left out: %s", reason.text);
            status = RPROCFW_OK;
        } else if (status != RPROCFW_OK) {
            *error = reason;
        }
    }
    free(path);
    return status;
}

static void drop_to(struct rprocfw_keys *keys, size_t count)
{
    while (keys->count > count)
        rprocfw_key_free(keys->key[--keys->count]);
}

static enum rprocfw_status add_folder(struct rprocfw_keys *keys, const char *folder,
                                      const struct rprocfw_key_access *access,
                                      const struct rprocfw_log *log, struct rprocfw_error *error)
{
    const size_t before = keys->count;
    enum rprocfw_status status = RPROCFW_OK;
    struct dirent **entries;
    bool any = false;
    const int count = scandir(folder, &entries, NULL, alphasort);

    if (count < 0)
        return rprocfw_file_error(error, folder, "list");
    for (int i = 0; i < count; i++) {
        if (status == RPROCFW_OK)
            status = add_member(keys, folder, entries[i]->d_name, access, log, &any, error);
        free(entries[i]);
    }
    free(entries);
    if (status == RPROCFW_OK && !any)
        status = rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                   "%s: no key in this folder; expected files with public keys or "
                                   "certificates",
                                   folder);
    if (status != RPROCFW_OK)
        drop_to(keys, before);
    return status;
}

enum rprocfw_status rprocfw_keys_add(struct rprocfw_keys *keys, const char *name,
                                     const struct rprocfw_key_access *access,
                                     const struct rprocfw_log *log, struct rprocfw_error *error)
{
    const char *path = rprocfw_key_file(name);
    struct stat info;

    if (path == NULL)
        return add_file(keys, name, access, error);
    if (stat(path, &info) != 0)
        return rprocfw_file_error(error, path, "open");
    if (S_ISDIR(info.st_mode))
        return add_folder(keys, path, access, log, error);
    return add_file(keys, name, access, error);
}

void rprocfw_keys_free(struct rprocfw_keys *keys)
{
    drop_to(keys, 0);
    free(keys->key);
    free(keys->unopened);
    *keys = (struct rprocfw_keys){0};
}
