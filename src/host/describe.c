/* SPDX-License-Identifier: BSD-2-Clause */
/* A refusal in words: what, found and expected, where, and what to do. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "host.h"

/* How found and expected of a status read. */
enum style {
    NO_VALUES,
    FOUND,       /* found 1 */
    HEX_VALUES,  /* found 0x1, expected 0x2 */
    DEC_VALUES,  /* found 1, expected 2 */
    AT_MOST,     /* found 3, at most 2 */
    LESS_THAN,   /* found 2, expected less than 2 */
    AT_LEAST,    /* found 1, at least 2 */
    MULTIPLE,    /* found 3, expected a multiple of 2 */
    OF_THE_FILE, /* the lengths give 1 bytes, the file has 2 */
    IN_IMAGE,    /* at 0x1 of an image of 2 bytes */
    TLV_ROOM,    /* 3 bytes, 2 left */
    SEGMENT,     /* 1 bytes for device address 0x2 */
    TABLE_AT     /* at 0x1, 2 bytes */
};

static const char sign_again[] = "it was damaged or built wrongly: sign the ELF files again";
static const char copy_again[] = "it was cut or damaged on the way: copy it again, or sign again";
static const char changed[] = "it was changed after signing: use the file that was signed, or sign "
                              "again";
static const char link_again[] = "mend the linker script or the strip step, link, and sign again";

struct wording {
    enum style style;
    const char *remedy; /* NULL: nothing to add */
};

