/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contents from a container that is there already: its TLVs, in their order, and its payload. Core
 * judges them where they are to be; here it is only asked what a container must be to be taken
 * apart.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"

#define CHUNK          262144u
#define SIGNATURE_ROOM 512u /* RSA-4096 */

struct container_contents {
    struct rprocfw_contents contents; /* first: one is the other */
    const struct rprocfw_sign_job *job;
    struct rprocfw_input file;
    struct rprocfw_header header; /* of file */
    struct rprocfw_layout layout;
    uint8_t *area; /* its TLVs */
    /* where the payload can be read, once it is written */
    struct rprocfw_input payload;
    uint32_t payload_at;
    uint32_t new_at; /* where it is in the new container */
    struct rprocfw_hasher *hasher;
};

static struct container_contents *of(struct rprocfw_contents *contents)
{
    return (struct container_contents *)contents;
}

/* ---- The container ---- */

/* What rproc-dump would say of it. */
static enum rprocfw_status check_structure(const struct container_contents *c,
                                           struct rprocfw_error *error)
{
    const struct rprocfw_report_job job = {.path = c->file.path, .mode = RPROCFW_REPORT_STRUCTURE};
    struct rprocfw_report report;
    enum rprocfw_status status = rprocfw_input_unchanged(&c->file, error);

    if (status == RPROCFW_OK)
        status = rprocfw_report_build(&report, &job, error);
    if (status != RPROCFW_OK)
        return status;
    if (report.status != RPROCFW_OK)
        status = rprocfw_error_set(error, report.status, "%s: %s", report.path, report.message);
    rprocfw_report_free(&report);
    return status;
}

/* It cannot be taken apart. */
static enum rprocfw_status refuse(const struct container_contents *c, struct rprocfw_error *error)
{
    const enum rprocfw_status status = check_structure(c, error);

    return status == RPROCFW_OK ? rprocfw_input_changed(c->file.path, error) : status;
}

static enum rprocfw_status read_area(struct container_contents *c, struct rprocfw_error *error)
{
    c->area = malloc(c->layout.tlv_size);
    if (c->area == NULL)
        return rprocfw_no_memory(error);
    return rprocfw_read_at(c->file.fd, c->file.path, RPROCFW_HEADER_SIZE, c->area,
                           c->layout.tlv_size, error);
}

static enum rprocfw_status open_container(struct rprocfw_contents *contents,
                                          struct rprocfw_error *error)
{
    struct container_contents *c = of(contents);
    uint8_t bytes[RPROCFW_HEADER_SIZE];
    enum rprocfw_file_kind kind;
    enum rprocfw_status status;

    status = rprocfw_input_open(&c->file, c->job->container, error);
    if (status == RPROCFW_OK)
        status = rprocfw_identify(&c->file, &kind, error);
    if (status != RPROCFW_OK)
        return status;
    if (kind != RPROCFW_KIND_CONTAINER || c->file.size < sizeof(bytes) || c->file.size > UINT32_MAX)
        return refuse(c, error);
    status = rprocfw_read_at(c->file.fd, c->file.path, 0, bytes, sizeof(bytes), error);
    if (status != RPROCFW_OK)
        return status;
    rprocfw_header_decode(bytes, &c->header);
    if (rprocfw_header_check(&c->header, (uint32_t)c->file.size, &c->layout) != RPROCFW_OK)
        return refuse(c, error);
    rprocfw_log(&c->job->log, RPROCFW_LOG_STEP, "%s: %" PRIu64 " bytes, payload at %" PRIu32,
                c->file.path, c->file.size, c->layout.payload);
    return read_area(c, error);
}

/* ---- Its TLVs ---- */

