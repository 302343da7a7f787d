#!/usr/bin/env python3
"""What operations on numbers with 18 decimals must come to, by Python's own integers.

    decimal_oracle.py SEED COUNT

Writes COUNT random cases of each operation, a line each: the operation, its two operands, the result. Numbers are scaled
by 10^18; "overflow" and "zero" are what has no result. Knows nothing of the Swift code, of which it is the judge.
"""
import random
import sys

UNIT = 10**18
LIMIT = 1 << 315


def truncated(value):
    return abs(value) // UNIT * (1 if value >= 0 else -1)


def half_even(value):
    whole, rest = divmod(abs(value), UNIT)
    if rest > UNIT // 2 or (rest == UNIT // 2 and whole % 2 == 1):
        whole += 1
    return whole if value >= 0 else -whole


def upwards(value):
    return -(-value // UNIT) if value >= 0 else truncated(value)


def over(first, second):
    """Division towards zero."""
    whole = abs(first) // abs(second)
    return whole if (first < 0) == (second < 0) else -whole


ROUNDINGS = {"halfEven": half_even, "truncated": truncated, "up": upwards}
OPERATIONS = {"add": lambda a, b: a + b, "subtract": lambda a, b: a - b}
for name, rounding in ROUNDINGS.items():
    OPERATIONS["multiply-" + name] = lambda a, b, rounding=rounding: rounding(a * b)
    OPERATIONS["divide-" + name] = lambda a, b, rounding=rounding: rounding(over(a * UNIT * UNIT, b))
    OPERATIONS["whole-" + name] = lambda a, b, rounding=rounding: rounding(a)
OPERATIONS["multiply-whole"] = lambda a, b: a * b
OPERATIONS["divide-whole"] = lambda a, b: over(a, b)


def number(source):
    """Of every size, often one where roundings part or a digit is full."""
    bits = source.choice([source.randrange(0, 316), source.randrange(40, 140), 64, 128, 192, 256])
    value = source.getrandbits(bits) if bits else 0
    shape = source.randrange(8)
    if shape == 0:
        value = value // UNIT * UNIT + source.choice([0, 1, UNIT // 2 - 1, UNIT // 2, UNIT // 2 + 1, UNIT - 1])
    elif shape == 1:
        value = max(0, (1 << bits) - source.choice([1, 2, 1 << (bits // 2)]))
    elif shape == 2:
        value = (1 << max(bits - 1, 0)) + source.choice([0, 1])
    elif shape == 3:
        value = source.randrange(0, 2000) * UNIT // source.choice([1, 2, 3, 7, 10, 64])
    value = min(value, LIMIT - 1)
    return -value if source.randrange(4) == 0 else value


def whole(source):
    value = source.getrandbits(source.choice([1, 8, 40, 64, 65, 100, 128]))
    return value


def main(seed, count):
    lines = []
    for name, operation in OPERATIONS.items():
        source = random.Random("%s %s" % (seed, name))
        for _ in range(count):
            first = number(source)
            second = whole(source) if name.endswith("-whole") else number(source)
            try:
                result = operation(first, second)
                text = "overflow" if abs(result) >= LIMIT and not name.startswith("whole") else str(result)
            except ZeroDivisionError:
                text = "zero"
            lines.append("%s %d %d %s" % (name, first, second, text))
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
