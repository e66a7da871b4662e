/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A firmware for the Cortex-M4 of an STM32MP15, as small as can be: it writes "hello" and a counter
 * into its trace buffer, again and again. Linux shows the buffer as
 * /sys/kernel/debug/remoteproc/remoteproc0/trace0.
 */
#include <stddef.h>
#include <stdint.h>

/* From the linker script: one past the last word of the stack. */
extern uint32_t stack_top[];

void reset_handler(void);

/* .bss: in the file it takes no room, and whoever loads the firmware zeroes it. */
static char trace_buffer[1024];

/* .data: loaded straight to where it is used, so the start-up code has nothing to copy. */
static uint32_t volatile delay = 1000000;

static void fault_handler(void)
{
    for (;;)
        ;
}

/* What the core reads at address 0: the first stack pointer, then what to jump to. */
struct vectors {
    uint32_t *stack;
    void (*exception[15])(void); /* reset, NMI, HardFault ... SysTick */
};

__attribute__((section(".isr_vectors"), used)) static const struct vectors vectors = {
    .stack = stack_top,
    .exception = {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler,
                  fault_handler, NULL, NULL, NULL, NULL, fault_handler, fault_handler, NULL,
                  fault_handler, fault_handler},
};

/* What Linux reads before the start (include/linux/remoteproc.h has the same structures). */
struct resource_table {
    uint32_t version;
    uint32_t entries;
    uint32_t reserved[2];
    uint32_t trace_offset; /* of the entry, from the start of the table */
    struct {
        uint32_t type;    /* 2: a trace buffer */
        uint32_t address; /* device address */
        uint32_t size;    /* bytes */
        uint32_t reserved;
        char name[32];
    } trace;
};

__attribute__((section(".resource_table"), used)) static struct resource_table resource_table = {
    .version = 1,
    .entries = 1,
    .trace_offset = offsetof(struct resource_table, trace),
    .trace = {.type = 2,
              .address = (uint32_t)(uintptr_t)trace_buffer,
              .size = sizeof(trace_buffer),
              .name = "trace0"},
};

/* Appends a character to the trace; starts again at its beginning when it is full. */
static void put(char c)
{
    static uint32_t volatile used;

    if (used == sizeof(trace_buffer) - 1)
        used = 0;
    *(char volatile *)&trace_buffer[used] = c;
    used = used + 1;
}

static void put_text(const char *text)
{
    while (*text != '\0')
        put(*text++);
}

static void put_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put("0123456789abcdef"[(value >> shift) & 15u]);
}

void reset_handler(void)
{
    for (uint32_t count = 0;; count++) {
        put_text("hello ");
        put_hex(count);
        put('\n');
        for (uint32_t volatile i = delay; i > 0; i = i - 1)
            ;
    }
}
