/* SPDX-License-Identifier: BSD-2-Clause */
/* The vectors: what the scripts wrote, and what boards were measured with. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "sections.h"

static struct bytes other; /* a container unlike all others here, signed with the stub */

/* Judge a container both ways, and print how. */
static enum rprocfw_status judge(const char *name, struct bytes container, unsigned options,
                                 struct life *life)
{
    struct rprocfw_verifier v;
    enum rprocfw_status status;
    struct board b;

    board_begin(&b, container);
    status = verify(&b, &v, options);
    report_line("%s: verify %s, result %08" PRIx32 ", events %s", name, outcome(status, &v),
                rprocfw_status_tee_result(status), board_events(&b));
    live(&b, container, other, life);
    report_line("%s: load %s, table %" PRIx32 " %" PRIx32 ", events %s", name, life->outcome,
                life->rsc_da, life->rsc_size, board_events(&b));
    return status;
}

/* ---- device.tsv ---- */

enum column { NAME, VERIFIER, RESULT, RESULT_NAME, RSC_DA, RSC_SIZE, COLUMNS };

/* Takes a line apart in place. Absent columns are empty. */
static void columns_of(char *line, char *columns[COLUMNS])
{
    unsigned i;

    for (i = 0; i < COLUMNS; i++) {
        columns[i] = line;
        line += strcspn(line, "\t");
        if (*line != '\0')
            *line++ = '\0';
    }
}

/*
 * The rows that a device refuses for their signature: one bit of what is signed, or of the
 * signature, was changed after signing. All others are signed with the stub as they are.
 */
static bool is_refused_for_signature(const char *name)
{
    return strcmp(name, "signature_flip") == 0 || strcmp(name, "tlv_flip") == 0;
}

/* As such a row was made from the good container: signed, then changed. */
static void sign_then_change(struct bytes container)
{
    struct bytes good = file_load("device", "good", ".sig");
    const uint32_t at = signed_size(good);
    const uint32_t length = get32(good.data + 12);
    uint8_t *signature = malloc(length);
    unsigned changed = 0;
    uint32_t i;

    need(signature != NULL && good.size == container.size, "%" PRIu32 " bytes", container.size);
    for (i = 0; i < at + length; i++)
        changed += container.data[i] != good.data[i];
    check(changed == 1, "%u bytes differ from the good container", changed);
    stub_signature(good.data, at, signature, length);
    for (i = 0; i < length; i++)
        container.data[at + i] ^= signature[i] ^ good.data[at + i];
    free(signature);
    free(good.data);
}

static void judge_columns(char *const columns[COLUMNS], enum rprocfw_status status,
                          const struct life *life)
{
    const bool none = strcmp(columns[RSC_DA], "none") == 0;
    const char *name = columns[NAME];

    check(life->status == status, "%s: load says %s", name, rprocfw_status_name(life->status));
    check((status == RPROCFW_ERR_SIGNATURE) == is_refused_for_signature(name), "%s: %s", name,
          rprocfw_status_name(status));
    check((status == RPROCFW_OK) == (strcmp(columns[VERIFIER], "accept") == 0) &&
              (status == RPROCFW_OK || strcmp(columns[VERIFIER], "reject") == 0),
          "%s: %s, to be %sed", name, rprocfw_status_name(status), columns[VERIFIER]);
    /* Of the program headers that are not the signed ones a device looks at less, and later. */
    if (strcmp(columns[RESULT], "-") != 0 && status != RPROCFW_ERR_PHDR_NOT_SIGNED)
        check(rprocfw_status_tee_result(status) == strtoul(columns[RESULT], NULL, 16),
              "%s: %08" PRIx32 " instead of %s", name, rprocfw_status_tee_result(status),
              columns[RESULT]);
    if (status != RPROCFW_OK)
        return;
    check(life->rsc_da == (none ? 0 : strtoul(columns[RSC_DA], NULL, 16)) &&
              life->rsc_size == (none ? 0 : strtoul(columns[RSC_SIZE], NULL, 16)),
          "%s: resource table at %" PRIx32 ", %" PRIx32 " bytes", name, life->rsc_da,
          life->rsc_size);
}

static void judge_row(char *const columns[COLUMNS])
{
    struct bytes container = file_load("device", columns[NAME], ".sig");
    enum rprocfw_status status;
    struct life life;

    if (is_refused_for_signature(columns[NAME]))
        sign_then_change(container);
    else
        container_sign(container);
    status = judge(columns[NAME], container, 0, &life);
    judge_columns(columns, status, &life);
    free(container.data);
}

static void other_begin(void)
{
    other = file_load("expected", "rsa3072_single", ".sig");
    other.data[28] = RPROCFW_SIGNTYPE_ECDSA; /* the value of its first TLV, which no vector has */
    container_sign(other);
}

void section_device(void)
{
    struct table table;
    char *columns[COLUMNS];
    char line[512];
    unsigned rows = 0;

    report_begin("device");
    other_begin();
    table_begin(&table, "device.tsv");
    while (table_next(&table, line, sizeof(line))) {
        columns_of(line, columns);
        if (rows++ > 0)
            judge_row(columns);
        else
            need(strcmp(columns[VERIFIER], "verifier") == 0 &&
                     strcmp(columns[RESULT], "device_result") == 0 &&
                     strcmp(columns[RSC_DA], "rsc_table_da") == 0 &&
                     strcmp(columns[RSC_SIZE], "rsc_table_size") == 0,
                 "the columns of device.tsv");
    }
    check(rows > 60, "only %u rows", rows);
    table_end(&table);
    free(other.data);
    report_end();
}

/* ---- cases.tsv, cases-st.tsv ---- */

/* Those that this board does not load: it cannot decrypt, and takes one resource table. */
static enum rprocfw_status expected_of_load(const char *name)
{
    if (strncmp(name, "st_encrypted", strlen("st_encrypted")) == 0)
        return RPROCFW_ERR_LOAD;
    if (strcmp(name, "rsa2048_three_images") == 0)
        return RPROCFW_ERR_RSC_TWICE;
    return RPROCFW_OK;
}

static void judge_case(const char *name)
{
    struct bytes container = file_load("expected", name, ".sig");
    enum rprocfw_status status;
    struct life life;

    container_sign(container);
    status =
        judge(name, container, RPROCFW_VERIFY_CIPHERTEXT | RPROCFW_VERIFY_MANY_RSC_TABLES, &life);
    check(status == RPROCFW_OK, "%s: %s", name, rprocfw_status_name(status));
    check(life.status == expected_of_load(name), "%s: load says %s", name,
          rprocfw_status_name(life.status));
    free(container.data);
}

static unsigned judge_cases(const char *file)
{
    struct table table;
    char line[512];
    unsigned rows = 0;

    table_begin(&table, file);
    for (; table_next(&table, line, sizeof(line)); rows++) {
        line[strcspn(line, "\t")] = '\0';
        judge_case(line);
    }
    table_end(&table);
    return rows;
}

void section_expected(void)
{
    unsigned rows;

    report_begin("expected");
    other_begin();
    rows = judge_cases("cases.tsv") + judge_cases("cases-st.tsv");
    check(rows > 20, "only %u cases", rows);
    free(other.data);
    report_end();
}
