/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The work buffer. In place it may lie anywhere, and then the metadata does, too. For a device it
 * is aligned and has a size that depends on the machine, so that size is tested but not printed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "sections.h"

static struct board b;

/* The container judged in place in size bytes of work, shifted. */
static enum rprocfw_status judge_at(struct bytes container, uint32_t shift, uint32_t size,
                                    struct rprocfw_verifier *v)
{
    enum rprocfw_status status;

    board_begin(&b, container);
    status = rprocfw_verify_begin(v, &platform_in_place, &b, container.size, 0);
    if (status == RPROCFW_OK)
        status = rprocfw_verify_finish(v, work + shift, size);
    return status;
}

static void everywhere(struct bytes container)
{
    const uint32_t needed = payload_offset(container);
    struct rprocfw_verifier v;
    enum rprocfw_status status;
    char first[17] = "";
    uint32_t shift;

    for (shift = 0; shift < 8; shift++) {
        status = judge_at(container, shift, needed, &v);
        check(status == RPROCFW_OK, "work buffer at %" PRIu32 ": %s", shift, outcome(status, &v));
        if (shift == 0)
            memcpy(first, board_events(&b), sizeof(first));
        check(strcmp(first, board_events(&b)) == 0, "work buffer at %" PRIu32 ": other events",
              shift);
        report("%" PRIu32 ": %s, %s", shift, outcome(status, &v), board_events(&b));
        status = judge_at(container, shift, needed - 1, &v);
        check(status == RPROCFW_ERR_WORK_SIZE, "one byte less: %s", outcome(status, &v));
        report("%" PRIu32 ": %s", shift, outcome(status, &v));
    }
}

/* As above, for a device. */
static enum rprocfw_status load_at(struct bytes container, uint32_t shift, uint32_t size)
{
    struct rprocfw_verifier v;
    enum rprocfw_status status;

    board_begin(&b, container);
    status = rprocfw_verify_begin(&v, &platform_with_memory, &b, container.size, 0);
    if (status == RPROCFW_OK)
        status = rprocfw_verify_finish(&v, work + shift, size);
    return status;
}

static void for_a_device(struct bytes container, uint32_t entries)
{
    const uint32_t needed =
        payload_offset(container) + 4 + (entries + 1) * (uint32_t)sizeof(struct rprocfw_range);
    enum rprocfw_status status = load_at(container, 0, needed);

    need(needed <= WORK_SIZE, "RPROCFW_WORK_SIZE is less than %" PRIu32, needed);
    check(status == RPROCFW_OK, "%" PRIu32 " entries: %s", entries, rprocfw_status_name(status));
    status = load_at(container, 0, needed - 1);
    check(status == RPROCFW_ERR_WORK_SIZE && board_is_clear(), "one byte less: %s",
          rprocfw_status_name(status));
    /* 4 does for a uint64_t in a structure on some machines */
    status = load_at(container, 1, WORK_SIZE - 1);
    check(status == RPROCFW_ERR_WORK_ALIGN && board_is_clear(), "one byte aside: %s",
          rprocfw_status_name(status));
    report("%" PRIu32 " entries", entries);
}

void section_work(void)
{
    static const struct {
        const char *name;
        uint32_t entries;
    } vectors_used[] = {{"rsa2048_single", 5}, {"rsa2048_all", 7}, {"rsa2048_segments1000", 1000}};
    size_t i;

    report_begin("work");
    for (i = 0; i < COUNT(vectors_used); i++) {
        struct bytes container = file_load("expected", vectors_used[i].name, ".sig");

        container_sign(container);
        everywhere(container);
        for_a_device(container, vectors_used[i].entries);
        free(container.data);
    }
    report_end();
}