/* A device would look for the key that is named there. What it is, if no key, nobody can tell. */
static enum rprocfw_status check_pkeyinfo(const struct container_contents *c, const uint8_t *value,
                                          size_t length, struct rprocfw_error *error)
{
    const struct rprocfw_key *key = c->job->key;
    const bool given = c->job->pkeyinfo != NULL;
    enum rprocfw_pkeyinfo what;
    enum rprocfw_status status = rprocfw_pkeyinfo_look(value, length, key, &what, error);

    if (status != RPROCFW_OK || what == RPROCFW_PKEYINFO_OPAQUE || what == RPROCFW_PKEYINFO_KEY)
        return status;
    if (what == RPROCFW_PKEYINFO_PRIVATE)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: %s PKEYINFO is a private key, and everybody can read it "
                                 "there; give the public one of %s with --key_info",
                                 c->file.path, given ? "the new" : "its", rprocfw_key_path(key));
    return rprocfw_error_set(
        error, RPROCFW_ERR_KEY,
        "%s: %s PKEYINFO is another key than %s, and boards that read it would "
        "look for that one; give %s with --key_info",
        c->file.path, given ? "the new" : "its", rprocfw_key_path(key),
        given ? "the right one" : "a new one");
}

/* One record of the new area. *last_is_old: it is as it was. */
static enum rprocfw_status add_record(const struct container_contents *c, struct rprocfw_area *area,
                                      const struct rprocfw_tlv *tlv, bool *last_is_old,
                                      struct rprocfw_error *error)
{
    const struct rprocfw_sign_job *job = c->job;
    const uint8_t signtype = (uint8_t)rprocfw_key_signtype(job->key);
    enum rprocfw_status status = RPROCFW_OK;

    *last_is_old = true;
    if (tlv->type == RPROCFW_TLV_SIGNTYPE && tlv->length == 1) {
        rprocfw_area_add(area, tlv->type, &signtype, 1);
    } else if (tlv->type == RPROCFW_TLV_PKEYINFO && job->pkeyinfo != NULL) {
        rprocfw_area_add(area, tlv->type, job->pkeyinfo, job->pkeyinfo_size);
        *last_is_old = false;
    } else {
        rprocfw_area_add(area, tlv->type, tlv->value, tlv->length);
        if (tlv->type == RPROCFW_TLV_PKEYINFO)
            status = check_pkeyinfo(c, tlv->value, tlv->length, error);
    }
    return status;
}

static bool has_tlv(const struct container_contents *c, uint32_t type)
{
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;

    rprocfw_tlv_begin(&iter, c->area, c->header.tlv_len);
    while (rprocfw_tlv_next(&iter, &tlv))
        if (tlv.type == type)
            return true;
    return false;
}

/* slack: how many bytes of its last padding the container did not count, and does not. */
static enum rprocfw_status add_all(const struct container_contents *c, struct rprocfw_area *area,
                                   uint32_t *slack, struct rprocfw_error *error)
{
    const struct rprocfw_sign_job *job = c->job;
    enum rprocfw_status status = RPROCFW_OK;
    bool missing = job->pkeyinfo != NULL && !has_tlv(c, RPROCFW_TLV_PKEYINFO);
    bool last_is_old = false;
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;

    if (job->pkeyinfo != NULL)
        status = check_pkeyinfo(c, job->pkeyinfo, job->pkeyinfo_size, error);
    rprocfw_tlv_begin(&iter, c->area, c->header.tlv_len);
    while (status == RPROCFW_OK && rprocfw_tlv_next(&iter, &tlv)) {
        if (missing && rprocfw_tlv_is_platform(tlv.type)) {
            rprocfw_area_add(area, RPROCFW_TLV_PKEYINFO, job->pkeyinfo, job->pkeyinfo_size);
            missing = false;
        }
        status = add_record(c, area, &tlv, &last_is_old, error);
    }
    if (status != RPROCFW_OK)
        return status;
    if (iter.status != RPROCFW_OK)
        return refuse(c, error);
    if (missing) {
        rprocfw_area_add(area, RPROCFW_TLV_PKEYINFO, job->pkeyinfo, job->pkeyinfo_size);
        last_is_old = false;
    }
    *slack = last_is_old ? c->layout.tlv_size - c->header.tlv_len : 0;
    return rprocfw_area_status(area, error);
}

