"""``kg``: the command line. Every command is a thin door to ``api.workspace``; heavy imports wait inside them.

JSON goes to stdout, messages and progress to stderr. Exit codes: 0 all went well · 1 an error, or files that were not
taken in · 2 wrong usage · 3 a number fits several works · 4 no work bears the number.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

COMMANDS = {
    # name: (module, one line for `kg --help`). The module is imported when the command is run or asked for help.
    "ingest": ("taking_in", "Nạp tệp, thư mục vào kho; chỉ làm lại phần thay đổi."),
    "extract": ("taking_in", "Đọc tệp và in kết quả trích xuất, mỗi tệp một dòng JSON; không cần kho."),
    "status": ("taking_in", "Lần nạp gần nhất và những việc cần người xem."),
    "trace": ("asking", "Chuỗi triển khai: văn bản nào thực hiện văn bản này, qua đường nào."),
    "compare": ("comparing", "Đối chiếu kế hoạch với văn bản phát động: giữ nguyên, sửa, bỏ, thêm."),
    "coverage": ("covering", "Tình hình triển khai: ai đã triển khai, ai chưa thấy trong kho."),
    "search": ("searching", "Tìm văn bản theo số, theo từ và theo nghĩa, kèm đoạn trích."),
    "sparql": ("asking", "Hỏi đồ thị bằng SPARQL, có giới hạn thời gian và số dòng."),
    "export": ("giving_out", "Xuất đồ thị: N-Quads, TriG, Turtle, JSON-LD, GraphML."),
    "validate": ("checking", "Kiểm tra đồ thị theo quy tắc SHACL."),
    "evaluate": ("evaluating", "Đo chất lượng trích xuất và tìm kiếm so với đáp án."),
    "doctor": ("checking", "Kiểm tra cài đặt: thư viện, chương trình hệ thống, cấu hình."),
    "visibility": ("giving_out", "Đặt văn bản là nội bộ hoặc công khai."),
    "rebase": ("giving_out", "Đổi địa chỉ gốc của mọi IRI; các quyết định rà soát được giữ nguyên."),
    "backup": ("keeping", "Sao lưu toàn bộ kho ra một thư mục hoặc một tệp."),
    "restore": ("keeping", "Khôi phục kho từ bản sao lưu, có kiểm tra."),
    "key": ("keys", "Khóa truy cập: tạo, liệt kê, thu hồi."),
    "review": ("reviewing", "Quyết định của người rà soát: chấp nhận, bác bỏ, hoàn tác."),
    "serve": ("serving", "Mở máy chủ web và API trên kho."),
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports a command's module only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"api.commands.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Lệnh"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="vanban-kg", prog_name="kg")
def root() -> None:
    """Theo dõi chính sách được triển khai: chỉ thị → kế hoạch các cấp, kèm câu trích dẫn làm bằng chứng.

    \b
    Ví dụ:
      kg ingest van-ban/            nạp một thư mục
      kg trace 34-CT/TW             ai đã triển khai Chỉ thị 34-CT/TW
      kg serve                      mở giao diện web
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs one command and turns our errors into one clear line and an exit code."""
    from kg.errors import PolicyKGError

    try:
        code = root.main(args=None if arguments is None else list(arguments), standalone_mode=False)
        if isinstance(code, int) and code:  # click hands back the code of an Exit raised in a command
            sys.exit(code)
    except click.Abort:
        click.echo("\nĐã dừng theo yêu cầu. Phần đã xong được giữ; chạy lại lệnh để làm tiếp.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PolicyKGError as error:
        click.echo(f"Lỗi: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
