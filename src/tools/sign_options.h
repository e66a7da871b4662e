/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of rproc-sign. */
#ifndef RPROCFW_TOOLS_SIGN_OPTIONS_H
#define RPROCFW_TOOLS_SIGN_OPTIONS_H

#include <rprocfw/sign.h>

#include "board_options.h"
#include "key_options.h"
#include "options.h"
#include "plat_tlv.h"

/* What is to be done, and the option that says so. */
enum sign_mode {
    SIGN_ELF,     /* ELF files into a container; no option */
    SIGN_AGAIN,   /* --resign */
    SIGN_ATTACH,  /* --attach */
    SIGN_REPLACE, /* --replace-signature */
    SIGN_EXTRACT  /* --extract-signature */
};

struct sign_options {
    const char *tool;
    enum sign_mode mode;
    const char *mode_option; /* NULL: none was given */
    struct words inputs;
    struct words operands;
    struct words kept; /* files that options read: the output must be none of them */
    const char *out;
    const char *key;
    const char *public_key;
    const char *key_type;
    const char *key_info;
    struct key_options keys;
    char **argv;
    struct plat_tlvs plat_tlvs;
    enum rprocfw_layout_order order;
    const char *layout; /* what order was given as; NULL: it was not */
    bool strip;
    bool loadable_only;
    const char *enc_key;
    bool enc_pad;
    bool enc_deterministic;
    struct board_options board_options;
    struct rprocfw_board *board; /* NULL: none is given */
    enum rprocfw_preflight preflight;
    bool has_preflight; /* it was given */
    const char *tbs;
    const char *signature; /* to be attached */
    const char *signer;
    const char *manifest;
    const char *not_for_manifest; /* the name of an option; NULL: none was given */
    const char *depfile;
    const char *report;
    const char *sarif;
    unsigned jobs; /* 0: it was not given */
    bool fail_fast;
    bool if_changed;
    unsigned signer_timeout; /* seconds; 0: no limit */
    bool has_signer_timeout;
    bool digest;
    bool der;
    bool any_machine;
    bool dry_run;
    bool no_sync;
    bool random_nonce;
    bool verbose;
    bool quiet;
    /* names that were made of others */
    char *made;          /* the output's */
    char *tbs_signature; /* where the signature of tbs is to be written */
    char *tbs_out;       /* and the container that has it */
};

/*
 * From argv to what is to be done: EXIT_DONE, or EXIT_FAILED after a message. *finished as with
 * parse_command_line. sign_options_free in any case.
 */
int sign_options_parse(struct sign_options *o, int argc, char **argv, bool *finished);
void sign_options_free(struct sign_options *o);

/* Which options exclude each other, and which need others; what files are called. Exit status. */
int sign_check(struct sign_options *o);

/* Warnings and steps, as -q and -v want them. */
struct rprocfw_log sign_log(struct sign_options *o);

/* A container that there is is changed, or read. */
bool sign_of_container(const struct sign_options *o);

/* Which words are inputs, and what the output is called: EXIT_DONE, or EXIT_FAILED after a message.
 */
int sign_set_files(struct sign_options *o);

/* Does the output go to standard output? */
bool sign_to_stdout(const struct sign_options *o);

/* The key that signs, or whose signature it is. */
const char *sign_key(const struct sign_options *o);

#endif