static struct wording wording_of(enum rprocfw_status status)
{
    switch (status) {
    case RPROCFW_OK:
    case RPROCFW_ERR_READ:
    case RPROCFW_ERR_LOAD:
    case RPROCFW_ERR_WORK_ALIGN:
    case RPROCFW_ERR_RPROC_ID:
    case RPROCFW_ERR_RPROC_COUNT:
    case RPROCFW_ERR_STATE:
    case RPROCFW_ERR_OTHER_LOADED:
    case RPROCFW_ERR_PLATFORM:
    case RPROCFW_ERR_INPUT:
    case RPROCFW_ERR_ORIGINAL:
    case RPROCFW_ERR_MEMORY:
    case RPROCFW_ERR_FILE:
    case RPROCFW_ERR_KEY:
    case RPROCFW_ERR_USAGE:
    case RPROCFW_ERR_CRYPTO:
    case RPROCFW_ERR_BOARD:
    case RPROCFW_ERR_MANIFEST:
        return (struct wording){NO_VALUES, NULL};
    case RPROCFW_ERR_WORK_SIZE:
        return (struct wording){AT_LEAST, NULL};
    case RPROCFW_ERR_HEADER_SIZE:
        return (struct wording){AT_LEAST, copy_again};
    case RPROCFW_ERR_MAGIC:
        return (struct wording){HEX_VALUES, "give the file that rproc-sign wrote"};
    case RPROCFW_ERR_VERSION:
    case RPROCFW_ERR_SIGNTYPE_LENGTH:
    case RPROCFW_ERR_HASHTYPE_LENGTH:
    case RPROCFW_ERR_NUM_IMG_LENGTH:
    case RPROCFW_ERR_IMGTYPE_LENGTH:
    case RPROCFW_ERR_IMGSIZE_LENGTH:
    case RPROCFW_ERR_ENCTYPE_LENGTH:
    case RPROCFW_ERR_HASHTYPE_UNKNOWN:
    case RPROCFW_ERR_ENCTYPE_UNKNOWN:
    case RPROCFW_ERR_IMGTYPE_UNKNOWN:
    case RPROCFW_ERR_IMGSIZE_SUM:
        return (struct wording){DEC_VALUES, sign_again};
    case RPROCFW_ERR_TLV_LEN_ZERO:
    case RPROCFW_ERR_SIGN_LEN_ZERO:
    case RPROCFW_ERR_TLV_PADDING:
    case RPROCFW_ERR_TLV_DUPLICATE:
    case RPROCFW_ERR_SIGNTYPE_MISSING:
    case RPROCFW_ERR_HASHTYPE_MISSING:
    case RPROCFW_ERR_NUM_IMG_MISSING:
    case RPROCFW_ERR_IMGTYPE_MISSING:
    case RPROCFW_ERR_IMGSIZE_MISSING:
    case RPROCFW_ERR_HASHTABLE_MISSING:
    case RPROCFW_ERR_ENCTYPE_MISSING:
    case RPROCFW_ERR_ENCTABLE_MISSING:
    case RPROCFW_ERR_NUM_IMG_ZERO:
    case RPROCFW_ERR_IMGSIZE_ZERO:
    case RPROCFW_ERR_IMGTYPE_MIXED:
    case RPROCFW_ERR_HASHTABLE_WITH_ENC:
    case RPROCFW_ERR_ENC_WITH_PLAIN:
    case RPROCFW_ERR_PLATFORM_TLV:
        return (struct wording){NO_VALUES, sign_again};
    case RPROCFW_ERR_SIZE:
        return (struct wording){OF_THE_FILE, copy_again};
    case RPROCFW_ERR_TLV_HEADER:
        return (struct wording){AT_LEAST, sign_again};
    case RPROCFW_ERR_TLV_LENGTH:
        return (struct wording){TLV_ROOM, sign_again};
    case RPROCFW_ERR_SIGNTYPE_UNKNOWN:
        return (struct wording){FOUND, "expected 1 (RSA) or 2 (ECDSA): sign with rproc-sign"};
    case RPROCFW_ERR_SIGN_PADDING:
    case RPROCFW_ERR_ELF_MAGIC:
        return (struct wording){HEX_VALUES, changed};
    case RPROCFW_ERR_SIGNATURE:
        return (struct wording){NO_VALUES,
                                "another key signed it, or it was changed after signing"};
    case RPROCFW_ERR_SIGN_UNSUPPORTED:
        return (struct wording){NO_VALUES, "sign with a key of the other kind"};
    case RPROCFW_ERR_OLD_LAYOUT_2020:
    case RPROCFW_ERR_OLD_LAYOUT_2023:
        return (struct wording){NO_VALUES, "sign its ELF file again with rproc-sign"};
    case RPROCFW_ERR_IMGSIZE_UNALIGNED:
    case RPROCFW_ERR_HASHTABLE_LENGTH:
    case RPROCFW_ERR_ENCTABLE_LENGTH:
        return (struct wording){MULTIPLE, sign_again};
    case RPROCFW_ERR_ELF_SIZE:
    case RPROCFW_ERR_RSC_SIZE:
        return (struct wording){AT_LEAST, link_again};
    case RPROCFW_ERR_ELF_CLASS:
    case RPROCFW_ERR_ELF_DATA:
    case RPROCFW_ERR_ELF_VERSION:
    case RPROCFW_ERR_ELF_PHENTSIZE:
        return (struct wording){DEC_VALUES, changed};
    case RPROCFW_ERR_ELF_SHENTSIZE:
        return (struct wording){DEC_VALUES,
                                "boards need section headers: keep them when stripping"};
    case RPROCFW_ERR_ELF_PHNUM:
    case RPROCFW_ERR_PHDR_NOT_SIGNED:
    case RPROCFW_ERR_ENTRY_UNUSED:
        return (struct wording){NO_VALUES, changed};
    case RPROCFW_ERR_PHDR_ALIGN:
    case RPROCFW_ERR_SHDR_ALIGN:
    case RPROCFW_ERR_RSC_ALIGN:
    case RPROCFW_ERR_SEGMENT_BLOCK:
        return (struct wording){MULTIPLE, link_again};
    case RPROCFW_ERR_PHDR_RANGE:
    case RPROCFW_ERR_SEGMENT_RANGE:
    case RPROCFW_ERR_SHDR_RANGE:
    case RPROCFW_ERR_SHSTRTAB_RANGE:
        return (struct wording){IN_IMAGE, copy_again};
    case RPROCFW_ERR_SEGMENT_FILESZ:
        return (struct wording){AT_MOST,
                                "a rule of this verifier, for boards write all of it, over "
                                "what lies behind: mend the linker script, link, and sign "
                                "again"};
    case RPROCFW_ERR_SEGMENT_ADDRESS:
    case RPROCFW_ERR_DEVICE_ADDRESS:
        return (struct wording){TABLE_AT, link_again};
    case RPROCFW_ERR_OVERLAP:
        return (struct wording){NO_VALUES, link_again};
    case RPROCFW_ERR_SEGMENT_HASH:
        return (struct wording){SEGMENT, changed};
    case RPROCFW_ERR_SHSTRNDX:
        return (struct wording){NO_VALUES, "boards need section headers: keep them when stripping"};
    case RPROCFW_ERR_RSC_NOT_SIGNED:
        return (struct wording){TABLE_AT, "put .resource_table into a loaded segment, not NOLOAD, "
                                          "and sign again"};
    case RPROCFW_ERR_SECTION_NAME:
        return (struct wording){LESS_THAN, link_again};
    case RPROCFW_ERR_RSC_VERSION:
    case RPROCFW_ERR_RSC_RESERVED:
        return (struct wording){DEC_VALUES, "mend the resource table in the firmware's source"};
    case RPROCFW_ERR_RSC_ENTRIES:
        return (struct wording){AT_MOST, "mend the resource table in the firmware's source"};
    case RPROCFW_ERR_RSC_TWICE:
        return (struct wording){NO_VALUES, "keep .resource_table in one of the ELF files only"};
    }
    return (struct wording){NO_VALUES, NULL};
}

