#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317 # jobs call its functions by name
# Frama-C's EVA over core, by the drivers beside this script: any bytes, any answers, no alarm. Then
# the same over copies of core that are wrong by one: there must be an alarm. All functions of core must
# have been reached, and all statements but those that coverage.py knows.
#
# usage: tests/proof/run.sh
# With RPROCFW_LONG=1 also driver_load, more containers, more copies. Prints, for each analysis:
# alarms, and the seconds of a processor that it took. JOBS: analyses at a time, by default one a
# processor. Needs frama-c (Debian: frama-c-base).
# Exit status: 0 all as it should be, 1 something is not, 2 there is no frama-c.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 2
tree=$(cd -- "$here/../.." && pwd -P) || exit 2
command -v frama-c > /dev/null || { echo "run.sh: no frama-c; install frama-c-base" >&2; exit 2; }

# What every driver takes. Splits that a driver asks for hold in what it calls.
common=(-machdep gcc_x86_64 -c11 -eva -eva-interprocedural-splits -eva-precision 1
    -eva-widening-delay 4 -eva-print-callstacks -metrics -metrics-eva-cover)
# Frama-C 25 has no _Alignof.
cpp="-D_Alignof=__alignof__"

with() { # VALUE FUNCTION...
    local value=$1 list
    shift
    printf -v list "%s:$value," "$@"
    echo "${list%,}"
}

# What answers with a status or a bool.
outcomes=(absent any_answer any_status find_rsc finish image_sizes image_types is_rsc_name judge_content judge_ehdr
    judge_files judge_image judge_phdr judge_place judge_segment judge_type judge_zero_fill load
    need need_byte once_each once_each_of overlap place platform_tlvs read_shdr
    rprocfw_authenticate rprocfw_copy_metadata rprocfw_da_to_pa rprocfw_find rprocfw_header_check
    rprocfw_judge rprocfw_judge_images rprocfw_judge_memory rprocfw_judge_records
    rprocfw_judge_rsc_table rprocfw_judge_sections rprocfw_judge_values rprocfw_read_image
    rprocfw_tlv_next rprocfw_verdict on_da_to_pa on_load on_load_end on_platform_tlv on_read
    on_read_loaded on_verify_signature on_zero rprocfw_verify_begin rprocfw_verify_finish set_table)
# Where what was answered goes from function to function, and each answer has its own state.
verdicts=(finish judge_content judge_phdr load rprocfw_authenticate rprocfw_copy_metadata
    rprocfw_header_check rprocfw_judge rprocfw_judge_rsc_table rprocfw_judge_values rprocfw_verdict
    rprocfw_verify_begin rprocfw_verify_finish)
# The same of rproc.c.
life=(change clear load_0 load_again load_any load_clean rprocfw_rproc_load rprocfw_rproc_release
    rprocfw_rproc_rsc_table rprocfw_rproc_start rprocfw_rproc_stop)

all=(verify.c header.c decode.c tlv.c values.c signature.c images.c sections.c memory.c)

