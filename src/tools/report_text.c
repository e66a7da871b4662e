/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports for people. */
#include <inttypes.h>
#include <stdio.h>

#include "print.h"
#include "report_text.h"
#include "words.h"

/* ---- Parts that both tools show ---- */

static void print_path(const struct rprocfw_report *report)
{
    print_text(stdout, report->path);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_segment_type(uint32_t type)
{
    const char *name = segment_type_name(type);

    if (name != NULL)
        (void)printf("%-10s", name);
    else
        (void)printf("0x%08" PRIx32, type);
}

static void print_entry(const struct rprocfw_report_entry *entry, size_t number)
{
    const struct rprocfw_phdr *phdr = &entry->phdr;
    char flags[4];

    segment_flags(phdr->flags, flags);
    (void)printf("    %3zu ", number);
    print_segment_type(phdr->type);
    (void)printf(" 0x%08" PRIx32 " 0x%08" PRIx32 " 0x%08" PRIx32 " %9" PRIu32 " %9" PRIu32
                 " %s %6" PRIu32 " ",
                 phdr->offset, phdr->vaddr, phdr->paddr, phdr->filesz, phdr->memsz, flags,
                 phdr->align);
    print_hex(stdout, entry->sha256, RPROCFW_SHA256_SIZE);
    if (entry->iv != NULL) {
        (void)putchar(' ');
        print_hex(stdout, entry->iv, RPROCFW_AES_BLOCK);
    }
    (void)putchar('\n');
}

static void print_entries(const struct rprocfw_report *report, size_t first, size_t count)
{
    const bool encrypted = count > 0 && report->entries[first].iv != NULL;

    (void)printf("    %3s %-10s %-10s %-10s %-10s %9s %9s %s %6s %s\n", "no", "type", "offset",
                 "vaddr", "paddr", "filesz", "memsz", "flg", "align",
                 encrypted ? "SHA-256 and IV" : "SHA-256");
    for (size_t i = first; i < first + count; i++)
        print_entry(&report->entries[i], i);
}

static void print_unsigned(const struct rprocfw_report *report)
{
    for (size_t i = 0; i < report->unsigned_count; i++) {
        const struct rprocfw_report_range *range = &report->unsigned_ranges[i];

        (void)printf("    %10" PRIu64 " %10" PRIu64 "  ", range->offset, range->size);
        print_text(stdout, range->what);
        (void)putchar('\n');
    }
}

static uint64_t unsigned_bytes(const struct rprocfw_report *report)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < report->unsigned_count; i++)
        sum += report->unsigned_ranges[i].size;
    return sum;
}

static void print_rsc_table(const struct rprocfw_report_image *image)
{
    if (!image->judged)
        (void)fputs("not judged", stdout);
    else if (image->has_rsc_table)
        (void)printf("resource table at 0x%08" PRIx32 " (%" PRIu32 " bytes)", image->rsc_da,
                     image->rsc_size);
    else
        (void)fputs("no resource table", stdout);
}

/* ---- rproc-verify ---- */

static void print_signer(const struct rprocfw_key *key)
{
    (void)fputs("  signed by ", stdout);
    print_text(stdout, rprocfw_key_path(key));
    (void)printf(" (%s, SPKI SHA-256 ", rprocfw_key_kind(key));
    print_hex(stdout, rprocfw_key_spki_sha256(key), RPROCFW_SHA256_SIZE);
    (void)puts(")");
}

/* What is known of the AES key. */
static void print_decrypted(const struct rprocfw_report *report)
{
    switch (report->decrypted) {
    case RPROCFW_DECRYPTED_NO:
        break;
    case RPROCFW_DECRYPTED_PLAIN:
        (void)printf("  not encrypted%s\n",
                     report->compared ? "; the images are the ELF files given" : "");
        break;
    case RPROCFW_DECRYPTED_UNKNOWN:
        (void)puts(
            "  decrypted: nothing tells whether the AES key is the right one; --original does");
        break;
    case RPROCFW_DECRYPTED_RSC_TABLE:
        (void)puts("  decrypted: the AES key is the right one, since it gives a resource table");
        break;
    case RPROCFW_DECRYPTED_ORIGINAL:
        (void)puts("  decrypted: the images are the ELF files given");
        break;
    }
}

static void print_skipped(const struct rprocfw_report *report)
{
    for (size_t i = 0; i < report->tlv_count; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];

        if (!rprocfw_tlv_is_unique(tlv->type))
            (void)printf("  skipped: TLV 0x%08" PRIx32 " at %" PRIu32 ", %" PRIu32
                         " bytes, of unknown type\n",
                         tlv->type, tlv->offset, tlv->length);
    }
}

