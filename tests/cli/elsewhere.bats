#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-sign where the private key is elsewhere: --tbs and --attach, --signer.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

rsa=$keys/rsa2048.pub.pem
ec=$keys/p256.pub.pem

# --- To be signed -------------------------------------------------------------------------------

# both NAME [OPTION...]: writes what is to be signed by that key, signs it with the line that was
# printed and attaches the signature with the other; out is the container.
both() {
    local name=$1
    shift
    expect 0 rproc-sign --public-key "$keys/$name.pub.pem" --tbs fw.tbs "$@" m4.elf
    [ -z "$stderr" ]
    [ "${#lines[@]}" -eq 2 ]
    only_files m4.elf fw.tbs fw.tbs.unsigned
    [[ ${lines[0]} == openssl\ * ]]
    KEY=$keys/$name.pem sh -c "${lines[0]}"
    sh -c "${lines[1]}"
    only_files m4.elf fw.tbs fw.tbs.unsigned fw.tbs.signature fw.sig
    expect 0 rproc-verify --key "$keys/$name.pub.pem" fw.sig
    mv fw.sig out
    rm fw.*
}

@test "the lines that --tbs prints sign and attach, as they stand, for each kind of key" {
    for name in rsa2048 rsa3072 rsa4096; do
        rproc-sign --key "$keys/$name.pem" m4.elf expected
        mv expected ..
        both "$name"
        cmp out ../expected
        rm out
        both "$name" --digest
        cmp out ../expected
        rm out
    done
    both p256
    rm out
    both p256 --digest
}

@test "names that a shell reads otherwise are quoted in these lines" {
    mkdir -- "it's" '-d'
    cp "$rsa" "it's/the \$(key)"
    printf -v name '%s' $'-d/a b\n\e;"\\c.tbs'
    expect 0 rproc-sign --public-key "it's/the \$(key)" --tbs "$name" m4.elf
    [ "${#lines[@]}" -eq 2 ]
    [[ $output != *$'\e'* ]]
    export KEY=$keys/rsa2048.pem
    # of the shells that know $'...' this one is there
    bash -c "${lines[0]}"
    bash -c "${lines[1]}"
    rproc-verify -q --key "$rsa" -- "${name%.tbs}.sig"
}

@test "what is to be signed is header and TLVs, or their SHA-256, with all that options put there" {
    options=(--key_info "$vectors/keyinfo.bin" --plat-tlv BOOTADDR 0x80100000 --layout st)
    rproc-sign --key "$keys/rsa2048.pem" "${options[@]}" m4.elf signed
    expect 0 rproc-sign -q --public-key "$rsa" --tbs a "${options[@]}" m4.elf
    [ -z "$output" ]
    signed_size=$((20 + $(u32 signed 8)))
    cmp a <(head -c $signed_size signed)
    expect 0 rproc-sign -q --public-key "$rsa" --tbs b --digest "${options[@]}" m4.elf
    cmp b <(openssl dgst -sha256 -binary a)
    cmp a.unsigned b.unsigned
    cmp a.unsigned <(head -c $signed_size signed; head -c 256 /dev/zero; tail -c +$((signed_size + 257)) signed)
}

@test "several images: all operands are inputs, --out names the unsigned container" {
    cp "$vectors/elf/tfm_s.elf" "$vectors/elf/zephyr_ns.elf" .
    rproc-sign -q --public-key "$rsa" --tbs t tfm_s.elf zephyr_ns.elf --out u
    only_files m4.elf tfm_s.elf zephyr_ns.elf t u
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s t
    rproc-sign --public-key "$rsa" --attach s u out
    cmp out "$vectors/expected/rsa2048_two_images.sig"
}

