/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions, commands, their parameters, and the states of remote processors. */
#include <string.h>

#include "firmware.h"
#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"
#include "suite.h"
#include "tee.h"

#define ID      0u
#define OTHER   1u
#define THIRD   2u /* one more than CFG_RPROCFW_COUNT */
#define UNKNOWN 7u /* to the PTA */

#define NONE      TEE_PARAM_TYPE_NONE
#define VALUE_IN  TEE_PARAM_TYPE_VALUE_INPUT
#define VALUE_OUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT
#define ID_ONLY   TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE)

static struct memory memory[MAX_CORES];

static void start_up(void)
{
    unsigned i;

    for (i = 0; i < MAX_CORES; i++)
        memory[i] = firmware_memory();
    power_on(memory, MAX_CORES);
}

static void load(uint32_t id)
{
    assert_result(load_fw(id, firmware_container()), TEE_SUCCESS, "load");
}

/* ---- sessions ---- */

START_TEST(one_session_with_the_pta_serves_all_sessions)
{
    start_up();
    assert_result(open_session(ID), TEE_SUCCESS, "first");
    assert_result(open_session(OTHER), TEE_SUCCESS, "second");
    ck_assert_uint_eq(pta.sessions, 1);
    close_session();
    assert_result(command(STOP_FW, ID), TEE_ERROR_BAD_PARAMETERS, "not loaded");
    close_session();
    assert_result(open_session(ID), TEE_SUCCESS, "third");
    ck_assert_uint_eq(pta.sessions, 2);
    load(ID);
    close_session();
}
END_TEST

START_TEST(a_session_that_the_pta_refuses_is_refused)
{
    start_up();
    assert_result(open_session(UNKNOWN), TEE_ERROR_NOT_SUPPORTED, "an unknown id");
    pta.open_result = TEE_ERROR_ACCESS_DENIED;
    assert_result(open_session(ID), TEE_ERROR_ACCESS_DENIED, "passed on");
    pta.open_result = TEE_SUCCESS;
    assert_result(open_session(ID), TEE_SUCCESS, "again");
    ck_assert_uint_eq(pta.sessions, 3);
    load(ID);
}
END_TEST

START_TEST(a_session_is_opened_with_an_id_and_nothing_else)
{
    TEE_Param params[TEE_NUM_PARAMS];
    void *data = NULL;
    uint32_t types;

    start_up();
    memset(params, 0, sizeof(params));
    for (types = 0; types < 0x10000; types++) {
        if (types != ID_ONLY)
            assert_result(TA_OpenSessionEntryPoint(types, params, &data), TEE_ERROR_BAD_PARAMETERS,
                          "wrong types");
    }
    ck_assert_uint_eq(pta.sessions, 0);
}
END_TEST

START_TEST(what_is_loaded_outlives_the_session)
{
    start_up();
    load(ID);
    close_session();
    assert_result(open_session(ID), TEE_SUCCESS, "open");
    assert_result(command(START_FW, ID), TEE_SUCCESS, "start");
    ck_assert(pta.started[ID]);
}
END_TEST

/* ---- parameters ---- */

static const struct ta_entry {
    uint32_t number;
    uint32_t types;
} commands[] = {
    {LOAD_FW, TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, NONE, NONE)},
    {START_FW, ID_ONLY},
    {STOP_FW, ID_ONLY},
    {GET_RSC_TABLE, TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, VALUE_OUT, NONE)},
    {RELEASE_FW, ID_ONLY},
};

static unsigned all_pta_calls(void)
{
    unsigned sum = 0;
    unsigned i;

    for (i = 0; i < PTA_COMMANDS; i++)
        sum += pta.calls[i];
    return sum;
}

/* Of one command all parameter types but the right ones. */
static void refuse_wrong_types(uint32_t number, uint32_t right)
{
    TEE_Param params[TEE_NUM_PARAMS];
    uint32_t types;

    for (types = 0; types < 0x10000; types++) {
        if (types == right)
            continue;
        memset(params, 0, sizeof(params));
        assert_result(invoke(number, types, params), TEE_ERROR_BAD_PARAMETERS, "wrong types");
    }
}

