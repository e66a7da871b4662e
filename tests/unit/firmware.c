/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers that a device loads, and memory that they fit. */
#include "firmware.h"

static void insert_platform_tlv(struct container *c, uint32_t type, uint32_t value)
{
    uint8_t bytes[4];

    rprocfw_u32_encode(bytes, value);
    tlv_append(c, type, bytes, sizeof(bytes));
}

void firmware_build(struct container *c)
{
    struct bytes images[2];
    struct elf elf;

    elf_least(&elf);
    images[0] = elf_build(&elf);
    elf_default(&elf);
    elf.seed = 3;
    images[1] = elf_build(&elf);
    container_build(c, images, 2, false);
    insert_platform_tlv(c, RPROCFW_TLV_BOOTADDR, 0x20000080);
    insert_platform_tlv(c, RPROCFW_TLV_BOOTSEC, 1);
    container_measure(c);
    container_sign(c);
}

struct memory firmware_memory(void)
{
    const struct memory m = {
        .windows = {{0x20000000, 0x138000000, 0x3000}, {0x10000000, 0x500000000, 0x400}},
        .regions = {{0x138000000, 0x2800, NULL}, {0x500000000, 0x400, NULL}},
    };

    return m;
}

void firmware_build_other(struct container *c)
{
    struct bytes image;
    struct elf elf;

    elf_least(&elf);
    elf.seed = 99;
    elf.phdrs[0].paddr = 0x20000010;
    elf.phdrs[0].memsz = 0x200;
    image = elf_build(&elf);
    container_build(c, &image, 1, false);
    container_measure(c);
    container_sign(c);
}

struct bytes firmware_container(void)
{
    struct container c;

    firmware_build(&c);
    return container_join(&c);
}
