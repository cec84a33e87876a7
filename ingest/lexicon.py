"""Words that citations are made of: kinds, codes, heads of body names. Data only; ``ingest.grammar`` builds patterns.

Entries are folded (lower case, no accents: ``kg.identifiers.fold``) unless a comment says otherwise, so that capitals,
both tone styles (uỷ/ủy), NFC variants and most OCR slips are one spelling. Sources: DOMAIN sections 1 and 2.
"""

from __future__ import annotations

__all__ = [
    "ABBREVIATED_KINDS",
    "ACRONYMS_IN_NAMES",
    "BODY_CONTINUATIONS",
    "BODY_HEADS",
    "BODY_STOPS",
    "BODY_STOP_SYLLABLES",
    "CLOSED_BODIES",
    "COMMA_CONTINUATIONS",
    "DEIXIS",
    "ENGLISH_KINDS",
    "ENGLISH_MONTHS",
    "KIND_QUALIFIERS",
    "KIND_WORDS",
    "LAW_NAMES",
    "LAW_NAME_STOPS",
    "LOOSE_HEADS",
    "NAMED_PROGRAMMES",
    "NOT_AN_ACT",
    "NOT_A_NUMBERED_THING",
    "OLD_STYLE_CODES",
    "OPEN_ENDED",
    "PART_WORDS",
    "PLENUM_NUMBERS",
    "PROGRAMME_STOPS",
    "SERIES_CODES",
    "SPELLED_CODES",
]

# Kind word → label of kg.kinds. Longer words come first when the pattern is built.
KIND_WORDS: dict[str, str] = {
    "hien phap": "Hiến pháp",
    "bo luat": "Bộ luật",
    "luat": "Luật",
    "phap lenh": "Pháp lệnh",
    "lenh": "Lệnh",
    "nghi dinh": "Nghị định",
    "nghi quyet lien tich": "Nghị quyết liên tịch",
    "nghi quyet": "Nghị quyết",
    "quyet dinh": "Quyết định",
    "chi thi": "Chỉ thị",
    "thong tu lien tich": "Thông tư liên tịch",
    "thong tu": "Thông tư",
    "van ban hop nhat": "Văn bản hợp nhất",
    "ket luan": "Kết luận",
    "quy dinh": "Quy định",
    "quy che": "Quy chế",
    "thong tri": "Thông tri",
    "dieu le": "Điều lệ",
    "thong cao": "Thông cáo",
    "thong bao ket luan": "Thông báo",
    "thong bao": "Thông báo",
    "huong dan": "Hướng dẫn",
    "chuong trinh hanh dong": "Chương trình",
    "chuong trinh": "Chương trình",
    "ke hoach": "Kế hoạch",
    "phuong an": "Phương án",
    "de an": "Đề án",
    "du an": "Dự án",
    "bao cao": "Báo cáo",
    "bien ban": "Biên bản",
    "to trinh": "Tờ trình",
    "cong dien": "Công điện",
    "cong van": "Công văn",
    "van ban": "Công văn",
    "giay moi": "Giấy mời",
    "phieu chuyen": "Phiếu chuyển",
    "phieu gui": "Phiếu gửi",
    "thu cong": "Thư công",
}

# Written as kind words, in capitals, directly before a number: "NQ số 60-NQ/TW", "QĐ 224/QĐ-BNN-VPĐP".
ABBREVIATED_KINDS: dict[str, str] = {
    "nq": "Nghị quyết",
    "ct": "Chỉ thị",
    "qd": "Quyết định",
    "nd": "Nghị định",
    "tt": "Thông tư",
    "ttlt": "Thông tư liên tịch",
    "kl": "Kết luận",
    "kh": "Kế hoạch",
    "hd": "Hướng dẫn",
    "cv": "Công văn",
    "tb": "Thông báo",
    "bc": "Báo cáo",
    "ctr": "Chương trình",
    "vb": "Công văn",
    "vbhn": "Văn bản hợp nhất",
    "qdinh": "Quyết định",
}

ENGLISH_KINDS: dict[str, str] = {
    "decree": "Nghị định",
    "circular": "Thông tư",
    "joint circular": "Thông tư liên tịch",
    "decision": "Quyết định",
    "resolution": "Nghị quyết",
    "directive": "Chỉ thị",
    "law": "Luật",
    "ordinance": "Pháp lệnh",
    "official dispatch": "Công văn",
}
ENGLISH_MONTHS: tuple[str, ...] = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

