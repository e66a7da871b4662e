/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signer: contents -> metadata without digests -> one pass, which writes the payload and hashes
 * what was written -> signature -> verified with core -> metadata written, output renamed.
 *
 * If the key is not at hand, core judges all but the signature before anybody is asked for one; and
 * if it is to be made elsewhere, what is to be signed is written in its place.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../device/device.h"
#include "../findings/findings.h"
#include "../host.h"

/* One signing on its way. */
struct signing {
    const struct rprocfw_sign_job *job;
    struct rprocfw_contents *contents;
    struct rprocfw_metadata metadata;
    struct rprocfw_output output;
    struct rprocfw_output tbs; /* what is to be signed, if nobody signs now */
    struct rprocfw_hold hold;  /* from the moment on that two outputs get their names */
    bool is_signed;            /* the signature is there */
    bool judged;               /* core has found good what there is */
    struct rprocfw_image image[RPROCFW_MAX_IMAGES]; /* as core told them */
    struct rprocfw_error *error;
};

static const char *output_name(const struct signing *s)
{
    return s->job->output != NULL ? s->job->output : rprocfw_output_name(&s->output);
}

/* An output must not be a file that is still needed. */
static enum rprocfw_status guard_from(const struct signing *s, const char *output,
                                      const char *needed, const char *what)
{
    enum rprocfw_status status;
    bool same;

    if (needed == NULL)
        return RPROCFW_OK;
    status = rprocfw_output_is(output, needed, &same, s->error);
    if (status == RPROCFW_OK && same)
        status = rprocfw_error_set(s->error, RPROCFW_ERR_USAGE,
                                   "%s: the output is the %s; name another output", output, what);
    return status;
}

static enum rprocfw_status guard_input(const struct signing *s, const char *output,
                                       const char *input)
{
    char what[256];

    rprocfw_print(what, sizeof(what), "input %s", input);
    return guard_from(s, output, input, what);
}

static enum rprocfw_status guard_output(const struct signing *s, const char *output)
{
    const struct rprocfw_sign_job *job = s->job;
    enum rprocfw_status status = RPROCFW_OK;

    if (job->container != NULL)
        status = guard_input(s, output, job->container);
    for (size_t i = 0; job->container == NULL && i < job->input_count && status == RPROCFW_OK; i++)
        status = guard_input(s, output, job->inputs[i]);
    if (status == RPROCFW_OK)
        status = guard_from(s, output, rprocfw_key_path(job->key), "signing key");
    return status == RPROCFW_OK ? rprocfw_output_keep(output, job->keep, job->keep_count, s->error)
                                : status;
}

/* What is to be signed and the container go to two files. */
static enum rprocfw_status guard_both(const struct signing *s)
{
    const char *output = s->job->output;
    const char *tbs = s->job->tbs->output;
    enum rprocfw_status status = RPROCFW_OK;
    bool same = false;

    if (output == NULL)
        return rprocfw_error_set(
            s->error, RPROCFW_ERR_USAGE,
            "the unsigned container cannot go to standard output; name a file");
    if (tbs != NULL)
        status = rprocfw_outputs_are_one(tbs, output, &same, s->error);
    if (status == RPROCFW_OK && !same)
        status = rprocfw_output_is(tbs, output, &same, s->error);
    if (status == RPROCFW_OK && same)
        status = rprocfw_error_set(s->error, RPROCFW_ERR_USAGE,
                                   "%s: is to be both what is signed and the unsigned container; "
                                   "name another output",
                                   tbs);
    return status == RPROCFW_OK ? guard_output(s, tbs) : status;
}

static enum rprocfw_status guard(const struct signing *s)
{
    enum rprocfw_status status = guard_output(s, s->job->output);

    return status == RPROCFW_OK && s->job->tbs != NULL ? guard_both(s) : status;
}

static enum rprocfw_status write_payload(struct signing *s)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (!s->job->dry_run)
        status = rprocfw_output_open(&s->output, s->job->output, s->error);
    s->output.no_sync = s->job->no_sync;
    if (status == RPROCFW_OK)
        status = s->contents->write(s->contents, &s->metadata, &s->output, s->error);
    return status;
}

static enum rprocfw_status add_signature(struct signing *s)
{
    const struct rprocfw_sign_job *job = s->job;
    struct rprocfw_metadata *metadata = &s->metadata;

