/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one mapping from a report to a tree of values. Memory may run out anywhere: json_pack and
 * the setters of jansson then answer NULL or -1, and pass a NULL on.
 */
#include <inttypes.h>

#include "json.h"
#include "print.h"
#include "report_coverage.h"
#include "report_json.h"
#include "words.h"

/* count items from first on, each made by item. */
static json_t *json_list(const struct rprocfw_report *report, size_t first, size_t count,
                         json_t *(*item)(const struct rprocfw_report *report, size_t index))
{
    json_t *list = json_array();

    for (size_t i = first; i < first + count && list != NULL; i++) {
        if (json_array_append_new(list, item(report, i)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Where a check failed. */
static json_t *json_place(uint32_t number)
{
    return number != RPROCFW_NOWHERE ? json_u32(number) : json_null();
}

static json_t *json_where(const struct rprocfw_report *report)
{
    const struct rprocfw_diag *diag = &report->diag;

    if (report->status == RPROCFW_OK)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "offset", json_u32(diag->offset), "tlv",
                     json_place(diag->tlv), "image", json_place(diag->image), "segment",
                     json_place(diag->segment));
}

static json_t *json_signature(const struct rprocfw_report *report)
{
    const struct rprocfw_key *key = report->signed_by;
    const unsigned bits = signature_bits(report);

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "algorithm", json_text(algorithm_name(report->signtype)),
        "bits", bits != 0 ? json_u32(bits) : json_null(), "key_file",
        json_path(key != NULL ? rprocfw_key_path(key) : NULL), "spki_sha256",
        json_hex(key != NULL ? rprocfw_key_spki_sha256(key) : NULL, RPROCFW_SHA256_SIZE),
        "published", json_text(key != NULL ? rprocfw_key_published(key) : NULL));
}

static json_t *json_entry(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_entry *entry = &report->entries[index];
    const struct rprocfw_phdr *phdr = &entry->phdr;
    const char *type = segment_type_name(phdr->type);

    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type",
                     type != NULL ? json_string(type) : json_u32(phdr->type), "offset",
                     json_u32(phdr->offset), "vaddr", json_u32(phdr->vaddr), "paddr",
                     json_u32(phdr->paddr), "filesz", json_u32(phdr->filesz), "memsz",
                     json_u32(phdr->memsz), "flags", json_u32(phdr->flags), "align",
                     json_u32(phdr->align), "sha256", json_hex(entry->sha256, RPROCFW_SHA256_SIZE),
                     "iv", json_hex(entry->iv, RPROCFW_AES_BLOCK));
}

static json_t *json_rsc_table(const struct rprocfw_report_image *image)
{
    if (!image->judged || !image->has_rsc_table)
        return json_null();
    return json_pack("{s:o, s:o}", "address", json_u32(image->rsc_da), "size",
                     json_u32(image->rsc_size));
}

static json_t *json_image(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_image *image = &report->images[index];
    const char *type = image_type_name(image->type);
    const char *machine = machine_name(image->ehdr.machine);
    json_t *machine_value = json_null();
    json_t *entry_value = json_null();

    if (image->has_ehdr) {
        machine_value = machine != NULL ? json_string(machine) : json_u32(image->ehdr.machine);
        entry_value = json_u32(image->ehdr.entry);
    }
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "index", json_integer((json_int_t)index),
        "type", type != NULL ? json_string(type) : json_u32(image->type), "offset",
        json_u32(image->offset), "size", json_u32(image->size), "machine", machine_value, "entry",
        entry_value, "segments",
        image->judged ? json_list(report, image->first_entry, image->entry_count, json_entry)
                      : json_array(),
        "resource_table", json_rsc_table(image));
}

static json_t *json_range(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_range *range = &report->unsigned_ranges[index];

    return json_pack("{s:I, s:I, s:s}", "offset", (json_int_t)range->offset, "size",
                     (json_int_t)range->size, "what", range->what);
}

/* TLVs of types that are neither known nor a platform's: no check looks at them. */
static json_t *json_skipped(const struct rprocfw_report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->tlv_count && list != NULL; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];

        if (rprocfw_tlv_is_unique(tlv->type))
            continue;
        if (json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "type", json_u32(tlv->type),
                                                  "offset", json_u32(tlv->offset), "length",
                                                  json_u32(tlv->length))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* With an AES key: what it gives. */
