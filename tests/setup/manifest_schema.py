# SPDX-License-Identifier: BSD-2-Clause
"""manifest_schema.py SCHEMA WORK MANIFEST...: what a schema and WORK/reader say of manifests.

Both take each of them. Then they are changed, at each place in many ways: what the schema refuses,
the reader refuses. All that the schema describes is in one of them. Exit status 1: it is not so.
"""
import copy
import json
import pathlib
import subprocess
import sys

import jsonschema
import yaml

VALUES = [{"wrong": [None]}, [["x"]], [], {}, "", "-", "x", "a\nb", "x" * 5000, 1.5, True, None, -1,
          2**64, ["x"] * 300]


def keys_as_text(value):
    """As JSON has it: keys are texts."""
    if isinstance(value, dict):
        return {str(key): keys_as_text(member) for key, member in value.items()}
    return [keys_as_text(item) for item in value] if isinstance(value, list) else value


def places(value, where=()):
    yield where
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield from places(member, where + (key,))


def holder(document, where):
    for step in where[:-1]:
        document = document[step]
    return document


def changes(document):
    """Changed copies, with what was done."""
    for where in places(document):
        if not where:
            continue
        name = "/".join(map(str, where))
        for value in VALUES:
            changed = copy.deepcopy(document)
            holder(changed, where)[where[-1]] = value
            yield f"{name} is {str(value)[:30]!r}", changed
        changed = copy.deepcopy(document)
        del holder(changed, where)[where[-1]]
        yield f"{name} is left out", changed
        if isinstance(holder(document, where), dict):
            for key in "unknown", "a b", "-a", 5, 131072, "Key":
                changed = copy.deepcopy(document)
                holder(changed, where)[key] = holder(changed, where)[where[-1]]
                yield f"{name} is there as {key}, too", changed


def read(work, documents):
    """What the reader says of each."""
    paths = []
    for number, document in enumerate(documents):
        paths.append(work / f"{number}.yaml")
        paths[-1].write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False), encoding="utf-8")
    said = []
    for start in range(0, len(paths), 500):
        said += subprocess.run([work / "reader", *paths[start:start + 500]], check=True,
                               capture_output=True, text=True).stdout.splitlines()
    return said


def described(schema):
    """The keys of containers and of values, of the file."""
    definitions = schema["$defs"]
    return {*schema["properties"], *definitions["settings"]["properties"],
            *definitions["value"]["anyOf"][1]["properties"]}


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    work = pathlib.Path(sys.argv[2])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    originals = [yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8")) for path in sys.argv[3:]]
    wrong = [error.message for document in originals for error in validator.iter_errors(keys_as_text(document))]
    wrong += [line for line in read(work, originals) if not line.endswith(": good")]
    wrong += [f"no manifest has {key}" for key in described(schema)
              - {str(place[-1]) for document in originals for place in places(document) if place}]
    texts = {}
    for document in originals:
        for what, changed in changes(document):
            texts.setdefault(json.dumps(keys_as_text(changed)), (what, changed))
    refused = 0
    for (what, changed), said in zip(texts.values(), read(work, [changed for _, changed in texts.values()])):
        if not validator.is_valid(keys_as_text(changed)):
            refused += 1
            if said.endswith(": good"):
                wrong.append(f"the schema refuses, the reader takes: {what}")
    print(f"{len(originals)} manifests, {len(texts)} changes, {refused} of them refused by the schema")
    print("\n".join(wrong))
    return 1 if wrong or refused < len(texts) // 2 else 0


sys.exit(main())
