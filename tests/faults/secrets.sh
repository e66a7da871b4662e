#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Private keys and passphrases are gone from memory when they are not needed any more. See usage().
. "$(dirname "$0")/../setup/common.bash"
# shellcheck source=../tokens/tokens.bash
. "$(dirname "$0")/../tokens/tokens.bash"

usage() {
    cat << 'TEXT'
usage: BUILD_DIR=DIR tests/faults/secrets.sh

BUILD_DIR is a Release build. Passphrases and lines of key files must not be in memory that a tool
gives back, nor in the stack of functions that have returned, nor anywhere when the key has been read;
private numbers, as libcrypto computes with them, nowhere at the end. An AES key is in memory while it is
needed, and nowhere else; its digits, where it was hexadecimal, are nowhere; and no byte of what it
encrypts is written as it was. While there are keys in memory, a crash writes no core dump. Then each wiping is taken out of
a copy of the sources in turn, and must be missed.

Not judged are the numbers in DER, since OpenSSL 3.0 decodes PEM and opens encrypted keys in memory
that it gives back unwiped; where they were found later is printed. Nor is what was typed at a prompt,
which passes through buffers of libc and libcrypto.
TEXT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
?*) usage >&2; exit 2 ;;
esac
need_build
keys=$tree/tests/vectors/keys
word="the passphrase of this test alone"
wrong="a wrong one, of this test as well"
pin="the PIN of this test alone"
bad="a wrong PIN, of this test"

# --- One run ------------------------------------------------------------------------------------

make_files() {
    cp "$tree/tests/vectors/elf/m4.elf" "$keys/rsa2048.pem" "$keys/rsa2048.pkcs1.pem" \
        "$keys/p256.pem" .
    cp "$tree/tests/vectors/expected/rsa2048_two_images.sig" in.sig
    openssl pkey -in rsa2048.pem -outform DER -out rsa2048.der
    openssl pkey -in rsa2048.pem -aes256 -passout "pass:$word" -out encrypted.pem
    openssl pkey -in p256.pem -aes256 -passout "pass:$wrong" -out other.pem
    openssl rsa -in rsa2048.pem -traditional -aes128 -passout "pass:$word" -out old.pem 2> openssl.log
    openssl pkcs8 -topk8 -in p256.pem -outform DER -passout "pass:$word" -out encrypted.der
    { cat rsa2048.pem; seq 4000; cat "$keys/p256.pub.pem"; } > large.pem # a buffer that has to grow
    cp "$tree/tests/vectors/elf/ns_aligned16.elf" plain.elf
    cp "$tree/tests/vectors/expected/st_encrypted.sig" .
    openssl rand -out aes 32
    xxd -p -c 64 aes > aes.hex
    cp "$keys/aes256.bin" vector.aes
    xxd -p -c 64 vector.aes > vector.hex
    echo "$word" > word
    echo "$wrong" > wrong
    echo "$pin" > pin
    echo "$bad" > bad
    token_start "$work" "$pin" > token.log
    token_import rsa2048.pem rsa 01 "rproc test" "$pin" >> token.log
    # bound at once: the dynamic linker would save registers, with keys in them, on the stack
    gcc -std=c11 -D_GNU_SOURCE -O2 -fPIC -shared -Wl,-z,now -Wall -Wextra -Wconversion -Wshadow -Wpedantic \
        -Werror "$tree/tests/faults/secrets.c" -o secrets.so
}

# With what to look for of this key; what is found goes to the file log.
look() { # STATUS KEY PASSPHRASE COMMAND...
    local expected=$1 status=0 lines
    python3 "$tree/tests/faults/secrets.py" "$2" ${3:+"$3"} > secrets
    mapfile -t lines < secrets
    : > log
    LD_PRELOAD=$work/secrets.so SECRETS=${lines[0]} NUMBERS=${lines[1]} SECRETS_LOG=$work/log \
        "$bin/$4" "${@:5}" > stdout 2> stderr < "$input" || status=$?
    [ "$status" -eq "$expected" ] || fail "exit status $status, expected $expected: ${*:4}: $(cat stderr)"
    runs=$((runs + 1))
}

# The same with an AES key and what is encrypted with it: two segments.
look_encrypted() { # STATUS AES-KEY COMMAND...
    local expected=$1 status=0 digits binary plain
    digits=$(xxd -p -c 64 "$2")
    [ "$(stat -c %s "$2")" -eq 65 ] || digits=
    binary=$(if [ -n "$digits" ]; then cat "$2"; else xxd -p -c 64 "$2"; fi)
    plain="plain-1=$(xxd -p -s 4096 -l 48 -c 64 plain.elf)"
    plain+=" plain-2=$(xxd -p -s 8200 -l 48 -c 64 plain.elf)"
    : > log
    LD_PRELOAD=$work/secrets.so SECRETS="aes=$binary${digits:+ digits=${digits:0:120}}" \
        PLAIN=$plain SECRETS_LOG=$work/log "$bin/$3" "${@:4}" > stdout 2> stderr || status=$?
    [ "$status" -eq "$expected" ] || fail "exit status $status, expected $expected: ${*:3}: $(cat stderr)"
    runs=$((runs + 1))
}

