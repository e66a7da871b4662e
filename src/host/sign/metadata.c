/* SPDX-License-Identifier: BSD-2-Clause */
/* Header and TLV area of a new container, in the order that either script writes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"

static void add_byte(struct rprocfw_area *area, uint32_t type, uint8_t value)
{
    rprocfw_area_add(area, type, &value, 1);
}

/* NUM_IMG, IMGTYPE, IMGSIZE, HASHTYPE: both scripts write them in this order. */
static void add_images(struct rprocfw_area *area, const struct rprocfw_elf_input *inputs,
                       size_t count)
{
    size_t at;

    add_byte(area, RPROCFW_TLV_NUM_IMG, (uint8_t)count);
    at = rprocfw_area_add_room(area, RPROCFW_TLV_IMGTYPE, count);
    if (area->status == RPROCFW_OK)
        for (size_t i = 0; i < count; i++)
            area->bytes[at + i] =
                inputs[i].encrypt ? RPROCFW_IMGTYPE_ENCRYPTED_ELF : RPROCFW_IMGTYPE_ELF;
    at = rprocfw_area_add_room(area, RPROCFW_TLV_IMGSIZE, 4 * count);
    for (size_t i = 0; i < count && area->status == RPROCFW_OK; i++)
        rprocfw_u32_encode(area->bytes + at + 4 * i, inputs[i].padded_size);
    add_byte(area, RPROCFW_TLV_HASHTYPE, RPROCFW_HASHTYPE_SHA256);
}

void rprocfw_phdr_encode(uint8_t to[RPROCFW_PHDR_SIZE], const struct rprocfw_phdr *phdr)
{
    rprocfw_u32_encode(to, phdr->type);
    rprocfw_u32_encode(to + 4, phdr->offset);
    rprocfw_u32_encode(to + 8, phdr->vaddr);
    rprocfw_u32_encode(to + 12, phdr->paddr);
    rprocfw_u32_encode(to + 16, phdr->filesz);
    rprocfw_u32_encode(to + 20, phdr->memsz);
    rprocfw_u32_encode(to + 24, phdr->flags);
    rprocfw_u32_encode(to + 28, phdr->align);
}

/*
 * HASHTABLE or ENCTABLE, with digests and IVs still zero, and entries that are zero behind those of
 * an image, if it has more program headers; returns where its value starts in the area.
 */
static size_t add_table(struct rprocfw_area *area, const struct rprocfw_metadata *metadata,
                        const struct rprocfw_elf_input *inputs)
{
    const size_t size = metadata->entry_size;
    const uint32_t type =
        size == RPROCFW_ENC_ENTRY_SIZE ? RPROCFW_TLV_ENCTABLE : RPROCFW_TLV_HASHTABLE;
    const size_t at = rprocfw_area_add_room(area, type, metadata->entries * size);
    uint8_t *part;

    if (area->status != RPROCFW_OK)
        return 0;
    part = area->bytes + at;
    for (size_t i = 0; i < metadata->images; i++) {
        for (size_t j = 0; j < inputs[i].phdr_count; j++)
            rprocfw_phdr_encode(part + j * size, &inputs[i].phdrs[j]);
        part += inputs[i].entries * size;
    }
    return at;
}

/* The value of BOOTADDR auto: there must be exactly one vector table. */
static enum rprocfw_status boot_address(const struct rprocfw_sign_job *job,
                                        const struct rprocfw_elf_input *inputs, uint32_t *address,
                                        struct rprocfw_error *error)
{
    const struct rprocfw_elf_input *with = NULL;

