/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify --explain: what a board's answer means. */
#ifndef RPROCFW_TOOLS_EXPLAIN_H
#define RPROCFW_TOOLS_EXPLAIN_H

#include <jansson.h>

#include <rprocfw/answer.h>
#include <rprocfw/report.h>

/* What it means; with reasons also those that it may have, the likeliest first. */
void print_answer(const struct rprocfw_answer *answer, bool reasons);

/* Which reason it is, of a container that the board answers so to, as far as it can be told; with
 * its number, if the reasons were printed. board: the one that was named, or NULL. */
void print_answer_to(const struct rprocfw_answer *answer, const struct rprocfw_report *report,
                     const struct rprocfw_board *board, bool numbered);

/* The first for machines, to a document; false: no memory. */
bool document_add_answer(json_t *document, const struct rprocfw_answer *answer);

#endif
