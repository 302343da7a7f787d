#!/usr/bin/env python3
"""Would the tests notice a fault in the trusted zones? Makes thousands of them, one at a time, and looks.

`make` copies the tree to .build-mutants/tree, puts every mutant of Boundary, Secrets and Enclave behind a switch
(points.py); `build` builds the copy once with the fast test modules. `run` asks each suite which mutants it comes by, then
starts the suites that come by a mutant, the module's own first, until one is red, crashes or takes far too long.
Nobody comes by it, or all stay green: it survives. Survivors that are no fault, or that other tests catch, stand with
the reason in Tests/Mutants/known.txt; any other in verification code (VERIFICATION) fails the run.
`self-test` shows on a file of its own that each kind of mutant is made, is active alone, and can be caught.

Needs the debug build (`make build`): its settings say how each module is compiled.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import points as mutation

sys.setrecursionlimit(100_000)
ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "Tests/Mutants"
WORK = ROOT / ".build-mutants"
TREE = WORK / "tree"
LIST, KNOWN = WORK / "mutants.json", HERE / "known.txt"
FLAGS = ["--explicit-target-dependency-import-check", "error"]
ZONES = ("Boundary", "Secrets", "Enclave")
# Tests of the trusted zones that need no other process. Of each, the modules whose own tests they are.
TESTS = {
    "PublicCryptographyTests": ("PublicCryptography", "Wire"),
    "StrictJSONTests": ("StrictJSON",),
    "DecidedBlocksTests": ("DecidedBlocks", "Wire"),
    "SignedTransactionsTests": ("SignedTransactions", "LedgerRecords"),
    "StateProofsTests": ("StateProofs",),
    "AttestationTests": ("Attestation",),
    "EnclaveProtocolTests": ("EnclaveProtocol",),
    "SecretCryptographyTests": ("SecretCryptography",),
    "KeyringTests": ("Keyring", "LedgerRecords"),
    "ContractEngineTests": ("ContractEngine",),
    "EnclavePlatformTests": ("EnclavePlatform",),
    "EnclaveServiceTests": ("EnclaveService",),
}
# What decides whether something is believed: header, commit, proof, quote, policy, sealing, the record of signatures.
VERIFICATION = re.compile(
    r"Sources/(Boundary/(DecidedBlocks|StateProofs|Attestation)/|Enclave/Keyring/|Enclave/EnclavePlatform/Simulated"
    r"|Enclave/EnclaveService/(ConsensusSigner|KeyHandOver|VoteContent|Vouching)|Boundary/PublicCryptography/(Ed25519|Merkle|Secp256k1|P256))")
GENERATED = ("/Generated/", "/MessageTable.swift")
# Slow ones prove little more about one line.
SLOW = re.compile(r"Benchmarks|CompileCostTests|DeterminismTests|MutationTests/|RealContractTests")


def modules():
    """(name, sources, settings) of every trusted Swift library, as the debug build compiles it."""
    plan = (ROOT / ".build/debug.yaml").read_text()
    for found in re.finditer(r'args: (\["[^\n]*/swiftc","-module-name",[^\n]*\])', plan):
        words = json.loads(found[1])
        name = words[words.index("-module-name") + 1]
        folder = next((ROOT / f"Sources/{zone}/{name}" for zone in ZONES if (ROOT / f"Sources/{zone}/{name}").exists()), None)
        if folder is None or name.startswith("cloister") or name == "EnclaveProgram":
            continue
        settings, at = ["-module-name", name], 3
        while at < len(words):
            if words[at] in ("-I", "-target", "-swift-version", "-enable-upcoming-feature", "-package-name", "-Xcc"):
                settings += words[at:at + 2]
                at += 1
            elif words[at] == "-Xfrontend":
                settings.append(words[at + 1])
                at += 1
            elif words[at] in ("-strict-memory-safety", "-parse-as-library", "-enable-testing", "-Onone") \
                    or words[at].startswith("-D"):
                settings.append(words[at])
            at += 1
        yield name, sorted(folder.rglob("*.swift")), settings


def compiler(*words, **options):
    return subprocess.run(["swiftc", "-frontend", *words], capture_output=True, text=True, **options)


def trees(sources, settings):
    """The compiler's tree of each file."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [f"{folder}/{index}" for index in range(len(sources))]
        words = [word for path in sources for word in ("-primary-file", str(path))]
        words += [word for path in outputs for word in ("-o", path)]
        done = compiler("-dump-ast", "-dump-ast-format", "json", *words, *settings)
        if done.returncode:
            sys.exit(f"the tree does not compile; `make build` first:\n{done.stderr[:2000]}")
        return [json.loads(pathlib.Path(path).read_text()) for path in outputs]


