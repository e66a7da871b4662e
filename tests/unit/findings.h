/* SPDX-License-Identifier: BSD-2-Clause */
/* Firmware and boards that fit, for tests that change one thing and look what is found. */
#ifndef RPROCFW_UNIT_FINDINGS_H
#define RPROCFW_UNIT_FINDINGS_H

#include <rprocfw/board.h>

#include "container.h"
#include "elf_image.h"

/* Where its parts are, in the image. */
#define VECTORS_AT 0x400u
#define CODE_AT    0x440u
#define TABLE_AT   0x4C0u
#define TABLE_SIZE 0x100u

#define MAX_FIRMWARES 3u

/* What a container is made of; changes go to elf and to the words of the vector table. */
struct findings_firmware {
    struct elf elf;
    uint32_t stack;
    uint32_t reset;
    uint8_t rsc_table[TABLE_SIZE];
};

/*
 * For the core of an MP15: 0 vector table at 0; 1 code; 2 data with the resource table (a trace
 * buffer and a vdev) and zero-fill. And the same for the M33 of an MP25, to be loaded at base.
 */
void findings_mp15(struct findings_firmware *firmware);
void findings_mp25(struct findings_firmware *firmware, uint32_t base);

void findings_container(struct container *c, const struct findings_firmware *firmware,
                        unsigned count);
void findings_add_word(struct container *c, uint32_t type, uint32_t value);

/* Boards as in DEVICE profiles, in memory of the test's: members may be changed. */
struct rprocfw_board *findings_board_mp15(void);
struct rprocfw_board *findings_board_mp25(void);

/*
 * All that is found in the container, which core must accept, one a line: "LEVEL ID TEXT\n". key:
 * the one that signed; NULL: not known.
 */
const char *findings_of(const struct container *c, const struct rprocfw_board *board,
                        const char *key);

/* The test fails if it is something else. */
void findings_expect(const struct container *c, const struct rprocfw_board *board,
                     const char *expected);

#endif