# The records of a container, TYPE/LENGTH each, for container.h.
shape() { # IMAGES ENTRIES WORK TYPE/LENGTH...
    local record tlv_len=0 records=''
    printf '#define IMAGES %su\n#define ENTRIES %su\n#define WORK %s\n' "$1" "$2" "$3"
    shift 3
    for record in "$@"; do
        records+="{${record%/*}u, ${record#*/}u}, "
        ((tlv_len += 8 + (${record#*/} + 7) / 8 * 8))
    done
    printf '#define RECORDS %s\n#define TLV_LEN %su\n#define SIGN_LEN 64u\n' \
        "$records" "$tlv_len"
}

# FOLDER NAME [ARGUMENT...]: sets $files, of core, $options, and $defines. FOLDER is for headers.
driver() {
    local folder=$1 name=$2
    shift 2
    defines=$cpp
    # Failure and success are states of their own until the caller has looked.
    options=(-eva-domains 'equality,symbolic-locations' -eva-slevel 0
        -eva-split-return auto -eva-split-limit 300)
    case $name in
    tlv) # BOUND
        files=(tlv.c)
        defines+=" -DBOUND=${1}u"
        options=(-eva-split-return full -eva-slevel 20)
        ;;
    decode) files=(decode.c) ;;
    explain)
        files=("${all[@]}" explain.c status.c tee_result.c)
        options+=(-eva-slevel-function "$(with 60 explain_value)")
        ;;
    unsigned) # TLV_LEN SIGN_LEN
        files=("${all[@]}")
        options+=(-eva-partition-history 1
            -eva-split-return-function "$(with 0 any_status begin read need need_byte rprocfw_find \
                rprocfw_verify_begin rprocfw_header_check rprocfw_copy_metadata \
                rprocfw_judge_records rprocfw_tlv_next)"
            -eva-slevel-function "$(with 500 main begin read rprocfw_verify_begin \
                rprocfw_header_check rprocfw_inside proof_inside rprocfw_add rprocfw_align)")
        defines+=" -DTLV_LEN=${1}u -DSIGN_LEN=${2}u -include $here/split.h"
        ;;
    verify | load | life) # as shape
        local asked=("${outcomes[@]}") kept=("${verdicts[@]}")
        files=("${all[@]}")
        if [ "$name" != verify ]; then
            files+=(rproc.c)
            asked+=("${life[@]}")
            kept+=("${life[@]}")
        fi
        # EVA takes what is volatile for anything; here nobody else writes to it.
        [ "$name" = life ] && kept+=(rsc_table) defines+=" -Dvolatile="
        options+=(-eva-split-return-function "$(with 0 "${asked[@]}")"
            -eva-slevel-function "$(with 60 "${kept[@]}")")
        shape "$@" > "$folder/shape.h"
        defines+=" -include $folder/shape.h"
        ;;
    esac
}

# FOLDER UNTIL NAME [ARGUMENT...]: analyses the driver with FOLDER/core, log and headers to FOLDER; UNTIL
# "alarm" to the first one only. Sets $done, whether it came to its end, and $seconds, of a processor.
analyse() {
    local folder=$1 log=$1/log until=$2 TIMEFORMAT=%0U
    shift 2
    driver "$folder" "$@"
    {
        time {
            : > "$log"
            timeout 3600 frama-c "${common[@]}" "${options[@]}" \
                -cpp-extra-args="-I$tree/include -I$folder/core -I$here $defines" \
                "$here/driver_$1.c" "${files[@]/#/$folder/core/}" > "$log" 2>&1 &
            while [ "$until" = alarm ] && kill -0 $! 2> /dev/null; do
                grep -q '^\[eva:alarm\]' "$log" && kill $!
                sleep 0.5
            done
            wait $! && done=yes || done=no
        }
    } 2> "$folder/seconds"
    seconds=$(cat -- "$folder/seconds")
}

# Core in FOLDER/core, without its contracts: they are wp.sh's to prove, EVA would count what it does
# not know of them as alarms, and a plant is to change code.
copy_core() { # FOLDER
    cp -R -- "$tree/src/core" "$1/core" &&
        sed -i '\|/\*@.*\*/|d; \|/\*@|,\|\*/|d; s|//@.*||' "$1"/core/*.[ch]
}

proves() { # FOLDER NAME [ARGUMENT...]
    local folder=$1 log=$1/log alarms=none
    shift
    copy_core "$folder" || return 1
    analyse "$folder" end "$@"
    if [ "$done" = yes ]; then
        # EVA's own count is without the drivers' checks, which are among its messages.
        alarms=$(sed -n 's/^ *\([0-9]\{1,\}\) alarms\{0,1\} generated by the analysis.*/\1/p' "$log")
        [ "$alarms" = 0 ] && alarms=$(grep -c '^\[eva:alarm\]' "$log")
        # Code that the analysis never came to has no alarms either.
        grep -q '^\[eva\] done for function main' "$log" || alarms=none
        [ "$alarms" = 0 ] && grep -q 'NON TERMINATING' "$log" && alarms=none
    fi
    echo "driver_$*: alarms: ${alarms:=none}; $seconds s"
    [ "$alarms" = 0 ] && return
    grep -A3 'eva:alarm\|User Error\|syntax error' "$log" || tail -n 20 "$log"
    echo "FAILED: driver_$*: $alarms alarms (none: the analysis was not done)"
    return 1
}

