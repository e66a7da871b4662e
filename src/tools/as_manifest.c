/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of a container that there is. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rprocfw/format.h>

#include "as_manifest.h"
#include "json.h"
#include "manifest.h"
#include "options.h"
#include "print.h"
#include "report_json.h"

#define EM_ARM     40u
#define TEXT_LIMIT 4096u /* bytes of a text in a manifest */
#define LIST_LIMIT 256u  /* TLVs of a container there */

/* ---- What stands in it ---- */

static const struct rprocfw_report_tlv *find_tlv(const struct rprocfw_report *report, uint32_t type)
{
    for (size_t i = 0; i < report->tlv_count; i++)
        if (report->tlvs[i].type == type)
            return &report->tlvs[i];
    return NULL;
}

static bool is_encrypted(const struct rprocfw_report *report)
{
    return find_tlv(report, RPROCFW_TLV_ENCTABLE) != NULL;
}

/* ST's script writes the table before the images. */
static bool is_st(const struct rprocfw_report *report)
{
    const struct rprocfw_report_tlv *table =
        find_tlv(report, is_encrypted(report) ? RPROCFW_TLV_ENCTABLE : RPROCFW_TLV_HASHTABLE);
    const struct rprocfw_report_tlv *images = find_tlv(report, RPROCFW_TLV_NUM_IMG);

    return table != NULL && images != NULL && table->offset < images->offset;
}

/* ---- Its tree; NULL: no memory ---- */

/* A $ is one of a variable; what has one is shown in hexadecimal. */
static bool is_text(const struct rprocfw_report_tlv *tlv)
{
    return is_printable(tlv->value, tlv->length) && memchr(tlv->value, '$', tlv->length) == NULL;
}

/* What is too long for a text is the file that --extract writes. */
static json_t *json_value(const struct rprocfw_report_tlv *tlv)
{
    const size_t shown = is_text(tlv) ? tlv->length : 2 * (size_t)tlv->length;

    if (tlv->length == 4)
        return json_pack("{s:o}", "u32", json_u32(rprocfw_u32_decode(tlv->value)));
    if (shown > TEXT_LIMIT)
        return json_pack("{s:o}", "file", json_sprintf("tlv-%08x.bin", tlv->type));
    if (is_text(tlv))
        return json_pack("{s:o}", "string", json_stringn((const char *)tlv->value, tlv->length));
    return json_pack("{s:o}", "hex", json_hex(tlv->value, tlv->length));
}

static json_t *json_tlvs(const struct rprocfw_report *report)
{
    json_t *tlvs = json_object();

    for (size_t i = 0; i < report->tlv_count; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];
        const char *name = rprocfw_tlv_name(tlv->type);
        char number[16];

        if (!rprocfw_tlv_is_platform(tlv->type))
            continue;
        (void)snprintf(number, sizeof(number), "0x%" PRIx32, tlv->type);
        if (json_object_set_new(tlvs, name != NULL ? name : number, json_value(tlv)) != 0) {
            json_decref(tlvs);
            return NULL;
        }
    }
    return tlvs;
}

/* The files that --extract writes. */
static json_t *json_inputs(const struct rprocfw_report *report)
{
    json_t *inputs = json_array();

    for (size_t i = 0; i < report->image_count; i++)
        if (json_array_append_new(inputs, json_sprintf("image-%zu.elf", i)) != 0) {
            json_decref(inputs);
            return NULL;
        }
    return inputs;
}

static bool is_for_arm(const struct rprocfw_report *report)
{
    for (size_t i = 0; i < report->image_count; i++)
        if (report->images[i].has_ehdr && report->images[i].ehdr.machine != EM_ARM)
            return false;
    return true;
}

/* What is not as usual. False: no memory. */
static bool add_options(json_t *container, const struct rprocfw_report *report)
{
    bool done = true;

    if (is_encrypted(report))
        done = json_object_set_new(container, "enc_key", json_string("${ENC_KEY}")) == 0;
    if (done && find_tlv(report, RPROCFW_TLV_PKEYINFO) != NULL)
        done = json_object_set_new(container, "key_info",
                                   json_sprintf("tlv-%08x.bin", RPROCFW_TLV_PKEYINFO)) == 0;
    if (done && json_object_size(json_object_get(container, "platform_tlvs")) == 0)
        done = json_object_del(container, "platform_tlvs") == 0;
    if (done && !is_for_arm(report))
        done = json_object_set_new(container, "any_machine", json_true()) == 0;
    if (done && report->device.is_predicted && report->device.result != 0)
        done = json_object_set_new(container, "preflight", json_string("warn")) == 0;
    return done;
}

static const char *name_of(const struct rprocfw_report *report)
{
    const char *slash = strrchr(report->path, '/');

    return slash != NULL ? slash + 1 : report->path;
}

