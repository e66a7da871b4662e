/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is found in any container that core accepts, its signature and hashes answered "good", with
 * and without a board; the board is made up from the input, its memory near what is loaded.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/host/findings/findings.h"
#include "fuzz.h"
#include "report.h"

#define RANGES  3u
#define REGIONS 6u
#define TLVS    2u

struct random_board {
    struct rprocfw_board board;
    struct rprocfw_board_range range[RANGES];
    struct rprocfw_board_region region[REGIONS];
    struct rprocfw_board_region seen[REGIONS];
    struct rprocfw_board_tlv tlv[TLVS];
};

/* ---- A board ---- */

static uint32_t state;

static uint32_t random_below(uint32_t limit)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

/* An address that some segment has, or one near it. */
static uint32_t some_address(const struct rprocfw_report *report)
{
    const uint32_t near = random_below(0x200) - 0x100;

    if (report->entry_count == 0 || random_below(8) == 0)
        return random_below(1u << 24) << 8;
    return (report->entries[random_below((uint32_t)report->entry_count)].phdr.paddr & ~0xFFu) +
           near * (random_below(2) << random_below(12));
}

static void make_region(struct rprocfw_board_region *region, const struct random_board *b,
                        const struct rprocfw_report *report)
{
    static char name[] = "region";
    const struct rprocfw_board_range *range = &b->range[random_below(RANGES)];

    region->name = name;
    region->pa = range->pa + (some_address(report) - range->da);
    region->size = 1 + random_below(1u << (4 + random_below(20)));
    region->world = (enum rprocfw_world)random_below(3);
    if (region->size > UINT64_MAX - region->pa)
        region->size = UINT64_MAX - region->pa;
    if (region->size == 0)
        *region = (struct rprocfw_board_region){name, 0, 1, RPROCFW_WORLD_ANY};
}

static void make_range(struct rprocfw_board_range *range, const struct rprocfw_report *report)
{
    range->da = random_below(2) == 0 ? 0 : some_address(report);
    range->pa = (uint64_t)random_below(1u << 24) << random_below(41);
    range->size = 1 + random_below(1u << 24) * (uint64_t)(1 + random_below(256));
    if (range->size > 0x100000000 - range->da)
        range->size = 0x100000000 - range->da;
    if (range->size > UINT64_MAX - range->pa)
        range->pa = 0;
}

static void make_board(struct random_board *b, const struct rprocfw_report *report)
{
    *b = (struct random_board){
        .board = {.ta = {.family = random_below(2) == 0 ? RPROCFW_TA_OPTEE : RPROCFW_TA_ST,
                         .bits = random_below(2) == 0 ? 32 : 64,
                         .heap = random_below(3) * 4096},
                  .signtypes = random_below(8),
                  .pkeyinfo = (enum rprocfw_board_pkeyinfo)random_below(3),
                  .has_seen = random_below(2) == 0,
                  .any_tlv = random_below(2) == 0,
                  .bootaddr_alignment = random_below(2) << random_below(12)},
        .tlv = {{RPROCFW_TLV_BOOTADDR, random_below(2) == 0},
                {RPROCFW_TLV_BOOTSEC, random_below(2) == 0}},
    };
    for (unsigned i = 0; i < RANGES; i++)
        make_range(&b->range[i], report);
    for (unsigned i = 0; i < REGIONS; i++) {
        make_region(&b->region[i], b, report);
        make_region(&b->seen[i], b, report);
    }
    b->board.range = b->range;
    b->board.range_count = random_below(RANGES + 1);
    b->board.region = b->region;
    b->board.region_count = random_below(REGIONS + 1);
    b->board.seen = b->seen;
    b->board.seen_count = b->board.has_seen ? random_below(REGIONS + 1) : 0;
    b->board.tlv = b->tlv;
    b->board.tlv_count = random_below(TLVS + 1);
}

/* ---- What must hold ---- */

static enum rprocfw_status view_file(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                     struct rprocfw_error *error)
{
    const struct fuzz_file *file = ctx;

    (void)error;
    FUZZ_HOLDS(pread(file->fd, dst, size, offset) == (ssize_t)size);
    return RPROCFW_OK;
}

/* As if it were deciphered: any bytes. */
static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size,
                                       struct rprocfw_error *error)
{
    FUZZ_HOLDS(size <= RPROCFW_LOADED_PIECE && offset <= segment->phdr.filesz &&
               size <= segment->phdr.filesz - offset);
    return view_file(ctx, segment->offset + offset, dst, size, error);
}

static void check_finding(const struct rprocfw_finding *finding,
                          const struct rprocfw_report *report, bool has_board)
{
    FUZZ_HOLDS(finding->id[0] != '\0' && finding->text[0] != '\0');
    FUZZ_HOLDS(has_board || finding->level != RPROCFW_FINDING_ERROR);
    for (const char *c = finding->text; *c != '\0'; c++)
        FUZZ_HOLDS((unsigned char)*c >= ' ' && *c != 0x7F);
    if (finding->image == RPROCFW_NOWHERE) {
        FUZZ_HOLDS(finding->segment == RPROCFW_NOWHERE);
        return;
    }
    FUZZ_HOLDS(finding->image < report->image_count);
    FUZZ_HOLDS(finding->segment == RPROCFW_NOWHERE ||
               finding->segment < report->images[finding->image].ehdr.phnum);
}

static void check_findings(const struct rprocfw_report *report, struct fuzz_file *file,
                           const struct rprocfw_board *board)
{
    const struct rprocfw_view view = {view_file, file, (uint32_t)report->file_size};
    const struct rprocfw_loaded loaded = {read_loaded, file};
    const struct rprocfw_finding_job job = {
        .report = report,
        .view = &view,
        .loaded = random_below(2) == 0 ? NULL : &loaded,
        .board = board,
    };
    struct rprocfw_findings findings;
    struct rprocfw_error error;

    FUZZ_HOLDS(rprocfw_findings_build(&findings, &job, &error) == RPROCFW_OK);
    FUZZ_HOLDS(findings.count <= 17 * RPROCFW_FOUND_KINDS);
    for (size_t i = 0; i < findings.count; i++) {
        check_finding(&findings.finding[i], report, board != NULL);
        FUZZ_HOLDS(i == 0 || findings.finding[i - 1].image <= findings.finding[i].image);
    }
    rprocfw_findings_free(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct random_board board;
    struct rprocfw_report report;
    struct fuzz_file file;

    state = 0;
    for (size_t i = 0; i < size; i++)
        state = state * 31 + data[i];
    fuzz_file_make(&file, data, size);
    if (fuzz_report_build(&report, file.path, RPROCFW_REPORT_STRUCTURE, NULL)) {
        if (report.status == RPROCFW_OK) {
            check_findings(&report, &file, NULL);
            for (unsigned i = 0; i < 4; i++) {
                make_board(&board, &report);
                check_findings(&report, &file, &board.board);
            }
        }
        rprocfw_report_free(&report);
    }
    fuzz_file_close(&file);
    return 0;
}