START_TEST(wrong_parameter_types_are_refused_and_nothing_is_done)
{
    unsigned calls;
    const struct ta_entry *entry;

    start_up();
    load(ID);
    calls = all_pta_calls();
    for (entry = commands; entry < commands + COUNT(commands); entry++)
        refuse_wrong_types(entry->number, entry->types);
    ck_assert_uint_eq(all_pta_calls(), calls);
    assert_result(command(START_FW, ID), TEE_SUCCESS, "still loaded");
}
END_TEST

START_TEST(a_core_dump_is_not_implemented)
{
    TEE_Param params[TEE_NUM_PARAMS];

    start_up();
    load(ID);
    memset(params, 0, sizeof(params));
    assert_result(invoke(GET_COREDUMP,
                         TEE_PARAM_TYPES(VALUE_IN, TEE_PARAM_TYPE_MEMREF_OUTPUT, NONE, NONE),
                         params),
                  TEE_ERROR_NOT_IMPLEMENTED, "core dump");
}
END_TEST

START_TEST(commands_that_are_none_are_refused)
{
    static const uint32_t none[] = {0, 7, 8, 0x101, UINT32_MAX};
    size_t i;

    start_up();
    load(ID);
    for (i = 0; i < COUNT(none); i++)
        assert_result(command((enum ta_command)none[i], ID), TEE_ERROR_BAD_PARAMETERS, "none");
}
END_TEST

static TEE_Result load_memref(void *buffer, size_t size)
{
    TEE_Param params[TEE_NUM_PARAMS] = {
        {.value = {.a = ID}},
        {.memref = {.buffer = buffer, .size = size}},
    };

    return invoke(LOAD_FW, TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, NONE, NONE), params);
}

START_TEST(a_container_is_a_buffer_of_a_32_bit_size)
{
    const struct bytes container = firmware_container();
    void *address;

    start_up();
    assert_result(open_session(ID), TEE_SUCCESS, "open");
    address = shared_give(container);
    assert_result(load_memref(NULL, container.size), TEE_ERROR_BAD_PARAMETERS, "no buffer");
    assert_result(load_memref(NULL, 0), TEE_ERROR_BAD_PARAMETERS, "nothing");
    assert_result(load_memref(address, 0), TEE_ERROR_BAD_PARAMETERS, "empty");
    if (sizeof(size_t) > 4)
        assert_result(load_memref(address, ((size_t)1 << 16 << 16) + container.size),
                      TEE_ERROR_BAD_PARAMETERS, "cut to 32 bits it would be right");
    ck_assert_uint_eq(shared.accesses, 0);
    assert_result(load_memref(address, container.size), TEE_SUCCESS, "right");
}
END_TEST

/* ---- states ---- */

/* What to do, one letter each: Load, sTart, stOp, Release, Get table, load Another container. */
static const struct sequence {
    const char *letters;
    TEE_Result last; /* all others succeed */
} sequences[] = {
    {"L", TEE_SUCCESS},
    {"LL", TEE_SUCCESS},
    {"LA", TEE_ERROR_BAD_STATE},
    {"LG", TEE_SUCCESS},
    {"LO", TEE_ERROR_BAD_STATE},
    {"LR", TEE_SUCCESS},
    {"LRR", TEE_SUCCESS},
    {"LRG", TEE_ERROR_BAD_STATE},
    {"LRT", TEE_ERROR_BAD_STATE},
    {"LRO", TEE_SUCCESS},
    {"LRA", TEE_SUCCESS},
    {"LT", TEE_SUCCESS},
    {"LTT", TEE_SUCCESS},
    {"LTG", TEE_SUCCESS},
    {"LTL", TEE_ERROR_BAD_STATE},
    {"LTA", TEE_ERROR_BAD_STATE},
    {"LTR", TEE_ERROR_BAD_STATE},
    {"LTO", TEE_SUCCESS},
    {"LTOO", TEE_SUCCESS},
    {"LTOG", TEE_ERROR_BAD_STATE},
    {"LTOT", TEE_ERROR_BAD_STATE},
    {"LTOR", TEE_SUCCESS},
    {"LTOA", TEE_SUCCESS},
    {"LGLT", TEE_SUCCESS},        /* Linux boots it */
    {"LGLTOLGLTOR", TEE_SUCCESS}, /* it crashes, comes back and is removed */
};

