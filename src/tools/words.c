/* SPDX-License-Identifier: BSD-2-Clause */
/* Names for the numbers of a report. */
#include <elf.h>

#include "words.h"

const char *segment_type_name(uint32_t p_type)
{
    switch (p_type) {
    case PT_NULL:
        return "NULL";
    case PT_LOAD:
        return "LOAD";
    case PT_DYNAMIC:
        return "DYNAMIC";
    case PT_INTERP:
        return "INTERP";
    case PT_NOTE:
        return "NOTE";
    case PT_SHLIB:
        return "SHLIB";
    case PT_PHDR:
        return "PHDR";
    case PT_TLS:
        return "TLS";
    case PT_GNU_EH_FRAME:
        return "GNU_EH_FRAME";
    case PT_GNU_STACK:
        return "GNU_STACK";
    case PT_GNU_RELRO:
        return "GNU_RELRO";
    case PT_ARM_EXIDX:
        return "EXIDX";
    default:
        return NULL;
    }
}

const char *machine_name(uint16_t e_machine)
{
    switch (e_machine) {
    case EM_ARM:
        return "ARM";
    case EM_386:
        return "386";
    case EM_X86_64:
        return "X86_64";
    case EM_AARCH64:
        return "AARCH64";
    case EM_RISCV:
        return "RISCV";
    case EM_XTENSA:
        return "XTENSA";
    default:
        return NULL;
    }
}

const char *image_type_name(uint8_t imgtype)
{
    switch (imgtype) {
    case RPROCFW_IMGTYPE_ELF:
        return "elf";
    case RPROCFW_IMGTYPE_ENCRYPTED_ELF:
        return "encrypted-elf";
    default:
        return NULL;
    }
}

const char *algorithm_name(uint8_t signtype)
{
    switch (signtype) {
    case RPROCFW_SIGNTYPE_RSA:
        return "RSASSA-PKCS1-v1_5-SHA256";
    case RPROCFW_SIGNTYPE_ECDSA:
        return "ECDSA-P256-SHA256";
    default:
        return NULL;
    }
}

const char *verdict_name(enum rprocfw_verdict verdict)
{
    switch (verdict) {
    case RPROCFW_VERDICT_ACCEPT:
        return "accept";
    case RPROCFW_VERDICT_REJECT:
        return "reject";
    case RPROCFW_VERDICT_UNAUTHENTICATED:
        return "unauthenticated";
    case RPROCFW_VERDICT_NOT_JUDGED:
        return "not-judged";
    }
    return NULL;
}

const char *finding_level(enum rprocfw_finding_level level)
{
    switch (level) {
    case RPROCFW_FINDING_NOTE:
        return "note";
    case RPROCFW_FINDING_WARNING:
        return "warning";
    case RPROCFW_FINDING_ERROR:
        return "error";
    }
    return NULL;
}

unsigned signature_bits(const struct rprocfw_report *report)
{
    if (report->signed_by != NULL)
        return rprocfw_key_bits(report->signed_by);
    if (report->signtype == RPROCFW_SIGNTYPE_ECDSA)
        return 256;
    if (report->signtype == RPROCFW_SIGNTYPE_RSA && report->header.sign_len <= 0x10000)
        return 8 * report->header.sign_len;
    return 0;
}

void segment_flags(uint32_t p_flags, char text[4])
{
    text[0] = (p_flags & PF_R) != 0 ? 'R' : '-';
    text[1] = (p_flags & PF_W) != 0 ? 'W' : '-';
    text[2] = (p_flags & PF_X) != 0 ? 'E' : '-';
    text[3] = '\0';
}
