"""Where a Swift file can be wrong in one place: mutation points, read from the compiler's own tree of it.

The compiler says of each expression where it begins and ends and of which type it is, so a mutant is always one that
a person could have written. All mutants of a file stand in one text, each behind a switch (`render`), so that one
build serves them all.
"""
import json
import re

# A mangled type of the standard library, and what a person writes.
INTEGERS = {
    "$sSiD": "Int", "$sSuD": "UInt", "$ss5UInt8VD": "UInt8", "$ss6UInt16VD": "UInt16", "$ss6UInt32VD": "UInt32",
    "$ss6UInt64VD": "UInt64", "$ss4Int8VD": "Int8", "$ss5Int16VD": "Int16", "$ss5Int32VD": "Int32",
    "$ss5Int64VD": "Int64", "$ss7UInt128VD": "UInt128", "$ss6Int128VD": "Int128",
}
BOOL, VOID, TEXT = "$sSbD", "$sytD", "$sSSD"
OPERATORS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
    "+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "&+": "&-", "&-": "&+", "<<": ">>", ">>": "<<",
    "&": "|", "|": "&", "^": "&",
}
ASSIGNING = {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "^=": "|=", "<<=": ">>=", ">>=": "<<=", "&+=": "&-="}
# What these do is not what a program answers: how much memory is set aside, and what stands in a trap's message.
QUIET = re.compile(r"(?:\w+\??\.)*(reserveCapacity|assert|assertionFailure)\b")
TRAPS = re.compile(r"(precondition|preconditionFailure|fatalError|assert|assertionFailure)$")
# Numbers in a table are data: its first and last stand for all.
TABLE = 8
# Not a place of its own: what was written there is checked again elsewhere in the tree.
SKIPPED_KEYS = {"original_init", "raw_value_expr", "range", "inherits", "pattern", "patterns", "raw_value"}
NUMBER = re.compile(rb"(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*)")
WORD = re.compile(rb"[A-Za-z_$0-9`]+")


# Of two points at one place, which stands around the other.
ORDER = {"statement": 0, "call": 1, "void": 2, "value": 3}


class Point:
    """A range of the text and what may stand there instead: (kind, text) of each mutant."""

    def __init__(self, start, end, form, kind_of_type=None):
        self.start, self.end, self.form, self.type = start, end, form, kind_of_type
        self.mutants = []


