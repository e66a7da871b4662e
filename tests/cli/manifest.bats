#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Manifests: rproc-sign --manifest, rproc-verify --manifest, rproc-dump --as-manifest.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
# shellcheck disable=SC2016 # ${...} is the manifest's
# shellcheck disable=SC2030,SC2031 # output: each test is a subshell
load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cp "$vectors/elf/m4.elf" "$keys/rsa2048.pem" "$keys/rsa2048.pub.pem" "$keys/p256.pem" .
}

# A manifest with three containers of one ELF file: two keys, and TLVs.
three() {
    cat > m.yaml << 'YAML'
defaults:
  key: rsa2048.pem
containers:
  one: {inputs: [m4.elf], output: one.sig}
  two:
    inputs: [m4.elf]
    output: two.sig
    key: p256.pem
  three:
    inputs: [m4.elf]
    output: three.sig
    platform_tlvs: {0x10011: {u16: 7}, 0x10010: {string: "1.2"}}
YAML
}

@test "all containers of a file, as the command line makes them" {
    three
    expect 0 rproc-sign --manifest m.yaml
    [ "$output" = "3 signed" ]
    rproc-sign -q --key rsa2048.pem m4.elf a.sig
    rproc-sign -q --key p256.pem m4.elf b.sig
    rproc-sign -q --key rsa2048.pem --plat-tlv-hex 0x10011 0700 --plat-tlv 0x10010 1.2 m4.elf c.sig
    cmp one.sig a.sig
    cmp two.sig b.sig
    cmp three.sig c.sig
    [ -z "$stderr" ]
}

@test "a warning is said once, with the container that has it first" {
    three
    sed -i 's/^  key: .*/&\n  platform_tlvs: {BOOTADDR: auto}/' m.yaml
    expect 0 rproc-sign --manifest m.yaml --jobs 3
    [ "$(grep -c 'm4.elf: the vector table is at 0x0' <<< "$stderr")" = 1 ]
    [[ $stderr == 'rproc-sign: one: warning: m4.elf: the vector table is at 0x0'* ]]
    expect 0 rproc-sign -q --manifest m.yaml
    [ -z "$output$stderr" ]
}

@test "some of them, by name, in the order of the manifest" {
    three
    expect 0 rproc-sign --manifest m.yaml three one
    [ "$output" = "2 signed" ]
    [ -e one.sig ]
    [ ! -e two.sig ]
    [ -e three.sig ]
    expect 2 rproc-sign --manifest m.yaml one four
    says "m.yaml: no container four"
}

@test "an error in the manifest: nothing is signed" {
    three
    echo '  four: {output: four.sig, kee: x}' >> m.yaml
    expect 2 rproc-sign --manifest m.yaml one
    says "m.yaml:13:28: containers.four: unknown key 'kee'"
    [ ! -e one.sig ]
    expect 2 rproc-sign --manifest nothing.yaml
    says "nothing.yaml: cannot open"
}

@test "one that fails does not stop the others, and the worst exit status counts" {
    three
    sed -i 's/^  two:/  none: {output: none.sig, inputs: [none.elf]}\n  two:/' m.yaml
    expect 2 rproc-sign --manifest m.yaml
    [ "$output" = "3 signed, 1 not" ]
    says "rproc-sign: none: none.elf: cannot open"
    [ -e three.sig ]
    # refused is not as bad
    cp "$vectors/elf/exidx_first.elf" none.elf
    expect 1 rproc-sign --manifest m.yaml
    says "rproc-sign: none: none.elf: not signed: no board that is known would load it"
    [ ! -e none.sig ]
    # a key that is not there is an error of those that need it
    sed -i 's/p256.pem/p257.pem/' m.yaml
    expect 2 rproc-sign --manifest m.yaml
    [ "$output" = "2 signed, 2 not" ]
    says "rproc-sign: two: m.yaml:6:3: p257.pem: cannot open"
}

@test "nor does one whose program, provider, engine or board is not there" {
    three
    cat >> m.yaml << 'YAML'
  program: {inputs: [m4.elf], output: p.sig, key: null, public_key: p256.pem, signer: no-such-program -x}
  provider: {inputs: [m4.elf], output: p1.sig, providers: no-such-provider}
  engine: {inputs: [m4.elf], output: p2.sig, engine: no-such-engine}
  board: {inputs: [m4.elf], output: p3.sig, board: no-such-board}
  last: {inputs: [m4.elf], output: last.sig, public_key: p256.pem}
YAML
    expect 2 rproc-sign --manifest m.yaml
    [ "$output" = "4 signed, 4 not" ]
    [ -e last.sig ]
    says "rproc-sign: program: m.yaml:13:3: signer: no program no-such-program in the folders of PATH; give its path"
    says "rproc-sign: provider: m.yaml:14:3: provider no-such-provider: "
    says "rproc-sign: engine: m.yaml:15:3: engine no-such-engine: "
    says "rproc-sign: board: m.yaml:16:3: no-such-board: no board of this name"
    expect 2 rproc-sign --manifest m.yaml --fail-fast --jobs 1 program last
    [ "$output" = "0 signed, 2 not" ]
    expect 2 rproc-verify --manifest m.yaml provider
    says "rproc-verify: provider: m.yaml:14:3: provider no-such-provider: "
}

