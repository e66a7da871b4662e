/* SPDX-License-Identifier: BSD-2-Clause */
/* What a board's answer means. The table: in each answer the likeliest reason comes first. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <rprocfw/answer.h>

#include "../tee_results.h"

/* ---- The table ---- */

/* Those of the checks and findings of rprocfw-checks(7) that lead to it for a reason. */
#define CHECKS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define FORETELL "rproc-verify --board BOARD --key KEY FILE"

static const struct rprocfw_reason parameters[] = {
    {"the first entry of the hash table with a segment's p_paddr is not that segment's: a "
     "PT_ARM_EXIDX, PT_NOTE, PT_GNU_STACK or empty PT_LOAD has the same address and comes first; "
     "sign again with rproc-sign --loadable-only",
     FORETELL, CHECKS("hash-entry-type", "hash-entry-size")},
    {"the file is not a signed container, but the linker's ELF file, for example; sign it first",
     "rproc-dump FILE", CHECKS("magic")},
    {"the file was cut or has bytes behind its end, by a copy or a conversion; copy it again",
     "rproc-dump FILE",
     CHECKS("buffer-size", "tlv-len", "sign-len", "container-size", "segment-payload")},
    {"the container has a layout of 2020 or of the 2023 beta; sign the ELF file with today's "
     "tools",
     "rproc-dump FILE", NULL},
    {"the header or a TLV has a value that this TA does not take: a HASHTABLE of other than 64 "
     "bytes an entry, an IMGSIZE or IMGTYPE for another number of images; sign again with "
     "rproc-sign",
     FORETELL,
     CHECKS("version", "signtype-missing", "signtype-length", "hashtype-length", "enctype-length",
            "hashtable-length", "enctable-length", "imgtype-length", "imgsize-length",
            "imgsize-zero")},
    {"the remote processor was started, stopped or asked for its resource table before anything "
     "was loaded for it; look for an earlier failure in the log",
     "dmesg | grep -i -e remoteproc -e TEE", NULL},
};

static const struct rprocfw_reason format[] = {
    {"the ELF file has no section headers, or broken ones; link it again, and do not remove them "
     "(objcopy --strip-section-headers, sstrip); rproc-sign --strip keeps what boards need",
     FORETELL,
     CHECKS("elf-shentsize", "shdr-alignment", "shdr-range", "shstrndx", "shstrtab-range",
            "section-name")},
    {"the resource table is not one: version, reserved words or number of entries", FORETELL,
     CHECKS("rsc-table-range", "rsc-table-size", "rsc-table-version", "rsc-table-reserved",
            "rsc-table-entries")},
    {"two images of the container have a resource table; build one of them without",
     "rproc-dump FILE", CHECKS("rsc-table-twice")},
    {"the ELF file is none for this processor: 64-bit, or with headers of other sizes",
     "readelf -h ELF",
     CHECKS("elf-size", "elf-magic", "elf-version", "elf-class", "elf-phentsize", "elf-phnum",
            "phdr-alignment", "phdr-range")},
    {"a segment's bytes lie outside of its image; to OP-TEE 4.1 to 4.9 and ST's 4.0 also those "
     "that end exactly where the image ends: let the section headers follow them in the file",
     FORETELL, CHECKS("segment-range")},
    {"the images are encrypted, and the TA does not decrypt; sign without --enc_key, or use ST's "
     "TA",
     "rproc-dump FILE", CHECKS("imgtype-value", "num-img-length")},
    {"ST's TA checks the key against the fuses, and PKEYINFO is missing or of the wrong kind; sign "
     "with --key_info spki",
     "rproc-key match --key KEY FILE", CHECKS("pkeyinfo")},
};

static const struct rprocfw_reason signature[] = {
    {"another key signed it than the one in the board's TEE; OP-TEE changed its default test key "
     "in 4.7, and ST still has the old one",
     "rproc-key match --key KEY FILE", CHECKS("signature")},
    {"the container was changed after it was signed; copy it again", "rproc-verify --key KEY FILE",
     NULL},
    {"the TEE was built with the private test key of its sources, and not with yours; build "
     "OP-TEE with RPROC_SIGN_KEY",
     NULL, NULL},
};

