/* SPDX-License-Identifier: BSD-2-Clause */
/* The public half of a key, written in the form that somebody else wants. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <rprocfw/save.h>

#include "../host.h"

/* ---- The bytes ---- */

static enum rprocfw_status copy(char **text, size_t *text_size, const void *bytes, size_t size,
                                struct rprocfw_error *error)
{
    *text = malloc(size);
    if (*text == NULL)
        return rprocfw_no_memory(error);
    memcpy(*text, bytes, size);
    *text_size = size;
    return RPROCFW_OK;
}

#define PEM_BYTES_A_LINE 48u /* 64 characters (RFC 7468) */

/* Base64 takes 4 characters for 3 bytes, and each line one for its end. */
static enum rprocfw_status make_pem(char **text, size_t *text_size, const uint8_t *der, size_t size,
                                    struct rprocfw_error *error)
{
    static const char head[] = "-----BEGIN PUBLIC KEY-----\n";
    static const char foot[] = "-----END PUBLIC KEY-----\n";
    char *to = malloc(sizeof(head) + sizeof(foot) + 65 * (size / PEM_BYTES_A_LINE + 1));

    *text = to;
    if (to == NULL)
        return rprocfw_no_memory(error);
    to = stpcpy(to, head);
    for (size_t at = 0; at < size; at += PEM_BYTES_A_LINE) {
        const size_t left = size - at;

        to += EVP_EncodeBlock((uint8_t *)to, der + at,
                              (int)(left < PEM_BYTES_A_LINE ? left : PEM_BYTES_A_LINE));
        *to++ = '\n';
    }
    to = stpcpy(to, foot);
    *text_size = (size_t)(to - *text);
    return RPROCFW_OK;
}

static enum rprocfw_status make_spki(const struct rprocfw_key_export_job *job, char **text,
                                     size_t *text_size, struct rprocfw_error *error)
{
    uint8_t room[RPROCFW_SPKI_ROOM];
    const uint8_t *der;
    size_t size;
    enum rprocfw_status status = rprocfw_key_spki(job->key, room, &der, &size, error);

    if (status != RPROCFW_OK)
        return status;
    return job->form == RPROCFW_KEY_PEM ? make_pem(text, text_size, der, size, error)
                                        : copy(text, text_size, der, size, error);
}

static enum rprocfw_status make_pkeyinfo(const struct rprocfw_key_export_job *job, char **text,
                                         size_t *text_size, struct rprocfw_error *error)
{
    uint8_t info[RPROCFW_PKEYINFO_RSA];
    size_t size;
    enum rprocfw_status status = rprocfw_key_pkeyinfo(job->key, info, &size, error);

    return status == RPROCFW_OK ? copy(text, text_size, info, size, error) : status;
}

/* *text is to be freed, whatever comes of it. */
static enum rprocfw_status make(const struct rprocfw_key_export_job *job, char **text,
                                size_t *text_size, struct rprocfw_error *error)
{
    *text = NULL;
    switch (job->form) {
    case RPROCFW_KEY_SOURCE:
    case RPROCFW_KEY_SOURCE_OPTEE:
        return rprocfw_key_source(job, text, text_size, error);
    case RPROCFW_KEY_PEM:
    case RPROCFW_KEY_DER:
        return make_spki(job, text, text_size, error);
    case RPROCFW_KEY_PKEYINFO:
        return make_pkeyinfo(job, text, text_size, error);
    }
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE, "%d is no form of a key", (int)job->form);
}

/* ---- The output ---- */

static enum rprocfw_status guard(const struct rprocfw_key_export_job *job,
                                 struct rprocfw_error *error)
{
    bool same;
    enum rprocfw_status status =
        rprocfw_output_is(job->output, rprocfw_key_path(job->key), &same, error);

    if (status != RPROCFW_OK)
        return status;
    if (same)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "%s: the output is the key; name another output", job->output);
    return rprocfw_output_keep(job->output, job->keep, job->keep_count, error);
}

enum rprocfw_status rprocfw_key_export(const struct rprocfw_key_export_job *job,
                                       struct rprocfw_error *error)
{
    const struct rprocfw_save_job save = {.output = job->output, .output_fd = job->output_fd};
    enum rprocfw_status status = RPROCFW_OK;
    char *text = NULL;
    size_t size = 0;

    if (job->name != NULL)
        status = rprocfw_key_source_name(job->name, error);
    if (status == RPROCFW_OK)
        status = guard(job, error);
    if (status == RPROCFW_OK)
        status = make(job, &text, &size, error);
    if (status == RPROCFW_OK) {
        rprocfw_key_warn(job->key, &job->log);
        status = rprocfw_save(&save, text, size, error);
    }
    free(text);
    return status;
}
