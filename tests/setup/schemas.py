# SPDX-License-Identifier: BSD-2-Clause
"""schemas.py SCHEMAS DOCUMENTS: judges documents by the schemas.

DOCUMENTS/NAME/*.json are of SCHEMAS/NAME.schema.json. Each must be valid and have no member that its
schema does not describe, though others may; and there must be one for each member, type and word
of a schema. Then documents are changed, which must be noticed. Exit status 1: something is wrong.
"""
import json
import pathlib
import sys

import jsonschema

# Members that an object may do without.
OPTIONAL = {"coverage", "answer", "manifest"}
# What no document can have here, and why.
UNSEEN = {
    # only who has the private half, which is not in the tree, can sign so
    "rproc-verify/$defs/judged_file/properties/signature/anyOf/0/properties/published/type/string",
}
TYPES = {bool: "boolean", str: "string", int: "integer", list: "array", dict: "object",
         type(None): "null"}
wrong = 0


def complain(text):
    global wrong
    wrong += 1
    print(text)


def end_of(place):
    """The last steps to a place in a document, for people."""
    return "/".join(str(step) for step in place[-4:])


class Schema:
    def __init__(self, path):
        self.name = path.name.removesuffix(".schema.json")
        self.root = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(self.root)
        self.validator = jsonschema.Draft202012Validator(self.root)
        self.seen = {}  # what is described: the smallest document that has it, and where
        if self.root["$id"] != "urn:rprocfw:schema:1:" + self.name or "title" not in self.root:
            complain(f"{self.name}: its $id is {self.root['$id']}, or it has no title")

    def resolve(self, schema):
        return self.root["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}

    def fits(self, schema, value):
        return self.validator.evolve(schema=schema).is_valid(value)

    def described(self, schema, place):
        """All that there is in a schema to be seen, each once, as (place, what)."""
        for name, member in schema.get("properties", {}).items():
            yield f"{place}/properties/{name}"
            if "description" not in {**self.resolve(member), **member}:
                complain(f"{self.name}: {place}: {name} is not described")
            yield from self.described(member, f"{place}/properties/{name}")
        for number, inner in enumerate(schema.get("anyOf", [])):
            yield f"{place}/anyOf/{number}"
            yield from self.described(inner, f"{place}/anyOf/{number}")
        if "items" in schema:
            yield f"{place}/items"
            yield from self.described(schema["items"], f"{place}/items")
        if isinstance(schema.get("type"), list):
            yield from (f"{place}/type/{name}" for name in schema["type"])
        yield from (f"{place}/enum/{json.dumps(word)}" for word in schema.get("enum", []))

    def all_described(self):
        places = list(self.described(self.root, ""))
        for name, schema in self.root["$defs"].items():
            places.append(f"/$defs/{name}")
            places += self.described(schema, f"/$defs/{name}")
        return places

    def visit(self, schema, place, value, where, document):
        """Notes what is seen; returns the members that are not described."""
        found = self.seen.get(place)
        if found is None or len(found[0]) > len(document):
            self.seen[place] = (document, where)
        unknown = []
        if "$ref" in schema:
            unknown += self.visit(self.resolve(schema), schema["$ref"][1:], value, where, document)
        for number, inner in enumerate(schema.get("anyOf", [])):
            if self.fits(inner, value):
                unknown += self.visit(inner, f"{place}/anyOf/{number}", value, where, document)
        if isinstance(schema.get("type"), list):
            self.seen[f"{place}/type/{TYPES[type(value)]}"] = (document, where)
        if "enum" in schema:
            self.seen[f"{place}/enum/{json.dumps(value)}"] = (document, where)
        if isinstance(value, dict) and "properties" in schema:
            for name, member in value.items():
                if name not in schema["properties"]:
                    unknown.append(where + (name,))
                    continue
                unknown += self.visit(schema["properties"][name], f"{place}/properties/{name}", member,
                                      where + (name,), document)
        if isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                unknown += self.visit(schema["items"], f"{place}/items", item, where + (number,), document)
        return unknown

    def judge(self, document):
        """Is it valid, and all of it described?"""
        errors = [f"{end_of(list(error.absolute_path))}: {error.message[:300]}"
                  for error in self.validator.iter_errors(document)]
        text = json.dumps(document)
        return errors + [f"{end_of(place)}: not described"
                         for place in self.visit(self.root, "", document, (), text)]


def parts(document):
    """A document with many files, as documents with one each."""
    for name in "files", "results", "boards", "containers":
        if len(document.get(name, [])) > 1:
            for item in document[name]:
                yield {**document, name: [item]}
            return
    yield document


def holder(document, where):
    for step in where[:-1]:
        document = document[step]
    return document


def changes(text, where):
    """Documents that are wrong at a place where this one is right: (what is wrong, document)."""
    document = json.loads(text)
    holder(document, where)[where[-1]] = {"wrong": [None]}
    yield "of another type", document
    if isinstance(where[-1], str) and where[-1] not in OPTIONAL:
        document = json.loads(text)
        del holder(document, where)[where[-1]]
        yield "left out", document
    if isinstance(where[-1], str):
        document = json.loads(text)
        holder(document, where)["unknown"] = 1
        yield "beside an unknown member", document


def judge_documents(schema, folder):
    count = 0
    for path in sorted(folder.glob("*.json")):
        for part in parts(json.loads(path.read_text(encoding="utf-8"))):
            count += 1
            for error in schema.judge(part):
                complain(f"{schema.name}: {path.name}: {error}")
    return count


def judge_schema(schema):
    places = schema.all_described()
    for place in places:
        if place not in schema.seen and schema.name + place not in UNSEEN:
            complain(f"{schema.name}: no document has {place}")
    return len(places)


def judge_changes(schema):
    count = 0
    for text, where in {found for found in schema.seen.values() if found[1]}:
        for what, document in changes(text, where):
            count += 1
            if not schema.judge(document):
                complain(f"{schema.name}: accepted: {end_of(where)} {what}")
    return count


def main():
    folders = sorted(pathlib.Path(sys.argv[2]).iterdir())
    shared = {}
    for folder in folders:
        schema = Schema(pathlib.Path(sys.argv[1]) / f"{folder.name}.schema.json")
        for name, definition in schema.root["$defs"].items():
            if shared.setdefault(name, definition) != definition:
                complain(f"{schema.name}: $defs/{name} is not that of another schema")
        documents = judge_documents(schema, folder)
        described = judge_schema(schema)
        print(f"{schema.name}: {documents} documents, {described} things described, "
              f"{judge_changes(schema)} changes")
    return 1 if wrong or not folders else 0


sys.exit(main())
