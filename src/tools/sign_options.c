/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of rproc-sign: options, and what they exclude. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "sign_options.h"

#define JOBS_MAX 256u

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct sign_options *o = ctx;

    if (level == RPROCFW_LOG_WARNING && !o->quiet)
        complain(o->tool, "warning: %s", message);
    else if (level == RPROCFW_LOG_STEP && o->verbose)
        complain(o->tool, "%s", message);
}

struct rprocfw_log sign_log(struct sign_options *o)
{
    return (struct rprocfw_log){.write = write_log, .ctx = o};
}

/* ---- One option ---- */

enum long_option {
    OPT_KEY_PWD = 256,
    OPT_KEY_TYPE,
    OPT_KEY_INFO,
    OPT_IN,
    OPT_PLAT_TLV,
    OPT_PLAT_TLV_FILE,
    OPT_PLAT_TLV_HEX,
    OPT_LAYOUT,
    OPT_ANY_MACHINE,
    OPT_NO_SYNC,
    OPT_RANDOM_NONCE,
    OPT_STRIP,
    OPT_LOADABLE_ONLY,
    OPT_ENC_KEY,
    OPT_ENC_PAD,
    OPT_ENC_DETERMINISTIC,
    OPT_PUBLIC_KEY,
    OPT_TBS,
    OPT_ATTACH,
    OPT_SIGNER,
    OPT_SIGNER_TIMEOUT,
    OPT_DIGEST,
    OPT_RESIGN,
    OPT_EXTRACT_SIGNATURE,
    OPT_DER,
    OPT_REPLACE_SIGNATURE,
    OPT_PREFLIGHT,
    OPT_MANIFEST,
    OPT_JOBS,
    OPT_FAIL_FAST,
    OPT_IF_CHANGED,
    OPT_DEPFILE,
    OPT_REPORT,
    OPT_SARIF
};

