/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every bit of a container changed, every length, number and place in it, and each pair of these,
 * through LOAD_FW: what unit-exhaustive and unit-lengths try and judge. The TA answers what core
 * says on their device, has the same bytes in memory, and the same resource table.
 */
#include <stdio.h>

#include <openssl/evp.h>

#include "both.h"
#include "container.h"
#include "firmware.h"
#include "lengths.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "suite.h"

static struct both both;
static unsigned accepted;
static unsigned refused;

/* key NULL: every signature holds. */
static void begin(EVP_PKEY *key)
{
    both_begin(&both, key);
    memory = memory_copy(&both.memory);
    power_on(&memory, 1);
    pta.key = key;
}

static void assert_loaded_as_on_the_device(void)
{
    uint64_t pa;
    uint64_t size;

    require(memory_equal(&memory, &both.memory), "memory is another");
    assert_result(get_rsc_table(ID, &pa, &size), TEE_SUCCESS, "resource table");
    require(pa == both.device.rsc_pa && size == both.device.rsc_size,
            "%llu bytes of resource table at %#llx", (unsigned long long)size,
            (unsigned long long)pa);
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
}

static void judge(struct bytes changed)
{
    const bool good = both_accept(&both, changed);
    const TEE_Result result = rprocfw_status_tee_result(both.device.status);

    memory_poison(&memory);
    assert_result(load_fw(ID, changed), result, status_name(both.device.status));
    if (good)
        assert_loaded_as_on_the_device();
    require(memory_is_clear(&memory), "%s, and memory is not clear",
            status_name(both.device.status));
    accepted += good;
    refused += !good;
}

static void judge_counts(const char *what, unsigned least)
{
    printf("%s: %u changed, %u refused, %u accepted\n", what, accepted + refused, refused,
           accepted);
    ck_assert_uint_ge(accepted + refused, least);
    ck_assert(accepted > 0 && refused > 0);
}

START_TEST(any_bit_changed_is_to_the_ta_what_it_is_to_core)
{
    EVP_PKEY *key = vector_public_key("keys/rsa2048.pub.pem");
    const struct bytes good = firmware_container();
    size_t mark;
    uint32_t bit;

    begin(key);
    mark = arena_mark();
    for (bit = 0; bit < 8 * good.size; bit++) {
        struct bytes changed = arena_copy(good.data, good.size, 0);

        changed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        judge(changed);
        arena_release(mark);
    }
    judge_counts("single bits", 8 * good.size);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(a_length_changed_is_to_the_ta_what_it_is_to_core)
{
    const unsigned fields = lengths_begin();

    begin(NULL);
    lengths_each(judge);
    judge_counts("lengths", 10 * fields);
}
END_TEST

START_TEST(two_lengths_changed_are_to_the_ta_what_they_are_to_core)
{
    const unsigned fields = lengths_begin();

    begin(NULL);
    lengths_each_pair(judge);
    judge_counts("pairs of lengths", 100 * (fields * (fields - 1) / 2));
}
END_TEST

int main(void)
{
    RUN_TESTS("tee-exhaustive", any_bit_changed_is_to_the_ta_what_it_is_to_core,
              a_length_changed_is_to_the_ta_what_it_is_to_core,
              two_lengths_changed_are_to_the_ta_what_they_are_to_core);
}
