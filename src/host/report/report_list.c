/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of one container, as far as it can be read: what can be shown of it. Judges nothing. */
#include <stdlib.h>

#include "../host.h"
#include "view.h"

/* Header, TLV area and signature as far as the file goes. */
static enum rprocfw_status read_metadata(struct rprocfw_report *report,
                                         const struct rprocfw_view *view,
                                         struct rprocfw_error *error)
{
    uint8_t bytes[RPROCFW_HEADER_SIZE];
    enum rprocfw_status status;
    uint64_t size;

    if (view->size < sizeof(bytes))
        return RPROCFW_OK;
    status = view->read(view->ctx, 0, bytes, sizeof(bytes), error);
    if (status != RPROCFW_OK)
        return status;
    rprocfw_header_decode(bytes, &report->header);
    report->has_header = true;
    report->has_layout =
        rprocfw_header_check(&report->header, view->size, &report->layout) == RPROCFW_OK;

    size = sizeof(bytes) + rprocfw_r8(report->header.tlv_len) + rprocfw_r8(report->header.sign_len);
    report->metadata_size = (uint32_t)(size < view->size ? size : view->size);
    report->metadata = malloc(report->metadata_size);
    if (report->metadata == NULL)
        return rprocfw_no_memory(error);
    return view->read(view->ctx, 0, report->metadata, report->metadata_size, error);
}

static void find_signature(struct rprocfw_report *report)
{
    const uint64_t at = RPROCFW_HEADER_SIZE + rprocfw_r8(report->header.tlv_len);
    uint64_t size;

    if (report->metadata == NULL || at >= report->metadata_size)
        return;
    size = report->metadata_size - at;
    report->signature = report->metadata + at;
    report->signature_size =
        (uint32_t)(size < report->header.sign_len ? size : report->header.sign_len);
}

/* Length of the TLV area that is in the file. Its last padding must be there for the iterator. */
static uint32_t tlv_length(const struct rprocfw_report *report)
{
    const uint32_t there = (report->metadata_size - RPROCFW_HEADER_SIZE) & ~7u;

    return report->header.tlv_len < there ? report->header.tlv_len : there;
}

static enum rprocfw_status list_tlvs(struct rprocfw_report *report, struct rprocfw_error *error)
{
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;
    size_t count = 0;

    if (report->metadata == NULL)
        return RPROCFW_OK;
    rprocfw_tlv_begin(&iter, report->metadata + RPROCFW_HEADER_SIZE, tlv_length(report));
    while (rprocfw_tlv_next(&iter, &tlv))
        count++;
    report->tlvs = calloc(count + 1, sizeof(*report->tlvs)); /* +1: never a request for nothing */
    if (report->tlvs == NULL)
        return rprocfw_no_memory(error);
    rprocfw_tlv_begin(&iter, report->metadata + RPROCFW_HEADER_SIZE, tlv_length(report));
    while (report->tlv_count < count && rprocfw_tlv_next(&iter, &tlv))
        report->tlvs[report->tlv_count++] = (struct rprocfw_report_tlv){
            .type = tlv.type,
            .offset = RPROCFW_HEADER_SIZE + tlv.offset,
            .length = tlv.length,
            .value = tlv.value,
        };
    return RPROCFW_OK;
}

const struct rprocfw_report_tlv *rprocfw_report_tlv(const struct rprocfw_report *report,
                                                    uint32_t type)
{
    for (size_t i = 0; i < report->tlv_count; i++)
        if (report->tlvs[i].type == type)
            return &report->tlvs[i];
    return NULL;
}

static enum rprocfw_status list_entries(struct rprocfw_report *report, struct rprocfw_error *error)
{
    const struct rprocfw_report_tlv *table = rprocfw_report_tlv(report, RPROCFW_TLV_HASHTABLE);
    uint32_t entry_size = RPROCFW_HASH_ENTRY_SIZE;

