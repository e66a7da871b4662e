/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signer: contents -> metadata without digests -> one pass, which writes the payload and hashes
 * what was written -> signature -> verified with core -> metadata written, output renamed.
 *
 * If the key is not at hand, core judges all but the signature before anybody is asked for one; and
 * if it is to be made elsewhere, what is to be signed is written in its place.
 */
#include <openssl/evp.h>

#include "signing.h"

/* An output must not be a file that is still needed. */
static enum rprocfw_status guard_from(const struct rprocfw_signing *s, const char *output,
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

static enum rprocfw_status guard_input(const struct rprocfw_signing *s, const char *output,
                                       const char *input)
{
    char what[256];

    rprocfw_print(what, sizeof(what), "input %s", input);
    return guard_from(s, output, input, what);
}

static enum rprocfw_status guard_output(const struct rprocfw_signing *s, const char *output)
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
static enum rprocfw_status guard_both(const struct rprocfw_signing *s)
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

static enum rprocfw_status guard(const struct rprocfw_signing *s)
{
    enum rprocfw_status status = guard_output(s, s->job->output);

    return status == RPROCFW_OK && s->job->tbs != NULL ? guard_both(s) : status;
}

static enum rprocfw_status write_payload(struct rprocfw_signing *s)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (!s->job->dry_run)
        status = rprocfw_output_open(&s->output, s->job->output, s->error);
    s->output.no_sync = s->job->no_sync;
    if (status == RPROCFW_OK)
        status = s->contents->write(s->contents, &s->metadata, &s->output, s->error);
    return status;
}

static enum rprocfw_status add_signature(struct rprocfw_signing *s)
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

/* ---- The outputs ---- */

/* What is to be signed, or its digest, to a file of its own. */
static enum rprocfw_status write_tbs(struct rprocfw_signing *s)
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

static enum rprocfw_status finish_output(struct rprocfw_signing *s)
{
    const struct rprocfw_sign_job *job = s->job;
    enum rprocfw_status status = RPROCFW_OK;

    if (s->output.fd < 0)
        return RPROCFW_OK;
    if (job->tbs != NULL)
        status = write_tbs(s);
    if (status == RPROCFW_OK)
        status = rprocfw_write_at(s->output.fd, rprocfw_signing_output(s), 0, s->metadata.bytes,
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
static enum rprocfw_status judge_before(struct rprocfw_signing *s)
{
    const bool made = s->job->container != NULL && s->job->change != RPROCFW_RESIGN;
    const bool asks = s->job->signer != NULL && !made;
    enum rprocfw_status status = RPROCFW_OK;

    if (s->job->tbs == NULL && !asks)
        return RPROCFW_OK;
    status = rprocfw_signing_judge(s);
    s->judged = status == RPROCFW_OK;
    return status;
}

/* ---- From its start to its end ---- */

enum rprocfw_status rprocfw_signing_begin(struct rprocfw_signing *s)
{
    const struct rprocfw_sign_job *job = s->job;
    enum rprocfw_status status;

    s->contents =
        job->container != NULL ? rprocfw_container_contents(job) : rprocfw_elf_contents(job);
    if (s->contents == NULL)
        return rprocfw_no_memory(s->error);
    status = s->contents->open(s->contents, s->error);
    if (status == RPROCFW_OK)
        status = guard(s);
    if (status == RPROCFW_OK)
        status = s->contents->build(s->contents, &s->metadata, s->error);
    return status;
}

void rprocfw_signing_end(struct rprocfw_signing *s)
{
    rprocfw_output_discard(&s->tbs);
    rprocfw_output_discard(&s->output);
    rprocfw_hold_end(&s->hold);
    rprocfw_metadata_free(&s->metadata);
    if (s->contents != NULL)
        s->contents->close(s->contents);
}

static enum rprocfw_status sign(struct rprocfw_signing *s)
{
    enum rprocfw_status status = rprocfw_signing_begin(s);

    if (status == RPROCFW_OK)
        status = write_payload(s);
    if (status == RPROCFW_OK)
        status = judge_before(s);
    if (status == RPROCFW_OK && s->job->tbs == NULL)
        status = add_signature(s);
    if (status == RPROCFW_OK && s->job->tbs == NULL)
        status = rprocfw_signing_judge(s);
    if (status == RPROCFW_OK)
        status = finish_output(s);
    if (status == RPROCFW_OK)
        rprocfw_log(&s->job->log, RPROCFW_LOG_STEP,
                    "%s: %u bytes, images: %zu, hash table entries: %zu%s%s",
                    rprocfw_signing_output(s), s->metadata.layout.size, s->metadata.images,
                    s->metadata.entries, s->job->tbs != NULL ? "; not signed yet" : "",
                    s->job->dry_run ? "; not written (dry run)" : "");
    return status;
}

enum rprocfw_status rprocfw_sign(const struct rprocfw_sign_job *job, struct rprocfw_error *error)
{
    struct rprocfw_error local = {.status = RPROCFW_OK};
    struct rprocfw_signing s = {
        .job = job, .output = {.fd = -1}, .tbs = {.fd = -1}, .error = &local};
    enum rprocfw_status status;

    rprocfw_key_warn(job->key, &job->log);
    status = sign(&s);
    rprocfw_signing_end(&s);
    if (status != RPROCFW_OK)
        *error = local;
    return status;
}
