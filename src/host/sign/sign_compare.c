/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is what a signing would write there already? All is done as for it, but instead of being written
 * the bytes are compared with those of the file, which may be anything: no length in it is believed
 * before it is as it must be, and no byte behind its first ones is read twice.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "signing.h"

/* A TLV area that is larger by more than this is another one, and not read. */
#define MORE_TLVS 1048576u

struct comparing {
    struct rprocfw_signing signing; /* what would be written */
    struct rprocfw_sign_job job;    /* as it is for that */
    struct rprocfw_input file;      /* what is there */
    struct rprocfw_header header;   /* of file */
    uint8_t *bytes;                 /* of file: header and TLV area; NULL: not read */
    char *text;                     /* the first difference; empty: none yet */
};

/* ---- What is there ---- */

static enum rprocfw_status open_file(struct comparing *c)
{
    enum rprocfw_status status;
    bool there;

    status = rprocfw_is_there(c->job.output, &there, c->signing.error);
    if (status != RPROCFW_OK)
        return status;
    if (there)
        return rprocfw_input_open(&c->file, c->job.output, c->signing.error);
    rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM, "it is not there");
    return RPROCFW_OK;
}

static void tell_size(struct comparing *c)
{
    rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM,
                  "it has %" PRIu64 " bytes and would have %" PRIu32, c->file.size,
                  c->signing.metadata.layout.size);
}

static enum rprocfw_status read_header(struct comparing *c)
{
    uint8_t bytes[RPROCFW_HEADER_SIZE];
    enum rprocfw_file_kind kind;
    enum rprocfw_status status = rprocfw_identify(&c->file, &kind, c->signing.error);

    if (status != RPROCFW_OK)
        return status;
    if (kind != RPROCFW_KIND_CONTAINER) {
        rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM,
                      "it is no container of today's layout but %s", rprocfw_kind_text(kind));
        return RPROCFW_OK;
    }
    if (c->file.size < sizeof(bytes)) {
        tell_size(c);
        return RPROCFW_OK;
    }
    status = rprocfw_read_at(c->file.fd, c->file.path, 0, bytes, sizeof(bytes), c->signing.error);
    if (status == RPROCFW_OK)
        rprocfw_header_decode(bytes, &c->header);
    return status;
}

/* The TLV area that the header tells of, if there can be one, and not by far too large. */
static bool find_area(const struct comparing *c, uint32_t *end)
{
    struct rprocfw_layout layout = {0};
    enum rprocfw_status status = rprocfw_header_check(&c->header, 0, &layout);

    /* the file's size matters later: its end may be missing, or there may be more */
    if (status == RPROCFW_ERR_SIZE)
        status = rprocfw_header_check(&c->header, layout.size, &layout);
    *end = layout.signature;
    return status == RPROCFW_OK && layout.signature <= c->file.size &&
           layout.tlv_size <= (uint64_t)c->signing.metadata.layout.tlv_size + MORE_TLVS;
}

/* ---- Header and TLVs ---- */

static enum rprocfw_status compare_tlvs(struct comparing *c)
{
    enum rprocfw_status status;
    uint32_t end;

    if (!find_area(c, &end))
        return RPROCFW_OK;
    c->bytes = malloc(end);
    if (c->bytes == NULL)
        return rprocfw_no_memory(c->signing.error);
    rprocfw_header_encode(c->bytes, &c->header);
    status = rprocfw_read_at(c->file.fd, c->file.path, RPROCFW_HEADER_SIZE,
                             c->bytes + RPROCFW_HEADER_SIZE, end - RPROCFW_HEADER_SIZE,
                             c->signing.error);
    if (status == RPROCFW_OK)
        (void)rprocfw_tlvs_differ(&c->signing.metadata, c->bytes + RPROCFW_HEADER_SIZE,
                                  c->header.tlv_len, c->text);
    return status;
}

/* After this the file has what it must have, where it must be, as many bytes as it must. */
static enum rprocfw_status compare_sizes(struct comparing *c)
{
    if (!rprocfw_headers_differ(&c->signing.metadata.header, &c->header, c->text) &&
        c->file.size != c->signing.metadata.layout.size)
        tell_size(c);
    return RPROCFW_OK;
}

/* ---- Payload and signature ---- */

static enum rprocfw_status compare_payload(struct comparing *c)
{
    const struct rprocfw_metadata *metadata = &c->signing.metadata;
    struct rprocfw_contents *contents = c->signing.contents;
    struct rprocfw_beside beside = {.file = &c->file,
                                    .table = c->bytes + (metadata->table - metadata->bytes)};
    enum rprocfw_status status;

    contents->beside = &beside;
    status = contents->write(contents, &c->signing.metadata, &c->signing.output, c->signing.error);
    contents->beside = NULL;
    if (status == RPROCFW_OK && beside.differs)
        rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM,
                      "image %zu is not of %s%s: it differs from its byte %" PRIu32 " on",
                      beside.image, contents->name(contents, (uint32_t)beside.image),
                      c->job.enc_key != NULL ? ", or encrypted otherwise" : "", beside.offset);
    else if (status == RPROCFW_OK)
        (void)rprocfw_signed_bytes_differ(metadata, c->bytes, c->text);
    return status;
}

