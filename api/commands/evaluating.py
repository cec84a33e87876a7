"""``kg evaluate``: how good extraction and search are, against hand-made answers."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from api.commands.shared_options import print_json

__all__ = ["evaluate"]


@click.group()
def evaluate() -> None:
    """Đo chất lượng so với đáp án làm tay.

    \b
    Ví dụ:
      kg evaluate search --workspace kg-data --queries cau-hoi.jsonl
      kg evaluate search --corpus corpus.jsonl.gz --queries queries.jsonl --qrels qrels.tsv
      kg evaluate table --documents van-ban.json --staff cau-hoi.json --output api/measured.json
    """


@evaluate.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Tệp BEIR, cả .gz.")
@click.option(
    "--queries",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="Câu hỏi, mỗi dòng một JSON.",
)
@click.option("--qrels", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Đáp án của --corpus.")
@click.option("--workspace", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Kho để hỏi.")
@click.option("--no-accents", is_flag=True, help="Bỏ dấu mọi câu hỏi trước khi tìm.")
@click.option("--choose-weights", is_flag=True, help="Cùng --corpus: chọn trọng số gộp bằng kiểm chứng chéo năm phần.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Dạng kết quả."
)
def search(
    corpus: Path | None,
    queries: Path,
    qrels: Path | None,
    workspace: Path | None,
    no_accents: bool,
    choose_weights: bool,
    form: str,
) -> None:
    """Đo tìm kiếm: nDCG@10, recall@10/100, MRR@10, hit@1, theo loại câu hỏi, từng đường và khi gộp."""
    from kg.identifiers import fold
    from search import evaluation

    respell = fold if no_accents else str
    if corpus is not None and qrels is not None and workspace is None:
        if choose_weights:
            for line in evaluation.choose_weights(corpus, queries, qrels).lines():
                click.echo(line)
            return
        report = evaluation.evaluate_corpus(corpus, queries, qrels, respell=respell)
    elif workspace is not None and corpus is None and qrels is None and not choose_weights:
        from api.workspace import Workspace

        report = evaluation.evaluate_index(
            Workspace(workspace).index(), evaluation.read_staff_queries(queries), name_of=evaluation.file_name,
            respell=respell,
        )  # fmt: skip
    else:
        raise click.UsageError("Nêu --corpus và --qrels, hoặc --workspace.")
    if form == "json":
        print_json(report.record())
    else:
        for line in report.lines():
            click.echo(line)


@evaluate.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--docs", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Thư mục của các tệp nêu.")
@click.option(
    "--baseline", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Kết quả JSON lần trước."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Ghi kết quả JSON ra tệp.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Dạng kết quả."
)
def extraction(gold: Path, docs: Path | None, baseline: Path | None, output: Path | None, form: str) -> None:
    """Đo trích xuất viện dẫn và danh tính văn bản so với GOLD (mỗi dòng một JSON).

    \b
    Ví dụ:
      kg evaluate extraction gold/documents.jsonl --docs van-ban/ --output hom-nay.json
      kg evaluate extraction gold/citations.jsonl --baseline hom-qua.json
    """
    from ingest.evaluation import evaluate as run
    from ingest.evaluation import read_gold
    from kg.disk import write_atomically

    found = run(read_gold(gold), docs)
    before = json.loads(baseline.read_text(encoding="utf-8")) if baseline else None
    if form == "json":
        print_json(found.record())
    else:
        for line in found.lines(before):
            click.echo(line)
    if output:
        write_atomically(output, json.dumps(found.record(), ensure_ascii=False, indent=1).encode())


_REPORT = click.Path(path_type=Path, exists=True, dir_okay=False)


@evaluate.command()
@click.option("--documents", type=_REPORT, help="Kết quả kg evaluate extraction trên văn bản trọn vẹn.")
@click.option("--sentences", type=_REPORT, help="Kết quả kg evaluate extraction trên câu rời.")
@click.option("--staff", type=_REPORT, help="Kết quả kg evaluate search trên câu hỏi của cán bộ.")
@click.option("--articles", type=_REPORT, help="Kết quả kg evaluate search trên bộ điều luật.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Ngày đo; để trống là hôm nay.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp, ví dụ api/measured.json.")
def table(day: dt.datetime | None, output: Path | None, **given: Path | None) -> None:
    """Gộp các kết quả đo (--format json) thành bảng của trang “Chất lượng dữ liệu”.

    \b
    Ví dụ:
      kg evaluate extraction gold.jsonl --docs van-ban/ --output van-ban.json
      kg evaluate search --workspace kg-data --queries cau-hoi.jsonl --format json > cau-hoi.json
      kg evaluate table --documents van-ban.json --staff cau-hoi.json --output api/measured.json
    """
    from api.measured import table_of
    from kg.disk import write_atomically

    reports = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in given.items() if path}
    if not reports:
        raise click.UsageError("Nêu ít nhất một kết quả đo.")
    made = table_of(reports, day.date() if day else dt.date.today())
    if output:
        write_atomically(output, (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode())
    else:
        print_json(made)
