/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF headers, segments, and the walk of the program headers beside the signed table. */
#include <string.h>

#include "board.h"
#include "container.h"
#include "elf_image.h"
#include "suite.h"

static struct elf elf;         /* what image 0 is built from */
static struct bytes images[2]; /* as built; their tables are signed */
static struct container c;
static struct board b;

/* Two images: the default one, and the least. */
static void build(bool encrypted)
{
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

static void verify(void)
{
    board_verify(&b, container_join(&c), 0);
}

/* The payload, where tests change what is not signed. */
static uint32_t image_at(uint32_t image)
{
    return image * ELF_SIZE;
}

static void set8(uint32_t image, uint32_t at, uint8_t value)
{
    c.payload.data[image_at(image) + at] = value;
}

static void set16(uint32_t image, uint32_t at, uint32_t value)
{
    put16(c.payload, image_at(image) + at, value);
}

static void set32(uint32_t image, uint32_t at, uint32_t value)
{
    put32(c.payload, image_at(image) + at, value);
}

/* A refusal of a member of the ELF header of an image. */
#define assert_ehdr_refused(status, image, member)                                              \
    assert_refused(&b, status, payload_offset(&c) + image_at(image) + (member), NOWHERE, image, \
                   NOWHERE)

/* A refusal of a program header of image 0, and of the bytes of a segment of it. */
#define assert_phdr_refused(status, segment) \
    assert_refused(&b, status, payload_offset(&c) + PHDR(segment), NOWHERE, 0, segment)
#define assert_segment_refused(status, segment) \
    assert_refused(&b, status, payload_offset(&c) + elf.phdrs[segment].offset, NOWHERE, 0, segment)

/* The signed table of both images. */
static struct tlv *table(void)
{
    unsigned i;

    for (i = 0; i < c.tlv_count; i++)
        if (c.tlvs[i].type == RPROCFW_TLV_ENCTABLE)
            return &c.tlvs[i];
    return tlv_find(&c, RPROCFW_TLV_HASHTABLE);
}

static uint32_t entry_size(void)
{
    return table()->type == RPROCFW_TLV_ENCTABLE ? 80 : 64;
}

static void entry_remove(uint32_t number)
{
    struct tlv *tlv = table();
    uint32_t behind = (number + 1) * entry_size();

    memmove(tlv->value + behind - entry_size(), tlv->value + behind, tlv->size - behind);
    tlv_resize(tlv, tlv->size - entry_size());
    container_measure(&c);
}

/* A copy of an entry, or a zero entry for NOWHERE, in front of entry number to. */
static void entry_insert(uint32_t to, uint32_t from)
{
    uint8_t entry[80] = {0};
    struct tlv *tlv = table();
    uint32_t at = to * entry_size();

    if (from != NOWHERE)
        memcpy(entry, tlv->value + from * entry_size(), entry_size());
    tlv_resize(tlv, tlv->size + entry_size());
    memmove(tlv->value + at + entry_size(), tlv->value + at, tlv->size - at - entry_size());
    memcpy(tlv->value + at, entry, entry_size());
    container_measure(&c);
}

static void entry_swap(uint32_t a, uint32_t z)
{
    uint8_t entry[80];
    uint8_t *x = table()->value + a * entry_size();
    uint8_t *y = table()->value + z * entry_size();

    memcpy(entry, x, entry_size());
    memcpy(x, y, entry_size());
    memcpy(y, entry, entry_size());
}

/* Swap two program headers of image 0 as they stand in the payload. */
static void phdr_swap(uint32_t a, uint32_t z)
{
    uint8_t phdr[32];

    memcpy(phdr, c.payload.data + PHDR(a), 32);
    memcpy(c.payload.data + PHDR(a), c.payload.data + PHDR(z), 32);
    memcpy(c.payload.data + PHDR(z), phdr, 32);
}

static uint32_t table_end(void)
{
    return value_offset(&c, table()->type) + table()->size;
}

/* ---- ELF header ---- */

START_TEST(segments_come_as_the_table_has_them)
{
    start();
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.load_count, 4);
    ck_assert_uint_eq(b.image_count, 2);
    ck_assert_uint_eq(b.loads[0].index, 1);
    ck_assert_uint_eq(b.loads[0].entry, 1);
    ck_assert_uint_eq(b.loads[0].phdr.paddr, 0x20000000);
    ck_assert_uint_eq(b.loads[0].phdr.memsz, 0x140);
    ck_assert_uint_eq(b.loads[0].offset, payload_offset(&c) + 0x400);
    ck_assert_uint_eq(b.loads[2].phdr.filesz, 0);
    ck_assert_uint_eq(b.loads[3].image, 1);
    ck_assert_uint_eq(b.loads[3].index, 0);
    ck_assert_uint_eq(b.loads[3].entry, 4);
    ck_assert_uint_eq(b.loads[3].offset, payload_offset(&c) + ELF_SIZE + 0x400);
    ck_assert_uint_eq(b.images[0].first_entry, 0);
    ck_assert_uint_eq(b.images[0].entry_count, 4);
    ck_assert_uint_eq(b.images[1].first_entry, 4);
    ck_assert_uint_eq(b.images[1].entry_count, 1);
    ck_assert(!b.loads[0].encrypted);
}
END_TEST

