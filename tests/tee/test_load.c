/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading: what fails on the way leaves memory clear, the normal world may write the container
 * meanwhile, the segment with the resource table goes through the TA piece by piece, and what the
 * PTA is told of the signature.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "firmware.h"
#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"
#include "suite.h"
#include "tee.h"
#include "vectors.h"

#define ID 0u

static struct memory memory;

static void start_up(void)
{
    memory = firmware_memory();
    power_on(&memory, 1);
}

static struct bytes good(void)
{
    struct container c;

    firmware_build(&c);
    return container_join(&c);
}

/* What a container makes of poisoned memory. */
static struct memory loaded_with(struct bytes container)
{
    struct memory expected = firmware_memory();

    memory_poison(&expected);
    memory_load(&expected, container);
    return expected;
}

static void assert_loaded(const char *what, struct bytes container)
{
    const struct memory expected = loaded_with(container);

    ck_assert_msg(memory_equal(&memory, &expected), "%s: other bytes in memory", what);
}

/* After a load that failed: nothing is left of it, and a good one follows. */
static void assert_recovers(const char *what)
{
    uint64_t pa;
    uint64_t size;

    ck_assert_msg(memory_is_clear(&memory), "%s: left something in memory", what);
    assert_result(get_rsc_table(ID, &pa, &size), TEE_ERROR_BAD_STATE, what);
    shared.before = NULL;
    memory_poison(&memory);
    assert_result(load_fw(ID, good()), TEE_SUCCESS, what);
    assert_loaded(what, good());
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, what);
}

/* ---- failures ---- */

/* What LOAD_FW answers when the PTA answers how to one of its commands. */
static TEE_Result answer_to(enum pta_command which, TEE_Result how)
{
    /* as OP-TEE's TA: why an address has no memory is not told */
    return which == FIRMWARE_DA_TO_PA ? TEE_ERROR_ACCESS_DENIED : how;
}

/* Each call of a command fails once; returns how many calls there are. */
static unsigned fail_each_call(enum pta_command which, TEE_Result how)
{
    unsigned call;
    TEE_Result result;

    for (call = 1;; call++) {
        start_up();
        pta.fail = which;
        pta.fail_call = call;
        pta.how = how;
        result = load_fw(ID, good());
        if (pta.calls[which] < call)
            break;
        assert_result(result, answer_to(which, how), "a call of the PTA fails");
        assert_recovers("a call of the PTA fails");
        arena_release(0);
    }
    assert_result(result, TEE_SUCCESS, "no call fails");
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
    return call - 1;
}

START_TEST(any_call_of_the_pta_that_fails_clears_memory_and_is_passed_on)
{
    static const TEE_Result hows[] = {TEE_ERROR_GENERIC,        TEE_ERROR_ACCESS_DENIED,
                                      TEE_ERROR_SECURITY,       TEE_ERROR_BAD_STATE,
                                      TEE_ERROR_BAD_PARAMETERS, TEE_ERROR_TARGET_DEAD};
    size_t i;

    for (i = 0; i < COUNT(hows); i++) {
        /* three segments with bytes, one of them in one piece through the TA */
        ck_assert_uint_eq(fail_each_call(LOAD_SEGMENT_SHA256, hows[i]), 3);
        ck_assert_uint_eq(fail_each_call(SET_MEMORY, hows[i]), 2);
        ck_assert_uint_ge(fail_each_call(FIRMWARE_DA_TO_PA, hows[i]), 6);
        ck_assert_uint_eq(fail_each_call(PTA_VERIFY_DIGEST, hows[i]), 1);
    }
    ck_assert_uint_eq(fail_each_call(PTA_VERIFY_DIGEST, TEE_ERROR_SIGNATURE_INVALID), 1);
    ck_assert_uint_eq(fail_each_call(PTA_VERIFY_DIGEST, TEE_ERROR_NOT_SUPPORTED), 1);
}
END_TEST

START_TEST(a_platform_that_does_not_tell_its_capabilities_is_asked_nothing_else)
{
    struct memory before;

    start_up();
    before = memory_copy(&memory);
    pta.fail = HW_CAPABILITIES;
    pta.fail_call = 1;
    pta.how = TEE_ERROR_NOT_SUPPORTED;
    assert_result(load_fw(ID, good()), TEE_ERROR_NOT_SUPPORTED, "load");
    ck_assert(memory_equal(&memory, &before));
    ck_assert_uint_eq(shared.accesses, 0);
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "again");
}
END_TEST

