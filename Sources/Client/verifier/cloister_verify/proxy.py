"""A proxy between a client that knows nothing of evidence and its node: what can be verified passes verified or not at all,
as fetch.js has it; everything else is the node's word, as before. What a client reads is written anew from what was verified."""
import http.client
import http.server
import json
import re
import threading
import urllib.parse
from datetime import datetime, timezone

from .answers import admit, open_stamp, query_key
from .evidence import verify_evidence
from .receipts import verify_receipt
from .texts import Refused, base64, demand

BODY_MAX = 16 << 20
REFUSAL = ": query contract failed: unknown request"
ROUTES = re.compile(
    r"/registration/v1beta1/tx-key|/compute/v1beta1/query/(?P<contract>.*)|/cosmos/tx/v1beta1/txs/(?P<hash>[0-9A-Fa-f]{64})",
    re.ASCII)
PASSED = ("content-type", "x-cosmos-block-height", "accept")
SHOWN = ("content-type", "grpc-metadata-x-cosmos-block-height", "x-cosmos-block-height")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @staticmethod
    def of(status, value):
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        return Answer(status, {"content-type": "application/json"}, text.encode())

    @property
    def is_ok(self):
        return 200 <= self.status < 300

    def text(self):
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            raise Refused("answer", "it is no text") from None

    def object(self):
        try:
            found = json.loads(self.text())
        except (ValueError, RecursionError):
            raise Refused("answer", "it is not JSON") from None
        return found if isinstance(found, dict) else {}


class Node:
    """One node, by its address (`http://host:port/path`). No redirection is followed."""

    def __init__(self, url):
        self.url = urllib.parse.urlsplit(url)
        demand(self.url.scheme in ("http", "https") and self.url.hostname, "node", f"{url} is no address of one")

    def ask(self, method, target, headers=None, body=None):
        connect = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        connection = connect(self.url.hostname, self.url.port, timeout=30)
        try:
            connection.request(method, self.url.path.rstrip("/") + target, body=body, headers=headers or {})
            response = connection.getresponse()
            found = response.read(BODY_MAX + 1)
            demand(len(found) <= BODY_MAX, "answer", "it is too long")
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, found)
        except (OSError, http.client.HTTPException) as error:
            raise Refused("node", f"it does not answer: {error}") from None
        finally:
            connection.close()


