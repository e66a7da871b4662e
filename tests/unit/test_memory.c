/* SPDX-License-Identifier: BSD-2-Clause */
/* Where segments may go: in the remote processor's memory, and not over file bytes of others. */
#include <stdlib.h>
#include <string.h>

#include "container.h"
#include "device.h"
#include "elf_image.h"
#include "suite.h"

#define ID           1u
#define MAX_SEGMENTS 64u
#define BODY         0x1000u /* bytes of payload for all segments */

static struct device d;
static struct memory memory;
static struct container c;

/* A segment of a table; offsets in the file follow from its number. */
struct seg {
    uint32_t da;
    uint32_t filesz;
    uint32_t memsz;
};

static struct rprocfw_phdr phdr_of(struct seg seg, uint32_t number)
{
    return (struct rprocfw_phdr){PT_LOAD,    number % 8, 0x70000000, seg.da,
                                 seg.filesz, seg.memsz,  7,          4};
}

static struct bytes image_of(const struct seg *segs, uint32_t count)
{
    struct rprocfw_phdr phdrs[MAX_SEGMENTS];
    uint32_t i;

    for (i = 0; i < count; i++)
        phdrs[i] = phdr_of(segs[i], i);
    return elf_of_phdrs(phdrs, count, BODY);
}

/* Loads images; what is accepted is in memory as the segments say, what is refused left nothing. */
static void load_images(const struct bytes *images, uint32_t count, bool encrypted)
{
    struct memory expected;
    struct bytes file;

    memory_poison(&memory);
    device_start_up(&d, &memory, 1);
    expected = memory_copy(&memory);
    container_build(&c, images, count, encrypted);
    file = container_join(&c);
    device_load(&d, ID, file);
    if (d.status == RPROCFW_OK) {
        memory_load(&expected, file);
        ck_assert(memory_equal(&memory, &expected));
    } else {
        ck_assert_msg(d.write_count == 0, "%s after something was loaded", status_name(d.status));
        ck_assert(memory_is_clear(&memory));
    }
}

static void load_segments(const struct seg *segs, uint32_t count)
{
    struct bytes image = image_of(segs, count);

    load_images(&image, 1, false);
}

/* 0x1000 bytes at device address 0, and the same at 0x10000; all else is no memory. */
static void use_aliased_memory(void)
{
    memory = (struct memory){
        .windows = {{0, 0x100000000, 0x1000}, {0x10000, 0x100000000, 0x1000}},
        .regions = {{0x100000000, 0x1000, NULL}},
    };
}

/* ---- two segments ---- */

/* Entries one and other, whichever way round, of the table of the last container. */
static void assert_overlap(uint32_t one, uint32_t other)
{
    const uint32_t later = one > other ? one : other;
    const uint32_t type = c.header.tlv_len == 0 ? 0 : c.tlvs[c.tlv_count - 1].type;

    assert_status(&d, RPROCFW_ERR_OVERLAP);
    ck_assert_uint_eq(d.diag.found, later);
    ck_assert_uint_eq(d.diag.expected, one + other - later);
    ck_assert_uint_eq(d.diag.offset,
                      value_offset(&c, type) + later * (type == RPROCFW_TLV_ENCTABLE ? 80 : 64));
    ck_assert_uint_eq(d.diag.tlv, RPROCFW_NOWHERE);
}

/* Two segments, each through either device address, are accepted or refused. */
static void judge_pair(struct seg first, struct seg second, bool accepted)
{
    unsigned alias;

    for (alias = 0; alias < 4; alias++) {
        struct seg segs[2] = {first, second};

        segs[0].da += alias % 2 * 0x10000;
        segs[1].da += alias / 2 * 0x10000;
        use_aliased_memory();
        load_segments(segs, 2);
        ck_assert_msg(d.status == (accepted ? RPROCFW_OK : RPROCFW_ERR_OVERLAP),
                      "%#x+%#x/%#x, then %#x+%#x/%#x: %s", segs[0].da, segs[0].filesz,
                      segs[0].memsz, segs[1].da, segs[1].filesz, segs[1].memsz,
                      status_name(d.status));
        if (!accepted)
            assert_overlap(0, 1);
        arena_release(0);
    }
}

