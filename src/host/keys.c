/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys to verify with, from files and folders. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host.h"

static enum rprocfw_status add_file(struct rprocfw_keys *keys, const char *path,
                                    const struct rprocfw_passphrase *passphrase,
                                    struct rprocfw_error *error)
{
    struct rprocfw_key *key;
    struct rprocfw_key **grown;
    enum rprocfw_status status =
        rprocfw_key_load(&key, path, RPROCFW_KEY_VERIFY, passphrase, error);

    if (status != RPROCFW_OK)
        return status;
    grown = realloc(keys->key, (keys->count + 1) * sizeof(struct rprocfw_key *));
    if (grown == NULL) {
        rprocfw_key_free(key);
        return rprocfw_no_memory(error);
    }
    keys->key = grown;
    keys->key[keys->count++] = key;
    return RPROCFW_OK;
}

/* One file of a folder: what is no key there is left out. */
static enum rprocfw_status add_member(struct rprocfw_keys *keys, const char *folder,
                                      const char *name, const struct rprocfw_passphrase *passphrase,
                                      const struct rprocfw_log *log, struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;
    struct rprocfw_error reason;
    struct stat info;
    char *path;
    const size_t length = strlen(folder);
    const bool has_slash = length > 0 && folder[length - 1] == '/';

    if (asprintf(&path, "%s%s%s", folder, has_slash ? "" : "/", name) < 0)
        return rprocfw_no_memory(error);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        status = add_file(keys, path, passphrase, &reason);
        if (status == RPROCFW_ERR_KEY || status == RPROCFW_ERR_FILE) {
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
                                      const struct rprocfw_passphrase *passphrase,
                                      const struct rprocfw_log *log, struct rprocfw_error *error)
{
    const size_t before = keys->count;
    enum rprocfw_status status = RPROCFW_OK;
    struct dirent **entries;
    const int count = scandir(folder, &entries, NULL, alphasort);

    if (count < 0)
        return rprocfw_file_error(error, folder, "list");
    for (int i = 0; i < count; i++) {
        if (status == RPROCFW_OK)
            status = add_member(keys, folder, entries[i]->d_name, passphrase, log, error);
        free(entries[i]);
    }
    free(entries);
    if (status == RPROCFW_OK && keys->count == before)
        status = rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                   "%s: no key in this folder; expected files with public keys or "
                                   "certificates",
                                   folder);
    if (status != RPROCFW_OK)
        drop_to(keys, before);
    return status;
}

enum rprocfw_status rprocfw_keys_add(struct rprocfw_keys *keys, const char *path,
                                     const struct rprocfw_passphrase *passphrase,
                                     const struct rprocfw_log *log, struct rprocfw_error *error)
{
    struct stat info;

    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return add_folder(keys, path, passphrase, log, error);
    return add_file(keys, path, passphrase, error);
}

void rprocfw_keys_free(struct rprocfw_keys *keys)
{
    drop_to(keys, 0);
    free(keys->key);
    *keys = (struct rprocfw_keys){0};
}
