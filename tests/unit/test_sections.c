/* SPDX-License-Identifier: BSD-2-Clause */
/* Section headers, section names and the resource table. */
#include <string.h>

#include "board.h"
#include "container.h"
#include "elf_image.h"
#include "suite.h"

static struct elf elf; /* what image 0 is built from; image 1 is the least */
static struct container c;
static struct board b;

static void build(bool encrypted)
{
    struct bytes images[2];
    struct elf least;

    elf_least(&least);
    images[0] = elf_build(&elf);
    images[1] = elf_build(&least);
    container_build(&c, images, 2, encrypted);
    memset(&b, 0, sizeof(b));
}

static void start(void)
{
    elf_default(&elf);
    build(false);
}

static void verify_with(unsigned options)
{
    board_verify(&b, container_join(&c), options);
}

static void verify(void)
{
    verify_with(0);
}

/* Words of image 0 that no signature covers. */
static void set16(uint32_t at, uint32_t value)
{
    put16(c.payload, at, value);
}

static void set32(uint32_t at, uint32_t value)
{
    put32(c.payload, at, value);
}

/* Section header number of the name table of image 0. */
static uint32_t names(void)
{
    return elf.shnum + 1;
}

#define assert_refused_at(status, at) \
    assert_refused(&b, status, payload_offset(&c) + (at), NOWHERE, 0, NOWHERE)

#define assert_table(address, size)                     \
    do {                                                \
        assert_accepted(&b);                            \
        ck_assert(b.images[0].has_rsc_table);           \
        ck_assert_uint_eq(b.images[0].rsc_da, address); \
        ck_assert_uint_eq(b.images[0].rsc_size, size);  \
        ck_assert_uint_eq(b.v.rsc_tables, 1);           \
    } while (0)

#define assert_no_table()                              \
    do {                                               \
        assert_accepted(&b);                           \
        ck_assert(!b.images[0].has_rsc_table);         \
        ck_assert_uint_eq(b.images[0].rsc_da, 0);      \
        ck_assert_uint_eq(b.images[0].rsc_size, 0);    \
        ck_assert_uint_eq(b.v.rsc_tables, 0);          \
        ck_assert_uint_eq(b.v.rsc_size, 0);            \
        ck_assert(b.v.rsc_pa == 0);                    \
        ck_assert_uint_eq(b.calls.of[READ_LOADED], 0); \
    } while (0)

/* ---- section headers ---- */

START_TEST(shoff_is_a_multiple_of_4)
{
    uint32_t i;

    for (i = 1; i < 4; i++) {
        start();
        set32(E_SHOFF, ELF_SHOFF + i);
        verify();
        assert_refused_at(RPROCFW_ERR_SHDR_ALIGN, E_SHOFF);
        ck_assert_uint_eq(b.diag.found, ELF_SHOFF + i);
    }
}
END_TEST

START_TEST(section_headers_may_end_where_the_image_ends)
{
    const uint32_t size = 40 * 5;

    start();
    memcpy(c.payload.data + ELF_SIZE - size, c.payload.data + ELF_SHOFF, size);
    set32(E_SHOFF, ELF_SIZE - size);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    set32(E_SHOFF, ELF_SIZE - size + 4);
    verify();
    assert_refused_at(RPROCFW_ERR_SHDR_RANGE, E_SHOFF);
    ck_assert_uint_eq(b.diag.expected, ELF_SIZE);
}
END_TEST

START_TEST(section_headers_outside_the_image_are_refused)
{
    static const uint32_t shoffs[] = {ELF_SIZE - 40, ELF_SIZE,   ELF_SIZE + 4,
                                      0x7FFFFFFC,    0xFFFFFF38, 0xFFFFFFFC};
    size_t i;

    for (i = 0; i < COUNT(shoffs); i++) {
        start();
        set32(E_SHOFF, shoffs[i]);
        verify();
        assert_refused_at(RPROCFW_ERR_SHDR_RANGE, E_SHOFF);
    }
    start();
    set16(E_SHNUM, 0xFFFF);
    verify();
    assert_refused_at(RPROCFW_ERR_SHDR_RANGE, E_SHOFF);
    start();
    set16(E_SHNUM, (ELF_SIZE - ELF_SHOFF) / 40 + 1);
    verify();
    assert_refused_at(RPROCFW_ERR_SHDR_RANGE, E_SHOFF);
}
END_TEST

