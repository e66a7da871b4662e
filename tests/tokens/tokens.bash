# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Tokens for tests: SoftHSM, and a TPM in software. To be sourced.

# token_start FOLDER [PIN]: a token "rproc test" in there, for this shell's programs; its PIN is 1234.
token_start() {
    export SOFTHSM2_CONF=$1/softhsm2.conf PKCS11_MODULE_PATH=/usr/lib/softhsm/libsofthsm2.so
    mkdir "$1/tokens"
    echo "directories.tokendir = $1/tokens" > "$SOFTHSM2_CONF"
    softhsm2-util --init-token --free --label "rproc test" --pin "${2:-1234}" --so-pin 123456
}

# token_import KEY LABEL ID [TOKEN PIN]: puts a key from a file there.
token_import() {
    openssl pkcs8 -topk8 -nocrypt -in "$1" -out "${SOFTHSM2_CONF%/*}/p8"
    softhsm2-util --import "${SOFTHSM2_CONF%/*}/p8" --token "${4:-rproc test}" --label "$2" --id "$3" \
        --pin "${5:-1234}"
}

# tpm_start FOLDER: a TPM whose state is there, for this shell's programs. To be stopped.
tpm_start() {
    export TPM2TOOLS_TCTI=swtpm:path=$1/s TPM2OPENSSL_TCTI=swtpm:path=$1/s
    mkdir "$1/tpm"
    swtpm socket --tpm2 --tpmstate "dir=$1/tpm" --server "type=unixio,path=$1/s" \
        --ctrl "type=unixio,path=$1/s.ctrl" --flags not-need-init,startup-clear --daemon \
        --pid "file=$1/pid"
    tpm2_createprimary -Q -C o -G ecc -c "$1/primary"
}

tpm_stop() { # FOLDER
    [ ! -e "$1/pid" ] || kill "$(cat "$1/pid")"
}

# tpm_key FOLDER HANDLE ARGUMENT...: makes a key there, which does not lock unless $locks is set.
tpm_key() {
    tpm2_create -Q -C "$1/primary" -u "$1/public" -r "$1/private" "${@:3}" \
        -a "sign|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth${locks:-|noda}"
    tpm2_flushcontext -t
    tpm2_load -Q -C "$1/primary" -u "$1/public" -r "$1/private" -c "$1/key"
    tpm2_evictcontrol -Q -C o -c "$1/key" "$2"
    tpm2_flushcontext -t
    rm "$1/key"
}
