#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Boards: those that come along, YAML, device tree blobs. What they say of one shows --list-boards.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
# shellcheck disable=SC2016 # $ is an address of sed
# shellcheck disable=SC2030,SC2031 # output: each test is a subshell
load common

boards=$BATS_TEST_DIRNAME/../boards
shipped=$BATS_TEST_DIRNAME/../../src/boards

# What is known of a board, the part of it that jq takes.
facts() { # FILTER OPTION...
    expect 0 rproc-verify --list-boards --format json "${@:2}"
    output=$(jq -c ".boards[0] | $1" <<< "$output")
}

@test "the boards that come along are listed, each as its file says" {
    expect 0 rproc-verify --list-boards
    [ "${#lines[@]}" -eq "$(find "$shipped" -name '*.yaml' | wc -l)" ]
    [ "${#lines[@]}" -ge 8 ]
    for line in "${lines[@]}"; do
        name=${line%% *}
        expect 0 rproc-verify --list-boards --format json --board "$name"
        by_name=$(jq 'del(.boards[0].name)' <<< "$output")
        expect 0 rproc-verify --list-boards --format json --board "$shipped/$name.yaml"
        [ "$by_name" = "$(jq 'del(.boards[0].name)' <<< "$output")" ]
        [ "$(jq -r '.boards[0].name' <<< "$output")" = "$shipped/$name.yaml" ]
    done
    expect 0 rproc-verify --list-boards --format json
    [ "$(jq -r '.boards[].name' <<< "$output")" = "$(rproc-verify --list-boards | cut -d ' ' -f 1)" ]
}

@test "a limit of mapping that is not known is not told as one of 0 bytes" {
    expect 0 rproc-verify --list-boards --board rcar-gen3-cr7
    [ "${lines[1]}" = '  TA: ST 3.9, 64-bit, heap 4096 bytes, for the layout of 2020' ]
}

@test "all that is known of a board, as text" {
    cp "$boards/good.yaml" .
    expect 0 rproc-verify --list-boards --board ./good.yaml
    diff - <(echo "$output") << 'TEXT'
./good.yaml: A board that uses every key
  TA: ST 4.10, 64-bit, heap 8192 bytes, maps 16777216 bytes
  signatures: RSA ECDSA, PKEYINFO: required, encrypted images: yes
  platform TLVs: BOOTADDR (a multiple of 128) required, BOOTSEC, 0x00010010, others are refused
  ranges: device address, physical address, size
    0x00000000 0x100000000 0x40000000
    0x80000000 0x80000000 0x80000000
  regions: physical address, size, name
    0x80000000 0x00010000 code (secure)
    0x80010000 0x00010000 data (nonsecure)
    0x100000000 0x00100000 both
  Linux sees: physical address, size, name
    0x80010000 0x00008000 data
  source: tests/boards/good.yaml
  source: imagination: of a person
TEXT
}

@test "and as JSON, with the names of the keys" {
    cp "$boards/good.yaml" .
    expect 0 rproc-verify --list-boards --board ./good.yaml --format json
    diff <(jq -S . << 'JSON'
{"schema": 1, "boards": [{
  "name": "./good.yaml", "title": "A board that uses every key",
  "sources": ["tests/boards/good.yaml", "imagination: of a person"],
  "ta": {"family": "st", "version": "4.10", "bits": 64, "heap": 8192, "map_limit": 16777216},
  "layout": "today", "signatures": ["rsa", "ecdsa"], "encrypted": true, "pkeyinfo": "required",
  "platform_tlvs": [{"type": 65537, "required": true}, {"type": 65538, "required": false},
    {"type": 65552, "required": false}],
  "other_platform_tlvs": "refused", "bootaddr_alignment": 128,
  "ranges": [{"da": 0, "pa": 4294967296, "size": 1073741824},
    {"da": 2147483648, "pa": 2147483648, "size": 2147483648}],
  "regions": [{"name": "code", "pa": 2147483648, "size": 65536, "world": "secure"},
    {"name": "data", "pa": 2147549184, "size": 65536, "world": "nonsecure"},
    {"name": "both", "pa": 4294967296, "size": 1048576, "world": "any"}],
  "linux": [{"name": "data", "pa": 2147549184, "size": 32768}]}]}
JSON
    ) <(jq -S . <<< "$output")
}

