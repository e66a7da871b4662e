/* SPDX-License-Identifier: BSD-2-Clause */
/* The segment with the resource table, which goes through the TA piece by piece. */
#include <string.h>

#include "firmware.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"
#include "suite.h"

#define PIECE 1024u /* RPROCFW_TEE_BUFFER */

/* One segment of that size, with a resource table of 16 + 4 * room bytes there. */
static struct bytes with_table(uint32_t segment_size, uint32_t table, uint32_t room)
{
    const uint32_t address = 0x20000100;
    struct container c;
    struct bytes image;
    struct elf elf;
    uint32_t i;

    elf_least(&elf);
    elf.phdrs[0] = (struct rprocfw_phdr){PT_LOAD,      ELF_BODY,     address, address,
                                         segment_size, segment_size, 5,       4};
    elf.sections[0] = (struct section){".resource_table", address + table, ELF_BODY + table,
                                       RPROCFW_RSC_HEADER_SIZE + 4 * room};
    elf.shnum = 1;
    image = elf_build(&elf);
    image = arena_copy(image.data, image.size, segment_size);
    for (i = ELF_BODY; i < image.size; i++)
        image.data[i] = (uint8_t)(i * 13 + i / 256);
    memset(image.data + ELF_BODY + table, 0, RPROCFW_RSC_HEADER_SIZE);
    image.data[ELF_BODY + table] = 1;
    put32(image, ELF_BODY + table + 4, room);
    container_build(&c, &image, 1, false);
    return container_join(&c);
}

static void load_in_pieces(uint32_t segment_size, uint32_t table)
{
    const uint32_t room = (segment_size - table - RPROCFW_RSC_HEADER_SIZE) / 4 > 0 ? 1 : 0;
    const struct bytes container = with_table(segment_size, table, room);
    uint64_t pa;
    uint64_t size;

    start_up();
    assert_result(load_fw(ID, container), TEE_SUCCESS, "load");
    assert_read_once(container);
    assert_loaded("load", container);
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256], (segment_size + PIECE - 1) / PIECE);
    ck_assert_uint_eq(pta.from_shared, 0);
    assert_result(get_rsc_table(ID, &pa, &size), TEE_SUCCESS, "table");
    ck_assert(pa == 0x138000100u + table && size == RPROCFW_RSC_HEADER_SIZE + 4 * room);
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
}

static const uint32_t segment_sizes[] = {16,   20,   1008, 1020, 1023, 1024, 1025, 1028,
                                         1040, 1044, 2047, 2048, 2049, 2064, 3072, 5000};

/* Tables at both ends of it, and around each border between pieces. */
START_TEST(a_table_is_found_wherever_it_lies_in_the_pieces_of_its_segment)
{
    const uint32_t size = segment_sizes[_i];
    const uint32_t last = (size - RPROCFW_RSC_HEADER_SIZE) & ~3u;
    uint32_t border;
    uint32_t table;

    load_in_pieces(size, 0);
    load_in_pieces(size, last);
    for (border = PIECE; border < size; border += PIECE)
        for (table = border - 20; table <= border + 4 && table <= last; table += 4)
            load_in_pieces(size, table);
}
END_TEST

/* Words of it that are wrong in one byte only, wherever that byte lies. */
static void refuse_wrong_words(uint32_t table)
{
    uint32_t byte;

    for (byte = 0; byte < RPROCFW_RSC_HEADER_SIZE; byte++) {
        const struct bytes container = with_table(2100, table, 1);
        struct container c;

        container_split(container, &c);
        c.payload.data[ELF_BODY + table + byte] ^= 0x80;
        tlv_find(&c, RPROCFW_TLV_HASHTABLE)->value = table_build(c.payload, false).data;
        start_up();
        assert_result(load_fw(ID, container_join(&c)), TEE_ERROR_BAD_FORMAT, "a wrong byte");
        ck_assert(memory_is_clear(&memory));
    }
}

START_TEST(every_byte_of_the_table_header_is_judged_on_both_sides_of_a_border)
{
    uint32_t table;

    for (table = PIECE - RPROCFW_RSC_HEADER_SIZE; table <= PIECE; table += 4)
        refuse_wrong_words(table);
}
END_TEST

/* A byte that is not what was signed, anywhere in the segment. */
START_TEST(a_wrong_byte_of_a_segment_in_pieces_is_refused)
{
    const struct bytes container = with_table(2100, 1016, 2);
    const size_t mark = arena_mark();
    struct container c;
    uint32_t segment;
    uint32_t i;

    container_split(container, &c);
    segment = payload_offset(&c) + ELF_BODY;
    for (i = 0; i < 2100; i += 3) {
        const struct bytes wrong = arena_copy(container.data, container.size, 0);

        wrong.data[segment + i] ^= 0xFF;
        start_up();
        assert_result(load_fw(ID, wrong), TEE_ERROR_SECURITY, "a wrong byte");
        assert_logged(RPROCFW_ERR_SEGMENT_HASH);
        ck_assert(memory_is_clear(&memory));
        arena_release(mark);
    }
}
END_TEST

/* The PTA takes each piece for what the TA says it is: the TA undoes that, whatever RELEASE does.
 */
START_TEST(a_wrong_segment_in_pieces_is_zeroed_without_release)
{
    const struct bytes container = with_table(2100, 1016, 2);
    struct container c;
    uint32_t i;

    container_split(container, &c);
    container.data[payload_offset(&c) + ELF_BODY + 1500] ^= 0xFF;
    start_up();
    pta.release = TEE_ERROR_NOT_IMPLEMENTED;
    assert_result(load_fw(ID, container), TEE_ERROR_SECURITY, "a wrong byte");
    for (i = 0; i < 2100; i++)
        ck_assert_uint_eq(*memory_at(&memory, 0x20000100 + i, 1), 0);
}
END_TEST

/* The content of the table is judged by what was loaded, and signed. */
START_TEST(a_wrong_resource_table_is_refused_and_cleared)
{
    struct bytes container = with_table(2048, 1016, 2);
    struct container c;
    uint32_t table;

    container_split(container, &c);
    table = ELF_BODY + 1016;
    put32(c.payload, table, 2);
    tlv_find(&c, RPROCFW_TLV_HASHTABLE)->value = table_build(c.payload, false).data;
    start_up();
    assert_result(load_fw(ID, container_join(&c)), TEE_ERROR_BAD_FORMAT, "version 2");
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256], 2);
    assert_recovers("version 2");
}
END_TEST

int main(void)
{
    const TTest *const each_size[] = {
        a_table_is_found_wherever_it_lies_in_the_pieces_of_its_segment};
    int failed = run_loop_tests("pieces", each_size, 1, COUNT(segment_sizes));

    if (failed != 0)
        return failed;
    RUN_TESTS("tables", every_byte_of_the_table_header_is_judged_on_both_sides_of_a_border,
              a_wrong_byte_of_a_segment_in_pieces_is_refused,
              a_wrong_segment_in_pieces_is_zeroed_without_release,
              a_wrong_resource_table_is_refused_and_cleared);
}
