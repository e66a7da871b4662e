/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All containers of tests/vectors through LOAD_FW: what is accepted is in memory byte by byte, with
 * nothing beside it, and what is refused leaves memory clear. Built once for each way to verify.
 */
#include <string.h>

#include <openssl/evp.h>

#include "container.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "suite.h"
#include "vectors.h"

#ifndef COMPILED_IN
#define COMPILED_IN ""
#endif

/* Room for the 1000 program headers of one of them. */
#ifdef LARGE
#define OF_1000 TEE_SUCCESS
#else
#define OF_1000 TEE_ERROR_OUT_OF_MEMORY
#endif

/* The board of device.tsv; where physical addresses are is not for device.tsv to say. */
#define MEASURED                                                                   \
    {                                                                              \
        .windows = {{0, 0x38000000, 0x20000}, {0x10000000, 0x240000000, 0x40000}}, \
        .regions = {{0x38000000, 0x20000, NULL}, {0x240000000, 0x40000, NULL}},    \
    }

/* And one which has memory wherever a vector goes. */
#define WIDE                                            \
    {                                                   \
        .windows = {{0, 0x38000000, 0x20000},           \
                    {0x10000000, 0x240000000, 0x40000}, \
                    {0x80000000, 0x80000000, 0x120000}, \
                    {0x81200000, 0x0a060000, 0x2000}},  \
        .regions = {{0x38000000, 0x20000, NULL},        \
                    {0x240000000, 0x40000, NULL},       \
                    {0x80000000, 0x120000, NULL},       \
                    {0x0a060000, 0x2000, NULL}},        \
    }

static bool compiled_in(void)
{
    return COMPILED_IN[0] != '\0';
}

/* LOAD_FW of a container whose signature the platform, too, judges with this key. */
static TEE_Result load_signed(struct memory board, struct bytes container, const char *key)
{
    TEE_Result result;

    memory = board;
    power_on(&memory, 1);
    pta.key = vector_key(key);
    result = load_fw(ID, container);
    EVP_PKEY_free(pta.key);
    pta.key = NULL;
    if (compiled_in())
        ck_assert_uint_eq(pta.calls[PTA_VERIFY_DIGEST], 0);
    return result;
}

/* device address and size of its resource table; size 0: it has none. */
static void assert_rsc_table(const char *name, uint32_t da, uint32_t size)
{
    uint64_t expected = 0;
    uint64_t pa;
    uint64_t found;

    ck_assert(size == 0 || memory_find(&memory, da, size, &expected));
    assert_result(get_rsc_table(ID, &pa, &found), TEE_SUCCESS, name);
    ck_assert_msg(pa == expected && found == size, "%s: resource table at %#llx, %llu bytes", name,
                  (unsigned long long)pa, (unsigned long long)found);
}

static void release(const char *name)
{
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, name);
    ck_assert_msg(memory_is_clear(&memory), "%s: still in memory", name);
}

static void assert_refused(const char *name)
{
    uint64_t pa;
    uint64_t size;

    ck_assert_msg(memory_is_clear(&memory), "%s: left something in memory", name);
    assert_result(get_rsc_table(ID, &pa, &size), TEE_ERROR_BAD_STATE, name);
}

static void judge_measured(const struct measured *m)
{
    const char *name = m->row->name;
    const struct bytes container = vector_named("device", name, ".sig");
    TEE_Result result = load_signed((struct memory)MEASURED, container, "rsa2048");

    assert_result(result, rprocfw_status_tee_result(m->row->status), name);
    if (m->has_result)
        ck_assert_msg((result == m->result) == (m->row->unlike == NULL),
                      "%s: %#x, and %#x was measured", name, result, m->result);
    ck_assert_msg((result == TEE_SUCCESS) == m->accepted, "%s: %#x", name, result);
    if (!m->accepted) {
        assert_refused(name);
        return;
    }
    assert_loaded(name, container);
    assert_rsc_table(name, m->rsc_da, m->rsc_size);
    release(name);
}

START_TEST(every_row_of_device_tsv_answers_and_loads_as_measured)
{
    every_measured(judge_measured);
}
END_TEST