#define ACCEPTED(...) judge_pair(__VA_ARGS__, true)
#define REFUSED(...)  judge_pair(__VA_ARGS__, false)
#define SEG(...)      ((struct seg){__VA_ARGS__})

START_TEST(file_bytes_over_file_bytes_are_refused_in_either_order)
{
    REFUSED(SEG(0x100, 0x10, 0x10), SEG(0x100, 0x10, 0x10)); /* the same */
    REFUSED(SEG(0x100, 0x10, 0x10), SEG(0x10F, 0x10, 0x10)); /* by one byte */
    REFUSED(SEG(0x10F, 0x10, 0x10), SEG(0x100, 0x10, 0x10));
    REFUSED(SEG(0x100, 0x10, 0x10), SEG(0x104, 1, 1)); /* inside */
    REFUSED(SEG(0x104, 1, 1), SEG(0x100, 0x10, 0x10));
    REFUSED(SEG(0x100, 1, 1), SEG(0x100, 0x10, 0x10)); /* at its start */
    REFUSED(SEG(0x100, 0x10, 0x10), SEG(0x10F, 1, 1)); /* at its end */
    REFUSED(SEG(0x100, 1, 1), SEG(0x100, 1, 1));
    REFUSED(SEG(0, 1, 1), SEG(0, 0x10, 0x10));
    REFUSED(SEG(0xFF0, 0x10, 0x10), SEG(0xFFF, 1, 1));
}
END_TEST

START_TEST(segments_that_touch_do_not_overlap)
{
    ACCEPTED(SEG(0x100, 0x10, 0x10), SEG(0x110, 0x10, 0x10));
    ACCEPTED(SEG(0x110, 0x10, 0x10), SEG(0x100, 0x10, 0x10));
    ACCEPTED(SEG(0x100, 1, 1), SEG(0x101, 1, 1));
    ACCEPTED(SEG(0x101, 1, 1), SEG(0x100, 1, 1));
    ACCEPTED(SEG(0x100, 8, 0x10), SEG(0x110, 8, 0x10));
    ACCEPTED(SEG(0x110, 8, 0x10), SEG(0x100, 8, 0x10));
}
END_TEST

START_TEST(zero_fill_of_a_later_segment_over_file_bytes_is_refused)
{
    REFUSED(SEG(0x108, 8, 8), SEG(0x100, 8, 0x10));
    REFUSED(SEG(0x108, 8, 8), SEG(0x100, 8, 9)); /* one byte */
    REFUSED(SEG(0x108, 8, 8), SEG(0x10F, 0, 1));
    REFUSED(SEG(0x108, 8, 8), SEG(0x108, 0, 1));
    REFUSED(SEG(0x108, 8, 8), SEG(0x100, 0, 0x100)); /* all around */
    REFUSED(SEG(0x108, 1, 1), SEG(0x108, 0, 8));
    ACCEPTED(SEG(0x108, 8, 8), SEG(0x100, 4, 8)); /* touching below and above */
    ACCEPTED(SEG(0x108, 8, 8), SEG(0x110, 0, 8));
}
END_TEST

START_TEST(file_bytes_of_a_later_segment_over_zero_fill_are_accepted)
{
    ACCEPTED(SEG(0x100, 8, 0x10), SEG(0x108, 8, 8));
    ACCEPTED(SEG(0x100, 0, 0x100), SEG(0x108, 8, 8));
    ACCEPTED(SEG(0x108, 0, 8), SEG(0x108, 8, 8)); /* the same */
    ACCEPTED(SEG(0x100, 8, 0x100), SEG(0x108, 8, 0x100));
    REFUSED(SEG(0x100, 8, 0x100), SEG(0x107, 8, 0x100)); /* a byte of the file, too */
}
END_TEST

START_TEST(zero_fill_over_zero_fill_is_accepted)
{
    ACCEPTED(SEG(0x100, 8, 0x20), SEG(0x110, 0, 0x20));
    ACCEPTED(SEG(0x110, 0, 0x20), SEG(0x108, 8, 0x20));
    ACCEPTED(SEG(0x100, 0, 0x20), SEG(0x100, 0, 0x20));
    ACCEPTED(SEG(0x100, 0, 1), SEG(0x100, 0, 0x20));
    ACCEPTED(SEG(0x100, 0, 0x1), SEG(0x101, 0, 0x1));
}
END_TEST

