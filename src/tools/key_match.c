/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-key match: which of some keys signed a container, or is in a device. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "help.h"
#include "hex.h"
#include "json.h"
#include "key_options.h"
#include "key_subcommands.h"
#include "options.h"
#include "print.h"

struct options {
    const char *tool;
    struct words keys;   /* before -- */
    struct words files;  /* behind it */
    struct words hashes; /* of --otp */
    struct key_options access;
    char **argv;
    enum format format;
};

static const struct help help = {
    .usage = "Usage: rproc-key match [options] KEY... -- FILE...\n"
             "       rproc-key match [options] KEY... --otp HEX [-- FILE...]\n"
             "\n"
             "Which of the KEYs belongs to each FILE. Of a container: which signed it, and\n"
             "which is in its TLV PKEYINFO. Of any other file, such as an OP-TEE image or a\n"
             "trusted application: whose modulus, or x and y, stand in it. KEY is a key, a\n"
             "certificate, or a folder of them.\n"
             "\n",
    .options = "      --otp HEX                32 bytes from the OTP of ST's boards: whose hash?\n"
               "      --format text|json|lines what to print (default text)\n"
               "      --passphrase SOURCE      of a private key, or a PIN: env:VAR, file:PATH,\n"
               "                               fd:N, stdin or prompt\n"
               "      --provider NAME[:PATH]   provider of OpenSSL that opens KEYs: tpm2, ...\n"
               "      --propquery QUERY        which algorithms of the providers are used\n"
               "      --engine NAME            engine of OpenSSL that opens tokens: pkcs11\n"
               "  -h, --help                   this text\n"
               "  -V, --version                version of the program and its libraries\n",
    .end = "\n"
           "Exit status, the worst of all files: 0 one of the keys; 1 none of them; 2 it\n"
           "could not be done.\n"
           "Example: rproc-key match keys -- firmware.sig tee.bin\n",
};

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct options *o = ctx;

    if (level == RPROCFW_LOG_WARNING)
        complain(o->tool, "%s", message);
}

/* ---- Words ---- */

static const char *way_name(enum rprocfw_match_way way)
{
    switch (way) {
    case RPROCFW_MATCH_SIGNATURE:
        return "signature";
    case RPROCFW_MATCH_PKEYINFO:
        return "pkeyinfo";
    case RPROCFW_MATCH_NUMBERS:
        return "numbers";
    case RPROCFW_MATCH_OTP:
        return "otp";
    }
    return NULL;
}

/* What stands between what was looked at and the key. */
static const char *way_text(enum rprocfw_match_way way)
{
    switch (way) {
    case RPROCFW_MATCH_SIGNATURE:
        return "signed by";
    case RPROCFW_MATCH_PKEYINFO:
        return "PKEYINFO is";
    case RPROCFW_MATCH_NUMBERS:
        return "contains";
    case RPROCFW_MATCH_OTP:
        return "hash of";
    }
    return NULL;
}

/* ---- Text ---- */

static void print_match(const char *what, const struct rprocfw_match *match)
{
    print_text(stdout, what);
    (void)printf(": %s ", way_text(match->way));
    print_text(stdout, rprocfw_key_path(match->key));
    (void)printf(" (%s, SPKI SHA-256 ", rprocfw_key_kind(match->key));
    print_hex(stdout, rprocfw_key_spki_sha256(match->key), RPROCFW_SHA256_SIZE);
    (void)putchar(')');
    if (match->way == RPROCFW_MATCH_NUMBERS)
        (void)printf(" at 0x%" PRIx64, match->offset);
    if (match->count > 1)
        (void)printf(", %" PRIu64 " times", match->count);
    (void)putchar('\n');
    if (rprocfw_key_published(match->key) != NULL)
        (void)printf("  WARNING: a published test key (%s): everybody can sign with it\n",
                     rprocfw_key_published(match->key));
}

/* PKEYINFO of another key than the one that signed. */
static bool is_stale(const struct rprocfw_matches *matches)
{
    return matches->has_pkeyinfo &&
           (matches->count != 2 || matches->matches[0].key != matches->matches[1].key);
}

static void print_matches(const char *what, const struct rprocfw_matches *matches)
{
    for (size_t i = 0; i < matches->count; i++)
        print_match(what, &matches->matches[i]);
}

