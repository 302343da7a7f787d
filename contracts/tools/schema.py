#!/usr/bin/env python3
"""Writes what a contract understands and answers as JSON Schema, draft 7, in the form that cosmwasm-schema gives an IDL.

    schema.py NAME SHARED.swift ... -- CONTRACT.swift ...  > NAME.schema.json

The types are those that generate.py reads; what their `///` comments say becomes descriptions. What a question is answered
with stands behind its case, and what a call is answered with may stand there, too:

    case getCount                      // sdk: returns CountAnswer
    case balance(address: Text)        // sdk: returns Answer.balance   (one case of an enum)

A type whose coding is written by hand says its schema in a line above it: `// sdk: schema {"type":"string"}`.
"""
import json
import re
import sys

import generate
from generate import ENTRY, code_of, fail, read_text, snake

RETURNS = re.compile(r"//\s*sdk:\s*returns\s+([\w.\[\]?]+)\s*$")
BY_HAND = re.compile(r"^\s*//\s*sdk:\s*schema\s+(\{.*\})\s*$")
TYPE = re.compile(r"^\s*(?:(?:private|fileprivate|public|indirect|final)\s+)*(?:struct|enum|extension)\s+([\w.]+)")
INTEGERS = {f"{sign}Int{bits}": (bits, sign == "") for bits in (8, 16, 32, 64) for sign in ("", "U")}
TEXTS = {
    "Amount": ("Uint128", r"^[0-9]+$", "An amount of up to 128 bits, in decimal digits."),
    "Decimal": ("Decimal", r"^[0-9]+(\.[0-9]{1,18})?$", "A number with up to 18 decimals."),
    "Timestamp": ("Timestamp", r"^[0-9]+$", "Nanoseconds since 1970, in decimal digits."),
    "Bytes": ("Binary", r"^[A-Za-z0-9+/]*={0,2}$", "Bytes in base64."),
}
COIN = {
    "type": "object", "required": ["amount", "denom"],
    "properties": {"amount": {"type": "string", "pattern": "^[1-9][0-9]*$"}, "denom": {"type": "string", "minLength": 3}},
}
# Callers fill messages up with it.
PADDING = {"type": "string"}


class Source:
    """All marked types, by full name, with what is written about them."""

    def __init__(self, shared, own):
        self.types, self.by_hand, self.own = {}, {}, own
        for path in shared + own:
            for entry in generate.types(path):
                if entry["mark"] & {"message", "words"}:
                    self.types[entry["full"]] = entry
            self.read_comments(path)

    def read_comments(self, path):
        """Descriptions, answers and schemas by hand: comments, which generate.types leaves out."""
        pending, schema = [], None
        stack, depth = [], 0
        for number, line in generate.lines(path):
            code = code_of(line)
            said = re.match(r"^\s*///\s?(.*?)\s*$", line)
            by_hand = BY_HAND.match(line)
            if said:
                pending.append(said[1])
                continue
            if by_hand:
                try:
                    schema = json.loads(by_hand[1])
                except ValueError as error:
                    fail(path, number, f"this is no JSON: {error}")
                continue
            declared = TYPE.match(code)
            if declared:
                full = ".".join([name for name, _ in stack] + [declared[1]])
                stack.append((declared[1], depth + 1))
                if full in self.types and self.types[full]["place"][1] == number:
                    self.types[full]["doc"] = " ".join(pending)
                if schema is not None:
                    self.by_hand[full] = schema
                schema = None
            elif stack and depth == stack[-1][1]:
                entry = self.types.get(".".join(name for name, _ in stack))
                names = re.findall(r"^\s*case\s+`?(\w+)|^[^=({]*?\b(?:var|let)\s+`?(\w+)", code)
                if entry and names and entry["place"][0] == path:
                    name = names[0][0] or names[0][1]
                    if pending:
                        entry.setdefault("docs", {})[name] = " ".join(pending)
                    returns = RETURNS.search(line)
                    if returns:
                        entry.setdefault("returns", {})[name] = (returns[1], path, number)
            if code.strip():
                pending = []
            depth += code.count("{") - code.count("}")
            while stack and depth < stack[-1][1]:
                stack.pop()

    def entries(self):
        """Which type each entry of the contract takes, and where that stands."""
        found = {}
        for path in self.own:
            text = "\n".join(code_of(line) for line in read_text(path).split("\n"))
            for match in ENTRY.finditer(text):
                found[match[1]] = (match[2], path, text.count("\n", 0, match.start()) + 1)
        return found

    def find(self, name, path, number):
        """A type by the name that a place calls it."""
        if name in self.types or name in self.by_hand:
            return name
        known = [full for full in list(self.types) + list(self.by_hand) if full.endswith("." + name)]
        same_file = [full for full in known if full in self.types and self.types[full]["place"][0] == path]
        known = same_file or known
        if len(known) != 1:
            fail(path, number, f"no schema is known of {name}: mark it `// sdk: message`, or say `// sdk: schema {{…}}` above it")
        return known[0]