START_TEST(segments_of_no_bytes_are_nowhere)
{
    ACCEPTED(SEG(0x100, 8, 8), SEG(0x104, 0, 0));
    ACCEPTED(SEG(0x104, 0, 0), SEG(0x100, 8, 8));
    ACCEPTED(SEG(0x104, 0, 0), SEG(0x104, 0, 0));
    ACCEPTED(SEG(0x8000, 0, 0), SEG(0xFFFFFFFF, 0, 0)); /* in no memory, but that is no matter */
    ck_assert_uint_eq(d.calls.of[DA_TO_PA], 0);
}
END_TEST

/* ---- aliases ---- */

/* Neighbours in device addresses that are one place: the zero-fill goes over its own file bytes. */
START_TEST(zero_fill_over_file_bytes_of_its_own_segment_is_refused)
{
    struct seg seg = {0x800, 0x800, 0xA00};

    memory = (struct memory){
        .windows = {{0, 0x100000000, 0x1000}, {0x1000, 0x100000800, 0x800}},
        .regions = {{0x100000000, 0x1000, NULL}},
    };
    load_segments(&seg, 1);
    assert_status(&d, RPROCFW_ERR_OVERLAP);
    ck_assert_uint_eq(d.diag.found, 0);
    ck_assert_uint_eq(d.diag.expected, 0);
}
END_TEST

START_TEST(different_memory_whose_low_32_bits_are_equal_is_no_overlap)
{
    static const struct seg segs[] = {
        {0, 0x10, 0x20}, {0x10000, 0x10, 0x20}, {0x20000, 0x10, 0x20}};

    memory = (struct memory){
        .windows = {{0, 0x1000, 0x100},
                    {0x10000, 0x100001000, 0x100},
                    {0x20000, 0xFFFFFFFF00001000, 0x100}},
        .regions = {{0x1000, 0x100, NULL},
                    {0x100001000, 0x100, NULL},
                    {0xFFFFFFFF00001000, 0x100, NULL}},
    };
    load_segments(segs, COUNT(segs));
    assert_status(&d, RPROCFW_OK);
}
END_TEST

/* A range may end where the addresses do. */
START_TEST(overlaps_at_the_end_of_the_physical_addresses_are_seen)
{
    static const struct {
        struct seg segs[2];
        enum rprocfw_status status;
    } all[] = {
        {{{0xF0, 0x10, 0x10}, {0xF0, 0x10, 0x10}}, RPROCFW_ERR_OVERLAP},
        {{{0xF0, 0x10, 0x10}, {0xFF, 1, 1}}, RPROCFW_ERR_OVERLAP},
        {{{0xF0, 0x10, 0x10}, {0xE0, 0x10, 0x20}}, RPROCFW_ERR_OVERLAP},
        {{{0xF0, 0x10, 0x10}, {0xFF, 0, 1}}, RPROCFW_ERR_OVERLAP},
        {{{0xFF, 1, 1}, {0, 0, 0x100}}, RPROCFW_ERR_OVERLAP},
        {{{0, 0, 0x100}, {0xFF, 1, 1}}, RPROCFW_OK},
        {{{0xF0, 0x10, 0x10}, {0, 0x10, 0xF0}}, RPROCFW_OK},
    };
    size_t i;

    for (i = 0; i < COUNT(all); i++) {
        memory = (struct memory){.windows = {{0, 0xFFFFFFFFFFFFFF00, 0x100}},
                                 .regions = {{0xFFFFFFFFFFFFFF00, 0x100, NULL}}};
        load_segments(all[i].segs, 2);
        ck_assert_msg(d.status == all[i].status, "%u: %s", (unsigned)i, status_name(d.status));
    }
}
END_TEST

/* ---- more than one image, other entries ---- */

