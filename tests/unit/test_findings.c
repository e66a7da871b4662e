/* SPDX-License-Identifier: BSD-2-Clause */
/* Each finding: a firmware that has it, and one that is almost the same and has not. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rprocfw/key.h>

#include "findings.h"
#include "suite.h"

static struct findings_firmware firmware[MAX_FIRMWARES];
static struct container c;

static void make_mp15(void)
{
    findings_mp15(&firmware[0]);
}

static void expect_mp15(const char *expected)
{
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    findings_expect(&c, findings_board_mp15(), expected);
}

/* One image, for the non-secure world. */
static void make_mp25(void)
{
    findings_mp25(&firmware[0], 0x80100000);
}

static void expect_mp25(uint32_t bootaddr, const char *expected)
{
    findings_container(&c, firmware, 1);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, bootaddr);
    findings_expect(&c, findings_board_mp25(), expected);
}

START_TEST(nothing_is_found_where_all_is_well)
{
    make_mp15();
    expect_mp15("");
    findings_expect(&c, NULL, "");
    make_mp25();
    expect_mp25(0x80100000, "");
    findings_expect(&c, NULL, "");
}
END_TEST

/* ---- Overlaps ---- */

START_TEST(file_bytes_over_file_bytes)
{
    make_mp15();
    firmware[0].elf.phdrs[2].paddr = 0x1000007C;
    expect_mp15("error segment-overlap image 0, segment 2: overwrites 4 bytes at 0x1000007c "
                "that image 0, segment 1 brought; give each segment memory of its own in "
                "the linker script\n");
    findings_expect(&c, NULL,
                    "warning segment-overlap image 0, segment 2: overwrites 4 bytes at "
                    "0x1000007c that image 0, segment 1 brought; give each segment memory "
                    "of its own in the linker script\n");
    firmware[0].elf.phdrs[2].paddr = 0x10000080;
    expect_mp15("");
}
END_TEST

START_TEST(zero_fill_over_file_bytes_that_came_before)
{
    make_mp15();
    firmware[0].elf.phdrs[2].paddr = 0x40;
    firmware[0].elf.phdrs[0].memsz = 0x41; /* loaded before: what comes later wins */
    expect_mp15("");
    firmware[0].elf.phdrs[0] = firmware[0].elf.phdrs[2];
    firmware[0].elf.phdrs[2] = (struct rprocfw_phdr){PT_LOAD, VECTORS_AT, 0, 0, 0x40, 0x41, 4, 4};
    expect_mp15("error zero-fill-overlap image 0, segment 2: its zero-fill (p_memsz beyond "
                "p_filesz) overwrites 1 bytes at 0x00000040 that image 0, segment 0 "
                "brought; place .bss where nothing is loaded before\n");
}
END_TEST

START_TEST(overlaps_are_found_across_images)
{
    findings_mp15(&firmware[0]);
    findings_mp15(&firmware[1]);
    firmware[1].elf.shnum = 0; /* one resource table is enough */
    firmware[1].elf.phdrs[0].paddr = 0x100;
    firmware[1].elf.phdrs[1].paddr = 0x10001000;
    firmware[1].elf.phdrs[2].paddr = 0x10020200;
    findings_container(&c, firmware, 2);
    findings_expect(&c, NULL, "");
    firmware[1].elf.phdrs[2].paddr = 0x100200FF;
    findings_container(&c, firmware, 2);
    findings_expect(&c, NULL,
                    "warning segment-overlap image 1, segment 2: overwrites 1 bytes at "
                    "0x100200ff that image 0, segment 2 brought; give each segment memory "
                    "of its own in the linker script\n");
}
END_TEST

/* Two device addresses of one memory. */
START_TEST(overlaps_are_found_by_physical_address)
{
    struct rprocfw_board *board = findings_board_mp15();

    make_mp15();
    firmware[0].elf.phdrs[2].vaddr = 0x10020000;
    firmware[0].elf.phdrs[2].paddr = 0x10000040;
    firmware[0].elf.phdrs[1].vaddr = 0x10000000;
    firmware[0].elf.phdrs[1].paddr = 0x0;
    firmware[0].elf.phdrs[0].paddr = 0x100;
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    findings_expect(&c, NULL, "");
    board->ta.family = RPROCFW_TA_ST;
    board->range[0].pa = 0x10000000; /* 0 is 0x10000000 */
    ck_assert_ptr_nonnull(strstr(findings_of(&c, board, NULL),
                                 "error segment-overlap image 0, segment 2: overwrites 64 "
                                 "bytes at 0x00000040 that image 0, segment 1 brought"));
}
END_TEST

/* ---- Worlds ---- */

