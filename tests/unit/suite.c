/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the tests of one program, each in a process of its own, its memory freed behind it. */
#include <stdbool.h>
#include <stdlib.h>

#include "arena.h"
#include "suite.h"

static void free_all(void)
{
    arena_release(0);
}

int run_tests(const char *name, const TTest *const *tests, unsigned count)
{
    return run_loop_tests(name, tests, count, 1);
}

/* Runs count of the tests, each for _i from first to end - 1. Have all passed? */
static bool run(const char *name, const TTest *const *tests, unsigned count, unsigned first,
                unsigned end)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    bool passed;
    unsigned i;

    tcase_set_timeout(tcase, TEST_TIMEOUT);
    tcase_add_checked_fixture(tcase, NULL, free_all);
    for (i = 0; i < count; i++)
        tcase_add_loop_test(tcase, tests[i], (int)first, (int)end);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    passed = srunner_ntests_failed(runner) == 0 &&
             srunner_ntests_run(runner) == (int)(count * (end - first));
    srunner_free(runner);
    return passed;
}

int run_loop_tests(const char *name, const TTest *const *tests, unsigned count, unsigned times)
{
    unsigned i;

    if (getenv("RPROCFW_FIRST_FAILURE") == NULL)
        return run(name, tests, count, 0, times) ? 0 : 1;
    for (i = 0; i < count * times; i++)
        if (!run(name, &tests[i / times], 1, i % times, i % times + 1))
            return 1;
    return 0;
}
