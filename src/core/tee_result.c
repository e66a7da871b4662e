/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device returns for each status. An object of its own: only a TA links it.
 */
#include <rprocfw/status.h>

/* TEE Internal Core API, Return Code Constants: TEE_SUCCESS and TEE_ERROR_*. */
enum {
    SUCCESS,
    GENERIC,
    ACCESS_DENIED,
    BAD_FORMAT,
    BAD_PARAMETERS,
    BAD_STATE,
    NOT_IMPLEMENTED,
    NOT_SUPPORTED,
    NO_DATA,
    OUT_OF_MEMORY,
    SECURITY,
    SIGNATURE_INVALID,
    CORRUPT_OBJECT
};
static const uint32_t results[] = {
    [SUCCESS] = 0x00000000u,         [GENERIC] = 0xFFFF0000u,
    [ACCESS_DENIED] = 0xFFFF0001u,   [BAD_FORMAT] = 0xFFFF0005u,
    [BAD_PARAMETERS] = 0xFFFF0006u,  [BAD_STATE] = 0xFFFF0007u,
    [NOT_IMPLEMENTED] = 0xFFFF0009u, [NOT_SUPPORTED] = 0xFFFF000Au,
    [NO_DATA] = 0xFFFF000Bu,         [OUT_OF_MEMORY] = 0xFFFF000Cu,
    [SECURITY] = 0xFFFF000Fu,        [SIGNATURE_INVALID] = 0xFFFF3072u,
    [CORRUPT_OBJECT] = 0xF0100001u,
};