@test "--fail-fast: no other is begun after a failure" {
    three
    sed -i 's/^  one:/  none: {output: none.sig, inputs: [none.elf]}\n  one:/' m.yaml
    expect 2 rproc-sign --manifest m.yaml --fail-fast --jobs 1
    [ "$output" = "0 signed, 4 not" ]
    [ "$stderr" = "$(printf 'rproc-sign: %s\n' 'none: none.elf: cannot open: No such file or directory' \
        'one: not begun' 'two: not begun' 'three: not begun')" ]
    [ ! -e three.sig ]
    expect 2 rproc-sign --manifest m.yaml --fail-fast --jobs 1 --report r.json --sarif s.json
    [ "$(jq -r '.containers[] | [.name, .outcome, .output.file, .message] | join(" ")' r.json)" = \
        "$(printf '%s\n' 'none failed none.sig none.elf: cannot open: No such file or directory' \
            'one failed one.sig not begun' 'two failed two.sig not begun' 'three failed three.sig not begun')" ]
    [ "$(jq '.runs[0].results | length' s.json)" = 4 ]
}

@test "what is said does not depend on timing" {
    {
        printf 'defaults: {key: rsa2048.pem}\ncontainers:\n'
        for i in $(seq 60); do
            case $((i % 4)) in
            0) echo "  c$i: {output: c$i.sig, inputs: [none.elf]}" ;;
            1) echo "  c$i: {output: c$i.sig, inputs: [m4.elf, m4.elf, m4.elf], key: p256.pem}" ;;
            *) echo "  c$i: {output: c$i.sig, inputs: [m4.elf]}" ;;
            esac
        done
    } > m.yaml
    expect 2 rproc-sign --manifest m.yaml --jobs 1 --verbose
    [ "$output" = "30 signed, 30 not" ]
    first=$stderr
    for jobs in 2 7 256; do
        expect 2 rproc-sign --manifest m.yaml --jobs $jobs --verbose
        [ "$stderr" = "$first" ]
    done
}

@test "no progress line where there is no terminal" {
    three
    expect 0 rproc-sign --manifest m.yaml
    [[ $stderr != *$'\r'* ]]
    # nor one that only appends
    three
    SHELL=$BASH TERM=dumb script -qec 'rproc-sign --manifest m.yaml' /dev/null > seen
    [ "$(tr -d '\r' < seen)" = "3 signed" ]
}

@test "on a terminal a line says how far it is, and goes" {
    echo 'containers: {a: {inputs: [m4.elf], output: a.sig, public_key: rsa2048.pem, signer: ./signs}}' > m.yaml
    printf '#!/bin/sh\nsleep 0.5\nexec openssl dgst -sha256 -sign rsa2048.pem\n' > signs
    chmod +x signs
    SHELL=$BASH TERM=xterm script -qec 'rproc-sign --manifest m.yaml' /dev/null > seen
    [ "$(cat seen)" = $'\r\e[Krproc-sign: signing, 0 of 1 done\r\e[K1 signed\r' ]
    SHELL=$BASH TERM=xterm script -qec 'rproc-sign -q --manifest m.yaml' /dev/null > seen
    [ ! -s seen ]
}

@test "paths are relative to the manifest" {
    mkdir -p there/keys
    cp rsa2048.pem there/keys/k.pem
    cp m4.elf there
    echo 'containers: {a: {inputs: [m4.elf], output: ../a.sig, key: keys/k.pem}}' > there/m.yaml
    expect 0 rproc-sign --manifest there/m.yaml
    [ -e a.sig ]
}

@test "variables of the environment, where the manifest lists them" {
    printf 'env: [OUT]\ncontainers: {a: {inputs: [m4.elf], output: "${OUT}.sig", key: rsa2048.pem}}\n' > m.yaml
    OUT=b expect 0 rproc-sign --manifest m.yaml
    [ -e b.sig ]
    expect 2 env -u OUT rproc-sign --manifest m.yaml
    says "OUT"
}

