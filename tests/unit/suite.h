/* SPDX-License-Identifier: BSD-2-Clause */
/* What every test program needs around its tests. */
#ifndef RPROCFW_UNIT_SUITE_H
#define RPROCFW_UNIT_SUITE_H

#include <check.h>

/* Seconds for one test, under sanitizers on a slow machine too. */
#define TEST_TIMEOUT 300

/*
 * Runs each of the tests, with run_loop_tests() for each _i from 0 to times - 1; returns the exit
 * status of the program. With RPROCFW_FIRST_FAILURE in the environment the first test that fails is
 * the last.
 */
int run_tests(const char *name, const TTest *const *tests, unsigned count);
int run_loop_tests(const char *name, const TTest *const *tests, unsigned count, unsigned times);

/* The body of main(): RUN_TESTS("header", rule_one, rule_two, ...). */
#define RUN_TESTS(name, ...)                    \
    const TTest *const tests[] = {__VA_ARGS__}; \
    return run_tests(name, tests, (unsigned)(sizeof(tests) / sizeof(tests[0])))

/* As ck_assert_msg, but silent when it holds: that one is a system call, too much for every byte.
 */
#define require(expression, ...)       \
    do {                               \
        if (!(expression))             \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

#endif
