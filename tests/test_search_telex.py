"""Queries typed with the Vietnamese keyboard off are read as meant; nothing else is touched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identifiers import fold
from search.telex import untelexed


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("kees hoachj thi ddua", "kế hoạch thi đua"),
        ("keets quar khen thuwowngr", "kết quả khen thưởng"),
        ("khen thuongwr", "khen thưởng"),  # hook and tone at the end
        ("quyeets ddinhj soos 2609", "quyết định số 2609"),
        ("quyeest ddinhj", "quyết định"),  # the tone before the last letter
        ("uyr ban nhaan daan", "uỷ ban nhân dân"),
        ("nguowif lao ddoongj", "người lao động"),
        ("hoaf binhf", "hoà bình"),
        ("bieen gioiws", "biên giới"),
        ("truyeenf thoong", "truyền thông"),
        ("truwcj thuoocj", "trực thuộc"),
        ("thur tucj hanhf chinhs", "thủ tục hành chính"),
        ("kees hoachj ubnd tinhr lai chaau", "kế hoạch ubnd tỉnh lai châu"),  # a code stays
        ("THI DDUA", "THI ĐUA"),
        ('"noong thoon mowis" -huyeenj', '"nông thôn mới" -huyện'),
    ],
)
def test_keys_are_read_as_meant(keys: str, meant: str) -> None:
    assert untelexed(keys) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "kế hoạch thi đua", "ke hoach thi dua", "phong trao thi dua yeu nuoc", "website ubnd tinh", "gas", "xe bus",
        "max", "covid 19", "ISO 9001", "34-CT/TW", "QDD 666", "cv 1954", "app zalo", "karaoke", "facebook", "pdf",
        "kees website", "1954/UBND-TH", "bhyt", "DTTS&MN", "email", "wifi", "excel", "",
    ],
)  # fmt: skip
def test_what_is_no_telex_stays(typed: str) -> None:
    assert untelexed(typed) == typed


@given(st.text(max_size=80))
def test_any_text_is_taken(typed: str) -> None:
    untelexed(typed)


WORDS = "kế hoạch thực hiện phong trào thi đua yêu nước của Ủy ban nhân dân huyện"


@given(st.lists(st.sampled_from(sorted(WORDS.split()))))
def test_words_without_accents_are_never_keys(words: list[str]) -> None:
    typed = fold(" ".join(words))
    assert untelexed(typed) == typed


def test_a_long_text_takes_no_time() -> None:
    start = time.process_time()
    untelexed("thuwowngr " * 10_000)
    untelexed("aew" * 30_000)
    assert time.process_time() - start < 2
