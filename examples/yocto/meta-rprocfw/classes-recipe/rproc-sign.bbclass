# SPDX-License-Identifier: BSD-2-Clause
# Signs what a recipe builds for a remote processor, between do_compile and do_install. What cannot be signed fails
# the build.
#
#   inherit rproc-sign
#   RPROC_SIGN_CONTAINERS = "cm33.sig:zephyr/zephyr.elf,tfm_s.elf"
#
# The variables of keys have the names that ST's layers use, so that one local.conf serves both.

# "1": sign. Otherwise this class does nothing.
SIGN_COPRO_ENABLE ??= "0"
# Which key signs: one of the two is "1".
SIGN_COPRO_ECC ??= "1"
SIGN_COPRO_RSA ??= "0"
# The private key: a file, searched in BBPATH unless it is absolute, or a URI.
SIGN_COPRO_ECC_PRIVKEY ??= ""
SIGN_COPRO_RSA_PRIVKEY ??= ""
# What becomes the TLV PKEYINFO: a file, or "spki": what ST's boards want, made from the key.
SIGN_COPRO_ECC_INFOKEY ??= ""
SIGN_COPRO_RSA_INFOKEY ??= ""
# The passphrase of the private key, or the PIN. It comes to rproc-sign through a pipe: it is on no command line, in
# no task's log, and in no script that BitBake writes; but BitBake's event log has all of the configuration.
SIGN_COPRO_ECC_PASS ??= ""
SIGN_COPRO_RSA_PASS ??= ""
# In its place: where it is, file:PATH.
RPROC_SIGN_PASSPHRASE ??= ""
# "1": encrypt, with the AES-256 key of this file.
ENCRYPT_COPRO_ENABLE ??= "0"
ENCRYPT_COPRO_KEY ??= ""

# Pairs CONTAINER:ELF[,ELF...]; by ST's convention the non-secure image comes first.
RPROC_SIGN_CONTAINERS ??= ""
# In its place, for many: a manifest, absolute or searched in BBPATH. It says all else itself; ${RPROC_SIGN_INPUT_DIR},
# ${RPROC_SIGN_OUTPUT_DIR} and, the private key above, ${RPROC_SIGN_KEY} are there for its env.
RPROC_SIGN_MANIFEST ??= ""
RPROC_SIGN_INPUT_DIR ??= "${B}"
RPROC_SIGN_OUTPUT_DIR ??= "${WORKDIR}/rproc-signed"
RPROC_SIGN_INSTALL_DIR ??= "${nonarch_base_libdir}/firmware"
# What the board would not load fails the build: a name of rproc-verify --list-boards, or a file.
RPROC_SIGN_BOARD ??= ""
RPROC_SIGN_LAYOUT ??= "st"
# What else rproc-sign(1) has.
RPROC_SIGN_OPTIONS ??= ""
RPROC_SIGN_TOOL ??= "${STAGING_BINDIR_NATIVE}/rproc-sign"

DEPENDS += "${@'rprocfw-native' if d.getVar('SIGN_COPRO_ENABLE') == '1' else ''}"

def rproc_sign_path(d, value):
    """A file of the configuration: absolute, or found in BBPATH; a URI or a name stays."""
    import re
    if os.path.isabs(value) or re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", value):
        return value
    return bb.utils.which(d.getVar("BBPATH"), value) or value

def rproc_sign_key(d):
    """The kind of the key, and where it is."""
    kinds = [kind for kind in ("ECC", "RSA") if d.getVar("SIGN_COPRO_" + kind) == "1"]
    if len(kinds) != 1:
        bb.fatal("rproc-sign: one of SIGN_COPRO_ECC and SIGN_COPRO_RSA must be '1', the other '0'")
    prefix = "SIGN_COPRO_" + kinds[0]
    key = d.getVar(prefix + "_PRIVKEY")
    if not key:
        bb.fatal("rproc-sign: %s_PRIVKEY is not set: which key signs?" % prefix)
    return kinds[0], rproc_sign_path(d, key)

def rproc_sign_options(d):
    """The options that all containers have."""
    import shlex
    kind, key = rproc_sign_key(d)
    prefix = "SIGN_COPRO_" + kind
    options = ["--key", key, "--key_type", kind]
    info = d.getVar(prefix + "_INFOKEY")
    if info:
        options += ["--key_info", rproc_sign_path(d, info)]
    if d.getVar("ENCRYPT_COPRO_ENABLE") == "1":
        if not d.getVar("ENCRYPT_COPRO_KEY"):
            bb.fatal("rproc-sign: ENCRYPT_COPRO_KEY is not set: which key encrypts?")
        options += ["--enc_key", rproc_sign_path(d, d.getVar("ENCRYPT_COPRO_KEY"))]
    board = d.getVar("RPROC_SIGN_BOARD")
    if board:
        options += ["--board", rproc_sign_path(d, board)]
    if d.getVar("RPROC_SIGN_LAYOUT"):
        options += ["--layout", d.getVar("RPROC_SIGN_LAYOUT")]
    options += shlex.split(d.getVar("RPROC_SIGN_OPTIONS") or "")

    source = d.getVar("RPROC_SIGN_PASSPHRASE") or ("stdin" if d.getVar(prefix + "_PASS") else "")
    if source:
        options += ["--passphrase", source]
    return options

