/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TA dev kit puts into the header of the TA. */
#ifndef USER_TA_HEADER_DEFINES_H
#define USER_TA_HEADER_DEFINES_H

#include <commands.h>

#define TA_UUID RPROCFW_TA_UUID

/*
 * One instance, which stays and knows what it loaded. Linux finds it on the TEE bus, and opens a
 * session for each remote processor.
 */
#define TA_FLAGS                                                             \
    (TA_FLAG_DEVICE_ENUM | TA_FLAG_SINGLE_INSTANCE | TA_FLAG_MULTI_SESSION | \
     TA_FLAG_INSTANCE_KEEP_ALIVE)

#define TA_STACK_SIZE (4 * 1024)

/* For the TEE's library: two digests at a time. The TA itself takes nothing from the heap. */
#define TA_DATA_SIZE (2 * 1024)

#define TA_VERSION     "1.0"
#define TA_DESCRIPTION "loads verified firmware into remote processors"

#endif
