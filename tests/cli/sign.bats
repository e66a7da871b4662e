#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-sign: its command line, keys, platform TLVs and output.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

expected=$vectors/expected/rsa2048_single.sig
key=$keys/rsa2048.pem

# --- Command line -------------------------------------------------------------------------------

@test "one ELF file and no output: the output is IN.sig" {
    expect 0 rproc-sign --key "$key" m4.elf
    [ -z "$output$stderr" ]
    cmp m4.elf.sig "$expected"
    only_files m4.elf m4.elf.sig
}

@test "the last operand is the output, options may follow, sign may lead" {
    expect 0 rproc-sign sign m4.elf out.sig --key "$key"
    cmp out.sig "$expected"
}

@test "--in and --out, several images, - and _ alike, abbreviations" {
    cp "$vectors/elf/tfm_s.elf" "$vectors/elf/zephyr_ns.elf" "$vectors/keyinfo.bin" .
    args=(--key "$key" --in tfm_s.elf --in=zephyr_ns.elf)
    expect 0 rproc-sign "${args[@]}" --out a
    expect 0 rproc-sign "${args[@]}" --key-info keyinfo.bin --out b
    expect 0 rproc-sign "${args[@]}" --key_info keyinfo.bin --out c
    expect 0 rproc-sign "${args[@]}" --key_i keyinfo.bin --ou d
    expect 0 rproc-sign --key "$key" tfm_s.elf zephyr_ns.elf e
    cmp a "$vectors/expected/rsa2048_two_images.sig"
    cmp b c
    cmp a e
}

@test "OUT - is standard output" {
    rproc-sign --key "$key" m4.elf - | cmp - "$expected"
    rproc-sign --key "$key" m4.elf --out - | cmp - "$expected"
    only_files m4.elf
}

@test "usage errors say what is wrong, exit with 2 and write nothing" {
    usage() { # WORDS ARGUMENT...
        local words=$1
        shift
        expect 2 rproc-sign "$@"
        says "$words"
        only_files m4.elf
    }
    usage "no key" m4.elf out
    usage "no ELF file" --key "$key"
    usage "no ELF file" --key "$key" --out out
    usage "name it with --out" --key "$key" --in m4.elf --in m4.elf
    usage "unrecognized option" --key "$key" --frobnicate m4.elf
    usage "requires an argument" m4.elf out --key
    usage "twice" --key "$key" --key "$key" m4.elf out
    usage "needs two arguments" --key "$key" m4.elf --plat-tlv BOOTADDR
    usage "expected optee or st" --key "$key" --layout zephyr m4.elf out
    usage "expected RSA or ECC" --key "$key" --key_type DSA m4.elf out
    usage "is an ELF file" --key "$key" m4.elf m4.elf
    usage "expected env:VAR" --key "$key" --passphrase secret m4.elf out
    usage "expected env:VAR" --key "$key" --passphrase fd:x m4.elf out
    run ! grep -q secret <<< "$stderr"
    usage "exclude each other" --key "$key" --key_pwd a --passphrase stdin m4.elf out
}

@test "a key whose halves do not belong together is named as damaged, not the container" {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.pem
    openssl ec -in "$keys/p256.pem" -outform DER | head -c -65 > halves.der # the point stands last
    openssl ec -in other.pem -outform DER | tail -c 65 >> halves.der
    expect 2 rproc-sign --key halves.der m4.elf out
    says "rproc-sign: halves.der: its private and public halves do not belong together: the key is"
    openssl rsa -in "$keys/rsa4096.pem" -traditional -outform DER -out damaged.der
    put damaged.der 600 XXXXXXXX # in the private exponent
    put damaged.der 1100 XXXXXXXX # and in a prime
    expect 2 rproc-sign --key damaged.der m4.elf out
    says "damaged.der: its private and public halves do not belong together"
    put damaged.der 1305 '\0' # the prime is even
    expect 2 rproc-sign --key damaged.der m4.elf out
    says "rproc-sign: damaged.der: signing failed: "
    [ ! -e out ]
}

@test "an output that cannot be read to see whether it is an ELF file by mistake is an error" {
    expect 2 rproc-sign --key "$key" m4.elf /proc/self/mem # whose first page is none
    says "/proc/self/mem: stands where the output belongs, and cannot be read to see whether it is an ELF"
    says "Input/output error; name the output with --out"
}

