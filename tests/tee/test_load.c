/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading: what fails on the way leaves memory clear, what is loaded already stays, and what the
 * PTA is told of the signature.
 */
#include <string.h>

#include <openssl/evp.h>

#include "firmware.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"
#include "suite.h"
#include "tee.h"
#include "vectors.h"

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
        result = load_fw(ID, firmware_container());
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
    assert_result(load_fw(ID, firmware_container()), TEE_ERROR_NOT_SUPPORTED, "load");
    ck_assert(memory_equal(&memory, &before));
    ck_assert_uint_eq(shared.accesses, 0);
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, "again");
}
END_TEST

START_TEST(a_failed_load_whose_memory_cannot_be_cleared_is_off_and_tells_the_first_reason)
{
    start_up();
    pta.release = TEE_ERROR_BAD_STATE;
    pta.fail = LOAD_SEGMENT_SHA256;
    pta.fail_call = 2;
    pta.how = TEE_ERROR_TARGET_DEAD;
    assert_result(load_fw(ID, firmware_container()), TEE_ERROR_TARGET_DEAD, "the platform fails");
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
        result = load_fw(ID, firmware_container());
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
    /* what is signed, and two for the segment with the resource table */
    ck_assert_uint_eq(fail_each_function(ALLOCATE_OPERATION, TEE_ERROR_OUT_OF_MEMORY), 3);
    ck_assert_uint_eq(fail_each_function(DIGEST_DO_FINAL, TEE_ERROR_GENERIC), 3);
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
    struct bytes container = firmware_container();

    start_up();
    assert_result(load_fw(ID, container), TEE_SUCCESS, "load");
    ck_assert_str_eq(tee.log, "remote processor 0: loaded\n");
    command(RELEASE_FW, ID);
    container.data[0] ^= 1;
    assert_result(load_fw(ID, container), TEE_ERROR_BAD_PARAMETERS, "load");
    ck_assert_str_eq(tee.log, "remote processor 0: not loaded: status 11 (0xffff0006)\n"
                              "at byte 0, TLV 0xffffffff, image -1, segment -1: found 0x3543a469, "
                              "expected 0x3543a468\n");
    container.data[0] ^= 1;
    assert_result(load_fw(ID, container), TEE_SUCCESS, "load");
    assert_result(command(START_FW, ID), TEE_SUCCESS, "start");
    assert_result(load_fw(ID, container), TEE_ERROR_BAD_STATE, "a load when started");
    ck_assert_str_eq(tee.log, "remote processor 0: not loaded: status 7 (0xffff0007)\n");
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
        assert_result(load_fw(ID, firmware_container()), answer_to(told->command, told->how),
                      "load");
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
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, "load");
    memory_at_pa(&memory, FIRMWARE_RSC_PA, 1)[0] ^= 0xFF; /* Linux writes into the table */
    before = memory_copy(&memory);
    calls = pta_memory_calls();
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, "load again");
    ck_assert(memory_equal(&memory, &before));
    ck_assert_uint_eq(pta_memory_calls(), calls);
    ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 2);
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
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, "load");
    before = memory_copy(&memory);
    for (i = 0; i < COUNT(others); i++) {
        assert_result(load_fw(ID, others[i]), TEE_ERROR_BAD_STATE, "load another");
        ck_assert(memory_equal(&memory, &before));
    }
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, "load the same");
    assert_result(command(START_FW, ID), TEE_SUCCESS, "start");
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

#define LONGEST 1016u /* RPROCFW_TEE_BUFFER without RPROCFW_PTA_KEY_INFO_HEADER */

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
    assert_result(load_with_key_information(LONGEST), TEE_SUCCESS, "the longest");
    ck_assert_uint_eq(pta.key_info_words[1], LONGEST);
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
    assert_result(load_with_key_information(LONGEST + 1), TEE_ERROR_OUT_OF_MEMORY, "one more");
    ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 0);
    assert_recovers("one more");
}
END_TEST

START_TEST(another_key_of_the_platform_is_a_wrong_signature)
{
    start_up();
    pta.key = vector_key("rsa2048.pkcs1");
    assert_result(load_fw(ID, firmware_container()), TEE_ERROR_SIGNATURE_INVALID, "another key");
    EVP_PKEY_free(pta.key);
    pta.key = NULL;
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256] + pta.calls[SET_MEMORY], 0);
    assert_recovers("another key");
}
END_TEST

int main(void)
{
    RUN_TESTS("load", any_call_of_the_pta_that_fails_clears_memory_and_is_passed_on,
              a_platform_that_does_not_tell_its_capabilities_is_asked_nothing_else,
              a_failed_load_whose_memory_cannot_be_cleared_is_off_and_tells_the_first_reason,
              any_function_of_the_tee_that_fails_clears_memory_and_is_passed_on,
              a_container_with_more_program_headers_than_there_is_room_for_is_out_of_memory,
              the_log_tells_status_and_place, what_the_pta_answers_has_a_status_of_its_own,
              an_encrypted_image_is_refused_before_anything_of_it_is_loaded,
              the_same_container_again_is_not_loaded_again,
              another_container_is_refused_and_the_one_that_is_loaded_stays,
              the_pta_is_told_algorithm_and_key_information,
              without_key_information_the_pta_is_told_the_algorithm,
              key_information_that_does_not_fit_is_out_of_memory,
              another_key_of_the_platform_is_a_wrong_signature);
}
