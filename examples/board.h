/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board that boot-loader.c runs on: what every board has, in one form or another. board.c plays
 * it on a host; on yours it is the memory map, the reset lines and the crypto library.
 */
#ifndef EXAMPLES_BOARD_H
#define EXAMPLES_BOARD_H

#include <rprocfw/public_key.h>
#include <rprocfw/rproc.h>

/* Memory of a coprocessor: what it sees at da is at pa for everybody else. */
struct board_region {
    uint32_t da;
    uint32_t size; /* bytes; 0 ends a table */
    uint64_t pa;
};

/* A coprocessor, and what is at hand to boot it. */
struct coprocessor {
    const char *name;
    const struct board_region *regions;
    const uint8_t *container; /* its firmware, in memory that others may write at any time */
    uint32_t container_size;  /* bytes */
    uint64_t rsc_pa;          /* its resource table, once it is loaded, */
    uint32_t rsc_size;        /* and the table's bytes; 0: it has none */
    bool running;
};

extern struct coprocessor board_m4;  /* that of an STM32MP15 */
extern struct coprocessor board_m33; /* that of an STM32MP25, with less memory */

/* All memory has some content after power-on, and nobody runs. */
void board_power_on(void);

/* True, and *pa, if size bytes at da are in one region of the coprocessor's. */
bool board_address(const struct coprocessor *cpu, uint32_t da, uint32_t size, uint64_t *pa);

/* What is there. NULL: nothing. */
uint8_t *board_memory(const struct coprocessor *cpu, uint32_t da, uint32_t size);
uint8_t *board_map(uint64_t pa);

/* All memory of the coprocessor. */
void board_clear(const struct coprocessor *cpu);
bool board_is_clear(const struct coprocessor *cpu);

/* Let it run, or hold it in reset. Callbacks of core's, whose ctx is a struct coprocessor. */
enum rprocfw_status board_start(void *ctx);
enum rprocfw_status board_stop(void *ctx);

bool board_sha256(const uint8_t *data, uint32_t size, uint8_t digest[RPROCFW_SHA256_SIZE]);

/* Is the signature of this key, over what->sha256? */
bool board_verify(const struct rprocfw_public_key *key, const struct rprocfw_signed *what);

/* Those of boot-loader.c. */
extern const struct rprocfw_platform boot_platform;
enum rprocfw_status boot_firmware(struct coprocessor *cpu);

#endif