@test "an output is nothing that is read, and nobody else's" {
    three
    cp rsa2048.pem one.sig # some file
    ln one.sig m5.elf
    sed -i 's/^  three:/  four: {output: four.sig, inputs: [m5.elf]}\n  three:/' m.yaml
    expect 2 rproc-sign --manifest m.yaml
    says "rproc-sign: one: one.sig: the output is a file that is read"
    cmp one.sig rsa2048.pem
    rm m5.elf one.sig
    three
    cp m4.elf one.sig
    ln -s one.sig two.sig
    expect 2 rproc-sign --manifest m.yaml
    says "writes this file, too; name another output"
    cmp one.sig m4.elf
    rm two.sig
    expect 2 rproc-sign --manifest m.yaml --depfile m4.elf
    says "--depfile: m4.elf: the output is a file that is read"
    expect 2 rproc-sign --manifest m.yaml --report ./two.sig
    says "writes this file, too"
    cmp m4.elf "$vectors/elf/m4.elf"
}

@test "an output is nothing that will be read when it is there" {
    ln -s . here
    echo 'containers: {a: {inputs: [m4.elf], output: x.sig, key: rsa2048.pem}, b: {inputs: [here/x.sig], output: b.sig, key: rsa2048.pem}}' > m.yaml
    expect 2 rproc-sign --manifest m.yaml
    says "rproc-sign: a: x.sig: the output is a file that is read"
    [ ! -e x.sig ]
}

@test "more threads than a hundred find names beside their outputs" {
    rproc-sign -q --key rsa2048.pem m4.elf a.sig
    # the shell's number becomes the tool's; what others hold at that moment
    expect 0 bash -c 'touch .rproc-$$-{0..255}.tmp; exec rproc-sign -q --key p256.pem m4.elf a.sig'
    rproc-verify -q --key p256.pem a.sig
}

@test "--dry-run" {
    three
    expect 0 rproc-sign --manifest m.yaml --dry-run --depfile d
    [ "$output" = "3 signed (dry run)" ]
    [ ! -e one.sig ]
    [ ! -e d ]
}

@test "options that a manifest says itself" {
    three
    for option in '--key rsa2048.pem' '--out x' '--strip' '--board imx8mp-m7' '--layout st' '--preflight=off' \
        '--passphrase stdin' '--tbs x' '--resign' '--enc_key x' '--plat-tlv BOOTADDR auto'; do
        # shellcheck disable=SC2086 # two words
        expect 2 rproc-sign --manifest m.yaml $option
        name=${option%% *}
        says "${name%%=*} and --manifest exclude each other"
    done
    expect 2 rproc-sign --key rsa2048.pem --jobs 2 m4.elf
    says "--jobs belongs to --manifest"
    expect 2 rproc-sign --key rsa2048.pem --fail-fast m4.elf
    says "--fail-fast belongs to --manifest"
    for jobs in 0 -1 257 1x ''; do
        expect 2 rproc-sign --manifest m.yaml --jobs "$jobs"
        says "--jobs $jobs: expected 1 to 256"
    done
}

# ---- --if-changed ----

@test "--if-changed leaves alone what would be written again" {
    three
    expect 0 rproc-sign --manifest m.yaml --if-changed
    [ "$output" = "3 signed, 0 unchanged" ]
    touch -d '2020-01-01' ./*.sig
    expect 0 rproc-sign --manifest m.yaml --if-changed
    [ "$output" = "0 signed, 3 unchanged" ]
    [ "$(find . -name '*.sig' -newermt 2021-01-01)" = "" ]
    # a TLV changes, then the key, then the image
    sed -i 's/"1.2"/"1.3"/' m.yaml
    expect 0 rproc-sign --manifest m.yaml --if-changed --verbose
    [ "$output" = "1 signed, 2 unchanged" ]
    says "rproc-sign: three: three.sig: "
    sed -i 's/^  key: .*/  key: p256.pem/' m.yaml
    expect 0 rproc-sign --manifest m.yaml --if-changed
    [ "$output" = "2 signed, 1 unchanged" ]
    printf 'x' >> m4.elf
    expect 0 rproc-sign --manifest m.yaml --if-changed
    [ "$output" = "3 signed, 0 unchanged" ]
}

@test "--if-changed for one container" {
    rproc-sign -q --key rsa2048.pem m4.elf a.sig
    touch -d '2020-01-01' a.sig
    expect 0 rproc-sign -q --key rsa2048.pem --if-changed m4.elf a.sig
    [ -z "$(find . -name a.sig -newermt 2021-01-01)" ]
    expect 0 rproc-sign -v --key rsa2048.pem --if-changed --layout st m4.elf a.sig
    says "a.sig: "
    [ -n "$(find . -name a.sig -newermt 2021-01-01)" ]
    expect 2 rproc-sign --key rsa2048.pem --if-changed m4.elf -
    says "--if-changed: name the output"
}