START_TEST(a_non_secure_image_in_secure_memory)
{
    findings_mp25(&firmware[0], 0x80000000);
    expect_mp25(0x80000000,
                "error nonsecure-in-secure image 0, segment 0: of a non-secure image (alone "
                "and without BOOTSEC), in the secure region tfm_code, which it cannot reach; place "
                "it in a non-secure region, or, if the image is secure, sign it with --plat-tlv "
                "BOOTSEC 0x1\n"
                "error nonsecure-in-secure image 0, segment 1: of a non-secure image (alone "
                "and without BOOTSEC), in the secure region tfm_code, which it cannot reach; place "
                "it in a non-secure region, or, if the image is secure, sign it with --plat-tlv "
                "BOOTSEC 0x1\n");
}
END_TEST

/* The zeros start where the next region does. */
START_TEST(zero_fill_in_memory_of_the_other_world)
{
    struct rprocfw_phdr *data = &firmware[0].elf.phdrs[2];

    for (unsigned zeros = 0; zeros <= 4; zeros += 4) {
        findings_mp25(&firmware[0], 0x80000000);
        data->vaddr = data->paddr = 0x80100000 - TABLE_SIZE;
        data->memsz = data->filesz = TABLE_SIZE;
        data->memsz += zeros;
        firmware[0].elf.shnum = 2;
        findings_container(&c, firmware, 1);
        findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80000000);
        findings_add_word(&c, RPROCFW_TLV_BOOTSEC, 1);
        findings_expect(&c, findings_board_mp25(),
                        zeros == 0 ? ""
                                   : "warning secure-in-nonsecure image 0, segment 2: of a secure "
                                     "image (it starts secure: BOOTSEC), in the non-secure region "
                                     "cm33_cube_fw, where others can change it; place it in a "
                                     "secure region\n");
    }
}
END_TEST

START_TEST(a_secure_image_in_non_secure_memory)
{
    findings_mp25(&firmware[0], 0x80000000);
    findings_container(&c, firmware, 1);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80000000);
    findings_add_word(&c, RPROCFW_TLV_BOOTSEC, 1);
    findings_expect(&c, findings_board_mp25(),
                    "warning secure-in-nonsecure image 0, segment 2: of a secure image (it "
                    "starts secure: BOOTSEC), in the non-secure region ipc_shmem, where others can "
                    "change it; place it in a secure region\n");
}
END_TEST

static void make_two(unsigned nonsecure, unsigned secure)
{
    findings_mp25(&firmware[nonsecure], 0x80100000);
    findings_mp25(&firmware[secure], 0x80000000);
    firmware[secure].elf.phdrs[2] = (struct rprocfw_phdr){
        PT_LOAD, TABLE_AT, 0x0A060000, 0x0A060000, TABLE_SIZE, TABLE_SIZE, 6, 4};
    firmware[secure].elf.shnum = 2;
    firmware[secure].stack = 0x0A080000;
    findings_container(&c, firmware, 2);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80000000);
    findings_add_word(&c, RPROCFW_TLV_BOOTSEC, 1);
}

START_TEST(of_two_images_the_first_is_non_secure)
{
    make_two(0, 1);
    findings_expect(&c, findings_board_mp25(), "");
    make_two(1, 0);
    findings_expect(&c, findings_board_mp25(),
                    "warning image-order 5 segments lie in memory of the other world, and none "
                    "would if the two images were swapped; by ST's convention the non-secure image "
                    "is first: give them to rproc-sign in the other order\n");
}
END_TEST

START_TEST(the_world_of_three_images_cannot_be_told)
{
    make_two(1, 0);
    firmware[2] = firmware[0];
    for (unsigned i = 0; i < 3; i++)
        firmware[2].elf.phdrs[i].paddr += 0x1000;
    findings_container(&c, firmware, 3);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80000000);
    findings_expect(&c, findings_board_mp25(), "");
}
END_TEST

/* ---- The start ---- */

START_TEST(a_vector_table_that_no_segment_brings)
{
    make_mp15();
    firmware[0].elf.sections[0].addr = 0x1000;
    expect_mp15("error vectors-not-loaded image 0: its vector table at 0x00001000 is in no "
                "segment, so nobody loads it; give .isr_vectors a place in a PT_LOAD in the linker "
                "script\n");
    findings_expect(&c, NULL,
                    "warning vectors-not-loaded image 0: its vector table at 0x00001000 is in no "
                    "segment, so nobody loads it; give .isr_vectors a place in a PT_LOAD in the "
                    "linker script\n");
}
END_TEST

/* Linked to one address, and loaded to another, where the core looks. */
START_TEST(a_vector_table_that_is_loaded_elsewhere)
{
    make_mp15();
    firmware[0].elf.phdrs[0].vaddr = 0x10003000;
    firmware[0].elf.sections[0].addr = 0x10003000;
    expect_mp15("");
    firmware[0].elf.sections[0].addr = 0x10003004; /* not where its bytes are */
    expect_mp15("error vectors-not-loaded image 0: its vector table at 0x10003004 is in no "
                "segment, so nobody loads it; give .isr_vectors a place in a PT_LOAD in the linker "
                "script\n");
}
END_TEST

