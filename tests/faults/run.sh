#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# One call fails, at each place where it is made: the tools say so and leave everything as it was,
# or do as if nothing had happened. See usage() below.
. "$(dirname "$0")/../setup/common.bash"
# shellcheck source=../tokens/tokens.bash
. "$(dirname "$0")/../tokens/tokens.bash"

usage() {
    cat << TEXT
usage: BUILD_DIR=DIR tests/faults/run.sh [--all | --list] [SCENARIO...]

The tools are built in BUILD_DIR/leak, with LeakSanitizer. Each scenario is a run of a tool. It is
repeated with one call of one function failing, once for each place where it is called. A place is the
chain of the function's $callers innermost callers, in one of the tools, in runs that end with the same
status without a failure; of calls that libcrypto makes it begins where libcrypto is called. A place in
two scenarios fails in the first.

With RPROCFW_LONG=1 each call fails in each scenario that the program, librprocfw, libc and the libraries
of ELF, JSON and YAML make. libcrypto allocates thousands of times; of its own calls of a function up to
$spread fail, spread evenly from the first to the last, and with --all each of them.

Of each run is required:
- exit status 2, one line on standard error that names the reason, and the folder as it was; or
  exit status, output, messages and folder as without the failure;
- status 2 if it was the writing, syncing or renaming of the output, or a digest or signature;
- no leak, unless libcrypto lacks memory, which then does not free what it has;
- no signal, an end within 20 seconds. Where libcrypto crashes in the very call that lacked the
  memory, the crash is libcrypto's; the folder must be as it was.

A scenario's table: calls of the function in a run, how many of them failed in a run of its own, how
many of those runs were refused with status 2, how many not affected. (EINTR): interrupted, which
must not affect anything. (on): every later call fails, too; by default from every third place.
(unlink): no file can be removed either; only then may something be left behind.
TEXT
}

lsan=print_suppressions=0:suppressions=$tree/tests/tokens/lsan.supp # others' leaks
spread=100
callers=5

# --- The scenarios: setup_NAME makes the folder (in a fresh one), command_NAME sets command -----

keys=$tree/tests/vectors/keys
vectors=$tree/tests/vectors

scenarios=(sign_over sign_new sign_link sign_ecdsa sign_random sign_named sign_stdout sign_options sign_st sign_unsynced
    sign_bootaddr sign_two_vectors sign_onto_input sign_onto_key verify_text verify_json verify_explain verify_explain_json
    sign_board sign_board_refused sign_preflight verify_board verify_foretold verify_2020
    verify_boards verify_boards_json verify_board_yaml verify_board_dtb
    verify_ecdsa verify_refused verify_refused_ecdsa verify_keys verify_behind verify_folder
    verify_passphrase verify_folder_ecdsa verify_certificate verify_map dump_map_stdout dump_text dump_json dump_lines dump_yaml extract extract_into
    extract_linked key_new key_over key_optee key_public key_pkeyinfo key_show key_show_json key_match
    key_match_refused key_match_image key_match_otp key_match_json sign_spki sign_threads verify_threads
    sign_token verify_token sign_tpm sign_tbs sign_tbs_over sign_tbs_named sign_tbs_stdout sign_attach sign_attach_ecdsa sign_attach_wrong sign_attach_pss sign_attach_wrong_ecdsa
    sign_program sign_program_fails sign_resign sign_resign_refused sign_extract sign_extract_der
    sign_encrypted sign_enc_same sign_enc_pad sign_trim sign_trim_refused sign_enc_threads verify_decrypted verify_original
    verify_trimmed_original verify_other_original
    sign_manifest sign_manifest_same sign_sarif sign_depfile verify_manifest verify_sarif dump_as_manifest)

sign_setup() { cp "$vectors/elf/m4.elf" .; }
container_setup() { cp "$vectors/expected/rsa2048_two_images.sig" in.sig; }
old_output() { echo "the old output" > out; }

