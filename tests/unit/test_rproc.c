/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a remote processor: what each operation does in each state, and when it fails. */
#include <string.h>

#include <openssl/evp.h>

#include "container.h"
#include "device.h"
#include "elf_image.h"
#include "firmware.h"
#include "suite.h"

#define ID 7u

static struct container c;
static struct device d;
static struct memory memory;
static struct bytes file; /* c, joined */

/* A device in state OFF. */
static void power_up(void)
{
    memory = firmware_memory();
    device_start_up(&d, &memory, MAX_RPROCS);
}

/* And a container for it. */
static void start_up(void)
{
    firmware_build(&c);
    file = container_join(&c);
    power_up();
}

/* The next failure: the call-th call of which. */
static void fail_at(enum callback which, unsigned call, enum rprocfw_status how)
{
    d.calls.fail = which;
    d.calls.fail_call = call;
    d.calls.how = how;
}

static void load(void)
{
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_OK);
    ck_assert_int_eq(device_state(&d, ID), RPROCFW_RPROC_LOADED);
}

/* ---- the table of rproc.h ---- */

enum operation { OP_LOAD, OP_START, OP_STOP, OP_RSC, OP_RELEASE };

static enum rprocfw_status operate(enum operation operation, uint32_t id)
{
    switch (operation) {
    case OP_LOAD:
        return device_load(&d, id, file);
    case OP_START:
        return device_start(&d, id);
    case OP_STOP:
        return device_stop(&d, id);
    case OP_RSC:
        return device_rsc_table(&d, id);
    case OP_RELEASE:
        return device_release(&d, id);
    }
    return RPROCFW_ERR_USAGE;
}

/* From OFF, which a remote processor that core knows is in again after a stop. */
static void go_to(enum rprocfw_rproc_state state)
{
    start_up();
    load();
    if (state != RPROCFW_RPROC_LOADED) {
        device_start(&d, ID);
        assert_status(&d, RPROCFW_OK);
    }
    if (state == RPROCFW_RPROC_OFF) {
        device_stop(&d, ID);
        assert_status(&d, RPROCFW_OK);
    }
    ck_assert_int_eq(device_state(&d, ID), state);
}

#define OFF     RPROCFW_RPROC_OFF
#define LOADED  RPROCFW_RPROC_LOADED
#define STARTED RPROCFW_RPROC_STARTED
#define NOTHING CALLBACKS

static const struct cell {
    enum operation operation;
    enum rprocfw_rproc_state state;
    enum rprocfw_status status;
    enum rprocfw_rproc_state next;
    enum callback call; /* the one of START, STOP, RELEASE, LOAD that is called; or NOTHING */
} cells[] = {
    {OP_LOAD, OFF, RPROCFW_OK, LOADED, LOAD},
    {OP_LOAD, LOADED, RPROCFW_OK, LOADED, NOTHING},
    {OP_LOAD, STARTED, RPROCFW_ERR_STATE, STARTED, NOTHING},
    {OP_START, OFF, RPROCFW_ERR_STATE, OFF, NOTHING},
    {OP_START, LOADED, RPROCFW_OK, STARTED, START},
    {OP_START, STARTED, RPROCFW_OK, STARTED, NOTHING},
    {OP_STOP, OFF, RPROCFW_OK, OFF, NOTHING},
    {OP_STOP, LOADED, RPROCFW_ERR_STATE, LOADED, NOTHING},
    {OP_STOP, STARTED, RPROCFW_OK, OFF, STOP},
    {OP_RSC, OFF, RPROCFW_ERR_STATE, OFF, NOTHING},
    {OP_RSC, LOADED, RPROCFW_OK, LOADED, NOTHING},
    {OP_RSC, STARTED, RPROCFW_OK, STARTED, NOTHING},
    {OP_RELEASE, OFF, RPROCFW_OK, OFF, RELEASE},
    {OP_RELEASE, LOADED, RPROCFW_OK, OFF, RELEASE},
    {OP_RELEASE, STARTED, RPROCFW_ERR_STATE, STARTED, NOTHING},
};

/* Of the callbacks that do something to the remote processor only that one, and it once. */
static void only_called(enum callback call)
{
    static const enum callback acting[] = {LOAD, ZERO, START, STOP, RELEASE};
    size_t i;

    for (i = 0; i < COUNT(acting); i++) {
        const unsigned calls = d.calls.of[acting[i]];

        if (call == LOAD && (acting[i] == LOAD || acting[i] == ZERO))
            ck_assert_uint_gt(calls, 0);
        else
            ck_assert_uint_eq(calls, acting[i] == call ? 1 : 0);
    }
}

