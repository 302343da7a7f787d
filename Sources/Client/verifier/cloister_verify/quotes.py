"""Certificates (X.690, RFC 5280) and quotes of version 3 under the chain's simulated roots."""
import calendar
import re
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .texts import base64, demand, sha256


@dataclass
class Element:
    tag: int
    content: bytes
    whole: bytes
    parts: list = field(default_factory=list)


def der(text, depth=0):
    """Elements in their one encoding: definite, minimal lengths; minimal integers that are not negative; 0 or 255."""
    elements, at = [], 0
    while at < len(text):
        start, tag = at, text[at]
        first = text[at + 1] if at + 1 < len(text) else 0xFF
        count = 0 if first < 0x80 else first - 0x80
        length = first if first < 0x80 else int.from_bytes(text[at + 2:at + 2 + count], "big")
        at += 2 + count + length
        content = text[at - length:at]
        is_strict = first < 0x80 or count == 1 and length >= 0x80 or count == 2 and length >= 0x100
        is_value = True
        if tag == 2:
            is_value = content[:1] < b"\x80" and (len(content) == 1 or content[:1] > b"\0" or content[1:2] >= b"\x80")
        elif tag == 1:
            is_value = content in (b"\0", b"\xff")
        demand(is_strict and is_value and at <= len(text) and depth < 12, "quote", "a certificate is not DER")
        parts = der(content, depth + 1) if tag & 0x20 else []
        elements.append(Element(tag, content, text[start:at], parts))
    return elements


def laid(elements, tags):
    """The elements, which must have these tags."""
    demand(bytes(each.tag for each in elements).hex() == tags, "quote", "a certificate is not laid out as one")
    return elements


def sequence(text):
    return laid(der(text), "30")[0].parts


def unsigned(element, bytes_max):
    content = element.content
    is_short = 0 < len(content) <= bytes_max + (content[:1] == b"\0")
    demand(is_short, "quote", "a number in a certificate")
    return content.removeprefix(b"\0")


def seconds(element):
    """Since 1970, of UTCTime or GeneralizedTime."""
    text = element.content.decode("latin-1")
    if element.tag == 0x17 and len(text) == 13:
        text = ("20" if text < "5" else "19") + text
    else:
        demand(element.tag == 0x18, "quote", "a certificate's date")
    try:
        moment = time.strptime(text, "%Y%m%d%H%M%SZ") if re.fullmatch(r"[0-9]{14}Z", text) else None
    except ValueError:
        moment = None
    demand(moment and moment.tm_year >= 1970 and moment.tm_sec < 60, "quote", "a certificate's date")
    return calendar.timegm(moment)


ECDSA_SHA256 = "300a06082a8648ce3d040302"
P256_INFO = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"  # x || y follow
SGX = "2a864886f84d010d01"  # 1.2.840.113741.1.13.1


def family(extension):
    """FMSPC in Intel's extension, whose parts have their order."""
    def names(pairs):
        return [len(each.parts) == 2 and each.parts[0].content.hex().removeprefix(SGX) for each in pairs]
    versions = [f"02{i + 1:02x}" for i in range(18)]
    is_in_order = names(extension) in (["01", "02", "03", "04", "05"], ["01", "02", "03", "04", "05", "06", "07"]) \
        and names(extension[1].parts[1].parts) == versions
    value = extension[3].parts[1].content if is_in_order else b""
    demand(len(value) == 6, "quote", "Intel's extension")
    return value.hex()


def certificate(text):
    """One certificate of version 3 for a P-256 key, signed with ECDSA and SHA-256."""
    signed, outer, bits = laid(sequence(text), "303003")
    version, serial, algorithm, issuer, dates, subject, info, wrapped = laid(signed.parts, "a0023030303030a3")
    halves = [int.from_bytes(unsigned(half, 32), "big") for half in laid(sequence(bits.content[1:]), "0202")]
    demand(len(dates.parts) == 2, "quote", "a certificate's key, dates or algorithm")
    start, end = map(seconds, dates.parts)
    is_one = version.whole.hex() == "a003020102" and bits.content[:1] == b"\0" and start <= end \
        and algorithm.whole.hex() == outer.whole.hex() == ECDSA_SHA256 and unsigned(serial, 20) is not None \
        and len(info.whole) == 91 and info.whole.hex().startswith(P256_INFO)
    demand(is_one, "quote", "a certificate's key, dates or algorithm")
    found = SimpleNamespace(
        start=start, end=end, issuer=issuer.whole, subject=subject.whole, signed=signed.whole, key=info.whole[26:],
        halves=halves, info_hash=sha256(info.whole), path_max=float("inf"), is_authority=False, signs_data=False,
        signs_certificates=False, family=None)
    seen = set()
    for extension in laid(wrapped.parts, "30")[0].parts:
        parts = extension.parts
        is_critical = len(parts) > 1 and parts[1].tag == 1
        value = laid(parts, "060104" if is_critical else "0604")[-1].content
        name = parts[0].content.hex()
        is_new = len(seen) < 16 and name not in seen and (not is_critical or parts[1].content == b"\xff")
        demand(is_new, "quote", "an extension is there twice")
        seen.add(name)
        if name == "551d13":  # basic constraints
            constraints = sequence(value)
            if constraints:
                laid(constraints, "01" if len(constraints) == 1 else "0102")
            found.is_authority = bool(constraints) and constraints[0].content == b"\xff"
            demand(found.is_authority or not constraints, "quote", "a certificate's constraints")
            if len(constraints) == 2:
                found.path_max = int.from_bytes(unsigned(constraints[1], 2), "big")
        elif name == "551d0f":  # key usage, whose unused bits are counted
            usage = laid(der(value), "03")[0].content
            is_counted = len(usage) == 2 and usage[0] < 8 and usage[1] & (2 ** (usage[0] + 1) - 1) == 2 ** usage[0]
            demand(is_counted, "quote", "a certificate's key usage")
            found.signs_data, found.signs_certificates = bool(usage[1] & 0x80), bool(usage[1] & 4)
        elif name == SGX:
            found.family = family(sequence(value))
        else:
            demand(not is_critical, "quote", "a critical extension that is not known")
    return found