static void print_image_line(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_image *image = &report->images[index];

    (void)printf("  image %zu: %" PRIu32 " bytes at %" PRIu32 ", %" PRIu32 " signed entr%s, ",
                 index, image->size, image->offset, image->entry_count,
                 image->entry_count == 1 ? "y" : "ies");
    print_rsc_table(image);
    (void)putchar('\n');
}

/* Notes for those who ask for more; of errors, which only a board gives, the tool complains. */
static void print_findings(const struct rprocfw_findings *findings, bool verbose)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct rprocfw_finding *finding = &findings->finding[i];

        if (finding->level == RPROCFW_FINDING_ERROR ||
            (finding->level == RPROCFW_FINDING_NOTE && !verbose))
            continue;
        (void)printf("  %s: %s: ", finding_level(finding->level), finding->id);
        print_text(stdout, finding->text);
        (void)putchar('\n');
    }
}

void print_verdict(const struct rprocfw_report *report, bool verbose)
{
    print_path(report);
    if (report->verdict == RPROCFW_VERDICT_UNAUTHENTICATED)
        (void)puts(": NOT AUTHENTICATED; the other checks hold");
    else
        (void)puts(": accepted");
    if (report->signed_by != NULL)
        print_signer(report->signed_by);
    for (size_t i = 0; i < report->image_count; i++) {
        print_image_line(report, i);
        if (verbose)
            print_entries(report, report->images[i].first_entry, report->images[i].entry_count);
    }
    print_decrypted(report);
    print_skipped(report);
    print_findings(&report->findings, verbose);
    (void)printf("  not signed: %" PRIu64 " bytes in %zu range%s%s\n", unsigned_bytes(report),
                 report->unsigned_count, plural(report->unsigned_count),
                 verbose ? ": offset, size, what" : " (-v lists them)");
    if (verbose)
        print_unsigned(report);
}

void print_refused(const struct rprocfw_report *report)
{
    print_path(report);
    (void)puts(": refused");
}

void print_loads(const struct rprocfw_report *report)
{
    const struct rprocfw_device *device = &report->device;
    char ta[RPROCFW_TA_NAME];

    print_path(report);
    (void)fputs(": board ", stdout);
    print_text(stdout, device->board);
    (void)printf(" (%s): loads%s\n", rprocfw_ta_name(&device->ta, ta),
                 device->signature_assumed ? ", if the signature is good" : "");
}

/* ---- rproc-dump ---- */

static void dump_header(const struct rprocfw_report *report)
{
    const struct rprocfw_header *header = &report->header;

    if (!report->has_header)
        return;
    (void)printf("  header: magic 0x%08" PRIx32 ", version %" PRIu32 ", tlv_len %" PRIu32
                 ", sign_len %" PRIu32 ", img_len %" PRIu32 "\n",
                 header->magic, header->version, header->tlv_len, header->sign_len,
                 header->img_len);
}

#define SHOWN_BYTES 32u
#define SHOWN_TEXT  256u

static void dump_bytes(const uint8_t *bytes, uint32_t size)
{
    const uint32_t shown = size < SHOWN_BYTES ? size : SHOWN_BYTES;

    print_hex(stdout, bytes, shown);
    if (shown < size)
        (void)fputs("...", stdout);
}

/* One number an image: no more than a container can have, whatever the TLV's length. */
static void dump_numbers(const struct rprocfw_report_tlv *tlv, uint32_t width)
{
    const uint32_t count = tlv->length / width;

    for (uint32_t i = 0; i < count && i < RPROCFW_MAX_IMAGES; i++) {
        const uint8_t *at = tlv->value + (size_t)i * width;

        (void)printf("%s%" PRIu32, i == 0 ? "" : " ", width == 1 ? *at : rprocfw_u32_decode(at));
    }
    if (count > RPROCFW_MAX_IMAGES)
        (void)fputs(" ...", stdout);
}

static void dump_bytes_and_text(const struct rprocfw_report_tlv *tlv)
{
    dump_bytes(tlv->value, tlv->length);
    if (is_printable(tlv->value, tlv->length)) {
        (void)putchar(' ');
        print_quoted(stdout, tlv->value, tlv->length, SHOWN_TEXT);
    }
}

/* One byte with its meaning. */
static void dump_byte(const struct rprocfw_report_tlv *tlv, const char *meaning)
{
    if (tlv->length != 1) {
        dump_bytes(tlv->value, tlv->length);
        return;
    }
    (void)printf("%u (%s)", tlv->value[0], meaning != NULL ? meaning : "unknown");
}

