/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests that are refused, word for word. */
#include <stdio.h>
#include <string.h>

#include "manifest.h"
#include "suite.h"

/* "m.yaml:" before the message, and in a table the message of a text that is refused. */
static void refuse(const char *text, const char *message)
{
    struct rprocfw_manifest *m;
    struct rprocfw_error error = {0};

    require(read_manifest(&m, "m.yaml", text, &error) == RPROCFW_ERR_MANIFEST, "taken: %s", text);
    ck_assert_ptr_null(m);
    ck_assert_int_eq(error.status, RPROCFW_ERR_MANIFEST);
    ck_assert_str_eq(error.text, message);
}

#define REFUSE_ALL(cases)                     \
    for (size_t i = 0; i < COUNT(cases); i++) \
    refuse((cases)[i][0], (cases)[i][1])

/* One container, good but for what comes: line 2, column 3 is its name, column 37 what comes. */
#define WITH(keys)  "containers:\n  c: {inputs: i, output: o, key: k, " keys "}"
#define ALONE(keys) "containers:\n  c: {inputs: i, output: o, " keys "}"
#define KEYS                                                                                \
    "inputs, output, key, public_key, passphrase, providers, propquery, engine, key_type, " \
    "key_info, layout, signer, signer_timeout, digest, platform_tlvs, enc_key, enc_pad, "   \
    "enc_deterministic, strip, loadable_only, any_machine, random_nonce, board, "           \
    "rproc_node, linux_dtb, preflight"

START_TEST(keys_are_known_and_stand_there_once)
{
    static const char *const cases[][2] = {
        {"container: {}", "m.yaml:1:1: unknown key 'container'; there are env, defaults, "
                          "containers"},
        {"env: []\nenv: []", "m.yaml:2:1: env: the key stands there twice"},
        {"defaults: {}", "m.yaml:1:1: missing: containers"},
        {"defaults: {input: a}\ncontainers: {}",
         "m.yaml:1:12: defaults: unknown key 'input'; there are " KEYS},
        {WITH("Board: b"), "m.yaml:2:37: containers.c: unknown key 'Board'; there are " KEYS},
        {WITH("key: k"), "m.yaml:2:37: containers.c.key: the key stands there twice"},
        {"containers:\n  c: {inputs: i, output: o, key: k}\n  c: {inputs: i, output: p, key: k}",
         "m.yaml:3:3: containers.c: the key stands there twice"},
        {"defaults: {inputs: a}\ncontainers: {}",
         "m.yaml:1:12: defaults: inputs: each container has its own; say it there"},
        {"defaults: {output: a}\ncontainers: {}",
         "m.yaml:1:12: defaults: output: each container has its own; say it there"},
        {WITH("platform_tlvs: {BOOTADDR: auto, 0x10001: {u32: 1}}"),
         "m.yaml:2:69: containers.c.platform_tlvs.0x10001: the key stands there twice"},
        {WITH("platform_tlvs: {65536: {u9: 1}}"),
         "m.yaml:2:61: containers.c.platform_tlvs.65536: unknown key 'u9'; there are u8, u16, "
         "u32, u64, string, hex, file"},
        {"env: [A, A]", "m.yaml:1:10: env[1]: A stands there twice"},
    };

    REFUSE_ALL(cases);
}
END_TEST