setup_sign_new() { sign_setup; }
command_sign_new() { command=(rproc-sign --key "$keys/rsa2048.pem" m4.elf out); }
setup_sign_over() { sign_setup && old_output; }
command_sign_over() { command=(rproc-sign --key "$keys/rsa2048.pem" m4.elf out); }
# The file behind the link is replaced, or nothing is.
setup_sign_link() { sign_setup && echo "the old output" > file && ln -s file out; }
command_sign_link() { command=(rproc-sign --key "$keys/rsa2048.pem" m4.elf out); }
setup_sign_unsynced() { sign_setup && old_output; }
command_sign_unsynced() { command=(rproc-sign --key "$keys/rsa2048.pem" --no-sync m4.elf out); }
setup_sign_ecdsa() { sign_setup && old_output; }
command_sign_ecdsa() { command=(rproc-sign --key "$keys/p256.pem" m4.elf out); }
setup_sign_random() { setup_sign_ecdsa; }
command_sign_random() { command=(rproc-sign --key "$keys/p256.pem" --random-nonce m4.elf out); }
# Where a file cannot be without a name while it is written.
setup_sign_named() { sign_setup && old_output; }
command_sign_named() { command=(rproc-sign --key "$keys/rsa2048.pem" m4.elf out); }
setup_sign_stdout() { sign_setup; }
command_sign_stdout() { command=(rproc-sign --key "$keys/rsa2048.pem" m4.elf -); }
setup_sign_options() {
    sign_setup
    cp "$vectors/keyinfo.bin" .
    openssl pkey -in "$keys/rsa2048.pem" -aes256 -passout pass:word -out key.pem
    echo word > word
}
command_sign_options() {
    command=(rproc-sign --key key.pem --passphrase file:word --key_info keyinfo.bin
        --plat-tlv-file 0x10002 keyinfo.bin --plat-tlv-hex 0x10003 0011 --preflight=off m4.elf m4.elf --out out)
}
setup_sign_board() { sign_setup && old_output; }
command_sign_board() { command=(rproc-sign --key "$keys/rsa2048.pem" --board stm32mp15-optee m4.elf out); }
# Whatever fails, what the board would not load is not signed; and with a warning it is.
setup_sign_board_refused() { sign_setup && old_output; }
command_sign_board_refused() { command=(rproc-sign --key "$keys/rsa2048.pem" --board rcar-gen3-cr7 m4.elf out); }
setup_sign_preflight() { sign_setup && old_output; }
command_sign_preflight() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --board rcar-gen3-cr7 --preflight=warn m4.elf out)
}
setup_verify_board() { cp "$vectors/expected/rsa2048_single.sig" in.sig; }
command_verify_board() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --board stm32mp15-optee in.sig)
}
# Core refuses it before it looks at signature and segments, which the board has to be foretold for.
setup_verify_foretold() { cp "$vectors/device/hashtype_missing.sig" in.sig; }
command_verify_foretold() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --board stm32mp15-optee --format json in.sig)
}
# Refused, and part of the board's answer is foretold.
setup_verify_2020() {
    "$BUILD_DIR/leak/bin/rproc-verify" --list-boards --board rcar-gen3-cr7 --format json > board.json
    mkdir made
    python3 "$tree/tests/cli/each_check.py" board.json "$keys/p256.spki.der" made
    mv made/not-foretold.sig in.sig
    rm -r made board.json
    printf '\x20\x00\x04\x40' | dd of=in.sig bs=1 seek=536 conv=notrunc status=none # over the other segment
}
command_verify_2020() { command=(rproc-verify --no-signature --board rcar-gen3-cr7 in.sig); }
setup_sign_st() { sign_setup; }
command_sign_st() { command=(rproc-sign --layout st --key "$keys/rsa2048.pem" m4.elf out); }
setup_sign_bootaddr() { sign_setup; }
command_sign_bootaddr() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --plat-tlv BOOTADDR auto m4.elf out)
}
# Refused: which of the two vector tables is meant?
setup_sign_two_vectors() { sign_setup; }
command_sign_two_vectors() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --plat-tlv BOOTADDR auto m4.elf m4.elf out)
}
# Refused: whatever fails, the file that is needed stays.
setup_sign_onto_input() { sign_setup; }
command_sign_onto_input() { command=(rproc-sign --key "$keys/rsa2048.pem" m4.elf --out ./m4.elf); }
setup_sign_onto_key() { sign_setup && cp "$keys/rsa2048.pem" key.pem; }
command_sign_onto_key() { command=(rproc-sign --key key.pem m4.elf --out ./key.pem); }
setup_verify_text() { container_setup; }
command_verify_text() { command=(rproc-verify --verbose --coverage --key "$keys/rsa2048.pub.pem" in.sig); }
setup_verify_explain() { container_setup; }
command_verify_explain() { command=(rproc-verify --explain ffff0006 in.sig); }
setup_verify_explain_json() { :; }
command_verify_explain_json() { command=(rproc-verify --explain ffff0006 --format json); }
setup_verify_json() { container_setup; }
command_verify_json() {
    command=(rproc-verify --format json --key "$keys/rsa2048.pub.pem" in.sig)
}
setup_verify_boards() { :; }
command_verify_boards() { command=(rproc-verify --list-boards); }
setup_verify_boards_json() { :; }
command_verify_boards_json() { command=(rproc-verify --list-boards --format json); }
setup_verify_board_yaml() { container_setup && cp "$tree/tests/boards/good.yaml" .; }
command_verify_board_yaml() { command=(rproc-verify --list-boards --board good.yaml); }
setup_verify_board_dtb() {
    dtc -q -I dts -O dtb -o b.dtb "$tree/tests/boards/mp25.dts"
    dtc -q -I dts -O dtb -o l.dtb "$tree/tests/boards/mp25-linux.dts"
}
command_verify_board_dtb() { command=(rproc-verify --list-boards --board b.dtb --linux-dtb l.dtb --format json); }
setup_verify_ecdsa() { cp "$vectors/expected/p256_single.sig" in.sig; }
command_verify_ecdsa() { command=(rproc-verify --key "$keys/p256.pub.pem" in.sig); }
# A bit of the signature is changed: no failure may make it accepted.
setup_verify_refused() { cp "$vectors/device/signature_flip.sig" in.sig; }
command_verify_refused() { command=(rproc-verify --key "$keys/rsa2048.pub.pem" in.sig); }
setup_verify_refused_ecdsa() { # the last byte of the signature, which is not 0
    local words=() at
    cp "$vectors/expected/p256_single.sig" in.sig
    read -ra words < <(od -An -tu4 -j8 -N8 in.sig) # tlv_len, sign_len
    at=$((20 + words[0] + words[1] - 1))
    printf '\0' | dd of=in.sig bs=1 seek=$at conv=notrunc status=none
}
command_verify_refused_ecdsa() { command=(rproc-verify --key "$keys/p256.pub.pem" in.sig); }
# Accepted only by the last of the keys: no failure may leave it out, and the verdict be "wrong".
setup_verify_keys() { container_setup; }
command_verify_keys() {
    command=(rproc-verify --key "$keys/rsa3072.pub.pem" --key "$keys/p256.pub.pem"
        --key "$keys/rsa2048.pub.pem" in.sig)
}
# What cannot be decoded stands before the key: no failure may pass over the key as well.
setup_verify_behind() {
    container_setup
    openssl req -new -key "$keys/p256.pem" -subj /CN=test -out request.pem
    cat request.pem request.pem "$keys/rsa2048.pub.pem" > keys.pem
}
command_verify_behind() { command=(rproc-verify --key keys.pem in.sig); }
setup_verify_folder() {
    container_setup
    mkdir keys
    cp "$keys/p256.pub.pem" "$keys/rsa2048.pub.pem" keys
    echo "no key" > keys/README
}
command_verify_folder() { command=(rproc-verify --key keys in.sig); }
# The key that counts is encrypted, and other files of its folder are not.
setup_verify_passphrase() {
    setup_verify_folder
    openssl pkey -in "$keys/rsa2048.pem" -aes256 -passout pass:word -out keys/rsa2048.pub.pem
    echo word > word
}
command_verify_passphrase() { command=(rproc-verify --key keys --passphrase file:word in.sig); }
# The key p256 with the numbers of its curve written out; the generator is twice that of P-256.
own_curve() {
    local usual=046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296
    local other=047cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978
    usual+=4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5
    other+=07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1
    openssl pkey -pubin -in "$keys/p256.pub.pem" -ec_param_enc explicit -pubout -outform DER |
        xxd -p | tr -d '\n' | sed "s/$usual/$other/" | xxd -r -p
}
# The other key counts. One on a curve of its own, which has no name, is left out.
setup_verify_folder_ecdsa() {
    setup_verify_folder
    cp "$vectors/expected/p256_single.sig" in.sig
    own_curve > keys/own.der
}
command_verify_folder_ecdsa() { command=(rproc-verify --key keys in.sig); }
setup_verify_certificate() {
    container_setup
    openssl req -x509 -key "$keys/rsa2048.pem" -subj /CN=test -out certificate.pem
}
command_verify_certificate() { command=(rproc-verify --key certificate.pem in.sig); }
# The picture is the old one or the new one, whole.
setup_verify_map() { container_setup && old_output; }
command_verify_map() { command=(rproc-verify --key "$keys/rsa2048.pub.pem" --map out in.sig); }
setup_dump_map_stdout() { container_setup; }
command_dump_map_stdout() { command=(rproc-dump --map - in.sig); }
setup_dump_text() { container_setup; }
command_dump_text() { command=(rproc-dump in.sig); }
setup_dump_json() { container_setup; }
command_dump_json() { command=(rproc-dump --coverage --format json in.sig); }
setup_dump_yaml() { container_setup; }
command_dump_yaml() { command=(rproc-dump --format yaml in.sig); }
setup_dump_lines() { container_setup; }
command_dump_lines() { command=(rproc-dump --format lines in.sig); }
setup_extract() { container_setup; }
command_extract() { command=(rproc-dump --extract parts in.sig); }
setup_extract_into() { container_setup && mkdir parts && echo kept > parts/kept; }
command_extract_into() { command=(rproc-dump --extract parts in.sig); }
# Where a file cannot be renamed without replacing another.
setup_extract_linked() { setup_extract_into; }
command_extract_linked() { command_extract_into; }
setup_key_new() { :; }
command_key_new() { command=(rproc-key c-source --out out "$keys/rsa2048.pub.pem"); }
setup_key_over() { old_output; }
command_key_over() { command=(rproc-key c-source --out out "$keys/p256.pub.pem"); }
setup_key_optee() { old_output; }
command_key_optee() {
    command=(rproc-key c-source --style optee --prefix k --out out "$keys/rsa2048.pub.pem")
}
setup_key_public() { old_output; }
command_key_public() { command=(rproc-key public --out out "$keys/p256.pem"); }
setup_key_pkeyinfo() { old_output; }
command_key_pkeyinfo() { command=(rproc-key pkeyinfo --out out "$keys/rsa2048.pub.pem"); }
setup_key_show() { :; }
command_key_show() { command=(rproc-key show "$keys/rsa2048.pub.pem"); }
setup_key_show_json() { :; }
command_key_show_json() { command=(rproc-key show --format json "$keys/p256.pub.pem"); }
setup_key_match() { cp "$vectors/expected/st_key_info.sig" in.sig; }
command_key_match() {
    command=(rproc-key match "$keys/p256.pub.pem" "$keys/rsa2048.pub.pem" -- in.sig)
}
# No failure may make "none of the keys" of it, or the other way round.
setup_key_match_refused() { setup_verify_refused; }
command_key_match_refused() { command=(rproc-key match "$keys/rsa2048.pub.pem" -- in.sig); }
setup_key_match_image() {
    { head -c 300000 /dev/zero; cat "$keys/rsa2048.spki.der" "$keys/p256.spki.der"; } > image
}
command_key_match_image() {
    command=(rproc-key match "$keys/p256.pub.pem" "$keys/rsa2048.pub.pem" -- image)
}
setup_key_match_otp() { :; }
command_key_match_otp() {
    command=(rproc-key match "$keys/rsa4096.pub.pem" "$keys/p256.pub.pem" --otp
        738bd97a3657ef2208864f8f9e144203dabad203f591f94b9639e8ba5209fd66)
}
setup_key_match_json() { setup_key_match_image; }
command_key_match_json() {
    command=(rproc-key match --format json "$keys/p256.pub.pem" -- image)
}
setup_sign_spki() { sign_setup && old_output; }
command_sign_spki() { command=(rproc-sign --key "$keys/p256.pem" --key_info spki m4.elf out); }

