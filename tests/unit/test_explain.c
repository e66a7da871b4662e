/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a verification failed: each status, from a state in which no two numbers are equal. A state
 * that does not go with the status, as after a callback that answered with it, leads nowhere else.
 */
#include <string.h>

#include <rprocfw/verify.h>

#include "container.h"
#include "suite.h"

enum {
    TLVS = 20,       /* the TLV area: 176 bytes */
    SIGNATURE = 196, /* 61 bytes, 3 of padding */
    PAYLOAD = 260,
    VALUE = 100, /* of the TLV that is looked at */
    TABLE = 130,
    AT = 333,
    IMAGE = 300
};

static uint8_t *metadata; /* no byte more than there is */
static struct bytes bytes;
static struct rprocfw_verifier v;

/* What the diagnostic says besides offset, found and expected. */
static uint32_t tlv;
static uint32_t image;
static uint32_t segment;

static void ehdr16(uint32_t at, uint16_t value)
{
    v.ehdr[at] = (uint8_t)value;
    v.ehdr[at + 1] = (uint8_t)(value >> 8);
}

static void start(void)
{
    bytes = arena_copy(NULL, 0, PAYLOAD);
    metadata = bytes.data;
    memset(&v, 0, sizeof(v));
    v.metadata = metadata;
    v.header = (struct rprocfw_header){0x11111111, 7, 176, 61, 2000};
    v.layout = (struct rprocfw_layout){
        .signature = SIGNATURE, .payload = PAYLOAD, .size = 2260, .tlv_size = 176};
    v.container_size = 2268;
    v.work_size = 99;
    v.at = AT;
    v.tlv = (struct rprocfw_tlv){.offset = 72, .type = 0x00010003, .length = 9};
    v.tlv.value = metadata + VALUE;
    v.table = metadata + TABLE;
    v.entry_size = 10;
    v.entries = 5;
    v.entry = 3;
    v.other = 2;
    v.images = 2;
    v.image.index = 1;
    v.image.offset = IMAGE;
    v.image.size = 1111;
    v.segment.index = 4;
    v.segment.phdr.offset = 16;
    v.segment.phdr.filesz = 77;
    v.segment.phdr.memsz = 66;
    v.segment.phdr.paddr = 0x10001000;
    v.names.offset = 2000;
    v.names.size = 88;
    v.rsc = (struct rprocfw_shdr){.name = 89, .addr = 0x20002000, .offset = 26, .size = 15};
    v.section = 6;
    v.da = 0x30003000;
    v.da_size = 55;
    v.rsc_tables = 2;
    ehdr16(28, 54); /* e_phoff */
    ehdr16(32, 58); /* e_shoff */
    ehdr16(48, 13); /* e_shnum */
    ehdr16(50, 14); /* e_shstrndx */
    tlv = RPROCFW_NOWHERE;
    image = 1;
    segment = 4;
}

static void explains(enum rprocfw_status status, uint32_t offset, uint32_t found, uint32_t expected)
{
    struct rprocfw_diag diag;

    memset(&diag, 0xA5, sizeof(diag));
    rprocfw_explain(&v, status, &diag);
    ck_assert_msg(diag.offset == offset && diag.found == found && diag.expected == expected,
                  "%s: offset %u, found %u, expected %u, not %u, %u, %u",
                  rprocfw_status_name(status), diag.offset, diag.found, diag.expected, offset,
                  found, expected);
    ck_assert_msg(diag.tlv == tlv && diag.image == image && diag.segment == segment,
                  "%s: TLV %u, image %d, segment %d", rprocfw_status_name(status), diag.tlv,
                  (int)diag.image, (int)diag.segment);
}

/* Nothing is said but where the last callback was. */
static void explains_nothing(enum rprocfw_status status)
{
    explains(status, AT, 0, 0);
}

START_TEST(a_status_of_the_platform_has_the_offset_of_the_last_callback)
{
    start();
    explains_nothing(RPROCFW_OK);
    explains_nothing(RPROCFW_ERR_READ);
    explains_nothing(RPROCFW_ERR_LOAD);
    explains_nothing(RPROCFW_ERR_PLATFORM);
    explains_nothing(RPROCFW_ERR_SIGNATURE);
    explains_nothing(RPROCFW_ERR_SIGN_UNSUPPORTED);
    explains_nothing(RPROCFW_ERR_INPUT);
    explains_nothing(RPROCFW_ERR_ORIGINAL);
    explains_nothing(RPROCFW_ERR_MEMORY);
    explains_nothing(RPROCFW_ERR_CRYPTO);
    explains(RPROCFW_ERR_DEVICE_ADDRESS, AT, 0x30003000, 55);
}
END_TEST