START_TEST(overlaps_across_images_are_seen)
{
    static const struct seg first[] = {{0x100, 0x10, 0x10}, {0x200, 0x10, 0x80}};
    static const struct seg bad[] = {{0x300, 0x10, 0x10}, {0x10F, 1, 1}};
    static const struct seg good[] = {{0x220, 0x10, 0x10}, {0x240, 0x10, 0x80}};
    struct bytes images[2];

    use_aliased_memory();
    images[0] = image_of(first, 2);
    images[1] = image_of(bad, 2);
    load_images(images, 2, false);
    assert_overlap(0, 3);
    images[1] = image_of(good, 2); /* over zero-fill of the first image */
    load_images(images, 2, false);
    assert_status(&d, RPROCFW_OK);
    images[0] = image_of(good, 2); /* the other way round */
    images[1] = image_of(first, 2);
    load_images(images, 2, false);
    assert_status(&d, RPROCFW_ERR_OVERLAP);
}
END_TEST

/* An image with program headers of a type that loads nothing, out of memory and over a segment. */
static struct bytes image_with(uint32_t type, struct seg one, struct seg two)
{
    const struct rprocfw_phdr phdrs[] = {
        {type, 0, 0, 0x90000000, 0x10, 0x10, 4, 4},
        phdr_of(one, 1),
        {type, 0, 0, one.da, 0x10, 0x10, 4, 4},
        phdr_of(two, 2),
    };

    return elf_of_phdrs(phdrs, 4, BODY);
}

/* Of an encrypted container: program headers that are no PT_LOAD leave padding. */
static struct bytes image_with_note(struct seg one, struct seg two)
{
    return image_with(PT_NOTE, one, two);
}

START_TEST(entries_that_load_nothing_are_ignored)
{
    static const uint32_t types[] = {RPROCFW_PT_NULL, RPROCFW_PT_LOAD + 1, PT_NOTE, UINT32_MAX};
    unsigned i;

    for (i = 0; i < COUNT(types); i++) {
        struct bytes image = image_with(types[i], SEG(0x100, 0x10, 0x20), SEG(0x120, 0x10, 0x10));

        use_aliased_memory();
        load_images(&image, 1, false);
        assert_status(&d, RPROCFW_OK);
        ck_assert_uint_eq(d.calls.of[DA_TO_PA], 3);
        image = image_with(types[i], SEG(0x100, 0x10, 0x20), SEG(0x10F, 0x10, 0x10));
        load_images(&image, 1, false);
        assert_overlap(1, 3);
        arena_release(0);
    }
}
END_TEST

/* A record of type 1, SIGNTYPE, begins as an entry of type 1, PT_LOAD, does. */
START_TEST(what_follows_the_table_is_no_entry)
{
    static const uint8_t nothing[8] = {0};
    struct bytes image = image_of(&SEG(0x100, 0x10, 0x20), 1);

    use_aliased_memory();
    device_start_up(&d, &memory, 1);
    container_build(&c, &image, 1, false);
    tlv_move(&c, tlv_index(&c, RPROCFW_TLV_SIGNTYPE), c.tlv_count - 1);
    tlv_append(&c, 0x20, nothing, sizeof(nothing)); /* where p_filesz would be */
    container_measure(&c);
    device_load(&d, ID, container_join(&c));
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.calls.of[DA_TO_PA], 2);
}
END_TEST

START_TEST(padding_of_an_encrypted_table_is_ignored)
{
    struct bytes images[2];

    use_aliased_memory();
    images[0] = image_with_note(SEG(0x100, 0x10, 0x20), SEG(0x120, 0x10, 0x10));
    images[1] = image_with_note(SEG(0, 0x10, 0x10), SEG(0x200, 0x10, 0x20)); /* 0 is an address */
    load_images(images, 2, true);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.calls.of[LOAD], 4);
    images[1] = image_with_note(SEG(0, 0x10, 0x10), SEG(0x110, 0, 0x20));
    load_images(images, 2, true);
    assert_overlap(1, 5); /* after two entries of padding */
}
END_TEST

