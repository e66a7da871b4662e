/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manifests: the file is read three times, for variables, for defaults and for containers, as these
 * may stand in any order.
 */
#include <stdlib.h>
#include <string.h>

#include "manifest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Variables ---- */

static enum rprocfw_status take_variable(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "the name of a variable: letters, digits and _";
    struct manifest_reading *reading = manifest_reading_of(r);
    enum rprocfw_status status;
    const char *text;
    char *name;

    (void)to;
    status = rprocfw_yaml_literal(r, expected, &text);
    if (status != RPROCFW_OK)
        return status;
    if (text[0] == '\0' || rprocfw_manifest_variable(text) != strlen(text))
        return rprocfw_yaml_wrong_value(r, expected);
    for (size_t i = 0; i < reading->list_count; i++)
        if (strcmp(reading->list[i], text) == 0)
            return rprocfw_yaml_complain(r, r->event.start_mark, "%s stands there twice", text);
    status = rprocfw_manifest_keep(r, text, &name);
    if (status == RPROCFW_OK)
        rprocfw_manifest_add(r, name);
    return status;
}

static enum rprocfw_status take_env(struct rprocfw_yaml *r, void *to)
{
    (void)to;
    return rprocfw_manifest_list(r, take_variable, &manifest_reading_of(r)->variables);
}

/* ---- Defaults ---- */

static enum rprocfw_status take_defaults(struct rprocfw_yaml *r, void *to)
{
    static const enum manifest_key own[] = {KEY_INPUTS, KEY_OUTPUT};
    struct manifest_draft *defaults = &manifest_reading_of(r)->defaults;
    const struct rprocfw_yaml_seen *seen = &defaults->seen;
    enum rprocfw_status status;

    (void)to;
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    status =
        rprocfw_yaml_mapping_seen(r, rprocfw_manifest_keys, KEY_COUNT, defaults, &defaults->seen);
    for (size_t i = 0; i < COUNT(own) && status == RPROCFW_OK; i++)
        if ((seen->keys & (1u << own[i])) != 0)
            status = rprocfw_yaml_complain(r, seen->at[own[i]],
                                           "%s: each container has its own; say it there",
                                           rprocfw_manifest_keys[own[i]].name);
    return status;
}

/* ---- Containers ---- */

/* One more; it may move the others. */
static enum rprocfw_status append(struct rprocfw_yaml *r, const struct manifest_draft *draft)
{
    struct manifest_reading *reading = manifest_reading_of(r);
    struct rprocfw_manifest *manifest = &reading->manifest->public;
    const size_t count = manifest->count;
    const bool full = (count & (count - 1)) == 0; /* there is room for a power of two */
    const size_t room = full ? 2 * count + 1 : 0;
    void *grown;

    if (full) {
        grown = realloc(manifest->container, room * sizeof(*manifest->container));
        if (grown == NULL)
            return rprocfw_no_memory(r->error);
        manifest->container = grown;
        grown = realloc(reading->output_at, room * sizeof(*reading->output_at));
        if (grown == NULL)
            return rprocfw_no_memory(r->error);
        reading->output_at = grown;
    }
    manifest->container[count] = draft->container;
    reading->output_at[count] = draft->seen.at[KEY_OUTPUT];
    manifest->count++;
    return RPROCFW_OK;
}

/* What nobody said, and what follows from what was. */
static void complete(struct manifest_draft *draft)
{
    struct rprocfw_manifest_container *c = &draft->container;

    if (!draft->has_timeout)
        c->signer_timeout = RPROCFW_PROGRAM_TIMEOUT_DEFAULT;
    c->order =
        c->enc_key != NULL || draft->layout == LAYOUT_ST ? RPROCFW_ORDER_ST : RPROCFW_ORDER_OPTEE;
}

/* Where the keys of defaults stand that the container does not have. */
static void see_defaults(struct rprocfw_yaml_seen *seen, const struct rprocfw_yaml_seen *defaults)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if ((seen->keys & (1u << i)) == 0)
            seen->at[i] = defaults->at[i];
}

static enum rprocfw_status take_keys(struct rprocfw_yaml *r, void *to)
{
    struct manifest_draft *draft = to;
    const yaml_mark_t at = {.line = draft->container.line - 1,
                            .column = draft->container.column - 1};
    enum rprocfw_status status =
        rprocfw_yaml_mapping_seen(r, rprocfw_manifest_keys, KEY_COUNT, draft, &draft->seen);

    if (status != RPROCFW_OK)
        return status;
    see_defaults(&draft->seen, &manifest_reading_of(r)->defaults.seen);
    status = rprocfw_manifest_check(r, at, draft);
    complete(draft);
    return status;
}

static enum rprocfw_status take_name(struct rprocfw_yaml *r, char **to)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "._-";
    static const char expected[] = "a name of 1 to 64 letters, digits, '.', '_' and '-', not '-' "
                                   "first";
    const char *name;
    const enum rprocfw_status status = rprocfw_yaml_literal(r, expected, &name);

    if (status != RPROCFW_OK)
        return status;
    if (name[0] == '\0' || name[0] == '-' || strlen(name) > RPROCFW_MANIFEST_NAME_MAX ||
        name[strspn(name, letters)] != '\0')
        return rprocfw_yaml_wrong_value(r, expected);
    return rprocfw_manifest_keep(r, name, to);
}

static enum rprocfw_status take_container(struct rprocfw_yaml *r, void *to)
{
    const struct manifest_reading *reading = manifest_reading_of(r);
    const yaml_mark_t at = r->event.start_mark;
    struct manifest_draft draft = reading->defaults;
    enum rprocfw_status status;

