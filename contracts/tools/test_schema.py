#!/usr/bin/env python3
"""Schemas of the example contracts against messages that they take, and clients in JavaScript against a stub of secret.js."""
import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import schema

CONTRACTS = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ["auction", "counter", "credit-score", "draw-poker", "nft", "paid-content", "prediction", "rock-paper-scissors",
            "snip20", "swap", "voting"]
A = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
PERMIT = {"params": {"permit_name": "n", "allowed_tokens": [A], "chain_id": "secretdev-1", "permissions": ["balance"]},
          "signature": {"pub_key": {"type": "tendermint/PubKeySecp256k1", "value": "AA=="}, "signature": "AAAA"}}


@functools.cache
def idl(folder, name=None):
    folder = pathlib.Path(folder)
    shared = sorted(str(path) for path in (CONTRACTS / "sdk").glob("*.swift"))
    return schema.idl(name or folder.name, shared, sorted(str(path) for path in folder.glob("*.swift")))


def problem(schema, value, document=None):
    """Why a value is none of a schema; `None` if it is. PyPI's jsonschema is asked the same where it is there."""
    document = document if document is not None else schema
    if "$ref" in schema:
        return problem(document["definitions"][schema["$ref"].removeprefix("#/definitions/")], value, document)
    known = {"$schema", "title", "description", "definitions", "format", "type", "required", "properties", "items",
             "additionalProperties", "minimum", "maximum", "pattern", "minLength", "enum", "const", "oneOf", "anyOf", "allOf"}
    assert set(schema) <= known, set(schema) - known
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    if "type" in schema and (not isinstance(value, kinds[schema["type"]]) or schema["type"] == "integer" and isinstance(value, bool)):
        return f"{value!r} is no {schema['type']}"
    for key, wanted in (("oneOf", lambda n, _: n == 1), ("anyOf", lambda n, _: n > 0), ("allOf", lambda n, all: n == all)):
        if key in schema:
            fits = sum(problem(part, value, document) is None for part in schema[key])
            if not wanted(fits, len(schema[key])):
                return f"{value!r} fits {fits} of {key}"
    if "enum" in schema and value not in schema["enum"] or "const" in schema and value != schema["const"]:
        return f"{value!r} is another word"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{value} is out of range"
    if isinstance(value, str) and ("pattern" in schema and not re.search(schema["pattern"], value)
                                   or len(value) < schema.get("minLength", 0)):
        return f"{value!r} is written otherwise"
    if isinstance(value, list):
        return next((p for p in (problem(schema.get("items", {}), item, document) for item in value) if p), None)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        missing = set(schema.get("required", [])) - set(value)
        if missing:
            return f"without {missing}"
        if schema.get("additionalProperties") is False and set(value) - set(properties):
            return f"too much: {set(value) - set(properties)}"
        return next((p for p in (problem(properties[name], part, document) for name, part in value.items() if name in properties) if p), None)
    return None


def is_valid(schema, value):
    own = problem(schema, value) is None
    try:
        import jsonschema
    except ImportError:
        return own
    jsonschema.Draft7Validator.check_schema(schema)
    theirs = jsonschema.Draft7Validator(schema).is_valid(value)
    assert own == theirs, (own, theirs, problem(schema, value), value)
    return theirs