START_TEST(a_container_has_what_it_needs)
{
    static const char *const cases[][2] = {
        {"containers: {}", "m.yaml:1:13: containers: no container"},
        {"containers: {c: {output: o, key: k}}", "m.yaml:1:14: containers.c: missing: inputs"},
        {"containers: {c: {inputs: [], output: o, key: k}}",
         "m.yaml:1:14: containers.c: missing: inputs"},
        {"containers: {c: {inputs: i, key: k}}", "m.yaml:1:14: containers.c: missing: output"},
        {"containers: {c: {inputs: i, output: ~, key: k}}",
         "m.yaml:1:14: containers.c: missing: output"},
        {"containers: {c: {inputs: i, output: o}}", "m.yaml:1:14: containers.c: missing: key"},
        {ALONE("public_key: p"), "m.yaml:2:29: containers.c: public_key does not sign; give the "
                                 "private key with key, or with signer a program that signs"},
        {ALONE("public_key: p, signer: ' '"), "m.yaml:2:52: containers.c.signer: no program"},
        {ALONE("public_key: p, signer: 's \"a'"),
         "m.yaml:2:52: containers.c.signer: a quotation mark is missing"},
        {ALONE("public_key: p, signer: s '' 'a"),
         "m.yaml:2:52: containers.c.signer: a quotation mark is missing"},
        {ALONE("public_key: p, signer: 's a\\'"),
         "m.yaml:2:52: containers.c.signer: a backslash stands at its end"},
        {ALONE("signer: s"), "m.yaml:2:29: containers.c: signer without public_key: nobody can "
                             "tell whether its signature is good"},
        {WITH("signer: s"), "m.yaml:2:37: containers.c: signer and key exclude each other; where a "
                            "program signs, give the public_key, and 'key: null' if defaults "
                            "have one"},
        {WITH("digest: true"),
         "m.yaml:2:37: containers.c: digest without signer: no program signs"},
        {WITH("signer_timeout: 0"),
         "m.yaml:2:37: containers.c: signer_timeout without signer: no program signs"},
        {ALONE("public_key: p, signer: s, random_nonce: true"),
         "m.yaml:2:55: containers.c: random_nonce without key: who signs elsewhere decides"},
        {WITH("enc_pad: true"),
         "m.yaml:2:37: containers.c: enc_pad without enc_key: nothing is encrypted"},
        {WITH("enc_deterministic: true"),
         "m.yaml:2:37: containers.c: enc_deterministic without enc_key: nothing is encrypted"},
        {WITH("rproc_node: n"),
         "m.yaml:2:37: containers.c: rproc_node without board: no board is asked"},
        {WITH("linux_dtb: n"),
         "m.yaml:2:37: containers.c: linux_dtb without board: no board is asked"},
        {WITH("preflight: strict"),
         "m.yaml:2:37: containers.c: preflight strict without board: no board is asked"},
        {WITH("enc_key: e, layout: optee"),
         "m.yaml:2:49: containers.c: enc_key and layout optee exclude each other: encrypted images "
         "are known in ST's layout only"},
        /* of defaults: where the key stands */
        {"containers: {c: {inputs: i, output: o, key: k}}\ndefaults: {enc_pad: true}",
         "m.yaml:2:12: containers.c: enc_pad without enc_key: nothing is encrypted"},
    };

    REFUSE_ALL(cases);
}
END_TEST