# What should have been gone.
left() {
    grep -E '^(end .*-number|.* (passphrase|line-.*)|(freed|stack|end) aes|.* digits|written .*|(limit|dumpable) .*)$' log || true
}

run_case() { # NAME
    local input=/dev/null
    "case_$1"
}

# --- Cases --------------------------------------------------------------------------------------

sign() { # STATUS KEY PASSPHRASE [OPTION]...
    look "$1" "$2" "$3" rproc-sign --key "$2" "${@:4}" m4.elf --out out
}

case_pem() { sign 0 rsa2048.pem ''; }
case_pkcs1() { sign 0 rsa2048.pkcs1.pem ''; }
case_der() { sign 0 rsa2048.der ''; }
case_ecdsa() { sign 0 p256.pem ''; }
case_large() { sign 0 large.pem ''; }
case_file() { sign 0 encrypted.pem "$word" --passphrase file:word; }
case_old() { sign 0 old.pem "$word" --passphrase file:word; }
case_encrypted_der() { sign 0 encrypted.der "$word" --passphrase file:word; }
case_stdin() { input=word sign 0 encrypted.pem "$word" --passphrase stdin; }
case_environment() { WORD=$word sign 0 encrypted.pem "$word" --passphrase env:WORD; }
case_argument() { sign 0 encrypted.pem "$word" --key_pwd "$word"; }
case_verify() { look 0 rsa2048.pem '' rproc-verify --key rsa2048.pem in.sig; }
case_verify_encrypted() {
    look 0 encrypted.pem "$word" rproc-verify --key encrypted.pem --passphrase file:word in.sig
}
case_source() {
    look 0 encrypted.pem "$word" rproc-key c-source --passphrase file:word --out key.c encrypted.pem
}
case_public() {
    look 0 encrypted.pem "$word" rproc-key public --passphrase file:word --out out encrypted.pem
}
case_match() {
    look 0 encrypted.pem "$word" rproc-key match --passphrase file:word encrypted.pem -- in.sig
}

encrypt() { # AES-KEY [OPTION]...
    look_encrypted 0 "$1" rproc-sign --key rsa2048.pem --enc_key "$@" plain.elf --out out
}
case_encrypt() { encrypt aes; }
case_encrypt_hex() { encrypt aes.hex; }
case_encrypt_same() { encrypt aes --enc-deterministic; }
case_encrypt_stdout() {
    look_encrypted 0 aes rproc-sign --key rsa2048.pem --enc_key aes plain.elf --out -
}
case_decrypt() {
    look_encrypted 0 vector.aes rproc-verify --key rsa2048.pem --enc_key vector.aes st_encrypted.sig
}
case_decrypt_hex() {
    look_encrypted 0 vector.hex rproc-verify --key rsa2048.pem --enc_key vector.hex \
        --original plain.elf st_encrypted.sig
}
case_encrypt_refused() {
    look_encrypted 1 aes rproc-sign --key rsa2048.pem --enc_key aes m4.elf --out out
}
case_encrypt_plain() { # the check itself: what is not encrypted is written as it is
    look_encrypted 0 aes rproc-sign --key rsa2048.pem plain.elf --out out
    [ "$(grep -c '^written plain-' log)" -eq 2 ] || fail "plaintext that is written is not found"
    : > log
}

# Nothing is read or written there while there is a key: only the end counts.
case_wrong() {
    look 2 other.pem "$wrong" rproc-sign --key encrypted.pem --passphrase file:wrong m4.elf --out out
}
case_other_kind() { sign 2 rsa2048.pem '' --key_type ECC; }
case_show() { look 0 encrypted.pem "$word" rproc-key show --passphrase file:word encrypted.pem; }
case_no_input() { look 2 rsa2048.pem '' rproc-sign --key rsa2048.pem nothing.elf --out out; }

# In a token. The engine knows the right PIN as long as it is open, and has a copy at the end; the wrong
# one is nowhere.
token() { # STATUS PIN OPTION...
    look "$1" rsa2048.pem "$2" rproc-sign --engine pkcs11 m4.elf --out out "${@:3}"
}
uri="pkcs11:token=rproc%20test;object=rsa"
case_token() { token 0 "$pin" --key "$uri" --passphrase file:pin; }
case_token_source() { token 0 "$pin" --key "$uri?pin-source=pin"; }
case_bad_file() { token 2 "$bad" --key "$uri" --passphrase file:bad; }
case_bad_environment() { BAD=$bad token 2 "$bad" --key "$uri" --passphrase env:BAD; }
case_bad_source() { token 2 "$bad" --key "$uri?pin-source=bad"; }
case_bad_value() { token 2 "$bad" --key "$uri?pin-value=$bad"; }