@test "what is not said has a default" {
    grep -vE 'heap|map_limit|layout|required: |BOOTSEC|BOOTADDR|platform_tlvs:$|0x10010|alignment|linux|0x8000}' \
        "$boards/good.yaml" > b.yaml
    facts '[.ta.heap, .ta.map_limit, .layout, .platform_tlvs, .bootaddr_alignment, .linux]' --board ./b.yaml
    [ "$output" = '[4096,10485760,"today",[],0,null]' ]
}

# ---- YAML that is refused: the message, with line and column ----

# refuses FILTER MESSAGE: of good.yaml with what sed makes of it.
refuses() {
    sed "$1" "$boards/good.yaml" > b.yaml
    ! cmp -s b.yaml "$boards/good.yaml" || { echo "sed changed nothing: $1"; return 1; }
    expect 2 rproc-verify --list-boards --board ./b.yaml
    [ -z "$output" ]
    [ "$stderr" = "rproc-verify: ./b.yaml:$2" ] || { echo "$1: $stderr"; return 1; }
}

@test "keys: unknown, twice, missing" {
    refuses 's/  heap:/  haep:/' \
        "10:3: ta: unknown key 'haep'; there are family, version, bits, heap, map_limit"
    refuses 's/{name: data, pa: 0x80010000, size: 0x8000}/{name: data, pa: 0, size: 1, world: any}/' \
        "31:34: linux[0]: unknown key 'world'; there are name, pa, size"
    refuses 's/^layout:.*/title: again/' "12:1: title: the key stands there twice"
    refuses 's/, size: 1G//' "24:5: ranges[0]: missing: size"
    refuses '/^encrypted\|^pkeyinfo/d' "2:1: missing: encrypted, pkeyinfo"
    refuses '2i ? [a, b]' "2:3: a list, expected a key"
}

@test "values: of the wrong kind" {
    refuses 's/^title:.*/title: [a]/' "2:8: title: a list, expected a text of one line"
    refuses 's/^title:.*/title:/' "2:7: title: nothing, expected a text of one line"
    refuses 's/^title:.*/title: "a\\tb"/' "2:8: title: a control character, expected a text of one line"
    refuses 's/^layout:.*/layout: {}/' "12:9: layout: a mapping, expected today or 2020"
    refuses 's/^signatures:.*/signatures: rsa/' "13:13: signatures: a single value, expected a list"
    refuses 's/{type: 0x10010.*/0x10010/' "20:5: platform_tlvs[2]: a single value, expected keys and values"
    refuses 's/  bits: 64/  bits: "64"/' "9:9: ta.bits: a text, expected 32 or 64 without quotation marks"
}

