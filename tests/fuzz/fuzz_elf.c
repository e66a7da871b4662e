/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signer's ELF input: any bytes. What it signs is accepted by the verifier, and has the input's
 * bytes in it, encrypted or not; with something left out, the bytes that are loaded. What is asked
 * of the signer follows from the last two bytes, for which an ELF seldom cares.
 */
#include <string.h>
#include <unistd.h>

#include <rprocfw/report.h>
#include <rprocfw/sign.h>

#include "fuzz.h"

enum wish {
    BOOT_ADDRESS = 1,
    ST_ORDER = 2,
    ONLY_WARN = 4,
    ARM_ONLY = 8,
    TWICE = 16,
    DRY_RUN = 32,
    ENCRYPT = 64,
    PAD = 128
};

/* Of the last byte but one. */
enum more { STRIP = 1, LOADABLE_ONLY = 2 };

static const struct rprocfw_enc_key aes = {{1}};

/* Do these bytes stand at offset? */
static void check_bytes(int fd, uint32_t offset, const uint8_t *data, size_t size)
{
    uint8_t bytes[4096];

    for (size_t at = 0; at < size;) {
        const size_t part = size - at < sizeof(bytes) ? size - at : sizeof(bytes);

        FUZZ_HOLDS(pread(fd, bytes, part, (off_t)(offset + at)) == (ssize_t)part);
        FUZZ_HOLDS(memcmp(bytes, data + at, part) == 0);
        at += part;
    }
}

/* Is what stands at image->offset the input? */
static void check_image(int fd, const struct rprocfw_report_image *image, const uint8_t *data,
                        size_t size)
{
    FUZZ_HOLDS(image->size >= size && image->size - size < RPROCFW_ALIGNMENT);
    check_bytes(fd, image->offset, data, size);
}

static bool is_phdr(const uint8_t *data, size_t size, uint32_t number, struct rprocfw_phdr *phdr)
{
    struct rprocfw_ehdr ehdr;

    FUZZ_HOLDS(size >= RPROCFW_EHDR_SIZE);
    rprocfw_ehdr_decode(data, &ehdr);
    if (number >= ehdr.phnum)
        return false;
    FUZZ_HOLDS(ehdr.phoff + (uint64_t)(number + 1) * RPROCFW_PHDR_SIZE <= size);
    rprocfw_phdr_decode(data + ehdr.phoff + number * RPROCFW_PHDR_SIZE, phdr);
    return true;
}

/* A later PT_LOAD of data writes over all that this one writes. */
static bool is_written_over(const uint8_t *data, size_t size, uint32_t number,
                            const struct rprocfw_phdr *empty)
{
    struct rprocfw_phdr phdr;

    while (is_phdr(data, size, ++number, &phdr))
        if (phdr.type == RPROCFW_PT_LOAD && phdr.paddr <= empty->paddr &&
            (uint64_t)phdr.paddr + phdr.memsz >= (uint64_t)empty->paddr + empty->memsz)
            return true;
    return false;
}

/*
 * The image's PT_LOADs are those of data in their order, with their bytes; others load nothing that
 * stays. From the last to the first: of two that are equal the first may be left out.
 */
static void check_loaded(const struct fuzz_file *container, const struct rprocfw_report *report,
                         const struct rprocfw_report_image *image, const uint8_t *data, size_t size)
{
    const struct rprocfw_report_entry *entries = &report->entries[image->first_entry];
    uint32_t left = image->entry_count;
    struct rprocfw_phdr phdr;
    uint32_t i = 0;

    while (is_phdr(data, size, i, &phdr))
        i++;
    while (i > 0 && is_phdr(data, size, --i, &phdr)) {
        if (left > 0 && memcmp(&entries[left - 1].phdr, &phdr, sizeof(phdr)) == 0) {
            left--;
            if (phdr.type == RPROCFW_PT_LOAD)
                check_bytes(container->fd, image->offset + phdr.offset, data + phdr.offset,
                            phdr.filesz);
        } else {
            FUZZ_HOLDS(
                phdr.type != RPROCFW_PT_LOAD ||
                (phdr.filesz == 0 && (phdr.memsz == 0 || is_written_over(data, size, i, &phdr))));
        }
    }
    FUZZ_HOLDS(left == 0);
}

