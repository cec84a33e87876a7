"""Words left of a citation that say how it is used (DOMAIN 3.3). Data only; ``ingest.relations`` reads it.

Phrases are folded.
"""

from __future__ import annotations

__all__ = [
    "ACCENTED_CUES",
    "COORDINATORS",
    "CUES",
    "LEGAL_KINDS",
    "NOT_YET",
    "NO_CUES",
    "ORDER_KINDS",
    "REPORTING_KINDS",
    "STRENGTH",
    "TRICH_YEU_OPENERS",
]

# relation → the phrases that say it. "basis", "order", "task" and "theo" are split by the kind of the target; "neutral"
# only names a place where something stands, and keeps a cue farther left from reaching over it.
CUES: dict[str, tuple[str, ...]] = {
    "basis": (
        "can cu", "chieu theo", "theo quy dinh", "dung quy dinh", "thuc hien theo quy dinh", "dua tren",
        "tren co so", "theo tham quyen", "quy dinh cua", "phu hop voi quy dinh", "theo cac quy dinh", "ap dung",
        "tuan thu", "theo dung quy dinh", "can cu phap ly", "co so phap ly", "thuc hien theo cac quy dinh",
        "pursuant to", "in accordance with", "trai quy dinh", "dap ung quy dinh", "can cu theo", "can cu vao",
        "can cu quy dinh",
    ),
    "implements": (
        "thuc hien", "trien khai", "trien khai thuc hien", "to chuc thuc hien", "to chuc trien khai", "thi hanh",
        "trien khai thi hanh", "cu the hoa", "huong ung", "chap hanh", "hoan thanh", "dua nghi quyet", "dua chi thi",
        "trien khai cac", "trien khai nghiem", "thuc hien tot", "gan voi thuc hien", "to chuc thi hanh",
        "thuc hien y kien", "thuc hien y kien cua", "thuc hien y kien chi dao", "thuc hien y kien chi dao cua",
        "trien khai y kien", "trien khai y kien cua",
    ),
    "order": (
        "noi dung tai", "noi dung theo", "yeu cau tai", "dap ung yeu cau", "nhiem vu theo",
        "theo yeu cau", "theo huong dan", "huong dan tai", "theo noi dung", "noi dung neu trong",
        "quy dinh va chi dao", "thuc hien theo huong dan",
    ),
    "task": (
        "nhiem vu tai", "nhiem vu duoc giao tai", "nhiem vu neu tai", "giao tai", "theo chi dao", "chi dao cua",
        "chi dao tai", "y kien chi dao", "nhiem vu trong tam", "nhu chi dao", "thuc hien theo chi dao",
        "nhiem vu duoc giao theo", "nhiem vu giao tai",
    ),
    "follows": (
        "quan triet", "hoc tap", "tuyen truyen", "pho bien", "theo tinh than", "tren tinh than", "tinh than",
        "phuong cham",
    ),
    "amends": (
        "sua doi", "bo sung", "sua doi, bo sung", "dieu chinh", "dinh chinh", "sua", "thay the cum tu", "bai bo cum tu",
        "amending", "amends", "bo cum tu", "thay cum tu", "bo sung cum tu", "bai bo mot phan",
        "thay the mot so noi dung",
    ),
    "replaces": ("replaces", "supersedes", "thay the", "thay the cho", "thay cho"),
    "repeals": (
        "bai bo", "bai bo toan bo", "huy bo", "het hieu luc", "cham dut hieu luc", "het hieu luc thi hanh",
        "khong ap dung", "ngung hieu luc",
    ),
    "consolidates": ("hop nhat",),
    "guides": (
        "quy dinh chi tiet thi hanh", "chi tiet thi hanh", "quy dinh chi tiet va huong dan thi hanh",
        "quy dinh chi tiet va bien phap thi hanh", "huong dan", "quy dinh chi tiet", "huong dan thi hanh",
        "huong dan thuc hien", "huong dan trien khai",
    ),
    "approves": ("phe duyet", "thong qua", "cong nhan", "chap thuan"),
    "attached_to": (
        "kem", "kem theo", "ban hanh kem theo", "ban hanh kem", "dinh kem", "ban hanh tai", "duoc ban hanh theo",
        "gui kem", "gui kem theo", "dinh kem theo",
    ),
    "reviews": (
        "so ket", "tong ket", "ket qua thuc hien", "ket qua trien khai", "tinh hinh thuc hien",
        "ket qua trien khai thuc hien",
        "tinh hinh trien khai", "nam thuc hien", "nam trien khai", "nam trien khai thuc hien",
        "ket qua to chuc thuc hien",
        "danh gia viec thuc hien", "danh gia ket qua", "bao cao viec thuc hien", "tien do thuc hien", "kiem diem",
        "so ket viec thuc hien", "tong ket viec thuc hien", "ket qua thi hanh", "tinh hinh thi hanh",
        "kiem tra viec thuc hien", "giam sat viec thuc hien", "so ket, tong ket",
    ),
    "proposed_by": (
        "xet", "xem xet", "xet de nghi", "theo de nghi", "de nghi cua", "de nghi tai", "trinh tai", "theo kien nghi",
        "y kien tham dinh", "y kien tham gia", "y kien cua", "bao cao tham dinh", "theo bao cao", "de xuat cua",
        "de xuat tai", "tham dinh tai", "y kien tai", "giai trinh tai",
    ),
    "replies_to": ("phuc dap", "tra loi", "nhan duoc", "hoi am", "phuc dap noi dung"),
    "issues": ("ban hanh", "da co", "vua co", "vua ban hanh", "da ban hanh", "ky ban hanh", "cong bo", "co"),
    "theo": ("theo", "thuc hien theo", "ap dung theo", "quy dinh theo", "cu the theo", "lam theo"),
    "neutral": (
        "quy dinh tai", "neu tai", "nay tai", "quy dinh trong", "ghi tai", "dan chieu tai", "xac dinh tai",
        "the hien tai",
        "duoc cong bo tai", "cong bo tai", "cong bo kem theo", "so voi", "vuong mac tai", "ngoai", "xem", "ngay cap",
        "duoc quy dinh tai", "duoc phe duyet tai", "phe duyet tai", "duoc giao tai", "theo mau",
    ),
}  # fmt: skip