START_TEST(a_failed_load_whose_memory_cannot_be_cleared_is_off_and_tells_the_first_reason)
{
    start_up();
    pta.release = TEE_ERROR_BAD_STATE;
    pta.fail = LOAD_SEGMENT_SHA256;
    pta.fail_call = 2;
    pta.how = TEE_ERROR_TARGET_DEAD;
    assert_result(load_fw(ID, good()), TEE_ERROR_TARGET_DEAD, "the platform fails");
    assert_result(command(START_FW, ID), TEE_ERROR_BAD_STATE, "start");
    assert_result(load_fw(ID, vector_named("device", "bad_magic", ".sig")),
                  TEE_ERROR_BAD_PARAMETERS, "no container");
    assert_result(command(START_FW, ID), TEE_ERROR_BAD_STATE, "start");
    ck_assert_uint_eq(pta.calls[PTA_RELEASE], 2);
}
END_TEST

static unsigned fail_each_function(enum tee_function which, TEE_Result how)
{
    unsigned call;
    TEE_Result result;

    for (call = 1;; call++) {
        start_up();
        tee.fail = which;
        tee.fail_call = call;
        tee.how = how;
        result = load_fw(ID, good());
        if (tee.calls[which] < call)
            break;
        assert_result(result, how, "a function of the TEE fails");
        assert_recovers("a function of the TEE fails");
        arena_release(0);
    }
    assert_result(result, TEE_SUCCESS, "no function fails");
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
    return call - 1;
}

START_TEST(any_function_of_the_tee_that_fails_clears_memory_and_is_passed_on)
{
    /* metadata, what is signed, and two for the segment with the resource table */
    ck_assert_uint_eq(fail_each_function(ALLOCATE_OPERATION, TEE_ERROR_OUT_OF_MEMORY), 4);
    ck_assert_uint_eq(fail_each_function(DIGEST_DO_FINAL, TEE_ERROR_GENERIC), 4);
}
END_TEST

START_TEST(a_container_with_more_program_headers_than_there_is_room_for_is_out_of_memory)
{
    start_up();
    assert_result(load_fw(ID, vector_named("expected", "rsa2048_segments1000", ".sig")),
                  TEE_ERROR_OUT_OF_MEMORY, "1000 program headers");
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256] + pta.calls[SET_MEMORY], 0);
    assert_recovers("1000 program headers");
}
END_TEST

START_TEST(the_log_tells_status_and_place)
{
    struct bytes container = good();

    start_up();
    assert_result(load_fw(ID, container), TEE_SUCCESS, "load");
    ck_assert_str_eq(tee.log, "remote processor 0: loaded\n");
    command(RELEASE_FW, ID);
    container.data[0] ^= 1;
    assert_result(load_fw(ID, container), TEE_ERROR_BAD_PARAMETERS, "load");
    ck_assert_str_eq(tee.log, "remote processor 0: not loaded: status 11 (0xffff0006)\n"
                              "at byte 0, TLV 0xffffffff, image -1, segment -1: found 0x3543a469, "
                              "expected 0x3543a468\n");
    pta.lacks_formats = 1;
    assert_result(load_fw(ID, container), TEE_ERROR_NOT_IMPLEMENTED, "load");
    ck_assert_str_eq(tee.log, "remote processor 0: the platform cannot load it (0xffff0009)\n");
}
END_TEST