static const struct rprocfw_reason not_supported[] = {
    {"it is signed with ECDSA, and OP-TEE's platform code for STM32MP knows RSA only; sign with an "
     "RSA key",
     FORETELL, CHECKS("signature-algorithm")},
    {"ST's TA was built without what the container asks for: a key in PKEYINFO, ECDSA, "
     "encryption",
     FORETELL, CHECKS("encryption")},
    {"SIGNTYPE, HASHTYPE or ENCTYPE has a number that the TA does not know", "rproc-dump FILE",
     CHECKS("signtype-value", "hashtype-value", "enctype-value")},
};

static const struct rprocfw_reason no_data[] = {
    {"a segment has no entry in the hash table: the ELF file was changed after signing, or its "
     "p_paddr",
     FORETELL, CHECKS("hash-entry-missing")},
    {"the images are encrypted, so there is no HASHTABLE, and OP-TEE's TA does not decrypt; sign "
     "without --enc_key, or use ST's TA",
     "rproc-dump FILE", CHECKS("hashtable-missing")},
    {"a TLV is missing: NUM_IMG, IMGTYPE, IMGSIZE, HASHTABLE, for ST's TA HASHTYPE; sign again "
     "with rproc-sign",
     "rproc-dump FILE",
     CHECKS("hashtype-missing", "num-img-missing", "num-img-zero", "imgtype-missing",
            "imgsize-missing", "enctable-missing")},
};

static const struct rprocfw_reason out_of_memory[] = {
    {"header, TLVs, signature and a second hash table do not fit the TA's heap, which has 4 KiB by "
     "default: 24 to 27 program headers; link with fewer, sign with --loadable-only, or build the "
     "TA with a larger TA_DATA_SIZE",
     FORETELL, CHECKS("heap")},
    {"the TEE has no memory to map the container; look at its own log", NULL, NULL},
};

static const struct rprocfw_reason access_denied[] = {
    {"a segment lies, wholly or in part, outside the remote processor's memory regions, or across "
     "two of them; change the linker script, or the regions in the TEE's device tree",
     FORETELL, CHECKS("segment-address")},
    {"the zeroed part of a segment (.bss, heap, stack) runs past its region", FORETELL,
     CHECKS("zero-fill-address")},
    {"the resource table's address is in no region", FORETELL, CHECKS("rsc-table-address")},
};

static const struct rprocfw_reason generic[] = {
    {"a segment is larger than the TEE can map, 10 MiB by default; split it", FORETELL,
     CHECKS("segment-map", "zero-fill-map")},
    {"on STM32MP2, there is no BOOTADDR, so the processor cannot start; sign with --plat-tlv "
     "BOOTADDR auto",
     FORETELL, CHECKS("platform-tlv-missing")},
    {"with ST's TA, a segment lies inside the bus's ranges, but in no memory region", FORETELL,
     CHECKS("segment-region", "zero-fill-region")},
    {"with ST's TA, BOOTADDR or BOOTSEC is there twice", "rproc-dump FILE",
     CHECKS("plat-tlv-twice")},
};

static const struct rprocfw_reason security[] = {
    {"the bytes of a segment are not those that were signed: the container was changed or damaged "
     "after signing; copy it again",
     "rproc-verify --key KEY FILE", CHECKS("segment-hash")},
    {"two segments have one address and size, and the first one's hash counts for both", FORETELL,
     NULL},
    {"ST's TA checks the key against the fuses, and their hash is another; see rproc-key show",
     "rproc-key match --key KEY --otp HASH", CHECKS("pkeyinfo-key")},
    {"the AES key in the fuses is all zero, and the images are encrypted", NULL, NULL},
};

static const struct rprocfw_reason corrupt[] = {
    {"the resource table's offset in the ELF file is no multiple of 4; align its section", FORETELL,
     CHECKS("rsc-table-alignment")},
    {"ST's TA: BOOTADDR or BOOTSEC is not a number of 4 bytes; write it with the prefix 0x",
     "rproc-dump FILE", CHECKS("plat-tlv-length")},
    {"the board's TA knows the layout of 2020 only; sign with the script that came with it",
     "rproc-dump FILE", CHECKS("old-layout")},
};

static const struct rprocfw_reason state[] = {
    {"a firmware is loaded or running already; stop the remote processor first",
     "cat /sys/class/remoteproc/remoteproc0/state", NULL},
    {"the remote processor was started, stopped or asked for its resource table in the wrong "
     "order; look for an earlier failure in the log",
     "dmesg | grep -i -e remoteproc -e TEE", NULL},
};