# What is to be signed, and the container beside it: both, or what was there before.
setup_sign_tbs() { sign_setup; }
command_sign_tbs() { command=(rproc-sign --public-key "$keys/rsa2048.pub.pem" --tbs out m4.elf); }
setup_sign_tbs_over() { sign_setup && old_output && echo "another old one" > out.unsigned; }
command_sign_tbs_over() { command_sign_tbs && command+=(--digest); }
setup_sign_tbs_named() { setup_sign_tbs_over; }
command_sign_tbs_named() { command_sign_tbs; }
setup_sign_tbs_stdout() { sign_setup && echo "the old one" > u; }
command_sign_tbs_stdout() {
    command=(rproc-sign --public-key "$keys/p256.pub.pem" --tbs - --out u m4.elf)
}
# Signatures from elsewhere.
tbs_setup() { # KEY OPENSSL-OPTION...
    "$BUILD_DIR/leak/bin/rproc-sign" -q --public-key "$keys/$1.pub.pem" --tbs t "$vectors/elf/m4.elf"
    openssl dgst "${@:2}" -sign "$keys/$1.pem" -out s t
}
setup_sign_attach() { tbs_setup rsa2048 -sha256 && old_output; }
command_sign_attach() {
    command=(rproc-sign --public-key "$keys/rsa2048.pub.pem" --attach s t.unsigned out)
}
setup_sign_attach_ecdsa() { tbs_setup p256 -sha256 && base64 s > s.b64 && mv s.b64 s; }
command_sign_attach_ecdsa() {
    command=(rproc-sign --public-key "$keys/p256.pub.pem" --attach s t.unsigned out)
}
# Refused, with the same reason whatever fails: another hash function, padding, key.
setup_sign_attach_wrong() { tbs_setup rsa2048 -sha512 && old_output; }
command_sign_attach_wrong() { command_sign_attach; }
setup_sign_attach_pss() { tbs_setup rsa2048 -sha1 -sigopt rsa_padding_mode:pss; }
command_sign_attach_pss() { command_sign_attach; }
setup_sign_attach_wrong_ecdsa() { tbs_setup p256 -sha384; }
command_sign_attach_wrong_ecdsa() { command_sign_attach_ecdsa; }
# A program that signs, and one that does not.
setup_sign_program() { sign_setup && old_output; }
command_sign_program() {
    command=(rproc-sign --public-key "$keys/rsa2048.pub.pem"
        --signer "openssl dgst -sha256 -sign $keys/rsa2048.pem" m4.elf out)
}
setup_sign_program_fails() { sign_setup; }
command_sign_program_fails() {
    command=(rproc-sign --public-key "$keys/rsa2048.pub.pem" --digest --signer /bin/false m4.elf out)
}
# Containers that there are.
setup_sign_resign() { cp "$vectors/expected/st_ecc.sig" in.sig && old_output; }
command_sign_resign() { command=(rproc-sign --resign --key "$keys/p256.pem" in.sig out); }
setup_sign_resign_refused() { cp "$vectors/expected/st_ecc.sig" in.sig; } # its PKEYINFO is another key
command_sign_resign_refused() { command=(rproc-sign --resign --key "$keys/rsa2048.pem" in.sig out); }
setup_sign_extract() { container_setup && old_output; }
command_sign_extract() {
    command=(rproc-sign --extract-signature --public-key "$keys/rsa2048.pub.pem" in.sig out)
}
setup_sign_extract_der() { cp "$vectors/expected/p256_single.sig" in.sig; }
command_sign_extract_der() { command=(rproc-sign --extract-signature --der in.sig out); }