class Mutant:
    def __init__(self, number, path, line, kind, before, after):
        self.number, self.path, self.line, self.kind = number, path, line, kind
        self.before, self.after = before, after
        # Of several alike in one file, which it is.
        self.occurrence = 1

    def key(self):
        """Says the same of the same mutant after lines have moved."""
        short = lambda text: " ".join(text.split())[:70]
        which = f" ({self.occurrence})" if self.occurrence > 1 else ""
        return (f"{self.path.removeprefix('Sources/')}: {self.kind}: {short(self.before)} -> "
                f"{short(self.after) or 'nothing'}{which}")


ASSIGNMENT = re.compile(r"[\w.()\[\], ]+ = ")


class Mutated:
    """A file with all its mutants, of which those that do not compile are taken out again."""

    def __init__(self, path, source, points, first):
        self.path, self.source, self.points = path, source, points
        self.numbers, self.mutants, alike = {}, [], collections.Counter()
        for point in points:
            line = source.count(b"\n", 0, point.start) + 1
            last = source.count(b"\n", 0, point.end) + 1
            for index, (kind, text) in enumerate(point.mutants):
                number = first + len(self.mutants)
                self.numbers[id(point), index] = number
                before = source[point.start:point.end].decode()
                one = Mutant(number, path, line, kind, before, text)
                alike[one.key()] += 1
                one.occurrence = alike[one.key()]
                self.mutants.append((one, point, index, line, last))

    def text(self):
        return mutation.render(self.source, self.points, self.numbers) + "\nimport CMutants\n"

    def left(self):
        kept = set(self.numbers.values())
        return [one for one, *_ in self.mutants if one.number in kept]

    def take_out(self, line, step):
        """What may be at fault for an error in this line: little at first, then all that is written around it."""
        for one, point, index, first, last in self.mutants:
            if (id(point), index) not in self.numbers:
                continue
            # What is not set may be missed far below.
            if step and line - 60 <= first <= line + 5 and point.form == "statement" and ASSIGNMENT.match(one.before):
                del self.numbers[id(point), index]
                continue
            if not first <= line <= last and not (step > 3 and line - 30 <= first <= line):
                continue
            if step == 0:
                guilty = first == line and point.form in ("call", "void", "statement")
            elif step == 1:
                guilty = first == line and one.kind not in ("guard dropped", "branch dropped", "boundary")
            elif step == 2:
                guilty = first == line
            else:
                guilty = True
            if guilty:
                del self.numbers[id(point), index]


def mutate(settings_of, sources, first, mutants_folder, limit=9):
    """The mutated text of each file of a module, such that all compile together."""
    files = []
    hand = [path for path in sources if not any(part in str(path) for part in GENERATED)]
    parsed = dict(zip(sources, trees(sources, settings_of)))
    for path in hand:
        source = path.read_bytes()
        name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
        file = Mutated(name, source, mutation.points_of(name, source, parsed[path]), first)
        first += len(file.mutants)
        files.append((path, file))
    steps = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        copies = {path: pathlib.Path(folder) / f"{index}-{path.name}" for index, path in enumerate(sources)}
        by_copy = {str(copies[path]): file for path, file in files}
        for path in sources:
            copies[path].write_bytes(path.read_bytes())
        for attempt in range(limit):
            for path, file in files:
                copies[path].write_text(file.text())
            done = compiler("-emit-sil", "-o", "/dev/null", "-solver-expression-time-threshold=5",
                            "-Xcc", f"-fmodule-map-file={mutants_folder}/include/module.modulemap",
                            *map(str, copies.values()), *settings_of)
            wrong = {(path, int(line)) for path, line in re.findall(r"^(\S+?):(\d+):\d+: error:", done.stderr, re.M)}
            if not done.returncode:
                return [file for _, file in files], first
            if not wrong:
                sys.exit(f"not understood:\n{done.stderr[-3000:]}")
            for path, line in wrong:
                if path not in by_copy:
                    sys.exit(f"an error in a file without mutants:\n{done.stderr[-3000:]}")
                by_copy[path].take_out(line, steps[path, line])
                steps[path, line] += 1
    sys.exit("still does not compile:\n" + done.stderr[:3000])