/* The ELF header of every image is judged, not only the first's. */
static void ident_rule(uint32_t member, enum rprocfw_status status, uint32_t reported)
{
    uint32_t image;
    unsigned bit;

    for (image = 0; image < 2; image++) {
        for (bit = 0; bit < 8; bit++) {
            start();
            set8(image, member, images[image].data[member] ^ (uint8_t)(1u << bit));
            verify();
            assert_ehdr_refused(status, image, reported);
        }
    }
}

START_TEST(elf_magic)
{
    uint32_t i;

    for (i = 0; i < 4; i++)
        ident_rule(i, RPROCFW_ERR_ELF_MAGIC, 0);
}
END_TEST

START_TEST(elf_class_is_32)
{
    ident_rule(4, RPROCFW_ERR_ELF_CLASS, 4);
}
END_TEST

START_TEST(elf_is_little_endian)
{
    ident_rule(5, RPROCFW_ERR_ELF_DATA, 5);
}
END_TEST

START_TEST(elf_version_is_1)
{
    ident_rule(6, RPROCFW_ERR_ELF_VERSION, 6);
}
END_TEST

static void half_rule(uint32_t member, const uint32_t *wrong, size_t count,
                      enum rprocfw_status status)
{
    uint32_t image;
    size_t i;

    for (image = 0; image < 2; image++) {
        for (i = 0; i < count; i++) {
            start();
            set16(image, member, wrong[i]);
            verify();
            assert_ehdr_refused(status, image, member);
            ck_assert_uint_eq(b.diag.found, wrong[i]);
        }
    }
}

START_TEST(phentsize_is_32)
{
    static const uint32_t wrong[] = {0, 31, 33, 56, 0x2000, 0x2020, 0xFFFF};

    half_rule(E_PHENTSIZE, wrong, COUNT(wrong), RPROCFW_ERR_ELF_PHENTSIZE);
}
END_TEST

START_TEST(shentsize_is_40)
{
    static const uint32_t wrong[] = {0, 39, 41, 64, 0x2800, 0x2828, 0xFFFF};

    half_rule(E_SHENTSIZE, wrong, COUNT(wrong), RPROCFW_ERR_ELF_SHENTSIZE);
}
END_TEST

START_TEST(phnum_is_not_0)
{
    static const uint32_t wrong[] = {0};

    half_rule(E_PHNUM, wrong, COUNT(wrong), RPROCFW_ERR_ELF_PHNUM);
}
END_TEST