START_TEST(a_vector_table_that_is_not_where_the_core_looks)
{
    make_mp15();
    firmware[0].elf.phdrs[0].vaddr = firmware[0].elf.phdrs[0].paddr = 0x400;
    firmware[0].elf.sections[0].addr = 0x400;
    expect_mp15("error vectors-not-at-start image 0: its vector table is at 0x00000400, and the "
                "core takes the one at 0x00000000, where no segment brings bytes; place "
                ".isr_vectors there\n");
    findings_expect(&c, NULL, "");
    firmware[0].elf.sections[0].name = ".vectors";
    expect_mp15("error vectors-not-at-start the core takes its vector table at 0x00000000, and no "
                "segment brings bytes there; place .isr_vectors there\n");
}
END_TEST

START_TEST(no_start_is_expected_where_the_board_has_no_memory)
{
    struct rprocfw_board *board = findings_board_mp15();

    make_mp15();
    firmware[0].elf.phdrs[0].vaddr = firmware[0].elf.phdrs[0].paddr = 0x10002000;
    firmware[0].elf.sections[0].addr = 0x10002000;
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    board->region[0].pa = 0x50000000;
    findings_expect(&c, board, "");
}
END_TEST

START_TEST(bootaddr_is_missing)
{
    make_mp25();
    findings_container(&c, firmware, 1);
    findings_expect(&c, findings_board_mp25(),
                    "error platform-tlv-missing no BOOTADDR, and the board does not start without "
                    "it; give it with --plat-tlv BOOTADDR auto\n");
    findings_expect(&c, NULL, "");
}
END_TEST

START_TEST(bootaddr_is_zero)
{
    make_mp25();
    expect_mp25(0, "error bootaddr-zero BOOTADDR is 0, which boards refuse; give the address of "
                   ".isr_vectors, or --plat-tlv BOOTADDR auto\n");
}
END_TEST

START_TEST(bootaddr_is_not_the_vector_table)
{
    make_mp25();
    expect_mp25(0x80100080,
                "error bootaddr-not-vectors BOOTADDR is 0x80100080, and the vector table of image "
                "0 is at 0x80100000; give that, or --plat-tlv BOOTADDR auto\n");
    firmware[0].elf.sections[0].name = ".vectors"; /* nobody knows that it is one */
    firmware[0].elf.phdrs[1].paddr += 0x80;
    expect_mp25(0x80100000, "");
}
END_TEST

START_TEST(bootaddr_is_not_aligned)
{
    findings_mp25(&firmware[0], 0x80100040);
    expect_mp25(0x80100040, "error bootaddr-unaligned BOOTADDR 0x80100040 is no multiple of 128; "
                            "align the vector table in the linker script\n");
    findings_expect(&c, NULL,
                    "warning bootaddr-unaligned BOOTADDR 0x80100040 is no multiple of 128; align "
                    "the vector table in the linker script\n");
}
END_TEST

START_TEST(bootaddr_is_outside_of_all_segments)
{
    make_mp25();
    expect_mp25(0x80200000,
                "error bootaddr-outside BOOTADDR 0x80200000: no segment brings bytes "
                "there; give the address of the vector table, or --plat-tlv BOOTADDR auto\n");
}
END_TEST

START_TEST(bootaddr_is_not_executable)
{
    make_mp25();
    firmware[0].elf.phdrs[0].flags = 4; /* PF_R */
    expect_mp25(0x80100000,
                "note bootaddr-not-executable image 0, segment 0: BOOTADDR 0x80100000 lies in it, "
                "and it is not executable; right if it is a vector table in a segment of its own; "
                "if not, give the address of the vector table\n");
}
END_TEST

/* OP-TEE's TA ignores it. */
START_TEST(bootaddr_means_nothing_to_a_board_without_it)
{
    make_mp15();
    findings_container(&c, firmware, 1);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x12345);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    findings_expect(&c, findings_board_mp15(), "");
}
END_TEST

START_TEST(the_initial_stack_pointer_is_outside_of_memory)
{
    make_mp15();
    firmware[0].stack = 0x10040004;
    expect_mp15("warning stack-outside image 0, segment 0: the first word of the vector "
                "table, the initial stack pointer, is 0x10040004, outside of the board's memory "
                "regions; let the linker script place the top of the stack in one of them\n");
    findings_expect(&c, NULL, "");
    firmware[0].stack = 0;
    expect_mp15("warning stack-outside image 0, segment 0: the first word of the vector "
                "table, the initial stack pointer, is 0x00000000, outside of the board's memory "
                "regions; let the linker script place the top of the stack in one of them\n");
}
END_TEST

/* As the core may see memory that the TA does not load to. */
START_TEST(the_stack_may_be_reached_by_any_range)
{
    struct rprocfw_board *board = findings_board_mp15();

    make_mp15();
    firmware[0].stack = 0x30040000;
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    ck_assert_str_ne(findings_of(&c, board, NULL), "");
    board->range[0] = (struct rprocfw_board_range){0x30000000, 0x10000000, 0x60000};
    ck_assert_ptr_null(strstr(findings_of(&c, board, NULL), "stack"));
}
END_TEST

