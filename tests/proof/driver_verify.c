/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole verdict, rprocfw_verify_begin and rprocfw_verify_finish, over the containers of
 * container.h: what follows a signature that may be good. Any number of program headers and
 * section headers; the work buffer may be said to be smaller than it is, and ends where it ends.
 */
#include "container.h"

static struct rprocfw_verifier v;

int main(void)
{
    choose_platform();
    if (rprocfw_verify_begin(&v, &platform, NULL, any_u32(), any_u32()) != RPROCFW_OK)
        return 0;
    /* A state for each value: what EVA knows of it holds together. */
    //@ dynamic_split v.tlv.offset;
    //@ dynamic_split v.images < IMAGES;
    //@ dynamic_split v.images > IMAGES;
    //@ dynamic_split v.entry;
    if (rprocfw_verify_finish(&v, work, Frama_C_unsigned_int_interval(0, sizeof(work))) ==
        RPROCFW_OK) {
        must(signature == GOOD);
        must(failed == 0);
    }
    return 0;
}
