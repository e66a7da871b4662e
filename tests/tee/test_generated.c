/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Generated containers, and changes of them, through LOAD_FW: what is accepted is in memory byte by
 * byte, with the same resource table; what is refused leaves memory clear, with the result that
 * belongs to core's status. Then the same while the shared memory changes between container and
 * changed container.
 */
#include <string.h>

#include "container.h"
#include "device.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "run.h"
#include "shared.h"
#include "suite.h"

#define OF_SWITCHES 2000u /* what random numbers are for: generator.c */
#define SWITCHES    4u    /* loads while memory changes */

/* The TA of this test has room for so many program headers. */
#define TA_WORK    RPROCFW_WORK_SIZE(1000)
#define TA_KEYINFO 1016u /* RPROCFW_TEE_BUFFER without the PTA's header */

/* ---- loads ---- */

static TEE_Result load(const struct generated *g, struct bytes container)
{
    memory_poison(&memory);
    pta.key = g->key->public_key;
    return load_fw(ID, arena_copy(container.data, container.size, 0));
}

/* The memory after a load, and the resource table; then it is released. */
static enum outcome judge_loaded(const struct generated *g, struct bytes container,
                                 const struct memory *expected, TEE_Result result)
{
    enum outcome outcome;
    uint64_t pa;
    uint64_t size;

    if (result != TEE_SUCCESS) {
        require(memory_is_clear(&memory), "%#x, and memory is not clear", result);
        assert_result(get_rsc_table(ID, &pa, &size), TEE_ERROR_BAD_STATE, "refused");
        return REFUSED;
    }
    assert_result(get_rsc_table(ID, &pa, &size), TEE_SUCCESS, "resource table");
    outcome = outcome_of(g, container, &memory, expected, pa, (uint32_t)size);
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, "release");
    require(memory_is_clear(&memory), "released, and memory is not clear");
    return outcome;
}

/* ---- results ---- */

/* What core says, on a device without limits. */
static enum rprocfw_status core_status(const struct generated *g, struct bytes container)
{
    static struct device device;
    struct memory room = g->memory;

    device_start_up(&device, &room, 1);
    device.key = g->key->public_key;
    return device_load(&device, ID, container);
}

static bool too_large(struct bytes container)
{
    uint32_t at = RPROCFW_HEADER_SIZE;

    if (device_work_size(container) > TA_WORK)
        return true;
    while (at + 8 <= container.size && get32(container, at + 4) <= container.size) {
        const uint32_t length = get32(container, at + 4);

        if (get32(container, at) == RPROCFW_TLV_PKEYINFO && length > TA_KEYINFO)
            return true;
        at += 8 + round8(length);
    }
    return false;
}

static void assert_result_of(const struct generated *g, struct bytes container, TEE_Result result,
                             enum rprocfw_status status)
{
    if (result == rprocfw_status_tee_result(status))
        return;
    if (result == TEE_ERROR_OUT_OF_MEMORY)
        require(too_large(container), "%s, and the TA is out of memory", status_name(status));
    else /* the PTA does not decrypt */
        require(g->encrypted && result == TEE_ERROR_BAD_FORMAT, "%s, and the TA answers %#x",
                status_name(status), result);
}

/* ---- memory that changes ---- */

static struct random switching;
static struct bytes versions[2]; /* of one size */
static unsigned switch_at;       /* NONE: before any access */

static void show(unsigned version)
{
    memcpy(shared.bytes.data, versions[version].data, shared.bytes.size);
}

static void switch_versions(unsigned access)
{
    if (switch_at == NONE)
        show(random_below(&switching, 2));
    else if (access == switch_at)
        show(1);
}

/* The changed container, or if it has another size or meaning, one with some bytes inverted. */
static struct bytes other_version(const struct generated *g, const struct change *change,
                                  struct bytes good)
{
    struct bytes other = arena_copy(good.data, good.size, 0);
    uint32_t i;

    if (change->bytes.size == good.size && change->means == g)
        return change->bytes;
    for (i = 0; i < 8; i++)
        other.data[random_below(&switching, good.size)] ^= 0xFF;
    return other;
}

static void judge_switching(const struct generated *g, struct bytes good,
                            const struct change *change, const struct memory *expected,
                            unsigned accesses)
{
    const struct bytes other = other_version(g, change, good);
    unsigned i;

    shared.before = switch_versions;
    for (i = 0; i < SWITCHES; i++) {
        const unsigned first = i % 2;

        versions[first] = good;
        versions[1 - first] = other;
        switch_at = i < 2 ? random_below(&switching, accesses + 1) : NONE;
        run_count_while_loaded(judge_loaded(g, other, expected, load(g, versions[0])));
    }
    shared.before = NULL;
}

/* ---- one container ---- */

static void judge(const struct generated *g, struct bytes good, const char *folder)
{
    const char *other = file_path(folder, ".."); /* for files of another container */
    const struct change change = change_container(g, good, other);
    enum rprocfw_status status;
    struct memory expected; /* after the good container, ... */
    struct memory changed;  /* ... and after the changed one */
    enum outcome outcome;
    TEE_Result result;
    unsigned accesses;

    file_write(folder, CHANGED_FILE, change.bytes);
    memory = g->memory;
    power_on(&memory, 1);
    expected = memory_after(g, good);

    result = load(g, good);
    accesses = shared.accesses;
    assert_result_of(g, good, result, RPROCFW_OK);
    require(judge_loaded(g, good, &expected, result) == (result == TEE_SUCCESS ? SAME : REFUSED),
            "another resource table");

    status = core_status(g, change.bytes);
    result = load(g, change.bytes);
    assert_result_of(g, change.bytes, result, status);
    changed = result == TEE_SUCCESS && change.means != g ? memory_after(g, change.bytes) : expected;
    outcome = judge_loaded(change.means, change.bytes, &changed, result);
    run_count(&change, outcome, status);

    switching = random_begin(g->seed, g->number, OF_SWITCHES);
    judge_switching(g, good, &change, &expected, accesses);
    pta.key = NULL;
}

START_TEST(a_change_before_or_while_it_is_loaded_is_refused_or_makes_no_difference)
{
    run_batch(_i, judge);
}
END_TEST

int main(int argc, char **argv)
{
    return run_all("tee-generated", argc, argv,
                   a_change_before_or_while_it_is_loaded_is_refused_or_makes_no_difference, 20,
                   COUNTED_KINDS);
}