    (void)to;
    if (reading->manifest->public.count == RPROCFW_MANIFEST_CONTAINERS_MAX)
        return rprocfw_yaml_complain(r, at, "more than %u", RPROCFW_MANIFEST_CONTAINERS_MAX);
    draft.seen = (struct rprocfw_yaml_seen){0};
    draft.container.line = (unsigned)at.line + 1;
    draft.container.column = (unsigned)at.column + 1;
    status = take_name(r, &draft.container.name);
    if (status == RPROCFW_OK)
        status = rprocfw_yaml_value(r, draft.container.name, false, take_keys, &draft);
    return status == RPROCFW_OK ? append(r, &draft) : status;
}

static enum rprocfw_status take_containers(struct rprocfw_yaml *r, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    const enum rprocfw_status status = rprocfw_yaml_entries(r, take_container, to);

    if (status == RPROCFW_OK && manifest_reading_of(r)->manifest->public.count == 0)
        return rprocfw_yaml_complain(r, at, "no container");
    return status;
}

/* ---- The file ---- */

static const struct rprocfw_yaml_key env_keys[] = {
    {"env", take_env, 0, false},
    {"defaults", rprocfw_yaml_skip, 0, false},
    {"containers", rprocfw_yaml_skip, 0, true},
};

static const struct rprocfw_yaml_key defaults_keys[] = {
    {"env", rprocfw_yaml_skip, 0, false},
    {"defaults", take_defaults, 0, false},
    {"containers", rprocfw_yaml_skip, 0, true},
};

static const struct rprocfw_yaml_key containers_keys[] = {
    {"env", rprocfw_yaml_skip, 0, false},
    {"defaults", rprocfw_yaml_skip, 0, false},
    {"containers", take_containers, 0, true},
};

/* to: the keys of one of the readings. */
static enum rprocfw_status take_manifest(struct rprocfw_yaml *r, void *to)
{
    const struct rprocfw_yaml_key *keys = to;
    enum rprocfw_status status =
        rprocfw_yaml_mapping(r, keys, COUNT(env_keys), manifest_reading_of(r));

    if (status != RPROCFW_OK || keys != containers_keys)
        return status;
    status = rprocfw_manifest_check_names(r);
    return status == RPROCFW_OK ? rprocfw_manifest_check_files(r) : status;
}

/* Bytes of the path up to the file's name; "./" is no folder to speak of. */
static size_t folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const size_t size = slash != NULL ? (size_t)(slash - path) + 1 : 0;

    return size == 2 && path[0] == '.' ? 0 : size;
}

static enum rprocfw_status read_all(struct manifest_reading *reading,
                                    const struct rprocfw_yaml_file *file,
                                    struct rprocfw_error *error)
{
    static const struct rprocfw_yaml_key *const readings[] = {env_keys, defaults_keys,
                                                              containers_keys};
    enum rprocfw_status status = RPROCFW_OK;

    reading->manifest->public.path = strdup(file->path);
    if (reading->manifest->public.path == NULL)
        return rprocfw_no_memory(error);
    for (size_t i = 0; i < COUNT(readings) && status == RPROCFW_OK; i++)
        status = rprocfw_yaml_read(file, take_manifest, (void *)readings[i], error);
    return status;
}

enum rprocfw_status rprocfw_manifest_read(struct rprocfw_manifest **out, const char *path,
                                          const uint8_t *bytes, size_t size,
                                          const struct rprocfw_manifest_env *env,
                                          struct rprocfw_error *error)
{
    struct manifest *manifest = calloc(1, sizeof(*manifest));
    struct manifest_reading *reading = calloc(1, sizeof(*reading));
    const struct rprocfw_yaml_file file = {.path = path,
                                           .bytes = bytes,
                                           .size = size,
                                           .wrong = RPROCFW_ERR_MANIFEST,
                                           .replace = rprocfw_manifest_replace,
                                           .ctx = reading};
    enum rprocfw_status status;

    *out = NULL;
    if (manifest == NULL || reading == NULL) {
        free(manifest);
        free(reading);
        return rprocfw_no_memory(error);
    }
    reading->manifest = manifest;
    reading->env = env;
    reading->folder = folder_of(path);
    status = read_all(reading, &file, error);
    free(reading->output_at);
    free(reading);
    if (status == RPROCFW_OK)
        *out = &manifest->public;
    else
        rprocfw_manifest_free(&manifest->public);
    return status;
}

enum rprocfw_status rprocfw_manifest_load(struct rprocfw_manifest **out, const char *path,
                                          const struct rprocfw_manifest_env *env,
                                          struct rprocfw_error *error)
{
    uint8_t *bytes;
    size_t size;
    enum rprocfw_status status =
        rprocfw_input_read(path, RPROCFW_YAML_SIZE_MAX, RPROCFW_ERR_MANIFEST, &bytes, &size, error);

    *out = NULL;
    if (status == RPROCFW_OK)
        status = rprocfw_manifest_read(out, path, bytes, size, env, error);
    free(bytes);
    return status;
}

void rprocfw_manifest_free(struct rprocfw_manifest *manifest)
{
    struct manifest *all = (struct manifest *)manifest; /* its first member */

    if (manifest == NULL)
        return;
    while (all->held != NULL) {
        struct manifest_held *next = all->held->next;

        free(all->held);
        all->held = next;
    }
    free(manifest->container);
    free(manifest->path);
    free(all);
}

const struct rprocfw_manifest_container *
rprocfw_manifest_find(const struct rprocfw_manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->count; i++)
        if (strcmp(manifest->container[i].name, name) == 0)
            return &manifest->container[i];
    return NULL;
}
