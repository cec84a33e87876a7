"""Local instances of a national campaign: linked as such, never merged, whatever the order of files."""

from __future__ import annotations

import random

import pytest
from doubles import held

from ingest.resolve import resolve
from kg.model import Campaign, Metadata, Span
from kg.reference import load_reference
from kg.works import HeldFile

RURAL = "chung sức xây dựng nông thôn mới"


def speaker(name: str, theme: str, province: str | None = "lai-chau", district: str | None = None) -> HeldFile:
    """A paper that mentions one campaign."""
    metadata = Metadata(
        kind="Kế hoạch", owner=f"{district or province or 'ttg'}.ubnd", province=province, district=district
    )
    return held(name, metadata, campaigns=[Campaign(theme, "mentions", Span(0, len(name)))])


def instances(*files: HeldFile) -> dict[str, str]:
    """Name of a campaign → name of what it is an instance of."""
    result = resolve(files, load_reference())
    names = {node.key: node.name for node in result.campaigns}
    return {node.name: names[node.instance_of] for node in result.campaigns if node.instance_of}


NATIONAL = speaker("chi-thi.txt", f"Cả nước {RURAL}", None)
LOCAL = speaker("ke-hoach.txt", f"Lai Châu {RURAL}")


def test_a_theme_with_the_provinces_name_is_an_instance() -> None:
    assert instances(NATIONAL, LOCAL) == {f"Lai Châu {RURAL}": f"Cả nước {RURAL}"}


def test_a_district_has_instances_too() -> None:
    local = speaker("ke-hoach.txt", f"Tam Đường {RURAL}", "lai-chau", "lai-chau.tam-duong")
    assert instances(NATIONAL, local) == {f"Tam Đường {RURAL}": f"Cả nước {RURAL}"}


def test_the_theme_without_any_place_will_do() -> None:
    bare = speaker("cong-van.txt", RURAL.capitalize())
    assert instances(bare, LOCAL) == {f"Lai Châu {RURAL}": RURAL.capitalize()}
    assert instances(NATIONAL, bare, LOCAL) == {f"Lai Châu {RURAL}": f"Cả nước {RURAL}"}


@pytest.mark.parametrize(
    "files",
    [
        (LOCAL,),
        # another theme, another place's name, a name inside the theme
        (NATIONAL, speaker("a.txt", "Lai Châu chung tay xóa nhà tạm")),
        (NATIONAL, speaker("a.txt", f"Sơn La {RURAL}")),
        (NATIONAL, speaker("a.txt", f"Người Lai Châu {RURAL}")),
    ],
    ids=["nothing national", "another theme", "another place", "a name inside"],
)
def test_no_instance(files: tuple[HeldFile, ...]) -> None:
    assert instances(*files) == {}


def test_the_order_of_files_does_not_count() -> None:
    files = [NATIONAL, LOCAL, speaker("b.txt", RURAL), speaker("c.txt", f"Cả nước {RURAL}", "son-la")]
    first = resolve(files, load_reference()).campaigns
    for seed in range(4):
        random.Random(seed).shuffle(files)
        assert resolve(files, load_reference()).campaigns == first