START_TEST(values_are_of_their_kind)
{
    static const char *const cases[][2] = {
        {"", "m.yaml:1:1: nothing, expected keys and values"},
        {"a", "m.yaml:1:1: a single value, expected keys and values"},
        {"containers: [c]", "m.yaml:1:13: containers: a list, expected keys and values"},
        {"containers: {c: }", "m.yaml:1:17: containers.c: a single value, expected keys and "
                              "values"},
        {"containers: {c: {inputs: {}}}",
         "m.yaml:1:26: containers.c.inputs: a mapping, expected a list"},
        {"containers: {c: {inputs: [[a]]}}",
         "m.yaml:1:27: containers.c.inputs[0]: a list, expected the path of an ELF file"},
        {"containers: {c: {inputs: [~]}}",
         "m.yaml:1:27: containers.c.inputs[0]: null, expected the path of an ELF file; a text that "
         "reads like that is put into quotation marks"},
        {"containers: {c: {inputs: ['']}}",
         "m.yaml:1:27: containers.c.inputs[0]: nothing, expected the path of an ELF file"},
        {"containers: {c: {inputs: '-'}}",
         "m.yaml:1:26: containers.c.inputs: '-', expected the path of an ELF file; a file of this "
         "name is ./-"},
        {"containers: {c: {output: '-'}}",
         "m.yaml:1:26: containers.c.output: '-', expected a path; a file of this name is ./-"},
        {"containers: {c: {output: }}",
         "m.yaml:1:26: containers.c.output: nothing, expected a path"},
        {"containers: {c: {key: [k]}}",
         "m.yaml:1:23: containers.c.key: a list, expected a path or a URI"},
        {"containers: {c: {key: 'file:'}}", "m.yaml:1:23: containers.c.key: no path behind file:"},
        {"containers: {c: {propquery: 1.5}}",
         "m.yaml:1:29: containers.c.propquery: a number, expected a text of one line; a text that "
         "reads like that is put into quotation marks"},
        {"containers: {c: {engine: True}}",
         "m.yaml:1:26: containers.c.engine: true or false, expected a text of one line; a text "
         "that reads like that is put into quotation marks"},
        {"containers: {c: {engine: \"a\\nb\"}}",
         "m.yaml:1:26: containers.c.engine: a control character, expected a text of one line"},
        {"containers: {c: {key_type: rsa}}",
         "m.yaml:1:28: containers.c.key_type: 'rsa', expected RSA or ECC"},
        {"containers: {c: {layout: ST}}",
         "m.yaml:1:26: containers.c.layout: 'ST', expected optee or st"},
        {"containers: {c: {preflight: none}}",
         "m.yaml:1:29: containers.c.preflight: 'none', expected refuse, warn, off or strict"},
        {"containers: {c: {strip: yes}}",
         "m.yaml:1:25: containers.c.strip: 'yes', expected true or false"},
        {"containers: {c: {strip: 'true'}}",
         "m.yaml:1:25: containers.c.strip: a text, expected true or false without quotation "
         "marks"},
        {"containers: {c: {strip: []}}",
         "m.yaml:1:25: containers.c.strip: a list, expected true or false"},
        {"containers: {c: {signer_timeout: 86401}}",
         "m.yaml:1:34: containers.c.signer_timeout: '86401', expected 0 to 86400 seconds"},
        {"containers: {c: {passphrase: secret}}",
         "m.yaml:1:30: containers.c.passphrase: expected env:VAR, file:PATH, fd:N, stdin or "
         "prompt"},
        {"containers: {c: {passphrase: 'file:'}}",
         "m.yaml:1:30: containers.c.passphrase: expected env:VAR, file:PATH, fd:N, stdin or "
         "prompt"},
        {"containers: {c: {passphrase: fd:x}}",
         "m.yaml:1:30: containers.c.passphrase: expected env:VAR, file:PATH, fd:N, stdin or "
         "prompt"},
        {"containers: {c: {passphrase: fd:0x3}}",
         "m.yaml:1:30: containers.c.passphrase: expected env:VAR, file:PATH, fd:N, stdin or "
         "prompt"},
        {"containers: {c: {passphrase: fd:65536}}",
         "m.yaml:1:30: containers.c.passphrase: expected env:VAR, file:PATH, fd:N, stdin or "
         "prompt"},
        {"containers: {c: {providers: [':x']}}",
         "m.yaml:1:30: containers.c.providers[0]: ':x', expected NAME or NAME:PATH"},
        {"containers: {c: {providers: 'x:'}}",
         "m.yaml:1:29: containers.c.providers: 'x:', expected NAME or NAME:PATH"},
        {"env: {}", "m.yaml:1:6: env: a mapping, expected a list"},
        {"env: [a-b]", "m.yaml:1:7: env[0]: 'a-b', expected the name of a variable: letters, "
                       "digits and _"},
        {"env: [1a]", "m.yaml:1:7: env[0]: '1a', expected the name of a variable: letters, digits "
                      "and _"},
        {"env: [\"${A}\"]", "m.yaml:1:7: env[0]: '${A}', expected the name of a variable: letters, "
                            "digits and _"},
        {"defaults: []", "m.yaml:1:11: defaults: a list, expected keys and values"},
    };
    char containers[512];

    for (size_t i = 0; i < COUNT(cases); i++) {
        /* without containers that would be what is missing */
        (void)snprintf(containers, sizeof(containers), "%s\ncontainers: {}", cases[i][0]);
        refuse(strncmp(cases[i][0], "defaults", 8) == 0 ? containers : cases[i][0], cases[i][1]);
    }
}
END_TEST

