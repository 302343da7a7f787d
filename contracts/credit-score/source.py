#!/usr/bin/env python3
"""A source of records, as a bank would be: signs what the contract scores. Nothing here is of this repository's code.

    source.py key                                the public key, for the contract's first message
    source.py submit SUBJECT CONTRACT            a message with a signed record
"""
import base64
import hashlib
import json
import sys
import time

# secp256k1: the curve's equation in Python's integers.
P, N = 2**256 - 2**32 - 977, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
BASE = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
KEY = 0x5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED


def add(left, right):
    if left is None or right is None:
        return left or right
    if left[0] == right[0] and (left[1] + right[1]) % P == 0:
        return None
    slope = (3 * left[0] ** 2 * pow(2 * left[1], -1, P) if left == right
             else (right[1] - left[1]) * pow(right[0] - left[0], -1, P)) % P
    x = (slope * slope - left[0] - right[0]) % P
    return x, (slope * (left[0] - x) - left[1]) % P


def times(number, point):
    total = None
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def digest(message):
    return int.from_bytes(hashlib.sha256(message.encode()).digest(), "big")


def public_key():
    x, y = times(KEY, BASE)
    return bytes([2 + y % 2]) + x.to_bytes(32, "big")


def signature(message):
    nonce = digest("nonce of " + message) % N
    r = times(nonce, BASE)[0] % N
    s = pow(nonce, -1, N) * (digest(message) + r * KEY) % N
    return r.to_bytes(32, "big") + min(s, N - s).to_bytes(32, "big")


def submit(subject, contract):
    record = json.dumps({"subject": subject, "contract": contract, "valid_until_seconds": int(time.time()) + 3600,
                         "monthly_income": 4000, "monthly_debt": 900, "account_years": 10, "missed_payments": 1})
    return json.dumps({"submit": {"record": record, "signature": base64.b64encode(signature(record)).decode()}})


if __name__ == "__main__":
    if sys.argv[1:] == ["key"]:
        print(base64.b64encode(public_key()).decode())
    elif sys.argv[1:2] == ["submit"] and len(sys.argv) == 4:
        print(submit(*sys.argv[2:]))
    else:
        sys.exit(__doc__)
