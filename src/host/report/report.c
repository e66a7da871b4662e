/* SPDX-License-Identifier: BSD-2-Clause */
/* One container file: judged by core, and shown as far as it can be read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../device/device.h"
#include "../findings/findings.h"
#include "../host.h"
#include "view.h"

/* ---- The file as core sees it ---- */

struct judging {
    struct rprocfw_report *report;
    const struct rprocfw_input *file;
    const struct rprocfw_report_job *job;
    struct rprocfw_hasher *hasher; /* NULL in RPROCFW_REPORT_STRUCTURE */
    struct rprocfw_part *parts;    /* what it is to hash, one for each entry; NULL: not known yet */
    struct rprocfw_error *error;   /* written when a callback returns a status of the host */
};

/* Core judges the very metadata that the report shows: the file may change between two reads. */
static enum rprocfw_status read_file(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    const struct judging *j = ctx;
    const struct rprocfw_report *report = j->report;

    if (offset < report->metadata_size && size <= report->metadata_size - offset) {
        memcpy(dst, report->metadata + offset, size);
        return RPROCFW_OK;
    }
    return rprocfw_read_at(j->file->fd, j->file->path, offset, dst, size, j->error);
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    const struct judging *j = ctx;
    const struct rprocfw_keys *keys = j->job->keys;
    enum rprocfw_status verdict = RPROCFW_ERR_SIGNATURE;

    if (j->job->mode != RPROCFW_REPORT_VERIFY)
        return RPROCFW_AUTHENTIC;
    for (size_t i = 0; i < keys->count; i++) {
        const enum rprocfw_status status = rprocfw_key_verify(keys->key[i], what, j->error);

        if (status == RPROCFW_OK) {
            j->report->signed_by = keys->key[i];
            return RPROCFW_AUTHENTIC;
        }
        if (status != RPROCFW_ERR_SIGNATURE)
            verdict = status; /* it may be this key's */
    }
    if (verdict == RPROCFW_ERR_SIGNATURE && keys->unopened != NULL)
        verdict = rprocfw_error_set(j->error, RPROCFW_ERR_KEY,
                                    "%s: signed with none of the keys that could be used; it may "
                                    "be another's: %s",
                                    j->file->path, keys->unopened);
    return verdict;
}

/*
 * Which bytes core will ask for: what the entries say of the images that they probably belong to,
 * when each program header has an entry.
 */
static enum rprocfw_status foretell(struct judging *j)
{
    const struct rprocfw_report *report = j->report;
    size_t entry = 0;

    j->parts = calloc(report->entry_count, sizeof(*j->parts));
    if (j->parts == NULL)
        return rprocfw_no_memory(j->error);
    for (size_t i = 0; i < report->image_count; i++) {
        const struct rprocfw_report_image *image = &report->images[i];

        for (size_t k = 0; k < image->ehdr.phnum && entry < report->entry_count; k++) {
            const struct rprocfw_phdr *phdr = &report->entries[entry].phdr;

            if (phdr->type == RPROCFW_PT_LOAD && phdr->offset <= image->size &&
                phdr->filesz <= image->size - phdr->offset) {
                j->parts[entry].offset = image->offset + phdr->offset;
                j->parts[entry].size = phdr->filesz;
            }
            entry++;
        }
    }
    rprocfw_hasher_foretell(j->hasher, j->parts, report->entry_count);
    return RPROCFW_OK;
}

static enum rprocfw_status check_segment(void *ctx, const struct rprocfw_segment *segment)
{
    struct judging *j = ctx;
    uint8_t digest[RPROCFW_SHA256_SIZE];
    enum rprocfw_status status = RPROCFW_OK;

    if (j->hasher == NULL || segment->phdr.filesz == 0)
        return RPROCFW_OK;
    if (j->parts == NULL) /* not before: the signature is good */
        status = foretell(j);
    if (status == RPROCFW_OK)
        status = rprocfw_hasher_digest(j->hasher, segment->entry, segment->offset,
                                       segment->phdr.filesz, digest, j->error);
    if (status == RPROCFW_OK && memcmp(digest, segment->sha256, sizeof(digest)) != 0)
        status = RPROCFW_ERR_SEGMENT_HASH;
    return status;
}