# FOLDER FILE FROM TO NAME [ARGUMENT...]: with TO for FROM in a copy of core's FILE there is an
# alarm.
finds() {
    local folder=$1 file=$2 was=$3 becomes=$4
    shift 4
    copy_core "$folder" || return 1
    python3 "$tree/tests/plant.py" "$folder/core/$file" "$was" "$becomes" ||
        { echo "FAILED: $file"; return 1; }
    analyse "$folder" alarm "$@"
    if grep -q '^\[eva:alarm\]' "$folder/log"; then
        echo "driver_$*, $file with \"$becomes\" for \"$was\": an alarm; $seconds s"
    else
        echo "FAILED: driver_$* does not see $file with \"$becomes\" for \"$was\"; $seconds s"
        return 1
    fi
}

# As a job of this script itself: FOLDER, and what to do there.
if [ "${1:-}" = job ]; then
    folder=$2
    mapfile -t what < "$folder/what"
    "${what[0]}" "$folder" "${what[@]:1}" > "$folder/out" || touch "$folder/failed"
    cat "$folder/out"
    exit 0
fi

work=$(mktemp -d) || exit 2
trap 'rm -rf -- "$work"' EXIT
long=${RPROCFW_LONG:-}
count=0
add() { # proves|finds ...
    local folder
    printf -v folder '%s/%03d' "$work" "$((count++))"
    mkdir -- "$folder" || exit 2
    printf '%s\n' "$@" > "$folder/what"
}

over='size <= limit - offset'
add proves tlv 64
add finds checked.h "$over" "$over + 1" tlv 16
add finds tlv.c 'pad < iter->next' 'pad <= iter->next' tlv 16
add finds tlv.c 'value = iter->next + RPROCFW_TLV_HEADER_SIZE;' 'value = iter->next + 7;' tlv 16

add proves decode
add finds decode.c 'phdr->align = rprocfw_le32(bytes + 28)' 'phdr->align = rprocfw_le32(bytes + 29)' decode

# Lengths for driver_unsigned, tlv_len and sign_len in bytes: up to 24 bytes of TLVs (in the short run one
# of three), and some above, in the long run up to what a container of one image and one segment needs.
add finds values.c 'i < v->layout.payload' 'i <= v->layout.payload' unsigned 24 5
add finds signature.c 'v->layout.payload - RPROCFW_HEADER_SIZE)' 'v->layout.payload)' unsigned 24 5
add finds signature.c '.size = v->layout.signature,' '.size = v->layout.payload + 1,' unsigned 24 5
every=3
[ -z "$long" ] || every=1
for ((i = 1; i <= 24; i += every)); do
    add proves unsigned "$i" "$((i % 9 + 1))"
done
for pair in '31 1' '33 7' '48 8' '61 5' '64 64' ${long:+'152 64'}; do
    read -r tlv_len sign_len <<< "$pair"
    add proves unsigned "$tlv_len" "$sign_len"
done

# Containers for the other drivers: images, entries, work buffer, records. Orders as OP-TEE's and ST's
# scripts write them.
records=(1/1 3/1 4/1 5/4 2/1 16/64 65537/4)
plain=(1 1 WORK_NEEDED "${records[@]}")
small=(1 1 WORK_NEEDED-8 "${records[@]}") # no room for the last range, whose last 4 bytes are padding
three=(2 3 WORK_NEEDED 1/1 3/1 4/2 5/8 2/1 16/192 17/3 65537/4)
encrypted=(2 3 WORK_NEEDED 1/1 6/1 18/240 3/1 4/2 5/8 2/1 17/3)
if [ -n "$long" ]; then
    add proves load "${small[@]}"
    add proves verify "${three[@]}"
    add proves life "${plain[@]}"
fi
add proves verify "${encrypted[@]}"
add proves verify "${plain[@]}"
add proves explain
add proves life "${small[@]}"
add proves verify "${small[@]}"
add proves verify 1 1 PAYLOAD-1 "${records[@]}" # no room for the metadata
# One thing twice, missing, of a wrong length, or beside what it does not go with.
add proves verify 1 1 WORK_NEEDED 1/1 3/1 1/1
add proves verify 1 1 WORK_NEEDED 1/1 2/1 3/1 4/1 17/0 131072/3
add proves verify 1 1 WORK_NEEDED 1/1 2/1 3/1 4/1 5/4 16/65 33/1
add proves verify 1 1 WORK_NEEDED 1/1 2/1 3/1 4/1 5/4 18/80