class File:
    def __init__(self, path, source, tree):
        self.path, self.source = path, source
        self.points = {}
        self._visit(tree, [])

    # ---- places

    def _token_end(self, at):
        """The end of the token that begins here; the compiler's ranges name the beginning of their last one."""
        text = self.source
        if (word := WORD.match(text, at)):
            return word.end()
        if text[at:at + 1] in b'"#':
            return self._string_end(at)
        return at + 1

    def _string_end(self, at):
        text = self.source
        hashes = len(re.match(rb"#*", text[at:at + 8])[0])
        at += hashes
        if text[at:at + 1] != b'"':
            return (WORD.match(text, at) or re.match(rb".", text[at:])).end()
        quote = b'"""' if text[at:at + 3] == b'"""' else b'"'
        at += len(quote)
        close, escape = quote + b"#" * hashes, b"\\" + b"#" * hashes
        while not text.startswith(close, at):
            if at >= len(text):
                raise ValueError("a text without an end")
            if text.startswith(escape, at):
                at += len(escape)
                if text[at:at + 1] == b"(":
                    depth = 0
                    while at < len(text):
                        if text[at:at + 1] == b'"':
                            at = self._string_end(at)
                            continue
                        depth += {b"(": 1, b")": -1}.get(text[at:at + 1], 0)
                        at += 1
                        if depth == 0:
                            break
                    continue
            at += 1
        return at + len(close)

    def _range(self, node):
        span = node.get("range")
        try:
            return (span["start"], self._token_end(span["end"])) if span else None
        except ValueError:  # a piece of a text with values in it: no place of its own
            return None

    def text(self, start, end):
        return self.source[start:end].decode()

    def _add(self, start, end, form, kind, text, kind_of_type=None):
        point = self.points.setdefault((start, end, form), Point(start, end, form, kind_of_type))
        if all(text != other for _, other in point.mutants) and text != self.text(start, end):
            point.mutants.append((kind, text))

    # ---- what is looked for

    def _visit(self, node, above):
        if isinstance(node, list):
            for one in node:
                self._visit(one, above)
            return
        if not isinstance(node, dict):
            return
        kind = node.get("_kind", "")
        if kind in ("enum_element_decl", "enum_case_decl", "pattern_expr", "macro_expansion_expr", "if_config_decl"):
            return
        if kind in ("guard_stmt", "if_stmt", "while_stmt", "repeat_while_stmt"):
            self._conditions(kind, node)
        elif kind == "brace_stmt":
            for one in node.get("elements", []):
                self._statement(one, above)
        elif kind == "binary_expr" and not node.get("implicit"):
            self._binary(node)
        elif kind == "prefix_unary_expr":
            self._not(node)
        elif kind == "integer_literal_expr" and not node.get("implicit"):
            self._number(node, above)
        elif kind == "boolean_literal_expr" and not node.get("implicit"):
            place = self._range(node)
            word = self.text(*place)
            if word in ("true", "false") and above[-1].get("_kind") not in ("while_stmt", "repeat_while_stmt"):
                self._add(*place, "value", "constant", "false" if word == "true" else "true", "Bool")
        elif kind == "string_literal_expr" and not node.get("implicit"):
            self._text(node, above)
        elif kind == "return_stmt":
            self._answer(node)
        elif kind == "call_expr" and not node.get("implicit"):
            self._swap(node)
        for key, value in node.items():
            if key not in SKIPPED_KEYS and isinstance(value, (dict, list)):
                self._visit(value, above + [node])

    def _conditions(self, kind, node):
        conditions = node.get("conditions") or ([node["condition"]] if isinstance(node.get("condition"), dict) else [])
        for one in conditions:
            if one.get("type") != BOOL or not one.get("_kind", "").endswith("_expr"):
                continue
            place = self._range(one)
            if place is None or self.text(*place) in ("true", "false"):
                continue
            if kind == "guard_stmt":
                self._add(*place, "value", "guard dropped", "true", "Bool")
            elif kind in ("while_stmt", "repeat_while_stmt"):
                self._add(*place, "value", "loop dropped", "false", "Bool")
            else:
                self._add(*place, "value", "branch dropped", "false", "Bool")
                self._add(*place, "value", "always", "true", "Bool")

    def _statement(self, node, above):
        kind = node.get("_kind", "")
        if kind == "return_stmt" and node.get("implicit"):
            node = node.get("result") or {}
            kind = node.get("_kind", "")
            if node.get("type") != VOID:
                return
        if not kind.endswith("_expr") or node.get("implicit"):
            return
        place = self._range(node)
        if place is None or place[0] == place[1]:
            return
        text = self.text(*place)
        if QUIET.match(re.sub(r"^((try|unsafe|await)[?!]?\s+)+", "", text)) or "fatalError" in text or "Failure(" in text:
            return
        # What an initialiser does not set is not compiled.
        if kind == "assign_expr" and not text.startswith("_ =") and any(
                one.get("_kind") == "constructor_decl" for one in above):
            return
        self._add(*place, "statement", "statement dropped", "")

    def _operands(self, node):
        found = [argument.get("expr", {}) for argument in node.get("args", {}).get("args", [])]
        return [self._range(one) for one in found] if len(found) == 2 else [None, None]

    def _operator(self, node):
        span = (node.get("fn") or {}).get("range")
        if not span:
            return None
        found = re.match(rb"[-+*/%<>=!&|^~.?]+", self.source[span["start"]:span["start"] + 6])
        return (span["start"], found[0].decode()) if found else None

    def _binary(self, node):
        place, operator, (left, right) = self._range(node), self._operator(node), self._operands(node)
        if not place or not operator or not left or not right:
            return
        at, name = operator
        result = node.get("type")
        if name in ASSIGNING and result == VOID:
            self._add(*place, "void", "operator", self.text(place[0], at) + ASSIGNING[name]
                      + self.text(at + len(name), place[1]))
            return
        if name not in OPERATORS or not (result == BOOL or result in INTEGERS):
            return
        swift = "Bool" if result == BOOL else INTEGERS[result]
        other = self.text(place[0], at) + OPERATORS[name] + self.text(at + len(name), place[1])
        self._add(*place, "value", "boundary" if name in ("<", "<=", ">", ">=") else "operator", other, swift)
        if name in ("<", "<=", ">", ">="):
            turned = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[name]
            self._add(*place, "value", "negated", self.text(place[0], at) + turned
                      + self.text(at + len(name), place[1]), swift)

    def _not(self, node):
        operator = self._operator(node)
        place = self._range(node)
        if operator and operator[1] == "!" and place and node.get("type") == BOOL:
            self._add(*place, "value", "negated", self.text(place[0] + 1, place[1]), "Bool")

    def _number(self, node, above):
        place = self._range(node)
        swift = INTEGERS.get(node.get("type"))
        if not swift or not place:
            return
        found = NUMBER.fullmatch(self.source[place[0]:place[1]])
        if not found:
            return
        table = next((one for one in reversed(above) if one.get("_kind") == "array_expr"), None)
        if table and len(table.get("elements", [])) > TABLE:
            elements = [self._range(one) for one in table["elements"]]
            if place not in (elements[0], elements[-1]):
                return
        value = int(found[0].decode().replace("_", ""), 0)
        self._add(*place, "value", "constant", str(value + 1), swift)
        if value > 1:
            self._add(*place, "value", "constant", str(value - 1), swift)

    def _text(self, node, above):
        place = self._range(node)
        if not place or node.get("type") != TEXT or self.source[place[0]:place[0] + 1] != b'"':
            return
        if self.source[place[0]:place[0] + 3] == b'"""' or place[1] - place[0] < 3:
            return
        if any(one.get("_kind") == "interpolated_string_literal_expr" for one in above):
            return
        for one in above[-5:]:
            if one.get("_kind") == "call_expr" and (span := self._range(one)):
                if TRAPS.match(self.text(*span).split("(")[0]):
                    return
        self._add(*place, "value", "text", '"~' + self.text(place[0] + 1, place[1]), "String")

    def _answer(self, node):
        result = node.get("result") or {}
        if result.get("type") != BOOL or result.get("_kind") in ("boolean_literal_expr", "binary_expr", None):
            return
        place = self._range(result)
        if place and not result.get("implicit"):
            self._add(*place, "value", "negated", f"!({self.text(*place)})", "Bool")

    def _swap(self, node):
        place = self._range(node)
        arguments = [one for one in node.get("args", {}).get("args", [])]
        if not place:
            return
        for one, other in zip(arguments, arguments[1:]):
            first, second = one.get("expr", {}), other.get("expr", {})
            if one.get("inout") or other.get("inout") or first.get("type") != second.get("type"):
                continue
            if "default_argument" in first.get("_kind", "") + second.get("_kind", ""):
                continue
            left, right = self._range(first), self._range(second)
            if not left or not right or left[1] > right[0] or not place[0] <= left[0] <= right[1] <= place[1]:
                continue
            between = self.text(left[1], right[0])
            if "closure" in first.get("_kind", "") or "," not in between:
                continue
            self._add(*place, "call", "arguments swapped", self.text(place[0], left[0]) + self.text(*right) + between
                      + self.text(*left) + self.text(right[1], place[1]))