START_TEST(every_operation_in_every_state_does_what_the_table_says)
{
    const struct cell *cell = &cells[_i];
    struct memory before;

    go_to(cell->state);
    before = memory_copy(&memory);
    d.rsc_pa = 1;
    d.rsc_size = 1;
    operate(cell->operation, ID);
    assert_status(&d, cell->status);
    ck_assert_int_eq(device_state(&d, ID), cell->next);
    only_called(cell->call);
    if (cell->call == RELEASE)
        ck_assert(memory_is_clear(&memory));
    else
        ck_assert(memory_equal(&memory, &before));
    if (cell->operation == OP_RSC && cell->status == RPROCFW_OK) {
        ck_assert_uint_eq(d.rsc_pa, FIRMWARE_RSC_PA);
        ck_assert_uint_eq(d.rsc_size, RSC_SIZE);
    } else {
        ck_assert_uint_eq(d.rsc_pa, 1);
        ck_assert_uint_eq(d.rsc_size, 1);
    }
}
END_TEST

/* What is not judged is not read. */
START_TEST(a_load_when_started_reads_nothing)
{
    go_to(STARTED);
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_ERR_STATE);
    ck_assert_uint_eq(d.calls.of[READ], 0);
}
END_TEST

/* ---- what a load puts into memory ---- */

START_TEST(a_load_writes_the_segments_and_their_zero_fill_and_nothing_else)
{
    struct memory expected;

    start_up();
    expected = memory_copy(&memory);
    memory_load(&expected, file);
    load();
    ck_assert(memory_equal(&memory, &expected));
    ck_assert_uint_eq(d.calls.of[LOAD], 4);
    ck_assert_uint_eq(d.calls.of[ZERO], 2);
    ck_assert(!memory_is_clear(&memory));
    ck_assert_uint_eq(*memory_at(&memory, 0x2000013F, 1), 0);
    ck_assert_uint_ne(*memory_at(&memory, 0x20000140, 1), 0); /* the poison behind it */
    ck_assert_uint_eq(*memory_at(&memory, 0x20002000, 1), 0); /* a segment without bytes */
}
END_TEST

START_TEST(segments_are_loaded_in_the_order_of_the_table_each_followed_by_its_zero_fill)
{
    static const struct write order[] = {{0x500000000, 0x10, false},
                                         {0x138000000, 0x100, false},
                                         {0x138000100, 0x40, true},
                                         {0x138001000, 0x80, false},
                                         {0x138002000, 0x100, true}};
    size_t i;

    start_up();
    load();
    ck_assert_uint_eq(d.write_count, COUNT(order));
    for (i = 0; i < COUNT(order); i++) {
        ck_assert_uint_eq(d.writes[i].pa, order[i].pa);
        ck_assert_uint_eq(d.writes[i].size, order[i].size);
        ck_assert_int_eq(d.writes[i].zero, order[i].zero);
    }
}
END_TEST

static void is_off(struct device *device, unsigned access)
{
    (void)access;
    ck_assert_int_eq(device_state(device, ID), OFF);
}

START_TEST(until_a_load_is_done_the_state_is_off)
{
    start_up();
    d.before = is_off;
    load();
    go_to(OFF);
    d.before = is_off;
    load();
}
END_TEST

START_TEST(a_load_after_a_stop_loads_over_what_is_there)
{
    struct memory expected;

    go_to(OFF);
    memory_poison(&memory);
    expected = memory_copy(&memory);
    memory_load(&expected, file);
    load();
    ck_assert(memory_equal(&memory, &expected));
}
END_TEST

/* ---- load again ---- */

/* Refused, and nothing was done to the remote processor. */
static void other_is_refused(struct bytes other)
{
    struct memory before = memory_copy(&memory);

    device_load(&d, ID, other);
    assert_status(&d, RPROCFW_ERR_OTHER_LOADED);
    only_called(NOTHING);
    ck_assert(memory_equal(&memory, &before));
    ck_assert_int_eq(device_state(&d, ID), LOADED);
    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.rsc_pa, FIRMWARE_RSC_PA);
}

START_TEST(the_loaded_container_again_is_a_success_that_loads_nothing)
{
    struct memory expected;

    go_to(LOADED);
    memory_at(&memory, 0x20000000, 1)[0] ^= 0xFF; /* Linux changes the resource table, say */
    expected = memory_copy(&memory);
    load();
    only_called(NOTHING);
    ck_assert_uint_eq(d.calls.of[VERIFY_SIGNATURE], 1);
    ck_assert(memory_equal(&memory, &expected));
}
END_TEST

START_TEST(another_container_is_refused_while_one_is_loaded)
{
    struct container other;

    firmware_build_other(&other);
    go_to(LOADED);
    other_is_refused(container_join(&other));
}
END_TEST

START_TEST(any_bit_of_the_metadata_makes_it_another_container)
{
    uint32_t i;

    go_to(LOADED);
    d.key = vector_public_key("keys/rsa2048.pub.pem");
    for (i = 0; i < payload_offset(&c); i++) {
        const size_t mark = arena_mark();
        struct bytes changed = arena_copy(file.data, file.size, 0);

        changed.data[i] ^= (uint8_t)(1u << i % 8);
        other_is_refused(changed);
        arena_release(mark);
    }
    load();
    EVP_PKEY_free(d.key);
}
END_TEST

