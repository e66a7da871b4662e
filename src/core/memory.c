/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the PT_LOADs go: each inside the remote processor's memory, and none over file bytes of one
 * that is loaded before it. It is looked at in physical addresses, because two device addresses may
 * lead to one. Sorted and swept from low to high, it takes n log n steps for n segments.
 */
#include "checked.h"
#include "decode.h"
#include "judge.h"

/* Ranges that are being collected behind the metadata. */
struct ranges {
    struct rprocfw_range *range;
    uint32_t count;
    uint32_t room; /* bytes left */
};

/* An entry loads size bytes at da; nothing for size 0. */
static enum rprocfw_status add_range(struct rprocfw_verifier *v, struct ranges *ranges, uint32_t da,
                                     uint32_t size, uint32_t order)
{
    struct rprocfw_range *range = &ranges->range[ranges->count];
    enum rprocfw_status status;

    if (size == 0)
        return RPROCFW_OK;
    if (ranges->room < sizeof(*range))
        return rprocfw_fail(&v->diag, RPROCFW_ERR_WORK_SIZE, ranges->room, sizeof(*range));
    status = v->platform->da_to_pa(v->ctx, da, size, &range->pa);
    if (status != RPROCFW_OK)
        return rprocfw_fail(&v->diag, status, da, size);
    range->size = size;
    range->order = order;
    ranges->room -= (uint32_t)sizeof(*range);
    ranges->count++;
    return RPROCFW_OK;
}

static enum rprocfw_status add_entry(struct rprocfw_verifier *v, struct ranges *ranges,
                                     uint32_t index)
{
    const uint8_t *entry = v->table + index * v->entry_size; /* index < entries: inside */
    const uint32_t da = rprocfw_le32(entry + RPROCFW_PHDR_PADDR);
    const uint32_t filesz = rprocfw_le32(entry + RPROCFW_PHDR_FILESZ);
    const uint32_t memsz = rprocfw_le32(entry + RPROCFW_PHDR_MEMSZ);
    enum rprocfw_status status;
    uint32_t zero_da;

    if (rprocfw_le32(entry) != RPROCFW_PT_LOAD)
        return RPROCFW_OK;
    v->diag.offset = (uint32_t)(entry - v->metadata);
    status = add_range(v, ranges, da, filesz, 2 * index);
    /* What else is wrong with its sizes is found when it is loaded: the image is known then. */
    if (status != RPROCFW_OK || memsz <= filesz || !rprocfw_add(da, filesz, &zero_da))
        return status;
    return add_range(v, ranges, zero_da, memsz - filesz, 2 * index + 1);
}

static bool is_zero_fill(const struct rprocfw_range *range)
{
    return range->order % 2 != 0;
}

/* What a heap has on top: the highest address, or what is loaded last. */
enum key { BY_PA, BY_ORDER };

static uint64_t key_of(const struct rprocfw_range *range, enum key key)
{
    return key == BY_PA ? range->pa : range->order;
}

/* Make a heap of range[top] and what lies below it, two heaps already. */
static void sift_down(struct rprocfw_range *range, uint32_t top, uint32_t count, enum key key)
{
    const struct rprocfw_range sinking = range[top];
    uint32_t child;

    for (; (child = 2 * top + 1) < count; top = child) {
        if (child + 1 < count && key_of(&range[child], key) < key_of(&range[child + 1], key))
            child++;
        if (key_of(&sinking, key) >= key_of(&range[child], key))
            break;
        range[top] = range[child];
    }
    range[top] = sinking;
}

static void sort(struct rprocfw_range *range, uint32_t count)
{
    uint32_t i;

    for (i = count; i-- > 0;)
        sift_down(range, i, count, BY_PA);
    for (i = count; i-- > 1;) {
        const struct rprocfw_range last = range[i];

        range[i] = range[0];
        range[0] = last;
        sift_down(range, 0, i, BY_PA);
    }
}

/* Does a range end before pa, at or above which it starts? */
static bool is_below(const struct rprocfw_range *range, uint64_t pa)
{
    return pa - range->pa >= range->size;
}

/*
 * From low to high addresses. Zero-fill that is not passed yet lies in the places that are free
 * already, as a heap, what is loaded last on top: if that does no harm, none does. File bytes never
 * share an address, so the last ones are the only ones not passed.
 */
static enum rprocfw_status sweep(struct rprocfw_verifier *v, struct rprocfw_range *range,
                                 uint32_t count)
{
    struct rprocfw_range file = {.size = 0};
    uint32_t zeros = 0;
    uint32_t i;
    uint32_t up;

    for (i = 0; i < count; i++) {
        const struct rprocfw_range next = range[i];

        while (zeros > 0 && is_below(&range[0], next.pa)) {
            range[0] = range[--zeros];
            sift_down(range, 0, zeros, BY_ORDER);
        }
        if (!is_below(&file, next.pa) && (!is_zero_fill(&next) || next.order > file.order))
            return rprocfw_fail(&v->diag, RPROCFW_ERR_OVERLAP, next.order / 2, file.order / 2);
        if (!is_zero_fill(&next)) {
            if (zeros > 0 && range[0].order > next.order)
                return rprocfw_fail(&v->diag, RPROCFW_ERR_OVERLAP, range[0].order / 2,
                                    next.order / 2);
            file = next;
        } else {
            range[zeros++] = next;
            for (up = zeros; up > 1;) {
                up /= 2;
                sift_down(range, up - 1, zeros, BY_ORDER);
            }
        }
    }
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_judge_memory(struct rprocfw_verifier *v, uint8_t *work,
                                         uint32_t work_size)
{
    struct ranges ranges = {.range = NULL};
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t start;
    uint32_t i;

    /* The payload's offset is 4 modulo 8: behind the metadata, and aligned. */
    (void)rprocfw_align(v->layout.payload, &start);
    if ((uintptr_t)work % _Alignof(struct rprocfw_range) != 0)
        return rprocfw_fail(&v->diag, RPROCFW_ERR_WORK_ALIGN, 0, 8);
    if (work_size > start)
        ranges.room = work_size - start;
    ranges.range = (struct rprocfw_range *)(void *)(work + start);
    for (i = 0; status == RPROCFW_OK && i < v->entries; i++)
        status = add_entry(v, &ranges, i);
    if (status != RPROCFW_OK)
        return status;
    sort(ranges.range, ranges.count);
    v->diag.offset = (uint32_t)(v->table - v->metadata);
    return sweep(v, ranges.range, ranges.count);
}
