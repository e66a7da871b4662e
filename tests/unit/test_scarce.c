/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys of a folder while memory is scarce: whichever allocation of libcrypto fails, no key is left
 * out unless the caller is told. Without it a good signature would be taken for a wrong one.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <openssl/crypto.h>

#include "../../src/host/host.h"
#include "suite.h"

#define KEYS VECTORS "/keys/"
#define STEP 53u /* of so many allocations one is tried; each with RPROCFW_LONG */

/* Allocations until one fails; 0: none does. */
static unsigned long left;

static bool fails(void)
{
    return left > 0 && --left == 0;
}

static void *scarce_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : malloc(size);
}

static void *scarce_realloc(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : realloc(old, size);
}

static void give_back(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

static int passphrase(void *ctx, enum rprocfw_secret secret, const char *what, char *buffer,
                      size_t size, struct rprocfw_error *error)
{
    static const char word[] = "vector-passphrase";

    (void)ctx;
    (void)secret;
    (void)what;
    (void)size;
    (void)error;
    memcpy(buffer, word, sizeof(word) - 1);
    return (int)sizeof(word) - 1;
}

/* What comes of it, as the exit status of a process that does nothing else. */
enum outcome { ALL_KEYS, TOLD, UNTOLD, NONE_FAILED };

static enum outcome load(const char *folder, unsigned long failing)
{
    static const struct rprocfw_key_access access = {.passphrase = {.get = passphrase}};
    struct rprocfw_keys keys = {0};
    struct rprocfw_error error;
    enum rprocfw_status status;

    left = failing;
    status = rprocfw_keys_add(&keys, folder, &access, NULL, &error);
    if (left > 0)
        return NONE_FAILED;
    if (status == RPROCFW_OK && keys.unopened == NULL)
        return keys.count == 3 ? ALL_KEYS : UNTOLD;
    return status == RPROCFW_ERR_KEY ? UNTOLD : TOLD;
}

/* What libcrypto made of one failure stays: each in a process of its own. */
static enum outcome try_load(const char *folder, unsigned long failing)
{
    const pid_t child = fork();
    int how = 0;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL); /* a sanitizer would make it an exit status */
        _exit((int)load(folder, failing));
    }
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    /* libcrypto crashes of some of its own; tests/faults tells whose it was */
    return WIFEXITED(how) ? (enum outcome)WEXITSTATUS(how) : TOLD;
}

START_TEST(no_key_is_left_out_untold)
{
    static const char *const names[] = {"p256.spki.der", "rsa2048.encrypted.pem",
                                        "rsa3072.pub.pem"};
    char folder[] = "/tmp/scarce-XXXXXX";
    unsigned tries[] = {[ALL_KEYS] = 0, [TOLD] = 0, [UNTOLD] = 0, [NONE_FAILED] = 0};
    char path[2][256];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (unsigned i = 0; i < COUNT(names); i++) {
        (void)snprintf(path[0], sizeof(path[0]), KEYS "%s", names[i]);
        (void)snprintf(path[1], sizeof(path[1]), "%s/%s", folder, names[i]);
        ck_assert_int_eq(symlink(path[0], path[1]), 0);
    }
    for (unsigned long failing = 1u + (unsigned)_i; tries[NONE_FAILED] == 0; failing += STEP) {
        const enum outcome outcome = try_load(folder, failing);

        ck_assert_uint_lt(outcome, COUNT(tries)); /* what else is a sanitizer's finding */
        tries[outcome]++;
    }
    for (unsigned i = 0; i < COUNT(names); i++) {
        (void)snprintf(path[1], sizeof(path[1]), "%s/%s", folder, names[i]);
        (void)unlink(path[1]);
    }
    (void)rmdir(folder);
    ck_assert_uint_eq(tries[UNTOLD], 0);
    ck_assert_uint_gt(tries[ALL_KEYS], 100);
    ck_assert_uint_gt(tries[TOLD], 10);
}
END_TEST

int main(void)
{
    const TTest *const test = no_key_is_left_out_untold;
    const char *const all = getenv("RPROCFW_LONG");

    if (CRYPTO_set_mem_functions(scarce_malloc, scarce_realloc, give_back) != 1)
        return EXIT_FAILURE;
    return run_loop_tests("scarce", &test, 1, all != NULL && *all != '\0' ? STEP : 1);
}
