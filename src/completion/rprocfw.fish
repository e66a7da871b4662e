# SPDX-License-Identifier: BSD-2-Clause
# fish completion of rproc-sign (sign_rproc_fw), rproc-verify, rproc-dump and rproc-key.

# Behind env: names of variables, behind file: files.
function __rprocfw_passphrase
    switch (commandline -ct)
        case '*env:*'
            printf 'env:%s\n' (set --names --export)
        case '*file:*'
            printf 'file:%s\n' (__fish_complete_path (string replace -r '.*file:' '' -- (commandline -ct)) | string replace -r '\t.*' '')
        case '*'
            printf '%s\n' env: file: fd: stdin prompt
    end
end

function __rprocfw_boards
    rproc-verify --list-boards 2>/dev/null | string replace -r '\s+' '\t'
end

# The manifest on the command line.
function __rprocfw_manifest
    string match -rg -- '--manifest[ =](\S+)' (string join ' ' -- (commandline -opc))
end

# The names of its containers, as most are written: one below the other.
function __rprocfw_names
    awk '/^[^ #]/ { within = /^containers:/ }
        within && /^ +[A-Za-z0-9._-]+:/ {
            indent = match($0, /[^ ]/)
            if (!first)
                first = indent
            if (indent == first)
                print substr($1, 1, index($1, ":") - 1)
        }' (__rprocfw_manifest) 2>/dev/null
end

function __rprocfw_no_subcommand
    not __fish_seen_subcommand_from show public pkeyinfo c-source match
end

# What opens keys; behind the tool's name a condition.
function __rprocfw_key_options
    complete -c $argv -l passphrase -x -a '(__rprocfw_passphrase)' -d 'where the passphrase or PIN comes from'
    complete -c $argv -l provider -x -a tpm2 -d 'provider of OpenSSL that opens keys'
    complete -c $argv -l propquery -x -d 'which algorithms of the providers are used'
    complete -c $argv -l engine -x -a pkcs11 -d 'engine of OpenSSL that opens keys of tokens'
end

for tool in rproc-sign sign_rproc_fw
    complete -c $tool -s h -l help -x -a 'keys elsewhere tlvs images boards manifests containers output all' -d 'show the help'
end
complete -c rproc-verify -s h -l help -x -a 'keys encryption boards manifests output all' -d 'show the help'
for tool in rproc-dump rproc-key
    complete -c $tool -s h -l help -d 'show the help'
end

for tool in rproc-sign sign_rproc_fw rproc-verify rproc-dump rproc-key
    complete -c $tool -s V -l version -d 'show the version'
end

for tool in rproc-sign sign_rproc_fw
    __rprocfw_key_options $tool
    complete -c $tool -s k -l key -r -d 'private key'
    complete -c $tool -l key_pwd -x -d 'the passphrase itself'
    complete -c $tool -l key_type -x -a 'RSA ECC' -d 'confirm the kind of the key'
    complete -c $tool -l key_info -r -a spki -d 'the TLV PKEYINFO'
    complete -c $tool -l in -r -d 'an image'
    complete -c $tool -s o -l out -r -d 'the container'
    complete -c $tool -l plat-tlv -x -a 'BOOTADDR BOOTSEC' -d 'platform TLV: number or text'
    complete -c $tool -l plat-tlv-file -x -a 'BOOTADDR BOOTSEC' -d 'platform TLV: the bytes of a file'
    complete -c $tool -l plat-tlv-hex -x -a 'BOOTADDR BOOTSEC' -d 'platform TLV: these bytes'
    complete -c $tool -l layout -x -a 'optee st' -d 'order of the TLVs'
    complete -c $tool -l enc_key -r -d 'encrypt with this AES-256 key'
    complete -c $tool -l enc-pad -d 'append zero bytes to segments that end within a block'
    complete -c $tool -l enc-deterministic -d 'IVs that are the same each time'
    complete -c $tool -l strip -d 'without debug sections and symbols'
    complete -c $tool -l loadable-only -d 'without program headers that boards stumble over'
    complete -c $tool -l board -r -a '(__rprocfw_boards)' -d 'sign only what this board would load'
    complete -c $tool -l rproc-node -x -d 'with a blob: the node of the remote processor'
    complete -c $tool -l linux-dtb -r -d "the device tree blob of the board's Linux"
    complete -c $tool -l preflight -x -a 'warn off strict' -d 'what a board would not load'
    complete -c $tool -l any-machine -d 'accept ELF files that are not for ARM'
    complete -c $tool -l random-nonce -d 'ECDSA: another signature each time'
    complete -c $tool -l no-sync -d 'do not wait for the disk'
    complete -c $tool -s n -l dry-run -d 'do all but the writing'
    complete -c $tool -s v -l verbose -d 'say each step'
    complete -c $tool -s q -l quiet -d 'say errors only'
    complete -c $tool -l public-key -r -d 'the public key, or a certificate'
    complete -c $tool -l tbs -r -d 'write what is to be signed'
    complete -c $tool -l attach -r -d 'put this signature into an unsigned container'
    complete -c $tool -l signer -x -a '(__fish_complete_command)' -d 'program that signs'
    complete -c $tool -l signer-timeout -x -d 'end it after so many seconds'
    complete -c $tool -l digest -d 'give the SHA-256 to be signed only'
    complete -c $tool -l resign -d 'sign a container with another key'
    complete -c $tool -l extract-signature -d 'write the signature of a container'
    complete -c $tool -l der -d 'ECDSA: DER in place of r and s'
    complete -c $tool -l replace-signature -r -d 'put this signature into a signed container'
    complete -c $tool -l manifest -r -d 'sign the containers of this file'
    complete -c $tool -n __rprocfw_manifest -f -a '(__rprocfw_names)'
    complete -c $tool -l jobs -x -d 'so many at a time'
    complete -c $tool -l fail-fast -d 'begin no other after one failed'
    complete -c $tool -l if-changed -d 'leave an output alone that is what would be written'
    complete -c $tool -l depfile -r -d 'write what the output was made of'
    complete -c $tool -l report -r -d 'write what was signed, in JSON'
    complete -c $tool -l sarif -r -d 'write what was found, in SARIF'
