"""``kg trace``, ``kg sparql``: questions to the graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from api.commands.shared_options import ambiguous, not_found, print_json, workspace_option

__all__ = ["sparql", "trace"]

HOW_WORDS = {
    "direct": "Trực tiếp triển khai",
    "in_body": "Có quán triệt, nhắc đến trong nội dung",
    "through": "Triển khai thông qua văn bản khác",
}
LEVEL_WORDS = {"central": "Trung ương", "province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}


@click.command()
@click.argument("number")
@workspace_option
@click.option("--issuer", help="Cơ quan ban hành, gõ không dấu cũng được: “tinh lai chau”.")
@click.option("--kind", help="Loại văn bản: “kế hoạch”.")
@click.option("--year", type=int, help="Năm ban hành.")
@click.option("--format", "form", type=click.Choice(["tree", "table", "json"]), default="tree", show_default=True)
def trace(number: str, workspace: Path, issuer: str | None, kind: str | None, year: int | None, form: str) -> None:
    """Văn bản nào triển khai NUMBER (số, ký hiệu hoặc IRI), trực tiếp hay qua văn bản khác, kèm câu trích dẫn.

    Số trùng nhiều văn bản: mã thoát 3 và danh sách để chọn; không có: mã thoát 4 và các số gần giống.

    \b
    Ví dụ:
      kg trace 34-CT/TW
      kg trace 15/KH-UBND --issuer "huyện Tam Đường" --year 2024 --format json
    """
    from api.workspace import Workspace
    from kg.errors import AmbiguousNumber, NumberNotFound

    try:
        record = Workspace(workspace).trace(number, issuer=issuer, kind=kind, year=year)
    except AmbiguousNumber as error:
        ambiguous(error)
    except NumberNotFound as error:
        not_found(error)
    if form == "json":
        print_json(record)
    elif form == "table":
        _table(record)
    else:
        _tree(record)


def _title(document: dict[str, Any]) -> str:
    name = document["number"] or document["file"] or document["title"] or document["iri"]
    words = [document["kind"] if document["number"] else None, name, document["issuer"] and f"({document['issuer']})"]
    return " ".join(word for word in words if word)


def _when(document: dict[str, Any]) -> str:
    if document["date"]:
        return f"ngày {_day(document['date'])}"
    bounds = [
        f"{word} {_day(document[name])}"
        for word, name in (("sau", "date_earliest"), ("trước", "date_latest"))
        if document[name]
    ]
    return f"ngày chưa rõ ({', '.join(bounds)})" if bounds else "ngày chưa rõ"


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}/{int(month)}/{year}"


def _tree(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    directive, counts = record["directive"], record["counts"]
    tree = Tree(Text(f"{_title(directive)}, {_when(directive)}", style="bold"))
    if not record["implementing"]:
        tree.add("Chưa thấy văn bản triển khai trong kho (không có nghĩa là đơn vị chưa ban hành).")
    for how, words in HOW_WORDS.items():
        rows = [row for row in record["implementing"] if row["how"] == how]
        if not rows:
            continue
        branch = tree.add(Text(f"{words}: {len(rows):02d} văn bản", style="cyan"))
        for row in rows:
            document = row["document"]
            level = LEVEL_WORDS.get(document["level"] or "", "chưa rõ cấp")
            via = f", qua {' → '.join(row['path'])}" if row["path"] else ""
            node = branch.add(Text(f"{_title(document)}, {_when(document)} [{level}]{via}"))
            for hop in row["hops"]:
                verb = "thực hiện" if hop["relation"] == "implements" else "quán triệt, theo tinh thần"
                quote = hop["evidence"]["quote"] if hop["evidence"] else "(không có trích dẫn)"
                node.add(Text(f"{verb} {hop['to']}: “{quote}”", style="dim"))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    console.print(tree)
    console.print(
        f"Thực hiện: {counts['implements']:02d} · quán triệt, theo tinh thần: {counts['follows']:02d}", style="bold"
    )


def _table(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=_title(record["directive"]))
    for heading in ("Cách triển khai", "Văn bản", "Cấp", "Ngày", "Qua", "Trích dẫn"):
        table.add_column(heading, overflow="fold")
    for row in record["implementing"]:
        document = row["document"]
        table.add_row(
            HOW_WORDS[row["how"]],
            _title(document),
            LEVEL_WORDS.get(document["level"] or "", ""),
            _when(document),
            ", ".join(row["path"]),
            row["evidence"]["quote"] if row["evidence"] else "",
        )
    Console(highlight=False).print(table)


@click.command()
@click.argument("query", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Đọc câu hỏi từ tệp.")
@click.option("--example", help="Chạy câu hỏi mẫu theo tên; “list” để xem danh sách.")
@click.option("--number", help="Với --example: số, ký hiệu văn bản cần hỏi thay cho 34-CT/TW.")
@click.option("--format", "form", default="table", show_default=True,
              type=click.Choice(["table", "json", "csv", "tsv", "xml", "ttl", "nt", "jsonld", "rdfxml"]))  # fmt: skip
@click.option("--timeout", type=float, default=None, help="Giới hạn thời gian, giây.")
@workspace_option
def sparql(
    query: str | None,
    file: Path | None,
    example: str | None,
    number: str | None,
    form: str,
    timeout: float | None,
    workspace: Path,
) -> None:
    """Hỏi đồ thị bằng SPARQL 1.1 (chỉ đọc). Chạy trong tiến trình riêng, có giới hạn thời gian và số dòng.

    \b
    Ví dụ:
      kg sparql "SELECT ?s WHERE { ?s a vb:Stub } LIMIT 5"
      kg sparql --example implementing --number 17-CT/TU --format csv
    """
    from api.examples import examples
    from api.workspace import Workspace

    if example == "list":
        for name, made in examples().items():
            click.echo(f"{name:<24} {made.question}")
        return
    given = [part for part in (query, file, example) if part]
    if len(given) != 1:
        raise click.UsageError("Nêu đúng một trong ba: QUERY, -f TỆP, --example TÊN (xem --example list).")
    if example:
        if example not in examples():
            raise click.UsageError(f"Không có câu hỏi mẫu “{example}”. Có: {', '.join(examples())}.")
        text = examples()[example].text("{base}", number)
    else:
        text = file.read_text(encoding="utf-8") if file else str(query)
    result = Workspace(workspace).sparql(text, form=form, seconds=timeout)
    click.echo(result.text, nl=not result.text.endswith("\n"))
    if result.truncated:
        click.echo("Kết quả đã bị cắt ở giới hạn số dòng hoặc dung lượng.", err=True)