START_TEST(the_header_is_explained_by_its_fields)
{
    start();
    explains(RPROCFW_ERR_HEADER_SIZE, 0, 2268, 20);
    explains(RPROCFW_ERR_MAGIC, 0, 0x11111111, 0x3543A468);
    explains(RPROCFW_ERR_VERSION, 4, 7, 1);
    explains(RPROCFW_ERR_TLV_LEN_ZERO, 8, 0, 1);
    explains(RPROCFW_ERR_SIGN_LEN_ZERO, 12, 0, 1);
    explains(RPROCFW_ERR_SIZE, 8, 2260, 2268);
}
END_TEST

START_TEST(the_work_buffer_is_explained_by_what_it_has_to_hold)
{
    start();
    /* the metadata, up to 264, and ranges for the 5 entries and one more */
    explains(RPROCFW_ERR_WORK_SIZE, 0, 99, 264 + 6 * (uint32_t)sizeof(struct rprocfw_range));
    v.table = NULL;
    explains(RPROCFW_ERR_WORK_SIZE, 0, 99, PAYLOAD);
}
END_TEST

START_TEST(a_record_is_explained_by_its_place_in_the_area)
{
    start();
    explains(RPROCFW_ERR_TLV_HEADER, TLVS + 72, 176 - 72, 8);
    tlv = 0x00010003;
    explains(RPROCFW_ERR_TLV_LENGTH, TLVS + 72, 9, 176 - 72 - 8);
    explains(RPROCFW_ERR_TLV_PADDING, TLVS + 72, 9, 176 - 72 - 8);
    explains(RPROCFW_ERR_TLV_DUPLICATE, TLVS + 72, 9, 176 - 72 - 8);
    explains(RPROCFW_ERR_PLATFORM_TLV, TLVS + 72, 9, 176 - 72 - 8);
}
END_TEST

START_TEST(the_padding_of_a_signature_is_explained_by_its_first_byte_that_is_not_zero)
{
    start();
    memset(metadata + SIGNATURE, 0x99, 61);
    metadata[SIGNATURE + 62] = 5;
    metadata[SIGNATURE + 63] = 6;
    explains(RPROCFW_ERR_SIGN_PADDING, SIGNATURE + 62, 5, 0);
    metadata[SIGNATURE + 62] = 0;
    explains(RPROCFW_ERR_SIGN_PADDING, SIGNATURE + 63, 6, 0);
    metadata[SIGNATURE + 63] = 0;
    explains_nothing(RPROCFW_ERR_SIGN_PADDING);
    metadata[SIGNATURE + 61] = 8;
    explains(RPROCFW_ERR_SIGN_PADDING, SIGNATURE + 61, 8, 0);
    v.metadata = NULL;
    explains_nothing(RPROCFW_ERR_SIGN_PADDING);
}
END_TEST

/* One TLV: of which lengths and largest values there are statuses. 0: none. */
struct about {
    uint32_t type;
    enum rprocfw_status missing;
    uint32_t length;
    uint32_t max;
};
static const struct about abouts[] = {
    {RPROCFW_TLV_SIGNTYPE, RPROCFW_ERR_SIGNTYPE_MISSING, 1, 2},
    {RPROCFW_TLV_HASHTYPE, RPROCFW_ERR_HASHTYPE_MISSING, 1, 1},
    {RPROCFW_TLV_NUM_IMG, RPROCFW_ERR_NUM_IMG_MISSING, 1, 255},
    {RPROCFW_TLV_IMGTYPE, RPROCFW_ERR_IMGTYPE_MISSING, 2, 1},
    {RPROCFW_TLV_IMGSIZE, RPROCFW_ERR_IMGSIZE_MISSING, 8, 0},
    {RPROCFW_TLV_HASHTABLE, RPROCFW_ERR_HASHTABLE_MISSING, 64, 0},
    {RPROCFW_TLV_ENCTYPE, RPROCFW_ERR_ENCTYPE_MISSING, 1, 1},
    {RPROCFW_TLV_ENCTABLE, RPROCFW_ERR_ENCTABLE_MISSING, 80, 0},
};

START_TEST(a_tlv_is_explained_by_its_value_and_length)
{
    unsigned i;

    for (i = 0; i < COUNT(abouts); i++) {
        const struct about *a = &abouts[i];

        start();
        tlv = a->type;
        /* another one was looked at last */
        explains(a->missing, TLVS, 0, a->length);
        explains((enum rprocfw_status)(a->missing + 1), TLVS, 0, a->length);
        v.tlv.type = a->type;
        v.tlv.length = 17;
        explains(a->missing, VALUE, 17, a->length);
        explains((enum rprocfw_status)(a->missing + 1), VALUE, 17, a->length);
        v.tlv.value = NULL;
        explains(a->missing, TLVS, 0, a->length);
    }
}
END_TEST