@test "--help and --version go to standard output" {
    expect 0 rproc-sign --help
    shows "Usage: rproc-sign"
    expect 0 rproc-sign --version
    shows "OpenSSL"
    [ "$(sed -n 's/^librprocfw //p' <<< "$output")" = "$(sed -n 's/^rproc-sign //p' <<< "$output")" ]
    [ -z "$stderr" ]
}

@test "-v says each step, -q not even warnings" {
    expect 0 rproc-sign --key "$key" -v m4.elf out
    says "m4.elf: 13600 bytes, program headers: 5"
    says "out: 14284 bytes"
    expect 0 rproc-sign --key "$key" -q --plat-tlv BOOTSEC 1 m4.elf out
    [ -z "$stderr" ]
}

@test "--dry-run does all but the writing" {
    expect 0 rproc-sign --key "$key" --dry-run -v m4.elf out
    says "dry run"
    expect 2 rproc-sign --key "$key" --dry-run --in m4.elf --out m4.elf
    expect 1 rproc-sign --key "$key" --dry-run "$expected" out
    only_files m4.elf
}

# --- Output -------------------------------------------------------------------------------------

@test "the output's mode follows the umask, also over an old file" {
    (umask 027 && rproc-sign --key "$key" m4.elf a)
    [ "$(stat -c %a a)" = 640 ]
    touch b
    chmod 600 b
    (umask 022 && rproc-sign --key "$key" m4.elf b)
    [ "$(stat -c %a b)" = 644 ]
}

@test "an output that is one of the inputs is refused, through links, too" {
    ln m4.elf hard.elf
    ln -s m4.elf soft.elf
    sum=$(sha256sum < m4.elf)
    for out in m4.elf ./m4.elf hard.elf soft.elf; do
        expect 2 rproc-sign --key "$key" --in m4.elf --out "$out"
        says "the output is the input m4.elf"
    done
    [ "$(sha256sum < m4.elf)" = "$sum" ]
    only_files m4.elf hard.elf soft.elf
}

@test "an output that is the key is refused" {
    cp "$key" k.pem
    expect 2 rproc-sign --key k.pem m4.elf k.pem
    says "the output is the signing key"
    cmp k.pem "$key"
    only_files m4.elf k.pem
}

@test "an output that an option reads is refused" {
    cp "$vectors/keyinfo.bin" f
    for option in "--key_info f" "--plat-tlv-file 0x10000 f" "--passphrase file:f"; do
        # shellcheck disable=SC2086 # words of options
        expect 2 rproc-sign --key "$key" $option --in m4.elf --out ./f
        says "./f: the output is f, which an option reads"
    done
    cmp f "$vectors/keyinfo.bin"
    only_files m4.elf f
}

@test "an output that is a board's file is refused" {
    cp "$BATS_TEST_DIRNAME/../boards/good.yaml" b.yaml
    dtc -q -O dtb -o l.dtb "$BATS_TEST_DIRNAME/../boards/mp25-linux.dts"
    cp l.dtb l.dtb.before
    for file in b.yaml l.dtb; do
        expect 2 rproc-sign --key "$key" --board ./b.yaml --linux-dtb l.dtb --preflight=warn m4.elf "$file"
        says "$file: the output is"
        says "which an option reads"
        expect 2 rproc-sign --public-key "$key" --board ./b.yaml --linux-dtb l.dtb --preflight=warn --tbs "$file" m4.elf
        expect 2 rproc-sign --resign --key "$key" --board ./b.yaml --linux-dtb l.dtb --preflight=warn "$expected" "$file"
    done
    cmp b.yaml "$BATS_TEST_DIRNAME/../boards/good.yaml"
    cmp l.dtb l.dtb.before
    # the name of a board is no file
    expect 0 rproc-sign --key "$key" --board stm32mp15-optee m4.elf stm32mp15-optee
    expect 0 rproc-sign --key "$key" --board stm32mp15-optee m4.elf stm32mp15-optee
    only_files m4.elf b.yaml l.dtb l.dtb.before stm32mp15-optee
}

# bats test_tags=no-valgrind
@test "closed descriptors: no message ends up in the container" {
    for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
        expect 0 bash -c "rproc-sign -v --key '$key' m4.elf --out out $closed"
        cmp out "$expected"
        expect 2 bash -c "rproc-sign -v --key '$key' m4.elf - >&-"
    done
}

