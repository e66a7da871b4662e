/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of the TAs: what each is called, what a TA answers, and what to do. */
#include <stdio.h>

#include <rprocfw/answer.h>

#include "../tee_results.h"
#include "device_steps.h"

const char *rprocfw_ta_name(const struct rprocfw_ta *ta, char text[RPROCFW_TA_NAME])
{
    (void)snprintf(text, RPROCFW_TA_NAME, "%s %u.%u", ta->family == RPROCFW_TA_ST ? "ST" : "OP-TEE",
                   ta->major, ta->minor);
    return text;
}

/* Remedies of more than one check. */
static const char damaged[] = "take the file that rproc-sign wrote, whole and unchanged";
static const char sign_again[] = "sign the ELF files again, with rproc-sign";
static const char changed[] =
    "the image was changed after it was signed: take the file that rproc-sign wrote";
static const char loadable_only[] =
    "sign with rproc-sign --loadable-only, or give each segment an address of its own in the "
    "linker script";
static const char other_memory[] =
    "link it to the board's memory (rprocfw-board(5)), or give the board that region";
static const char smaller[] = "split the segment in the linker script, or let the TEE map more";
static const char link_again[] = "link it again, and sign what the linker wrote";

struct check {
    const char *id;
    uint32_t result;
    const char *remedy;
};

