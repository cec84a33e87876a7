"""What staff type and what documents print: words of kinds and bodies, of counting and of filters. Data only."""

from __future__ import annotations

__all__ = [
    "BODY_CODES", "COUNTED", "COUNTED_AREAS", "FILTER_WORDS", "KIND_WORDS", "ORDINALS", "SYLLABLE",
    "TONE_PLACEMENT",
]  # fmt: skip

# Words for a kind of paper, folded, with the codes that a symbol may bear for them. A word of no kind ("văn bản",
# "số") may stand before a number too and says nothing of its code.
KIND_WORDS: dict[str, tuple[str, ...]] = {
    "nghi quyet": ("nq",),
    "quyet dinh": ("qd",),
    "chi thi": ("ct",),
    "ket luan": ("kl",),
    "quy dinh": ("qd", "qyd"),
    "quy che": ("qc",),
    "nghi dinh": ("nd",),
    "thong tu": ("tt",),
    "thong tu lien tich": ("ttlt",),
    "huong dan": ("hd",),
    "ke hoach": ("kh",),
    "chuong trinh": ("ctr", "ct"),
    "de an": ("da",),
    "du an": ("da",),
    "phuong an": ("pa",),
    "to trinh": ("ttr",),
    "bao cao": ("bc",),
    "thong bao": ("tb",),
    "cong van": ("cv",),
    "cong dien": ("cd",),
    "giay moi": ("gm",),
    "bien ban": ("bb",),
    "thong tri": ("tt",),
    "luat": ("l", "qh"),
    "phap lenh": ("pl", "ubtvqh"),
    "van ban hop nhat": ("vbhn",),
    "van ban": (),
    "vb": (),
    "so": (),
    "so ky hieu": (),
}

# Codes of bodies that read like syllables or hold a vowel, folded; codes without a vowel need no list.
_BODY_CODES = (
    "ubnd tu hu du tw ubtvqh byt bca btgtu btctu ubkttu vptu ubmttq tand tandtc hdtdkt gtvt cat cah "
    "dukcq syt skhdt ubkt ubdt ub"
)
BODY_CODES: frozenset[str] = frozenset(_BODY_CODES.split())

# What a number before these counts, folded: "kế hoạch 5 năm", "quyết định 3 nội dung" mean no number of a paper.
_COUNTED_AREAS = "xa huyen tinh phuong"
_COUNTED = "nam thang ngay tuan noi nhiem muc tieu chi nguoi ty trieu phan buoc cap lan dieu dong nghin ngan ha km gio"
COUNTED_AREAS: frozenset[str] = frozenset(_COUNTED_AREAS.split())
COUNTED: frozenset[str] = frozenset(_COUNTED.split()) | COUNTED_AREAS

# A number after these tells a place in an order, folded: "điều 5", "khóa 14", "phường 3".
_ORDINALS = "dieu khoan diem muc chuong phan quan phuong khoa ky lan thu cap quy thang ngay tuan lop bac hang mau so"
ORDINALS: frozenset[str] = frozenset(_ORDINALS.split())

# Filters that may be typed before a colon, folded, and the filter each one means: "năm:2024", "cites:34-CT/TW".
FILTER_WORDS: dict[str, str] = {
    "kind": "kind",
    "loai": "kind",
    "issuer": "issuer",
    "coquan": "issuer",
    "level": "level",
    "cap": "level",
    "year": "year",
    "nam": "year",
    "campaign": "campaign",
    "phongtrao": "campaign",
    "cites": "cites",
    "viendan": "cites",
}

# A folded Vietnamese syllable. An abbreviation of this shape ("tu", "hu") is only taken for one when typed in capitals.
SYLLABLE = (
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|uyu|ieu|yeu|uoi|uou|oai|oay|oeo|uay|[aeiouy]{1,2})"
    r"(?:ng|nh|ch|[cmnpt])?"
)

# The tone of an open "oa", "oe", "uy" stands on either vowel ("hòa", "hoà"): both count as the second.
TONE_PLACEMENT: dict[str, str] = {
    old: new
    for olds, news in (
        ("òa óa ỏa õa ọa", "oà oá oả oã oạ"),
        ("òe óe ỏe õe ọe", "oè oé oẻ oẽ oẹ"),
        ("ùy úy ủy ũy ụy", "uỳ uý uỷ uỹ uỵ"),
    )
    for old, new in zip(olds.split(), news.split(), strict=True)
}  # fmt: skip