# Nouns made of the same words; they say nothing of a citation: "các văn bản hướng dẫn thi hành, Chỉ thị số …".
NO_CUES: tuple[str, ...] = (
    "van ban huong dan thi hanh", "van ban huong dan thuc hien", "van ban huong dan", "van ban chi dao",
    "co quan thuc hien",
    "kinh phi thuc hien", "thoi gian thuc hien", "to chuc thuc hien:", "don vi thuc hien", "nguon luc thuc hien",
    "van ban trien khai", "can bo thuc hien", "trinh tu thuc hien", "cach thuc thuc hien", "doi tuong thuc hien",
    "dia diem thuc hien", "chuong trinh hoc tap", "tai lieu hoc tap", "tai lieu tuyen truyen", "co can cu",
    "ban chi dao", "tiep theo", "theo doi", "theo do", "theo dong chi", "trong do co", "du thao sua doi", "co so",
    "co hieu luc", "co hieu luc thi hanh", "doi tuong ap dung", "pham vi ap dung",
    "hieu luc thi hanh",
    "co quan", "co trach nhiem", "co the", "co lien quan", "huong dan nghiep vu",
)  # fmt: skip

# Cues whose letters without accents spell other words too ("cơ", "kém", "sữa"): folded → as it must be printed.
ACCENTED_CUES: dict[str, str] = {"co": "có", "kem": "kèm", "sua": "sửa", "chieu theo": "chiếu theo", "da co": "đã có"}

