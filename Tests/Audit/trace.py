#!/usr/bin/env python3
"""Traces the system calls of an enclave in a real run and holds them against enclave-host/allowed-syscalls.txt.

    trace.py --programs FOLDER [--contract contracts/build/counter.wasm]
    trace.py --list LAUNCHER       compares the file alone with what this launcher says that it installs
    trace.py --prove               shows that both can fail

A local network of the real programs runs a first private call (`cloister-node localnet --demo`) with its launcher under
strace. What the enclave's process called before it had its last list is held against the lists of the start, what came
after against the final ones. The lists are enforced whether or not anybody looks, and a call beyond them kills the enclave;
what this adds is that they are not wider than they need be: a call that is allowed and that nobody makes must be one of UNSEEN,
for a reason."""
import argparse
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINE = re.compile(r"^(\d+) +[\d.]+ (.*)$")
# Allowed, and not made by a first call on a good day.
UNSEEN = {
    "clock_gettime": "answered without the kernel", "restart_syscall": "made by the kernel, after a stop",
    "sched_yield": "where threads meet", "mlock": "libsodium's memory, more of it", "munlock": "the same, given back",
    "mremap": "where memory grows in its place", "madvise": "memory that is given back", "exit": "where a thread ends",
    "exit_group": "where the process ends", "tgkill": "a broken invariant (abort)", "getpid": "the same",
    "rt_sigaction": "traps of a contract", "rt_sigprocmask": "the same, and abort", "rt_sigreturn": "the same",
    "ioctl": "asked of standard error, and refused", "faccessat": "the loader's, and refused",
    "getrusage": "where a lane tells what it took",
}
CALL = re.compile(r"^(?:<\.\.\. )?(\w+)(?:\(| resumed>)")


def compared(text, installed, machine):
    """How the rows of the start lists in the file differ from those that a launcher installs."""
    rows = []
    for line in text.split("\n"):
        words = line.split("#")[0].split()
        if words and words[-1] in ("x86_64", "aarch64"):
            words = words[:-1] if words[-1] == machine else []
        if len(words) >= 2 and words[1] in ("start", "strict-start"):
            rows.append(" ".join(words))
    installed = [line for line in installed.split("\n") if line]
    wrong = [f"{row} is in the file and not installed" for row in rows if row not in installed]
    wrong += [f"{row} is installed and not in the file" for row in installed if row not in rows]
    if len(rows) != len(installed) or not rows:
        wrong.append(f"the file has {len(rows)} rows of the start, the launcher {len(installed)}")
    return wrong


def judged(seen_by_list, lists):
    """What a run called beyond its list, and what its list has beyond a run and beyond UNSEEN."""
    wrong = []
    for what, seen in seen_by_list.items():
        wrong += [f"{name} is called and not on the list `{what}`" for name in sorted(set(seen) - lists[what])]
        wrong += [f"{name} is on the list `{what}`, and nobody makes that call" for name in sorted(lists[what] - set(seen))
                  if name not in UNSEEN]
    return wrong


def prove():
    text, machine = (ROOT / "enclave-host/allowed-syscalls.txt").read_text(), platform.machine()
    rows = [" ".join(line.split("#")[0].split()) for line in text.split("\n")]
    plain = "\n".join(row for row in rows if re.match(r"\w+ (strict-)?start", row) and not row.endswith(("x86_64", "aarch64")))
    own = "\n".join(row.rsplit(" ", 1)[0] for row in rows if re.match(r"\w+ (strict-)?start", row) and row.endswith(machine))
    installed = plain + "\n" + own
    lists = allowed()
    seen = {what: names - set(UNSEEN) for what, names in lists.items()}
    cases = [
        (compared(text, installed, machine), None), (compared(text + "\nsocket start\n", installed, machine), "socket start"),
        (compared(text.replace("\nptrace start", "\n# ptrace start"), installed, machine), "is installed and not in the file"),
        (compared(text, installed + "\nsocket start", machine), "is installed"), (compared("", "", machine), "0 rows"),
        (judged(seen, lists), None),
        (judged(seen, {**lists, "final": lists["final"] | {"socket"}}), "nobody makes that call"),
        (judged({**seen, "final": seen["final"] | {"socket"}}, lists), "is called and not"),
    ]
    for number, (wrong, wanted) in enumerate(cases):
        if bool(wrong) != (wanted is not None) or wanted and not any(wanted in one for one in wrong):
            sys.exit(f"trace: case {number} is not as it should be: {wrong[:5]}")
    print(f"trace: {sum(wanted is not None for _, wanted in cases)} faults found, and nothing else")


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
    parser.add_argument("--programs", type=pathlib.Path)
    parser.add_argument("--list", type=pathlib.Path, metavar="LAUNCHER")
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--contract", default="contracts/build/counter.wasm")
    parser.add_argument("--keep", type=pathlib.Path, help="where the trace is to stay")
    options = parser.parse_args()
    if options.prove:
        return prove()
    if options.list:
        installed = subprocess.run([options.list, "--syscalls"], capture_output=True, text=True, check=True).stdout
        wrong = compared((ROOT / "enclave-host/allowed-syscalls.txt").read_text(), installed, platform.machine())
        print("\n".join("trace: " + each for each in wrong) or f"  {len(installed.splitlines())} rows of the start, as they are installed")
        sys.exit(bool(wrong))
    if not options.programs:
        parser.error("--programs, --list or --prove")
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
        unused = sorted(lists[what] - set(seen))
        print(f"  {what}: {sum(seen.values())} calls of {len(seen)} kinds, {len(lists[what])} allowed; "
              f"not seen: {', '.join(unused) or 'none'}")
    wrong += judged({"start": start, "final": final}, lists)
    for each in wrong:
        print("trace: " + each, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
