"""Damaged files of every kind are read or refused with an error of ours, and a text that is read is whole.

A short run stands in the tests; `make fuzz` makes many more mutations (the environment variable FUZZ says how many of each kind).
"""

import io
import os
import random
import re
import unicodedata
import zipfile

import docx
import openpyxl
import pytest

from policylab import body, read_plan, read_plans, read_table
from policylab.errors import PolicylabError, ReadError
from policylab.plans.normalize import RADICALS
from policylab.plans.numerals import to_chinese

TIMES = int(os.environ.get("FUZZ", "60"))
PLAN = """望溪区教育局关于印发《望溪区教育局2024年工作要点》的通知

各学校：
现印发给你们，请认真落实。
望溪区教育局
2024年3月4日

附件
望溪区教育局2024年工作要点

2024年是关键之年。

一、立德树人
（一）加强德育。开展主题活动。（责任单位：教育科）
1．开课。备课。
（1）一至三年级。
①每周两节。
（二）加强体育
办好比赛，建好场馆。
- 3 -
第二条 建章。立制。
——增长。
一是修路。
二是建校。
二、重点任务表
序号\t重点任务\t责任单位\t完成时限
1\t推进课程改革\t教育科\t3月
2\t办好学校体育\t体卫科\t6月
专栏1 德育行动
01 开课。备课。
在做好以上工作的同时，抓好档案工作。
附件1
名词解释
1.“双减”：减轻负担。
"""
SNIPPETS = (
    "\x00", "\ufeff", "\u200b", "\u202e", "\x1b[31m", "\ud7a3", "\U0010ffff", "⺀", "⼀", "99999999999、", "（一）", "一、" * 30, "\t" * 40,
    "1.1.1.1.1", "附件", "目录", "<p>", "</p><p>", "<!--", "---\n", "|", "| - |", "**", "#" * 9, "》", "（" * 20, "）" * 20, "\r", "\v", "\f",
    "\x85", "\u2028", "二〇二四年", "2024年2月30日", "......", "…" * 20, "责任单位：", "各位代表！", "续表", "专栏",
)  # fmt: skip


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["text", "place", "year"])
    book.active.append([PLAN, "望溪区", 2024])
    book.active.append(["一、德育\n1.开课。备课。", "栖梧区", 2023])
    return saved(book)


def document():
    made = docx.Document()
    for line in PLAN.split("\n"):
        made.add_paragraph(line)
    cells = made.add_table(2, 3).rows[1].cells
    cells[0].text, cells[1].text = "1", "推进课程改革"
    return saved(made)


def saved(thing):
    out = io.BytesIO()
    thing.save(out)
    return out.getvalue()


FILES = {
    ".txt": PLAN.encode(),
    ".md": ("---\ntitle: 望溪区2024年工作要点\nyear: 2024\n---\n" + PLAN).encode(),
    "gbk.txt": PLAN.encode("gb18030"),
    "utf16.txt": PLAN.encode("utf-16"),
    ".html": f"<html><head><meta charset='utf-8'><title>计划</title></head><body><p>{PLAN.replace(chr(10), '</p><p>')}</p></body></html>".encode(),
    ".csv": ('text,place,year\n"' + PLAN.replace('"', "") + '",望溪区,2024\n').encode(),
    ".docx": document(),
    ".xlsx": workbook(),
}


def mutated(data, dice):
    """Flip, cut out, double, insert, truncate or shuffle bytes, once or several times."""
    for _ in range(dice.choice((1, 1, 2, 5))):
        if not data:
            return data
        at, size = dice.randrange(len(data)), dice.choice((1, 2, 7, 60, 400))
        match dice.randrange(6):
            case 0:
                data = data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + size :]
            case 2:
                data = data[: at + size] + data[at:]
            case 3:
                data = data[:at] + dice.choice(SNIPPETS).encode("utf-8", "surrogatepass") + data[at:]
            case 4:
                data = data[: max(at, 1)]
            case 5:
                data = data[:at] + dice.randbytes(min(size, 60)) + data[at:]
    return data