    if (job->signer != NULL)
        rprocfw_log(&job->log, RPROCFW_LOG_STEP, "%u bytes to be signed with the %s key %s by %s",
                    metadata->layout.signature, rprocfw_key_kind(job->key),
                    rprocfw_key_path(job->key), job->signer->name);
    else
        rprocfw_log(&job->log, RPROCFW_LOG_STEP, "signing %u bytes with the %s key %s",
                    metadata->layout.signature, rprocfw_key_kind(job->key),
                    rprocfw_key_path(job->key));
    s->is_signed = true;
    return rprocfw_signature_get(job, metadata->bytes, metadata->layout.signature,
                                 metadata->bytes + metadata->layout.signature, s->error);
}

/* ---- The new container as core sees it ---- */

static enum rprocfw_status read_new(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    struct signing *s = ctx;
    const uint32_t payload = s->metadata.layout.payload;

    if (offset < payload) { /* core reads metadata and payload apart */
        memcpy(dst, s->metadata.bytes + offset, size);
        return RPROCFW_OK;
    }
    if (s->output.fd < 0) /* a dry run */
        return s->contents->read(s->contents, offset - payload, dst, size, s->error);
    return rprocfw_read_at(s->output.fd, output_name(s), offset, dst, size, s->error);
}

/* Why the signature, which was made a moment ago, is wrong. */
static enum rprocfw_status wrong_signature(const struct signing *s,
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
    const struct signing *s = ctx;
    enum rprocfw_status status = RPROCFW_OK;

    if (s->is_signed)
        status = rprocfw_key_verify(s->job->key, what, s->error);
    if (status == RPROCFW_ERR_SIGNATURE)
        status = wrong_signature(s, what);
    return status == RPROCFW_OK ? RPROCFW_AUTHENTIC : (uint32_t)status;
}

static enum rprocfw_status load_new(void *ctx, const struct rprocfw_segment *segment)
{
    const struct signing *s = ctx;

    return s->contents->check(s->contents, segment, s->error);
}

/* What was written, as a device would have it: not encrypted. */
static enum rprocfw_status read_new_segment(void *ctx, const struct rprocfw_segment *segment,
                                            uint32_t offset, void *dst, uint32_t size)
{
    const struct signing *s = ctx;

    if (segment->iv != NULL)
        return s->contents->read_loaded(s->contents, segment, offset, dst, size, s->error);
    return read_new(ctx, segment->offset + offset, dst, size);
}

static void note_image(void *ctx, const struct rprocfw_image *image)
{
    struct signing *s = ctx;

    s->image[image->index] = *image;
}

/* Is it about sections only, which the script does not look at? Then its users may want it. */
static bool may_only_warn(const struct signing *s, enum rprocfw_status status)
{
    return rprocfw_preflight_signs(s->job->preflight) &&
           (status == RPROCFW_ERR_ELF_SHENTSIZE ||
            (status >= RPROCFW_ERR_SHDR_ALIGN && status <= RPROCFW_ERR_RSC_TWICE));
}

/* Says what core refused of the new container: in words of the inputs where it can. */
static enum rprocfw_status report_refusal(const struct signing *s, const struct rprocfw_diag *diag,
                                          enum rprocfw_status status)
{
    const char *input = s->contents->name(s->contents, diag->image);
    const char *path = input != NULL ? input : output_name(s);
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
    const struct signing *s = ctx;

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
static enum rprocfw_status find(struct signing *s, const struct rprocfw_preflight_job *job)
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

static enum rprocfw_status ask_boards(struct signing *s)
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
        .output = output_name(s),
        .name = name_image,
        .ctx = s,
        .log = &s->job->log,
    };

    enum rprocfw_status status = rprocfw_preflight(&job, s->error);

    return status == RPROCFW_OK ? find(s, &job) : status;
}

static enum rprocfw_status verify_new(struct signing *s)
{
    static const struct rprocfw_platform platform = {
        .read = read_new,
        .verify_signature = verify_new_signature,
        .load = load_new,
        .read_loaded = read_new_segment,
        .image_done = note_image,
    };
    unsigned options = RPROCFW_VERIFY_MANY_RSC_TABLES;
    struct rprocfw_verifier v;
    struct rprocfw_diag diag;
    enum rprocfw_status status;
    uint8_t *work;

    if (s->contents->read_loaded == NULL)
        options |= RPROCFW_VERIFY_CIPHERTEXT;
    status = rprocfw_verify_begin(&v, &platform, s, s->metadata.layout.size, options);
    work = status == RPROCFW_OK ? malloc(v.layout.payload) : NULL;
    if (status == RPROCFW_OK && work == NULL)
        return rprocfw_no_memory(s->error);
    if (status == RPROCFW_OK)
        status = rprocfw_verify_finish(&v, work, v.layout.payload);
    rprocfw_explain(&v, status, &diag);
    free(work);
    /* what is said of inputs counts only if they stayed as they were; a dry run read them again */
    if (s->contents->unchanged(s->contents, s->error) != RPROCFW_OK)
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
    return s->contents->unchanged(s->contents, s->error) == RPROCFW_OK ? status : s->error->status;
}

