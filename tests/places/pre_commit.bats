#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/pre-commit: each kind of file that is refused, and its neighbours that are not, in repositories that
# are thrown away.
# shellcheck disable=SC2030,SC2031 # PATH, output: each test is a subshell
load common

setup() {
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
    git init -q "$BATS_TEST_TMPDIR/a repo"
    cd "$BATS_TEST_TMPDIR/a repo" || return 1
    cp "$TREE/examples/pre-commit/rprocfw-check" .git/hooks/pre-commit
}

# Is a commit of all files refused, and said to be for FILE, as the shell quotes it, because of WHY?
refused() { # FILE WHY
    git add -A
    run -1 git commit -qm x
    [[ $output == *"rprocfw-check: $1: $2"* ]] || { echo "$output"; false; }
}

accepted() {
    git add -A
    git commit -qm x
}

# FILE in a container that key.pem signed: a good one.
container() { # FILE
    rproc-sign --key "$KEYS/key.pem" "$TREE/examples/firmware/firmware.elf" "$1"
}

trust_key() { # SETTING...
    cp "$KEYS/key.pub.pem" .
    printf '%s\n' '[rprocfw]' 'key = key.pub.pem' "$@" > .rprocfw-check
}

# --- Keys ---

@test "pre-commit: private keys in PEM" {
    local made
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$BATS_TEST_TMPDIR/ec.pem"
    for made in "pkey -in $KEYS/key.pem" "pkey -in $KEYS/key.pem -traditional" \
        "pkey -in $BATS_TEST_TMPDIR/ec.pem" "ec -in $BATS_TEST_TMPDIR/ec.pem" \
        "pkey -aes256 -passout pass:azerty -in $KEYS/key.pem" \
        "rsa -traditional -aes256 -passout pass:azerty -in $KEYS/key.pem"; do
        # shellcheck disable=SC2086 # words
        openssl $made -out file.txt
        refused file.txt "a private key"
    done
    { echo 'notes'; cat "$KEYS/key.pem"; echo 'more'; } > file.txt
    refused file.txt "a private key"
    printf '{"key": "%s"}\n' "$(awk '{ printf "%s\\n", $0 }' "$KEYS/key.pem")" > file.txt # as cloud services do
    refused file.txt "a private key"
    { head -c 100 /dev/zero; cat "$KEYS/key.pem"; head -c 100 /dev/zero; } > file.txt
    refused file.txt "a private key"
    sed 's/$/\r/' "$KEYS/key.pem" > file.txt
    refused file.txt "a private key"
}

@test "pre-commit: private keys in DER, and PKCS#12" {
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$BATS_TEST_TMPDIR/ec.pem"
    local made key
    for key in "$KEYS/key.pem" "$BATS_TEST_TMPDIR/ec.pem"; do
        for made in "pkey -outform DER" "pkey -outform DER -traditional" \
            "pkcs8 -topk8 -outform DER -v2 aes-256-cbc -passout pass:azerty" \
            "pkcs8 -topk8 -outform DER -v1 PBE-SHA1-3DES -passout pass:azerty"; do
            # shellcheck disable=SC2086 # words
            openssl $made -in "$key" -out file.bin
            refused file.bin "a private key, or PKCS#12"
        done
    done
    openssl req -quiet -x509 -key "$KEYS/key.pem" -subj /CN=x -out cert.pem 2> /dev/null ||
        openssl req -x509 -key "$KEYS/key.pem" -subj /CN=x -out cert.pem
    openssl pkcs12 -export -inkey "$KEYS/key.pem" -in cert.pem -passout pass:azerty -out file.bin
    refused file.bin "a private key, or PKCS#12"
}

@test "pre-commit: AES keys" {
    printf '0123456789abcdef\200123456789abcdef' > file.bin
    refused file.bin "as an AES-256 key looks"
    printf '0123456789abcdef\000123456789abcdef' > file.bin
    refused file.bin "as an AES-256 key looks"
    cp "$TREE/tests/vectors/keys/aes256.bin" file.bin
    refused file.bin "as an AES-256 key looks"
    xxd -p -c 64 "$TREE/tests/vectors/keys/aes256.bin" > file.bin
    refused file.bin "as an AES-256 key looks"
    tr -d '\n' < file.bin > other.bin
    rm file.bin
    refused other.bin "as an AES-256 key looks"
}