START_TEST(what_a_pt_load_of_impossible_sizes_does_is_refused_before_memory_is_written_wrongly)
{
    static const struct {
        struct seg seg;
        enum rprocfw_status status;
    } all[] = {
        {{0x100, 0x20, 0x10}, RPROCFW_ERR_SEGMENT_FILESZ},
        {{0xFFFFFFF0, 0x10, 0x20}, RPROCFW_ERR_SEGMENT_ADDRESS},
        {{0xFFFFFFF0, 0, 0x11}, RPROCFW_ERR_SEGMENT_ADDRESS},
        {{0xFFFFFFF0, 8, 0xFFFFFFFF}, RPROCFW_ERR_SEGMENT_ADDRESS},
    };
    size_t i;

    for (i = 0; i < COUNT(all); i++) {
        memory = (struct memory){
            .windows = {{0, 0x1000, 0x1000}, {0xFFFFF000, 0x10000, 0x1000}},
            .regions = {{0x1000, 0x1000, NULL}, {0x10000, 0x1000, NULL}},
        };
        load_segments(&all[i].seg, 1);
        ck_assert_msg(d.status == all[i].status || d.status == RPROCFW_ERR_DEVICE_ADDRESS, "%u: %s",
                      (unsigned)i, status_name(d.status));
    }
}
END_TEST

/* ---- regions ---- */

/* Regions that touch, of which windows show all; and an end of window inside a region. */
static void use_regions(void)
{
    memory = (struct memory){
        .windows = {{0x1000, 0x100001000, 0x280}, {0xFFFFFF00, 0x100001080, 0x100}},
        .regions = {{0x100001000, 0x100, NULL},
                    {0x100001100, 0x100, NULL},
                    {0x100001200, 0x100, NULL}},
    };
}

/* One segment, accepted or not for size bytes at da. */
static void judge_place(struct seg seg, bool accepted, uint32_t da, uint32_t size)
{
    use_regions();
    load_segments(&seg, 1);
    if (accepted) {
        assert_status(&d, RPROCFW_OK);
    } else {
        assert_status(&d, RPROCFW_ERR_DEVICE_ADDRESS);
        ck_assert_uint_eq(d.diag.offset, value_offset(&c, RPROCFW_TLV_HASHTABLE));
        ck_assert_uint_eq(d.diag.found, da);
        ck_assert_uint_eq(d.diag.expected, size);
        ck_assert_uint_eq(d.diag.tlv, RPROCFW_NOWHERE);
    }
    arena_release(0);
}

#define INSIDE(...)            judge_place(SEG(__VA_ARGS__), true, 0, 0)
#define OUTSIDE(da, size, ...) judge_place(SEG(__VA_ARGS__), false, da, size)

START_TEST(file_bytes_lie_in_one_region)
{
    INSIDE(0x1000, 0x100, 0x100);
    INSIDE(0x1100, 0x100, 0x100);
    INSIDE(0x10FF, 1, 1);
    INSIDE(0x1200, 0x80, 0x80);
    INSIDE(0xFFFFFF80, 0x80, 0x80); /* to the end of the addresses */
    OUTSIDE(0xFFF, 1, 0xFFF, 1, 1);
    OUTSIDE(0xFFF, 2, 0xFFF, 2, 2);
    OUTSIDE(0x10FF, 2, 0x10FF, 2, 2); /* neighbours are not merged */
    OUTSIDE(0x1000, 0x101, 0x1000, 0x101, 0x101);
    OUTSIDE(0x1280, 1, 0x1280, 1, 1);
    OUTSIDE(0x1200, 0x81, 0x1200, 0x81, 0x81); /* behind the window */
    OUTSIDE(0, 1, 0, 1, 1);
    OUTSIDE(0xFFFFFEFF, 1, 0xFFFFFEFF, 1, 1);
    OUTSIDE(0xFFFFFF40, 0x80, 0xFFFFFF40, 0x80, 0x80); /* over a border of regions */
}
END_TEST

START_TEST(zero_fill_lies_in_one_region_which_may_be_another_one)
{
    INSIDE(0x1000, 0, 0x100);
    INSIDE(0x1080, 0x80, 0x180); /* the file in one, the rest in its neighbour */
    INSIDE(0x1000, 0x100, 0x200);
    INSIDE(0x1180, 0x80, 0x100);
    INSIDE(0xFFFFFF80, 0x40, 0x80);
    OUTSIDE(0x10FF, 2, 0x10F0, 0xF, 0x11);
    OUTSIDE(0x1100, 0x101, 0x1000, 0x100, 0x201);
    OUTSIDE(0x1080, 0x100, 0x1000, 0x80, 0x180);
    OUTSIDE(0x1280, 1, 0x1200, 0x80, 0x81);
    OUTSIDE(0xFFF, 1, 0xFFF, 0, 1);
    OUTSIDE(0x1000, 0x200, 0x1000, 0, 0x200);
}
END_TEST