START_TEST(the_reset_vector_is_outside_of_code)
{
    make_mp15();
    firmware[0].reset = 0x1000007F; /* the last two bytes of code */
    expect_mp15("");
    firmware[0].reset = 0x10000081;
    expect_mp15(
        "error reset-outside image 0, segment 0: the second word of the vector "
        "table, the reset vector, is 0x10000081, and no executable segment brings bytes "
        "there; place the reset handler in an executable PT_LOAD, or correct the vector table\n");
    firmware[0].reset = 0x10020001; /* data */
    ck_assert_ptr_nonnull(strstr(findings_of(&c, NULL, NULL), "note reset-outside "));
    expect_mp15(
        "error reset-outside image 0, segment 0: the second word of the vector "
        "table, the reset vector, is 0x10020001, and no executable segment brings bytes "
        "there; place the reset handler in an executable PT_LOAD, or correct the vector table\n");
}
END_TEST

/* By the address that it is linked to, or by another one of the same memory. */
START_TEST(the_reset_vector_may_have_another_address)
{
    struct rprocfw_board *board = findings_board_mp15();

    make_mp15();
    firmware[0].elf.phdrs[1].vaddr = 0x20000000;
    firmware[0].reset = 0x20000001;
    expect_mp15("");
    make_mp15();
    firmware[0].reset = 0x00000041;
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    ck_assert_ptr_nonnull(strstr(findings_of(&c, board, NULL), "reset-outside"));
    board->ta.family = RPROCFW_TA_ST;
    board->range[0].pa = 0x10000000;
    ck_assert_ptr_null(strstr(findings_of(&c, board, NULL), "reset-outside"));
}
END_TEST

START_TEST(the_reset_vector_is_not_thumb)
{
    make_mp15();
    firmware[0].reset = 0x10000000;
    expect_mp15("error reset-not-thumb image 0, segment 0: the second word of the vector "
                "table, the reset vector, is 0x10000000, without the lowest bit that says Thumb: a "
                "Cortex-M faults; declare the handler a function (.thumb_func, .type)\n");
}
END_TEST

/* Where no section names the vector table, it is where the core starts. */
START_TEST(a_vector_table_without_a_name)
{
    make_mp15();
    firmware[0].elf.sections[0].name = ".vectors";
    firmware[0].reset = 0x10030001;
    expect_mp15(
        "error reset-outside image 0, segment 0: the second word of the vector "
        "table, the reset vector, is 0x10030001, and no executable segment brings bytes "
        "there; place the reset handler in an executable PT_LOAD, or correct the vector table\n");
    findings_expect(&c, NULL, "");
}
END_TEST

/* ---- Resource tables ---- */

static void put(uint32_t offset, uint32_t value)
{
    rprocfw_u32_encode(firmware[0].rsc_table + offset, value);
}

START_TEST(a_resource_table_that_linux_does_not_see)
{
    struct rprocfw_board *board = findings_board_mp25();

    make_mp25();
    expect_mp25(0x80100000, "");
    board->seen[0].size = TABLE_SIZE - 1;
    ck_assert_ptr_nonnull(
        strstr(findings_of(&c, board, NULL),
               "warning rsc-table-unseen image 0: its resource table, 256 bytes at 0x81200000, is "
               "not within what Linux sees of the memory; place .resource_table in one region of "
               "that\n"));
    board->has_seen = false;
    findings_expect(&c, board, "");
}
END_TEST

START_TEST(entries_of_the_resource_table_outside_of_what_linux_sees)
{
    make_mp25();
    put(28, 0x80100100);
    put(100, 0x812F8000);
    expect_mp25(0x80100000,
                "warning rsc-outside image 0, segment 2: resource table, entry 0: trace "
                "buffer trace0, 64 bytes at 0x80100100, is not within what Linux sees of the "
                "memory; place it in one region of that, or let Linux choose (0xffffffff)\n");
    put(28, 0x81200100);
    put(100, 0x812F8004); /* one page, and four bytes too far */
    expect_mp25(0x80100000,
                "warning rsc-outside image 0, segment 2: resource table, entry 1: vring 0, "
                "4096 bytes at 0x812f8004, is not within what Linux sees of the memory; place it "
                "in one region of that, or let Linux choose (0xffffffff)\n");
    findings_expect(&c, NULL, "");
}
END_TEST

START_TEST(entries_of_the_resource_table_outside_of_all_memory)
{
    make_mp15();
    put(28, 0x1003FFC0);
    expect_mp15("");
    put(28, 0x1003FFC1);
    expect_mp15("warning rsc-outside image 0, segment 2: resource table, entry 0: trace "
                "buffer trace0, 64 bytes at 0x1003ffc1, is not within the board's memory regions; "
                "place it in one region of that, or let Linux choose (0xffffffff)\n");
}
END_TEST