@test "--tbs -: to a pipe, the container to --out, and no lines" {
    rproc-sign --public-key "$rsa" --tbs - --out u m4.elf | openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s
    rproc-sign --public-key "$rsa" --attach s u - | cmp - "$vectors/expected/rsa2048_single.sig"
    expect 2 rproc-sign --public-key "$rsa" --tbs - m4.elf
    says "--tbs -: name the unsigned container with --out"
    expect 2 rproc-sign --public-key "$rsa" --tbs t --out - m4.elf
    says "cannot go to standard output"
}

@test "an unsigned container is refused everywhere, with the reason" {
    rproc-sign -q --public-key "$rsa" --tbs t m4.elf
    expect 1 rproc-verify --key "$rsa" t.unsigned
    says "t.unsigned: not signed yet: its signature is zero; attach one with rproc-sign --attach"
    rproc-sign -q --public-key "$ec" --tbs t m4.elf
    expect 1 rproc-verify --key "$ec" t.unsigned
    says "not signed yet"
    expect 1 rproc-sign --extract-signature t.unsigned s
    says "t.unsigned: not signed yet: its signature is zero"
    [ ! -e s ]
}

@test "--tbs writes both files or none, and over none that is needed" {
    mkdir folder
    echo old > t
    cp "$rsa" pub
    for args in "--tbs folder" "--tbs t --out folder" "--tbs m4.elf" "--tbs t --out m4.elf" "--tbs pub" \
        "--tbs t --out pub" "--tbs t --out t" "--tbs new --out ./new" "--tbs nowhere/t" "--tbs t --out nowhere/u"; do
        # shellcheck disable=SC2086 # words of options
        expect 2 rproc-sign --public-key pub $args --in m4.elf
        [ -z "$output" ]
    done
    [ "$(cat t)" = old ]
    only_files m4.elf folder t pub
    expect 0 rproc-sign --dry-run --public-key pub --tbs new m4.elf
    [ -z "$output" ]
    expect 1 rproc-sign --public-key pub --tbs new "$vectors/expected/st_single.sig"
    only_files m4.elf folder t pub
}

# --- A signature from elsewhere -----------------------------------------------------------------

# tbs NAME: t and t.unsigned for that key.
tbs() {
    rproc-sign -q --public-key "$keys/$1.pub.pem" --tbs t m4.elf
}

@test "--attach takes raw, DER and base64, with white space, both alphabets, with padding and without" {
    tbs p256
    openssl dgst -sha256 -sign "$keys/p256.pem" -out der t
    rproc-sign --public-key "$ec" --attach der t.unsigned expected
    rproc-verify -q --key "$ec" expected
    rproc-sign --extract-signature expected raw
    [ "$(stat -c %s raw)" -eq 64 ]
    for form in raw der; do
        base64 -w 0 $form > $form.b64
        base64 -w 20 $form | sed 's/$/ \r/' > $form.lines
        tr '+/' '-_' < $form.b64 | tr -d = > $form.url
        for file in $form $form.b64 $form.lines $form.url; do
            expect 0 rproc-sign --public-key "$ec" --attach "$file" t.unsigned out
            cmp out expected
        done
    done
    tbs rsa2048
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" t | base64 > s
    rproc-sign --public-key "$rsa" --attach s t.unsigned out
    cmp out "$vectors/expected/rsa2048_single.sig"
    rproc-sign --public-key "$rsa" --attach /dev/stdin t.unsigned - < s | cmp - out
}

# refused WORDS: the signature s is not attached, and that is said.
refused() {
    rm -f out
    expect 1 rproc-sign --public-key "${pub:-$rsa}" --attach s t.unsigned out
    says "rproc-sign: s: $1"
    [ ! -e out ]
}