@test "--if-changed of what is encrypted, whose initialisation vectors are random" {
    cp "$keys/aes256.bin" "$vectors/elf/ns_aligned16.elf" .
    echo 'containers: {a: {inputs: [ns_aligned16.elf], output: a.sig, key: rsa2048.pem, enc_key: aes256.bin}}' > m.yaml
    expect 0 rproc-sign -q --manifest m.yaml
    cp a.sig b.sig
    expect 0 rproc-sign --manifest m.yaml --if-changed
    [ "$output" = "0 signed, 1 unchanged" ]
    cmp a.sig b.sig
}

# ---- --depfile ----

@test "--depfile: of what each output was made" {
    three
    expect 0 rproc-sign -q --manifest m.yaml --depfile d
    [ "$(sed 's/ \\$//' d | xargs)" = 'one.sig: m.yaml m4.elf rsa2048.pem two.sig: m.yaml m4.elf p256.pem three.sig: m.yaml m4.elf rsa2048.pem' ]
    expect 0 rproc-sign -q --key rsa2048.pem --key_info rsa2048.pub.pem --depfile - m4.elf 'a b.sig'
    [ "$output" = 'a\ b.sig: \
  m4.elf \
  rsa2048.pem \
  rsa2048.pub.pem' ]
}

@test "--depfile to standard output, of a manifest" {
    three
    expect 0 rproc-sign --manifest m.yaml --depfile - one
    [[ $output == one.sig:* ]]
    [ -z "$stderr" ]
}

@test "no two of the files that one container writes are one" {
    ln -s . here
    expect 2 rproc-sign --key rsa2048.pem --report x --sarif here/x m4.elf a.sig
    says "writes this file, too; name another output"
    expect 2 rproc-sign --key rsa2048.pem --depfile x --sarif ./x m4.elf a.sig
    says "writes this file, too; name another output"
    [ ! -e a.sig ]
    [ ! -e x ]
}

@test "Make and Ninja read it" {
    three
    cp m4.elf 'm 4$.elf'
    sed -i 's/\[m4.elf\]/["m 4$.elf"]/' m.yaml
    cat > Makefile << 'MAKE'
one.sig:
	rproc-sign -q --manifest m.yaml --depfile d one
-include d
MAKE
    make -s
    [ "$(make -s -n | grep -c rproc-sign)" = 0 ]
    touch -d tomorrow 'm 4$.elf'
    [ "$(make -s -n | grep -c rproc-sign)" = 1 ]
    cat > build.ninja << 'NINJA'
rule sign
  command = rproc-sign -q --manifest m.yaml --depfile n
  depfile = n
  deps = gcc
build one.sig two.sig three.sig: sign m.yaml
NINJA
    touch -d yesterday 'm 4$.elf'
    ninja > /dev/null
    [[ $(ninja -n) == *'no work to do'* ]]
    touch -d tomorrow 'm 4$.elf'
    [[ $(ninja -n) != *'no work to do'* ]]
}

# ---- --report, --sarif ----