# Somebody is to change a paper, or it may be changed one day: no change is made here.
NOT_YET: tuple[str, ...] = (
    "tham muu", "de xuat", "kien nghi", "khi co", "nghien cuu", "ra soat", "du thao", "du an", "se", "xay dung",
    "phuong an",
    "thong tu moi", "nghi dinh moi", "van ban moi", "quyet dinh moi", "truong hop", "neu co", "de nghi", "trinh",
    "ke hoach", "chuan bi", "soan thao", "phoi hop", "giao", "hoan thien", "lo trinh", "thuc thi",
)  # fmt: skip

# Of verbs that share an object the stronger wins: "quán triệt, triển khai" implements.
STRENGTH: dict[str, float] = {
    "reviews": 9,
    "amends": 8,
    "replaces": 8,
    "repeals": 8,
    "consolidates": 8,
    "proposed_by": 7,
    "replies_to": 7,
    "order": 6.5,
    "task": 6.5,
    "implements": 6,
    "follows": 5,
    "guides": 4,
    "basis": 4,
    "attached_to": 4,
    "approves": 3,
    "issues": 2,
    "theo": 2,
    "neutral": 1,
}

# What may stand between verbs that share an object: "tổ chức quán triệt, xây dựng kế hoạch triển khai thực hiện".
COORDINATORS: tuple[str, ...] = (
    "va", "tot", "nghiem", "nghiem tuc", "hieu qua", "co hieu qua", "day du", "kip thoi", "to chuc",
    "xay dung ke hoach",
    "tiep tuc", "sau rong", "thuong xuyen", "viec", "cong tac", "dong bo", "tich cuc", "chu dong", "day manh",
    "sau sac",
    "xay dung", "ban hanh", "ke hoach", "chuong trinh", "cac noi dung", "noi dung", "de", "chat luong", "thiet thuc",
    "toan dien", "ngay", "khan truong", "quyet liet", "phuong an", "giai phap", "cac giai phap", "nham", "thong nhat",
)  # fmt: skip

# "Căn cứ" + these rests on the law; kg.kinds.Kind.normative adds the kinds that make law.
LEGAL_KINDS: frozenset[str] = frozenset(
    {"Quyết định", "Quy định", "Quy chế", "Điều lệ", "Báo cáo", "Biên bản", "Đề án", "Dự án", "Văn bản hợp nhất"}
)
# "Căn cứ" + these, from above, orders the same matter: the citing paper carries it out.
ORDER_KINDS: frozenset[str] = frozenset(
    {"Chỉ thị", "Kế hoạch", "Công văn", "Chương trình", "Kết luận", "Thông báo", "Công điện", "Hướng dẫn", "Phương án"}
    | {"Thông tri"}
)

REPORTING_KINDS: frozenset[str] = frozenset(
    {"Tờ trình", "Báo cáo", "Biên bản", "Giấy mời", "Phiếu chuyển", "Phiếu gửi"}
)

# How a trích yếu opens right behind a citation.
TRICH_YEU_OPENERS: tuple[str, ...] = (
    "ve", "v/v", "quy dinh", "ban hanh", "phe duyet", "huong dan", "sua doi", "bo sung", "trien khai", "thuc hien",
    "cong bo", "dieu chinh", "giao", "thanh lap", "phan cap", "uy quyen", "tang cuong", "day manh", "tiep tuc",
    "bai bo", "thay the", "hop nhat", "phat dong", "to chuc", "kiem tra", "phan dinh", "quan ly", "thong qua",
    "keo dai",
    "tuyen truyen", "giai thich", "dinh chinh", "bo nhiem", "cho phep", "chap thuan", "quy dinh chi tiet", "thi hanh",
    "xep hang", "cong nhan", "phan cong", "nang cao", "de nghi", "chi dao", "tong ket", "so ket", "tra loi", "thi diem",
)  # fmt: skip