add finds images.c 'v->entry == v->entries ||' 'v->entry > v->entries ||' verify "${small[@]}"
add finds sections.c 'memcmp(v->bytes, RPROCFW_RSC_NAME, size)' \
    'memcmp(v->bytes, RPROCFW_RSC_NAME, size + 1)' verify "${small[@]}"
add finds memory.c 'k <= count; k++' 'k <= count + 1; k++' verify "${plain[@]}"
add finds memory.c '(v->entries + 1) *' '(v->entries) *' verify "${small[@]}"
# What is done too early, or in spite of a failure.
add finds values.c 'v->authentic != RPROCFW_AUTHENTIC' '0' verify "${small[@]}"
add finds images.c 'status != RPROCFW_OK || segment->rsc_offset' \
    'status != RPROCFW_OK && segment->rsc_offset' verify "${small[@]}"
add finds images.c 'status = platform->load(v->ctx, segment);' 'status = RPROCFW_OK;' \
    verify "${small[@]}"
[ -n "$long" ] && add finds verify.c 'status = v->platform->load_end(v->ctx);' \
    'status = rprocfw_judge_values(v);' verify "${small[@]}"

add finds rproc.c 'rprocs->used < rprocs->count' 'rprocs->used <= rprocs->count' life "${small[@]}"
if [ -n "$long" ]; then
    add finds rproc.c '(void)clear(rprocs, rproc);' ';' life "${small[@]}"
    add finds rproc.c 'i < rprocs->used' 'i <= rprocs->used' life "${small[@]}"
    add finds rproc.c 'i < rprocs->used' 'i <= rprocs->used' load "${small[@]}"
    add finds rproc.c 'state != from || state_of(rproc) != from' '0' life "${small[@]}"
    add finds rproc.c 'if (rproc->released != RPROCFW_OK)' 'if (0)' life "${small[@]}"
    add finds rproc.c 'if (rproc->state == RPROCFW_RPROC_STARTED)' 'if (0)' life "${small[@]}"
    add finds rproc.c 'if (rproc->state == RPROCFW_RPROC_LOADED)' 'if (0)' life "${small[@]}"
    add finds rproc.c 'if (rproc->state == RPROCFW_RPROC_OFF)' 'if (0)' life "${small[@]}"
    add finds rproc.c 'rproc->state == RPROCFW_RPROC_STARTED ?' '0 ?' life "${small[@]}"
fi

add finds explain.c 'sizeof(known) / sizeof(known[0]) - 1]' 'sizeof(known) / sizeof(known[0])]' explain
add finds explain.c 'while (i < v->layout.payload' 'while (i <= v->layout.payload' explain
add finds tee_result.c 'results[result_of(status)]' 'results[result_of(status) + 1]' explain
[ -n "$long" ] && add finds explain.c '(sizes && v->images == 0)' '0' explain

cat << 'BOUNDS'
Within these bounds, all bytes and all answers:
  driver_tlv       most bytes of TLVs
  driver_decode    no others: numbers and headers have their sizes
  driver_unsigned  bytes of TLVs, bytes of signature; the signature is not good
  driver_verify    most images, most entries, work buffer, TLVs (type/length) with any values; the
                   signature may be good; any number of program headers and section headers
  driver_life      the same; any number of calls in any order, for one remote processor
  driver_load      the same, for up to 2 of them, with RPROCFW_LONG=1
  driver_explain   any status, any state of a verifier, up to 8 bytes of a TLV's value
BOUNDS
printf '%s\n' "$work"/??? | xargs -P "${JOBS:-$(nproc)}" -I '{}' "$0" job '{}'
failed=0
for folder in "$work"/???; do
    [ ! -f "$folder/out" ] || [ -f "$folder/failed" ] && failed=1
done

# Statements of core that no driver came to. The same name may be several functions, told by their
# number of statements; those of the headers are there once for each file, _0, _1.
logs=()
for folder in "$work"/???; do
    [ "$(head -n 1 "$folder/what")" = proves ] && logs+=("$folder/log")
done
python3 "$here/coverage.py" "$tree/src/core" "${logs[@]}" || failed=1
exit "$failed"