/* What was signed elsewhere was signed for this key. */
static enum rprocfw_status check_key(const struct container_contents *c,
                                     struct rprocfw_error *error)
{
    const struct rprocfw_key *key = c->job->key;
    const uint32_t size = rprocfw_key_signature_size(key);
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;
    enum rprocfw_status status;
    uint8_t signtype = 0;

    rprocfw_tlv_begin(&iter, c->area, c->header.tlv_len);
    while (rprocfw_tlv_next(&iter, &tlv))
        if (tlv.type == RPROCFW_TLV_SIGNTYPE && tlv.length == 1)
            signtype = tlv.value[0];
    if (signtype == (uint8_t)rprocfw_key_signtype(key) && c->header.sign_len == size)
        return RPROCFW_OK;
    /* of what is broken no other key is the right one */
    status = check_structure(c, error);
    if (status != RPROCFW_OK)
        return status;
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                             "%s: made for an %s signature of %" PRIu32
                             " bytes, and %s is an %s key; give the key that "
                             "it was made for, or make one for this key with --resign",
                             c->file.path, signtype == RPROCFW_SIGNTYPE_RSA ? "RSA" : "ECDSA",
                             c->header.sign_len, rprocfw_key_path(key), rprocfw_key_kind(key));
}

/* A signature that is there is not lost by mistake. */
static enum rprocfw_status check_unsigned(const struct container_contents *c,
                                          struct rprocfw_error *error)
{
    uint8_t signature[SIGNATURE_ROOM];
    uint8_t any = 0;
    enum rprocfw_status status;

    /* sign_len is that of a key by now */
    status = rprocfw_read_at(c->file.fd, c->file.path, c->layout.signature, signature,
                             c->header.sign_len, error);
    if (status != RPROCFW_OK)
        return status;
    for (uint32_t i = 0; i < c->header.sign_len; i++)
        any |= signature[i];
    if (any == 0)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                             "%s: is signed already; give the unsigned container, or replace the "
                             "signature with --replace-signature",
                             c->file.path);
}

/* Number of records of the tables, for the log; core judges them. */
static void count(const struct container_contents *c, struct rprocfw_metadata *metadata)
{
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;

    rprocfw_tlv_begin(&iter, c->area, c->header.tlv_len);
    while (rprocfw_tlv_next(&iter, &tlv)) {
        if (tlv.type == RPROCFW_TLV_NUM_IMG && tlv.length == 1)
            metadata->images = tlv.value[0];
        else if (tlv.type == RPROCFW_TLV_HASHTABLE)
            metadata->entries = tlv.length / RPROCFW_HASH_ENTRY_SIZE;
        else if (tlv.type == RPROCFW_TLV_ENCTABLE)
            metadata->entries = tlv.length / RPROCFW_ENC_ENTRY_SIZE;
    }
}

static enum rprocfw_status build(struct rprocfw_contents *contents,
                                 struct rprocfw_metadata *metadata, struct rprocfw_error *error)
{
    const struct container_contents *c = of(contents);
    struct rprocfw_area area = {0};
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t slack = 0;

    *metadata = (struct rprocfw_metadata){0};
    if (c->job->change != RPROCFW_RESIGN)
        status = check_key(c, error);
    if (status == RPROCFW_OK && c->job->change == RPROCFW_ATTACH_SIGNATURE)
        status = check_unsigned(c, error);
    if (status == RPROCFW_OK)
        status = add_all(c, &area, &slack, error);
    if (status == RPROCFW_OK)
        status = rprocfw_metadata_assemble(metadata, &area, slack, c->job->key, c->header.img_len,
                                           error);
    if (status == RPROCFW_OK)
        count(c, metadata);
    free(area.bytes);
    if (status != RPROCFW_OK) /* what is said of the container counts only if it stayed as it was */
        (void)rprocfw_input_unchanged(&c->file, error);
    return status == RPROCFW_OK ? RPROCFW_OK : error->status;
}

/* ---- Its payload ---- */

