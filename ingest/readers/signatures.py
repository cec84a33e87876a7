"""Digital signatures of a PDF, as evidence of who sent it: organisation and time. Nothing is verified.

A portal or an office's seal signs the file, not the paper: neither is the signer or the date of issue. The signature
dictionary is looked for in the file's bytes, because portals that rewrite files drop the list it should stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Signature", "signatures_of"]

_RANGE = re.compile(rb"/ByteRange\s*\[")
_TIME = re.compile(rb"/M\s*\(D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:([+\-Z])(\d\d)?'?(\d\d)?)?")
_CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f\s]{40,})>")
_MOST = 20
_ORGANISATION, _COMMON_NAME = b"\x55\x04\x0a", b"\x55\x04\x03"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: who the certificate names, and the time the signing program wrote (ISO)."""

    name: str | None
    organisation: str | None
    time: str | None


def signatures_of(data: bytes) -> list[Signature]:
    """The signatures of a PDF in file order, at most twenty."""
    found = []
    for match in _RANGE.finditer(data):
        start = max(data.rfind(b"obj", 0, match.start()), match.start() - 200_000, 0)
        stop = data.find(b"endobj", match.end())
        around = data[start : stop if 0 <= stop - match.end() < 1_000_000 else match.end() + 200_000]
        contents = _CONTENTS.search(around)
        name, organisation = _subject(contents[1]) if contents else (None, None)
        found.append(Signature(name, organisation, _time(around)))
        if len(found) == _MOST:
            break
    return found


def _time(around: bytes) -> str | None:
    match = _TIME.search(around)
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, ahead, behind = (
        part.decode() if part else "" for part in match.groups()
    )
    zone = f"{sign}{ahead}:{behind or '00'}" if sign in ("+", "-") and ahead else "Z" if sign == "Z" else ""
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"


def _subject(hexadecimal: bytes) -> tuple[str | None, str | None]:
    """(common name, organisation) of the certificate that signed, out of a PKCS#7 message in hexadecimal."""
    digits = re.sub(rb"\s", b"", hexadecimal)
    try:
        message = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
        content = _inside(message)  # ContentInfo
        signed = _inside(_child(content, 0xA0))  # [0] SignedData
        certificates = _child(signed, 0xA0)
        signers = _last_child(signed, 0x31)
        serial = _serial_of(signers)
        for certificate in _children(certificates):
            body = _inside(_inside(certificate))  # Certificate → TBSCertificate
            fields = [(tag, value) for tag, value in _parts(body) if tag != 0xA0]
            if serial is None or fields[0][1] == serial:
                return _names(fields[4][1])  # serial, algorithm, issuer, validity, subject
    except (ValueError, IndexError, LookupError):
        pass
    return None, None


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, content) of each DER element in ``data``."""
    at = 0
    while at + 2 <= len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            if size > 4 or at + size > len(data):
                raise ValueError("length")
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        yield tag, data[at : at + length]
        at += length


def _children(data: bytes) -> Iterator[bytes]:
    """Each element of ``data`` whole, as an element with nothing around it."""
    for tag, content in _parts(data):
        yield bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def _inside(data: bytes) -> bytes:
    return next(content for _, content in _parts(data))


def _child(data: bytes, wanted: int) -> bytes:
    for tag, content in _parts(data):
        if tag == wanted:
            return content
    raise LookupError(wanted)


def _last_child(data: bytes, wanted: int) -> bytes:
    found = [content for tag, content in _parts(data) if tag == wanted]
    return found[-1]


def _serial_of(signers: bytes) -> bytes | None:
    """The serial number of the certificate that the first signer names."""
    first = _inside(signers)
    parts = list(_parts(first))
    if len(parts) > 1 and parts[1][0] == 0x30:  # issuer and serial number
        named = list(_parts(parts[1][1]))
        if len(named) > 1 and named[1][0] == 0x02:
            return named[1][1]
    return None


def _names(subject: bytes) -> tuple[str | None, str | None]:
    said: dict[bytes, str] = {}
    for _, group in _parts(subject):
        for _, pair in _parts(group):
            parts = list(_parts(pair))
            if len(parts) == 2:
                kind, (tag, value) = parts[0][1], parts[1]
                text = value.decode("utf-16-be" if tag == 0x1E else "utf-8", "replace").strip()
                said.setdefault(kind, text)
    return said.get(_COMMON_NAME), said.get(_ORGANISATION)
