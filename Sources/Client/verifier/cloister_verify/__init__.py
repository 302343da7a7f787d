"""Verifies what a Cloister node answers, beside a client that cannot (secret-sdk): whose key messages are encrypted to, of
which state an answer is, and what a transaction came to. The standard library and `cryptography` (PyPI) are all it needs.

The node chose every byte that is read here. Nothing is believed but what the caller expects (chain, root, program) and what
is signed or sealed under it. It does what verify.js and receipt.js do, step by step and with the same subjects of refusals;
docs/verified-answers.md says what none of it shows. `python3 -m cloister_verify` puts it in front of a client."""
from .answers import admit, open_stamp, query_key
from .evidence import verify_evidence
from .receipts import included, verify_receipt
from .texts import Refused

__all__ = ["Refused", "admit", "included", "open_stamp", "query_key", "verify_evidence", "verify_receipt"]
