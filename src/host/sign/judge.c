/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The new container before it gets its name: judged by core as a device would, and looked at as
 * boards will.
 */
#include <stdlib.h>
#include <string.h>

#include "../device/device.h"
#include "../findings/findings.h"
#include "signing.h"

const char *rprocfw_signing_output(const struct rprocfw_signing *s)
{
    return s->job->output != NULL ? s->job->output : rprocfw_output_name(&s->output);
}

/* ---- The new container as core sees it ---- */

static enum rprocfw_status read_new(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    struct rprocfw_signing *s = ctx;
    const uint32_t payload = s->metadata.layout.payload;
    const uint32_t left = offset < payload ? payload - offset : 0;
    const uint32_t metadata = size < left ? size : left;

    if (metadata > 0)
        memcpy(dst, s->metadata.bytes + offset, metadata);
    if (metadata == size)
        return RPROCFW_OK;
    offset += metadata;
    dst = (uint8_t *)dst + metadata;
    size -= metadata;
    if (s->output.fd < 0) /* a dry run */
        return s->contents->read(s->contents, offset - payload, dst, size, s->error);
    return rprocfw_read_at(s->output.fd, rprocfw_signing_output(s), offset, dst, size, s->error);
}

/* Why the signature, which was made a moment ago, is wrong. */
static enum rprocfw_status wrong_signature(const struct rprocfw_signing *s,
                                           const struct rprocfw_signed *what)
{
    if (s->job->signer != NULL)
        return rprocfw_mismatch(s->job->key, s->job->signer->name, what, s->error);
    return rprocfw_error_set(s->error, RPROCFW_ERR_KEY,
                             "%s: its private and public halves do not belong together: the key is "
                             "damaged",
                             rprocfw_key_path(s->job->key));
}

static uint32_t verify_new_signature(void *ctx, const struct rprocfw_signed *what)
{
    const struct rprocfw_signing *s = ctx;
    enum rprocfw_status status = RPROCFW_OK;

    if (s->is_signed)
        status = rprocfw_key_verify(s->job->key, what, s->error);
    if (status == RPROCFW_ERR_SIGNATURE)
        status = wrong_signature(s, what);
    return status == RPROCFW_OK ? RPROCFW_AUTHENTIC : (uint32_t)status;
}

static enum rprocfw_status load_new(void *ctx, const struct rprocfw_segment *segment)
{
    const struct rprocfw_signing *s = ctx;

    return s->contents->check(s->contents, segment, s->error);
}

/* What was written, as a device would have it: not encrypted. */
static enum rprocfw_status read_new_segment(void *ctx, const struct rprocfw_segment *segment,
                                            uint32_t offset, void *dst, uint32_t size)
{
    const struct rprocfw_signing *s = ctx;

    if (segment->iv != NULL)
        return s->contents->read_loaded(s->contents, segment, offset, dst, size, s->error);
    return read_new(ctx, segment->offset + offset, dst, size);
}

static void note_image(void *ctx, const struct rprocfw_image *image)
{
    struct rprocfw_signing *s = ctx;

    s->image[image->index] = *image;
}

/* Is it about sections only, which the script does not look at? Then its users may want it. */
static bool may_only_warn(const struct rprocfw_signing *s, enum rprocfw_status status)
{
    return rprocfw_preflight_signs(s->job->preflight) &&
           (status == RPROCFW_ERR_ELF_SHENTSIZE ||
            (status >= RPROCFW_ERR_SHDR_ALIGN && status <= RPROCFW_ERR_RSC_TWICE));
}

/* Says what core refused of the new container: in words of the inputs where it can. */
static enum rprocfw_status report_refusal(const struct rprocfw_signing *s,
                                          const struct rprocfw_diag *diag,
                                          enum rprocfw_status status)
{
    const char *input = s->contents->name(s->contents, diag->image);
    const char *path = input != NULL ? input : rprocfw_signing_output(s);
    char text[sizeof(s->error->text)];

    rprocfw_describe(status, diag, text, sizeof(text));
    if (may_only_warn(s, status)) {
        if (s->judged || s->job->preflight == RPROCFW_PREFLIGHT_OFF)
            return RPROCFW_OK; /* it was said, or is not to be */
        rprocfw_log(&s->job->log, RPROCFW_LOG_WARNING,
                    "%s: signed, but rproc-verify refuses it, as boards do or may: %s", path, text);
        return RPROCFW_OK;
    }
    return rprocfw_error_set(
        s->error, status, "%s: not signed: rproc-verify would refuse it, as boards do or may: %s",
        path, text);
}

/* ---- And as boards will ---- */

static enum rprocfw_status view_new(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                    struct rprocfw_error *error)
{
    (void)error; /* it is the signing's */
    return read_new(ctx, offset, dst, size);
}

