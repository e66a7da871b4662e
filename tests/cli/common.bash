# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the command-line tests share. Each test runs in a fresh folder.
bats_require_minimum_version 1.5.0

vectors=$(cd "$BATS_TEST_DIRNAME/../vectors" && pwd)
# shellcheck disable=SC2034 # for the tests
keys=$vectors/keys
BUILD_DIR=$(cd "${BUILD_DIR:?BUILD_DIR is the build to test}" && pwd)
PATH=$BUILD_DIR/bin:$PATH

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir w
    cd w || return
    cp "$vectors/elf/m4.elf" .
}

# expect STATUS COMMAND...: runs it; output is standard output, stderr standard error.
expect() {
    local expected=$1
    shift
    run --separate-stderr "$@"
    # shellcheck disable=SC2154 # stderr is of bats
    if [ "$status" -ne "$expected" ]; then
        printf 'exit status %s, expected %s\nstdout: %s\nstderr: %s\n' "$status" "$expected" \
            "$output" "$stderr"
        return 1
    fi
}

# What the last command said on standard error has these words.
says() {
    case $stderr in
    *"$1"*) ;;
    *)
        printf 'standard error: %s\nlacks: %s\n' "$stderr" "$1"
        return 1
        ;;
    esac
}

# What the last command said on standard output has these words.
shows() {
    case $output in
    *"$1"*) ;;
    *)
        printf 'standard output: %s\nlacks: %s\n' "$output" "$1"
        return 1
        ;;
    esac
}

# The folder holds these files and no others.
only_files() {
    diff <(printf '%s\n' "$@" | LC_ALL=C sort) <(find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort)
}

# put FILE OFFSET BYTES: overwrites bytes, given as printf takes them.
put() {
    # shellcheck disable=SC2059 # the bytes are the format
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# u32 FILE OFFSET: the little-endian word there.
u32() {
    od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '
}

# at_terminal TYPED COMMAND...: runs it at a terminal where somebody types a line, when there is something to
# read; what is seen there is in the file typed. The shell has to know how bash quotes.
at_terminal() {
    local command
    printf -v command '%q ' "${@:2}"
    : > typed
    (is_asked; echo "$1"; sleep 1) | SHELL=$BASH TERM=dumb script -qec "$command" /dev/null > typed
}

is_asked() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        [ ! -s typed ] || break
        sleep 0.1
    done
    sleep 1 # until nothing is echoed any more
}

# The public half of keys/default.pem of OP-TEE, whose private half everybody has.
published_key() { # FILE
    base64 -d > "$1" << 'KEY'
MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA6e6CY58Lzd7Vxb/B9k47X8fuvkYE8O1peo1UnmEaeuAI91y6
wFSLkog7uPZcizDxyqA3OBtbFqi7nR0fTs+nr37W+yFSGZljZVXxudMojccsgHP9pMUjlmuu/1ISLyvA5Q8R6ALrTmNp
UQfNqcdpIBgfwSDUrBUU0PIq6iiUdxoWtuC71OgKh4Ng8NXdIQHiJVwx2i/JB4lidWDPJY/nTLKnmDzbKtyKWeQfz4FJ
gDjDAThZXASeoaEpWmjRDvfbG6I7ziU20jiAA5R8T6ht9DdwoJ+CIKovscukdedPZ9b8/IesBiZURZv7pwqAMWLVb93P
Qj1a28VzyZOW4Mr/oa+9qY0/d19ApB5YJV7hf6fWY5mwPdAGuO4FpXinemD+HLXGXAu6+PlzftJW97UtvE5DMzkrMm9D
Yjhe1b1AEHlDYJM7WTpRi9z4CuBymec5CsKFfZAJCQlKg5qjPKA73CH1PBtVzAK+N8ktbsIAIoiX0aQ5yItY9FyxqduS
t2dt0tPjrjflvHWI1+27zgYy0sWOlsSWyz9NMoH9x1IGV0/ufOvns95y3XR3ptHIrB1iZdfSdBCVTHAscVksD8FWlC2S
/EFedqYcB3ZjR1Fpb9ReGK2ChSVU/Dxg+Xa3AzUXo4Fz8rNaJ3/BvB8NphDhi391IEoPu/bRTVm6MT/YHaECAwEAAQ==
KEY
}