/* Of the digest that was kept and the one of now: the byte that differs; 32: none. */
static uint32_t different;

static uint32_t authentic_with_difference(void *ctx, const struct rprocfw_signed *what)
{
    struct device *device = ctx;

    (void)calls_count(&device->calls, VERIFY_SIGNATURE);
    memset(what->sha256, 0x11, RPROCFW_SHA256_SIZE);
    if (different < RPROCFW_SHA256_SIZE)
        what->sha256[different] ^= 0x80;
    return RPROCFW_AUTHENTIC;
}

/* Of what is not signed the digest does not tell. */
START_TEST(padding_of_the_signature_makes_it_another_container)
{
    struct bytes changed;

    start_up();
    c.signature.size = 61;
    container_measure(&c);
    file = container_join(&c);
    load();
    changed = arena_copy(file.data, file.size, 0);
    changed.data[signature_offset(&c) + 61] = 1;
    other_is_refused(changed);
    changed.data[signature_offset(&c) + 61] = 0;
    device_load(&d, ID, changed);
    assert_status(&d, RPROCFW_OK);
    only_called(NOTHING);
}
END_TEST

START_TEST(every_byte_of_the_digest_counts)
{
    different = RPROCFW_SHA256_SIZE;
    start_up();
    d.platform.verify_signature = authentic_with_difference;
    load();
    for (different = 0; different < RPROCFW_SHA256_SIZE; different++)
        other_is_refused(file);
    load();
    only_called(NOTHING);
}
END_TEST

START_TEST(garbage_is_another_container)
{
    struct bytes garbage = arena_copy(NULL, 0, 4096);
    uint32_t size;

    go_to(LOADED);
    for (size = 0; size <= 40; size++)
        other_is_refused((struct bytes){garbage.data, size});
    other_is_refused(garbage);
    memset(garbage.data, 0xFF, garbage.size);
    other_is_refused(garbage);
    other_is_refused((struct bytes){file.data, file.size - 8});
    other_is_refused((struct bytes){file.data, 20});
    other_is_refused(arena_copy(file.data, file.size, 8));
}
END_TEST

/* Lengths that add up, and a work buffer that would not do: it is not asked for. */
START_TEST(metadata_of_another_size_are_another_container)
{
    const uint32_t by[] = {8, 0u - 8u};
    size_t i;

    go_to(LOADED);
    d.work = arena_copy(NULL, 0, 8);
    for (i = 0; i < COUNT(by); i++) {
        struct bytes other = arena_copy(file.data, file.size, 0);

        rprocfw_u32_encode(other.data + 8, rprocfw_u32_decode(other.data + 8) + by[i]);
        rprocfw_u32_encode(other.data + 16, rprocfw_u32_decode(other.data + 16) - by[i]);
        other_is_refused(other);
    }
}
END_TEST

/* What is loaded was verified; where it came from does not matter any more. */
START_TEST(the_payload_is_not_looked_at_again)
{
    struct bytes changed;
    uint32_t i;

    go_to(LOADED);
    changed = arena_copy(file.data, file.size, 0);
    memset(changed.data + payload_offset(&c), 0, changed.size - payload_offset(&c));
    device_load(&d, ID, changed);
    assert_status(&d, RPROCFW_OK);
    for (i = 0; i < file.size; i++)
        ck_assert_uint_eq(d.reads[i], i < payload_offset(&c) ? 1 : 0);
}
END_TEST

START_TEST(the_other_container_can_be_loaded_after_a_release_or_a_stop)
{
    static const enum operation ways[] = {OP_RELEASE, OP_STOP};
    struct container other;
    size_t i;

    for (i = 0; i < COUNT(ways); i++) {
        struct memory expected;

        firmware_build_other(&other);
        go_to(ways[i] == OP_STOP ? STARTED : LOADED);
        operate(ways[i], ID);
        assert_status(&d, RPROCFW_OK);
        expected = memory_copy(&memory);
        memory_load(&expected, container_join(&other));
        device_load(&d, ID, container_join(&other));
        assert_status(&d, RPROCFW_OK);
        ck_assert(memory_equal(&memory, &expected));
        device_load(&d, ID, file);
        assert_status(&d, RPROCFW_ERR_OTHER_LOADED);
    }
}
END_TEST

/* A container that failed to load was not loaded: the digest kept is the loaded one's. */
START_TEST(a_refused_other_container_does_not_become_the_loaded_one)
{
    struct container other;

    firmware_build_other(&other);
    go_to(LOADED);
    other_is_refused(container_join(&other));
    other_is_refused(container_join(&other));
    load();
    only_called(NOTHING);
}
END_TEST

/* ---- loads that fail ---- */