/* Blocks from offset on of a segment, in bytes; before each stands the one that it depends on. */
static enum rprocfw_status decrypt(const struct judging *j, const struct rprocfw_segment *segment,
                                   uint32_t offset, uint8_t *bytes, uint32_t size)
{
    const bool first = offset == 0;
    uint8_t iv[RPROCFW_AES_BLOCK];
    struct rprocfw_cbc *cbc = NULL;
    enum rprocfw_status status = RPROCFW_OK;

    if (first)
        memcpy(iv, segment->iv, sizeof(iv));
    else
        status = rprocfw_read_at(j->file->fd, j->file->path, segment->offset + offset - sizeof(iv),
                                 iv, sizeof(iv), j->error);
    if (status == RPROCFW_OK)
        status = rprocfw_read_at(j->file->fd, j->file->path, segment->offset + offset, bytes, size,
                                 j->error);
    if (status == RPROCFW_OK)
        status = rprocfw_cbc_new(&cbc, j->job->enc_key, false, j->error);
    if (status == RPROCFW_OK)
        status = rprocfw_cbc_begin(cbc, 1, j->error);
    if (status == RPROCFW_OK) {
        rprocfw_cbc_add(cbc, 0, size, iv);
        status = rprocfw_cbc_pass(cbc, 0, bytes, size, j->error);
    }
    rprocfw_cbc_free(cbc);
    return status;
}

/* What core asks for at most, in whole blocks. */
#define BLOCKS_ROOM (RPROCFW_SHDR_SIZE + 2 * RPROCFW_AES_BLOCK)

static enum rprocfw_status read_segment(void *ctx, const struct rprocfw_segment *segment,
                                        uint32_t offset, void *dst, uint32_t size)
{
    const struct judging *j = ctx;
    const uint32_t within = offset % RPROCFW_AES_BLOCK;
    uint8_t bytes[BLOCKS_ROOM];
    enum rprocfw_status status;

    if (segment->iv == NULL) /* otherwise core asks only for what can be decrypted */
        return read_file(ctx, segment->offset + offset, dst, size);
    status = decrypt(j, segment, offset - within, bytes,
                     (within + size + RPROCFW_AES_BLOCK - 1) & ~(RPROCFW_AES_BLOCK - 1));
    if (status == RPROCFW_OK)
        memcpy(dst, bytes + within, size);
    return status;
}

static void note_image(void *ctx, const struct rprocfw_image *image)
{
    const struct judging *j = ctx;

    rprocfw_report_note(j->report, image);
}

static const struct rprocfw_platform platform = {
    .read = read_file,
    .verify_signature = verify_signature,
    .load = check_segment,
    .read_loaded = read_segment,
    .image_done = note_image,
};

static enum rprocfw_status run_core(struct judging *j)
{
    struct rprocfw_report *report = j->report;
    struct rprocfw_verifier v;
    enum rprocfw_status status;
    uint8_t *work = NULL;

    status = rprocfw_verify_begin(&v, &platform, j, (uint32_t)report->file_size,
                                  j->job->enc_key != NULL ? 0 : RPROCFW_VERIFY_CIPHERTEXT);
    if (status == RPROCFW_OK) {
        work = malloc(v.layout.payload);
        status = work != NULL ? rprocfw_verify_finish(&v, work, v.layout.payload)
                              : rprocfw_no_memory(j->error);
    }
    rprocfw_explain(&v, status, &report->diag);
    free(work);
    report->status = status;
    return rprocfw_status_is_refusal(status) ? RPROCFW_OK : status;
}

/* The structure alone is judged without the bytes of segments. */
static enum rprocfw_status run_core_hashing(struct judging *j)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (j->job->mode != RPROCFW_REPORT_STRUCTURE)
        status = rprocfw_hasher_start(&j->hasher, j->file, j->error);
    if (status == RPROCFW_OK)
        status = run_core(j);
    rprocfw_hasher_end(j->hasher);
    free(j->parts);
    return status;
}