def rproc_sign_run(d, what, arguments):
    import subprocess
    kind, key = rproc_sign_key(d)
    command = [d.getVar("RPROC_SIGN_TOOL")] + arguments
    variables = dict(os.environ, RPROC_SIGN_KEY=key)
    for name in ("RPROC_SIGN_INPUT_DIR", "RPROC_SIGN_OUTPUT_DIR"):
        variables[name] = d.getVar(name)
    bb.note("rproc-sign: " + " ".join(command))
    try:
        ran = subprocess.run(command, input=(d.getVar("SIGN_COPRO_%s_PASS" % kind) or "") + "\n", env=variables,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    except OSError as error:
        bb.fatal("rproc-sign: %s: not run: %s" % (what, error))
    if ran.returncode != 0:
        bb.fatal("rproc-sign: %s: not signed, exit status %d\n%s" % (what, ran.returncode, ran.stderr))
    if ran.stdout:
        bb.note("rproc-sign: " + ran.stdout)
    if ran.stderr:
        bb.warn("rproc-sign: %s: signed\n%s" % (what, ran.stderr))

def rproc_sign_containers(d, containers):
    options = rproc_sign_options(d)
    for pair in containers:
        container, colon, inputs = pair.partition(":")
        if not container or not inputs or "/" in container:
            bb.fatal("rproc-sign: RPROC_SIGN_CONTAINERS: '%s' is not CONTAINER:ELF[,ELF...]" % pair)
        arguments = []
        for image in inputs.split(","):
            arguments += ["--in", os.path.join(d.getVar("RPROC_SIGN_INPUT_DIR"), image)]
        arguments += ["--out", os.path.join(d.getVar("RPROC_SIGN_OUTPUT_DIR"), container)]
        rproc_sign_run(d, container, options + arguments)

python do_rproc_sign() {
    if d.getVar("SIGN_COPRO_ENABLE") != "1":
        if d.getVar("ENCRYPT_COPRO_ENABLE") == "1":
            bb.fatal("rproc-sign: ENCRYPT_COPRO_ENABLE is '1', SIGN_COPRO_ENABLE is not: what is encrypted is signed, too")
        bb.note("rproc-sign: SIGN_COPRO_ENABLE is not '1': nothing is signed")
        return
    containers = (d.getVar("RPROC_SIGN_CONTAINERS") or "").split()
    manifest = d.getVar("RPROC_SIGN_MANIFEST")
    if bool(containers) == bool(manifest):
        bb.fatal("rproc-sign: one of RPROC_SIGN_CONTAINERS and RPROC_SIGN_MANIFEST must be set: what is to be signed?")
    if manifest:
        rproc_sign_run(d, manifest, ["--manifest", rproc_sign_path(d, manifest)])
    else:
        rproc_sign_containers(d, containers)
}
addtask rproc_sign after do_compile before do_install

# Nothing of an earlier run is left when one fails.
do_rproc_sign[cleandirs] = "${RPROC_SIGN_OUTPUT_DIR}"

# It runs again when one of these changes: names that are put together are not seen. Another passphrase signs the same.
do_rproc_sign[vardeps] += "SIGN_COPRO_ECC SIGN_COPRO_ECC_PRIVKEY SIGN_COPRO_ECC_INFOKEY"
do_rproc_sign[vardeps] += "SIGN_COPRO_RSA SIGN_COPRO_RSA_PRIVKEY SIGN_COPRO_RSA_INFOKEY"
do_rproc_sign[vardepsexclude] += "SIGN_COPRO_ECC_PASS SIGN_COPRO_RSA_PASS"

# And when a file of keys does.
def rproc_sign_files(d):
    names = ("SIGN_COPRO_ECC_PRIVKEY", "SIGN_COPRO_ECC_INFOKEY", "SIGN_COPRO_RSA_PRIVKEY", "SIGN_COPRO_RSA_INFOKEY",
             "ENCRYPT_COPRO_KEY", "RPROC_SIGN_BOARD", "RPROC_SIGN_MANIFEST")
    paths = [rproc_sign_path(d, d.getVar(name) or "") for name in names]
    return " ".join(path + ":True" for path in paths if os.path.isabs(path) and os.path.isfile(path))
do_rproc_sign[file-checksums] += "${@rproc_sign_files(d)}"

do_install:append() {
    if [ "${SIGN_COPRO_ENABLE}" = "1" ]; then
        install -d "${D}${RPROC_SIGN_INSTALL_DIR}"
        install -m 0644 "${RPROC_SIGN_OUTPUT_DIR}"/* "${D}${RPROC_SIGN_INSTALL_DIR}"
    fi
}

FILES:${PN} += "${RPROC_SIGN_INSTALL_DIR}"
