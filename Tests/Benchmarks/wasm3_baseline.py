"""Contract calls in wasm3, the interpreter that Secret Network's enclave runs contracts in.

Usage: wasm3_baseline.py CONTRACT.wasm SENDER INSTANTIATE_JSON EXECUTE_JSON
       wasm3_baseline.py CONTRACT.wasm SENDER INSTANTIATE_JSON --methods EXECUTE_JSON...

Prints for cloister-bench, on each line, a name, a tab, and the seconds that each repetition took; of methods two lines,
"N each" for the module read anew and "N warm" for an instance that has run it before. State is a dictionary. wasm3
reads the module anew for each call, as it does there; what the imports cost in Python is measured and taken away. Seconds
are processor time, so that a busy machine measures the same. A module that counts its gas, as Secret Network's do, comes
so from cloister-bench (of methods); another is cheaper here than it is there.
"""

import json
import struct
import sys
import time

import wasm3

REPETITIONS = 40
WARM_REPETITIONS = 100
STACK_BYTES = 1 << 20
CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def convert(data, source, target):
    """Regroups bits, as bech32 does."""
    accumulator = bits = 0
    result = []
    for value in data:
        accumulator = accumulator << source | value
        bits += source
        while bits >= target:
            bits -= target
            result.append(accumulator >> bits & (1 << target) - 1)
    if bits and source > target:
        result.append(accumulator << (target - bits) & (1 << target) - 1)
    return result


def checksum(prefix, data):
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data + [0] * 6
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            if top >> i & 1:
                state ^= generator
    return [(state ^ 1) >> 5 * (5 - i) & 31 for i in range(6)]


def humanize(canonical):
    data = convert(canonical, 8, 5)
    return ("secret1" + "".join(CHARSET[v] for v in data + checksum("secret", data))).encode()


def canonicalize(human):
    data = [CHARSET.index(c) for c in human.decode()[len("secret1"):-6]]
    return bytes(convert(data, 5, 8))


class Contract:
    """A contract with its state; every call can read the module anew."""

    def __init__(self, code, sender):
        self.code = code
        self.sender = sender
        self.state = {}
        self.environment = wasm3.Environment()
        self.seconds_in_imports = 0.0

    def instance(self):
        runtime = self.environment.new_runtime(STACK_BYTES)
        module = self.environment.parse_module(self.code)
        runtime.load(module)
        try:
            module.set_global("cloister.gas", 1 << 62)
        except RuntimeError:
            pass  # the module is not metered
        self.runtime = runtime
        for name, signature, function in (
            ("db_read", "i(i)", self.db_read),
            ("db_write", "v(ii)", self.db_write),
            ("db_remove", "v(i)", self.db_remove),
            ("canonicalize_address", "i(ii)", self.canonicalize_address),
            ("humanize_address", "i(ii)", self.humanize_address),
            ("addr_canonicalize", "i(ii)", self.canonicalize_address),
            ("addr_humanize", "i(ii)", self.humanize_address),
            ("query_chain", "i(i)", lambda *_: 0),
            ("addr_validate", "i(i)", lambda *_: 0),
            ("debug", "v(i)", lambda *_: None),
            ("debug_print", "v(i)", lambda *_: None),
        ):
            try:
                module.link_function("env", name, signature, self.timed(function))
            except RuntimeError:
                pass  # the module does not import it
        self.allocate = runtime.find_function("allocate")
        return runtime

    def timed(self, function):
        def run(*arguments):
            start = time.thread_time()
            result = function(*arguments)
            self.seconds_in_imports += time.thread_time() - start
            return result

        return run

    def memory(self):
        return self.runtime.get_memory(0)

    def region(self, pointer):
        memory = self.memory()
        offset, _, length = struct.unpack_from("<III", memory, pointer)
        return bytes(memory[offset:offset + length])

    def fill(self, pointer, data):
        memory = self.memory()
        offset = struct.unpack_from("<I", memory, pointer)[0]
        memory[offset:offset + len(data)] = data
        struct.pack_into("<I", memory, pointer + 8, len(data))

    def make(self, data):
        pointer = self.allocate(len(data)) & 0xFFFFFFFF
        self.fill(pointer, data)
        return pointer

    def db_read(self, key):
        value = self.state.get(self.region(key))
        return 0 if value is None else self.make(value)

    def db_write(self, key, value):
        self.state[self.region(key)] = self.region(value)

    def db_remove(self, key):
        self.state.pop(self.region(key), None)

    def canonicalize_address(self, source, target):
        self.fill(target, canonicalize(self.region(source).strip()))
        return 0

    def humanize_address(self, source, target):
        self.fill(target, humanize(self.region(source)))
        return 0

    def environment_json(self, is_old):
        block = {"height": 12, "time": 1571797419, "chain_id": "cloister-bench-1"}
        if is_old:
            return {
                "block": block, "message": {"sender": self.sender, "sent_funds": []},
                "contract": {"address": self.sender}, "contract_key": None, "contract_code_hash": "00" * 32,
                "transaction": None,
            }
        block["time"] = "1571797419879305533"
        contract = {"address": self.sender, "code_hash": "00" * 32}
        return {"block": block, "contract": contract, "transaction": None}

    def call(self, entry, message, runtime=None):
        runtime = runtime or self.instance()
        is_old = b"cosmwasm_vm_version_" in self.code
        name = {"instantiate": "init", "execute": "handle"}[entry] if is_old else entry
        parts = [json.dumps(self.environment_json(is_old)).encode()]
        if not is_old:
            parts.append(json.dumps({"sender": self.sender, "funds": []}).encode())
        regions = [self.make(part) for part in parts + [message]]
        answer = self.region(runtime.find_function(name)(*regions) & 0xFFFFFFFF)
        if not answer.startswith(b'{"Ok"'):
            raise RuntimeError(answer.decode(errors="replace"))