# Words that may stand between a kind word and its number: "Báo cáo thẩm tra số", "Kế hoạch liên tịch số".
KIND_QUALIFIERS: tuple[str, ...] = (
    "tham tra", "tham dinh", "giai trinh", "tiep thu", "giam sat", "lien tich", "lien nganh", "phoi hop", "khao sat",
    "hanh dong", "cong tac", "hoa toc", "khan", "toi khan", "thuong khan", "mat", "chi dao", "dieu hanh", "chuyen de",
    "hop nhat", "tra loi", "tong ket", "so ket", "dinh ky", "moi", "y kien", "hop", "xin y kien", "phuc dap",
    "dieu tra",
    "ca biet", "quy pham", "gop y", "danh gia", "rieng", "chung", "truyen thong", "lien bo", "y kien tham gia",
    "tham gia y kien", "quy pham phap luat", "gop y kien", "tiep thu, giai trinh", "giai trinh, tiep thu",
    "y kien tham dinh",
    "cua lien nganh", "xac nhan", "thoa thuan", "dinh kem", "de xuat",
)  # fmt: skip

# Right after a kind word: what points at the text itself, or back. The accented spelling decides (này ≠ nay, đó ≠ do).
DEIXIS: dict[str, str] = {
    "này": "self",
    "nầy": "self",
    "trên": "back",
    "trên đây": "back",
    "nêu trên": "back",
    "nói trên": "back",
    "kể trên": "back",
    "đã nêu": "back",
    "đó": "back",
}

# Codes of kinds in symbols that kg.kinds does not list as kinds of their own, and series a number may belong to.
SERIES_CODES: frozenset[str] = frozenset(
    {"nq", "qd", "ct", "kh", "kl", "tb", "hd", "bc", "ttr", "ctr", "cv", "cd", "nd", "tt", "ttlt", "ttls", "nqlt"}
    | {"vbhn", "da", "pa", "qc", "qyd", "qdi", "tc", "gm", "pg", "pc", "pb", "bb", "sy", "trs", "sl", "bs", "cthd"}
    | {"l", "pl", "khlt", "khph", "cthdct", "gn", "bgn", "guq", "ggt", "gnp", "thu", "xn", "dn", "gt", "ctpt", "qcph"}
)

# Spellings of codes without their Đ or with OCR slips → the code as the decree spells it.
SPELLED_CODES: dict[str, str] = {
    "ND": "NĐ",
    "QD": "QĐ",
    "QÐ": "QĐ",
    "CD": "CĐ",
    "HDND": "HĐND",
    "NÐ": "NĐ",
    "ƯBND": "UBND",
    "UBNĐ": "UBND",
    "HĐNĐ": "HĐND",
}

# Old papers carried the body's code alone after a hyphen: "163-CP", "327-CT", "14-HĐBT", "35-L/CTN".
OLD_STYLE_CODES: tuple[str, ...] = ("cp", "hdbt", "ttg", "ttvh", "ct", "tw", "nqtw", "qhk", "lct", "nq", "qd")

# Heads of body names. "của" + one of these (or a capital) opens an issuer phrase.
BODY_HEADS: tuple[str, ...] = (
    "chinh phu", "thu tuong", "pho thu tuong", "quoc hoi", "uy ban", "ubnd", "ubmttq", "ubtvqh", "ubkt", "hdnd",
    "hoi dong", "chu tich", "pho chu tich", "bo chinh tri", "ban bi thu", "ban chap hanh", "bch", "ban thuong vu",
    "btv", "thuong truc", "tinh uy", "thanh uy", "huyen uy", "thi uy", "quan uy", "dang uy", "dang bo", "chi bo",
    "ban can su", "dang doan", "bo truong", "thu truong", "quyen bo truong", "bo", "ban", "so", "giam doc",
    "pho giam doc", "tong giam doc", "cuc truong", "tong cuc truong", "chi cuc", "cuc", "tong cuc", "vu truong", "vu",
    "vien truong", "vien", "van phong", "phong", "trung tam", "lien doan", "tong lien doan", "hoi", "doan",
    "tinh doan", "thanh doan", "huyen doan", "trung uong", "mat tran", "mttq", "truong", "dai hoc", "hoc vien",
    "cong ty", "tap doan", "tong cong ty", "ngan hang", "thong doc", "kho bac", "toa an", "chanh an", "kiem toan",
    "tong kiem toan", "thanh tra", "tong thanh tra", "cong an", "quan khu", "bo chi huy", "bo tu lenh", "bo doi",
    "truong ban", "chanh van phong", "chu nhiem", "lien bo", "lien nganh", "lien so", "thue", "hai quan", "bao hiem",
    "khoi", "hoi nghi", "dai hoi", "to cong tac", "cum", "tong bi thu", "bi thu", "nha nuoc", "dang", "ttg", "bgd",
    "cong doan", "ldld", "tong tham muu", "kiem lam", "benh vien", "quy", "lien hiep hoi", "lien minh", "van phong",
    "chanh thanh tra", "truong phong", "hieu truong", "to chuc", "co quan",
)  # fmt: skip