START_TEST(type_machine_version_entry_flags_and_ehsize_decide_nothing)
{
    static const uint32_t halves[] = {E_TYPE,      E_MACHINE, E_VERSION,   E_VERSION + 2, E_ENTRY,
                                      E_ENTRY + 2, E_FLAGS,   E_FLAGS + 2, E_EHSIZE};
    uint32_t image;
    uint32_t at;
    size_t i;

    for (image = 0; image < 2; image++) {
        start();
        for (at = 7; at < 16; at++) /* the rest of e_ident */
            set8(image, at, 0xEE);
        for (i = 0; i < COUNT(halves); i++)
            set16(image, halves[i], 0xEEEE);
        verify();
        assert_accepted(&b);
    }
}
END_TEST

/* Image 0 of size bytes, the rest of the payload in image 1, which has its ELF header there. */
static void first_image_of(uint32_t size)
{
    struct bytes sizes;

    start();
    sizes = (struct bytes){tlv_find(&c, RPROCFW_TLV_IMGSIZE)->value, 8};
    put32(sizes, 0, size);
    put32(sizes, 4, 2 * ELF_SIZE - size);
    verify();
}

START_TEST(an_image_has_room_for_its_elf_header)
{
    first_image_of(8);
    assert_ehdr_refused(RPROCFW_ERR_ELF_SIZE, 0, 0);
    first_image_of(48);
    assert_ehdr_refused(RPROCFW_ERR_ELF_SIZE, 0, 0);
    ck_assert_uint_eq(b.diag.found, 48);
    ck_assert_uint_eq(b.diag.expected, 52);
    ck_assert_uint_eq(b.calls.of[READ], 2); /* nothing of the payload */
    first_image_of(56);
    assert_ehdr_refused(RPROCFW_ERR_PHDR_RANGE, 0, E_PHOFF);
    /* and an image that is the last eight bytes of the container */
    first_image_of(2 * ELF_SIZE - 8);
    assert_refused(&b, RPROCFW_ERR_ELF_SIZE, payload_offset(&c) + 2 * ELF_SIZE - 8, NOWHERE, 1,
                   NOWHERE);
}
END_TEST

START_TEST(phoff_is_a_multiple_of_4)
{
    uint32_t i;

    for (i = 1; i < 4; i++) {
        start();
        set32(0, E_PHOFF, ELF_PHOFF + i);
        verify();
        assert_ehdr_refused(RPROCFW_ERR_PHDR_ALIGN, 0, E_PHOFF);
        set32(0, E_PHOFF, 0xFFFFFFFC + i);
        verify();
        assert_ehdr_refused(RPROCFW_ERR_PHDR_ALIGN, 0, E_PHOFF);
    }
}
END_TEST

START_TEST(program_headers_may_end_where_the_image_ends)
{
    const uint32_t last = ELF_SIZE - 4 * 32;

    start();
    memcpy(c.payload.data + last, images[0].data + ELF_PHOFF, 4 * 32);
    set32(0, E_PHOFF, last);
    verify();
    assert_accepted(&b);
}
END_TEST

START_TEST(program_headers_outside_the_image_are_refused)
{
    static const uint32_t phoffs[] = {ELF_SIZE - 4 * 32 + 4,
                                      ELF_SIZE - 32,
                                      ELF_SIZE,
                                      ELF_SIZE + 4,
                                      0x7FFFFFFC,
                                      0xFFFFFF80,
                                      0xFFFFFFE0,
                                      0xFFFFFFFC};
    uint32_t image;
    size_t i;

    for (image = 0; image < 2; image++) {
        for (i = 0; i < COUNT(phoffs); i++) {
            start();
            set16(image, E_PHNUM, 4);
            set32(image, E_PHOFF, phoffs[i]);
            verify();
            assert_ehdr_refused(RPROCFW_ERR_PHDR_RANGE, image, E_PHOFF);
            ck_assert_uint_eq(b.diag.found, phoffs[i]);
            ck_assert_uint_eq(b.diag.expected, ELF_SIZE);
        }
    }
}
END_TEST

START_TEST(more_program_headers_than_the_image_has_room_for_are_refused)
{
    const uint32_t most = (ELF_SIZE - ELF_PHOFF) / 32;

    start();
    set16(0, E_PHNUM, most + 1);
    verify();
    assert_ehdr_refused(RPROCFW_ERR_PHDR_RANGE, 0, E_PHOFF);
    set16(0, E_PHNUM, 0xFFFF);
    verify();
    assert_ehdr_refused(RPROCFW_ERR_PHDR_RANGE, 0, E_PHOFF);
    set16(0, E_PHNUM, most); /* inside; the bytes behind the four are PT_NULL without entry */
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 4);
}
END_TEST