/* The memory is cleared by one release, the state is OFF, and a good container loads then. */
static void load_failed(enum rprocfw_status status)
{
    struct memory expected;

    assert_status(&d, status);
    ck_assert_uint_eq(d.calls.of[RELEASE], 1);
    ck_assert(memory_is_clear(&memory));
    ck_assert_int_eq(device_state(&d, ID), OFF);
    device_start(&d, ID);
    assert_status(&d, RPROCFW_ERR_STATE);
    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_ERR_STATE);
    expected = memory_copy(&memory);
    memory_load(&expected, file);
    d.calls.fail_call = 0;
    load();
    ck_assert(memory_equal(&memory, &expected));
}

/* Each call of a callback during a load fails. */
static void each_call_fails(enum callback which, enum rprocfw_status how)
{
    unsigned calls;
    unsigned call;

    start_up();
    load();
    calls = d.calls.of[which];
    ck_assert_uint_gt(calls, 0);
    for (call = 1; call <= calls; call++) {
        power_up();
        fail_at(which, call, how);
        device_load(&d, ID, file);
        ck_assert(d.calls.failed);
        load_failed(how);
    }
}

static const struct {
    enum callback which;
    enum rprocfw_status how;
} failures[] = {
    {READ, RPROCFW_ERR_READ},
    {VERIFY_SIGNATURE, RPROCFW_ERR_SIGNATURE},
    {VERIFY_SIGNATURE, RPROCFW_ERR_CRYPTO},
    {PLATFORM_TLV, RPROCFW_ERR_PLATFORM_TLV},
    {LOAD, RPROCFW_ERR_LOAD},
    {LOAD, RPROCFW_ERR_SEGMENT_HASH},
    {READ_LOADED, RPROCFW_ERR_LOAD},
    {DA_TO_PA, RPROCFW_ERR_DEVICE_ADDRESS},
    {ZERO, RPROCFW_ERR_PLATFORM},
    {ZERO, RPROCFW_ERR_MEMORY},
    {VERIFY_SIGNATURE, RPROCFW_ERR_SIGN_UNSUPPORTED},
};

START_TEST(a_load_in_which_any_callback_fails_clears_the_memory)
{
    size_t i;

    for (i = 0; i < COUNT(failures); i++)
        each_call_fails(failures[i].which, failures[i].how);
}
END_TEST

/* Those that verify.h and rproc.h name for callbacks, the caller's own, and the host's. */
static bool is_answer(enum rprocfw_status status)
{
    return rprocfw_status_name(status) != NULL &&
           (!rprocfw_status_is_refusal(status) || status == RPROCFW_ERR_SIGNATURE ||
            status == RPROCFW_ERR_SIGN_UNSUPPORTED || status == RPROCFW_ERR_PLATFORM_TLV ||
            status == RPROCFW_ERR_SEGMENT_HASH || status == RPROCFW_ERR_DEVICE_ADDRESS);
}

START_TEST(what_a_callback_answers_is_the_result_of_the_load)
{
    static const enum callback all[] = {READ,        VERIFY_SIGNATURE, PLATFORM_TLV, LOAD,
                                        READ_LOADED, DA_TO_PA,         ZERO};
    enum rprocfw_status status;
    size_t i;

    start_up();
    for (status = RPROCFW_ERR_WORK_SIZE; status < 256; status++) {
        for (i = 0; i < COUNT(all) && is_answer(status); i++) {
            const size_t mark = arena_mark();

            fail_at(all[i], 1, status);
            device_load(&d, ID, file);
            assert_status(&d, status);
            ck_assert_uint_eq(d.calls.of[RELEASE], 1);
            arena_release(mark);
        }
    }
}
END_TEST

/* At the second access to the container after its metadata: it is one of image 0's headers. */
static void lose_signature(struct device *device, unsigned access)
{
    if (access == 3)
        device->rprocs.verifier.authentic = 0;
}

START_TEST(what_is_not_known_to_be_authentic_at_the_end_is_not_loaded)
{
    start_up();
    d.before = lose_signature;
    device_load(&d, ID, file);
    ck_assert_uint_gt(d.write_count, 0);
    d.before = NULL;
    load_failed(RPROCFW_ERR_SIGNATURE);
}
END_TEST

START_TEST(a_changed_byte_of_any_segment_clears_the_memory)
{
    static const uint32_t places[] = {
        0x400, 0x40F, ELF_SIZE + 0x400, ELF_SIZE + 0x4FF, ELF_SIZE + 0x500, ELF_SIZE + 0x57F};
    size_t i;

    for (i = 0; i < COUNT(places); i++) {
        struct bytes changed;

        start_up();
        changed = arena_copy(file.data, file.size, 0);
        changed.data[payload_offset(&c) + places[i]] ^= 0x10;
        device_load(&d, ID, changed);
        ck_assert_uint_gt(d.write_count, 0);
        load_failed(RPROCFW_ERR_SEGMENT_HASH);
    }
}
END_TEST