# Manifests. What is written beside the output comes when that is there already: one file a scenario.
manifest_setup() {
    sign_setup
    echo word > word
    openssl pkey -in "$keys/rsa2048.pem" -aes256 -passout pass:word -out key.pem
    cat > m.yaml << 'YAML'
containers:
  m4: {inputs: [m4.elf], output: out, key: key.pem, passphrase: 'file:word', board: stm32mp15-optee,
       key_info: spki, platform_tlvs: {0x10010: {file: word}}}
YAML
}
signed_setup() { manifest_setup && "$BUILD_DIR/leak/bin/rproc-sign" -q --manifest m.yaml; }
plain_setup() { sign_setup && "$BUILD_DIR/leak/bin/rproc-sign" -q --key "$keys/rsa2048.pem" m4.elf out; }
setup_sign_manifest() { manifest_setup && old_output; }
command_sign_manifest() { command=(rproc-sign --manifest m.yaml --jobs 1); }
setup_sign_manifest_same() { signed_setup; }
command_sign_manifest_same() { command=(rproc-sign --manifest m.yaml --jobs 1 --if-changed --report report); }
setup_sign_sarif() { plain_setup; }
command_sign_sarif() { command=(rproc-sign --key "$keys/rsa2048.pem" --if-changed --sarif sarif m4.elf out); }
setup_sign_depfile() { plain_setup; }
command_sign_depfile() { command=(rproc-sign --key "$keys/rsa2048.pem" --if-changed --depfile dep m4.elf out); }
setup_verify_manifest() { signed_setup; }
command_verify_manifest() { command=(rproc-verify --manifest m.yaml --format json); }
setup_verify_sarif() { cp "$vectors/expected/rsa2048_single.sig" in.sig; }
command_verify_sarif() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --board stm32mp15-optee --format sarif in.sig)
}
setup_dump_as_manifest() { cp "$vectors/expected/rsa2048_all.sig" in.sig; }
command_dump_as_manifest() { command=(rproc-dump --as-manifest in.sig); }

# Enough for threads: one that writes, one that hashes ahead.
large_setup() { python3 "$tree/tests/make_elf.py" large.elf 3 1048576; }
setup_sign_threads() { large_setup && old_output; }
command_sign_threads() { command=(rproc-sign --key "$keys/rsa2048.pem" large.elf out); }
setup_verify_threads() {
    large_setup
    "$BUILD_DIR/bin/rproc-sign" --quiet --key "$keys/rsa2048.pem" large.elf in.sig
}
command_verify_threads() { command=(rproc-verify --key "$keys/rsa2048.pub.pem" in.sig); }

# Most have IVs that are derived, so that good runs give the same file.
encrypt_setup() { cp "$vectors/elf/ns_aligned16.elf" "$vectors/elf/ns_note16.elf" . && old_output; }
setup_sign_encrypted() { encrypt_setup; }
command_sign_encrypted() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --enc_key "$keys/aes256.bin" ns_aligned16.elf out)
}
setup_sign_enc_same() { encrypt_setup; }
command_sign_enc_same() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --enc_key "$keys/aes256.bin" --enc-deterministic
        ns_note16.elf ns_aligned16.elf out)
}
setup_sign_enc_pad() {
    python3 "$tree/tests/cli/layout.py" pad.elf load 0x200 33 64 load 0x300 15 32 size 0x400
    old_output
}
command_sign_enc_pad() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --enc_key "$keys/aes256.bin" --enc-deterministic
        --enc-pad pad.elf out)
}
# With sections and program headers left out: of a segment that is padded, too.
setup_sign_trim() { python3 "$tree/tests/cli/odd_elf.py" trim.elf pad && old_output; }
command_sign_trim() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --enc_key "$keys/aes256.bin" --enc-deterministic
        --enc-pad --strip --loadable-only trim.elf out)
}
setup_sign_trim_refused() { python3 "$tree/tests/cli/odd_elf.py" trim.elf header_loaded && old_output; }
command_sign_trim_refused() { command=(rproc-sign --key "$keys/rsa2048.pem" --strip trim.elf out); }
setup_sign_enc_threads() { large_setup && old_output; }
command_sign_enc_threads() {
    command=(rproc-sign --key "$keys/rsa2048.pem" --enc_key "$keys/aes256.bin" --enc-deterministic
        large.elf out)
}
setup_verify_decrypted() { cp "$vectors/expected/st_encrypted.sig" in.sig; }
command_verify_decrypted() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --enc_key "$keys/aes256.bin" in.sig)
}
setup_verify_original() { setup_verify_decrypted; }
command_verify_original() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --enc_key "$keys/aes256.bin"
        --original "$vectors/elf/ns_aligned16.elf" in.sig)
}
setup_verify_trimmed_original() {
    local command
    setup_sign_trim
    command_sign_trim
    "$build/bin/${command[0]}" "${command[@]:1}" --no-sync
}
command_verify_trimmed_original() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --enc_key "$keys/aes256.bin"
        --original trim.elf out)
}
# A byte differs: no failure may leave it unseen.
setup_verify_other_original() {
    setup_verify_decrypted
    cp "$vectors/elf/ns_aligned16.elf" other.elf
    printf X | dd of=other.elf bs=1 seek=8200 conv=notrunc status=none
}
command_verify_other_original() {
    command=(rproc-verify --key "$keys/rsa2048.pub.pem" --enc_key "$keys/aes256.bin"
        --original other.elf in.sig)
}

