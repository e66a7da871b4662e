/* SPDX-License-Identifier: BSD-2-Clause */
/* Firmware and boards that fit. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/host/findings/findings.h"
#include "../../src/host/host.h"
#include "findings.h"
#include "suite.h"

/* ---- Firmware ---- */

static void put_word(uint8_t *table, uint32_t offset, uint32_t value)
{
    rprocfw_u32_encode(table + offset, value);
}

/* A trace buffer, and a vdev with two vrings that Linux places. */
static void put_rsc_table(uint8_t table[TABLE_SIZE], uint32_t trace)
{
    memset(table, 0, TABLE_SIZE);
    put_word(table, 0, 1);
    put_word(table, 4, 2);
    put_word(table, 16, 24);
    put_word(table, 20, 72);
    put_word(table, 24, 2); /* trace */
    put_word(table, 28, trace);
    put_word(table, 32, 64);
    (void)strcpy((char *)table + 40, "trace0");
    put_word(table, 72, 3); /* vdev */
    put_word(table, 76, 7);
    table[97] = 2;
    for (uint32_t at = 100; at <= 120; at += 20) { /* vrings */
        put_word(table, at, UINT32_MAX);
        put_word(table, at + 4, 16);
        put_word(table, at + 8, 16);
    }
}

static void build(struct findings_firmware *firmware, uint32_t vectors, uint32_t code,
                  uint32_t data)
{
    *firmware = (struct findings_firmware){
        .elf =
            {
                .phdrs = {{PT_LOAD, VECTORS_AT, vectors, vectors, 0x40, 0x40, 5, 4},
                          {PT_LOAD, CODE_AT, code, code, 0x80, 0x80, 5, 4},
                          {PT_LOAD, TABLE_AT, data, data, TABLE_SIZE, 0x200, 6, 4}},
                .phnum = 3,
                .sections = {{".isr_vectors", vectors, VECTORS_AT, 0x40},
                             {".text", code, CODE_AT, 0x80},
                             {".resource_table", data, TABLE_AT, TABLE_SIZE}},
                .shnum = 3,
            },
        .stack = data + 0x400,
        .reset = code + 1,
    };
    put_rsc_table(firmware->rsc_table, data + TABLE_SIZE);
}

void findings_mp15(struct findings_firmware *firmware)
{
    build(firmware, 0, 0x10000000, 0x10020000);
    firmware->stack = 0x10040000; /* the end of the region */
}

void findings_mp25(struct findings_firmware *firmware, uint32_t base)
{
    build(firmware, base, base + 0x80, 0x81200000);
}

void findings_container(struct container *c, const struct findings_firmware *firmware,
                        unsigned count)
{
    struct bytes images[MAX_FIRMWARES];

    for (unsigned i = 0; i < count; i++) {
        images[i] = elf_build(&firmware[i].elf);
        put32(images[i], VECTORS_AT, firmware[i].stack);
        put32(images[i], VECTORS_AT + 4, firmware[i].reset);
        memcpy(images[i].data + TABLE_AT, firmware[i].rsc_table, TABLE_SIZE);
    }
    container_build(c, images, count, false);
}

void findings_add_word(struct container *c, uint32_t type, uint32_t value)
{
    uint8_t bytes[4];

    rprocfw_u32_encode(bytes, value);
    tlv_append(c, type, bytes, sizeof(bytes));
}

/* ---- Boards ---- */

static char retram[] = "retram", mcuram[] = "mcuram", sram[] = "sram";
static char tfm_code[] = "tfm_code", cube_fw[] = "cm33_cube_fw", shmem[] = "ipc_shmem";
static char vring[] = "vring0";

struct rprocfw_board *findings_board_mp15(void)
{
    static struct rprocfw_board_range ranges[2];
    static struct rprocfw_board_region regions[2];
    static struct rprocfw_board board;

    ranges[0] = (struct rprocfw_board_range){0, 0x38000000, 0x10000};
    ranges[1] = (struct rprocfw_board_range){0x10000000, 0x10000000, 0x60000};
    regions[0] = (struct rprocfw_board_region){retram, 0x38000000, 0x10000, RPROCFW_WORLD_ANY};
    regions[1] = (struct rprocfw_board_region){mcuram, 0x10000000, 0x40000, RPROCFW_WORLD_ANY};
    board = (struct rprocfw_board){
        .ta = {RPROCFW_TA_OPTEE, 4, 10, 32, 4096, 0},
        .signtypes = 1u << RPROCFW_SIGNTYPE_RSA,
        .pkeyinfo = RPROCFW_BOARD_PKEYINFO_IGNORED,
        .range = ranges,
        .range_count = COUNT(ranges),
        .region = regions,
        .region_count = COUNT(regions),
        .any_tlv = true,
    };
    return &board;
}

struct rprocfw_board *findings_board_mp25(void)
{
    static struct rprocfw_board_range ranges[3];
    static struct rprocfw_board_region regions[4];
    static struct rprocfw_board_region seen[2];
    static struct rprocfw_board_tlv tlvs[2];
    static struct rprocfw_board board;

