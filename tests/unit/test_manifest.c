/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests that are good: what each key comes to. */
#include <stdio.h>
#include <string.h>

#include "manifest.h"
#include "suite.h"

START_TEST(a_container_is_what_its_keys_say)
{
    static const char text[] = "containers:\n"
                               "  Cm4_1.x-y:\n"
                               "    inputs: [ns.elf, /abs/s.elf]\n"
                               "    output: out/cm4.sig\n"
                               "    public_key: keys/p.pub.pem\n"
                               "    passphrase: file:pass.txt\n"
                               "    providers: [tpm2, 'x:lib/x.so', y:/lib/y.so]\n"
                               "    propquery: '?provider=tpm2'\n"
                               "    engine: pkcs11\n"
                               "    key_type: ECC\n"
                               "    key_info: info.der\n"
                               "    layout: st\n"
                               "    signer: tools/sign --quick \"a b\"\n"
                               "    signer_timeout: 0\n"
                               "    digest: true\n"
                               "    enc_key: keys/aes.bin\n"
                               "    enc_pad: true\n"
                               "    enc_deterministic: true\n"
                               "    strip: true\n"
                               "    loadable_only: true\n"
                               "    any_machine: true\n"
                               "    board: boards/b.yaml\n"
                               "    rproc_node: /soc/m4\n"
                               "    linux_dtb: linux.dtb\n"
                               "    preflight: strict\n";
    struct rprocfw_manifest *m = take_manifest("dir/m.yaml", text);
    const struct rprocfw_manifest_container *c = m->container;

    ck_assert_uint_eq(m->count, 1);
    ck_assert_str_eq(c->name, "Cm4_1.x-y");
    ck_assert_uint_eq(c->line, 2);
    ck_assert_uint_eq(c->column, 3);
    ck_assert_uint_eq(c->inputs.count, 2);
    ck_assert_str_eq(c->inputs.text[0], "dir/ns.elf");
    ck_assert_str_eq(c->inputs.text[1], "/abs/s.elf");
    ck_assert_str_eq(c->output, "dir/out/cm4.sig");
    ck_assert_ptr_null(c->key);
    ck_assert_str_eq(c->public_key, "dir/keys/p.pub.pem");
    ck_assert_str_eq(c->passphrase, "file:dir/pass.txt");
    ck_assert_uint_eq(c->providers.count, 3);
    ck_assert_str_eq(c->providers.text[0], "tpm2");
    ck_assert_str_eq(c->providers.text[1], "x:dir/lib/x.so");
    ck_assert_str_eq(c->providers.text[2], "y:/lib/y.so");
    ck_assert_str_eq(c->propquery, "?provider=tpm2");
    ck_assert_str_eq(c->engine, "pkcs11");
    ck_assert_str_eq(c->key_type, "ECC");
    ck_assert_str_eq(c->key_info, "dir/info.der");
    ck_assert(!c->key_info_spki);
    ck_assert_str_eq(c->signer, "dir/tools/sign --quick \"a b\"");
    ck_assert_uint_eq(c->signer_timeout, 0);
    ck_assert(c->digest);
    ck_assert_int_eq(c->order, RPROCFW_ORDER_ST);
    ck_assert_str_eq(c->enc_key, "dir/keys/aes.bin");
    ck_assert(c->enc_pad && c->enc_deterministic);
    ck_assert(c->strip && c->loadable_only && c->any_machine && !c->random_nonce);
    ck_assert_str_eq(c->board, "dir/boards/b.yaml");
    ck_assert_str_eq(c->rproc_node, "/soc/m4");
    ck_assert_str_eq(c->linux_dtb, "dir/linux.dtb");
    ck_assert_int_eq(c->preflight, RPROCFW_PREFLIGHT_STRICT);
    ck_assert_uint_eq(c->tlv_count, 0);
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(what_nobody_says_is_as_without_the_option)
{
    struct rprocfw_manifest *m =
        take_manifest("m.yaml", "containers: {c: {" MANIFEST_SHORT ", key: k}}");
    const struct rprocfw_manifest_container *c = m->container;

    ck_assert_str_eq(c->inputs.text[0], "a");
    ck_assert_str_eq(c->key, "k");
    ck_assert_ptr_null(c->public_key);
    ck_assert_ptr_null(c->passphrase);
    ck_assert_uint_eq(c->providers.count, 0);
    ck_assert_ptr_null(c->propquery);
    ck_assert_ptr_null(c->engine);
    ck_assert_ptr_null(c->key_type);
    ck_assert_ptr_null(c->key_info);
    ck_assert_ptr_null(c->signer);
    ck_assert_uint_eq(c->signer_timeout, 60);
    ck_assert_int_eq(c->order, RPROCFW_ORDER_OPTEE);
    ck_assert_ptr_null(c->enc_key);
    ck_assert_ptr_null(c->board);
    ck_assert_ptr_null(c->rproc_node);
    ck_assert_ptr_null(c->linux_dtb);
    ck_assert_int_eq(c->preflight, RPROCFW_PREFLIGHT_REFUSE);
    ck_assert(!c->key_info_spki && !c->digest && !c->enc_pad && !c->enc_deterministic);
    ck_assert(!c->strip && !c->loadable_only && !c->any_machine && !c->random_nonce);
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(containers_keep_their_order_and_are_found_by_name)
{
    struct rprocfw_manifest *m =
        take_manifest("m.yaml", "containers:\n"
                                "  z: {inputs: a, output: 1.sig, key: k}\n"
                                "  a: {inputs: a, output: 2.sig, key: k}\n"
                                "  m: {inputs: a, output: 3.sig, key: k}\n");

    ck_assert_uint_eq(m->count, 3);
    ck_assert_str_eq(m->container[0].name, "z");
    ck_assert_str_eq(m->container[2].name, "m");
    ck_assert_ptr_eq(rprocfw_manifest_find(m, "a"), &m->container[1]);
    ck_assert_ptr_null(rprocfw_manifest_find(m, "b"));
    rprocfw_manifest_free(m);
    rprocfw_manifest_free(NULL);
}
END_TEST

/* The first container of a manifest with these defaults and these keys; defaults stand behind. */
static struct rprocfw_manifest *take_both(const char *defaults, const char *keys)
{
    char text[1024];

    (void)snprintf(text, sizeof(text),
                   "containers: {c: {" MANIFEST_SHORT
                   ", %s}}\ndefaults: {%s}\nenv: [BUILD, EMPTY, DOLLAR, "
                   "NUMBER, YES, LINES, NONE, _x9, UNSET]\n",
                   keys, defaults);
    return take_manifest("m.yaml", text);
}

START_TEST(a_containers_key_stands_over_that_of_defaults)
{
    struct rprocfw_manifest *m =
        take_both("key: k, board: x, strip: true, providers: [p, q], layout: st, preflight: off,"
                  " passphrase: prompt, any_machine: true, propquery: p",
                  "key: l, strip: false, providers: [r], layout: optee, propquery: q");
    const struct rprocfw_manifest_container *c = m->container;

    ck_assert_str_eq(c->key, "l");
    ck_assert_str_eq(c->board, "x");
    ck_assert_str_eq(c->propquery, "q");
    ck_assert_str_eq(c->passphrase, "prompt");
    ck_assert(!c->strip && c->any_machine);
    ck_assert_uint_eq(c->providers.count, 1);
    ck_assert_str_eq(c->providers.text[0], "r");
    ck_assert_int_eq(c->order, RPROCFW_ORDER_OPTEE);
    ck_assert_int_eq(c->preflight, RPROCFW_PREFLIGHT_OFF);
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(null_takes_away_what_defaults_say)
{
    struct rprocfw_manifest *m = take_both(
        "key: k, board: x, rproc_node: n, linux_dtb: l, strip: true, providers: p, layout: st, "
        "preflight: strict, passphrase: prompt, propquery: p, engine: e, key_type: RSA, key_info: "
        "spki, enc_key: e, enc_pad: true, platform_tlvs: {65536: {u8: 1}}, random_nonce: true",
        "key: null, board: ~, rproc_node: Null, linux_dtb: NULL, strip: ~, providers: ~, layout: "
        "~, preflight: ~, passphrase: ~, propquery: ~, engine: ~, key_type: ~, key_info: ~, "
        "enc_key: ~, enc_pad: ~, platform_tlvs: ~, random_nonce: ~, signer: s, public_key: p");
    const struct rprocfw_manifest_container *c = m->container;

    ck_assert_ptr_null(c->key);
    ck_assert_ptr_null(c->board);
    ck_assert_ptr_null(c->rproc_node);
    ck_assert_ptr_null(c->linux_dtb);
    ck_assert_ptr_null(c->passphrase);
    ck_assert_ptr_null(c->propquery);
    ck_assert_ptr_null(c->engine);
    ck_assert_ptr_null(c->key_type);
    ck_assert_ptr_null(c->enc_key);
    ck_assert(!c->key_info_spki && !c->strip && !c->enc_pad && !c->random_nonce);
    ck_assert_uint_eq(c->providers.count, 0);
    ck_assert_uint_eq(c->tlv_count, 0);
    ck_assert_int_eq(c->order, RPROCFW_ORDER_OPTEE);
    ck_assert_int_eq(c->preflight, RPROCFW_PREFLIGHT_REFUSE);
    rprocfw_manifest_free(m);
    m = take_both("signer: s, signer_timeout: 5, digest: true, public_key: p, key_info: f",
                  "signer: ~, signer_timeout: ~, digest: ~, public_key: ~, key_info: ~, key: k");
    c = m->container;
    ck_assert_ptr_null(c->signer);
    ck_assert_ptr_null(c->public_key);
    ck_assert_ptr_null(c->key_info);
    ck_assert_uint_eq(c->signer_timeout, 60);
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(variables_are_replaced_in_values_once)
{
    static const char *const cases[][2] = {
        {"${BUILD}", "out"},    {"a${BUILD}b${_x9}", "aoutby"},
        {"${EMPTY}x", "x"},     {"${DOLLAR}", "${BUILD}$$"},
        {"$BUILD", "$BUILD"},   {"$$", "$"},
        {"a$", "a$"},           {"$${BUILD}", "${BUILD}"},
        {"$$${BUILD}", "$out"}, {"${NONE}", "null"},
        {"${NUMBER}", "0x12"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char keys[256];
        struct rprocfw_manifest *m;

        (void)snprintf(keys, sizeof(keys), "propquery: \"%s\"", cases[i][0]);
        m = take_both("key: k", keys);
        ck_assert_str_eq(m->container[0].propquery, cases[i][1]);
        rprocfw_manifest_free(m);
    }
}
END_TEST

START_TEST(variables_are_replaced_in_numbers_words_and_defaults)
{
    struct rprocfw_manifest *m =
        take_both("key: \"${BUILD}/k\", strip: '${YES}', platform_tlvs: {65536: {u8: '${NUMBER}'}}",
                  "platform_tlvs: {65537: {string: \"${BUILD}\"}}");
    const struct rprocfw_manifest_container *c = m->container;

    ck_assert_str_eq(c->key, "out/k");
    ck_assert(c->strip);
    ck_assert_uint_eq(c->tlv[0].value[0], 0x12);
    ck_assert_mem_eq(c->tlv[1].value, "out", 3);
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(a_mark_before_utf8_is_passed_over)
{
    static const char text[] =
        "\xef\xbb\xbf"
        "defaults: {key: k}\r\ncontainers:\r\n  c: {inputs: i, output: o}\r\n";
    struct rprocfw_manifest *m = take_manifest("m.yaml", text);

    ck_assert_uint_eq(m->container[0].line, 3);
    ck_assert_str_eq(m->container[0].output, "o");
    rprocfw_manifest_free(m);
}
END_TEST

/* ---- Paths ---- */

START_TEST(paths_are_relative_to_the_manifests_folder)
{
    static const char *const cases[][3] = {
        /* manifest, key, what comes of it */
        {"m.yaml", "k.pem", "k.pem"},
        {"./m.yaml", "k.pem", "k.pem"},
        {"../m.yaml", "k.pem", "../k.pem"},
        {"/m.yaml", "k.pem", "/k.pem"},
        {"/a/b/m.yaml", "../k.pem", "/a/b/../k.pem"},
        {"a/m.yaml", "/k.pem", "/k.pem"},
        {"a/m.yaml", "file:k.pem", "a/k.pem"},
        {"a/m.yaml", "file:///k.pem", "/k.pem"},
        {"a/m.yaml", "pkcs11:object=k", "pkcs11:object=k"},
        {"a/m.yaml", "handle:0x81000001", "handle:0x81000001"},
        {"m.yaml", "file:ab:c", "./ab:c"},
        {"ab:c/m.yaml", "k.pem", "./ab:c/k.pem"},
        {"m.yaml", "./ab:c", "./ab:c"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256];
        struct rprocfw_manifest *m;

        (void)snprintf(text, sizeof(text), "containers: {c: {" MANIFEST_SHORT ", key: '%s'}}",
                       cases[i][1]);
        m = take_manifest(cases[i][0], text);
        ck_assert_str_eq(m->container[0].key, cases[i][2]);
        rprocfw_manifest_free(m);
    }
}
END_TEST

START_TEST(a_program_that_signs_is_looked_for_beside_the_manifest)
{
    static const char *const cases[][3] = {
        {"d/m.yaml", "sign -q", "sign -q"},
        {"d/m.yaml", "./sign -q", "d/./sign -q"},
        {"d/m.yaml", "/bin/sign a/b", "/bin/sign a/b"},
        {"d/m.yaml", "sign a/b", "sign a/b"},
        {"d/m.yaml", "\\\"a b\\\"/sign x", "d/\"a b\"/sign x"},
        {"d/m.yaml", "'a b/sign' x", "d/'a b/sign' x"},
        {"d/m.yaml", "'/a b/sign' x", "'/a b/sign' x"},
        {"d/m.yaml", "a\\\\ b/sign x", "d/a\\ b/sign x"},
        {"d/m.yaml", " t/sign x", "d/t/sign x"},
        {"d e/it's/m.yaml", "t/sign x", "d\\ e/it\\'s/t/sign x"},
        {"d/m.yaml", "'a b' c/d", "'a b' c/d"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256];
        struct rprocfw_manifest *m;

        (void)snprintf(text, sizeof(text),
                       "containers: {c: {" MANIFEST_SHORT ", public_key: k, signer: \"%s\"}}",
                       cases[i][1]);
        m = take_manifest(cases[i][0], text);
        ck_assert_str_eq(m->container[0].signer, cases[i][2]);
        rprocfw_manifest_free(m);
    }
}
END_TEST

START_TEST(what_else_has_a_path_and_what_has_none)
{
    struct rprocfw_manifest *m =
        take_manifest("d/m.yaml", "containers:\n"
                                  "  a: {inputs: a, output: x, key: k, board: b.dtb,"
                                  " passphrase: env:P, key_info: spki}\n"
                                  "  b: {inputs: a, output: y, key: k, board: rcar-gen3-cr7,"
                                  " passphrase: fd:3, key_info: ./spki}\n"
                                  "  c: {inputs: a, output: z, key: k, board: /b,"
                                  " passphrase: stdin}\n");

    ck_assert_str_eq(m->container[0].board, "d/b.dtb");
    ck_assert_str_eq(m->container[0].passphrase, "env:P");
    ck_assert(m->container[0].key_info_spki && m->container[0].key_info == NULL);
    ck_assert_str_eq(m->container[1].board, "rcar-gen3-cr7");
    ck_assert_str_eq(m->container[1].passphrase, "fd:3");
    ck_assert_str_eq(m->container[1].key_info, "d/./spki");
    ck_assert_str_eq(m->container[2].board, "/b");
    ck_assert_str_eq(m->container[2].passphrase, "stdin");
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(paths_are_compared_by_their_components)
{
    static const struct {
        const char *a;
        const char *b;
        bool same;
    } cases[] = {
        {"a", "a", true},       {"a", "b", false},       {"a/b", "a//b", true},
        {"./a", "a", true},     {"a/./b", "a/b", true},  {"././a/", "a", true},
        {"/a", "a", false},     {"//a", "/a", true},     {"/./a", "/a", true},
        {"a/../b", "b", false}, {"a", "a/b", false},     {".a", "a", false},
        {"a/.b", "a/b", false}, {"..", ".", false},      {"a.", "a", false},
        {"a/b", "a.b", false},  {"ab/c", "a/bc", false},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const int order = rprocfw_manifest_path_compare(cases[i].a, cases[i].b);
        const int reverse = rprocfw_manifest_path_compare(cases[i].b, cases[i].a);

        require((order == 0) == cases[i].same, "%s %s", cases[i].a, cases[i].b);
        require((order < 0) == (reverse > 0), "%s %s", cases[i].a, cases[i].b);
    }
}
END_TEST

/* ---- Platform TLVs ---- */

START_TEST(platform_tlvs_have_values_of_many_kinds)
{
    static const char text[] = "containers:\n  c:\n    inputs: a\n    output: b\n    key: k\n"
                               "    platform_tlvs:\n"
                               "      BOOTADDR: auto\n"
                               "      BOOTSEC: {u32: 1}\n"
                               "      0x10010: {string: \"1.2\"}\n"
                               "      0x10011: {hex: 00ff}\n"
                               "      0x10012: {file: info.bin}\n"
                               "      65555: {u8: 255}\n"
                               "      0x10014: {u16: 0x102}\n"
                               "      0x10015: {u64: 0x0102030405060708}\n"
                               "      0x1ffff: {string: \"\"}\n"
                               "      0x10016: {hex: 12:34 56}\n"
                               "      0x10017: {hex: 1234}\n"
                               "      0x10018: {u32: 0xfffefdfc}\n"
                               "      0x10019: {string: \"\xc3\xa4\"}\n"
                               "      0x1001a: {hex: ''}\n";
    static const struct {
        uint32_t id;
        enum rprocfw_manifest_value from;
        size_t size;
        const char *bytes;
    } expected[] = {
        {0x10001, RPROCFW_MANIFEST_BOOT_ADDRESS, 0, ""},
        {0x10002, RPROCFW_MANIFEST_BYTES, 4, "\x01\0\0"},
        {0x10010, RPROCFW_MANIFEST_BYTES, 3, "1.2"},
        {0x10011, RPROCFW_MANIFEST_BYTES, 2, "\0\xff"},
        {0x10012, RPROCFW_MANIFEST_FILE, 0, ""},
        {0x10013, RPROCFW_MANIFEST_BYTES, 1, "\xff"},
        {0x10014, RPROCFW_MANIFEST_BYTES, 2, "\x02\x01"},
        {0x10015, RPROCFW_MANIFEST_BYTES, 8, "\x08\x07\x06\x05\x04\x03\x02\x01"},
        {0x1ffff, RPROCFW_MANIFEST_BYTES, 0, ""},
        {0x10016, RPROCFW_MANIFEST_BYTES, 3, "\x12\x34\x56"},
        {0x10017, RPROCFW_MANIFEST_BYTES, 2, "\x12\x34"},
        {0x10018, RPROCFW_MANIFEST_BYTES, 4, "\xfc\xfd\xfe\xff"},
        {0x10019, RPROCFW_MANIFEST_BYTES, 2, "\xc3\xa4"},
        {0x1001a, RPROCFW_MANIFEST_BYTES, 0, ""},
    };
    struct rprocfw_manifest *m = take_manifest("d/m.yaml", text);

    ck_assert_uint_eq(m->container[0].tlv_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        const struct rprocfw_manifest_tlv *tlv = &m->container[0].tlv[i];

        ck_assert_uint_eq(tlv->id, expected[i].id);
        ck_assert_int_eq(tlv->from, expected[i].from);
        ck_assert_uint_eq(tlv->size, expected[i].size);
        if (tlv->size > 0)
            ck_assert_mem_eq(tlv->value, expected[i].bytes, tlv->size);
        else
            ck_assert_ptr_null(tlv->value);
    }
    ck_assert_str_eq(m->container[0].tlv[4].path, "d/info.bin");
    rprocfw_manifest_free(m);
}
END_TEST

START_TEST(platform_tlvs_stand_over_those_of_defaults_one_by_one)
{
    static const char text[] =
        "defaults: {key: k, platform_tlvs: {65536: {u8: 1}, 65537: {u8: 2}, 65538: {u8: 3}}}\n"
        "containers:\n"
        "  a: {inputs: i, output: a, platform_tlvs: {65540: {u8: 9}, 0x10001: {u8: 7},"
        " 0x10000: null, 0x10005: null}}\n"
        "  b: {inputs: i, output: b}\n"
        "  c: {inputs: i, output: c, platform_tlvs: {}}\n"
        "  d: {inputs: i, output: d, platform_tlvs: ~}\n";
    struct rprocfw_manifest *m = take_manifest("m.yaml", text);
    const struct rprocfw_manifest_container *a = rprocfw_manifest_find(m, "a");
    const struct rprocfw_manifest_container *b = rprocfw_manifest_find(m, "b");

    ck_assert_uint_eq(a->tlv_count, 3);
    ck_assert_uint_eq(a->tlv[0].id, 0x10001);
    ck_assert_uint_eq(a->tlv[0].value[0], 7);
    ck_assert_uint_eq(a->tlv[1].id, 0x10002);
    ck_assert_uint_eq(a->tlv[2].id, 0x10004);
    ck_assert_uint_eq(b->tlv_count, 3);
    ck_assert_uint_eq(b->tlv[1].value[0], 2);
    ck_assert_uint_eq(rprocfw_manifest_find(m, "c")->tlv_count, 3);
    ck_assert_uint_eq(rprocfw_manifest_find(m, "d")->tlv_count, 0);
    rprocfw_manifest_free(m);
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "manifest", a_container_is_what_its_keys_say, what_nobody_says_is_as_without_the_option,
        containers_keep_their_order_and_are_found_by_name,
        a_containers_key_stands_over_that_of_defaults, null_takes_away_what_defaults_say,
        variables_are_replaced_in_values_once, variables_are_replaced_in_numbers_words_and_defaults,
        a_mark_before_utf8_is_passed_over, paths_are_relative_to_the_manifests_folder,
        a_program_that_signs_is_looked_for_beside_the_manifest,
        what_else_has_a_path_and_what_has_none, paths_are_compared_by_their_components,
        platform_tlvs_have_values_of_many_kinds,
        platform_tlvs_stand_over_those_of_defaults_one_by_one);
}