@test "a wrong RSA signature is refused with what is wrong" {
    tbs rsa2048
    cp "$keys/rsa2048.pem" key.pem
    openssl dgst -sha256 -sign "$keys/rsa2048.pkcs1.pem" -out s t
    refused "no signature of the key $rsa (RSA-2048): another key signed, or it is damaged"
    openssl dgst -sha256 -sign "$keys/rsa3072.pem" -out s t
    refused "384 bytes, expected a signature of $rsa (RSA-2048): 256 bytes, raw or in base64; that is the size of an RSA signature: another key signed"
    openssl dgst -sha256 -sign "$keys/p256.pem" -out s t
    refused "$(stat -c %s s) bytes, expected a signature of $rsa (RSA-2048): 256 bytes, raw or in base64; that is the size of an ECDSA signature"
    for hash in sha1 sha224 sha384 sha512; do
        openssl dgst -$hash -sign key.pem -out s t
        refused "RSASSA-PKCS1-v1_5 with SHA-${hash#sha}, expected SHA-256; sign again with that"
        openssl dgst -$hash -sigopt rsa_padding_mode:pss -sign key.pem -out s t
        refused "RSASSA-PSS with SHA-${hash#sha}, expected RSASSA-PKCS1-v1_5 with SHA-256"
    done
    openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0 -sign key.pem -out s t
    refused "RSASSA-PSS with SHA-256, expected RSASSA-PKCS1-v1_5 with SHA-256; sign again with that padding"
    openssl dgst -md5 -sign key.pem -out s t
    refused "RSASSA-PKCS1-v1_5 of something else than a digest by SHA-256"
    openssl dgst -sha256 -binary t > d
    openssl dgst -sha256 -sign key.pem -out s d
    refused "the digest was hashed again before it was signed"
    openssl pkeyutl -sign -inkey key.pem -in d -out s
    refused "the digest was signed without the name of its algorithm (DigestInfo)"
    { cat t; echo; } | openssl dgst -sha256 -sign key.pem -out s
    refused "a signature of the key $rsa over other bytes: their SHA-256 is $({ cat t; echo; } | sha256sum | cut -d ' ' -f 1), expected $(sha256sum < t | cut -d ' ' -f 1)"
    openssl dgst -sha256 -sign key.pem t > good
    xxd -p -c 1 good | tac | xxd -r -p > s
    refused "its bytes are in reverse order: little-endian, expected big-endian"
    head -c 256 /dev/zero | tr '\0' '\377' > s # larger than any modulus
    refused "no signature of the key"
    head -c 255 good > s
    refused "255 bytes, expected"
    { cat good; echo; } > s
    refused "257 bytes, expected"
    : > s
    refused "empty; expected a signature of $rsa (RSA-2048)"
    xxd -p good > s
    refused "521 bytes, expected a signature of $rsa (RSA-2048): 256 bytes, raw or in base64; these are hexadecimal digits"
    cp d s
    refused "32 bytes, expected a signature of $rsa (RSA-2048): 256 bytes, raw or in base64; that is the size of a SHA-256: was it signed?"
    base64 d > s
    refused "32 bytes in base64, expected"
}

@test "bytes that were signed without hashing them are told" {
    # only the largest key has room for so many
    tbs rsa4096
    pub=$keys/rsa4096.pub.pem
    openssl rsautl -sign -inkey "$keys/rsa4096.pem" -in t -out s 2> ignored
    refused "the bytes were signed without hashing them; have their SHA-256 signed"
}