static void dump_value(const struct rprocfw_report_tlv *tlv)
{
    const uint8_t first = tlv->length != 0 ? tlv->value[0] : 0;

    switch (tlv->type) {
    case RPROCFW_TLV_SIGNTYPE:
        dump_byte(tlv, algorithm_name(first));
        break;
    case RPROCFW_TLV_HASHTYPE:
        dump_byte(tlv, first == RPROCFW_HASHTYPE_SHA256 ? "SHA-256" : NULL);
        break;
    case RPROCFW_TLV_ENCTYPE:
        dump_byte(tlv, first == RPROCFW_ENCTYPE_AES_CBC ? "AES-CBC" : NULL);
        break;
    case RPROCFW_TLV_NUM_IMG:
    case RPROCFW_TLV_IMGTYPE:
        dump_numbers(tlv, 1);
        break;
    case RPROCFW_TLV_IMGSIZE:
        dump_numbers(tlv, 4);
        break;
    case RPROCFW_TLV_HASHTABLE:
        (void)printf("%" PRIu32 " entries, see below", tlv->length / RPROCFW_HASH_ENTRY_SIZE);
        break;
    case RPROCFW_TLV_ENCTABLE:
        (void)printf("%" PRIu32 " entries, see below", tlv->length / RPROCFW_ENC_ENTRY_SIZE);
        break;
    case RPROCFW_TLV_BOOTADDR:
    case RPROCFW_TLV_BOOTSEC:
        if (tlv->length == 4)
            (void)printf("0x%08" PRIx32, rprocfw_u32_decode(tlv->value));
        else
            dump_bytes_and_text(tlv);
        break;
    default:
        dump_bytes_and_text(tlv);
        break;
    }
}

static void dump_tlvs(const struct rprocfw_report *report)
{
    if (report->tlv_count == 0)
        return;
    (void)printf("  TLVs: offset, type, name, length, value\n");
    for (size_t i = 0; i < report->tlv_count; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];
        const char *name = rprocfw_tlv_name(tlv->type);

        (void)printf("    %10" PRIu32 " 0x%08" PRIx32 " %-9s %6" PRIu32 "  ", tlv->offset,
                     tlv->type, name != NULL ? name : "-", tlv->length);
        dump_value(tlv);
        (void)putchar('\n');
    }
}

static void dump_signature(const struct rprocfw_report *report)
{
    const char *algorithm = algorithm_name(report->signtype);

    if (report->signature == NULL)
        return;
    (void)printf("  signature: %s, %" PRIu32 " bytes at %" PRIu32 ": ",
                 algorithm != NULL ? algorithm : "unknown algorithm", report->signature_size,
                 (uint32_t)(report->signature - report->metadata));
    dump_bytes(report->signature, report->signature_size);
    (void)putchar('\n');
}

static void dump_ehdr(const struct rprocfw_ehdr *ehdr)
{
    const char *machine = machine_name(ehdr->machine);

    if (machine != NULL)
        (void)printf("machine %s", machine);
    else
        (void)printf("machine %u", ehdr->machine);
    (void)printf(", entry 0x%08" PRIx32 ", %u program header%s at 0x%" PRIx32
                 ", %u section header%s at 0x%" PRIx32 ", ",
                 ehdr->entry, ehdr->phnum, plural(ehdr->phnum), ehdr->phoff, ehdr->shnum,
                 plural(ehdr->shnum), ehdr->shoff);
}

static void dump_image(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_image *image = &report->images[index];
    const char *type = image_type_name(image->type);

    (void)printf("  image %zu: %s, %" PRIu32 " bytes at %" PRIu32 "\n    ", index,
                 type != NULL ? type : "unknown type", image->size, image->offset);
    if (image->has_ehdr)
        dump_ehdr(&image->ehdr);
    print_rsc_table(image);
    if (image->judged && image->entry_count != 0)
        (void)printf(", table entries %" PRIu32 " to %" PRIu32, image->first_entry,
                     image->first_entry + image->entry_count - 1);
    (void)putchar('\n');
}

void print_dump(const struct rprocfw_report *report)
{
    print_path(report);
    (void)printf(": %s, %" PRIu64 " bytes\n", rprocfw_kind_text(report->kind), report->file_size);
    dump_header(report);
    dump_tlvs(report);
    if (report->entry_count != 0) {
        (void)printf("  signed table: %zu entr%s\n", report->entry_count,
                     report->entry_count == 1 ? "y" : "ies");
        print_entries(report, 0, report->entry_count);
    }
    dump_signature(report);
    for (size_t i = 0; i < report->image_count; i++)
        dump_image(report, i);
    if (report->status == RPROCFW_OK) {
        (void)printf("  not signed: %" PRIu64 " bytes in %zu range%s: offset, size, what\n",
                     unsigned_bytes(report), report->unsigned_count,
                     plural(report->unsigned_count));
        print_unsigned(report);
    }
}