@test "--depfile: Make and Ninja read all names that it has" {
    printf 'include d\n%%:\n\t@echo made again\n' > Makefile
    for name in 'a b' 'a#b' 'a$b' 'a:b' 'a=b' 'a%b' 'a\b' 'a~' 'a@b' 'a,(b)c' '{a}+[b]!'; do
        cp m4.elf "$name"
        rproc-sign -q --key rsa2048.pem --depfile d "$name" --out out
        touch -d 2020-01-02 ./*
        touch -d 2020-01-03 "$name"
        make -r out | grep -qx 'made again'
        touch -d 2020-01-01 "$name"
        [ "$(make -r out | grep -c 'made again')" -eq 0 ]
        cp d kept
        printf 'rule r\n command = cp kept d; touch out\n depfile = d\nbuild out: r\n' > build.ninja
        ninja > /dev/null
        [[ $(ninja -n) == *'no work to do'* ]]
        touch -d tomorrow "$name"
        [[ $(ninja -n) != *'no work to do'* ]]
        rm -rf .ninja* out "$name"
    done
    for name in 'a;b' 'a*b' "a'b" 'a"b' 'a&b' 'a|b' $'a\nb' "a\\" 'a ' 'a\ b' 'a\$b' '~a' 'a (1)'; do
        cp m4.elf "$name"
        expect 2 rproc-sign -q --key rsa2048.pem --depfile d "$name" --out out
        says ': no depfile can name it: '
        expect 2 rproc-sign -q --key rsa2048.pem --depfile d m4.elf --out "$name"
        [ ! -e out ]
        cmp "$name" m4.elf
    done
    three
    sed -i 's/three.sig/"%.sig"/' m.yaml
    expect 2 rproc-sign --manifest m.yaml --depfile d
    says "%.sig: no depfile can name it: Make or Ninja take the '%' for something else; name it otherwise"
    [ ! -e one.sig ]
    expect 0 rproc-sign --manifest m.yaml
}

@test "--report: what was signed, of what" {
    three
    expect 0 rproc-sign -q --manifest m.yaml --report r.json
    [ "$(jq -r '.containers[] | [.name, .outcome, .message] | @csv' r.json)" = '"one","signed",
"two","signed",
"three","signed",' ]
    [ "$(jq -r '.containers[0].inputs[0].sha256' r.json)" = "$(sha256sum < m4.elf | cut -d ' ' -f 1)" ]
    [ "$(jq -r '.containers[2].output.sha256' r.json)" = "$(sha256sum < three.sig | cut -d ' ' -f 1)" ]
    [ "$(jq -r '.containers[0].signed_by.spki_sha256' r.json)" = \
        "$(openssl pkey -in rsa2048.pem -pubout -outform DER | sha256sum | cut -d ' ' -f 1)" ]
    [ "$(jq -r '.containers[2].tlvs[] | select(.type == 65552).text' r.json)" = 1.2 ]
    [ "$(jq -r '.tool.version' r.json)" = "$(rproc-sign --version | sed -n '1s/.* //p')" ]
    expect 0 rproc-sign -q --manifest m.yaml --report r.json --if-changed
    [ "$(jq -r '.containers[].outcome' r.json | sort -u)" = unchanged ]
}

@test "--report and --sarif of what is refused" {
    cp "$vectors/elf/exidx_first.elf" x.elf
    expect 1 rproc-sign --key rsa2048.pem x.elf x.sig --report r.json --sarif s.json
    [ ! -e x.sig ]
    [ "$(jq -r '.containers[0] | [.outcome, .output.sha256, .findings[0].id, .findings[0].level] | @csv' r.json)" = \
        '"failed",,"hash-entry-type","error"' ]
    [ "$(jq -r '.runs[0].results[] | [.ruleId, .level, .locations[0].physicalLocation.artifactLocation.uri] | @csv' s.json | head -n 1)" = \
        '"hash-entry-type","error","x.elf"' ]
    [ "$(jq '.runs[0] | (.results[].ruleIndex as $i | .tool.driver.rules[$i].id) ' s.json | head -n 1)" = '"hash-entry-type"' ]
    # what is none of the checks
    expect 2 rproc-sign --key rsa2048.pem none.elf x.sig --sarif s.json
    [ "$(jq -r '.runs[0].results[0].ruleId' s.json)" = not-signed ]
    expect 2 rproc-sign --key rsa2048.pem m4.elf x.sig --report m4.elf
    says "m4.elf"
    cmp m4.elf "$vectors/elf/m4.elf"
}

# ---- rproc-verify ----

@test "rproc-verify --manifest: every output is what the manifest says" {
    three
    rproc-sign -q --manifest m.yaml
    expect 0 rproc-verify --manifest m.yaml
    [ "$(grep -c ': as m.yaml says of ' <<< "$output")" = 3 ]
    expect 0 rproc-verify -q --manifest m.yaml two
    [ -z "$output$stderr" ]
    # another TLV, then another key, then nothing
    sed -i 's/"1.2"/"1.3"/; s/p256.pem/rsa2048.pem/' m.yaml
    rm one.sig
    expect 2 rproc-verify --manifest m.yaml
    says "one: one.sig: cannot open"
    says "two.sig: "
    says "three.sig: not what m.yaml says of three: "
    expect 1 rproc-verify --manifest m.yaml three
    expect 1 rproc-verify --manifest m.yaml two
    expect 1 rproc-verify --manifest m.yaml --format json three
    [ "$(jq -r '.files[0] | [.verdict, .manifest.container, .manifest.same] | @csv' <<< "$output")" = '"accept","three",false' ]
}

@test "rproc-verify --manifest needs no private key where there is a public one" {
    echo 'containers: {a: {inputs: [m4.elf], output: a.sig, key: rsa2048.pem, public_key: rsa2048.pub.pem}}' > m.yaml
    rproc-sign -q --manifest m.yaml
    rm rsa2048.pem
    expect 0 rproc-verify --manifest m.yaml
}

@test "rproc-verify --manifest asks the board" {
    echo 'containers: {a: {inputs: [m4.elf], output: a.sig, key: p256.pem, board: stm32mp15-optee, preflight: warn}}' > m.yaml
    rproc-sign -q --manifest m.yaml
    expect 1 rproc-verify --manifest m.yaml
    says "does not load: TEE_ERROR_NOT_SUPPORTED"
    [[ $output == *'a.sig: as m.yaml says of a' ]]
    for option in '--key x' '--board imx8mp-m7' '--coverage' '--explain -5' --list-boards '--map x.svg' --no-signature; do
        # shellcheck disable=SC2086
        expect 2 rproc-verify --manifest m.yaml $option
        says "--manifest and ${option%% *} exclude each other"
    done
}

# ---- rproc-dump ----

@test "rproc-dump --as-manifest makes the container again, to the byte" {
    rproc-sign -q --key p256.pem --layout st --plat-tlv 0x10010 'a $ b' m4.elf p256_st.sig
    for file in "$vectors"/expected/rsa2048_{all,key_info,two_images,pad1,device_refuses}.sig p256_st.sig; do
        rm -rf parts
        rproc-dump --extract parts "$file"
        rproc-dump --as-manifest "$file" > parts/m.yaml
        name=${file##*/}
        KEY=$keys/${name%%_*}.pem rproc-sign -q --manifest parts/m.yaml
        cmp "parts/$name" "$file"
    done
    expect 1 rproc-dump --as-manifest m4.elf
    [ -z "$output" ]
}