/* What LOAD_FW answers on either board, and the resource table where it is loaded. */
static const struct expected {
    const char *name;
    TEE_Result measured;
    TEE_Result wide;
    uint32_t rsc_da;
    uint32_t rsc_size;
} expected[] = {
    {"p256_single", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"p256_two_images", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
    {"rsa2048_all", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
    {"rsa2048_debug", TEE_SUCCESS, TEE_SUCCESS, 0x1000008C, 0x30},
    /* a board refuses it for a program header that it takes for another; all of it is signed */
    {"rsa2048_device_refuses", TEE_SUCCESS, TEE_SUCCESS, 0, 0},
    {"rsa2048_encrypted", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_exidx", TEE_SUCCESS, TEE_SUCCESS, 0x10000094, 0x30},
    {"rsa2048_key_info", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_pad1", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_pad5", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_pkcs1", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_plat_tlv", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_plat_tlv_dup", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa2048_segments1000", OF_1000, OF_1000, 0, 0},
    {"rsa2048_single", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    /* two resource tables */
    {"rsa2048_three_images", TEE_ERROR_ACCESS_DENIED, TEE_ERROR_BAD_FORMAT, 0, 0},
    {"rsa2048_two_images", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
    {"rsa3072_single", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"rsa4096_single", TEE_SUCCESS, TEE_SUCCESS, 0x1000006C, 0x30},
    {"st_ecc", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
    {"st_encrypted", TEE_ERROR_ACCESS_DENIED, TEE_ERROR_BAD_FORMAT, 0, 0},
    {"st_encrypted_two", TEE_ERROR_ACCESS_DENIED, TEE_ERROR_BAD_FORMAT, 0, 0},
    {"st_key_info", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
    {"st_single", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
    {"st_tfm", TEE_ERROR_ACCESS_DENIED, TEE_SUCCESS, 0x80101078, 0x30},
};

static const struct made *made_named(const char *name)
{
    unsigned i;

    for (i = 0; i < made_count; i++)
        if (strcmp(all_made[i].name, name) == 0)
            return &all_made[i];
    ck_abort_msg("no container %s", name);
    return NULL;
}

static bool is_ecdsa(const char *key)
{
    return strcmp(key, "p256") == 0;
}

/* With another key compiled in nothing comes after the signature. */
static TEE_Result with_this_key(TEE_Result result, const char *key)
{
    if (!compiled_in() || strcmp(key, COMPILED_IN) == 0)
        return result;
    if (result == TEE_ERROR_OUT_OF_MEMORY) /* that comes before */
        return result;
    return is_ecdsa(key) != is_ecdsa(COMPILED_IN) ? TEE_ERROR_NOT_SUPPORTED
                                                  : TEE_ERROR_SIGNATURE_INVALID;
}

static void judge_expected(struct memory board, const struct expected *e, TEE_Result on_board)
{
    const struct bytes container = vector_named("expected", e->name, ".sig");
    const struct made *made = made_named(e->name);
    const TEE_Result result = with_this_key(on_board, made->key);

    assert_result(load_signed(board, container, made->key), result, e->name);
    if (result != TEE_SUCCESS) {
        assert_refused(e->name);
        return;
    }
    assert_loaded(e->name, container);
    assert_rsc_table(e->name, e->rsc_da, e->rsc_size);
    release(e->name);
}

START_TEST(every_expected_container_loads_where_there_is_memory_for_it)
{
    size_t i;

    ck_assert_uint_eq(COUNT(expected), made_count);
    for (i = 0; i < COUNT(expected); i++) {
        judge_expected((struct memory)MEASURED, &expected[i], expected[i].measured);
        arena_release(0);
        judge_expected((struct memory)WIDE, &expected[i], expected[i].wide);
        arena_release(0);
    }
}
END_TEST

int main(void)
{
    /* device.tsv was signed with the one key */
    if (compiled_in() && strcmp(COMPILED_IN, "rsa2048") != 0) {
        RUN_TESTS("vectors", every_expected_container_loads_where_there_is_memory_for_it);
    }
    RUN_TESTS("vectors", every_row_of_device_tsv_answers_and_loads_as_measured,
              every_expected_container_loads_where_there_is_memory_for_it);
}