# Keys that others hold. Their own calls of libc and libcrypto do not fail: what they make of it is
# theirs.
setup_sign_token() {
    sign_setup && old_output
    token_start "$here"
    token_import "$keys/rsa2048.pem" rsa 01
    echo 1234 > ../pin
}
command_sign_token() {
    export SOFTHSM2_CONF=$here/softhsm2.conf PKCS11_MODULE_PATH=/usr/lib/softhsm/libsofthsm2.so
    command=(rproc-sign --engine pkcs11 --key "pkcs11:token=rproc%20test;object=rsa?pin-source=$here/pin"
        m4.elf out)
}
setup_verify_token() {
    setup_sign_token
    container_setup
}
command_verify_token() {
    command_sign_token
    command=(rproc-verify --engine pkcs11 --key "pkcs11:token=rproc%20test;object=rsa" in.sig)
}
setup_sign_tpm() {
    sign_setup && old_output
    tpm_start "$here"
    tpm_key "$here" 0x81000001 -G ecc256 -p secret
    echo secret > ../pin
}
command_sign_tpm() {
    export TPM2OPENSSL_TCTI=swtpm:path=$here/s
    command=(rproc-sign --provider "tpm2:$(echo /usr/lib/*/ossl-modules)" --key 'handle:0x81000001?pass'
        --passphrase "file:$here/pin" m4.elf out)
}

# --- One run ------------------------------------------------------------------------------------

# In the folder "now" of the scenario. The shell's report of a signal is no output of the tool.
run_tool() { # VARIABLE=VALUE...
    status=0
    {
        (
            cd now
            declare -x LD_PRELOAD="$work/fail.so" FAULT_LOG="$here/log" \
                ${named:+FAULT_NAMED=1} ${ours:+FAULT_OURS=1} "$@"
            exec "$build/bin/${command[0]}" "${command[@]:1}" > "$here/stdout" 2> "$here/stderr"
        ) || status=$?
    } 2> /dev/null
}

# The following two start no program: they are asked thousands of times.
has_line() { # FILE START
    local lines line
    mapfile -t lines < "$1"
    for line in ${lines[@]+"${lines[@]}"}; do
        [[ $line != "$2"* ]] || return 0
    done
    return 1
}

same_text() { # FILE FILE
    local one other
    mapfile one < "$1"
    mapfile other < "$2"
    [ "${one[*]-}" = "${other[*]-}" ]
}

refresh() {
    rm -rf now
    cp -a before now
}

# With a random nonce, signatures differ each time: good is what rproc-verify accepts.
same_folder() {
    if [[ $scenario =~ ^sign_(random|tpm)$ ]]; then
        local key=("$keys/p256.pub.pem")
        [ "$scenario" = sign_random ] || key=(handle:0x81000001 --provider tpm2)
        [ "$(ls -A now)" = "$(ls -A after)" ] && cmp -s now/m4.elf after/m4.elf &&
            "$build/bin/rproc-verify" -q --key "${key[@]}" now/out
    elif [ "$scenario" = sign_encrypted ]; then # random IVs
        [ "$(ls -A now)" = "$(ls -A after)" ] &&
            "$build/bin/rproc-verify" -q --key "$keys/rsa2048.pub.pem" --enc_key "$keys/aes256.bin" \
                --original now/ns_aligned16.elf now/out
    else
        diff -r now after > /dev/null
    fi
}

# What the message must say, as a regular expression.
reason_of() { # FUNCTION
    case $1 in
    *[A-Z]*) echo "" ;; # libcrypto's
    malloc | calloc | realloc | setenv | open_memstream | fclose | mmap) echo "emory" ;;
    posix_spawn_file_actions_* | posix_spawnattr_init) echo "emory" ;;
    open | fopen | fcntl | dup | tmpfile | memfd_create | pipe2) echo "Too many open files" ;;
    fflush) echo "(No space left on device|part of the output is missing)" ;;
    write | pwrite | linkat | mkdir) echo "No space left on device" ;;
    access) echo "Permission denied" ;;
    *) echo "Input/output error" ;;
    esac
}

