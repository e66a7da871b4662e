/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign: ELF files and a key in, a container out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "key_options.h"
#include "options.h"
#include "plat_tlv.h"
#include "whole.h"

#define KEY_INFO_LIMIT ((size_t)1024 * 1024)

static const char help[] =
    "Usage: rproc-sign --key KEY [options] IN.elf... OUT\n"
    "       rproc-sign --key KEY [options] --in IN.elf [--in IN.elf]... --out OUT\n"
    "\n"
    "Sign ELF firmware for a remote processor into a container that OP-TEE's remoteproc\n"
    "TA loads. With one IN.elf and no OUT, OUT is IN.elf.sig; OUT - is standard output.\n"
    "\n"
    "  -k, --key KEY               private key: RSA 2048 to 4096 or EC P-256; PEM, DER, PKCS#12,\n"
    "                              or a URI: pkcs11:..., handle:...\n"
    "      --passphrase SOURCE     env:VAR, file:PATH, fd:N, stdin or prompt; of a PIN, too\n"
    "      --provider NAME[:PATH]  provider of OpenSSL that opens the key, tpm2 for example\n"
    "      --propquery QUERY       which algorithms of the providers are used\n"
    "      --engine NAME           engine of OpenSSL that opens pkcs11: keys: pkcs11\n"
    "      --key_pwd PASSPHRASE    the same, but everybody on the machine can read it\n"
    "      --key_type RSA|ECC      confirm the kind of the key\n"
    "      --key_info spki|FILE    put the key, or the bytes of FILE, into the TLV PKEYINFO\n"
    "      --in IN.elf             an image; may be given several times\n"
    "  -o, --out OUT               the container\n"
    "      --plat-tlv ID VALUE     platform TLV: 0x... is a 32-bit number, all else text;\n"
    "                              ID is a number, BOOTADDR or BOOTSEC; BOOTADDR auto takes\n"
    "                              the address of .isr_vectors\n"
    "      --plat-tlv-file ID FILE platform TLV with the bytes of FILE\n"
    "      --plat-tlv-hex ID HEX   platform TLV with these bytes\n"
    "      --layout optee|st       order of the TLVs: OP-TEE's (default) or ST's\n"
    "      --any-machine           accept ELF files that are not for ARM\n"
    "      --random-nonce          ECDSA: a signature that is another one each time\n"
    "      --no-sync               do not wait until OUT is on the disk\n"
    "  -n, --dry-run               do all but the writing\n"
    "  -v, --verbose               say each step\n"
    "  -q, --quiet                 say errors only\n"
    "  -h, --help                  this text\n"
    "  -V, --version               version of the program and its libraries\n"
    "\n"
    "Exit status: 0 signed; 1 an input was judged and refused; 2 it could not be done.\n"
    "Example: rproc-sign --key k.pem firmware.elf firmware.sig\n";

/* The command line. */
struct options {
    const char *tool;
    struct words inputs;
    struct words operands;
    struct words kept; /* files that options read: the output must be none of them */
    const char *out;
    const char *key;
    const char *key_type;
    const char *key_info;
    struct key_options keys;
    char **argv;
    struct plat_tlvs plat_tlvs;
    enum rprocfw_layout_order order;
    bool any_machine;
    bool dry_run;
    bool no_sync;
    bool random_nonce;
    bool verbose;
    bool quiet;
};

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct options *o = ctx;

    if (level == RPROCFW_LOG_WARNING && !o->quiet)
        complain(o->tool, "warning: %s", message);
    else if (level == RPROCFW_LOG_STEP && o->verbose)
        complain(o->tool, "%s", message);
}

