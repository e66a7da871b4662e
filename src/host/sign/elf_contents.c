/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contents from ELF files: their program headers in a new signed table, their bytes as payload,
 * encrypted if there is a key for that.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"

struct elf_contents {
    struct rprocfw_contents contents; /* first: one is the other */
    const struct rprocfw_sign_job *job;
    struct rprocfw_elf_input *inputs;
    size_t open;             /* so many of them are */
    size_t entries;          /* of the signed table */
    rprocfw_sha256 *digests; /* one an entry, of what was written */
    rprocfw_iv *ivs;         /* one an entry; NULL: nothing is encrypted */
};

static struct elf_contents *of(struct rprocfw_contents *contents)
{
    return (struct elf_contents *)contents;
}

static void tell_input(const struct rprocfw_sign_job *job, const struct rprocfw_elf_input *input)
{
    const char *path = input->file.path;

    rprocfw_log(&job->log, RPROCFW_LOG_STEP, "%s: %" PRIu64 " bytes, program headers: %zu", path,
                input->file.size, input->entries + input->left_out_phdrs);
    if (job->loadable_only)
        rprocfw_log(&job->log, RPROCFW_LOG_STEP, "%s: program headers left out: %zu", path,
                    input->left_out_phdrs);
    if (job->strip)
        rprocfw_log(&job->log, RPROCFW_LOG_STEP,
                    "%s: sections left out: %zu, bytes saved: %" PRId64, path,
                    input->left_out_sections, (int64_t)input->file.size - (int64_t)input->size);
    if (job->enc_key != NULL)
        rprocfw_log(&job->log, RPROCFW_LOG_STEP,
                    "%s: segments to encrypt: %zu, of which padded: %zu", path, input->phdr_count,
                    input->padded.count / 2);
}

static enum rprocfw_status open_inputs(struct rprocfw_contents *contents,
                                       struct rprocfw_error *error)
{
    struct elf_contents *c = of(contents);
    const size_t count = c->job->input_count;
    const struct rprocfw_elf_wish wish = {
        .any_machine = c->job->any_machine,
        .strip = c->job->strip,
        .loadable_only = c->job->loadable_only,
        .encrypt = c->job->enc_key != NULL,
        .pad = c->job->enc_pad,
    };

    if (count == 0 || count > RPROCFW_MAX_IMAGES)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "%zu input files; a container has 1 to %u images", count,
                                 RPROCFW_MAX_IMAGES);
    if (wish.encrypt && c->job->order != RPROCFW_ORDER_ST)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "encrypted images are known in ST's order of the TLVs only");
    c->inputs = calloc(count, sizeof(*c->inputs));
    if (c->inputs == NULL)
        return rprocfw_no_memory(error);
    while (c->open < count) {
        const char *path = c->job->inputs[c->open];
        struct rprocfw_elf_input *input = &c->inputs[c->open++];
        enum rprocfw_status status;

        status = rprocfw_elf_input_open(input, path, &wish, error);
        if (status != RPROCFW_OK)
            return status;
        c->entries += input->entries;
        tell_input(c->job, input);
    }
    return RPROCFW_OK;
}

/* A private key is kept out of what everybody reads; that it is another key is told: the script
 * takes any bytes. */
static enum rprocfw_status check_pkeyinfo(const struct rprocfw_sign_job *job,
                                          struct rprocfw_error *error)
{
    static const char is_private[] = "--key_info: a private key, and everybody could read it in "
                                     "the container; give the public one, or --key_info spki";
    enum rprocfw_pkeyinfo what = RPROCFW_PKEYINFO_OPAQUE;
    enum rprocfw_status status = RPROCFW_OK;

    if (job->pkeyinfo != NULL)
        status = rprocfw_pkeyinfo_look(job->pkeyinfo, job->pkeyinfo_size, job->key, &what, error);
    if (status == RPROCFW_OK && what == RPROCFW_PKEYINFO_PRIVATE && !job->private_pkeyinfo)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s", is_private);
    if (status == RPROCFW_OK && what == RPROCFW_PKEYINFO_PRIVATE)
        rprocfw_log(&job->log, RPROCFW_LOG_WARNING, "%s", is_private);
    if (status == RPROCFW_OK && what == RPROCFW_PKEYINFO_OTHER)
        rprocfw_log(&job->log, RPROCFW_LOG_WARNING,
                    "--key_info: another key than %s, and boards that read PKEYINFO would look for "
                    "that one; --key_info spki gives the right one",
                    rprocfw_key_path(job->key));
    return status;
}

static enum rprocfw_status build(struct rprocfw_contents *contents,
                                 struct rprocfw_metadata *metadata, struct rprocfw_error *error)
{
    struct elf_contents *c = of(contents);
    enum rprocfw_status status = check_pkeyinfo(c->job, error);

    return status == RPROCFW_OK ? rprocfw_metadata_build(metadata, c->job, c->inputs, error)
                                : status;
}