static TEE_Result step(char letter)
{
    struct container c;
    uint64_t pa;
    uint64_t size;

    switch (letter) {
    case 'L':
        return load_fw(ID, firmware_container());
    case 'A':
        firmware_build_other(&c);
        return load_fw(ID, container_join(&c));
    case 'T':
        return command(START_FW, ID);
    case 'O':
        return command(STOP_FW, ID);
    case 'R':
        return command(RELEASE_FW, ID);
    case 'G':
        return get_rsc_table(ID, &pa, &size);
    }
    ck_abort_msg("no step %c", letter);
    return TEE_ERROR_GENERIC;
}

START_TEST(commands_answer_by_the_state_of_the_remote_processor)
{
    const struct sequence *sequence = &sequences[_i];
    const char *letter;

    start_up();
    for (letter = sequence->letters; letter[1] != '\0'; letter++)
        assert_result(step(*letter), TEE_SUCCESS, sequence->letters);
    assert_result(step(*letter), sequence->last, sequence->letters);
}
END_TEST

START_TEST(an_id_that_was_never_loaded_is_refused)
{
    uint64_t pa;
    uint64_t size;

    start_up();
    load(ID);
    assert_result(command(START_FW, OTHER), TEE_ERROR_BAD_PARAMETERS, "start");
    assert_result(command(STOP_FW, OTHER), TEE_ERROR_BAD_PARAMETERS, "stop");
    assert_result(command(RELEASE_FW, OTHER), TEE_ERROR_BAD_PARAMETERS, "release");
    assert_result(get_rsc_table(OTHER, &pa, &size), TEE_ERROR_BAD_PARAMETERS, "table");
    ck_assert_uint_eq(pta.id, ID);
}
END_TEST

START_TEST(the_resource_table_is_told_in_two_words_each)
{
    uint64_t pa;
    uint64_t size;

    start_up();
    load(ID);
    assert_result(get_rsc_table(ID, &pa, &size), TEE_SUCCESS, "table");
    ck_assert_msg(pa == FIRMWARE_RSC_PA, "%#llx", (unsigned long long)pa);
    ck_assert_msg(size == RSC_SIZE, "%#llx", (unsigned long long)size);
}
END_TEST

START_TEST(without_a_resource_table_both_are_zero)
{
    struct container c;
    uint64_t pa;
    uint64_t size;

    start_up();
    firmware_build_other(&c);
    assert_result(load_fw(ID, container_join(&c)), TEE_SUCCESS, "load");
    assert_result(get_rsc_table(ID, &pa, &size), TEE_SUCCESS, "table");
    ck_assert(pa == 0 && size == 0);
}
END_TEST

/* ---- several remote processors ---- */

START_TEST(remote_processors_do_not_touch_each_other)
{
    struct container c;
    struct memory before;

    start_up();
    load(ID);
    assert_result(command(START_FW, ID), TEE_SUCCESS, "start one");
    before = memory_copy(&memory[ID]);
    firmware_build_other(&c);
    assert_result(load_fw(OTHER, container_join(&c)), TEE_SUCCESS, "load the other");
    assert_result(command(RELEASE_FW, OTHER), TEE_SUCCESS, "release the other");
    ck_assert(memory_is_clear(&memory[OTHER]));
    ck_assert(memory_equal(&memory[ID], &before));
    ck_assert(pta.started[ID]);
    assert_result(command(STOP_FW, ID), TEE_SUCCESS, "stop one");
    ck_assert(memory_equal(&memory[ID], &before));
}
END_TEST

