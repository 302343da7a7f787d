#!/usr/bin/env python3
"""Names the tests that a log of `swift test` shows to have begun and not to have ended: unended.py LOG"""
import re
import sys

begun = {}
for line in open(sys.argv[1], encoding="utf-8", errors="replace"):
    if found := re.match(r"◇ Test (?!run |case )(.*) started\.$", line):
        begun[found[1]] = True
    elif found := re.match(r"[✔✘] Test (.*?)(?: with \d+ test cases?)? (?:passed|failed) after [\d.]+ seconds", line):
        begun.pop(found[1], None)
    elif found := re.match(r"➜ Test (.*?) skipped", line):
        begun.pop(found[1], None)
for name in begun:
    print("== did not end:", name)