def certificates(text):
    """Machine, authority and root: PEM in the one form that quotes have (64 characters a line, one zero byte behind)."""
    one = rb"-----BEGIN CERTIFICATE-----\n((?:[^\n]{64}\n)*(?:[^\n]{1,63}\n)?)-----END CERTIFICATE-----\n"
    match = re.fullmatch(one * 3 + b"\0", text)
    demand(match, "quote", "its certificates are not three in PEM")
    return [certificate(base64(lines.replace(b"\n", b"").decode("latin-1"), 4096, "a certificate")) for lines in match.groups()]


def is_signed_p256(key, r, s, text):
    try:
        public = ec.EllipticCurvePublicNumbers(
            int.from_bytes(key[-64:-32], "big"), int.from_bytes(key[-32:], "big"), ec.SECP256R1()).public_key()
        public.verify(encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))
        return True
    except (InvalidSignature, ValueError):
        return False


INTEL = "939a7233f79c4ca9940a0db3957f0607"
SIMULATED_NAME = "060355040a0c16" + b"SIMULATION - NOT INTEL".hex()


def verify_quote(quote, roots, now, allow_simulated):
    """Who is quoted, and the root that the quote ends in: one of `roots`, at `now`."""
    def at(start, count):
        return quote[start:start + count]

    def little(start, count):
        return int.from_bytes(at(start, count), "little")

    def is_signed(key, signature, text):
        return is_signed_p256(key, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"), text)

    is_known = at(0, 8).hex() == "0300020000000000" and at(12, 16).hex() == INTEL
    demand(is_known, "quote", "only SGX quotes of version 3 by Intel's quoting enclave are read here")
    is_whole = len(quote) > 1052 and little(432, 4) == len(quote) - 436 and little(1012, 2) == 32 \
        and little(1046, 2) == 5 and little(1048, 4) == len(quote) - 1052
    demand(is_whole, "quote", "its lengths contradict each other")
    signature, attestation_key, report, report_signature = at(436, 64), at(500, 64), at(564, 384), at(948, 64)

    machine, authority, embedded = certificates(quote[1052:])
    root = next((one for one in roots if one.hash == embedded.info_hash), None)
    demand(root, "quote", "it ends in a root that the chain's identity does not have")
    is_simulated = root.kind == 1
    marks = [machine.family == "53494d000001", SIMULATED_NAME in machine.subject.hex(),
             at(28, 20) == b"SIMULATED-QUOTE-0001", report[128:160] == sha256(b"sim-qe-signer")]
    demand(all(mark == is_simulated for mark in marks), "quote", "its marks contradict its root")
    for one, above, below in ((machine, authority, 0), (authority, embedded, 1), (embedded, embedded, 1)):
        demand(one.start <= now <= one.end, "quote", "a certificate is not of this time")
        is_below = one.issuer == above.subject and above.signs_certificates and below <= above.path_max \
            and (not one.is_authority and one.signs_data if one is machine else one.is_authority) \
            and is_signed_p256(above.key, *one.halves, one.signed)
        demand(is_below, "quote", "the chain of its certificates is broken")
    demand(is_simulated, "quote", "a processor's needs collateral, which is not read here")
    demand(allow_simulated, "root", "SIMULATED: a program signs here, not a processor; whoever runs it can lie")

    demand(is_signed(machine.key, report_signature, report), "quote", "the machine did not sign its report")
    binding = sha256(attestation_key, at(1014, 32)) + bytes(32)
    demand(report[320:] == binding, "quote", "its key is not bound")
    demand(is_signed(attestation_key, signature, at(0, 432)), "quote", "its signature is wrong")
    body = at(48, 384)
    is_closed = body[48] & 3 == 1 and not any(body[192:256] + body[260:262])
    demand(is_closed, "quote", "the enclave is not initialised, is debugged, or is configured by its host")
    return SimpleNamespace(
        root=root, measurement=body[64:96], version=int.from_bytes(body[258:260], "little"), report_data=body[320:])
