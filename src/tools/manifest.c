/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of a command line: which of its containers, and what the library makes them of. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "manifest.h"
#include "whole.h"

/* ---- The file ---- */

static const char *get_variable(void *ctx, const char *name)
{
    (void)ctx;
    return getenv(name);
}

int manifest_load(struct rprocfw_manifest **manifest, const char *path, const char *tool)
{
    const struct rprocfw_manifest_env env = {.get = get_variable};
    struct rprocfw_error error;

    return rprocfw_manifest_load(manifest, path, &env, &error) == RPROCFW_OK ? EXIT_DONE
                                                                             : fail(tool, &error);
}

static bool is_wanted(const char *name, const struct words *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->word[i], name) == 0)
            return true;
    return names->count == 0;
}

int manifest_select(struct selection *selection, const struct rprocfw_manifest *manifest,
                    const struct words *names, const char *tool)
{
    for (size_t i = 0; i < names->count; i++)
        if (rprocfw_manifest_find(manifest, names->word[i]) == NULL)
            return usage_error(tool, "%s: no container %s; the first of %zu is %s", manifest->path,
                               names->word[i], manifest->count, manifest->container[0].name);
    selection->container = calloc(manifest->count, sizeof(void *));
    if (selection->container == NULL)
        return no_memory(tool);
    for (size_t i = 0; i < manifest->count; i++)
        if (is_wanted(manifest->container[i].name, names))
            selection->container[selection->count++] = &manifest->container[i];
    return EXIT_DONE;
}

int manifest_open(struct shared *shared, const struct selection *selection)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < selection->count && status == EXIT_DONE; i++)
        status = shared_open(shared, selection->container[i]);
    shared_wipe(shared);
    return status;
}

enum rprocfw_status manifest_place_error(struct rprocfw_error *error,
                                         const struct rprocfw_manifest *manifest,
                                         const struct rprocfw_manifest_container *c,
                                         const struct rprocfw_error *why)
{
    return rprocfw_error_set(error, why->status, "%s:%u:%u: %s", manifest->path, c->line, c->column,
                             why->text);
}

/* ---- What a container is made of ---- */

/* Not what is no file: NULL, a URI, the name of a board. */
static bool add_file(struct words *files, const char *path)
{
    return path == NULL || words_append(files, path);
}

static const char *key_file(const char *key)
{
    return key != NULL ? rprocfw_key_file(key) : NULL;
}

static const char *passphrase_path(const char *source)
{
    return source != NULL && strncmp(source, "file:", 5) == 0 ? source + 5 : NULL;
}

static const char *board_file(const char *board)
{
    return board != NULL && strpbrk(board, "/.") != NULL ? board : NULL;
}

bool manifest_list_files(const struct rprocfw_manifest_container *c, struct words *files)
{
    const char *const others[] = {key_file(c->key),
                                  key_file(c->public_key),
                                  c->key_info,
                                  c->enc_key,
                                  board_file(c->board),
                                  c->linux_dtb,
                                  passphrase_path(c->passphrase)};
    bool done = true;

    for (size_t i = 0; i < c->inputs.count && done; i++)
        done = words_append(files, c->inputs.text[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && done; i++)
        done = add_file(files, others[i]);
    for (size_t i = 0; i < c->tlv_count && done; i++)
        done = add_file(files, c->tlv[i].path);
    return done;
}

/* ---- A job ---- */

static enum rprocfw_status make_tlvs(struct manifest_job *to,
                                     const struct rprocfw_manifest_container *c,
                                     struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    to->tlv = calloc(c->tlv_count + 1, sizeof(*to->tlv));
    to->value = calloc(c->tlv_count + 1, sizeof(*to->value));
    if (to->tlv == NULL || to->value == NULL)
        return out_of_memory(error);
    to->job.plat_tlvs = to->tlv;
    to->job.plat_tlv_count = c->tlv_count;
    for (size_t i = 0; i < c->tlv_count && status == RPROCFW_OK; i++) {
        struct rprocfw_plat_tlv *tlv = &to->tlv[i];

        *tlv = (struct rprocfw_plat_tlv){.id = c->tlv[i].id,
                                         .value = c->tlv[i].value,
                                         .size = c->tlv[i].size,
                                         .boot_address =
                                             c->tlv[i].from == RPROCFW_MANIFEST_BOOT_ADDRESS};
        if (c->tlv[i].from == RPROCFW_MANIFEST_FILE) {
            status = read_whole(c->tlv[i].path, VALUE_LIMIT, &to->value[i], &tlv->size, error);
            tlv->value = to->value[i];
        }
    }
    return status;
}

static enum rprocfw_status make_key_info(struct manifest_job *to,
                                         const struct rprocfw_manifest_container *c,
                                         const struct rprocfw_key *key, struct rprocfw_error *error)
{
    enum rprocfw_status status;

    if (c->key_info_spki) {
        to->job.pkeyinfo = to->made_info;
        return rprocfw_key_pkeyinfo(key, to->made_info, &to->job.pkeyinfo_size, error);
    }
    if (c->key_info == NULL)
        return RPROCFW_OK;
    status = read_whole(c->key_info, KEY_INFO_LIMIT, &to->key_info, &to->job.pkeyinfo_size, error);
    to->job.pkeyinfo = to->key_info;
    return status;
}

static enum rprocfw_status check_key_type(const struct rprocfw_manifest_container *c,
                                          const struct rprocfw_key *key,
                                          struct rprocfw_error *error)
{
    const char *type = rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA ? "RSA" : "ECC";

    if (c->key_type == NULL || strcmp(c->key_type, type) == 0)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: an %s key, and key_type is %s",
                             rprocfw_key_path(key), rprocfw_key_kind(key), c->key_type);
}