@test "values: not what they can be" {
    refuses 's/family: st/family: ST/' "7:11: ta.family: 'ST', expected optee or st"
    refuses 's/4.10/4/' "8:12: ta.version: '4', expected a version, such as 4.10"
    refuses 's/4.10/4.1000/' "8:12: ta.version: '4.1000', expected a version, such as 4.10"
    refuses 's/bits: 64/bits: 16/' "9:9: ta.bits: '16', expected 32 or 64"
    refuses 's/0x2000/4G/' "10:9: ta.heap: '4G', expected a number of bytes below 4G, such as 4096 or 4K"
    refuses 's/16M/16 MiB/' "11:14: ta.map_limit: '16 MiB', expected a number of bytes below 4G, such as 4096 or 4K"
    refuses 's/today/2019/' "12:9: layout: '2019', expected today or 2020"
    refuses 's/ecdsa/rsa/' "13:19: signatures[1]: rsa stands there twice"
    refuses 's/ecdsa/pss/' "13:19: signatures[1]: 'pss', expected rsa or ecdsa"
    refuses 's/^encrypted:.*/encrypted: yes/' "14:12: encrypted: 'yes', expected true or false"
    refuses 's/pkeyinfo: required/pkeyinfo: optional/' \
        "15:11: pkeyinfo: 'optional', expected ignored, required or unknown"
    refuses 's/BOOTSEC/0x20000/' \
        "19:11: platform_tlvs[1].type: '0x20000', expected BOOTADDR, BOOTSEC or a number from 0x10000 to 0x1ffff"
    refuses 's/BOOTSEC/65537/' "19:5: platform_tlvs[1]: the type 0x10001 stands there twice"
    refuses 's/^other_platform_tlvs:.*/other_platform_tlvs: any/' \
        "21:22: other_platform_tlvs: 'any', expected ignored or refused"
    refuses 's/{da: 0,/{da: 010,/' "24:10: ranges[0].da: '010', expected a device address of 32 bits, such as 0x10000000"
    refuses 's/{da: 0,/{da: 0x100000000,/' \
        "24:10: ranges[0].da: '0x100000000', expected a device address of 32 bits, such as 0x10000000"
    refuses 's/pa: 0x100000000, size: 1G/pa: 1G, size: 1G/' \
        "24:17: ranges[0].pa: '1G', expected a physical address, such as 0x10000000"
    refuses 's/world: secure/world: both/' "27:52: regions[0].world: 'both', expected any, secure or nonsecure"
    refuses 's/size: 65536/size: -1/' "28:40: regions[1].size: '-1', expected a number of bytes, such as 0x20000 or 128K"
    refuses 's/size: 65536/size: 0x/' "28:40: regions[1].size: '0x', expected a number of bytes, such as 0x20000 or 128K"
    refuses 's/size: 65536/size: 9999999999G/' \
        "28:40: regions[1].size: '9999999999G', expected a number of bytes, such as 0x20000 or 128K"
    refuses 's/size: 65536/size: 99999999999999999999/' \
        "28:40: regions[1].size: '99999999999999999999', expected a number of bytes, such as 0x20000 or 128K"
}

@test "numbers that do not go together" {
    refuses 's/pa: 2147483648, size: 2G/pa: 2147483648, size: 0x80000001/' \
        "25:5: ranges[1]: no bytes, or more than there are device or physical addresses"
    refuses 's/size: 64K/size: 0/' "27:5: regions[0]: no bytes, or more than there are physical addresses"
    refuses 's/pa: 0x80000000, size: 64K/pa: 0x7fffffffffff0000, size: 64K/' \
        "27:5: regions[0]: no bytes, or more than there are physical addresses"
    refuses 's/name: both/name: data/' "29:5: regions[2]: the name 'data' stands there twice"
    refuses '$a\  - {name: data, pa: 0, size: 1}' "32:5: linux[1]: the name 'data' stands there twice"
    refuses 's/family: st/family: optee/; s/size: 1M/size: 2G/' \
        "29:5: regions[2]: both is within no range: OP-TEE has no device address for it"
}

@test "lists that are empty or too long" {
    refuses 's/^signatures:.*/signatures: []/' "13:13: signatures: an empty list"
    refuses '/^regions/,/both/d; $a regions: []' "28:10: regions: an empty list"
    {
        grep -v '^linux\|0x8000}' "$boards/good.yaml"
        echo "linux:"
        for i in {0..255}; do echo "  - {name: r$i, pa: $i, size: 1}"; done
    } > many.yaml
    facts '.linux | length' --board ./many.yaml
    [ "$output" = 256 ]
    echo "  - {name: r256, pa: 256, size: 1}" >> many.yaml
    expect 2 rproc-verify --list-boards --board ./many.yaml
    [ "$stderr" = "rproc-verify: ./many.yaml:287:5: linux: more than 256" ]
}

