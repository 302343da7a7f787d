#!/usr/bin/env python3
"""Writes a client of a contract out of its JSON Schema (schema.py's, or cosmwasm-schema's of a contract in Rust).

    client.py NAME.schema.json NAME.client.js NAME.client.d.ts

The client has a method for each message, typed in the second file, and none of its own dependencies: it is given secret.js'
SecretNetworkClient, or whatever else has `tx.compute.executeContract`, `tx.compute.instantiateContract` and
`query.compute.queryContract` as that has.
"""
import json
import re
import sys

HEADER = "// Written by tools/client.py from the contract's JSON Schema; not edited by hand.\n"
# What a class has already, and what no method may be called.
TAKEN = {"constructor", "client", "contractAddress", "codeHash", "sender", "gasLimit", "instantiate", "arguments", "prototype",
         "then", "toString", "toJSON", "valueOf"}


def camel(name):
    parts = re.split(r"[^A-Za-z0-9]+", name)
    return parts[0] + "".join(part[:1].upper() + part[1:] for part in parts[1:])


def pascal(name):
    name = camel(name)
    return name[:1].upper() + name[1:]


def quoted(name):
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)


def variants(schema):
    """The messages of an enum: their names, with what each takes (None for one that is a word alone) and what is said of it."""
    if schema is None:
        return []
    found = []
    for case in schema.get("oneOf") or schema.get("anyOf") or ([schema] if schema.get("enum") or schema.get("required") else []):
        if case.get("type") == "string":
            found += [(name, None, case.get("description")) for name in case.get("enum", [case.get("const")]) if name]
        elif len(case.get("required", [])) == 1:
            name = case["required"][0]
            found.append((name, case["properties"][name], case.get("description")))
        else:
            sys.exit(f"error: {schema.get('title', 'a message')} has a case that is no object with one member")
    return found


class Types:
    """TypeScript's names for the definitions of all documents; those of one name that differ have a number behind it."""

    def __init__(self):
        self.known, self.declared = {}, []

    def of(self, schema, document):
        if schema is True or not isinstance(schema, dict):
            return "unknown"
        if "$ref" in schema:
            return self.name(schema["$ref"].removeprefix("#/definitions/"), document)
        if "const" in schema:
            return json.dumps(schema["const"])
        if "enum" in schema:
            return " | ".join(json.dumps(word) for word in schema["enum"])
        for key, sign in (("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")):
            if key in schema:
                return sign.join(dict.fromkeys(self.grouped(part, document) for part in schema[key]))
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(self.of({**schema, "type": one}, document) for one in kind)
        if kind == "array":
            if isinstance(schema.get("items"), list):
                return "[" + ", ".join(self.of(item, document) for item in schema["items"]) + "]"
            return f"Array<{self.of(schema.get('items'), document)}>"
        if kind == "object" and (schema.get("properties") or schema.get("additionalProperties") is False):
            members = [
                f"{quoted(name)}{'' if name in schema.get('required', []) else '?'}: {self.of(value, document)}"
                for name, value in schema.get("properties", {}).items()
            ]
            return "{ " + "; ".join(members) + " }" if members else "Record<string, never>"
        return {
            "string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null",
            "object": "Record<string, unknown>",
        }.get(kind, "unknown")

    def grouped(self, schema, document):
        text = self.of(schema, document)
        return f"({text})" if re.search(r"[|&] ", text) and not text.startswith("{") else text

    def name(self, name, document):
        definition = document.get("definitions", {}).get(name)
        if definition is None:
            sys.exit(f"error: {document.get('title')} has no definition of {name}")
        key = (name, json.dumps(definition, sort_keys=True))
        if key not in self.known:
            base = pascal(name)
            taken = set(self.known.values())
            number = next(n for n in range(1, len(taken) + 2) if (base if n == 1 else f"{base}{n}") not in taken)
            self.known[key] = base if number == 1 else f"{base}{number}"
            place = len(self.declared)
            self.declared.append("")
            said = comment(definition.get("description"), "")
            self.declared[place] = f"{said}export type {self.known[key]} = {self.of(definition, document)};\n"
        return self.known[key]


def comment(text, indent):
    return f"{indent}/** {text.replace('*/', '* /')} */\n" if text else ""


def methods(idl):
    """Of calls and questions: what each is called, so that none is called like another."""
    taken, found = set(TAKEN), []
    for kind, schema in (("execute", idl.get("execute")), ("query", idl.get("query"))):
        for name, takes, said in variants(schema):
            method = camel(name)
            if not re.fullmatch(r"[A-Za-z_]\w*", method) or method in taken:
                method = kind + pascal(name)
            if method in taken:
                sys.exit(f"error: two messages would be called {method}")
            taken.add(method)
            found.append((kind, method, name, takes, said))
    return found


