/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's verdict with the real checks: signature by libcrypto, against two keys; each segment's
 * SHA-256. What core accepts is signed and hashed throughout, nothing outside was loaded, and the
 * library says the same of the file. The mutator signs most of what it makes, so that the way leads
 * past the signature.
 */
#include <stdlib.h>
#include <string.h>

#include <rprocfw/report.h>

#include "../cross/sha256.h"
#include "fuzz.h"
#include "mutate.h"

struct judged {
    const uint8_t *data;
    uint32_t size;
    bool authentic; /* the signature holds over the bytes at the start of data */
    bool asked;     /* whether it does */
    bool wrong_digest;
};

static const struct rprocfw_keys *all_keys(void)
{
    static struct rprocfw_key *list[2];
    static const struct rprocfw_keys keys = {.key = list, .count = 2};

    if (list[0] == NULL) {
        list[0] = (struct rprocfw_key *)fuzz_key("p256");
        list[1] = (struct rprocfw_key *)fuzz_key("rsa2048");
    }
    return &keys;
}

static enum rprocfw_status read_bytes(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    const struct judged *j = ctx;

    FUZZ_HOLDS(offset <= j->size && size <= j->size - offset);
    memcpy(dst, j->data + offset, size);
    return RPROCFW_OK;
}

/* The signed bytes are those at the start of the container, the signature those that follow. */
static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    struct judged *j = ctx;
    const struct rprocfw_keys *keys = all_keys();
    struct rprocfw_error error;

    FUZZ_HOLDS(what->size <= j->size && memcmp(what->data, j->data, what->size) == 0);
    FUZZ_HOLDS(what->signature_size <= j->size - what->size &&
               memcmp(what->signature, j->data + what->size, what->signature_size) == 0);
    FUZZ_HOLDS(!j->asked);
    j->asked = true;
    for (size_t i = 0; i < keys->count; i++)
        j->authentic = j->authentic || rprocfw_key_verify(keys->key[i], what, &error) == RPROCFW_OK;
    return j->authentic ? RPROCFW_AUTHENTIC : RPROCFW_ERR_SIGNATURE;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    struct judged *j = ctx;
    uint8_t digest[RPROCFW_SHA256_SIZE];

    FUZZ_HOLDS(j->authentic);
    FUZZ_HOLDS(segment->offset <= j->size && segment->phdr.filesz <= j->size - segment->offset);
    if (segment->phdr.filesz == 0)
        return RPROCFW_OK;
    sha256(j->data + segment->offset, segment->phdr.filesz, digest);
    if (memcmp(digest, segment->sha256, sizeof(digest)) != 0) {
        j->wrong_digest = true;
        return RPROCFW_ERR_SEGMENT_HASH;
    }
    return RPROCFW_OK;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    FUZZ_HOLDS(offset <= segment->phdr.filesz && size <= segment->phdr.filesz - offset);
    return read_bytes(ctx, segment->offset + offset, dst, size);
}

static const struct rprocfw_platform platform = {
    .read = read_bytes,
    .verify_signature = verify_signature,
    .load = load,
    .read_loaded = read_loaded,
};

static enum rprocfw_status judge(struct judged *j)
{
    struct rprocfw_verifier v;
    struct rprocfw_diag diag;
    enum rprocfw_status status;
    uint8_t *work = NULL;

    status = rprocfw_verify_begin(&v, &platform, j, j->size, RPROCFW_VERIFY_CIPHERTEXT);
    if (status == RPROCFW_OK) {
        work = malloc(v.layout.payload); /* exactly as much as asked for: a sanitizer sees more */
        FUZZ_HOLDS(work != NULL);
        status = rprocfw_verify_finish(&v, work, v.layout.payload);
    }
    rprocfw_explain(&v, status, &diag);
    free(work);
    return status;
}

static enum rprocfw_status judged_by_library(const uint8_t *data, size_t size)
{
    struct rprocfw_report_job job = {.mode = RPROCFW_REPORT_VERIFY, .keys = all_keys()};
    struct rprocfw_report report;
    struct rprocfw_error error;
    enum rprocfw_status status;
    struct fuzz_file file;

    fuzz_file_make(&file, data, size);
    job.path = file.path;
    FUZZ_HOLDS(rprocfw_report_build(&report, &job, &error) == RPROCFW_OK);
    status = report.status;
    FUZZ_HOLDS(status != RPROCFW_OK || report.signed_by != NULL);
    rprocfw_report_free(&report);
    fuzz_file_close(&file);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct judged j = {.data = data, .size = (uint32_t)size};
    const enum rprocfw_status status = judge(&j);
    const enum rprocfw_status library = judged_by_library(data, size);

    FUZZ_HOLDS(status != RPROCFW_OK || (j.authentic && !j.wrong_digest));
    FUZZ_HOLDS(library == status ||
               (status != RPROCFW_OK && (library == RPROCFW_ERR_OLD_LAYOUT_2020 ||
                                         library == RPROCFW_ERR_OLD_LAYOUT_2023)));
    return 0;
}

/* ---- The mutator ---- */

/* With the key that SIGNTYPE and the signature's size ask for, if it is there. */
static void sign(uint8_t *data, size_t size)
{
    const struct rprocfw_keys *keys = all_keys();
    struct fuzz_signature at;
    struct rprocfw_error error;

    if (!fuzz_find_signature(data, size, &at))
        return;
    for (size_t i = 0; i < keys->count; i++)
        if (rprocfw_key_signtype(keys->key[i]) == at.signtype &&
            rprocfw_key_signature_size(keys->key[i]) == at.size)
            (void)!rprocfw_key_sign(keys->key[i], RPROCFW_NONCE_DERIVED, data, at.offset,
                                    data + at.offset, &error);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
    struct fuzz_random random = {seed | 1};

    size = fuzz_mutate_container(data, size, room, &random);
    if (fuzz_draw(&random, 8) != 0)
        sign(data, size);
    return size;
}