/* Two $ are one. */
static json_t *json_name(const char *name)
{
    char *doubled = malloc(2 * strlen(name) + 1);
    json_t *json = NULL;
    char *to = doubled;

    for (; doubled != NULL && *name != '\0'; name++) {
        if (*name == '$')
            *to++ = '$';
        *to++ = *name;
    }
    if (doubled != NULL)
        json = json_stringn(doubled, (size_t)(to - doubled));
    free(doubled);
    return json;
}

static json_t *json_container(const struct rprocfw_report *report)
{
    json_t *container =
        json_pack("{s:o, s:o, s:s, s:s, s:s, s:o}", "inputs", json_inputs(report), "output",
                  json_name(name_of(report)), "key", "${KEY}", "key_type",
                  report->signtype == RPROCFW_SIGNTYPE_RSA ? "RSA" : "ECC", "layout",
                  is_st(report) ? "st" : "optee", "platform_tlvs", json_tlvs(report));

    if (container != NULL && !add_options(container, report)) {
        json_decref(container);
        return NULL;
    }
    return container;
}

static json_t *json_manifest(const struct rprocfw_report *report)
{
    json_t *env = json_pack("[s]", "KEY");

    if (env != NULL && is_encrypted(report))
        (void)json_array_append_new(env, json_string("ENC_KEY"));
    return json_pack("{s:o, s:{s:o}}", "env", env, "containers", "firmware",
                     json_container(report));
}

/* ---- Whether it says all ---- */

/* Either order that the signer writes: the table stands in one of two places. */
static bool is_in_order(const struct rprocfw_report *report)
{
    static const uint32_t order[] = {
        RPROCFW_TLV_SIGNTYPE,  RPROCFW_TLV_ENCTYPE,  RPROCFW_TLV_HASHTABLE, RPROCFW_TLV_ENCTABLE,
        RPROCFW_TLV_NUM_IMG,   RPROCFW_TLV_IMGTYPE,  RPROCFW_TLV_IMGSIZE,   RPROCFW_TLV_HASHTYPE,
        RPROCFW_TLV_HASHTABLE, RPROCFW_TLV_ENCTABLE, RPROCFW_TLV_PKEYINFO};
    const size_t count = sizeof(order) / sizeof(order[0]);
    size_t at = 0;

    for (size_t i = 0; i < report->tlv_count; i++) {
        while (at < count && order[at] != report->tlvs[i].type)
            at++;
        if (at == count && !rprocfw_tlv_is_platform(report->tlvs[i].type))
            return false;
        at += at < count;
    }
    return !is_encrypted(report) || is_st(report);
}

static bool are_too_large(const struct rprocfw_report *report)
{
    size_t platform = 0;

    for (size_t i = 0; i < report->tlv_count; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];

        platform += rprocfw_tlv_is_platform(tlv->type);
        if (tlv->length > (tlv->type == RPROCFW_TLV_PKEYINFO ? KEY_INFO_LIMIT : VALUE_LIMIT) &&
            tlv->type != RPROCFW_TLV_HASHTABLE && tlv->type != RPROCFW_TLV_ENCTABLE)
            return true;
    }
    return platform > LIST_LIMIT;
}

/* What a manifest has no word for; NULL: nothing. */
static const char *find_more(const struct rprocfw_report *report)
{
    if (!report->has_layout || report->kind != RPROCFW_KIND_CONTAINER)
        return "it is no whole container of this layout";
    /* sections and resource tables that are refused can be signed with --preflight=warn */
    if (report->status != RPROCFW_OK && report->status < RPROCFW_ERR_SHDR_ALIGN)
        return report->message;
    if (!is_printable((const uint8_t *)name_of(report), strlen(name_of(report))))
        return "a manifest cannot say its name; give it another";
    for (size_t i = 0; i < report->tlv_count; i++)
        if (rprocfw_tlv_name(report->tlvs[i].type) == NULL &&
            !rprocfw_tlv_is_platform(report->tlvs[i].type))
            return "it has TLVs of types that are not known";
    if (!is_in_order(report))
        return "its TLVs are in an order of their own";
    return are_too_large(report) ? "a manifest cannot say that many or that long TLVs" : NULL;
}

int print_as_manifest(const struct rprocfw_report *report, const char *tool)
{
    const char *more = find_more(report);
    json_t *manifest;
    bool done;

    if (more != NULL) {
        complain(tool, "%s: no manifest makes it again: %s", report->path, more);
        return EXIT_REFUSED;
    }
    manifest = json_manifest(report);
    (void)puts("# Beside what rproc-dump --extract writes. KEY: path or URI of the private key.");
    if (is_encrypted(report))
        (void)puts("# The inputs have to be the ELF files before they were encrypted; ENC_KEY: "
                   "the path of the AES key.");
    done = manifest != NULL && document_print_profile(manifest);
    json_decref(manifest);
    if (!done)
        return no_memory(tool);
    if (report->status != RPROCFW_OK)
        complain(tool, "%s: %s", report->path, report->message);
    return exit_for(report->status);
}