# Lower-case words that may go on inside a body's name (folded).
BODY_CONTINUATIONS: tuple[str, ...] = (
    "va phat trien nong thon", "phat trien nong thon", "va moi truong", "va dao tao", "va truyen thong",
    "va thong tin", "va cong nghe", "va du lich", "va xa hoi", "va dau tu", "va ton giao", "va hoi nhap quoc te",
    "va doi moi sang tao", "va phat trien", "va giam sat", "va dan van", "va doan the", "va cac van de xa hoi",
    "va thi dua khen thuong", "va tu phap", "va tai chinh", "va ngan sach", "va nhan dao", "va gia dinh", "va tre em",
    "nhan dan toi cao", "nhan dan", "toi cao", "trung uong dang", "trung uong", "cap tinh", "cap huyen", "cap xa",
    "tinh uy", "thanh uy", "huyen uy", "dang uy", "tinh", "thanh pho", "tp", "huyen", "quan", "thi xa", "thi tran",
    "xa", "phuong", "dac khu", "khu vuc", "khoi", "chinh phu", "quoc hoi", "chinh tri", "bi thu", "lien tich",
    "thuong vu quoc hoi", "thuong vu", "thuong truc", "chap hanh", "truc thuoc", "thuoc", "cong tac", "chi dao",
    "cac co quan", "doanh nghiep", "to quoc viet nam", "to quoc", "cong san", "lao dong", "thuong binh", "the thao",
    "quan su", "bien phong", "nha nuoc", "thi dua", "khen thuong", "noi chinh", "tuyen giao", "dan van", "to chuc",
    "kiem tra", "khu kinh te", "quan ly", "cac khu", "khu cong nghiep", "che xuat", "dang bo", "dang", "dan toc",
    "mien nui", "phong chong", "cac cap", "vien", "ubnd", "hdnd", "nganh", "cua quoc hoi", "cua chinh phu",
    "xay dung", "giao thong", "van tai", "tai nguyen", "giao duc", "khoa hoc", "y te", "tai chinh", "ke hoach",
    "nong nghiep", "nong thon moi", "cong thuong", "du lich", "van hoa", "dien luc", "nhan quyen", "va",
    "dai bieu toan quoc", "dai bieu", "va doanh nghiep", "quoc gia", "cac chuong trinh", "chuong trinh",
    "xa hoi", "dong co dong", "dong quan tri",
)  # fmt: skip

# After a comma a body's name goes on only with these: "Sở Văn hóa, Thể thao và Du lịch".
COMMA_CONTINUATIONS: tuple[str, ...] = (
    "the thao", "the duc", "khoa hoc", "cong nghe", "thong tin", "gia dinh", "tre em", "du lich", "tt va",
    "tin nguong", "thanh nien", "thieu nien", "thuong binh", "nong nghiep", "moi truong", "xa hoi", "truyen thong",
    "quan ly", "khen thuong", "chong", "chu nhiem", "tong thanh tra", "thong doc", "thieu nhi", "doi song", "dan so",
    "ke hoach hoa", "nhan dao",
)  # fmt: skip