def measure(contract, repetitions, body):
    total, bare = [], []
    for _ in range(repetitions):
        contract.seconds_in_imports = 0.0
        start = time.thread_time()
        body()
        total.append(time.thread_time() - start)
        bare.append(total[-1] - contract.seconds_in_imports)
    return total, bare


def show(name, seconds):
    print(name + "\t" + " ".join(f"{value:.9f}" for value in seconds))


def measure_for(contract, seconds, body):
    """As often as the time allows, at least three times."""
    bare = []
    end = time.perf_counter() + seconds
    while len(bare) < 3 or (time.perf_counter() < end and len(bare) < WARM_REPETITIONS):
        bare += measure(contract, 1, body)[1]
    return bare


def methods(contract, messages):
    for number, message in enumerate(messages):
        message = message.encode()
        try:
            each = measure_for(contract, 0.5, lambda: contract.call("execute", message))
            runtime = contract.instance()
            contract.call("execute", message, runtime)
            warm = measure_for(contract, 0.5, lambda: contract.call("execute", message, runtime))
        except RuntimeError as error:
            print(f"{number} failed\t{error}".splitlines()[0])
            continue
        show(f"{number} each", each)
        show(f"{number} warm", warm)


def main():
    code = open(sys.argv[1], "rb").read()
    contract = Contract(code, sys.argv[2])
    contract.call("instantiate", sys.argv[3].encode())
    if sys.argv[4] == "--methods":
        return methods(contract, sys.argv[5:])
    message = sys.argv[4].encode()
    total, bare = measure(contract, REPETITIONS, lambda: contract.call("execute", message))
    show("wasm3: module read and call, as Secret Network does", bare)
    show("  with imports in Python", total)
    parsed, _ = measure(contract, REPETITIONS, contract.instance)
    show("  of which module read", parsed)
    # Functions are compiled at their first call, so the second call in one instance is the interpreter alone.
    runtime = contract.instance()
    contract.call("execute", message, runtime)
    _, warm = measure(contract, WARM_REPETITIONS, lambda: contract.call("execute", message, runtime))
    show("wasm3: call in an instance that has run it before", warm)


main()