/* ---- The outputs ---- */

/* What is to be signed, or its digest, to a file of its own. */
static enum rprocfw_status write_tbs(struct signing *s)
{
    const struct rprocfw_tbs *tbs = s->job->tbs;
    const uint8_t *bytes = s->metadata.bytes;
    uint32_t size = s->metadata.layout.signature;
    uint8_t digest[RPROCFW_SHA256_SIZE];
    enum rprocfw_status status;

    if (tbs->digest) {
        if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1)
            return rprocfw_crypto_error(s->error, "SHA-256");
        bytes = digest;
        size = sizeof(digest);
    }
    status = rprocfw_output_open(&s->tbs, tbs->output, s->error);
    s->tbs.no_sync = s->job->no_sync;
    if (status == RPROCFW_OK)
        status =
            rprocfw_write_at(s->tbs.fd, rprocfw_output_name(&s->tbs), 0, bytes, size, s->error);
    return status;
}

static enum rprocfw_status finish_output(struct signing *s)
{
    const struct rprocfw_sign_job *job = s->job;
    enum rprocfw_status status = RPROCFW_OK;

    if (s->output.fd < 0)
        return RPROCFW_OK;
    if (job->tbs != NULL)
        status = write_tbs(s);
    if (status == RPROCFW_OK)
        status = rprocfw_write_at(s->output.fd, output_name(s), 0, s->metadata.bytes,
                                  s->metadata.layout.payload, s->error);
    if (status != RPROCFW_OK)
        return status;
    if (job->tbs != NULL) {
        rprocfw_hold(&s->hold);
        return rprocfw_output_commit_both(&s->output, &s->tbs, job->tbs->output_fd, s->error);
    }
    return rprocfw_output_commit(&s->output, job->output_fd, s->error);
}

/* Who signs elsewhere signs only what holds in all other respects. */
static enum rprocfw_status judge_before(struct signing *s)
{
    const bool made = s->job->container != NULL && s->job->change != RPROCFW_RESIGN;
    const bool asks = s->job->signer != NULL && !made;
    enum rprocfw_status status = RPROCFW_OK;

    if (s->job->tbs == NULL && !asks)
        return RPROCFW_OK;
    status = verify_new(s);
    s->judged = status == RPROCFW_OK;
    return status;
}

static enum rprocfw_status sign(struct signing *s)
{
    enum rprocfw_status status = s->contents->open(s->contents, s->error);

    if (status == RPROCFW_OK)
        status = guard(s);
    if (status == RPROCFW_OK)
        status = s->contents->build(s->contents, &s->metadata, s->error);
    if (status == RPROCFW_OK)
        status = write_payload(s);
    if (status == RPROCFW_OK)
        status = judge_before(s);
    if (status == RPROCFW_OK && s->job->tbs == NULL)
        status = add_signature(s);
    if (status == RPROCFW_OK && s->job->tbs == NULL)
        status = verify_new(s);
    if (status == RPROCFW_OK)
        status = finish_output(s);
    if (status == RPROCFW_OK)
        rprocfw_log(&s->job->log, RPROCFW_LOG_STEP,
                    "%s: %u bytes, images: %zu, hash table entries: %zu%s%s", output_name(s),
                    s->metadata.layout.size, s->metadata.images, s->metadata.entries,
                    s->job->tbs != NULL ? "; not signed yet" : "",
                    s->job->dry_run ? "; not written (dry run)" : "");
    return status;
}

enum rprocfw_status rprocfw_sign(const struct rprocfw_sign_job *job, struct rprocfw_error *error)
{
    struct rprocfw_error local = {.status = RPROCFW_OK};
    struct signing s = {.job = job, .output = {.fd = -1}, .tbs = {.fd = -1}, .error = &local};
    enum rprocfw_status status;

    rprocfw_key_warn(job->key, &job->log);
    s.contents =
        job->container != NULL ? rprocfw_container_contents(job) : rprocfw_elf_contents(job);
    status = s.contents != NULL ? sign(&s) : rprocfw_no_memory(&local);
    rprocfw_output_discard(&s.tbs);
    rprocfw_output_discard(&s.output);
    rprocfw_hold_end(&s.hold);
    rprocfw_metadata_free(&s.metadata);
    if (s.contents != NULL)
        s.contents->close(s.contents);
    if (status != RPROCFW_OK)
        *error = local;
    return status;
}
