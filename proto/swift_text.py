"""What the scripts that write Swift share: names, broken lines, and the formatter."""
import pathlib
import re
import subprocess
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[1]
WIDTH = 120
KEYWORDS = set(
    "as case class default enum extension false for func import in init internal is let nil operator protocol public repeat "
    "return self static struct subscript throws true var where".split())
ACRONYMS = {
    "id": "ID", "url": "URL", "urls": "URLs", "ibc": "IBC", "json": "JSON", "abci": "ABCI", "uri": "URI", "rpc": "RPC",
    "sha256": "SHA256",
}


def camel(name, upper=False):
    parts = re.split(r"[_.]", name)
    words = [ACRONYMS.get(part, part[:1].upper() + part[1:]) for part in parts if part]
    if not upper:
        words[0] = parts[0][:1].lower() + parts[0][1:]
    text = "".join(words)
    return "`%s`" % text if text in KEYWORDS else text


def wrapped(indent, head, items, tail):
    """`head(items)tail` on one line, or as swift-format breaks it."""
    line = "%s%s%s%s" % (indent, head, ", ".join(items), tail)
    if len(line) <= WIDTH:
        return [line]
    inner = indent + "    "
    rows = textwrap.wrap(", ".join(item.replace(" ", "\0") for item in items), WIDTH - len(inner))
    return [indent + head] + [inner + row.replace("\0", " ") for row in rows] + [indent + tail]


def together(indent, owner, fields):
    """Assignments, as many in one line as fit."""
    lines, rest = [], list(fields)
    while rest:
        for count in range(len(rest), 0, -1):
            names, part = [field.name for field in rest[:count]], rest[:count]
            left, right = ", ".join(owner + field.plain for field in part), ", ".join(names)
            line = "%s%s = %s" % (indent, *(("(%s)" % side if count > 1 else side) for side in (left, right)))
            if len(line) <= WIDTH or count == 1:
                break
        lines.append(line)
        rest = rest[count:]
    return lines


def formatted(output):
    """As `swift format` has it, which breaks long lines by rules of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in output.items():
            pathlib.Path(folder, name).write_text(text)
        command = ["swift", "format", "--in-place", "--parallel", "--configuration", str(ROOT / ".swift-format")]
        subprocess.run(command + [str(path) for path in sorted(pathlib.Path(folder).iterdir())], check=True)
        return {name: pathlib.Path(folder, name).read_text() for name in output}