/* Where the answer of the PTA is passed on, they differ in the log alone. */
START_TEST(what_the_pta_answers_has_a_status_of_its_own)
{
    static const struct told {
        enum pta_command command;
        TEE_Result how;
        enum rprocfw_status status;
    } all_told[] = {
        {LOAD_SEGMENT_SHA256, TEE_ERROR_SECURITY, RPROCFW_ERR_SEGMENT_HASH},
        {LOAD_SEGMENT_SHA256, TEE_ERROR_ACCESS_DENIED, RPROCFW_ERR_DEVICE_ADDRESS},
        {LOAD_SEGMENT_SHA256, TEE_ERROR_GENERIC, RPROCFW_ERR_LOAD},
        {SET_MEMORY, TEE_ERROR_ACCESS_DENIED, RPROCFW_ERR_DEVICE_ADDRESS},
        {SET_MEMORY, TEE_ERROR_BAD_STATE, RPROCFW_ERR_LOAD},
        {FIRMWARE_DA_TO_PA, TEE_ERROR_GENERIC, RPROCFW_ERR_DEVICE_ADDRESS},
        {PTA_VERIFY_DIGEST, TEE_ERROR_SIGNATURE_INVALID, RPROCFW_ERR_SIGNATURE},
        {PTA_VERIFY_DIGEST, TEE_ERROR_NOT_SUPPORTED, RPROCFW_ERR_SIGN_UNSUPPORTED},
        {PTA_VERIFY_DIGEST, TEE_ERROR_SECURITY, RPROCFW_ERR_PLATFORM},
    };
    const struct told *told;

    for (told = all_told; told < all_told + COUNT(all_told); told++) {
        start_up();
        pta.fail = told->command;
        pta.fail_call = 1;
        pta.how = told->how;
        assert_result(load_fw(ID, good()), answer_to(told->command, told->how), "load");
        assert_logged(told->status);
    }
}
END_TEST

START_TEST(an_encrypted_image_is_refused_before_anything_of_it_is_loaded)
{
    struct container c;
    struct bytes image;
    struct elf elf;

    elf_least(&elf);
    image = elf_build(&elf);
    container_build(&c, &image, 1, true);
    start_up();
    assert_result(load_fw(ID, container_join(&c)), TEE_ERROR_BAD_FORMAT, "encrypted");
    assert_logged(RPROCFW_ERR_LOAD);
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256], 0);
    assert_recovers("encrypted");
}
END_TEST

/* ---- loaded already ---- */

START_TEST(the_same_container_again_is_not_loaded_again)
{
    struct memory before;
    unsigned calls;

    start_up();
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "load");
    memory_at_pa(&memory, FIRMWARE_RSC_PA, 1)[0] ^= 0xFF; /* Linux writes into the table */
    before = memory_copy(&memory);
    calls = pta_memory_calls();
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "load again");
    ck_assert(memory_equal(&memory, &before));
    ck_assert_uint_eq(pta_memory_calls(), calls);
    ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 1);
}
END_TEST

START_TEST(another_container_is_refused_and_the_one_that_is_loaded_stays)
{
    struct bytes others[3];
    struct memory before;
    struct container c;
    size_t i;

    firmware_build_other(&c);
    others[0] = container_join(&c);
    others[1] = vector_named("device", "truncated", ".sig");
    others[2] = (struct bytes){NULL, 0};
    start_up();
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "load");
    before = memory_copy(&memory);
    for (i = 0; i < COUNT(others); i++) {
        assert_result(load_fw(ID, others[i]), TEE_ERROR_BAD_STATE, "load another");
        ck_assert(memory_equal(&memory, &before));
    }
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "load the same");
    assert_result(command(START_FW, ID), TEE_SUCCESS, "start");
}
END_TEST

/* ---- the normal world ---- */

static void assert_reads(uint32_t from, uint32_t size)
{
    uint32_t at;

    for (at = from; at < from + size; at++)
        ck_assert_msg(shared.reads[at] == 1, "byte %u: %u reads", at, shared.reads[at]);
}

/* Of an image of elf_build(): ELF header, program headers, segments. */
static void assert_image_read_once(struct bytes container, uint32_t image)
{
    const uint32_t phnum = get16(container, image + E_PHNUM);
    uint32_t i;

    assert_reads(image, 52);
    assert_reads(image + ELF_PHOFF, 32 * phnum);
    for (i = 0; i < phnum; i++)
        if (get32(container, image + PHDR(i) + P_TYPE) == PT_LOAD)
            assert_reads(image + get32(container, image + PHDR(i) + P_OFFSET),
                         get32(container, image + PHDR(i) + P_FILESZ));
}