class SchemaTests(unittest.TestCase):
    def check(self, document, values, wanted):
        for value in values:
            self.assertEqual(is_valid(document, value), wanted, value)

    def test_every_example_has_a_schema_of_all_its_parts(self):
        for name in EXAMPLES:
            made = idl(CONTRACTS / name)
            for part in ("instantiate", "execute", "query"):
                is_valid(made[part], None)  # it is a schema
            for case in made["query"]["oneOf"]:
                answer = made["responses"][case["required"][0]]
                self.assertNotEqual(answer["title"], "NotDeclared", (name, case["required"]))
                is_valid(answer, None)

    def test_messages_of_the_counter(self):
        made = idl(CONTRACTS / "counter")
        self.check(made["instantiate"], [{"count": 5}, {"count": -1}, {"count": 5, "padding": "  "}], True)
        self.check(made["instantiate"], [{}, {"count": "5"}, {"count": 1 << 63}, {"count": True}, {"count": 5, "more": 1}, 5], False)
        self.check(made["execute"], [
            {"increment": {}}, {"increment": {"padding": "x"}}, {"reset": {"count": 5}}, {"set_viewing_key": {"key": "k"}},
            {"pay": {"to": A, "amount": "5", "denom": "uscrt"}}, {"pay": {"to": A, "amount": 5, "denom": "uscrt"}},
            {"call": {"contract": A, "code_hash": "a", "msg": "e30="}},
            {"call": {"contract": A, "code_hash": "a", "msg": "e30=", "reply_on": "always"}},
            {"call": {"contract": A, "code_hash": "a", "msg": "e30=", "reply_on": None}}], True)
        self.check(made["execute"], [
            {}, "increment", {"increment": None}, {"Increment": {}}, {"increment": {}, "reset": {"count": 5}}, {"increment": {"by": 1}},
            {"call": {"contract": A, "code_hash": "a", "msg": "e30=", "reply_on": "sometimes"}},
            {"call": {"contract": A, "code_hash": "a", "msg": "{}"}}], False)
        self.check(made["query"], [{"get_count": {}}, {"get_note": {"address": A, "key": "k"}}], True)
        self.check(made["responses"]["get_count"], [{"count": 42}], True)
        self.check(made["responses"]["get_count"], [{}, {"count": None}, {"count": 42, "padding": ""}], False)
        self.check(made["responses"]["get_note"], [{"note": None}, {"note": "n"}], True)
        self.check(made["migrate"], [{}, {"count": 3}, {"count": None}], True)

    def test_messages_of_the_token(self):
        made = idl(CONTRACTS / "snip20")
        start = {"name": "Secret SCRT", "admin": A, "symbol": "SSCRT", "decimals": 6, "prng_seed": "eW8=",
                 "initial_balances": [{"address": A, "amount": "1000000"}], "supported_denoms": ["uscrt"],
                 "config": {"public_total_supply": True, "enable_deposit": True, "enable_redeem": True, "enable_mint": False,
                            "enable_burn": False}}
        self.check(made["instantiate"], [start], True)
        self.check(made["instantiate"], [{**start, "decimals": 256}, {**start, "prng_seed": "?"}, {**start, "name": None},
                                         {**start, "initial_balances": [{"address": A, "amount": 5}]}], False)
        self.check(made["execute"], [{"transfer": {"recipient": A, "amount": "10"}}, {"deposit": {}}, {"redeem": {"amount": "1", "denom": "uscrt"}}], True)
        self.check(made["execute"], [{"transfer": {"recipient": A, "amount": 10}}, {"transfer": {"recipient": A, "amount": "-1"}}], False)
        self.check(made["query"], [{"balance": {"address": A, "key": "k"}}, {"with_permit": {"permit": PERMIT, "query": {"balance": {}}}}], True)
        self.check(made["query"], [{"with_permit": {"permit": {}, "query": {"balance": {}}}}], False)
        self.check(made["responses"]["token_info"], [{"token_info": {"name": "n", "symbol": "S", "decimals": 6, "total_supply": None}}], True)
        self.check(made["responses"]["token_info"], [{"balance": {"amount": "1"}}], False)
        self.check(made["responses"]["balance"], [{"balance": {"amount": "1"}}, {"viewing_key_error": {"msg": "m"}}], True)

    def test_a_coding_by_hand_has_its_schema_and_without_one_it_is_refused(self):
        made = idl(CONTRACTS / "nft")
        expires = made["execute"]["definitions"]["Expiration"]
        self.check(expires, ["never", {"at_height": 12}, {"at_time": 1_700_000_000}], True)
        self.check(expires, ["soon", {"at_height": "12"}, {}], False)
        self.refused("no schema is known of Odd", "enum Odd: JSONCoded {", "    case a", "}", "// sdk: message", "struct Start {",
                     "    var odd: Odd", "}")
        self.refused("this is no JSON", "// sdk: schema {no}", "// sdk: message", "struct Start {", "}")
        self.refused("Answer has no case b", "// sdk: message", "struct Start {", "}", "// sdk: message", "enum Answer {", "    case a", "}",
                     "// sdk: message", "enum Question {", "    case x  // sdk: returns Answer.b", "}", question="Question")
        self.refused("nothing has `func instantiate", "// sdk: message", "struct Start {", "}", hasEntry=False)

    def refused(self, text, *lines, question=None, hasEntry=True):
        entry = ["enum A: Contract {", "    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {", "    }"]
        if question:
            entry += [f"    static func query(_ environment: Environment, _ question: {question}) throws(ContractError) -> JSON {{", "    }"]
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "A.swift").write_text("\n".join((entry + ["}"] if hasEntry else []) + list(lines)) + "\n")
            with self.assertRaises(SystemExit) as refusal:
                idl(folder)
        self.assertIn(text, str(refusal.exception))

    def test_comments_become_descriptions(self):
        made = idl(CONTRACTS / "counter")
        reset = next(case for case in made["execute"]["oneOf"] if case["required"] == ["reset"])
        self.assertEqual(reset["description"], "For the creator alone.")
        self.assertIn("older contract was", made["migrate"]["properties"]["count"]["description"])