    for (size_t i = 0; i < job->input_count; i++) {
        if (inputs[i].unread != NULL)
            return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                     "BOOTADDR auto: the sections of %s cannot be read: %s; give "
                                     "the address",
                                     inputs[i].file.path, inputs[i].unread);
        if (!inputs[i].has_vectors)
            continue;
        if (with != NULL)
            return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                     "BOOTADDR auto: vector tables in %s (0x%" PRIx32
                                     ") and in %s (0x%" PRIx32 "); give the address of the one to "
                                     "start at",
                                     with->file.path, with->vectors, inputs[i].file.path,
                                     inputs[i].vectors);
        with = &inputs[i];
    }
    if (with == NULL)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "BOOTADDR auto: no section .isr_vectors or .isr_vector in %s%s; "
                                 "give the address",
                                 inputs[0].file.path,
                                 job->input_count > 1 ? " or the other inputs" : "");
    *address = with->vectors;
    if (*address == 0 || *address % 128 != 0)
        rprocfw_log(&job->log, RPROCFW_LOG_WARNING,
                    "%s: the vector table is at 0x%" PRIx32 "; boards that read BOOTADDR want a "
                    "multiple of 128 that is not 0",
                    with->file.path, *address);
    return RPROCFW_OK;
}

static enum rprocfw_status add_plat_tlv(struct rprocfw_area *area,
                                        const struct rprocfw_plat_tlv *tlv,
                                        const struct rprocfw_sign_job *job,
                                        const struct rprocfw_elf_input *inputs,
                                        struct rprocfw_error *error)
{
    enum rprocfw_status status;
    uint32_t address = 0;
    uint8_t bytes[4];

    if (!tlv->boot_address) {
        rprocfw_area_add(area, tlv->id, tlv->value, tlv->size);
        return RPROCFW_OK;
    }
    status = boot_address(job, inputs, &address, error);
    if (status != RPROCFW_OK)
        return status;
    rprocfw_u32_encode(bytes, address);
    rprocfw_area_add(area, tlv->id, bytes, sizeof(bytes));
    return RPROCFW_OK;
}

/* Each id at the place of its first value, with its last value. */
static enum rprocfw_status add_plat_tlvs(struct rprocfw_area *area,
                                         const struct rprocfw_sign_job *job,
                                         const struct rprocfw_elf_input *inputs,
                                         struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < job->plat_tlv_count && status == RPROCFW_OK; i++) {
        const uint32_t id = job->plat_tlvs[i].id;
        size_t last = i;
        bool first = true;

        if (!rprocfw_tlv_is_platform(id))
            return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                     "0x%" PRIx32 " is no platform TLV; they are 0x%x to 0x%x", id,
                                     RPROCFW_TLV_PLATFORM_FIRST, RPROCFW_TLV_PLATFORM_LAST);
        for (size_t j = 0; j < job->plat_tlv_count; j++) {
            if (job->plat_tlvs[j].id != id)
                continue;
            first = first && j >= i;
            last = j > last ? j : last;
        }
        if (first)
            status = add_plat_tlv(area, &job->plat_tlvs[last], job, inputs, error);
    }
    return status;
}

/* All records in the order of the job; *table is where the signed table's value starts. */
static enum rprocfw_status add_all(struct rprocfw_area *area,
                                   const struct rprocfw_metadata *metadata,
                                   const struct rprocfw_sign_job *job,
                                   const struct rprocfw_elf_input *inputs, size_t *table,
                                   struct rprocfw_error *error)
{
    enum rprocfw_status status;

    add_byte(area, RPROCFW_TLV_SIGNTYPE, (uint8_t)rprocfw_key_signtype(job->key));
    if (job->enc_key != NULL)
        add_byte(area, RPROCFW_TLV_ENCTYPE, RPROCFW_ENCTYPE_AES_CBC);
    if (job->order == RPROCFW_ORDER_ST)
        *table = add_table(area, metadata, inputs);
    add_images(area, inputs, job->input_count);
    if (job->order == RPROCFW_ORDER_OPTEE)
        *table = add_table(area, metadata, inputs);
    if (job->pkeyinfo != NULL)
        rprocfw_area_add(area, RPROCFW_TLV_PKEYINFO, job->pkeyinfo, job->pkeyinfo_size);
    status = add_plat_tlvs(area, job, inputs, error);
    return status == RPROCFW_OK ? rprocfw_area_status(area, error) : status;
}