# Is it as with status 2? Otherwise what is wrong goes to standard output.
check_refused() { # FUNCTION WHERE LABEL
    local lines=() said=() line words expected
    mapfile -t lines < stderr
    mapfile expected < expected.stderr
    for line in ${lines[@]+"${lines[@]}"}; do
        [[ $'\n'"${expected[*]/#/$'\n'}" == *$'\n'"$line"$'\n'* ]] || said+=("$line")
    done
    diff -r now before > differences || true
    # what cannot be removed
    [[ $3 != *"(unlink)" ]] || sed -i -E '/^Only in now(\/parts)?: (parts|\.rproc-[0-9-]+\.tmp|[a-z0-9-]+\.(bin|elf))$/d' differences
    # what was extracted stays when only the closing of standard output fails, and so do what is to
    # be signed, and a picture, when only the lines that tell of it cannot be printed
    [[ ! $scenario$1 =~ ^(extract.*close-stdout|(sign_manifest|verify_map|sign_tbs(_over|_named|_stdout)?)(close-stdout|fflush))$ ]] ||
        diff -r now after > differences || true
    # what says that it failed
    [[ ! $scenario =~ ^sign_(sarif|manifest_same)$ ]] || sed -i -E '/^Only in now: (sarif|report)$/d' differences
    [ ! -s differences ] || echo "the folder changed: $(tr '\n' ' ' < differences)"
    # where every later call fails, the next step fails, too
    if [ ${#said[@]} -ne 1 ] && [[ ${#said[@]} -eq 0 || $3 != *"(on)" ]]; then
        echo "${#said[@]} lines on standard error: ${said[*]-}"
        return
    fi
    [[ ${said[0]} == "${command[0]}: "?* ]] || echo "the message does not start with the tool: ${said[0]}"
    words=$([ "$2" = crypto ] || reason_of "$1")
    [[ $scenario != extract_linked || $3 != *"(unlink)" ]] || words+="|Input/output error"
    [[ $3 != *alloc*"(on)" ]] || words+="|malloc failure|initialization error" # libcrypto's words for it
    [[ ${said[0]} =~ $words ]] || echo "the message does not name the reason: ${said[0]}"
}

check_unaffected() { # FUNCTION LABEL
    cmp -s stdout expected.stdout || echo "status $status, but another output"
    # For want of memory libcrypto takes PSS for no signature of the key, and does not say why.
    [[ $scenario$2 == sign_attach_pssmalloc\ of\ libcrypto* ]] || same_text stderr expected.stderr ||
        echo "status $status, but other messages: $(tail -n 1 stderr)"
    # the second name of what was replaced
    [[ $scenario != sign_tbs* || $1$2 != *unlink* ]] || rm -f now/.rproc-*.tmp
    same_folder || echo "status $status, but another result in the folder"
}

# Calls whose failure must not pass unnoticed, if the run is good without it.
must_matter() { # FUNCTION
    # A curve of its own has no name, whether the call that asks for it fails or not.
    [[ $scenario != verify_folder_ecdsa ||
        ! $1 =~ ^EVP_PKEY_get_(group_name|utf8_string_param)$ ]] || return 1
    # What fails in a thread that hashes ahead is hashed again when it is needed.
    [[ $scenario != verify_threads || ! $1 =~ ^EVP_(Digest.*|MD_CTX_new)$ ]] || return 1
    # What is closed is memory there.
    [[ ! $scenario =~ ^key_(new|over|optee)$ || $1 != fclose ]] || return 0
    [[ $expected_status -eq 0 && $1 =~ ^(fsync|dup|write|rename|linkat|mkdir|fflush|fstat|fopen|fread|scandir|realpath|close-stdout|EVP_.*|RAND_bytes)$ ]]
}

# Counts into injected, refused, unaffected, crashed; what is wrong goes to the file bad.
one_fault() { # FUNCTION WHERE CALL LABEL [VARIABLE=VALUE]...
    local findings leaks=1
    : > log
    # libcrypto does not free all that it has when it lacks memory
    [[ $2 = rest && $4 != *alloc*"(on)" ]] || leaks=0
    # then libcrypto tidies up at the end: an engine that is unloaded has no name any more
    [[ -z $ours || $1 != OPENSSL_init_crypto ]] || leaks=0
    run_tool LSAN_OPTIONS="$lsan:exitcode=99:detect_leaks=$leaks" \
        FAULT_FUNCTION="$1" FAULT_WHERE="$2" FAULT_CALL="$3" "${@:5}"
    if ! has_line log failed; then
        # How often libcrypto allocates depends on chance, for blinding; how often something is waited
        # for, on time.
        [[ $2 = crypto || $1 =~ ^(poll|waitid)$ ]] || echo "$scenario: $4: call $3: was not made" >> bad
        refresh
        return 0
    fi
    injected=$((injected + 1))
    if [ "$status" -eq 2 ] && [[ $4 != *EINTR* ]] && ! same_text stderr expected.stderr; then
        refused=$((refused + 1))
        findings=$(check_refused "$1" "$2" "$4")
    elif [ "$status" -eq "$expected_status" ]; then
        unaffected=$((unaffected + 1))
        findings=$(check_unaffected "$1" "$4")
        if must_matter "$1" && [[ $4 != *EINTR* ]]; then
            findings="status $status: the failure was ignored"
        fi
    elif [ "$status" -eq 139 ] && has_line log 'crashed inside'; then
        crashed=$((crashed + 1))
        findings=$(diff -r now before) || true
    else
        findings="exit status $status, expected $expected_status"
        [ "$expected_status" -eq 2 ] || findings+=" or 2"
        findings+=": $(tail -n 1 stderr)"
    fi
    [[ ! $1 =~ ^(rename|linkat)$ || $3 -ne 1 ]] || [ "$(syncs log)" = "$(syncs counts)" ] ||
        findings+=" a name is given before all is synced"
    [ -z "$findings" ] || printf '%s\n' "$findings" | sed "s/^/$scenario: $4: call $3: /" >> bad
    diff -r now before > /dev/null || refresh
}

syncs() { # LOG
    awk '$1 == "fsync" && $2 == "rest" { count = $3 } END { print count + 0 }' "$1"
}

# How many files and folders are to be on the disk before they have their names.
needed_syncs() {
    case $scenario in
    extract) find after/parts | wc -l ;;
    extract_*) find after/parts -type f ! -name kept | wc -l ;;
    sign_tbs | sign_tbs_over | sign_tbs_named) echo 2 ;;
    sign_tbs_stdout | verify_map) echo 1 ;;
    sign_attach_wrong* | sign_attach_pss | sign_program_fails | sign_resign_refused | sign_trim_refused) echo 0 ;;
    sign_stdout | sign_unsynced | sign_onto_* | sign_two_vectors | sign_board_refused | verify_* | dump_* | key_show* | key_match*) echo 0 ;;
    *) echo 1 ;;
    esac
}

# --- One scenario -------------------------------------------------------------------------------

