/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of some keys signed a container, stands in a file, or has a hash in OTP. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"

static enum rprocfw_status add(struct rprocfw_matches *matches, const struct rprocfw_match *match,
                               struct rprocfw_error *error)
{
    struct rprocfw_match *grown = realloc(matches->matches, (matches->count + 1) * sizeof(*grown));

    if (grown == NULL)
        return rprocfw_no_memory(error);
    matches->matches = grown;
    matches->matches[matches->count++] = *match;
    if (match->way != RPROCFW_MATCH_PKEYINFO) /* anybody can put that there */
        matches->found = true;
    return RPROCFW_OK;
}

/* ---- Containers ---- */

/* The whole signature, and what it is over; false: the file ends before. */
static bool signed_part(const struct rprocfw_report *report, struct rprocfw_signed *what)
{
    if (report->signature == NULL || report->signature_size != report->header.sign_len)
        return false;
    *what = (struct rprocfw_signed){
        .data = report->metadata,
        .size = (uint32_t)(report->signature - report->metadata),
        .signature = report->signature,
        .signature_size = report->signature_size,
        .signtype = (enum rprocfw_signtype)report->signtype,
    };
    return true;
}

static enum rprocfw_status find_signer(struct rprocfw_matches *matches,
                                       const struct rprocfw_report *report,
                                       const struct rprocfw_keys *keys, struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_ERR_SIGNATURE;
    struct rprocfw_signed what;

    if (!signed_part(report, &what))
        return RPROCFW_OK;
    for (size_t i = 0; i < keys->count && status == RPROCFW_ERR_SIGNATURE; i++) {
        const struct rprocfw_match match = {.key = keys->key[i], .way = RPROCFW_MATCH_SIGNATURE};

        status = rprocfw_key_verify(keys->key[i], &what, error);
        if (status == RPROCFW_OK)
            status = add(matches, &match, error);
    }
    return status == RPROCFW_ERR_SIGNATURE ? RPROCFW_OK : status;
}

static const struct rprocfw_report_tlv *find_pkeyinfo(const struct rprocfw_report *report)
{
    for (size_t i = 0; i < report->tlv_count; i++)
        if (report->tlvs[i].type == RPROCFW_TLV_PKEYINFO)
            return &report->tlvs[i];
    return NULL;
}

static enum rprocfw_status compare_pkeyinfo(struct rprocfw_matches *matches,
                                            const struct rprocfw_report *report,
                                            const struct rprocfw_keys *keys,
                                            struct rprocfw_error *error)
{
    const struct rprocfw_report_tlv *pkeyinfo = find_pkeyinfo(report);
    enum rprocfw_status status = RPROCFW_OK;

    matches->has_pkeyinfo = pkeyinfo != NULL;
    for (size_t i = 0; i < keys->count && pkeyinfo != NULL && status == RPROCFW_OK; i++) {
        const struct rprocfw_match match = {.key = keys->key[i], .way = RPROCFW_MATCH_PKEYINFO};
        uint8_t room[RPROCFW_SPKI_ROOM];
        const uint8_t *der;
        size_t size;

        status = rprocfw_key_spki(keys->key[i], room, &der, &size, error);
        if (status == RPROCFW_OK && size == pkeyinfo->length &&
            memcmp(der, pkeyinfo->value, size) == 0)
            status = add(matches, &match, error);
    }
    return status;
}

/* False: there is no signature that any key could have made. */
static bool describe_container(struct rprocfw_matches *matches, const struct rprocfw_report *report)
{
    struct rprocfw_signed what;
    char algorithm[48] = "of an unknown kind";

    if (!signed_part(report, &what)) {
        rprocfw_print(matches->message, sizeof(matches->message),
                      "its signature cannot be read: %s", report->message);
        return false;
    }
    if (!rprocfw_is_signed(report)) {
        rprocfw_print(matches->message, sizeof(matches->message),
                      "not signed yet: its signature is zero");
        return false;
    }
    if (what.signtype == RPROCFW_SIGNTYPE_RSA)
        (void)snprintf(algorithm, sizeof(algorithm), "RSA-%" PRIu64,
                       8 * (uint64_t)what.signature_size);
    else if (what.signtype == RPROCFW_SIGNTYPE_ECDSA)
        (void)snprintf(algorithm, sizeof(algorithm), "ECDSA P-256");
    rprocfw_print(matches->message, sizeof(matches->message),
                  "signed with none of the keys, or changed since; its signature is %s", algorithm);
    return true;
}