START_TEST(an_unknown_value_is_explained_by_the_byte_of_its_image)
{
    unsigned i;

    for (i = 0; i < COUNT(abouts); i++) {
        const struct about *a = &abouts[i];
        const enum rprocfw_status unknown = (enum rprocfw_status)(a->missing + 2);

        if (a->max == 0)
            continue;
        start();
        tlv = a->type;
        metadata[VALUE] = 33;
        metadata[VALUE + 1] = 44;
        explains_nothing(unknown);
        v.tlv.type = a->type;
        v.tlv.length = 2;
        explains(unknown, VALUE, 44, a->max);
        v.tlv.length = 1; /* shorter than there are images */
        explains_nothing(unknown);
        image = v.image.index = RPROCFW_NOWHERE;
        explains(unknown, VALUE, 33, a->max);
        image = v.image.index = 2; /* no image of that number */
        explains(unknown, VALUE, 33, a->max);
        v.tlv.length = 0;
        explains_nothing(unknown);
    }
}
END_TEST

START_TEST(a_mixture_of_types_is_explained_by_the_first)
{
    start();
    tlv = v.tlv.type = RPROCFW_TLV_IMGTYPE;
    v.tlv.length = 2;
    metadata[VALUE] = 33;
    metadata[VALUE + 1] = 44;
    explains(RPROCFW_ERR_IMGTYPE_MIXED, VALUE, 44, 33);
}
END_TEST

START_TEST(sizes_of_images_are_explained_by_image_and_sum)
{
    start();
    tlv = RPROCFW_TLV_IMGSIZE;
    explains_nothing(RPROCFW_ERR_IMGSIZE_ZERO);
    v.tlv.type = RPROCFW_TLV_IMGSIZE;
    v.tlv.length = 8;
    put32(bytes, VALUE, 1000);
    put32(bytes, VALUE + 4, 234);
    put32(bytes, VALUE + 8, 5); /* the next record */
    explains(RPROCFW_ERR_IMGSIZE_ZERO, VALUE, 234, 1);
    explains(RPROCFW_ERR_IMGSIZE_UNALIGNED, VALUE, 234, 8);
    explains(RPROCFW_ERR_IMGSIZE_SUM, VALUE, 1234, 2000);
    put32(bytes, VALUE + 4, UINT32_MAX - 1000);
    explains(RPROCFW_ERR_IMGSIZE_SUM, VALUE, UINT32_MAX, 2000);
    put32(bytes, VALUE, 1001); /* the sum is no u32 */
    put32(bytes, VALUE + 4, UINT32_MAX - 5);
    explains(RPROCFW_ERR_IMGSIZE_SUM, VALUE, UINT32_MAX, 2000);
    v.tlv.length = 7;
    explains_nothing(RPROCFW_ERR_IMGSIZE_SUM);
    v.images = 0; /* not looked at yet: no size is there that could be wrong */
    explains_nothing(RPROCFW_ERR_IMGSIZE_ZERO);
    explains_nothing(RPROCFW_ERR_IMGSIZE_SUM);
}
END_TEST

START_TEST(a_tlv_that_has_no_place_is_explained_by_its_value)
{
    start();
    tlv = v.tlv.type;
    explains(RPROCFW_ERR_HASHTABLE_WITH_ENC, VALUE, 1, 0);
    explains(RPROCFW_ERR_ENC_WITH_PLAIN, VALUE, 1, 0);
    tlv = RPROCFW_NOWHERE;
    v.tlv.value = NULL;
    explains_nothing(RPROCFW_ERR_HASHTABLE_WITH_ENC);
    explains_nothing(RPROCFW_ERR_ENC_WITH_PLAIN);
}
END_TEST

START_TEST(an_elf_header_is_explained_by_its_fields)
{
    start();
    put32((struct bytes){v.ehdr, sizeof(v.ehdr)}, 0, 0x44434241);
    v.ehdr[4] = 81;
    v.ehdr[5] = 82;
    v.ehdr[6] = 83;
    ehdr16(42, 0x8584);
    ehdr16(46, 0x8786);
    explains(RPROCFW_ERR_ELF_SIZE, IMAGE, 1111, 52);
    explains(RPROCFW_ERR_ELF_MAGIC, IMAGE, 0x44434241, 0x464C457F);
    explains(RPROCFW_ERR_ELF_CLASS, IMAGE + 4, 81, 1);
    explains(RPROCFW_ERR_ELF_DATA, IMAGE + 5, 82, 1);
    explains(RPROCFW_ERR_ELF_VERSION, IMAGE + 6, 83, 1);
    explains(RPROCFW_ERR_ELF_PHENTSIZE, IMAGE + 42, 0x8584, 32);
    explains(RPROCFW_ERR_ELF_SHENTSIZE, IMAGE + 46, 0x8786, 40);
    explains(RPROCFW_ERR_ELF_PHNUM, IMAGE + 44, 0, 1);
    explains(RPROCFW_ERR_PHDR_ALIGN, IMAGE + 28, 54, 4);
    explains(RPROCFW_ERR_PHDR_RANGE, IMAGE + 28, 54, 1111);
}
END_TEST

