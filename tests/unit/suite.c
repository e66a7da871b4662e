/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the tests of one program, each in a process of its own, its memory freed behind it. */
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

int run_loop_tests(const char *name, const TTest *const *tests, unsigned count, unsigned times)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner;
    int failed;
    int run;
    unsigned i;

    tcase_set_timeout(tcase, TEST_TIMEOUT);
    tcase_add_checked_fixture(tcase, NULL, free_all);
    for (i = 0; i < count; i++)
        tcase_add_loop_test(tcase, tests[i], 0, (int)times);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    run = srunner_ntests_run(runner);
    srunner_free(runner);
    return failed == 0 && run == (int)(count * times) ? 0 : 1;
}