START_TEST(names_of_containers_fit_a_command_line)
{
    static const char tail[] =
        ", expected a name of 1 to 64 letters, digits, '.', '_' and '-', not '-' first";
    static const char *const names[] = {"''",           "a b",      "-a",  "a/b",
                                        "\"${BUILD}\"", "\xc3\xa4", "a:b", "'+'"};
    char longest[66] = {0};
    char text[256];

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *start = names[i] + (strchr("'\"", names[i][0]) != NULL);
        char message[256];

        (void)snprintf(text, sizeof(text), "containers: {%s: {}}", names[i]);
        (void)snprintf(message, sizeof(message), "m.yaml:1:14: containers: '%.*s'%s",
                       (int)strcspn(start, "'\""), start, tail);
        refuse(text, message);
    }
    memset(longest, 'x', 65);
    (void)snprintf(text, sizeof(text), "containers: {%s: {" MANIFEST_SHORT ", key: k}}",
                   longest + 1);
    rprocfw_manifest_free(take_manifest("m.yaml", text));
    (void)snprintf(text, sizeof(text), "containers: {%s: {}}", longest);
    refuse(text, "m.yaml:1:14: containers: 'xxxxxxxxxxxxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                 "xxxxxxxx', expected a name of 1 to 64 letters, digits, '.', '_' and '-', not '-' "
                 "first");
}
END_TEST

START_TEST(variables_are_listed_set_and_harmless)
{
    static const char *const cases[][2] = {
        {"env: [A]\n" WITH("board: '${BUILD}'"),
         "m.yaml:3:44: containers.c.board: ${BUILD} is not listed; add BUILD to env"},
        {"env: [UNSET]\n" WITH("board: '${UNSET}'"),
         "m.yaml:3:44: containers.c.board: the environment has no UNSET; set it"},
        {"env: LINES\n" WITH("board: '${LINES}'"),
         "m.yaml:3:44: containers.c.board: the value of LINES has a control character"},
        {WITH("board: '${}'"), "m.yaml:2:44: containers.c.board: ${ without a name and }, expected "
                               "${NAME}; write $${ for ${ itself"},
        {WITH("board: '${A'"), "m.yaml:2:44: containers.c.board: ${ without a name and }, expected "
                               "${NAME}; write $${ for ${ itself"},
        {WITH("board: '${A-b}'"), "m.yaml:2:44: containers.c.board: ${ without a name and }, "
                                  "expected ${NAME}; write $${ for ${ itself"},
        {"env: BUILD\n" WITH("signer_timeout: '${BUILD}'"),
         "m.yaml:3:53: containers.c.signer_timeout: 'out', expected 0 to 86400 seconds"},
        {"env: EMPTY\n" WITH("board: '${EMPTY}'"),
         "m.yaml:3:44: containers.c.board: nothing, expected a board's name or a path"},
        {"env: A\ncontainers: {}\ndefaults: {key: '${UNSET}'}",
         "m.yaml:3:17: defaults.key: ${UNSET} is not listed; add UNSET to env"},
    };

    REFUSE_ALL(cases);
}
END_TEST

START_TEST(a_variable_that_is_not_used_need_not_be_set)
{
    rprocfw_manifest_free(take_manifest("m.yaml", "env: UNSET\n" WITH("")));
}
END_TEST

#define BYTES_OF "one of u8, u16, u32, u64, string, hex, file"

