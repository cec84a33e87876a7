"""Assignments: who, in which role, from where to where; and sentences that hand out nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from factcases import whole
from hypothesis import given
from hypothesis import strategies as st

from ingest.assignments import find_assignments

ORGANISED = "III. TỔ CHỨC THỰC HIỆN\n"


def found(text: str, **metadata: object) -> list[tuple[str, str]]:
    return [(a.body, a.role) for a in find_assignments(text, whole(text, **metadata), ())]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "1. Giao Phòng Y tế huyện theo dõi, đôn đốc việc thực hiện.", [("Phòng Y tế huyện", "monitor")], id="giao"
        ),
        pytest.param(
            "2. Sở Xây dựng chủ trì, phối hợp với Sở Tài chính xây dựng phương án.",
            [("Sở Xây dựng", "lead")],
            id="a verb in a name",
        ),
        pytest.param(
            "3. Ban Quản lý khu du lịch Hồ Mây tham mưu UBND huyện bố trí nhân lực.",
            [("Ban Quản lý khu du lịch Hồ Mây", "advise")],
            id="advise",
        ),
        pytest.param(
            "4. Phòng Tài chính - Kế hoạch huyện căn cứ Kế hoạch này cân đối kinh phí.",
            [("Phòng Tài chính - Kế hoạch huyện", "implement")],
            id="căn cứ behind the subject",
        ),
        pytest.param(
            "5. Căn cứ chức năng, nhiệm vụ, các phòng, ban huyện và UBND các xã tổ chức thực hiện.",
            [("các phòng, ban huyện và UBND các xã", "implement")],
            id="căn cứ before the subject",
        ),
        pytest.param(
            "6. Trên cơ sở nhiệm vụ được giao, chủ trì, phối hợp với Công an huyện tuần tra.",
            [],
            id="no subject at all",
        ),
        pytest.param(
            "7. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam huyện và các đoàn thể vận động Nhân dân tham gia.",
            [("Ủy ban Mặt trận Tổ quốc Việt Nam huyện", "implement")],
            id="a group that nobody can enumerate",
        ),
        pytest.param(
            "8. Phòng Nội vụ huyện, cơ quan thường trực Hội đồng, có trách nhiệm hướng dẫn, kiểm tra.",
            [("Phòng Nội vụ huyện", "monitor")],
            id="a standing role is no name",
        ),
        pytest.param(
            "9. Công an tỉnh Chỉ đạo Công an các xã tăng cường tuần tra ban đêm.",
            [("Công an tỉnh", "implement")],
            id="heading and task on one line",
        ),
        pytest.param(
            "10. Các tổ chức chính trị - xã hội huyện phối hợp tuyên truyền.",
            [("Các tổ chức chính trị - xã hội huyện", "coordinate")],
            id="tổ chức as a noun",
        ),
        pytest.param(
            "11. Uỷ ban nhân dân các xã có trách nhiệm báo cáo kết quả trước ngày 15/12.",
            [("Uỷ ban nhân dân các xã", "report_to")],
            id="old tone style",
        ),
        pytest.param(
            "12. Bộ Chỉ huy Quân sự tỉnh và các cơ quan, đơn vị có liên quan tổ chức diễn tập.",
            [("Bộ Chỉ huy Quân sự tỉnh", "implement")],
            id="và các đơn vị liên quan",
        ),
        pytest.param("13. Yêu cầu các sở, ban, ngành thực hiện nghiêm túc Kế hoạch này.", [], id="a call to comply"),
        pytest.param("14. Thủ trưởng các cơ quan nghiêm túc triển khai thực hiện.", [], id="another call to comply"),
        pytest.param("15. Sở Y tế đã ban hành hướng dẫn.", [], id="the past"),
        pytest.param("16. Ban hành quy chế phối hợp giữa các sở.", [], id="ban hành is no ban"),
        pytest.param("17. Tổ chức tuyên truyền sâu rộng.", [], id="tổ chức is no tổ"),
        pytest.param(
            "19. Công an tỉnh đấu mối với các xã lắp camera.", [("Công an tỉnh", "implement")], id="a verb unheard of"
        ),
        pytest.param(
            "20. Các tỉnh ven sông rà soát kè.", [("Các tỉnh ven sông", "implement")], id="which of many bodies"
        ),
        pytest.param("21. Đề nghị Sở Y tế ........... cho phép tổ chức lớp học.", [], id="a form"),
        pytest.param(
            "22. Các ông, bà: Chánh Văn phòng Sở; Vụ trưởng Vụ Hóa chất chịu trách nhiệm thi hành Quyết định này.",
            [("Chánh Văn phòng Sở; Vụ trưởng Vụ Hóa chất", "implement")],
            id="ladies and gentlemen",
        ),
        pytest.param("18. Kinh phí do ngân sách huyện bảo đảm.", [], id="money"),
    ],
)
def test_in_the_part_on_organisation(line: str, expected: list[tuple[str, str]]) -> None:
    assert found(ORGANISED + line) == expected


def test_heading_names_the_body_of_the_points_below() -> None:
    text = (
        ORGANISED + "1. Sở Giáo dục và Đào tạo\n- Chủ trì, phối hợp với các trường mở lớp;\n"
        "- Phối hợp với Sở Y tế khám sức khỏe.\n"
        "b) Trách nhiệm của Kho bạc Nhà nước tỉnh:\n- Hướng dẫn thủ tục thanh toán cho các trường.\n2. Thời gian."
    )
    assert found(text) == [
        ("Sở Giáo dục và Đào tạo", "lead"),
        ("Sở Giáo dục và Đào tạo", "coordinate"),
        ("Kho bạc Nhà nước tỉnh", "implement"),
    ]


def test_a_group_whose_name_holds_a_verb_heads_points() -> None:
    text = ORGANISED + "2. Các viện nghiên cứu, trường đại học, doanh nghiệp\na) Chủ động đề xuất đề tài về giống lúa."
    assert found(text) == [("Các viện nghiên cứu, trường đại học, doanh nghiệp", "implement")]


def test_points_run_on_behind_their_heading() -> None:
    text = (
        "II. NHIỆM VỤ\n1. Đẩy mạnh trồng rừng: (1) Sở Tài chính chủ trì cân đối vốn; (2) các bộ, ngành, địa phương rà "
        "soát quỹ đất; (3) hoàn thành trong quý I.\n2. Nâng cao chất lượng nước: Các nhà máy nước kiểm tra hồ lắng.\n"
        "3. Kết quả: Các sở, ngành tổ chức 12 lớp."
    )
    assert found(text, kind="Thông báo") == [("Sở Tài chính", "lead"), ("các bộ, ngành, địa phương", "implement")]


def test_an_article_that_opens_with_a_body_is_an_order() -> None:
    text = (
        "Điều 1. Ủy ban nhân dân tỉnh phê duyệt danh mục.\nĐiều 2. Bộ trưởng Bộ Y tế tiếp thu ý kiến các bên.\n"
        "Điều 3. Trung tâm thực hiện các nhiệm vụ, quyền hạn sau.\nĐiều 4. Ban quản lý có con dấu riêng."
    )
    assert found(text, kind="Quyết định", number="12/QĐ-UBND") == [("Bộ trưởng Bộ Y tế", "implement")]
    assert found(text, kind="Quyết định", number="12/2025/QĐ-UBND") == []


def test_to_comply_with_one_paper_in_particular_is_a_task() -> None:
    call = "1. Sở Y tế thực hiện nghiêm chỉ đạo của Chủ tịch Ủy ban nhân dân tỉnh"
    told = (
        f"{call} tại Công văn số 12/UBND-VX về việc kiểm tra bếp ăn bán trú, gửi kết quả về Sở Nội vụ để tổng hợp, "
        "báo cáo Ủy ban nhân dân tỉnh xem xét trong tháng 11 năm 2025."
    )
    assert found(ORGANISED + call + ".") == []
    assert found(ORGANISED + told) == [("Sở Y tế", "implement")]


def test_points_hang_on_the_nearest_body() -> None:
    text = (
        ORGANISED + "1. Sở Công Thương chủ trì, phối hợp với các địa phương:\na) Rà soát các chợ tạm trên địa bàn;\n"
        "b) Công khai danh mục chợ được đầu tư.\n2. Sở Tư pháp thẩm định văn bản."
    )
    assert found(text) == [("Sở Công Thương", "lead"), ("Sở Công Thương", "lead"), ("Sở Tư pháp", "implement")]


def test_a_directive_hands_its_points_to_those_it_addresses() -> None:
    text = (
        "Trước tình hình trên, Chủ tịch UBND tỉnh yêu cầu Giám đốc các sở, Chủ tịch UBND các huyện tập trung thực hiện "
        "một số nhiệm vụ sau:\n1. Khẩn trương kiểm tra các hồ chứa.\n"
        "2. Văn phòng UBND tỉnh theo dõi, đôn đốc việc thực hiện."
    )
    assert found(text, kind="Chỉ thị") == [
        ("Giám đốc các sở, Chủ tịch UBND các huyện", "monitor"),
        ("Văn phòng UBND tỉnh", "monitor"),
    ]


def test_labelled_lines() -> None:
    text = (
        "2. Mở lớp tập huấn\n- Cơ quan chủ trì: Sở Nội vụ, Sở Tư pháp.\n"
        "- Cơ quan phối hợp: Ủy ban nhân dân các xã.\n- Thời gian: 2026"
    )
    assert found(text) == [("Sở Nội vụ, Sở Tư pháp", "lead"), ("Ủy ban nhân dân các xã", "coordinate")]


def test_one_paragraph_may_hand_out_two_tasks() -> None:
    text = (
        "Điều 2. Giao Sở Du lịch tổ chức khảo sát các tuyến. Sở Tài chính chịu trách nhiệm thẩm định dự toán./.\n"
        "Điều 3. Chánh Văn phòng UBND tỉnh; Giám đốc các sở; Chủ tịch UBND các xã chịu trách nhiệm thi hành Quyết định."
    )
    first, second, third = find_assignments(text, whole(text, kind="Quyết định"), ())
    assert (first.body, first.surface) == ("Sở Du lịch", "Giao Sở Du lịch tổ chức khảo sát các tuyến.")
    assert second.body == "Sở Tài chính"
    assert third.body == "Chánh Văn phòng UBND tỉnh; Giám đốc các sở; Chủ tịch UBND các xã"


def test_rules_of_the_law_are_no_tasks_of_the_paper() -> None:
    text = (
        "Điều 5. Trình tự\n1. Trong thời hạn 05 ngày, Sở Y tế có trách nhiệm thẩm định hồ sơ.\n"
        "2. Cơ quan cấp phép có trách nhiệm trả lời."
    )
    assert found(text, kind="Thông tư") == []
    assert found(text, kind="Quyết định", number="12/2025/QĐ-UBND") == []


def test_outside_the_part_on_organisation_only_orders_and_roles_count() -> None:
    text = (
        "II. NỘI DUNG\n1. Các cơ quan, đơn vị đẩy mạnh tuyên truyền.\n2. Sở Y tế chủ trì tổ chức khám bệnh.\n"
        "3. Giao Sở Nội vụ rà soát."
    )
    assert found(text) == [("Sở Y tế", "lead"), ("Sở Nội vụ", "implement")]


def test_a_letter_asks_in_the_middle_of_a_paragraph() -> None:
    text = (
        "Sở Nội vụ đã nhận báo cáo của các xã. Để việc lập danh mục được thống nhất theo ý kiến Tỉnh ủy, Ban Thường "
        "vụ và Ban Tổ chức, trên cơ sở mẫu gửi kèm, đề nghị Ủy ban nhân dân các xã gửi số liệu trước ngày 20/11/2025."
    )
    (assignment,) = find_assignments(text, whole(text, kind="Công văn"), ())
    assert (assignment.body, assignment.requested) == ("Ủy ban nhân dân các xã", True)
    assert assignment.by == "2025-11-20"


def test_request_and_limit_are_told() -> None:
    text = ORGANISED + "1. Đề nghị Liên đoàn Lao động tỉnh vận động đoàn viên, hoàn thành trước ngày 10/10/2025."
    (assignment,) = find_assignments(text, whole(text, date=dt.date(2025, 1, 2)), ())
    assert (assignment.requested, assignment.by) == (True, "2025-10-10")
    assert assignment.surface == assignment.span.of(text)


def test_closing_words_and_recipients_are_no_tasks() -> None:
    text = (
        ORGANISED + "Trên đây là Kế hoạch của UBND huyện; đề nghị các phòng, ban nghiêm túc triển khai thực hiện./.\n"
        "Trong quá trình thực hiện nếu có vướng mắc, đề nghị các đơn vị phản ánh về Phòng Nội vụ."
    )
    assert found(text) == []


@given(st.text(alphabet="Sở Nội vụchủtrìphốihợpGiaođềngị1.2)-\n:;,()ĐiuABủbancácxã", max_size=250))
def test_any_text_is_read_without_fault(text: str) -> None:
    for assignment in find_assignments(text, whole(text), ()):
        assert text[assignment.span.start : assignment.span.end] == assignment.surface
        assert assignment.body