class Verifier:
    """What stands between. `expected` is that of `verify_evidence`; its `age_max` holds for answers, too. `seed` is the
    private key that the client encrypts with (secret-sdk: `encryption_seed`). `shown` is the newest state that was seen."""

    def __init__(self, node, expected, seed, shown=None):
        self.node, self.expected, self.seed, self.shown = node, expected, seed, shown
        self.network, self.earlier_key = None, None
        self.lock = threading.Lock()

    def prove(self):
        with self.lock:
            if self.network is None:
                self.network = self.verified()
            return self.network

    def verified(self):
        network = verify_evidence(self.node.ask("GET", "/cloister/v1/evidence").text(), self.expected)
        self.shown = admit(self.shown, network.shown)
        return network

    def follow(self, known, key):
        """A network that exchanges its keys gives out another than before: it is proved anew, to be the same network."""
        with self.lock:
            anew = self.verified()
            demand(anew.identity == known.identity, "identity", "it is another network than the one that was proved before")
            demand(key == anew.io_exchange_key, "key", "the node gives out another key than the proved one")
            self.network, self.earlier_key = anew, known.io_exchange_key

    def answer(self, method, target, headers=None, body=None):
        url = urllib.parse.urlsplit(target)
        route = ROUTES.fullmatch(urllib.parse.unquote(url.path)) if method == "GET" else None
        if not route:
            return self.node.ask(method, target, headers, body)
        network = self.prove()
        told = self.node.ask(method, target, headers)
        if url.path.startswith("/registration"):
            demand(told.is_ok, "key", "the node gives out no key")
            key = base64(told.object().get("key"), 32, "key")
            if key != network.io_exchange_key:
                self.follow(network, key)
            return Answer.of(told.status, {"key": told.object()["key"]})
        if route["hash"]:  # that a node has none shows nothing
            return self.transaction(network, route["hash"], told) if told.is_ok else told
        return self.query(network, route["contract"], urllib.parse.parse_qs(url.query), told)

    def query(self, network, contract, parameters, told):
        found = told.object()
        query = base64(parameters.get("query", [None])[0], 1 << 20, "query")
        text = found.get("message")
        is_refusal = not told.is_ok and isinstance(text, str) and text.endswith(REFUSAL)
        demand(told.is_ok or is_refusal, "answer", f"the node alone says: {str(text)[:200]}")
        said = re.sub("[\"']", "`", text.removesuffix(REFUSAL)).encode() if is_refusal \
            else base64(found.get("data"), BODY_MAX, "data")
        stamp = told.headers.get("x-cloister-answer-stamp")
        demand(stamp, "answer", "it does not say of which state it is: it may be of any")
        state = self.state(network, query[:32], base64(stamp, 76, "stamp"), said, contract)
        with self.lock:
            self.shown = admit(self.shown, state, self.expected.get("age_max"))
        if is_refusal:
            return Answer.of(told.status, {"code": found.get("code"), "message": text, "details": []})
        return Answer.of(told.status, {"data": found["data"]})

    def state(self, network, nonce, *said):
        try:
            return open_stamp(query_key(self.seed, network.io_exchange_key, nonce), *said)
        except Refused:
            # A client that took its key before the present one uses it until it ends.
            if self.earlier_key is None:
                raise
            return open_stamp(query_key(self.seed, self.earlier_key, nonce), *said)

    def transaction(self, network, name, told):
        """As the SDK shows one. What is not proved is left out, or said to be the node's word."""
        shown = self.node.ask("GET", f"/cloister/v1/receipts/{name}")
        proved = verify_receipt(shown.text(), name, network)
        with self.lock:
            if not self.shown or proved.state["height"] >= self.shown["height"]:
                self.shown = admit(self.shown, proved.state)
        found = told.object()
        response = found.get("tx_response") if isinstance(found.get("tx_response"), dict) else {}
        log = str(response.get("raw_log") or "")[:1000]
        enclave = proved.enclave or {"codespace": "", "log": log and f"the node alone says: {log}", "events": []}
        moment = datetime.fromtimestamp(proved.seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer.of(told.status, {"tx": found.get("tx"), "tx_response": {
            "height": str(proved.height), "txhash": name.upper(), "codespace": enclave["codespace"], "code": proved.code,
            "data": proved.data.hex().upper(), "raw_log": enclave["log"], "logs": [], "info": "",
            "gas_wanted": str(proved.gas_wanted), "gas_used": str(proved.gas_used), "tx": response.get("tx"),
            "timestamp": moment, "events": [
                {"type": event["type"], "attributes": [{**each, "index": True} for each in event["attributes"]]}
                for event in enclave["events"]]}})


def serve(verifier, address):
    """A server for clients of this machine; `serve_forever` answers them."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_GET(self):
            self.reply("GET")

        def do_POST(self):
            self.reply("POST")

        def reply(self, method):
            try:
                length = int(self.headers.get("content-length") or 0)
                demand(0 <= length <= BODY_MAX and self.path.startswith("/"), "request", "it is too long, or for nobody")
                body = self.rfile.read(length) if method == "POST" else None
                headers = {name: self.headers[name] for name in PASSED if name in self.headers}
                answer = verifier.answer(method, self.path, headers, body)
            except (Refused, ValueError) as refused:
                answer = Answer.of(502, {"code": 13, "message": f"not believed: {refused}", "details": []})
            self.send_response(answer.status)
            for name in SHOWN:
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(address, Handler)
    server.daemon_threads = True
    return server
