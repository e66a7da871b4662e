/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest firmware for the Cortex-M4 of an STM32MP15: put your own in its place. */
#include <stdint.h>

extern uint32_t stack_top[]; /* from the linker script */

void reset_handler(void);

static uint32_t volatile counter = 1; /* .data: loaded where it is used */

void reset_handler(void)
{
    for (;;)
        counter = counter + 1;
}

/* What the core reads at address 0: the first stack pointer, then what to jump to. */
static const struct {
    uint32_t *stack;
    void (*reset)(void);
} vectors __attribute__((section(".isr_vectors"), used)) = {stack_top, reset_handler};
