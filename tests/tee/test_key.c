/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA with a public key compiled in, COMPILED_IN: it judges signatures without the PTA. */
#include <string.h>

#include "container.h"
#include "normal_world.h"
#include "pta_model.h"
#include "suite.h"
#include "tee.h"
#include "vectors.h"

#define ID 0u

static struct memory memory;

static void start_up(void)
{
    memory = (struct memory){
        .windows = {{0, 0x38000000, 0x20000}, {0x10000000, 0x10000000, 0x40000}},
        .regions = {{0x38000000, 0x20000, NULL}, {0x10000000, 0x40000, NULL}},
    };
    power_on(&memory, 1);
}

/* A container that the key signed. */
static struct bytes good(void)
{
    return vector_named("expected", COMPILED_IN "_single", ".sig");
}

static void assert_refused(const char *what)
{
    ck_assert_msg(memory_is_clear(&memory), "%s: left something in memory", what);
    ck_assert_uint_eq(pta.calls[LOAD_SEGMENT_SHA256] + pta.calls[SET_MEMORY], 0);
}

START_TEST(what_the_key_signed_is_loaded_and_the_pta_is_not_asked)
{
    start_up();
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "load");
    ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 0);
    ck_assert_uint_eq(tee.calls[VERIFY_DIGEST], 1);
}
END_TEST

START_TEST(a_changed_byte_of_signature_or_metadata_is_refused)
{
    struct bytes container = good();
    struct container c;
    uint32_t places[2];
    size_t i;

    container_split(container, &c);
    places[0] = signature_offset(&c) + 5;
    places[1] = value_offset(&c, RPROCFW_TLV_HASHTABLE) + 7;
    for (i = 0; i < COUNT(places); i++) {
        const uint32_t at = places[i];

        container = good();
        container.data[at] ^= 0x40;
        start_up();
        assert_result(load_fw(ID, container), TEE_ERROR_SIGNATURE_INVALID, "changed");
        assert_logged(RPROCFW_ERR_SIGNATURE);
        assert_refused("changed");
    }
}
END_TEST

/* The API may panic at a signature of a size that the key cannot have made. */
START_TEST(a_signature_of_another_size_is_wrong)
{
    static const int by[] = {-1, 1, -32, 32, 256};
    size_t i;

    for (i = 0; i < COUNT(by); i++) {
        struct container c;
        const char *what = "another size";

        container_split(good(), &c);
        c.signature = arena_copy(NULL, 0, (uint32_t)((int)c.signature.size + by[i]));
        memset(c.signature.data, 0x11, c.signature.size);
        container_measure(&c);
        start_up();
        assert_result(load_fw(ID, container_join(&c)), TEE_ERROR_SIGNATURE_INVALID, what);
        ck_assert_uint_eq(tee.calls[VERIFY_DIGEST], 0);
        assert_refused(what);
    }
}
END_TEST

START_TEST(the_other_kind_of_signature_is_not_supported)
{
    struct container c;
    uint8_t *signtype;

    container_split(good(), &c);
    signtype = tlv_find(&c, RPROCFW_TLV_SIGNTYPE)->value;
    *signtype = *signtype == 1 ? 2 : 1;
    start_up();
    assert_result(load_fw(ID, container_join(&c)), TEE_ERROR_NOT_SUPPORTED, "the other kind");
    ck_assert_uint_eq(tee.calls[VERIFY_DIGEST], 0);
    assert_refused("the other kind");
}
END_TEST

START_TEST(signatures_of_all_zeros_and_all_ones_are_wrong)
{
    static const uint8_t fill[] = {0x00, 0xFF};
    size_t i;

    for (i = 0; i < COUNT(fill); i++) {
        struct container c;

        container_split(good(), &c);
        memset(c.signature.data, fill[i], c.signature.size);
        start_up();
        assert_result(load_fw(ID, container_join(&c)), TEE_ERROR_SIGNATURE_INVALID, "constant");
        assert_refused("constant");
    }
}
END_TEST

START_TEST(any_function_of_the_tee_that_fails_is_passed_on)
{
    static const struct {
        enum tee_function function;
        TEE_Result how;
        unsigned call; /* the one for the signature */
    } failures[] = {
        {ALLOCATE_OPERATION, TEE_ERROR_OUT_OF_MEMORY, 2},
        {ALLOCATE_OBJECT, TEE_ERROR_NOT_SUPPORTED, 1},
        {ALLOCATE_OBJECT, TEE_ERROR_OUT_OF_MEMORY, 1},
        {POPULATE_OBJECT, TEE_ERROR_BAD_PARAMETERS, 1},
        {SET_OPERATION_KEY, TEE_ERROR_GENERIC, 1},
        {VERIFY_DIGEST, TEE_ERROR_GENERIC, 1},
    };
    size_t i;

    for (i = 0; i < COUNT(failures); i++) {
        start_up();
        tee.fail = failures[i].function;
        tee.fail_call = failures[i].call;
        tee.how = failures[i].how;
        assert_result(load_fw(ID, good()), failures[i].how, "a function of the TEE fails");
        ck_assert_uint_eq(tee.calls[failures[i].function], failures[i].call);
        assert_refused("a function of the TEE fails");
    }
    start_up();
    assert_result(load_fw(ID, good()), TEE_SUCCESS, "none fails");
}
END_TEST

int main(void)
{
    RUN_TESTS("key", what_the_key_signed_is_loaded_and_the_pta_is_not_asked,
              a_changed_byte_of_signature_or_metadata_is_refused,
              a_signature_of_another_size_is_wrong, the_other_kind_of_signature_is_not_supported,
              signatures_of_all_zeros_and_all_ones_are_wrong,
              any_function_of_the_tee_that_fails_is_passed_on);
}