static enum rprocfw_status copy(const struct container_contents *c,
                                const struct rprocfw_output *output, uint32_t to,
                                struct rprocfw_error *error)
{
    const uint32_t size = c->layout.size - c->layout.payload;
    uint8_t *chunk = malloc(CHUNK);
    enum rprocfw_status status = RPROCFW_OK;

    if (chunk == NULL)
        return rprocfw_no_memory(error);
    for (uint32_t done = 0; done < size && status == RPROCFW_OK;) {
        const uint32_t part = size - done < CHUNK ? size - done : CHUNK;

        status = rprocfw_read_at(c->file.fd, c->file.path, (uint64_t)c->layout.payload + done,
                                 chunk, part, error);
        if (status == RPROCFW_OK)
            status = rprocfw_output_check(output, error);
        if (status == RPROCFW_OK)
            status = rprocfw_write_at(output->fd, rprocfw_output_name(output), (uint64_t)to + done,
                                      chunk, part, error);
        done += part;
    }
    free(chunk);
    return status;
}

static enum rprocfw_status write_payload(struct rprocfw_contents *contents,
                                         struct rprocfw_metadata *metadata,
                                         const struct rprocfw_output *output,
                                         struct rprocfw_error *error)
{
    struct container_contents *c = of(contents);
    enum rprocfw_status status = RPROCFW_OK;

    c->new_at = metadata->layout.payload;
    c->payload = c->file;
    c->payload_at = c->layout.payload;
    if (output->fd >= 0) {
        status = copy(c, output, c->new_at, error);
        c->payload = (struct rprocfw_input){.path = rprocfw_output_name(output), .fd = output->fd};
        c->payload_at = c->new_at;
    }
    return status == RPROCFW_OK ? rprocfw_input_unchanged(&c->file, error) : status;
}

static enum rprocfw_status read_payload(struct rprocfw_contents *contents, uint32_t offset,
                                        uint8_t *dst, uint32_t size, struct rprocfw_error *error)
{
    const struct container_contents *c = of(contents);

    return rprocfw_read_at(c->file.fd, c->file.path, (uint64_t)c->layout.payload + offset, dst,
                           size, error);
}

static enum rprocfw_status check_segment(struct rprocfw_contents *contents,
                                         const struct rprocfw_segment *segment,
                                         struct rprocfw_error *error)
{
    struct container_contents *c = of(contents);
    uint8_t digest[RPROCFW_SHA256_SIZE];
    enum rprocfw_status status = RPROCFW_OK;

    if (segment->phdr.filesz == 0)
        return RPROCFW_OK;
    if (c->hasher == NULL)
        status = rprocfw_hasher_start(&c->hasher, &c->payload, error);
    if (status == RPROCFW_OK)
        status = rprocfw_hasher_digest(c->hasher, segment->entry,
                                       segment->offset - c->new_at + c->payload_at,
                                       segment->phdr.filesz, digest, error);
    if (status == RPROCFW_OK && memcmp(digest, segment->sha256, sizeof(digest)) != 0)
        status = RPROCFW_ERR_SEGMENT_HASH;
    return status;
}

static enum rprocfw_status unchanged(struct rprocfw_contents *contents, struct rprocfw_error *error)
{
    return rprocfw_input_unchanged(&of(contents)->file, error);
}

static const char *name_of(struct rprocfw_contents *contents, uint32_t image)
{
    (void)image;
    return of(contents)->file.path;
}

static void close_container(struct rprocfw_contents *contents)
{
    struct container_contents *c = of(contents);

    rprocfw_hasher_end(c->hasher);
    rprocfw_input_close(&c->file);
    free(c->area);
    free(c);
}

struct rprocfw_contents *rprocfw_container_contents(const struct rprocfw_sign_job *job)
{
    struct container_contents *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->contents = (struct rprocfw_contents){
        .open = open_container,
        .build = build,
        .write = write_payload,
        .read = read_payload,
        .check = check_segment,
        .unchanged = unchanged,
        .name = name_of,
        .close = close_container,
    };
    c->job = job;
    c->file.fd = -1;
    return &c->contents;
}