/* ---- The command line ---- */

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
    OPT_ENC_KEY
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
    {"enc_key", required_argument, NULL, OPT_ENC_KEY},
    {"enc-key", required_argument, NULL, OPT_ENC_KEY},
    {"no-sync", no_argument, NULL, OPT_NO_SYNC},
    {"no_sync", no_argument, NULL, OPT_NO_SYNC},
    {"random-nonce", no_argument, NULL, OPT_RANDOM_NONCE},
    {"random_nonce", no_argument, NULL, OPT_RANDOM_NONCE},
    {"dry-run", no_argument, NULL, 'n'},
    {"dry_run", no_argument, NULL, 'n'},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    KEY_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

static int add_plat_tlv(struct options *o, enum plat_tlv_form form, int argc, char **argv)
{
    const struct rprocfw_log log = {.write = write_log, .ctx = o};
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

static int set_layout(struct options *o, const char *name)
{
    if (strcmp(name, "optee") == 0)
        o->order = RPROCFW_ORDER_OPTEE;
    else if (strcmp(name, "st") == 0)
        o->order = RPROCFW_ORDER_ST;
    else
        return usage_error(o->tool, "--layout %s: expected optee or st", name);
    return EXIT_DONE;
}

static int set_passphrase(struct options *o, char *argument)
{
    if (o->keys.passphrase.is_given)
        return usage_error(o->tool, "--key_pwd is given twice");
    return passphrase_take(&o->keys.passphrase, argument)
               ? EXIT_DONE
               : usage_error(o->tool, "--key_pwd: the passphrase is too long");
}

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct options *o = ctx;
    int status;

    if (key_options_take(&o->keys, option, o->tool, &status))
        return status;
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
        return usage_error(o->tool, "--enc_key: this version does not encrypt");
    case OPT_ANY_MACHINE:
        o->any_machine = true;
        return EXIT_DONE;
    case 'n':
        o->dry_run = true;
        return EXIT_DONE;
    case OPT_NO_SYNC:
        o->no_sync = true;
        return EXIT_DONE;
    case OPT_RANDOM_NONCE:
        o->random_nonce = true;
        return EXIT_DONE;
    case 'v':
        o->verbose = true;
        return EXIT_DONE;
    case 'q':
        o->quiet = true;
        return EXIT_DONE;
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static const struct command_line command_line = {
    .help = help,
    .short_options = ":k:o:nvqhV",
    .long_options = long_options,
    .take = take_option,
};

/* ---- Inputs and output ---- */

/* False, with errno: it cannot be read. */
static bool look_for_elf(const char *path, bool *is)
{
    static const char magic[4] = {0x7F, 'E', 'L', 'F'};
    char start[4];
    FILE *file = fopen(path, "rbe");
    bool read;
    int reason;

    if (file == NULL)
        return false;
    *is = fread(start, 1, sizeof(start), file) == sizeof(start) &&
          memcmp(start, magic, sizeof(magic)) == 0;
    read = ferror(file) == 0;
    reason = errno;
    (void)fclose(file);
    errno = reason;
    return read;
}

/* An output that is there and was not named with --out may be an ELF file by mistake. */
static int check_out(const struct options *o)
{
    struct stat info;
    bool is_elf = false;

    /* regular files only: to open a FIFO would wait for its other end */
    if (strcmp(o->out, "-") == 0 || stat(o->out, &info) != 0 || !S_ISREG(info.st_mode))
        return EXIT_DONE;
    if (!look_for_elf(o->out, &is_elf)) {
        complain(o->tool,
                 "%s: stands where the output belongs, and cannot be read to see whether it is an "
                 "ELF file: %s; name the output with --out",
                 o->out, strerror(errno));
        return EXIT_FAILED;
    }
    if (is_elf)
        return usage_error(o->tool,
                           "%s: stands where the output belongs, but is an ELF file; name the "
                           "output with --out",
                           o->out);
    return EXIT_DONE;
}

/* Tell operands into inputs and output. *made is to be freed. */
static int set_files(struct options *o, char **made)
{
    const bool last_is_out =
        o->out == NULL && o->operands.count > 0 && o->inputs.count + o->operands.count > 1;
    const size_t inputs = o->operands.count - (last_is_out ? 1 : 0);

    for (size_t i = 0; i < inputs; i++)
        if (words_add(&o->inputs, o->operands.word[i], o->tool) != EXIT_DONE)
            return EXIT_FAILED;
    if (o->inputs.count == 0)
        return usage_error(o->tool, "no ELF file to sign");
    if (last_is_out) {
        o->out = o->operands.word[inputs];
        if (check_out(o) != EXIT_DONE)
            return EXIT_FAILED;
    }
    if (o->out != NULL && o->out[0] == '\0')
        return usage_error(o->tool, "the name of the output is empty");
    if (o->out == NULL && o->inputs.count > 1)
        return usage_error(o->tool, "%zu ELF files and no output; name it with --out",
                           o->inputs.count);
    if (o->out == NULL) {
        if (asprintf(made, "%s.sig", o->inputs.word[0]) < 0) {
            *made = NULL;
            return no_memory(o->tool);
        }
        o->out = *made;
    }
    if (strcmp(o->out, "-") == 0 && !o->dry_run && isatty(STDOUT_FILENO))
        return usage_error(o->tool, "standard output is a terminal; a container is no text");
    return EXIT_DONE;
}

/* ---- Key ---- */

static int check_key_type(const struct options *o, const struct rprocfw_key *key)
{
    const bool rsa = rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA;

    if (o->key_type == NULL || strcmp(o->key_type, rsa ? "RSA" : "ECC") == 0)
        return EXIT_DONE;
    complain(o->tool,
             "--key_type %s, but %s is an %s key; leave --key_type out, or name the other "
             "key",
             o->key_type, rprocfw_key_path(key), rprocfw_key_kind(key));
    return EXIT_FAILED;
}

static int load_key(struct options *o, struct rprocfw_key **key)
{
    struct rprocfw_key_access access;
    struct rprocfw_error error;
    int status;

    if (o->keys.passphrase.is_given && !o->quiet)
        complain(o->tool, "warning: --key_pwd: the command line is public, every process of this "
                          "machine can read the passphrase; use --passphrase");
    if (!o->quiet)
        key_options_warn(o->argv, o->tool);
    status = key_options_open(&o->keys, &access, o->tool);
    if (status != EXIT_DONE)
        return status;
    if (rprocfw_key_load(key, o->key, RPROCFW_KEY_SIGN, &access, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return check_key_type(o, *key);
}

static int check_options(const struct options *o)
{
    if (o->key == NULL)
        return usage_error(o->tool, "no key; give the private key with --key");
    if (o->keys.passphrase.is_given && o->keys.passphrase.source != NULL)
        return usage_error(o->tool, "--key_pwd and --passphrase exclude each other");
    if (o->key_type != NULL && strcmp(o->key_type, "RSA") != 0 && strcmp(o->key_type, "ECC") != 0)
        return usage_error(o->tool, "--key_type %s: expected RSA or ECC", o->key_type);
    return EXIT_DONE;
}

static int check_files(const struct options *o)
{
    const bool to_stdout = strcmp(o->out, "-") == 0 && !o->dry_run;
    int status =
        read_apart(o->inputs.word, o->inputs.count, &o->keys.passphrase, to_stdout, o->tool);

    if (status == EXIT_DONE)
        status = read_apart(&o->key, 1, &o->keys.passphrase, to_stdout, o->tool);
    if (status == EXIT_DONE)
        status = read_apart(o->kept.word, o->kept.count, &o->keys.passphrase, to_stdout, o->tool);
    return status;
}

/* ---- The work ---- */

/* Under the script's name the script's users are served: they may want what we refuse. */
static bool is_script_name(const char *tool)
{
    return strcmp(tool, "sign_rproc_fw") == 0 || strcmp(tool, "sign_rproc_fw.py") == 0;
}

static int sign_with(struct options *o, const struct rprocfw_key *key, const uint8_t *key_info,
                     size_t key_info_size)
{
    const bool to_stdout = strcmp(o->out, "-") == 0;
    const struct rprocfw_sign_job job = {
        .inputs = o->inputs.word,
        .input_count = o->inputs.count,
        .output = to_stdout ? NULL : o->out,
        .output_fd = STDOUT_FILENO,
        .dry_run = o->dry_run,
        .no_sync = o->no_sync,
        .nonce = o->random_nonce ? RPROCFW_NONCE_RANDOM : RPROCFW_NONCE_DERIVED,
        .key = key,
        .order = o->order,
        .pkeyinfo = key_info,
        .pkeyinfo_size = key_info_size,
        .plat_tlvs = o->plat_tlvs.tlv,
        .plat_tlv_count = o->plat_tlvs.count,
        .keep = o->kept.word,
        .keep_count = o->kept.count,
        .any_machine = o->any_machine,
        .only_warn = is_script_name(o->tool),
        .log = {.write = write_log, .ctx = o},
    };
    struct rprocfw_error error;

    if (rprocfw_sign(&job, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return to_stdout ? finish_stdout(o->tool, EXIT_DONE) : EXIT_DONE;
}

/* Is PKEYINFO to be made of the key? The script knows files only. */
static bool key_info_is_key(const struct options *o)
{
    return o->key_info != NULL && strcmp(o->key_info, "spki") == 0 && !is_script_name(o->tool);
}

static int sign_with_key_info(struct options *o, const struct rprocfw_key *key)
{
    uint8_t info[RPROCFW_PKEYINFO_RSA];
    struct rprocfw_error error;
    size_t size;

    if (rprocfw_key_pkeyinfo(key, info, &size, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return sign_with(o, key, info, size);
}

static int run(struct options *o)
{
    const bool made_of_key = key_info_is_key(o);
    struct rprocfw_key *key = NULL;
    uint8_t *key_info = NULL;
    size_t key_info_size = 0;
    struct rprocfw_error error;
    char *made = NULL;
    int status = check_options(o);

    if (status == EXIT_DONE)
        status = set_files(o, &made);
    if (status == EXIT_DONE && o->key_info != NULL && !made_of_key)
        status = words_add(&o->kept, o->key_info, o->tool);
    if (status == EXIT_DONE)
        status = check_files(o);
    if (status == EXIT_DONE && passphrase_file(&o->keys.passphrase) != NULL)
        status = words_add(&o->kept, passphrase_file(&o->keys.passphrase), o->tool);
    if (status == EXIT_DONE && o->key_info != NULL && !made_of_key &&
        read_whole(o->key_info, KEY_INFO_LIMIT, &key_info, &key_info_size, &error) != RPROCFW_OK)
        status = fail(o->tool, &error);
    if (status == EXIT_DONE)
        status = load_key(o, &key);
    key_options_wipe(&o->keys, o->argv);
    if (status == EXIT_DONE)
        status =
            made_of_key ? sign_with_key_info(o, key) : sign_with(o, key, key_info, key_info_size);
    rprocfw_key_free(key);
    free(key_info);
    free(made);
    return status;
}

int main(int argc, char **argv)
{
    struct options o = {.tool = start_tool("rproc-sign", argv), .argv = argv};
    bool finished;
    int status;

    if (o.tool == NULL)
        return EXIT_FAILED;
    if (argc > 1 && strcmp(argv[1], "sign") == 0)
        optind = 2;
    status = parse_command_line(&command_line, o.tool, &o, &o.operands, argc, argv, &finished);
    if (status == EXIT_DONE && !finished)
        status = run(&o);
    key_options_wipe(&o.keys, argv);
    key_options_close(&o.keys);
    plat_tlvs_free(&o.plat_tlvs);
    words_free(&o.inputs);
    words_free(&o.operands);
    words_free(&o.kept);
    return status;
}