/* Both spellings of each: with - and with _. */
static const struct option long_options[] = {
    {"key", required_argument, NULL, 'k'},
    {"key_pwd", required_argument, NULL, OPT_KEY_PWD},
    {"key-pwd", required_argument, NULL, OPT_KEY_PWD},
    {"key_type", required_argument, NULL, OPT_KEY_TYPE},
    {"key-type", required_argument, NULL, OPT_KEY_TYPE},
    {"key_info", required_argument, NULL, OPT_KEY_INFO},
    {"key-info", required_argument, NULL, OPT_KEY_INFO},
    {"in", required_argument, NULL, OPT_IN},
    {"out", required_argument, NULL, 'o'},
    {"plat-tlv", required_argument, NULL, OPT_PLAT_TLV},
    {"plat_tlv", required_argument, NULL, OPT_PLAT_TLV},
    {"plat-tlv-file", required_argument, NULL, OPT_PLAT_TLV_FILE},
    {"plat_tlv_file", required_argument, NULL, OPT_PLAT_TLV_FILE},
    {"plat-tlv-hex", required_argument, NULL, OPT_PLAT_TLV_HEX},
    {"plat_tlv_hex", required_argument, NULL, OPT_PLAT_TLV_HEX},
    {"layout", required_argument, NULL, OPT_LAYOUT},
    {"any-machine", no_argument, NULL, OPT_ANY_MACHINE},
    {"any_machine", no_argument, NULL, OPT_ANY_MACHINE},
    {"strip", no_argument, NULL, OPT_STRIP},
    {"loadable-only", no_argument, NULL, OPT_LOADABLE_ONLY},
    {"loadable_only", no_argument, NULL, OPT_LOADABLE_ONLY},
    {"enc_key", required_argument, NULL, OPT_ENC_KEY},
    {"enc-key", required_argument, NULL, OPT_ENC_KEY},
    {"enc-pad", no_argument, NULL, OPT_ENC_PAD},
    {"enc_pad", no_argument, NULL, OPT_ENC_PAD},
    {"enc-deterministic", no_argument, NULL, OPT_ENC_DETERMINISTIC},
    {"enc_deterministic", no_argument, NULL, OPT_ENC_DETERMINISTIC},
    {"no-sync", no_argument, NULL, OPT_NO_SYNC},
    {"no_sync", no_argument, NULL, OPT_NO_SYNC},
    {"random-nonce", no_argument, NULL, OPT_RANDOM_NONCE},
    {"random_nonce", no_argument, NULL, OPT_RANDOM_NONCE},
    {"public-key", required_argument, NULL, OPT_PUBLIC_KEY},
    {"public_key", required_argument, NULL, OPT_PUBLIC_KEY},
    {"tbs", required_argument, NULL, OPT_TBS},
    {"attach", required_argument, NULL, OPT_ATTACH},
    {"signer", required_argument, NULL, OPT_SIGNER},
    {"signer-timeout", required_argument, NULL, OPT_SIGNER_TIMEOUT},
    {"signer_timeout", required_argument, NULL, OPT_SIGNER_TIMEOUT},
    {"digest", no_argument, NULL, OPT_DIGEST},
    {"resign", no_argument, NULL, OPT_RESIGN},
    {"extract-signature", no_argument, NULL, OPT_EXTRACT_SIGNATURE},
    {"extract_signature", no_argument, NULL, OPT_EXTRACT_SIGNATURE},
    {"der", no_argument, NULL, OPT_DER},
    {"replace-signature", required_argument, NULL, OPT_REPLACE_SIGNATURE},
    {"replace_signature", required_argument, NULL, OPT_REPLACE_SIGNATURE},
    {"preflight", required_argument, NULL, OPT_PREFLIGHT},
    {"manifest", required_argument, NULL, OPT_MANIFEST},
    {"jobs", required_argument, NULL, OPT_JOBS},
    {"fail-fast", no_argument, NULL, OPT_FAIL_FAST},
    {"fail_fast", no_argument, NULL, OPT_FAIL_FAST},
    {"if-changed", no_argument, NULL, OPT_IF_CHANGED},
    {"if_changed", no_argument, NULL, OPT_IF_CHANGED},
    {"report", required_argument, NULL, OPT_REPORT},
    {"sarif", required_argument, NULL, OPT_SARIF},
    {"depfile", required_argument, NULL, OPT_DEPFILE},
    {"dry-run", no_argument, NULL, 'n'},
    {"dry_run", no_argument, NULL, 'n'},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    KEY_LONG_OPTIONS,
    BOARD_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

static int add_plat_tlv(struct sign_options *o, enum plat_tlv_form form, int argc, char **argv)
{
    const struct rprocfw_log log = sign_log(o);
    struct rprocfw_error error;
    const char *id = optarg;
    const char *value = argv[optind];

    if (optind >= argc)
        return usage_error(o->tool,
                           "a platform TLV needs two arguments: ID and value, found "
                           "only %s",
                           id);
    optind++;
    if (form == PLAT_TLV_FILE && words_add(&o->kept, value, o->tool) != EXIT_DONE)
        return EXIT_FAILED;
    if (plat_tlvs_add(&o->plat_tlvs, form, id, value, &log, &error) != RPROCFW_OK)
        return fail_option(o->tool, &error);
    return EXIT_DONE;
}

static int set_layout(struct sign_options *o, const char *name)
{
    if (strcmp(name, "optee") == 0)
        o->order = RPROCFW_ORDER_OPTEE;
    else if (strcmp(name, "st") == 0)
        o->order = RPROCFW_ORDER_ST;
    else
        return usage_error(o->tool, "--layout %s: expected optee or st", name);
    o->layout = name;
    return EXIT_DONE;
}

static int set_preflight(struct sign_options *o, const char *word)
{
    if (strcmp(word, "warn") == 0)
        o->preflight = RPROCFW_PREFLIGHT_WARN;
    else if (strcmp(word, "off") == 0)
        o->preflight = RPROCFW_PREFLIGHT_OFF;
    else if (strcmp(word, "strict") == 0)
        o->preflight = RPROCFW_PREFLIGHT_STRICT;
    else
        return usage_error(o->tool, "--preflight=%s: expected warn, off or strict", word);
    o->has_preflight = true;
    return EXIT_DONE;
}

static int set_mode(struct sign_options *o, enum sign_mode mode, const char *option)
{
    if (o->mode_option != NULL)
        return o->mode == mode
                   ? usage_error(o->tool, "%s is given twice", option)
                   : usage_error(o->tool, "%s and %s exclude each other", o->mode_option, option);
    o->mode = mode;
    o->mode_option = option;
    return EXIT_DONE;
}

static int set_signature(struct sign_options *o, enum sign_mode mode, const char *option)
{
    o->signature = optarg;
    return set_mode(o, mode, option);
}

static int set_timeout(struct sign_options *o, const char *seconds)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(seconds, &end, 10);
    if (errno != 0 || seconds[0] < '0' || seconds[0] > '9' || *end != '\0' ||
        value > RPROCFW_PROGRAM_TIMEOUT_MAX)
        return usage_error(o->tool, "--signer-timeout %s: expected 0 to %u seconds", seconds,
                           RPROCFW_PROGRAM_TIMEOUT_MAX);
    o->signer_timeout = (unsigned)value;
    o->has_signer_timeout = true;
    return EXIT_DONE;
}