static enum rprocfw_status judge(struct judging *j)
{
    struct rprocfw_report *report = j->report;
    enum rprocfw_status status = RPROCFW_OK;

    report->diag = (struct rprocfw_diag){
        .tlv = RPROCFW_NOWHERE, .image = RPROCFW_NOWHERE, .segment = RPROCFW_NOWHERE};
    if (report->kind == RPROCFW_KIND_CONTAINER_2020)
        report->status = RPROCFW_ERR_OLD_LAYOUT_2020;
    else if (report->kind == RPROCFW_KIND_CONTAINER_2023)
        report->status = RPROCFW_ERR_OLD_LAYOUT_2023;
    else if (report->file_size > UINT32_MAX)
        report->status = RPROCFW_ERR_SIZE;
    else
        status = run_core_hashing(j);
    return status;
}

/* ---- Words ---- */

/* Refused, and yet in the layout that the board reads? */
static bool is_of_2020(const struct judging *j)
{
    return j->report->kind == RPROCFW_KIND_CONTAINER_2020 && j->report->file_size <= UINT32_MAX &&
           j->job->board != NULL && j->job->board->old_layout;
}

/* Which keys were tried on what. */
static void describe_signature(struct rprocfw_report *report, const struct rprocfw_keys *keys)
{
    const uint32_t size = report->header.sign_len;
    const bool rsa = report->signtype == RPROCFW_SIGNTYPE_RSA;
    char algorithm[32] = "ECDSA P-256";
    size_t fitting = 0;

    if (rsa)
        (void)snprintf(algorithm, sizeof(algorithm), "RSA-%" PRIu32, 8 * size);
    for (size_t i = 0; i < keys->count; i++)
        if ((uint8_t)rprocfw_key_signtype(keys->key[i]) == report->signtype &&
            rprocfw_key_signature_size(keys->key[i]) == size)
            fitting++;
    if (!rprocfw_is_signed(report))
        rprocfw_print(report->message, sizeof(report->message),
                      "not signed yet: its signature is zero; attach one with rproc-sign --attach");
    else if (fitting == 0)
        rprocfw_print(report->message, sizeof(report->message),
                      "the signature is %s, and no key given is of that kind (the first: %s, %s); "
                      "give the public key that belongs to the signing key",
                      algorithm, rprocfw_key_path(keys->key[0]), rprocfw_key_kind(keys->key[0]));
    else
        rprocfw_print(report->message, sizeof(report->message),
                      "the %s signature does not verify with %s %s; another key signed it, or it "
                      "was changed after signing",
                      algorithm, keys->count == 1 ? "the key" : "any of the keys given, such as",
                      rprocfw_key_path(keys->key[0]));
}

/* Is it what a key that is not the right one may make of a good container? */
static bool may_be_enc_key(const struct judging *j)
{
    const enum rprocfw_status status = j->report->status;

    return j->job->enc_key != NULL && j->report->entry_count != 0 &&
           j->report->entries[0].iv != NULL &&
           (status == RPROCFW_ERR_RSC_VERSION || status == RPROCFW_ERR_RSC_RESERVED ||
            status == RPROCFW_ERR_RSC_ENTRIES);
}

static void describe_check(const struct judging *j)
{
    struct rprocfw_report *report = j->report;
    char text[sizeof(report->message)];

    rprocfw_describe(report->status, &report->diag, text, sizeof(text));
    rprocfw_print(report->message, sizeof(report->message), "%s%s", text,
                  may_be_enc_key(j) ? "; or the AES key is not the one it was encrypted with" : "");
}