@test "what makes one thing of two, or another of it than it looks" {
    refuses 's/^title:.*/title: \&a b/' "2:8: title: an anchor; write the value itself"
    refuses 's/^title:.*/title: *a/' "2:8: title: an alias; write the value itself"
    refuses 's/^title:.*/title: !!str b/' "2:8: title: a tag; write the value itself"
    refuses 's/^  - {name: code.*/  - \&a {name: code}/' "27:5: regions: an anchor; write the value itself"
    refuses 's/^signatures:.*/signatures: !x [rsa]/' "13:13: signatures: a tag; write the value itself"
}

@test "what is no YAML, or more than one document" {
    refuses '1i ]' "1:1: no YAML: did not find expected node content, while parsing a block node"
    refuses '$a ---' "32:1: a second document; leave one of them in the file"
    refuses 's/^title:.*/title: a: b/' "2:9: no YAML: mapping values are not allowed in this context"
    refuses 's/^title: A/title: \xff/' "2:8: no YAML: invalid leading UTF-8 octet"
    : > empty.yaml
    expect 2 rproc-verify --list-boards --board ./empty.yaml
    [ "$stderr" = "rproc-verify: ./empty.yaml:1:1: nothing, expected keys and values" ]
}

@test "the source of a device tree is none, and is told from YAML" {
    printf '/* ours */\n/dts-v1/;\n/ { };\n' > mp15.dts
    expect 2 rproc-verify --list-boards --board mp15.dts
    [ "$stderr" = "rproc-verify: mp15.dts: the source of a device tree; give the blob that dtc makes of it" ]
    # a board that only speaks of one has its own words
    sed '1s,.*,# of /dts-v1/,' "$BATS_TEST_DIRNAME/../boards/good.yaml" > good.yaml
    expect 0 rproc-verify --list-boards --board good.yaml
}

@test "files that are too large, not there, or no files" {
    { cat "$boards/good.yaml"; head -c 1048576 /dev/zero | tr '\0' '#'; } > b.yaml
    truncate -s 1048577 b.yaml
    expect 2 rproc-verify --list-boards --board ./b.yaml
    [ "$stderr" = "rproc-verify: ./b.yaml: 1048577 bytes of YAML, expected at most 1048576" ]
    truncate -s 1048576 b.yaml
    expect 0 rproc-verify --list-boards --board ./b.yaml
    truncate -s 2097153 b.yaml
    expect 2 rproc-verify --list-boards --board ./b.yaml
    [ "$stderr" = "rproc-verify: ./b.yaml: 2097153 bytes, expected at most 2097152" ]
    expect 2 rproc-verify --list-boards --board ./no.yaml
    [ "$stderr" = "rproc-verify: ./no.yaml: cannot open: No such file or directory" ]
    expect 2 rproc-verify --list-boards --board .
    says "rproc-verify: .: a folder, not a regular file"
}

# ---- Device tree blobs ----

