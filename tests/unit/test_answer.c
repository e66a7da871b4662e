/* SPDX-License-Identifier: BSD-2-Clause */
/* What people have from a log is found in the table of answers, and the table says something. */
#include <string.h>

#include <rprocfw/answer.h>

#include "../../src/host/device/device_steps.h"
#include "suite.h"

static void require_name(const char *text, const char *name)
{
    const struct rprocfw_answer *answer = rprocfw_answer_find(text);
    const char *found = answer != NULL ? answer->name : "nothing";

    require(strcmp(found, name) == 0, "'%s': %s, expected %s", text, found, name);
}

START_TEST(numbers_of_the_tee)
{
    require_name("0xffff0006", "TEE_ERROR_BAD_PARAMETERS");
    require_name("0xFFFF0006", "TEE_ERROR_BAD_PARAMETERS");
    require_name("ffff0006", "TEE_ERROR_BAD_PARAMETERS");
    require_name("FFFF3072", "TEE_ERROR_SIGNATURE_INVALID");
    require_name("4294901766", "TEE_ERROR_BAD_PARAMETERS");
    require_name("-65530", "TEE_ERROR_BAD_PARAMETERS");
    require_name("f0100001", "TEE_ERROR_CORRUPT_OBJECT");
    require_name("0x0", "TEE_SUCCESS");
    require_name("0x00000000", "TEE_SUCCESS");
}
END_TEST

START_TEST(names_of_the_tee)
{
    require_name("TEE_ERROR_NO_DATA", "TEE_ERROR_NO_DATA");
    require_name("no_data", "TEE_ERROR_NO_DATA");
    require_name("bad_format", "TEE_ERROR_BAD_FORMAT");
    require_name("tee_success", "TEE_SUCCESS");
}
END_TEST

START_TEST(answers_of_linux)
{
    require_name("-5", "EIO");
    require_name("EIO", "EIO");
    require_name("-22", "EINVAL");
    require_name("bad magic", "EINVAL");
    require_name("Bad Magic", "EINVAL");
    require_name("request_firmware failed: -2", "ENOENT");
    require_name("-12", "ENOMEM");
}
END_TEST

/* The TEE knows more than Linux tells of it. */
START_TEST(lines_of_a_log)
{
    require_name("TA_RPROC_FW_CMD_LOAD_FW invoke failed TEE err: ffff0006, ret:0",
                 "TEE_ERROR_BAD_PARAMETERS");
    require_name("[   12.345678] remoteproc remoteproc0: TA_RPROC_CMD_LOAD_FW invoke failed TEE "
                 "err: 0xffff000c, ret:0",
                 "TEE_ERROR_OUT_OF_MEMORY");
    require_name("can't start rproc m4: -5 (ffff000b)", "TEE_ERROR_NO_DATA");
    require_name("remoteproc remoteproc0: Image is corrupted (bad magic)", "EINVAL");
    require_name("Boot failed: -5", "EIO");
}
END_TEST

START_TEST(what_is_none)
{
    static const char *const none[] = {
        "",
        " ",
        "0",
        "5",
        "22",
        "-1000",
        "0x1ffff0006",
        "ffff00060",
        "ffff0006x",
        "0x",
        "-",
        "--",
        "99999999999999999999999",
        "-99999999999999999999999",
        "12345678",
        "FFFFFFF0",
        "magic",
        "0xffff00060000000000000000000000000000000000000000000",
    };

    for (size_t i = 0; i < COUNT(none); i++)
        require_name(none[i], "nothing");
    require(rprocfw_answer_tee(0xFFFF0006u) == rprocfw_answer_find("ffff0006"), "another answer");
    require(rprocfw_answer_tee(5) == NULL, "Linux's number is taken for a TEE_Result");
}
END_TEST

/* Whoever asks for a refusal gets a reason and, mostly, what to do. */
START_TEST(each_refusal_has_reasons)
{
    static const char *const known[] = {"ffff0000", "ffff0001", "ffff0005", "ffff0006", "ffff0007",
                                        "ffff0008", "ffff0009", "ffff000a", "ffff000b", "ffff000c",
                                        "ffff000f", "ffff3072", "ffff3024", "f0100001", "-2",
                                        "-5",       "-12",      "-22"};

    for (size_t i = 0; i < COUNT(known); i++) {
        const struct rprocfw_answer *answer = rprocfw_answer_find(known[i]);

        ck_assert_ptr_nonnull(answer);
        require(answer->reason_count > 0, "%s: no reason", known[i]);
        require(answer->meaning[0] != '\0', "%s: no meaning", known[i]);
        for (size_t k = 0; k < answer->reason_count; k++)
            require(answer->reason[k].text[0] != '\0', "%s: reason %zu is empty", known[i], k);
    }
}
END_TEST

/* Whatever a TA is foretold to answer, there is the reason for it among those of its answer. */
START_TEST(each_check_is_a_reason)
{
    for (unsigned i = 0; i <= CHECK_RSC_TABLE_TWICE; i++) {
        const struct rprocfw_answer *answer;
        struct rprocfw_device device = {0};
        unsigned count = 0;

        rprocfw_check_fill(&device, (enum rprocfw_check)i);
        answer = rprocfw_answer_tee(device.result);
        ck_assert_ptr_nonnull(answer);
        require(rprocfw_answer_reason(answer, device.check) < answer->reason_count,
                "%s: no reason of %s", device.check, answer->name);
        for (size_t k = 0; k < answer->reason_count; k++)
            for (const char *const *check = answer->reason[k].check;
                 check != NULL && *check != NULL; check++)
                count += strcmp(*check, device.check) == 0;
        ck_assert_uint_eq(count, 1);
    }
    ck_assert_uint_eq(rprocfw_answer_reason(rprocfw_answer_tee(0xFFFF0005u), "magic"),
                      rprocfw_answer_tee(0xFFFF0005u)->reason_count);
}
END_TEST

int main(void)
{
    RUN_TESTS("answer", numbers_of_the_tee, names_of_the_tee, answers_of_linux, lines_of_a_log,
              what_is_none, each_refusal_has_reasons, each_check_is_a_reason);
}
