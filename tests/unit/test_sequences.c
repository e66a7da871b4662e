/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sequences of Linux's remoteproc: it loads once to find the resource table, and again when it
 * starts the remote processor, having written into the table meanwhile.
 */
#include <string.h>

#include <openssl/evp.h>

#include "container.h"
#include "device.h"
#include "elf_image.h"
#include "firmware.h"
#include "suite.h"

#define ID 0u

static struct container c;
static struct device d;
static struct memory memory;
static struct bytes file;

static void power_on(void)
{
    firmware_build(&c);
    file = container_join(&c);
    memory = firmware_memory();
    device_start_up(&d, &memory, 2);
    d.key = vector_public_key("keys/rsa2048.pub.pem");
}

static void power_off(void)
{
    EVP_PKEY_free(d.key);
}

/* What Linux writes into the resource table that it found: addresses of vrings, say. */
static uint8_t *handle_resources(void)
{
    uint8_t *table;

    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_gt(d.rsc_size, RPROCFW_RSC_HEADER_SIZE);
    table = memory_at_pa(&memory, d.rsc_pa, d.rsc_size);
    memset(table + RPROCFW_RSC_HEADER_SIZE, 0xD0, d.rsc_size - RPROCFW_RSC_HEADER_SIZE);
    return table;
}

/* rproc_boot(): the table of the firmware is handled; the second LOAD must leave it alone. */
static void boot(void)
{
    struct memory handled;

    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_OK);
    handle_resources();
    handled = memory_copy(&memory);
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(device_memory_calls(&d), 0);
    device_start(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.calls.of[START], 1);
    ck_assert(memory_equal(&memory, &handled));
    ck_assert_int_eq(device_state(&d, ID), RPROCFW_RPROC_STARTED);
}

START_TEST(boot_loads_twice_and_keeps_what_linux_wrote_into_the_resource_table)
{
    power_on();
    boot();
    power_off();
}
END_TEST

START_TEST(after_a_stop_it_boots_again)
{
    int times;

    power_on();
    for (times = 0; times < 3; times++) {
        boot();
        device_stop(&d, ID);
        assert_status(&d, RPROCFW_OK);
        ck_assert_uint_eq(d.calls.of[STOP], 1);
        ck_assert_int_eq(device_state(&d, ID), RPROCFW_RPROC_OFF);
    }
    power_off();
}
END_TEST