START_TEST(a_bad_signature_clears_the_memory_and_loads_nothing)
{
    struct bytes changed;

    start_up();
    d.key = vector_public_key("keys/rsa2048.pub.pem");
    changed = arena_copy(file.data, file.size, 0);
    changed.data[signature_offset(&c) + 100] ^= 1;
    device_load(&d, ID, changed);
    ck_assert_uint_eq(d.write_count, 0);
    ck_assert_uint_eq(d.calls.of[PLATFORM_TLV], 0);
    load_failed(RPROCFW_ERR_SIGNATURE);
    EVP_PKEY_free(d.key);
}
END_TEST

START_TEST(what_is_no_container_clears_the_memory)
{
    start_up();
    device_load(&d, ID, (struct bytes){file.data, 0});
    load_failed(RPROCFW_ERR_HEADER_SIZE);
    start_up();
    device_load(&d, ID, (struct bytes){file.data, file.size - 8});
    load_failed(RPROCFW_ERR_SIZE);
    start_up();
    file.data[0] ^= 1;
    device_load(&d, ID, file);
    file.data[0] ^= 1;
    load_failed(RPROCFW_ERR_MAGIC);
}
END_TEST

START_TEST(the_last_check_of_the_last_image_clears_the_memory)
{
    struct bytes changed;

    start_up();
    changed = arena_copy(file.data, file.size, 0);
    put32(changed, payload_offset(&c) + ELF_SIZE + PHDR(3), PT_NOTE); /* its last PT_LOAD */
    device_load(&d, ID, changed);
    ck_assert_uint_eq(d.calls.of[LOAD], 3);
    load_failed(RPROCFW_ERR_ENTRY_UNUSED);
}
END_TEST

START_TEST(a_release_that_fails_leaves_the_status_of_the_load)
{
    start_up();
    fail_at(RELEASE, 1, RPROCFW_ERR_PLATFORM);
    file.data[0] ^= 1;
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_ERR_MAGIC);
    ck_assert_int_eq(device_state(&d, ID), OFF);
}
END_TEST

/* After a stop: the old content goes, too. */
START_TEST(a_load_that_fails_after_a_stop_clears_what_was_loaded_before)
{
    go_to(OFF);
    ck_assert(!memory_is_clear(&memory));
    device_load(&d, ID, (struct bytes){file.data, 19});
    load_failed(RPROCFW_ERR_HEADER_SIZE);
}
END_TEST

START_TEST(callbacks_that_fail_while_it_is_looked_whether_it_is_loaded_change_nothing)
{
    struct memory before;

    go_to(LOADED);
    before = memory_copy(&memory);
    fail_at(READ, 2, RPROCFW_ERR_READ);
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_ERR_READ);
    only_called(NOTHING);
    fail_at(VERIFY_SIGNATURE, 1, RPROCFW_ERR_CRYPTO); /* above the statuses of a container */
    device_load(&d, ID, file);
    assert_status(&d, RPROCFW_ERR_CRYPTO);
    only_called(NOTHING);
    ck_assert(memory_equal(&memory, &before));
    fail_at(VERIFY_SIGNATURE, 1, RPROCFW_ERR_SIGN_UNSUPPORTED); /* that one is of the container */
    other_is_refused(file);
    d.calls.fail_call = 0;
    load();
}
END_TEST

/* With a work buffer that holds the loaded one's metadata and not more. */
START_TEST(a_larger_container_is_another_one_whatever_the_work_buffer)
{
    static const uint8_t filler[512];
    struct container larger;

    go_to(LOADED);
    larger = c;
    tlv_append(&larger, RPROCFW_TLV_PKEYINFO, filler, sizeof(filler));
    container_measure(&larger);
    d.work = arena_copy(NULL, 0, payload_offset(&c));
    other_is_refused(container_join(&larger));
    load();
    d.work = (struct bytes){NULL, 0};
}
END_TEST

static const enum callback loading[] = {READ, VERIFY_SIGNATURE, PLATFORM_TLV, DA_TO_PA,
                                        LOAD, READ_LOADED,      ZERO};

/* Whatever a callback answers, core ends with it, and it can be told where. */
START_TEST(any_status_of_any_callback_can_be_explained)
{
    const enum callback which = loading[_i];
    unsigned calls;
    unsigned call;
    unsigned status;

    start_up();
    load();
    calls = d.calls.of[which];
    ck_assert_uint_gt(calls, 0);
    for (call = 1; call <= calls; call++) {
        for (status = 1; status < 256; status++) {
            const size_t mark = arena_mark();

            power_up();
            fail_at(which, call, (enum rprocfw_status)status);
            device_load(&d, ID, file);
            require(d.status == (enum rprocfw_status)status, "status %u became %u", status,
                    (unsigned)d.status);
            require(d.diag.offset <= file.size, "status %u: offset %u", status, d.diag.offset);
            arena_release(mark);
        }
    }
}
END_TEST

/* ---- start, stop, release that fail ---- */