# Two-word (or one-word) openings that end an issuer phrase even when capitalised or in all capitals.
BODY_STOPS: tuple[str, ...] = (
    "ve viec", "ve", "v/v", "quy dinh", "ban hanh", "phe duyet", "huong dan", "sua doi", "bo sung", "trien khai",
    "thuc hien", "tren dia ban", "phat dong", "cong bo", "giao", "thanh lap", "dieu chinh", "bai bo", "thay the",
    "hop nhat", "quyet dinh", "nghi quyet", "nghi dinh", "thong tu", "chi thi", "ke hoach so", "can cu", "tiep tuc",
    "tang cuong", "day manh", "nham", "de", "da", "dang duoc", "tai", "ngay", "so", "nam", "giai doan", "phan cap",
    "uy quyen", "kem theo", "co hieu luc", "het hieu luc", "lam", "thi hanh", "to chuc thuc hien", "chap thuan",
    "theo", "cac", "nhung", "noi dung", "danh muc", "khong", "duoc", "phai", "se", "dieu", "khoan", "neu",
    "bao cao", "to trinh", "cong van", "van ban", "ket luan", "thong bao", "luat", "phap lenh", "cong dien",
    "xay dung ke hoach", "gui", "trinh", "yeu cau", "de nghi", "kien nghi", "phan cong", "tuyen truyen", "tong ket",
    "so ket", "chi dao ve", "gui cac", "hoac", "voi", "trong", "tu", "thong qua", "cho y kien", "cho phep",
)  # fmt: skip

PART_WORDS: tuple[str, ...] = (
    "diem", "khoan", "dieu", "muc", "tieu muc", "phan", "chuong", "phu luc", "tiet", "doan", "tieu tiet", "mau so",
    "mau", "gach dau dong", "bieu",
)  # fmt: skip

# Words after "Đề án 02", "Kế hoạch 5" that show the digits count something and number nothing.
NOT_A_NUMBERED_THING: tuple[str, ...] = (
    "nam", "thang", "ngay", "tuan", "gio", "phut", "nguoi", "trieu", "ty", "nghin", "dong", "km", "m2",
    "lan", "buoi", "lop", "cuoc", "loai", "nhom", "dieu", "khoan", "noi dung", "nhiem vu",
    "xa", "huyen", "tinh", "truong hop", "thu tuc", "hinh thuc", "buoc", "giai doan", "tieu chi", "chi tieu", "don vi",
    "co quan", "to chuc", "ca nhan", "tap the", "cong trinh", "du an", "tieu du an", "mo hinh", "san pham", "ho",
    "doanh nghiep", "dai bieu", "thanh vien", "vi tri", "tthc", "diem", "luot", "xuat", "can bo",
    "phuong an", "hang muc", "linh vuc", "chuyen de", "bac", "trang", "o", "met",
)  # fmt: skip

