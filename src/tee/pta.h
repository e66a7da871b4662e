/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's pseudo TA: what reaches the remote processor, its memory and the platform's key. A
 * function for each of its commands that the TA uses; all answer what the PTA answers. Addresses
 * are device addresses, sizes are bytes.
 */
#ifndef RPROCFW_TEE_PTA_H
#define RPROCFW_TEE_PTA_H

#include <tee_internal_api.h>

#define RPROCFW_PTA_UUID                                   \
    {                                                      \
        0x54af4a68, 0x19be, 0x40d7,                        \
        {                                                  \
            0xbb, 0xe6, 0x89, 0x50, 0x35, 0x0a, 0x87, 0x44 \
        }                                                  \
    }

/* Its commands. As in commands.h, params[0].value.a is always the id. */
#define RPROCFW_PTA_HW_CAPABILITIES     1u
#define RPROCFW_PTA_LOAD_SEGMENT_SHA256 3u
#define RPROCFW_PTA_SET_MEMORY          4u
#define RPROCFW_PTA_FIRMWARE_START      5u
#define RPROCFW_PTA_FIRMWARE_STOP       6u
#define RPROCFW_PTA_FIRMWARE_DA_TO_PA   7u
#define RPROCFW_PTA_VERIFY_DIGEST       8u
#define RPROCFW_PTA_RELEASE             9u

/* Bits of what rprocfw_pta_capabilities() tells. */
#define RPROCFW_PTA_FORMAT_ELF            (1u << 0)
#define RPROCFW_PTA_PROTECTION_HASH_TABLE (1u << 0)

/*
 * Key information for VERIFY_DIGEST, words in this machine's byte order, aligned to 4 bytes:
 *
 *   0  algorithm   u32, TEE_ALG_*
 *   4  size        u32, bytes that follow
 *   8  PKEYINFO
 */
#define RPROCFW_PTA_KEY_INFO_HEADER 8u

/* One session serves all sessions of the TA. params are those of the first of them. */
TEE_Result rprocfw_pta_open(uint32_t types, TEE_Param params[TEE_NUM_PARAMS]);
void rprocfw_pta_close(void);

/* Which formats and which protections of images the platform can load. */
TEE_Result rprocfw_pta_capabilities(uint32_t id, uint32_t *formats, uint32_t *protections);

/* Copy bytes to da; TEE_ERROR_SECURITY and cleared again if the copy's SHA-256 is another one. */
TEE_Result rprocfw_pta_load_segment(uint32_t id, const uint8_t *bytes, uint32_t size, uint32_t da,
                                    const uint8_t *sha256);

TEE_Result rprocfw_pta_zero(uint32_t id, uint32_t da, uint32_t size);

TEE_Result rprocfw_pta_da_to_pa(uint32_t id, uint32_t da, uint32_t size, uint64_t *pa);

/* Is this a signature of the platform's key over a SHA-256 digest? */
TEE_Result rprocfw_pta_verify_digest(uint32_t id, const uint8_t *key_info, uint32_t key_info_size,
                                     const uint8_t *digest, const uint8_t *signature,
                                     uint32_t signature_size);

/* RPROCFW_PTA_FIRMWARE_START, _FIRMWARE_STOP, _RELEASE. */
TEE_Result rprocfw_pta_command(uint32_t id, uint32_t command);

#endif
