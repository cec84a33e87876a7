"""A small store for the tests of the graph and of review: one call, forty plans under it, and a hostile title."""

from __future__ import annotations

from pathlib import Path

__all__ = ["HOSTILE", "LEAVES_SHOWN", "PLANS", "write_corpus"]

PLANS = 40
LEAVES_SHOWN = 12
HOSTILE = "Thi đua <img src=x onerror=window.hostile=1> </script><script>window.hostile=1</script> năm 2024"
_SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"

_PLAN = """ỦY BAN NHÂN DÂN
XÃ {name}

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: {number}/KH-UBND

{place}, ngày {day:02d} tháng 02 năm 2024

KẾ HOẠCH
{title}

Thực hiện Kế hoạch số 15/KH-UBND ngày 29/01/2024 của Ủy ban nhân dân huyện Bình Khê về công tác thi đua, khen thưởng
năm 2024 của huyện Bình Khê, Ủy ban nhân dân xã {place} xây dựng kế hoạch như sau:

I. MỤC ĐÍCH

1. Tổ chức các phong trào thi đua gắn với nhiệm vụ của xã.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

{signer}
"""


def write_corpus(folder: Path, plans: int = PLANS) -> None:
    """The call of the province, the plan of its district, and the plans of communes that carry it out."""
    folder.mkdir()
    for name in ("reference.ttl", "01-chi-thi-17-ct-tu.txt", "03-ke-hoach-15-kh-ubnd-tinh.txt",
                 "04-ke-hoach-15-kh-ubnd-binh-khe.txt", "06-ke-hoach-68-kh-ubnd-binh-khe.txt"):  # fmt: skip
        (folder / name).write_bytes((_SAMPLES / name).read_bytes())
    for index in range(plans):
        place = ("Khê Thượng", "Khê Hạ")[index % 2]
        text = _PLAN.format(
            name=place.upper(), place=place, number=100 + index, day=1 + index % 28, signer="Lò Văn Mẫu",
            title=HOSTILE if index == 0 else f"Công tác thi đua, khen thưởng năm 2024 của xã {place}",
        )  # fmt: skip
        (folder / f"xa-{index:02d}.txt").write_text(text, encoding="utf-8")