START_TEST(wrong_entries_of_the_resource_table)
{
    make_mp15();
    put(36, 1);
    put(4, 4);
    memmove(firmware[0].rsc_table + 32, firmware[0].rsc_table + 24, 128);
    put(16, 32);
    put(20, 200); /* a devmem */
    put(24, 0x101);
    put(28, 80);
    put(200, 1);
    put(80, 4);
    expect_mp15(
        "warning rsc-malformed image 0, segment 2: resource table, entry 0: the trace buffer "
        "has 0x00000001 in its reserved word; write 0\n"
        "warning rsc-malformed image 0, segment 2: resource table, entry 2: it is at 0x101, "
        "behind the 256 bytes of the table; correct the offset\n"
        "warning rsc-devmem image 0, segment 2: resource table, entry 1: a devmem (device "
        "address 0x00000000): Linux refuses it for a remote processor without IOMMU; leave it out\n"
        "warning rsc-unknown image 0, segment 2: resource table, entry 3: type 4 is none "
        "that Linux knows: it ignores the entry; 0 to 3 and, for vendors, 128 to 512 are; leave it "
        "out\n");
    findings_container(&c, firmware, 1);
    ck_assert_ptr_nonnull(strstr(findings_of(&c, NULL, NULL), "note rsc-malformed "));
}
END_TEST

START_TEST(an_entry_of_the_resource_table_that_is_not_aligned)
{
    make_mp15();
    memmove(firmware[0].rsc_table + 73, firmware[0].rsc_table + 72, 128);
    put(20, 73);
    firmware[0].rsc_table[72] = 0;
    expect_mp15("warning rsc-unaligned image 0, segment 2: resource table, entry 1: it is "
                "at 0x49, which is no multiple of 4; align it to 4 bytes\n");
}
END_TEST

/* Of entries without end some are told, and how many more there are. */
START_TEST(many_findings_of_a_kind_are_counted)
{
    const char *text;
    unsigned lines = 0;

    make_mp15();
    put(4, 60);
    for (uint32_t i = 0; i < 60; i++)
        put(16 + 4 * i, 1000 + i);
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    text = findings_of(&c, findings_board_mp15(), NULL);
    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n'))
        lines++;
    ck_assert_uint_eq(lines, 17);
    ck_assert_ptr_nonnull(strstr(text, "\nwarning rsc-malformed and 44 more\n"));
}
END_TEST

/* ---- TLVs ---- */

START_TEST(a_platform_tlv_that_the_board_does_not_know)
{
    struct rprocfw_board *board = findings_board_mp25();

    make_mp25();
    findings_container(&c, firmware, 1);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80100000);
    findings_add_word(&c, 0x10010, 1);
    findings_expect(&c, board,
                    "error platform-tlv-unknown the platform TLV 0x00010010 is none that the board "
                    "knows, and it refuses those; leave it out\n");
    findings_expect(&c, NULL, "");
    board->any_tlv = true;
    findings_expect(&c, board, "");
}
END_TEST

static void expect_bootaddr(const char *value, uint32_t size, const char *expected)
{
    findings_container(&c, firmware, 1);
    tlv_append(&c, RPROCFW_TLV_BOOTADDR, value, size);
    findings_expect(&c, findings_board_mp25(), expected);
}

START_TEST(a_platform_tlv_of_the_wrong_length)
{
    make_mp25();
    expect_bootaddr(
        "2148532224", 10,
        "error platform-tlv-length BOOTADDR has 10 bytes (the text \"2148532224\"), and "
        "the board wants 4; give --plat-tlv a number with 0x\n");
    expect_bootaddr("\0\0\x10\x80\0", 5,
                    "error platform-tlv-length BOOTADDR has 5 bytes, and the board wants 4; give "
                    "--plat-tlv a number with 0x\n");
    expect_bootaddr("", 0,
                    "error platform-tlv-length BOOTADDR has 0 bytes, and the board wants 4; give "
                    "--plat-tlv a number with 0x\n");
    expect_bootaddr("\0\0\x10\x80", 4, "");
}
END_TEST

START_TEST(a_platform_tlv_that_is_text)
{
    make_mp25();
    findings_container(&c, firmware, 1);
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80100000);
    tlv_append(&c, RPROCFW_TLV_BOOTSEC, "true", 4);
    ck_assert_ptr_nonnull(
        strstr(findings_of(&c, findings_board_mp25(), NULL),
               "warning platform-tlv-text BOOTSEC is the text \"true\", which the board takes for "
               "the number 0x65757274; give --plat-tlv a number with 0x\n"));
}
END_TEST

START_TEST(bootsec_that_is_zero)
{
    struct rprocfw_board *board = findings_board_mp25();

    make_two(0, 1);
    rprocfw_u32_encode(tlv_find(&c, RPROCFW_TLV_BOOTSEC)->value, 0);
    findings_expect(&c, board,
                    "warning bootsec-zero BOOTSEC is 0, and ST's 4.0.0 starts in the secure world "
                    "all the same; leave BOOTSEC out for the non-secure world\n");
}
END_TEST

