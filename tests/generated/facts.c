/* SPDX-License-Identifier: BSD-2-Clause */
/* What rproc-dump says of a container, and what it puts into a folder. */
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rprocfw/report.h>

#include "elf_image.h"
#include "facts.h"
#include "report_json.h"
#include "suite.h"

/* ---- what is to be said ---- */

static json_t *hex_of(const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(2 * size + 1);
    size_t i;

    for (i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] / 16];
        text[2 * i + 1] = digits[bytes[i] % 16];
    }
    return json_string(text);
}

static json_t *type_of(uint32_t type)
{
    static const struct {
        uint32_t type;
        const char *name;
    } names[] = {{0, "NULL"}, {1, "LOAD"},           {4, "NOTE"},
                 {6, "PHDR"}, {0x70000001, "EXIDX"}, {0x6474E551, "GNU_STACK"}};
    unsigned i;

    for (i = 0; i < COUNT(names); i++)
        if (names[i].type == type)
            return json_string(names[i].name);
    return json_integer(type);
}

static json_t *entry_of(const struct made_elf *elf, const struct rprocfw_phdr *phdr,
                        const uint8_t *iv)
{
    uint8_t digest[32] = {0};

    if (elf != NULL)
        sha256(elf->file.data + (phdr->filesz > 0 ? phdr->offset : 0), phdr->filesz, digest);
    return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "type",
                     type_of(phdr->type), "offset", (json_int_t)phdr->offset, "vaddr",
                     (json_int_t)phdr->vaddr, "paddr", (json_int_t)phdr->paddr, "filesz",
                     (json_int_t)phdr->filesz, "memsz", (json_int_t)phdr->memsz, "flags",
                     (json_int_t)phdr->flags, "align", (json_int_t)phdr->align, "sha256",
                     hex_of(digest, sizeof(digest)), "iv",
                     iv != NULL ? hex_of(iv, RPROCFW_AES_BLOCK) : json_null());
}

/* An image's part of the table; of an encrypted one with zero entries behind its PT_LOADs. */
static json_t *entries_of(const struct generated *g, const struct made_elf *elf)
{
    static const struct rprocfw_phdr nothing = {.type = 0};
    json_t *list = json_array();
    uint8_t iv[RPROCFW_AES_BLOCK];
    uint32_t i;

    for (i = 0; i < elf->phnum; i++) {
        memset(iv, (int)(0xA0 + i), sizeof(iv)); /* container_build()'s */
        if (!g->encrypted)
            json_array_append_new(list, entry_of(elf, &elf->phdrs[i], NULL));
        else if (elf->phdrs[i].type == PT_LOAD)
            json_array_append_new(list, entry_of(elf, &elf->phdrs[i], iv));
    }
    memset(iv, 0, sizeof(iv));
    while (json_array_size(list) < elf->phnum)
        json_array_append_new(list, entry_of(NULL, &nothing, iv));
    return list;
}

static json_t *image_of(const struct generated *g, uint32_t number, uint32_t offset)
{
    const struct made_elf *elf = &g->images[number];
    json_t *table = json_null();

    if (number == g->table_image)
        table = json_pack("{s:I, s:I}", "address", (json_int_t)elf->table.da, "size",
                          (json_int_t)elf->table.size);
    return json_pack("{s:I, s:s, s:I, s:I, s:o, s:I, s:o, s:o}", "index", (json_int_t)number,
                     "type", g->encrypted ? "encrypted-elf" : "elf", "offset", (json_int_t)offset,
                     "size", (json_int_t)round8(elf->file.size), "machine",
                     elf->machine == 40 ? json_string("ARM") : json_integer(elf->machine), "entry",
                     (json_int_t)elf->entry, "segments", entries_of(g, elf), "resource_table",
                     table);
}

static json_t *ehdr_of(const struct made_elf *elf)
{
    return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "ident",
                     hex_of(elf->file.data, 8), "e_type", (json_int_t)get16(elf->file, E_TYPE),
                     "e_phoff", (json_int_t)elf->parts[PART_PHDRS].offset, "e_shoff",
                     (json_int_t)elf->parts[PART_SHDRS].offset, "e_flags",
                     (json_int_t)get32(elf->file, E_FLAGS), "e_phentsize",
                     (json_int_t)RPROCFW_PHDR_SIZE, "e_phnum", (json_int_t)elf->phnum,
                     "e_shentsize", (json_int_t)RPROCFW_SHDR_SIZE, "e_shnum",
                     (json_int_t)elf->shnum, "e_shstrndx", (json_int_t)elf->names_section);
}