START_TEST(program_headers_and_segments_are_explained_by_their_fields)
{
    start();
    put32((struct bytes){v.bytes, sizeof(v.bytes)}, 0, 0x6474E551);
    explains(RPROCFW_ERR_PHDR_NOT_SIGNED, AT, 0x6474E551, 3);
    explains(RPROCFW_ERR_ENTRY_UNUSED, TABLE + 3 * 10, 3, 5);
    explains(RPROCFW_ERR_OVERLAP, TABLE + 3 * 10, 3, 2);
    explains(RPROCFW_ERR_SEGMENT_RANGE, IMAGE, 16, 1111);
    explains(RPROCFW_ERR_SEGMENT_FILESZ, IMAGE + 16, 77, 66);
    explains(RPROCFW_ERR_SEGMENT_ADDRESS, IMAGE + 16, 0x10001000, 66);
    explains(RPROCFW_ERR_SEGMENT_BLOCK, IMAGE + 16, 77, 16);
    explains(RPROCFW_ERR_SEGMENT_HASH, AT, 77, 0x10001000);
    v.table = NULL;
    explains_nothing(RPROCFW_ERR_ENTRY_UNUSED);
    explains_nothing(RPROCFW_ERR_OVERLAP);
}
END_TEST

START_TEST(section_headers_are_explained_by_their_fields)
{
    start();
    explains(RPROCFW_ERR_SHDR_ALIGN, IMAGE + 32, 58, 4);
    explains(RPROCFW_ERR_SHDR_RANGE, IMAGE + 32, 58, 1111);
    explains(RPROCFW_ERR_SHSTRNDX, IMAGE + 50, 14, 13);
    explains(RPROCFW_ERR_SHSTRTAB_RANGE, IMAGE + 58 + 14 * 40, 2000, 1111);
    explains(RPROCFW_ERR_SECTION_NAME, IMAGE + 58 + 6 * 40, 89, 88);
}
END_TEST

START_TEST(a_resource_table_is_explained_by_section_and_words)
{
    struct bytes read;

    start();
    read = (struct bytes){v.bytes, sizeof(v.bytes)};
    segment = RPROCFW_NOWHERE;
    put32(read, 0, 91);
    put32(read, 4, 92);
    put32(read, 8, 93);
    put32(read, 12, 94);
    explains(RPROCFW_ERR_RSC_SIZE, IMAGE + 26, 15, 16);
    explains(RPROCFW_ERR_RSC_ALIGN, IMAGE + 26, 26, 4);
    explains(RPROCFW_ERR_RSC_VERSION, IMAGE + 26, 91, 1);
    explains(RPROCFW_ERR_RSC_RESERVED, IMAGE + 34, 93, 0);
    put32(read, 8, 0);
    explains(RPROCFW_ERR_RSC_RESERVED, IMAGE + 34, 94, 0);
    v.rsc.size = 16 + 3 * 4;
    explains(RPROCFW_ERR_RSC_ENTRIES, IMAGE + 30, 92, 3);
    explains(RPROCFW_ERR_RSC_TWICE, IMAGE + 26, 2, 1);
    explains(RPROCFW_ERR_RSC_NOT_SIGNED, IMAGE + 26, 0x20002000, 28);
    v.rsc.offset = 1111 - 28; /* still inside */
    explains(RPROCFW_ERR_RSC_NOT_SIGNED, IMAGE + 1111 - 28, 0x20002000, 28);
    v.rsc.offset = 1111 - 27;
    explains(RPROCFW_ERR_RSC_NOT_SIGNED, IMAGE, 1111 - 27, 28);
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "explain", a_status_of_the_platform_has_the_offset_of_the_last_callback,
        the_header_is_explained_by_its_fields, the_work_buffer_is_explained_by_what_it_has_to_hold,
        a_record_is_explained_by_its_place_in_the_area,
        the_padding_of_a_signature_is_explained_by_its_first_byte_that_is_not_zero,
        a_tlv_is_explained_by_its_value_and_length,
        an_unknown_value_is_explained_by_the_byte_of_its_image,
        a_mixture_of_types_is_explained_by_the_first,
        sizes_of_images_are_explained_by_image_and_sum,
        a_tlv_that_has_no_place_is_explained_by_its_value, an_elf_header_is_explained_by_its_fields,
        program_headers_and_segments_are_explained_by_their_fields,
        section_headers_are_explained_by_their_fields,
        a_resource_table_is_explained_by_section_and_words);
}
