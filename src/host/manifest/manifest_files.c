/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names that two things of a manifest must not have: containers, and files of which one is written.
 * They are sorted, for there can be many.
 */
#include <stdlib.h>
#include <string.h>

#include "manifest.h"

/* ---- Containers ---- */

/* By name, and of one name by their order in the file. */
static int compare_names(const void *a, const void *b)
{
    const struct rprocfw_manifest_container *one = *(const void *const *)a;
    const struct rprocfw_manifest_container *other = *(const void *const *)b;
    const int order = strcmp(one->name, other->name);

    return order != 0 ? order : (one > other) - (one < other);
}

enum rprocfw_status rprocfw_manifest_check_names(struct rprocfw_yaml *r)
{
    const struct rprocfw_manifest *manifest = &manifest_reading_of(r)->manifest->public;
    const struct rprocfw_manifest_container **list = calloc(manifest->count, sizeof(const void *));
    enum rprocfw_status status = RPROCFW_OK;

    if (list == NULL)
        return rprocfw_no_memory(r->error);
    for (size_t i = 0; i < manifest->count; i++)
        list[i] = &manifest->container[i];
    qsort(list, manifest->count, sizeof(const void *), compare_names);
    for (size_t i = 1; i < manifest->count && status == RPROCFW_OK; i++) {
        const yaml_mark_t at = {.line = list[i]->line - 1, .column = list[i]->column - 1};

        if (strcmp(list[i - 1]->name, list[i]->name) == 0)
            status = rprocfw_yaml_complain(r, at, "containers.%s: the key stands there twice",
                                           list[i]->name);
    }
    free(list);
    return status;
}

/* ---- Files ---- */

/* A file that is named, and where. */
struct file {
    const char *path;
    size_t container;
    enum manifest_key key; /* KEY_COUNT: the manifest itself */
};

struct files {
    struct file *list;
    size_t count;
    size_t room;
};

static bool add(struct files *files, const char *path, size_t container, enum manifest_key key)
{
    if (path == NULL)
        return true;
    if (files->count == files->room) {
        const size_t room = files->room > 0 ? 2 * files->room : 64;
        struct file *grown = realloc(files->list, room * sizeof(*grown));

        if (grown == NULL)
            return false;
        files->list = grown;
        files->room = room;
    }
    files->list[files->count++] = (struct file){path, container, key};
    return true;
}

/* The path in the name of a key, in a source of passphrases, of a board; NULL: there is none. */
static const char *key_path(const char *name)
{
    return name != NULL ? rprocfw_key_file(name) : NULL;
}

static const char *passphrase_path(const char *source)
{
    return source != NULL && strncmp(source, "file:", 5) == 0 ? source + 5 : NULL;
}

static const char *board_path(const char *board)
{
    return board != NULL && strpbrk(board, "/.") != NULL ? board : NULL;
}

static bool add_files_of(struct files *files, const struct rprocfw_manifest_container *c, size_t at)
{
    bool added =
        add(files, c->output, at, KEY_OUTPUT) && add(files, key_path(c->key), at, KEY_KEY) &&
        add(files, key_path(c->public_key), at, KEY_PUBLIC_KEY) &&
        add(files, passphrase_path(c->passphrase), at, KEY_PASSPHRASE) &&
        add(files, c->key_info, at, KEY_KEY_INFO) && add(files, c->enc_key, at, KEY_ENC_KEY) &&
        add(files, board_path(c->board), at, KEY_BOARD) &&
        add(files, c->linux_dtb, at, KEY_LINUX_DTB);

    for (size_t i = 0; i < c->inputs.count && added; i++)
        added = add(files, c->inputs.text[i], at, KEY_INPUTS);
    for (size_t i = 0; i < c->tlv_count && added; i++)
        added = add(files, c->tlv[i].path, at, KEY_PLATFORM_TLVS);
    return added;
}

/* By path, and of one path outputs first. */
static int compare_files(const void *a, const void *b)
{
    const struct file *one = a;
    const struct file *other = b;
    const int order = rprocfw_manifest_path_compare(one->path, other->path);

    if (order != 0)
        return order;
    if ((one->key == KEY_OUTPUT) != (other->key == KEY_OUTPUT))
        return one->key == KEY_OUTPUT ? -1 : 1;
    return one->container != other->container
               ? (one->container > other->container) - (one->container < other->container)
               : (one->key > other->key) - (one->key < other->key);
}

/* An output is another file as well, which is named behind it. */
static enum rprocfw_status clash(struct rprocfw_yaml *r, const struct file *output,
                                 const struct file *other)
{
    const struct manifest_reading *reading = manifest_reading_of(r);
    const struct rprocfw_manifest_container *list = reading->manifest->public.container;
    const struct file *later = other->key == KEY_OUTPUT ? other : output;
    const struct file *earlier = other->key == KEY_OUTPUT ? output : other;
    const char *name = list[later->container].name;
    const yaml_mark_t at = reading->output_at[later->container];

    if (earlier->key == KEY_COUNT)
        return rprocfw_yaml_complain(r, at,
                                     "containers.%s.output: the manifest itself; give it "
                                     "another name",
                                     name);
    return rprocfw_yaml_complain(r, at,
                                 "containers.%s.output: the same file as containers.%s.%s; "
                                 "give it another name",
                                 name, list[earlier->container].name,
                                 rprocfw_manifest_keys[earlier->key].name);
}

static enum rprocfw_status check_sorted(struct rprocfw_yaml *r, const struct files *files)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i + 1 < files->count && status == RPROCFW_OK; i++)
        if (files->list[i].key == KEY_OUTPUT &&
            rprocfw_manifest_path_compare(files->list[i].path, files->list[i + 1].path) == 0)
            status = clash(r, &files->list[i], &files->list[i + 1]);
    return status;
}

enum rprocfw_status rprocfw_manifest_check_files(struct rprocfw_yaml *r)
{
    const struct rprocfw_manifest *manifest = &manifest_reading_of(r)->manifest->public;
    struct files files = {0};
    bool added = add(&files, manifest->path, 0, KEY_COUNT);
    enum rprocfw_status status;

    for (size_t i = 0; i < manifest->count && added; i++)
        added = add_files_of(&files, &manifest->container[i], i);
    if (added && files.list != NULL) { /* the manifest itself is in it */
        qsort(files.list, files.count, sizeof(*files.list), compare_files);
        status = check_sorted(r, &files);
    } else {
        status = rprocfw_no_memory(r->error);
    }
    free(files.list);
    return status;
}