/* Of the container that was shared last. */
static void assert_read_once(struct bytes container)
{
    struct container c;
    const struct tlv *sizes;
    uint32_t image;
    uint32_t i;

    container_split(container, &c);
    sizes = tlv_find(&c, RPROCFW_TLV_IMGSIZE);
    image = payload_offset(&c);
    assert_reads(0, image);
    for (i = 0; i < sizes->size; i += 4) {
        assert_image_read_once(container, image);
        image += get32((struct bytes){sizes->value, sizes->size}, i);
    }
    ck_assert_uint_eq(image, container.size);
}

START_TEST(no_byte_of_the_container_is_read_twice)
{
    start_up();
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "load");
    assert_read_once(shared.bytes);
    assert_loaded("load", good());
    ck_assert_uint_eq(pta.from_shared, 2); /* the third went through the TA */
}
END_TEST

/* Before access number change_at, ... */
static unsigned change_at;
static uint32_t change_byte; /* ... this byte is changed, or those that were read before */

#define READ_BEFORE RPROCFW_NOWHERE

static uint32_t payload; /* where the images of that container start */

/* Section names are read as often as there are sections that could be the resource table. */
static bool is_section_name(uint32_t at)
{
    const uint32_t in_image = (at - payload) % ELF_SIZE;

    return at >= payload && in_image >= ELF_NAMES && in_image < ELF_BODY;
}

static void change(unsigned access)
{
    uint32_t at;

    if (access != change_at)
        return;
    if (change_byte != READ_BEFORE) {
        shared.bytes.data[change_byte] ^= 0xFF;
        return;
    }
    for (at = 0; at < shared.bytes.size; at++)
        if (shared.reads[at] > 0 && !is_section_name(at))
            shared.bytes.data[at] ^= 0xFF;
}

static TEE_Result load_changing(struct bytes container)
{
    const struct bytes copy = arena_copy(container.data, container.size, 0);

    start_up();
    shared.before = change;
    return load_fw(ID, copy);
}

START_TEST(what_was_read_may_change_at_any_time)
{
    struct container c;
    struct bytes container;
    size_t mark;

    firmware_build(&c);
    container = container_join(&c);
    payload = payload_offset(&c);
    change_byte = READ_BEFORE;
    change_at = UINT32_MAX;
    load_changing(container);
    ck_assert_uint_gt(shared.accesses, 20);
    command(RELEASE_FW, ID);
    mark = arena_mark();
    for (change_at = 1;; change_at++) {
        assert_result(load_changing(container), TEE_SUCCESS, "changed behind the TA's back");
        assert_loaded("changed behind the TA's back", container);
        command(RELEASE_FW, ID);
        if (shared.accesses <= change_at)
            break;
        arena_release(mark);
    }
}
END_TEST

/* Any byte, before any access: what comes of it is what was signed, or nothing. */
START_TEST(a_byte_that_changes_is_seen_or_makes_no_difference)
{
    const struct bytes container = good();
    const struct memory expected = loaded_with(container);
    const size_t mark = arena_mark();
    unsigned accesses = 1;
    unsigned refused = 0;

    change_byte = 0;
    for (change_at = 0; change_at < accesses; change_at++) {
        for (change_byte = change_at % 7; change_byte < container.size; change_byte += 7) {
            const TEE_Result result = load_changing(container);

            if (shared.accesses > accesses)
                accesses = shared.accesses;
            if (result == TEE_SUCCESS) {
                ck_assert(memory_equal(&memory, &expected));
                command(RELEASE_FW, ID);
            } else {
                ck_assert(memory_is_clear(&memory));
                refused++;
            }
            arena_release(mark);
        }
    }
    ck_assert_uint_gt(refused, container.size / 7);
}
END_TEST

/* ---- the segment with the resource table ---- */

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

