"""The vocabulary of facts (campaigns, anniversaries, assignments, targets, deadlines) as data, and how it is compared.

Everything is compared in one plain form: lower case, one tone style (hoà = hòa, uỷ = ủy), straight look-alikes.
The plain form has the length of the text it was made from, so offsets hold in both; it keeps accents, because
"đạt" (reach), "đất" (land) and "đặt" (put) are different facts. Words here are written as they are spoken;
``words`` and ``pattern`` bring them into the plain form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = [
    "ADJECTIVAL_VERBS",
    "ANNIVERSARY_EVENT_HEADS",
    "ANNIVERSARY_NOT_EVENTS",
    "BODY_HEADS",
    "CAMPAIGN_ALIASES",
    "CAMPAIGN_HEADS",
    "COMPOUND_TAILS",
    "COUNT_NOUNS",
    "GROUP_HEADS",
    "GROUP_NOUNS",
    "GROUP_WORDS",
    "NOT_BODIES",
    "NOT_CAMPAIGN_HEADS",
    "NOT_CAMPAIGN_RIGHT_BEFORE",
    "OPENING_VERBS",
    "ORGANISATION_HEADINGS",
    "OTHER_UNITS",
    "PLAN_KINDS",
    "PREDICATES",
    "WELL_KNOWN_CAMPAIGNS",
    "alternatives",
    "both_styles",
    "pattern",
    "plain",
]

# Two tone styles put the mark on either vowel of an open "oa, oe, uy". Both text and patterns go through this table,
# so that it does no harm where the mark is not free (hoàn → hòan on both sides).
_TONES = (
    ("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"),
    ("oè", "òe"), ("oé", "óe"), ("oẻ", "ỏe"), ("oẽ", "õe"), ("oẹ", "ọe"),
    ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"), ("uỵ", "ụy"),
)  # fmt: skip
_LOOK_ALIKES = (("ð", "đ"), ("\u00a0", " "), ("–", "-"), ("—", "-"), ("‑", "-"), ("−", "-"), ("\u00ad", "-"))


def _one_style(lowered: str) -> str:
    for old, new in _TONES:
        if old in lowered:
            lowered = lowered.replace(old, new)
    return lowered


def plain(text: str) -> str:
    """The plain form of NFC text, of equal length: "Uỷ ban – Khoá XI" → "ủy ban - khóa xi".

    The last few long texts are remembered: every finder asks for the same one.
    """
    return _plain(text) if len(text) < 1000 else _remembered(text)


@lru_cache(maxsize=4)
def _remembered(text: str) -> str:
    return _plain(text)


def _plain(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few foreign letters (İ) lower to two code points
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    for old, new in _LOOK_ALIKES:
        if old in lowered:
            lowered = lowered.replace(old, new)
    return _one_style(lowered)


def _plain_words(*words: str) -> tuple[str, ...]:
    return tuple(_one_style(word) for word in words)


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Compiles a pattern, written in lower case, that is to be matched against a plain text."""
    return re.compile(_one_style(source), flags)


def both_styles(source: str) -> str:
    """A pattern's source for text as printed: every word with a free tone mark in either style."""
    for old, new in _TONES:
        source = re.sub(f"{old}(?!\\w)|{new}(?!\\w)", f"(?:{old}|{new})", source)
    return source