START_TEST(a_start_or_a_stop_that_fails_leaves_state_and_memory)
{
    static const struct {
        enum operation operation;
        enum rprocfw_rproc_state state;
        enum callback call;
        enum rprocfw_rproc_state next;
    } all[] = {
        {OP_START, LOADED, START, STARTED},
        {OP_STOP, STARTED, STOP, OFF},
    };
    size_t i;

    for (i = 0; i < COUNT(all); i++) {
        struct memory before;

        go_to(all[i].state);
        before = memory_copy(&memory);
        fail_at(all[i].call, 1, RPROCFW_ERR_PLATFORM);
        operate(all[i].operation, ID);
        assert_status(&d, RPROCFW_ERR_PLATFORM);
        only_called(all[i].call);
        ck_assert_int_eq(device_state(&d, ID), all[i].state);
        ck_assert(memory_equal(&memory, &before));
        d.calls.fail_call = 0;
        operate(all[i].operation, ID);
        assert_status(&d, RPROCFW_OK);
        ck_assert_int_eq(device_state(&d, ID), all[i].next);
    }
}
END_TEST

/* Half of the memory may be gone: it is not to be started, but can be released again. */
START_TEST(a_release_that_fails_leads_to_off)
{
    static const enum rprocfw_rproc_state from[] = {LOADED, OFF};
    size_t i;

    for (i = 0; i < COUNT(from); i++) {
        go_to(from[i]);
        fail_at(RELEASE, 1, RPROCFW_ERR_PLATFORM);
        operate(OP_RELEASE, ID);
        assert_status(&d, RPROCFW_ERR_PLATFORM);
        ck_assert_int_eq(device_state(&d, ID), OFF);
        d.calls.fail_call = 0;
        operate(OP_START, ID);
        assert_status(&d, RPROCFW_ERR_STATE);
        operate(OP_RELEASE, ID);
        assert_status(&d, RPROCFW_OK);
        only_called(RELEASE);
        ck_assert(memory_is_clear(&memory));
        load();
        ck_assert_uint_eq(d.calls.of[RELEASE], 0); /* it was done */
    }
}
END_TEST

/* What could not be cleared is cleared before anything is loaded beside it. */
START_TEST(memory_that_could_not_be_cleared_is_cleared_by_the_next_load)
{
    unsigned attempts;

    for (attempts = 0; attempts < 2; attempts++) {
        go_to(LOADED);
        fail_at(RELEASE, 1, RPROCFW_ERR_PLATFORM);
        operate(OP_RELEASE, ID);
        assert_status(&d, RPROCFW_ERR_PLATFORM);
        if (attempts == 0)
            d.calls.fail_call = 0;
        *memory_at(&memory, 0x20000140, 1) = 0x77; /* outside every segment */
        device_load(&d, ID, file);
        assert_status(&d, attempts == 0 ? RPROCFW_OK : RPROCFW_ERR_PLATFORM);
        ck_assert_int_eq(device_state(&d, ID), attempts == 0 ? LOADED : OFF);
        ck_assert_uint_eq(d.calls.of[RELEASE], attempts + 1);
        ck_assert_uint_eq(d.calls.of[LOAD], attempts == 0 ? 4 : 0);
        ck_assert_uint_eq(*memory_at(&memory, 0x20000140, 1), 0);
    }
}
END_TEST

/* ---- ids ---- */

START_TEST(an_id_that_was_never_given_to_load_is_unknown)
{
    static const enum operation operations[] = {OP_START, OP_STOP, OP_RSC, OP_RELEASE};
    static const uint32_t ids[] = {0, 1, ID + 1, 0xA5A5A5A5, 0xFFFFFFFF};
    size_t i;
    size_t k;

    go_to(LOADED);
    d.rsc_pa = 1;
    d.rsc_size = 1;
    for (i = 0; i < COUNT(operations); i++) {
        for (k = 0; k < COUNT(ids); k++) {
            operate(operations[i], ids[k]);
            assert_status(&d, RPROCFW_ERR_RPROC_ID);
            only_called(NOTHING);
        }
    }
    ck_assert_uint_eq(d.rsc_pa, 1);
    ck_assert_uint_eq(d.rsc_size, 1);
}
END_TEST

START_TEST(an_id_is_known_after_a_load_that_failed)
{
    start_up();
    device_load(&d, ID, (struct bytes){file.data, 3});
    assert_status(&d, RPROCFW_ERR_HEADER_SIZE);
    device_start(&d, ID);
    assert_status(&d, RPROCFW_ERR_STATE);
    device_stop(&d, ID);
    assert_status(&d, RPROCFW_OK);
    device_release(&d, ID);
    assert_status(&d, RPROCFW_OK);
    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_ERR_STATE);
}
END_TEST

