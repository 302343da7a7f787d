#!/usr/bin/env python3
"""docs/conformance.md from the tables in Tests/Conformance (--generate), or whether both are as they should be (--check).

A table must have as many rows as its file of the protocol's test list has tests, and every row must say a rule and how it
is tried: by steps, by a test that exists, or why it is not."""
import json
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parents[2]
tables = root / "Tests/Conformance"
page = root / "docs/conformance.md"
counts = {"init": 38, "exec": 56, "query": 28, "submessages": 33, "migrate": 204, "mixed": 29, "parameters": 15, "ibc": 10}
modes = {"after": "after a migration", "during": "during a migration"}
verbs = {
    "execute", "query", "instantiate", "migrate", "update_admin", "clear_admin", "store", "pay", "together", "balance", "kept",
    "same",
}
# What a step, and what an expectation may say: a word that is misspelt would otherwise be looked for by nobody.
words = verbs | {
    "msg", "by", "funds", "gas", "hash", "label", "admin", "code", "code_id", "to", "amount", "key", "keep", "keep_charge",
    "expect", "is", "is_not", "has", "lacks",
}
expectations = {
    "data", "data_has", "data_unwraps", "answer", "answer_has", "answer_unwraps", "error", "error_is", "log", "code",
    "codespace", "attributes", "attributes_of", "attributes_have", "events", "clear", "sealed", "charge", "charge_from",
    "charge_to", "writes",
}
members = {
    "rule", "for", "with", "each", "matching", "needs", "steps", "test", "not", "after", "during", "derive", "mode",
}
wrong = []


def check_words(table, row):
    """Every word of a row is one that its player knows, and every step that can be looked at is."""
    found = set(row) - members
    for step in row.get("steps", []):
        found |= set(step) - words
        found |= set(step.get("expect", {})) - expectations
        if next(iter(step)) not in verbs:
            wrong.append(f"{table}: a step that begins with {next(iter(step))}")
        for part in step.get("together", []):
            found |= set(part) - words
    if found:
        wrong.append(f"{table}: {row.get('rule')}: unknown: {', '.join(sorted(found))}")


def has_test(target, name):
    return any(f'"{name}"' in path.read_text() for path in (root / "Tests" / target).rglob("*.swift"))


def how(row, mode):
    """In words, how a row is tried, and whether it is run."""
    reason = row.get("not") or (mode and row.get(mode))
    if reason:
        return f"not run: {reason}", False
    if "test" in row:
        target, name = row["test"].split(": ", 1)
        if not has_test(target, name):
            wrong.append(f"{target} has no test “{name}”")
        return f"{target}: “{name}”", True
    if not row.get("steps"):
        wrong.append(f"{row.get('rule')}: neither steps, nor a test, nor a reason")
    versions = " and ".join({"v1": "v1", "v010": "v0.10"}[version] for version in row.get("for", ["v1", "v010"]))
    return f"{versions}{', each of ' + str(len(row['each'])) if 'each' in row else ''}", True


def rows_of(name):
    found = []
    for row in json.loads((tables / f"{name}.json").read_text())["rows"]:
        if "derive" in row:
            for index, (origin, rule, source, _) in enumerate(rows_of(row["derive"])):
                found.append((f"{row['derive']} {index + 1}, {modes[row['mode']]}", rule, source, row["mode"]))
            continue
        check_words(name, row)
        if not row.get("rule"):
            wrong.append(f"{name}: a row without a rule")
        found.append(("", row.get("rule"), row, None))
    return found


def binaries():
    """The tables for contracts of others, which run where their binaries are."""
    lines = [
        "",
        "## Contracts of others",
        "",
        "Tables for binaries that are not in this repository: `make conformance CONTRACTS=folder`. Without a binary its rows",
        "are skipped, and counted.",
        "",
        "| table | rows | binaries |",
        "|---|---|---|",
    ]
    for path in sorted((tables / "binaries").glob("*.json")):
        table = json.loads(path.read_text())
        for row in table["rows"]:
            check_words(path.name, row)
            if not row.get("rule") or not row.get("steps"):
                wrong.append(f"{path.name}: a row without a rule or without steps")
            for code in row.get("needs", table.get("needs", [])):
                if code not in table["codes"]:
                    wrong.append(f"{path.name}: no code {code}")
        files = sorted({code["file"] for code in table["codes"].values()})
        lines.append(f"| {path.stem} | {len(table['rows'])} | {', '.join(files)} |")
    return lines