START_TEST(the_entry_outside_is_named)
{
    static const struct seg segs[] = {{0x1000, 1, 1}, {0x1010, 1, 1}, {0x1020, 0, 0x101}};

    use_regions();
    load_segments(segs, 3);
    assert_status(&d, RPROCFW_ERR_DEVICE_ADDRESS);
    ck_assert_uint_eq(d.diag.offset, value_offset(&c, RPROCFW_TLV_HASHTABLE) + 2 * 64);
    ck_assert_uint_eq(d.diag.found, 0x1020);
    ck_assert_uint_eq(d.diag.expected, 0x101);
}
END_TEST

/* Each address is asked for once: a platform that changes its mind is no matter. */
START_TEST(each_range_is_asked_for_once)
{
    static const struct seg segs[] = {{0, 1, 1}, {0x10, 1, 2}, {0x20, 0, 5}, {0x30, 0, 0}};

    use_aliased_memory();
    load_segments(segs, COUNT(segs));
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.calls.of[DA_TO_PA], 4);
}
END_TEST

/* ---- any table ---- */

#define MAX_RANDOM 40u

/* The same numbers on every machine. */
static uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16) % limit;
}

/* Does [a, a + size) meet [b, b + other)? Aliases differ in bit 16. */
static bool meets(uint32_t a, uint32_t size, uint32_t b, uint32_t other)
{
    a &= 0xFFFF;
    b &= 0xFFFF;
    return size > 0 && other > 0 && a < b + other && b < a + size;
}

/* Would loading later, after earlier, change file bytes of earlier? */
static bool destroys(const struct seg *later, const struct seg *earlier)
{
    return meets(later->da, later->memsz, earlier->da, earlier->filesz);
}

static bool any_overlap(const struct seg *segs, uint32_t count)
{
    uint32_t later;
    uint32_t earlier;

    for (later = 0; later < count; later++)
        for (earlier = 0; earlier < later; earlier++)
            if (destroys(&segs[later], &segs[earlier]))
                return true;
    return false;
}

static struct seg random_seg(uint32_t range, uint32_t largest)
{
    const uint32_t da = random_below(range);
    const uint32_t filesz = random_below(3) == 0 ? 0 : random_below(largest);
    const uint32_t memsz = filesz + (random_below(2) == 0 ? 0 : random_below(4 * largest));

    return (struct seg){da + 0x10000 * random_below(2), filesz, memsz};
}

/* A table that is accepted, and mostly one segment more somewhere, which may make a difference. */
static uint32_t random_table(struct seg *segs)
{
    const uint32_t range = 16u << random_below(6);
    const uint32_t largest = 1 + random_below(1 + range / 8);
    const uint32_t wanted = random_below(MAX_RANDOM);
    uint32_t count = 0;
    uint32_t tries;
    uint32_t at;

    for (tries = 0; count < wanted && tries < 400; tries++) {
        segs[count] = random_seg(range, largest);
        if (!any_overlap(segs, count + 1))
            count++;
    }
    if (count > 0 && random_below(4) == 0)
        return count;
    at = random_below(count + 1);
    memmove(&segs[at + 1], &segs[at], (count - at) * sizeof(*segs));
    segs[at] = random_seg(range, largest);
    return count + 1;
}

START_TEST(random_tables_are_judged_as_by_comparing_every_pair)
{
    unsigned accepted = 0;
    unsigned refused = 0;
    unsigned run;

    for (run = 0; run < 10000; run++) {
        struct seg segs[MAX_RANDOM + 1];
        const uint32_t count = random_table(segs);
        const bool overlap = any_overlap(segs, count);

        use_aliased_memory();
        load_segments(segs, count);
        ck_assert_msg(d.status == (overlap ? RPROCFW_ERR_OVERLAP : RPROCFW_OK),
                      "run %u: %s for %u segments", run, status_name(d.status), count);
        if (overlap) {
            ck_assert_uint_lt(d.diag.found, count);
            ck_assert_uint_lt(d.diag.expected, d.diag.found);
            ck_assert_msg(destroys(&segs[d.diag.found], &segs[d.diag.expected]),
                          "run %u: %u does not go over %u", run, d.diag.found, d.diag.expected);
        }
        refused += overlap;
        accepted += !overlap;
        arena_release(0);
    }
    ck_assert_uint_gt(accepted, 2000);
    ck_assert_uint_gt(refused, 2000);
}
END_TEST