START_TEST(more_ids_than_there_is_room_for_are_refused)
{
    static const uint32_t ids[] = {0, 0xFFFFFFFF, 0xA5A5A5A5, 1};
    uint32_t room;
    uint32_t i;

    for (room = 0; room <= COUNT(ids); room++) {
        struct memory before;

        start_up();
        d.rprocs.count = room;
        for (i = 0; i < room; i++) {
            device_load(&d, ids[i], file);
            assert_status(&d, RPROCFW_OK);
        }
        before = memory_copy(&memory);
        device_load(&d, 1000, file);
        assert_status(&d, RPROCFW_ERR_RPROC_COUNT);
        ck_assert_uint_eq(d.calls.of[READ], 0);
        only_called(NOTHING);
        ck_assert(memory_equal(&memory, &before));
        device_stop(&d, 1000);
        assert_status(&d, RPROCFW_ERR_RPROC_ID);
        for (i = 0; i < room; i++)
            ck_assert_int_eq(device_state(&d, ids[i]), LOADED);
    }
}
END_TEST

START_TEST(an_id_that_is_known_needs_no_more_room)
{
    int times;

    start_up();
    d.rprocs.count = 1;
    for (times = 0; times < 5; times++) {
        load();
        device_release(&d, ID);
        assert_status(&d, RPROCFW_OK);
    }
    ck_assert_uint_eq(d.rprocs.used, 1);
}
END_TEST

START_TEST(each_id_has_a_state_of_its_own)
{
    uint32_t id;

    start_up();
    for (id = 0; id < 3; id++) {
        device_load(&d, id, file);
        assert_status(&d, RPROCFW_OK);
    }
    device_start(&d, 1);
    assert_status(&d, RPROCFW_OK);
    device_release(&d, 2);
    assert_status(&d, RPROCFW_OK);
    ck_assert_int_eq(device_state(&d, 0), LOADED);
    ck_assert_int_eq(device_state(&d, 1), STARTED);
    ck_assert_int_eq(device_state(&d, 2), OFF);
    device_stop(&d, 1);
    assert_status(&d, RPROCFW_OK);
    ck_assert_int_eq(device_state(&d, 0), LOADED);
    ck_assert_int_eq(device_state(&d, 1), OFF);
}
END_TEST

/* ---- the resource table ---- */

/* Physical address of the verified bytes: sh_addr is a virtual address that leads elsewhere. */
START_TEST(the_resource_table_is_where_its_bytes_were_loaded)
{
    go_to(LOADED);
    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.rsc_pa, FIRMWARE_RSC_PA);
    ck_assert_uint_eq(d.rsc_size, RSC_SIZE);
    ck_assert_int_eq(memcmp(memory_at_pa(&memory, d.rsc_pa, d.rsc_size),
                            c.payload.data + ELF_SIZE + RSC_OFFSET, RSC_SIZE),
                     0);
}
END_TEST

START_TEST(a_container_without_a_resource_table_has_none_at_0)
{
    struct container other;

    start_up();
    load(); /* so that something is there to be forgotten */
    device_release(&d, ID);
    firmware_build_other(&other);
    device_load(&d, ID, container_join(&other));
    assert_status(&d, RPROCFW_OK);
    d.rsc_pa = 1;
    d.rsc_size = 1;
    device_rsc_table(&d, ID);
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.rsc_pa, 0);
    ck_assert_uint_eq(d.rsc_size, 0);
}
END_TEST

START_TEST(a_second_resource_table_is_refused_on_a_device)
{
    struct bytes images[2];
    struct elf elf;

    start_up();
    elf_default(&elf);
    images[0] = elf_build(&elf);
    elf.phdrs[1].paddr += 0x200; /* elsewhere: no overlap */
    elf.phdrs[2].paddr += 0x200;
    elf.phdrs[3].paddr += 0x200;
    images[1] = elf_build(&elf);
    container_build(&c, images, 2, false);
    device_load(&d, ID, container_join(&c));
    load_failed(RPROCFW_ERR_RSC_TWICE);
}
END_TEST

/* ---- platform TLVs ---- */

START_TEST(platform_tlvs_are_told_in_order_with_their_values)
{
    static const struct {
        uint32_t type;
        const char *value;
    } all[] = {{0x10010, "hello"}, {0x1FFFF, ""}, {RPROCFW_TLV_PLATFORM_FIRST, "12345678"}};
    static const uint32_t not_platform[] = {0xFFFF, 0x20000, 0x13};
    size_t i;

    start_up();
    for (i = 0; i < COUNT(all); i++) {
        tlv_insert(&c, (unsigned)(2 * i), all[i].type, all[i].value,
                   (uint32_t)strlen(all[i].value));
        tlv_append(&c, not_platform[i], "x", 1);
    }
    container_measure(&c);
    device_load(&d, ID, container_join(&c));
    assert_status(&d, RPROCFW_OK);
    ck_assert_uint_eq(d.tlv_count, COUNT(all) + 2);
    for (i = 0; i < COUNT(all); i++) {
        ck_assert_uint_eq(d.tlvs[i].type, all[i].type);
        ck_assert_uint_eq(d.tlvs[i].length, strlen(all[i].value));
        ck_assert_int_eq(memcmp(d.tlvs[i].value, all[i].value, d.tlvs[i].length), 0);
    }
    ck_assert_uint_eq(d.tlvs[3].type, RPROCFW_TLV_BOOTADDR);
    ck_assert_uint_eq(d.tlvs[3].length, 4);
    ck_assert_uint_eq(rprocfw_u32_decode(d.tlvs[3].value), 0x20000080);
    ck_assert_uint_eq(d.tlvs[4].type, RPROCFW_TLV_BOOTSEC);
}
END_TEST