static json_t *json_decryption(const struct rprocfw_report *report)
{
    static const char *const confirmed_by[] = {
        [RPROCFW_DECRYPTED_RSC_TABLE] = "resource-table",
        [RPROCFW_DECRYPTED_ORIGINAL] = "original",
    };

    if (report->decrypted == RPROCFW_DECRYPTED_NO)
        return json_null();
    return json_pack("{s:b, s:o, s:b}", "encrypted", report->decrypted != RPROCFW_DECRYPTED_PLAIN,
                     "key_confirmed_by", json_text(confirmed_by[report->decrypted]), "is_original",
                     report->compared);
}

/* ---- What the board will say ---- */

/* As tests and TAs write it. */
static json_t *json_result(const struct rprocfw_device *device)
{
    return device->is_predicted ? json_sprintf("0x%08" PRIx32, device->result) : json_null();
}

static json_t *json_device_rsc_table(const struct rprocfw_device *device)
{
    if (!device->has_rsc_table)
        return json_null();
    return json_pack("{s:o, s:o}", "address", json_u32(device->rsc_da), "size",
                     json_u32(device->rsc_size));
}

static json_t *json_device(const struct rprocfw_device *device)
{
    char ta[RPROCFW_TA_NAME];

    if (!device->is_predicted)
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "ta",
                     rprocfw_ta_name(&device->ta, ta), "board", json_path(device->board), "check",
                     json_text(device->check), "name", device->name, "signature_assumed",
                     device->signature_assumed, "image", json_place(device->image), "segment",
                     json_place(device->segment), "reason",
                     json_path(device->result != 0 ? device->reason : NULL), "remedy",
                     json_path(device->result != 0 ? device->remedy : NULL), "resource_table",
                     json_device_rsc_table(device));
}

static json_t *json_finding(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_finding *finding = &report->findings.finding[index];

    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "level", finding_level(finding->level), "id",
                     finding->id, "image", json_place(finding->image), "segment",
                     json_place(finding->segment), "message", json_path(finding->text));
}

/* What both tools say of a file. */
static json_t *json_verdict(const struct rprocfw_report *report)
{
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file",
                     json_path(report->path), "verdict", verdict_name(report->verdict), "status",
                     rprocfw_status_name(report->status), "message", json_path(report->message),
                     "where", json_where(report), "device_result", json_result(&report->device),
                     "device", json_device(&report->device), "findings",
                     json_list(report, 0, report->findings.count, json_finding), "signature",
                     json_signature(report), "decryption", json_decryption(report), "images",
                     json_list(report, 0, report->image_count, json_image), "unsigned",
                     json_list(report, 0, report->unsigned_count, json_range), "skipped_tlvs",
                     json_skipped(report));
}

/* ---- What only rproc-dump says ---- */

static json_t *json_header(const struct rprocfw_report *report)
{
    const struct rprocfw_header *header = &report->header;

    if (!report->has_header)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "magic", json_u32(header->magic), "version",
                     json_u32(header->version), "tlv_len", json_u32(header->tlv_len), "sign_len",
                     json_u32(header->sign_len), "img_len", json_u32(header->img_len));
}

/* Where the parts of the container start. */
static json_t *json_layout(const struct rprocfw_report *report)
{
    const struct rprocfw_layout *layout = &report->layout;

    if (!report->has_layout)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "tlv_area", json_u32(RPROCFW_HEADER_SIZE), "signature",
                     json_u32(layout->signature), "payload", json_u32(layout->payload), "end",
                     json_u32(layout->size));
}

/* The members of an ELF header that json_image does not have. */
static json_t *json_ehdr(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_ehdr *ehdr = &report->images[index].ehdr;

    if (!report->images[index].has_ehdr)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "ident",
                     json_hex(ehdr->ident, sizeof(ehdr->ident)), "e_type", json_u32(ehdr->type),
                     "e_phoff", json_u32(ehdr->phoff), "e_shoff", json_u32(ehdr->shoff), "e_flags",
                     json_u32(ehdr->flags), "e_phentsize", json_u32(ehdr->phentsize), "e_phnum",
                     json_u32(ehdr->phnum), "e_shentsize", json_u32(ehdr->shentsize), "e_shnum",
                     json_u32(ehdr->shnum), "e_shstrndx", json_u32(ehdr->shstrndx));
}