@test "pre-commit: public keys, certificates, texts about keys and other files are committed" {
    cp "$KEYS/key.pub.pem" .
    openssl pkey -pubin -in key.pub.pem -outform DER -out key.pub.der
    openssl req -x509 -key "$KEYS/key.pem" -subj /CN=x -out cert.pem
    openssl x509 -in cert.pem -outform DER -out cert.der
    openssl req -new -key "$KEYS/key.pem" -subj /CN=x -outform DER -out request.der
    cp "$TREE/examples/pre-commit/rprocfw-check" .
    echo 'A key begins with -----BEGIN PRIVATE KEY----- and goes on.' > text
    printf -- '-----BEGIN PRIVATE KEY-----\n...\n' > text2
    printf '32 bytes, and all of them: text\n' > text3
    sha256sum text > text.sha256
    head -c 31 /dev/urandom > bytes31
    head -c 33 /dev/urandom > bytes33
    : > empty
    ln -s /etc/passwd link
    ln -s nowhere broken
    cp /bin/true host-program
    printf '0\202\001\000\002\001\000\060%0300d' 0 > like-der # of another length
    accepted
}

# --- Firmware ---

@test "pre-commit: unsigned firmware" {
    mkdir -p "deep/ly"
    cp "$TREE/examples/firmware/firmware.elf" "deep/ly/fw.bin"
    refused deep/ly/fw.bin "an ELF firmware that is not signed"
}

@test "pre-commit: containers are judged with the key and the board that are staged" {
    container good.sig
    accepted # without settings no signature is checked
    trust_key 'board = stm32mp15-optee' 'strict = true'
    rproc-sign --key "$KEYS/key.pem" "$TREE/examples/firmware/firmware.elf" again.sig
    accepted
    rproc-sign --key "$KEYS/other.pem" "$TREE/examples/firmware/firmware.elf" bad.sig
    refused bad.sig "rproc-verify refuses it: the RSA-2048 signature does not verify with the key key.pub.pem;"
    cp good.sig bad.sig
    printf x | dd of=bad.sig bs=1 seek=120 conv=notrunc status=none
    refused bad.sig "rproc-verify refuses it: "
    # authentic, and none that this board loads
    rproc-sign --quiet --preflight=off --key "$KEYS/key.pem" "$TREE/tests/vectors/elf/zephyr_ns.elf" bad.sig
    refused bad.sig "rproc-verify refuses it: board stm32mp15-optee"
    # which loads, and does not start
    sed 's/{stack_top, reset_handler}/{stack_top, 0}/' "$TREE/examples/make/firmware.c" > bad.c
    arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -nostdlib -static -T "$TREE/examples/make/firmware.ld" -o bad.elf bad.c
    rproc-sign --quiet --key "$KEYS/key.pem" bad.elf bad.sig
    rm bad.elf bad.c
    refused bad.sig "rproc-verify refuses it: board stm32mp15-optee (OP-TEE 4.10): loads, but would not run"
    sed -i '/strict/d' .rprocfw-check
    accepted
}

@test "pre-commit: a key that is in the work tree only, a board that is a file, settings that are broken" {
    trust_key 'board = boards/own.yaml'
    mkdir boards
    cp "$PREFIX/share/rprocfw/boards/stm32mp15-st.yaml" boards/own.yaml
    container good.sig
    echo key.pub.pem > .gitignore
    accepted
    container another.sig
    rm key.pub.pem
    refused another.sig "rproc-verify refuses it: "
    echo '[rprocfw' > .rprocfw-check
    git add -A
    run -1 git commit -qm x
    [[ $output == *".rprocfw-check: not in the format of git config"* ]]
}