static enum rprocfw_status match_container(struct rprocfw_matches *matches, const char *path,
                                           const struct rprocfw_keys *keys, bool *is_signed,
                                           struct rprocfw_error *error)
{
    const struct rprocfw_report_job job = {.path = path, .mode = RPROCFW_REPORT_STRUCTURE};
    struct rprocfw_report report;
    enum rprocfw_status status = rprocfw_report_build(&report, &job, error);

    if (status != RPROCFW_OK)
        return status;
    status = find_signer(matches, &report, keys, error);
    if (status == RPROCFW_OK)
        status = compare_pkeyinfo(matches, &report, keys, error);
    if (status == RPROCFW_OK)
        *is_signed = describe_container(matches, &report);
    rprocfw_report_free(&report);
    return status;
}

/* ---- Other files ---- */

/* The numbers of all keys. */
struct seeking {
    struct rprocfw_key_numbers *numbers; /* one for each key */
    struct rprocfw_needle *needles;      /* of an RSA key one, of another two */
    size_t count;                        /* of needles */
};

static bool is_rsa(const struct rprocfw_key_numbers *numbers)
{
    return numbers->key.signtype == RPROCFW_SIGNTYPE_RSA;
}

static void add_needle(struct seeking *seeking, const uint8_t *bytes, size_t size)
{
    seeking->needles[seeking->count++] = (struct rprocfw_needle){.bytes = bytes, .size = size};
}

static enum rprocfw_status seek_key(struct seeking *seeking, struct rprocfw_key_numbers *numbers,
                                    const struct rprocfw_key *key, struct rprocfw_error *error)
{
    const enum rprocfw_status status = rprocfw_key_numbers(key, numbers, error);

    if (status != RPROCFW_OK)
        return status;
    if (is_rsa(numbers)) {
        add_needle(seeking, numbers->key.modulus, numbers->key.modulus_size);
    } else {
        add_needle(seeking, numbers->key.x, RPROCFW_P256_SIGNATURE / 2);
        add_needle(seeking, numbers->key.y, RPROCFW_P256_SIGNATURE / 2);
    }
    return RPROCFW_OK;
}

/* A key is there if all of its numbers are. */
static enum rprocfw_status take_found(struct rprocfw_matches *matches,
                                      const struct seeking *seeking,
                                      const struct rprocfw_keys *keys, struct rprocfw_error *error)
{
    const struct rprocfw_needle *needle = seeking->needles;
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < keys->count && status == RPROCFW_OK; i++) {
        const struct rprocfw_needle *last = is_rsa(&seeking->numbers[i]) ? needle : needle + 1;
        const struct rprocfw_match match = {
            .key = keys->key[i],
            .way = RPROCFW_MATCH_NUMBERS,
            .offset = needle->offset,
            .count = needle->count < last->count ? needle->count : last->count,
        };

        if (match.count != 0)
            status = add(matches, &match, error);
        needle = last + 1;
    }
    return status;
}

static enum rprocfw_status match_numbers(struct rprocfw_matches *matches,
                                         const struct rprocfw_input *file,
                                         const struct rprocfw_keys *keys,
                                         struct rprocfw_error *error)
{
    struct seeking seeking = {
        .numbers = calloc(keys->count + 1, sizeof(*seeking.numbers)), /* never nothing */
        .needles = calloc(2 * keys->count + 1, sizeof(*seeking.needles)),
    };
    enum rprocfw_status status = RPROCFW_OK;