START_TEST(shstrndx_is_below_shnum)
{
    static const uint32_t wrong[] = {5, 6, 0xFF00, 0xFFF1, 0xFFFF};
    size_t i;

    for (i = 0; i < COUNT(wrong); i++) {
        start();
        set16(E_SHSTRNDX, wrong[i]);
        verify();
        assert_refused_at(RPROCFW_ERR_SHSTRNDX, E_SHSTRNDX);
        ck_assert_uint_eq(b.diag.found, wrong[i]);
        ck_assert_uint_eq(b.diag.expected, 5);
    }
}
END_TEST

START_TEST(an_elf_without_section_headers_is_refused)
{
    start();
    set16(E_SHNUM, 0);
    set16(E_SHSTRNDX, 0);
    set32(E_SHOFF, 0);
    verify();
    assert_refused_at(RPROCFW_ERR_SHSTRNDX, E_SHSTRNDX);
}
END_TEST

/* Those of the second image are judged as well. */
START_TEST(section_headers_of_every_image_are_judged)
{
    start();
    set32(ELF_SIZE + E_SHOFF, ELF_SIZE - 40);
    verify();
    assert_refused(&b, RPROCFW_ERR_SHDR_RANGE, payload_offset(&c) + ELF_SIZE + E_SHOFF, NOWHERE, 1,
                   NOWHERE);
}
END_TEST

START_TEST(the_name_table_may_end_where_the_image_ends)
{
    uint32_t size;

    start();
    size = get32(c.payload, SHDR(names()) + SH_SIZE);
    memcpy(c.payload.data + ELF_SIZE - size, c.payload.data + ELF_NAMES, size);
    set32(SHDR(names()) + SH_OFFSET, ELF_SIZE - size);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    set32(SHDR(names()) + SH_SIZE, size + 1);
    verify();
    assert_refused_at(RPROCFW_ERR_SHSTRTAB_RANGE, SHDR(names()));
}
END_TEST

START_TEST(a_name_table_outside_the_image_is_refused)
{
    static const uint32_t ranges[][2] = {
        {ELF_SIZE, 1},       {ELF_SIZE + 1, 0},       {0, ELF_SIZE + 1},      {0xFFFFFFFF, 1},
        {0xFFFFFD20, 0x400}, {ELF_NAMES, 0xFFFFFFFF}, {ELF_NAMES, 0xFFFFFD20}};
    size_t i;

    for (i = 0; i < COUNT(ranges); i++) {
        start();
        set32(SHDR(names()) + SH_OFFSET, ranges[i][0]);
        set32(SHDR(names()) + SH_SIZE, ranges[i][1]);
        verify();
        assert_refused_at(RPROCFW_ERR_SHSTRTAB_RANGE, SHDR(names()));
    }
}
END_TEST

/* Looked at up to the resource table, as boards do; what comes behind it is not. */
START_TEST(each_section_name_starts_inside_the_name_table)
{
    uint32_t size;
    uint32_t i;

    start();
    size = get32(c.payload, SHDR(names()) + SH_SIZE);
    set32(SHDR(1) + SH_NAME, size - 1); /* its last byte: the empty name */
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    for (i = 0; i <= RSC_SECTION; i++) {
        start();
        set32(SHDR(i) + SH_NAME, size);
        verify();
        assert_refused(&b, RPROCFW_ERR_SECTION_NAME, payload_offset(&c) + SHDR(i), NOWHERE, 0,
                       NOWHERE);
        ck_assert_uint_eq(b.diag.found, size);
        ck_assert_uint_eq(b.diag.expected, size);
        set32(SHDR(i) + SH_NAME, 0xFFFFFFFF);
        verify();
        assert_refused_at(RPROCFW_ERR_SECTION_NAME, SHDR(i));
    }
    start();
    set32(SHDR(RSC_SECTION + 1) + SH_NAME, 0xFFFFFFFF);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
}
END_TEST