end

__rprocfw_key_options rproc-verify
complete -c rproc-verify -s k -l key -r -d 'a key that may have signed'
complete -c rproc-verify -l no-signature -d 'check all but the signature'
complete -c rproc-verify -l enc_key -r -d 'AES-256 key of encrypted images'
complete -c rproc-verify -l original -r -d 'the ELF file that an image must be'
complete -c rproc-verify -l board -r -a '(__rprocfw_boards)' -d 'the board that is to load it'
complete -c rproc-verify -l linux-dtb -r -d "the device tree blob of the board's Linux"
complete -c rproc-verify -l rproc-node -x -d 'with a blob: the node of the remote processor'
complete -c rproc-verify -l strict -d 'refuse what would load, but not run'
complete -c rproc-verify -l list-boards -d 'the boards that are known'
complete -c rproc-verify -l explain -x -d 'what it means when a board says this'
complete -c rproc-verify -l coverage -d 'list every range, and what authenticates it'
complete -c rproc-verify -l map -r -d 'write a picture of file and memory'
complete -c rproc-verify -l manifest -r -d 'judge the outputs of this file'
complete -c rproc-verify -n __rprocfw_manifest -f -a '(__rprocfw_names)'
complete -c rproc-verify -l format -x -a 'text json lines sarif yaml' -d 'what to print'
complete -c rproc-verify -s v -l verbose -d 'list segments and what is not signed'
complete -c rproc-verify -s q -l quiet -d 'print nothing of accepted files'

complete -c rproc-dump -l format -x -a 'text json lines yaml' -d 'what to print'
complete -c rproc-dump -l coverage -d 'list every range, and what authenticates it'
complete -c rproc-dump -l map -r -d 'write a picture of file and memory'
complete -c rproc-dump -l board -r -a '(__rprocfw_boards)' -d 'the memory of this board'
complete -c rproc-dump -l rproc-node -x -d 'with a blob: the node of the remote processor'
complete -c rproc-dump -l as-manifest -d 'print the manifest that makes the file again'
complete -c rproc-dump -s x -l extract -x -a '(__fish_complete_directories)' -d 'write the parts to this folder'

complete -c rproc-key -n __rprocfw_no_subcommand -f
complete -c rproc-key -n __rprocfw_no_subcommand -a show -d 'what a key is'
complete -c rproc-key -n __rprocfw_no_subcommand -a public -d 'its public half'
complete -c rproc-key -n __rprocfw_no_subcommand -a pkeyinfo -d 'for the TLV PKEYINFO'
complete -c rproc-key -n __rprocfw_no_subcommand -a c-source -d 'as C source'
complete -c rproc-key -n __rprocfw_no_subcommand -a match -d 'which of several keys it is'
__rprocfw_key_options rproc-key -n 'not __rprocfw_no_subcommand'
set -l one '__fish_seen_subcommand_from show public pkeyinfo c-source'
complete -c rproc-key -n $one -l expect -x -a 'public private' -d 'refuse a key that is not this half'
set -l written '__fish_seen_subcommand_from public pkeyinfo c-source'
complete -c rproc-key -n $written -s o -l out -r -d 'write to this file'
complete -c rproc-key -n '__fish_seen_subcommand_from show match' -l format -x -a 'text json lines' -d 'what to print'
complete -c rproc-key -n '__fish_seen_subcommand_from public' -l format -x -a 'pem der' -d 'the form'
complete -c rproc-key -n '__fish_seen_subcommand_from public' -l der -d 'the same as --format der'
complete -c rproc-key -n '__fish_seen_subcommand_from c-source' -l style -x -a 'rprocfw optee' -d 'which constants'
complete -c rproc-key -n '__fish_seen_subcommand_from c-source' -l name -x -d 'name of the constant'
complete -c rproc-key -n '__fish_seen_subcommand_from c-source' -l prefix -x -d "start of OP-TEE's names"
complete -c rproc-key -n '__fish_seen_subcommand_from match' -l otp -x -d "a hash from the OTP of ST's boards"
