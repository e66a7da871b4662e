/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What TEEs answer: TEE Internal Core API, Return Code Constants; CORRUPT_OBJECT is of its storage
 * API. ITEM_NOT_FOUND and TARGET_DEAD come from the TEE itself, not from a trusted application.
 */
#ifndef RPROCFW_HOST_TEE_RESULTS_H
#define RPROCFW_HOST_TEE_RESULTS_H

#define TEE_SUCCESS                 0x00000000u
#define TEE_ERROR_GENERIC           0xFFFF0000u
#define TEE_ERROR_ACCESS_DENIED     0xFFFF0001u
#define TEE_ERROR_BAD_FORMAT        0xFFFF0005u
#define TEE_ERROR_BAD_PARAMETERS    0xFFFF0006u
#define TEE_ERROR_BAD_STATE         0xFFFF0007u
#define TEE_ERROR_ITEM_NOT_FOUND    0xFFFF0008u
#define TEE_ERROR_NOT_IMPLEMENTED   0xFFFF0009u
#define TEE_ERROR_NOT_SUPPORTED     0xFFFF000Au
#define TEE_ERROR_NO_DATA           0xFFFF000Bu
#define TEE_ERROR_OUT_OF_MEMORY     0xFFFF000Cu
#define TEE_ERROR_SECURITY          0xFFFF000Fu
#define TEE_ERROR_TARGET_DEAD       0xFFFF3024u
#define TEE_ERROR_SIGNATURE_INVALID 0xFFFF3072u
#define TEE_ERROR_CORRUPT_OBJECT    0xF0100001u

#endif