START_TEST(an_empty_name_table_holds_no_name)
{
    start();
    set32(SHDR(names()) + SH_SIZE, 0);
    verify();
    assert_refused_at(RPROCFW_ERR_SECTION_NAME, SHDR(0));
}
END_TEST

/* ---- which section is it ---- */

START_TEST(the_table_is_the_section_of_that_name_exactly)
{
    static const char *const others[] = {".resource_tabl", ".resource_tables", ".resource_table.x",
                                         "resource_table", ".RESOURCE_TABLE",  ""};
    size_t i;

    start();
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    for (i = 0; i < COUNT(others); i++) {
        elf_default(&elf);
        elf.sections[RSC_SECTION - 1].name = others[i];
        build(false);
        verify();
        assert_no_table();
    }
}
END_TEST

START_TEST(a_name_may_be_the_end_of_a_longer_one)
{
    start();
    elf.sections[RSC_SECTION - 1].name = ".rel.resource_table";
    build(false);
    verify();
    assert_no_table();
    set32(SHDR(RSC_SECTION) + SH_NAME, get32(c.payload, SHDR(RSC_SECTION) + SH_NAME) + 4);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
}
END_TEST

START_TEST(the_name_may_end_with_the_name_table)
{
    uint32_t end;

    start();
    end = get32(c.payload, SHDR(RSC_SECTION) + SH_NAME) + (uint32_t)sizeof(".resource_table");
    set32(SHDR(0) + SH_NAME, 0);
    set32(SHDR(names()) + SH_SIZE, end);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
}
END_TEST

/* Boards compare up to the end of the name table: what it cuts off is not missed. */
START_TEST(a_name_cut_off_by_the_end_of_the_name_table_counts)
{
    uint32_t name;
    uint32_t left;

    start();
    name = get32(c.payload, SHDR(RSC_SECTION) + SH_NAME);
    for (left = 1; left < sizeof(".resource_table"); left++) {
        set32(SHDR(names()) + SH_SIZE, name + left);
        verify();
        assert_table(RSC_ADDRESS, RSC_SIZE);
    }
    c.payload.data[ELF_NAMES + name + 5] = 'x';
    set32(SHDR(names()) + SH_SIZE, name + 6);
    set32(SHDR(3) + SH_NAME, 0); /* it and the name table's own are looked at now */
    set32(SHDR(4) + SH_NAME, 0);
    verify();
    assert_no_table();
}
END_TEST

/* Behind it nothing is read: it may be the end of the container, too. */
START_TEST(a_name_cut_off_by_the_end_of_the_image_counts)
{
    static const char name[] = ".resource_table";
    uint32_t left;
    uint32_t i;

    for (left = 1; left <= sizeof(name); left++) {
        struct bytes image;

        elf_default(&elf);
        image = elf_build(&elf);
        put32(image, SHDR(names()) + SH_OFFSET, ELF_SIZE - left - 1);
        put32(image, SHDR(names()) + SH_SIZE, left + 1);
        for (i = 0; i <= names(); i++)
            put32(image, SHDR(i) + SH_NAME, i == RSC_SECTION);
        image.data[ELF_SIZE - left - 1] = 0;
        memcpy(image.data + ELF_SIZE - left, name, left);
        container_build(&c, &image, 1, false);
        memset(&b, 0, sizeof(b));
        verify();
        assert_table(RSC_ADDRESS, RSC_SIZE);
        c.payload.data[ELF_SIZE - 1] ^= 0x80; /* the last byte of the name */
        verify();
        assert_no_table();
    }
}
END_TEST

START_TEST(the_name_of_the_name_table_is_looked_at_as_well)
{
    uint32_t size;

    elf_default(&elf);
    elf.shnum = 1;
    build(false);
    size = get32(c.payload, SHDR(names()) + SH_SIZE);
    set32(SHDR(names()) + SH_NAME, size - 1);
    verify();
    assert_no_table();
    set32(SHDR(names()) + SH_NAME, size);
    verify();
    assert_refused_at(RPROCFW_ERR_SECTION_NAME, SHDR(names()));
}
END_TEST