# bats test_tags=no-valgrind
@test "closed descriptors that cannot be replaced: exit status 2, and nothing is written" {
    local namespace=(unshare -m)
    [ "$(id -u)" -eq 0 ] || namespace=(unshare -rm)
    "${namespace[@]}" mount -t tmpfs none /mnt || skip "no file system can be mounted"
    for fd in 0 1 2; do
        for command in "rproc-sign --key '$key' m4.elf --out out" "rproc-verify --key k m4.elf" \
            "rproc-dump m4.elf" "rproc-key c-source k"; do
            expect 2 "${namespace[@]}" bash -c "mount -t tmpfs none /dev && $command $fd>&-"
            # what goes to 2 is not seen
            [ $fd -eq 2 ] || says "${command%% *}: descriptor $fd is closed, and /dev/null cannot be opened"
            [ -z "$output" ]
        done
    done
    only_files m4.elf
}

# bats test_tags=no-valgrind
@test "a low limit of the stack is raised, and one that cannot be is an error, not a crash" {
    rproc-sign --key "$key" m4.elf good.sig
    for limit in 64 32; do
        for command in "rproc-sign --key '$key' m4.elf -" "rproc-sign --key '$keys/p256.pem' m4.elf out" \
            "rproc-verify --key '$keys/rsa2048.pub.pem' good.sig" "rproc-dump --extract parts good.sig" \
            "rproc-dump --format yaml good.sig" "rproc-key c-source '$key'"; do
            expect 0 bash -c "ulimit -S -s $limit; exec $command > /dev/null"
            rm -rf parts out
            expect 2 bash -c "ulimit -s $limit; exec $command > /dev/null"
            says "${command%% *}: the stack is limited to too few bytes; allow more (ulimit -s 8192)"
        done
    done
    only_files m4.elf good.sig
}

@test "a container does not go to the end of a file that is read" {
    cp "$key" k.pem
    cp "$vectors/keyinfo.bin" f
    echo vector-passphrase > pass
    for appended in m4.elf k.pem f pass; do
        cp "$appended" before
        expect 2 bash -c "rproc-sign --key k.pem --key_info f --passphrase file:pass m4.elf - >> $appended"
        says "standard output goes to "
        cmp "$appended" before
    done
    expect 2 bash -c "rproc-sign --key k.pem --plat-tlv-file 0x10000 f m4.elf - 1<> f"
    says "f: standard output goes to this file, which is read; send it to another"
    cmp f "$vectors/keyinfo.bin"
    expect 0 bash -c "rproc-sign --key k.pem m4.elf out >> m4.elf"
    expect 0 bash -c "rproc-sign --dry-run --key k.pem m4.elf - >> m4.elf"
    cmp m4.elf "$vectors/elf/m4.elf"
}

@test "an output that is a link: the file behind it is replaced" {
    mkdir d
    echo old > d/real
    ln -s d/real link
    expect 0 rproc-sign --key "$key" m4.elf link
    [ -L link ]
    cmp d/real "$expected"
    rm d/real
    expect 2 rproc-sign --key "$key" m4.elf link
    says "a link to a file that is not there"
    only_files m4.elf d link
}

@test "a failure leaves the old output as it was and nothing beside it" {
    echo old > out
    expect 1 rproc-sign --key "$key" "$expected" out
    expect 2 rproc-sign --key /nonexistent m4.elf out
    expect 2 rproc-sign --key "$key" --plat-tlv BOOTADDR 0xgg m4.elf out
    [ "$(cat out)" = old ]
    only_files m4.elf out
}

@test "outputs that cannot be written: missing folder, a folder, a device, a full one" {
    expect 2 rproc-sign --key "$key" m4.elf nowhere/out
    says "No such file or directory"
    mkdir d
    expect 2 rproc-sign --key "$key" m4.elf d
    says "is a folder"
    expect 2 rproc-sign --key "$key" m4.elf /dev/null
    says "is a device"
    expect 2 bash -c "rproc-sign --key '$key' m4.elf - > /dev/full"
    says "No space left"
    only_files m4.elf d
}

@test "an ECDSA signature is the same each time, unless its nonce is random" {
    for name in one two; do
        expect 0 rproc-sign --key "$keys/p256.pem" m4.elf $name
        expect 0 rproc-sign --key "$keys/p256.pem" --random-nonce m4.elf random-$name
        expect 0 rproc-verify --key "$keys/p256.pub.pem" $name random-$name
    done
    cmp one two
    [ "$(sha256sum < random-one)" != "$(sha256sum < random-two)" ]
    [ "$(sha256sum < random-one)" != "$(sha256sum < one)" ]
}