static json_t *tlv_of(const struct container *c, unsigned number)
{
    const struct tlv *tlv = &c->tlvs[number];

    return json_pack("{s:I, s:I, s:I, s:o}", "type", (json_int_t)tlv->type, "offset",
                     (json_int_t)record_offset(c, number), "length", (json_int_t)tlv->size, "value",
                     hex_of(tlv->value, tlv->size));
}

static json_t *header_of(const struct container *c)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "magic", (json_int_t)0x3543A468, "version",
                     (json_int_t)1, "tlv_len", (json_int_t)c->header.tlv_len, "sign_len",
                     (json_int_t)c->signature.size, "img_len", (json_int_t)c->payload.size);
}

static json_t *signature_of(const struct generated *g)
{
    const bool rsa = g->key != &keys[0];

    return json_pack("{s:s, s:I}", "algorithm",
                     rsa ? "RSASSA-PKCS1-v1_5-SHA256" : "ECDSA-P256-SHA256", "bits",
                     (json_int_t)(rsa ? 8 * g->expected.signature.size : 256));
}

/* Of the whole file, but for what is not signed. */
static json_t *facts_of(const struct generated *g, struct bytes container)
{
    const struct container *c = &g->expected;
    json_t *images = json_array();
    json_t *ehdrs = json_array();
    json_t *tlvs = json_array();
    json_t *table = json_array();
    uint32_t at = payload_offset(c);
    uint32_t i;

    for (i = 0; i < g->image_count; i++) {
        json_t *entries = entries_of(g, &g->images[i]);

        json_array_append_new(images, image_of(g, i, at));
        json_array_append_new(ehdrs, ehdr_of(&g->images[i]));
        json_array_extend(table, entries);
        json_decref(entries);
        at += round8(g->images[i].file.size);
    }
    for (i = 0; i < c->tlv_count; i++)
        json_array_append_new(tlvs, tlv_of(c, i));
    return json_pack(
        "{s:I, s:o, s:{s:I, s:I, s:I, s:I}, s:o, s:o, s:o, s:o, s:o, s:o, s:[]}", "size",
        (json_int_t)container.size, "header", header_of(c), "layout", "tlv_area", (json_int_t)20,
        "signature", (json_int_t)signature_offset(c), "payload", (json_int_t)payload_offset(c),
        "end", (json_int_t)at, "signature", signature_of(g), "images", images, "elf_headers", ehdrs,
        "tlvs", tlvs, "table", table, "signature_value",
        hex_of(container.data + signature_offset(c), c->signature.size), "skipped_tlvs");
}

/* ---- what is said ---- */

/* What is expected is there; where that is an object, is may have more members. */
static void assert_says(const json_t *is, const json_t *expected, const char *where)
{
    const char *key;
    const json_t *value;
    char path[256];
    size_t i;

    if (json_equal(is, expected))
        return;
    if (json_is_object(expected)) {
        json_object_foreach((json_t *)expected, key, value)
        {
            snprintf(path, sizeof(path), "%s.%s", where, key);
            assert_says(json_object_get(is, key), value, path);
        }
        return;
    }
    require(json_is_array(expected) && json_array_size(is) == json_array_size(expected),
            "%s: %s instead of %s", where, json_dumps(is, JSON_ENCODE_ANY),
            json_dumps(expected, JSON_ENCODE_ANY));
    json_array_foreach(expected, i, value)
    {
        snprintf(path, sizeof(path), "%s[%zu]", where, i);
        assert_says(json_array_get(is, i), value, path);
    }
}

static uint32_t number_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    require(json_is_integer(value), "no number %s", name);
    return (uint32_t)json_integer_value(value);
}

/* For each byte of the file: is it in the payload, and no PT_LOAD's? */
static uint8_t *unsigned_bytes(const struct generated *g, struct bytes container)
{
    uint8_t *map = arena_alloc(container.size);
    uint32_t at = payload_offset(&g->expected);
    uint32_t i;
    uint32_t n;

    memset(map + at, 1, container.size - at);
    for (i = 0; i < g->image_count; i++) {
        const struct made_elf *elf = &g->images[i];

        for (n = 0; n < elf->phnum; n++)
            if (elf->phdrs[n].type == PT_LOAD && elf->phdrs[n].filesz > 0)
                memset(map + at + elf->phdrs[n].offset, 0, elf->phdrs[n].filesz);
        at += round8(elf->file.size);
    }
    return map;
}

/* Each of those is in one range, and nothing else is. */
static void assert_unsigned(const struct generated *g, const json_t *ranges, struct bytes container)
{
    uint8_t *map = unsigned_bytes(g, container);
    const json_t *range;
    uint32_t at;
    size_t i;

    json_array_foreach(ranges, i, range)
    {
        const uint32_t offset = number_in(range, "offset");
        const uint32_t size = number_in(range, "size");

        require(offset < container.size && size > 0 && size <= container.size - offset,
                "unsigned: %u bytes at %u", size, offset);
        for (at = offset; at < offset + size; at++)
            require(map[at]-- == 1, "unsigned: byte %u is signed, or named twice", at);
    }
    for (at = 0; at < container.size; at++)
        require(map[at] == 0, "byte %u is not signed, and no range names it", at);
}