static void make_signer(struct manifest_job *to, const struct rprocfw_manifest_container *c,
                        const struct command *command)
{
    if (command == NULL)
        return;
    to->program = (struct rprocfw_program){
        .path = command->path,
        .argv = command->argv,
        .envp = environ,
        .error_fd = STDERR_FILENO,
        .timeout = c->signer_timeout,
        .digest = c->digest,
    };
    to->signer = (struct rprocfw_signer){
        .sign = rprocfw_program_sign, .ctx = &to->program, .name = command->path};
    to->job.signer = &to->signer;
}

/* The output is to be none of what is read. */
static enum rprocfw_status make_keep(struct manifest_job *to,
                                     const struct rprocfw_manifest *manifest,
                                     const struct rprocfw_manifest_container *c,
                                     struct rprocfw_error *error)
{
    if (!words_append(&to->keep, manifest->path) || !manifest_list_files(c, &to->keep))
        return out_of_memory(error);
    to->job.keep = to->keep.word;
    to->job.keep_count = to->keep.count;
    return RPROCFW_OK;
}

enum rprocfw_status manifest_job_make(struct manifest_job *to,
                                      const struct rprocfw_manifest *manifest,
                                      const struct rprocfw_manifest_container *c,
                                      const struct shared_parts *parts, struct rprocfw_error *error)
{
    enum rprocfw_status status = check_key_type(c, parts->key, error);

    to->job = (struct rprocfw_sign_job){
        .inputs = (const char *const *)c->inputs.text,
        .input_count = c->inputs.count,
        .output = c->output,
        .key = parts->key,
        .nonce = c->random_nonce ? RPROCFW_NONCE_RANDOM : RPROCFW_NONCE_DERIVED,
        .order = c->order,
        .strip = c->strip,
        .loadable_only = c->loadable_only,
        .enc_key = parts->enc_key,
        .iv = c->enc_deterministic ? RPROCFW_IV_DERIVED : RPROCFW_IV_RANDOM,
        .enc_pad = c->enc_pad,
        .any_machine = c->any_machine,
        .board = parts->board,
        .preflight = c->preflight,
    };
    make_signer(to, c, parts->command);
    if (status == RPROCFW_OK)
        status = make_keep(to, manifest, c, error);
    if (status == RPROCFW_OK)
        status = make_tlvs(to, c, error);
    return status == RPROCFW_OK ? make_key_info(to, c, parts->key, error) : status;
}

void manifest_job_free(struct manifest_job *job)
{
    for (size_t i = 0; job->value != NULL && i < job->job.plat_tlv_count; i++)
        free(job->value[i]);
    free(job->value);
    free(job->tlv);
    free(job->key_info);
    words_free(&job->keep);
}
