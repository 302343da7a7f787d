#!/usr/bin/env python3
"""What generate.py reads, and what it refuses: a property that it overlooked would be lost with the next save."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

GENERATOR = pathlib.Path(__file__).with_name("generate.py")


def generate(*lines):
    with tempfile.NamedTemporaryFile("w", suffix=".swift") as source:
        source.write("\n".join(lines) + "\n")
        source.flush()
        return subprocess.run([sys.executable, GENERATOR, source.name], capture_output=True, text=True)


class GenerateTests(unittest.TestCase):
    def test_stored_properties_are_read_and_others_left_alone(self):
        made = generate(
            "// sdk: message", "struct A {", "    var plain: UInt64", "    private var hidden: Text? = nil",
            "    let list: [Text] = []", '    var short: Text { hidden ?? "" }', "    var long: UInt64 {",
            "        plain", "    }", "    static let fixed = 3", "    func ask(x: Int = 3) {}", "}")
        self.assertEqual(made.returncode, 0, made.stderr)
        for name in ("plain", "hidden", "list"):
            self.assertIn(f"self.{name} = ", made.stdout)
        for name in ("short", "long", "fixed", "ask"):
            self.assertNotIn(f'"{name}"', made.stdout)

    def test_what_cannot_be_read_is_refused_with_its_place(self):
        for line in (
            "var votes = UInt64(0)", "var a: UInt64, b: UInt64", "@Wrapped var a = 3", "lazy var a = 3",
            "var a = [1] { didSet {} }", "public private(set) var a = 3",
        ):
            made = generate("// sdk: message", "struct A {", f"    {line}", "}")
            self.assertEqual(made.returncode, 1, line)
            self.assertRegex(made.stderr, r"\.swift:3: error: a stored property", line)
        for line in ("indirect case a(x: A)", "@unknown case a", "case a(x: UInt64 = 3)", "case a(UInt64, Text)"):
            made = generate("// sdk: message", "enum A {", f"    {line}", "}")
            self.assertEqual(made.returncode, 1, line)
            self.assertRegex(made.stderr, r"\.swift:3: error: ", line)


if __name__ == "__main__":
    unittest.main()
