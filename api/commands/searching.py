"""``kg search``: what staff type, answered with passages and reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.commands.shared_options import print_json, tell, workspace_option

__all__ = ["search"]

ROUTE_WORDS = {
    "exact": "đúng số, ký hiệu", "prefix": "số bắt đầu như vậy", "cites": "viện dẫn số này", "lexical": "trùng từ",
    "semantic": "gần nghĩa",
}  # fmt: skip


@click.command()
@click.argument("query", nargs=-1)
@workspace_option
@click.option("-k", "k", type=click.IntRange(1, 200), default=10, show_default=True, help="Số kết quả.")
@click.option("--kind", help="Loại văn bản: “kế hoạch”, “KH”.")
@click.option("--issuer", help="Cơ quan ban hành, gõ không dấu cũng được.")
@click.option("--level", type=click.Choice(["central", "province", "district", "commune"]), help="Cấp ban hành.")
@click.option("--year", type=int, help="Năm ban hành.")
@click.option("--campaign", help="Tên phong trào thi đua.")
@click.option("--cites", help="Chỉ văn bản viện dẫn số này: 34-CT/TW.")
@click.option("--like", help="Văn bản tương tự văn bản mang số này, thay cho QUERY.")
@click.option("--passage", help="Cùng --like: chỉ đoạn từ ký tự ĐẦU-CUỐI, như kết quả JSON nêu.")
@click.option("--internal", is_flag=True, help="Kèm văn bản nội bộ.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def search(
    query: tuple[str, ...],
    workspace: Path,
    k: int,
    form: str,
    like: str | None,
    passage: str | None,
    internal: bool,
    **filters: Any,
) -> None:
    """Tìm văn bản theo số, theo từ và theo nghĩa; mỗi kết quả nêu đoạn trích và lý do.

    Số, ký hiệu viết thế nào cũng được (34/CT-TW, ct34, 1954); không dấu cũng được; cụm trong ngoặc kép phải có
    nguyên văn; dấu trừ trước một từ để loại từ đó.

    \b
    Ví dụ:
      kg search phong trào thi đua chào mừng thành lập tỉnh
      kg search cv 1954 --format json
      kg search thi đua -huyện --year 2024
      kg search --like 1954/UBND-TH
    """
    from api.workspace import Workspace

    if like is not None:
        _similar(Workspace(workspace).similar(like, k=k, internal=internal, **_range(passage)), form)
        return
    if not query and not any(filters.values()):
        raise click.UsageError("Nêu từ cần tìm, điều kiện lọc hoặc --like.")
    result = Workspace(workspace).search(" ".join(query), k=k, internal=internal, **filters)
    if form == "json":
        print_json(result)
        return
    for note in result["notes"]:
        tell(note)
    if not result["hits"]:
        tell("Không tìm thấy văn bản phù hợp. Đề nghị kiểm tra lại số, ký hiệu hoặc bỏ bớt điều kiện lọc.")
    for hit in result["hits"]:
        why = [ROUTE_WORDS[found if route == "number" else route] for route, found in hit["why"].items()]
        _show(hit["rank"], hit, ", ".join(why))


def _range(passage: str | None) -> dict[str, int]:
    if passage is None:
        return {}
    start, dash, end = passage.partition("-")
    if not (dash and start.isdigit() and end.isdigit() and int(start) < int(end)):
        raise click.UsageError("--passage là ĐẦU-CUỐI, ví dụ 120-460.")
    return {"start": int(start), "end": int(end)}


def _similar(result: dict[str, Any], form: str) -> None:
    if form == "json":
        print_json(result)
        return
    if not result["similar"]:
        tell("Không có văn bản tương tự.")
    for rank, found in enumerate(result["similar"], 1):
        _show(rank, found, f"gần nghĩa {found['score']:.2f}")


def _show(rank: int, hit: dict[str, Any], why: str) -> None:
    from search.snippets import window

    document = hit["document"]
    name = document["number"] or document["file"] or document["title"]
    day = document["date"] or ""
    line = "  ".join(part for part in (f"{document['kind'] or ''} {name}".strip(), document["issuer"], day) if part)
    click.echo(f"{rank:>3}. {line}" + (f"  ({why})" if why else ""))
    if document["title"] and name != document["title"]:
        click.echo(f"     {document['title']}")
    if hit["passage"]:
        passage = hit["passage"]
        start, end = window(passage["text"], passage["highlights"], 240)
        words = " ".join(passage["text"][start:end].split())
        click.echo(f"     “{'… ' if start else ''}{words}{' …' if end < len(passage['text']) else ''}”")
    if hit.get("similar"):
        names = [one["document"]["number"] or one["document"]["file"] for one in hit["similar"]]
        click.echo(f"     +{len(names)} tương tự: {', '.join(name for name in names if name)}")