static json_t *document_of(const struct rprocfw_report *report)
{
    json_t *document = document_new();

    require(document_add_dump(document, report), "no document");
    return document;
}

static void build(struct rprocfw_report *report, const char *path, enum rprocfw_report_mode mode)
{
    const struct rprocfw_report_job job = {.path = path, .mode = mode, .keys = &all_keys};
    struct rprocfw_error error;

    require(rprocfw_report_build(report, &job, &error) == RPROCFW_OK, "no report: %s", error.text);
}

static void assert_facts(const struct generated *g, struct bytes container,
                         const struct rprocfw_report *report, const char *verdict)
{
    json_t *facts = facts_of(g, container);
    json_t *document = document_of(report);
    const json_t *file = json_array_get(json_object_get(document, "files"), 0);

    json_object_set_new(facts, "verdict", json_string(verdict));
    json_object_set_new(facts, "status", json_string("ok"));
    assert_says(file, facts, "JSON");
    assert_unsigned(g, json_object_get(file, "unsigned"), container);
    json_decref(document);
    json_decref(facts);
}

/* ---- parts ---- */

static void assert_file(const char *folder, const char *name, const uint8_t *expected,
                        uint32_t size)
{
    const struct bytes is = file_read(folder, name);

    require(is.size == size && (size == 0 || memcmp(is.data, expected, size) == 0),
            "%s is not what was put in", name);
    require(unlink(file_path(folder, name)) == 0, "%s stays", name);
}

static void assert_parts(const struct generated *g, struct bytes container,
                         const struct rprocfw_report *report, const char *folder)
{
    const struct container *c = &g->expected;
    struct rprocfw_error error;
    char name[32];
    uint32_t i;

    require(rprocfw_report_extract(report, folder, &error) == RPROCFW_OK, "not extracted: %s",
            error.text);
    for (i = 0; i < g->image_count; i++) {
        const struct bytes elf = g->images[i].file;
        const struct bytes padded = arena_copy(elf.data, elf.size, round8(elf.size) - elf.size);

        snprintf(name, sizeof(name), "image-%u.elf", i);
        assert_file(folder, name, padded.data, padded.size);
    }
    for (i = 0; i < c->tlv_count; i++) {
        snprintf(name, sizeof(name), "tlv-%08x.bin", c->tlvs[i].type);
        assert_file(folder, name, c->tlvs[i].value, c->tlvs[i].size);
    }
    assert_file(folder, "signature.bin", container.data + signature_offset(c), c->signature.size);
    require(rmdir(folder) == 0, "more was extracted than was put in");
}

/* All is said in both modes; which one is looked at takes turns. */
void report_check(const struct generated *g, const char *path, struct bytes container,
                  const char *folder)
{
    const bool turn = g->number % 2 == 0;
    struct rprocfw_report report;

    build(&report, path, RPROCFW_REPORT_VERIFY);
    require(report.status == RPROCFW_OK, "refused: %s", report.message);
    require(memcmp(rprocfw_key_spki_sha256(report.signed_by), rprocfw_key_spki_sha256(g->key->key),
                   RPROCFW_SHA256_SIZE) == 0,
            "signed by another key");
    if (turn)
        assert_facts(g, container, &report, "accept");
    rprocfw_report_free(&report);

    build(&report, path, RPROCFW_REPORT_STRUCTURE);
    require(report.status == RPROCFW_OK, "refused: %s", report.message);
    if (!turn)
        assert_facts(g, container, &report, "not-judged");
    assert_parts(g, container, &report, folder);
    rprocfw_report_free(&report);
}

/* Whatever was extracted of it. */
static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL)
        (void)unlink(file_path(folder, entry->d_name));
    closedir(dir);
    require(rmdir(folder) == 0, "%s stays", folder);
}

enum rprocfw_status verdict_of_anything(const char *path)
{
    struct rprocfw_report report;
    enum rprocfw_status status;

    build(&report, path, RPROCFW_REPORT_VERIFY);
    status = report.status;
    rprocfw_report_free(&report);
    return status;
}

void show_anything(const char *path, const char *folder)
{
    struct rprocfw_report report;
    struct rprocfw_error error;

    build(&report, path, RPROCFW_REPORT_STRUCTURE);
    json_decref(document_of(&report));
    if (rprocfw_report_extract(&report, folder, &error) == RPROCFW_OK)
        remove_folder(folder);
    rprocfw_report_free(&report);
}
