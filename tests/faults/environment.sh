#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What is around the tools fails them: disks, folders, pipes, files that others write to, signals,
# a second tool. See usage() below.
. "$(dirname "$0")/../setup/common.bash"

usage() {
    cat << 'TEXT'
usage: BUILD_DIR=DIR tests/faults/environment.sh [GROUP...]

BUILD_DIR is a Release build. The groups:
  targets    outputs that are, or lead to, a folder, a pipe, a device, a link, nothing; folders and
             file systems that cannot be written to; standard output that is full or closed
  full       file systems with room for a part of the output: each number of pages, of files
  changes    files that shrink, grow or change while they are read: before and after each read
  flips      one bit differs in one read: nobody can detect that; what is written must be in itself
             consistent, what was refused stays refused
  signals    SIGKILL, SIGINT, SIGTERM at 200 points of a run and more
  parts      the same of --extract
  pairs      two signers for one output at once, and somebody who looks at it all the time
RPROCFW_LONG=1: more points and rounds.

full and a part of targets mount file systems: as root, or in a namespace of the user's own.
Exit status: 0 all rules hold, 1 findings, 77 no findings, but mounting is not possible here.
TEXT
}

groups=(targets full changes flips signals parts pairs)
case ${1:-} in
-h | --help) usage; exit 0 ;;
-*) usage >&2; exit 2 ;;
esac

# --- A name space for mounts: the script starts itself in one -----------------------------------

if [ -z "${ENVIRONMENT_MOUNTS:-}" ]; then
    rm -rf -- "$work" # the other one makes its own
    ENVIRONMENT_MOUNTS=yes
    export ENVIRONMENT_MOUNTS
    unshare -m true 2> /dev/null && exec unshare -m "$BASH" "$0" "$@"
    unshare -rm true 2> /dev/null && exec unshare -rm "$BASH" "$0" "$@"
    ENVIRONMENT_MOUNTS=no exec "$BASH" "$0" "$@"
fi