START_TEST(one_remote_processor_too_many_is_out_of_memory)
{
    struct memory before;

    start_up();
    load(ID);
    load(OTHER);
    before = memory_copy(&memory[THIRD]);
    assert_result(load_fw(THIRD, firmware_container()), TEE_ERROR_OUT_OF_MEMORY, "the third");
    ck_assert(memory_equal(&memory[THIRD], &before));
    assert_result(command(START_FW, OTHER), TEE_SUCCESS, "the second");
}
END_TEST

START_TEST(an_id_that_the_platform_does_not_know_takes_no_place)
{
    uint32_t id;

    start_up();
    assert_result(open_session(ID), TEE_SUCCESS, "open");
    for (id = UNKNOWN; id < UNKNOWN + 4; id++)
        assert_result(load_fw(id, firmware_container()), TEE_ERROR_NOT_SUPPORTED, "unknown");
    load(ID);
    load(OTHER);
}
END_TEST

START_TEST(a_platform_that_cannot_load_hashed_elf_images_is_not_asked_for_more)
{
    start_up();
    pta.lacks_formats = 1;
    assert_result(load_fw(ID, firmware_container()), TEE_ERROR_NOT_IMPLEMENTED, "no ELF");
    pta.lacks_formats = 0;
    pta.lacks_protections = 1;
    assert_result(load_fw(OTHER, firmware_container()), TEE_ERROR_NOT_IMPLEMENTED, "no hash table");
    pta.lacks_protections = 0;
    ck_assert_uint_eq(all_pta_calls(), pta.calls[HW_CAPABILITIES]);
    load(OTHER);
    load(THIRD); /* neither took a place */
}
END_TEST

/* ---- a platform that fails ---- */

static void fail_next(enum pta_command which, TEE_Result how)
{
    pta.fail = which;
    pta.fail_call = pta.calls[which] + 1;
    pta.how = how;
}

START_TEST(a_platform_that_cannot_start_stop_or_release_says_why)
{
    start_up();
    load(ID);
    fail_next(FIRMWARE_START, TEE_ERROR_TARGET_DEAD);
    assert_result(command(START_FW, ID), TEE_ERROR_TARGET_DEAD, "start");
    assert_result(command(START_FW, ID), TEE_SUCCESS, "start again");
    fail_next(FIRMWARE_STOP, TEE_ERROR_BAD_STATE);
    assert_result(command(STOP_FW, ID), TEE_ERROR_BAD_STATE, "stop");
    ck_assert(pta.started[ID]);
    assert_result(command(STOP_FW, ID), TEE_SUCCESS, "stop again");
    load(ID);
    fail_next(PTA_RELEASE, TEE_ERROR_GENERIC);
    assert_result(command(RELEASE_FW, ID), TEE_ERROR_GENERIC, "release");
    assert_result(command(START_FW, ID), TEE_ERROR_BAD_STATE, "what may be half cleared");
    load(ID);
}
END_TEST

int main(void)
{
    const TTest *const each_sequence[] = {commands_answer_by_the_state_of_the_remote_processor};
    int failed = run_loop_tests("states", each_sequence, 1, COUNT(sequences));

    if (failed != 0)
        return failed;
    RUN_TESTS("commands", one_session_with_the_pta_serves_all_sessions,
              a_session_that_the_pta_refuses_is_refused,
              a_session_is_opened_with_an_id_and_nothing_else, what_is_loaded_outlives_the_session,
              wrong_parameter_types_are_refused_and_nothing_is_done, a_core_dump_is_not_implemented,
              commands_that_are_none_are_refused, a_container_is_a_buffer_of_a_32_bit_size,
              an_id_that_was_never_loaded_is_refused, the_resource_table_is_told_in_two_words_each,
              without_a_resource_table_both_are_zero, remote_processors_do_not_touch_each_other,
              one_remote_processor_too_many_is_out_of_memory,
              an_id_that_the_platform_does_not_know_takes_no_place,
              a_platform_that_cannot_load_hashed_elf_images_is_not_asked_for_more,
              a_platform_that_cannot_start_stop_or_release_says_why);
}
