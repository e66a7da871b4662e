/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key show: what a key is, and what devices say to it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rprocfw/rprocfw.h>

#include "json.h"
#include "key_job.h"
#include "key_subcommands.h"
#include "print.h"
#include "words.h"

struct options {
    struct key_job job;
    enum format format;
};

/* What there is to say besides what the key itself says. */
struct facts {
    uint8_t hash[RPROCFW_SHA256_SIZE];
    bool has_hash;
    struct rprocfw_key_answer answers[RPROCFW_KEY_ANSWERS];
};

static enum rprocfw_status find_facts(const struct rprocfw_key *key, struct facts *facts,
                                      struct rprocfw_error *error)
{
    enum rprocfw_status status = rprocfw_key_otp_hash(key, facts->hash, error);

    facts->has_hash = status == RPROCFW_OK;
    if (status == RPROCFW_OK || status == RPROCFW_ERR_KEY)
        status = rprocfw_key_answers(key, facts->answers, error);
    return status;
}

/* ---- Text ---- */

static void print_answer(const struct rprocfw_key_answer *answer)
{
    (void)printf("    %-8s %s: ", answer->name, answer->device);
    if (answer->tee_result != 0)
        (void)printf("does not take it, answers 0x%08" PRIx32 ": ", answer->tee_result);
    else
        (void)fputs(answer->why_not != NULL ? "does not take it: " : "takes it", stdout);
    if (answer->why_not != NULL)
        (void)fputs(answer->why_not, stdout);
    if (answer->headers_64 != 0)
        (void)printf("; up to %" PRIu32 " program headers, %" PRIu32 " where it has 32 bits",
                     answer->headers_64, answer->headers_32);
    (void)putchar('\n');
}

static void print_facts(const struct rprocfw_key *key, const struct facts *facts)
{
    const char *published = rprocfw_key_published(key);

    print_text(stdout, rprocfw_key_path(key));
    (void)printf(": %s, %s key\n  SPKI SHA-256   ", rprocfw_key_kind(key),
                 rprocfw_key_has_private(key) ? "private" : "public");
    print_hex(stdout, rprocfw_key_spki_sha256(key), RPROCFW_SHA256_SIZE);
    (void)fputs("\n  ST's OTP hash  ", stdout);
    if (facts->has_hash)
        print_hex(stdout, facts->hash, sizeof(facts->hash));
    else
        (void)fputs("none: there such a key cannot be used", stdout);
    (void)printf("\n  SIGNTYPE       %d (%s), signatures of %" PRIu32 " bytes\n",
                 (int)rprocfw_key_signtype(key), algorithm_name((uint8_t)rprocfw_key_signtype(key)),
                 rprocfw_key_signature_size(key));
    if (published != NULL)
        (void)printf("  WARNING: a published test key (%s): everybody can sign with it\n",
                     published);
    else
        (void)puts("  none of the published test keys");
    (void)puts("  trusted applications:");
    for (size_t i = 0; i < RPROCFW_KEY_ANSWERS; i++)
        print_answer(&facts->answers[i]);
}

/* ---- JSON ---- */

static json_t *json_count(uint32_t count)
{
    return count != 0 ? json_u32(count) : json_null();
}

/* As in the list of TEE_Results in rprocfw(3). */
static json_t *json_result(uint32_t tee_result)
{
    char text[sizeof("0xffffffff")];

    if (tee_result == 0)
        return json_null();
    (void)snprintf(text, sizeof(text), "0x%08" PRIx32, tee_result);
    return json_string(text);
}

static json_t *json_answer(const struct rprocfw_key_answer *answer)
{
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "name", answer->name, "device",
                     answer->device, "takes", answer->why_not == NULL, "why_not",
                     json_text(answer->why_not), "tee_result", json_result(answer->tee_result),
                     "program_headers_64", json_count(answer->headers_64), "program_headers_32",
                     json_count(answer->headers_32));
}

static json_t *json_answers(const struct facts *facts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < RPROCFW_KEY_ANSWERS && list != NULL; i++) {
        if (json_array_append_new(list, json_answer(&facts->answers[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *json_facts(const struct rprocfw_key *key, const struct facts *facts)
{
    return json_pack(
        "{s:i, s:o, s:s, s:o, s:b, s:o, s:o, s:o, s:i, s:s, s:o, s:o}", "schema", 1, "file",
        json_path(rprocfw_key_path(key)), "kind", rprocfw_key_kind(key), "bits",
        json_u32(rprocfw_key_bits(key)), "private", rprocfw_key_has_private(key), "spki_sha256",
        json_hex(rprocfw_key_spki_sha256(key), RPROCFW_SHA256_SIZE), "otp_hash",
        json_hex(facts->has_hash ? facts->hash : NULL, sizeof(facts->hash)), "published",
        json_text(rprocfw_key_published(key)), "signtype", (int)rprocfw_key_signtype(key),
        "algorithm", algorithm_name((uint8_t)rprocfw_key_signtype(key)), "signature_size",
        json_u32(rprocfw_key_signature_size(key)), "devices", json_answers(facts));
}

/* ---- The subcommand ---- */

static int show(const void *options, const struct rprocfw_key *key)
{
    const struct options *o = options;
    struct rprocfw_error error;
    struct facts facts;
    json_t *document;
    bool done;

    if (find_facts(key, &facts, &error) != RPROCFW_OK)
        return fail(o->job.tool, &error);
    if (o->format == FORMAT_TEXT) {
        print_facts(key, &facts);
        return finish_stdout(o->job.tool, EXIT_DONE);
    }
    document = json_facts(key, &facts);
    done = document != NULL && print_document(document, o->format);
    json_decref(document);
    return finish_stdout(o->job.tool, done ? EXIT_DONE : no_memory(o->job.tool));
}

static const struct help help = {
    .usage = "Usage: rproc-key show [options] KEY\n"
             "\n"
             "What KEY is: its kind, the digests that others know it by, whether it is a\n"
             "published test key, and which trusted applications take it.\n"
             "\n",
    .options = "      --format text|json|lines what to print (default text)\n" KEY_OPTIONS_HELP,
    .end = KEY_END_HELP "Example: rproc-key show --expect public key.pub.pem\n",
};

enum long_option { OPT_FORMAT = 512 };

static const struct option long_options[] = {
    {"format", required_argument, NULL, OPT_FORMAT},
    KEY_OPTIONS,
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;

    (void)argc;
    (void)argv;
    if (option != OPT_FORMAT)
        return key_job_take(&o->job, option);
    return take_format(o->job.tool, &o->format, FORMATS_OF_REPORTS, optarg);
}

int key_show(const char *tool, int argc, char **argv)
{
    static const struct key_command command = {
        .line = {.help = &help,
                 .short_options = ":hV",
                 .long_options = long_options,
                 .take = take_option},
        .run = show,
    };
    struct options o = {.job = {.tool = tool}};

    return key_command_run(&command, &o, argc, argv);
}