START_TEST(no_section_of_that_name_is_no_table)
{
    start();
    elf.shnum = 1;
    build(false);
    verify();
    assert_no_table();
}
END_TEST

START_TEST(a_section_of_size_0_is_no_table)
{
    start();
    set32(SHDR(RSC_SECTION) + SH_SIZE, 0);
    verify();
    assert_no_table();
    set32(SHDR(RSC_SECTION) + SH_OFFSET, 0xFFFFFFFF); /* its place is no matter then */
    verify();
    assert_no_table();
}
END_TEST

/* A second section of the name does not count, even when the first one is empty. */
START_TEST(the_first_section_of_the_name_counts)
{
    start();
    elf.sections[2] = elf.sections[1];
    elf.sections[2].addr = 0xBAD00000;
    build(false);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    elf.sections[2] = elf.sections[1];
    elf.sections[1].addr = 0xBAD00000;
    build(false);
    verify();
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, RSC_OFFSET);
    elf.sections[1].size = 0;
    build(false);
    verify();
    assert_no_table();
}
END_TEST

START_TEST(the_section_that_holds_the_names_may_come_first)
{
    uint8_t shdr[40];

    start();
    memcpy(shdr, c.payload.data + SHDR(1), 40);
    memcpy(c.payload.data + SHDR(1), c.payload.data + SHDR(names()), 40);
    memcpy(c.payload.data + SHDR(names()), shdr, 40);
    set16(E_SHSTRNDX, 1);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
}
END_TEST

/* ---- where it lies ---- */

static void with_section(uint32_t addr, uint32_t offset, uint32_t size)
{
    set32(SHDR(RSC_SECTION) + SH_ADDR, addr);
    set32(SHDR(RSC_SECTION) + SH_OFFSET, offset);
    set32(SHDR(RSC_SECTION) + SH_SIZE, size);
    verify();
}

START_TEST(its_address_is_vaddr_or_paddr_of_the_segment_at_the_same_distance)
{
    start();
    with_section(0x10000040, RSC_OFFSET, RSC_SIZE); /* segment 1's p_vaddr 0x10000000 */
    assert_table(0x10000040, RSC_SIZE);
    with_section(0x20000040, RSC_OFFSET, RSC_SIZE); /* its p_paddr 0x20000000 */
    assert_table(0x20000040, RSC_SIZE);
}
END_TEST

START_TEST(another_distance_is_refused)
{
    static const uint32_t wrong[] = {0,          0x40,       0x10000000, 0x1000003F, 0x10000041,
                                     0x10000044, 0x2000003C, 0x20000044, 0x0FFFFFFF, 0x10001040,
                                     0x30000040, 0x90000040, 0xFFFFFFFF};
    size_t i;

    start();
    for (i = 0; i < COUNT(wrong); i++) {
        with_section(wrong[i], RSC_OFFSET, RSC_SIZE);
        assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, RSC_OFFSET);
        ck_assert_uint_eq(b.diag.found, wrong[i]);
    }
}
END_TEST

/* The distance of the address is compared without wrapping. */
START_TEST(an_address_below_the_segment_is_refused)
{
    start();
    elf.phdrs[1].vaddr = 0xFFFFFFF0;
    build(false);
    with_section(0x30, RSC_OFFSET, RSC_SIZE); /* 0xFFFFFFF0 + 0x40, wrapped */
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, RSC_OFFSET);
}
END_TEST

START_TEST(an_offset_elsewhere_is_refused)
{
    start();
    with_section(RSC_ADDRESS, RSC_OFFSET + 4, RSC_SIZE);
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, RSC_OFFSET + 4);
    with_section(RSC_ADDRESS, 0x700, RSC_SIZE); /* a PT_NOTE's bytes */
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x700);
    with_section(0x30000000, 0x700, 0x10); /* at the PT_NOTE's own address */
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x700);
}
END_TEST

