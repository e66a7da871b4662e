/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of rproc-sign: which options exclude each other, and which need others. */
#include <string.h>

#include "sign_options.h"

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

/* A manifest says all of it; here only how the work is done. */
static int check_manifest(const struct sign_options *o)
{
    if (o->not_for_manifest != NULL)
        return usage_error(o->tool, "--%s and --manifest exclude each other: the manifest says it",
                           o->not_for_manifest);
    return EXIT_DONE;
}

/* An option for what is made of ELF files and has a name; NULL: none was given. */
static const char *about_output(const struct sign_options *o)
{
    return o->if_changed        ? "--if-changed"
           : o->depfile != NULL ? "--depfile"
           : o->report != NULL  ? "--report"
           : o->sarif != NULL   ? "--sarif"
                                : NULL;
}

/* What is for several containers, or for outputs with a name. */
static int check_batch(const struct sign_options *o)
{
    const char *option = about_output(o);

    if (o->jobs != 0 || o->fail_fast)
        return usage_error(o->tool, "%s belongs to --manifest",
                           o->jobs != 0 ? "--jobs" : "--fail-fast");
    if (option == NULL)
        return EXIT_DONE;
    if (o->mode != SIGN_ELF || o->tbs != NULL)
        return usage_error(o->tool, "%s and %s exclude each other",
                           o->mode_option != NULL ? o->mode_option : "--tbs", option);
    if (sign_to_stdout(o))
        return usage_error(o->tool, "%s: name the output; standard output has no name", option);
    return EXIT_DONE;
}

/* They are files, and no part of what is printed. */
static int check_reports(const struct sign_options *o)
{
    const bool report = o->report != NULL && strcmp(o->report, "-") == 0;

    if (report || (o->sarif != NULL && strcmp(o->sarif, "-") == 0))
        return usage_error(o->tool, "%s -: expected the path of a file; a file of this name is ./-",
                           report ? "--report" : "--sarif");
    return EXIT_DONE;
}

int sign_check(struct sign_options *o)
{
    int status = check_reports(o);

    if (status == EXIT_DONE && o->manifest != NULL)
        return check_manifest(o);
    if (status == EXIT_DONE)
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
    if (status == EXIT_DONE)
        status = sign_set_files(o);
    return status == EXIT_DONE ? check_batch(o) : status;
}