need_build
bin=$BUILD_DIR/bin
vectors=$tree/tests/vectors
keys=$vectors/keys
private=$keys/rsa2048.pem
public=$keys/rsa2048.pub.pem
aes=$keys/aes256.bin
encrypt="rproc-sign --key $private --enc_key $aes --enc-deterministic"
long=${RPROCFW_LONG:-}
chosen=("$@")
[ ${#chosen[@]} -gt 0 ] || chosen=("${groups[@]}")
gcc -std=c11 -D_GNU_SOURCE -O2 -fPIC -shared -Wall -Wextra -Wconversion -Wshadow -Wpedantic \
    -Werror "$tree/tests/faults/disturb.c" -o "$work/disturb.so"

# --- One run ------------------------------------------------------------------------------------

# Each group works in a folder of its own, "here"; the tools run in its folder "now", which is made
# from "before". Findings go to here/bad; runs counts.
runs=0

finding() { # WORDS
    printf '%s: %s\n' "$label" "$*" >> "$here/bad"
}

# A loop over both outcomes has seen both.
both() { # COUNT COUNT
    [ $(($1 * $2)) -gt 0 ] || finding "not both outcomes were seen, but $1 and $2"
}

refresh() {
    rm -rf now
    cp -a before now
}

# status, here/stdout, here/stderr. The shell's report of a signal is no output of the tool.
# What whoever started this ignores, the tool does not.
run_tool() { # [VARIABLE=VALUE...] COMMAND...
    runs=$((runs + 1))
    status=0
    {
        (cd now && exec env --default-signal LD_PRELOAD="$work/disturb.so" PATH="$bin:$PATH" "$@" \
            > "$here/stdout" 2> "$here/stderr") || status=$?
    } 2> /dev/null
}

# Of what is no file and no folder, that it is there.
same_folder() {
    if ! diff -r --no-dereference -x fifo now before > differences ||
        [ "$(ls -A now)" != "$(ls -A before)" ]; then
        finding "the folder changed: $(cat differences)"
    fi
}

# The tool could not do it: status 2, one message with these words, the folder as it was.
could_not() { # WORDS
    [ "$status" -eq 2 ] || finding "exit status $status, expected 2: $(cat stderr)"
    grep -qE -e "$1" stderr || finding "the message lacks \"$1\": $(cat stderr)"
    [ "$(grep -c . stderr)" -eq 1 ] || finding "not one message: $(cat stderr)"
    same_folder
}

# --- Targets ------------------------------------------------------------------------------------

# Without what lets root write everywhere.
without_privilege=(setpriv --bounding-set=-all --inh-caps=-all)

# A write end of a pipe that nobody reads from, as descriptor 4.
open_broken_pipe() {
    rm -f pipe
    mkfifo pipe
    # shellcheck disable=SC2094 # who opens it for both does not wait for the other end
    exec 3<> pipe 4> pipe 3<&-
}

each_target() { # TOOL COMMAND...: target is appended
    local tool=$1 target words
    while IFS='|' read -r target words; do
        label="targets: $tool: $target"
        refresh
        run_tool "${@:2}" "$target"
        could_not "$words"
    done << 'TEXT'
folder|folder: is a folder
fifo|fifo: is a device, pipe or socket
/dev/null|/dev/null: is a device
/dev/full|/dev/full: is a device
to_folder|to_folder: is a folder
to_fifo|to_fifo: is a device
dangling|dangling: is a link to a file that is not there
loop|loop: cannot .*: Too many levels of symbolic links
nowhere/out|nowhere/out: cannot write: No such file or directory
old/out|old/out: cannot write: Not a directory
TEXT
    label="targets: $tool: a read-only folder"
    refresh
    run_tool "${without_privilege[@]}" "${@:2}" closed/out
    could_not "closed/out: cannot write: Permission denied"
    label="targets: $tool: a long name"
    run_tool "${@:2}" "$(printf 'n%.0s' {1..300})"
    could_not "cannot .*: File name too long"
    label="targets: $tool: a link to a file"
    refresh
    run_tool "${@:2}" to_file
    [ "$status" -eq 0 ] || finding "exit status $status: $(cat stderr)"
    [ -L now/to_file ] || finding "the link was replaced"
    cmp -s now/old "$here/$tool.expected" || finding "the file behind the link is not the new one"
    [ "$(ls -A now)" = "$(ls -A before)" ] || finding "something was left: $(ls -A now)"
}

each_folder() {
    local target words
    while IFS='|' read -r target words; do
        label="targets: extract: $target"
        refresh
        run_tool rproc-dump --extract "$target" in.sig
        could_not "$words"
    done << 'TEXT'
old|old: is there and is no folder
fifo|fifo: is there and is no folder
/dev/null|/dev/null: is there and is no folder
dangling|dangling: is there and is no folder
to_file|to_file: is there and is no folder
loop|loop: is there and is no folder
nowhere/parts|nowhere/parts: cannot write: No such file
old/parts|old/parts: cannot make the folder: Not a directory
TEXT
    label="targets: extract: a read-only folder"
    for target in closed closed/parts; do
        refresh
        run_tool "${without_privilege[@]}" rproc-dump --extract $target in.sig
        could_not "closed.*: cannot write: Permission denied"
    done
    label="targets: extract: a file in the way"
    cp -a before before.kept
    mkdir before/parts
    echo mine > before/parts/tlv-00000010.bin
    refresh
    run_tool rproc-dump --extract parts in.sig
    could_not "parts/tlv-00000010.bin: cannot create: File exists"
    rm -rf before
    mv before.kept before
    for target in new new/ folder to_folder; do
        label="targets: extract: $target"
        refresh
        run_tool rproc-dump --extract $target in.sig
        [ "$status" -eq 0 ] || finding "exit status $status: $(cat stderr)"
        diff -r now/$target parts > differences || finding "not all parts: $(cat differences)"
    done
}

# What stdio had to write before the end has failed for a reason that stdio does not keep.
each_stdout() { # NAME COMMAND...
    local lost="part of the output is missing"
    label="targets: $1: a full standard output"
    refresh
    run_tool "$BASH" -c 'exec "$@" > /dev/full' - "${@:2}"
    could_not "standard output: cannot write: (No space left|$lost)"
    label="targets: $1: a closed standard output"
    run_tool "$BASH" -c 'exec "$@" >&-' - "${@:2}"
    could_not "standard output: cannot write: (Bad file descriptor|$lost)"
    label="targets: $1: a pipe without a reader"
    open_broken_pipe
    run_tool "$BASH" -c 'exec "$@" >&4' - "${@:2}"
    [ "$status" -eq 141 ] || finding "exit status $status, expected that of SIGPIPE"
    same_folder
    label="targets: $1: a pipe without a reader, SIGPIPE ignored"
    run_tool "$BASH" -c 'trap "" PIPE; exec "$@" >&4' - "${@:2}"
    could_not "standard output: cannot write: (Broken pipe|$lost)"
    exec 4>&-
}

targets_setup() {
    mkdir before before/folder before/closed
    cp "$vectors/elf/m4.elf" "$vectors/elf/ns_aligned16.elf" before
    cp "$vectors/expected/rsa2048_two_images.sig" before/in.sig
    echo "the old output" > before/old
    mkfifo before/fifo
    ln -s folder before/to_folder
    ln -s fifo before/to_fifo
    ln -s nothing before/dangling
    ln -s old before/to_file
    ln -s loop before/loop
    chmod 555 before/closed
    "$bin/rproc-sign" --key "$private" before/m4.elf sign.expected
    # shellcheck disable=SC2086 # the words of a command
    "$bin"/$encrypt before/ns_aligned16.elf encrypt.expected
    "$bin/rproc-key" c-source "$public" > key.expected
    "$bin/rproc-dump" --extract parts before/in.sig
    "$bin/rproc-sign" --resign --key "$keys/p256.pem" before/in.sig resign.expected
    "$bin/rproc-sign" -q --public-key "$public" --tbs tbs.expected before/m4.elf
    mv tbs.expected.unsigned unsigned.expected
    cp parts/signature.bin signature.expected
    : > before/unsigned
    : > before/tbs
}

group_targets() {
    targets_setup
    each_target sign rproc-sign --key "$private" m4.elf --out
    # shellcheck disable=SC2086
    each_target encrypt $encrypt ns_aligned16.elf --out
    each_target key rproc-key c-source "$public" --out
    each_target resign rproc-sign --resign --key "$keys/p256.pem" in.sig --out
    each_target tbs rproc-sign -q --public-key "$public" --out unsigned m4.elf --tbs
    each_target unsigned rproc-sign -q --public-key "$public" --tbs tbs m4.elf --out
    each_target signature rproc-sign --extract-signature in.sig --out
    each_folder
    each_stdout sign rproc-sign --key "$private" m4.elf -
    # shellcheck disable=SC2086
    each_stdout encrypt $encrypt ns_aligned16.elf -
    each_stdout key rproc-key c-source "$public"
    each_stdout show rproc-key show "$public"
    each_stdout show-json rproc-key show --format json "$public"
    each_stdout match rproc-key match "$public" -- in.sig
    each_stdout match-json rproc-key match --format json "$public" -- in.sig
    each_stdout verify rproc-verify --key "$public" in.sig
    each_stdout verify-json rproc-verify --format json --key "$public" in.sig
    each_stdout resign rproc-sign --resign --key "$private" in.sig -
    each_stdout tbs rproc-sign --public-key "$public" --tbs - --out unsigned m4.elf
    each_stdout signature rproc-sign --extract-signature in.sig -
    each_stdout dump rproc-dump in.sig
    each_stdout dump-json rproc-dump --format json in.sig
    each_stdout dump-lines rproc-dump --format lines in.sig
    each_stdout dump-yaml rproc-dump --format yaml in.sig
    chmod 755 before/closed now/closed
}

# --- Full file systems --------------------------------------------------------------------------

full_commands=(
    "sign rproc-sign --key $private ../m4.elf out"
    "encrypt $encrypt ../ns_aligned16.elf out"
    "key rproc-key c-source $public --out out"
    "public rproc-key public $public --out out"
    "resign rproc-sign --resign --key $private ../in.sig out"
    "tbs rproc-sign -q --public-key $public --tbs out ../m4.elf"
    "signature rproc-sign --extract-signature ../in.sig out"
    "extract rproc-dump --extract parts ../in.sig"
    "into rproc-dump --extract . ../in.sig"
)

# In a file system of this size and number of files; its name is now.
on_small() { # OPTIONS COMMAND...
    mkdir -p now before
    mount -t tmpfs -o "$1" none now
    echo "the old output" | tee now/out > before/out || finding "no room for the old output"
    run_tool "${@:2}"
    if [ "$status" -eq 0 ]; then
        succeeded=$((succeeded + 1))
    else
        refused=$((refused + 1))
        could_not "No space left on device"
    fi
    umount now
}

group_full() {
    local line name named pages succeeded refused
    cp "$vectors/elf/m4.elf" "$vectors/elf/ns_aligned16.elf" .
    cp "$vectors/expected/rsa2048_two_images.sig" in.sig
    for line in "${full_commands[@]}"; do
        name=${line%% *}
        for named in 0 1; do
            succeeded=0
            refused=0
            for pages in {1..20} 40; do
                label="full: $name: $pages pages$([ $named = 0 ] || echo ", named")"
                # shellcheck disable=SC2086 # the words of a command
                on_small size=$((4 * pages))k DISTURB_NAMED=$named ${line#* }
            done
            both $succeeded $refused
            succeeded=0
            refused=0
            for pages in {2..10} 40; do
                label="full: $name: $pages files$([ $named = 0 ] || echo ", named")"
                # shellcheck disable=SC2086 # the words of a command
                on_small nr_inodes=$pages DISTURB_NAMED=$named ${line#* }
            done
            both $succeeded $refused
        done
    done
    full_stdout
    read_only
}

full_stdout() {
    local line
    for line in "rproc-sign --key $private ../m4.elf -" "rproc-dump ../in.sig" \
        "rproc-dump --format json ../in.sig" "rproc-verify --key $public -v ../in.sig" \
        "rproc-key c-source $public"; do
        label="full: standard output: $line"
        mkdir -p now before
        mount -t tmpfs -o size=4k none now
        head -c 4096 /dev/zero > now/fill
        # shellcheck disable=SC2086 # the words of a command
        run_tool "$BASH" -c 'exec "$@" > file' - $line
        rm now/file
        umount now
        [ "$status" -eq 2 ] || finding "exit status $status, expected 2"
        grep -qE "standard output: cannot write: (No space left|part of the output)" stderr || finding "$(cat stderr)"
    done
}

read_only() {
    local line
    for line in "${full_commands[@]}"; do
        label="full: ${line%% *}: a read-only file system"
        mount -t tmpfs -o size=1m none now
        echo "the old output" > now/out
        mount -o remount,ro now
        # shellcheck disable=SC2086 # the words of a command
        run_tool ${line#* }
        could_not "cannot write: Read-only file system"
        umount now
    done
}

# --- Inputs that change -------------------------------------------------------------------------

# What happens to the file F. The last three cannot be seen by size and time of the last change.
changes=(
    ': > F'
    'truncate -s -1 F'
    'echo more >> F'
    'touch -d "2001-02-03" F'
    'flip F'
    'cp -p F K && flip F && touch -r K F && rm K'
    'cp -p F K && flip F && cat K > F && touch -r K F && rm K'
)

# A change of one byte in the middle.
cat > "$work/flip" << 'TEXT'
#!/bin/sh
size=$(stat -c %s "$1")
printf '\377' | dd of="$1" bs=1 seek=$((size / 2 + 1)) conv=notrunc status=none
TEXT
chmod +x "$work/flip"
PATH=$work:$PATH

# Before each read of a file by a command, and after it.
each_change() { # NAME FILE COMMAND...
    local name=$1 file=$2 reads after at change i
    shift 2
    refresh
    label="changes: $name: undisturbed"
    run_tool DISTURB_READS="$file" DISTURB_LOG="$here/log" "$@"
    [ "$status" -eq 0 ] || finding "exit status $status: $(cat stderr)"
    reads=$(cat log)
    [ "$reads" -gt 0 ] || finding "nothing was read"
    for ((at = 1; at <= reads; at++)); do
        for after in 0 1; do
            # a file is whole once its last read is done and found to be that
            [ $at -lt "$reads" ] || [ $after = 0 ] || [ "$name" != sign_options ] || continue
            for ((i = 0; i < ${#changes[@]}; i++)); do
                change=${changes[i]}
                # by turns, unless there is time for all
                if [ -n "$long" ] || [ $(((2 * at + after) % ${#changes[@]})) -eq $i ]; then
                    one_change "$@"
                fi
            done
        done
    done
}

one_change() { # COMMAND...; at, after, change, file, name
    label="changes: $name: $change, $([ "$after" = 0 ] || echo "behind ")read $at of $reads"
    refresh
    run_tool DISTURB_READS="$file" DISTURB_AT="$at" DISTURB_AFTER="$after" \
        DISTURB_COMMAND="${change//F/$file}" "$@"
    cp -p "before/$file" now # that it changed is not the tool's doing
    could_not "$file: (changed|got shorter) while it was read; try again"
}

group_changes() {
    mkdir before
    cp "$vectors/elf/m4.elf" before
    truncate -s 600k before/m4.elf
    cp "$vectors/expected/rsa2048_two_images.sig" before/in.sig
    head -c 10000 /dev/urandom > before/value.bin
    echo "the old output" > before/out
    each_change sign m4.elf rproc-sign --key "$private" m4.elf out
    each_change strip m4.elf rproc-sign --key "$private" --strip --loadable-only m4.elf out
    each_change strip_dry m4.elf rproc-sign --key "$private" --strip --dry-run m4.elf out
    cp "$private" before/key.pem
    each_change sign_twice m4.elf rproc-sign --key "$private" --preflight=off m4.elf m4.elf out
    each_change dry_run m4.elf rproc-sign --key "$private" --dry-run m4.elf out
    each_change key key.pem rproc-sign --key key.pem m4.elf out
    each_change key key.pem rproc-verify --key key.pem in.sig
    changes_encrypted
    each_change sign_options value.bin rproc-sign --key "$private" --key_info value.bin m4.elf out
    each_change sign_options value.bin rproc-sign --key "$private" --plat-tlv-file 0x10000 \
        value.bin m4.elf out
    each_change resign in.sig rproc-sign --resign --key "$keys/p256.pem" in.sig out
    each_change resign_dry in.sig rproc-sign --resign --key "$keys/p256.pem" --dry-run in.sig out
    "$bin/rproc-sign" --extract-signature before/in.sig before/s
    each_change replace in.sig rproc-sign --public-key "$public" --replace-signature s in.sig out
    each_change sign_options s rproc-sign --public-key "$public" --replace-signature s in.sig out
    each_change signature in.sig rproc-sign --extract-signature in.sig out
    each_change verify in.sig rproc-verify --key "$public" in.sig
    each_change dump in.sig rproc-dump --format json in.sig
    each_change extract in.sig rproc-dump --extract parts in.sig
    each_change match in.sig rproc-key match "$public" -- in.sig
    { head -c 600000 /dev/zero; openssl pkey -pubin -in "$public" -outform DER; } > before/image
    each_change match image rproc-key match "$public" -- image
}

# What is encrypted is read twice where its vectors are derived from it.
changes_encrypted() {
    cp "$vectors/elf/ns_aligned16.elf" "$vectors/expected/st_encrypted.sig" before
    truncate -s 300k before/ns_aligned16.elf
    cp "$aes" before/aes
    each_change encrypt ns_aligned16.elf rproc-sign --key "$private" --enc_key "$aes" ns_aligned16.elf out
    # shellcheck disable=SC2086
    each_change encrypt_same ns_aligned16.elf $encrypt ns_aligned16.elf out
    each_change aes aes rproc-sign --key "$private" --enc_key aes ns_aligned16.elf out
    cp "$vectors/elf/ns_aligned16.elf" before
    each_change decrypt st_encrypted.sig rproc-verify --key "$public" --enc_key "$aes" st_encrypted.sig
    each_change original ns_aligned16.elf rproc-verify --key "$public" --enc_key "$aes" \
        --original ns_aligned16.elf st_encrypted.sig
}

# --- Changes that nobody can see ----------------------------------------------------------------

each_flip() { # NAME FILE COMMAND...; calls judge_flip
    local name=$1 file=$2 reads at part
    shift 2
    refresh
    run_tool DISTURB_READS="$file" DISTURB_LOG="$here/log" "$@"
    reads=$(cat log)
    for ((at = 1; at <= reads; at++)); do
        for ((part = 0; part <= 100; part += ${long:+1}${long:-4})); do
            label="flips: $name: read $at of $reads at $part %"
            refresh
            run_tool DISTURB_READS="$file" DISTURB_AT=$at DISTURB_FLIP=$part "$@"
            judge_flip
        done
    done
}

judge_flip() {
    [ "$status" -le 2 ] || finding "exit status $status"
    case $name in
    sign | encrypt | resign)
        if [ "$status" -ne 0 ]; then
            same_folder
        elif ! "$bin/rproc-verify" -q --key "$public" now/out 2> verdict; then
            finding "what was written is refused: $(cat verdict)"
        fi
        ;;
    verify_refused) [ "$status" -ne 0 ] || finding "accepted" ;;
    esac
}

group_flips() {
    mkdir before
    cp "$vectors/elf/m4.elf" before
    cp "$vectors/device/signature_flip.sig" before/in.sig
    echo "the old output" > before/out
    each_flip sign m4.elf rproc-sign --key "$private" m4.elf out
    cp "$vectors/elf/ns_aligned16.elf" "$vectors/expected/p256_single.sig" before
    mv before/p256_single.sig before/good.sig
    # shellcheck disable=SC2086
    each_flip encrypt ns_aligned16.elf $encrypt ns_aligned16.elf out
    each_flip resign good.sig rproc-sign --resign --key "$private" good.sig out
    each_flip verify_refused in.sig rproc-verify --key "$public" in.sig
}

# --- Signals ------------------------------------------------------------------------------------

# What may be there after a signal: the old or the new result, whole, and after SIGKILL the one
# temporary that rproc-sign(1) and rproc-dump(1) tell of.
judge_signal() {
    local left
    [ "$status" -eq $((128 + number)) ] || [ "$timer$status" = yes0 ] ||
        finding "exit status $status: $(cat stderr)"
    left=$(find now -name '.rproc-*-*.tmp' -prune)
    if [ "$number" -ne 9 ] && [ -n "$left" ]; then
        finding "left behind: $left"
    elif [ "$temporary" = none ] && [ -n "$left" ]; then
        finding "left behind where nothing has a name: $left"
    elif [ "$temporary" = whole ] && [ -n "$left" ]; then
        cmp -s "$left" after/out || finding "left behind, and not whole: $left"
    fi
    [ -z "$left" ] || kept=$((kept + 1))
    rm -rf now/.rproc-*-*.tmp
    if diff -r now before > /dev/null; then
        old=$((old + 1))
    elif diff -r now after > /dev/null; then
        new=$((new + 1))
    elif [ "$temporary" = pair ] && [ "$number" -eq 9 ]; then
        judge_pair
    elif [ "$temporary" != folder_into ] || [ "$number" -ne 9 ]; then
        finding "neither old nor new: $(diff -r now after | head -n 3)"
    elif ! (cd now/parts && sha256sum -- * | sort) > some || ! (cd after/parts && sha256sum -- * |
        sort | comm -13 - "$here/some" | diff - /dev/null) > /dev/null; then
        finding "a part that is not whole"
    else
        new=$((new + 1))
    fi
}

# SIGKILL between the two outputs: each is one of its own two.
judge_pair() {
    local file
    for file in out out.unsigned; do
        cmp -s now/$file before/$file || cmp -s now/$file after/$file ||
            finding "$file is neither the old nor the new one"
    done
    new=$((new + 1))
}

# At points spread over the calls of a run, before and after them, and over its time.
each_signal() { # NAME POINTS TEMPORARY VARIABLE COMMAND...
    local name=$1 points=$2 temporary=$3 variable=$4 least=0 calls number i old new kept timer=no
    shift 4
    [ "$points" -lt 200 ] || least=$points # short runs have fewer places than are asked for
    label="signals: $name: undisturbed"
    refresh
    run_tool "$variable" DISTURB_LOG="$here/log" "$@"
    [ "$status" -eq 0 ] || finding "exit status $status: $(cat stderr)"
    calls=$(cat log)
    rm -rf after
    mv now after
    [ $((2 * calls)) -gt "$points" ] && [ -z "$long" ] || points=$((2 * calls))
    [ "$points" -ge "$least" ] || finding "only $points points, expected $least"
    for number in 9 2 15; do
        [ $number -ne 15 ] || [ -n "$long" ] || points=$((points / 5 + 1)) # as SIGINT
        old=0
        new=0
        kept=0
        refresh
        for ((i = 0; i < points; i++)); do
            point=$((i * (2 * calls - 1) / (points - 1)))
            label="signals: $name: signal $number at call $((point / 2 + 1)) of $calls"
            run_tool "$variable" DISTURB_SIGNAL=$number DISTURB_AT=$((point / 2 + 1)) \
                DISTURB_AFTER=$((point % 2)) "$@"
            judge_signal
            restore
        done
        timer=yes
        for ((i = 1; i <= points / 10; i++)); do
            label="signals: $name: signal $number after $((i * 300 / points)) ms"
            run_tool "$variable" DISTURB_SIGNAL=$number timeout --preserve-status --foreground \
                -s $number "$(printf '0.%04d' $((i * 3000 / points)))" \
                env LD_PRELOAD="$work/disturb.so" "$@"
            judge_signal
            restore
        done
        timer=no
        printf '  %-14s signal %2d: %3d points, old %3d, new %3d, temporary left %3d\n' "$name" \
            $number $((points + points / 10)) $old $new $kept >> table
        both $old $new
    done
}

# As before; the large input is never written to.
restore() {
    if ! diff -r now before > /dev/null; then refresh; fi
}

group_signals() {
    mkdir before
    cp "$vectors/elf/m4.elf" large.elf
    truncate -s 6M large.elf
    each_signal sign_new 40 none DISTURB_NAMED=0 rproc-sign --key "$private" ../large.elf out
    each_signal key_new 40 none DISTURB_NAMED=0 rproc-key c-source "$public" --out out
    echo "the old output" > before/out
    each_signal sign 200 whole DISTURB_NAMED=0 rproc-sign --key "$private" ../large.elf out
    each_signal sign_named 200 named DISTURB_NAMED=1 rproc-sign --key "$private" ../large.elf out
    each_signal key_named 40 named DISTURB_NAMED=1 rproc-key c-source "$public" --out out
    cp "$vectors/elf/ns_aligned16.elf" aligned.elf
    truncate -s 6M aligned.elf
    # shellcheck disable=SC2086
    each_signal encrypt 40 whole DISTURB_NAMED=0 $encrypt ../aligned.elf out
    # shellcheck disable=SC2086
    each_signal encrypt_named 40 named DISTURB_NAMED=1 $encrypt ../aligned.elf out
    "$bin/rproc-sign" --key "$private" large.elf large.sig
    each_signal resign 60 whole DISTURB_NAMED=0 rproc-sign --resign --key "$keys/p256.pem" ../large.sig out
    each_signal resign_named 40 named DISTURB_NAMED=1 rproc-sign --resign --key "$keys/p256.pem" \
        ../large.sig out
    each_signal program 40 whole DISTURB_NAMED=0 rproc-sign --public-key "$public" \
        --signer "openssl dgst -sha256 -sign $private" ../large.elf out
    echo "the other old output" > before/out.unsigned
    each_signal tbs 60 pair DISTURB_NAMED=0 rproc-sign -q --public-key "$public" --tbs out ../large.elf
    each_signal tbs_named 60 pair DISTURB_NAMED=1 rproc-sign -q --public-key "$public" --tbs out ../large.elf
    rm before/out.unsigned
    every_signal
    ignored_signal
}

# Where there is a file with a name, whatever ends the process leaves none behind. Not so SIGKILL,
# and what reports an error of the process; some are for stopping, and two, without a name, libc's.
every_signal() {
    local number name ended=0 after point
    rm -rf before after
    mkdir before
    echo "the old output" > before/out
    for number in {1..64}; do
        name=$(kill -l "$number")
        [[ ! $name =~ ^(KILL|ABRT|BUS|FPE|ILL|SEGV|SYS|TRAP|STOP|TSTP|TTIN|TTOU|)$ ]] || continue
        for point in "40 0" "80 1"; do
            read -r point after <<< "$point"
            label="signals: $name in the middle of a run"
            refresh
            run_tool DISTURB_NAMED=1 DISTURB_SIGNAL="$number" DISTURB_AT="$point" \
                DISTURB_AFTER="$after" rproc-sign --key "$private" ../large.elf out
            [ "$(ls -A now)" = out ] || finding "in the folder: $(ls -A now)"
            if [[ $name =~ ^(CHLD|CONT|URG|WINCH|XFSZ)$ ]]; then # the tools ignore SIGXFSZ
                [ "$status" -eq 0 ] || finding "exit status $status: $(cat stderr)"
            else
                [ "$status" -eq $((128 + number)) ] || finding "exit status $status: $(cat stderr)"
                cmp -s now/out before/out || finding "the output was replaced"
                ended=$((ended + 1))
            fi
        done
    done
    [ "$ended" -ge 80 ] || finding "only $ended signals ended a run"
}

group_parts() {
    mkdir before
    cp "$vectors/expected/rsa2048_two_images.sig" in.sig
    each_signal extract_new 100 folder DISTURB_NAMED=0 rproc-dump --extract parts ../in.sig
    mkdir before/parts
    echo kept > before/parts/kept
    each_signal extract_into 60 folder_into DISTURB_NAMED=0 rproc-dump --extract parts ../in.sig
    each_signal extract_linked 60 folder_into DISTURB_NAMED=1 rproc-dump --extract parts ../in.sig
}

# nohup's users want the output; and a signal that waits for its reader is no reason to give up.
ignored_signal() {
    label="signals: an ignored SIGHUP"
    rm -rf before after
    mkdir before
    refresh
    run_tool "$BASH" -c 'trap "" HUP; exec "$@"' - env LD_PRELOAD="$work/disturb.so" \
        DISTURB_NAMED=1 DISTURB_SIGNAL=1 DISTURB_AT=80 \
        rproc-sign --key "$private" ../large.elf out
    [ "$status" -eq 0 ] || finding "exit status $status: $(cat stderr)"
    [ "$(ls -A now)" = out ] || finding "in the folder: $(ls -A now)"
}

# --- Two signers --------------------------------------------------------------------------------

group_pairs() {
    local rounds=${long:+1000} named i first second
    rounds=${rounds:-100}
    cp "$vectors/elf/m4.elf" .
    truncate -s 300k m4.elf
    "$bin/rproc-sign" -q --key "$keys/rsa2048.pem" m4.elf a
    "$bin/rproc-sign" -q --key "$keys/rsa4096.pem" m4.elf b
    for named in 0 1; do
        mkdir now
        look_always &
        for ((i = 0; i < rounds; i++)); do
            label="pairs: round $i, named $named"
            sign_into "$keys/rsa2048.pem" &
            first=$!
            sign_into "$keys/rsa4096.pem" &
            second=$!
            wait $first || finding "the first: $(cat stderr.*)"
            wait $second || finding "the second: $(cat stderr.*)"
            cmp -s now/out a || cmp -s now/out b || finding "the output is neither's"
            [ "$(ls -A now)" = out ] || finding "in the folder: $(ls -A now)"
            [ $((i % 4)) -ne 0 ] || rm now/out
            runs=$((runs + 2))
        done
        : > stop
        wait
        rm -r now stop
    done
    [ "$(cat seen)" -gt 20 ] || finding "nobody looked"
}

sign_into() { # KEY
    LD_PRELOAD=$work/disturb.so DISTURB_NAMED=$named \
        "$bin/rproc-sign" -q --key "$1" m4.elf now/out 2> "stderr.$BASHPID"
}

look_always() {
    local looks=0
    label="pairs: who looks meanwhile"
    until [ -e stop ]; do
        if cat now/out > look 2> /dev/null; then
            looks=$((looks + 1))
            cmp -s look a || cmp -s look b || finding "saw something else of $(stat -c %s look) bytes"
        fi
    done
    echo $looks > seen
}

# --- All ----------------------------------------------------------------------------------------

run_group() { # NAME
    local here=$work/$1 start=$SECONDS label
    mkdir "$here"
    cd "$here"
    : > bad
    : > table
    "group_$1"
    printf '%-8s %5d runs %4d s\n' "$1" $runs $((SECONDS - start)) > finished
}

can_mount=$ENVIRONMENT_MOUNTS
for group in "${chosen[@]}"; do
    [[ " ${groups[*]} " == *" $group "* ]] || fail "no group $group; there are ${groups[*]}"
    [ "$group" != full ] || [ "$can_mount" = yes ] || continue
    run_group "$group" &
done
wait
found=0
for group in "${chosen[@]}"; do
    [ "$group" != full ] || [ "$can_mount" = yes ] || continue
    cat "$work/$group/bad" >&2
    [ -e "$work/$group/finished" ] || fail "$group was not run to its end"
    cat "$work/$group/finished" "$work/$group/table"
    found=$((found + $(wc -l < "$work/$group/bad")))
done
[ "$found" -eq 0 ] || fail "$found lines of findings"
if [[ " ${chosen[*]} " == *" full "* ]] && [ "$can_mount" != yes ]; then
    echo "full: NOT TESTED: no file systems can be mounted, neither as root nor in a namespace" >&2
    exit 77
fi