/* Puts a whole resource table of size bytes at offset of image 0 and its section there. */
static void with_table_at(uint32_t offset, uint32_t size)
{
    elf_default(&elf);
    elf.sections[RSC_SECTION - 1].offset = offset;
    elf.sections[RSC_SECTION - 1].addr = 0x10000000 + (offset - 0x400);
    elf.sections[RSC_SECTION - 1].size = size;
}

/* The signed bytes of image 0 are what put_table() leaves: hashes are computed after it. */
static void build_with_table(uint32_t offset, uint32_t num)
{
    struct bytes images[2];
    struct elf least;

    elf_least(&least);
    images[0] = elf_build(&elf);
    images[1] = elf_build(&least);
    memset(images[0].data + offset, 0, 16);
    put32(images[0], offset, 1);
    put32(images[0], offset + 4, num);
    container_build(&c, images, 2, false);
    memset(&b, 0, sizeof(b));
}

START_TEST(it_may_start_and_end_where_its_segment_does)
{
    with_table_at(0x400, 0x100); /* the whole segment */
    build_with_table(0x400, 60);
    verify();
    assert_table(0x10000000, 0x100);
    with_section(0x20000000, 0x400, 0x100); /* where it is loaded */
    assert_table(0x20000000, 0x100);
    with_table_at(0x4F0, 0x10); /* its last 16 bytes */
    build_with_table(0x4F0, 0);
    verify();
    assert_table(0x100000F0, 0x10);
}
END_TEST

START_TEST(one_byte_past_the_segments_bytes_is_refused)
{
    with_table_at(0x400, 0x101);
    build_with_table(0x400, 60);
    verify();
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x400);
    with_table_at(0x4F0, 0x11); /* into the zero fill: memsz is larger than filesz */
    build_with_table(0x4F0, 0);
    verify();
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x4F0);
    with_table_at(0x4F4, 0x10); /* overlaps the segment's end and the next one's start */
    build_with_table(0x4F4, 0);
    verify();
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x4F4);
}
END_TEST

START_TEST(a_table_in_the_zero_filled_part_is_refused)
{
    start();
    with_section(0x10000100, 0x500, RSC_SIZE); /* segment 1: behind its bytes, within memsz */
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x500);
    with_section(0x10002000, 0x580, RSC_SIZE); /* segment 3 has no bytes */
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0x580);
}
END_TEST

START_TEST(a_range_outside_the_image_is_refused)
{
    static const uint32_t ranges[][2] = {{ELF_SIZE - 0x10, 0x11}, {ELF_SIZE, 1},
                                         {0xFFFFFFFC, 0x20},      {RSC_OFFSET, 0xFFFFFFFF},
                                         {0xFFFFFFFC, 0x444},     {RSC_OFFSET, 0xFFFFFBC0}};
    size_t i;

    start();
    for (i = 0; i < COUNT(ranges); i++) {
        with_section(RSC_ADDRESS, ranges[i][0], ranges[i][1]);
        assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0);
        ck_assert_uint_eq(b.diag.found, ranges[i][0]);
        ck_assert_uint_eq(b.diag.expected, ranges[i][1]);
        ck_assert_uint_eq(b.load_count, 0); /* it is looked at before anything is loaded */
    }
}
END_TEST

/* The bytes of image 1 are signed, but not for image 0. */
START_TEST(a_segment_of_another_image_does_not_hold_it)
{
    start();
    with_section(0x10000000, 0x400 + ELF_SIZE, 0x10);
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, 0);
    /* image 1 shows at the place where image 0 has the bytes */
    start();
    put32(c.payload, ELF_SIZE + E_SHNUM, get32(c.payload, E_SHNUM));
    memcpy(c.payload.data + ELF_SIZE + ELF_SHOFF, c.payload.data + ELF_SHOFF, ELF_BODY - ELF_SHOFF);
    set32(SHDR(RSC_SECTION) + SH_SIZE, 0);
    verify();
    assert_refused(&b, RPROCFW_ERR_RSC_NOT_SIGNED, payload_offset(&c) + ELF_SIZE + RSC_OFFSET,
                   NOWHERE, 1, NOWHERE);
}
END_TEST

