/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of keys: which are paths and which URIs, and what those of PKCS#11 say. */
#include <stdio.h>
#include <string.h>

#include "../../src/host/host.h"
#include "suite.h"

START_TEST(a_name_with_a_scheme_is_a_uri_and_every_other_a_path)
{
    static const char *const paths[] = {
        "",      "key.pem",        "./pkcs11:key", "/a/b:c", "k:ey",        "1ab:c",
        "+ab:c", ":key",           "a b:c",        "a_b:c",  "-",           "a/:b",
        "a:",    "\xc3\xa4\x62:c", "ab",           "pkcs11", "folder/ab:c", "ab%3ac",
    };
    static const char *const uris[] = {
        "pkcs11:", "handle:0x81000001", "ab:", "A1+-.:x", "files:a", "fil:a"};
    static const char *const files[][2] = {
        {"file:key.pem", "key.pem"},
        {"FILE:/a/b", "/a/b"},
        {"file:///a/b", "/a/b"},
        {"file://localhost/a/b", "/a/b"},
        {"file://host/a/b", "//host/a/b"},
        {"file:a%20b", "a%20b"},
        {"file:", ""},
    };

    for (size_t i = 0; i < COUNT(paths); i++)
        ck_assert_ptr_eq(rprocfw_key_file(paths[i]), paths[i]);
    for (size_t i = 0; i < COUNT(uris); i++)
        ck_assert_msg(rprocfw_key_file(uris[i]) == NULL, "%s", uris[i]);
    for (size_t i = 0; i < COUNT(files); i++)
        ck_assert_str_eq(rprocfw_key_file(files[i][0]), files[i][1]);
}
END_TEST

/* NULL, or the same text. */
static void require_text(const char *got, const char *expected, const char *uri)
{
    require(expected == NULL ? got == NULL : got != NULL && strcmp(got, expected) == 0,
            "%s: %s, expected %s", uri, got != NULL ? got : "NULL",
            expected != NULL ? expected : "NULL");
}

START_TEST(the_pin_is_taken_out_and_the_attributes_are_decoded)
{
    static const struct {
        const char *uri;
        struct rprocfw_uri expected;
    } cases[] = {
        {"pkcs11:token=a%20b;object=%C3%A4",
         {.name = "pkcs11:token=a%20b;object=%C3%A4", .token = "a b", .object = "\xc3\xa4"}},
        {"pkcs11:object=k?pin-value=12%3b34",
         {.name = "pkcs11:object=k", .object = "k", .pin = "12;34"}},
        {"pkcs11:pin-value=1;object=k", {.name = "pkcs11:object=k", .object = "k", .pin = "1"}},
        {"pkcs11:object=k;pin-value=1;id=%01",
         {.name = "pkcs11:object=k;id=%01", .object = "k", .pin = "1"}},
        {"pkcs11:object=k?pin-source=file:/a;b&module-path=/m.so&x=y",
         {.name = "pkcs11:object=k?module-path=/m.so&x=y",
          .object = "k",
          .module = "/m.so",
          .pin_source = "file:/a;b"}},
        {"pkcs11:?module-path=/m&pin-value=1",
         {.name = "pkcs11:?module-path=/m", .module = "/m", .pin = "1"}},
        {"pkcs11:object=a&b?pin-value=a?b=c",
         {.name = "pkcs11:object=a&b", .object = "a&b", .pin = "a?b=c"}},
        {"PKCS11:token=;pin-value=", {.name = "PKCS11:token=", .token = "", .pin = ""}},
        {"pkcs11:;;a=b;;?&c&", {.name = "pkcs11:a=b?c"}},
        {"pkcs11:object=k&pin-value=1", {.name = "pkcs11:object=k", .object = "k", .pin = "1"}},
        {"pkcs11:object=k?a=b;pin-source=f",
         {.name = "pkcs11:object=k?a=b", .object = "k", .pin_source = "f"}},
        {"pkcs11:", {.name = "pkcs11:"}},
        {"pkcs11:object=my-pin;token=PIN?module-name=pin",
         {.name = "pkcs11:object=my-pin;token=PIN?module-name=pin",
          .token = "PIN",
          .object = "my-pin"}},
        {"handle:0x81?pin-value=1%", {.name = "handle:0x81?pin-value=1%"}},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct rprocfw_uri *expected = &cases[i].expected;
        struct rprocfw_uri uri;
        struct rprocfw_error error;

        ck_assert_int_eq(rprocfw_uri_parse(&uri, cases[i].uri, &error), RPROCFW_OK);
        require_text(uri.name, expected->name, cases[i].uri);
        require_text(uri.token, expected->token, cases[i].uri);
        require_text(uri.object, expected->object, cases[i].uri);
        require_text(uri.module, expected->module, cases[i].uri);
        require_text(uri.pin, expected->pin, cases[i].uri);
        require_text(uri.pin_source, expected->pin_source, cases[i].uri);
        rprocfw_uri_free(&uri);
        ck_assert_ptr_null(uri.name);
    }
}
END_TEST