    if (table == NULL) {
        table = rprocfw_report_tlv(report, RPROCFW_TLV_ENCTABLE);
        entry_size = RPROCFW_ENC_ENTRY_SIZE;
    }
    if (table == NULL || table->length < entry_size)
        return RPROCFW_OK;
    report->entries = calloc(table->length / entry_size, sizeof(*report->entries));
    if (report->entries == NULL)
        return rprocfw_no_memory(error);
    for (size_t i = 0; i < table->length / entry_size; i++) {
        const uint8_t *from = table->value + i * entry_size;
        struct rprocfw_report_entry *to = &report->entries[report->entry_count++];

        rprocfw_phdr_decode(from, &to->phdr);
        to->sha256 = from + RPROCFW_PHDR_SIZE;
        if (entry_size == RPROCFW_ENC_ENTRY_SIZE)
            to->iv = to->sha256 + RPROCFW_SHA256_SIZE;
    }
    return RPROCFW_OK;
}

/* The images that IMGSIZE names, as far as they start inside the file. */
static enum rprocfw_status list_images(struct rprocfw_report *report,
                                       const struct rprocfw_view *view, struct rprocfw_error *error)
{
    const struct rprocfw_report_tlv *types = rprocfw_report_tlv(report, RPROCFW_TLV_IMGTYPE);
    const struct rprocfw_report_tlv *sizes = rprocfw_report_tlv(report, RPROCFW_TLV_IMGSIZE);
    uint64_t offset = report->metadata_size;

    if (sizes == NULL)
        return RPROCFW_OK;
    report->images = calloc(RPROCFW_MAX_IMAGES, sizeof(*report->images));
    if (report->images == NULL)
        return rprocfw_no_memory(error);
    for (size_t i = 0; i < RPROCFW_MAX_IMAGES && i < sizes->length / 4; i++) {
        struct rprocfw_report_image *image = &report->images[i];
        uint8_t bytes[RPROCFW_EHDR_SIZE];
        enum rprocfw_status status;

        if (offset >= view->size)
            break;
        image->offset = (uint32_t)offset;
        image->size = rprocfw_u32_decode(sizes->value + 4 * i);
        image->type = types != NULL && i < types->length ? types->value[i] : 0;
        report->image_count++;
        if (image->size >= sizeof(bytes) && view->size - offset >= sizeof(bytes)) {
            status = view->read(view->ctx, (uint32_t)offset, bytes, sizeof(bytes), error);
            if (status != RPROCFW_OK)
                return status;
            rprocfw_ehdr_decode(bytes, &image->ehdr);
            image->has_ehdr = true;
        }
        offset += image->size;
    }
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_report_list(struct rprocfw_report *report,
                                        const struct rprocfw_view *view,
                                        struct rprocfw_error *error)
{
    const struct rprocfw_report_tlv *signtype;
    enum rprocfw_status status = read_metadata(report, view, error);

    if (status == RPROCFW_OK)
        status = list_tlvs(report, error);
    if (status == RPROCFW_OK)
        status = list_entries(report, error);
    if (status == RPROCFW_OK)
        status = list_images(report, view, error);
    if (status != RPROCFW_OK)
        return status;
    find_signature(report);
    signtype = rprocfw_report_tlv(report, RPROCFW_TLV_SIGNTYPE);
    if (signtype != NULL && signtype->length == 1)
        report->signtype = signtype->value[0];
    return RPROCFW_OK;
}

void rprocfw_report_note(struct rprocfw_report *report, const struct rprocfw_image *image)
{
    struct rprocfw_report_image *to;

    if (image->index >= report->image_count)
        return;
    to = &report->images[image->index];
    to->judged = true;
    to->first_entry = image->first_entry;
    to->entry_count = image->entry_count;
    to->has_rsc_table = image->has_rsc_table;
    to->rsc_da = image->rsc_da;
    to->rsc_size = image->rsc_size;
}

bool rprocfw_is_signed(const struct rprocfw_report *report)
{
    uint8_t any = 0;

    for (uint32_t i = 0; i < report->signature_size; i++)
        any |= report->signature[i];
    return any != 0;
}