/* ---- JSON ---- */

static json_t *json_u64(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *json_match(const struct rprocfw_match *match)
{
    const bool placed = match->way == RPROCFW_MATCH_NUMBERS;

    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "way", way_name(match->way), "key_file",
                     json_path(rprocfw_key_path(match->key)), "kind", rprocfw_key_kind(match->key),
                     "spki_sha256",
                     json_hex(rprocfw_key_spki_sha256(match->key), RPROCFW_SHA256_SIZE),
                     "published", json_text(rprocfw_key_published(match->key)), "offset",
                     placed ? json_u64(match->offset) : json_null(), "count",
                     placed ? json_u64(match->count) : json_null());
}

static json_t *json_matches(const struct rprocfw_matches *matches)
{
    json_t *list = json_array();

    for (size_t i = 0; i < matches->count && list != NULL; i++) {
        if (json_array_append_new(list, json_match(&matches->matches[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* One of file and otp is NULL. matches: NULL if it could not be found out. */
static bool add_json(json_t *document, const char *file, const char *otp,
                     const struct rprocfw_matches *matches, const char *message)
{
    const bool done = matches != NULL;
    const char *result = !done ? "error" : matches->found ? "match" : "no-match";
    json_t *entry = json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:b, s:o}", "file", json_path(file), "otp", json_text(otp),
        "result", result, "message", json_path(message), "kind",
        json_text(done && file != NULL ? rprocfw_kind_text(matches->kind) : NULL), "has_pkeyinfo",
        done && matches->has_pkeyinfo, "matches", done ? json_matches(matches) : json_array());

    return json_array_append_new(json_object_get(document, "results"), entry) == 0;
}

/* ---- The work ---- */

/* What was found is said; status is that of finding out. Returns the exit status. */
static int tell(const struct options *o, json_t *document, const char *file, const char *otp,
                struct rprocfw_matches *matches, enum rprocfw_status status,
                const struct rprocfw_error *error)
{
    const char *what = file != NULL ? file : otp;
    const bool done = status == RPROCFW_OK;
    const char *message = done ? matches->message : error->text;
    int result = done ? EXIT_DONE : EXIT_FAILED;

    if (done && o->format == FORMAT_TEXT)
        print_matches(what, matches);
    if (!done) {
        complain(o->tool, "%s", message);
    } else if (!matches->found) {
        complain(o->tool, "%s: %s", what, message);
        result = EXIT_REFUSED;
    } else if (is_stale(matches)) {
        complain(o->tool,
                 "warning: %s: PKEYINFO is not of the key that signed; a board that looks "
                 "at it refuses the container",
                 what);
    }
    if (o->format != FORMAT_TEXT && !add_json(document, file, otp, done ? matches : NULL, message))
        result = no_memory(o->tool);
    if (done)
        rprocfw_matches_free(matches);
    return result;
}

static int match_file(const struct options *o, const struct rprocfw_keys *keys, json_t *document,
                      const char *file)
{
    struct rprocfw_matches matches;
    struct rprocfw_error error;
    const enum rprocfw_status status = rprocfw_match_file(&matches, file, keys, &error);

    return tell(o, document, file, NULL, &matches, status, &error);
}

static bool parse_otp(const char *hex, uint8_t hash[RPROCFW_SHA256_SIZE])
{
    uint8_t bytes[2 * RPROCFW_SHA256_SIZE]; /* digits with something between each pair fit */
    size_t size;

    if (strlen(hex) > 2 * sizeof(bytes) || bytes_of_hex(hex, bytes, &size) != NULL ||
        size != RPROCFW_SHA256_SIZE)
        return false;
    memcpy(hash, bytes, RPROCFW_SHA256_SIZE);
    return true;
}

static int match_otp(const struct options *o, const struct rprocfw_keys *keys, json_t *document,
                     const char *otp)
{
    struct rprocfw_matches matches;
    struct rprocfw_error error;
    uint8_t hash[RPROCFW_SHA256_SIZE];
    enum rprocfw_status status;

    (void)parse_otp(otp, hash); /* take_otp has checked it */
    status = rprocfw_match_otp(&matches, hash, keys, &error);
    return tell(o, document, NULL, otp, &matches, status, &error);
}

static int worse(int a, int b)
{
    return a > b ? a : b;
}

static int match_all(const struct options *o, const struct rprocfw_keys *keys)
{
    json_t *document = json_pack("{s:i, s:[]}", "schema", 1, "results");
    int worst = EXIT_DONE;

    if (document == NULL)
        return no_memory(o->tool);
    for (size_t i = 0; i < o->hashes.count; i++)
        worst = worse(worst, match_otp(o, keys, document, o->hashes.word[i]));
    for (size_t i = 0; i < o->files.count; i++)
        worst = worse(worst, match_file(o, keys, document, o->files.word[i]));
    if (o->format != FORMAT_TEXT && !print_document(document, o->format))
        worst = no_memory(o->tool);
    json_decref(document);
    return finish_stdout(o->tool, worst);
}

static int load_keys(struct options *o, struct rprocfw_keys *keys)
{
    const struct rprocfw_log log = {.write = write_log, .ctx = o};
    struct rprocfw_key_access access;
    struct rprocfw_error error;
    int status;

    key_options_warn(o->argv, o->tool);
    status = key_options_open(&o->access, &access, &error) == RPROCFW_OK ? EXIT_DONE
                                                                         : fail(o->tool, &error);
    if (o->access.passphrase.source == NULL) /* nobody is asked unless it is asked for */
        access.passphrase = (struct rprocfw_passphrase){0};
    for (size_t i = 0; i < o->keys.count && status == EXIT_DONE; i++)
        if (rprocfw_keys_add(keys, o->keys.word[i], &access, &log, &error) != RPROCFW_OK)
            status = fail(o->tool, &error);
    return status;
}

static int check_options(const struct options *o)
{
    const struct passphrase *passphrase = &o->access.passphrase;
    int status;

    if (o->keys.count == 0)
        return usage_error(o->tool, "no key; give keys before --");
    if (o->files.count == 0 && o->hashes.count == 0)
        return usage_error(o->tool,
                           "nothing to match the keys with; give files behind --, or --otp");
    status = read_apart(o->keys.word, o->keys.count, passphrase, true, o->tool);
    if (status == EXIT_DONE)
        status = read_apart(o->files.word, o->files.count, passphrase, true, o->tool);
    return status;
}

static int run(struct options *o)
{
    struct rprocfw_keys keys = {0};
    int status = check_options(o);

    if (status == EXIT_DONE)
        status = load_keys(o, &keys);
    key_options_wipe(&o->access, o->argv);
    if (status == EXIT_DONE)
        status = match_all(o, &keys);
    rprocfw_keys_free(&keys);
    return status;
}

/* ---- The command line ---- */

enum long_option { OPT_OTP = 256, OPT_FORMAT };

#define OPERAND 1 /* what getopt answers to a word before -- that is no option */

static const struct option long_options[] = {
    {"otp", required_argument, NULL, OPT_OTP},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    KEY_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

static int take_otp(struct options *o, const char *hex)
{
    uint8_t hash[RPROCFW_SHA256_SIZE];

    if (parse_otp(hex, hash))
        return words_add(&o->hashes, hex, o->tool);
    return usage_error(o->tool, "--otp %s: expected 32 bytes as pairs of hex digits", hex);
}

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;
    int status;

    (void)argc;
    (void)argv;
    if (key_options_take(&o->access, option, o->tool, &status))
        return status;
    switch (option) {
    case OPERAND:
        return words_add(&o->keys, key_name(optarg), o->tool);
    case OPT_OTP:
        return take_otp(o, optarg);
    case OPT_FORMAT:
        return take_format(o->tool, &o->format, FORMATS_OF_REPORTS, optarg);
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static const struct command_line command_line = {
    .help = &help,
    .short_options = "-:hV", /* words before -- are told from those behind it */
    .long_options = long_options,
    .take = take_option,
};

int key_match(const char *tool, int argc, char **argv)
{
    struct options o = {.tool = tool, .argv = argv};
    bool finished;
    int status = parse_command_line(&command_line, tool, &o, &o.files, argc, argv, &finished);

    if (status == EXIT_DONE && !finished)
        status = run(&o);
    key_options_wipe(&o.access, argv);
    key_options_close(&o.access);
    words_free(&o.keys);
    words_free(&o.files);
    words_free(&o.hashes);
    return status;
}