@test "two containers of one ECDSA key have no nonce in common" {
    for name in m4 tfm_s; do
        expect 0 rproc-sign --key "$keys/p256.pem" "$vectors/elf/$name.elf" $name.sig
        rproc-dump --extract $name.parts $name.sig
        head -c 32 $name.parts/signature.bin > $name.r
    done
    [ "$(sha256sum < m4.r)" != "$(sha256sum < tfm_s.r)" ]
}

@test "the file that standard output or error goes to is no output" {
    echo old > log
    expect 2 bash -c "rproc-sign --key '$key' m4.elf /dev/stdout >> log"
    says "/dev/stdout: is the file that standard output goes to"
    expect 2 bash -c "rproc-sign --key '$key' m4.elf log 2>> log"
    [ "$(cat log)" = "$(printf '%s\n' old 'rproc-sign: log: is the file that standard error goes to; name another one, or give - for standard output')" ]
    only_files m4.elf log
}

# bats test_tags=no-valgrind
@test "no room for the output: an error, the old output, nothing left" {
    echo old > out
    expect 2 bash -c "trap '' XFSZ; ulimit -f 8; rproc-sign --key '$key' m4.elf out"
    says "File too large"
    [ "$(cat out)" = old ]
    only_files m4.elf out
}

@test "a full disk: an error, the old output, nothing left" {
    [ "$(id -u)" -eq 0 ] || skip "only root can mount a small file system"
    mkdir small
    mount -t tmpfs -o size=16k none small
    echo old > small/out
    expect 2 rproc-sign --key "$key" m4.elf small/out
    ls -A small > list
    content=$(cat small/out)
    umount small
    says "No space left"
    [ "$content" = old ]
    [ "$(cat list)" = out ]
}

# --- Keys ---------------------------------------------------------------------------------------

@test "keys in every encoding give the same container" {
    openssl pkey -in "$key" -traditional -out pkcs1.pem
    openssl pkey -in "$key" -traditional -outform DER -out pkcs1.der
    openssl pkcs8 -topk8 -nocrypt -in "$key" -out pkcs8.pem
    openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER -out pkcs8.der
    for k in pkcs1.pem pkcs1.der pkcs8.pem pkcs8.der; do
        expect 0 rproc-sign --key "$k" m4.elf out
        cmp out "$expected"
    done
    openssl pkcs8 -topk8 -nocrypt -in "$keys/p256.pem" -out ec8.pem
    openssl ec -in "$keys/p256.pem" -outform DER -out sec1.der
    for k in ec8.pem sec1.der "$keys/p256.pem"; do
        expect 0 rproc-sign --key "$k" m4.elf out
        expect 0 rproc-verify --key "$keys/p256.spki.der" out
    done
}

@test "encrypted keys, with every source of the passphrase" {
    p=vector-passphrase
    printf '%s\r\nsecond line\n' "$p" > pass
    args=(--key "$keys/rsa2048.encrypted.pem" m4.elf out)
    check() {
        cmp out "$expected"
        rm out
    }
    PASS=$p expect 0 rproc-sign --passphrase env:PASS "${args[@]}"
    check
    expect 0 rproc-sign --passphrase file:pass "${args[@]}"
    check
    expect 0 rproc-sign --passphrase fd:7 "${args[@]}" 7< pass
    check
    expect 0 rproc-sign --passphrase stdin "${args[@]}" < pass
    check
    expect 0 rproc-sign --key_pwd "$p" "${args[@]}"
    check
    [ "$(grep -c 'command line is public' <<< "$stderr")" -eq 1 ]
    openssl rsa -in "$key" -traditional -aes128 -passout "pass:$p" -out old.pem
    PASS=$p expect 0 rproc-sign --passphrase env:PASS --key old.pem m4.elf out
    check
}

@test "a person is asked for the passphrase on a terminal" {
    at_terminal vector-passphrase rproc-sign --key "$keys/rsa2048.encrypted.pem" m4.elf out
    cmp out "$expected"
    grep -q "Passphrase of" typed
    run ! grep -q vector-passphrase typed
}

# bats test_tags=no-valgrind
@test "the passphrase is gone from the command line" {
    # --key_pwd is wiped before the key file is read: stop there, on a pipe.
    mkfifo k.pem
    rproc-sign --key k.pem --key_pwd vector-passphrase m4.elf out 2> /dev/null &
    pid=$!
    sleep 1
    tr '\0' ' ' < "/proc/$pid/cmdline" > cmdline
    cat "$keys/rsa2048.encrypted.pem" > k.pem
    wait "$pid"
    cmp out "$expected"
    grep -q key_pwd cmdline
    run ! grep -q vector-passphrase cmdline
}