START_TEST(the_segment_that_fits_need_not_be_the_first)
{
    start();
    elf.phdrs[2] = elf.phdrs[1];
    elf.phdrs[1].vaddr = 0x50000000;
    elf.phdrs[1].paddr = 0x60000000;
    build(false);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
}
END_TEST

/* ---- what stands in it ---- */

START_TEST(it_has_at_least_16_bytes)
{
    uint32_t size;

    start();
    for (size = 1; size < 16; size++) {
        with_section(RSC_ADDRESS, RSC_OFFSET, size);
        assert_refused_at(RPROCFW_ERR_RSC_SIZE, RSC_OFFSET);
        ck_assert_uint_eq(b.diag.found, size);
        ck_assert_uint_eq(b.diag.expected, 16);
    }
    build_with_table(RSC_OFFSET, 0);
    with_section(RSC_ADDRESS, RSC_OFFSET, 16);
    assert_table(RSC_ADDRESS, 16);
}
END_TEST

START_TEST(its_offset_is_a_multiple_of_4)
{
    uint32_t i;

    for (i = 1; i < 4; i++) {
        start();
        with_section(RSC_ADDRESS + i, RSC_OFFSET + i, 16);
        assert_refused_at(RPROCFW_ERR_RSC_ALIGN, RSC_OFFSET + i);
        with_section(RSC_ADDRESS + i, RSC_OFFSET + i, 15); /* looked at after the 16 bytes */
        assert_refused_at(RPROCFW_ERR_RSC_SIZE, RSC_OFFSET + i);
    }
}
END_TEST

/* Image 0 whose signed resource table has a word changed. */
static void with_word(uint32_t at, uint32_t value)
{
    struct bytes images[2];
    struct elf least;

    elf_default(&elf);
    elf_least(&least);
    images[0] = elf_build(&elf);
    images[1] = elf_build(&least);
    put32(images[0], RSC_OFFSET + at, value);
    container_build(&c, images, 2, false);
    memset(&b, 0, sizeof(b));
    verify();
}

START_TEST(its_version_is_1)
{
    static const uint32_t wrong[] = {0, 2, 0x101, 0x01000000, 0xFFFFFFFF};
    size_t i;

    for (i = 0; i < COUNT(wrong); i++) {
        with_word(0, wrong[i]);
        assert_refused_at(RPROCFW_ERR_RSC_VERSION, RSC_OFFSET);
        ck_assert_uint_eq(b.diag.found, wrong[i]);
    }
}
END_TEST

START_TEST(its_reserved_words_are_0)
{
    unsigned bit;

    for (bit = 0; bit < 32; bit++) {
        with_word(8, 1u << bit);
        assert_refused_at(RPROCFW_ERR_RSC_RESERVED, RSC_OFFSET + 8);
        with_word(12, 1u << bit);
        assert_refused_at(RPROCFW_ERR_RSC_RESERVED, RSC_OFFSET + 8);
    }
}
END_TEST

START_TEST(its_entries_fit)
{
    static const uint32_t too_many[] = {RSC_ENTRIES + 1, 0x3FFFFFFC, 0x40000000,
                                        0x40000004,      0x7FFFFFFF, 0xFFFFFFFF};
    size_t i;

    with_word(4, RSC_ENTRIES);
    assert_table(RSC_ADDRESS, RSC_SIZE);
    with_word(4, 0);
    assert_table(RSC_ADDRESS, RSC_SIZE);
    for (i = 0; i < COUNT(too_many); i++) {
        with_word(4, too_many[i]);
        assert_refused_at(RPROCFW_ERR_RSC_ENTRIES, RSC_OFFSET + 4);
        ck_assert_uint_eq(b.diag.found, too_many[i]);
        ck_assert_uint_eq(b.diag.expected, RSC_ENTRIES);
    }
}
END_TEST

