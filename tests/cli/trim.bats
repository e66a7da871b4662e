#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --strip and --loadable-only: what is left out, and that what is loaded stays.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

key=$keys/p256.pem
public=$keys/p256.pub.pem
aes=$keys/aes256.bin

odd() { python3 "$BATS_TEST_DIRNAME/odd_elf.py" "$@"; }   # FILE CASE
trim() { python3 "$BATS_TEST_DIRNAME/trim.py" "$@"; }     # see trim.py

# sign OPTION...: without waiting for the disk, and what no board would load as well
sign() { rproc-sign --no-sync --preflight=off --key "$key" "$@"; }

# answer CONTAINER: what a board will say
answer() {
    rproc-verify --format json --key "$public" "$1" | jq -r '.files[0].device_result'
}

# gives ELF [LEFT-OUT LEFT-OUT LEFT-OUT]: PHDRS SECTIONS are left out with --strip, with
# --loadable-only, and with both. What is loaded is the same, and the containers are accepted.
gives() {
    rm -f out.strip out.loadable out.both
    sign --strip "$1" out.strip
    sign --loadable-only "$1" out.loadable
    sign --strip --loadable-only "$1" out.both
    rproc-verify -q --key "$public" out.strip out.loadable out.both
    expect 0 trim check "$1" out.strip out.loadable out.both
    [ $# -eq 1 ] || [ "$output" = "$2"$'\n'"$3"$'\n'"$4" ] || { echo "$1: left out: $output"; return 1; }
}

# refused WORDS ELF OPTION...: with exit status 1, in a dry run as well, and no output.
refused() {
    local words=$1 dry
    for dry in '' --dry-run; do
        expect 1 rproc-sign --key "$key" $dry "${@:2}" --out out.sig
        says "$2: "
        says "$words"
        [ ! -e out.sig ]
    done
}

# --- What is left out ---------------------------------------------------------------------------

@test "sections that nobody loads and symbols are left out, and what is loaded stays" {
    for elf in "$vectors"/elf/*.elf; do gives "$elf"; done
    gives "$vectors/elf/m4dbg.elf" "0 11" "0 0" "0 11"
    expect 0 sign --strip "$vectors/elf/m4dbg.elf" out.sig
    trim image out.sig 0 stripped.elf
    [ "$(stat -c %s stripped.elf)" -lt 13000 ] # of 32832
    run ! grep -q "debug\|GCC\|main" stripped.elf
    diff <(arm-none-eabi-readelf -SW stripped.elf | grep -o '\] \.[^ ]*') - << 'SECTIONS'
] .isr_vector
] .text
] .data
] .resource_table
] .bss
] .shstrtab
SECTIONS
}

@test "program headers that boards stumble over are left out" {
    gives "$vectors/elf/exidx_first.elf" "0 0" "3 0" "3 0"
    gives "$vectors/elf/m4unw.elf" "0 4" "1 0" "1 4"
    odd in.elf exidx_first && gives in.elf "0 3" "3 0" "3 3"
    odd in.elf uboot && gives in.elf "0 3" "2 0" "2 3"
    odd in.elf empties && gives in.elf "0 3" "6 0" "6 3"
    odd in.elf only_empty && gives in.elf "0 0" "2 0" "2 0"
    odd in.elf overlapping && gives in.elf "0 1" "2 0" "2 1"
}

@test "odd ELF files: parts in any order, shared bytes, references, names" {
    for case in between vectors_not_allocated \
        unallocated_in_segment outside_segments names_loaded pad; do
        odd in.elf $case
        gives in.elf
    done
    odd in.elf references && gives in.elf "0 5" "0 0" "0 5"
    odd in.elf headers_first && gives in.elf "0 3" "0 0" "0 3"
    odd in.elf table_not_allocated && gives in.elf "0 3" "0 0" "0 3"
    expect 0 rproc-verify --key "$public" out.both
    shows "resource table at 0x00005000 (16 bytes)"
}

@test "random ELF files" {
    expect 0 trim random 1 40 "$key"
    [ "$output" -gt 110 ] # of 120
}

@test "more sections than e_shnum can say: what stays decides" {
    odd in.elf many
    refused "boards need section headers" in.elf --loadable-only
    expect 0 sign --strip in.elf out.strip
    [ "$(trim check in.elf out.strip)" = "0 70000" ]
    odd in.elf most
    expect 0 sign --strip in.elf out.strip
    [ "$(trim check in.elf out.strip)" = "0 3" ]
    odd in.elf too_many
    refused "65278 sections are loaded, and would stay; boards read at most 65277" in.elf --strip
}

@test "images of some MiB are copied by the system and by hand" {
    odd in.elf large
    gives in.elf "0 3" "0 0" "0 3"
}

# --- What boards ask for ------------------------------------------------------------------------

@test "with --loadable-only boards find the entry of each segment first" {
    cp "$vectors/elf/exidx_first.elf" .
    odd uboot.elf uboot
    odd empty.elf only_empty
    odd usual.elf exidx_first
    for elf in exidx_first uboot empty usual; do
        expect 0 sign "$elf.elf" out.sig
        expect 1 trim device out.sig
        [ "$(answer out.sig)" = 0xffff0006 ]
        expect 0 sign --loadable-only "$elf.elf" out.sig
        expect 0 trim device out.sig
        [ "$(answer out.sig)" = 0x00000000 ]
    done
    # across images it is another matter
    expect 0 sign exidx_first.elf m4.elf out.sig
    expect 1 trim device out.sig
    expect 0 sign --loadable-only exidx_first.elf m4.elf out.sig
    expect 1 trim device out.sig # two full ones at 0x10000000
}

@test "what nobody can mend is left alone" {
    odd in.elf two_sizes
    gives in.elf "0 3" "0 0" "0 3"
    expect 1 trim device out.both
}

@test "a segment without bytes keeps its offset within the image, all end before it does" {
    for case in far_bss ends_with_segment; do
        odd in.elf $case
        gives in.elf "0 3" "0 0" "0 3"
    done
    odd in.elf far_bss
    expect 0 sign --strip in.elf out.sig
    trim image out.sig 0 stripped.elf
    [ "$(stat -c %s stripped.elf)" -gt 4096 ]
    [ "$(stat -c %s stripped.elf)" -lt 5000 ]
}

@test "tools that read ELF files have nothing to say against a stripped one" {
    for elf in "$vectors"/elf/{m4,m4dbg,m4unw,tfm_s,zephyr_ns}.elf; do
        expect 0 sign --strip --loadable-only "$elf" out.sig
        trim image out.sig 0 stripped.elf
        for tool in "readelf -aW" "objdump -xd" "nm -a" size; do
            # shellcheck disable=SC2086 # its options
            expect 0 arm-none-eabi-$tool stripped.elf
            [ "$tool" = "nm -a" ] || [ -z "$stderr" ] # nm finds no symbols
        done
    done
}

# --- What stays as it is ------------------------------------------------------------------------

@test "with nothing to leave out the container is the same" {
    for case in stripped garbage; do
        odd in.elf $case
        expect 0 sign in.elf --out plain.sig
        expect 0 sign --strip --loadable-only in.elf --out out.sig
        cmp plain.sig out.sig
    done
    # what was stripped is not stripped again
    expect 0 sign --strip --loadable-only "$vectors/elf/m4unw.elf" out.sig
    trim image out.sig 0 in.elf
    expect 0 sign --strip --loadable-only in.elf --out again.sig
    cmp out.sig again.sig
}

@test "the container depends on the input's bytes only" {
    cp "$vectors/elf/m4dbg.elf" a.elf
    mkdir d
    cp a.elf d/b.elf
    touch -d 2001-01-01 d/b.elf
    expect 0 sign --strip --loadable-only a.elf a.sig
    expect 0 env -i "PATH=$PATH" rproc-sign --key "$key" --strip --loadable-only d/b.elf b.sig
    cmp a.sig b.sig
    cmp a.elf "$vectors/elf/m4dbg.elf"
    # the signed table does not change: what is loaded is where it was
    expect 0 sign a.elf --out plain.sig
    diff <(rproc-dump --format json a.sig | jq '.files[0].table') \
        <(rproc-dump --format json plain.sig | jq '.files[0].table')
}

@test "several inputs, each on its own; the address of the vectors stays" {
    cp "$vectors"/elf/{zephyr_ns,exidx_first}.elf .
    inputs=(--plat-tlv BOOTADDR auto zephyr_ns.elf exidx_first.elf)
    expect 0 sign --strip --loadable-only "${inputs[@]}" --out out.both
    [ "$(trim check zephyr_ns.elf out.both)" = "0 2" ]
    trim image out.both 1 second.elf
    expect 0 sign --loadable-only exidx_first.elf --out one.sig
    trim image one.sig 0 alone.elf
    cmp second.elf alone.elf
    expect 0 rproc-verify -q --key "$public" out.both
    expect 0 sign "${inputs[@]}" --out plain.sig
    cmp <(rproc-dump plain.sig | grep BOOTADDR | cut -c 15-) \
        <(rproc-dump out.both | grep BOOTADDR | cut -c 15-)
}

# --- What is refused ----------------------------------------------------------------------------

@test "a segment with headers that would change is refused" {
    odd in.elf header_loaded
    refused "segment 3 loads bytes of the ELF header (52 bytes at 0x0), which --strip would change" \
        in.elf --strip
    expect 0 sign --loadable-only in.elf --out out.sig # nothing to leave out
    rm out.sig
    odd in.elf all_loaded
    refused "the ELF header (52 bytes at 0x0), which --strip and --loadable-only would change" \
        in.elf --loadable-only --strip
    refused "the ELF header (52 bytes at 0x0), which --loadable-only would change" in.elf \
        --loadable-only
    odd in.elf phdrs_loaded
    refused "segment 3 loads bytes of the program headers (160 bytes at 0x34), which --loadable-only" \
        in.elf --loadable-only
    refused "keep the headers out of the segments in the linker script, or leave out --loadable-only" \
        in.elf --loadable-only --strip
    expect 0 sign --strip in.elf out.strip
    [ "$(trim check in.elf out.strip)" = "0 3" ]
    odd in.elf phdrs_in_header
    refused "the program headers at 0x14 lie in the ELF header" in.elf --strip
}

@test "what cannot be read, or loads nothing, is refused" {
    odd in.elf unnamed
    refused "--strip: the sections cannot be read" in.elf --strip
    odd in.elf cut
    refused "section .text: 2147483647 bytes at 0xd4 lie outside the file of 1860 bytes" in.elf --strip
    odd in.elf no_load
    refused "--loadable-only: no program header is a PT_LOAD" in.elf --loadable-only
    odd in.elf no_sections
    refused "keep them when stripping" in.elf --strip
}

@test "a container that there is keeps its images" {
    expect 0 sign m4.elf in.sig
    for option in --strip --loadable-only; do
        expect 2 sign --resign $option in.sig out.sig
        says "--resign: images stay as they are; without $option"
        expect 2 rproc-sign --public-key "$public" --attach in.sig $option in.sig out.sig
        says "--attach: images stay as they are; without $option"
        expect 2 rproc-sign --public-key "$public" --replace-signature in.sig $option in.sig out.sig
        says "images stay as they are"
        expect 2 rproc-sign --extract-signature $option in.sig out.sig
        says "images stay as they are"
    done
    only_files m4.elf in.sig
}

# --- Together with other options ----------------------------------------------------------------

@test "--verbose says what is left out" {
    cp "$vectors"/elf/{m4dbg,exidx_first}.elf .
    expect 0 sign -v --strip --loadable-only m4dbg.elf exidx_first.elf --out out.sig
    says "m4dbg.elf: 32832 bytes, program headers: 5
rproc-sign: m4dbg.elf: program headers left out: 0
rproc-sign: m4dbg.elf: sections left out: 11, bytes saved: 20020
rproc-sign: exidx_first.elf: 396 bytes, program headers: 4
rproc-sign: exidx_first.elf: program headers left out: 3
rproc-sign: exidx_first.elf: sections left out: 0, bytes saved: 0"
}

@test "under the script's name, in a dry run, and where the key is elsewhere" {
    cp "$vectors/elf/m4unw.elf" .
    options=(--strip --loadable_only)
    expect 0 sign "${options[@]}" m4unw.elf out.sig
    expect 0 sign_rproc_fw --key "$key" "${options[@]}" --in m4unw.elf --out script.sig
    cmp out.sig script.sig
    expect 0 sign -n -v "${options[@]}" m4unw.elf none.sig
    says "none.sig: $(stat -c %s out.sig) bytes, images: 1, hash table entries: 5; not written"
    [ ! -e none.sig ]
    expect 0 sign "${options[@]}" m4unw.elf -
    expect 0 rproc-sign --public-key "$public" --tbs tbs "${options[@]}" m4unw.elf
    openssl dgst -sha256 -sign "$key" -out tbs.signature tbs
    expect 0 rproc-sign --public-key "$public" --attach tbs.signature tbs.unsigned attached.sig
    trim image out.sig 0 a
    trim image attached.sig 0 b
    cmp a b
    expect 0 rproc-sign --public-key "$public" --signer "openssl dgst -sha256 -sign $key" \
        "${options[@]}" m4unw.elf signer.sig
    trim image signer.sig 0 b
    cmp a b
}

# encrypted ELF OPTION...: and decrypted it is what the same options make without encryption.
encrypted() {
    local elf=$1
    shift
    expect 0 sign --enc_key "$aes" --enc-pad "$@" "$elf" --out out.sig
    python3 "$BATS_TEST_DIRNAME/decrypt.py" out.sig "$aes" plain.elf > parts
    expect 0 rproc-verify --key "$public" --enc_key "$aes" --original "$elf" out.sig
    shows "decrypted: the images are the ELF files given"
}

@test "encrypted, and compared with the whole original" {
    odd pad.elf pad
    expect 1 sign --enc_key "$aes" --enc-pad pad.elf out.sig
    says "over bytes of section .debug_0"
    expect 1 sign --enc_key "$aes" --strip pad.elf out.sig
    says "segment 1: p_filesz 60 is no multiple of 16"
    encrypted pad.elf --strip --loadable-only
    encrypted pad.elf --strip
    # what is decrypted: nothing of what was stripped, and all that is loaded
    run ! grep -q debug plain.elf
    truncate -s +8 plain.elf # zero bytes at its end are gone
    diff <(arm-none-eabi-readelf -SW plain.elf | grep -o '\] \.[^ ]*') \
        <(printf '] %s\n' .text0 .text1 .text2 .shstrtab)
    arm-none-eabi-readelf -lW pad.elf | awk '$1 == "LOAD" { print $2, $5 }' > loads
    [ "$(wc -l < loads)" -eq 3 ]
    while read -r offset size; do
        cmp <(tail -c +$((offset + 1)) pad.elf | head -c $((size))) \
            <(tail -c +$((offset + 1)) plain.elf | head -c $((size)))
    done < loads
    for elf in "$vectors"/elf/{ns_note16,ns_aligned16}.elf; do
        for wishes in --strip --loadable-only "--strip --loadable-only"; do
            # shellcheck disable=SC2086 # options
            encrypted "$elf" $wishes
        done
    done
}

@test "an image that is not the original with something left out is not taken for it" {
    odd in.elf pad
    expect 0 sign --enc_key "$aes" --enc-pad --strip in.elf out.sig
    compare=(rproc-verify --key "$public" --enc_key "$aes" --original)
    offset=$(arm-none-eabi-readelf -lW in.elf | awk '$1 == "LOAD" { print $2; exit }')
    cp in.elf other.elf
    put other.elf $((offset)) X
    expect 1 "${compare[@]}" other.elf out.sig
    says "byte 0 of a segment, at $(printf '0x%x' $((offset))) of that file, is"
    expect 1 "${compare[@]}" "$vectors/elf/ns_note16.elf" out.sig
    says "bytes with its padding, expected"
    # what was left out does not count
    offset=$(arm-none-eabi-readelf -SW in.elf | sed -n 's/.*debug_info *PROGBITS *0* \([0-9a-f]*\) .*/\1/p')
    cp in.elf other.elf
    put other.elf $((0x$offset)) X
    expect 0 "${compare[@]}" other.elf out.sig
}