@test "a wrong ECDSA signature is refused with what can be told" {
    tbs p256
    pub=$ec
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.pem
    openssl dgst -sha256 -sign other.pem -out s t
    refused "no signature of the key $ec (EC P-256) over the bytes of this container: another key signed, or other bytes"
    openssl dgst -sha256 -sign "$keys/p256.pem" -out s m4.elf
    refused "no signature of the key"
    openssl dgst -sha256 -binary t | openssl dgst -sha256 -sign "$keys/p256.pem" -out s
    refused "the digest was hashed again before it was signed"
    for hash in sha1 sha384 sha512; do
        openssl dgst -$hash -sign "$keys/p256.pem" -out s t
        refused "ECDSA with SHA-${hash#sha}, expected SHA-256; sign again with that"
    done
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s t
    refused "256 bytes, expected a signature of $ec (EC P-256): 64 bytes, raw, in DER or in base64; that is the size of an RSA signature"
    openssl dgst -sha256 -sign "$keys/p256.pem" -out der t
    rproc-sign --public-key "$ec" --attach der t.unsigned good
    rproc-sign --extract-signature good raw
    half() { xxd -p -c 1 -s "$1" -l 32 raw | tac | xxd -r -p; }
    { half 0; half 32; } > s
    refused "the bytes of its r and s are in reverse order"
    head -c 64 /dev/zero > s
    refused "no signature of the key"
    { cat der; printf '\0'; } > s
    refused "$(stat -c %s s) bytes, expected"
    head -c -1 der > s
    refused "$(stat -c %s s) bytes, expected"
    # r with a zero byte too many: not DER
    { printf '\x30\x26\x02\x02\x00\x01\x02\x20'; tail -c 32 raw; } > s
    refused "40 bytes, expected"
    # r is negative
    { printf '\x30\x25\x02\x01\x81\x02\x20'; printf '\x01%.0s' {1..32}; } > s
    refused "39 bytes, expected"
}

@test "text around a signature in base64 is told" {
    for name in rsa2048 p256; do
        pub=$keys/$name.pub.pem
        tbs "$name"
        openssl dgst -sha256 -sign "$keys/$name.pem" -out good t
        armour() { printf -- '-----%s SIGNATURE-----\n' "$1"; }
        { armour BEGIN; base64 good; armour END; } > s
        refused "$(stat -c %s s) bytes, expected"
        says "; this is text, but not base64 alone: give the bytes, or base64 without anything around it"
        openssl dgst -sha256 -sign "$keys/$name.pem" -hex -out s t
        refused "$(stat -c %s s) bytes, expected"
        says "; this is text, but not base64 alone"
        printf '{"Signature": "%s"}\n' "$(base64 -w 0 good)" > s
        refused "$(stat -c %s s) bytes, expected"
        says "; this is text, but not base64 alone"
        { base64 good; printf '\0'; } > s
        refused "$(stat -c %s s) bytes, expected"
        run ! grep -q "this is text" <<< "$stderr"
    done
}

@test "--attach and --replace-signature: a container that is broken is told, not another key" {
    tbs rsa2048
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s t
    for value in 0 3 255; do
        put t.unsigned 28 "\\x$(printf %02x $value)" # SIGNTYPE
        for option in --attach --replace-signature; do
            expect 1 rproc-sign --public-key "$rsa" $option s t.unsigned out
            says "t.unsigned: unknown signature algorithm: found $value (TLV SIGNTYPE, offset 28); expected 1 (RSA) or 2 (ECDSA)"
        done
    done
    expect 1 rproc-sign --public-key "$rsa" --replace-signature s "$vectors/device/duplicate_signtype.sig" out
    says "duplicate_signtype.sig: a TLV is there twice (TLV SIGNTYPE, offset 428)"
    [ ! -e out ]
}