/* The room is what sh_size says, in whole words. */
START_TEST(its_entries_fit_the_section_to_the_byte)
{
    start(); /* four entries: 32 bytes */
    with_section(RSC_ADDRESS, RSC_OFFSET, 31);
    assert_refused_at(RPROCFW_ERR_RSC_ENTRIES, RSC_OFFSET + 4);
    ck_assert_uint_eq(b.diag.expected, 3);
    with_section(RSC_ADDRESS, RSC_OFFSET, 32);
    assert_table(RSC_ADDRESS, 32);
    with_section(RSC_ADDRESS, RSC_OFFSET, 33);
    assert_table(RSC_ADDRESS, 33);
}
END_TEST

/* Judged is the loaded copy: 16 bytes of it, and not through the container. */
START_TEST(the_loaded_copy_is_judged)
{
    uint32_t at;

    start();
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    ck_assert_uint_eq(b.calls.of[READ_LOADED], 1);
    for (at = RSC_OFFSET; at < RSC_OFFSET + RSC_SIZE; at++)
        ck_assert_uint_eq(b.reads[payload_offset(&c) + at], 0);
}
END_TEST

/* ---- several images ---- */

static void two_tables(void)
{
    struct bytes images[2];

    elf_default(&elf);
    images[0] = elf_build(&elf);
    elf.seed = 9;
    images[1] = elf_build(&elf);
    container_build(&c, images, 2, false);
    memset(&b, 0, sizeof(b));
}

START_TEST(one_table_over_all_images)
{
    two_tables();
    verify();
    assert_refused(&b, RPROCFW_ERR_RSC_TWICE, payload_offset(&c) + ELF_SIZE + RSC_OFFSET, NOWHERE,
                   1, NOWHERE);
    ck_assert_uint_eq(b.diag.found, 2);
    set32(SHDR(RSC_SECTION) + SH_SIZE, 0);
    verify();
    assert_accepted(&b);
    ck_assert(!b.images[0].has_rsc_table);
    ck_assert(b.images[1].has_rsc_table);
    ck_assert_uint_eq(b.images[1].rsc_da, RSC_ADDRESS);
    ck_assert_uint_eq(b.v.rsc_tables, 1);
}
END_TEST

START_TEST(an_image_without_table_behind_one_with_it_has_none)
{
    start();
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    ck_assert(!b.images[1].has_rsc_table);
    ck_assert_uint_eq(b.images[1].rsc_da, 0);
    ck_assert_uint_eq(b.images[1].rsc_size, 0);
}
END_TEST

START_TEST(many_tables_are_taken_when_the_signer_asks)
{
    two_tables();
    verify_with(RPROCFW_VERIFY_MANY_RSC_TABLES);
    assert_accepted(&b);
    ck_assert_uint_eq(b.v.rsc_tables, 2);
    ck_assert(b.images[0].has_rsc_table && b.images[1].has_rsc_table);
    /* and only that rule is off */
    set32(SHDR(RSC_SECTION) + SH_SIZE, 15);
    verify_with(RPROCFW_VERIFY_MANY_RSC_TABLES);
    assert_refused_at(RPROCFW_ERR_RSC_SIZE, RSC_OFFSET);
}
END_TEST

/* ---- encrypted images ---- */

/* Image 0 with an encrypted segment that holds no resource table, as ciphertext does not. */
static void start_ciphertext(bool encrypted)
{
    struct bytes images[2];
    struct elf least;

    elf_default(&elf);
    elf_least(&least);
    images[0] = elf_build(&elf);
    images[1] = elf_build(&least);
    memset(images[0].data + RSC_OFFSET, 0xC1, RSC_SIZE);
    container_build(&c, images, 2, encrypted);
    memset(&b, 0, sizeof(b));
}

START_TEST(ciphertext_is_not_read_as_a_resource_table)
{
    start_ciphertext(true);
    verify_with(RPROCFW_VERIFY_CIPHERTEXT);
    assert_accepted(&b);
    ck_assert_uint_eq(b.calls.of[READ_LOADED], 0);
    ck_assert(b.images[0].has_rsc_table);
    ck_assert_uint_eq(b.images[0].rsc_da, RSC_ADDRESS);
    verify(); /* a callback that decrypts gives content to judge */
    assert_refused_at(RPROCFW_ERR_RSC_VERSION, RSC_OFFSET);
    verify_with(RPROCFW_VERIFY_MANY_RSC_TABLES); /* which is another option */
    assert_refused_at(RPROCFW_ERR_RSC_VERSION, RSC_OFFSET);
    verify_with(RPROCFW_VERIFY_MANY_RSC_TABLES | RPROCFW_VERIFY_CIPHERTEXT);
    assert_accepted(&b);
}
END_TEST