# Names of acts as they are cited without number, folded; longest first when the pattern is built. A name that is not
# here is still read up to its date, number or clause end; the list only settles where an undated name stops.
LAW_NAMES: tuple[str, ...] = (
    "thi dua, khen thuong", "to chuc chinh quyen dia phuong", "to chuc chinh phu", "to chuc quoc hoi",
    "to chuc hoi dong nhan dan va uy ban nhan dan", "to chuc hdnd va ubnd", "ban hanh van ban quy pham phap luat",
    "ban hanh van ban quy pham phap luat cua hoi dong nhan dan, uy ban nhan dan", "dat dai", "dau tu", "dau tu cong",
    "dau thau", "doanh nghiep", "ngan sach nha nuoc", "ke toan", "quan ly thue", "phi va le phi",
    "quan ly, su dung tai san cong",
    "can bo, cong chuc", "vien chuc", "cong doan", "lao dong", "viec lam", "bao hiem xa hoi", "bao hiem y te",
    "an toan, ve sinh lao dong", "thanh nien", "tre em", "binh dang gioi", "nguoi cao tuoi", "nguoi khuyet tat",
    "hon nhan va gia dinh", "phong, chong bao luc gia dinh", "giao duc", "giao duc dai hoc", "giao duc nghe nghiep",
    "nha giao", "di san van hoa", "dien anh", "du lich", "the duc, the thao", "thu vien", "quang cao", "bao chi",
    "xuat ban", "tiep can thong tin", "cong nghe thong tin", "an toan thong tin mang", "an ninh mang", "vien thong",
    "giao dich dien tu", "khoa hoc va cong nghe", "khoa hoc, cong nghe va doi moi sang tao", "so huu tri tue",
    "tieu chuan va quy chuan ky thuat", "chat luong san pham, hang hoa", "do luong", "chuyen giao cong nghe", "luu tru",
    "xay dung", "quy hoach", "quy hoach do thi", "quy hoach do thi va nong thon", "nha o", "kinh doanh bat dong san",
    "giao thong duong bo", "trat tu, an toan giao thong duong bo", "duong bo", "bao ve moi truong", "tai nguyen nuoc",
    "khoang san", "dia chat va khoang san", "lam nghiep", "thuy san", "chan nuoi", "trong trot", "thu y", "thuy loi",
    "de dieu", "phong, chong thien tai", "phong thu dan su", "phong chay va chua chay", "da dang sinh hoc",
    "kham benh, chua benh", "duoc", "an toan thuc pham", "phong, chong benh truyen nhiem", "phong, chong ma tuy",
    "phong, chong hiv/aids", "phong, chong tac hai cua ruou, bia", "phong, chong tac hai cua thuoc la", "phong benh",
    "phong, chong mua ban nguoi", "phong, chong tham nhung", "phong, chong rua tien", "phong, chong khung bo",
    "thuc hanh tiet kiem, chong lang phi", "khieu nai", "to cao", "tiep cong dan", "thanh tra", "kiem toan nha nuoc",
    "hoa giai o co so", "pho bien, giao duc phap luat", "tro giup phap ly", "cong chung", "ho tich", "quoc tich",
    "can cuoc", "can cuoc cong dan", "cu tru", "xuat canh, nhap canh cua cong dan viet nam", "xu ly vi pham hanh chinh",
    "thi hanh an dan su", "thi hanh an hinh su", "to tung hinh su", "to tung dan su", "to tung hanh chinh", "dan su",
    "hinh su", "quoc phong", "an ninh quoc gia", "nghia vu quan su", "dan quan tu ve", "giao duc quoc phong va an ninh",
    "si quan quan doi nhan dan viet nam", "cong an nhan dan", "canh sat moi truong", "bien phong viet nam",
    "bao ve bi mat nha nuoc", "bien gioi quoc gia", "tin nguong, ton giao", "mat tran to quoc viet nam",
    "thuc hien dan chu o co so", "trung cau y dan", "bau cu dai bieu quoc hoi va dai bieu hoi dong nhan dan",
    "hoat dong giam sat cua quoc hoi va hoi dong nhan dan", "to chuc toa an nhan dan", "to chuc vien kiem sat nhan dan",
    "thu do", "hop tac xa", "ho tro doanh nghiep nho va vua", "canh tranh", "thuong mai", "quan ly ngoai thuong",
    "bao ve quyen loi nguoi tieu dung", "hai quan", "thue gia tri gia tang", "thue thu nhap doanh nghiep",
    "thue thu nhap ca nhan", "thue tieu thu dac biet", "thue xuat khau, thue nhap khau", "thue bao ve moi truong",
    "thue su dung dat phi nong nghiep", "thue tai nguyen", "quan ly no cong", "gia", "tham dinh gia", "chung khoan",
    "cac to chuc tin dung", "ngan hang nha nuoc viet nam", "kinh doanh bao hiem", "bao hiem tien gui", "pha san",
    "dien luc", "su dung nang luong tiet kiem va hieu qua", "nang luong nguyen tu", "hoa chat", "dau khi",
    "hang khong dan dung viet nam", "hang hai viet nam", "duong sat", "giao thong duong thuy noi dia", "buu chinh",
    "thong ke", "uu dai nguoi co cong voi cach mang", "chu thap do", "hien ghep mo",
    "nguoi lao dong viet nam di lam viec o nuoc ngoai theo hop dong", "ton giao", "kien truc", "du tru quoc gia",
    "luat su", "dau gia tai san", "trong tai thuong mai", "dieu uoc quoc te", "thoa thuan quoc te", "du lieu",
    "cong nghiep cong nghe so", "cong nghe cao", "tan so vo tuyen dien", "bao ve du lieu ca nhan", "nha giao",
    "tu phap nguoi chua thanh nien", "cong nghiep quoc phong, an ninh va dong vien cong nghiep", "tinh trang khan cap",
)  # fmt: skip

# What ends the name of an act that is not in the list.
LAW_NAME_STOPS: tuple[str, ...] = (
    "ngay", "so", "nam", "duoc", "da", "co hieu luc", "quy dinh", "cua quoc hoi", "sua doi", "va cac", "va nghi dinh",
    "va luat", "thi", "tai", "theo", "de", "nhu", "cung", "va thong tu", "neu", "tren", "trong", "khi", "cho", "doi",
    "huong dan", "thong qua", "tren dia ban", "do", "hien hanh", "nay", "va phap luat", "toi", "den", "con", "chua",
    "moi", "phai", "la", "khong", "gan voi", "bang", "nham", "ban hanh nam", "va bo luat", "va phap lenh", "khoa",
)  # fmt: skip