@test "rproc-dump --as-manifest of what no manifest makes" {
    refuse() { # FILE WORDS
        expect 1 rproc-dump --as-manifest "$1"
        says "$1: no manifest makes it again: $2"
        [ -z "$output" ]
    }
    refuse "$vectors/device/signtype_unknown.sig" 'unknown signature algorithm'
    refuse "$vectors/device/tlv_flip.sig" 'a TLV is there twice'
    refuse "$vectors/device/tlv_length_past_end.sig" 'a TLV runs past the end of the TLV area'
    # PKEYINFO behind a platform TLV: each takes 16 bytes
    echo -n 12345678 > info
    rproc-sign -q --key rsa2048.pem --key_info info --plat-tlv-hex 0x10010 0102030405060708 m4.elf a.sig
    at=$(rproc-dump --format json a.sig | jq '.files[0].tlvs[] | select(.type == 17) | .offset')
    cp a.sig b.sig
    dd if=a.sig of=b.sig bs=1 skip="$at" seek=$((at + 16)) count=16 conv=notrunc status=none
    dd if=a.sig of=b.sig bs=1 skip=$((at + 16)) seek="$at" count=16 conv=notrunc status=none
    expect 0 rproc-dump --as-manifest a.sig
    refuse b.sig 'its TLVs are in an order of their own'
    args=$(for i in $(seq 257); do echo "--plat-tlv-hex $((0x10100 + i)) 01"; done)
    # shellcheck disable=SC2086
    rproc-sign -q --key rsa2048.pem $args m4.elf c.sig
    refuse c.sig 'a manifest cannot say that many or that long TLVs'
    # two resource tables can be signed, but are refused
    expect 1 rproc-dump --as-manifest "$vectors/expected/rsa2048_three_images.sig"
    says "more than one resource table"
    shows 'preflight: "warn"'
}

@test "rproc-dump --as-manifest of a name with $, of long values" {
    head -c 5000 /dev/zero | tr '\0' a > text
    head -c 2049 /dev/zero > bytes
    name='a$$b${KEY}.sig'
    rproc-sign -q --key rsa2048.pem --plat-tlv-file 0x10010 text --plat-tlv-file 0x10011 bytes m4.elf "$name"
    rproc-dump --extract parts "$name"
    rproc-dump --as-manifest "$name" > parts/m.yaml
    KEY=../rsa2048.pem rproc-sign -q --manifest parts/m.yaml
    cmp "parts/$name" "$name"
    for bad in $'a\nb' $'\xff'; do
        cp "$name" "$bad"
        expect 1 rproc-dump --as-manifest "$bad"
        says "no manifest makes it again: a manifest cannot say its name; give it another"
        [ -z "$output" ]
    done
}

# ---- Many ----

# bats test_tags=no-valgrind
@test "no more at a time than files may be open" {
    {
        printf 'defaults: {key: rsa2048.pem}\ncontainers:\n'
        for i in $(seq 60); do echo "  c$i: {inputs: [m4.elf, m4.elf], output: c$i.sig, preflight: off}"; done
    } > m.yaml
    # shellcheck disable=SC2016 # the shell that has the limit
    expect 0 bash -c 'ulimit -n 40; rproc-sign --manifest m.yaml --jobs 256'
    [ "$output" = "60 signed" ]
    [ -z "$stderr" ]
}