/* ---- segments ---- */

/* Image 0 with a change in program header 1, signed. */
static void with_range(uint32_t offset, uint32_t filesz, uint32_t memsz)
{
    elf_default(&elf);
    elf.shnum = 0; /* no resource table: this is about segments */
    elf.phdrs[1].offset = offset;
    elf.phdrs[1].filesz = filesz;
    elf.phdrs[1].memsz = memsz;
    build(false);
    verify();
}

static void assert_range_refused(void)
{
    assert_refused(&b, RPROCFW_ERR_SEGMENT_RANGE, payload_offset(&c), NOWHERE, 0, 1);
    ck_assert_uint_eq(b.load_count, 0);
}

START_TEST(a_segment_may_end_where_its_image_ends)
{
    with_range(ELF_SIZE - 0x100, 0x100, 0x100);
    assert_accepted(&b);
    with_range(0, ELF_SIZE, ELF_SIZE);
    assert_accepted(&b);
    with_range(ELF_SIZE, 0, 0x100); /* no bytes, but a place */
    assert_accepted(&b);
    with_range(ELF_SIZE - 1, 1, 1);
    assert_accepted(&b);
}
END_TEST

START_TEST(a_segment_outside_its_image_is_refused)
{
    with_range(ELF_SIZE - 0x100, 0x101, 0x101); /* into image 1 */
    assert_range_refused();
    with_range(ELF_SIZE - 0xFF, 0x100, 0x100);
    assert_range_refused();
    with_range(0, ELF_SIZE + 1, ELF_SIZE + 1);
    assert_range_refused();
    with_range(ELF_SIZE, 1, 1);
    assert_range_refused();
}
END_TEST

START_TEST(a_segment_without_bytes_has_its_offset_inside_too)
{
    with_range(ELF_SIZE + 1, 0, 0);
    assert_range_refused();
    with_range(0xFFFFFFFF, 0, 0x10);
    assert_range_refused();
}
END_TEST

START_TEST(a_segment_range_that_would_wrap_is_refused)
{
    with_range(0xFFFFFFFF, 1, 1);
    assert_range_refused();
    with_range(0xFFFFFC00, 0x800, 0x800); /* wraps to 0x400 */
    assert_range_refused();
    with_range(0x400, 0xFFFFFFFF, 0xFFFFFFFF);
    assert_range_refused();
    with_range(0x400, 0xFFFFFC00, 0xFFFFFC00);
    assert_range_refused();
    with_range(0x80000000, 0x80000000, 0x80000000);
    assert_range_refused();
}
END_TEST

START_TEST(filesz_is_not_larger_than_memsz)
{
    with_range(0x400, 0x100, 0x100);
    assert_accepted(&b);
    with_range(0x400, 0x100, 0xFF);
    assert_segment_refused(RPROCFW_ERR_SEGMENT_FILESZ, 1);
    ck_assert_uint_eq(b.diag.found, 0x100);
    ck_assert_uint_eq(b.diag.expected, 0xFF);
    with_range(0x400, 1, 0);
    assert_segment_refused(RPROCFW_ERR_SEGMENT_FILESZ, 1);
    with_range(0x400, 0, 0);
    assert_accepted(&b);
}
END_TEST

static void with_address(uint32_t paddr, uint32_t memsz)
{
    elf_default(&elf);
    elf.phdrs[2].paddr = paddr;
    elf.phdrs[2].memsz = memsz;
    if (elf.phdrs[2].filesz > memsz)
        elf.phdrs[2].filesz = memsz;
    build(false);
    verify();
}