STORY = """
const { CounterClient, NftClient } = await import(process.argv[2]);
const calls = [];
const compute = (name) => (...said) => { calls.push([name, ...said]); return Promise.resolve({ count: 7 }); };
const client = { address: "secret1me", tx: { compute: { executeContract: compute("execute"), instantiateContract: compute("instantiate") } },
  query: { compute: { queryContract: compute("query") } } };
const codeHash = "ab".repeat(32);
await CounterClient.instantiate(client, { count: 5 }, { codeId: 3, codeHash, label: "l" });
const counter = new CounterClient(client, { contractAddress: "secret1c", codeHash });
await counter.increment();
await counter.reset({ count: 1 }, { funds: [{ amount: "5", denom: "uscrt" }], gasLimit: 9 });
if ((await counter.getCount()).count !== 7) throw new Error("the answer is lost");
await counter.getNote({ address: "secret1a", key: "k" });
for (const wrong of [{ codeHash }, { contractAddress: "secret1c", codeHash: "AB" }, { contractAddress: "secret1c" }]) {
  try { new CounterClient(client, wrong); } catch (error) { if (error instanceof TypeError) continue; }
  throw new Error("taken: " + JSON.stringify(wrong));
}
console.log(JSON.stringify(calls));
"""


class ClientTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)
        (self.path / "package.json").write_text('{"type":"module"}')

    def client(self, made):
        source = self.path / "c.schema.json"
        source.write_text(json.dumps(made))
        run = subprocess.run([sys.executable, CONTRACTS / "tools/client.py", source, self.path / "c.client.js", self.path / "c.client.d.ts"],
                             capture_output=True, text=True)
        return run, self.path / "c.client.js", self.path / "c.client.d.ts"

    def test_a_method_for_each_message_with_its_types(self):
        run, script, types = self.client(idl(CONTRACTS / "counter"))
        self.assertEqual(run.returncode, 0, run.stderr)
        text = types.read_text()
        for line in ("reset(args: { count: number; padding?: string }, options?: CallOptions): Promise<Transaction>;",
                     "getNote(args: { address: string; key: string; padding?: string }): Promise<{ note?: string | null }>;",
                     'export type ReplyOn = "never" | "success" | "error" | "always";'):
            self.assertIn(line, text)

    def test_schemas_of_rust_contracts_are_understood(self):
        made = {"contract_name": "cw-thing", "instantiate": {"title": "InstantiateMsg", "type": "object"}, "query": None,
                "execute": {"title": "ExecuteMsg", "oneOf": [
                    {"type": "string", "enum": ["pause", "resume"]},
                    {"type": "object", "required": ["delete"], "properties": {"delete": {"$ref": "#/definitions/Uint128"}}},
                    {"type": "object", "required": ["constructor"], "properties": {"constructor": {"type": "object"}}}],
                    "definitions": {"Uint128": {"type": "string", "description": "no */ end"}}}}
        run, script, types = self.client(made)
        self.assertEqual(run.returncode, 0, run.stderr)
        for line in ("pause(options?: CallOptions)", "delete(args: Uint128, options?: CallOptions)", "executeConstructor(args?: "):
            self.assertIn(line, types.read_text())
        self.assertIn('return this.#execute("pause", options);', script.read_text())
        self.assertNotIn("no */ end", types.read_text())
        made["execute"]["oneOf"][1]["properties"]["delete"] = {"$ref": "#/definitions/Missing"}
        run, _, _ = self.client(made)
        self.assertEqual((run.returncode, "has no definition of Missing" in run.stderr), (1, True), run.stderr)

    @unittest.skipUnless(shutil.which("node"), "for want of node")
    def test_every_example_parses_and_the_counter_calls_what_secret_js_has(self):
        for name in EXAMPLES:
            run, script, _ = self.client(idl(CONTRACTS / name))
            self.assertEqual(run.returncode, 0, run.stderr)
            checked = subprocess.run(["node", "--check", script], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, f"{name}: {checked.stderr}")
        _, script, _ = self.client(idl(CONTRACTS / "counter"))
        (self.path / "story.js").write_text(STORY)
        told = subprocess.run(["node", self.path / "story.js", script], capture_output=True, text=True)
        self.assertEqual(told.returncode, 0, told.stderr)
        hash = "ab" * 32
        place = {"contract_address": "secret1c", "code_hash": hash}
        self.assertEqual(json.loads(told.stdout), [
            ["instantiate", {"sender": "secret1me", "code_id": 3, "code_hash": hash, "init_msg": {"count": 5}, "label": "l",
                             "init_funds": []}, {"gasLimit": 500000}],
            ["execute", {"sender": "secret1me", **place, "msg": {"increment": {}}, "sent_funds": []}, {"gasLimit": 200000}],
            ["execute", {"sender": "secret1me", **place, "msg": {"reset": {"count": 1}},
                         "sent_funds": [{"amount": "5", "denom": "uscrt"}]}, {"gasLimit": 9}],
            ["query", {**place, "query": {"get_count": {}}}],
            ["query", {**place, "query": {"get_note": {"address": "secret1a", "key": "k"}}}],
        ])


if __name__ == "__main__":
    unittest.main()