def mutated_inside(data, dice):
    """Mutate a member of an archive, so that the damage reaches the reader and not just the archive's checks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        hit = dice.choice([n for n in names if n.endswith(("document.xml", "sheet1.xml", "sharedStrings.xml"))] or names)
        for name in names:
            new.writestr(name, mutated(old.read(name), dice) if name == hit else old.read(name))
    return out.getvalue()


def is_sound(plans):
    items = plans.items
    assert items.index.is_unique
    assert items["plan"].notna().all()
    named = items[items["kind"].isin(["heading", "item"]) & (items["outline"] != "")]
    assert not named.duplicated(["plan", "outline"]).any()
    units = body(items)
    assert (
        plans.documents.set_index("plan")["n_units"] == units.groupby("plan").size().reindex(plans.documents["plan"], fill_value=0)
    ).all()


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused_with_an_error_of_ours(tmp_path, name):
    dice = random.Random(name)
    tabular = name in (".csv", ".xlsx")
    path = tmp_path / f"望溪区-2024{name}"
    for _ in range(TIMES):
        inside = name in (".docx", ".xlsx") and dice.random() < 0.7
        path.write_bytes((mutated_inside if inside else mutated)(FILES[name], dice))
        try:
            plans = read_table(path, text="text", place="place", year="year", errors="report") if tabular else read_plan(path)
        except PolicylabError:
            continue
        is_sound(plans)


def test_a_text_whose_lines_are_shuffled_cut_and_doubled_is_whole(tmp_path):
    dice = random.Random(7)
    path = tmp_path / "望溪区-2024.txt"
    lines = PLAN.split("\n")
    for _ in range(2 * TIMES):
        picked = [dice.choice(lines) for _ in range(dice.randrange(1, 40))]
        picked[dice.randrange(len(picked))] += dice.choice([s for s in SNIPPETS if s.isprintable() and not re.search(r"[<|#*\-]", s)])
        picked = [line[dice.randrange(5) :] if dice.random() < 0.1 else line for line in picked]
        path.write_text("\n".join(picked), encoding="utf-8")
        try:
            plans = read_plan(path)
        except ReadError:
            continue
        is_sound(plans)
        nothing_is_lost("\n".join(picked), plans.items)


def nothing_is_lost(text, items):
    source = re.sub(r"[\s|]", "", unicodedata.normalize("NFC", text).translate(RADICALS))
    rows = (items["marker"] + items["text"]).str.replace(r"[\s|]", "", regex=True)
    assert sorted("".join(rows)) == sorted(source)
    in_order = iter(source)
    assert all(c in in_order for c in "".join(rows[items["kind"] != "furniture"]))


def printed(dice):
    """A plan in one of the ways in which plans are numbered."""
    forms = dice.choice(
        [
            ("{c}、", "（{c}）", "{n}."),
            ("{c}、", "{n}．", "（{n}）"),
            ("第{c}章 ", "第{c}条 ", "（{c}）"),
            ("{c}、", "{n}、", "①"),
            ("{n}.", "（{n}）", "①"),
        ]
    )
    run_on, own_line = dice.random() < 0.5, dice.random() < 0.4
    lines, n = ["望溪区教育局2024年工作要点", "", "2024年是关键之年。"], 0
    for section in range(1, dice.randrange(2, 6)):
        lines.append(forms[0].format(c="一二三四五六"[section - 1], n=section) + dice.choice(WORDS) + "工作")
        n = n if run_on else 0
        for _ in range(dice.randrange(1, 6)):
            n += 1
            title, text = f"{dice.choice(WORDS)}{dice.choice(WORDS)}", f"推进{dice.choice(WORDS)}，完善{dice.choice(WORDS)}机制。"
            unit = dice.choice(("", "", "（责任单位：教育科）"))
            marker = forms[1].format(c=to_chinese(n), n=n)
            lines += [f"{marker}{title}", text + unit] if own_line else [f"{marker}{title}。{text}{unit}"]
            if dice.random() < 0.2 and "①" not in forms:
                lines += [forms[2].format(c=c, n=k) + f"做好{dice.choice(WORDS)}。" for k, c in enumerate("一二", 1)]
    return "\n".join([*lines, "在做好以上工作的同时，抓好安全工作。", "望溪区教育局", "2024年3月4日"])


WORDS = ("德育", "体育", "课程", "教师", "校园", "评价", "培训", "安全", "托育", "阅读", "劳动", "科技")
COLUMNS = ["kind", "part", "section_no", "block", "outline", "marker", "item_no", "item_title", "text", "responsible"]


def test_a_plan_printed_from_its_rows_is_read_the_same(tmp_path):
    """Reading is idempotent: what was taken apart, printed and read again, gives the same rows (but for tables, whose cells a number leaves)."""
    dice = random.Random(1)
    for k, text in enumerate([re.sub(r"(?m)^.*\t.*\n", "", PLAN), *(printed(dice) for _ in range(TIMES))]):
        (tmp_path / f"{k}.txt").write_text(text, encoding="utf-8")
    first = read_plans(tmp_path).items
    assert (first["kind"] == "item").groupby(first["source"]).sum().gt(0).all()
    for source, rows in first.groupby("source"):
        (tmp_path / source).write_text("\n".join(rows["marker"] + rows["text"]), encoding="utf-8")
    again = read_plans(tmp_path).items
    for column in COLUMNS:
        assert again[column].astype("str").tolist() == first[column].astype("str").tolist(), column