START_TEST(platform_tlvs_that_are_none)
{
    static const char id[] = ", expected BOOTADDR, BOOTSEC or a number from 0x10000 to 0x1ffff";
    static const char *const ids[] = {"BOOT",        "bootaddr", "0xffff",
                                      "0x20000",     "65535",    "131072",
                                      "0x1000g",     "10",       "18446744073709551616",
                                      "0x100010001", "-1"};
    static const char *const cases[][2] = {
        {"65536: {u8: 256}", "2:65: 65536.u8: '256', expected a number of 8 bits, such as 1 or "
                             "0xff"},
        {"65536: {u16: 65536}", "2:66: 65536.u16: '65536', expected a number of 16 bits, such as 1 "
                                "or 0xffff"},
        {"65536: {u32: 0x100000000}", "2:66: 65536.u32: '0x100000000', expected a number of 32 "
                                      "bits, such as 1 or 0x80100000"},
        {"65536: {u64: 18446744073709551616}",
         "2:66: 65536.u64: '18446744073709551616', expected a number of 64 bits, such as 1 or "
         "0x100000000"},
        {"65536: {u8: -1}", "2:65: 65536.u8: '-1', expected a number of 8 bits, such as 1 or 0xff"},
        {"65536: {u8: '1'}", "2:65: 65536.u8: a text, expected a number of 8 bits, such as 1 or "
                             "0xff without quotation marks"},
        {"65536: {string: 1.2}",
         "2:69: 65536.string: a number, expected a text of one line; a text "
         "that reads like that is put into quotation marks"},
        {"65536: {string: }",
         "2:69: 65536.string: nothing, expected a text of one line; for no bytes write ''"},
        {"65536: {hex: }",
         "2:66: 65536.hex: nothing, expected pairs of hexadecimal digits; for no bytes write ''"},
        {"65536: {hex: 0f0}", "2:66: 65536.hex: '0f0', expected pairs of hexadecimal digits"},
        {"65536: {hex: 0x10}", "2:66: 65536.hex: '0x10', expected pairs of hexadecimal digits"},
        {"65536: {file: ''}", "2:67: 65536.file: nothing, expected a path"},
        {"65536: {}", "2:60: 65536: no value, expected " BYTES_OF},
        {"65536: {u8: 1, u16: 2}", "2:60: 65536: more than one value, expected " BYTES_OF},
        {"65536: auto", "2:60: 65536: 'auto', expected " BYTES_OF " with a value"},
        {"BOOTADDR: 5", "2:63: BOOTADDR: '5', expected auto, or " BYTES_OF " with a value"},
        {"65536: [1]", "2:60: 65536: a list, expected keys and values"},
    };
    char text[256];
    char message[512];

    for (size_t i = 0; i < COUNT(ids); i++) {
        (void)snprintf(text, sizeof(text), WITH("platform_tlvs: {%s: {u8: 1}}"), ids[i]);
        (void)snprintf(message, sizeof(message), "m.yaml:2:53: containers.c.platform_tlvs: '%s'%s",
                       ids[i], id);
        refuse(text, message);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        (void)snprintf(text, sizeof(text), WITH("platform_tlvs: {%s}"), cases[i][0]);
        (void)snprintf(message, sizeof(message), "m.yaml:%.6scontainers.c.platform_tlvs.%s",
                       cases[i][1], cases[i][1] + 6);
        refuse(text, message);
    }
}
END_TEST

START_TEST(an_output_is_no_other_file)
{
    static const char end[] = "; give it another name";
    static const char *const cases[][3] = {
        /* keys of container b behind "inputs: i, output: ./out//x, ", what it is the same as */
        {"key: k", "a: {inputs: i, output: out/x, key: k}",
         "3:18: containers.b.output: the same "
         "file as containers.a.output"},
        {"key: k", "a: {inputs: [j, out/x], output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.a.inputs"},
        {"key: out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.key"},
        {"key: k, public_key: file:out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.public_key"},
        {"key: k, passphrase: file:out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.passphrase"},
        {"key: k, key_info: out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.key_info"},
        {"key: k, enc_key: out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.enc_key"},
        {"key: k, board: out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.board"},
        {"key: k, board: x, linux_dtb: out/x", "a: {inputs: j, output: y, key: k}",
         "3:18: containers.b.output: the same file as containers.b.linux_dtb"},
        {"key: k", "a: {inputs: j, output: y, key: k, platform_tlvs: {65536: {file: out/x}}}",
         "3:18: containers.b.output: the same file as containers.a.platform_tlvs"},
    };
    char text[512];
    char message[512];

    for (size_t i = 0; i < COUNT(cases); i++) {
        (void)snprintf(text, sizeof(text),
                       "containers:\n  %s\n  b: {inputs: i, output: ./out//x, %s}\n", cases[i][1],
                       cases[i][0]);
        (void)snprintf(message, sizeof(message), "m.yaml:%s%s", cases[i][2], end);
        refuse(text, message);
    }
    refuse("containers: {b: {inputs: i, output: ./m.yaml, key: k}}",
           "m.yaml:1:29: containers.b.output: the manifest itself; give it another name");
}
END_TEST

int main(void)
{
    RUN_TESTS("manifest_refused", keys_are_known_and_stand_there_once,
              a_container_has_what_it_needs, values_are_of_their_kind,
              names_of_containers_fit_a_command_line, variables_are_listed_set_and_harmless,
              a_variable_that_is_not_used_need_not_be_set, platform_tlvs_that_are_none,
              an_output_is_no_other_file);
}
