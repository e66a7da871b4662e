/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names and texts of every status. An object of its own: a device need not link it.
 * The switch has no default, so that the compiler finds a forgotten status.
 */
#include <stddef.h>

#include <rprocfw/status.h>

struct words {
    const char *name;
    const char *text;
};

/*@ assigns \result \from status;
    ensures \result.name == \null <==> \result.text == \null;
    ensures \result.name != \null ==> \valid_read(\result.name) && \valid_read(\result.text);
    ensures status == RPROCFW_OK ==> \result.name != \null;
*/
static struct words words(enum rprocfw_status status)
{
    switch (status) {
    case RPROCFW_OK:
        return (struct words){"ok", "every check holds"};
    case RPROCFW_ERR_WORK_SIZE:
        return (struct words){"work-size", "the work buffer is too small"};
    case RPROCFW_ERR_READ:
        return (struct words){"read", "the container could not be read"};
    case RPROCFW_ERR_LOAD:
        return (struct words){"load", "the segment could not be loaded"};
    case RPROCFW_ERR_WORK_ALIGN:
        return (struct words){"work-align", "the work buffer is not aligned to 8 bytes"};
    case RPROCFW_ERR_RPROC_ID:
        return (struct words){"rproc-id", "no container was ever loaded for this remote processor"};
    case RPROCFW_ERR_RPROC_COUNT:
        return (struct words){"rproc-count", "there is no room for one more remote processor"};
    case RPROCFW_ERR_STATE:
        return (struct words){"state", "not possible in this state of the remote processor"};
    case RPROCFW_ERR_OTHER_LOADED:
        return (struct words){"other-loaded", "another container is loaded"};
    case RPROCFW_ERR_PLATFORM:
        return (struct words){"platform", "the platform, or its crypto, failed"};
    case RPROCFW_ERR_HEADER_SIZE:
        return (struct words){"header-size", "too short for a header"};
    case RPROCFW_ERR_MAGIC:
        return (struct words){"magic", "not a signed container: wrong magic"};
    case RPROCFW_ERR_VERSION:
        return (struct words){"version", "unknown header version"};
    case RPROCFW_ERR_TLV_LEN_ZERO:
        return (struct words){"tlv-len-zero", "the header gives the TLV area no bytes"};
    case RPROCFW_ERR_SIGN_LEN_ZERO:
        return (struct words){"sign-len-zero", "the header gives the signature no bytes"};
    case RPROCFW_ERR_SIZE:
        return (struct words){"size", "the header's lengths do not add up to the size"};
    case RPROCFW_ERR_TLV_HEADER:
        return (struct words){"tlv-header", "the TLV area ends inside a record's type and length"};
    case RPROCFW_ERR_TLV_LENGTH:
        return (struct words){"tlv-length", "a TLV runs past the end of the TLV area"};
    case RPROCFW_ERR_TLV_PADDING:
        return (struct words){"tlv-padding", "the padding of a TLV is not zero"};
    case RPROCFW_ERR_TLV_DUPLICATE:
        return (struct words){"tlv-duplicate", "a TLV is there twice"};
    case RPROCFW_ERR_SIGNTYPE_MISSING:
        return (struct words){"signtype-missing", "the TLV SIGNTYPE is missing"};
    case RPROCFW_ERR_SIGNTYPE_LENGTH:
        return (struct words){"signtype-length", "the TLV SIGNTYPE has the wrong length"};
    case RPROCFW_ERR_SIGNTYPE_UNKNOWN:
        return (struct words){"signtype-unknown", "unknown signature algorithm"};
    case RPROCFW_ERR_SIGN_PADDING:
        return (struct words){"sign-padding", "the padding of the signature is not zero"};
    case RPROCFW_ERR_SIGNATURE:
        return (struct words){"signature", "the signature does not verify"};
    case RPROCFW_ERR_SIGN_UNSUPPORTED:
        return (struct words){"sign-unsupported",
                              "the platform does not support this signature algorithm"};
    case RPROCFW_ERR_OLD_LAYOUT_2020:
        return (struct words){"old-layout-2020",
                              "a container in the layout of 2020, which today's devices refuse"};
    case RPROCFW_ERR_OLD_LAYOUT_2023:
        return (struct words){
            "old-layout-2023",
            "a container in the layout of the 2023 beta, which today's devices refuse"};
    case RPROCFW_ERR_HASHTYPE_MISSING:
        return (struct words){"hashtype-missing", "the TLV HASHTYPE is missing"};
    case RPROCFW_ERR_HASHTYPE_LENGTH:
        return (struct words){"hashtype-length", "the TLV HASHTYPE has the wrong length"};
    case RPROCFW_ERR_HASHTYPE_UNKNOWN:
        return (struct words){"hashtype-unknown", "unknown hash algorithm"};
    case RPROCFW_ERR_NUM_IMG_MISSING:
        return (struct words){"num-img-missing", "the TLV NUM_IMG is missing"};
    case RPROCFW_ERR_NUM_IMG_LENGTH:
        return (struct words){"num-img-length", "the TLV NUM_IMG has the wrong length"};
    case RPROCFW_ERR_NUM_IMG_ZERO:
        return (struct words){"num-img-zero", "NUM_IMG says that there are no images"};
    case RPROCFW_ERR_IMGTYPE_MISSING:
        return (struct words){"imgtype-missing", "the TLV IMGTYPE is missing"};
    case RPROCFW_ERR_IMGTYPE_LENGTH:
        return (struct words){"imgtype-length", "the TLV IMGTYPE does not have one byte an image"};
    case RPROCFW_ERR_IMGTYPE_UNKNOWN:
        return (struct words){"imgtype-unknown", "unknown image type"};
    case RPROCFW_ERR_IMGTYPE_MIXED:
        return (struct words){"imgtype-mixed", "plain and encrypted images in one container"};
    case RPROCFW_ERR_IMGSIZE_MISSING:
        return (struct words){"imgsize-missing", "the TLV IMGSIZE is missing"};
    case RPROCFW_ERR_IMGSIZE_LENGTH:
        return (struct words){"imgsize-length",
                              "the TLV IMGSIZE does not have four bytes an image"};
    case RPROCFW_ERR_IMGSIZE_ZERO:
        return (struct words){"imgsize-zero", "an image has no bytes"};
    case RPROCFW_ERR_IMGSIZE_UNALIGNED:
        return (struct words){"imgsize-unaligned", "an image's size is not a multiple of 8"};
    case RPROCFW_ERR_IMGSIZE_SUM:
        return (struct words){"imgsize-sum", "the images' sizes do not add up to the payload"};
    case RPROCFW_ERR_HASHTABLE_MISSING:
        return (struct words){"hashtable-missing", "the TLV HASHTABLE is missing or empty"};
    case RPROCFW_ERR_HASHTABLE_LENGTH:
        return (struct words){"hashtable-length",
                              "the TLV HASHTABLE is not a whole number of entries"};
    case RPROCFW_ERR_HASHTABLE_WITH_ENC:
        return (struct words){"hashtable-with-enc",
                              "a HASHTABLE in a container of encrypted images"};
    case RPROCFW_ERR_ENCTYPE_MISSING:
        return (struct words){"enctype-missing",
                              "the TLV ENCTYPE is missing in a container of encrypted images"};
    case RPROCFW_ERR_ENCTYPE_LENGTH:
        return (struct words){"enctype-length", "the TLV ENCTYPE has the wrong length"};
    case RPROCFW_ERR_ENCTYPE_UNKNOWN:
        return (struct words){"enctype-unknown", "unknown encryption algorithm"};
    case RPROCFW_ERR_ENCTABLE_MISSING:
        return (struct words){
            "enctable-missing",
            "the TLV ENCTABLE is missing or empty in a container of encrypted images"};
    case RPROCFW_ERR_ENCTABLE_LENGTH:
        return (struct words){"enctable-length",
                              "the TLV ENCTABLE is not a whole number of entries"};
    case RPROCFW_ERR_ENC_WITH_PLAIN:
        return (struct words){"enc-with-plain",
                              "ENCTYPE or ENCTABLE in a container of plain images"};
    case RPROCFW_ERR_PLATFORM_TLV:
        return (struct words){"platform-tlv", "the platform refuses a platform TLV"};
    case RPROCFW_ERR_ELF_SIZE:
        return (struct words){"elf-size", "an image is too short for an ELF header"};
    case RPROCFW_ERR_ELF_MAGIC:
        return (struct words){"elf-magic", "an image is not an ELF file"};
    case RPROCFW_ERR_ELF_CLASS:
        return (struct words){"elf-class", "an image is not a 32-bit ELF file"};
    case RPROCFW_ERR_ELF_DATA:
        return (struct words){"elf-data", "an image is not a little-endian ELF file"};
    case RPROCFW_ERR_ELF_VERSION:
        return (struct words){"elf-version", "unknown ELF version in e_ident"};
    case RPROCFW_ERR_ELF_PHENTSIZE:
        return (struct words){"elf-phentsize", "wrong size of program headers"};
    case RPROCFW_ERR_ELF_SHENTSIZE:
        return (struct words){"elf-shentsize", "wrong size of section headers"};
    case RPROCFW_ERR_ELF_PHNUM:
        return (struct words){"elf-phnum", "an image has no program header"};
    case RPROCFW_ERR_PHDR_ALIGN:
        return (struct words){"phdr-align", "the program headers are not 4-byte aligned"};
    case RPROCFW_ERR_PHDR_RANGE:
        return (struct words){"phdr-range", "program headers outside their image"};
    case RPROCFW_ERR_PHDR_NOT_SIGNED:
        return (struct words){"phdr-not-signed", "a program header differs from the signed table"};
    case RPROCFW_ERR_ENTRY_UNUSED:
        return (struct words){"entry-unused",
                              "the signed table has entries without a program header"};
    case RPROCFW_ERR_SEGMENT_RANGE:
        return (struct words){"segment-range", "a segment's bytes lie outside its image"};
    case RPROCFW_ERR_SEGMENT_FILESZ:
        return (struct words){"segment-filesz",
                              "a segment has more bytes in the file than in memory"};
    case RPROCFW_ERR_SEGMENT_ADDRESS:
        return (struct words){"segment-address",
                              "a segment runs past the end of the address space"};
    case RPROCFW_ERR_SEGMENT_BLOCK:
        return (struct words){"segment-block",
                              "an encrypted segment is not a multiple of 16 bytes"};
    case RPROCFW_ERR_SEGMENT_HASH:
        return (struct words){"segment-hash", "a segment's bytes are not those that were signed"};
    case RPROCFW_ERR_SHDR_ALIGN:
        return (struct words){"shdr-align", "the section headers are not 4-byte aligned"};
    case RPROCFW_ERR_SHDR_RANGE:
        return (struct words){"shdr-range", "section headers outside their image"};
    case RPROCFW_ERR_SHSTRNDX:
        return (struct words){"shstrndx",
                              "the section name table is not among the section headers"};
    case RPROCFW_ERR_SHSTRTAB_RANGE:
        return (struct words){"shstrtab-range", "the section name table lies outside its image"};
    case RPROCFW_ERR_SECTION_NAME:
        return (struct words){"section-name",
                              "a section's name lies outside the section name table"};
    case RPROCFW_ERR_RSC_NOT_SIGNED:
        return (struct words){
            "rsc-not-signed",
            "the resource table is not inside a signed segment at its own address"};
    case RPROCFW_ERR_RSC_SIZE:
        return (struct words){"rsc-size", "the resource table is too short for its header"};
    case RPROCFW_ERR_RSC_ALIGN:
        return (struct words){"rsc-align", "the resource table is not 4-byte aligned in its file"};
    case RPROCFW_ERR_RSC_VERSION:
        return (struct words){"rsc-version", "unknown resource table version"};
    case RPROCFW_ERR_RSC_RESERVED:
        return (struct words){"rsc-reserved",
                              "the reserved words of the resource table are not zero"};
    case RPROCFW_ERR_RSC_ENTRIES:
        return (struct words){"rsc-entries", "the resource table has no room for its entries"};
    case RPROCFW_ERR_RSC_TWICE:
        return (struct words){"rsc-twice", "more than one resource table"};
    case RPROCFW_ERR_DEVICE_ADDRESS:
        return (struct words){"device-address",
                              "a device address lies outside the remote processor's memory"};
    case RPROCFW_ERR_OVERLAP:
        return (struct words){"overlap",
                              "a segment would overwrite bytes of a segment loaded before it"};
    case RPROCFW_ERR_INPUT:
        return (struct words){"input", "the input is no firmware that can be signed"};
    case RPROCFW_ERR_ORIGINAL:
        return (struct words){"original", "an image is not the ELF file it is compared with"};
    case RPROCFW_ERR_MEMORY:
        return (struct words){"memory", "out of memory"};
    case RPROCFW_ERR_FILE:
        return (struct words){"file", "a file could not be read or written"};
    case RPROCFW_ERR_KEY:
        return (struct words){"key", "the key cannot be used"};
    case RPROCFW_ERR_USAGE:
        return (struct words){"usage", "the instructions contradict each other"};
    case RPROCFW_ERR_CRYPTO:
        return (struct words){"crypto", "a cryptographic operation failed"};
    case RPROCFW_ERR_BOARD:
        return (struct words){"board", "what is known of a board cannot be used"};
    case RPROCFW_ERR_MANIFEST:
        return (struct words){"manifest", "a manifest cannot be used"};
    }
    return (struct words){NULL, NULL};
}

/*@ assigns \result \from status;
    ensures \result == \null || \valid_read(\result);
    ensures status == RPROCFW_OK ==> \result != \null;
*/
const char *rprocfw_status_name(enum rprocfw_status status)
{
    return words(status).name;
}

/*@ assigns \result \from status;
    ensures \result == \null || \valid_read(\result);
    ensures status == RPROCFW_OK ==> \result != \null;
*/
const char *rprocfw_status_text(enum rprocfw_status status)
{
    return words(status).text;
}

/*@ assigns \nothing;
    ensures \result == 1 <==> 10 <= status <= 199;
*/
bool rprocfw_status_is_refusal(enum rprocfw_status status)
{
    return status >= RPROCFW_ERR_HEADER_SIZE && status < RPROCFW_ERR_MEMORY;
}
