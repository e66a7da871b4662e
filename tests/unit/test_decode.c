/* SPDX-License-Identifier: BSD-2-Clause */
/* The decoders: every member from its own bytes, little-endian, at any alignment. */
#include <string.h>

#include <rprocfw/image.h>

#include "arena.h"
#include "suite.h"

_Static_assert(RPROCFW_HASH_ENTRY_SIZE == RPROCFW_PHDR_SIZE + RPROCFW_SHA256_SIZE, "entry");
_Static_assert(RPROCFW_ENC_ENTRY_SIZE == RPROCFW_HASH_ENTRY_SIZE + RPROCFW_AES_BLOCK, "entry");

/* size bytes 0x01, 0x02, ..., at an odd address, nothing behind them. */
static const uint8_t *counting(uint32_t size)
{
    uint8_t *bytes = arena_alloc(size + 1);
    uint32_t i;

    for (i = 0; i < size; i++)
        bytes[1 + i] = (uint8_t)(i + 1);
    return bytes + 1;
}

/* The little-endian word of counting() at an offset. */
static uint32_t word(uint32_t at)
{
    return (at + 1) + ((at + 2) << 8) + ((at + 3) << 16) + ((at + 4) << 24);
}

static uint32_t half(uint32_t at)
{
    return (at + 1) + ((at + 2) << 8);
}

START_TEST(u32_is_little_endian)
{
    static const uint8_t edges[][4] = {{0, 0, 0, 0}, {0, 0, 0, 0x80}, {0xFF, 0xFF, 0xFF, 0xFF}};
    static const uint32_t values[] = {0, 0x80000000, 0xFFFFFFFF};
    size_t i;

    ck_assert_uint_eq(rprocfw_u32_decode(counting(4)), 0x04030201);
    for (i = 0; i < COUNT(values); i++)
        ck_assert_uint_eq(rprocfw_u32_decode(edges[i]), values[i]);
}
END_TEST

START_TEST(u32_encode_is_the_inverse_of_decode)
{
    static const uint32_t values[] = {0, 1, 0x04030201, 0x80000000, 0xFFFFFFFF, 0x3543A468};
    uint8_t *bytes = arena_alloc(5);
    size_t i;

    for (i = 0; i < COUNT(values); i++) {
        rprocfw_u32_encode(bytes + 1, values[i]);
        ck_assert_uint_eq(rprocfw_u32_decode(bytes + 1), values[i]);
    }
    ck_assert_uint_eq(bytes[1], 0x68);
    ck_assert_uint_eq(bytes[2], 0xA4);
    ck_assert_uint_eq(bytes[3], 0x43);
    ck_assert_uint_eq(bytes[4], 0x35);
}
END_TEST

START_TEST(header_members)
{
    struct rprocfw_header header;

    rprocfw_header_decode(counting(20), &header);
    ck_assert_uint_eq(header.magic, word(0));
    ck_assert_uint_eq(header.version, word(4));
    ck_assert_uint_eq(header.tlv_len, word(8));
    ck_assert_uint_eq(header.sign_len, word(12));
    ck_assert_uint_eq(header.img_len, word(16));
}
END_TEST

START_TEST(header_encode_is_the_inverse_of_decode)
{
    struct rprocfw_header header;
    uint8_t bytes[20];

    rprocfw_header_decode(counting(20), &header);
    rprocfw_header_encode(bytes, &header);
    ck_assert_int_eq(memcmp(bytes, counting(20), 20), 0);
}
END_TEST

START_TEST(ehdr_members)
{
    const uint8_t *bytes = counting(52);
    struct rprocfw_ehdr ehdr;

    rprocfw_ehdr_decode(bytes, &ehdr);
    ck_assert_int_eq(memcmp(ehdr.ident, bytes, 8), 0);
    ck_assert_uint_eq(ehdr.type, half(16));
    ck_assert_uint_eq(ehdr.machine, half(18));
    ck_assert_uint_eq(ehdr.entry, word(24));
    ck_assert_uint_eq(ehdr.phoff, word(28));
    ck_assert_uint_eq(ehdr.shoff, word(32));
    ck_assert_uint_eq(ehdr.flags, word(36));
    ck_assert_uint_eq(ehdr.phentsize, half(42));
    ck_assert_uint_eq(ehdr.phnum, half(44));
    ck_assert_uint_eq(ehdr.shentsize, half(46));
    ck_assert_uint_eq(ehdr.shnum, half(48));
    ck_assert_uint_eq(ehdr.shstrndx, half(50));
}
END_TEST

START_TEST(ehdr_halfwords_use_all_16_bits)
{
    uint8_t bytes[52];
    struct rprocfw_ehdr ehdr;

    memset(bytes, 0xFF, sizeof(bytes));
    rprocfw_ehdr_decode(bytes, &ehdr);
    ck_assert_uint_eq(ehdr.phnum, 0xFFFF);
    ck_assert_uint_eq(ehdr.shnum, 0xFFFF);
    ck_assert_uint_eq(ehdr.phoff, 0xFFFFFFFF);
}
END_TEST

START_TEST(phdr_members)
{
    struct rprocfw_phdr phdr;

    rprocfw_phdr_decode(counting(32), &phdr);
    ck_assert_uint_eq(phdr.type, word(0));
    ck_assert_uint_eq(phdr.offset, word(4));
    ck_assert_uint_eq(phdr.vaddr, word(8));
    ck_assert_uint_eq(phdr.paddr, word(12));
    ck_assert_uint_eq(phdr.filesz, word(16));
    ck_assert_uint_eq(phdr.memsz, word(20));
    ck_assert_uint_eq(phdr.flags, word(24));
    ck_assert_uint_eq(phdr.align, word(28));
}
END_TEST

START_TEST(shdr_members)
{
    struct rprocfw_shdr shdr;

    rprocfw_shdr_decode(counting(40), &shdr);
    ck_assert_uint_eq(shdr.name, word(0));
    ck_assert_uint_eq(shdr.type, word(4));
    ck_assert_uint_eq(shdr.addr, word(12));
    ck_assert_uint_eq(shdr.offset, word(16));
    ck_assert_uint_eq(shdr.size, word(20));
}
END_TEST

int main(void)
{
    RUN_TESTS("decode", u32_is_little_endian, u32_encode_is_the_inverse_of_decode, header_members,
              header_encode_is_the_inverse_of_decode, ehdr_members, ehdr_halfwords_use_all_16_bits,
              phdr_members, shdr_members);
}