@test "a manifest with 207 containers signs in one command" {
    {
        printf 'defaults: {key: rsa2048.pem}\ncontainers:\n'
        for i in $(seq 207); do echo "  image$i: {inputs: [m4.elf], output: out/image$i.sig, platform_tlvs: {0x10010: {u32: $i}}}"; done
    } > m.yaml
    mkdir out
    expect 0 rproc-sign -q --manifest m.yaml
    [ "$(find out -type f | wc -l)" = 207 ]
    rproc-verify -q --manifest m.yaml
}

@test "examples/manifest does what its README says" {
    cp -r "$BATS_TEST_DIRNAME/../../examples/manifest" "$BATS_TEST_DIRNAME/../../examples/firmware" .
    cd manifest
    sed -n '/^```sh$/,/^```$/p' README.md | grep -v '^```' > lines.sh
    expect 0 sh -e lines.sh
    [[ $output == *'2 signed, 0 unchanged'* ]]
    [ "$(jq -r '.version' out/findings.sarif)" = 2.1.0 ]
    BUILD=../firmware expect 0 rproc-sign --manifest firmware.yaml --if-changed
    [ "$output" = '0 signed, 2 unchanged' ]
    rm key.pem
    BUILD=../firmware expect 0 rproc-verify -q --manifest firmware.yaml
}

# ---- SARIF of rproc-verify ----

# results FILE: rule, level and file of each result.
results() {
    jq -r '.runs[0] | .tool.driver.rules as $rules | .results[] |
        select($rules[.ruleIndex].id == .ruleId) |
        [.ruleId, .level, .locations[0].physicalLocation.artifactLocation.uri] | join(" ")' "$1"
}

@test "rproc-verify --format sarif: what is wrong, and what was found" {
    cp "$vectors/device/segment_flip.sig" 'a b.sig'
    expect 1 rproc-verify --key rsa2048.pub.pem --format sarif 'a b.sig'
    echo "$output" > s.json
    [ "$(jq -r '.version, .runs[0].tool.driver.name' s.json | xargs)" = "2.1.0 rproc-verify" ]
    [ "$(results s.json)" = 'segment-hash error a%20b.sig' ]
    expect 1 rproc-verify --key p256.pem --board stm32mp15-optee --format sarif "$vectors/expected/p256_single.sig"
    echo "$output" > s.json
    results s.json | grep -qx "signature-algorithm error file://$vectors/expected/p256_single.sig"
    results s.json | grep -qx "rsc-malformed warning file://$vectors/expected/p256_single.sig"
    expect 2 rproc-verify --key p256.pem --format sarif nothing
    echo "$output" > s.json
    [ "$(results s.json)" = 'not-judged error nothing' ]
    for option in '--explain -5' --list-boards; do
        # shellcheck disable=SC2086
        expect 2 rproc-verify --format sarif $option
        says "${option%% *} and --format sarif exclude each other"
    done
}