def module_map(folder):
    (folder / "include/module.modulemap").write_text('module CMutants { header "mutants.h" export * }\n')


def write(path, data):
    """Only what differs, so that a second build is short."""
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def copy_tree():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    kept = {name for name in names if not name.startswith("docs/")}
    for name in kept:
        if name.startswith("Sources/") and name.endswith(".swift") and name.split("/")[1] in ZONES:
            continue  # written mutated
        write(TREE / name, (ROOT / name).read_bytes())
        shutil.copymode(ROOT / name, TREE / name)
    for folder in ("Sources", "Tests"):
        for path in (TREE / folder).rglob("*") if (TREE / folder).exists() else []:
            if path.is_file() and str(path.relative_to(TREE)) not in kept and "CMutants" not in path.parts:
                path.unlink()
    for name in (".tools", "contracts/build"):
        if (ROOT / name).exists() and not (TREE / name).exists():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            (TREE / name).symlink_to(ROOT / name)
    target = TREE / "Sources/Boundary/CMutants"
    for path in (HERE / "CMutants").rglob("*.[ch]"):
        write(target / path.relative_to(HERE / "CMutants"), path.read_bytes())
    manifest = (ROOT / "Package.swift").read_text()
    for old, new in (
        (".treatAllWarnings(as: .error),", ""),
        ("let trustedModules: [Module] = [", 'let trustedModules: [Module] = [\n    boundary("CMutants", .c),'),
        ("return module.uses.map { .target(name: $0) } + module.packages",
         "return module.uses.map { .target(name: $0) } + module.packages\n"
         '        + (module.isTrusted && module.kind == .swift ? [.target(name: "CMutants")] : [])'),
    ):
        assert manifest.count(old) == 1, f"the manifest is not as expected: {old}"
        manifest = manifest.replace(old, new)
    write(TREE / "Package.swift", manifest.encode())
    return kept


def make():
    kept = copy_tree()
    with tempfile.TemporaryDirectory() as folder:
        mutants_folder = pathlib.Path(folder) / "CMutants"
        shutil.copytree(HERE / "CMutants", mutants_folder)
        module_map(mutants_folder)
        first, all_of_them, written = 1, [], set()
        for name, sources, settings in modules():
            files, first = mutate(settings, sources, first, mutants_folder)
            for file in files:
                write(TREE / file.path, file.text().encode())
                written.add(file.path)
            left = [one for file in files for one in file.left()]
            made = sum(len(file.mutants) for file in files)
            print(f"  {name:24} {len(left):6} mutants{f', {made - len(left)} do not compile' if made > len(left) else ''}",
                  flush=True)
            all_of_them += left
    for name in kept:
        if name.startswith("Sources/") and name.endswith(".swift") and name.split("/")[1] in ZONES and name not in written:
            write(TREE / name, (ROOT / name).read_bytes())
    assert first < 1 << 16
    LIST.write_text(json.dumps([vars(one) for one in all_of_them]))
    print(f"{len(all_of_them)} mutants", flush=True)


