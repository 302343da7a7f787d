"""A machine for an enclave, over a TPM 2.0: platform.py STATE speaks enclave-host/platform.h on descriptor 3.

An example of another platform (docs/backends.md), not one to keep a secret on: no program is measured or confined.

- Evidence is a quote of the TPM over the report data, by an attestation key that stays in it: `u16 length || bytes` for
  each of message, signature and the values of the quoted registers. `cloister evidence verify` takes the parts.
- The fuse key was made once and is stored as the TPM sealed it; sealing keys are HMAC-SHA256 of it.
- Both records are one file with the number of a counter of the TPM, which can only go up. A file that was set back has a
  number that is past, and the machine does not start with it. The counter goes up when the file is on disk: a file that
  is one ahead is one whose write was cut off, and counts.

The TPM here is swtpm, whose state is a folder beside the file: who sets back both is not caught. A TPM of hardware would.
"""
import ctypes, hashlib, hmac, os, signal, socket, struct, subprocess, sys, time

LANE, STATE = 3, os.path.abspath(sys.argv[1])
REGISTERS, COUNTER, PRIMARY = "0,7", "0x1500016", "primary.ctx"
DONE, MALFORMED, REFUSED, FAILED = 0, 1, 3, 4
RECORD, SIMULATED, OWN_VERSION = 80, 1, 0
NOTHING = bytes(RECORD)


class TPM:
    """swtpm, asked by tpm2-tools. There is no resource manager: what a tool loaded is flushed behind it."""

    def __init__(self, folder):
        self.folder = folder
        fresh = not os.path.exists(self.path("done"))
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if fresh:
            subprocess.run(["swtpm_setup", "--tpm2", "--tpmstate", folder, "--overwrite"], check=True,
                           capture_output=True)
        port = self.start()
        self.environment = {**os.environ, "TPM2TOOLS_TCTI": f"swtpm:host=127.0.0.1,port={port}"}
        # The same key each time: it is derived from the TPM's own seed.
        self.tool("createprimary", "-C", "o", "-c", PRIMARY)
        if fresh:
            self.tool("create", "-C", PRIMARY, "-i", "-", "-u", "fuse.pub", "-r", "fuse.priv", given=os.urandom(32))
            self.tool("create", "-C", PRIMARY, "-G", "ecc256:ecdsa-sha256:null", "-u", "ak.pub", "-r", "ak.priv", "-a",
                      "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign")
            self.tool("nvdefine", COUNTER, "-C", "o", "-a", "ownerread|ownerwrite|nt=counter")
            self.tool("nvincrement", COUNTER, "-C", "o")
            open(self.path("done"), "w").close()
        for name in ["fuse", "ak"]:
            self.tool("load", "-C", PRIMARY, "-u", name + ".pub", "-r", name + ".priv", "-c", name + ".ctx")
        self.tool("readpublic", "-c", "ak.ctx", "-f", "pem", "-o", "ak.pem")

    def start(self):
        """On two ports that follow each other, which is what the tools expect. It ends with this process."""
        while True:
            with socket.socket() as first, socket.socket() as second:
                first.bind(("127.0.0.1", 0))
                port = first.getsockname()[1]
                try:
                    second.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
            break
        subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + self.folder, "--server", f"type=tcp,port={port}",
             "--ctrl", f"type=tcp,port={port + 1}", "--flags", "not-need-init,startup-clear"],
            stdin=subprocess.DEVNULL, preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL))
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port + 1)) == 0:
                    return port
            time.sleep(0.02)
        sys.exit("swtpm does not start")

    def path(self, name):
        return os.path.join(self.folder, name)

    def tool(self, name, *words, given=None):
        def call(*words, given=None):
            return subprocess.run(words, cwd=self.folder, env=self.environment, input=given, check=True,
                                  capture_output=True).stdout
        output = call("tpm2_" + name, *words, given=given)
        call("tpm2_flushcontext", "-t")
        return output

    def fuse(self):
        return self.tool("unseal", "-c", "fuse.ctx")

    def quote(self, data):
        self.tool("quote", "-c", "ak.ctx", "-l", "sha256:" + REGISTERS, "-q", data.hex(), "-m", "message", "-s",
                  "signature", "-o", "values", "-F", "values", "-g", "sha256")
        parts = []
        for name in ["message", "signature", "values"]:
            with open(self.path(name), "rb") as file:
                parts.append(file.read())
        return b"".join(struct.pack(">H", len(part)) + part for part in parts)

    def count(self):
        return int.from_bytes(self.tool("nvread", COUNTER, "-C", "o"), "big")

    def increment(self):
        self.tool("nvincrement", COUNTER, "-C", "o")


