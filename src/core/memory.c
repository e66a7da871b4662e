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
/*@ requires verifier(v) && v->platform->da_to_pa != \null && table(v);
    requires \valid(range) && range->entry < v->entries;
    requires \separated(range, v, v->platform);
    requires \separated(range, v->table + (0 .. v->entries * v->entry_size - 1));
    assigns v->at, v->da, v->da_size, range->size, range->pa;
    ensures \result == RPROCFW_OK ==> range->size == (zero_fill != 0
        ? zero_bytes(entry_at(v, range->entry)) : file_bytes(entry_at(v, range->entry)));
    ensures range->size > 0 ==> v->da_size == range->size &&
        v->da == u32_at(entry_at(v, range->entry) + RPROCFW_PHDR_PADDR) + (zero_fill != 0
            ? u32_at(entry_at(v, range->entry) + RPROCFW_PHDR_FILESZ) : 0);
*/
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

/*@ requires \valid(a) && \valid(b);
    assigns *a, *b;
    ensures swapped{Pre, Post}(a, b);
*/
static void swap(struct rprocfw_range *a, struct rprocfw_range *b)
{
    const struct rprocfw_range was = *a;

    *a = *b;
    *b = was;
}

/* By address: heap sort, which needs no memory and has no bad case. */
/*@ requires \valid(range + (0 .. count - 1)) && count <= INT32_MAX;
    assigns range[0 .. count - 1];
    ensures \forall integer i; 0 <= i < count ==> \exists integer j; 0 <= j < count &&
        range[i].entry == \old(range[j].entry);
*/
static void sort(struct rprocfw_range *range, uint32_t count)
{
    uint32_t heap = count / 2; /* from here on it is a heap, the highest address on top, ... */
    uint32_t end = count;      /* ... up to here, where what is sorted begins */

    /*@ loop invariant heap <= count / 2 && end <= count && (heap > 0 ==> end == count);
        loop assigns heap, end, range[0 .. count - 1];
        loop variant heap + end;
    */
    while (end > 1) {
        uint32_t top;
        uint32_t child;

        if (heap > 0)
            heap--;
        else
            swap(&range[0], &range[--end]);
        /*@ loop invariant top < end;
            loop assigns top, child, range[0 .. count - 1];
            loop variant end - top;
        */
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
/*@ requires \valid(v);
    assigns v->entry, v->other;
    ensures v->entry == later && v->other == earlier && \result == RPROCFW_ERR_OVERLAP;
*/
static enum rprocfw_status overlap(struct rprocfw_verifier *v, uint32_t later, uint32_t earlier)
{
    v->entry = later;
    v->other = earlier;
    return RPROCFW_ERR_OVERLAP;
}

/*
 * Does a range end above pa? A sum could wrap: what ends at the top of the address space ends at 0.
 */
/*@ requires \valid_read(range);
    assigns \nothing;
    ensures \result == 1 <==> pa < range->pa + range->size;
*/
static bool ends_above(const struct rprocfw_range *range, uint64_t pa)
{
    return pa < range->pa || pa - range->pa < range->size;
}

/* The first of the sorted ranges that ends above pa; count if there is none. */
/*@ requires \valid_read(range + (0 .. count - 1)) && apart(range, count);
    assigns \nothing;
    ensures \result <= count;
    ensures \forall integer i; 0 <= i < \result ==> range[i].pa + range[i].size <= pa;
    ensures \forall integer i; \result <= i < count ==> pa < range[i].pa + range[i].size;
*/
static uint32_t first_above(const struct rprocfw_range *range, uint32_t count, uint64_t pa)
{
    uint32_t low = 0;

    /*@ loop invariant low <= count <= \at(count, Pre);
        loop invariant \forall integer i; 0 <= i < low ==> range[i].pa + range[i].size <= pa;
        loop invariant \forall integer i; count <= i < \at(count, Pre) ==>
            pa < range[i].pa + range[i].size;
        loop assigns low, count;
        loop variant count - low;
    */
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
/*@ requires \valid(range + (0 .. last)) && k <= last && chain(range, last);
    assigns range[0 .. last].next;
    ensures k <= \result <= last && !left_out(range, \result);
    ensures \forall integer i; k <= i < \result ==> left_out(range, i);
    ensures chain(range, last);
    ensures \forall integer i; 0 <= i <= last ==>
        (left_out(range, i) <==> \old(left_out(range, i)));
*/
static uint32_t present(struct rprocfw_range *range, uint32_t k)
{
    /*@ loop invariant \at(k, Pre) <= k <= last;
        loop invariant chain: chain(range, last);
        loop invariant before: \forall integer i; \at(k, Pre) <= i < k ==> left_out(range, i);
        loop invariant same: \forall integer i; 0 <= i <= last ==>
            (left_out(range, i) <==> \at(left_out(range, i), Pre));
        loop assigns k, range[0 .. last].next;
        loop variant last - k;
    */
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
/*@ requires verifier(v) && v->platform->da_to_pa != \null && table(v);
    requires \valid(range + (0 .. count)) && last == count && count <= v->entries;
    requires \separated(range + (0 .. count), v, v->platform);
    requires \separated(range + (0 .. count),
        v->table + (0 .. v->entries * v->entry_size - 1));
    requires apart(range, count);
    requires \forall integer i; 0 <= i <= count ==> range[i].next == i;
    assigns v->at, v->da, v->da_size, v->entry, v->other, range[0 .. count].next,
        range[count].pa, range[count].size, range[count].entry;
    ensures \result == RPROCFW_OK ==> v->entry == \old(v->entry);
*/
static enum rprocfw_status judge_zero_fill(struct rprocfw_verifier *v, struct rprocfw_range *range,
                                           uint32_t count)
{
    struct rprocfw_range *zero = &range[count]; /* of which present() needs next only */
    uint32_t k;

    /*@ loop invariant zero->entry <= v->entries && v->entry == \at(v->entry, Pre);
        loop invariant chain: chain(range, count);
        loop invariant later: \forall integer i; 0 <= i < count && left_out(range, i) ==>
            range[i].entry >= zero->entry;
        loop assigns k, v->at, v->da, v->da_size, range[0 .. count].next, range[count].pa,
            range[count].size, range[count].entry;
        loop variant zero->entry;
    */
    for (zero->entry = v->entries; zero->entry-- > 0;) {
        enum rprocfw_status status = place(v, zero, true);

        if (status != RPROCFW_OK)
            return status;
        if (zero->size == 0)
            continue;
        k = present(range, first_above(range, count, zero->pa));
        /*@ loop invariant k <= count && !left_out(range, k);
            loop invariant chain: chain(range, count);
            loop invariant later: \forall integer i; 0 <= i < count && left_out(range, i) ==>
                range[i].entry > zero->entry;
            loop invariant clear: \forall integer i; 0 <= i < k ==>
                range[i].pa + range[i].size <= zero->pa || range[i].entry > zero->entry;
            loop assigns k, range[0 .. count].next;
            loop variant count - k;
        */
        while (k < count && ends_above(zero, range[k].pa)) {
            if (range[k].entry <= zero->entry)
                return overlap(v, zero->entry, range[k].entry);
            range[k].next = k + 1;
            k = present(range, k);
        }
        /*@ assert clear: \forall integer i; 0 <= i < count && range[i].entry <= zero->entry ==>
                range[i].pa + range[i].size <= zero->pa ||
                zero->pa + zero->size <= range[i].pa;
        */
    }
    return RPROCFW_OK;
}

/* File bytes over file bytes, one of which is loaded first; then they are sorted and disjoint. */
/*@ requires \valid(v) && \valid(range + (0 .. count)) && count <= INT32_MAX;
    requires \separated(range + (0 .. count), v);
    assigns v->entry, v->other, range[0 .. count - 1], range[0 .. count].next;
    ensures \result == RPROCFW_OK ==> v->entry == \old(v->entry) && apart(range, count);
    ensures \result == RPROCFW_OK ==> \forall integer i; 0 <= i <= count ==> range[i].next == i;
*/
static enum rprocfw_status judge_files(struct rprocfw_verifier *v, struct rprocfw_range *range,
                                       uint32_t count)
{
    uint32_t k;

    sort(range, count);
    /*@ loop invariant k <= count + 1;
        loop invariant \forall integer i; 0 <= i < k ==> range[i].next == i;
        loop invariant apart: apart(range, \min(k, count));
        loop assigns k, range[0 .. count].next;
        loop variant count - k;
    */
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

/*@ requires \valid_read(v) && v->entries * RPROCFW_HASH_ENTRY_SIZE <= UINT32_MAX;
    assigns \nothing;
    ensures \result == (v->entries + 1) * sizeof(struct rprocfw_range);
*/
uint32_t rprocfw_ranges_size(const struct rprocfw_verifier *v)
{
    /* less than the table has: does not wrap */
    return (v->entries + 1) * (uint32_t)sizeof(struct rprocfw_range);
}

/*@ requires \valid_read(v) && layout_of(&v->header, &v->layout);
    assigns \nothing;
    ensures \result == r8(v->layout.payload);
*/
uint32_t rprocfw_ranges_offset(const struct rprocfw_verifier *v)
{
    uint32_t offset;

    (void)rprocfw_align(v->layout.payload, &offset); /* ends before the payload does */
    return offset;
}

/*@ requires verifier(v) && v->platform->da_to_pa != \null && table(v) && metadata(v);
    requires work_buffer(v, work, v->work_size) && v->metadata == work;
    assigns v->at, v->da, v->da_size, v->entry, v->other,
        work[r8(v->layout.payload) .. v->work_size - 1], last;
    ensures \result == RPROCFW_OK ==> v->entry == \old(v->entry);
*/
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
    /*@ assert ranges: \valid(range + (0 .. v->entries)) &&
            \separated(range + (0 .. v->entries), v, v->platform) &&
            \separated(range + (0 .. v->entries),
                v->table + (0 .. v->entries * v->entry_size - 1));
    */
    /*@ loop invariant count <= i <= v->entries;
        loop invariant each: \forall integer e; 0 <= e < i && file_bytes(entry_at(v, e)) > 0 ==>
            \exists integer k; 0 <= k < count && range[k].entry == e &&
                range[k].size == file_bytes(entry_at(v, e));
        loop assigns i, count, status, v->at, v->da, v->da_size, range[0 .. v->entries];
        loop variant v->entries - i;
    */
    for (i = 0; i < v->entries; i++) {
        range[count].entry = i;
        status = place(v, &range[count], false);
        if (status != RPROCFW_OK)
            return status;
        if (range[count].size != 0)
            count++;
    }
    status = judge_files(v, range, count);
    //@ ghost last = count;
    return status == RPROCFW_OK ? judge_zero_fill(v, range, count) : status;
}