START_TEST(a_segment_may_end_where_the_address_space_ends)
{
    with_address(0xFFFFFF00, 0x100);
    assert_accepted(&b);
    with_address(0xFFFFFFFF, 1);
    assert_accepted(&b);
    with_address(0xFFFFFFFF, 0);
    assert_accepted(&b);
    with_address(0, 0xFFFFFFFF);
    assert_accepted(&b);
    with_address(1, 0xFFFFFFFF);
    assert_accepted(&b);
}
END_TEST

START_TEST(a_segment_past_the_end_of_the_address_space_is_refused)
{
    with_address(0xFFFFFF00, 0x101);
    assert_segment_refused(RPROCFW_ERR_SEGMENT_ADDRESS, 2);
    ck_assert_uint_eq(b.diag.found, 0xFFFFFF00);
    ck_assert_uint_eq(b.diag.expected, 0x101);
    with_address(0xFFFFFFFF, 2);
    assert_segment_refused(RPROCFW_ERR_SEGMENT_ADDRESS, 2);
    with_address(2, 0xFFFFFFFF);
    assert_segment_refused(RPROCFW_ERR_SEGMENT_ADDRESS, 2);
    with_address(0xFFFFFFFF, 0xFFFFFFFF);
    assert_segment_refused(RPROCFW_ERR_SEGMENT_ADDRESS, 2);
}
END_TEST

/* Image 0 with filesz bytes in segment 2. */
static void with_filesz(uint32_t filesz, bool encrypted)
{
    elf_default(&elf);
    elf.phdrs[2].filesz = filesz;
    elf.shnum = 0;
    build(encrypted);
    verify();
}

START_TEST(encrypted_segments_are_whole_aes_blocks)
{
    uint32_t filesz;

    for (filesz = 0; filesz <= 33; filesz++) {
        with_filesz(filesz, true);
        if (filesz % 16 == 0)
            assert_accepted(&b);
        else
            assert_segment_refused(RPROCFW_ERR_SEGMENT_BLOCK, 2);
        with_filesz(filesz, false);
        assert_accepted(&b);
    }
}
END_TEST

START_TEST(each_byte_of_a_segment_is_hashed)
{
    uint32_t at;

    for (at = 0x400; at < 0x580; at++) {
        start();
        set8(0, at, images[0].data[at] ^ 0x10);
        verify();
        assert_segment_refused(RPROCFW_ERR_SEGMENT_HASH, at < 0x500 ? 1u : 2u);
    }
}
END_TEST

START_TEST(each_bit_of_a_signed_hash_counts)
{
    unsigned bit;

    for (bit = 0; bit < 256; bit++) {
        start();
        table()->value[64 + 32 + bit / 8] ^= (uint8_t)(1u << bit % 8);
        verify();
        assert_segment_refused(RPROCFW_ERR_SEGMENT_HASH, 1);
    }
}
END_TEST

START_TEST(bytes_outside_segments_and_headers_decide_nothing)
{
    uint32_t at;

    for (at = 0x580; at < ELF_SIZE; at++) {
        start();
        set8(0, at, images[0].data[at] ^ 0xFF);
        verify();
        assert_accepted(&b);
    }
}
END_TEST

/* The hash of an entry that is not PT_LOAD is not checked. */
START_TEST(the_hash_of_a_note_is_not_checked)
{
    start();
    memset(table()->value + 32, 0xEE, 32);
    verify();
    assert_accepted(&b);
}
END_TEST

START_TEST(ciphertext_is_hashed_and_its_iv_handed_over)
{
    elf_default(&elf);
    elf.shnum = 0;
    build(true);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.load_count, 4);
    ck_assert(b.loads[0].encrypted && b.loads[3].encrypted);
    ck_assert_uint_eq(b.loads[0].iv[0], 0xA1);
    ck_assert_uint_eq(b.loads[1].iv[15], 0xA2);
    ck_assert_uint_eq(b.loads[3].iv[0], 0xA0);
    set8(0, 0x400, images[0].data[0x400] ^ 1);
    verify();
    assert_segment_refused(RPROCFW_ERR_SEGMENT_HASH, 1);
}
END_TEST

/* ---- the walk ---- */