static const char *name_image(void *ctx, uint32_t image)
{
    const struct rprocfw_signing *s = ctx;

    return s->contents->name(s->contents, image);
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size,
                                       struct rprocfw_error *error)
{
    (void)error; /* it is the signing's */
    return read_new_segment(ctx, segment, offset, dst, size);
}

/* Boards would load it, or it is written all the same. */
static enum rprocfw_status find(struct rprocfw_signing *s, const struct rprocfw_preflight_job *job)
{
    const struct rprocfw_loaded loaded = {.read = read_loaded, .ctx = s};
    const struct rprocfw_preflight_found found = {
        .job = job,
        .key = s->job->key,
        .image = s->image,
        .loaded = s->contents->read_loaded != NULL ? &loaded : NULL,
    };

    return job->preflight != RPROCFW_PREFLIGHT_OFF ? rprocfw_preflight_find(&found, s->error)
                                                   : RPROCFW_OK;
}

static enum rprocfw_status ask_boards(struct rprocfw_signing *s)
{
    const struct rprocfw_view view = {.read = view_new, .ctx = s, .size = s->metadata.layout.size};
    struct rprocfw_key *key = (struct rprocfw_key *)s->job->key; /* nothing of it is changed */
    const struct rprocfw_keys keys = {.key = &key, .count = 1};
    const struct rprocfw_preflight_job job = {
        .foretell = {.view = &view,
                     .metadata = s->metadata.bytes,
                     .metadata_size = s->metadata.layout.payload,
                     .signature = RPROCFW_FORETELL_GOOD, /* or will be */
                     .keys = &keys,
                     .hashed = true},
        .board = s->job->board,
        .preflight = s->job->preflight,
        .output = rprocfw_signing_output(s),
        .name = name_image,
        .ctx = s,
        .watch = &s->job->watch,
        .log = &s->job->log,
    };

    enum rprocfw_status status = rprocfw_preflight(&job, s->error);

    return status == RPROCFW_OK ? find(s, &job) : status;
}

/* Core's verdict; false: it could not be had, s->error says why. */
static bool ask_core(struct rprocfw_signing *s, unsigned options, enum rprocfw_status *verdict,
                     struct rprocfw_diag *diag)
{
    static const struct rprocfw_platform platform = {
        .read = read_new,
        .verify_signature = verify_new_signature,
        .load = load_new,
        .read_loaded = read_new_segment,
        .image_done = note_image,
    };
    struct rprocfw_verifier v;
    uint8_t *work;

    if (s->contents->read_loaded == NULL)
        options |= RPROCFW_VERIFY_CIPHERTEXT;
    *verdict = rprocfw_verify_begin(&v, &platform, s, s->metadata.layout.size, options);
    work = *verdict == RPROCFW_OK ? malloc(v.layout.payload) : NULL;
    if (*verdict == RPROCFW_OK && work == NULL) {
        (void)rprocfw_no_memory(s->error);
        return false;
    }
    if (*verdict == RPROCFW_OK)
        *verdict = rprocfw_verify_finish(&v, work, v.layout.payload);
    rprocfw_explain(&v, *verdict, diag);
    free(work);
    /* what is said of inputs counts only if they stayed as they were; a dry run read them again */
    return s->contents->unchanged(s->contents, s->error) == RPROCFW_OK;
}

enum rprocfw_status rprocfw_signing_judge(struct rprocfw_signing *s)
{
    struct rprocfw_diag diag;
    struct rprocfw_diag twice; /* of more than one resource table */
    enum rprocfw_status status;
    bool is_twice;

    if (!ask_core(s, 0, &status, &diag))
        return s->error->status;
    /* is that all? What boards answer to it says more */
    twice = diag;
    is_twice = status == RPROCFW_ERR_RSC_TWICE;
    if (is_twice && !ask_core(s, RPROCFW_VERIFY_MANY_RSC_TABLES, &status, &diag))
        return s->error->status;
    if (status == RPROCFW_ERR_SIGNATURE)
        return status; /* wrong_signature() has said why */
    if (rprocfw_status_is_refusal(status))
        return report_refusal(s, &diag, status);
    if (status != RPROCFW_OK)
        return status; /* a callback's: error says why */
    if (s->judged)
        return RPROCFW_OK;
    status = ask_boards(s);
    /* who foretells reads once more, of inputs too */
    if (s->contents->unchanged(s->contents, s->error) != RPROCFW_OK)
        return s->error->status;
    if (status == RPROCFW_OK && is_twice && !rprocfw_preflight_signs(s->job->preflight))
        return report_refusal(s, &twice, RPROCFW_ERR_RSC_TWICE);
    return status;
}