START_TEST(a_malformed_uri_is_refused_without_its_pin)
{
    static const char *const uris[] = {
        "pkcs11:token=%;pin-value=1234",
        "pkcs11:token=%1;pin-value=1234",
        "pkcs11:token=%1g;pin-value=1234",
        "pkcs11:token=%00;pin-value=1234",
        "pkcs11:pin-value=1234;token=a;token=b",
        "pkcs11:pin-value=1234;pin-value=1234",
        "pkcs11:object=k?pin-value=1234&pin-source=/a",
        "pkcs11:object=k?pin-value=1234%",
        "pkcs11:object=k?PIN-VALUE=1234",
        "pkcs11:object=k?pin_value=1234",
        "pkcs11:object=k?pin=1234",
        "pkcs11:object=k? pin-value=1234",
        "pkcs11:object=k?pin%2dvalue=1234",
        "pkcs11:object=k?pin-value:1234",
        "pkcs11:object=k?pin1234",
        "pkcs11:object=k?Pin-Source=/1234",
        "pkcs11:object=k?x=y?pin-value=1234",
        "pkcs11:object=k?module-path=/m?pin-value=1234",
        "PKCS11:object=k,pin-value=1234",
        "pkcs11:pin-valued=1234",
        "pkcs11:xpin-value=1234",
    };

    for (size_t i = 0; i < COUNT(uris); i++) {
        struct rprocfw_uri uri;
        struct rprocfw_error error;

        ck_assert_msg(rprocfw_uri_parse(&uri, uris[i], &error) == RPROCFW_ERR_KEY, "%s", uris[i]);
        ck_assert_ptr_null(uri.name);
        ck_assert_ptr_null(strstr(error.text, "1234"));
        ck_assert_ptr_nonnull(strstr(error.text, "RFC 7512"));
    }
}
END_TEST

START_TEST(a_passphrase_in_another_uri_is_refused_and_not_shown)
{
    static const char *const uris[] = {"handle:0x81?pass=1234", "handle:0x81?a&PASS=1234",
                                       "object:k?pass=1234?x"};
    static const char *const good[] = {"handle:0x81?pass", "handle:pass=1", "handle:0x81"};
    struct rprocfw_error error;
    struct rprocfw_uri uri;

    for (size_t i = 0; i < COUNT(uris); i++) {
        ck_assert_msg(rprocfw_uri_parse(&uri, uris[i], &error) == RPROCFW_ERR_KEY, "%s", uris[i]);
        ck_assert_ptr_null(strstr(error.text, "1234"));
        ck_assert_ptr_nonnull(strstr(error.text, ": a passphrase in the URI"));
    }
    for (size_t i = 0; i < COUNT(good); i++) {
        ck_assert_int_eq(rprocfw_uri_parse(&uri, good[i], &error), RPROCFW_OK);
        require_text(uri.name, good[i], good[i]);
        rprocfw_uri_free(&uri);
    }
}
END_TEST

int main(void)
{
    RUN_TESTS("uri", a_name_with_a_scheme_is_a_uri_and_every_other_a_path,
              the_pin_is_taken_out_and_the_attributes_are_decoded,
              a_malformed_uri_is_refused_without_its_pin,
              a_passphrase_in_another_uri_is_refused_and_not_shown);
}