# The numbers of the calls that fail, one a line.
chosen_calls() { # FUNCTION WHERE CALLS LABEL
    local count=$3 limit=$spread i share=1
    if [ -z "$each" ]; then
        [[ $4 != *"(on)" ]] || share=3
        awk -v name="$1" -v where="$2" -v share=$share \
            '$1 == name && $2 == where && n++ % share == 0 { print $3 }' own_places
        return
    fi
    [[ $4 != *"(on)" ]] || limit=$((spread / 4))
    [ "$2" = rest ] || [ "$count" -le "$limit" ] || count=$limit
    for ((i = 0; i < count; i++)); do
        echo $((count == 1 ? 1 : 1 + i * ($3 - 1) / (count - 1)))
    done
}

every_fault() { # FUNCTION WHERE CALLS LABEL [VARIABLE=VALUE]...
    local injected=0 refused=0 unaffected=0 crashed=0 calls call
    mapfile -t calls < <(chosen_calls "${@:1:4}")
    for call in ${calls[@]+"${calls[@]}"}; do
        one_fault "$1" "$2" "$call" "${@:4}"
    done
    # what is told when the output is closed
    [ "$scenario $4" != "sign_unsynced close" ] || [ $refused -gt 0 ] ||
        echo "$scenario: $4: each failure was ignored" >> bad
    printf '%-20s %-36s %6d %6d %6d %6d %6d\n' "$scenario" "$4" "$3" $injected $refused \
        $unaffected $crashed >> table
}

# The status of a scenario without a failure.
good_status() {
    case $scenario in
    verify_refused* | verify_foretold | verify_2020 | sign_board_refused | verify_other_original | sign_trim_refused | key_match_refused | sign_attach_wrong* | sign_attach_pss) echo 1 ;;
    sign_program_fails | sign_resign_refused) echo 2 ;;
    sign_onto_* | sign_two_vectors) echo 2 ;;
    *) echo 0 ;;
    esac
}

# Sets what the functions above ask for.
enter() { # NAME
    scenario=$1
    here=$work/$1
    named=
    ours=
    [[ ! $scenario =~ ^(sign_named|sign_tbs_named|extract_linked)$ ]] || named=1
    [[ ! $scenario =~ _(token|tpm)$ ]] || ours=1
    mkdir -p "$here/before"
    cd "$here"
    "command_$scenario"
}

# The run without a failure: what it calls, and where, and what comes of it.
good_run() { # NAME
    local scenario here named ours command status
    enter "$1"
    : > bad
    : > places
    : > log
    (cd before && "setup_$scenario") > setup.log
    refresh
    run_tool LSAN_OPTIONS="$lsan" FAULT_PLACES="$here/places" FAULT_DEPTH=$callers
    mv stdout expected.stdout
    mv stderr expected.stderr
    mv log counts
    mv now after
    refresh
    echo "$status" > expected.status
    [ "$status" -eq "$(good_status)" ] ||
        echo "$scenario: without a failure: exit status $status: $(cat expected.stderr)" >> bad
    [ "$(syncs counts)" -eq "$(needed_syncs)" ] ||
        echo "$scenario: $(syncs counts) files are synced, expected $(needed_syncs)" >> bad
}

# Of each scenario the places that are in none before it.
share_places() {
    local name
    for name in "${chosen[@]}"; do
        (enter "$name" && sed "s/\$/ ${command[0]} $(cat expected.status) $name/" places)
    done | awk -v work="$work" '!known[$4, $5, $6]++ { print > (work "/" $7 "/own_places") }'
}

fault_runs() { # NAME
    local scenario here named ours command status expected_status function where calls label
    enter "$1"
    : > table
    touch own_places
    expected_status=$(cat expected.status)
    while read -r function where calls; do
        # libcrypto's functions as librprocfw calls them; not those that call each other
        [[ $where = rest || $function != *[A-Z]* ]] || continue
        label="$function$([ "$where" = rest ] || echo " of libcrypto")"
        every_fault "$function" "$where" "$calls" "$label"
        [[ ! $function =~ ^([mc]alloc|realloc|read|pread|write|fflush)$ ]] ||
            every_fault "$function" "$where" "$calls" "$label (on)" FAULT_STICKY=1
        [ "$where" = rest ] || continue
        [[ ! $function =~ ^(read|pread|write)$ ]] ||
            every_fault "$function" "$where" "$calls" "$label (EINTR)" FAULT_ERRNO=4
        [[ ! $scenario =~ ^(sign_named|sign_tbs|extract) || ! $function =~ ^(pread|write|fsync|rename|open|close)$ ]] ||
            every_fault "$function" "$where" "$calls" "$label (unlink)" FAULT_ALSO=unlink
    done < counts
    : > "done"
}

# --- The library --------------------------------------------------------------------------------

# These do not fail, or what they answer is not an error.
cannot_fail='CRYPTO_memcmp EVP_CIPHER_CTX_free EVP_CIPHER_free EVP_MAC_CTX_free EVP_MAC_free
    OSSL_PARAM_construct_end OSSL_PARAM_construct_uint OSSL_PARAM_construct_utf8_string OSSL_PARAM_locate_const BIO_ctrl BIO_free BN_CTX_free BN_MONT_CTX_free BN_clear_free BN_cmp BN_free BN_is_odd BN_is_one
    BN_is_zero BN_num_bits BN_set_flags BN_value_one CRYPTO_clear_free CRYPTO_free
    EC_GROUP_free EC_GROUP_get0_order EVP_EncodeBlock EC_POINT_clear_free ECDSA_SIG_free ECDSA_SIG_get0_r ECDSA_SIG_get0_s ERR_clear_error ERR_get_error ERR_get_error_all
    ERR_lib_error_string ERR_peek_error ERR_peek_error_all ERR_peek_last_error ERR_peek_last_error_all ENGINE_finish ENGINE_free ERR_reason_error_string EVP_MD_CTX_free EVP_MD_CTX_set_flags EVP_MD_free EVP_PKEY_CTX_free EVP_PKEY_free EVP_PKEY_get0_provider EVP_PKEY_get0_type_name EVP_PKEY_CTX_settable_params
    EVP_PKEY_get_bits EVP_sha1 EVP_sha224 EVP_sha256 EVP_sha384 EVP_sha512 OPENSSL_cleanse OSSL_DECODER_CTX_free OSSL_LIB_CTX_free OSSL_PROVIDER_get0_name OSSL_PROVIDER_unload
    OSSL_STORE_INFO_free OSSL_STORE_INFO_get0_CERT OSSL_STORE_INFO_get_type OSSL_STORE_close
    OSSL_STORE_LOADER_free OSSL_STORE_eof OSSL_STORE_error OpenSSL_version UI_destroy_method X509_free CRYPTO_malloc'
