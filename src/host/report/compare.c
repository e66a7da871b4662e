/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images beside the ELF files that they are said to be made from: an original, as the signer would
 * put it into a container, whole or with something left out, has the very bytes that an image has
 * when it is decrypted.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"

#define BUFFER 65536u

struct comparing {
    struct rprocfw_report *report;
    const struct rprocfw_input *file; /* the container */
    const struct rprocfw_report_job *job;
    uint32_t index; /* of the image */
    const struct rprocfw_report_image *image;
    struct rprocfw_elf_input original;
    struct rprocfw_cbc *cbc; /* NULL: it is not encrypted */
    uint8_t *bytes;          /* of the image */
    uint8_t *expected;       /* of the original */
    struct rprocfw_error *error;
};

/* ---- A difference ---- */

static void set_difference(const struct comparing *c, uint32_t offset, uint32_t segment)
{
    struct rprocfw_report *report = c->report;

    report->status = RPROCFW_ERR_ORIGINAL;
    report->diag = (struct rprocfw_diag){.offset = c->image->offset + offset,
                                         .tlv = RPROCFW_NOWHERE,
                                         .image = c->index,
                                         .segment = segment};
}

/* The PT_LOAD that has a byte of the image; number RPROCFW_NOWHERE: none has. */
static enum rprocfw_status find_segment(const struct comparing *c, uint32_t offset,
                                        uint32_t *number, struct rprocfw_phdr *phdr)
{
    const struct rprocfw_ehdr *ehdr = &c->image->ehdr;

    for (*number = 0; *number < ehdr->phnum; (*number)++) {
        uint8_t bytes[RPROCFW_PHDR_SIZE];
        const uint64_t at = (uint64_t)c->image->offset + ehdr->phoff + *number * sizeof(bytes);
        enum rprocfw_status status;

        status = rprocfw_read_at(c->file->fd, c->file->path, at, bytes, sizeof(bytes), c->error);
        if (status != RPROCFW_OK)
            return status;
        rprocfw_phdr_decode(bytes, phdr);
        if (phdr->type == RPROCFW_PT_LOAD && offset >= phdr->offset &&
            offset - phdr->offset < phdr->filesz)
            return RPROCFW_OK;
    }
    *number = RPROCFW_NOWHERE;
    return RPROCFW_OK;
}

/* They differ at offset of the image. */
static enum rprocfw_status report_byte(const struct comparing *c, uint32_t offset, uint8_t found,
                                       uint8_t expected)
{
    struct rprocfw_report *report = c->report;
    const char *path = c->original.file.path;
    struct rprocfw_phdr phdr;
    uint32_t number;
    enum rprocfw_status status = find_segment(c, offset, &number, &phdr);

    if (status != RPROCFW_OK)
        return status;
    set_difference(c, offset, number);
    if (number == RPROCFW_NOWHERE)
        rprocfw_print(report->message, sizeof(report->message),
                      "the image is not %s: outside of the segments, at 0x%" PRIx32
                      " of that file, it has 0x%02x, expected 0x%02x (image %" PRIu32
                      ", offset %" PRIu32 "); it was made from another file",
                      path, offset, found, expected, c->index, report->diag.offset);
    else
        rprocfw_print(report->message, sizeof(report->message),
                      "the image is not %s: byte %" PRIu32 " of a segment, at 0x%" PRIx32
                      " of that file, is 0x%02x, expected 0x%02x (image %" PRIu32
                      ", segment %" PRIu32 ", offset %" PRIu32 "); it was made from another file%s",
                      path, offset - phdr.offset, offset, found, expected, c->index, number,
                      report->diag.offset,
                      c->cbc != NULL ? ", or the AES key is not the one it was encrypted with"
                                     : "");
    return RPROCFW_OK;
}

