/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of rproc-sign: options, and what they exclude. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "sign_options.h"

#define SIGNER_TIMEOUT 60u /* seconds: time to type a PIN */

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
    OPT_PREFLIGHT
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
        return error.status == RPROCFW_ERR_USAGE ? usage_error(o->tool, "%s", error.text)
                                                 : fail(o->tool, &error);
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
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct sign_options *o = ctx;
    bool *flag = flag_of(o, option);
    int status;

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

/* ---- What excludes what ---- */

static int check_key(const struct sign_options *o)
{
    if (o->key != NULL && o->public_key != NULL)
        return usage_error(o->tool, "--key and --public-key exclude each other");
    if (o->key_type != NULL && strcmp(o->key_type, "RSA") != 0 && strcmp(o->key_type, "ECC") != 0)
        return usage_error(o->tool, "--key_type %s: expected RSA or ECC", o->key_type);
    if (o->key_type != NULL && sign_key(o) == NULL)
        return usage_error(o->tool, "--key_type %s: no key; give it with %s", o->key_type,
                           o->mode == SIGN_ELF || o->mode == SIGN_AGAIN ? "--key" : "--public-key");
    if (o->keys.passphrase.is_given && o->keys.passphrase.source != NULL)
        return usage_error(o->tool, "--key_pwd and --passphrase exclude each other");
    if (o->mode == SIGN_ATTACH || o->mode == SIGN_REPLACE)
        return o->public_key != NULL
                   ? EXIT_DONE
                   : usage_error(o->tool,
                                 "%s: no public key to verify the signature with; give it with "
                                 "--public-key",
                                 o->mode_option);
    if (o->mode == SIGN_EXTRACT)
        return o->key == NULL ? EXIT_DONE
                              : usage_error(o->tool, "--extract-signature does not sign: without "
                                                     "--key; --public-key verifies");
    if (o->tbs != NULL || o->signer != NULL)
        return o->public_key != NULL
                   ? EXIT_DONE
                   : usage_error(o->tool, "%s: no public key; give it with --public-key",
                                 o->tbs != NULL ? "--tbs" : "--signer");
    if (o->public_key != NULL)
        return usage_error(o->tool, "--public-key does not sign; say with --signer or --tbs who "
                                    "does, or give the private key with --key");
    return o->key != NULL ? EXIT_DONE
                          : usage_error(o->tool, "no key; give the private key with --key");
}

/* Who signs, and how. */
static int check_signing(const struct sign_options *o)
{
    const bool signs = o->mode == SIGN_ELF || o->mode == SIGN_AGAIN;

    if (o->tbs != NULL && o->signer != NULL)
        return usage_error(o->tool, "--tbs and --signer exclude each other");
    if (!signs && (o->tbs != NULL || o->signer != NULL))
        return usage_error(o->tool, "%s and %s exclude each other", o->mode_option,
                           o->tbs != NULL ? "--tbs" : "--signer");
    if (o->digest && o->tbs == NULL && o->signer == NULL)
        return usage_error(o->tool, "--digest belongs to --tbs or --signer");
    if (o->has_signer_timeout && o->signer == NULL)
        return usage_error(o->tool, "--signer-timeout belongs to --signer");
    if (o->random_nonce && o->key == NULL)
        return usage_error(o->tool, "--random-nonce belongs to --key: who signs elsewhere decides");
    if (o->der && o->mode != SIGN_EXTRACT)
        return usage_error(o->tool, "--der belongs to --extract-signature");
    return EXIT_DONE;
}

/* Boards are asked where something is signed; what would not run is told of one board only. */
static int check_boards(const struct sign_options *o)
{
    const char *board = o->board_options.source.name;

    if (o->mode == SIGN_EXTRACT && (board != NULL || o->has_preflight))
        return usage_error(o->tool,
                           "--extract-signature does not sign, and asks no board: without %s",
                           board != NULL ? "--board" : "--preflight");
    if (o->preflight == RPROCFW_PREFLIGHT_STRICT && board == NULL)
        return usage_error(o->tool, "--preflight=strict needs a board; name it with --board");
    return board_options_check(&o->board_options, o->tool);
}

/* Of a container that there is, TLVs stay. */
static int check_tlvs(const struct sign_options *o)
{
    if (!sign_of_container(o))
        return EXIT_DONE;
    if (o->plat_tlvs.count > 0)
        return usage_error(o->tool, "%s: platform TLVs stay as they are; sign the ELF files again",
                           o->mode_option);
    if (o->layout != NULL)
        return usage_error(o->tool, "%s: the order of the TLVs stays; without --layout",
                           o->mode_option);
    if (o->key_info != NULL && o->mode != SIGN_AGAIN)
        return usage_error(o->tool, "%s: PKEYINFO stays as it is; without --key_info",
                           o->mode_option);
    return EXIT_DONE;
}

/* Of a container that there is, images stay. */
static int check_images(const struct sign_options *o)
{
    if (!sign_of_container(o) || (!o->strip && !o->loadable_only))
        return EXIT_DONE;
    return usage_error(o->tool, "%s: images stay as they are; without %s", o->mode_option,
                       o->strip ? "--strip" : "--loadable-only");
}

/* What is encrypted is ST's, and is so when it is signed first. */
static int check_encryption(struct sign_options *o)
{
    if (o->enc_key == NULL && (o->enc_pad || o->enc_deterministic))
        return usage_error(o->tool, "--enc-%s without --enc_key: nothing is encrypted",
                           o->enc_pad ? "pad" : "deterministic");
    if (o->enc_key == NULL)
        return EXIT_DONE;
    if (sign_of_container(o))
        return usage_error(o->tool, "%s: images stay as they are; without --enc_key",
                           o->mode_option);
    if (o->layout != NULL && o->order != RPROCFW_ORDER_ST)
        return usage_error(o->tool, "--enc_key and --layout optee exclude each other: encrypted "
                                    "images are known in ST's layout only");
    o->order = RPROCFW_ORDER_ST;
    return EXIT_DONE;
}

/* ---- All of it ---- */

int sign_options_parse(struct sign_options *o, int argc, char **argv, bool *finished)
{
    int status;

    o->signer_timeout = SIGNER_TIMEOUT;
    if (argc > 1 && strcmp(argv[1], "sign") == 0)
        optind = 2;
    status = parse_command_line(&command_line, o->tool, o, &o->operands, argc, argv, finished);
    if (status != EXIT_DONE || *finished)
        return status;
    status = check_signing(o);
    if (status == EXIT_DONE)
        status = check_boards(o);
    if (status == EXIT_DONE)
        status = check_key(o);
    if (status == EXIT_DONE)
        status = check_tlvs(o);
    if (status == EXIT_DONE)
        status = check_images(o);
    if (status == EXIT_DONE)
        status = check_encryption(o);
    return status == EXIT_DONE ? sign_set_files(o) : status;
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