START_TEST(entry_and_program_header_are_equal_in_all_32_bytes)
{
    uint32_t segment;
    uint32_t at;

    for (segment = 1; segment < 4; segment++) {
        for (at = 0; at < 32; at++) {
            start();
            set8(0, PHDR(segment) + at, images[0].data[PHDR(segment) + at] ^ 0x80);
            verify();
            if (at >= 4)
                assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, segment);
            else if (segment < 3) /* no PT_LOAD any more: the next one meets its entry */
                assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, segment + 1);
            else
                assert_refused(&b, RPROCFW_ERR_PHDR_NOT_SIGNED,
                               payload_offset(&c) + ELF_SIZE + PHDR(0), NOWHERE, 1, 0);
        }
    }
}
END_TEST

START_TEST(a_signed_entry_that_was_changed_has_no_program_header)
{
    uint32_t at;

    for (at = 4; at < 32; at++) {
        start();
        table()->value[2 * 64 + at] ^= 1;
        verify();
        assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 2);
        ck_assert_uint_eq(b.diag.expected, 2);
    }
}
END_TEST

/* PT_NOTE may be without an entry; so may any type but PT_LOAD and PT_NULL. */
START_TEST(a_program_header_that_loads_nothing_may_be_without_entry)
{
    static const uint32_t types[] = {2, 3, 4, 6, 7, 0x6474E551, 0x70000001, 0xFFFFFFFF};
    uint32_t image_entries;
    size_t i;

    for (i = 0; i < COUNT(types); i++) {
        start();
        entry_remove(0);
        set32(0, PHDR(0), types[i]);
        verify();
        assert_accepted(&b);
        ck_assert_uint_eq(b.load_count, 4);
        image_entries = b.images[0].entry_count;
        ck_assert_uint_eq(image_entries, 3);
    }
}
END_TEST

START_TEST(a_note_at_the_end_may_be_without_entry)
{
    start();
    entry_remove(0);
    phdr_swap(0, 1);
    phdr_swap(1, 2);
    phdr_swap(2, 3);
    verify();
    assert_accepted(&b);
}
END_TEST

/* Not even at the end of the last image, where every entry is used. */
START_TEST(a_note_behind_the_last_entry_may_be_without_entry)
{
    struct elf two;
    struct bytes image;

    elf_least(&two);
    two.phnum = 2;
    two.phdrs[1] = (struct rprocfw_phdr){PT_NOTE, 0x700, 0, 0, 8, 8, 4, 4};
    image = elf_build(&two);
    container_build(&c, &image, 1, false);
    memset(&b, 0, sizeof(b));
    entry_remove(1);
    verify();
    assert_accepted(&b);
    put32(c.payload, PHDR(1), PT_NULL);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 1);
    put32(c.payload, PHDR(1), PT_LOAD);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 1);
}
END_TEST

START_TEST(a_load_without_entry_is_refused)
{
    uint32_t segment;

    for (segment = 1; segment < 4; segment++) {
        start();
        entry_remove(segment);
        verify();
        assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, segment);
    }
    start();
    entry_remove(4);
    verify();
    assert_refused(&b, RPROCFW_ERR_PHDR_NOT_SIGNED, payload_offset(&c) + ELF_SIZE + PHDR(0),
                   NOWHERE, 1, 0);
}
END_TEST

START_TEST(a_null_without_entry_is_refused)
{
    start();
    entry_remove(0);
    set32(0, PHDR(0), PT_NULL);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 0);
}
END_TEST

START_TEST(a_load_turned_into_null_is_refused)
{
    start();
    set32(0, PHDR(2), PT_NULL);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 2);
}
END_TEST

START_TEST(a_load_turned_into_a_note_leaves_its_entry_unused)
{
    start();
    set32(1, PHDR(0), PT_NOTE);
    verify();
    assert_refused(&b, RPROCFW_ERR_ENTRY_UNUSED, table_end() - 64, NOWHERE, NOWHERE, NOWHERE);
    ck_assert_uint_eq(b.diag.found, 4);
    ck_assert_uint_eq(b.diag.expected, 5);
    start();
    set32(0, PHDR(2), PT_NOTE); /* the next PT_LOAD meets the entry left over */
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 3);
}
END_TEST