/* ---- Keys ---- */

#define KEYS VECTORS "/keys/"

static void make_pkeyinfo(const char *file)
{
    const struct bytes info = vector_load(file);

    make_mp25();
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    findings_add_word(&c, RPROCFW_TLV_BOOTADDR, 0x80100000);
    tlv_append(&c, RPROCFW_TLV_PKEYINFO, info.data, info.size);
}

START_TEST(pkeyinfo_is_missing)
{
    struct rprocfw_board *board = findings_board_mp25();

    make_mp25();
    expect_mp25(0x80100000, "");
    board->pkeyinfo = RPROCFW_BOARD_PKEYINFO_REQUIRED;
    findings_expect(&c, board,
                    "error pkeyinfo-missing no PKEYINFO, and the board takes the key from there; "
                    "sign with --key_info spki\n");
    make_pkeyinfo("keys/rsa2048.spki.der");
    findings_expect(&c, board, "");
    board->pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN; /* but for ECDSA */
    tlv_remove(&c, tlv_index(&c, RPROCFW_TLV_PKEYINFO));
    findings_expect(&c, board, "");
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_ECDSA;
    ck_assert_ptr_nonnull(strstr(findings_of(&c, board, NULL), "error pkeyinfo-missing "));
}
END_TEST

START_TEST(pkeyinfo_has_the_wrong_size)
{
    struct rprocfw_board *board = findings_board_mp25();

    make_pkeyinfo("keys/p256.spki.der");
    findings_expect(&c, board,
                    "warning pkeyinfo-size PKEYINFO has 91 bytes, and a board that reads it wants "
                    "294: the SubjectPublicKeyInfo of an RSA-2048 key; sign with --key_info "
                    "spki\n");
    board->pkeyinfo = RPROCFW_BOARD_PKEYINFO_REQUIRED;
    ck_assert_ptr_nonnull(strstr(findings_of(&c, board, NULL), "error pkeyinfo-size "));
    board->pkeyinfo = RPROCFW_BOARD_PKEYINFO_IGNORED;
    findings_expect(&c, board, "");
    findings_expect(&c, NULL, "");
}
END_TEST

START_TEST(pkeyinfo_has_another_key)
{
    struct rprocfw_board *board = findings_board_mp25();

    make_pkeyinfo("keys/rsa2048.spki.der");
    ck_assert_str_eq(findings_of(&c, board, KEYS "rsa2048.pub.pem"), "");
    ck_assert_str_eq(findings_of(&c, NULL, KEYS "rsa2048.pub.pem"), "");
    ck_assert_str_eq(findings_of(&c, NULL, KEYS "rsa2048.pkcs1.pub.pem"),
                     "warning pkeyinfo-other-key PKEYINFO has another key than the one that "
                     "signed, and boards that read it verify with that; sign with --key_info "
                     "spki\n");
    board->pkeyinfo = RPROCFW_BOARD_PKEYINFO_REQUIRED;
    ck_assert_ptr_nonnull(
        strstr(findings_of(&c, board, KEYS "rsa2048.pkcs1.pub.pem"), "error pkeyinfo-other-key "));
    board->pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN;
    ck_assert_ptr_nonnull(strstr(findings_of(&c, board, KEYS "rsa2048.pkcs1.pub.pem"),
                                 "warning pkeyinfo-other-key "));
}
END_TEST