    ranges[0] = (struct rprocfw_board_range){0, 0x80000000, 0x8000000};
    ranges[1] = (struct rprocfw_board_range){0x08000000, 0x08000000, 0x8000000};
    ranges[2] = (struct rprocfw_board_range){0x20000000, 0x20000000, 0xD0000000};
    regions[0] =
        (struct rprocfw_board_region){tfm_code, 0x80000000, 0x100000, RPROCFW_WORLD_SECURE};
    regions[1] =
        (struct rprocfw_board_region){cube_fw, 0x80100000, 0x800000, RPROCFW_WORLD_NONSECURE};
    regions[2] =
        (struct rprocfw_board_region){shmem, 0x81200000, 0x100000, RPROCFW_WORLD_NONSECURE};
    regions[3] = (struct rprocfw_board_region){sram, 0x0A060000, 0x20000, RPROCFW_WORLD_ANY};
    seen[0] = (struct rprocfw_board_region){shmem, 0x81200000, 0xF8000, RPROCFW_WORLD_ANY};
    seen[1] = (struct rprocfw_board_region){vring, 0x812F8000, 0x1000, RPROCFW_WORLD_ANY};
    tlvs[0] = (struct rprocfw_board_tlv){RPROCFW_TLV_BOOTADDR, true};
    tlvs[1] = (struct rprocfw_board_tlv){RPROCFW_TLV_BOOTSEC, false};
    board = (struct rprocfw_board){
        .ta = {RPROCFW_TA_ST, 4, 0, 64, 4096, 0},
        .signtypes = 1u << RPROCFW_SIGNTYPE_RSA | 1u << RPROCFW_SIGNTYPE_ECDSA,
        .encrypted = true,
        .pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN,
        .range = ranges,
        .range_count = COUNT(ranges),
        .region = regions,
        .region_count = COUNT(regions),
        .seen = seen,
        .seen_count = COUNT(seen),
        .has_seen = true,
        .tlv = tlvs,
        .tlv_count = COUNT(tlvs),
        .bootaddr_alignment = 128,
    };
    return &board;
}

/* ---- What is found ---- */

static enum rprocfw_status view_bytes(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                      struct rprocfw_error *error)
{
    const struct bytes *bytes = ctx;

    (void)error;
    require(offset <= bytes->size && size <= bytes->size - offset, "%u at %u", size, offset);
    memcpy(dst, bytes->data + offset, size);
    return RPROCFW_OK;
}

/* A report on bytes that core accepts. */
static void report_build(struct rprocfw_report *report, struct bytes bytes)
{
    char path[64];
    const struct rprocfw_report_job job = {.path = path, .mode = RPROCFW_REPORT_NO_SIGNATURE};
    struct rprocfw_error error;
    const int fd = memfd_create("container", 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes.data, bytes.size), bytes.size);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    require(rprocfw_report_build(report, &job, &error) == RPROCFW_OK, "%s", error.text);
    require(report->status == RPROCFW_OK, "%s", report->message);
    ck_assert_int_eq(close(fd), 0);
}

static const char *const levels[] = {
    [RPROCFW_FINDING_NOTE] = "note",
    [RPROCFW_FINDING_WARNING] = "warning",
    [RPROCFW_FINDING_ERROR] = "error",
};

static const char *print(const struct rprocfw_findings *findings)
{
    const size_t room = 640 * findings->count + 1;
    char *text = arena_alloc(room);
    size_t size = 0;

    text[0] = '\0';
    for (size_t i = 0; i < findings->count; i++)
        size += (size_t)snprintf(text + size, room - size, "%s %s %s\n",
                                 levels[findings->finding[i].level], findings->finding[i].id,
                                 findings->finding[i].text);
    return text;
}

const char *findings_of(const struct container *c, const struct rprocfw_board *board,
                        const char *key)
{
    struct container measured = *c;
    struct bytes bytes;
    struct rprocfw_report report;
    struct rprocfw_findings findings;
    struct rprocfw_error error;
    struct rprocfw_key *signer = NULL;
    const char *text;

    container_measure(&measured);
    bytes = container_join(&measured);
    const struct rprocfw_view view = {view_bytes, &bytes, bytes.size};
    const struct rprocfw_finding_job job = {.report = &report, .view = &view, .board = board};

    report_build(&report, bytes);
    if (key != NULL)
        ck_assert_int_eq(rprocfw_key_load(&signer, key, RPROCFW_KEY_VERIFY, NULL, &error),
                         RPROCFW_OK);
    report.signed_by = signer;
    require(rprocfw_findings_build(&findings, &job, &error) == RPROCFW_OK, "%s", error.text);
    text = print(&findings);
    rprocfw_findings_free(&findings);
    rprocfw_key_free(signer);
    rprocfw_report_free(&report);
    return text;
}

void findings_expect(const struct container *c, const struct rprocfw_board *board,
                     const char *expected)
{
    ck_assert_str_eq(findings_of(c, board, NULL), expected);
}