static int set_jobs(struct sign_options *o, const char *number)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(number, &end, 10);
    if (errno != 0 || number[0] < '1' || number[0] > '9' || *end != '\0' || value > JOBS_MAX)
        return usage_error(o->tool, "--jobs %s: expected 1 to %u", number, JOBS_MAX);
    o->jobs = (unsigned)value;
    return EXIT_DONE;
}

/* Does a manifest leave an option to the command line? */
static bool goes_with_manifest(int option)
{
    static const int options[] = {OPT_MANIFEST,
                                  OPT_JOBS,
                                  OPT_FAIL_FAST,
                                  OPT_IF_CHANGED,
                                  OPT_DEPFILE,
                                  OPT_NO_SYNC,
                                  OPT_REPORT,
                                  OPT_SARIF,
                                  'n',
                                  'v',
                                  'q'};

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (options[i] == option)
            return true;
    return false;
}

static const char *name_of(int option)
{
    const struct option *known = long_options;

    while (known->name != NULL && known->val != option)
        known++;
    return known->name;
}

static int set_passphrase(struct sign_options *o, char *argument)
{
    if (o->keys.passphrase.is_given)
        return usage_error(o->tool, "--key_pwd is given twice");
    return passphrase_take(&o->keys.passphrase, argument)
               ? EXIT_DONE
               : usage_error(o->tool, "--key_pwd: the passphrase is too long");
}

/* What is on once it is given. NULL: another option. */
static bool *flag_of(struct sign_options *o, int option)
{
    switch (option) {
    case OPT_ANY_MACHINE:
        return &o->any_machine;
    case 'n':
        return &o->dry_run;
    case OPT_NO_SYNC:
        return &o->no_sync;
    case OPT_RANDOM_NONCE:
        return &o->random_nonce;
    case OPT_DIGEST:
        return &o->digest;
    case OPT_DER:
        return &o->der;
    case OPT_STRIP:
        return &o->strip;
    case OPT_LOADABLE_ONLY:
        return &o->loadable_only;
    case OPT_ENC_PAD:
        return &o->enc_pad;
    case OPT_ENC_DETERMINISTIC:
        return &o->enc_deterministic;
    case OPT_FAIL_FAST:
        return &o->fail_fast;
    case OPT_IF_CHANGED:
        return &o->if_changed;
    case 'v':
        return &o->verbose;
    case 'q':
        return &o->quiet;
    default:
        return NULL;
    }
}