# CRYPTO_malloc is malloc, which fails as such. BIO_ctrl asks where in memory libcrypto reads.

# The same of libc. Their memory is malloc's, which fails as such: asprintf vasprintf strdup strndup tsearch, and free. What
# they print is on its way when fflush fails, so that stdio has noted the error. The others answer
# about the process, or fail only for arguments that are wrong.
cannot_fail+=' asprintf vasprintf strdup strndup free
    __xpg_basename dirname sysconf tsearch tdestroy
    printf fprintf puts fputs fputc putc fwrite ferror fileno
    snprintf vsnprintf memchr memcmp memcpy memmem memmove mempcpy memset stpcpy strcasestr strchr strcmp strcspn strerror strlen
    strcasecmp strncasecmp strncmp strpbrk strrchr strspn strstr strtol strtoll strtoul bsearch qsort qsort_r alphasort __ctype_b_loc __errno_location __sched_cpucount
    __stack_chk_fail __libc_start_main __cxa_finalize __libc_current_sigrtmax optind opterr optopt environ __environ
    stderr stdout
    clock_gettime kill posix_spawn_file_actions_destroy posix_spawnattr_destroy posix_spawnattr_setflags
    posix_spawnattr_setsigdefault posix_spawnattr_setsigmask __tls_get_addr
    getenv getopt_long getpid getrlimit isatty prctl setrlimit
    raise signal sigaction sigaddset sigdelset sigemptyset sigfillset sigismember sigpending sigtimedwait pthread_sigmask
    pthread_cond_broadcast pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_join pthread_mutex_lock
    pthread_mutex_unlock'

# Every function of libcrypto and libc that librprocfw and the tools call can be made to fail.
# __NAME_chk is NAME with a check of a size, and NAME64 is NAME.
check_complete() {
    local plain='s/^__\(.*\)_chk$/\1/; s/64$//'
    nm -D --defined-only "$work/fail.so" | awk '{ print $3 }' | sed "$plain" > "$work/points"
    tr -s ' ' '\n' <<< "$cannot_fail" >> "$work/points"
    nm -D --undefined-only "$build/lib/librprocfw.so" "$build"/bin/rproc-* |
        sed -n 's/^ *U \(.*\)@\(OPENSSL\|GLIBC\).*/\1/p' | sed "$plain" | sort -u > "$work/called"
    [ "$(grep -cxE 'EVP_DigestSign|fsync|fread' "$work/called")" -eq 3 ] ||
        fail "nm does not show what is called"
    grep -vxF -f "$work/points" "$work/called" > "$work/missing" || true
    [ ! -s "$work/missing" ] ||
        fail "fail.c lacks functions that are called: $(tr '\n' ' ' < "$work/missing")"
}

# Counted as open, rename and unlink; and what asks at a terminal, which no scenario has.
not_made='openat renameat2 unlinkat EVP_read_pw_string'

# Each of these functions failed in some scenario.
check_made() {
    tr -s ' ' '\n' <<< "$cannot_fail $not_made" | grep -vxF -f - "$work/called" > "$work/asked"
    cat "$work"/*/counts | awk '$2 == "rest" { print $1 }' | grep -vxF -f - "$work/asked" > "$work/missing" || true
    [ ! -s "$work/missing" ] ||
        fail "no scenario calls: $(tr '\n' ' ' < "$work/missing")"
}

build_tools() {
    build=$BUILD_DIR/leak
    if ! { cmake -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Release -DRPROCFW_SANITIZE=leak &&
        cmake --build "$build" -j "$(nproc)"; } > "$work/build.log" 2>&1; then
        cat "$work/build.log" >&2
        fail "the tools cannot be built"
    fi
}

build_library() {
    gcc -std=c11 -D_GNU_SOURCE -O2 -fPIC -shared -Wall -Wextra -Wconversion -Wshadow -Wpedantic \
        -Werror "$tree/tests/faults/fail.c" -o "$work/fail.so"
}

# --- All ----------------------------------------------------------------------------------------

chosen=()
each=${RPROCFW_LONG:-}
for argument; do
    case $argument in
    --all) each=yes spread=1000000 ;;
    --list)
        printf '%s\n' "${scenarios[@]}"
        exit 0
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        [[ " ${scenarios[*]} " == *" $argument "* ]] || fail "no scenario $argument; see --list"
        chosen+=("$argument")
        ;;
    esac
done
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0"
mkdir -p -- "$BUILD_DIR"
BUILD_DIR=$(cd -- "$BUILD_DIR" && pwd -P)
all=
[ ${#chosen[@]} -gt 0 ] || { all=yes; chosen=("${scenarios[@]}"); }
build_tools
build_library
check_complete

for_each() { # FUNCTION: of the scenarios, as many at a time as there are processors
    local scenario
    for scenario in "${chosen[@]}"; do
        while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do
            wait -n || true
        done
        "$1" "$scenario" &
    done
    wait
}

trap 'for scenario in "${chosen[@]}"; do tpm_stop "$work/$scenario"; done; rm -rf -- "$work"' EXIT
for_each good_run
share_places
for_each fault_runs

printf '%-20s %-36s %6s %6s %6s %6s %6s\n' scenario function calls failed status2 same crash
for scenario in "${chosen[@]}"; do
    cat "$work/$scenario/table"
    cat "$work/$scenario/bad" >> "$work/bad"
    [ -e "$work/$scenario/done" ] || fail "$scenario was not run to its end"
done
awk '{ failed += $(NF - 3); refused += $(NF - 2); same += $(NF - 1); crashed += $NF }
    END {
        printf "failures: %d, refused: %d, not affected: %d, libcrypto crashed: %d\n",
            failed, refused, same, crashed
    }' "$work"/*/table
[ -z "$all" ] || check_made
if [ -s "$work/bad" ]; then
    cat "$work/bad" >&2
    fail "$(wc -l < "$work/bad") findings"
fi