/* Header and layout; the sizes must fit. */
static enum rprocfw_status set_header(struct rprocfw_metadata *metadata, uint64_t tlv_len,
                                      uint32_t sign_len, uint64_t img_len,
                                      struct rprocfw_error *error)
{
    struct rprocfw_header *header = &metadata->header;
    const uint64_t size =
        RPROCFW_HEADER_SIZE + rprocfw_r8(tlv_len) + rprocfw_r8(sign_len) + img_len;

    if (size > UINT32_MAX)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "the container would have %" PRIu64
                                 " bytes; the format's sizes are 32-bit, so it may have at most "
                                 "%" PRIu32,
                                 size, UINT32_MAX);
    *header = (struct rprocfw_header){
        .magic = RPROCFW_MAGIC,
        .version = RPROCFW_VERSION,
        .tlv_len = (uint32_t)tlv_len,
        .sign_len = sign_len,
        .img_len = (uint32_t)img_len,
    };
    if (rprocfw_header_check(header, (uint32_t)size, &metadata->layout) != RPROCFW_OK)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT, "the header's lengths do not add up");
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_metadata_assemble(struct rprocfw_metadata *metadata,
                                              const struct rprocfw_area *area, uint32_t slack,
                                              const struct rprocfw_key *key, uint64_t img_len,
                                              struct rprocfw_error *error)
{
    enum rprocfw_status status =
        set_header(metadata, area->size - slack, rprocfw_key_signature_size(key), img_len, error);

    if (status != RPROCFW_OK)
        return status;
    metadata->bytes = calloc(1, metadata->layout.payload);
    if (metadata->bytes == NULL)
        return rprocfw_no_memory(error);
    rprocfw_header_encode(metadata->bytes, &metadata->header);
    memcpy(metadata->bytes + RPROCFW_HEADER_SIZE, area->bytes, area->size);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_metadata_build(struct rprocfw_metadata *metadata,
                                           const struct rprocfw_sign_job *job,
                                           const struct rprocfw_elf_input *inputs,
                                           struct rprocfw_error *error)
{
    struct rprocfw_area area = {0};
    enum rprocfw_status status;
    uint64_t img_len = 0;
    size_t table = 0;

    *metadata = (struct rprocfw_metadata){
        .images = job->input_count,
        .entry_size = job->enc_key != NULL ? RPROCFW_ENC_ENTRY_SIZE : RPROCFW_HASH_ENTRY_SIZE,
    };
    for (size_t i = 0; i < job->input_count; i++) {
        metadata->entries += inputs[i].entries;
        img_len += inputs[i].padded_size;
    }
    status = add_all(&area, metadata, job, inputs, &table, error);
    if (status == RPROCFW_OK)
        status = rprocfw_metadata_assemble(metadata, &area, 0, job->key, img_len, error);
    if (status == RPROCFW_OK)
        metadata->table = metadata->bytes + RPROCFW_HEADER_SIZE + table;
    free(area.bytes);
    return status;
}

void rprocfw_metadata_set_digests(struct rprocfw_metadata *metadata, rprocfw_sha256 *digests,
                                  rprocfw_iv *ivs)
{
    for (size_t i = 0; i < metadata->entries; i++) {
        uint8_t *sha256 = metadata->table + i * metadata->entry_size + RPROCFW_PHDR_SIZE;

        memcpy(sha256, digests[i], RPROCFW_SHA256_SIZE);
        if (ivs != NULL)
            memcpy(sha256 + RPROCFW_SHA256_SIZE, ivs[i], RPROCFW_AES_BLOCK);
    }
}

void rprocfw_metadata_free(struct rprocfw_metadata *metadata)
{
    free(metadata->bytes);
    *metadata = (struct rprocfw_metadata){0};
}