/* ---- many segments ---- */

/* Twelve images of 60,000: comparing every pair would take minutes to hours, and ctest no such. */
#define MANY_IMAGES 12u
#define MANY        60000u
#define TOTAL       (MANY_IMAGES * MANY)

static struct bytes many; /* a container, whose signature and hashes are not looked at */
static unsigned asked;    /* da_to_pa */

static enum rprocfw_status read_many(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    memcpy(dst, many.data + offset, size);
    return RPROCFW_OK;
}

static uint32_t signature_is_good(void *ctx, const struct rprocfw_signed *what)
{
    (void)ctx;
    (void)what;
    return RPROCFW_AUTHENTIC;
}

static enum rprocfw_status load_nothing(void *ctx, const struct rprocfw_segment *segment)
{
    (void)ctx;
    (void)segment;
    return RPROCFW_OK;
}

static enum rprocfw_status identity(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    (void)ctx;
    (void)size;
    asked++;
    *pa = da;
    return RPROCFW_OK;
}

/* The table of a container of 12 images, and its images; place says where a segment goes. */
static void build_many(struct seg (*place)(uint32_t number))
{
    struct rprocfw_phdr *phdrs = arena_alloc(MANY * sizeof(*phdrs));
    struct bytes table = arena_copy(NULL, 0, TOTAL * RPROCFW_HASH_ENTRY_SIZE);
    struct bytes image = {NULL, 0};
    uint32_t phoff = 0;
    uint32_t i;

    container_build(&c, NULL, 0, false);
    for (i = 0; i < TOTAL; i++) {
        phdrs[i % MANY] = phdr_of(place(i), 0);
        if (i % MANY != MANY - 1)
            continue;
        image = elf_of_phdrs(phdrs, MANY, round8(BODY));
        phoff = get32(image, E_PHOFF);
        if (c.payload.data == NULL)
            c.payload = arena_copy(NULL, 0, MANY_IMAGES * round8(image.size));
        memcpy(c.payload.data + i / MANY * round8(image.size), image.data, image.size);
    }
    for (i = 0; i < TOTAL; i++)
        memcpy(table.data + i * RPROCFW_HASH_ENTRY_SIZE,
               c.payload.data + i / MANY * round8(image.size) + phoff + i % MANY * 32, 32);
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_HASHTABLE));
    tlv_append(&c, RPROCFW_TLV_HASHTABLE, table.data, table.size);
    tlv_find(&c, RPROCFW_TLV_NUM_IMG)->value[0] = MANY_IMAGES;
    tlv_resize(tlv_find(&c, RPROCFW_TLV_IMGTYPE), MANY_IMAGES);
    tlv_resize(tlv_find(&c, RPROCFW_TLV_IMGSIZE), 4 * MANY_IMAGES);
    for (i = 0; i < MANY_IMAGES; i++) {
        tlv_find(&c, RPROCFW_TLV_IMGTYPE)->value[i] = RPROCFW_IMGTYPE_ELF;
        rprocfw_u32_encode(tlv_find(&c, RPROCFW_TLV_IMGSIZE)->value + 4 * i, round8(image.size));
    }
    container_measure(&c);
    many = container_join(&c);
}

/* Where TOTAL segments go; each asks once for each of its ranges. */
static enum rprocfw_status judge_many(struct seg (*place)(uint32_t number))
{
    static const struct rprocfw_platform platform = {
        .read = read_many,
        .verify_signature = signature_is_good,
        .load = load_nothing,
        .da_to_pa = identity,
    };
    struct rprocfw_verifier v;
    struct bytes work;
    enum rprocfw_status status;

