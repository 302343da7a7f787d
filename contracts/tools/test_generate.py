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

    def test_a_stored_type_is_written_in_the_order_of_its_parts(self):
        made = generate(
            "// sdk: stored", "struct A {", "    var second: Text?", "    var first: [UInt64]", "}", "// sdk: words",
            "// sdk: stored", "enum B {", "    case low, high", "}", "// sdk: stored", "enum C {", "    case none",
            "    case some(a: A, other: UInt8)", "    case one(B)", "}")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertLess(made.stdout.index("self.second = try Text?(from: &reader)"),
                        made.stdout.index("self.first = try [UInt64](from: &reader)"))
        self.assertIn("case 1: self = .some(a: try A(from: &reader), other: try UInt8(from: &reader))", made.stdout)
        self.assertIn("case 2: self = .one(try B(from: &reader))", made.stdout)
        self.assertIn("extension B: JSONCoded", made.stdout)
        self.assertIn("extension B: BinaryCoded", made.stdout)
        self.assertNotIn("extension A: JSONCoded", made.stdout)

    def refused(self, place, text, *lines):
        made = generate(*lines)
        self.assertEqual(made.returncode, 1, lines)
        self.assertRegex(made.stderr, rf"\.swift:{place}: error: .*{text}", lines)

    def test_an_unmarked_message_is_named(self):
        entry = ["enum A: Contract {", "    static func execute(_ call: Call, _ message: B) throws(ContractError) -> Response {"]
        self.refused(4, "B is the message of `execute` and is not marked", *entry, "    }", "struct B {", "}", "}")
        for form in (["// sdk: message", "struct B {", "}"], ["struct B: JSONCoded {", "}"],
                     ["struct B {", "}", "extension B: JSONCoded {", "}"]):
            self.assertEqual(generate(*form, *entry, "    }", "}").returncode, 0, form)
        # Another type of the name, inside one of the SDK's, is another.
        self.refused(6, "B is the message of `execute` and is not marked", "extension D {", "    // sdk: message",
                     "    struct B {", "    }", "}", "struct B {", "}", *entry, "    }", "}")
        self.refused(1, "C, of which `c` is, is not marked: write `// sdk: message`",
                     "struct C {", "}", "// sdk: message", "struct B {", "    var c: [C]?", "}")

    def test_what_is_stored_is_made_of_what_is_stored(self):
        self.refused(2, "C, of which `c` is, is not marked: write `// sdk: stored`",
                     "// sdk: message", "struct C {", "}", "// sdk: stored", "enum B {", "    case c(C)", "}")

    def test_floats_and_hashed_collections_are_refused_with_their_place(self):
        for line in ("let a = 0.5", "var a: Double", "func a(b: [Float32]) {}", "let a = 1_000.25e3"):
            self.refused(2, "a float", "enum A {", f"    static {line}", "}")
        for line in ("let a: [Text: UInt64] = [:]", "let a: Set<Text> = []", "var a: Dictionary<Text, Text>"):
            self.refused(2, "Dictionary and Set", "enum A {", f"    static {line}", "}")
        for line in ('let a = "0.5"', "let a = 0..<5", "// 0.5 of a Double", "let a = b.0.1", "func a(b: [Text], c: Text) {}",
                     "let a = b[c ? D.e : F.g]", "let a = 1", 'let a = #"{"b":0.5}"#', 'let a = """\n0.5 [A: B]\n"""'):
            self.assertEqual(generate("enum A {", f"    static {line}", "}").returncode, 0, line)

    def test_two_structures_of_one_name_are_refused(self):
        self.refused(2, 'another Keymap is called "a"', 'let a = Keymap<Text, Text>("a")', 'let b = Keymap<UInt8, Text>("a")')
        self.refused(2, 'another Map or AppendList is called "a"', 'let a = Map<Text>("a")', 'let b = AppendList<Text>("a", paddedTo: 4)')
        old = 'let b = Keymap<Text, Old>("a")  // sdk: old form'
        self.assertEqual(generate('let a = Keymap<Text, New>("a")', old).returncode, 0)
        self.assertEqual(generate('let a = Keymap<Text, Text>("a")', 'let b = Keyset<Text>("a")', '// Keyset<Text>("a")').returncode, 0)


if __name__ == "__main__":
    unittest.main()