@test "pre-commit: a container, and no rproc-verify" {
    container good.sig
    git add -A
    PATH=${PATH//"$PREFIX/bin:"/}
    ! command -v rproc-verify || skip "rproc-verify is installed on this machine"
    run -1 git commit -qm x
    [[ $output == *"no rproc-verify in PATH"* ]]
}

@test "pre-commit: a container, and a rproc-verify that ends without a word" {
    container good.sig
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\nkill -9 $$\n' > "$BATS_TEST_TMPDIR/bin/rproc-verify"
    chmod +x "$BATS_TEST_TMPDIR/bin/rproc-verify"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
    refused good.sig "rproc-verify refuses it: "
}

# --- What is looked at ---

@test "pre-commit: what is staged counts, not the work tree" {
    cp "$KEYS/key.pem" file
    git add file
    echo harmless > file
    run -1 git commit -qm x
    [[ $output == *"file: a private key"* ]]
    git add file
    cp "$KEYS/key.pem" file
    git commit -qm x
    [ "$(git show HEAD:file)" = harmless ]
    # and with git's own index for one commit
    run -1 git commit -qam x
    run -1 git commit -qm x file
    git checkout -q file
    cp "$KEYS/key.pem" untracked
    echo more >> file
    git commit -qam x
}

@test "pre-commit: what a filter encrypts is committed" {
    git config filter.crypt.clean 'base64 -w0 | rev'
    git config filter.crypt.smudge 'rev | base64 -d'
    git config filter.crypt.required true
    echo '*.secret filter=crypt' > .gitattributes
    cp "$KEYS/key.pem" a.secret
    accepted
    cp "$KEYS/key.pem" a.txt
    refused a.txt "a private key"
}

@test "pre-commit: names with blanks, newlines, dashes and other letters" {
    local name
    for name in "two words" $'two\nlines' -n --help ':x' '*' $'\xc3\xa9' '"quoted"'; do
        cp "$KEYS/key.pem" "./$name"
        refused "$(printf %q "$name")" "a private key"
        cp "$TREE/examples/firmware/firmware.elf" "./$name"
        refused "$(printf %q "$name")" "an ELF firmware"
        openssl pkey -in "$KEYS/key.pem" -outform DER -out "./$name"
        refused "$(printf %q "$name")" "a private key"
        container x.sig
        head -c -8 x.sig > "./$name"
        rm x.sig
        refused "$(printf %q "$name")" "rproc-verify refuses it: "
        rm -- "./$name"
    done
}

@test "pre-commit: files that are allowed, and only they" {
    mkdir -p tests/keys
    cp "$KEYS/key.pem" tests/keys/a.pem
    cp "$TREE/examples/firmware/firmware.elf" "tests/a b.elf"
    head -c 100 "$TREE/tests/vectors/expected/rsa2048_single.sig" > tests/broken.sig
    printf '%s\n' '[rprocfw]' 'allow = tests/keys/*' 'allow = tests/a b.elf' 'allow = *broken.sig' > .rprocfw-check
    accepted
    cp tests/keys/a.pem other.pem
    refused other.pem "a private key"
}

@test "pre-commit: deletions, renames, mode changes, merges, and nothing at all" {
    cp "$KEYS/key.pem" old
    git add old
    git commit -qm x --no-verify
    git mv old new
    refused new "a private key" # it is a file with a new name
    git reset -q --hard
    chmod +x old
    refused old "a private key"
    git reset -q --hard
    git rm -q old
    git commit -qm x
    git commit -qm x --allow-empty
}

@test "pre-commit: with file names, as the framework calls it, from any folder" {
    mkdir sub
    cp "$KEYS/key.pem" "sub/a key"
    echo harmless > sub/b
    git add -A
    local hook=$PWD/.git/hooks/pre-commit
    "$hook" sub/b
    run -1 "$hook" "sub/a key" sub/b
    cd sub
    "$hook" b
    run -1 "$hook" "a key"
    [[ $output == *'sub/a\ key: a private key'* ]]
    cd "$BATS_TEST_TMPDIR"
    run -2 "$hook"
}

@test "pre-commit: nothing of a key stays behind" {
    mkdir "$BATS_TEST_TMPDIR/tmp"
    cp "$KEYS/key.pem" file
    git add -A
    TMPDIR=$BATS_TEST_TMPDIR/tmp run -1 git commit -qm x
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
}

@test "pre-commit: two thousand files take seconds" {
    local i
    for i in {1..2000}; do
        echo "file $i, of no interest to anybody" > "f$i"
    done
    cp "$KEYS/key.pem" f1000
    git add -A
    local start=${EPOCHREALTIME/./}
    run -1 git commit -qm x
    local took=$(((${EPOCHREALTIME/./} - start) / 1000))
    echo "$took ms"
    [[ $output == *"f1000: a private key"* ]]
    [ "$took" -lt 10000 ]
}

@test "pre-commit: the files for the framework, and the README" {
    python3 - "$TREE/examples/pre-commit" << 'PYTHON'
import re, sys, yaml
folder = sys.argv[1]
[hook] = yaml.safe_load(open(folder + "/.pre-commit-hooks.yaml"))
readme = open(folder + "/README.md").read()
block = re.search(r"```yaml\n(.*?)```", readme, re.S).group(1)
[repo] = yaml.safe_load(block)["repos"]
[local] = repo["hooks"]
assert repo["repo"] == "local" and local["entry"] == "tools/rprocfw-check"
for one in hook, local:
    assert set(one) == {"id", "name", "entry", "language", "types", "require_serial"}, one
    assert one["language"] == "script" and one["types"] == ["file"] and one["require_serial"] is True
PYTHON
    cp "$TREE/examples/pre-commit/rprocfw-check" .
    rm .git/hooks/pre-commit
    awk '/^```sh$/ { within = 1; next } /^```$/ { within = 0 } within' "$TREE/examples/pre-commit/README.md" > lines
    bash -e lines
    cmp rprocfw-check .git/hooks/pre-commit
    rm lines
    awk '/^```ini$/ { within = 1; next } /^```$/ { within = 0 } within' \
        "$TREE/examples/pre-commit/README.md" > .rprocfw-check
    [ "$(git config --file .rprocfw-check rprocfw.board)" = stm32mp15-optee ]
    accepted
}