START_TEST(a_null_with_its_entry_goes_together)
{
    elf_default(&elf);
    elf.phdrs[0] = (struct rprocfw_phdr){PT_NULL, 1, 2, 3, 4, 5, 6, 7};
    build(false);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.load_count, 4);
    set32(0, PHDR(0) + P_ALIGN, 8);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 0);
}
END_TEST

START_TEST(an_entry_too_many_is_unused)
{
    start();
    entry_insert(5, 4);
    verify();
    assert_refused(&b, RPROCFW_ERR_ENTRY_UNUSED, table_end() - 64, NOWHERE, NOWHERE, NOWHERE);
    start();
    entry_insert(5, NOWHERE); /* a zero entry is padding in an ENCTABLE only */
    verify();
    assert_refused(&b, RPROCFW_ERR_ENTRY_UNUSED, table_end() - 64, NOWHERE, NOWHERE, NOWHERE);
    start();
    entry_insert(4, 1); /* between the images */
    verify();
    assert_refused(&b, RPROCFW_ERR_PHDR_NOT_SIGNED, payload_offset(&c) + ELF_SIZE + PHDR(0),
                   NOWHERE, 1, 0);
}
END_TEST

START_TEST(entries_stand_in_the_order_of_the_program_headers)
{
    start();
    entry_swap(1, 2);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 1);
    start();
    phdr_swap(2, 3);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 2);
    start();
    phdr_swap(2, 3);
    entry_swap(2, 3);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.loads[1].phdr.filesz, 0);
}
END_TEST

START_TEST(images_stand_in_the_order_of_the_table)
{
    start();
    memcpy(c.payload.data, images[1].data, ELF_SIZE);
    memcpy(c.payload.data + ELF_SIZE, images[0].data, ELF_SIZE);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 0);
}
END_TEST

/* Without the walk image by image, an image could load what is signed for the other. */
START_TEST(an_image_twice_does_not_stand_in_for_another)
{
    start();
    memcpy(c.payload.data + ELF_SIZE, images[0].data, ELF_SIZE);
    verify();
    assert_refused(&b, RPROCFW_ERR_PHDR_NOT_SIGNED, payload_offset(&c) + ELF_SIZE + PHDR(1),
                   NOWHERE, 1, 1);
}
END_TEST

START_TEST(more_program_headers_than_signed_are_refused)
{
    start();
    memcpy(c.payload.data + PHDR(4), images[0].data + PHDR(1), 32);
    set16(0, E_PHNUM, 5);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 4);
}
END_TEST

START_TEST(fewer_program_headers_than_signed_are_refused)
{
    start();
    set16(0, E_PHNUM, 3);
    verify();
    assert_refused(&b, RPROCFW_ERR_PHDR_NOT_SIGNED, payload_offset(&c) + ELF_SIZE + PHDR(0),
                   NOWHERE, 1, 0);
}
END_TEST

START_TEST(equal_program_headers_each_have_their_own_entry)
{
    elf_default(&elf);
    elf.phdrs[2] = elf.phdrs[1];
    build(false);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.load_count, 4);
    entry_remove(1);
    verify();
    assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, 2);
}
END_TEST

/* ---- padding of an ENCTABLE ---- */

static void start_encrypted(void)
{
    elf_default(&elf);
    elf.shnum = 0;
    build(true); /* entries: three of image 0, one zero, one of image 1 */
}

START_TEST(zero_entries_end_each_images_part_of_an_enctable)
{
    start_encrypted();
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.images[0].first_entry, 0);
    ck_assert_uint_eq(b.images[0].entry_count, 4);
    ck_assert_uint_eq(b.images[1].first_entry, 4);
    ck_assert_uint_eq(b.images[1].entry_count, 1);
    ck_assert_uint_eq(b.loads[3].entry, 4);
    entry_insert(5, NOWHERE);
    entry_insert(5, NOWHERE);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.images[1].entry_count, 3);
}
END_TEST

