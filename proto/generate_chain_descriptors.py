#!/usr/bin/env python3
"""Turns proto/chain into Sources/Host/Interfaces/API/Generated/ChainDescriptors.swift.

    .venv/bin/pip install googleapis-common-protos==1.73.0
    .venv/bin/python proto/generate_chain_descriptors.py [--check]

Needs protoc (Debian: protobuf-compiler) on the path, and google/api/annotations.proto, which the package above installs
beside the interpreter's other packages. The same sources give the same bytes: files are sorted, source positions are
left out, and so is everything from google/ that only matters to the compiler. --check writes nothing and fails if the
committed file is not what the sources say.
"""
import base64
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "proto" / "chain"
TARGET = ROOT / "Sources" / "Host" / "Interfaces" / "API" / "Generated" / "ChainDescriptors.swift"
COMPILER_ONLY = ("google/api/", "google/protobuf/descriptor.proto", "cloister/options.proto")
LINE_LENGTH = 100


def include_of(path, folders):
    for folder in folders:
        if (pathlib.Path(folder) / path).is_file():
            return str(folder)
    sys.exit(f"{path} was not found; see the first lines of {pathlib.Path(__file__).name}")


def compile_sources():
    names = sorted(str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.proto"))
    includes = [
        str(SOURCES),
        include_of("google/protobuf/descriptor.proto", ["/usr/include", "/usr/local/include", *sys.path]),
        include_of("google/api/annotations.proto", sys.path),
    ]
    with tempfile.NamedTemporaryFile() as output:
        command = ["protoc", "--include_imports", f"--descriptor_set_out={output.name}"]
        if subprocess.run(command + [f"-I{folder}" for folder in includes] + names).returncode:
            sys.exit("chain descriptors: protoc refuses the sources, for what it says above")
        return pathlib.Path(output.name).read_bytes()


def varint(data, position):
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position


def files_of(descriptor_set):
    """(name, record) for each file: field 1 of the set holds a file, field 1 of a file its name, which comes first."""
    position = 0
    while position < len(descriptor_set):
        start = position
        tag, position = varint(descriptor_set, position)
        length, position = varint(descriptor_set, position)
        assert tag == 0x0A and descriptor_set[position] == 0x0A
        name_length, name_start = varint(descriptor_set, position + 1)
        name = descriptor_set[name_start:name_start + name_length].decode()
        position += length
        yield name, descriptor_set[start:position]


def generate():
    files = sorted(files_of(compile_sources()))
    kept = b"".join(record for name, record in files if not name.startswith(COMPILER_ONLY))
    text = base64.b64encode(kept).decode()
    lines = [text[start:start + LINE_LENGTH] for start in range(0, len(text), LINE_LENGTH)]
    return "\n".join([
        "// Made by proto/generate_chain_descriptors.py from proto/chain. Do not edit.",
        "",
        "/// The public protocol, as a serialized google.protobuf.FileDescriptorSet in Base64.",
        "enum ChainDescriptors {",
        '    static let base64 = """',
        *(f"        {line}\\" for line in lines[:-1]),
        f"        {lines[-1]}",
        '        """',
        "}",
        "",
    ])


def main():
    text = generate()
    if "--check" in sys.argv[1:]:
        if not TARGET.is_file() or TARGET.read_text() != text:
            sys.exit(f"{TARGET.relative_to(ROOT)} is not what proto/chain says: run proto/generate_chain_descriptors.py")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