static const struct rprocfw_reason not_implemented[] = {
    {"ST's TA does not know a platform TLV of the container, and loads none with such; sign "
     "without it",
     FORETELL, CHECKS("plat-tlv-unknown")},
    {"the TA does not know a command that Linux sends: the releases of Linux and OP-TEE do not "
     "belong together",
     NULL, NULL},
};

static const struct rprocfw_reason not_found[] = {
    {"the remoteproc TA is not on the board (not in /lib/optee_armtz, and not an early TA of "
     "OP-TEE), or tee-supplicant does not run",
     "ls /lib/optee_armtz; pidof tee-supplicant", NULL},
    {"OP-TEE was built without the remoteproc PTA (CFG_REMOTEPROC_PTA), or for another "
     "device tree",
     NULL, NULL},
};

static const struct rprocfw_reason dead[] = {
    {"the TA ended with a fault while it read the container; it may be damaged, or the TA has an "
     "error; the TEE's own log has where",
     FORETELL, NULL},
};

static const struct rprocfw_reason eio[] = {
    {"the TEE refused the firmware: the line before it in the log has the reason, after \"TEE "
     "err:\"",
     "dmesg | grep -i 'TEE err'", NULL},
};

static const struct rprocfw_reason einval[] = {
    {"\"bad magic\": a signed container was given to a remote processor that Linux loads itself, "
     "without the TEE; give it the ELF file, or use a device tree whose node has the compatible "
     "that ends in -tee",
     "tr '\\0' '\\n' < /sys/class/remoteproc/remoteproc0/device/of_node/compatible", NULL},
    {"an ELF file with a segment outside of what Linux's device tree gives the remote processor: "
     "\"bad phdr\"; correct the linker script or the device tree",
     "dmesg | grep 'bad phdr'", NULL},
    {"an entry of the resource table, which Linux refuses after the TEE loaded the firmware; "
     "correct "
     "it in the firmware's source",
     FORETELL, CHECKS("rsc-malformed", "rsc-devmem")},
};

static const struct rprocfw_reason enoent[] = {
    {"there is no file of that name in /lib/firmware",
     "ls -l /lib/firmware/$(cat /sys/class/remoteproc/remoteproc0/firmware)", NULL},
};

static const struct rprocfw_reason enomem[] = {
    {"a carveout or vring of the resource table has no memory: its name is none of the "
     "memory regions of Linux's node, or its address lies outside of them",
     FORETELL, CHECKS("rsc-outside")},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define TEE(name) false, name, #name

static const struct rprocfw_answer answers[] = {
    {TEE(TEE_SUCCESS), "the TEE did what it was asked for", NULL, 0},
    {TEE(TEE_ERROR_BAD_PARAMETERS),
     "the file is no container of this layout, or its parts do not fit each other", parameters,
     COUNT(parameters)},
    {TEE(TEE_ERROR_BAD_FORMAT),
     "the signature is good, but an ELF file or a resource table in the container is not as the "
     "TA wants it",
     format, COUNT(format)},
    {TEE(TEE_ERROR_SIGNATURE_INVALID), "the signature is not by the board's key over these bytes",
     signature, COUNT(signature)},
    {TEE(TEE_ERROR_NOT_SUPPORTED), "the TEE does not know the algorithm that the container names",
     not_supported, COUNT(not_supported)},
    {TEE(TEE_ERROR_NO_DATA), "something that the TA looks for is not there", no_data,
     COUNT(no_data)},
    {TEE(TEE_ERROR_OUT_OF_MEMORY), "the TA's memory does not do for the container", out_of_memory,
     COUNT(out_of_memory)},
    {TEE(TEE_ERROR_ACCESS_DENIED),
     "something is to be loaded where the remote processor has no memory", access_denied,
     COUNT(access_denied)},
    {TEE(TEE_ERROR_GENERIC), "the platform could not do what it was asked for", generic,
     COUNT(generic)},
    {TEE(TEE_ERROR_SECURITY), "a hash is another than the one that counts", security,
     COUNT(security)},
    {TEE(TEE_ERROR_CORRUPT_OBJECT), "something has the wrong size or place", corrupt,
     COUNT(corrupt)},
    {TEE(TEE_ERROR_BAD_STATE),
     "not in this state of the remote processor; the container itself is not judged", state,
     COUNT(state)},
    {TEE(TEE_ERROR_NOT_IMPLEMENTED), "the TA does not know what it is asked for", not_implemented,
     COUNT(not_implemented)},
    {TEE(TEE_ERROR_ITEM_NOT_FOUND), "the TEE has no such trusted application", not_found,
     COUNT(not_found)},
    {TEE(TEE_ERROR_TARGET_DEAD), "the trusted application was ended", dead, COUNT(dead)},
    {true, EIO, "EIO", "Linux's word for whatever the TEE answered", eio, COUNT(eio)},
    {true, EINVAL, "EINVAL", "Linux's own word, not the TEE's: it could not use the file", einval,
     COUNT(einval)},
    {true, ENOENT, "ENOENT", "Linux did not find the firmware", enoent, COUNT(enoent)},
    {true, ENOMEM, "ENOMEM", "Linux has no memory for the remote processor", enomem, COUNT(enomem)},
};

/* ---- Looking it up ---- */

static const struct rprocfw_answer *find(bool is_linux, uint32_t number)
{
    for (size_t i = 0; i < COUNT(answers); i++)
        if (answers[i].is_linux == is_linux && answers[i].number == number)
            return &answers[i];
    return NULL;
}

const struct rprocfw_answer *rprocfw_answer_tee(uint32_t result)
{
    return find(false, result);
}

static bool is_listed(const char *const *list, const char *check)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, check) == 0)
            return true;
    return false;
}

