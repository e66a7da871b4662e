/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs boot-loader.c on a host, for the M4 of board.c:
 *
 *   rproc-key c-source --out public_key.c key.pub.pem
 *   cc boot-loader-main.c boot-loader.c board.c public_key.c \
 *       $(pkg-config --cflags --libs rprocfw-core libcrypto)
 *   ./a.out firmware.sig
 */
#include <stdio.h>

#include "board.h"

int main(int argc, char **argv)
{
    static uint8_t container[1 << 20];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    enum rprocfw_status status;

    if (file == NULL) {
        (void)fprintf(stderr, "usage: boot-loader FIRMWARE.sig\n");
        return 2;
    }
    board_power_on();
    board_m4.container = container;
    board_m4.container_size = (uint32_t)fread(container, 1, sizeof(container), file);
    (void)fclose(file);

    status = boot_firmware(&board_m4);
    if (status == RPROCFW_OK)
        printf("%s runs; resource table: %u bytes at 0x%llx\n", board_m4.name,
               (unsigned)board_m4.rsc_size, (unsigned long long)board_m4.rsc_pa);
    else
        printf("%s does not run, and its memory is %s: %s\n", board_m4.name,
               board_is_clear(&board_m4) ? "clear" : "not clear", rprocfw_status_text(status));
    return status == RPROCFW_OK ? 0 : 1;
}