@test "wrong, missing and unreachable passphrases say so" {
    args=(--key "$keys/rsa2048.encrypted.pem" m4.elf out)
    PASS=wrong expect 2 rproc-sign --passphrase env:PASS "${args[@]}"
    says "wrong passphrase"
    expect 2 rproc-sign --passphrase env:NOT_THERE "${args[@]}"
    says "the environment has no NOT_THERE"
    expect 2 rproc-sign --passphrase file:nofile "${args[@]}"
    says "nofile: cannot open"
    expect 2 rproc-sign "${args[@]}" < /dev/null
    says "give its passphrase with --passphrase"
    only_files m4.elf
}

# shellcheck disable=SC2094 # that one file is read twice is what is refused
@test "a passphrase is not read from where a key or an input comes from" {
    refused() { # NAME ARGUMENT...
        expect 2 timeout 10 rproc-sign "${@:2}"
        says "--passphrase: it is to be read from $1, which is read for something else"
        only_files m4.elf k.pem pass f
    }
    cp "$keys/rsa2048.encrypted.pem" k.pem
    echo vector-passphrase > pass
    cp "$vectors/keyinfo.bin" f
    for source in stdin fd:0 file:/dev/stdin; do
        refused /dev/stdin --passphrase $source --key /dev/stdin m4.elf out < k.pem
        refused /dev/stdin --passphrase $source --key /dev/stdin m4.elf out < <(cat k.pem pass)
        refused k.pem --passphrase $source --key k.pem m4.elf out < k.pem
        refused m4.elf --passphrase $source --key k.pem m4.elf out < m4.elf
        refused /dev/stdin --passphrase $source --key k.pem --in /dev/stdin --out out < m4.elf
        refused /dev/stdin --passphrase $source --key k.pem --key_info /dev/stdin m4.elf out < pass
        refused /dev/stdin --passphrase $source --key k.pem --plat-tlv-file 0x10000 /dev/stdin m4.elf out < pass
    done
    refused k.pem --passphrase fd:7 --key k.pem m4.elf out 7< k.pem
    refused k.pem --passphrase file:./k.pem --key k.pem m4.elf out
    expect 0 rproc-sign --passphrase stdin --key <(cat k.pem) m4.elf out < pass
    cmp out "$expected"
}

@test "--key_type only confirms; a contradiction names both" {
    expect 0 rproc-sign --key "$key" --key_type RSA m4.elf out
    rm out
    expect 2 rproc-sign --key "$key" --key_type ECC m4.elf out
    says "--key_type ECC"
    says "RSA-2048"
    expect 2 rproc-sign --key "$keys/p256.pem" --key_type RSA m4.elf out
    says "--key_type RSA"
    says "EC P-256"
    only_files m4.elf
}

@test "keys that cannot sign are refused, with the reason" {
    refuse() { # KEY WORDS
        expect 2 rproc-sign --key "$1" m4.elf out
        says "$1"
        says "$2"
        [ ! -e out ]
    }
    openssl genrsa -out small.pem 1024
    openssl ecparam -name secp384r1 -genkey -noout -out p384.pem
    openssl genpkey -algorithm ED25519 -out ed.pem
    openssl req -x509 -key "$key" -subj /CN=test -out cert.pem
    printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\n' > ssh
    : > empty
    refuse small.pem "1024 bits"
    refuse p384.pem "secp384r1"
    refuse ed.pem "ED25519"
    refuse cert.pem "needs the private key"
    refuse "$keys/rsa2048.pub.pem" "needs the private key"
    refuse ssh "ssh-keygen"
    refuse empty "no key found"
    refuse m4.elf "no key found"
    refuse nofile "No such file"
    refuse . "directory"
}

@test "a public key beside the encrypted one is not taken for it" {
    cat "$keys/rsa2048.pub.pem" "$keys/rsa2048.encrypted.pem" > mix.pem
    expect 2 rproc-sign --key mix.pem m4.elf out < /dev/null
    says "give its passphrase"
    PASS=wrong expect 2 rproc-sign --key mix.pem --passphrase env:PASS m4.elf out
    says "wrong passphrase"
    PASS=vector-passphrase expect 0 rproc-sign --key mix.pem --passphrase env:PASS m4.elf out
    cmp out "$expected"
    cat "$key" "$keys/rsa3072.pem" > two.pem
    expect 2 rproc-sign --key two.pem m4.elf out2
    says "2 private keys"
}