    if (seeking.numbers == NULL || seeking.needles == NULL)
        status = rprocfw_no_memory(error);
    for (size_t i = 0; i < keys->count && status == RPROCFW_OK; i++)
        status = seek_key(&seeking, &seeking.numbers[i], keys->key[i], error);
    if (status == RPROCFW_OK)
        status = rprocfw_search(file, seeking.needles, seeking.count, error);
    if (status == RPROCFW_OK)
        status = take_found(matches, &seeking, keys, error);
    free(seeking.numbers);
    free(seeking.needles);
    rprocfw_print(matches->message, sizeof(matches->message),
                  "%s without the numbers of any of the keys", rprocfw_kind_text(matches->kind));
    return status;
}

/* ---- Either ---- */

/* *may_have: a key that is missing here may be the one. */
static enum rprocfw_status match_open(struct rprocfw_matches *matches,
                                      const struct rprocfw_input *file,
                                      const struct rprocfw_keys *keys, bool *may_have,
                                      struct rprocfw_error *error)
{
    enum rprocfw_status status = rprocfw_identify(file, &matches->kind, error);

    if (status != RPROCFW_OK)
        return status;
    status = matches->kind == RPROCFW_KIND_CONTAINER
                 ? match_container(matches, file->path, keys, may_have, error)
                 : match_numbers(matches, file, keys, error);
    return status == RPROCFW_OK ? rprocfw_input_unchanged(file, error) : status;
}

/* With nothing found nothing is known if a key is missing. unopened: what is said of it, or NULL.
 */
static enum rprocfw_status finish(struct rprocfw_matches *matches, enum rprocfw_status status,
                                  const char *what, const char *unopened,
                                  struct rprocfw_error *error)
{
    if (status == RPROCFW_OK && !matches->found && unopened != NULL)
        status = rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                   "%s: none of the keys that could be used; it may be another: %s",
                                   what, unopened);
    if (status != RPROCFW_OK)
        rprocfw_matches_free(matches);
    else if (matches->found)
        matches->message[0] = '\0';
    return status;
}

enum rprocfw_status rprocfw_match_file(struct rprocfw_matches *matches, const char *path,
                                       const struct rprocfw_keys *keys, struct rprocfw_error *error)
{
    struct rprocfw_input file;
    enum rprocfw_status status;
    bool may_have = true;

    *matches = (struct rprocfw_matches){.kind = RPROCFW_KIND_UNKNOWN};
    status = rprocfw_input_open(&file, path, error);
    if (status != RPROCFW_OK)
        return status;
    status = match_open(matches, &file, keys, &may_have, error);
    rprocfw_input_close(&file);
    return finish(matches, status, path, may_have ? keys->unopened : NULL, error);
}

enum rprocfw_status rprocfw_match_otp(struct rprocfw_matches *matches,
                                      const uint8_t hash[RPROCFW_SHA256_SIZE],
                                      const struct rprocfw_keys *keys, struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    *matches = (struct rprocfw_matches){.kind = RPROCFW_KIND_UNKNOWN};
    for (size_t i = 0; i < keys->count && status == RPROCFW_OK; i++) {
        const struct rprocfw_match match = {.key = keys->key[i], .way = RPROCFW_MATCH_OTP};
        uint8_t own[RPROCFW_SHA256_SIZE];

        status = rprocfw_key_otp_hash(keys->key[i], own, error);
        if (status == RPROCFW_ERR_KEY) /* it has none */
            status = RPROCFW_OK;
        else if (status == RPROCFW_OK && memcmp(own, hash, sizeof(own)) == 0)
            status = add(matches, &match, error);
    }
    rprocfw_print(matches->message, sizeof(matches->message), "the hash of none of the keys");
    return finish(matches, status, "OTP", keys->unopened, error);
}

void rprocfw_matches_free(struct rprocfw_matches *matches)
{
    free(matches->matches);
    *matches = (struct rprocfw_matches){.kind = RPROCFW_KIND_UNKNOWN};
}
