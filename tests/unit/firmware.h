/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers that a device loads, and memory that they fit. */
#ifndef RPROCFW_UNIT_FIRMWARE_H
#define RPROCFW_UNIT_FIRMWARE_H

#include "container.h"
#include "elf_image.h"
#include "memory_map.h"

/*
 * Two images, elf_least() and elf_default(): the second has the resource table, whose p_vaddr and
 * p_paddr differ, zero-fill, a segment without bytes, and a program header that loads nothing.
 * Platform TLVs BOOTADDR and BOOTSEC. The signature is that of keys/rsa2048.pem.
 */
void firmware_build(struct container *c);

/* It as bytes. */
struct bytes firmware_container(void);

/* Memory for it: physical addresses of more than 32 bits; all else is no memory. */
struct memory firmware_memory(void);

#define FIRMWARE_RSC_PA (0x138000000u + RSC_OFFSET - 0x400u)

/* Another container for the same memory, with other bytes, one image, and no resource table. */
void firmware_build_other(struct container *c);

#endif
