#!/usr/bin/env python3
"""gRPC-web as a browser sends it, with the standard library alone: a preflight, a call as bytes and as text, a refusal.

    python grpcweb_calls.py http://127.0.0.1:9090 [ADDRESS]

Run by the test "a browser's calls are answered, too", and by hand against a node (docs/clients.md).
"""
import base64
import struct
import sys
import urllib.request

BALANCES = "/cosmos.bank.v1beta1.Query/AllBalances"
# Seconds; a suite begins all its tests at once, and a server of one of them may wait for minutes.
WAIT = 600
ORIGIN = {"Origin": "https://dapp.example", "X-Grpc-Web": "1", "X-User-Agent": "grpc-web-javascript/0.1"}


def frames(body):
    """Messages, and the trailers by name."""
    messages, trailers = [], {}
    while body:
        flag, length = struct.unpack(">BI", body[:5])
        content, body = body[5:5 + length], body[5 + length:]
        if flag & 0x80:
            assert not body, "something follows the trailers"
            trailers = dict(line.split(":", 1) for line in content.decode().split("\r\n") if line)
        else:
            messages.append(content)
    return messages, trailers


def call(url, path, message, text):
    body = struct.pack(">BI", 0, len(message)) + message
    kind = "application/grpc-web-text" if text else "application/grpc-web+proto"
    request = urllib.request.Request(
        url + path, base64.b64encode(body) if text else body, {**ORIGIN, "Content-Type": kind, "Accept": kind})
    with urllib.request.urlopen(request, timeout=WAIT) as answer:
        assert answer.status == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Type"].startswith("application/grpc-web" + ("-text" if text else "+"))
        body = answer.read()
    return frames(base64.b64decode(body) if text else body)


def main():
    url = sys.argv[1]
    address = sys.argv[2] if len(sys.argv) > 2 else "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
    request = urllib.request.Request(url + BALANCES, method="OPTIONS", headers={
        **ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-grpc-web"})
    with urllib.request.urlopen(request, timeout=WAIT) as answer:
        allowed = answer.headers["Access-Control-Allow-Headers"].lower()
        assert answer.status == 204 and "content-type" in allowed and "x-grpc-web" in allowed, allowed
    asked = b"\x0a" + bytes([len(address)]) + address.encode()
    answers = [call(url, BALANCES, asked, text) for text in (False, True)]
    assert answers[0][1] == answers[1][1] == {"grpc-status": "0"}, answers
    assert len(answers[0][0]) == 1 and b"uscrt" in answers[0][0][0] and b"uscrt" in answers[1][0][0], answers
    messages, trailers = call(url, BALANCES, b"\x0a\x06nobody", True)
    assert not messages and trailers["grpc-status"] == "3" and trailers["grpc-message"], trailers
    _, trailers = call(url, "/no.such.Service/Method", b"", False)
    assert trailers["grpc-status"] == "12", trailers
    print("gRPC-web understood every answer")


if __name__ == "__main__":
    main()