def points_of(path, source, tree):
    """Outer before inner, as `render` wants them."""
    found = File(path, source, tree).points.values()
    return sorted((one for one in found if one.mutants), key=lambda one: (one.start, -one.end, ORDER[one.form]))


def render(source, points, numbers, switch="cloister_mutant"):
    """The source with every mutant of `points` that has a number behind its switch. Lines stay where they are."""
    points = [one for one in points if any((id(one), index) in numbers for index in range(len(one.mutants)))]
    position = 0

    def until(end, start):
        nonlocal position
        out, at = [], start
        while position < len(points) and points[position].start < end:
            point = points[position]
            if point.end > end:  # half in: not a tree, left alone
                position += 1
                continue
            out.append(source[at:point.start].decode())
            position += 1
            out.append(wrapped(point, until(point.end, point.start)))
            at = point.end
        out.append(source[at:end].decode())
        return "".join(out)

    def wrapped(point, inner):
        choices = ""
        for index, (_, text) in enumerate(point.mutants):
            number = numbers.get((id(point), index))
            if number is None:
                continue
            if point.form == "statement":
                return f"if !{switch}({number}) {{ {inner} }}"
            one_line = re.sub(r"\s*\n\s*", " ", re.sub(r"(?<!:)//.*", "", text))
            choices += f"{switch}({number}) ? ({one_line}) : "
        return f"(({choices}({inner})){f' as {point.type}' if point.form == 'value' else ''})"

    return until(len(source), 0)


def trees(output):
    """The compiler writes one JSON document a file."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(output):
        while at < len(output) and output[at] in " \n":
            at += 1
        if at == len(output):
            return
        tree, at = decoder.raw_decode(output, at)
        yield tree["filename"], tree
