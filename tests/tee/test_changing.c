/* SPDX-License-Identifier: BSD-2-Clause */
/* A normal world that writes the container while it is loaded. */
#include "firmware.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"
#include "suite.h"

START_TEST(no_byte_of_the_container_is_read_twice)
{
    start_up();
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, "load");
    assert_read_once(shared.bytes);
    assert_loaded("load", firmware_container());
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
    const struct bytes container = firmware_container();
    const struct memory expected = loaded_with(container);
    const size_t mark = arena_mark();
    unsigned accesses = 1;
    unsigned refused = 0;

    change_byte = 0;
    for (change_at = 0; change_at < accesses; change_at++) {
        for (change_byte = change_at % 11; change_byte < container.size; change_byte += 11) {
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
    ck_assert_uint_gt(refused, container.size / 11);
}
END_TEST

int main(void)
{
    RUN_TESTS("changing", no_byte_of_the_container_is_read_twice,
              what_was_read_may_change_at_any_time,
              a_byte_that_changes_is_seen_or_makes_no_difference);
}