/* rproc_shutdown() ends with RELEASE. */
START_TEST(after_a_stop_a_release_clears_the_memory)
{
    power_on();
    boot();
    device_stop(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert(!memory_is_clear(&memory));
    device_release(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert(memory_is_clear(&memory));
    boot();
    power_off();
}
END_TEST

/* After a crash: the core dump is taken, LOAD puts all segments back, Linux its table over it. */
START_TEST(recovery_loads_again_and_puts_the_handled_resource_table_back)
{
    uint8_t saved[RSC_SIZE];
    struct memory handled;
    uint8_t *table;

    power_on();
    boot();
    handled = memory_copy(&memory);
    memcpy(saved, memory_at_pa(&memory, FIRMWARE_RSC_PA, RSC_SIZE), RSC_SIZE);
    memset(memory_at(&memory, 0x20001000, 0x80), 0xEE, 0x80); /* the crash */
    device_stop(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(*memory_at(&memory, 0x20001000, 1), 0xEE); /* for the core dump */
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.calls.of[LOAD], 4);
    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_OK);
    table = memory_at_pa(&memory, d.rsc_pa, d.rsc_size);
    ck_assert_int_ne(memcmp(table, saved, RSC_SIZE), 0); /* the firmware's own */
    memcpy(table, saved, RSC_SIZE);
    device_start(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert(memory_equal(&memory, &handled));
    power_off();
}
END_TEST

START_TEST(a_failed_load_does_not_stand_in_the_way_of_a_good_one)
{
    struct bytes bad;

    power_on();
    bad = arena_copy(file.data, file.size, 0);
    bad.data[signature_offset(&c)] ^= 1;
    device_load(&d, ID, bad);
    assert_status(&d, RPROCFW_ERR_SIGNATURE);
    ck_assert(memory_is_clear(&memory));
    boot();
    power_off();
}
END_TEST

/* ---- two remote processors ---- */

/* The platform keeps where ctx points whose memory it is. */
START_TEST(two_remote_processors_run_containers_of_their_own)
{
    struct container other;
    struct memory others = firmware_memory();
    struct memory expected;

    power_on();
    firmware_build_other(&other);
    memory_poison(&others);
    expected = memory_copy(&others);
    memory_load(&expected, container_join(&other));
    boot();

    d.memory = &others;
    device_load(&d, 1, container_join(&other));
    assert_status(&d, RPROCFW_OK);
    ck_assert(memory_equal(&others, &expected));
    d.rsc_pa = 1;
    d.rsc_size = 1;
    device_rsc_table(&d, 1);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.rsc_pa, 0);
    ck_assert_uint_eq(d.rsc_size, 0);
    device_load(&d, 1, file); /* the first one's */
    assert_status(&d, RPROCFW_ERR_OTHER_LOADED);
    device_start(&d, 1);
    assert_status(&d, RPROCFW_OK);

    d.memory = &memory;
    device_rsc_table(&d, ID); /* as it was */
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.rsc_pa, FIRMWARE_RSC_PA);
    device_stop(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_int_eq(device_state(&d, 1), RPROCFW_RPROC_STARTED);
    device_release(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert(memory_is_clear(&memory));
    ck_assert(memory_equal(&others, &expected));
    power_off();
}
END_TEST

START_TEST(a_failed_load_for_one_leaves_the_other_running)
{
    struct memory others = firmware_memory();
    struct memory before;

    power_on();
    boot();
    before = memory_copy(&memory);
    memory_poison(&others);
    d.memory = &others;
    device_load(&d, 1, (struct bytes){file.data, file.size - 8});
    assert_status(&d, RPROCFW_ERR_SIZE);
    ck_assert(memory_is_clear(&others));
    ck_assert(memory_equal(&memory, &before));
    ck_assert_int_eq(device_state(&d, ID), RPROCFW_RPROC_STARTED);
    power_off();
}
END_TEST

/* ---- the containers of tests/vectors ---- */

/* TF-M and Zephyr in one container; Zephyr, the second image, has the resource table. */
static const struct memory mp25 = {
    .windows = {{0x80000000, 0x80000000, 0x110000}, {0x81200000, 0x81200000, 0x2000}},
    .regions = {{0x80000000, 0x1000, NULL}, {0x80100000, 0x2000, NULL}, {0x81200000, 0x2000, NULL}},
};

/* Boots a container of two images, whose resource table is at pa. */
static void boot_two_images(const char *path, uint64_t pa)
{
    struct memory expected;

    memory = mp25;
    device_start_up(&d, &memory, 1);
    d.key = vector_public_key("keys/rsa2048.pub.pem");
    file = vector_load(path);
    expected = memory_copy(&memory);
    memory_load(&expected, file);
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_OK);
    ck_assert(memory_equal(&memory, &expected));
    device_rsc_table(&d, ID);
    ck_assert_uint_eq(d.rsc_pa, pa);
    ck_assert_uint_eq(d.rsc_size, 0x30);
    boot();
    power_off();
}

START_TEST(a_secure_and_a_non_secure_image_boot_from_one_container)
{
    boot_two_images("expected/rsa2048_two_images.sig", 0x80101078);
}
END_TEST

/* By ST's convention the non-secure image is the first; there are platform TLVs. */
START_TEST(so_they_do_in_the_order_of_st)
{
    boot_two_images("expected/st_tfm.sig", 0x80101078);
}
END_TEST

START_TEST(one_image_boots_on_an_stm32mp15)
{
    struct memory expected;

    memory = (struct memory){
        .windows = {{0, 0x38000000, 0x10000}, {0x10000000, 0x10000000, 0x60000}},
        .regions = {{0x38000000, 0x10000, NULL}, {0x10000000, 0x40000, NULL}},
    };
    device_start_up(&d, &memory, 1);
    d.key = vector_public_key("keys/rsa2048.pub.pem");
    file = vector_load("expected/rsa2048_single.sig");
    expected = memory_copy(&memory);
    memory_load(&expected, file);
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_OK);
    ck_assert(memory_equal(&memory, &expected));
    boot();
    ck_assert_uint_eq(d.rsc_pa, 0x1000006C);
    power_off();
}
END_TEST

int main(void)
{
    RUN_TESTS("sequences", boot_loads_twice_and_keeps_what_linux_wrote_into_the_resource_table,
              after_a_stop_it_boots_again, after_a_stop_a_release_clears_the_memory,
              recovery_loads_again_and_puts_the_handled_resource_table_back,
              a_failed_load_does_not_stand_in_the_way_of_a_good_one,
              two_remote_processors_run_containers_of_their_own,
              a_failed_load_for_one_leaves_the_other_running,
              a_secure_and_a_non_secure_image_boot_from_one_container,
              so_they_do_in_the_order_of_st, one_image_boots_on_an_stm32mp15);
}