size_t rprocfw_answer_reason(const struct rprocfw_answer *answer, const char *check)
{
    size_t number = 0;

    while (number < answer->reason_count && !is_listed(answer->reason[number].check, check))
        number++;
    return number;
}

/* A name, with or without what all names of the TEE begin with. */
static const struct rprocfw_answer *find_name(const char *word)
{
    static const char prefix[] = "TEE_ERROR_";

    for (size_t i = 0; i < COUNT(answers); i++) {
        const char *name = answers[i].name;

        if (strcasecmp(word, name) == 0 || (strncmp(name, prefix, sizeof(prefix) - 1) == 0 &&
                                            strcasecmp(word, name + sizeof(prefix) - 1) == 0))
            return &answers[i];
    }
    return NULL;
}

/*
 * 0xffff0006, ffff0006, and both signs in decimal for a TEE_Result; -22 for Linux. Eight digits
 * without 0x are hexadecimal only if they can be a TEE_Result.
 */
static const struct rprocfw_answer *find_number(const char *word)
{
    const bool prefixed = strncasecmp(word, "0x", 2) == 0;
    const bool bare = strlen(word) == 8 && (word[0] == 'f' || word[0] == 'F');
    char *end;
    long long number;

    errno = 0;
    number = strtoll(word, &end, prefixed || bare ? 16 : 10);
    if (end == word || *end != '\0' || errno != 0)
        return NULL;
    if (number < 0 && number > -4096)
        return find(true, (uint32_t)-number);
    if (number < INT32_MIN || number > UINT32_MAX || (number == 0 && !prefixed))
        return NULL;
    return number == 0 || (number & 0x80000000) != 0 ? find(false, (uint32_t)number) : NULL;
}

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

#define WORD_ROOM 32u

/* The next word of *text from where a word can start; false: there is none. */
static bool next_word(const char **text, char word[WORD_ROOM])
{
    const char *start = *text;
    size_t size = 0;

    while (*start != '\0' && !is_of_word(*start))
        start++;
    while (is_of_word(start[size]))
        size++;
    *text = start + size;
    if (size >= WORD_ROOM)
        size = 0; /* no number or name is that long */
    memcpy(word, start, size);
    word[size] = '\0';
    return **text != '\0' || size != 0;
}

const struct rprocfw_answer *rprocfw_answer_find(const char *text)
{
    const struct rprocfw_answer *of_linux = NULL;
    const char *rest = text;
    char word[WORD_ROOM];

    while (next_word(&rest, word)) {
        const struct rprocfw_answer *answer = find_name(word);

        if (answer == NULL)
            answer = find_number(word);
        if (answer != NULL && !answer->is_linux)
            return answer;
        if (of_linux == NULL)
            of_linux = answer;
    }
    if (strcasestr(text, "bad magic") != NULL)
        return find(true, EINVAL);
    return of_linux;
}