static void report_size(const struct comparing *c)
{
    set_difference(c, 0, RPROCFW_NOWHERE);
    rprocfw_print(
        c->report->message, sizeof(c->report->message),
        "the image is not %s: it has %" PRIu32 " bytes with its padding, expected %" PRIu32
        " (image %" PRIu32 ", offset %" PRIu32 "); it was made from another file",
        c->original.file.path, c->image->size, c->original.padded_size, c->index, c->image->offset);
}

/* The original is one that the signer refuses, as text says. */
static void report_refused(const struct comparing *c, const char *text)
{
    set_difference(c, 0, RPROCFW_NOWHERE);
    rprocfw_print(c->report->message, sizeof(c->report->message),
                  "the image is not made from the ELF file given, which cannot be signed so: %s "
                  "(image %" PRIu32 ", offset %" PRIu32 ")",
                  text, c->index, c->image->offset);
}

/* ---- One image ---- */

/* Its segments, as the signed table names them. */
static enum rprocfw_status begin(struct comparing *c)
{
    const struct rprocfw_report_entry *entry = &c->report->entries[c->image->first_entry];
    const size_t count = c->image->entry_count;
    enum rprocfw_status status = rprocfw_cbc_new(&c->cbc, c->job->enc_key, false, c->error);

    if (status == RPROCFW_OK)
        status = rprocfw_cbc_begin(c->cbc, count, c->error);
    if (status != RPROCFW_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        if (entry[i].phdr.type == RPROCFW_PT_LOAD)
            rprocfw_cbc_add(c->cbc, entry[i].phdr.offset, entry[i].phdr.filesz, entry[i].iv);
    if (rprocfw_cbc_sort(c->cbc))
        return RPROCFW_OK;
    return rprocfw_error_set(c->error, RPROCFW_ERR_USAGE,
                             "%s: image %" PRIu32
                             ": segments share bytes of the file, so it cannot "
                             "be decrypted to be compared with an original",
                             c->file->path, c->index);
}

static enum rprocfw_status compare_part(const struct comparing *c, uint32_t offset, uint32_t size)
{
    enum rprocfw_status status = rprocfw_read_at(
        c->file->fd, c->file->path, (uint64_t)c->image->offset + offset, c->bytes, size, c->error);
    uint32_t at = 0;

    if (status == RPROCFW_OK && c->cbc != NULL)
        status = rprocfw_cbc_pass(c->cbc, offset, c->bytes, size, c->error);
    if (status == RPROCFW_OK)
        status = rprocfw_elf_input_read(&c->original, offset, c->expected, size, c->error);
    if (status != RPROCFW_OK || memcmp(c->bytes, c->expected, size) == 0)
        return status;
    while (c->bytes[at] == c->expected[at])
        at++;
    return report_byte(c, offset + at, c->bytes[at], c->expected[at]);
}

static enum rprocfw_status compare_bytes(const struct comparing *c)
{
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t offset = 0;

    while (status == RPROCFW_OK && c->report->status == RPROCFW_OK && offset < c->image->size) {
        const uint32_t left = c->image->size - offset;
        uint32_t size = left < BUFFER ? left : BUFFER;

        if (c->cbc != NULL)
            size = rprocfw_cbc_piece(c->cbc, offset, size);
        status = compare_part(c, offset, size);
        offset += size;
    }
    return status;
}

/* c->original is open, and of the image's size. */
static enum rprocfw_status compare_original(struct comparing *c)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (c->original.encrypt)
        status = begin(c);
    if (status == RPROCFW_OK)
        status = compare_bytes(c);
    if (status == RPROCFW_OK)
        status = rprocfw_input_unchanged(&c->original.file, c->error);
    rprocfw_cbc_free(c->cbc);
    c->cbc = NULL;
    return status;
}

/* What the signer may have been asked to leave out of an original: nothing, to begin with. */
static const struct {
    bool strip;
    bool loadable_only;
} left_out[] = {{false, false}, {true, false}, {false, true}, {true, true}};

#define LEFT_OUT (sizeof(left_out) / sizeof(left_out[0]))