@test "--attach: the wrong container, the wrong key, no key" {
    tbs rsa2048
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s t
    expect 2 rproc-sign --attach s t.unsigned out
    says "--attach: no public key to verify the signature with; give it with --public-key"
    expect 2 rproc-sign --public-key "$ec" --attach s t.unsigned out
    says "t.unsigned: made for an RSA signature of 256 bytes, and $ec is an EC P-256 key; give the key that it was made for"
    expect 2 rproc-sign --public-key "$keys/rsa3072.pub.pem" --attach s t.unsigned out
    says "is an RSA-3072 key"
    expect 2 rproc-sign --public-key "$rsa" --attach s "$vectors/expected/rsa2048_single.sig" out
    says "rsa2048_single.sig: is signed already; give the unsigned container, or replace the signature with --replace-signature"
    expect 1 rproc-sign --public-key "$rsa" --attach s m4.elf out
    says "m4.elf: not a signed container but a bare ELF file"
    expect 2 rproc-sign --public-key "$rsa" --attach nothing t.unsigned out
    says "nothing: cannot open"
    expect 2 rproc-sign --public-key "$rsa" --attach s t.unsigned
    says "--attach: no output"
    expect 2 rproc-sign --public-key "$rsa" --attach s t.unsigned t.unsigned
    says "the output is the input t.unsigned"
    expect 2 rproc-sign --public-key "$rsa" --attach s t.unsigned s
    says "s: the output is s, which an option reads"
    head -c 5000 /dev/zero > s
    expect 2 rproc-sign --public-key "$rsa" --attach s t.unsigned out
    says "s: more than 4096 bytes"
    put t.unsigned 3000 X # in a segment
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s t
    cp t.unsigned changed
    put changed $((20 + $(u32 t.unsigned 8) + 256 + 4096)) X
    expect 1 rproc-sign --public-key "$rsa" --attach s changed out
    says "changed: not signed: rproc-verify would refuse it, as boards do or may: a segment's bytes are not those that were signed"
    [ ! -e out ]
}

# --- A program ----------------------------------------------------------------------------------

# by PROGRAM OPTION...: out, signed by it.
by() {
    local program=$1
    shift
    expect 0 rproc-sign --public-key "$rsa" --signer "$program" "$@" m4.elf out
    cmp out "$vectors/expected/rsa2048_single.sig"
    rm out
}

@test "--signer: openssl signs, from its standard input, data or digest, raw, DER or base64" {
    by "openssl dgst -sha256 -sign $keys/rsa2048.pem"
    by "openssl dgst -sha256 -sign $keys/rsa2048.pem /dev/stdin"
    by "openssl pkeyutl -sign -inkey $keys/rsa2048.pem -pkeyopt digest:sha256 -in /dev/stdin" --digest
    by "sh -c 'openssl dgst -sha256 -sign $keys/rsa2048.pem | base64'"
    expect 0 rproc-sign --public-key "$ec" --signer "openssl dgst -sha256 -sign $keys/p256.pem" m4.elf out
    rproc-verify -q --key "$ec" out
}

@test "--signer is no shell: words are split, quotes taken off, nothing else is done" {
    cat > show << 'TEXT'
#!/bin/sh
printf '<%s>\n' "$@" >&2
exit 9
TEXT
    chmod +x show
    shown() { # COMMAND WORD...
        expect 2 rproc-sign --public-key "$rsa" --signer "$1" m4.elf out
        [ "$(head -n -1 <<< "$stderr")" = "$(printf '<%s>\n' "${@:2}")" ]
        says "./show: exit status 9, expected 0 and a signature"
    }
    # shellcheck disable=SC2016 # it is no shell
    shown './show $HOME ; | > x * `id` ~ #' '$HOME' ';' '|' '>' x '*' '`id`' '~' '#'
    shown $'  ./show\ta\n b  ' a b
    shown "./show 'a b' \"c d\" e' 'f" 'a b' 'c d' 'e f'
    shown "./show '' \"\" a''b" '' '' ab
    # shellcheck disable=SC1003 # backslashes of the command
    shown './show a\ b \\ "\"\\\n" '"'"'\"'"'" 'a b' '\' '"\\n' '\"'
    refuse() { # WORDS COMMAND
        expect 2 rproc-sign --public-key "$rsa" --signer "$2" m4.elf out
        says "--signer: $1"
    }
    refuse "a quotation mark is missing" "./show 'a"
    refuse "a quotation mark is missing" './show "a\"'
    # shellcheck disable=SC1003 # a backslash of the command
    refuse "a backslash stands at its end" './show a\'
    refuse "no program" ""
    refuse "no program" "   "
    refuse "no program" "'' a"
    only_files m4.elf show
}