    build_many(place);
    asked = 0;
    work = arena_copy(NULL, 0, device_work_size(many));
    status = rprocfw_verify_begin(&v, &platform, NULL, many.size, 0);
    if (status == RPROCFW_OK)
        status = rprocfw_verify_finish(&v, work.data, work.size);
    ck_assert_uint_le(asked, 2 * TOTAL);
    if (status == RPROCFW_OK)
        ck_assert_uint_ge(asked, TOTAL);
    return status;
}

#define STEP 16u
#define END  (STEP * TOTAL)

static struct seg upwards(uint32_t number)
{
    return (struct seg){STEP * number, 4, END - STEP * number};
}

START_TEST(zero_fill_of_each_segment_over_all_later_ones_is_judged_in_time)
{
    ck_assert_int_eq(judge_many(upwards), RPROCFW_OK);
    ck_assert_uint_eq(asked, 2 * TOTAL);
}
END_TEST

/* Loaded from the top down: the zero-fill of each ends where the one before begins. */
static struct seg downwards(uint32_t number)
{
    return (struct seg){END - STEP * (number + 1), 4, STEP};
}

START_TEST(many_segments_from_high_to_low_addresses_are_judged_in_time)
{
    ck_assert_int_eq(judge_many(downwards), RPROCFW_OK);
}
END_TEST

/* The first half clears everything, the second half fills it. */
static struct seg all_then_each(uint32_t number)
{
    if (number < TOTAL / 2)
        return (struct seg){0, 0, END};
    return (struct seg){STEP * number, 4, 4};
}

START_TEST(zero_fill_of_many_segments_over_many_others_is_judged_in_time)
{
    ck_assert_int_eq(judge_many(all_then_each), RPROCFW_OK);
}
END_TEST

/* Files first, in no order, zero-fill between them afterwards. */
static struct seg scattered(uint32_t number)
{
    const uint32_t place = (uint32_t)(number % (TOTAL / 2) * 7919ull % (TOTAL / 2));

    if (number < TOTAL / 2)
        return (struct seg){2 * STEP * place, STEP, STEP};
    return (struct seg){2 * STEP * place + STEP, 0, STEP};
}

START_TEST(zero_fill_between_many_segments_is_judged_in_time)
{
    ck_assert_int_eq(judge_many(scattered), RPROCFW_OK);
}
END_TEST

/* As scattered, but for the last one, which is one byte too large. */
static struct seg one_too_far(uint32_t number)
{
    struct seg seg = scattered(number);

    seg.memsz += number == TOTAL - 1;
    return seg;
}

START_TEST(one_byte_too_far_of_the_last_of_many_segments_is_refused)
{
    ck_assert_int_eq(judge_many(one_too_far), RPROCFW_ERR_OVERLAP);
}
END_TEST

int main(void)
{
    RUN_TESTS("memory", file_bytes_over_file_bytes_are_refused_in_either_order,
              segments_that_touch_do_not_overlap,
              zero_fill_of_a_later_segment_over_file_bytes_is_refused,
              file_bytes_of_a_later_segment_over_zero_fill_are_accepted,
              zero_fill_over_zero_fill_is_accepted, segments_of_no_bytes_are_nowhere,
              zero_fill_over_file_bytes_of_its_own_segment_is_refused,
              different_memory_whose_low_32_bits_are_equal_is_no_overlap,
              overlaps_at_the_end_of_the_physical_addresses_are_seen,
              overlaps_across_images_are_seen, entries_that_load_nothing_are_ignored,
              what_follows_the_table_is_no_entry, padding_of_an_encrypted_table_is_ignored,
              what_a_pt_load_of_impossible_sizes_does_is_refused_before_memory_is_written_wrongly,
              file_bytes_lie_in_one_region, zero_fill_lies_in_one_region_which_may_be_another_one,
              the_entry_outside_is_named, each_range_is_asked_for_once,
              random_tables_are_judged_as_by_comparing_every_pair,
              zero_fill_of_each_segment_over_all_later_ones_is_judged_in_time,
              many_segments_from_high_to_low_addresses_are_judged_in_time,
              zero_fill_of_many_segments_over_many_others_is_judged_in_time,
              zero_fill_between_many_segments_is_judged_in_time,
              one_byte_too_far_of_the_last_of_many_segments_is_refused);
}
