"""Reads Swift and C as their compilers do, as far as an auditor's counts need it: what is code, what is a literal, what is a
comment. Regular expressions get it wrong where somebody wants them to: a quotation mark in a raw string, a comment that
begins inside a literal, code inside an interpolation."""
import re

OPEN = re.compile(r'(#*)("""(?=[ \t\r]*\n)|")')


# What begins nothing.
PLAIN, IN_COMMENT, IN_LITERAL = re.compile(r"[^/\"#'()]+"), re.compile(r"[^*/\n]+"), re.compile(r'[^"\\\n]+')


class Unreadable(Exception):
    """The text ends inside a literal or a comment, or has what is not read here."""


def split(text, is_c=False):
    """The text twice, with its lines where they are: code alone (literals empty, but with the code that they interpolate),
    and code with its literals. Neither has comments."""
    code, counted = [], []

    def put(part):
        code.append(part)
        counted.append(part)

    def comment(at):
        """Behind the comment that begins here; Swift's contain others."""
        depth = 0
        while at < len(text):
            if text.startswith("/*", at) and (depth == 0 or not is_c):
                depth, at = depth + 1, at + 2
            elif text.startswith("*/", at):
                depth, at = depth - 1, at + 2
                if depth == 0:
                    return at
            elif (found := IN_COMMENT.match(text, at)):
                at = found.end()
            else:
                if text[at] == "\n":
                    put("\n")
                at += 1
        raise Unreadable("a comment does not end")

    def literal(at, pounds, quote):
        """Behind the literal whose content begins here."""
        end, escape = quote + "#" * pounds, "\\" + "#" * pounds
        while at < len(text):
            if text.startswith(end, at):
                return at + len(end)
            if text.startswith(escape, at):
                counted.append(text[at:at + len(escape) + 1])
                at += len(escape) + 1
                if not is_c and text[at - 1:at] == "(":
                    code.append("(")
                    at = run(at, True)
                elif text[at - 1:at] == "\n":
                    code.append("\n")
                continue
            if (found := IN_LITERAL.match(text, at)):
                counted.append(found[0])
                at = found.end()
                continue
            if text[at] == "\n":
                if len(quote) == 1:
                    raise Unreadable("a literal does not end in its line")
                code.append("\n")
            counted.append(text[at])
            at += 1
        raise Unreadable("a literal does not end")

    def run(at, is_inside):
        """Code to the end of the text, or behind the bracket that closes an interpolation."""
        depth = 0
        while at < len(text):
            if (found := PLAIN.match(text, at)):
                put(found[0])
                at = found.end()
            elif text.startswith("//", at):
                # In C a line that ends in a backslash goes on.
                end = re.compile(r"(?:\\\r?\n|[^\n])*" if is_c else r"[^\n]*").match(text, at).end()
                put("\n" * text.count("\n", at, end))
                at = end
            elif text.startswith("/*", at):
                put(" ")
                at = comment(at)
            elif (found := OPEN.match(text, at)) and not (is_c and found[1]):
                quote = '"' if is_c else found[2]
                put('"')
                at = literal(at + len(found[1]) + len(quote), len(found[1]), quote)
                put('"')
            elif is_c and text[at] == "'":
                found = re.compile(r"'(?:\\.|[^'\\\n])+'").match(text, at)
                if not found:
                    raise Unreadable("a character does not end")
                put("'c'")
                at = found.end()
            else:
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                put(text[at])
                at += 1
                if is_inside and depth < 0:
                    return at
        if is_inside:
            raise Unreadable("an interpolation does not end")
        return at

    run(0, False)
    return "".join(code), "".join(counted)


def lines_of(text, is_c=False):
    """Lines with anything but comments; those of a literal of several lines are read by the auditor, too."""
    return sum(1 for line in split(text, is_c)[1].split("\n") if line.strip())