/* Random ones, as they stand in the table of the container beside. */
static void take_ivs(struct elf_contents *c)
{
    const uint8_t *entry = c->contents.beside->table;
    rprocfw_iv *ivs = c->ivs;

    for (size_t i = 0; i < c->open; i++) {
        for (size_t k = 0; k < c->inputs[i].phdr_count; k++)
            memcpy(ivs[k], entry + k * RPROCFW_ENC_ENTRY_SIZE + RPROCFW_HASH_ENTRY_SIZE,
                   sizeof(ivs[k]));
        ivs += c->inputs[i].entries;
        entry += c->inputs[i].entries * RPROCFW_ENC_ENTRY_SIZE;
    }
}

static enum rprocfw_status make_ivs(struct elf_contents *c, struct rprocfw_error *error)
{
    const struct rprocfw_sign_job *job = c->job;

    if (job->enc_key == NULL)
        return RPROCFW_OK;
    c->ivs = calloc(c->entries, sizeof(*c->ivs));
    if (c->ivs == NULL)
        return rprocfw_no_memory(error);
    if (job->iv == RPROCFW_IV_DERIVED)
        return rprocfw_iv_derive(c->ivs, job->enc_key, c->inputs, job->input_count, error);
    if (c->contents.beside == NULL)
        return rprocfw_iv_random(c->ivs, c->inputs, job->input_count, error);
    take_ivs(c);
    return RPROCFW_OK;
}

static enum rprocfw_status write_payload(struct rprocfw_contents *contents,
                                         struct rprocfw_metadata *metadata,
                                         const struct rprocfw_output *output,
                                         struct rprocfw_error *error)
{
    struct elf_contents *c = of(contents);
    struct rprocfw_encryption encryption = {.key = c->job->enc_key};
    enum rprocfw_status status;

    c->digests = calloc(c->entries, sizeof(*c->digests));
    if (c->digests == NULL)
        return rprocfw_no_memory(error);
    status = make_ivs(c, error);
    encryption.ivs = c->ivs;
    if (status == RPROCFW_OK)
        status =
            rprocfw_payload_copy(c->inputs, c->job->input_count, &encryption, output,
                                 metadata->layout.payload, contents->beside, c->digests, error);
    if (status == RPROCFW_OK)
        rprocfw_metadata_set_digests(metadata, c->digests, c->ivs);
    return status;
}

/* With the padding of the images; segments as they are before encryption. */
static enum rprocfw_status read_payload(struct rprocfw_contents *contents, uint32_t offset,
                                        uint8_t *dst, uint32_t size, struct rprocfw_error *error)
{
    const struct rprocfw_elf_input *input = of(contents)->inputs;
    enum rprocfw_status status = RPROCFW_OK;

    while (size > 0 && status == RPROCFW_OK) {
        uint32_t part;

        while (offset >= input->padded_size)
            offset -= input++->padded_size;
        part = input->padded_size - offset < size ? input->padded_size - offset : size;
        status = rprocfw_elf_input_read(input, offset, dst, part, error);
        dst += part;
        offset += part;
        size -= part;
    }
    return status;
}

static enum rprocfw_status read_loaded(struct rprocfw_contents *contents,
                                       const struct rprocfw_segment *segment, uint32_t offset,
                                       uint8_t *dst, uint32_t size, struct rprocfw_error *error)
{
    return rprocfw_elf_input_read(&of(contents)->inputs[segment->image],
                                  segment->phdr.offset + offset, dst, size, error);
}

/* The digests were taken when the bytes were written. */
static enum rprocfw_status check_segment(struct rprocfw_contents *contents,
                                         const struct rprocfw_segment *segment,
                                         struct rprocfw_error *error)
{
    const struct elf_contents *c = of(contents);

    (void)error;
    return memcmp(c->digests[segment->entry], segment->sha256, RPROCFW_SHA256_SIZE) == 0
               ? RPROCFW_OK
               : RPROCFW_ERR_SEGMENT_HASH;
}

static enum rprocfw_status unchanged(struct rprocfw_contents *contents, struct rprocfw_error *error)
{
    const struct elf_contents *c = of(contents);
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < c->open && status == RPROCFW_OK; i++)
        status = rprocfw_input_unchanged(&c->inputs[i].file, error);
    return status;
}

static const char *name_of(struct rprocfw_contents *contents, uint32_t image)
{
    const struct elf_contents *c = of(contents);

    return image < c->job->input_count ? c->inputs[image].file.path : NULL;
}

static void close_inputs(struct rprocfw_contents *contents)
{
    struct elf_contents *c = of(contents);

    while (c->open > 0)
        rprocfw_elf_input_close(&c->inputs[--c->open]);
    free(c->inputs);
    free(c->digests);
    free(c->ivs);
    free(c);
}

struct rprocfw_contents *rprocfw_elf_contents(const struct rprocfw_sign_job *job)
{
    struct elf_contents *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->contents = (struct rprocfw_contents){
        .open = open_inputs,
        .build = build,
        .write = write_payload,
        .read = read_payload,
        .read_loaded = read_loaded,
        .check = check_segment,
        .unchanged = unchanged,
        .name = name_of,
        .close = close_inputs,
    };
    c->job = job;
    return &c->contents;
}
