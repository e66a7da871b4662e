/* SPDX-License-Identifier: BSD-2-Clause */
/* A remote processor, containers for it, and what they make of its memory. */
#include <check.h>

#include "firmware.h"
#include "loading.h"
#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"

struct memory memory;

void start_up(void)
{
    memory = firmware_memory();
    power_on(&memory, 1);
}

static struct memory poisoned_and_loaded(struct memory expected, struct bytes container)
{
    memory_poison(&expected);
    memory_load(&expected, container);
    return expected;
}

struct memory loaded_with(struct bytes container)
{
    return poisoned_and_loaded(firmware_memory(), container);
}

void assert_loaded(const char *what, struct bytes container)
{
    const struct memory expected = poisoned_and_loaded(memory_copy(&memory), container);

    ck_assert_msg(memory_equal(&memory, &expected), "%s: other bytes in memory", what);
}

void assert_recovers(const char *what)
{
    uint64_t pa;
    uint64_t size;

    ck_assert_msg(memory_is_clear(&memory), "%s: left something in memory", what);
    assert_result(get_rsc_table(ID, &pa, &size), TEE_ERROR_BAD_STATE, what);
    shared.before = NULL;
    memory_poison(&memory);
    assert_result(load_fw(ID, firmware_container()), TEE_SUCCESS, what);
    assert_loaded(what, firmware_container());
    assert_result(command(RELEASE_FW, ID), TEE_SUCCESS, what);
}

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

void assert_read_once(struct bytes container)
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
