/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the normal world asks of the trusted application: the commands of OP-TEE's remoteproc TA, so
 * that Linux and U-Boot need not know which of the two answers. In all of them, and when a session
 * is opened, params[0].value.a is the id of the remote processor.
 */
#ifndef RPROCFW_TEE_COMMANDS_H
#define RPROCFW_TEE_COMMANDS_H

#define RPROCFW_TA_UUID                                    \
    {                                                      \
        0x80a4c275, 0x0a47, 0x4905,                        \
        {                                                  \
            0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08 \
        }                                                  \
    }

/* in: params[1].memref, the container */
#define RPROCFW_TA_LOAD_FW 1u

#define RPROCFW_TA_START_FW 2u
#define RPROCFW_TA_STOP_FW  3u

/* out: params[1].value, physical address; params[2].value, bytes; both a: low, b: high word */
#define RPROCFW_TA_GET_RSC_TABLE 4u

/* not implemented */
#define RPROCFW_TA_GET_COREDUMP 5u

#define RPROCFW_TA_RELEASE_FW 6u

#endif