START_TEST(a_platform_tlv_that_the_platform_refuses_is_named)
{
    static const uint32_t types[] = {RPROCFW_TLV_BOOTADDR, RPROCFW_TLV_BOOTSEC};
    unsigned i;

    for (i = 0; i < COUNT(types); i++) {
        start_up();
        fail_at(PLATFORM_TLV, i + 1, RPROCFW_ERR_PLATFORM_TLV);
        device_load(&d, ID, file);
        assert_status(&d, RPROCFW_ERR_PLATFORM_TLV);
        ck_assert_uint_eq(d.diag.tlv, types[i]);
        ck_assert_uint_eq(d.diag.offset, record_offset(&c, tlv_index(&c, types[i])));
        ck_assert_uint_eq(d.diag.image, RPROCFW_NOWHERE);
        ck_assert_uint_eq(d.diag.segment, RPROCFW_NOWHERE);
        ck_assert_uint_eq(d.tlv_count, i + 1);
        ck_assert_uint_eq(d.write_count, 0);
    }
}
END_TEST

/* A platform that knows none says so; one that has no such callback does not mind. */
START_TEST(without_platform_tlv_they_mean_nothing)
{
    start_up();
    d.platform.platform_tlv = NULL;
    load();
    ck_assert_uint_eq(d.tlv_count, 0);
}
END_TEST

START_TEST(without_zero_nothing_is_zeroed)
{
    start_up();
    d.platform.zero = NULL;
    load();
    ck_assert_uint_eq(d.write_count, 3);
    ck_assert_uint_ne(*memory_at(&memory, 0x20000100, 1), 0);
}
END_TEST

int main(void)
{
    const TTest *const table[] = {every_operation_in_every_state_does_what_the_table_says};
    const TTest *const any[] = {any_status_of_any_callback_can_be_explained};
    const TTest *const tests[] = {
        a_load_when_started_reads_nothing,
        a_load_writes_the_segments_and_their_zero_fill_and_nothing_else,
        segments_are_loaded_in_the_order_of_the_table_each_followed_by_its_zero_fill,
        until_a_load_is_done_the_state_is_off,
        a_load_after_a_stop_loads_over_what_is_there,
        the_loaded_container_again_is_a_success_that_loads_nothing,
        another_container_is_refused_while_one_is_loaded,
        any_bit_of_the_metadata_makes_it_another_container,
        padding_of_the_signature_makes_it_another_container,
        every_byte_of_the_digest_counts,
        garbage_is_another_container,
        metadata_of_another_size_are_another_container,
        the_payload_is_not_looked_at_again,
        the_other_container_can_be_loaded_after_a_release_or_a_stop,
        a_refused_other_container_does_not_become_the_loaded_one,
        a_load_in_which_any_callback_fails_clears_the_memory,
        what_a_callback_answers_is_the_result_of_the_load,
        what_is_not_known_to_be_authentic_at_the_end_is_not_loaded,
        a_changed_byte_of_any_segment_clears_the_memory,
        a_bad_signature_clears_the_memory_and_loads_nothing,
        what_is_no_container_clears_the_memory,
        the_last_check_of_the_last_image_clears_the_memory,
        a_release_that_fails_leaves_the_status_of_the_load,
        a_load_that_fails_after_a_stop_clears_what_was_loaded_before,
        callbacks_that_fail_while_it_is_looked_whether_it_is_loaded_change_nothing,
        a_larger_container_is_another_one_whatever_the_work_buffer,
        a_start_or_a_stop_that_fails_leaves_state_and_memory,
        a_release_that_fails_leads_to_off,
        memory_that_could_not_be_cleared_is_cleared_by_the_next_load,
        an_id_that_was_never_given_to_load_is_unknown,
        an_id_is_known_after_a_load_that_failed,
        more_ids_than_there_is_room_for_are_refused,
        an_id_that_is_known_needs_no_more_room,
        each_id_has_a_state_of_its_own,
        the_resource_table_is_where_its_bytes_were_loaded,
        a_container_without_a_resource_table_has_none_at_0,
        a_second_resource_table_is_refused_on_a_device,
        platform_tlvs_are_told_in_order_with_their_values,
        a_platform_tlv_that_the_platform_refuses_is_named,
        without_platform_tlv_they_mean_nothing,
        without_zero_nothing_is_zeroed,
    };
    const int failed = run_loop_tests("rproc-table", table, 1, COUNT(cells)) |
                       run_loop_tests("rproc-callbacks", any, 1, COUNT(loading));

    return run_tests("rproc", tests, COUNT(tests)) | failed;
}
