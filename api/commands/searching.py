"""``kg search``: what staff type, answered with passages and reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.commands.shared_options import print_json, tell, workspace_option

__all__ = ["search"]

ROUTE_WORDS = {"number": "đúng số, ký hiệu", "lexical": "trùng từ", "semantic": "gần nghĩa"}


@click.command()
@click.argument("query", nargs=-1, required=True)
@workspace_option
@click.option("-k", "k", type=click.IntRange(1, 200), default=10, show_default=True, help="Số kết quả.")
@click.option("--kind", help="Loại văn bản: “kế hoạch”, “KH”.")
@click.option("--issuer", help="Cơ quan ban hành, gõ không dấu cũng được.")
@click.option("--level", type=click.Choice(["central", "province", "district", "commune"]), help="Cấp ban hành.")
@click.option("--year", type=int, help="Năm ban hành.")
@click.option("--campaign", help="Tên phong trào thi đua.")
@click.option("--cites", help="Chỉ văn bản viện dẫn số này: 34-CT/TW.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def search(query: tuple[str, ...], workspace: Path, k: int, form: str, **filters: Any) -> None:
    """Tìm văn bản theo số, theo từ và theo nghĩa; mỗi kết quả nêu đoạn trích và lý do.

    Số, ký hiệu viết thế nào cũng được (34/CT-TW, ct34, 1954); không dấu cũng được; cụm trong ngoặc kép phải có
    nguyên văn; dấu trừ trước một từ để loại từ đó.

    \b
    Ví dụ:
      kg search phong trào thi đua chào mừng thành lập tỉnh
      kg search cv 1954 --format json
    """
    from api.workspace import Workspace

    result = Workspace(workspace).search(" ".join(query), k=k, **filters)
    if form == "json":
        print_json(result)
        return
    for note in result["notes"]:
        tell(note)
    if not result["hits"]:
        tell("Không tìm thấy văn bản phù hợp. Đề nghị kiểm tra lại số, ký hiệu hoặc bỏ bớt điều kiện lọc.")
    for hit in result["hits"]:
        _show(hit)


def _show(hit: dict[str, Any]) -> None:
    document = hit["document"]
    name = document["number"] or document["file"] or document["title"]
    why = ", ".join(ROUTE_WORDS[route] for route in hit["why"])
    click.echo(f"{hit['rank']:>3}. {document['kind'] or ''} {name}".rstrip() + f"  {document['issuer'] or ''}  ({why})")
    if document["title"] and document["number"]:
        click.echo(f"     {document['title']}")
    if hit["passage"]:
        words = " ".join(hit["passage"]["text"].split())
        click.echo(f"     “{words[:240]}{'…' if len(words) > 240 else ''}”")
    if hit["similar"]:
        click.echo(f"     +{len(hit['similar'])} tương tự")
