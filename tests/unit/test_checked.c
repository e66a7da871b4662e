/* SPDX-License-Identifier: BSD-2-Clause */
/* The checked arithmetic is exact at its edges. */
#include "checked.h"
#include "suite.h"

#define MAX UINT32_MAX

START_TEST(add_is_exact_up_to_the_largest_u32)
{
    static const struct {
        uint32_t a, b, sum;
        bool fits;
    } cases[] = {
        {0, 0, 0, true},
        {MAX, 0, MAX, true},
        {0, MAX, MAX, true},
        {MAX - 1, 1, MAX, true},
        {0x7FFFFFFF, 0x80000000, MAX, true},
        {MAX, 1, 0, false},
        {1, MAX, 0, false},
        {0x80000000, 0x80000000, 0, false},
        {MAX, MAX, 0, false},
    };
    uint32_t sum;
    size_t i;

    for (i = 0; i < COUNT(cases); i++) {
        ck_assert_int_eq(rprocfw_add(cases[i].a, cases[i].b, &sum), cases[i].fits);
        if (cases[i].fits)
            ck_assert_uint_eq(sum, cases[i].sum);
    }
}
END_TEST

START_TEST(align_is_exact_up_to_the_largest_multiple_of_8)
{
    static const struct {
        uint32_t n, up;
        bool fits;
    } cases[] = {
        {0, 0, true},
        {1, 8, true},
        {7, 8, true},
        {8, 8, true},
        {9, 16, true},
        {0x7FFFFFFF, 0x80000000, true},
        {0xFFFFFFF0, 0xFFFFFFF0, true},
        {0xFFFFFFF1, 0xFFFFFFF8, true},
        {0xFFFFFFF8, 0xFFFFFFF8, true},
        {0xFFFFFFF9, 0, false},
        {MAX, 0, false},
    };
    uint32_t up;
    size_t i;

    for (i = 0; i < COUNT(cases); i++) {
        ck_assert_int_eq(rprocfw_align(cases[i].n, &up), cases[i].fits);
        if (cases[i].fits)
            ck_assert_uint_eq(up, cases[i].up);
    }
}
END_TEST

START_TEST(inside_is_exact_on_both_sides)
{
    static const struct {
        uint32_t offset, size, limit;
        bool inside;
    } cases[] = {
        {0, 0, 0, true},
        {0, 1, 0, false},
        {1, 0, 0, false},
        {0, 10, 10, true},
        {0, 11, 10, false},
        {4, 6, 10, true},
        {4, 7, 10, false},
        {5, 6, 10, false},
        {10, 0, 10, true},
        {10, 1, 10, false},
        {11, 0, 10, false},
        {0, MAX, MAX, true},
        {1, MAX - 1, MAX, true},
        {1, MAX, MAX, false},
        {MAX, 0, MAX, true},
        {MAX, 1, MAX, false},
        {MAX, MAX, MAX, false},
        {0x80000000, 0x7FFFFFFF, MAX, true},
        {0x80000000, 0x80000000, MAX, false},
        {MAX, 5, 10, false}, /* the sum wraps to 4 */
        {5, MAX, 10, false},
    };
    size_t i;

    for (i = 0; i < COUNT(cases); i++)
        ck_assert_msg(rprocfw_inside(cases[i].offset, cases[i].size, cases[i].limit) ==
                          cases[i].inside,
                      "case %u", (unsigned)i);
}
END_TEST

int main(void)
{
    RUN_TESTS("checked", add_is_exact_up_to_the_largest_u32,
              align_is_exact_up_to_the_largest_multiple_of_8, inside_is_exact_on_both_sides);
}