/* The first byte of them that is not zero; size: there is none. */
static uint32_t find_byte(const uint8_t *bytes, uint32_t from, uint32_t size)
{
    while (from < size && bytes[from] == 0)
        from++;
    return from;
}

static enum rprocfw_status verify(const struct comparing *c, const uint8_t *signature)
{
    const struct rprocfw_metadata *metadata = &c->signing.metadata;
    const struct rprocfw_signed what = {
        .data = c->bytes,
        .size = metadata->layout.signature,
        .signature = signature,
        .signature_size = metadata->header.sign_len,
        .signtype = rprocfw_key_signtype(c->job.key),
    };

    return rprocfw_key_verify(c->job.key, &what, c->signing.error);
}

static enum rprocfw_status compare_signature(struct comparing *c)
{
    const struct rprocfw_layout *layout = &c->signing.metadata.layout;
    const uint32_t sign_len = c->signing.metadata.header.sign_len;
    const uint32_t size = layout->payload - layout->signature;
    uint8_t bytes[RPROCFW_NUMBER_ROOM];
    enum rprocfw_status status;
    uint32_t byte;

    status =
        rprocfw_read_at(c->file.fd, c->file.path, layout->signature, bytes, size, c->signing.error);
    if (status != RPROCFW_OK)
        return status;
    if (find_byte(bytes, 0, sign_len) == sign_len) {
        rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM, "it is not signed yet");
        return RPROCFW_OK;
    }
    status = verify(c, bytes);
    byte = find_byte(bytes, sign_len, size);
    if (status == RPROCFW_ERR_SIGNATURE)
        rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM, "the signature is not by %s",
                      rprocfw_key_path(c->job.key));
    else if (status == RPROCFW_OK && byte < size)
        rprocfw_print(c->text, RPROCFW_DIFFERENCE_ROOM,
                      "byte %" PRIu32 ", behind the signature, is 0x%02x and would be 0x00",
                      layout->signature + byte, bytes[byte]);
    return status == RPROCFW_ERR_SIGNATURE ? RPROCFW_OK : status;
}

/* ---- All of it ---- */

/* In the order in which a difference says most. */
static enum rprocfw_status compare(struct comparing *c)
{
    static enum rprocfw_status (*const steps[])(struct comparing *) = {
        open_file, read_header, compare_tlvs, compare_sizes, compare_payload, compare_signature,
    };
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (status == RPROCFW_OK && *c->text == '\0')
            status = steps[i](c);
    return status;
}

/*
 * It is the same: now what the signing would have said, and whether it would have been refused.
 * Otherwise that is left to the next signing, or it would be said twice.
 */
static enum rprocfw_status judge(struct comparing *c, const struct rprocfw_log *log)
{
    struct rprocfw_contents *contents = c->signing.contents;
    struct rprocfw_metadata again = {0};
    enum rprocfw_status status;

    c->job.log = *log;
    rprocfw_key_warn(c->job.key, log);
    status = contents->build(contents, &again, c->signing.error);
    rprocfw_metadata_free(&again);
    return status == RPROCFW_OK ? rprocfw_signing_judge(&c->signing) : status;
}

/* What was read counts if nobody wrote to it meanwhile. */
static enum rprocfw_status check_unchanged(struct comparing *c)
{
    struct rprocfw_contents *contents = c->signing.contents;
    enum rprocfw_status status = contents->unchanged(contents, c->signing.error);

    if (status == RPROCFW_OK && c->file.fd >= 0)
        status = rprocfw_input_unchanged(&c->file, c->signing.error);
    return status;
}

static enum rprocfw_status check_job(const struct rprocfw_sign_job *job,
                                     struct rprocfw_error *error)
{
    if (job->output == NULL)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "standard output is nothing to compare with; name a file");
    if (job->container != NULL || job->tbs != NULL)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "%s: only what ELF files are signed to can be compared",
                                 job->output);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_sign_compare(const struct rprocfw_sign_job *job,
                                         char difference[RPROCFW_DIFFERENCE_ROOM],
                                         struct rprocfw_error *error)
{
    struct rprocfw_error local = {.status = RPROCFW_OK};
    struct comparing c = {
        .signing = {.output = {.fd = -1}, .tbs = {.fd = -1}, .error = &local},
        .job = *job,
        .file = {.fd = -1},
        .text = difference,
    };
    enum rprocfw_status status = check_job(job, &local);

    *difference = '\0';
    c.signing.job = &c.job;
    c.job.dry_run = true;
    c.job.log = (struct rprocfw_log){.write = NULL};
    if (status == RPROCFW_OK)
        status = rprocfw_signing_begin(&c.signing);
    if (status == RPROCFW_OK)
        status = compare(&c);
    if (status == RPROCFW_OK && *difference == '\0')
        status = judge(&c, &job->log);
    if (status == RPROCFW_OK)
        status = check_unchanged(&c);
    rprocfw_input_close(&c.file);
    free(c.bytes);
    rprocfw_signing_end(&c.signing);
    if (status == RPROCFW_OK)
        return status;
    *difference = '\0';
    *error = local;
    return status;
}
