"""For tests of search: an encoder that needs no model, and small documents of an invented commune and province."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kg.identifiers import fold
from search.documents import IndexedDocument
from search.encoders import Floats, Mix, unit

__all__ = ["HashingEncoder", "document", "library"]


@dataclass(frozen=True)
class HashingEncoder:
    """Each folded word points somewhere; a text is the sum. Near texts share words, nothing more is understood."""

    dimension: int = 64
    name: str = "hashing"
    salt: str = ""
    matcher: None = None

    @property
    def fingerprint(self) -> str:
        return f"hashing-{self.dimension}-{self.salt}"

    @property
    def mix(self) -> Mix:
        return Mix(title=0.5, document=0.3, as_text=False)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in fold(text).split():
                seed = int.from_bytes(hashlib.blake2b(f"{self.salt}{word}".encode(), digest_size=8).digest(), "big")
                out[row] += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return unit(out)


def document(key: str, text: str = "", **fields: Any) -> IndexedDocument:
    """A document with only what a test cares about."""
    return IndexedDocument(key=key, text=text, **fields)


def library() -> list[IndexedDocument]:
    """A call, two plans, a decision, an internal note, a directive that is only cited, a law-like rule."""
    return [
        document(
            "son-lam.ubnd/cv/2023/1954-th",
            "Thực hiện Chỉ thị số 34-CT/TW, Ủy ban nhân dân tỉnh phát động phong trào thi đua đặc biệt chào mừng ngày "
            "thành lập tỉnh. Kịp thời phát hiện, bồi dưỡng, nhân rộng điển hình tiên tiến trong từng ngành, từng địa "
            "phương; khen thưởng đúng người, đúng việc, chú trọng người trực tiếp lao động.\n"
            "Các cơ quan, đơn vị xây dựng kế hoạch, gửi về Sở Nội vụ trước ngày 15/6/2023.",
            number="1954/UBND-TH", kind="Công văn", issuer="Ủy ban nhân dân tỉnh Sơn Lâm", owner="son-lam.ubnd",
            level="province", date=dt.date(2023, 5, 30), title="Về việc phát động phong trào thi đua đặc biệt",
            campaigns=("Thi đua đặc biệt chào mừng ngày thành lập tỉnh",), cites=("34-CT/TW",), file="cv-1954.txt",
        ),
        document(
            "son-lam.suoi-vang.ubnd/kh/2023/118",
            "Thực hiện Công văn số 1954/UBND-TH, Ủy ban nhân dân huyện Suối Vàng phát động phong trào thi đua đặc biệt "
            "chào mừng ngày thành lập tỉnh. Kịp thời phát hiện, bồi dưỡng, nhân rộng điển hình tiên tiến trong từng "
            "ngành, từng địa phương; khen thưởng đúng người, đúng việc, chú trọng người trực tiếp lao động.\n"
            "Các cơ quan, đơn vị xây dựng kế hoạch, gửi về Phòng Nội vụ huyện trước ngày 30/6/2023.",
            number="118/KH-UBND", kind="Kế hoạch", issuer="Ủy ban nhân dân huyện Suối Vàng",
            owner="son-lam.suoi-vang.ubnd", level="district", date=dt.date(2023, 6, 20),
            title="Kế hoạch tổ chức phong trào thi đua đặc biệt", cites=("1954/UBND-TH", "34-CT/TW"), file="kh-118.txt",
        ),
        document(
            "bac-hai.ubnd/kh/2023/118",
            "Tăng cường kiểm tra an toàn thực phẩm tại các chợ, xử lý nghiêm cơ sở vi phạm.",
            number="118/KH-UBND", kind="Kế hoạch", issuer="Ủy ban nhân dân tỉnh Bắc Hải", owner="bac-hai.ubnd",
            level="province", date=dt.date(2023, 3, 2), title="Kế hoạch bảo đảm an toàn thực phẩm", file="kh-118b.txt",
        ),
        document(
            "ttg/qd/2022/666",
            "Phê duyệt Đề án chuyển đổi số quốc gia; ưu tiên hạ tầng số, dữ liệu số.",
            number="666/QĐ-TTg", kind="Quyết định", issuer="Thủ tướng Chính phủ", owner="ttg", level="central",
            date=dt.date(2022, 6, 2), title="Phê duyệt Đề án chuyển đổi số", file="qd-666.txt",
        ),
        document(
            "son-lam.snv/bc/2024/7",
            "Báo cáo nội bộ về công tác cán bộ và phong trào thi đua đặc biệt.",
            number="7/BC-SNV", kind="Báo cáo", issuer="Sở Nội vụ tỉnh Sơn Lâm", owner="son-lam.snv", level="province",
            date=dt.date(2024, 1, 5), title="Báo cáo công tác cán bộ", visibility="internal", file="bc-7.txt",
        ),
        document(
            "tw/ct/2014/34", number="34-CT/TW", kind="Chỉ thị", issuer="Bộ Chính trị", owner="tw", level="central",
            date=dt.date(2014, 4, 7), title="Về tiếp tục đổi mới công tác thi đua, khen thưởng",
        ),
    ]  # fmt: skip
