/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each byte of metadata and ELF headers changed, one at a time. With the signature checked, changed
 * metadata is refused; without, the checks behind it must come to the same on every machine.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "sections.h"

static struct board b;

static struct rprocfw_rprocs rprocs;

static enum rprocfw_status load(struct bytes container, bool any_signature)
{
    static struct rprocfw_rproc slot;
    enum rprocfw_status status;

    memset(&rprocs, 0, sizeof(rprocs));
    rprocs.platform = &platform_with_memory;
    rprocs.ctx = &b;
    rprocs.rproc = &slot;
    rprocs.count = 1;
    board_begin(&b, container);
    b.any_signature = any_signature;
    status = rprocfw_rproc_load(&rprocs, 0, container.size, work, WORK_SIZE);
    check(status == RPROCFW_OK || board_is_clear(), "memory is left after %s",
          rprocfw_status_name(status));
    return status;
}

static void judge(struct bytes container, uint32_t at, unsigned value)
{
    struct rprocfw_verifier v;
    enum rprocfw_status status;

    board_begin(&b, container);
    b.any_signature = true;
    status = verify(&b, &v, RPROCFW_VERIFY_CIPHERTEXT);
    report("%" PRIu32 "=%02x: verify %s, %s", at, value, outcome(status, &v), board_events(&b));
    status = load(container, true);
    report("%" PRIu32 "=%02x: load %s, %s", at, value, outcome(status, &rprocs.verifier),
           board_events(&b));
}

static void change(struct bytes container, uint32_t at)
{
    static const uint8_t masks[] = {0x01, 0x80, 0xFF};
    const uint8_t was = container.data[at];
    const bool metadata = at < payload_offset(container);
    enum rprocfw_status status;
    size_t i;

    for (i = 0; i < COUNT(masks); i++) {
        container.data[at] = was ^ masks[i];
        judge(container, at, container.data[at]);
        if (metadata) {
            status = load(container, false);
            check(rprocfw_status_is_refusal(status), "byte %" PRIu32 " is %02x: %s", at,
                  container.data[at], rprocfw_status_name(status));
        }
        container.data[at] = was;
    }
}

static void part(struct bytes container, const char *name, const char *what, uint32_t start,
                 uint32_t size)
{
    char section[64];
    uint32_t at;

    snprintf(section, sizeof(section), "mutations of %s, %s", name, what);
    report_begin(section);
    need(start + size <= container.size, "%" PRIu32 " bytes at %" PRIu32, size, start);
    for (at = start; at < start + size; at++)
        change(container, at);
    report_end();
}

static void elf_headers(struct bytes container, const char *name, uint32_t image)
{
    const uint8_t *elf = container.data + image;
    const uint32_t shdrs = image + get32(elf + 32);
    const uint8_t *names = container.data + shdrs + (size_t)40 * get16(elf + 50);

    part(container, name, "ELF header", image, 52);
    part(container, name, "program headers", image + get32(elf + 28), 32 * get16(elf + 44));
    part(container, name, "section headers", shdrs, 40 * get16(elf + 48));
    part(container, name, "section names", image + get32(names + 16), get32(names + 20));
}

static void mutate(const char *name)
{
    struct bytes container = file_load("expected", name, ".sig");
    const uint32_t end = signed_size(container);
    uint32_t image = payload_offset(container);
    uint32_t length = 0;
    const uint8_t *sizes = tlv_value(container, RPROCFW_TLV_IMGSIZE, &length);
    uint32_t i;

    container_sign(container);
    part(container, name, "header", 0, 20);
    part(container, name, "TLV area", 20, end - 20);
    part(container, name, "signature", end, image - end);
    for (i = 0; i < length; i += 4) {
        elf_headers(container, name, image);
        image += get32(sizes + i);
    }
    free(container.data);
}

void section_mutations(void)
{
    mutate("rsa2048_single");
    mutate("st_encrypted");
}