/* Text that grows and is cut at its end. */
struct text {
    char *at;
    size_t left;
};

static void append(struct text *text, const char *format, ...) RPROCFW_PRINTF(2, 3);

static void append(struct text *text, const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(text->at, text->left, format, arguments);
    va_end(arguments);
    if (size < 0 || text->left == 0)
        return;
    if ((size_t)size >= text->left)
        size = (int)text->left - 1;
    text->at += size;
    text->left -= (size_t)size;
}

static void append_values(struct text *text, enum style style, uint32_t found, uint32_t expected)
{
    switch (style) {
    case NO_VALUES:
        break;
    case FOUND:
        append(text, ": found %" PRIu32, found);
        break;
    case HEX_VALUES:
        append(text, ": found 0x%" PRIx32 ", expected 0x%" PRIx32, found, expected);
        break;
    case DEC_VALUES:
        append(text, ": found %" PRIu32 ", expected %" PRIu32, found, expected);
        break;
    case AT_MOST:
        append(text, ": found %" PRIu32 ", expected at most %" PRIu32, found, expected);
        break;
    case LESS_THAN:
        append(text, ": found %" PRIu32 ", expected less than %" PRIu32, found, expected);
        break;
    case AT_LEAST:
        append(text, ": %" PRIu32 " bytes, expected at least %" PRIu32, found, expected);
        break;
    case MULTIPLE:
        append(text, ": found %" PRIu32 ", expected a multiple of %" PRIu32, found, expected);
        break;
    case OF_THE_FILE:
        append(text, ": they give %s%" PRIu32 " bytes, there are %" PRIu32,
               found == UINT32_MAX ? "at least " : "", found, expected);
        break;
    case IN_IMAGE:
        append(text, ": at 0x%" PRIx32 " of an image of %" PRIu32 " bytes", found, expected);
        break;
    case TLV_ROOM:
        append(text, ": %" PRIu32 " bytes of value, %" PRIu32 " bytes left in the area", found,
               expected);
        break;
    case SEGMENT:
        append(text, ": %" PRIu32 " bytes for device address 0x%" PRIx32, found, expected);
        break;
    case TABLE_AT:
        append(text, ": found 0x%" PRIx32 ", %" PRIu32 " bytes", found, expected);
        break;
    }
}

static void append_place(struct text *text, const struct rprocfw_diag *diag)
{
    const char *name = diag->tlv != RPROCFW_NOWHERE ? rprocfw_tlv_name(diag->tlv) : NULL;

    append(text, " (");
    if (diag->image != RPROCFW_NOWHERE)
        append(text, "image %" PRIu32 ", ", diag->image);
    if (diag->segment != RPROCFW_NOWHERE)
        append(text, "segment %" PRIu32 ", ", diag->segment);
    if (name != NULL)
        append(text, "TLV %s, ", name);
    else if (diag->tlv != RPROCFW_NOWHERE)
        append(text, "TLV 0x%" PRIx32 ", ", diag->tlv);
    append(text, "offset %" PRIu32 ")", diag->offset);
}

char *rprocfw_describe(enum rprocfw_status status, const struct rprocfw_diag *diag, char *text,
                       size_t size)
{
    const struct wording wording = wording_of(status);
    const char *what = rprocfw_status_text(status);
    struct text to = {text, size};

    append(&to, "%s", what != NULL ? what : "unknown status");
    append_values(&to, wording.style, diag->found, diag->expected);
    if (rprocfw_status_is_refusal(status))
        append_place(&to, diag);
    if (wording.remedy != NULL)
        append(&to, "; %s", wording.remedy);
    return text;
}

const char *rprocfw_tlv_name(uint32_t type)
{
    switch (type) {
    case RPROCFW_TLV_SIGNTYPE:
        return "SIGNTYPE";
    case RPROCFW_TLV_HASHTYPE:
        return "HASHTYPE";
    case RPROCFW_TLV_NUM_IMG:
        return "NUM_IMG";
    case RPROCFW_TLV_IMGTYPE:
        return "IMGTYPE";
    case RPROCFW_TLV_IMGSIZE:
        return "IMGSIZE";
    case RPROCFW_TLV_ENCTYPE:
        return "ENCTYPE";
    case RPROCFW_TLV_HASHTABLE:
        return "HASHTABLE";
    case RPROCFW_TLV_PKEYINFO:
        return "PKEYINFO";
    case RPROCFW_TLV_ENCTABLE:
        return "ENCTABLE";
    case RPROCFW_TLV_BOOTADDR:
        return "BOOTADDR";
    case RPROCFW_TLV_BOOTSEC:
        return "BOOTSEC";
    default:
        return NULL;
    }
}