static void describe(const struct judging *j)
{
    struct rprocfw_report *report = j->report;
    const struct rprocfw_keys *keys = j->job->keys;
    const bool foreign =
        report->kind != RPROCFW_KIND_CONTAINER && report->kind != RPROCFW_KIND_CONTAINER_2020 &&
        report->kind != RPROCFW_KIND_CONTAINER_2023 && report->kind != RPROCFW_KIND_UNKNOWN;

    if (report->status == RPROCFW_OK || report->status == RPROCFW_ERR_ORIGINAL)
        return; /* that has said where */
    if (report->status == RPROCFW_ERR_SIGNATURE && keys != NULL && keys->count > 0)
        describe_signature(report, keys);
    else if (is_of_2020(j))
        (void)snprintf(report->message, sizeof(report->message),
                       "a container in the layout of 2020, as the board reads it, whose signature "
                       "and hashes are not verified here; verify it with what signed it");
    else if (foreign)
        (void)snprintf(report->message, sizeof(report->message),
                       "not a signed container but %s; %s", rprocfw_kind_text(report->kind),
                       report->kind == RPROCFW_KIND_ELF ? "sign it with rproc-sign first"
                                                        : "give the file that rproc-sign wrote");
    else if (report->file_size > UINT32_MAX)
        (void)snprintf(report->message, sizeof(report->message),
                       "%" PRIu64 " bytes; a container has at most %" PRIu32, report->file_size,
                       UINT32_MAX);
    else
        describe_check(j);
}

static enum rprocfw_verdict verdict_of(enum rprocfw_status status, enum rprocfw_report_mode mode)
{
    if (status != RPROCFW_OK)
        return RPROCFW_VERDICT_REJECT;
    switch (mode) {
    case RPROCFW_REPORT_VERIFY:
        return RPROCFW_VERDICT_ACCEPT;
    case RPROCFW_REPORT_NO_SIGNATURE:
        return RPROCFW_VERDICT_UNAUTHENTICATED;
    case RPROCFW_REPORT_STRUCTURE:
        break;
    }
    return RPROCFW_VERDICT_NOT_JUDGED;
}

/* ---- What a board will say ---- */

static enum rprocfw_foretell_signature known_of_signature(const struct judging *j)
{
    if (j->job->mode != RPROCFW_REPORT_VERIFY)
        return RPROCFW_FORETELL_ASSUMED;
    if (j->report->signed_by != NULL)
        return RPROCFW_FORETELL_GOOD;
    return j->report->status == RPROCFW_ERR_SIGNATURE ? RPROCFW_FORETELL_BAD
                                                      : RPROCFW_FORETELL_UNKNOWN;
}

/* Whatever core has found: a TA may see it otherwise. */
static enum rprocfw_status foretell_load(struct judging *j, const struct rprocfw_view *view)
{
    struct rprocfw_report *report = j->report;
    const struct rprocfw_foretell_job job = {
        .view = view,
        .kind = report->kind,
        .metadata = report->metadata,
        .metadata_size = report->metadata_size,
        .signature = known_of_signature(j),
        .keys = j->job->keys,
        .hashed = report->status == RPROCFW_OK && j->job->mode != RPROCFW_REPORT_STRUCTURE,
    };
    struct rprocfw_foretelling *foretelling = NULL;
    enum rprocfw_status status;

    if (!j->job->preflight || report->file_size > UINT32_MAX)
        return RPROCFW_OK;
    status = rprocfw_foretell_begin(&foretelling, &job, j->error);
    if (status == RPROCFW_OK)
        status = rprocfw_foretell(foretelling, j->job->board,
                                  &rprocfw_known_ta[rprocfw_foretell_usual(foretelling)],
                                  &report->device, j->error);
    rprocfw_foretell_end(foretelling);
    return status;
}

/* At most RPROCFW_LOADED_PIECE bytes; what is wrong is said in the judging's own error. */
static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size,
                                       struct rprocfw_error *error)
{
    (void)error;
    return read_segment(ctx, segment, offset, dst, size);
}

/* What no TA looks at. */
static enum rprocfw_status find(struct judging *j, const struct rprocfw_view *view)
{
    const struct rprocfw_loaded loaded = {.read = read_loaded, .ctx = j};
    const struct rprocfw_finding_job job = {
        .report = j->report,
        .view = view,
        .loaded = j->job->enc_key != NULL ? &loaded : NULL,
        .board = j->job->board,
    };

