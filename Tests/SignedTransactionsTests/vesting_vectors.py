#!/usr/bin/env python3
"""Makes Tests/Fixtures/vesting.json: what is locked of a vesting account's coins, computed with whole numbers of any size
and with exact fractions, by what facts are known of the Cosmos SDK's rounding: a share has 18 decimals, and halves go to
the even neighbour, once for the share and once for the coins."""
import fractions
import json
import pathlib
import random

random.seed(17)


def even(value):
    return round(fractions.Fraction(value))  # Python's round of a fraction goes to even.


def share(passed, length):
    return fractions.Fraction(even(fractions.Fraction(passed * 10**36 // length, 10**18)), 10**18)


def vested(account, time):
    kind, start, end, amount = account["kind"], account["start"], account["end"], account["amount"]
    if kind == "PermanentLockedAccount":
        return 0
    if kind == "DelayedVestingAccount":
        return amount if time >= end else 0
    if time <= start:
        return 0
    if time >= end:
        return amount
    if kind == "ContinuousVestingAccount":
        return even(amount * share(time - start, end - start))
    done, at = 0, start
    for length, part in account["periods"]:
        if time - at < length:
            break
        done, at = done + part, at + length
    return done


def locked(account, time):
    return max(account["amount"] - vested(account, time) - account["delegated"], 0)


def account(kind):
    start = random.choice([0, 1, 1_700_000_000, random.randrange(2**33), -5])
    amount = random.choice([1, 2, 3, 10**6, 10**18 + 1, random.randrange(1, 2**64), 2**128 - 1])
    made = {"kind": kind, "start": 0, "end": 0, "amount": amount, "periods": []}
    if kind == "PeriodicVestingAccount":
        count = min(random.randrange(1, 6), amount)
        cuts = sorted(random.sample(range(1, min(amount, 10**9)), count - 1)) if amount > 2 else []
        parts = [b - a for a, b in zip([0] + cuts, cuts + [amount])]
        made["periods"] = [[random.choice([1, 60, random.randrange(1, 10**8)]), part] for part in parts]
        made["start"] = start
        made["end"] = start + sum(length for length, _ in made["periods"])
    elif kind == "ContinuousVestingAccount":
        made["start"] = start
        made["end"] = start + random.choice([1, 2, 3, 7, 10**9, random.randrange(1, 2**40), 2**62])
    elif kind == "DelayedVestingAccount":
        made["end"] = max(start, 1)
    made["delegated"] = random.choice([0, 0, amount, random.randrange(amount + 1)])
    return made


cases = []
for kind in ["ContinuousVestingAccount"] * 5 + ["PeriodicVestingAccount"] * 3 + ["DelayedVestingAccount", "PermanentLockedAccount"]:
    for _ in range(20):
        made = account(kind)
        ends = [made["start"], made["end"]] + [made["start"] + made["periods"][0][0] if made["periods"] else 0]
        times = [random.choice(ends) + random.randrange(-2, 3) for _ in range(3)]
        times += [random.randrange(made["start"], made["end"] + 1) for _ in range(3) if made["end"] >= made["start"]]
        for time in times:
            cases.append([kind, made["start"], made["end"], str(made["amount"]), str(made["delegated"]),
                          [[length, str(part)] for length, part in made["periods"]], time, str(locked(made, time))])
path = pathlib.Path(__file__).resolve().parents[1] / "Fixtures/vesting.json"
path.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
