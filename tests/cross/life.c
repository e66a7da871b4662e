/* SPDX-License-Identifier: BSD-2-Clause */
/* One container: judged in place, and through the life of a remote processor. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "sections.h"

#define ID 0x80000001u

enum rprocfw_status verify(struct board *b, struct rprocfw_verifier *v, unsigned options)
{
    enum rprocfw_status status =
        rprocfw_verify_begin(v, &platform_in_place, b, b->container.size, options);

    if (status == RPROCFW_OK)
        status = rprocfw_verify_finish(v, work, WORK_SIZE);
    return status;
}

static struct rprocfw_rproc slots[2];
static struct rprocfw_rprocs rprocs;

static enum rprocfw_status load(struct board *b)
{
    return rprocfw_rproc_load(&rprocs, ID, b->container.size, work, WORK_SIZE);
}

static void expect(const char *what, enum rprocfw_status status, enum rprocfw_status expected)
{
    check(status == expected, "%s: %s instead of %s", what, rprocfw_status_name(status),
          rprocfw_status_name(expected));
}
#define EXPECT(call, status) expect(#call, call, status)

static enum rprocfw_status table_of(struct life *life)
{
    uint64_t pa = 1;
    uint32_t size = 1;
    enum rprocfw_status status = rprocfw_rproc_rsc_table(&rprocs, ID, &pa, &size);

    if (status != RPROCFW_OK) {
        check(pa == 1 && size == 1, "a resource table with %s", rprocfw_status_name(status));
        return status;
    }
    life->rsc_da = size == 0 ? 0 : (uint32_t)(pa - PA(0));
    life->rsc_size = size;
    check(size == 0 ? pa == 0 : pa == PA(life->rsc_da), "resource table at %" PRIx64, pa);
    return status;
}

static void refused(struct board *b, struct life *life)
{
    check(b->releases == 1 && board_is_clear(), "memory is left after a load that failed");
    check(slots[0].state == RPROCFW_RPROC_OFF, "state %d", (int)slots[0].state);
    EXPECT(rprocfw_rproc_start(&rprocs, ID), RPROCFW_ERR_STATE);
    EXPECT(table_of(life), RPROCFW_ERR_STATE);
}

/* A load while one is loaded: of the same, of another one. */
static void load_again(struct board *b, struct bytes other)
{
    const struct bytes same = b->container;

    EXPECT(load(b), RPROCFW_OK);
    b->container = other;
    EXPECT(load(b), RPROCFW_ERR_OTHER_LOADED);
    b->container = same;
    check(slots[0].state == RPROCFW_RPROC_LOADED, "state %d", (int)slots[0].state);
}

static void loaded(struct board *b, struct bytes other, struct life *life)
{
    check(board_has_loaded(b->container), "other bytes in memory than the images say");
    EXPECT(table_of(life), RPROCFW_OK);
    load_again(b, other);
    EXPECT(rprocfw_rproc_stop(&rprocs, ID), RPROCFW_ERR_STATE);
    EXPECT(rprocfw_rproc_start(&rprocs, ID), RPROCFW_OK);
    EXPECT(rprocfw_rproc_start(&rprocs, ID), RPROCFW_OK);
    EXPECT(load(b), RPROCFW_ERR_STATE);
    EXPECT(rprocfw_rproc_release(&rprocs, ID), RPROCFW_ERR_STATE);
    EXPECT(table_of(life), RPROCFW_OK);
    EXPECT(rprocfw_rproc_stop(&rprocs, ID), RPROCFW_OK);
    EXPECT(rprocfw_rproc_stop(&rprocs, ID), RPROCFW_OK);
    check(b->releases == 0 && board_has_loaded(b->container), "memory was changed after the load");
    EXPECT(rprocfw_rproc_start(&rprocs, ID), RPROCFW_ERR_STATE);
    EXPECT(load(b), RPROCFW_OK);
    EXPECT(rprocfw_rproc_release(&rprocs, ID), RPROCFW_OK);
    check(b->releases == 1 && board_is_clear(), "memory is left after release");
    EXPECT(table_of(life), RPROCFW_ERR_STATE);
}

void live(struct board *b, struct bytes container, struct bytes other, struct life *life)
{
    memset(life, 0, sizeof(*life));
    memset(&rprocs, 0, sizeof(rprocs));
    memset(slots, 0xA5, sizeof(slots));
    rprocs.platform = &platform_with_memory;
    rprocs.ctx = b;
    rprocs.rproc = slots;
    rprocs.count = COUNT(slots);
    board_begin(b, container);
    board_soil();
    EXPECT(rprocfw_rproc_start(&rprocs, ID), RPROCFW_ERR_RPROC_ID);
    EXPECT(table_of(life), RPROCFW_ERR_RPROC_ID);
    life->status = load(b);
    snprintf(life->outcome, sizeof(life->outcome), "%s", outcome(life->status, &rprocs.verifier));
    if (life->status == RPROCFW_OK)
        loaded(b, other, life);
    else
        refused(b, life);
}