@test "our own keys are not taken for the published ones" {
    for k in rsa2048 rsa3072 rsa4096 p256; do
        expect 0 rproc-sign --key "$keys/$k.pem" m4.elf out
        [ -z "$stderr" ]
    done
}

# --- Platform TLVs ------------------------------------------------------------------------------

# value ID: the value of a TLV of out, as hex.
value() {
    rproc-dump --format json out | jq -r --argjson id "$(($1))" \
        '.files[0].tlvs[] | select(.type == $id) | .value'
}

@test "platform TLV values: 0x is a u32, the rest is text, hex and files are bytes" {
    printf '\001\002\003' > bytes
    expect 0 rproc-sign --key "$key" --plat-tlv BOOTADDR 0x80100000 --plat-tlv BOOTSEC 0x1 \
        --plat-tlv 0x10010 release --plat-tlv 65553 0x80_10 --plat-tlv 0b10000000000010010 '' \
        --plat-tlv-hex 0x10013 '00:ff 7F' --plat-tlv-file 0x10014 bytes "$vectors/elf/zephyr_ns.elf" out
    [ -z "$stderr" ]
    [ "$(value 0x10001)" = 00001080 ]
    [ "$(value 0x10002)" = 01000000 ]
    [ "$(value 0x10010)" = "$(printf release | xxd -p)" ]
    [ "$(value 0x10011)" = 10800000 ]
    [ "$(value 0x10012)" = "" ]
    [ "$(value 0x10013)" = 00ff7f ]
    [ "$(value 0x10014)" = 010203 ]
    expect 0 rproc-verify --key "$keys/rsa2048.pub.pem" out
}

@test "text that looks like a number is written as the script does, with a warning" {
    for number in 2148532224 0X8010; do
        expect 0 rproc-sign --key "$key" --plat-tlv BOOTADDR "$number" m4.elf out
        says "warning: --plat-tlv BOOTADDR $number is written as text"
        [ "$(value 0x10001)" = "$(printf %s "$number" | xxd -p)" ]
    done
}

@test "bad platform TLVs are refused" {
    refuse() { # WORDS ARGUMENT...
        local words=$1
        shift
        expect 2 rproc-sign --key "$key" m4.elf out "$@"
        says "$words"
        only_files m4.elf
    }
    refuse "expected BOOTADDR" --plat-tlv BOOT 0x1
    refuse "expected BOOTADDR" --plat-tlv 0x20000 x
    refuse "expected BOOTADDR" --plat-tlv 65535 x
    refuse "expected BOOTADDR" --plat-tlv 065536 x
    refuse "32-bit hex number" --plat-tlv BOOTADDR 0x
    refuse "32-bit hex number" --plat-tlv BOOTADDR 0x100000000
    refuse "32-bit hex number" --plat-tlv BOOTADDR 0x12g4
    refuse "not UTF-8" --plat-tlv BOOTADDR $'\xff'
    refuse "pairs of hex digits" --plat-tlv-hex BOOTADDR 123
    refuse "cannot open" --plat-tlv-file BOOTADDR nofile
    refuse "cannot open" --key_info nofile
}

@test "BOOTADDR auto is the address of the vector table" {
    cp "$vectors/elf/zephyr_ns.elf" "$vectors/elf/tfm_s.elf" "$vectors/elf/ns_note16.elf" .
    expect 0 rproc-sign --key "$key" --plat-tlv BOOTADDR auto zephyr_ns.elf out
    [ "$(value 0x10001)" = 00001080 ]
    expect 0 rproc-sign --key "$key" --plat-tlv BOOTADDR auto ns_note16.elf out
    [ "$(value 0x10001)" = 00801080 ]
    rm out
    expect 2 rproc-sign --key "$key" --plat-tlv BOOTADDR auto zephyr_ns.elf tfm_s.elf out
    says "zephyr_ns.elf (0x80100000)"
    says "tfm_s.elf (0x80000000)"
    expect 2 rproc-sign --key "$key" --plat-tlv BOOTADDR auto "$vectors/elf/segments1000.elf" out
    says "no section .isr_vectors"
    [ ! -e out ]
    expect 0 rproc-sign --key "$key" --plat-tlv BOOTADDR auto m4.elf out
    says "multiple of 128"
}
