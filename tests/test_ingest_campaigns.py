"""Campaigns: which quoted phrases are names of one, what the paper does to it, and who launched it until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from factcases import whole
from hypothesis import given
from hypothesis import strategies as st

from ingest.campaigns import find_campaigns
from kg.model import Span

ISSUER = "Ủy ban nhân dân huyện Sơn Vĩ"


def found(text: str, title: str = "", issuer: str | None = ISSUER) -> list[tuple[str, str]]:
    return [(c.name, c.role) for c in find_campaigns(text, whole(text, title=title, issuer=issuer))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "đẩy mạnh phong trào thi đua “Bản làng sáng, xanh, sạch” gắn với bảo vệ rừng",
            [("Bản làng sáng, xanh, sạch", "mentions")],
            id="phong trào thi đua",
        ),
        pytest.param(
            "tham gia cuộc vận động “Ngày vì bạn nghèo”",
            [("Ngày vì bạn nghèo", "mentions")],
            id="cuộc vận động",
        ),
        pytest.param(
            "các phong trào “Thi đua giữ bản”, “Dòng họ học tập”; “Nhà sạch, vườn đẹp”.",
            [("Thi đua giữ bản", "mentions"), ("Dòng họ học tập", "mentions"), ("Nhà sạch, vườn đẹp", "mentions")],
            id="a list shares its noun",
        ),
        pytest.param(
            "phong trào “Cùng nhau giữ nước” và phong trào “Làng không rác”",
            [("Cùng nhau giữ nước", "mentions"), ("Làng không rác", "mentions")],
            id="a list that repeats the noun",
        ),
        pytest.param(
            'phong trào thi đua yêu nước " Mỗi thôn một công trình " của xã',
            [("Mỗi thôn một công trình", "mentions")],
            id="straight quotes with spaces inside",
        ),
        pytest.param(
            "phong trào “Chợ văn minh; phong trào “Đường hoa biên giới”",
            [("Chợ văn minh", "mentions"), ("Đường hoa biên giới", "mentions")],
            id="a closing mark is missing",
        ),
        pytest.param(
            "Tiếp tục triển khai các phong trào thi đua do Bộ Y tế phát động: “Cả nước trồng cây”; “Sông xanh”.",
            [("Cả nước trồng cây", "continues"), ("Sông xanh", "continues")],
            id="carried on from a named launcher",
        ),
        pytest.param(
            "hưởng ứng phong trào thi đua “Nghìn giờ an toàn” do Liên đoàn Lao động tỉnh phát động",
            [("Nghìn giờ an toàn", "continues")],
            id="launcher behind the name",
        ),
        pytest.param(
            "Chủ tịch UBND huyện phát động phong trào thi đua đặc biệt với chủ đề “Ba mươi ngày nước rút”.",
            [("Ba mươi ngày nước rút", "launches")],
            id="the paper's own call",
        ),
        pytest.param(
            "Thủ tướng Chính phủ phát động phong trào thi đua “Năm học số”.",
            [("Năm học số", "mentions")],
            id="somebody else's call is news",
        ),
        pytest.param(
            "phát động các phong trào phù hợp với đơn vị, gắn với phong trào thi đua “Giữ nghề dệt”",
            [("Giữ nghề dệt", "mentions")],
            id="others are told to call",
        ),
        pytest.param(
            "trọng tâm là phong trào toàn dân đoàn kết xây dựng đời sống văn hoá ở cơ sở",
            [("toàn dân đoàn kết xây dựng đời sống văn hoá", "mentions")],
            id="well known, without quotes, old tone style",
        ),
        pytest.param(
            "gắn phong trào TDĐKXDĐSVH với du lịch",
            [("Toàn dân đoàn kết xây dựng đời sống văn hóa", "mentions")],
            id="abbreviated",
        ),
        pytest.param(
            "đẩy mạnh việc “Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh”",
            [("Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh", "mentions")],
            id="well known, quoted, with another noun",
        ),
        pytest.param("thi đua với tinh thần “một ngày bằng ba ngày”", [], id="a spirit"),
        pytest.param("theo phương châm “rõ người, rõ việc” trong phong trào thi đua", [], id="a motto"),
        pytest.param("phong trào thi đua; Chỉ thị của Tỉnh ủy về “Đổi mới công tác thi đua”", [], id="a trích yếu"),
        pytest.param("phong trào xây dựng mô hình “Tổ dân phố đẹp”", [], id="a model"),
        pytest.param("Quỹ “Vì người nghèo” trong các phong trào thi đua", [], id="a fund"),
        pytest.param("đạt danh hiệu “Gia đình văn hóa” trong phong trào thi đua", [], id="an award"),
        pytest.param("Hội thảo với chủ đề “Đất và nước”", [], id="the theme of something else"),
        pytest.param("phong trào thi đua yêu nước của huyện", [], id="no name"),
        pytest.param("vươn lên “thoát nghèo” nhờ phong trào thi đua", [], id="quoted before the noun"),
    ],
)
def test_names_and_roles(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_theme_under_its_own_heading_is_the_papers_campaign() -> None:
    text = "2. Thời gian thi đua: Từ nay đến 20 tháng 11 năm 2024\n3. Chủ đề thi đua\n“Dạy thật, học thật”.\n4. Khác"
    (campaign,) = find_campaigns(text, whole(text, title="Tổ chức phong trào thi đua", issuer=ISSUER))
    assert (campaign.name, campaign.role) == ("Dạy thật, học thật", "launches")
    assert campaign.until == dt.date(2024, 11, 20)


def test_launcher_place_and_period_are_told() -> None:
    text = (
        "Tiếp tục thực hiện phong trào thi đua do Bộ Y tế phát động tại Hội nghị ngành với chủ đề “Vì người bệnh”.\n"
        "Hưởng ứng phong trào “Chung tay làm sạch suối” giai đoạn 2024-2026 của tỉnh."
    )
    first, second = find_campaigns(text, whole(text, issuer=ISSUER))
    assert (first.role, first.launched_by, first.launched_at) == ("continues", "Bộ Y tế", "Hội nghị ngành")
    assert (second.start_date, second.until) == (dt.date(2024, 1, 1), dt.date(2026, 12, 31))


def test_the_strongest_role_holds_in_the_whole_paper() -> None:
    name = "“Một trăm ngày dọn đá (01/3/2024 - 08/6/2024)”"
    text = (
        f"Phong trào thi đua {name} được mọi người tham gia.\n"
        f"Chủ tịch Ủy ban nhân dân huyện phát động phong trào thi đua với chủ đề {name}."
    )
    assert {role for _, role in found(text)} == {"launches"}


def test_a_call_without_a_quoted_theme_is_named_by_the_title() -> None:
    text = "PHÁT ĐỘNG ĐỢT THI ĐUA CAO ĐIỂM HOÀN THÀNH SỐ HÓA HỒ SƠ\nThực hiện công tác thi đua năm 2025."
    layout = whole(text, title=text.partition("\n")[0], issuer=ISSUER)
    cut = text.index("\n")
    layout = replace(layout, header=Span(0, cut), body=Span(cut, len(text)))
    (campaign,) = find_campaigns(text, layout)
    assert (campaign.name, campaign.role) == ("HOÀN THÀNH SỐ HÓA HỒ SƠ", "launches")


@given(st.text(alphabet='phong trào thi đua “”"«»‘’;,:. \nchủ đề do phát động A', max_size=250))
def test_any_text_is_read_without_fault(text: str) -> None:
    for campaign in find_campaigns(text, whole(text)):
        assert 0 <= campaign.span.start < campaign.span.end <= len(text)
        assert campaign.name.split() == campaign.name.split(" ") or campaign.name
        assert "\n" not in campaign.name