cases_working=(pem pkcs1 der ecdsa large file old encrypted_der stdin environment argument verify
    verify_encrypted source public match)
cases_aes=(encrypt encrypt_hex encrypt_same encrypt_stdout decrypt decrypt_hex)
cases_end=(wrong other_kind no_input show bad_file bad_environment bad_source bad_value encrypt_refused
    encrypt_plain)
cases_token=(token token_source)

every_case() {
    local name
    for name in "${cases_working[@]}" "${cases_aes[@]}" "${cases_end[@]}"; do
        run_case "$name"
        [ -z "$(left)" ] || fail "$name: still in memory: $(left | tr '\n' ' ')"
        ! grep -qE '^(working|end) [A-Za-z0-9]+-[0-9]+$' log || copies+=" $name"
        [[ " ${cases_end[*]} " == *" $name "* ]] || grep -qE '^working (.*-number|aes)$' log ||
            fail "$name: the key is not found while it is in use"
    done
    for name in "${cases_token[@]}"; do
        run_case "$name"
        ! grep -qE '^(freed|stack) passphrase$' log || fail "$name: the PIN is left: $(tr '\n' ' ' < log)"
        grep -q '^working passphrase$' log || fail "$name: the PIN is not found while it is in use"
    done
}

# --- Wipings that are missing -------------------------------------------------------------------

plant() { # CASE FILE WIPING INSTEAD
    cp "sources/src/$2" kept
    python3 "$tree/tests/plant.py" "sources/src/$2" "$3" "$4"
    cmake --build build -j "$(nproc)" --target rproc-sign rproc-verify > build.log 2>&1 ||
        { cat build.log >&2; fail "$2 does not compile with $4 for $3"; }
    bin=$work/build/bin
    run_case "$1"
    [ -n "$(left)" ] || fail "$2 without $3: nothing is found"
    plants=$((plants + 1))
    mv kept "sources/src/$2"
}

every_plant() {
    copy_tree sources
    cmake -S sources -B build -DCMAKE_BUILD_TYPE=Release > build.log 2>&1 ||
        { cat build.log >&2; fail "the copy cannot be configured"; }
    plant pem host/keys/key_load.c 'OPENSSL_clear_free(secret->bytes, secret->room)' \
        'OPENSSL_free(secret->bytes)'
    plant wrong host/keys/asking.c 'OPENSSL_cleanse(asking->secret, sizeof(asking->secret))' '(void)asking'
    plant argument tools/passphrase.c 'OPENSSL_cleanse(argument, size)' '(void)0'
    plant encrypt host/elf/cbc.c 'EVP_CIPHER_CTX_free(cbc->ctx)' '(void)0'
    [ -n "${RPROCFW_LONG:-}" ] || return 0
    plant large host/keys/key_load.c 'OPENSSL_clear_realloc(secret->bytes, secret->room, room)' \
        'OPENSSL_realloc(secret->bytes, room)'
    plant wrong host/keys/asking.c '    wipe_stack();' '    if (asking == NULL) wipe_stack();'
    plant bad_value host/keys/uri.c 'OPENSSL_clear_free(text, strlen(text) + 1)' 'OPENSSL_free(text)'
    plant bad_value tools/key_options.c 'OPENSSL_cleanse(pin, strlen(pin))' '(void)0'
    plant environment tools/passphrase.c 'OPENSSL_cleanse(value, strlen(value))' '(void)0'
    plant argument tools/passphrase.c 'OPENSSL_cleanse(passphrase, sizeof(*passphrase))' '(void)0'
    plant pem host/keys/key.c 'EVP_PKEY_free(key->pkey)' '(void)0'
    plant encrypt_hex host/keys/enc_key.c 'OPENSSL_cleanse(bytes, sizeof(bytes))' '(void)0'
    plant encrypt tools/sign.c 'rprocfw_enc_key_wipe(&files.enc_key)' '(void)0'
    plant encrypt_same host/keys/enc_key.c 'EVP_MAC_CTX_free(d.mac)' '(void)0'
    [ "$(ulimit -c)" = 0 ] ||
        plant pem tools/options.c '(void)setrlimit(RLIMIT_CORE, &no_core)' '(void)no_core'
    plant pem tools/options.c '(void)prctl(PR_SET_DUMPABLE, 0)' '(void)0'
    plant encrypt host/sign/writer.c 'padding != 0 || writer->cbc != NULL ||' 'padding != 0 ||'
    plant encrypt host/sign/writer.c 'status == RPROCFW_OK && writer->cbc != NULL' 'false'
}

runs=0
plants=0
copies=
ulimit -S -c "$(ulimit -H -c)"
bin=$BUILD_DIR/bin
cd "$work"
make_files
every_case
every_plant
echo "secrets: $((runs - plants)) runs, nothing left; $plants mistakes found;" \
    "DER of libcrypto seen in:${copies:- none}"