/* Each byte of the segment in turn changes just before the TA gets hold of the container. */
START_TEST(a_changed_byte_of_a_segment_in_pieces_is_refused)
{
    const struct bytes container = with_table(2100, 1016, 2);
    const size_t mark = arena_mark();
    struct container c;
    uint32_t segment;
    uint32_t i;

    container_split(container, &c);
    segment = payload_offset(&c) + ELF_BODY;
    change_at = 0;
    for (i = 0; i < 2100; i += 3) {
        change_byte = segment + i;
        assert_result(load_changing(container), TEE_ERROR_SECURITY, "changed");
        ck_assert(memory_is_clear(&memory));
        arena_release(mark);
    }
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

/* ---- the signature ---- */

START_TEST(the_pta_is_told_algorithm_and_key_information)
{
    const struct bytes container = vector_named("expected", "rsa2048_key_info", ".sig");
    struct container c;
    const struct tlv *info;

    container_split(container, &c);
    info = tlv_find(&c, RPROCFW_TLV_PKEYINFO);
    start_up();
    pta.key = vector_key("rsa2048");
    load_fw(ID, container); /* where it goes does not matter here */
    EVP_PKEY_free(pta.key);
    ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 1);
    ck_assert_uint_eq(pta.key_info_words[0], 0x70004830);
    ck_assert_uint_gt(info->size, 0);
    ck_assert_uint_eq(pta.key_info_words[1], info->size);
    ck_assert_int_eq(memcmp(pta.key_info, info->value, info->size), 0);
}
END_TEST

START_TEST(without_key_information_the_pta_is_told_the_algorithm)
{
    start_up();
    pta.rsa_only = true;
    assert_result(load_fw(ID, vector_named("expected", "p256_single", ".sig")),
                  TEE_ERROR_NOT_SUPPORTED, "ECDSA");
    ck_assert_uint_eq(pta.key_info_words[0], 0x70003042);
    ck_assert_uint_eq(pta.key_info_words[1], 0);
    ck_assert(memory_is_clear(&memory));
}
END_TEST

static TEE_Result load_with_key_information(uint32_t size)
{
    struct container c;
    const struct bytes info = arena_copy(NULL, 0, size);

    memset(info.data, 0xC3, size);
    firmware_build(&c);
    tlv_append(&c, RPROCFW_TLV_PKEYINFO, info.data, info.size);
    container_measure(&c);
    start_up();
    return load_fw(ID, container_join(&c));
}

START_TEST(key_information_that_does_not_fit_is_out_of_memory)
{
    assert_result(load_with_key_information(PIECE - 8), TEE_SUCCESS, "the longest");
    ck_assert_uint_eq(pta.key_info_words[1], PIECE - 8);
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
    assert_result(load_with_key_information(PIECE - 7), TEE_ERROR_OUT_OF_MEMORY, "one more");
    ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 0);
    assert_recovers("one more");
}
END_TEST

START_TEST(another_key_of_the_platform_is_a_wrong_signature)
{
    start_up();
    pta.key = vector_key("rsa2048.pkcs1");
    assert_result(load_fw(ID, good()), TEE_ERROR_SIGNATURE_INVALID, "another key");
    EVP_PKEY_free(pta.key);
    pta.key = NULL;
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256] + pta.calls[SET_MEMORY], 0);
    assert_recovers("another key");
}
END_TEST

int main(void)
{
    const TTest *const each_size[] = {
        a_table_is_found_wherever_it_lies_in_the_pieces_of_its_segment};
    int failed = run_loop_tests("pieces", each_size, 1, COUNT(segment_sizes));

    if (failed != 0)
        return failed;
    RUN_TESTS("load", any_call_of_the_pta_that_fails_clears_memory_and_is_passed_on,
              a_platform_that_does_not_tell_its_capabilities_is_asked_nothing_else,
              a_failed_load_whose_memory_cannot_be_cleared_is_off_and_tells_the_first_reason,
              any_function_of_the_tee_that_fails_clears_memory_and_is_passed_on,
              a_container_with_more_program_headers_than_there_is_room_for_is_out_of_memory,
              the_log_tells_status_and_place, what_the_pta_answers_has_a_status_of_its_own,
              an_encrypted_image_is_refused_before_anything_of_it_is_loaded,
              the_same_container_again_is_not_loaded_again,
              another_container_is_refused_and_the_one_that_is_loaded_stays,
              no_byte_of_the_container_is_read_twice, what_was_read_may_change_at_any_time,
              a_byte_that_changes_is_seen_or_makes_no_difference,
              every_byte_of_the_table_header_is_judged_on_both_sides_of_a_border,
              a_changed_byte_of_a_segment_in_pieces_is_refused,
              a_wrong_resource_table_is_refused_and_cleared,
              the_pta_is_told_algorithm_and_key_information,
              without_key_information_the_pta_is_told_the_algorithm,
              key_information_that_does_not_fit_is_out_of_memory,
              another_key_of_the_platform_is_a_wrong_signature);
}
