#!/usr/bin/env python3
"""Records quotes of a real software TPM (swtpm) as facts: Tests/Fixtures/tpm-quotes.json.

    record.py FILE      needs swtpm, swtpm-tools, tpm2-tools and openssl; `make tpm-quotes` calls it

The TPM is made anew each time, so that keys, clocks and signatures are others each time. The certificates are of a
root and an authority made here, as a maker of TPMs would have them.
"""
import base64, json, os, socket, subprocess, sys, tempfile, time

work = tempfile.mkdtemp(prefix="tpm-quotes-")
DATA = {"report": bytes(range(64)), "nonce": b"\xab" * 32}
REGISTERS = {0: "11" * 32, 7: "22" * 32, 10: "33" * 32}


def run(*words, **more):
    result = subprocess.run(words, cwd=work, capture_output=True, env={**os.environ, **more})
    if result.returncode != 0:
        sys.exit(f"{' '.join(words)}: {result.stderr.decode()}")
    return result.stdout


def read(name):
    with open(os.path.join(work, name), "rb") as file:
        return base64.b64encode(file.read()).decode()


def write(name, text):
    with open(os.path.join(work, name), "w") as file:
        file.write(text)


def free_ports():
    """Two that follow each other, as the tools expect."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


port = free_ports()
TCTI = {"TPM2TOOLS_TCTI": f"swtpm:host=127.0.0.1,port={port}"}


def start():
    process = subprocess.Popen(
        ["swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + work, "--server", f"type=tcp,port={port}",
         "--ctrl", f"type=tcp,port={port + 1}", "--flags", "not-need-init,startup-clear"])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port + 1)) == 0:
                return process
        time.sleep(0.05)
    sys.exit("swtpm does not start")


def tool(name, *words):
    """One of tpm2-tools; there is no resource manager, so what it loaded goes again."""
    output = run("tpm2_" + name, *words, **TCTI)
    run("tpm2_flushcontext", "-t", **TCTI)
    return output


def quote(key, selection, data, scheme=None):
    more = ["--scheme", scheme] if scheme else []
    tool("quote", "-c", key + ".ctx", "-l", "sha256:" + selection, "-q", data.hex(), "-m", "message", "-s",
         "signature", "-o", "values", "-F", "values", "-g", "sha256", *more)
    registers = range(24) if selection == "all" else [int(number) for number in selection.split(",")]
    values = base64.b64decode(read("values"))
    assert len(values) == 32 * len(registers)
    return {"message": read("message"), "signature": read("signature"), "values": read("values"),
            "registers": list(registers), "qualifying": base64.b64encode(data).decode()}


def certify():
    """A chain for the ECDSA key: attestation key <- authority <- root, all P-256."""
    for name in ["root", "authority"]:
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".pem")
    write("ca.cnf", "basicConstraints=critical,CA:TRUE,pathlen:1\nkeyUsage=critical,keyCertSign,cRLSign\n")
    write("sub.cnf", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n")
    write("ak.cnf", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n")
    dates = ["-days", "3650"]
    run("openssl", "req", "-new", "-key", "root.pem", "-subj", "/CN=TPM root", "-out", "root.csr")
    run("openssl", "x509", "-req", "-in", "root.csr", "-signkey", "root.pem", *dates, "-extfile", "ca.cnf", "-outform",
        "DER", "-out", "root.der")
    run("openssl", "x509", "-inform", "DER", "-in", "root.der", "-out", "root.crt")
    run("openssl", "req", "-new", "-key", "authority.pem", "-subj", "/CN=TPM authority", "-out", "authority.csr")
    run("openssl", "x509", "-req", "-in", "authority.csr", "-CA", "root.crt", "-CAkey", "root.pem", "-set_serial", "2",
        *dates, "-extfile", "sub.cnf", "-outform", "DER", "-out", "authority.der")
    run("openssl", "x509", "-inform", "DER", "-in", "authority.der", "-out", "authority.crt")
    # Who certifies has seen that the key is a TPM's; here we made both. The request is another key's, forced to this.
    run("openssl", "req", "-new", "-key", "authority.pem", "-subj", "/CN=attestation key", "-out", "ak.csr")
    run("openssl", "x509", "-req", "-in", "ak.csr", "-force_pubkey", "ecdsa.pub", "-CA", "authority.crt", "-CAkey",
        "authority.pem", "-set_serial", "3", *dates, "-extfile", "ak.cnf", "-outform", "DER", "-out", "ak.der")
    return [read("ak.der"), read("authority.der")], read("root.der")


run("swtpm_setup", "--tpm2", "--tpmstate", work, "--overwrite")
server = start()
try:
    for name, group, scheme in [("ecdsa", "ecc", "ecdsa"), ("rsassa", "rsa", "rsassa")]:
        tool("createek", "-c", name + "-ek.ctx", "-G", group, "-u", name + "-ek.pub")
        tool("createak", "-C", name + "-ek.ctx", "-c", name + ".ctx", "-G", group, "-g", "sha256", "-s", scheme, "-u",
             name + ".pub", "-f", "pem", "-n", name + ".name")
    blank = quote("ecdsa", "0", DATA["nonce"])
    tool("pcrextend", *[f"{number}:sha256={digest}" for number, digest in REGISTERS.items()])
    facts = {
        "quotes": {
            "ecdsa": quote("ecdsa", "0,7,10", DATA["nonce"]),
            "ecdsa-report": quote("ecdsa", "0,7,10", DATA["report"]),
            "ecdsa-all": quote("ecdsa", "all", DATA["nonce"]),
            "ecdsa-blank": blank,
            "rsassa": quote("rsassa", "0,7,10", DATA["nonce"]),
        },
        "keys": {name: read(name + ".pub") for name in ["ecdsa", "rsassa"]},
    }
    # What the same key signs and is no quote: the TPM's time.
    tool("gettime", "-c", "ecdsa.ctx", "-q", DATA["nonce"].hex(), "-o", "signature", "--attestation", "message", "-g",
         "sha256", "-s", "ecdsa")
    facts["time"] = {"message": read("message"), "signature": read("signature")}
    facts["certificates"], facts["root"] = certify()
    facts["verifyAt"] = int(time.time()) + 3_600
finally:
    server.terminate()
with open(sys.argv[1], "w") as file:
    json.dump(facts, file, indent=1, sort_keys=True)
    file.write("\n")