static const struct check checks[] = {
    [CHECK_OLD_LAYOUT] = {"old-layout", TEE_ERROR_CORRUPT_OBJECT,
                          "sign with the script that came with the board's OP-TEE"},
    [CHECK_BUFFER_SIZE] = {"buffer-size", TEE_ERROR_BAD_PARAMETERS, damaged},
    [CHECK_SIGN_LEN] = {"sign-len", TEE_ERROR_BAD_PARAMETERS, damaged},
    [CHECK_TLV_LEN] = {"tlv-len", TEE_ERROR_BAD_PARAMETERS, damaged},
    [CHECK_HEAP] = {"heap", TEE_ERROR_OUT_OF_MEMORY,
                    "sign with rproc-sign --loadable-only, link to fewer segments, or build the TA "
                    "with a larger TA_DATA_SIZE"},
    [CHECK_MAGIC] = {"magic", TEE_ERROR_BAD_PARAMETERS, "give the file that rproc-sign wrote"},
    [CHECK_VERSION] = {"version", TEE_ERROR_BAD_PARAMETERS, damaged},
    [CHECK_CONTAINER_SIZE] = {"container-size", TEE_ERROR_BAD_PARAMETERS, damaged},
    [CHECK_SIGNTYPE_MISSING] = {"signtype-missing", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_SIGNTYPE_LENGTH] = {"signtype-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_SIGNTYPE_VALUE] = {"signtype-value", TEE_ERROR_NOT_SUPPORTED, sign_again},
    [CHECK_SIGNATURE_ALGORITHM] = {"signature-algorithm", TEE_ERROR_NOT_SUPPORTED,
                                   "sign with a key of the kind that the board knows"},
    [CHECK_PKEYINFO] = {"pkeyinfo", TEE_ERROR_BAD_FORMAT, "sign with --key_info spki"},
    [CHECK_PKEYINFO_KEY] = {"pkeyinfo-key", TEE_ERROR_SECURITY, "sign with --key_info spki"},
    [CHECK_SIGNATURE] = {"signature", TEE_ERROR_SIGNATURE_INVALID,
                         "sign with the key whose public half the board has"},
    [CHECK_HASHTYPE_MISSING] = {"hashtype-missing", TEE_ERROR_NO_DATA, sign_again},
    [CHECK_HASHTYPE_LENGTH] = {"hashtype-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_HASHTYPE_VALUE] = {"hashtype-value", TEE_ERROR_NOT_SUPPORTED, sign_again},
    [CHECK_PLAT_TLV_UNKNOWN] = {"plat-tlv-unknown", TEE_ERROR_NOT_IMPLEMENTED,
                                "sign without this --plat-tlv"},
    [CHECK_PLAT_TLV_LENGTH] = {"plat-tlv-length", TEE_ERROR_CORRUPT_OBJECT,
                               "give --plat-tlv a number that starts with 0x"},
    [CHECK_PLAT_TLV_TWICE] = {"plat-tlv-twice", TEE_ERROR_GENERIC, sign_again},
    [CHECK_ELF_SIZE] = {"elf-size", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_ELF_MAGIC] = {"elf-magic", TEE_ERROR_BAD_FORMAT, changed},
    [CHECK_ELF_VERSION] = {"elf-version", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_ELF_CLASS] = {"elf-class", TEE_ERROR_BAD_FORMAT, "link for a 32-bit processor"},
    [CHECK_ELF_PHENTSIZE] = {"elf-phentsize", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_ELF_SHENTSIZE] = {"elf-shentsize", TEE_ERROR_BAD_FORMAT,
                             "keep the section headers: strip with rproc-sign --strip instead"},
    [CHECK_ELF_PHNUM] = {"elf-phnum", TEE_ERROR_BAD_FORMAT,
                         "link to an executable, not to an object file"},
    [CHECK_ENCTYPE_LENGTH] = {"enctype-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_ENCTYPE_VALUE] = {"enctype-value", TEE_ERROR_NOT_SUPPORTED, sign_again},
    [CHECK_ENCRYPTION] = {"encryption", TEE_ERROR_NOT_SUPPORTED, "sign without --enc_key"},
    [CHECK_HASHTABLE_MISSING] = {"hashtable-missing", TEE_ERROR_NO_DATA,
                                 "sign the ELF files again, with rproc-sign, and without --enc_key "
                                 "if the TA does not decrypt"},
    [CHECK_HASHTABLE_LENGTH] = {"hashtable-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_ENCTABLE_MISSING] = {"enctable-missing", TEE_ERROR_NO_DATA, sign_again},
    [CHECK_ENCTABLE_LENGTH] = {"enctable-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_NUM_IMG_MISSING] = {"num-img-missing", TEE_ERROR_NO_DATA, sign_again},
    [CHECK_NUM_IMG_LENGTH] = {"num-img-length", TEE_ERROR_BAD_FORMAT, sign_again},
    [CHECK_NUM_IMG_ZERO] = {"num-img-zero", TEE_ERROR_NO_DATA, sign_again},
    [CHECK_IMGTYPE_MISSING] = {"imgtype-missing", TEE_ERROR_NO_DATA, sign_again},
    [CHECK_IMGTYPE_LENGTH] = {"imgtype-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_IMGTYPE_VALUE] = {"imgtype-value", TEE_ERROR_BAD_FORMAT, sign_again},
    [CHECK_IMGSIZE_MISSING] = {"imgsize-missing", TEE_ERROR_NO_DATA, sign_again},
    [CHECK_IMGSIZE_LENGTH] = {"imgsize-length", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_IMGSIZE_ZERO] = {"imgsize-zero", TEE_ERROR_BAD_PARAMETERS, sign_again},
    [CHECK_PHDR_ALIGNMENT] = {"phdr-alignment", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_PHDR_RANGE] = {"phdr-range", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_SEGMENT_RANGE] = {"segment-range", TEE_ERROR_BAD_FORMAT,
                             "keep something behind the segments in the ELF file: its section "
                             "headers, as linkers do"},
    [CHECK_HASH_ENTRY_MISSING] = {"hash-entry-missing", TEE_ERROR_NO_DATA, changed},
    [CHECK_HASH_ENTRY_TYPE] = {"hash-entry-type", TEE_ERROR_BAD_PARAMETERS, loadable_only},
    [CHECK_HASH_ENTRY_SIZE] = {"hash-entry-size", TEE_ERROR_BAD_PARAMETERS, loadable_only},
    [CHECK_SEGMENT_PAYLOAD] = {"segment-payload", TEE_ERROR_BAD_PARAMETERS, changed},
    [CHECK_SEGMENT_ADDRESS] = {"segment-address", TEE_ERROR_ACCESS_DENIED, other_memory},
    [CHECK_SEGMENT_REGION] = {"segment-region", TEE_ERROR_GENERIC, other_memory},
    [CHECK_SEGMENT_MAP] = {"segment-map", TEE_ERROR_GENERIC, smaller},
    [CHECK_SEGMENT_HASH] = {"segment-hash", TEE_ERROR_SECURITY, changed},
    [CHECK_ZERO_FILL_ADDRESS] = {"zero-fill-address", TEE_ERROR_ACCESS_DENIED, other_memory},
    [CHECK_ZERO_FILL_REGION] = {"zero-fill-region", TEE_ERROR_GENERIC, other_memory},
    [CHECK_ZERO_FILL_MAP] = {"zero-fill-map", TEE_ERROR_GENERIC, smaller},
    [CHECK_SHDR_ALIGNMENT] = {"shdr-alignment", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_SHDR_RANGE] = {"shdr-range", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_SHSTRNDX] = {"shstrndx", TEE_ERROR_BAD_FORMAT,
                        "keep the section headers: strip with rproc-sign --strip instead"},
    [CHECK_SHSTRTAB_RANGE] = {"shstrtab-range", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_SECTION_NAME] = {"section-name", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_RSC_TABLE_RANGE] = {"rsc-table-range", TEE_ERROR_BAD_FORMAT, link_again},
    [CHECK_RSC_TABLE_SIZE] = {"rsc-table-size", TEE_ERROR_BAD_FORMAT,
                              "correct the resource table in the firmware's source"},
    [CHECK_RSC_TABLE_ALIGNMENT] = {"rsc-table-alignment", TEE_ERROR_CORRUPT_OBJECT,
                                   "align .resource_table to 4 bytes in the linker script"},
    [CHECK_RSC_TABLE_VERSION] = {"rsc-table-version", TEE_ERROR_BAD_FORMAT,
                                 "correct the resource table in the firmware's source"},
    [CHECK_RSC_TABLE_RESERVED] = {"rsc-table-reserved", TEE_ERROR_BAD_FORMAT,
                                  "correct the resource table in the firmware's source"},
    [CHECK_RSC_TABLE_ENTRIES] = {"rsc-table-entries", TEE_ERROR_BAD_FORMAT,
                                 "correct the resource table in the firmware's source"},
    [CHECK_RSC_TABLE_ADDRESS] = {"rsc-table-address", TEE_ERROR_ACCESS_DENIED,
                                 "link .resource_table to memory of the board (rprocfw-board(5))"},
    [CHECK_RSC_TABLE_TWICE] = {"rsc-table-twice", TEE_ERROR_BAD_FORMAT,
                               "leave .resource_table out of all images but one"},
};

void rprocfw_check_fill(struct rprocfw_device *answer, enum rprocfw_check check)
{
    answer->result = checks[check].result;
    answer->name = rprocfw_answer_tee(answer->result)->name; /* all of the table are known */
    answer->check = checks[check].id;
    (void)snprintf(answer->remedy, sizeof(answer->remedy), "%s", checks[check].remedy);
}
