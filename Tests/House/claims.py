#!/usr/bin/env python3
"""Fails if docs/claims.md names a test that does not exist, numbers its claims wrongly, or has a claim without a test."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
lines = (root / "docs/claims.md").read_text().splitlines()
wrong, claims, tests = [], {}, 0
for line in lines:
    if begun := re.match(r"(\d+)\. ", line):
        claims[int(begun[1])] = 0
    elif named := re.match(r" +- .*?`(\w+)`: (.+)$", line):
        titles = "\n".join(path.read_text() for path in (root / "Tests" / named[1]).rglob("*.swift"))
        if f'@Test("{named[2]}"' not in titles and f'"{named[2]}"' not in titles:
            wrong.append(f"claim {max(claims)}: {named[1]} has no test “{named[2]}”")
        claims[max(claims)] += 1
        tests += 1
if list(claims) != sorted(claims):
    wrong.append("claims are not in the order of their numbers")
wrong += [f"claim {number} has no test" for number, count in claims.items() if count == 0]
for problem in wrong:
    print(f"docs/claims.md: {problem}", file=sys.stderr)
if wrong or not claims:
    sys.exit(1)
print(f"docs/claims.md: {len(claims)} claims, {tests} tests, all there")
