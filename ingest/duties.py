"""What a line of "Kính gửi" or "Nơi nhận" asks of whom it names, seen from the issuer's level."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.identifiers import fold
from kg.model import Duty, Level

__all__ = ["Duties"]

_RANK: dict[Level, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}

_REPORT = re.compile(r"(?:de )?(?:b ?[/.]? ?c\b|bao cao|b/cao)")
_KNOW = re.compile(r"(?:de )?(?:biet|theo doi|kiem tra|giam sat|dang|p/h|phoi hop)")
_POINTER = re.compile(r"nhu (?:tren|dieu|kinh gui|muc|khoan)\b|cac (?:co quan|don vi) (?:neu|co ten) tren")
# Groups whose members nobody can list.
_CROWD = re.compile(
    r"(?:cac )?(?:(?:to chuc|hop tac xa|ho kinh doanh|doanh nghiep|ca nhan|don vi kinh te|hiep hoi|nha dau tu)\b[ ,va]*)+"
    r".*|.*\bnhan dan (?:cac|trong|toan)\b.*|cac ho (?:dan|gia dinh)\b.*|.*\bva doanh nghiep\b.*"
)
_PRESS = re.compile(
    r"(?:bao\b|dai\b|trang\b|cong\b|website|cong bao|trung tam (?:thong tin|tin hoc|tt|phuc vu|cong bao|dieu hanh)|tt ?tin|co quan (?:bao chi|thong tan)|"
    r"thong tan xa|tgd cong|p?\.? ?(?:tth|kgvx|nc|kt|th)\b|phat thanh)"
)
_OFFICE = re.compile(
    r"(?:cvp|pcvp|lanh dao (?:van phong|vp)|ldvp|cac (?:pcvp|phong chuyen vien|chuyen vien)|chuyen vien|cv\b|cvnc|v\d|vp\b|van phong (?:ubnd|uy ban)|"
    r"chanh van phong|cac (?:phong|cv)(?: cv)?,? ?(?:chuyen vien|nghien cuu)|thu ky|tro ly|cac phong nghien cuu|phong (?:hc|tong hop))"
)
_FRONT = re.compile(r"(?:uy ban mat tran|ubmt|mttq|mat tran|uy ban mttq|ubmttq|ban thuong truc|lien doan lao dong|hoi lien hiep|tinh doan|cac doan the)")
_OWN_HEADS = re.compile(r"(?:d/c |dong chi )?(?:(?:chu tich|ct|pct|pho chu tich|cac pct|cac pho chu tich)\b[ ,;va]*)+(?:cac )?(?:pct|pho chu tich|ct)?\b.*(?:ubnd|uy ban nhan dan)?|(?:lanh dao|ban giam doc|giam doc|cac (?:pgd|pho giam doc))\b.*|thu truong (?:bo|cac)? ?.*")
_CENTRAL = re.compile(
    r"(?:ban bi thu|bo chinh tri|quoc hoi|uy ban thuong vu quoc hoi|ubtvqh|chinh phu|thu tuong|ttg|cac pho thu tuong|chu tich nuoc|van phong (?:chinh phu|quoc hoi|trung uong|tong bi thu|chu tich nuoc)|"
    r"vpcp|vptw|bo\b|cac bo\b|ban [^,]* trung uong|ban tdkt tw|ban tdkt trung uong|tw\b|trung uong|cuc\b.*\bbo\b|vu\b.*\bbo\b|toa an nhan dan toi cao|vien kiem sat nhan dan toi cao|kiem toan nha nuoc$|"
    r"uy ban (?:trung uong|tw)|thanh tra chinh phu|ngan hang nha nuoc viet nam|vpqg|cuc kiem tra|cuc ktvb|vu phap che)"
)
_PROVINCE_TOP = re.compile(
    r"(?:(?:tt|ttr|thuong truc|btv|ban thuong vu|bch|van phong)\.? ?)*(?:tinh uy|tu\b|thanh uy|hdnd (?:tinh|tp|thanh pho)|hoi dong nhan dan (?:tinh|thanh pho)|ubnd (?:tinh|tp|thanh pho)\b|uy ban nhan dan (?:tinh|thanh pho)\b|doan (?:dai bieu quoc hoi|dbqh))|"
    r"tt ?tu\b|tthdnd|tttu|(?:tt|thuong truc)\.? (?:hdnd|hoi dong nhan dan)[,; ]*(?:ubnd)?.* (?:tinh|thanh pho|tp)$|doan dbqh"
)
_PROVINCE_OFFICES = re.compile(r"(?:so\b|ban tdkt|hoi dong (?:tdkt|thi dua).* tinh|ban .* tinh$|cac so\b|cac (?:ban|co quan).*tinh$)")
_DISTRICT_TOP = re.compile(
    r"(?:(?:tt|ttr|thuong truc|btv|ban thuong vu|bch|van phong)\.? ?)*(?:huyen uy|hu\b|quan uy|thi uy|thanh uy|hdnd (?:huyen|quan|thi xa|thanh pho)|hoi dong nhan dan (?:huyen|quan|thi xa)|ubnd (?:huyen|quan|thi xa)\b|uy ban nhan dan (?:huyen|quan|thi xa)\b)"
)
_DISTRICT_OFFICES = re.compile(r"(?:phong\b.*(?:huyen|quan|thi xa)|hoi dong .* huyen|cac phong\b|cac (?:co quan|ban).*huyen)")
_COMMUNE_TOP = re.compile(
    r"(?:(?:tt|ttr|thuong truc|btv|ban thuong vu|bch)\.? ?)*(?:dang uy|du\b|hdnd (?:xa|phuong|thi tran|dac khu)|hoi dong nhan dan (?:xa|phuong|thi tran|dac khu)|ubnd (?:xa|phuong|thi tran|dac khu)$)"
)
_LOWER = {
    0: re.compile(r"(?:.*\b(?:cac tinh|cac thanh pho|tinh, thanh pho|dia phuong)\b)"),
    1: re.compile(r".*\b(?:cac (?:so|huyen|quan|thi xa|xa|phuong|ban,? ?nganh)|cac thanh pho|xa, phuong|cac don vi|huyen, thanh pho)\b"),
    2: re.compile(r".*\b(?:cac (?:xa|phuong|phong|co quan|don vi|truong)|xa, thi tran|xa, phuong)\b"),
    3: re.compile(r".*\b(?:cac (?:thon|ban|to dan pho|khu pho|truong|nganh|doan the|ap|tieu khu)|truong thon|cong chuc)\b"),
}
_COMPANY = re.compile(r"(?:cong ty|tap doan|tong cong ty|ong|ba|ngan hang tmcp|luat su|chi nhanh|truong doan)\b")


@dataclass(frozen=True, slots=True)
class Duties:
    """Says the duty of each name for an issuer of ``level``: from a district, "TT. Huyện ủy" is reported to.

    ``office`` is True for a department or office, which stands below the committee of its own level.
    """

    level: Level | None
    office: bool = False

    def of_recipient(self, name: str, note: str | None = None) -> Duty:
        """The duty of one line of "Nơi nhận"."""
        noted = fold(note or "")
        if _REPORT.match(noted):
            return "reported_to"
        key = self._key(name)
        if _POINTER.match(key) or _CROWD.fullmatch(key):
            return "unenumerable"
        if self._superior(key):
            return "reported_to"
        if _PRESS.match(key) or _OFFICE.match(key):
            return "informed"
        if _KNOW.match(noted):
            return "cooperate" if "hop" in noted or "p/h" in noted else "informed"
        if self._lower(key):
            return "must_implement"
        if _OWN_HEADS.fullmatch(key):
            return "reported_to"
        if _FRONT.match(key):
            return "cooperate"
        if self.level is not None and re.match(r"(?:cac )?(?:ban|so|bo|phong|co quan|nganh|don vi|vien|truong)\b", key):
            return "must_implement" if self._below(key) else "informed"
        return "informed"

    def of_addressee(self, name: str) -> Duty:
        """The duty of one line of "Kính gửi": obliged unless it stands above, beside, or cannot be listed."""
        key = self._key(name)
        if _CROWD.fullmatch(key):
            return "unenumerable"
        if self._superior(key):
            return "reported_to"
        if _COMPANY.match(key):
            return "informed"
        if _FRONT.match(key) and not self._lower(key):
            return "cooperate"
        return "must_implement"

    @staticmethod
    def _key(name: str) -> str:
        return re.sub(r"\s+", " ", fold(name)).strip(" .;,-")

    def _superior(self, key: str) -> bool:
        if self.level is None:
            return bool(_CENTRAL.match(key))
        rank = _RANK[self.level]
        if self._lower(key) and not (rank and _CENTRAL.match(key)):
            return False
        if rank == 0:
            return bool(re.match(r"(?:ban bi thu|bo chinh tri|quoc hoi$|uy ban thuong vu|thu tuong|cac pho thu tuong|tong bi thu|chu tich nuoc)", key))
        if _CENTRAL.match(key):
            return True
        if _PROVINCE_TOP.match(key) and not re.match(r"(?:ubnd|uy ban nhan dan) cac", key):
            return rank > 1 or self.office or not re.match(r"(?:ubnd|uy ban nhan dan)", key)
        if rank >= 2 and _PROVINCE_OFFICES.match(key):
            return True
        if rank >= 2 and _DISTRICT_TOP.match(key):
            return rank > 2 or self.office or not re.match(r"(?:ubnd|uy ban nhan dan)", key)
        if rank >= 3 and (_DISTRICT_OFFICES.match(key) or _COMMUNE_TOP.match(key)):
            return True
        return False

    def _lower(self, key: str) -> bool:
        return self.level is not None and any(
            pattern.match(key) for rank, pattern in _LOWER.items() if rank >= _RANK[self.level]
        )

    def _below(self, key: str) -> bool:
        if key.startswith("cac ") or self.office:
            return key.startswith(("cac phong", "cac don vi", "cac ban")) or not self.office
        return key.startswith({"central": ("bo",), "province": ("so", "ban"), "district": ("phong",)}.get(self.level or "", ()))