/* OP-TEE's keys/default.pem, the public half. */
static const char published[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA6e6CY58Lzd7Vxb/B9k47X8fuvkYE8O1peo1UnmEaeuAI91y6\n"
    "wFSLkog7uPZcizDxyqA3OBtbFqi7nR0fTs+nr37W+yFSGZljZVXxudMojccsgHP9pMUjlmuu/1ISLyvA5Q8R6ALrTmNp\n"
    "UQfNqcdpIBgfwSDUrBUU0PIq6iiUdxoWtuC71OgKh4Ng8NXdIQHiJVwx2i/JB4lidWDPJY/nTLKnmDzbKtyKWeQfz4FJ\n"
    "gDjDAThZXASeoaEpWmjRDvfbG6I7ziU20jiAA5R8T6ht9DdwoJ+CIKovscukdedPZ9b8/IesBiZURZv7pwqAMWLVb93P\n"
    "Qj1a28VzyZOW4Mr/oa+9qY0/d19ApB5YJV7hf6fWY5mwPdAGuO4FpXinemD+HLXGXAu6+PlzftJW97UtvE5DMzkrMm9D\n"
    "Yjhe1b1AEHlDYJM7WTpRi9z4CuBymec5CsKFfZAJCQlKg5qjPKA73CH1PBtVzAK+N8ktbsIAIoiX0aQ5yItY9FyxqduS\n"
    "t2dt0tPjrjflvHWI1+27zgYy0sWOlsSWyz9NMoH9x1IGV0/ufOvns95y3XR3ptHIrB1iZdfSdBCVTHAscVksD8FWlC2S\n"
    "/EFedqYcB3ZjR1Fpb9ReGK2ChSVU/Dxg+Xa3AzUXo4Fz8rNaJ3/BvB8NphDhi391IEoPu/bRTVm6MT/YHaECAwEAAQ==\n"
    "-----END PUBLIC KEY-----\n";

START_TEST(a_published_test_key)
{
    char path[64];
    const int fd = memfd_create("key", 0);

    ck_assert_int_eq(write(fd, published, sizeof(published) - 1), sizeof(published) - 1);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    make_mp15();
    findings_container(&c, firmware, 1);
    ck_assert_ptr_nonnull(strstr(findings_of(&c, NULL, path),
                                 "warning published-key signed with a published test "
                                 "key (keys/default.pem of OP-TEE"));
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_signature_that_the_board_does_not_verify)
{
    make_mp15();
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_ECDSA;
    findings_expect(&c, findings_board_mp15(),
                    "error signtype-unsupported signed with ECDSA P-256, which the board does not "
                    "verify; sign with an RSA key\n");
    findings_expect(&c, NULL, "");
}
END_TEST

/* ---- Sizes ---- */

/* A TLV that fills the heap of a TA up to a byte of its limit. */
static void fill(uint32_t size)
{
    const uint32_t table = 3 * RPROCFW_HASH_ENTRY_SIZE;

    make_mp15();
    findings_container(&c, firmware, 1);
    c.tlvs[0].value[0] = RPROCFW_SIGNTYPE_RSA;
    container_measure(&c);
    tlv_append(&c, 0x10010, NULL, 0);
    tlv_resize(tlv_find(&c, 0x10010), size - table - payload_offset(&c));
    container_measure(&c);
    ck_assert_uint_eq(payload_offset(&c) + table, size);
}

START_TEST(a_hash_table_that_does_not_fit_the_heap)
{
    struct rprocfw_board *board = findings_board_mp15();

    fill(3884);
    findings_expect(&c, board, "");
    fill(3892);
    findings_expect(
        &c, board,
        "error table-too-large header, TLVs, signature and the hash table once more "
        "take 3892 bytes, and a 32-bit TA has about 3884 in its heap of 4096; sign "
        "with rproc-sign --loadable-only, link to fewer segments, or build the TA with a "
        "larger TA_DATA_SIZE\n");
    board->ta.heap = 8192;
    findings_expect(&c, board, "");
    fill(3692);
    findings_expect(&c, NULL, "");
    fill(3700);
    findings_expect(&c, NULL,
                    "warning table-too-large header, TLVs, signature and the hash table once more "
                    "take 3700 bytes, and a 64-bit TA has about 3692 in its default heap of 4096; "
                    "sign with rproc-sign --loadable-only, link to fewer segments, or build the TA "
                    "with a larger TA_DATA_SIZE\n");
}
END_TEST

/* What the vectors' firmware has for Linux is wrong: two vrings that are not there. */
#define VECTOR_VDEV                                                                                \
    "note rsc-malformed image 0, segment 3: resource table, entry 0: the vdev is cut off: "        \
    "with its 2 vrings and configuration it takes 64 bytes, and the table ends after 24; let the " \
    "section hold all of it\n"

START_TEST(debug_information_that_is_large)
{
    container_split(vector_load("expected/rsa2048_debug.sig"), &c);
    findings_expect(&c, NULL,
                    VECTOR_VDEV
                    "note debug-information image 0: 19362 of its 32832 bytes are debug "
                    "information and symbols, which no board loads and nobody signed; rproc-sign "
                    "--strip leaves them out\n");
    container_split(vector_load("expected/rsa2048_single.sig"), &c);
    findings_expect(&c, NULL, VECTOR_VDEV);
}
END_TEST

/* ---- Many segments ---- */

#define RANDOM_SEGMENTS 8u
#define RANDOM_ROUNDS   3000u

static uint32_t random_below(uint32_t limit)
{
    static uint32_t state = 1;

    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

static bool is_over(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    return a_size > 0 && b_size > 0 && a < b + b_size && b < a + a_size;
}

static unsigned count_of(const char *text, const char *what)
{
    unsigned count = 0;

    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
        count++;
    return count;
}

/* Segments that write over file bytes of an earlier one: with their own, with zeros. */
static void make_random(struct rprocfw_phdr phdrs[RANDOM_SEGMENTS], unsigned *files,
                        unsigned *zeros)
{
    *files = 0;
    *zeros = 0;
    for (unsigned i = 0; i < RANDOM_SEGMENTS; i++) {
        struct rprocfw_phdr *phdr = &phdrs[i];
        bool file = false;
        bool zero = false;

        *phdr = (struct rprocfw_phdr){.type = PT_LOAD, .paddr = random_below(120)};
        phdr->filesz = random_below(2) * random_below(16);
        phdr->memsz = phdr->filesz + random_below(2) * random_below(16);
        for (unsigned k = 0; k < i; k++) {
            file |= is_over(phdr->paddr, phdr->filesz, phdrs[k].paddr, phdrs[k].filesz);
            zero |= is_over(phdr->paddr + phdr->filesz, phdr->memsz - phdr->filesz, phdrs[k].paddr,
                            phdrs[k].filesz);
        }
        *files += file;
        *zeros += zero;
    }
}

START_TEST(overlaps_are_those_that_a_look_at_all_pairs_finds)
{
    unsigned some = 0;

    for (unsigned round = 0; round < RANDOM_ROUNDS; round++) {
        const size_t mark = arena_mark();
        struct rprocfw_phdr phdrs[RANDOM_SEGMENTS];
        struct bytes image;
        const char *text;
        unsigned files;
        unsigned zeros;

        make_random(phdrs, &files, &zeros);
        image = elf_of_phdrs(phdrs, RANDOM_SEGMENTS, 16);
        container_build(&c, &image, 1, false);
        text = findings_of(&c, NULL, NULL);
        require(count_of(text, "warning segment-overlap ") == files &&
                    count_of(text, "warning zero-fill-overlap ") == zeros,
                "round %u: %u and %u are not in:\n%s", round, files, zeros, text);
        some += files > 0;
        arena_release(mark);
    }
    ck_assert_uint_gt(some, RANDOM_ROUNDS / 10);
    ck_assert_uint_lt(some, RANDOM_ROUNDS * 9 / 10);
}
END_TEST

#define MANY 60000u

static const char *findings_of_many(const struct rprocfw_phdr *phdrs)
{
    const struct bytes image = elf_of_phdrs(phdrs, MANY, 16);

    container_build(&c, &image, 1, false);
    return findings_of(&c, NULL, NULL);
}

/* Neither where none is over another, nor where all are, does it take long. */
START_TEST(many_segments_are_looked_at_in_time)
{
    static struct rprocfw_phdr phdrs[MANY];

    for (unsigned i = 0; i < MANY; i++)
        phdrs[i] = (struct rprocfw_phdr){
            .type = PT_LOAD, .paddr = 16 * (i * 7919 % MANY), .filesz = 8, .memsz = 16};
    ck_assert_uint_eq(count_of(findings_of_many(phdrs), "overlap "), 0);
    for (unsigned i = 0; i < MANY; i++) {
        phdrs[i].paddr = i;
        phdrs[i].memsz = MANY;
    }
    ck_assert_ptr_nonnull(
        strstr(findings_of_many(phdrs), "warning segment-overlap and 59983 more\n"));
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "findings", nothing_is_found_where_all_is_well, file_bytes_over_file_bytes,
        zero_fill_over_file_bytes_that_came_before, overlaps_are_found_across_images,
        overlaps_are_found_by_physical_address, a_non_secure_image_in_secure_memory,
        zero_fill_in_memory_of_the_other_world, a_secure_image_in_non_secure_memory,
        of_two_images_the_first_is_non_secure, the_world_of_three_images_cannot_be_told,
        a_vector_table_that_no_segment_brings, a_vector_table_that_is_loaded_elsewhere,
        a_vector_table_that_is_not_where_the_core_looks,
        no_start_is_expected_where_the_board_has_no_memory, bootaddr_is_missing, bootaddr_is_zero,
        bootaddr_is_not_the_vector_table, bootaddr_is_not_aligned,
        bootaddr_is_outside_of_all_segments, bootaddr_is_not_executable,
        bootaddr_means_nothing_to_a_board_without_it,
        the_initial_stack_pointer_is_outside_of_memory, the_stack_may_be_reached_by_any_range,
        the_reset_vector_is_outside_of_code, the_reset_vector_may_have_another_address,
        the_reset_vector_is_not_thumb, a_vector_table_without_a_name,
        a_resource_table_that_linux_does_not_see,
        entries_of_the_resource_table_outside_of_what_linux_sees,
        entries_of_the_resource_table_outside_of_all_memory, wrong_entries_of_the_resource_table,
        an_entry_of_the_resource_table_that_is_not_aligned, many_findings_of_a_kind_are_counted,
        a_platform_tlv_that_the_board_does_not_know, a_platform_tlv_of_the_wrong_length,
        a_platform_tlv_that_is_text, bootsec_that_is_zero, pkeyinfo_is_missing,
        pkeyinfo_has_the_wrong_size, pkeyinfo_has_another_key, a_published_test_key,
        a_signature_that_the_board_does_not_verify, a_hash_table_that_does_not_fit_the_heap,
        debug_information_that_is_large, overlaps_are_those_that_a_look_at_all_pairs_finds,
        many_segments_are_looked_at_in_time);
}