START_TEST(an_enctable_without_padding_is_taken)
{
    start_encrypted();
    entry_remove(3);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.images[0].entry_count, 3);
}
END_TEST

START_TEST(padding_of_an_enctable_is_zero_in_all_80_bytes)
{
    uint32_t at;

    for (at = 0; at < 80; at++) {
        start_encrypted();
        table()->value[3 * 80 + at] = 1;
        verify();
        assert_refused(&b, RPROCFW_ERR_PHDR_NOT_SIGNED, payload_offset(&c) + ELF_SIZE + PHDR(0),
                       NOWHERE, 1, 0);
        start_encrypted();
        entry_insert(5, NOWHERE);
        table()->value[5 * 80 + at] = 1;
        verify();
        assert_refused(&b, RPROCFW_ERR_ENTRY_UNUSED, table_end() - 80, NOWHERE, NOWHERE, NOWHERE);
    }
}
END_TEST

START_TEST(padding_of_an_enctable_stands_at_the_end_only)
{
    uint32_t to;

    for (to = 0; to < 3; to++) {
        start_encrypted();
        entry_insert(to, NOWHERE);
        verify();
        assert_phdr_refused(RPROCFW_ERR_PHDR_NOT_SIGNED, to + 1);
    }
}
END_TEST

/* Records of type 0 without a value: as many zero bytes as an entry has. */
START_TEST(zero_bytes_behind_an_enctable_are_no_padding_of_it)
{
    unsigned i;

    start_encrypted();
    for (i = 0; i < 80 / 8; i++)
        tlv_append(&c, 0, NULL, 0);
    container_measure(&c);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.images[1].entry_count, 1);
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "images", segments_come_as_the_table_has_them, elf_magic, elf_class_is_32,
        elf_is_little_endian, elf_version_is_1, phentsize_is_32, shentsize_is_40, phnum_is_not_0,
        type_machine_version_entry_flags_and_ehsize_decide_nothing,
        an_image_has_room_for_its_elf_header, phoff_is_a_multiple_of_4,
        program_headers_may_end_where_the_image_ends, program_headers_outside_the_image_are_refused,
        more_program_headers_than_the_image_has_room_for_are_refused,
        a_segment_may_end_where_its_image_ends, a_segment_outside_its_image_is_refused,
        a_segment_without_bytes_has_its_offset_inside_too,
        a_segment_range_that_would_wrap_is_refused, filesz_is_not_larger_than_memsz,
        a_segment_may_end_where_the_address_space_ends,
        a_segment_past_the_end_of_the_address_space_is_refused,
        encrypted_segments_are_whole_aes_blocks, each_byte_of_a_segment_is_hashed,
        each_bit_of_a_signed_hash_counts, bytes_outside_segments_and_headers_decide_nothing,
        the_hash_of_a_note_is_not_checked, ciphertext_is_hashed_and_its_iv_handed_over,
        entry_and_program_header_are_equal_in_all_32_bytes,
        a_signed_entry_that_was_changed_has_no_program_header,
        a_program_header_that_loads_nothing_may_be_without_entry,
        a_note_at_the_end_may_be_without_entry, a_note_behind_the_last_entry_may_be_without_entry,
        a_load_without_entry_is_refused, a_null_without_entry_is_refused,
        a_load_turned_into_null_is_refused, a_load_turned_into_a_note_leaves_its_entry_unused,
        a_null_with_its_entry_goes_together, an_entry_too_many_is_unused,
        entries_stand_in_the_order_of_the_program_headers, images_stand_in_the_order_of_the_table,
        an_image_twice_does_not_stand_in_for_another, more_program_headers_than_signed_are_refused,
        fewer_program_headers_than_signed_are_refused,
        equal_program_headers_each_have_their_own_entry,
        zero_entries_end_each_images_part_of_an_enctable, an_enctable_without_padding_is_taken,
        padding_of_an_enctable_is_zero_in_all_80_bytes,
        padding_of_an_enctable_stands_at_the_end_only,
        zero_bytes_behind_an_enctable_are_no_padding_of_it);
}