/* value in hex, and as text where it is some. */
static json_t *json_tlv(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_tlv *tlv = &report->tlvs[index];

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o}", "type", json_u32(tlv->type), "name",
        json_text(rprocfw_tlv_name(tlv->type)), "offset", json_u32(tlv->offset), "length",
        json_u32(tlv->length), "value", json_hex(tlv->value, tlv->length), "text",
        is_printable(tlv->value, tlv->length) ? json_stringn((const char *)tlv->value, tlv->length)
                                              : json_null());
}

json_t *report_json_tlvs(const struct rprocfw_report *report)
{
    return json_list(report, 0, report->tlv_count, json_tlv);
}

static json_t *json_dump(const struct rprocfw_report *report)
{
    json_t *more = json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "size",
        json_integer((json_int_t)report->file_size), "kind", rprocfw_kind_text(report->kind),
        "header", json_header(report), "layout", json_layout(report), "elf_headers",
        json_list(report, 0, report->image_count, json_ehdr), "tlvs", report_json_tlvs(report),
        "table", json_list(report, 0, report->entry_count, json_entry), "signature_value",
        json_hex(report->signature, report->signature_size));
    json_t *file = json_verdict(report);

    if (more == NULL || file == NULL || json_object_update(file, more) != 0) {
        json_decref(file);
        file = NULL;
    }
    json_decref(more);
    return file;
}

/* ---- What --coverage says ---- */

static json_t *json_covered(const struct rprocfw_report *report, size_t index)
{
    const struct rprocfw_report_range *range = &report->ranges[index];

    return json_pack("{s:I, s:I, s:s, s:s}", "offset", (json_int_t)range->offset, "size",
                     (json_int_t)range->size, "authenticated_by", auth_name(range->auth), "what",
                     range->what);
}

static json_t *json_coverage(const struct rprocfw_report *report)
{
    const struct auth_sums sums = sum_coverage(report);
    json_t *bytes = json_object();

    for (unsigned i = 0; i <= RPROCFW_AUTH_NONE && bytes != NULL; i++) {
        if (json_object_set_new(bytes, auth_name((enum rprocfw_auth)i),
                                json_integer((json_int_t)sums.bytes[i])) != 0) {
            json_decref(bytes);
            bytes = NULL;
        }
    }
    return json_pack("{s:b, s:o, s:o}", "authenticated", coverage_holds(report), "bytes", bytes,
                     "ranges", json_list(report, 0, report->range_count, json_covered));
}

/* ---- Documents ---- */

json_t *document_new(void)
{
    return json_pack("{s:i, s:[]}", "schema", 1, "files");
}

static bool add(json_t *document, json_t *file)
{
    return json_array_append_new(json_object_get(document, "files"), file) == 0;
}

bool document_add_verdict(json_t *document, const struct rprocfw_report *report)
{
    return add(document, json_verdict(report));
}

bool document_add_dump(json_t *document, const struct rprocfw_report *report)
{
    return add(document, json_dump(report));
}

static json_t *last_file(json_t *document)
{
    const json_t *files = json_object_get(document, "files");

    return json_array_get(files, json_array_size(files) - 1);
}

bool document_add_coverage(json_t *document, const struct rprocfw_report *report)
{
    return json_object_set_new(last_file(document), "coverage", json_coverage(report)) == 0;
}

bool document_add_manifest(json_t *document, const char *name, const char *difference)
{
    return json_object_set_new(
               last_file(document), "manifest",
               json_pack("{s:s, s:b, s:o}", "container", name, "same", difference[0] == '\0',
                         "difference", json_path(difference[0] != '\0' ? difference : NULL))) == 0;
}

bool document_add_error(json_t *document, const char *path, const struct rprocfw_error *error)
{
    return add(document,
               json_pack("{s:o, s:s, s:s, s:o, s:n, s:n, s:n, s:[], s:n, s:n, s:[], s:[], s:[]}",
                         "file", json_path(path), "verdict", "error", "status",
                         rprocfw_status_name(error->status), "message", json_path(error->text),
                         "where", "device_result", "device", "findings", "signature", "decryption",
                         "images", "unsigned", "skipped_tlvs"));
}
