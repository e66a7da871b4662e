/* SPDX-License-Identifier: BSD-2-Clause */
/* Outcomes on standard output, complaints on standard error. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "sha256.h"

#define MAX_COMPLAINTS 50u /* of thousands the first will do */

bool report_all;
unsigned checks_failed;
unsigned checks_made;

static const char *name;
static struct sha256 outcomes;
static unsigned count;

void report_begin(const char *section)
{
    name = section;
    count = 0;
    sha256_begin(&outcomes);
}

void report_end(void)
{
    uint8_t digest[32];
    unsigned i;

    sha256_end(&outcomes, digest);
    printf("%s: %u outcomes, SHA-256 ", name, count);
    for (i = 0; i < sizeof(digest); i++)
        printf("%02x", digest[i]);
    printf("\n");
    fflush(stdout);
}

static void add(bool print, const char *format, va_list arguments)
{
    char line[512];
    const int size = vsnprintf(line, sizeof(line), format, arguments);

    need(size > 0 && (size_t)size < sizeof(line), "an outcome of %d characters", size);
    sha256_add(&outcomes, line, (size_t)size + 1);
    count++;
    if (print)
        printf("%s: %s\n", name, line);
}

void report(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(report_all, format, arguments);
    va_end(arguments);
}

void report_line(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(true, format, arguments);
    va_end(arguments);
}

static const char *where(uint32_t value, char text[11])
{
    if (value == RPROCFW_NOWHERE)
        return "-";
    snprintf(text, 11, "0x%" PRIx32, value);
    return text;
}

const char *outcome(enum rprocfw_status status, const struct rprocfw_verifier *v)
{
    static char text[256];
    const char *word = rprocfw_status_name(status);
    struct rprocfw_diag diag;
    char tlv[11];
    char image[11];
    char segment[11];

    if (status == RPROCFW_OK)
        return word;
    rprocfw_explain(v, status, &diag);
    snprintf(text, sizeof(text),
             "%s at %" PRIu32 ", tlv %s, image %s, segment %s, found %" PRIu32
             ", expected %" PRIu32,
             word != NULL ? word : "no status", diag.offset, where(diag.tlv, tlv),
             where(diag.image, image), where(diag.segment, segment), diag.found, diag.expected);
    return text;
}

static void complain(const char *format, va_list arguments)
{
    fprintf(stderr, "%s: ", name != NULL ? name : "start");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
}

bool check(bool holds, const char *format, ...)
{
    va_list arguments;

    checks_made++;
    if (holds)
        return true;
    if (checks_failed++ < MAX_COMPLAINTS) {
        va_start(arguments, format);
        complain(format, arguments);
        va_end(arguments);
    }
    return false;
}

void need(bool holds, const char *format, ...)
{
    va_list arguments;

    if (holds)
        return;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    exit(1);
}
