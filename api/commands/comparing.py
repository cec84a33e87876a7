"""``kg compare``: a call against a plan, clause by clause, or against all the plans that answer it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.commands.shared_options import print_json, tell, workspace_option

if TYPE_CHECKING:
    from api.comparing import Side
    from api.held_texts import HeldTexts
    from kg.reference import Reference

__all__ = ["compare"]


@click.command()
@click.argument("source", required=False)
@click.argument("target", required=False)
@click.option("--cascade", metavar="NUMBER", help="Đối chiếu mọi văn bản triển khai văn bản này, thành một bảng.")
@click.option("--reuse", metavar="NUMBER", help="Nội dung của văn bản này lấy từ đâu, được dùng lại ở đâu (suy luận).")
@click.option("--all", "every", is_flag=True, help="Với --cascade: kể cả văn bản chỉ nhắc đến hoặc qua văn bản khác.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@workspace_option
def compare(
    source: str | None,
    target: str | None,
    cascade: str | None,
    reuse: str | None,
    every: bool,
    form: str,
    workspace: Path,
) -> None:
    """Đối chiếu TARGET (kế hoạch) với SOURCE (văn bản phát động): đoạn nào giữ nguyên, sửa, bỏ, thêm.

    SOURCE, TARGET là số, ký hiệu, IRI, tên tệp trong kho, hoặc đường dẫn một tệp dự thảo chưa nạp. Số trùng nhiều văn
    bản: mã thoát 3; không có: mã thoát 4.

    \b
    Ví dụ:
      kg compare 1954/UBND-TH 159/KH-UBND
      kg compare 1954/UBND-TH du-thao.docx --format html > doi-chieu.html
      kg compare --cascade 1954/UBND-TH
    """
    from kg.errors import AmbiguousNumber, NumberNotFound

    asked = [bool(source and target), bool(cascade), bool(reuse)]
    if sum(asked) != 1 or (source and not target):
        raise click.UsageError("Nêu SOURCE và TARGET, hoặc --cascade NUMBER, hoặc --reuse NUMBER.")
    if reuse and form == "html":
        raise click.UsageError("--reuse chỉ có dạng text và json.")
    try:
        if cascade:
            _cascade(_texts(workspace), cascade, every, form)
        elif reuse:
            _reuse(_texts(workspace), reuse, form)
        else:
            _pair(_reference(workspace), _side(workspace, str(source)), _side(workspace, str(target)), form)
    except AmbiguousNumber as error:
        from api.commands.shared_options import ambiguous

        tell("Nêu IRI thay cho số để chọn đúng văn bản.")
        ambiguous(error)
    except NumberNotFound as error:
        from api.commands.shared_options import not_found

        not_found(error)


def _texts(workspace: Path) -> HeldTexts:
    from api.held_texts import HeldTexts
    from api.workspace import Workspace

    return HeldTexts(Workspace(workspace))


def _reference(workspace: Path) -> Reference:
    """Areas and bodies, with those of the data folder where there is one."""
    from ingest.pipeline import Folders
    from kg.reference import load_reference

    return load_reference(Folders(workspace).reference)


def _side(workspace: Path, said: str) -> Side:
    """A held document, or a file that lies on this machine: two of them need no data folder."""
    from api.comparing import Side, held_side

    path = Path(said)
    if not path.is_file():
        return held_side(_texts(workspace), said)
    from api.tracing import summary_record
    from ingest.document import read_document
    from kg.model import WorkSummary

    document = read_document(path, _reference(workspace))
    said_of = document.metadata
    summary = WorkSummary(
        iri="",
        number=said_of.number,
        kind=said_of.kind,
        title=said_of.title,
        issuer=said_of.issuer,
        level=said_of.level,
        date=said_of.date,
        date_earliest=said_of.date_earliest,
        date_latest=said_of.date_latest,
        file=path.name,
    )
    return Side(summary_record(summary) | {"id": None, "iri": None}, document)


def _pair(reference: Reference, source: Side, target: Side, form: str) -> None:
    from api.comparing import compare_page, compare_record

    if form == "html":
        click.echo(compare_page(source, target, reference))
        return
    record = compare_record(source, target, reference)
    if form == "json":
        print_json(record)
    else:
        _show(record)


def _cascade(texts: HeldTexts, said: str, every: bool, form: str) -> None:
    from api.comparing import cascade_page, cascade_record

    record = cascade_record(texts, said, every=every)
    if form == "html":
        click.echo(cascade_page(record))
    elif form == "json":
        print_json(record)
    else:
        _show_cascade(record)


def _reuse(texts: HeldTexts, said: str, form: str) -> None:
    from api.comparing import reuse_record

    record = reuse_record(texts, said)
    if form == "json":
        print_json(record)
        return
    click.echo(f"{_name(record['document'])} (quan hệ dưới đây là suy luận, không phải điều văn bản nói)")
    titles = (
        ("parents", "Có thể triển khai"),
        ("children", "Có thể được triển khai bởi"),
        ("sources", "Dùng lại nội dung của"),
        ("derived", "Nội dung được dùng lại trong"),
    )
    for name, title in titles:
        for row in record[name]:
            click.echo(f"{title}: {_name(row['document'])}. {row['reason']} [{row['id']}]")
    for clause in record["clauses"]:
        places = ", ".join(f"{origin['source'] + 1}" for origin in clause["from"])
        click.echo(f"{f'← {places}' if places else '':<8}{clause['kept_by'] or '':>4}  {_shortened(clause['text'])}")


def _show(record: dict[str, Any]) -> None:
    from api.comparing import STATUS_WORDS

    summary, clauses = record["summary"], record["summary"]["clauses"]
    click.echo(f"{_name(record['source'])}  →  {_name(record['target'])}")
    shares = summary["shares"]
    click.echo(
        f"Giữ nguyên {shares['kept']:.0%} · có sửa {shares['adapted']:.0%} · không đưa vào {shares['dropped']:.0%}"
        f" · bổ sung {shares['added']:.0%} (theo số từ); {summary['adapted_locally']:02d} đoạn chỉ đổi địa danh, cấp"
    )
    if dropped := summary["citations"]["dropped"]:
        click.echo("Không còn viện dẫn: " + "; ".join(item["text"] for item in dropped))
    for kind, words in (("targets", "Chỉ tiêu"), ("deadlines", "Thời hạn"), ("assignments", "Nhiệm vụ")):
        _show_facts(words, summary[kind])
    marks = {"verbatim": "=", "adapted": "~", "omitted": "-", "added": "+"}
    click.echo(" · ".join(f"{marks[status]} {STATUS_WORDS[status]}: {count:02d}" for status, count in clauses.items()))
    for pair in record["pairs"]:
        if pair["status"] == "verbatim":
            continue
        side = pair["source"] or pair["target"]
        click.echo(f"{marks[pair['status']]} {_shortened(side['text'])}")
        for change in pair["changes"]:
            click.echo(f"    {_change(change)}")


def _shortened(text: str, longest: int = 200) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[:longest].rsplit(' ', 1)[0]} …"


def _show_facts(words: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["status"] in ("changed", "missing"):
            new = row["target"]["text"] if row["target"] else "không có"
            click.echo(f"{words}: {' '.join(row['source']['text'].split())} → {' '.join(new.split())}")


def _change(change: dict[str, str]) -> str:
    from api.comparing import KIND_WORDS

    words = {"delete": f"bỏ “{change['from']}”", "insert": f"thêm “{change['to']}”"}
    return words.get(change["op"], f"“{change['from']}” → “{change['to']}”") + f" ({KIND_WORDS[change['kind']]})"


def _show_cascade(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not record["plans"]:
        console.print("Chưa thấy văn bản triển khai trong kho (không có nghĩa là đơn vị chưa ban hành).")
        return
    table = Table(title=f"Triển khai {_name(record['call'])}")
    for heading in ("#", "Văn bản", "Giữ nguyên", "Có sửa", "Không đưa vào", "Bổ sung", "Không còn viện dẫn"):
        table.add_column(heading, overflow="fold")
    for number, plan in enumerate(record["plans"], 1):
        shares = [f"{plan['shares'][name]:.0%}" for name in ("kept", "adapted", "dropped", "added")]
        table.add_row(str(number), _name(plan["document"]), *shares, ", ".join(plan["citations_dropped"]))
    console.print(table)
    outline = Table(title="Dàn ý chung")
    for heading in ("Đề mục", "Số văn bản có", "Tỷ lệ"):
        outline.add_column(heading, overflow="fold")
    for row in record["outline"]:
        outline.add_row("  " * (row["depth"] - 1) + row["heading"], f"{len(row['plans']):02d}", f"{row['share']:.0%}")
    console.print(outline)


def _name(document: dict[str, Any]) -> str:
    name = document["number"] or document["file"] or document["title"] or document["iri"] or ""
    return f"{name} ({document['issuer']})" if document["issuer"] else name