static int take_other(struct sign_options *o, int option)
{
    switch (option) {
    case OPT_PUBLIC_KEY:
        return set_once(o->tool, &o->public_key, "--public-key", key_name(optarg));
    case OPT_TBS:
        return set_once(o->tool, &o->tbs, "--tbs", optarg);
    case OPT_SIGNER:
        return set_once(o->tool, &o->signer, "--signer", optarg);
    case OPT_SIGNER_TIMEOUT:
        return set_timeout(o, optarg);
    case OPT_PREFLIGHT:
        return set_preflight(o, optarg);
    case OPT_ATTACH:
        return set_signature(o, SIGN_ATTACH, "--attach");
    case OPT_REPLACE_SIGNATURE:
        return set_signature(o, SIGN_REPLACE, "--replace-signature");
    case OPT_RESIGN:
        return set_mode(o, SIGN_AGAIN, "--resign");
    case OPT_EXTRACT_SIGNATURE:
        return set_mode(o, SIGN_EXTRACT, "--extract-signature");
    case OPT_MANIFEST:
        return set_once(o->tool, &o->manifest, "--manifest", optarg);
    case OPT_JOBS:
        return set_jobs(o, optarg);
    case OPT_REPORT:
        return set_once(o->tool, &o->report, "--report", optarg);
    case OPT_SARIF:
        return set_once(o->tool, &o->sarif, "--sarif", optarg);
    case OPT_DEPFILE:
        return set_once(o->tool, &o->depfile, "--depfile", optarg);
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct sign_options *o = ctx;
    bool *flag = flag_of(o, option);
    int status;

    if (!goes_with_manifest(option))
        o->not_for_manifest = name_of(option);
    if (key_options_take(&o->keys, option, o->tool, &status) ||
        board_options_take(&o->board_options, option, o->tool, &status))
        return status;
    if (flag != NULL) {
        *flag = true;
        return EXIT_DONE;
    }
    switch (option) {
    case 'k':
        return set_once(o->tool, &o->key, "--key", key_name(optarg));
    case 'o':
        return set_once(o->tool, &o->out, "--out", optarg);
    case OPT_KEY_PWD:
        return set_passphrase(o, optarg);
    case OPT_KEY_TYPE:
        return set_once(o->tool, &o->key_type, "--key_type", optarg);
    case OPT_KEY_INFO:
        return set_once(o->tool, &o->key_info, "--key_info", optarg);
    case OPT_IN:
        return words_add(&o->inputs, optarg, o->tool);
    case OPT_PLAT_TLV:
        return add_plat_tlv(o, PLAT_TLV_VALUE, argc, argv);
    case OPT_PLAT_TLV_FILE:
        return add_plat_tlv(o, PLAT_TLV_FILE, argc, argv);
    case OPT_PLAT_TLV_HEX:
        return add_plat_tlv(o, PLAT_TLV_HEX, argc, argv);
    case OPT_LAYOUT:
        return set_layout(o, optarg);
    case OPT_ENC_KEY:
        return set_once(o->tool, &o->enc_key, "--enc_key", optarg);
    default:
        return take_other(o, option);
    }
}

static const struct command_line command_line = {
    .help = &help_sign,
    .short_options = ":k:o:nvqhV",
    .long_options = long_options,
    .take = take_option,
};

const char *sign_key(const struct sign_options *o)
{
    return o->key != NULL ? o->key : o->public_key;
}

/* ---- All of it ---- */

int sign_options_parse(struct sign_options *o, int argc, char **argv, bool *finished)
{
    int status;

    o->signer_timeout = RPROCFW_PROGRAM_TIMEOUT_DEFAULT;
    if (argc > 1 && strcmp(argv[1], "sign") == 0)
        optind = 2;
    status = parse_command_line(&command_line, o->tool, o, &o->operands, argc, argv, finished);
    if (status != EXIT_DONE || *finished)
        return status;
    return sign_check(o);
}

void sign_options_free(struct sign_options *o)
{
    key_options_wipe(&o->keys, o->argv);
    key_options_close(&o->keys);
    rprocfw_board_free(o->board);
    plat_tlvs_free(&o->plat_tlvs);
    words_free(&o->inputs);
    words_free(&o->operands);
    words_free(&o->kept);
    free(o->made);
    free(o->tbs_signature);
    free(o->tbs_out);
}
