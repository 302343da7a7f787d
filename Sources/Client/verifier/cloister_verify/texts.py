"""What everything here is refused with, and texts in their one form."""
import base64 as base64_module
import hashlib
import json
import re


class Refused(Exception):
    """Why something is not believed; `subject` is the step at which it failed."""

    def __init__(self, subject, text):
        super().__init__(f"{subject}: {text}")
        self.subject = subject


def demand(holds, subject, text):
    if not holds:
        raise Refused(subject, text)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def base64(text, bytes_max, name):
    """The one text of each byte string (RFC 4648, section 4): no other character, no bit behind the last byte."""
    is_short = isinstance(text, str) and len(text) <= 4 * -(-bytes_max // 3) and len(text) % 4 == 0
    is_text = is_short and re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text, re.ASCII)
    found = base64_module.b64decode(text) if is_text else b""
    demand(is_text and base64_module.b64encode(found).decode() == text, "evidence", f"{name} is not base64")
    return found


def read_json(body, bytes_max, subject):
    """An object in the one form that nodes write: no space, no escape that is not needed, no name twice. Of other JSON, an
    object without members."""
    is_short = isinstance(body, str) and len(body) <= bytes_max
    try:
        found = json.loads(body) if is_short else None
        is_own = found not in (None, 0, "") and json.dumps(found, separators=(",", ":"), ensure_ascii=False) == body
    except (ValueError, RecursionError):
        is_own = False
    demand(is_own, subject, "it is not written as nodes write it")
    return found if isinstance(found, dict) else {}
