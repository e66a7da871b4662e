/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A container judged twice: by a board, which knows no addresses (the pure verdict), and by a
 * device, which loads it into memory. Both must say the same, and load the same.
 */
#ifndef RPROCFW_UNIT_BOTH_H
#define RPROCFW_UNIT_BOTH_H

#include "board.h"
#include "device.h"

struct both {
    EVP_PKEY *key; /* the test's; NULL: every signature holds */
    struct memory memory;
    struct board board;
    struct device device; /* rsc_pa and rsc_size are those of what was loaded, 0 without one */
};

/* Memory for firmware_build(): of its segments, and a little behind each of them. */
void both_begin(struct both *b, EVP_PKEY *key);

/*
 * True: both accept, with the same bytes in memory and the same resource table. False: both refuse
 * with the same status, and of the device's memory nothing is left. The test fails otherwise, but
 * for addresses that only the device refuses.
 */
bool both_accept(struct both *b, struct bytes container);

/* The device's resource table lies in file bytes that it loaded, and is well formed. */
bool both_table_is_signed(const struct both *b);

#endif
