"""``kg validate``, ``kg doctor``: is the graph right, is the installation whole."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.shared_options import print_json, workspace_option

__all__ = ["doctor", "validate"]


@click.command()
@workspace_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def validate(workspace: Path, form: str) -> None:
    """Kiểm tra đồ thị theo quy tắc SHACL; mỗi lỗi nêu văn bản, thuộc tính và lý do. Mã thoát 1 nếu có lỗi.

    \b
    Ví dụ:
      kg validate
    """
    from dataclasses import asdict

    from api.workspace import Workspace

    findings = Workspace(workspace).validate()
    if form == "json":
        print_json({"conforms": not findings, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{finding.document or finding.focus}\n  {finding.path or ''}: {finding.message}")
        click.echo("Đồ thị đúng quy tắc." if not findings else f"Có {len(findings):02d} điểm sai quy tắc.", err=True)
    if findings:
        raise click.exceptions.Exit(1)


@click.command()
@workspace_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def doctor(workspace: Path, form: str) -> None:
    """Kiểm tra cài đặt: phiên bản, năm gói được nạp từ đâu, chương trình hệ thống, cấu hình, kho.

    \b
    Ví dụ:
      kg doctor
    """
    from api.doctor import examine

    checks = examine(workspace)
    if form == "json":
        print_json([{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks])
    else:
        for check in checks:
            click.echo(f"{'✓' if check.ok else '✗'} {check.name}: {check.detail}")
    if not all(check.ok for check in checks if check.required):
        raise click.exceptions.Exit(1)
