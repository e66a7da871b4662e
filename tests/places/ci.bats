#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/ci: the files are YAML with the parts that their readers ask for, and the commands of their jobs, run one
# after the other in a copy of examples/make, sign and verify. What installs packages is not run.
# shellcheck disable=SC2030,SC2031 # variables, output: each test is a subshell
load common

setup() {
    enter_copy make
    mv key.pem "$BATS_TEST_TMPDIR"
    mkdir tools
    cp "$TREE"/examples/ci/*.sh tools
    cp "$TREE/examples/ci/firmware.yaml" .
}

# The commands of a job, as the CI's shell would run them, to standard output; variables of the file are set first.
job() { # FILE JOB
    python3 - "$TREE/examples/ci/$1" "$2" << 'PYTHON'
import shlex, sys, yaml
ci = yaml.safe_load(open(sys.argv[1]))
print("set -e -o pipefail")
for name, value in (ci.get("env") or ci.get("variables")).items():
    print("export", name + "=" + shlex.quote(value))
if "jobs" in ci:
    commands = [step["run"] for step in ci["jobs"][sys.argv[2]]["steps"] if "run" in step]
else:
    commands = [line for part in ("before_script", "script") for line in ci[sys.argv[2]].get(part, [])]
assert commands
print(*commands, sep="\n")
PYTHON
}

# All jobs up to that which signs; apt-get and the installation do nothing.
pipeline() { # FILE JOB
    job "$1" build > build.sh
    job "$1" "$2" > sign.sh
    mkdir -p bin
    printf '#!/bin/sh\n' > bin/apt-get
    cp bin/apt-get tools/install-rprocfw.sh
    chmod +x bin/apt-get
    PATH=$PWD/bin:$PATH bash build.sh && PATH=$PWD/bin:$PATH bash sign.sh
}

accepted() {
    signed signed/firmware.sig
    [ "$(jq -r '.containers[0].outcome' signed/report.json)" = signed ]
    [ "$(jq -r '.containers[0].output.sha256' signed/report.json)" = "$(sha256sum signed/firmware.sig | cut -c 1-64)" ]
    [ "$(jq -c '[.version, .runs[0].results]' signed/findings.sarif)" = '["2.1.0",[]]' ]
    [ "$(jq -c '.files[0] | [.verdict, .manifest.same]' signed/verified.json)" = '["accept",true]' ]
}

@test "ci: GitHub's jobs sign with a secret, encrypted or not" {
    SIGNING_KEY=$(cat "$KEYS/key.pem") SIGNING_PASSPHRASE='' pipeline github.yml sign
    accepted
    SIGNING_KEY=$(cat "$KEYS/key.encrypted.pem") SIGNING_PASSPHRASE=azerty pipeline github.yml sign
    accepted
}

@test "ci: GitLab's jobs sign with a secret, encrypted or not" {
    SIGNING_KEY_FILE=$KEYS/key.pem pipeline gitlab-ci.yml sign
    accepted
    SIGNING_KEY_FILE=$KEYS/key.encrypted.pem SIGNING_PASSPHRASE=azerty pipeline gitlab-ci.yml sign
    accepted
}

@test "ci: both sign with a token" {
    local module=/usr/lib/softhsm/libsofthsm2.so
    export SOFTHSM2_CONF=$PWD/softhsm2.conf PIN=123456 SO_PIN=654321
    mkdir tokens
    echo "directories.tokendir = $PWD/tokens" > softhsm2.conf
    pkcs11-tool --module $module --slot-index 0 --init-token --label products --so-pin env:SO_PIN
    pkcs11-tool --module $module --token-label products --login --login-type so --so-pin env:SO_PIN \
        --init-pin --new-pin env:PIN
    pkcs11-tool --module $module --token-label products --login --pin env:PIN \
        --keypairgen --key-type rsa:2048 --label release --id 01
    local uri="pkcs11:token=products;object=release?module-path=$module"
    rproc-key public --engine pkcs11 --passphrase env:PIN --out key.pub.pem "$uri"
    sed -i 's/^defaults:$/&\n  engine: pkcs11/' firmware.yaml
    SIGNING_KEY_FILE=$uri SIGNING_PASSPHRASE=$PIN pipeline github.yml sign-with-token
    rproc-verify -q --key key.pub.pem signed/firmware.sig
    rm -r signed
    SIGNING_URI=$uri SIGNING_PIN=$PIN pipeline gitlab-ci.yml sign-with-token
    rproc-verify -q --key key.pub.pem signed/firmware.sig
    [ "$(jq -r '.files[0].verdict' signed/verified.json)" = accept ]
}

@test "ci: the secret is another key: the job fails, the report stays, the container does not" {
    SIGNING_KEY=$(cat "$KEYS/other.pem") run -1 pipeline github.yml sign
    [ ! -e signed/firmware.sig ]
    [ "$(jq -r '.containers[0].outcome' signed/report.json)" = signed ]
    [ "$(jq -r '.files[0].verdict' signed/verified.json)" = reject ]
}

@test "ci: a firmware that would not run, or not load: the job fails" {
    export SIGNING_KEY_FILE=$KEYS/key.pem
    sed -i 's/{stack_top, reset_handler}/{stack_top, 0}/' firmware.c # it would not start
    run -1 pipeline gitlab-ci.yml sign
    [[ $output == *"would not run"* ]]
    [ ! -e signed/firmware.sig ]
    [ "$(jq -r '.runs[0].results[0].ruleId' signed/findings.sarif)" = reset-not-thumb ]
    jq -e '.containers[0].findings | length > 0' signed/report.json
    sed -i 's/ORIGIN = 0,/ORIGIN = 0x60000000,/' firmware.ld
    run -1 pipeline gitlab-ci.yml sign
    [ ! -e signed/firmware.sig ]
}

@test "ci: of several containers one would not load: the job fails, and none is kept" {
    export SIGNING_KEY_FILE=$KEYS/key.pem
    printf '  other:\n    inputs: other.elf\n    output: signed/other.sig\n' >> firmware.yaml
    cp "$TREE/examples/firmware/firmware.elf" other.elf
    pipeline gitlab-ci.yml sign
    accepted
    signed signed/other.sig
    printf x > other.elf
    run -1 pipeline gitlab-ci.yml sign
    [ "$(jq -c '[.containers[].outcome]' signed/report.json)" = '["signed","failed"]' ]
    [ "$(ls signed)" = $'findings.sarif\nreport.json' ]
}

@test "ci: no secret, no passphrase, no compiler's output, no manifest: exit status 2, nothing is left" {
    cp "$TREE/examples/firmware/firmware.elf" .
    run -2 tools/sign-and-verify.sh firmware.yaml
    [[ $output == *"no key: the secret SIGNING_KEY is not set"* ]]
    export SIGNING_KEY_FILE=$KEYS/key.pem
    tools/sign-and-verify.sh firmware.yaml
    run -2 tools/sign-and-verify.sh
    run -2 tools/sign-and-verify.sh missing.yaml
    [ ! -e signed/firmware.sig ]
    SIGNING_KEY_FILE=$KEYS/key.encrypted.pem run -2 tools/sign-and-verify.sh firmware.yaml
    [[ $output == *SIGNING_PASSPHRASE* ]]
    SIGNING_KEY_FILE='' SIGNING_KEY=nonsense run -2 tools/sign-and-verify.sh firmware.yaml
    [[ $output != *nonsense* ]]
    rm firmware.elf
    run -2 tools/sign-and-verify.sh firmware.yaml
    run -2 tools/install-rprocfw.sh
    [ ! -e signed/firmware.sig ]
}

@test "ci: the secret is neither an argument of a program, nor in a file, nor in what is printed" {
    cp "$TREE/examples/firmware/firmware.elf" .
    mkdir bin
    cat > bin/rproc-sign << 'SH'
#!/bin/sh
printf '%s\n' "$@" > arguments
SIGNING_KEY= exec rproc-sign.real "$@"
SH
    chmod +x bin/rproc-sign
    ln -s "$PREFIX/bin/rproc-sign" bin/rproc-sign.real
    PATH=$PWD/bin:$PATH SIGNING_KEY=$(cat "$KEYS/key.encrypted.pem") SIGNING_PASSPHRASE=azerty \
        LD_LIBRARY_PATH=$(dirname "$(find "$PREFIX" -name librprocfw.so)") \
        run -0 tools/sign-and-verify.sh firmware.yaml
    [ -s arguments ]
    local line
    line=$(sed -n 3p "$KEYS/key.encrypted.pem")
    run ! grep -rqF -e "$line" -e azerty . --exclude-dir=bin
    [[ $output != *azerty* ]]
}

@test "ci: the files have what GitHub and GitLab want, and no secret in a job that others can change" {
    python3 - "$TREE/examples/ci" "$TREE/src/cmake/debian-packages.sh" << 'PYTHON'
import re, subprocess, sys, yaml
folder, packages = sys.argv[1:]

github = yaml.safe_load(open(folder + "/github.yml"))
assert set(github) == {"name", True, "permissions", "env", "defaults", "jobs"}, set(github)  # True: "on"
assert github["permissions"] == {"contents": "read"}
for name, job in github["jobs"].items():
    assert {"runs-on", "steps"} <= set(job) <= {"runs-on", "steps", "needs", "if", "container", "environment",
                                                "permissions"}, name
    assert ("permissions" in job) == (name != "build")
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step), step
        assert set(step) <= {"name", "uses", "run", "with", "env", "if"}, step
        assert "uses" not in step or re.fullmatch(r"[\w-]+(/[\w-]+)+@v\d+", step["uses"])
    assert ("secrets." in str(job)) == (name != "build")
    if name != "build":
        assert job["needs"] == "build" and "github.event_name == 'push'" in job["if"]
        assert job["permissions"] == {"contents": "read", "security-events": "write"}
        uploads = [step for step in job["steps"] if "upload" in step.get("uses", "")]
        assert [step["if"].split(" ")[0] for step in uploads] == ["always()", "always()"]
        assert uploads[0]["with"]["path"] == "signed"
        assert uploads[1]["with"]["sarif_file"] == "signed/findings.sarif"

gitlab = yaml.safe_load(open(folder + "/gitlab-ci.yml"))
jobs = {name: job for name, job in gitlab.items() if name not in ("stages", "variables")}
assert set(jobs) == set(github["jobs"])
assert gitlab["variables"] == github["env"]
for name, job in jobs.items():
    assert job["stage"] in gitlab["stages"] and job["script"], name
    assert set(job) <= {"stage", "image", "tags", "rules", "before_script", "script", "artifacts"}, name
    assert all(isinstance(line, str) for line in job["script"] + job.get("before_script", []))
    assert name == "build" or (job["artifacts"]["when"] == "always" and
                               "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in job["rules"][0]["if"])

# what is installed is what the one list says
listed = subprocess.check_output(["bash", "-c", f". '{packages}'; echo ${{packages_build[@]}}"], text=True).split()
script = open(folder + "/install-rprocfw.sh").read()
installed = re.search(r"install (ca-certificates git .*?)\nwork=", script, re.S).group(1).replace("\\\n", " ").split()
assert sorted(installed) == sorted(listed + ["ca-certificates", "git"]), installed
PYTHON
}

@test "ci: the lines of the README" {
    cp "$BATS_TEST_TMPDIR/key.pem" .
    awk '/^```sh$/ { within = 1; next } /^```$/ { within = 0 } within' "$TREE/examples/ci/README.md" > lines
    bash -e lines
    accepted
}