static void check_container(const struct fuzz_file *container, const struct rprocfw_sign_job *job,
                            struct rprocfw_key *key, const uint8_t *data, size_t size)
{
    const struct rprocfw_keys keys = {.key = &key, .count = 1};
    const struct rprocfw_report_job judging = {
        .path = container->path,
        .mode = RPROCFW_REPORT_VERIFY,
        .keys = &keys,
        .enc_key = job->enc_key,
        .originals = job->inputs,
        .original_count = job->enc_key != NULL ? job->input_count : 0,
    };
    struct rprocfw_report report;
    struct rprocfw_error error;

    FUZZ_HOLDS(rprocfw_report_build(&report, &judging, &error) == RPROCFW_OK);
    FUZZ_HOLDS(report.status == RPROCFW_OK || job->preflight != RPROCFW_PREFLIGHT_REFUSE);
    FUZZ_HOLDS(report.signed_by == key);
    FUZZ_HOLDS(report.image_count == job->input_count);
    FUZZ_HOLDS(job->enc_key == NULL || report.status != RPROCFW_OK || report.compared);
    for (size_t i = 0; i < report.image_count && job->enc_key == NULL; i++)
        if (!job->strip && !job->loadable_only)
            check_image(container->fd, &report.images[i], data, size);
        else if (report.status == RPROCFW_OK) /* only then it lists all entries */
            check_loaded(container, &report, &report.images[i], data, size);
    rprocfw_report_free(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rprocfw_key *key;
    static const struct rprocfw_plat_tlv boot = {.id = RPROCFW_TLV_BOOTADDR, .boot_address = true};
    const unsigned wishes = size > 0 ? data[size - 1] : 0;
    const unsigned more = size > 1 ? data[size - 2] : 0;
    struct rprocfw_error error = {0};
    struct fuzz_file file;
    struct fuzz_file container;
    const char *const inputs[] = {file.path, file.path};
    struct rprocfw_sign_job job = {
        .inputs = inputs,
        .input_count = (wishes & TWICE) != 0 ? 2 : 1,
        .plat_tlvs = &boot,
        .plat_tlv_count = (wishes & BOOT_ADDRESS) != 0,
        .order = (wishes & ST_ORDER) != 0 ? RPROCFW_ORDER_ST : RPROCFW_ORDER_OPTEE,
        .strip = (more & STRIP) != 0,
        .loadable_only = (more & LOADABLE_ONLY) != 0,
        .dry_run = (wishes & DRY_RUN) != 0,
        .any_machine = (wishes & ARM_ONLY) == 0,
        .preflight = (wishes & ONLY_WARN) != 0 ? RPROCFW_PREFLIGHT_WARN : RPROCFW_PREFLIGHT_REFUSE};

    if ((wishes & ENCRYPT) != 0) {
        job.enc_key = &aes;
        job.iv = RPROCFW_IV_DERIVED;
        job.enc_pad = (wishes & PAD) != 0;
        job.order = RPROCFW_ORDER_ST;
    }
    if (key == NULL)
        key = fuzz_key("p256");
    job.key = key;
    fuzz_file_make(&file, data, size);
    fuzz_file_make(&container, NULL, 0);
    job.output_fd = container.fd;
    if (rprocfw_sign(&job, &error) != RPROCFW_OK)
        FUZZ_HOLDS(error.text[0] != '\0' && lseek(container.fd, 0, SEEK_END) == 0);
    else if (!job.dry_run)
        check_container(&container, &job, (struct rprocfw_key *)key, data, size);
    fuzz_file_close(&container);
    fuzz_file_close(&file);
    return 0;
}