def build():
    """All mutants at once."""
    environment = dict(os.environ, CLOISTER_ZONES="trusted", CLOISTER_TESTS=",".join(TESTS))
    done = subprocess.run(["swift", "build", "--build-tests", *FLAGS], cwd=TREE, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(done.stdout[-6000:])


# ---- running

PROGRAM = TREE / ".build/debug/cloisterPackageTests.xctest"


MEMORY = 3 << 30
ENDLESS = "without an end"


def watch(pid, seconds, over):
    """Ends what goes on for ever or fills the memory."""
    for _ in range(int(seconds)):
        if over.wait(1):
            return
        try:
            if int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") > MEMORY:
                break
        except (FileNotFoundError, ProcessLookupError):
            return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def start(tests, environment, seconds, stop_at_red=True):
    """(red, seconds) of the tests in one process, which ends at the first red."""
    names = "|".join(re.escape(one) for one in tests)
    begun = time.monotonic()

    def limits():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.setsid()

    process = subprocess.Popen([PROGRAM, "--testing-library", "swift-testing", "--filter", f"^({names})"], cwd=TREE,
                               env=dict(os.environ, NO_COLOR="1", **environment), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, preexec_fn=limits)
    over = threading.Event()
    threading.Thread(target=watch, args=(process.pid, seconds, over), daemon=True).start()
    red = ""
    for line in process.stdout:
        text = line.decode(errors="replace")
        if "recorded an issue" in text or "✘" in text:
            red = text.strip()
            if stop_at_red:
                break
    if red and stop_at_red:
        os.killpg(process.pid, signal.SIGKILL)
    status = process.wait()
    over.set()
    taken = time.monotonic() - begun
    if not red and status:
        red = ENDLESS if status == -signal.SIGKILL else f"ended with {status}"
    return red, taken


def tests():
    listed = subprocess.run([PROGRAM, "--testing-library", "swift-testing", "--list-tests"], capture_output=True, text=True,
                            cwd=TREE, check=True).stdout
    return sorted(line for line in listed.splitlines() if line.split(".")[0] in TESTS and not SLOW.search(line))


def reached(jobs):
    """Of each test which mutants it comes by, and how long it takes."""
    cached = WORK / "reached.json"
    stamp = hashlib.sha256(LIST.read_bytes() + str(PROGRAM.stat().st_mtime_ns).encode()).hexdigest()
    if cached.exists() and (known := json.loads(cached.read_text()))["stamp"] == stamp:
        return {name: (set(numbers), seconds) for name, (numbers, seconds) in known["tests"].items()}

    def one(name):
        with tempfile.NamedTemporaryFile() as file:
            red, taken = start([name], {"CLOISTER_MUTANTS_REACHED": file.name}, 600, stop_at_red=False)
            if red:
                print(f"  {name} is red without a mutant and is left out: {red}", flush=True)
                return None
            return [int(line) for line in pathlib.Path(file.name).read_text().split()], taken

    names = tests()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        found = {name: result for name, result in zip(names, pool.map(one, names)) if result}
    print(f"{len(found)} tests come by {len(set().union(*(numbers for numbers, _ in found.values())))} mutants")
    cached.write_text(json.dumps({"stamp": stamp, "tests": found}))
    return {name: (set(numbers), seconds) for name, (numbers, seconds) in found.items()}


# What may share a process, and how many slow tests of other modules are asked.
QUICK_SECONDS, QUICK_TESTS, OTHERS_SLOW = 0.6, 80, 6


def judge(one, coverage, slowest):
    """What catches this mutant; `None` if nothing, "" if no test comes by it."""
    module = one.path.split("/")[2]
    by = sorted((name for name, (numbers, seconds) in coverage.items() if one.number in numbers and seconds < slowest),
                key=lambda name: (module not in TESTS[name.split(".")[0]], coverage[name][1]))
    quick = [name for name in by if coverage[name][1] < QUICK_SECONDS]
    slow = [name for name in by if coverage[name][1] >= QUICK_SECONDS]
    own = [name for name in slow if module in TESTS[name.split(".")[0]]]
    slow = own + slow[len(own):][:OTHERS_SLOW]
    batches = [quick[at:at + QUICK_TESTS] for at in range(0, len(quick), QUICK_TESTS)] + [[name] for name in slow]
    for together in batches:
        seconds = 30 + 10 * sum(coverage[name][1] for name in together)
        red, _ = start(together, {"CLOISTER_MUTANT": str(one.number)}, seconds)
        if red == ENDLESS:  # or the machine had no time
            red, _ = start(together, {"CLOISTER_MUTANT": str(one.number)}, 4 * seconds)
        if red:
            return red
    return None if by else ""


def known_survivors():
    lines = KNOWN.read_text().splitlines() if KNOWN.exists() else []
    return {line.split(" | ")[0]: line for line in lines if line and not line.startswith("#")}


def run(options):
    everything = []
    for fields in json.loads(LIST.read_text()):
        one = Mutant(*[fields[name] for name in ("number", "path", "line", "kind", "before", "after")])
        one.occurrence = fields["occurrence"]
        everything.append(one)
    chosen = [one for one in everything if re.search(options.only, one.path)] if options.only else everything
    if options.verification:
        chosen = [one for one in chosen if VERIFICATION.search(one.path)]
    random.Random(options.seed).shuffle(chosen)
    if options.count:
        chosen = chosen[:options.count]
    coverage = reached(options.jobs)
    known, done = known_survivors(), {}
    log = WORK / "results.jsonl"
    if options.resume and log.exists():
        for line in log.read_text().splitlines():
            fields = json.loads(line)
            done[fields["key"], fields["line"]] = fields["caught"]
    elif log.exists():
        log.unlink()
    results = [(one, done[one.key(), one.line]) for one in chosen if (one.key(), one.line) in done]
    todo = [one for one in chosen if (one.key(), one.line) not in done]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, log.open("a") as file:
        waiting = {pool.submit(judge, one, coverage, options.slowest): one for one in todo}
        for future in concurrent.futures.as_completed(waiting):
            one, caught = waiting[future], future.result()
            results.append((one, caught))
            file.write(json.dumps({"key": one.key(), "line": one.line, "caught": caught}) + "\n")
            file.flush()
            if not caught and one.key() not in known:
                print(f"{one.path}:{one.line}: alive{'' if caught is None else ' (nobody comes by)'}: {one.key()}", flush=True)
    caught = sum(1 for _, how in results if how)
    alive = [one for one, how in results if not how]
    explained = [one for one in alive if one.key() in known]
    print(f"{len(results)} mutants of {len(everything)}: {caught} caught, {len(alive)} alive, of which "
          f"{len(explained)} are explained in {KNOWN.relative_to(ROOT)}")
    judged = len(results) - len(explained)
    if judged:
        print(f"caught of those that are faults: {100 * caught / judged:.1f} %")
    by_module = collections.Counter("/".join(one.path.split("/")[1:3]) for one, _ in results)
    alive_in = collections.Counter("/".join(one.path.split("/")[1:3]) for one in alive if one.key() not in known)
    for name, count in sorted(by_module.items()):
        print(f"  {name:34} {count:6} mutants {alive_in[name]:5} alive")
    for one, how in results:
        if how and one.key() in known:
            print(f"caught now, and still in {KNOWN.name}: {one.key()}")
    if any(VERIFICATION.search(one.path) and one.key() not in known for one in alive):
        sys.exit("a fault in verification code would not be noticed")


# ---- the mutator itself

SAMPLE = '''
struct Bad: Error {}
struct Sample {
    var sum = 1
    let table = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    mutating func add(_ number: Int) { sum += number }
    func check(_ number: Int) throws(Bad) -> Int {
        guard number >= 3, number < 10 else { throw Bad() }
        if number == 5 && !(number > 7) { return number - 1 }
        return number
    }
    func minus(_ one: Int, from other: Int) -> Int { other - one }
    func isSmall(_ number: Int) -> Bool { return [1, 2].contains(number) }
}
package func observed() -> [String] {
    var sample = Sample()
    sample.add(2)
    let answers = (2...11).map { number in (try? sample.check(number)).map { "\\($0)" } ?? "bad" }
    let text = "label"
    let difference = sample.minus(1, from: 3)
    return answers + ["\\(sample.sum)", "\\(difference)", "\\(sample.isSmall(2))", text, "\\(sample.table)"]
}
'''
# What nobody can see of it: that 5 is not more than 7, however that is asked, and which number is small beside 2.
UNSEEN = [
    "Sample.swift: boundary: number > 7 -> number >= 7", "Sample.swift: constant: 1 -> 2 (3)",
    "Sample.swift: constant: 2 -> 1 (4)",
    "Sample.swift: constant: 7 -> 6", "Sample.swift: constant: 7 -> 8",
]


def self_test():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(HERE / "CMutants", folder / "CMutants")
        module_map(folder / "CMutants")
        source = folder / "Sample.swift"
        source.write_text(SAMPLE)
        settings = ["-module-name", "Sample", "-parse-as-library", "-package-name", "sample", "-swift-version", "6"]
        (file,), _ = mutate(settings, [source], 1, folder / "CMutants")
        left = file.left()
        kinds = {one.kind for one in left}
        wanted = {"guard dropped", "branch dropped", "always", "boundary", "negated", "operator", "constant", "text",
                  "statement dropped", "arguments swapped"}
        assert wanted <= kinds, f"no mutant of these kinds: {wanted - kinds}"
        assert file.text().count("\n") == SAMPLE.count("\n") + 2, "lines have moved"
        (folder / "mutated").mkdir()
        (folder / "mutated/Sample.swift").write_text(file.text())
        (folder / "mutated/main.swift").write_text("print(observed())\n")
        subprocess.run(["clang", "-c", folder / "CMutants/mutants.c", "-I", folder / "CMutants/include",
                        "-o", folder / "mutants.o"], check=True)
        subprocess.run(["swiftc", "-package-name", "sample", "-swift-version", "6",
                        "-Xcc", f"-fmodule-map-file={folder}/CMutants/include/module.modulemap",
                        folder / "mutated/Sample.swift", folder / "mutated/main.swift", folder / "mutants.o",
                        "-o", folder / "sample"], check=True, capture_output=True)

        def answer(**environment):
            return subprocess.run([folder / "sample"], env=dict(os.environ, **environment), capture_output=True,
                                  text=True)

        # Unmutated, it does what the source does, and says which places it came by.
        plain = answer(CLOISTER_MUTANTS_REACHED=str(folder / "reached"))
        assert plain.returncode == 0 and '"3", "4", "4", "6"' in plain.stdout, plain
        came_by = {int(line) for line in (folder / "reached").read_text().split()}
        missed = [one.key() for one in left if one.number not in came_by]
        assert not missed, f"not noted: {missed}"
        unseen = [one.key() for one in left
                  if (other := answer(CLOISTER_MUTANT=str(one.number))).stdout == plain.stdout and other.returncode == 0]
        assert sorted(unseen) == UNSEEN, f"not seen: {unseen}"
        assert answer(CLOISTER_MUTANT=str(len(left) + 1)).stdout == plain.stdout, "a number of no mutant does something"
        # Alone: of the sum's statement nothing but the sum is another.
        dropped = next(one for one in left if one.key() == "Sample.swift: statement dropped: sum += number -> nothing")
        assert answer(CLOISTER_MUTANT=str(dropped.number)).stdout == plain.stdout.replace(
            '"3", "2", "true"', '"1", "2", "true"') != plain.stdout, "another mutant is active, too"
        print(f"{len(left)} mutants of {len(kinds)} kinds: {len(left) - len(unseen)} seen, {len(unseen)} are no fault")


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("what", choices=["make", "build", "run", "self-test"])
    reader.add_argument("--only", help="expression that the file's path holds")
    reader.add_argument("--verification", action="store_true", help="only what decides whether something is believed")
    reader.add_argument("--count", type=int, help="so many, drawn with the seed")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    reader.add_argument("--slowest", type=float, default=5, help="seconds from which on a test is not asked")
    reader.add_argument("--resume", action="store_true", help="what an earlier run has judged stays judged")
    options = reader.parse_args()
    {"make": make, "build": build, "run": lambda: run(options), "self-test": self_test}[options.what]()