class Schema:
    """One document, with the definitions that it needs."""

    def __init__(self, source, isAnswer=False):
        self.source, self.definitions, self.isAnswer = source, {}, isAnswer

    def document(self, title, make):
        body = make()
        document = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **body}
        if self.definitions:
            document["definitions"] = dict(sorted(self.definitions.items()))
        return document

    def reference(self, name, make):
        if name not in self.definitions:
            self.definitions[name] = {}  # one that has itself inside
            self.definitions[name] = make()
        return {"$ref": f"#/definitions/{name}"}

    def of(self, kind, path, number):
        """Of a type as Swift writes it."""
        kind = kind.strip()
        if kind.endswith("?"):
            return {"anyOf": [self.of(kind[:-1], path, number), {"type": "null"}]}
        if kind.startswith("[") and kind.endswith("]"):
            return {"type": "array", "items": self.of(kind[1:-1], path, number)}
        if kind in INTEGERS:
            bits, is_signed = INTEGERS[kind]
            least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed else (0, (1 << bits) - 1)
            return {"type": "integer", "format": kind.lower(), "minimum": least, "maximum": most}
        if kind in TEXTS:
            name, pattern, said = TEXTS[kind]
            return self.reference(name, lambda: {"description": said, "type": "string", "pattern": pattern})
        if kind == "Coin":
            return self.reference("Coin", lambda: COIN)
        simple = {"Text": {"type": "string"}, "Bool": {"type": "boolean"}, "JSON": {}, "NoMessage": {"type": "object"}}
        if kind in simple:
            return dict(simple[kind])
        full = self.source.find(kind, path, number)
        return self.reference(full, lambda: self.type(full))

    def type(self, full):
        entry = self.source.types.get(full)
        if entry is None:
            return dict(self.source.by_hand[full])
        body = {"description": entry["doc"]} if entry.get("doc") else {}
        if "words" in entry["mark"]:
            return {**body, "type": "string", "enum": [snake(case) for case, _ in entry["members"]]}
        if entry["kind"] == "struct":
            fields = [(name, kind, default) for name, kind, default in entry["members"]]
            return {**body, **self.fields(entry, fields, entry.get("docs", {}))}
        return {**body, "oneOf": [self.case(entry, case, payload) for case, payload in entry["members"]]}

    def fields(self, entry, fields, docs):
        properties, required = {}, []
        for name, kind, default in fields:
            said = {"description": docs[name.strip("`")]} if docs.get(name.strip("`")) else {}
            schema = self.of(kind, *entry["place"])
            # Beside a reference nothing counts in draft 7.
            properties[snake(name)] = {**said, "allOf": [schema]} if said and "$ref" in schema else {**said, **schema}
            if default is None and not kind.endswith("?"):
                required.append(snake(name))
        if not self.isAnswer:
            properties.setdefault("padding", dict(PADDING))
        body = {"type": "object"}
        if required:
            body["required"] = sorted(required)
        return {**body, "properties": properties, "additionalProperties": False}

    def case(self, entry, case, payload):
        if payload and payload[0][0] is None:
            value = self.of(payload[0][1], *entry["place"])
        else:
            value = self.fields(entry, [(label, kind, None) for label, kind in payload], {})
        said = entry.get("docs", {}).get(case)
        return {
            **({"description": said} if said else {}), "type": "object", "required": [snake(case)],
            "properties": {snake(case): value}, "additionalProperties": False,
        }

    def answer(self, kind, path, number):
        """Of what stands behind `returns`: a type, or one case of an enum."""
        head, dot, case = kind.rpartition(".")
        if dot and kind not in self.source.types and not case[:1].isupper():
            entry = self.source.types.get(self.source.find(head, path, number))
            payload = dict(entry["members"]).get(case) if entry and entry["kind"] == "enum" else None
            if payload is None or "words" in entry["mark"]:
                fail(path, number, f"{head} has no case {case}")
            return self.case(entry, case, payload)
        return self.of(kind, path, number)


def inlined(schema, found):
    """As cosmwasm-schema has it: a message's own schema at the top, not a reference to it."""
    name = found.get("$ref", "").removeprefix("#/definitions/")
    if not name:
        return found
    body = schema.definitions[name]
    if json.dumps({"$ref": f"#/definitions/{name}"}) not in json.dumps(schema.definitions):
        del schema.definitions[name]
    return body


def idl(name, shared, own):
    source = Source(shared, own)
    entries = source.entries()
    if "instantiate" not in entries:
        sys.exit(f"{own[0] if own else name}: error: no contract is here: nothing has `func instantiate(_:_:)`")
    titles = {"instantiate": "InstantiateMsg", "execute": "ExecuteMsg", "query": "QueryMsg", "migrate": "MigrateMsg"}
    result = {"contract_name": name, "idl_version": "1.0.0"}
    for entry, title in titles.items():
        schema = Schema(source)
        result[entry] = schema.document(title, lambda: inlined(schema, schema.of(*entries[entry]))) if entry in entries else None
    result["sudo"] = None
    result["responses"] = answers(source, entries.get("query"))
    result["execute_responses"] = answers(source, entries.get("execute"), isOptional=True)
    return result


def answers(source, entry, isOptional=False):
    """By the names of the messages' cases."""
    if entry is None:
        return {}
    asked = source.types.get(source.find(*entry))
    if asked is None or asked["kind"] != "enum":
        return {}
    found = {}
    for case, _ in asked["members"]:
        kind, path, number = asked.get("returns", {}).get(case, (None, None, None))
        if kind:
            schema = Schema(source, isAnswer=True)
            title = "".join(part.capitalize() for part in snake(case).split("_")) + "Response"
            found[snake(case)] = schema.document(title, lambda: inlined(schema, schema.answer(kind, path, number)))
        elif not isOptional:
            place = ":".join(map(str, asked["place"]))
            print(f"{place}: note: what `{case}` is answered with is not said: `// sdk: returns TYPE` behind the case",
                  file=sys.stderr)
            found[snake(case)] = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "NotDeclared"}
    return found


def main():
    name, files = sys.argv[1], sys.argv[2:]
    split = files.index("--")
    print(json.dumps(idl(name, files[:split], files[split + 1:]), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