class Records:
    """The two records, of blocks and of votes, and the counter's number under which they were stored."""

    def __init__(self, tpm):
        self.tpm, self.name = tpm, os.path.join(STATE, "records")
        count = tpm.count()
        if not os.path.exists(self.name):
            # Nothing was ever stored, or the file is gone: then the counter has moved.
            self.records, self.number = [NOTHING, NOTHING], count
            if count != 1:
                sys.exit("the records are gone")
            return
        with open(self.name, "rb") as file:
            content = file.read()
        self.number = int.from_bytes(content[:8], "big")
        self.records = [content[8:8 + RECORD], content[8 + RECORD:]]
        if len(content) != 8 + 2 * RECORD or self.number not in (count, count + 1):
            sys.exit(f"the records are of number {self.number}, and the TPM counts {count}: they were set back")
        if self.number == count + 1:
            tpm.increment()

    def write(self, which, last, record):
        if self.records[which] != last or not follows(record, last, any_header=which == 1):
            return REFUSED
        records = list(self.records)
        records[which] = record
        with open(self.name + ".new", "wb") as file:
            file.write(struct.pack(">Q", self.number + 1) + b"".join(records))
            file.flush()
            os.fsync(file.fileno())
        os.rename(self.name + ".new", self.name)
        self.tpm.increment()
        self.records, self.number = records, self.number + 1
        return DONE


def follows(record, last, any_header):
    """To a greater height, or to a greater count of the same one, under the same header or any."""
    height, before = record[:8], last[:8]
    is_first = any_header and last == NOTHING
    return height > before or height == before and record[40:48] > last[40:48] and (
        any_header or record[8:40] == last[8:40]) or is_first


def key(fuse, own, request):
    """Of a label, for this program alone."""
    return DONE, hmac.digest(fuse, own + b"\x00" + request, "sha256")


def versioned_key(fuse, own, request):
    policy, version, label = request[0], int.from_bytes(request[1:3], "big"), request[3:]
    if policy not in (1, 2, 3) or not 1 <= len(label) <= 64:
        return MALFORMED, b""
    # Nobody signed this program: it has no publisher's key.
    if version > OWN_VERSION or policy != 1:
        return REFUSED, b""
    return DONE, hmac.digest(fuse, own + b"\x01" + request, "sha256")


def main():
    tpm = TPM(os.path.join(STATE, "tpm"))
    records, fuse = Records(tpm), tpm.fuse()
    with open(__file__, "rb") as file:
        own = hashlib.sha256(file.read()).digest()

    def answer(operation, request):
        size = len(request)
        if operation == 1 and size == 0:
            return DONE, own + struct.pack(">I", SIMULATED)
        if operation == 2 and 1 <= size <= 64:
            return key(fuse, own, request)
        if operation == 3 and size == 64:
            return DONE, tpm.quote(request)
        if operation in (4, 6) and size == 0:
            return DONE, records.records[operation == 6]
        if operation in (5, 7) and size == 2 * RECORD:
            return records.write(operation == 7, request[:RECORD], request[RECORD:]), b""
        if operation == 8 and size >= 3:
            return versioned_key(fuse, own, request)
        if operation == 9 and size == 0:
            return DONE, struct.pack(">H", OWN_VERSION)
        return MALFORMED, b""

    lane = socket.socket(fileno=LANE)

    def receive(count):
        content = b""
        while len(content) < count:
            part = lane.recv(count - len(content))
            if not part:
                sys.exit(0)
            content += part
        return content

    while True:
        operation, size = struct.unpack(">BI", receive(5))
        if size > 2 * RECORD:
            sys.exit("a request of no length that there is")
        request = receive(size)
        try:
            status, payload = answer(operation, request)
        except (OSError, subprocess.CalledProcessError) as problem:
            print(problem, file=sys.stderr)
            status, payload = FAILED, b""
        lane.sendall(struct.pack(">BI", status, len(payload)) + payload)


main()
