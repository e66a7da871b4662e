/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the PT_LOADs go: each inside the remote processor's memory, and none over file bytes of one
 * that is loaded before it. It is looked at in physical addresses, because two device addresses may
 * lead to one. For n segments it takes about n log n steps.
 */
#include "checked.h"
#include "decode.h"
#include "judge.h"

/*@ requires verifier(v) && v->platform->da_to_pa != \null && size >= 1;
    requires \valid(pa) && \separated(pa, v->platform);
    requires \separated(pa, &v->platform, &v->ctx);
    assigns v->da, v->da_size, *pa;
*/
enum rprocfw_status rprocfw_da_to_pa(struct rprocfw_verifier *v, uint32_t da, uint32_t size,
                                     uint64_t *pa)
{
    v->da = da;
    v->da_size = size;
    //@ calls rprocfw_any_da_to_pa;
    return v->platform->da_to_pa(v->ctx, da, size, pa);
}

/* Where entry number range->entry puts its file bytes, or its zero-fill; size 0: nowhere. */
static enum rprocfw_status place(struct rprocfw_verifier *v, struct rprocfw_range *range,
                                 bool zero_fill)
{
    const uint8_t *entry = v->table + range->entry * v->entry_size;
    const uint32_t filesz = rprocfw_le32(entry + RPROCFW_PHDR_FILESZ);
    const uint32_t memsz = rprocfw_le32(entry + RPROCFW_PHDR_MEMSZ);
    uint32_t da = rprocfw_le32(entry + RPROCFW_PHDR_PADDR);

    range->size = 0;
    if (rprocfw_le32(entry) != RPROCFW_PT_LOAD)
        return RPROCFW_OK;
    if (!zero_fill)
        range->size = filesz;
    else if (memsz > filesz && rprocfw_add(da, filesz, &da)) /* if not, load refuses it */
        range->size = memsz - filesz;
    if (range->size == 0)
        return RPROCFW_OK;
    v->at = (uint32_t)(entry - v->metadata);
    return rprocfw_da_to_pa(v, da, range->size, &range->pa);
}

static void swap(struct rprocfw_range *a, struct rprocfw_range *b)
{
    const struct rprocfw_range was = *a;

    *a = *b;
    *b = was;
}

/* By address: heap sort, which needs no memory and has no bad case. */
static void sort(struct rprocfw_range *range, uint32_t count)
{
    uint32_t heap = count / 2; /* from here on it is a heap, the highest address on top, ... */
    uint32_t end = count;      /* ... up to here, where what is sorted begins */

    while (end > 1) {
        uint32_t top;
        uint32_t child;

        if (heap > 0)
            heap--;
        else
            swap(&range[0], &range[--end]);
        for (top = heap; (child = 2 * top + 1) < end; top = child) {
            if (child + 1 < end && range[child].pa < range[child + 1].pa)
                child++;
            if (range[top].pa >= range[child].pa)
                break;
            swap(&range[top], &range[child]);
        }
    }
}

/* Entry number later would overwrite file bytes of entry number earlier. */
static enum rprocfw_status overlap(struct rprocfw_verifier *v, uint32_t later, uint32_t earlier)
{
    v->entry = later;
    v->other = earlier;
    return RPROCFW_ERR_OVERLAP;
}

/*
 * Does a range end above pa? A sum could wrap: what ends at the top of the address space ends at 0.
 */
static bool ends_above(const struct rprocfw_range *range, uint64_t pa)
{
    return pa < range->pa || pa - range->pa < range->size;
}

/* The first of the sorted ranges that ends above pa; count if there is none. */
static uint32_t first_above(const struct rprocfw_range *range, uint32_t count, uint64_t pa)
{
    uint32_t low = 0;

    while (low < count) {
        const uint32_t middle = low + (count - low) / 2;

        if (ends_above(&range[middle], pa))
            count = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* From range k on the first that was not left out, as the one behind the last never is. */
static uint32_t present(struct rprocfw_range *range, uint32_t k)
{
    while (range[k].next != k) {
        range[k].next = range[range[k].next].next;
        k = range[k].next;
    }
    return k;
}

/*
 * Zero-fill, the last loaded first, over file bytes. What it may cover is loaded after it, and so
 * after all zero-fill that is still to come: it need not be looked at again, and is left out.
 */
static enum rprocfw_status judge_zero_fill(struct rprocfw_verifier *v, struct rprocfw_range *range,
                                           uint32_t count)
{
    struct rprocfw_range *zero = &range[count]; /* of which present() needs next only */
    uint32_t k;

    for (zero->entry = v->entries; zero->entry-- > 0;) {
        enum rprocfw_status status = place(v, zero, true);

        if (status != RPROCFW_OK)
            return status;
        if (zero->size == 0)
            continue;
        k = present(range, first_above(range, count, zero->pa));
        while (k < count && ends_above(zero, range[k].pa)) {
            if (range[k].entry <= zero->entry)
                return overlap(v, zero->entry, range[k].entry);
            range[k].next = k + 1;
            k = present(range, k);
        }
    }
    return RPROCFW_OK;
}

/* File bytes over file bytes, one of which is loaded first; then they are sorted and disjoint. */
static enum rprocfw_status judge_files(struct rprocfw_verifier *v, struct rprocfw_range *range,
                                       uint32_t count)
{
    uint32_t k;

    sort(range, count);
    for (k = 0; k <= count; k++) {
        range[k].next = k;
        if (k == 0 || k == count || !ends_above(&range[k - 1], range[k].pa))
            continue;
        if (range[k].entry > range[k - 1].entry)
            return overlap(v, range[k].entry, range[k - 1].entry);
        return overlap(v, range[k - 1].entry, range[k].entry);
    }
    return RPROCFW_OK;
}

uint32_t rprocfw_ranges_size(const struct rprocfw_verifier *v)
{
    /* less than the table has: does not wrap */
    return (v->entries + 1) * (uint32_t)sizeof(struct rprocfw_range);
}

uint32_t rprocfw_ranges_offset(const struct rprocfw_verifier *v)
{
    uint32_t offset;

    (void)rprocfw_align(v->layout.payload, &offset); /* ends before the payload does */
    return offset;
}

enum rprocfw_status rprocfw_judge_memory(struct rprocfw_verifier *v, uint8_t *work)
{
    const uint32_t offset = rprocfw_ranges_offset(v);
    struct rprocfw_range *range = (struct rprocfw_range *)(void *)(work + offset);
    enum rprocfw_status status;
    uint32_t count = 0;
    uint32_t i;

    if ((uintptr_t)work % _Alignof(struct rprocfw_range) != 0)
        return RPROCFW_ERR_WORK_ALIGN;
    if (!rprocfw_inside(offset, rprocfw_ranges_size(v), v->work_size))
        return RPROCFW_ERR_WORK_SIZE;
    for (i = 0; i < v->entries; i++) {
        range[count].entry = i;
        status = place(v, &range[count], false);
        if (status != RPROCFW_OK)
            return status;
        if (range[count].size != 0)
            count++;
    }
    status = judge_files(v, range, count);
    return status == RPROCFW_OK ? judge_zero_fill(v, range, count) : status;
}