# What a contract asks the chain or asks of it, which the original's host answers and runs, and the test that tries it.
CHAIN = [
    ("staking: bonded_denom, validators, all_validators, validator, delegation, all_delegations, unbonding_delegations",
     "HostileHost: stakes, rewards, minting and proposals are answered from proved records, in a query and in a call"),
    ("dist: rewards; mint: inflation, bonded_ratio; gov: proposals (those that are voted on)",
     "EconomyTests: what contracts are told of stakes, rewards and minting is what the modules say, to the last digit"),
    ("by path: Params of auth, bank, distribution, mint, slashing, staking; staking Validator, Delegation, "
     "UnbondingDelegation; distribution DelegatorWithdrawAddress, FoundationTax, ValidatorCommission; mint Inflation, "
     "AnnualProvisions; slashing SigningInfo; gov v1beta1 Deposit",
     "EconomyTests: methods that contracts call by their path answer what the chain's own services answer, byte for byte"),
    ("messages: staking delegate, undelegate, redelegate, withdraw; distribution set_withdraw_address, "
     "withdraw_delegator_reward; gov vote; by type those, deposits, weighted votes, cancelled unbondings and gifts to the "
     "pool",
     "HostileHost: what contracts ask of staking, distribution and governance is the chain's own messages, in their name "
     "alone"),
    ("refused by name: fee grants, votes, governance's v1beta1 proposals and parameters, params, metadata, IBC",
     "HostileHost: what cannot be proved is refused by name"),
    ("refused by name: what a message of the block touched",
     "HostileHost: whoever stands in a message of the block's ledger is refused by name until the next block"),
]


def chain():
    lines = ["", "## What contracts ask of the chain", "", "| | tried with |", "|---|---|"]
    for what, test in CHAIN:
        target, name = test.split(": ", 1)
        if not has_test(target, name):
            wrong.append(f"{target} has no test “{name}”")
        lines.append(f"| {what} | {target}: “{name}” |")
    return lines


def generate():
    text = [
        "# Conformance",
        "",
        "What is tried of Secret Network's own test list, row by row; generated from `Tests/Conformance` by",
        "`Tests/House/conformance.py --generate`. `make conformance` runs it on the real enclave and prints the same table with",
        "what came of it; `make test` runs it too. How rows are written: `Tests/Conformance/README.md`.",
        "",
        "| file of the original | rows | run | not run |",
        "|---|---|---|---|",
    ]
    parts = []
    for name, count in counts.items():
        table = json.loads((tables / f"{name}.json").read_text())
        rows = rows_of(name)
        if len(rows) != count or table.get("count") != count:
            wrong.append(f"{name}.json has {len(rows)} rows, not {count}")
        lines = ["", f"## {name}: {table['of']}", "", "| | rule | tried with |", "|---|---|---|"]
        run = 0
        for index, (origin, rule, row, mode) in enumerate(rows):
            words, is_run = how(row, mode)
            run += is_run
            place = origin + ": " if origin else ""
            lines.append(f"| {index + 1} | {rule} | {place}{words} |")
        text.append(f"| {name}: {table['of']} | {count} | {run} | {count - run} |")
        parts += lines
    return "\n".join(text + binaries() + chain() + parts) + "\n"


generated = generate()
if "--generate" in sys.argv and not wrong:
    page.write_text(generated)
elif not page.exists() or page.read_text() != generated:
    wrong.append("docs/conformance.md is not what Tests/House/conformance.py --generate writes")
for problem in wrong:
    print(f"conformance: {problem}", file=sys.stderr)
if wrong:
    sys.exit(1)
print(f"docs/conformance.md: {sum(counts.values())} rows, as many as the protocol's list has tests")
