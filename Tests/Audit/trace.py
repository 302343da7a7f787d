#!/usr/bin/env python3
"""Traces the system calls of an enclave in a real run and holds them against enclave-host/allowed-syscalls.txt.

    trace.py --programs FOLDER [--contract contracts/build/counter.wasm]

A local network of the real programs runs a first private call (`cloister-node localnet --demo`) with its launcher under
strace. What the enclave's process called before it had its last list is held against the lists of the start, what came
after against the final ones. The lists are enforced whether or not anybody looks; this shows that they have no more than a
little beyond what is used, and says which calls nobody made."""
import argparse
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINE = re.compile(r"^(\d+) +[\d.]+ (.*)$")
CALL = re.compile(r"^(?:<\.\.\. )?(\w+)(?:\(| resumed>)")


def allowed():
    """Calls by list, of an enclave that compiles: those that are refused with an answer may be made, those that kill not."""
    lists = {"start": set(), "final": set()}
    for line in (ROOT / "enclave-host/allowed-syscalls.txt").read_text().split("\n"):
        words = line.split("#")[0].split()
        if len(words) >= 2 and words[1] in lists and "kills" not in words[2:]:
            lists[words[1]].add(words[0])
    return lists


def run(programs, contract, folder, seconds=240):
    """Plays the network; the file with the trace."""
    mine = folder / "programs"
    mine.mkdir()
    for name in ("cloister-node", "cloister"):
        shutil.copy(programs / name, mine / name)
    for file in programs.glob("cloister-enclave*"):
        if file.is_file():
            (mine / file.name).symlink_to(file)
    trace = folder / "trace"
    (mine / "enclave-host").write_text(
        "#!/bin/bash\n"
        f"exec strace -f -qq -ttt --pidns-translation -s 0 -o {trace}.$$ {programs / 'enclave-host'} \"$@\"\n")
    (mine / "enclave-host").chmod(0o755)
    port = 21000 + int(time.time()) % 9000
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen(
            [mine / "cloister-node", "localnet", "--home", folder / "home", "--rest-port", str(port), "--faucet-port",
             str(port + 1), "--metrics-port", str(port + 2), "--demo", contract], stdout=said, stderr=said, cwd=ROOT)
        try:
            for _ in range(seconds * 2):
                if b"a query answers" in (folder / "said").read_bytes() or process.poll() is not None:
                    break
                time.sleep(0.5)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
    said = (folder / "said").read_text(errors="replace")
    if "a query answers" not in said:
        log = folder / "home/node.log"
        sys.exit("trace: the network did not get to its first call:\n" + said[-1500:]
                 + (log.read_text()[-1500:] if log.exists() else ""))
    # A launcher that only measures has one, too: the one that served has said the most.
    return max(folder.glob("trace.*"), key=lambda file: file.stat().st_size)


def read(trace):
    """The calls of the enclave's process, of its start and of its life: the process that executes the sealed loader, and
    the threads of that."""
    start, final, of_enclave, has_list = {}, {}, set(), False
    for line in trace.read_text(errors="replace").split("\n"):
        match = LINE.match(line)
        if not match:
            continue
        thread, rest = int(match[1]), match[2]
        call = CALL.match(rest)
        if not call:
            continue
        name = call[1]
        if name == "execveat":
            of_enclave.add(thread)
        if thread not in of_enclave:
            continue
        if not rest.startswith("<... "):
            counts = final if has_list else start
            counts[name] = counts.get(name, 0) + 1
        # What came of it stands in the same line, or where the call is taken up again.
        if made := name in ("clone", "clone3") and re.search(r"= (\d+)(?: /\* (\d+) in strace's PID NS \*/)?$", rest):
            of_enclave.add(int(made[2] or made[1]))
        if name == "seccomp" and rest.endswith("= 0"):
            has_list = True
    return start, final, has_list


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--contract", default="contracts/build/counter.wasm")
    parser.add_argument("--keep", type=pathlib.Path, help="where the trace is to stay")
    options = parser.parse_args()
    if not shutil.which("strace"):
        print("trace: no strace on this machine; the lists are enforced and tried by HostileAttemptTests all the same")
        return
    with tempfile.TemporaryDirectory(prefix="cloister-trace-") as name:
        trace = run(options.programs.resolve(), options.contract, pathlib.Path(name))
        if options.keep:
            shutil.copy(trace, options.keep)
        start, final, has_list = read(trace)
    lists = allowed()
    wrong = []
    if not has_list or not final:
        wrong.append("the trace does not show the enclave taking its last list")
    for what, seen in (("start", start), ("final", final)):
        beyond = sorted(set(seen) - lists[what])
        wrong += [f"{name} is called and not on the list `{what}`" for name in beyond]
        unused = sorted(lists[what] - set(seen))
        print(f"  {what}: {sum(seen.values())} calls of {len(seen)} kinds, {len(lists[what])} allowed; "
              f"not seen: {', '.join(unused) or 'none'}")
    for each in wrong:
        print("trace: " + each, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
