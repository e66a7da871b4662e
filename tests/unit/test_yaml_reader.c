/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and places as boards in YAML have them. What is refused, word for word: board.bats. */
#include <stdlib.h>
#include <string.h>

#include "../../src/host/yaml/yaml_reader.h"
#include "suite.h"

START_TEST(numbers_are_decimal_or_hexadecimal_and_nothing_else)
{
    static const struct {
        const char *text;
        const char *rest; /* NULL: no number */
        uint64_t number;
    } cases[] = {
        {"0", "", 0},
        {"7", "", 7},
        {"4096", "", 4096},
        {"18446744073709551615", "", UINT64_MAX},
        {"18446744073709551616", NULL, 0},
        {"99999999999999999999", NULL, 0},
        {"0x0", "", 0},
        {"0xfF09", "", 0xFF09},
        {"0xffffffffffffffff", "", UINT64_MAX},
        {"0x10000000000000000", NULL, 0},
        {"64K", "K", 64},
        {"0x", NULL, 0},
        {"0xg", NULL, 0},
        {"0X10", "X10", 0},
        {"010", NULL, 0},
        {"0o10", "o10", 0},
        {"-1", NULL, 0},
        {"+1", NULL, 0},
        {" 1", NULL, 0},
        {"1_000", "_000", 1},
        {"1a", "a", 1},
        {"a", NULL, 0},
        {"", NULL, 0},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t number = 99;
        const char *rest = rprocfw_yaml_parse_number(cases[i].text, &number);

        require((rest == NULL) == (cases[i].rest == NULL), "%s", cases[i].text);
        if (rest == NULL)
            continue;
        require(strcmp(rest, cases[i].rest) == 0 && number == cases[i].number, "%s", cases[i].text);
    }
}
END_TEST

/* ---- A file of one's own ---- */

struct point {
    uint64_t x;
    char *name;
    bool seen;
};

static enum rprocfw_status take_x(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_number(r, true, 4096, "a number up to 4K", to);
}

static const struct rprocfw_yaml_key keys[] = {
    {"x", take_x, offsetof(struct point, x), true},
    {"name", rprocfw_yaml_text, offsetof(struct point, name), false},
    {"seen", rprocfw_yaml_bool, offsetof(struct point, seen), false},
};

static enum rprocfw_status take_point(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_mapping(r, keys, COUNT(keys), to);
}

static enum rprocfw_status read_point(const char *text, struct point *point,
                                      struct rprocfw_error *error)
{
    const struct rprocfw_yaml_file file = {.path = "f",
                                           .bytes = (const uint8_t *)text,
                                           .size = strlen(text),
                                           .wrong = RPROCFW_ERR_BOARD};

    *point = (struct point){0};
    return rprocfw_yaml_read(&file, take_point, point, error);
}

START_TEST(a_value_goes_where_its_key_says)
{
    static const char *const texts[] = {
        "{x: 4K, name: a b, seen: true}",
        "seen: true\nname: \"a b\"\nx: 0x1000\n",
        "--- # a comment\nx: 4096\n'name': 'a b'\n? seen\n: true\n...\n",
        "%YAML 1.1\n---\nx: 4K\nname: |-\n  a b\nseen: true",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct rprocfw_error error;
        struct point point;

        require(read_point(texts[i], &point, &error) == RPROCFW_OK, "%s: %s", texts[i], error.text);
        ck_assert_uint_eq(point.x, 4096);
        ck_assert_str_eq(point.name, "a b");
        ck_assert(point.seen);
        free(point.name);
    }
}
END_TEST

START_TEST(what_is_wrong_has_its_place)
{
    static const char *const cases[][2] = {
        {"x: 4097", "f:1:4: x: '4097', expected a number up to 4K"},
        {"x: 5K", "f:1:4: x: '5K', expected a number up to 4K"},
        {"x: 1\nname: \xc3\xa4\nseen: 1", "f:3:7: seen: '1', expected true or false"},
        {"{x: 1, name: \xc3\xa4, seen: 1}", "f:1:23: seen: '1', expected true or false"},
        {"name: a", "f:1:1: missing: x"},
        {"x: 1\nx: 2", "f:2:1: x: the key stands there twice"},
        {"x: 1\ny: 2", "f:2:1: unknown key 'y'; there are x, name, seen"},
        {"[x]", "f:1:1: a list, expected keys and values"},
        {"x: 1\nname: \"a\\0b\"", "f:2:7: name: a control character, expected a text of one line"},
        {"x: 1\nname: |\n  a\n  b\n",
         "f:2:7: name: a control character, expected a text of one line"},
        {"x: 1\n---\nx: 1", "f:2:1: a second document; leave one of them in the file"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rprocfw_error error;
        struct point point;

        ck_assert_int_eq(read_point(cases[i][0], &point, &error), RPROCFW_ERR_BOARD);
        ck_assert_str_eq(error.text, cases[i][1]);
        free(point.name);
    }
}
END_TEST

int main(void)
{
    RUN_TESTS("yaml_reader", numbers_are_decimal_or_hexadecimal_and_nothing_else,
              a_value_goes_where_its_key_says, what_is_wrong_has_its_place);
}
