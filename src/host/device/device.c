/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TA answers to LOAD: which TAs there are, and the order of their checks. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_steps.h"

/* ---- The TAs ---- */

const struct rprocfw_ta rprocfw_known_ta[RPROCFW_KNOWN_TAS] = {
    {.family = RPROCFW_TA_OPTEE, .major = 4, .minor = 10},
    {.family = RPROCFW_TA_OPTEE, .major = 4, .minor = 9},
    {.family = RPROCFW_TA_ST, .major = 4, .minor = 0},
};

/* Of each family the newest first. */
static const struct rprocfw_ta_rules known_rules[] = {
    {.family = RPROCFW_TA_OPTEE, .major = 4, .minor = 10, .looks_at_all = true},
    {.family = RPROCFW_TA_OPTEE},
    {.family = RPROCFW_TA_ST, .st = true},
};

/* It has the checks of the releases before 4.10, as far as they are known. */
static const struct rprocfw_ta_rules rules_of_2020 = {.family = RPROCFW_TA_ST, .no_table = true};

static bool is_from(const struct rprocfw_ta *ta, const struct rprocfw_ta_rules *rules)
{
    return ta->family == rules->family &&
           (ta->major > rules->major || (ta->major == rules->major && ta->minor >= rules->minor));
}

static const struct rprocfw_ta_rules *rules_of(const struct rprocfw_ta *ta, bool old_layout)
{
    const struct rprocfw_ta_rules *rules = known_rules;

    if (old_layout)
        return &rules_of_2020;
    while (!is_from(ta, rules)) /* the last of a family is for every version */
        rules++;
    return rules;
}

/* ---- Answers ---- */

void rprocfw_place_print(char to[RPROCFW_PLACE_ROOM], uint32_t image, uint32_t segment)
{
    if (image == RPROCFW_NOWHERE)
        to[0] = '\0';
    else if (segment == RPROCFW_NOWHERE)
        (void)snprintf(to, RPROCFW_PLACE_ROOM, "image %" PRIu32 ": ", image);
    else
        (void)snprintf(to, RPROCFW_PLACE_ROOM, "image %" PRIu32 ", segment %" PRIu32 ": ", image,
                       segment);
}

bool rprocfw_foretell_fails(struct rprocfw_foretelling *f, enum rprocfw_check check,
                            const char *format, ...)
{
    struct rprocfw_device *answer = f->answer;
    char where[RPROCFW_PLACE_ROOM];
    char what[sizeof(answer->reason)];
    va_list arguments;

    rprocfw_place_print(where, f->image, f->segment);
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    rprocfw_print(answer->reason, sizeof(answer->reason), "%s%s", where, what);
    rprocfw_check_fill(answer, check);
    answer->image = f->image;
    answer->segment = f->segment;
    return false;
}

bool rprocfw_foretell_cannot(struct rprocfw_foretelling *f, const char *why)
{
    rprocfw_print(f->answer->reason, sizeof(f->answer->reason), "%s", why);
    return false;
}

bool rprocfw_foretell_broke(struct rprocfw_foretelling *f, enum rprocfw_status status)
{
    f->status = status;
    return false;
}

/* ---- Reading ---- */

static bool is_in(const struct rprocfw_window *window, uint64_t offset, uint32_t size)
{
    return offset >= window->start && offset - window->start <= window->size &&
           size <= window->size - (offset - window->start);
}

bool rprocfw_foretell_read(struct rprocfw_foretelling *f, struct rprocfw_window *window,
                           uint64_t offset, void *dst, uint32_t size)
{
    const struct rprocfw_view *view = f->job->view;

    if (size == 0)
        return true;
    if (offset > view->size || size > view->size - offset)
        return rprocfw_foretell_cannot(f, "the TA reads beyond the container's end: what it finds "
                                          "there is not known");
    if (!is_in(window, offset, size)) {
        const uint64_t left = view->size - offset;
        const uint32_t room = sizeof(window->bytes);
        enum rprocfw_status status;

        window->start = (uint32_t)offset;
        window->size = left < room ? (uint32_t)left : room;
        status = view->read(view->ctx, window->start, window->bytes, window->size, f->error);
        if (status != RPROCFW_OK) {
            window->size = 0;
            return rprocfw_foretell_broke(f, status);
        }
    }
    memcpy(dst, window->bytes + (offset - window->start), size);
    return true;
}

/* ---- LOAD ---- */

static bool load_images(struct rprocfw_foretelling *f)
{
    f->start = f->payload;
    for (f->image = 0; f->image < f->images; f->image++) {
        if (!rprocfw_foretell_image(f) || !rprocfw_foretell_segments(f) ||
            !rprocfw_foretell_sections(f))
            return false;
        f->start += f->size;
    }
    return true;
}

static bool load(struct rprocfw_foretelling *f)
{
    if (f->rules->no_table)
        return rprocfw_foretell_2020(f);
    return rprocfw_foretell_header(f) && rprocfw_foretell_signature(f) &&
           rprocfw_foretell_platform(f) && rprocfw_foretell_first_elf(f) &&
           rprocfw_foretell_table(f) && rprocfw_foretell_num_img(f) && load_images(f);
}

enum rprocfw_status rprocfw_foretell(struct rprocfw_foretelling *f,
                                     const struct rprocfw_board *board, const struct rprocfw_ta *ta,
                                     struct rprocfw_device *answer, struct rprocfw_error *error)
{
    *answer = (struct rprocfw_device){
        .ta = board != NULL ? board->ta : *ta,
        .board = board != NULL ? board->name : NULL,
        .name = "TEE_SUCCESS",
        .image = RPROCFW_NOWHERE,
        .segment = RPROCFW_NOWHERE,
        .signature_assumed = f->job->signature == RPROCFW_FORETELL_ASSUMED,
    };
    f->board = board;
    f->rules = rules_of(&answer->ta, board != NULL && board->old_layout);
    f->answer = answer;
    f->status = RPROCFW_OK;
    f->error = error;
    f->close = false;
    f->image = RPROCFW_NOWHERE;
    f->segment = RPROCFW_NOWHERE;
    answer->is_predicted = load(f) || answer->check != NULL;
    if (answer->check != NULL)
        answer->has_rsc_table = false;
    return f->status;
}

enum rprocfw_status rprocfw_foretell_begin(struct rprocfw_foretelling **out,
                                           const struct rprocfw_foretell_job *job,
                                           struct rprocfw_error *error)
{
    struct rprocfw_foretelling *f = calloc(1, sizeof(*f));
    const struct rprocfw_view *view = job->view;
    uint8_t bytes[RPROCFW_HEADER_SIZE];
    enum rprocfw_status status;

    *out = f;
    if (f == NULL)
        return rprocfw_no_memory(error);
    f->job = job;
    if (view->size < sizeof(bytes))
        return RPROCFW_OK;
    status =
        job->metadata != NULL ? RPROCFW_OK : view->read(view->ctx, 0, bytes, sizeof(bytes), error);
    if (status == RPROCFW_OK)
        rprocfw_header_decode(job->metadata != NULL ? job->metadata : bytes, &f->header);
    if (job->metadata != NULL)
        f->tlvs = job->metadata + RPROCFW_HEADER_SIZE;
    return status;
}

void rprocfw_foretell_end(struct rprocfw_foretelling *f)
{
    if (f == NULL)
        return;
    free(f->addresses.key);
    free(f);
}
