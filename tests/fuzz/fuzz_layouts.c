/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Today's layout, the two older ones under its magic, and the files handed over by mistake: what
 * kind of file any bytes are is told again here, from the rows of the format's table, and the
 * library must say the same. Its mutator (mutate_layout.c) makes the lengths add up.
 */
#include <string.h>

#include "fuzz.h"
#include "report.h"

static uint64_t word(const uint8_t *data, size_t size, uint64_t offset)
{
    return offset <= size && size - offset >= 4 ? rprocfw_u32_decode(data + offset) : UINT64_MAX;
}

static uint64_t padded(uint64_t length)
{
    return (length + 7) / 8 * 8;
}

/* Words that the file does not have count as 0, as they do for the library. */
static enum rprocfw_file_kind container_kind(const uint8_t *data, size_t size)
{
    uint8_t head[56] = {0};
    uint64_t w[14];
    uint64_t end;

    memcpy(head, data, size < sizeof(head) ? size : sizeof(head));
    for (size_t i = 0; i < 14; i++)
        w[i] = rprocfw_u32_decode(head + 4 * i);
    end = 20 + padded(w[2]) + padded(w[3]);
    if (end + padded(w[4]) == size && word(data, size, end) == RPROCFW_ELFMAG)
        return RPROCFW_KIND_CONTAINER;
    end = 24 + padded(w[2]) + padded(w[3]);
    if (end + padded(w[4]) + padded(w[5]) == size && word(data, size, end) == 0x6907)
        return RPROCFW_KIND_CONTAINER_2023;
    if (w[7] == 56 && w[12] + w[11] == size && word(data, size, w[12]) == RPROCFW_ELFMAG)
        return RPROCFW_KIND_CONTAINER_2020;
    return RPROCFW_KIND_CONTAINER;
}

static enum rprocfw_file_kind kind(const uint8_t *data, size_t size)
{
    if (size == 0)
        return RPROCFW_KIND_EMPTY;
    switch (word(data, size, 0)) {
    case RPROCFW_MAGIC:
        return container_kind(data, size);
    case RPROCFW_ELFMAG:
        return RPROCFW_KIND_ELF;
    case 0x4F545348:
        return RPROCFW_KIND_OPTEE_TA;
    case 0x324D5453:
        return RPROCFW_KIND_STM32_HEADER;
    case 0x96F3B83D:
        return RPROCFW_KIND_MCUBOOT;
    default:
        return RPROCFW_KIND_UNKNOWN;
    }
}

static void check_status(const struct rprocfw_report *report)
{
    FUZZ_HOLDS((report->kind == RPROCFW_KIND_CONTAINER_2020) ==
               (report->status == RPROCFW_ERR_OLD_LAYOUT_2020));
    FUZZ_HOLDS((report->kind == RPROCFW_KIND_CONTAINER_2023) ==
               (report->status == RPROCFW_ERR_OLD_LAYOUT_2023));
    if (report->kind != RPROCFW_KIND_CONTAINER)
        FUZZ_HOLDS(report->status != RPROCFW_OK && report->tlv_count == 0);
    if (report->status != RPROCFW_OK)
        FUZZ_HOLDS(strstr(report->message, "; ") != NULL); /* what to do */
}

/* What is known of a board that reads the layout of 2020: never that it loads something. */
static void ask_board(const char *path)
{
    struct rprocfw_board_range range = {.size = 0x80000000};
    struct rprocfw_board_region region = {.name = (char[]){"low"}, .size = 0x10000};
    const struct rprocfw_board board = {
        .name = (char[]){"2020"},
        .ta = {.family = RPROCFW_TA_ST, .major = 3, .minor = 9},
        .old_layout = true,
        .signtypes = 1u << RPROCFW_SIGNTYPE_RSA,
        .range = &range,
        .range_count = 1,
        .region = &region,
        .region_count = 1,
    };
    const struct rprocfw_report_job job = {
        .path = path, .mode = RPROCFW_REPORT_STRUCTURE, .preflight = true, .board = &board};
    struct rprocfw_report report;
    struct rprocfw_error error = {0};

    if (rprocfw_report_build(&report, &job, &error) != RPROCFW_OK)
        return;
    FUZZ_HOLDS(!report.device.is_predicted || report.device.result != 0);
    FUZZ_HOLDS(report.device.reason[0] != '\0');
    rprocfw_report_free(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rprocfw_report report;
    struct fuzz_file file;

    fuzz_file_make(&file, data, size);
    if (fuzz_report_build(&report, file.path, RPROCFW_REPORT_STRUCTURE, NULL)) {
        FUZZ_HOLDS(report.kind == kind(data, size));
        FUZZ_HOLDS(rprocfw_kind_text(report.kind)[0] == 'a');
        check_status(&report);
        rprocfw_report_free(&report);
    }
    ask_board(file.path);
    fuzz_file_close(&file);
    return 0;
}
