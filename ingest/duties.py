"""What a line of "Kính gửi" or "Nơi nhận" asks of whom it names, seen from the issuer's level.

All patterns are matched against folded names ("tt. huyen uy"). The order of the questions is the rule: a note says it
outright, a crowd cannot be listed, a superior is reported to, the press is informed, subordinates carry out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.identifiers import fold
from kg.model import Duty, Level

__all__ = ["Duties", "Family"]

Family = Literal["committee", "office", "party", "council", "front"]
"""What sort of body issues: a UBND or the Government, an office under one, a Party committee, a council, a union."""

_RANK: dict[Level, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}

_WORDS = {
    # "(B/c)", "(để báo cáo)"
    "report": r"(?:de )?(?:b ?[/.]? ?c\b|bao cao|b/cao)",
    "know": r"(?:de )?(?:biet|theo doi|kiem tra|giam sat|dang|p/h|phoi hop|tong hop)",
    # Lines that point back instead of naming anybody.
    "pointer": r"nhu (?:tren|dieu|kinh gui|muc|khoan)\b|cac (?:co quan|don vi) (?:neu|co ten) tren",
    # Groups whose members nobody can list.
    "crowd": r"(?:cac )?(?:(?:to chuc|hop tac xa|ho kinh doanh|doanh nghiep|ca nhan|don vi kinh te|hiep hoi|nha dau "
    r"tu)\b[ ,va]*)+.*|"
    r".*(?<!ban )(?<!dong )\bnhan dan (?:cac|trong|toan)\b.*|cac ho (?:dan|gia dinh)\b.*|.*\bva (?:cac )?doanh "
    r"nghiep\b.*",
    "press": r"(?:bao|dai|trang|cong (?:thong|tt)\w*|website|cong bao|tgd cong|phat thanh|thong tan xa|tt ?tin)\b|"
    r"p?\.? ?(?:tth|kgvx|nc|kt|th)\b|"
    r"trung tam (?:thong tin|tin hoc|tt|phuc vu|cong bao|dieu hanh|pv|cb)|co quan (?:bao chi|thong tan)",
    # The issuer's own office.
    "office": r"cvp|pcvp|lanh dao (?:van phong|vp)|ldvp|cac (?:pcvp|pvp|phong chuyen vien|chuyen vien|cv)\b|chuyen "
    r"vien|cv\b|cvnc|"
    r"v\d|vp\b|van phong (?:ubnd|uy ban)|chanh van phong|thu ky|tro ly|cac phong nghien cuu|phong (?:hc|tong hop)|"
    r"vpub|phong:",
    "front": r"uy ban mat tran|ubmt|mttq|mat tran|uy ban mttq|ban thuong truc|lien doan lao dong|hoi lien hiep|tinh "
    r"doan|"
    r"huyen doan|cac doan the|cac hoi\b|hoi (?:nong dan|cuu chien binh|lien hiep)|cong doan",
    "own_heads": r"(?:ttub: ?|d/c |dong chi )?(?:(?:chu tich|ct|pct|pho chu tich|cac pct|cac pho chu tich)\b[ "
    r",;va]*)+.*|"
    r"(?:lanh dao|ban giam doc|giam doc|cac (?:pgd|pho giam doc)|bo truong|cac thu truong|thu truong|cuc truong|pho "
    r"ctr|pctr)\b.*",
    "company": r"(?:cong ty|tap doan|tong cong ty|ong|ba|ngan hang tmcp|luat su|chi nhanh)\b",
    "group": r"(?:cac )?(?:ban(?! thuong vu| chap hanh)|so|bo|phong|co quan|nganh|don vi|vien|truong|chi cuc|"
    r"trung tam)\b",
}  # fmt: skip

# Whom a body of each rank has above it, whatever the note says: rank of the one named → pattern.
_LEADERS = r"(?:(?:tt|ttr|thuong truc|btv|ban thuong vu|bch|ban chap hanh|van phong|vp)\.? ?)*"
_BODIES = {
    0: r"(?:cac )?(?:ban bi thu|bo chinh tri|quoc hoi|uy ban thuong vu quoc hoi|ubtvqh|chinh phu|thu tuong|ttg|pho "
    r"thu tuong|"
    r"tong bi thu|chu tich nuoc|van phong (?:chinh phu|quoc hoi|trung uong|tong bi thu|chu tich nuoc)|vpcp|vptw|"
    r"bo (?!chi huy|tu lenh|phan)|bo:|ban [^,]* (?:trung uong|tw)\b|ban tdkt tw|trung uong|tw\b|cuc\b.*\bbo\b|"
    r"vu\b.*\bbo\b|"
    r"toa an nhan dan toi cao|vien kiem sat nhan dan toi cao|kiem toan nha nuoc|uy ban (?:trung uong|tw)|thanh tra "
    r"chinh phu|"
    r"ngan hang nha nuoc viet nam|vpqg|cuc kiem tra|cuc ktvb|vu phap che)",
    1: _LEADERS + r"(?:tinh uy|tu\b|thanh uy|hdnd,? (?:ubnd,? )?(?:ubmttq.* )?(?:tinh|tp|thanh pho)|hoi dong nhan "
    r"dan (?:tinh|thanh pho)|"
    r"ubnd,? (?:tinh|tp|thanh pho)\b|uy ban nhan dan (?:tinh|thanh pho)\b|doan (?:dai bieu quoc hoi|dbqh))|tttu|"
    r"tthdnd|"
    r"(?:tt|thuong truc)\.? (?:hdnd|hoi dong nhan dan).* (?:tinh|thanh pho|tp)$|so\b|ban tdkt|"
    r"hoi dong (?:tdkt|thi dua).* tinh|ban .* tinh$",
    2: _LEADERS + r"(?:huyen uy|hu\b|quan uy|thi uy|thanh uy|hdnd (?:huyen|quan|thi xa|thanh pho)|hoi dong nhan dan "
    r"(?:huyen|quan|thi xa)|"
    r"ubnd (?:huyen|quan|thi xa)\b|uy ban nhan dan (?:huyen|quan|thi xa)\b)|phong\b.*(?:huyen|quan|thi xa)|hoi dong "
    r".* huyen",
    3: _LEADERS + r"(?:dang uy|du\b|hdnd (?:xa|phuong|thi tran|dac khu)|hoi dong nhan dan (?:xa|phuong|thi tran|dac "
    r"khu)|"
    r"ubnd (?:xa|phuong|thi tran|dac khu)$)",
}  # fmt: skip
# The committee itself is no superior of its own chairman's papers; the Party committee and the council are.
_COMMITTEE = re.compile(r"(?:ubnd|uy ban nhan dan)\b")
_DEPARTMENT = re.compile(r"(?:so|phong|ban tdkt|hoi dong (?:tdkt|thi dua)|ban (?!thuong vu|chap hanh))\b")
_COUNCIL_OF = {
    0: r"(?:cac )?(?:ban bi thu|bo chinh tri|quoc hoi$|uy ban thuong vu|thu tuong|pho thu tuong|tong bi thu|chu "
    r"tich nuoc)"
}
# Words of groups that stand below each rank.
_GROUPS = {
    0: r".*\b(?:cac (?:tinh|thanh pho)|tinh, thanh pho|dia phuong)\b",
    1: r".*\b(?:cac (?:so|huyen|quan|thi xa|xa|phuong|ban,? ?nganh|don vi)|cac thanh pho|xa, phuong|huyen, thanh "
    r"pho)\b",
    2: r".*\b(?:cac (?:xa|phuong|phong|co quan|don vi|truong|ban,? ?nganh)|xa, thi tran|xa, phuong)\b",
    3: r".*\b(?:cac (?:thon|ban|to dan pho|khu pho|truong|nganh|doan the|ap|tieu khu)|truong thon|cong chuc)\b",
}  # fmt: skip


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_WORDS[name])


@cache
def _body(rank: int) -> re.Pattern[str]:
    return re.compile(_BODIES[rank])


@cache
def _group(rank: int) -> re.Pattern[str]:
    return re.compile(_GROUPS[rank])


@dataclass(frozen=True, slots=True)
class Duties:
    """Says the duty of each name for an issuer of ``level``: from a district, "TT. Huyện ủy" is reported to.

    ``family`` says where the committee of the same level stands: above an office, beside a mass organisation, below
    the Party committee.
    """

    level: Level | None
    family: Family = "committee"

    def of_recipient(self, name: str, note: str | None = None) -> Duty:
        """The duty of one line of "Nơi nhận": "UBND các xã, thị trấn" of a district must implement."""
        noted = fold(note or "")
        key = _key(name)
        if _pattern("report").match(noted):
            return "reported_to"
        if _pattern("pointer").match(key) or _pattern("crowd").fullmatch(key):
            return "unenumerable"
        if self._superior(key):
            return "reported_to"
        if _pattern("press").match(key) or _pattern("office").match(key):
            return "informed"
        if _pattern("know").match(noted):
            return "cooperate" if "hop" in noted or "p/h" in noted else "informed"
        if self._lower(key) or (self._committee(key) and self.family in ("party", "council")):
            return "must_implement"
        if self._committee(key) and self.family == "front":
            return "cooperate"
        if _pattern("own_heads").fullmatch(key):
            return "reported_to"
        if _pattern("front").match(key):
            return "cooperate"
        if _pattern("group").match(key) and self._below(key):
            return "must_implement"
        return "informed"

    def of_addressee(self, name: str) -> Duty:
        """The duty of one line of "Kính gửi": obliged unless it stands above or beside, or cannot be listed."""
        key = _key(name)
        if _pattern("crowd").fullmatch(key):
            return "unenumerable"
        if self._superior(key):
            return "reported_to"
        if _pattern("company").match(key):
            return "informed"
        if _pattern("front").match(key) and not self._lower(key) and self.family not in ("party", "front"):
            return "cooperate"
        if self._committee(key) and self.family == "front":
            return "cooperate"
        return "must_implement"

    def _superior(self, key: str) -> bool:
        rank = _RANK[self.level] if self.level is not None else 1
        if rank == 0:
            return re.match(_COUNCIL_OF[0], key) is not None
        if _body(0).match(key):
            return True
        if self._lower(key):
            return False
        for above in range(1, rank + 1):
            if not _body(above).match(key):
                continue
            if above < rank:
                return True
            # Of the issuer's own rank: Party committee and council stand above all, the UBND above its offices.
            return not _DEPARTMENT.match(key) and (self.family == "office" or not _COMMITTEE.match(key))
        return False

    def _lower(self, key: str) -> bool:
        return self.level is not None and any(_group(rank).match(key) for rank in range(_RANK[self.level], 4))

    def _committee(self, key: str) -> bool:
        """The UBND of the issuer's own level."""
        rank = _RANK[self.level] if self.level is not None else 0
        return rank > 0 and _COMMITTEE.match(key) is not None and _body(rank).match(key) is not None

    def _below(self, key: str) -> bool:
        if key.startswith("cac ") or self.family == "office":
            return self.family != "office" or key.startswith(("cac phong", "cac don vi", "cac ban"))
        heads = {"central": ("bo",), "province": ("so", "ban"), "district": ("phong",)}
        return key.startswith(heads.get(self.level or "", ()))


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", fold(name)).strip(" .;,-")
