/* SPDX-License-Identifier: BSD-2-Clause */
/* A container judged twice: by a board and by a device. */
#include <string.h>

#include "both.h"
#include "container.h"
#include "suite.h"

#define ID 1u

void both_begin(struct both *b, EVP_PKEY *key)
{
    static const struct memory room = {
        .windows = {{0x10000000, 0x510000000, 0x40},
                    {0x20000000, 0x138000000, 0x180},
                    {0x20001000, 0x138001000, 0x100},
                    {0x20002000, 0x138002000, 0x140}},
        .regions = {{0x510000000, 0x40, NULL},
                    {0x138000000, 0x180, NULL},
                    {0x138001000, 0x100, NULL},
                    {0x138002000, 0x140, NULL}},
    };

    memset(b, 0, sizeof(*b));
    b->key = key;
    b->board.key = key;
    b->memory = room;
    memory_poison(&b->memory);
}

/* Only the device knows what addresses lead to. */
static bool of_addresses(enum rprocfw_status status)
{
    return status == RPROCFW_ERR_DEVICE_ADDRESS || status == RPROCFW_ERR_OVERLAP;
}

static void assert_nothing_left(const struct both *b)
{
    const enum rprocfw_status status = b->device.status;

    require(rprocfw_status_is_refusal(status), "not judged: %s", status_name(status));
    require(memory_is_clear(&b->memory), "%s, and memory is not clear", status_name(status));
    require(device_state(&b->device, ID) == RPROCFW_RPROC_OFF, "%s, and loaded",
            status_name(status));
}

/* What the board took is what the device has at the segment's address. */
static void assert_same_bytes(const struct both *b)
{
    unsigned i;

    for (i = 0; i < b->board.load_count; i++) {
        const struct loaded *l = &b->board.loads[i];

        require(l->memory.size == 0 || memcmp(memory_at(&b->memory, l->phdr.paddr, l->memory.size),
                                              l->memory.data, l->memory.size) == 0,
                "segment %u of image %u is another in memory", l->index, l->image);
    }
}

static void assert_same_table(const struct both *b)
{
    const struct device *d = &b->device;
    uint32_t size = 0;
    unsigned i;

    for (i = 0; i < b->board.image_count; i++)
        if (b->board.images[i].has_rsc_table)
            size = b->board.images[i].rsc_size;
    require(d->rsc_size == size && (size != 0) == (d->rsc_pa != 0),
            "resource table: %u bytes on the board, %u at %#llx on the device", size, d->rsc_size,
            (unsigned long long)d->rsc_pa);
}

bool both_accept(struct both *b, struct bytes container)
{
    struct device *d = &b->device;
    enum rprocfw_status status;

    board_verify(&b->board, container, 0);
    device_start_up(d, &b->memory, 1);
    d->key = b->key;
    device_load(d, ID, container);
    require(b->board.status == d->status || of_addresses(d->status), "board: %s, device: %s",
            status_name(b->board.status), status_name(d->status));
    if (d->status != RPROCFW_OK) {
        assert_nothing_left(b);
        return false;
    }
    status = rprocfw_rproc_rsc_table(&d->rprocs, ID, &d->rsc_pa, &d->rsc_size);
    require(status == RPROCFW_OK, "resource table: %s", status_name(status));
    assert_same_bytes(b);
    assert_same_table(b);
    return true;
}

bool both_table_is_signed(const struct both *b)
{
    const struct device *d = &b->device;
    const uint8_t *table;
    unsigned i;

    for (i = 0; i < d->write_count; i++) {
        const struct write *w = &d->writes[i];

        if (!w->zero && d->rsc_pa >= w->pa && d->rsc_pa - w->pa + d->rsc_size <= w->size)
            break;
    }
    if (i == d->write_count || d->rsc_size < RPROCFW_RSC_HEADER_SIZE)
        return false;
    table = memory_at_pa(&b->memory, d->rsc_pa, d->rsc_size);
    return rprocfw_u32_decode(table) == RPROCFW_RSC_VERSION && rprocfw_u32_decode(table + 8) == 0 &&
           rprocfw_u32_decode(table + 12) == 0 &&
           rprocfw_u32_decode(table + 4) <= RPROCFW_RSC_ROOM(d->rsc_size);
}
