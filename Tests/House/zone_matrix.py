#!/usr/bin/env python3
"""Every pair of zones: the manifest refuses exactly the edges that are forbidden here. The matrix stands here a second time, so
that whoever widens the one in Package.swift has to widen this one, too, in sight of a reviewer.

A copy of the manifest gets a module in each zone that uses one of every zone, and collects what it refuses instead of ending
at the first; Tests/House/zones.sh shows that one refusal ends it. `--prove` widens the copy's matrix and shows that it is seen."""
import pathlib
import re
import subprocess
import sys
import tempfile

MAY_USE = {
    "boundary": "boundary", "secrets": "boundary secrets", "enclave": "boundary secrets enclave", "state": "boundary state",
    "rules": "boundary rules", "chain": "boundary state rules chain", "engines": "boundary state engines",
    "peers": "boundary state engines peers", "interfaces": "boundary rules interfaces",
    "node": "boundary state rules chain engines peers interfaces node", "client": "boundary secrets client",
    "developer": "boundary secrets enclave developer", "launcher": "",
    "test": "boundary secrets enclave state rules chain engines peers interfaces node client developer launcher test",
}
# One of each zone that is open to nobody else.
MODULES = {
    "boundary": "Wire", "secrets": "SecretCryptography", "enclave": "ContractEngine", "state": "StateStore", "rules": "Bank",
    "chain": "Mempool", "engines": "EmbeddedEngine", "peers": "PeerWire", "interfaces": "API", "node": "Node",
    "client": "WalletClient", "developer": "cloister-contract", "launcher": "enclave-host", "test": "TestSupport",
}
ROOT = pathlib.Path(__file__).resolve().parents[2]


def once(pattern, put, text, what):
    text, count = re.subn(pattern, put, text, flags=re.S)
    if count != 1:
        sys.exit(f"zone_matrix: {what} stands {count} times in Package.swift")
    return text


def refused(manifest):
    """The pairs of zones that this manifest refuses."""
    used = ", ".join(f'"{name}"' for name in MODULES.values())
    probes = ", ".join(f'Module(name: "Probe-{zone}", zone: .{zone}, kind: .swift, path: "x", uses: [{used}])' for zone in MAY_USE)
    text = once(r"let modules =\n    \(", f"nonisolated(unsafe) var told: [String] = []\nlet modules =\n    ([{probes}] + ", manifest,
                "the list of modules")
    text = once(r'fatalError\(\s*("trust boundary: \\\(module\.name\) \(\\\(module\.zone\.rawValue\)\) may not use \\\(used\)[^\n]*?")\)',
                r"told.append(\1)\n            continue", text, "the refusal")
    text += '\nif !told.isEmpty { fatalError(told.joined(separator: "\\n")) }\n'
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "Package.swift").write_text(text)
        said = subprocess.run(["swift", "package", "--package-path", folder, "dump-package"], capture_output=True, text=True).stderr
    found = re.findall(r"trust boundary: Probe-(\w+) \((\w+)\) may not use ([\w-]+) \((\w+)\)", said)
    wrong = [each for each in found if each[0] != each[1] or MODULES.get(each[3]) != each[2]]
    if wrong or not found:
        sys.exit(f"zone_matrix: the manifest says something else: {wrong or said[-500:]}")
    return {(zone, other) for zone, _, _, other in found}


def differences(manifest):
    forbidden = {(zone, other) for zone, may in MAY_USE.items() for other in MAY_USE if other not in may.split()}
    found = refused(manifest)
    return forbidden, [f"ACCEPTED: {zone} uses {other}" for zone, other in sorted(forbidden - found)] \
        + [f"refused, and allowed here: {zone} uses {other}" for zone, other in sorted(found - forbidden)]


def main():
    manifest = (ROOT / "Package.swift").read_text()
    if sys.argv[1:] == ["--prove"]:
        for line, wider, pair in (
                (r"\.interfaces: \[\.boundary, ", ".interfaces: [.boundary, .secrets, ", "interfaces uses secrets"),
                (r"\.peers: \[\.boundary, ", ".peers: [.boundary, .enclave, ", "peers uses enclave"),
                (r"\.secrets: \[\.boundary, \.secrets\]", ".secrets: [.secrets]", "refused, and allowed here: secrets uses boundary")):
            _, wrong = differences(once(line, wider, manifest, pair))
            if not any(pair in each for each in wrong):
                sys.exit(f"zone_matrix: not seen: {pair}: {wrong}")
        return print("zone_matrix: 3 changes of the matrix seen")
    forbidden, wrong = differences(manifest)
    print("\n".join(wrong or (f"refused: {zone} uses {other}" for zone, other in sorted(forbidden))))
    sys.exit(bool(wrong))


main()