# bats test_tags=no-valgrind
@test "--signer: PATH is searched, but not its folders without a whole path" {
    mkdir bin
    printf '#!/bin/sh\nexit 9\n' > bin/signs
    cp bin/signs signs
    chmod +x bin/signs signs
    expect 2 env PATH="$PWD/bin:$PATH" rproc-sign --public-key "$rsa" --signer signs m4.elf out
    says "$PWD/bin/signs: exit status 9"
    expect 2 env PATH=":.:bin:$PATH:" rproc-sign --public-key "$rsa" --signer signs m4.elf out
    says "--signer: no program signs in the folders of PATH; give its path"
    expect 2 rproc-sign --public-key "$rsa" --signer ./signs m4.elf out
    says "./signs: exit status 9"
    expect 2 rproc-sign --public-key "$rsa" --signer ./nothing m4.elf out
    says "./nothing: cannot start it: No such file or directory"
    chmod -x signs
    expect 2 rproc-sign --public-key "$rsa" --signer ./signs m4.elf out
    says "./signs: cannot start it: Permission denied"
}

@test "--signer: the environment says what is to be signed with which key" {
    cat > signer << 'TEXT'
#!/bin/sh
env | grep ^RPROCFW_SIGN_ | sort >&2
[ "$OTHER" = kept ] || echo lost >&2
exit 1
TEXT
    chmod +x signer
    export OTHER=kept RPROCFW_SIGN_INPUT=wrong
    spki=$(openssl pkey -pubin -in "$rsa" -outform DER | sha256sum | cut -d ' ' -f 1)
    expect 2 rproc-sign --public-key "$rsa" --signer ./signer m4.elf out
    [ "$(head -n -1 <<< "$stderr")" = "RPROCFW_SIGN_ALGORITHM=RSASSA-PKCS1-v1_5-SHA256
RPROCFW_SIGN_INPUT=data
RPROCFW_SIGN_KEY_BITS=2048
RPROCFW_SIGN_SPKI_SHA256=$spki" ]
    expect 2 rproc-sign --public-key "$ec" --digest --signer ./signer m4.elf out
    says "RPROCFW_SIGN_ALGORITHM=ECDSA-P256-SHA256
RPROCFW_SIGN_INPUT=digest
RPROCFW_SIGN_KEY_BITS=256"
}

@test "--signer: what it gets is what --tbs writes" {
    for digest in '' --digest; do
        # shellcheck disable=SC2086 # a word or none
        rproc-sign -q --public-key "$rsa" --tbs t $digest m4.elf
        # shellcheck disable=SC2086
        expect 2 rproc-sign --public-key "$rsa" --signer "sh -c 'cat > got; exit 1'" $digest m4.elf out
        cmp got t
    done
}

@test "--signer: a program that does not sign is told, and nothing is written" {
    fails() { # STATUS WORDS SHELL-COMMAND
        expect "$1" rproc-sign --public-key "$rsa" --signer "sh -c '$3'" m4.elf out
        says "$2"
        [ ! -e out ]
    }
    fails 2 "/sh: exit status 3, expected 0 and a signature; see what it said" "exit 3"
    fails 2 "the reason" "echo the reason >&2; exit 1"
    fails 2 "/sh: wrote nothing; expected a signature on standard output" ":"
    fails 2 "/sh: wrote nothing" "exec >&-; sleep 0.3"
    fails 2 "/sh: exit status 4" "exec >&-; sleep 0.3; exit 4"
    fails 2 "/sh: exit status 5" "exec <&-; exit 5"
    fails 2 "/sh: wrote nothing" "exec < /dev/null"
    fails 2 "/sh: ended by signal 9" 'kill -9 $$'
    fails 2 "/sh: ended by signal 15" 'kill $$'
    fails 2 "/sh: wrote more than 4096 bytes, and was ended; expected a signature of 256 bytes" "exec yes"
    fails 2 "/sh: exit status 6" "openssl dgst -sha256 -sign $keys/rsa2048.pem; exit 6"
    fails 1 "/sh: 6 bytes, expected a signature of $rsa (RSA-2048)" "echo hello"
    expect 1 rproc-sign --public-key "$rsa" --signer "openssl dgst -sha256 -sign $keys/rsa2048.pkcs1.pem" m4.elf out
    says "/openssl: no signature of the key $rsa (RSA-2048): another key signed, or it is damaged"
    expect 1 rproc-sign --public-key "$rsa" --digest --signer "openssl dgst -sha256 -sign $keys/rsa2048.pem" m4.elf out
    says "the digest was hashed again before it was signed"
    only_files m4.elf
}

# Files in /proc of processes with this word, which is not to be found in grep's own. Others come and
# go meanwhile.
running() { # WORD
    local found
    found=$(grep -ls "[${1:0:1}]${1:1}" /proc/[0-9]*/cmdline || true)
    echo "$found"
    [ -n "$found" ]
}

# Seconds that nobody else sleeps.
some_word() {
    printf '3%04d%d' $((RANDOM % 10000)) $BASHPID
}

@test "--signer: a program that does not end is ended, with what it started, after its time" {
    word=$(some_word)
    for signer in "sleep $word" "sh -c 'sleep $word; :'" "sh -c 'trap \"\" TERM INT HUP; (sleep $word; :) & sleep $word; :'"; do
        start=$EPOCHSECONDS
        expect 2 rproc-sign --public-key "$rsa" --signer-timeout 1 --signer "$signer" m4.elf out
        says "did not sign within 1 seconds, and was ended; see why, or give it more time with --signer-timeout"
        [ $((EPOCHSECONDS - start)) -lt 30 ]
        run ! running "$word"
    done
    expect 2 rproc-sign --public-key "$rsa" --signer "sh -c '(sleep $word & sleep $word); yes'" --signer-timeout 1 m4.elf out
    run ! running "$word"
    # its output is closed, and it does not end
    expect 2 rproc-sign --public-key "$rsa" --signer-timeout 1 --signer "sh -c 'exec >&-; sleep $word; :'" m4.elf out
    says "did not sign within 1 seconds"
    run ! running "$word"
    only_files m4.elf
}

@test "--signer: what it leaves behind when it signed does not matter" {
    word=$(some_word)
    start=$EPOCHSECONDS
    by "sh -c 'openssl dgst -sha256 -sign $keys/rsa2048.pem; sleep $word 2> /dev/null &'" # holds the output open
    [ $((EPOCHSECONDS - start)) -lt 50 ]
    left=$(running "$word")
    kill "$(basename "$(dirname "$left")")"
}

@test "--signer: a signal ends both, and nothing is left behind" {
    word=$(some_word)
    for signal in INT TERM HUP; do
        # a shell lets SIGINT be ignored in the background
        env --default-signal=$signal rproc-sign --public-key "$rsa" \
            --signer "sh -c 'trap \"\" INT TERM HUP; : > started; sleep $word; :'" m4.elf out 3>&- &
        pid=$!
        for ((i = 0; i < 400; i++)); do [ ! -e started ] || break; sleep 0.05; done
        [ -e started ]
        kill -$signal $pid
        wait $pid && status=0 || status=$?
        [ $status -eq $((128 + $(kill -l $signal))) ]
        run ! running "$word"
        only_files m4.elf started
        rm started
    done
}

@test "--signer: SIGCHLD and SIGPIPE that are ignored make no difference" {
    bash -c "trap '' CHLD PIPE; exec rproc-sign --public-key '$rsa' --signer 'openssl dgst -sha256 -sign $keys/rsa2048.pem' m4.elf out"
    cmp out "$vectors/expected/rsa2048_single.sig"
    bash -c "trap '' PIPE; exec rproc-sign --public-key '$rsa' --signer \"sh -c 'trap >&2; yes | true; exit 7'\" m4.elf out" 2> said || true
    grep -q "exit status 7" said
    run ! grep -q PIPE said
}

@test "--signer is not asked for what would be refused" {
    cp "$vectors/elf/m4.elf" bad.elf
    put bad.elf 32 '\0\0\0\0' # no section headers
    put bad.elf 46 '\0\0\0\0\0\0'
    expect 1 rproc-sign --public-key "$rsa" --signer "sh -c ': > asked'" bad.elf out
    says "bad.elf: not signed: rproc-verify would refuse it"
    [ ! -e asked ]
    expect 1 rproc-sign --public-key "$rsa" --tbs t bad.elf
    only_files m4.elf bad.elf
}

@test "--signer: a passphrase from the environment does not reach the program" {
    openssl pkey -in "$keys/rsa2048.pem" -aes256 -passout pass:geheim -out key.pem
    export PASS=geheim
    expect 2 rproc-sign --public-key key.pem --passphrase env:PASS --signer "sh -c 'env >&2; exit 1'" m4.elf out
    says "RPROCFW_SIGN_INPUT=data"
    run ! grep -q geheim <<< "$stderr"
}

@test "--signer: a passphrase from a descriptor does not reach the program" {
    echo geheim > word
    for fd in 3 7; do
        expect 2 bash -c "rproc-sign --public-key '$rsa' --passphrase fd:$fd --signer 'sh -c \"cat <&$fd >&2; exit 1\"' m4.elf out $fd< word"
        says "$fd: Bad file descriptor"
        run ! grep -q geheim <<< "$stderr"
    done
}

# --- What excludes what -------------------------------------------------------------------------

@test "options that make no sense together are usage errors" {
    usage() { # WORDS ARGUMENT...
        local words=$1
        shift
        expect 2 rproc-sign "$@"
        says "$words"
        says "--help"
        only_files m4.elf
    }
    usage "--key and --public-key exclude each other" --key "$keys/rsa2048.pem" --public-key "$rsa" m4.elf out
    usage "--public-key does not sign; say with --signer or --tbs who does" --public-key "$rsa" m4.elf out
    usage "--tbs: no public key; give it with --public-key" --tbs t m4.elf
    usage "--signer: no public key" --key "$keys/rsa2048.pem" --signer openssl m4.elf out
    usage "--tbs and --signer exclude each other" --public-key "$rsa" --tbs t --signer true m4.elf
    usage "--digest belongs to --tbs or --signer" --key "$keys/rsa2048.pem" --digest m4.elf out
    usage "--signer-timeout belongs to --signer" --key "$keys/rsa2048.pem" --signer-timeout 5 m4.elf out
    usage "--der belongs to --extract-signature" --key "$keys/rsa2048.pem" --der m4.elf out
    for seconds in '' x -1 1.5 86401 99999999999999999999 ' 5'; do
        usage "--signer-timeout $seconds: expected 0 to 86400 seconds" --public-key "$rsa" --signer true \
            --signer-timeout "$seconds" m4.elf out
    done
    usage "--attach and --resign exclude each other" --attach s --resign m4.elf out
    usage "--random-nonce belongs to --key" --public-key "$ec" --random-nonce --signer true m4.elf out
    usage "--random-nonce belongs to --key" --public-key "$ec" --random-nonce --tbs t m4.elf
    usage "--random-nonce belongs to --key" --public-key "$ec" --random-nonce --attach s m4.elf out
    usage "--key_type RSA: no key; give it with --public-key" --extract-signature --key_type RSA m4.elf out
    usage "--attach is given twice" --attach s --attach s m4.elf out
    usage "--attach and --tbs exclude each other" --public-key "$rsa" --attach s --tbs t m4.elf out
    usage "--extract-signature does not sign, and asks no board: without --board" \
        --extract-signature --board stm32mp15-optee m4.elf out
    usage "--extract-signature does not sign, and asks no board: without --preflight" \
        --extract-signature --preflight=off m4.elf out
    usage "--preflight=strict needs a board; name it with --board" \
        --key "$keys/rsa2048.pem" --preflight=strict m4.elf out
}
