"""Which organs a word for a kind of offices means at one level: "các sở" of a province, "các phòng" of a district.

Every area of a level has the organs listed first; those of ``ELSEWHERE`` exist in some areas only and count where the
documents at hand know them. Codes are those of the templates in ``ontology/bodies.ttl``, whose validity decides by
the day: "các sở" of 2024 holds Sở Thông tin và Truyền thông, that of 2026 does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.model import Level

__all__ = ["ELSEWHERE", "INSTEAD", "OFFICES", "URBAN"]

_DEPARTMENTS = (
    "snv", "stp", "stc", "skhdt", "sct", "snnptnt", "snnmt", "stnmt", "sgtvt", "sxd", "stttt", "sldtbxh", "svhttdl",
    "skhcn", "sgddt", "syt", "tttinh", "vpubnd",
)  # fmt: skip
_ROOMS = ("pnv", "ptckh", "pgddt", "pvhtt", "ptp", "pldtbxh", "pnn", "pnnmt", "ptnmt", "pktht", "tttinh", "vphdndubnd")
_MASS = ("ldld", "doan", "hlhpn", "hnd", "hccb")

OFFICES: Mapping[tuple[str, Level], tuple[str, ...]] = {
    ("so", "province"): _DEPARTMENTS,
    ("co quan", "province"): _DEPARTMENTS,
    ("ban", "province"): ("bdt", "sdttg"),
    ("nganh", "province"): ("ca", "bchqs"),
    ("doan the", "province"): _MASS,
    ("ban dang", "province"): ("vptu", "btctu", "btgtu", "bdvtu", "btgdvtu", "bnctu", "ubkttu"),
    ("phong", "district"): _ROOMS,
    ("co quan", "district"): _ROOMS,
    ("ban", "district"): ("banchqs",),
    ("nganh", "district"): ("ca", "banchqs"),
    ("doan the", "district"): _MASS,
    ("ban dang", "district"): ("vphu", "btchu", "btghu", "bdvhu", "btgdvhu", "ubkthu"),
    ("phong", "commune"): ("vphdndubnd", "pkt", "pvhxh"),
    ("co quan", "commune"): ("vphdndubnd", "pkt", "pvhxh", "tthcc"),
    ("ban", "commune"): ("banchqs",),
    ("nganh", "commune"): ("ca", "banchqs"),
    ("doan the", "commune"): ("doan", "hlhpn", "hnd", "hccb"),
    ("ban dang", "commune"): ("vpdu", "bxddu", "ubktdu"),
}
"""(word, level) → organs that every area of the level has, as far as they existed on the day."""

ELSEWHERE: Mapping[tuple[str, Level], tuple[str, ...]] = {
    ("so", "province"): ("sngv", "sqhkt", "sattp", "sdl"),
    ("co quan", "province"): ("sngv", "sqhkt", "sattp", "sdl", "bqlkkt"),
    ("ban", "province"): ("bqlkkt", "btgtinh"),
    ("nganh", "province"): ("bdbp", "kbnn", "bhxh", "cucthue", "thue", "ctk", "qltt", "nhnn", "tand", "vksnd", "thads"),
    ("phong", "district"): ("pyt", "pdt"),
    ("co quan", "district"): ("pyt", "pdt", "ttvhtttt"),
    ("nganh", "district"): ("kbnn", "bhxh", "cct", "tand", "vksnd", "ccthads"),
    ("phong", "commune"): ("tthcc",),
}  # fmt: skip
"""Organs that count only where a document of theirs, or one that cites them, is known."""

INSTEAD: Mapping[str, tuple[str, ...]] = {"svhttdl": ("svhtt", "sdl"), "vpubnd": ("vphdndubnd",)}
"""What stands in an organ's place in some areas: where only these are known, they are meant."""

URBAN: Mapping[str, tuple[str, ...]] = {"pktht": ("pkt", "pqldt"), "pkt": ("pktht-xa",)}
"""What a quận, a thị xã, a thành phố or a phường has in an organ's place."""