    if (!j->job->preflight)
        return RPROCFW_OK;
    if (is_of_2020(j) && !j->report->device.is_predicted)
        return rprocfw_findings_of_2020(&j->report->findings, view, j->job->board, j->error);
    if (j->report->status != RPROCFW_OK)
        return RPROCFW_OK;
    return rprocfw_findings_build(&j->report->findings, &job, j->error);
}

/* ---- All of it ---- */

/* After core found all of it good: what is known of the AES key. */
static enum rprocfw_status check_decrypted(struct judging *j)
{
    struct rprocfw_report *report = j->report;
    enum rprocfw_status status = RPROCFW_OK;

    report->decrypted = RPROCFW_DECRYPTED_PLAIN;
    for (size_t i = 0; i < report->image_count; i++) {
        const struct rprocfw_report_image *image = &report->images[i];

        if (image->type != RPROCFW_IMGTYPE_ENCRYPTED_ELF)
            continue;
        if (image->has_rsc_table)
            report->decrypted = RPROCFW_DECRYPTED_RSC_TABLE;
        else if (report->decrypted == RPROCFW_DECRYPTED_PLAIN)
            report->decrypted = RPROCFW_DECRYPTED_UNKNOWN;
    }
    if (j->job->original_count != 0)
        status = rprocfw_compare(report, j->file, j->job, j->error);
    if (report->compared && report->decrypted != RPROCFW_DECRYPTED_PLAIN)
        report->decrypted = RPROCFW_DECRYPTED_ORIGINAL;
    if (report->status != RPROCFW_OK)
        report->decrypted = RPROCFW_DECRYPTED_NO;
    return status;
}

static enum rprocfw_status view_file(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                     struct rprocfw_error *error)
{
    const struct rprocfw_input *file = ctx;

    return rprocfw_read_at(file->fd, file->path, offset, dst, size, error);
}

static enum rprocfw_status fill(struct judging *j)
{
    struct rprocfw_report *report = j->report;
    struct rprocfw_input file = *j->file;
    const struct rprocfw_view view = {.read = view_file, .ctx = &file, .size = (uint32_t)file.size};
    enum rprocfw_status status = rprocfw_identify(j->file, &report->kind, j->error);

    if (status == RPROCFW_OK && report->kind == RPROCFW_KIND_CONTAINER && file.size <= UINT32_MAX)
        status = rprocfw_report_list(report, &view, j->error);
    if (status == RPROCFW_OK)
        status = judge(j);
    if (status == RPROCFW_OK && report->status == RPROCFW_OK && j->job->enc_key != NULL)
        status = check_decrypted(j);
    if (status == RPROCFW_OK)
        status = rprocfw_coverage(report, &view, j->error);
    if (status != RPROCFW_OK)
        return status;
    report->verdict = verdict_of(report->status, j->job->mode);
    describe(j);
    status = foretell_load(j, &view);
    return status == RPROCFW_OK ? find(j, &view) : status;
}

enum rprocfw_status rprocfw_report_build(struct rprocfw_report *report,
                                         const struct rprocfw_report_job *job,
                                         struct rprocfw_error *error)
{
    struct rprocfw_input file;
    struct judging j = {.report = report, .file = &file, .job = job, .error = error};
    enum rprocfw_status status;

    *report = (struct rprocfw_report){.verdict = RPROCFW_VERDICT_REJECT};
    status = rprocfw_input_open(&file, job->path, error);
    if (status != RPROCFW_OK)
        return status;
    report->file_size = file.size;
    report->path = strdup(job->path);
    status = report->path != NULL ? fill(&j) : rprocfw_no_memory(error);
    if (status == RPROCFW_OK) /* the verdict is on one state of the file */
        status = rprocfw_input_unchanged(&file, error);
    rprocfw_input_close(&file);
    if (status != RPROCFW_OK)
        rprocfw_report_free(report);
    return status;
}

void rprocfw_report_free(struct rprocfw_report *report)
{
    free(report->path);
    free(report->metadata);
    free(report->tlvs);
    free(report->entries);
    free(report->images);
    free(report->ranges);
    free(report->unsigned_ranges);
    rprocfw_findings_free(&report->findings);
    *report = (struct rprocfw_report){.verdict = RPROCFW_VERDICT_REJECT};
}