# blob NAME [SED]: NAME.dtb of the source of this name, with what sed makes of it.
blob() {
    sed "${2:-}" "$boards/$1.dts" > "$1.dts"
    [ $# -eq 1 ] || ! cmp -s "$1.dts" "$boards/$1.dts" || { echo "sed changed nothing: $2"; return 1; }
    dtc -q -I dts -O dtb -o "$1.dtb" "$1.dts"
}

@test "a blob of STM32MP15: one cell" {
    blob mp15
    facts '[.ranges, .regions]' --board mp15.dtb
    [ "$output" = "$(jq -c . << 'JSON'
[[{"da": 0, "pa": 939524096, "size": 65536},
  {"da": 268435456, "pa": 268435456, "size": 393216},
  {"da": 805306368, "pa": 805306368, "size": 393216}],
 [{"name": "retram", "pa": 939524096, "size": 65536, "world": "any"},
  {"name": "mcuram", "pa": 805306368, "size": 262144, "world": "any"},
  {"name": "mcuram2", "pa": 268435456, "size": 262144, "world": "any"},
  {"name": "vdev0vring0", "pa": 268697600, "size": 4096, "world": "any"}]]
JSON
    )" ]
    facts '[.name, .title, .sources[-1]]' --board mp15.dtb
    [ "$output" = '["mp15.dtb","/soc/ahb/m4@10000000, st,stm32mp1-m4-tee","mp15.dtb: /soc/ahb/m4@10000000"]' ]
    facts 'del(.name, .title, .sources, .ranges, .regions, .linux)' --board mp15.dtb
    of_blob=$output
    facts 'del(.name, .title, .sources, .ranges, .regions, .linux)' --board stm32mp15-optee
    [ "$output" = "$of_blob" ]
    blob mp15 's/m4-tee/m4/'
    facts .ta.family --board mp15.dtb
    [ "$output" = '"optee"' ]
}

@test "a blob of STM32MP25: two cells, one of size" {
    blob mp25
    facts '[.ranges, .regions]' --board mp25.dtb
    [ "$output" = "$(jq -c . << 'JSON'
[[{"da": 0, "pa": 2147483648, "size": 134217728},
  {"da": 536870912, "pa": 536870912, "size": 3489660928},
  {"da": 402653184, "pa": 36507222016, "size": 134217728}],
 [{"name": "tfm-code", "pa": 2147483648, "size": 1048576, "world": "any"},
  {"name": "cm33-cube-fw", "pa": 2148532224, "size": 8388608, "world": "any"},
  {"name": "cm33-sram2", "pa": 168165376, "size": 131072, "world": "any"},
  {"name": "high", "pa": 36507222016, "size": 1048576, "world": "any"}]]
JSON
    )" ]
    for compatible in m33-tee m33; do
        blob mp25 "s/m33-tee\"/$compatible\", \"x,y\"/"
        facts 'del(.name, .title, .sources, .ranges, .regions, .linux)' --board mp25.dtb
        of_blob=$output
        facts 'del(.name, .title, .sources, .ranges, .regions, .linux)' --board stm32mp257f-ev1
        [ "$output" = "$of_blob" ]
    done
}

@test "without dma-ranges, or with an empty one, a device address is a physical one" {
    identity='[{"da":0,"pa":0,"size":4294967296}]'
    blob mp15 '/dma-ranges/,/;/d'
    facts .ranges --board mp15.dtb
    [ "$output" = "$identity" ]
    blob mp15 '/dma-ranges/,/;/c dma-ranges;'
    facts .ranges --board mp15.dtb
    [ "$output" = "$identity" ]
    # a bus that is the root
    blob mp25-linux 's/memory-region = .*/memory-region = <\&shmem>;/'
    facts .ranges --board mp25-linux.dtb
    [ "$output" = "$identity" ]
    blob mp25-linux 's/#size-cells = <2>;/&\n dma-ranges = <0x10000000 0x0 0x80000000 0x10000000>;/; s/, "vendor/, "other/'
    facts '[.ranges[], .regions[1]]' --board mp25-linux.dtb
    [ "$output" = '[{"da":268435456,"pa":2147483648,"size":268435456},{"name":"vdev0vring0","pa":2167373824,"size":4096,"world":"any"}]' ]
}

@test "what Linux sees comes from its blob, at its own path" {
    seen='[{"name":"ipc-shmem","pa":2166358016,"size":1015808},{"name":"vdev0vring0","pa":2167373824,"size":4096}]'
    blob mp25
    blob mp25-linux
    facts .linux --board mp25.dtb
    [ "$output" = null ]
    for board in mp25.dtb stm32mp257f-ev1; do
        facts .linux --board "$board" --linux-dtb mp25-linux.dtb
        [ "$output" = "$seen" ]
    done
    facts .linux --board mp25.dtb --linux-dtb mp25-linux.dtb --rproc-node /soc@0/bus/m33@0
    [ "$output" = "$seen" ]
    blob mp25-linux 's/st,stm32mp2-m33/vendor,one/'
    facts .linux --board stm32mp257f-ev1 --linux-dtb mp25-linux.dtb --rproc_node /remoteproc@0
    [ "$output" = "$seen" ]
    expect 2 rproc-verify --list-boards --board stm32mp257f-ev1 --linux-dtb mp25-linux.dtb
    says "rproc-verify: mp25-linux.dtb: no node is compatible with one of st,stm32mp1-m4-tee, "
}

@test "OP-TEE looks at secure-status first, Linux does not" {
    blob mp15 's/status = "okay"/status = "disabled"; secure-status = "okay"/'
    facts .title --board mp15.dtb
    expect 2 rproc-verify --list-boards --board stm32mp15-st --linux-dtb mp15.dtb
    says 'mp15.dtb: disabled, its status is not "okay": /soc/ahb/m4@10000000'
    blob mp15 's/status = "okay"/status = "okay"; secure-status = "disabled"/'
    expect 2 rproc-verify --list-boards --board mp15.dtb
    says 'mp15.dtb: disabled'
    facts '.linux | length' --board stm32mp15-st --linux-dtb mp15.dtb
    [ "$output" = 4 ]
}

@test "the node of another kind has to be named" {
    blob mp15 's/st,stm32mp1-m4-tee/vendor,core/'
    facts '[.ta.family, .ta.bits, (.regions | length)]' --board mp15.dtb --rproc-node /soc/ahb/m4@10000000
    [ "$output" = '["optee",32,4]' ]
    blob mp25 's/st,stm32mp2-m33-tee/vendor,core/; s/<&sram2>, //'
    facts '[.ta.family, .ta.bits, .title]' --board mp25.dtb --rproc-node /soc@0/bus/m33@0
    [ "$output" = '["optee",64,"/soc@0/bus/m33@0, of no kind that is known"]' ]
}

# refuses_blob NAME SED MESSAGE [OPTION...]
refuses_blob() {
    blob "$1" "$2"
    expect 2 rproc-verify --list-boards --board "$1.dtb" "${@:4}"
    [ "$stderr" = "rproc-verify: $1.dtb: $3" ] || { echo "$2: $stderr"; return 1; }
}

@test "blobs that are refused: the remote processor" {
    refuses_blob mp15 's/st,stm32mp1-m4-tee/vendor,core/' \
        "no node is compatible with one of st,stm32mp1-m4-tee, st,stm32mp1-m4, st,stm32mp2-m33-tee, st,stm32mp2-m33; name the node of the remote processor with --rproc-node"
    refuses_blob mp15 's/"okay"/"disabled"/' \
        'disabled, its status is not "okay": /soc/ahb/m4@10000000; give the blob of a board that uses the remote processor'
    refuses_blob mp15 's/"okay"/"disabled"/' \
        '/soc/ahb/m4@10000000: disabled, its status is not "okay"; give the blob of a board that uses the remote processor' \
        --rproc-node /soc/ahb/m4@10000000
    two='s/m4@10000000 {/other { compatible = "st,stm32mp2-m33"; }; &/'
    refuses_blob mp15 "$two" "more than one remote processor: /soc/ahb/other, /soc/ahb/m4@10000000; name one of the nodes with --rproc-node"
    facts .title --board mp15.dtb --rproc-node /soc/ahb/m4@10000000
    [ "$output" = '"/soc/ahb/m4@10000000, st,stm32mp1-m4-tee"' ]
    refuses_blob mp15 "$two" "no node /m4; there is /soc/ahb/other, /soc/ahb/m4@10000000" --rproc-node /m4
    blob mp15
    expect 2 rproc-verify --list-boards --board mp15.dtb --rproc-node /
    [ "$stderr" = "rproc-verify: mp15.dtb: /: no remote processor, but the root" ]
}

@test "blobs that are refused: the memory" {
    refuses_blob mp15 '/memory-region/d' \
        "/soc/ahb/m4@10000000: memory-region names 0 regions, expected 1 to 64"
    refuses_blob mp15 's/memory-region.*/memory-region = [00 01 02];/' \
        "/soc/ahb/m4@10000000: memory-region has 3 bytes, expected cells of 4 bytes"
    refuses_blob mp15 's/memory-region.*/memory-region = <0x77>;/' \
        "/soc/ahb/m4@10000000: memory-region: no node has the phandle 0x77"
    refuses_blob mp15 's/reg = <0x10000000 0x40000>; no-map/reg = <0x10000000>; no-map/' \
        "/reserved-memory/mcuram2@10000000: reg has 1 cells, expected 2 for the address and the size"
    refuses_blob mp15 's/reg = <0x10000000 0x40000>; no-map/reg = [00 00 00 00 00]; no-map/' \
        "/reserved-memory/mcuram2@10000000: reg has 5 bytes, expected cells of 4 bytes"
    refuses_blob mp15 's/reg = <0x10000000 0x40000>; no-map/size = <0x40000>; no-map/' \
        "/reserved-memory/mcuram2@10000000: reg has 0 cells, expected 2 for the address and the size"
    refuses_blob mp15 's/reg = <0x10000000 0x40000>; no-map/reg = <0x10000000 0>; no-map/' \
        "/reserved-memory/mcuram2@10000000: reg has no bytes, or more than there are addresses"
    refuses_blob mp25 's/reg = <0x8 0x80000000 0x0/reg = <0x7fffffff 0xfff00000 0x0/' \
        "/reserved-memory/high@880000000: reg has no bytes, or more than there are addresses"
    refuses_blob mp25 '/reserved/,/ranges/s/#size-cells = <2>/#size-cells = <0>/' \
        "/reserved-memory: #address-cells or #size-cells is not 1 or 2"
    refuses_blob mp25 '/reserved/,/ranges/s/#address-cells = <2>/#address-cells = <3>/' \
        "/reserved-memory: #address-cells or #size-cells is not 1 or 2"
    refuses_blob mp15 's/0x30000000 0x60000/0x30000000 0x10000/' \
        "/soc/ahb/m4@10000000: the region mcuram is within no entry of the bus's dma-ranges"
}

@test "blobs that are refused: the addresses" {
    refuses_blob mp15 's/0x30000000 0x60000/0x30000000/' \
        "/soc/ahb: dma-ranges has 8 cells, expected entries of 3, at most 64"
    refuses_blob mp15 '/dma-ranges/,/;/c dma-ranges = "x";' "/soc/ahb: dma-ranges has 2 bytes, expected cells of 4 bytes"
    refuses_blob mp15 's/0x10000000 0x60000/0x10000000 0/' \
        "/soc/ahb: dma-ranges: entry 1 has no bytes, or more than there are addresses"
    refuses_blob mp25 '/soc@0/,/ranges/s/#address-cells = <2>/#address-cells = <3>/' \
        "/soc@0: #address-cells or #size-cells is not 1 or 2"
}

@test "blobs that are cut, and what is none" {
    blob mp15
    size=$(stat -c %s mp15.dtb)
    head -c $((size - 1)) mp15.dtb > cut.dtb
    expect 2 rproc-verify --list-boards --board cut.dtb
    [ "$stderr" = "rproc-verify: cut.dtb: no device tree blob, or a damaged one (FDT_ERR_TRUNCATED); give one that dtc has made" ]
    cp mp15.dtb broken.dtb
    put broken.dtb 60 '\xff\xff\xff\xff'
    expect 2 rproc-verify --list-boards --board broken.dtb
    says "broken.dtb: no device tree blob, or a damaged one (FDT_ERR_BADSTRUCTURE)"
    cp mp15.dtb old.dtb
    put old.dtb 23 '\x10'
    expect 2 rproc-verify --list-boards --board old.dtb
    says "old.dtb: no device tree blob, or a damaged one (FDT_ERR_BADVERSION)"
    head -c 39 mp15.dtb > short.dtb
    expect 2 rproc-verify --list-boards --board short.dtb
    says "short.dtb: no device tree blob, or a damaged one (FDT_ERR_TRUNCATED)"
    expect 2 rproc-verify --list-boards --board mp15.dtb --linux-dtb m4.elf
    says "m4.elf: no device tree blob, or a damaged one (FDT_ERR_BADMAGIC)"
}

# ---- A profile to edit ----

@test "any board as YAML, which says the same" {
    blob mp25
    for board in $(rproc-verify --list-boards | cut -d ' ' -f 1) "$boards/good.yaml" mp25.dtb; do
        expect 0 rproc-verify --list-boards --board "$board" --format yaml
        echo "$output" > profile.yaml
        expect 0 rproc-verify --list-boards --board ./profile.yaml --format json
        diff <(jq 'del(.boards[0].name)' <<< "$output") \
            <(rproc-verify --list-boards --board "$board" --format json | jq 'del(.boards[0].name)')
    done
    grep -q 'pa: 0x80100000' profile.yaml
    expect 2 rproc-verify --list-boards --format yaml
    says "--format yaml is for one board; name it with --board"
    expect 2 rproc-verify --no-signature --format yaml m4.elf
    says "--format yaml is for --list-boards; expected text, json, lines or sarif"
}

# ---- The command line ----

@test "options that need each other" {
    expect 2 rproc-verify --list-boards m4.elf
    says "--list-boards takes no file; --board NAME shows one board"
    expect 2 rproc-verify --list-boards --explain -22
    says "--list-boards and --explain exclude each other"
    expect 2 rproc-verify --list-boards --map a.svg
    says "--list-boards and --map exclude each other"
    [ ! -e a.svg ]
    for option in "--linux-dtb x" "--rproc-node x"; do
        # shellcheck disable=SC2086 # two words
        expect 2 rproc-verify --list-boards $option
        says "${option% x} without --board"
        # shellcheck disable=SC2086
        expect 2 rproc-verify $option --no-signature m4.elf
        says "${option% x} without --board"
    done
    expect 2 rproc-verify --list-boards --board imx8mp-m7 --board imx8mp-m7
    says "--board"
    expect 2 rproc-verify --list-boards --board imx8mp-m7 --rproc-node /x
    [ "$stderr" = "rproc-verify: imx8mp-m7: no device tree blob that the node /x could be in; leave it out" ]
    expect 2 rproc-verify --list-boards --board "$boards/good.yaml" --rproc-node /x
    says "good.yaml: no device tree blob that the node /x could be in"
}

@test "a board that there is not" {
    expect 2 rproc-verify --no-signature --board '' m4.elf
    says "--board is empty; rproc-verify --list-boards names them"
    expect 2 rproc-verify --no-signature --board stm32mp15 m4.elf
    says "stm32mp15: no board of this name; there are stm32mp15-optee, "
    says "; the path of a file has a '/' or a '.' in it"
    expect 2 rproc-verify --no-signature --board ./b.yaml m4.elf
    says "./b.yaml: cannot open"
}

@test "a passphrase does not come from a board's file" {
    cp "$boards/good.yaml" b.yaml
    expect 2 rproc-verify --key "$keys/rsa2048.pub.pem" --passphrase file:b.yaml --board b.yaml "$vectors/expected/rsa2048_single.sig"
    says "b.yaml"
}