@test "every rule in SARIF stands on a page, and none twice" {
    echo 'containers: {a: {inputs: [none], output: a.sig, key: rsa2048.pem}}' > m.yaml
    expect 2 rproc-sign --manifest m.yaml --sarif s.json
    expect 2 rproc-verify --key rsa2048.pub.pem --board stm32mp15-optee --format sarif "$vectors"/device/*.sig none
    jq -r '.runs[0].tool.driver.rules[].id' s.json - <<< "$output" > rules
    [ "$(wc -l < rules)" -gt 40 ]
    sort -u rules | diff - <(sort rules)
    # what GitHub wants of each rule and result
    jq -e '[.runs[0].tool.driver.rules[] | [.shortDescription, .fullDescription, .help][] | (.text // "") != ""] | all' s.json
    jq -e '[.runs[0].results[].locations[0].physicalLocation.region.startLine == 1] | all' s.json
    cat "$BATS_TEST_DIRNAME"/../../man/{rproc-sign.1,rproc-verify.1,rprocfw.3,rprocfw-checks.7} > pages
    while read -r rule; do
        grep -qE "^\.(It Sy|Li) $rule\$|^\.It [0-9]+ Ta $rule Ta" pages || { echo "$rule stands on no page"; return 1; }
    done < rules
}

@test "a signal ends a program that signs, and what waits for it" {
    cat > hangs << 'SH'
#!/bin/sh
echo "$$" >> pids
exec sleep 100
SH
    chmod +x hangs
    {
        printf "defaults: {public_key: rsa2048.pub.pem, signer: './hangs', signer_timeout: 0}\ncontainers:\n"
        for i in 1 2 3 4; do echo "  c$i: {inputs: [m4.elf], output: c$i.sig}"; done
    } > m.yaml
    rproc-sign --manifest m.yaml --jobs 4 2> said 3>&- &
    pid=$!
    for _ in $(seq 200); do [ -s pids ] && break; sleep 0.05; done
    kill -TERM $pid
    started=$SECONDS
    status=0
    wait $pid || status=$?
    [ "$status" -eq 143 ]
    [ $((SECONDS - started)) -lt 20 ]
    grep -q 'interrupted by a signal' said
    # a thread may not have begun yet
    [ "$(grep -cE 'interrupted by a signal|: not begun' said)" = 4 ]
    [ "$(wc -l < pids)" = 1 ]
    run ! kill -0 "$(cat pids)"
    [ -z "$(find . -name '*.sig')" ]
}

@test "a second signal ends what waits for ever" {
    mkfifo fifo
    cat > m.yaml << 'YAML'
defaults: {key: rsa2048.pem}
containers:
  waits: {inputs: m4.elf, output: out, platform_tlvs: {0x10010: {file: fifo}}}
  signed: {inputs: m4.elf, output: signed}
YAML
    rproc-sign --manifest m.yaml --jobs 2 3>&- &
    pid=$!
    for _ in $(seq 200); do [ -s signed ] && break; sleep 0.05; done
    kill -TERM $pid
    sleep 0.5
    kill -0 $pid
    kill -INT $pid || true
    kill -HUP $pid || true
    status=0
    wait $pid || status=$?
    [ "$status" -eq 143 ]
    [ ! -e out ]
}

@test "--report and --sarif are files" {
    for option in --report --sarif; do
        run -2 --separate-stderr rproc-sign --key "$keys/rsa2048.pem" "$option" - "$vectors/elf/m4.elf" out.sig
        [[ $stderr == *"$option -: expected the path of a file"* ]]
        [ ! -e out.sig ]
    done
    cat > m.yaml <<< "containers: {a: {key: k.pem, inputs: m4.elf, output: a.sig}}"
    run -2 --separate-stderr rproc-sign --manifest m.yaml --report -
    [[ $stderr == *"--report -: expected the path of a file"* ]]
}

@test "--report: an input that is no file is refused, and not waited for" {
    mkfifo fifo
    cat > m.yaml << 'YAML'
defaults: {key: rsa2048.pem}
containers:
  pipe: {inputs: fifo, output: a}
  device: {inputs: /dev/zero, output: b}
YAML
    expect 2 timeout 20 rproc-sign --manifest m.yaml --report r.json
    says 'pipe: fifo: not a regular file'
    says 'device: /dev/zero: not a regular file'
    expect 2 timeout 20 rproc-sign --key rsa2048.pem --report r.json fifo out
    says 'fifo: not a regular file'
}

@test "--report tells of no other input than was signed" {
    cat > moves << 'SH'
#!/bin/sh
ln -sfn other.elf in && exec openssl dgst -sha256 -sign rsa2048.pem
SH
    chmod +x moves
    cp "$vectors/elf/m4dbg.elf" other.elf
    echo 'containers: {c: {inputs: in, output: out, public_key: rsa2048.pub.pem, signer: ./moves}}' > m.yaml
    said='in: changed while it was signed, so that what is reported of it may not be so; sign again'
    ln -s m4.elf in
    expect 2 rproc-sign --manifest m.yaml --report r.json
    says "c: $said"
    [ "$(jq -r '.containers[0].outcome' r.json)" = failed ]
    ln -sfn m4.elf in
    expect 2 rproc-sign --public-key rsa2048.pub.pem --signer ./moves --report r.json in out
    says "rproc-sign: $said"
    ln -sfn m4.elf in
    expect 0 rproc-sign --manifest m.yaml
}

@test "Control-C where a passphrase is asked for ends it, before anything is signed" {
    cp "$keys/p256.encrypted.pem" "$keys/rsa2048.encrypted.pem" .
    cat > m.yaml << 'YAML'
containers:
  one: {inputs: m4.elf, output: one.sig, key: p256.encrypted.pem}
  two: {inputs: m4.elf, output: two.sig, key: rsa2048.encrypted.pem}
  three: {inputs: m4.elf, output: three.sig, key: rsa2048.pem}
YAML
    status=0
    at_terminal $'\003' rproc-sign --manifest m.yaml || status=$?
    [ "$status" -eq 130 ]
    [ "$(grep -c 'Passphrase of' typed)" -eq 1 ]
    [ ! -e three.sig ]
}
