"""Characters that nobody sees or that stand for others are taken out or repaired, and counted."""

from collections import Counter

import pytest

from policylab.plans.normalize import clean


@pytest.mark.parametrize(
    ("text", "name", "cleaned"),
    [
        ("立\ufffc德", "zero-width", "立德"),
        ("立\ufff9德\ufffb", "zero-width", "立德"),
        ("立\uffff德\ufdd0\U0001fffe", "noncharacters", "立德"),
        ("㇐、要点", "radicals", "一、要点"),
        ("&nbsp;&nbsp;1.提高&ldquo;质量&rdquo;", "html-entities", "\xa0\xa01.提高“质量”"),
        ("甲&#20132;&#x4E59;", "html-entities", "甲交乙"),
    ],
)
def test_what_is_not_text_is_repaired_and_counted(text, name, cleaned):
    found: Counter[str] = Counter()
    assert clean(text, found) == cleaned
    assert found[name] > 0


@pytest.mark.parametrize("text", ["甲&乙", "AT&T；", "R&D; 研发", "经费＜100万元"])
def test_an_ampersand_that_is_no_entity_stays(text):
    found: Counter[str] = Counter()
    assert (clean(text, found), found) == (text, Counter())