def alternatives(phrases: Iterable[str]) -> str:
    """The phrases as one regex group body, longest first, one or more spaces between words."""
    ordered = sorted({phrase.lower() for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)


# --- campaigns ------------------------------------------------------------------------------------------------------

# The noun right before a quoted name says what the name is of. The nearest noun decides.
CAMPAIGN_HEADS = (
    "phong trào", "phòng trào", "cuộc vận động", "đợt thi đua", "thi đua", "đợt phát động thi đua",
    "phong trào hành động", "đợt cao điểm thi đua", "phong trào thi đua chuyên đề", "thi đua chuyên đề",
    "đợt thi đua chuyên đề", "chiến dịch thi đua",
)  # fmt: skip
# "theme": a campaign's theme only where a campaign is spoken of.
NOT_CAMPAIGN_HEADS = (
    "tinh thần", "phương châm", "khẩu hiệu", "thông điệp", "quan điểm", "tiêu chí", "mục tiêu", "nguyên tắc",
    "khát vọng", "truyền thống", "lời dạy", "câu nói", "tư tưởng", "đề án", "chương trình", "dự án", "kế hoạch",
    "chiến lược", "chỉ thị", "nghị quyết", "kết luận", "quyết định", "danh hiệu", "giải thưởng", "huân chương",
    "huy chương", "kỷ niệm chương", "bằng khen", "cờ thi đua", "hội thi", "cuộc thi", "hội thảo", "tọa đàm",
    "hội nghị", "diễn đàn", "ngày hội", "lễ hội", "liên hoan", "đại hội", "tháng hành động", "tháng cao điểm",
    "mô hình", "câu lạc bộ", "chuyên mục", "chuyên trang", "chuyên đề", "cụm từ", "phụ lục", "công trình",
    "sản phẩm", "ứng dụng", "nền tảng", "hệ thống", "phần mềm", "tác phẩm", "cuốn sách", "bài viết",
    "chính sách", "thương hiệu", "nhãn hiệu", "tình trạng", "hiện tượng", "cơ chế",
)  # fmt: skip
# Common words that say so only right before the quoted phrase: "Quỹ “Vì người nghèo”", but "thi đua năm 2025: “…”".
NOT_CAMPAIGN_RIGHT_BEFORE = (
    "về việc", "về", "v/v", "tháng", "tuần lễ", "tuần", "ngày", "năm", "tổ", "nhóm", "từ", "mục", "mẫu", "biểu",
    "khoản", "điểm", "tập thể", "gia đình", "xã", "thôn", "khu dân cư", "không", "lấy", "với", "nội dung",
    "nhiệm vụ", "giải pháp", "kết quả", "vấn đề", "cờ", "giải", "lễ", "phim", "quỹ",
)  # fmt: skip
# National movements that everybody knows by name: campaigns when quoted, and unquoted after "phong trào".
WELL_KNOWN_CAMPAIGNS = (
    "Toàn dân đoàn kết xây dựng đời sống văn hóa", "Toàn dân đoàn kết xây dựng nông thôn mới, đô thị văn minh",
    "Toàn dân bảo vệ an ninh Tổ quốc", "Toàn dân rèn luyện thân thể theo gương Bác Hồ vĩ đại",
    "Toàn dân tham gia phòng cháy, chữa cháy", "Toàn dân phòng cháy, chữa cháy",
    "Toàn dân xây dựng nông thôn mới", "Cả nước chung sức xây dựng nông thôn mới",
    "Cả nước chung tay xây dựng nông thôn mới", "Chung sức xây dựng nông thôn mới",
    "Cả nước chung tay vì người nghèo - Không để ai bị bỏ lại phía sau",
    "Vì người nghèo - Không để ai bị bỏ lại phía sau",
    "Cả nước thi đua xây dựng xã hội học tập, đẩy mạnh học tập suốt đời",
    "Cả nước thi đua đổi mới sáng tạo và chuyển đổi số", "Cả nước chung tay xóa nhà tạm, nhà dột nát",
    "Xóa nhà tạm, nhà dột nát", "Bình dân học vụ số", "Đền ơn đáp nghĩa", "Uống nước nhớ nguồn", "Dân vận khéo",
    "Thi đua quyết thắng", "Vì an ninh Tổ quốc", "Lao động giỏi, lao động sáng tạo",
    "Giỏi việc nước, đảm việc nhà", "Dạy tốt, học tốt", "Xây dựng trường học thân thiện, học sinh tích cực",
    "Nông dân thi đua sản xuất, kinh doanh giỏi", "Cựu chiến binh gương mẫu", "Tuổi cao - Gương sáng",
    "Thanh niên tình nguyện", "Tuổi trẻ sáng tạo", "Xây dựng người phụ nữ Việt Nam thời đại mới",
    "Xây dựng gia đình 5 không, 3 sạch", "Người Việt Nam ưu tiên dùng hàng Việt Nam",
    "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "Học tập và làm theo tấm gương đạo đức Hồ Chí Minh",
    "Công an nhân dân học tập, thực hiện sáu điều Bác Hồ dạy",
    "Cán bộ, công chức, viên chức thi đua thực hiện văn hóa công sở",
    "Cán bộ, công chức, viên chức thi đua xây dựng văn hóa công sở",
    "Doanh nghiệp Việt Nam hội nhập và phát triển",
)  # fmt: skip
CAMPAIGN_ALIASES: dict[str, str] = {  # keys in the plain form
    "tdđkxdđsvh": "Toàn dân đoàn kết xây dựng đời sống văn hóa",
    "tdđk xdđsvh": "Toàn dân đoàn kết xây dựng đời sống văn hóa",
    _one_style("toàn dân đkxdđsvh"): "Toàn dân đoàn kết xây dựng đời sống văn hóa",
    "tdbvantq": "Toàn dân bảo vệ an ninh Tổ quốc",
    _one_style("toàn dân bvantq"): "Toàn dân bảo vệ an ninh Tổ quốc",
}

# --- anniversaries --------------------------------------------------------------------------------------------------

# What follows "N năm" when the years are those of an event.
ANNIVERSARY_EVENT_HEADS = (
    "ngày", "thành lập", "chia tách", "tái lập", "giải phóng", "chiến thắng", "cách mạng", "quốc khánh",
    "truyền thống", "toàn quốc kháng chiến", "khởi nghĩa", "nam kỳ khởi nghĩa", "phong trào", "tổng khởi nghĩa",
    "bác hồ", "lễ",
)  # fmt: skip
# What follows "N năm" when it is a stretch of time, even after "kỷ niệm".
ANNIVERSARY_NOT_EVENTS = (
    "qua", "tới", "trước", "sau", "liền", "liên tục", "liên tiếp", "gần", "đầu", "học", "kinh nghiệm",
    "công tác", "tù", "một", "tiếp theo", "kể từ", "nay", "tuổi", "trở lên", "trở xuống", "hoặc", "đến", "và",
    "với", "theo", "tính", "đối với", "cuối",
)  # fmt: skip

# --- assignments ----------------------------------------------------------------------------------------------------

# First words of the name of one body.
BODY_HEADS = (
    "ủy ban nhân dân", "ubnd", "hội đồng nhân dân", "hđnd", "ủy ban mặt trận", "ubmttq", "mặt trận tổ quốc",
    "mttq", "ủy ban", "văn phòng", "chánh văn phòng", "công an", "bộ chỉ huy", "bộ chqs", "bộ tư lệnh",
    "ban chỉ huy", "ban chqs", "bộ trưởng", "bộ", "sở", "phòng", "trung tâm", "chi cục", "cục", "tổng cục",
    "vụ", "viện", "học viện", "trường", "bệnh viện", "báo", "đài", "tạp chí", "cổng thông tin", "hội",
    "hội đồng", "đoàn", "đoàn thanh niên", "tỉnh đoàn", "thành đoàn", "huyện đoàn", "liên đoàn", "liên minh",
    "liên hiệp", "công đoàn", "tổng công ty", "công ty", "tập đoàn", "kho bạc", "ngân hàng", "bảo hiểm xã hội",
    "bhxh", "thuế", "hải quan", "tòa án", "viện kiểm sát", "thanh tra", "kiểm toán", "giám đốc", "thủ trưởng",
    "chủ tịch", "phó chủ tịch", "trưởng ban", "trưởng phòng", "bí thư", "hiệu trưởng", "cục trưởng",
    "thống đốc", "tổng giám đốc", "người đứng đầu", "đảng ủy", "tỉnh ủy", "thành ủy", "huyện ủy", "quận ủy",
    "đảng đoàn", "ban cán sự", "ban thường vụ", "ban tổ chức", "ban tuyên giáo", "ban dân vận", "ban nội chính",
    "ban chỉ đạo", "ban quản lý", "ban dân tộc", "ban thi đua", "ban", "tổ công tác", "tổ", "khối", "đội",
    "cơ quan", "đơn vị", "phó thủ tướng", "thủ tướng", "chính phủ", "trạm", "kiểm lâm", "hạt kiểm lâm",
    "quân chủng", "quân khu", "bộ đội biên phòng", "lực lượng", "viễn thông", "bưu điện", "quỹ", "chi bộ",
    "đảng bộ", "cấp ủy", "tổng liên đoàn", "thường trực", "điện lực", "thống kê", "chi nhánh", "ủy viên",
    "thành viên", "trưởng thôn", "phó trưởng ban", "phó giám đốc", "phó bí thư", "vụ trưởng", "viện trưởng",
    "chánh thanh tra", "tổng thanh tra", "tổng biên tập", "chánh án", "thứ trưởng", "tổng cục trưởng",
    "chi cục trưởng", "tư lệnh", "chỉ huy trưởng", "đội trưởng", "chủ nhiệm", "tổng kiểm toán", "phó chánh văn phòng",
)  # fmt: skip
# Longer words that begin like a one-syllable head and name no body.
NOT_BODIES = (
    "tổ chức", "ban hành", "báo cáo", "báo chí", "hội nghị", "hội thảo", "hội họp", "hội chợ", "đoàn kết",
    "khối lượng", "phòng chống", "phòng, chống", "phòng ngừa", "phòng cháy", "thuế suất", "vụ việc", "vụ án",
    "quỹ đất", "đội ngũ", "trường hợp", "bộ phận", "cục bộ", "viện trợ", "sở hữu", "khối đại đoàn kết",
    "bộ máy", "bộ tiêu chí", "bộ thủ tục", "bộ quy tắc", "bộ chỉ số", "bộ dữ liệu",
)  # fmt: skip
# First words of a group of bodies: one of these and one of GROUP_NOUNS ("các sở", "mỗi cơ quan"), or a noun alone.
GROUP_WORDS = ("các", "những", "toàn thể", "tất cả các", "mỗi", "từng", "một số")
GROUP_NOUNS = (
    "sở", "ban", "ngành", "bộ", "cơ quan", "đơn vị", "địa phương", "tổ chức", "đoàn thể", "phòng",
    "doanh nghiệp", "xã", "phường", "thị trấn", "huyện", "quận", "thị xã", "thành phố", "tỉnh", "cấp ủy", "cấp",
    "trường", "cơ sở", "chủ rừng", "hội", "khối", "cụm", "thành viên", "trung tâm", "ủy ban", "ubnd", "hđnd",
    "tập đoàn", "tổng công ty", "công ty", "ngân hàng", "hợp tác xã", "lực lượng", "báo", "đài", "viện",
    "học viện", "bệnh viện", "cục", "vụ", "chi cục", "chi bộ", "đảng ủy", "đảng bộ", "tỉnh ủy", "thành ủy",
    "huyện ủy", "chính quyền", "khu công nghiệp", "quỹ", "chủ đầu tư", "nhà thầu", "công đoàn", "liên đoàn",
    "hiệp hội", "chủ tịch", "giám đốc", "thủ trưởng", "bộ trưởng", "thứ trưởng", "trưởng ban", "trưởng phòng",
    "ban ngành", "tổ công tác", "nhà trường", "hợp tác xã", "tổ",
)  # fmt: skip
GROUP_HEADS = (
    "sở", "doanh nghiệp", "địa phương", "cơ quan", "đơn vị", "cấp ủy", "chính quyền địa phương", "hợp tác xã",
    "chủ đầu tư", "chủ rừng", "nhà trường",
)  # fmt: skip
# Lower-case words that open what the body is to do. A word with a capital belongs to a name (Sở Xây dựng).
PREDICATES = (
    "chủ trì", "phối hợp", "có trách nhiệm", "chịu trách nhiệm", "có nhiệm vụ", "tham mưu", "hướng dẫn",
    "theo dõi", "đôn đốc", "kiểm tra", "giám sát", "tổ chức", "triển khai", "thực hiện", "xây dựng", "căn cứ",
    "trên cơ sở", "theo chức năng", "theo thẩm quyền", "theo nhiệm vụ", "theo phân công", "tăng cường",
    "tiếp tục", "chủ động", "tích cực", "khẩn trương", "nghiêm túc", "kịp thời", "thường xuyên", "định kỳ",
    "chỉ đạo", "lãnh đạo", "quán triệt", "rà soát", "bố trí", "cân đối", "đảm bảo", "bảo đảm", "tổng hợp",
    "báo cáo", "gửi", "đăng ký", "nghiên cứu", "đề xuất", "hoàn thiện", "trình", "ban hành", "cung cấp",
    "lồng ghép", "tuyên truyền", "vận động", "đẩy mạnh", "nâng cao", "phát huy", "phổ biến", "tiến hành",
    "bám sát", "phân công", "quan tâm", "làm tốt", "làm", "thẩm định", "lập", "giúp", "sử dụng", "quản lý",
    "phát động", "kiện toàn", "duy trì", "đưa", "cập nhật", "công khai", "niêm yết", "tiếp nhận", "tiếp thu",
    "giải quyết", "xử lý", "chấn chỉnh", "chuẩn bị", "lựa chọn", "phát hiện", "tạo", "khắc phục", "vận hành",
    "phản ánh", "thông báo", "quyết định", "tập trung", "hỗ trợ", "cử", "đổi mới", "ưu tiên", "chấp hành",
    "huy động", "phát triển", "thông tin", "đăng tải", "điều hành", "ứng dụng", "kết nối", "đánh giá",
    "xem xét", "đề nghị", "kiến nghị", "thống nhất", "thống kê", "cụ thể hóa", "cam kết", "tham gia",
    "quy định", "thanh tra", "phê duyệt", "thành lập", "hoàn thành", "bổ sung", "sửa đổi", "điều chỉnh",
    "đầu tư", "ký", "làm việc", "đào tạo", "tập huấn", "khảo sát", "kêu gọi", "vận dụng", "quyết liệt", "sớm",
    "cần", "phải", "nhanh chóng", "trực tiếp", "cùng", "phân bổ", "giao", "giới thiệu", "biểu dương",
    "khen thưởng", "củng cố", "khuyến khích", "tuân thủ", "góp phần", "nêu cao", "đề cao", "gương mẫu",
    "tự giác", "bồi dưỡng", "kiểm soát", "tuần tra", "điều tra", "xác minh", "xác định", "ngăn chặn",
    "phòng ngừa", "đấu tranh", "thu hồi", "thu hút", "nắm", "dự báo", "cảnh báo", "ứng phó", "chăm lo",
    "chăm sóc", "liên hệ", "công bố", "số hóa", "quảng bá", "xúc tiến", "tạm dừng", "khởi công", "khánh thành",
    "đáp ứng", "phục vụ", "lưu trữ", "mua sắm", "trả lời", "giải trình", "đơn giản hóa", "cắt giảm", "rút ngắn",
    "thi hành", "nhân rộng", "tôn vinh", "thừa ủy quyền", "thay mặt", "yêu cầu",
)  # fmt: skip
# The same words as part of a name or of a noun: "Ban quản lý", "các tổ chức", "cơ quan chủ trì".
ADJECTIVAL_VERBS = (
    "tổ chức", "quản lý", "thông tin", "kiểm tra", "chỉ đạo", "đầu tư", "xây dựng", "cung cấp", "báo cáo",
    "tuyên truyền", "thanh tra", "thẩm định", "điều hành", "đào tạo", "sử dụng", "tham gia", "thực hiện",
    "hỗ trợ", "phát triển", "vận động", "chủ trì", "giám sát", "quy định", "tiếp nhận", "thống kê", "phối hợp",
    "điều tra", "phục vụ", "lãnh đạo", "kiểm soát", "tham mưu",
)  # fmt: skip
# One-syllable verbs that end a longer word of a name: "Chương trình", "Ngoại giao", "Dịch vụ việc làm", "Ngân hàng".
COMPOUND_TAILS: dict[str, tuple[str, ...]] = {
    "trình": ("chương", "công", "quy", "tờ", "lịch", "tiến"),
    "quản lý": ("phạm vi", "sự"),
    "nghiên cứu": ("viện", "trung tâm", "cơ sở"),
    "giao": _plain_words("ngoại", "bàn", "xã", "chuyển"),
    "lập": ("thành", "độc", "công", "trung"),
    "làm": ("việc",),
    "ký": ("thư", "đăng", "chữ"),
    "hàng": ("ngân", "cửa", "mặt", "khách", "nhà", "đơn", "bán"),
    "tạo": ("đào", "sáng", "cải", "chế", "tái"),
    "cử": ("bầu", "đề"),
    "tại": ("tồn",),
    "sau": ("phía",),
    "trong": ("bên",),
    "phải": ("bên",),
    "cần": ("chuyên",),
    "về": ("trở", "chuyên môn", "nhà nước"),
    "vào": ("đầu",),
}
# Verbs that open a task with a capital where a heading and its task were printed on one line.
OPENING_VERBS = (
    "Chủ trì", "Phối hợp", "Chỉ đạo", "Tham mưu", "Căn cứ", "Tiếp tục", "Thực hiện", "Tăng cường", "Đẩy mạnh",
    "Hướng dẫn", "Rà soát", "Theo dõi", "Tổ chức thực hiện", "Tổ chức triển khai", "Triển khai", "Chủ động",
    "Có trách nhiệm", "Chịu trách nhiệm", "Tập trung", "Trên cơ sở", "Khẩn trương",
)  # fmt: skip
# Headings of the part of a plan that says who does what.
ORGANISATION_HEADINGS = (
    "tổ chức thực hiện", "tổ chức triển khai", "phân công nhiệm vụ", "phân công trách nhiệm",
    "phân công tổ chức thực hiện", "phân công thực hiện", "trách nhiệm thực hiện", "trách nhiệm của các",
    "nhiệm vụ của các", "trách nhiệm thi hành", "điều khoản thi hành", "phân công", "tổ chức thi hành",
    "trách nhiệm",
)  # fmt: skip

# --- targets --------------------------------------------------------------------------------------------------------

# Nouns that are counted. The longest that fits is the unit ("di sản văn hóa phi vật thể" before "di sản").
COUNT_NOUNS = (
    "buổi", "bản", "hộ", "hộ gia đình", "hộ nghèo", "hộ dân", "người", "lượt", "lượt người", "lượt khách",
    "khách", "cuộc", "đợt", "lớp", "khóa", "chương trình", "mô hình", "mô hình điểm", "điển hình",
    "điển hình tập thể", "điển hình cá nhân", "điển hình tiên tiến", "tập thể", "cá nhân", "gương điển hình",
    "công trình", "dự án", "đề án", "đề tài", "nhiệm vụ", "sáng kiến", "câu lạc bộ", "clb", "cơ sở", "di tích",
    "hiện vật", "di sản", "di sản văn hóa", "di sản văn hóa phi vật thể", "lễ hội", "sách", "đầu sách", "cuốn",
    "tin", "bài", "tin, bài", "tin bài", "phóng sự", "video", "clip", "tờ rơi", "pa nô", "băng rôn",
    "khẩu hiệu", "xã", "phường", "thị trấn", "huyện", "tỉnh", "thôn", "bản làng", "tổ dân phố", "khu dân cư",
    "khu phố", "trường", "trường học", "lớp học", "phòng học", "giường bệnh", "bác sĩ", "bác sỹ", "cán bộ",
    "công chức", "đại biểu", "đoàn viên", "hội viên", "đảng viên", "học sinh", "sinh viên", "giáo viên",
    "lao động", "việc làm", "doanh nghiệp", "hợp tác xã", "htx", "tổ hợp tác", "hộ kinh doanh", "trang trại",
    "sản phẩm", "sản phẩm ocop", "nhãn hiệu", "căn", "căn nhà", "nhà", "ngôi nhà", "căn hộ", "nhà ở", "con",
    "cây", "đơn vị", "cơ quan", "địa phương", "tổ chức", "thủ tục", "thủ tục hành chính", "tthc",
    "dịch vụ công", "hồ sơ", "văn bản", "báo cáo", "hội nghị", "hội thảo", "hội thi", "cuộc thi", "giải",
    "huy chương", "điểm", "điểm du lịch", "tuyến", "tuyến đường", "đoàn", "đội", "đội văn nghệ", "nhóm", "tổ",
    "ca", "trạm", "trung tâm", "nhà văn hóa", "sân", "bể bơi", "thiết bị", "máy", "bộ", "suất quà", "suất",
    "phần quà", "đơn vị máu", "giấy chứng nhận", "hợp đồng", "vụ", "mặt hàng", "chợ", "siêu thị", "khu", "cụm",
    "khu công nghiệp", "cụm công nghiệp", "thửa", "lô", "tiêu chí", "chỉ tiêu", "mục tiêu", "nhóm nhiệm vụ",
    "bậc", "hạng", "lần", "tác phẩm", "khu vực", "thuê bao", "tài khoản", "giao dịch", "đơn vị sự nghiệp",
    "thanh niên", "phụ nữ", "hội viên nông dân", "người cao tuổi", "trẻ em", "gia đình", "cặp vợ chồng",
    "học viên", "vận động viên", "tuyên truyền viên", "tình nguyện viên", "chuyên gia", "nhân lực", "viên chức",
    "cán bộ, công chức", "chứng chỉ", "văn bằng", "bằng khen", "tổ hợp", "tủ sách", "thư viện", "bưu phẩm",
    "chuyên mục", "chuyên đề", "bài viết", "tin nhắn", "tiết mục", "chuyến", "xe", "phương tiện",
    "bến", "cầu", "km đường", "hồ chứa", "giếng", "ao", "lồng bè", "gia súc", "đàn", "con gia súc", "trâu", "bò",
    "giống", "vùng trồng", "mã số vùng trồng", "chuỗi", "chuỗi liên kết", "chi hội", "chi bộ", "chi đoàn",
    "tổ công nghệ số cộng đồng", "tổ công nghệ số", "nền tảng", "cơ sở dữ liệu", "phần mềm", "ứng dụng", "camera",
    "trạm bts", "máy tính", "bộ thủ tục hành chính", "khu nhà trọ", "công nhân", "công đoàn cơ sở", "sáng chế",
    "bộ hồ sơ", "phiên", "phiên giao dịch", "ngày công", "gói thầu", "vụ việc", "đơn thư",
)  # fmt: skip
# Measures, money, rates: what a number is of when it is not counted.
OTHER_UNITS = (
    "tỷ đồng", "tỉ đồng", "triệu đồng", "nghìn đồng", "ngàn đồng", "nghìn tỷ đồng", "ngàn tỷ đồng", "đồng",
    "usd", "triệu usd", "tỷ usd", "tỉ usd", "đô la mỹ", "triệu đô la", "tấn", "nghìn tấn", "triệu tấn", "tạ",
    "kg", "ha", "nghìn ha", "héc-ta", "hecta", "km", "km2", "km²", "m", "m2", "m²", "m3", "m³", "mw", "kw",
    "kwh", "gb", "mbps", "triệu lượt khách", "triệu lượt", "nghìn lượt", "nghìn lượt khách", "triệu người",
    "nghìn người", "triệu khách", "con/phụ nữ", "bé trai/100 bé gái", "triệu đồng/người/năm", "triệu đồng/năm",
    "usd/người", "giường bệnh/vạn dân", "bác sĩ/vạn dân", "bác sỹ/vạn dân", "điểm phần trăm",
)  # fmt: skip
# Kinds of papers that set goals: a number with a comparator in them is a target unless told otherwise. In all other
# kinds (decisions, circulars, letters on procedures) a goal must be spoken of in the sentence or the heading.
PLAN_KINDS = _plain_words(
    "kế hoạch", "chương trình", "chỉ thị", "công điện", "đề án", "chiến lược", "phương án", "dự án",
    "lời kêu gọi",
)  # fmt: skip
