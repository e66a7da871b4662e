#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-verify --map and rproc-dump --map: a picture, whole or not at all.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

picture() { # FILE.svg [DOCUMENT [FILE.svg DOCUMENT]...]
    python3 "$BATS_TEST_DIRNAME/map.py" "$@"
}

verify() { # OPTION-OR-FILE...
    rproc-verify --key "$keys/rsa2048.pub.pem" --key "$keys/p256.pub.pem" "$@"
}

@test "map: of all vectors, refused ones too, the picture shows the ranges in order" {
    made=()
    for file in "$vectors"/expected/*.sig "$vectors"/device/*.sig "$vectors"/elf/*.elf; do
        number=${#made[@]}
        made+=("dump$number".{svg,json} "verify$number".{svg,json})
        rproc-dump --map "dump$number.svg" --coverage --format json "$file" > "dump$number.json" 2> /dev/null ||
            [ $? -eq 1 ]
        verify --map "verify$number.svg" --coverage --format json "$file" > "verify$number.json" 2> /dev/null ||
            [ $? -eq 1 ]
    done
    [ "${#made[@]}" -gt 400 ]
    picture "${made[@]}"
}

# To refresh it: copy what rproc-dump writes, and look at it in a browser.
@test "map: the same file gives the same picture, which is known" {
    cp "$vectors/device/good.sig" .
    rproc-dump --map a.svg good.sig > /dev/null
    cmp a.svg "$BATS_TEST_DIRNAME/map.golden.svg"
}

@test "map: it says what was judged, and how" {
    cp "$vectors"/device/{good,segment_flip}.sig "$keys/rsa2048.pub.pem" .
    expect 0 rproc-verify --key rsa2048.pub.pem --map a.svg good.sig
    shows "good.sig: accepted"
    grep -q ">accepted: signed by rsa2048.pub.pem<" a.svg
    expect 1 rproc-verify --key rsa2048.pub.pem --map b.svg segment_flip.sig
    says "a segment's bytes are not those that were signed"
    picture b.svg
    grep -q ">refused: nothing of it is authenticated" b.svg
    grep -q ">a segment's bytes are not those that were signed" b.svg
    expect 0 rproc-verify --no-signature --map c.svg good.sig
    grep -q ">NOT AUTHENTICATED: no signature was checked" c.svg
    expect 0 rproc-dump --map d.svg good.sig
    shows "header: magic"
    grep -q ">not checked: " d.svg
    expect 0 rproc-verify -q --key rsa2048.pub.pem --map e.svg good.sig
    [ -z "$output$stderr" ]
    cmp a.svg e.svg
}

@test "map: segments stand at their device addresses, and what is zeroed and overlaps is marked" {
    python3 "$BATS_TEST_DIRNAME/layout.py" in.elf load 0x1000 0x80 0x2000 load 0x1100 0x1800 0x1800 \
        load 0x3000 0x80 0x80
    rproc-sign --key "$keys/rsa2048.pem" in.elf in.sig
    expect 0 verify --map a.svg in.sig
    picture a.svg
    for text in "entry 0, R--" "entry 0, zeroed" "entry 1, R--, OVERLAPS"; do
        grep -q ">$text<" a.svg
    done
    [ "$(grep -c 'class="la"' a.svg)" -eq 2 ]
    [ "$(grep -c 'class="lk"' a.svg)" -eq 1 ]
    grep -q ">0x00000000 to 0x000027ff<" a.svg
}

@test "map: with a board segments stand in its regions" {
    cp "$vectors/device/good.sig" .
    for tool in rproc-dump "rproc-verify --no-signature"; do
        read -ra command <<< "$tool"
        "${command[@]}" --board stm32mp15-optee --map a.svg good.sig > /dev/null
        picture a.svg
        for text in "Memory of stm32mp15-optee" "retram: 0x38000000 to 0x3800ffff" "= da 0x00000000" \
            "mcuram2: 0x10000000 to 0x1003ffff" "vring0: 0x10040000 to 0x10040fff"; do
            grep -q ">$text<" a.svg
        done
        [ "$(grep -c 'class="la"' a.svg)" -eq 0 ]
        [ "$(grep -c 'class="lk"' a.svg)" -eq 4 ]
    done
    rproc-dump --board stm32mp257f-ev1 --map a.svg "$vectors/expected/st_tfm.sig" > /dev/null
    picture a.svg
    grep -q ">tfm_code: 0x80000000 to 0x800fffff, secure<" a.svg
    for name in $(rproc-verify --list-boards | cut -d ' ' -f 1); do
        rproc-dump --board "$name" --map a.svg good.sig > /dev/null
        picture a.svg
    done
}

@test "map: what is in no region of a board stands out" {
    cp "$vectors/expected/rsa2048_two_images.sig" in.sig
    rproc-dump --board stm32mp15-optee --map a.svg in.sig > /dev/null
    picture a.svg
    grep -q ">IN NO REGION OF THE BOARD (device addresses)<" a.svg
    [ "$(grep -c '>entry [0-9]*, .*: no memory<' a.svg)" -eq 7 ]
    [ "$(grep -c 'class="la"' a.svg)" -eq 6 ]
    expect 2 rproc-dump --board stm32mp15-optee in.sig
    says "--board without --map"
    expect 2 rproc-dump --board no-such-board --map b.svg in.sig
    expect 2 rproc-verify --explain -22 --map b.svg in.sig
    says "--explain and --map exclude each other"
    [ ! -e b.svg ]
}

@test "map: 1,000 segments, and 255 images, make a picture of human size" {
    a=()
    for i in {0..999}; do a+=(load $((0x10000 + i * 96)) 64 $((64 + i % 3 * 16))); done
    python3 "$BATS_TEST_DIRNAME/layout.py" in.elf "${a[@]}"
    rproc-sign --key "$keys/rsa2048.pem" in.elf in.sig 2> /dev/null
    expect 0 verify --map a.svg in.sig
    picture a.svg
    [ "$(stat -c %s a.svg)" -lt 200000 ]
    python3 "$BATS_TEST_DIRNAME/layout.py" small.elf load 0x100 0x40 0x40
    a=()
    for i in {1..255}; do a+=(small.elf); done
    rproc-sign --key "$keys/rsa2048.pem" "${a[@]}" in.sig 2> /dev/null
    expect 0 verify --map a.svg in.sig
    picture a.svg
    grep -q ">images 0 to 254<" a.svg
    [ "$(stat -c %s a.svg)" -lt 200000 ]
}

@test "map: names from outside disturb neither the picture nor its place" {
    python3 "$BATS_TEST_DIRNAME/layout.py" in.elf load 0x100 0x80 0x80 section .name-of-section 0x80 0x10
    LC_ALL=C sed -i 's/.name-of-section/.\x1b]]><\&>\xff\xfe\x07"ends/' in.elf
    rproc-sign --key "$keys/rsa2048.pem" in.elf in.sig
    name=$'<!--\x1b&\xff]]>\'"\xe2\x80\xae.sig'
    cp in.sig "$name"
    expect 0 rproc-dump --map a.svg "$name"
    picture a.svg
    grep -qF 'section .?]]&gt;&lt;&amp;&gt;???"ends' a.svg
    grep -qF '&lt;!--\x1b&amp;\xff]]&gt;' a.svg
    [ "$(LC_ALL=C tr -d '\n -~' < a.svg | wc -c)" -eq 0 ]
    long=$(printf '%0200d' 0)
    cp in.sig "$long"
    expect 0 rproc-dump --map a.svg "$long"
    picture a.svg
    key=$(printf 'k\x1b%.0s' {1..100})
    cp "$keys/rsa2048.pub.pem" "$key"
    expect 0 rproc-verify --key "$key" --map a.svg in.sig
    picture a.svg
}

@test "map: - is standard output, and nothing else goes there" {
    cp "$vectors/device/good.sig" .
    rproc-dump --map a.svg good.sig > /dev/null
    rproc-dump --coverage --map - good.sig > b.svg
    cmp a.svg b.svg
    verify --map c.svg good.sig > /dev/null
    verify -v --coverage --map - good.sig > d.svg
    cmp c.svg d.svg
    rproc-verify --no-signature --board stm32mp15-optee --map - good.sig > e.svg
    picture e.svg
    expect 2 rproc-dump --map - --format json good.sig
    says "--map - and --format: both go to standard output"
    expect 2 verify --map - --format json good.sig
    says "--map - and --format: both go to standard output"
}

@test "map: what does not go together is a usage error, and leaves nothing" {
    cp "$vectors/device/good.sig" .
    for tool in rproc-dump "rproc-verify --no-signature"; do
        read -ra command <<< "$tool"
        expect 2 "${command[@]}" --map a.svg good.sig good.sig
        says "--map takes one file, found 2"
        expect 2 "${command[@]}" --map "" good.sig
        says "the name of the picture is empty"
        expect 2 "${command[@]}" --map a.svg --map b.svg good.sig
        says "--map is given twice"
        expect 2 "${command[@]}" --map a.svg missing.sig
    done
    expect 2 rproc-dump --map a.svg --extract d good.sig
    says "--extract and --map exclude each other"
    only_files good.sig m4.elf
}

@test "map: nothing that is read is written to" {
    cp "$vectors/expected/st_encrypted.sig" in.sig
    cp "$keys/rsa2048.pub.pem" k.pem
    cp "$keys/aes256.bin" "$vectors/elf/ns_aligned16.elf" .
    ln in.sig link.svg
    sha256sum -- * > sums
    for target in in.sig link.svg k.pem aes256.bin ns_aligned16.elf; do
        expect 2 rproc-verify --key k.pem --enc_key aes256.bin --original ns_aligned16.elf --map "$target" in.sig
        says "the output is "
    done
    cp "$BATS_TEST_DIRNAME/../../src/boards/stm32mp15-st.yaml" b.yaml
    expect 2 rproc-dump --board ./b.yaml --map b.yaml in.sig
    says "the output is ./b.yaml"
    expect 2 rproc-dump --map ./in.sig in.sig
    says "the output is in.sig"
    sha256sum --check --quiet sums
}

# bats test_tags=no-valgrind
@test "map: a full disk leaves what was there" {
    cp "$vectors/device/good.sig" .
    echo old > a.svg
    run -2 --separate-stderr bash -c 'ulimit -f 4; exec rproc-dump --map a.svg good.sig'
    says "a.svg: cannot write"
    [ "$(cat a.svg)" = old ]
    only_files good.sig m4.elf a.svg
    run -2 --separate-stderr bash -c 'rproc-dump --map - good.sig > /dev/full'
    says "standard output"
    expect 2 rproc-dump --map missing/a.svg good.sig
    only_files good.sig m4.elf a.svg
}