def javascript(idl, title):
    out = [HEADER]
    out.append(f"/** The contract {idl['contract_name']} at an address. */\nexport class {title} {{")
    out.append("""  /** @param client a SecretNetworkClient; `sender` is its address if it is not told. */
  constructor(client, { contractAddress, codeHash, sender = client.address, gasLimit = 200_000 }) {
    if (!contractAddress || !/^[0-9a-f]{64}$/.test(codeHash)) throw new TypeError("contractAddress and codeHash must be told");
    Object.assign(this, { client, contractAddress, codeHash, sender, gasLimit });
  }

  /** Makes a contract of a code. What comes back is the transaction. */
  static instantiate(client, initMsg, { codeId, codeHash, label, sender = client.address, funds = [], gasLimit = 500_000 }) {
    return client.tx.compute.instantiateContract(
      { sender, code_id: codeId, code_hash: codeHash, init_msg: initMsg, label, init_funds: funds }, { gasLimit });
  }
""")
    for kind, method, name, takes, said in methods(idl):
        out.append(comment(said, "  ").rstrip("\n")) if said else None
        message = json.dumps(name) if takes is None else f"{{ {quoted(name)}: args }}"
        args = "" if takes is None else ("args = {}" if is_optional(takes) else "args")
        if kind == "execute":
            args = ", ".join(filter(None, [args, "options"]))
            out.append(f"  {method}({args}) {{\n    return this.#execute({message}, options);\n  }}\n")
        else:
            out.append(f"  {method}({args}) {{\n    return this.#query({message});\n  }}\n")
    out.append("""  #execute(msg, { funds = [], gasLimit = this.gasLimit } = {}) {
    return this.client.tx.compute.executeContract(
      { sender: this.sender, contract_address: this.contractAddress, code_hash: this.codeHash, msg, sent_funds: funds },
      { gasLimit });
  }

  #query(query) {
    return this.client.query.compute.queryContract(
      { contract_address: this.contractAddress, code_hash: this.codeHash, query });
  }
}""")
    return "\n".join(out) + "\n"


def is_optional(takes):
    """Whether a call without anything is one."""
    return takes.get("type") == "object" and not takes.get("required")


def typescript(idl, title):
    types, body = Types(), []
    init = types.of(idl["instantiate"], idl["instantiate"])
    answers = {kind: idl.get(key) or {} for kind, key in (("execute", "execute_responses"), ("query", "responses"))}
    for kind, method, name, takes, said in methods(idl):
        args = ""
        if takes is not None:
            args = f"args{'?' if is_optional(takes) else ''}: {types.of(takes, idl[kind])}"
        answer = answers[kind].get(name)
        answer = types.of(answer, answer) if answer is not None else "unknown"
        if kind == "execute":
            of = f" `data` of its transaction: {answer}" if name in answers[kind] else ""
            body.append(comment(((said or "") + of).strip(), "  ") + f"  {method}({', '.join(filter(None, [args, 'options?: CallOptions']))}): Promise<Transaction>;")
        else:
            body.append(comment(said, "  ") + f"  {method}({args}): Promise<{answer}>;")
    return HEADER + f"""
export type FundsOfCall = Array<{{ amount: string; denom: string }}>;
export interface CallOptions {{ funds?: FundsOfCall; gasLimit?: number }}
/** What the client gives back of a transaction (secret.js: TxResponse). */
export type Transaction = any;
/** secret.js' SecretNetworkClient, or what has these of it. */
export interface SigningClient {{
  address?: string;
  tx: {{ compute: {{
    executeContract(params: any, options?: any): Promise<Transaction>;
    instantiateContract(params: any, options?: any): Promise<Transaction>;
  }} }};
  query: {{ compute: {{ queryContract(params: any): Promise<any> }} }};
}}

""" + "\n".join(types.declared) + f"""
export type InitMsg = {init};

export declare class {title} {{
  constructor(client: SigningClient, of: {{ contractAddress: string; codeHash: string; sender?: string; gasLimit?: number }});
  static instantiate(
    client: SigningClient, initMsg: InitMsg,
    of: {{ codeId: number | string; codeHash: string; label: string; sender?: string; funds?: FundsOfCall; gasLimit?: number }},
  ): Promise<Transaction>;
""" + "\n".join(body) + "\n}\n"


def main():
    source, script, declarations = sys.argv[1:]
    with open(source) as file:
        idl = json.load(file)
    title = pascal(idl["contract_name"]) + "Client"
    made = javascript(idl, title), typescript(idl, title)
    for path, text in zip((script, declarations), made):
        with open(path, "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