START_TEST(of_ciphertext_place_size_and_number_are_judged)
{
    start_ciphertext(true);
    set32(SHDR(RSC_SECTION) + SH_SIZE, 15);
    verify_with(RPROCFW_VERIFY_CIPHERTEXT);
    assert_refused_at(RPROCFW_ERR_RSC_SIZE, RSC_OFFSET);
    set32(SHDR(RSC_SECTION) + SH_SIZE, 0x101);
    verify_with(RPROCFW_VERIFY_CIPHERTEXT);
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, RSC_OFFSET);
    start_ciphertext(true);
    set32(SHDR(RSC_SECTION) + SH_ADDR, RSC_ADDRESS + 4);
    verify_with(RPROCFW_VERIFY_CIPHERTEXT);
    assert_refused_at(RPROCFW_ERR_RSC_NOT_SIGNED, RSC_OFFSET);
}
END_TEST

START_TEST(plain_images_are_judged_in_full_whatever_the_option)
{
    start_ciphertext(false);
    verify_with(RPROCFW_VERIFY_CIPHERTEXT);
    assert_refused_at(RPROCFW_ERR_RSC_VERSION, RSC_OFFSET);
}
END_TEST

START_TEST(a_decrypted_table_is_judged_and_found)
{
    elf_default(&elf);
    build(true);
    verify();
    assert_table(RSC_ADDRESS, RSC_SIZE);
    ck_assert_uint_eq(b.calls.of[READ_LOADED], 1);
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "sections", shoff_is_a_multiple_of_4, section_headers_may_end_where_the_image_ends,
        section_headers_outside_the_image_are_refused, shstrndx_is_below_shnum,
        an_elf_without_section_headers_is_refused, section_headers_of_every_image_are_judged,
        the_name_table_may_end_where_the_image_ends, a_name_table_outside_the_image_is_refused,
        each_section_name_starts_inside_the_name_table, an_empty_name_table_holds_no_name,
        the_table_is_the_section_of_that_name_exactly, a_name_may_be_the_end_of_a_longer_one,
        the_name_may_end_with_the_name_table, a_name_cut_off_by_the_end_of_the_name_table_counts,
        a_name_cut_off_by_the_end_of_the_image_counts,
        the_name_of_the_name_table_is_looked_at_as_well, no_section_of_that_name_is_no_table,
        a_section_of_size_0_is_no_table, the_first_section_of_the_name_counts,
        the_section_that_holds_the_names_may_come_first,
        its_address_is_vaddr_or_paddr_of_the_segment_at_the_same_distance,
        another_distance_is_refused, an_address_below_the_segment_is_refused,
        an_offset_elsewhere_is_refused, it_may_start_and_end_where_its_segment_does,
        one_byte_past_the_segments_bytes_is_refused, a_table_in_the_zero_filled_part_is_refused,
        a_range_outside_the_image_is_refused, a_segment_of_another_image_does_not_hold_it,
        the_segment_that_fits_need_not_be_the_first, it_has_at_least_16_bytes,
        its_offset_is_a_multiple_of_4, its_version_is_1, its_reserved_words_are_0, its_entries_fit,
        its_entries_fit_the_section_to_the_byte, the_loaded_copy_is_judged,
        one_table_over_all_images, an_image_without_table_behind_one_with_it_has_none,
        many_tables_are_taken_when_the_signer_asks, ciphertext_is_not_read_as_a_resource_table,
        of_ciphertext_place_size_and_number_are_judged,
        plain_images_are_judged_in_full_whatever_the_option, a_decrypted_table_is_judged_and_found);
}