# Plenum resolutions that carry one number only, so that "Nghị quyết Trung ương 4 (khóa XII)" names one paper:
# (plenum, term) → number. Plenums that passed several papers are left out on purpose: nothing is guessed.
PLENUM_NUMBERS: dict[tuple[int, int], str] = {
    (5, 8): "03-NQ/TW",
    (4, 11): "12-NQ/TW",
    (9, 11): "33-NQ/TW",
    (4, 12): "04-NQ/TW",
}

# Names that are complete as they stand: nothing but a term ("khóa XI") follows inside them.
CLOSED_BODIES: tuple[str, ...] = (
    "chinh phu", "thu tuong chinh phu", "thu tuong", "bo chinh tri", "uy ban thuong vu quoc hoi", "ubtvqh",
    "chu tich nuoc", "ban bi thu trung uong dang", "ban bi thu tw dang", "ban bi thu trung uong", "ban bi thu tw",
    "ban bi thu", "ban chap hanh trung uong dang", "ban chap hanh trung uong", "bch trung uong dang",
    "bch trung uong", "bch tw dang", "bch tw", "quoc hoi",
)  # fmt: skip

# One-word heads whose speciality is often printed in lower case: "sở nội vụ", "ban tuyên giáo".
LOOSE_HEADS: frozenset[str] = frozenset(
    {"so", "ban", "bo", "phong", "cuc", "chi cuc", "vu", "hoi", "vien", "tong cuc", "hoi dong", "trung tam", "doan"}
)

# A name that ends so goes on in the next line.
OPEN_ENDED: tuple[str, ...] = (
    "tinh", "thanh pho", "tp", "huyen", "quan", "thi xa", "xa", "phuong", "thi tran", "va", "bo", "so", "ban", "phong",
    "uy ban", "nhan dan", "hoi dong", "chu tich", "bo truong", "giam doc", "cuc", "thuoc",
)  # fmt: skip

# The single-syllable BODY_STOPS with their accents: "về" stops, "Vệ" does not; "tại" stops, "Tài" does not.
BODY_STOP_SYLLABLES: frozenset[str] = frozenset(
    {"về", "số", "tại", "để", "đã", "các", "ngày", "năm", "theo", "được", "phải", "sẽ", "không", "nếu", "gửi", "với"}
    | {"trong", "từ", "giao", "nhằm", "làm", "trình", "những", "điều", "khoản", "hoặc", "luật", "lệnh"}
)

# Before "Luật …" these words show that no act in force is meant, or that "luật" is part of another word.
NOT_AN_ACT: tuple[str, ...] = (
    "phap", "ky", "quy", "du thao", "du an", "xay dung", "lam", "dinh", "khoa", "truong", "van phong", "cong ty",
    "soan thao", "hoi", "de nghi xay dung", "dao", "trai", "vi pham",
)  # fmt: skip

ACRONYMS_IN_NAMES: dict[str, str] = {
    "hdnd": "hoi dong nhan dan",
    "ubnd": "uy ban nhan dan",
    "mtqg": "muc tieu quoc gia",
    "ctmtqg": "chuong trinh muc tieu quoc gia",
    "tdkt": "thi dua khen thuong",
    "dtts": "dan toc thieu so",
    "dbdtts": "dong bao dan toc thieu so",
    "kt xh": "kinh te xa hoi",
    "ntm": "nong thon moi",
    "qppl": "quy pham phap luat",
    "vbqppl": "van ban quy pham phap luat",
}

# Programmes that a short name settles.
NAMED_PROGRAMMES: tuple[str, ...] = ("ocop", "muc tieu quoc gia", "mtqg")

# What ends the name of a programme or scheme.
PROGRAMME_STOPS: tuple[str, ...] = (
    "va nhiem vu", "va cac", "theo", "duoc", "da", "tai", "nham", "do", "cua", "voi", "den nam", "giai doan",
    "va cac", "trong", "de", "dam bao",
    "gan voi", "thoi ky", "bao gom", "nam 20", "va ke hoach", "va chuong trinh", "va de an", "nay", "noi tren", "la",
    "tren dia ban", "phai", "can", "khi", "dinh ky", "hang nam", "co", "thuc hien nghi", "ban hanh", "cho nam",
    "tu nam",
)  # fmt: skip