/* A byte a status: the compiler makes a table of it. */
/*@ assigns \nothing;
    ensures \result <= CORRUPT_OBJECT;
    ensures \result == SUCCESS <==> status == RPROCFW_OK;
*/
static uint8_t result_of(enum rprocfw_status status)
{
    switch (status) {
    case RPROCFW_OK:
        return SUCCESS;
    case RPROCFW_ERR_READ:
    case RPROCFW_ERR_WORK_ALIGN:
    case RPROCFW_ERR_PLATFORM:
    case RPROCFW_ERR_FILE:
    case RPROCFW_ERR_KEY:
    case RPROCFW_ERR_USAGE:
    case RPROCFW_ERR_CRYPTO:
    case RPROCFW_ERR_BOARD:
    case RPROCFW_ERR_MANIFEST:
        return GENERIC;
    case RPROCFW_ERR_LOAD:
    case RPROCFW_ERR_SEGMENT_ADDRESS:
    case RPROCFW_ERR_DEVICE_ADDRESS:
        return ACCESS_DENIED;
    case RPROCFW_ERR_NUM_IMG_LENGTH:
    case RPROCFW_ERR_IMGTYPE_UNKNOWN:
    case RPROCFW_ERR_IMGTYPE_MIXED:
    case RPROCFW_ERR_HASHTABLE_WITH_ENC:
    case RPROCFW_ERR_ENCTYPE_MISSING:
    case RPROCFW_ERR_ENC_WITH_PLAIN:
    case RPROCFW_ERR_ELF_SIZE:
    case RPROCFW_ERR_ELF_MAGIC:
    case RPROCFW_ERR_ELF_CLASS:
    case RPROCFW_ERR_ELF_DATA:
    case RPROCFW_ERR_ELF_VERSION:
    case RPROCFW_ERR_ELF_PHENTSIZE:
    case RPROCFW_ERR_ELF_SHENTSIZE:
    case RPROCFW_ERR_ELF_PHNUM:
    case RPROCFW_ERR_PHDR_ALIGN:
    case RPROCFW_ERR_PHDR_RANGE:
    case RPROCFW_ERR_SEGMENT_RANGE:
    case RPROCFW_ERR_SEGMENT_FILESZ:
    case RPROCFW_ERR_SEGMENT_BLOCK:
    case RPROCFW_ERR_SHDR_ALIGN:
    case RPROCFW_ERR_SHDR_RANGE:
    case RPROCFW_ERR_SHSTRNDX:
    case RPROCFW_ERR_SHSTRTAB_RANGE:
    case RPROCFW_ERR_SECTION_NAME:
    case RPROCFW_ERR_RSC_NOT_SIGNED:
    case RPROCFW_ERR_RSC_SIZE:
    case RPROCFW_ERR_RSC_VERSION:
    case RPROCFW_ERR_RSC_RESERVED:
    case RPROCFW_ERR_RSC_ENTRIES:
    case RPROCFW_ERR_RSC_TWICE:
    case RPROCFW_ERR_OVERLAP:
    case RPROCFW_ERR_INPUT:
    case RPROCFW_ERR_ORIGINAL:
        return BAD_FORMAT;
    case RPROCFW_ERR_RPROC_ID:
    case RPROCFW_ERR_HEADER_SIZE:
    case RPROCFW_ERR_MAGIC:
    case RPROCFW_ERR_VERSION:
    case RPROCFW_ERR_TLV_LEN_ZERO:
    case RPROCFW_ERR_SIGN_LEN_ZERO:
    case RPROCFW_ERR_SIZE:
    case RPROCFW_ERR_TLV_HEADER:
    case RPROCFW_ERR_TLV_PADDING:
    case RPROCFW_ERR_TLV_DUPLICATE:
    case RPROCFW_ERR_SIGNTYPE_MISSING:
    case RPROCFW_ERR_SIGNTYPE_LENGTH:
    case RPROCFW_ERR_SIGN_PADDING:
    case RPROCFW_ERR_OLD_LAYOUT_2020:
    case RPROCFW_ERR_OLD_LAYOUT_2023:
    case RPROCFW_ERR_HASHTYPE_LENGTH:
    case RPROCFW_ERR_IMGTYPE_LENGTH:
    case RPROCFW_ERR_IMGSIZE_LENGTH:
    case RPROCFW_ERR_IMGSIZE_ZERO:
    case RPROCFW_ERR_IMGSIZE_UNALIGNED:
    case RPROCFW_ERR_IMGSIZE_SUM:
    case RPROCFW_ERR_HASHTABLE_LENGTH:
    case RPROCFW_ERR_ENCTYPE_LENGTH:
    case RPROCFW_ERR_ENCTABLE_LENGTH:
        return BAD_PARAMETERS;
    case RPROCFW_ERR_STATE:
    case RPROCFW_ERR_OTHER_LOADED:
        return BAD_STATE;
    case RPROCFW_ERR_PLATFORM_TLV:
        return NOT_IMPLEMENTED;
    case RPROCFW_ERR_SIGNTYPE_UNKNOWN:
    case RPROCFW_ERR_SIGN_UNSUPPORTED:
    case RPROCFW_ERR_HASHTYPE_UNKNOWN:
    case RPROCFW_ERR_ENCTYPE_UNKNOWN:
        return NOT_SUPPORTED;
    case RPROCFW_ERR_TLV_LENGTH:
    case RPROCFW_ERR_HASHTYPE_MISSING:
    case RPROCFW_ERR_NUM_IMG_MISSING:
    case RPROCFW_ERR_NUM_IMG_ZERO:
    case RPROCFW_ERR_IMGTYPE_MISSING:
    case RPROCFW_ERR_IMGSIZE_MISSING:
    case RPROCFW_ERR_HASHTABLE_MISSING:
    case RPROCFW_ERR_ENCTABLE_MISSING:
        return NO_DATA;
    case RPROCFW_ERR_WORK_SIZE:
    case RPROCFW_ERR_RPROC_COUNT:
    case RPROCFW_ERR_MEMORY:
        return OUT_OF_MEMORY;
    case RPROCFW_ERR_PHDR_NOT_SIGNED:
    case RPROCFW_ERR_ENTRY_UNUSED:
    case RPROCFW_ERR_SEGMENT_HASH:
        return SECURITY;
    case RPROCFW_ERR_SIGNATURE:
        return SIGNATURE_INVALID;
    case RPROCFW_ERR_RSC_ALIGN:
        return CORRUPT_OBJECT;
    }
    return GENERIC;
}

/*@ assigns \nothing;
    ensures \result == results[SUCCESS] <==> status == RPROCFW_OK;
    ensures \exists integer i; SUCCESS <= i <= CORRUPT_OBJECT && \result == results[i];
*/
uint32_t rprocfw_status_tee_result(enum rprocfw_status status)
{
    return results[result_of(status)];
}
