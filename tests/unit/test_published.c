/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The published test keys are known by the SHA-256 of their SPKI DER. Their private halves are not
 * in this tree, so the look-up is tested by fingerprint.
 */
#include <string.h>

#include <check.h>
#include <openssl/crypto.h>

#include "../../src/host/host.h"
#include "suite.h"

static const char *where(const char *hex)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];
    size_t size = 0;

    ck_assert_int_eq(OPENSSL_hexstr2buf_ex(digest, sizeof(digest), &size, hex, '\0'), 1);
    ck_assert_uint_eq(size, sizeof(digest));
    return rprocfw_published(digest);
}

START_TEST(the_three_published_keys_are_known)
{
    ck_assert_ptr_nonnull(
        where("cac7bcfaf8674a57e5eaa8ef1a7c9b67af1fd5562a06440d88d5e3c632e88c48"));
    ck_assert_ptr_nonnull(
        where("3a21983aeeda3a503f4d3de2ff6fedbaa8b4389ab6ef7261cbdb1de85434fcc3"));
    ck_assert_ptr_nonnull(
        where("32714bd60107c0be6b0a53346bdb96844b9f036f108184a887db93cc411518b6"));
}
END_TEST

START_TEST(another_key_is_not_taken_for_one_of_them)
{
    ck_assert_ptr_null(where("32714bd60107c0be6b0a53346bdb96844b9f036f108184a887db93cc411518b7"));
    ck_assert_ptr_null(where("2eaa23aeec0f425e72d5b204e79042b6e1ad247fc4a24ab74c7557173a0363b6"));
}
END_TEST

int main(void)
{
    RUN_TESTS("published", the_three_published_keys_are_known,
              another_key_is_not_taken_for_one_of_them);
}