static enum rprocfw_status open_original(struct comparing *c, size_t number,
                                         struct rprocfw_error *error)
{
    const struct rprocfw_elf_wish wish = {
        .any_machine = true,
        .strip = left_out[number].strip,
        .loadable_only = left_out[number].loadable_only,
        .encrypt = c->image->type == RPROCFW_IMGTYPE_ENCRYPTED_ELF,
        .pad = true,
    };

    return rprocfw_elf_input_open(&c->original, c->job->originals[c->index], &wish, error);
}

/* Is c->original, which is open, of the image's size, with its headers where the image has them? */
static enum rprocfw_status look(const struct comparing *c, bool *fits)
{
    const struct rprocfw_ehdr *image = &c->image->ehdr;
    uint8_t bytes[RPROCFW_EHDR_SIZE];
    struct rprocfw_ehdr ehdr;
    const enum rprocfw_status status =
        rprocfw_elf_input_read(&c->original, 0, bytes, sizeof(bytes), c->error);

    if (status != RPROCFW_OK)
        return status;
    rprocfw_ehdr_decode(bytes, &ehdr);
    *fits = c->image->size == c->original.padded_size && image->phnum == ehdr.phnum &&
            image->shoff == ehdr.shoff && image->shnum == ehdr.shnum;
    return RPROCFW_OK;
}

/* As one of the signer's images of the original, if it looks like one. */
static enum rprocfw_status compare_as(struct comparing *c, size_t number, bool *fits)
{
    struct rprocfw_error reason;
    enum rprocfw_status status = open_original(c, number, &reason);

    *fits = false;
    if (status != RPROCFW_OK && !rprocfw_status_is_refusal(status))
        *c->error = reason;
    else if (status != RPROCFW_OK)
        status = RPROCFW_OK;
    else
        status = look(c, fits);
    if (status == RPROCFW_OK && *fits)
        status = compare_original(c);
    rprocfw_elf_input_close(&c->original);
    return status;
}

/* It looks like none of them: what is the difference to the whole original? */
static enum rprocfw_status report_difference(struct comparing *c)
{
    struct rprocfw_error reason;
    enum rprocfw_status status = open_original(c, 0, &reason);

    if (rprocfw_status_is_refusal(status)) {
        report_refused(c, reason.text);
        status = RPROCFW_OK;
    } else if (status != RPROCFW_OK) {
        *c->error = reason;
    } else if (c->image->size != c->original.padded_size) {
        report_size(c);
    } else {
        status = compare_original(c);
    }
    rprocfw_elf_input_close(&c->original);
    return status;
}

static enum rprocfw_status compare_image(struct comparing *c)
{
    enum rprocfw_status status = RPROCFW_OK;
    bool fits = false;

    for (size_t i = 0; i < LEFT_OUT && status == RPROCFW_OK && !fits; i++)
        status = compare_as(c, i, &fits);
    return status == RPROCFW_OK && !fits ? report_difference(c) : status;
}

/* ---- All of them ---- */

enum rprocfw_status rprocfw_compare(struct rprocfw_report *report, const struct rprocfw_input *file,
                                    const struct rprocfw_report_job *job,
                                    struct rprocfw_error *error)
{
    struct comparing c = {
        .report = report,
        .file = file,
        .job = job,
        .bytes = malloc(BUFFER),
        .expected = malloc(BUFFER),
        .error = error,
    };
    enum rprocfw_status status = RPROCFW_OK;

    if (c.bytes == NULL || c.expected == NULL)
        status = rprocfw_no_memory(error);
    else if (job->original_count != report->image_count)
        status = rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                   "%s: original ELF files: %zu, but images: %zu; give one for "
                                   "each image, in their order",
                                   file->path, job->original_count, report->image_count);
    for (c.index = 0;
         status == RPROCFW_OK && report->status == RPROCFW_OK && c.index < report->image_count;
         c.index++) {
        c.image = &report->images[c.index];
        status = compare_image(&c);
    }
    report->compared = status == RPROCFW_OK && report->status == RPROCFW_OK;
    free(c.bytes);
    free(c.expected);
    return status;
}
