# SPDX-License-Identifier: BSD-2-Clause
# bash completion of rproc-sign (sign_rproc_fw), rproc-verify, rproc-dump and rproc-key.

# The names of containers in a manifest, as most are written: one below the other.
_rprocfw_names() { # MANIFEST
    awk '/^[^ #]/ { within = /^containers:/ }
        within && /^ +[A-Za-z0-9._-]+:/ {
            indent = match($0, /[^ ]/)
            if (!first)
                first = indent
            if (indent == first)
                print substr($1, 1, index($1, ":") - 1)
        }' "$1" 2>/dev/null
}

_rprocfw() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local options i subcommands='' manifest=''

    # bash takes --option=value and env:NAME apart
    if [[ $current == [=:] ]]; then
        current=
    elif [[ $previous == [=:] ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} != --manifest ]] || manifest=${COMP_WORDS[i + 1]}
        [[ $manifest != = ]] || manifest=${COMP_WORDS[i + 2]}
    done

    case ${1##*/} in
    rproc-sign | sign_rproc_fw)
        options="--key --passphrase --provider --propquery --engine --key_pwd --key_type --key_info --in --out --plat-tlv
            --plat-tlv-file --plat-tlv-hex --layout --strip --loadable-only --enc_key --enc-pad
            --enc-deterministic --board --linux-dtb --rproc-node --preflight --any-machine --random-nonce --no-sync --dry-run
            --public-key --tbs --attach --signer --signer-timeout --digest --resign
            --extract-signature --der --replace-signature --manifest --jobs --fail-fast --if-changed --depfile
            --report --sarif --verbose --quiet --help --version"
        ;;
    rproc-verify)
        options="--key --passphrase --provider --propquery --engine --no-signature --enc_key --original --board --linux-dtb --rproc-node --strict --list-boards --explain --manifest --coverage --map --format --verbose --quiet --help --version"
        ;;
    rproc-dump)
        options="--coverage --map --board --rproc-node --format --extract --as-manifest --help --version"
        ;;
    rproc-key)
        options="--expect --passphrase --provider --propquery --engine --help --version"
        case $COMP_CWORD/${COMP_WORDS[1]} in
        1/*)
            options="--help --version"
            subcommands="show public pkeyinfo c-source match"
            ;;
        */show) options+=" --format" ;;
        */public) options+=" --format --der --out" ;;
        */pkeyinfo) options+=" --out" ;;
        */c-source) options+=" --style --name --prefix --out" ;;
        */match) options="${options#--expect } --otp --format" ;;
        esac
        ;;
    esac

    case $previous in
    --board)
        mapfile -t COMPREPLY < <(compgen -f -W "$(rproc-verify --list-boards 2>/dev/null | cut -d ' ' -f 1)" -- "$current")
        ;;
    -h | --help)
        local topics=
        case ${1##*/} in
        rproc-sign | sign_rproc_fw) topics="keys elsewhere tlvs images boards manifests containers output all" ;;
        rproc-verify) topics="keys encryption boards manifests output all" ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$topics" -- "$current")
        ;;
    --preflight) mapfile -t COMPREPLY < <(compgen -W "warn off strict" -- "$current") ;;
    --key_type) mapfile -t COMPREPLY < <(compgen -W "RSA ECC" -- "$current") ;;
    --key_info) mapfile -t COMPREPLY < <(compgen -W spki -f -- "$current") ;;
    --expect) mapfile -t COMPREPLY < <(compgen -W "public private" -- "$current") ;;
    --style) mapfile -t COMPREPLY < <(compgen -W "rprocfw optee" -- "$current") ;;
    --layout) mapfile -t COMPREPLY < <(compgen -W "optee st" -- "$current") ;;
    --plat-tlv*) mapfile -t COMPREPLY < <(compgen -W "BOOTADDR BOOTSEC" -- "$current") ;;
    --passphrase)
        mapfile -t COMPREPLY < <(compgen -W "env: file: fd: stdin prompt" -- "$current")
        compopt +o filenames # no backslash before ':'
        [[ ${COMPREPLY[*]} != *: ]] || compopt -o nospace
        ;;
    env) mapfile -t COMPREPLY < <(compgen -e -- "$current") ;;
    --provider) mapfile -t COMPREPLY < <(compgen -W "tpm2" -- "$current") ;;
    --engine) mapfile -t COMPREPLY < <(compgen -W "pkcs11" -- "$current") ;;
    --format)
        if [[ ${1##*/} == rproc-dump ]]; then
            mapfile -t COMPREPLY < <(compgen -W "text json lines yaml" -- "$current")
        elif [[ ${1##*/} == rproc-verify ]]; then
            mapfile -t COMPREPLY < <(compgen -W "text json lines sarif yaml" -- "$current")
        elif [[ ${COMP_WORDS[1]} == public ]]; then
            mapfile -t COMPREPLY < <(compgen -W "pem der" -- "$current")
        else
            mapfile -t COMPREPLY < <(compgen -W "text json lines" -- "$current")
        fi
        ;;
    --manifest | --depfile | --report | --sarif) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    -x | --extract) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    *)
        if [[ $current == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        elif [[ $subcommands ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$subcommands" -- "$current")
        elif [[ $manifest ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(_rprocfw_names "$manifest")" -- "$current")
        else
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
        fi
        ;;
    esac
}

complete -o filenames -F _rprocfw rproc-sign sign_rproc_fw rproc-verify rproc-dump rproc-key
