"""Document kinds and the codes that stand for them in a symbol (Nghị định 30/2020, Phụ lục III; Quy định 399-QĐ/TW).

The same concepts stand in ``ontology/vocabularies.ttl``; a test compares the two in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "Kind", "kind_by_label", "kinds_by_code"]


@dataclass(frozen=True, slots=True)
class Kind:
    """ "Kế hoạch": slug "ke-hoach", codes ("KH",); the first code is the one written today."""

    slug: str
    label: str
    codes: tuple[str, ...] = ()
    normative: bool = False
    """A kind that makes law: "Căn cứ" + this kind is a legal basis, never an order to carry out."""


KINDS: tuple[Kind, ...] = (
    Kind("hien-phap", "Hiến pháp", (), True),
    Kind("bo-luat", "Bộ luật", (), True),
    Kind("luat", "Luật", ("L",), True),
    Kind("phap-lenh", "Pháp lệnh", ("PL",), True),
    Kind("lenh", "Lệnh", ("L",), True),
    Kind("nghi-dinh", "Nghị định", ("NĐ",), True),
    Kind("nghi-quyet", "Nghị quyết", ("NQ",)),
    Kind("nghi-quyet-lien-tich", "Nghị quyết liên tịch", ("NQLT",), True),
    Kind("quyet-dinh", "Quyết định", ("QĐ",)),
    Kind("chi-thi", "Chỉ thị", ("CT",)),
    Kind("thong-tu", "Thông tư", ("TT",), True),
    Kind("thong-tu-lien-tich", "Thông tư liên tịch", ("TTLT", "TTLS"), True),
    Kind("van-ban-hop-nhat", "Văn bản hợp nhất", ("VBHN",), True),
    Kind("ket-luan", "Kết luận", ("KL",)),
    Kind("quy-dinh", "Quy định", ("QyĐ", "QĐi")),
    Kind("quy-che", "Quy chế", ("QC",)),
    Kind("thong-tri", "Thông tri", ("TT",)),
    Kind("dieu-le", "Điều lệ", ()),
    Kind("thong-cao", "Thông cáo", ("TC",)),
    Kind("thong-bao", "Thông báo", ("TB",)),
    Kind("huong-dan", "Hướng dẫn", ("HD",)),
    Kind("chuong-trinh", "Chương trình", ("CTr", "CTHĐ", "CTHĐCT")),
    Kind("ke-hoach", "Kế hoạch", ("KH", "KHLT", "KHPH")),
    Kind("phuong-an", "Phương án", ("PA",)),
    Kind("de-an", "Đề án", ("ĐA",)),
    Kind("du-an", "Dự án", ("DA",)),
    Kind("bao-cao", "Báo cáo", ("BC",)),
    Kind("bien-ban", "Biên bản", ("BB",)),
    Kind("to-trinh", "Tờ trình", ("TTr",)),
    Kind("hop-dong", "Hợp đồng", ("HĐ",)),
    Kind("cong-dien", "Công điện", ("CĐ",)),
    Kind("cong-van", "Công văn", ("CV",)),
    Kind("ban-ghi-nho", "Bản ghi nhớ", ("BGN", "GN")),
    Kind("ban-thoa-thuan", "Bản thỏa thuận", ("BTT", "TTh")),
    Kind("giay-uy-quyen", "Giấy ủy quyền", ("GUQ", "UQ")),
    Kind("giay-moi", "Giấy mời", ("GM",)),
    Kind("giay-gioi-thieu", "Giấy giới thiệu", ("GGT",)),
    Kind("giay-nghi-phep", "Giấy nghỉ phép", ("GNP", "NP")),
    Kind("phieu-gui", "Phiếu gửi", ("PG",)),
    Kind("phieu-chuyen", "Phiếu chuyển", ("PC",)),
    Kind("phieu-bao", "Phiếu báo", ("PB",)),
    Kind("ban-sao", "Bản sao", ("SY", "TrS", "SL", "BS")),
    Kind("thu-cong", "Thư công", ()),
)

_BY_LABEL = {kind.label: kind for kind in KINDS}
_BY_CODE: dict[str, tuple[Kind, ...]] = {}
for _kind in KINDS:
    for _code in _kind.codes:
        _BY_CODE[_code.upper()] = (*_BY_CODE.get(_code.upper(), ()), _kind)


def kind_by_label(label: str) -> Kind | None:
    """The kind whose Vietnamese name is exactly ``label`` ("Kế hoạch")."""
    return _BY_LABEL.get(label)


def kinds_by_code(code: str) -> tuple[Kind, ...]:
    """The kinds that a symbol code may stand for, likeliest first: "QĐ" → (Quyết định,), "TT" → two."""
    return _BY_CODE.get(code.upper(), ())
