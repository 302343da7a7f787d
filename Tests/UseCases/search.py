"""A search for secrets in whatever bytes a host can look at, however they may be written there."""
import base64
import json
import urllib.parse


def in_base64(plain, shift, alphabet):
    """The characters that depend on the secret alone, when `shift` other bytes are in front of it."""
    text = alphabet(b"\0" * shift + plain)
    return text[(0, 2, 3)[shift]:len(text) - (0 if (len(plain) + shift) % 3 == 0 else 4)]


def forms(secret):
    """The ways to write a secret, by name: as it is, in JSON, in JSON within JSON, in a URL, in hexadecimal, in base64
    behind any number of other bytes; a large number also as an integer of 64 or 128 bits."""
    quoted = json.dumps(secret)[1:-1]
    texts = {"text": secret, "json": quoted, "json in json": json.dumps(quoted)[1:-1],
             "url": urllib.parse.quote(secret, safe=""), "utf-16": None}
    found = {name: text.encode() for name, text in texts.items() if text is not None}
    found["utf-16"] = secret.encode("utf-16-le")
    for name, plain in (("text", secret.encode()), ("json", quoted.encode())):
        found[f"{name} in hex"] = plain.hex().encode()
        found[f"{name} in upper hex"] = plain.hex().upper().encode()
        for shift in range(3):
            found[f"{name} in base64+{shift}"] = in_base64(plain, shift, base64.b64encode)
            found[f"{name} in base64url+{shift}"] = in_base64(plain, shift, base64.urlsafe_b64encode)
    if secret.isdigit() and len(secret) > 15:
        for bytes_ in (8, 16):
            for order in ("big", "little"):
                if int(secret) < 1 << (8 * bytes_):
                    found[f"{8 * bytes_} bits, {order} end first"] = int(secret).to_bytes(bytes_, order).strip(b"\0")
    return found


def places(contents, needles):
    """For each needle the set of places that show it, and in which form."""
    wanted = {secret: forms(secret) for secret in needles}
    found = {secret: set() for secret in needles}
    for place, content in contents:
        for secret, written in wanted.items():
            for name, form in written.items():
                if form in content:
                    found[secret].add((place, name))
    return found


def prove_itself(needle):
    """Fails unless the search finds a needle in every form, at every alignment, and in no form where it is not."""
    other = needle[::-1]
    quoted = 'it\'s "' + needle + '"\n'
    for secret in (needle, quoted, "9" * 17 + "123456789"):
        for name, form in forms(secret).items():
            content = b"\x00before" + form + b"after\xff"
            assert (name, True) in [(form, True) for _, form in places([("x", content)], [secret])[secret]], name
            assert not places([("x", content)], [other])[other], name
    # As real encoders write it, not as `forms` thinks they do.
    for before in range(7):
        text = b"x" * before + needle.encode() + b"y" * 5
        for content in (base64.b64encode(text), base64.urlsafe_b64encode(text), text.hex().encode()):
            assert places([("x", content)], [needle])[needle], (before, content)
    document = json.dumps({"inner": json.dumps({"note": quoted})})
    assert places([("x", document.encode())], [quoted])[quoted], document
    cut = needle[:-1].encode()
    assert not places([("x", cut + b" " + cut.hex().encode())], [needle])[needle]
