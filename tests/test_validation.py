"""Coding sheets: drawn with known chances, blind, read back only where nothing was changed; intrusion tasks and their scores."""

import json
import os
import subprocess
import sys
import types
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import policylab as plab
from policylab import workbooks
from policylab.errors import (
    ArgumentError,
    DamagedFileError,
    FormatError,
    FrameError,
    MissingFileError,
    PolicylabError,
    TableError,
    UnsafeFileError,
)
from policylab.validation.sampling import allocate

LABELS = ["校舍"] * 30 + ["师资"] * 9 + ["安全"] * 1


def units_and_labels():
    """Forty texts of two years; the machine finds three classes, one of them once."""
    ids = [f"甲区-{2023 + i % 2}#{i:03d}" for i in range(40)]
    texts = [f"第{i}件事：新建学校{i}所。" for i in range(40)]
    units = pd.DataFrame({"text": texts, "year": [2023 + i % 2 for i in range(40)]}, index=pd.Index(ids, name="item_id"))
    return units, pd.Series(LABELS, index=units.index)


@pytest.fixture
def sheet(tmp_path):
    """A sheet of ten texts that nobody has filled in yet."""
    units, labels = units_and_labels()
    return tmp_path / "sheet.xlsx", plab.coding_sheet(units, tmp_path / "sheet.xlsx", labels=labels, n=10), units


def fill(path, codes, column="编码员1 coder1"):
    """Do what a coder does: open the workbook, write codes by id, save."""
    book = load_workbook(path)
    page = book.worksheets[0]
    at = [cell.value for cell in page[1]].index(column) + 1
    for row in range(2, page.max_row + 1):
        page.cell(row, at).value = codes.get(page.cell(row, 1).value)
    book.save(path)


def change(path, cell, value):
    book = load_workbook(path)
    book.worksheets[0][cell] = value
    book.save(path)


def all_as_machine(key):
    return dict(zip(key["row_id"], key["label"], strict=True))


# ---- the sample


def test_strata_get_their_share_and_at_least_two_or_all_they_have():
    assert allocate(np.array([30, 9, 1]), 10).tolist() == [7, 2, 1]
    assert allocate(np.array([100, 100]), 5).tolist() == [3, 2]
    assert allocate(np.array([3, 3]), 6).tolist() == [3, 3]


@pytest.mark.parametrize("by", [None, "year", ["year"]])
def test_in_each_stratum_one_over_the_chances_adds_up_to_its_units(tmp_path, by):
    units, labels = units_and_labels()
    key = plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, n=16, by=by)
    stands_for = (1 / key["chance"]).groupby(key["stratum"]).sum()
    of_stratum = labels if by is None else units["year"].astype(str) + " · " + labels
    assert stands_for.round(6).to_dict() == of_stratum.value_counts().to_dict()
    assert len(key) == 16
    assert key["item_id"].is_unique


def test_over_many_seeds_every_text_is_drawn_as_often_as_its_chance_says():
    from policylab.validation.sampling import draw

    strata = pd.Series(["a"] * 8 + ["b"] * 4, index=[f"t{i}" for i in range(12)])
    drawn = Counter(item for seed in range(600) for item in draw(strata, n=6, seed=seed).index)
    assert all(abs(drawn[item] / 600 - 0.5) < 0.09 for item in strata.index)


def test_a_larger_sheet_with_the_same_seed_keeps_the_texts_of_the_smaller(tmp_path):
    units, labels = units_and_labels()
    small, large = (plab.coding_sheet(units, tmp_path / f"{n}.xlsx", labels=labels, n=n) for n in (10, 20))
    assert set(small["item_id"]) <= set(large["item_id"])


def test_too_few_texts_for_the_strata_are_refused_with_the_number_that_would_do(tmp_path):
    units, labels = units_and_labels()
    with pytest.raises(ArgumentError, match=r"n=5 is too small for 5 strata .* give n=9 or more"):
        plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, n=5, by="year")


def test_where_there_are_fewer_texts_than_asked_for_all_are_drawn(tmp_path):
    units, labels = units_and_labels()
    key = plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, n=80)
    assert (len(key), set(key["chance"])) == (40, {1.0})


def test_the_order_of_the_rows_changes_no_byte(tmp_path):
    units, labels = units_and_labels()
    plab.coding_sheet(units, tmp_path / "a.xlsx", labels=labels, n=10)
    plab.coding_sheet(units[::-1], tmp_path / "b.xlsx", labels=labels.sample(frac=1, random_state=1), n=10)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a-key.csv").read_bytes() == (tmp_path / "b-key.csv").read_bytes()


def test_the_hash_seed_changes_no_byte(tmp_path):
    script = (
        "import sys, hashlib, pandas as pd, policylab as plab; "
        "u = pd.DataFrame({'text': [f'修路{i}条。' for i in range(20)]}, index=[f't{i}' for i in range(20)]); "
        "plab.coding_sheet(u, sys.argv[1], labels=pd.Series(list('ab') * 10, index=u.index), n=8); "
        "print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / f"{seed}.xlsx")],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(plab.__file__).parents[1])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


# ---- the workbook


def test_the_workbook_says_nothing_about_label_stratum_plan_or_place(tmp_path):
    units, labels = units_and_labels()
    key = plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, n=10, by="year", categories=[*set(LABELS), "其他"])
    page = load_workbook(tmp_path / "s.xlsx").worksheets[0]
    cells = [str(c.value) for row in page.iter_rows() for c in row if c.value is not None]
    assert not [c for c in cells if any(word in c for word in ("甲区", "2023", "2024", "校舍", "师资", "安全"))]
    with zipfile.ZipFile(tmp_path / "s.xlsx") as archive:
        whole = unescape(b"".join(archive.read(name) for name in archive.namelist()).decode())
    assert not any(item_id in whole for item_id in key["item_id"])
    assert whole.count("校舍") == 1  # in the list of categories, and there alone


def test_texts_stand_in_random_order(sheet):
    _, key, _ = sheet
    assert key["item_id"].tolist() != sorted(key["item_id"])
    assert key["label"].tolist() != sorted(key["label"])


def test_coders_choose_from_a_list_and_read_the_task_in_both_languages(sheet):
    path, _, _ = sheet
    book = load_workbook(path)
    page, guide = book.worksheets
    (listed,) = page.data_validations.dataValidation
    first, last = (int(part.rpartition("$")[2]) for part in listed.formula1.split("!")[1].split(":"))
    assert [guide.cell(row, 1).value for row in range(first, last + 1)] == sorted(set(LABELS))
    assert str(listed.sqref) == "C2:C11"
    said = [row[0].value for row in guide.iter_rows(max_row=first - 2)]
    assert said[0].startswith("任务")
    assert any(line.startswith("Task") for line in said)


def test_no_text_becomes_a_formula(tmp_path):
    texts = ["=1+1", "+修路", "-1", "@A1", "＝HYPERLINK(1)", "修路"]
    units = pd.DataFrame({"text": texts}, index=[f"=t{i}" for i in range(6)])
    plab.coding_sheet(units, tmp_path / "s.xlsx", labels=pd.Series("=x", index=units.index), n=6)
    for page in load_workbook(tmp_path / "s.xlsx").worksheets:
        assert {c.data_type for row in page.iter_rows() for c in row} <= {"s", "n"}
    assert not any(line.startswith(("=", "+", "-", "@")) for line in (tmp_path / "s-key.csv").read_text(encoding="utf-8-sig").splitlines())
    key = pd.read_csv(tmp_path / "s-key.csv")
    fill(tmp_path / "s.xlsx", dict.fromkeys(key["row_id"], "'=x"))
    codings = plab.read_coding(tmp_path / "s.xlsx", units=units)
    assert sorted(codings["item_id"]) == sorted(units.index)
    assert set(codings["code"]) == set(codings["label"]) == {"=x"}


def test_a_sheet_that_somebody_filled_in_is_not_overwritten(sheet):
    path, key, units = sheet
    _, labels = units_and_labels()
    plab.coding_sheet(units, path, labels=labels, n=10)  # the same bytes: nothing is lost
    fill(path, all_as_machine(key))
    with pytest.raises(ArgumentError, match="may hold somebody's codings"):
        plab.coding_sheet(units, path, labels=labels, n=10)


def labels_with(labels, **changed):
    return pd.concat([labels, pd.Series(changed)])


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (lambda u, lab: (u.drop(columns="text"), lab, {}), FrameError, "column 'text'"),
        (lambda u, lab: (pd.concat([u, u[:1]]), lab, {}), FrameError, "twice"),
        (lambda u, lab: (u.assign(text=""), lab, {}), FrameError, "no text at"),
        (lambda u, lab: (u, lab[1:], {}), FrameError, "'甲区-2023#000' has none"),
        (lambda u, lab: (u, labels_with(lab, 丙="校舍"), {}), FrameError, "'丙' is no unit"),
        (lambda u, lab: (u, lab.replace("安全", None), {}), FrameError, "units without a label"),
        (lambda u, lab: (u, lab, {"by": "district"}), ArgumentError, "no such column"),
        (lambda u, lab: (u, lab, {"categories": ["校舍", "师资"]}), ArgumentError, "lack the label '安全'"),
        (lambda u, lab: (u, lab, {"categories": ["校舍", "校舍"]}), ArgumentError, "different names"),
        (lambda u, lab: (u, lab, {"n": 0}), ArgumentError, "n=0"),
        (lambda u, lab: (u.assign(text="修" * 40_000), lab, {}), ArgumentError, "a cell holds 32,767"),
    ],
)
def test_what_cannot_be_coded_is_refused_by_name(tmp_path, spoil, error, said):
    units, labels, more = spoil(*units_and_labels())
    with pytest.raises(error, match=said):
        plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, **{"n": 10, **more})
    assert list(tmp_path.iterdir()) == []


# ---- what comes back


def test_codes_come_back_with_label_stratum_and_chance_and_empty_ones_are_counted(sheet):
    path, key, units = sheet
    codes = all_as_machine(key)
    codes[key["row_id"][3]] = None
    fill(path, codes)
    codings = plab.read_coding(path, units=units)
    assert codings["item_id"].tolist() == key["item_id"].drop(3).tolist()
    assert (codings["code"] == codings["label"]).all()
    assert codings["chance"].tolist() == key["chance"].drop(3).tolist()
    assert codings.attrs["problems"] == []
    assert codings.attrs["n_empty"] == 1


def test_two_coders_and_a_coder_who_wrote_her_name_are_told_apart(tmp_path):
    units, labels = units_and_labels()
    key = plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, n=10, coders=2)
    fill(tmp_path / "s.xlsx", all_as_machine(key))
    fill(tmp_path / "s.xlsx", dict.fromkeys(key["row_id"][:4], "校舍"), column="编码员2 coder2")
    change(tmp_path / "s.xlsx", "D1", "王老师")
    codings = plab.read_coding(tmp_path / "s.xlsx")
    assert codings["coder"].value_counts().to_dict() == {"coder1": 10, "王老师": 4}
    assert codings.attrs["n_empty"] == 6


SPOILT = {
    "text changed": ("B3", "另一件事。", "the text is not the one that was written"),
    "id unknown": ("A3", "003-zzzz", "is not in the key"),
    "no category": ("C3", "校舎", "'校舎' (coder1) is no category"),
    "a formula": ("C3", "=A1", "there is a formula under 'coder1'"),
    "a formula for a text": ("B3", "=A1", "there is a formula under '文本 text'"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_row_that_was_changed_is_listed_and_never_used(sheet, how):
    path, key, _ = sheet
    fill(path, all_as_machine(key))
    cell, value, said = SPOILT[how]
    change(path, cell, value)
    codings = plab.read_coding(path)
    problem = codings.attrs["problems"][0]
    assert said in problem["problem"]
    assert problem["row"] == 3
    assert problem["hint"]
    assert codings["item_id"].tolist() == key["item_id"].drop(1).tolist()


def test_a_slip_of_the_pen_gets_the_category_that_is_meant_as_a_hint(sheet):
    path, key, _ = sheet
    fill(path, {key["row_id"][0]: "师资 类"})
    assert plab.read_coding(path).attrs["problems"][0]["hint"] == "Did you mean '师资'?"


def test_an_id_that_stands_twice_is_used_in_neither_row(sheet):
    path, key, _ = sheet
    fill(path, all_as_machine(key))
    change(path, "A3", key["row_id"][0])
    codings = plab.read_coding(path)
    assert [p["row"] for p in codings.attrs["problems"]] == [2, 3, None]  # the third is the row whose id is gone
    assert len(codings) == 8


def test_rows_may_be_sorted_by_the_coder_and_white_space_does_not_matter(sheet):
    path, key, _ = sheet
    fill(path, all_as_machine(key))
    page = load_workbook(path).worksheets[0]
    second, third = ([c.value for c in page[row]][:3] for row in (2, 3))
    for row, values in ((2, third), (3, second)):
        for column, value in zip("ABC", values, strict=True):
            change(path, f"{column}{row}", f" {value}\n" if column == "B" else value)
    codings = plab.read_coding(path)
    assert codings.attrs["problems"] == []
    assert codings["item_id"].tolist() == key["item_id"].tolist()


def test_a_unit_whose_text_has_changed_since_is_not_used(sheet):
    path, key, units = sheet
    fill(path, all_as_machine(key))
    units.loc[key["item_id"][0], "text"] = "改过的文字。"
    codings = plab.read_coding(path, units=units.drop(key["item_id"][1]))
    said = [p["problem"] for p in codings.attrs["problems"]]
    assert said == ["the text of the unit has changed since the sheet was written", "the unit is not in units any more"]
    assert codings["item_id"].tolist() == key["item_id"].tolist()[2:]


# ---- files that are none


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60 * 2**20)


def entities(path):
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members["xl/workbook.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + members["xl/workbook.xml"].removeprefix(b"<?xml version='1.0'?>")
    with zipfile.ZipFile(path, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)


def without_sheet(path):
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist() if "sheet1" not in name}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (lambda p: p.unlink(), MissingFileError, "does not exist"),
        (lambda p: p.with_name("sheet-key.csv").unlink(), MissingFileError, "the key to 'sheet.xlsx' is missing"),
        (lambda p: p.write_text("编号,编码"), FormatError, r"no \.xlsx workbook"),
        (lambda p: p.write_bytes(p.read_bytes()[:900]), DamagedFileError, "broken"),
        (without_sheet, PolicylabError, r"broken|no sheet"),
        (bomb, UnsafeFileError, "would unpack"),
        (entities, UnsafeFileError, "declares a document type"),
        (lambda p: change(p, "A1", "number"), TableError, "no sheet has the column"),
        (lambda p: change(p, "D1", "编码员1 coder1"), TableError, "two columns bear the name 'coder1'"),
        (lambda p: p.with_name("sheet-key.csv").write_bytes(b"\xff\xfe\x00"), DamagedFileError, "cannot be read"),
        (lambda p: p.with_name("sheet-key.csv").write_text("a,b\n1,2\n"), TableError, "no column 'row_id'"),
    ],
)
def test_files_that_are_missing_damaged_or_unsafe_say_which_and_what_to_do(sheet, spoil, error, said):
    spoil(sheet[0])
    with pytest.raises(error, match=said):
        plab.read_coding(sheet[0])


def test_the_key_of_another_sheet_is_refused(sheet, tmp_path):
    path, _, units = sheet
    plab.coding_sheet(units, tmp_path / "other.xlsx", labels=units_and_labels()[1], n=10, seed=1)
    (tmp_path / "other-key.csv").replace(tmp_path / "sheet-key.csv")
    with pytest.raises(TableError, match="belong to different sheets"):
        plab.read_coding(path)


def test_a_key_whose_chances_were_changed_is_refused(sheet):
    key = sheet[0].with_name("sheet-key.csv")
    frame = pd.read_csv(key, dtype=str, keep_default_na=False)
    frame.loc[0, "chance"] = "1.5"
    frame.to_csv(key, index=False, encoding="utf-8-sig")
    with pytest.raises(TableError, match="a chance is none between 0 and 1"):
        plab.read_coding(sheet[0])


def test_a_workbook_past_the_limit_on_size_is_not_read(sheet, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_BYTES", 100)
    with pytest.raises(UnsafeFileError, match="the limit is 100"):
        plab.read_coding(sheet[0])


# ---- intrusion


def topics(n=5, n_words=8):
    """Topics of eight words each that share none, and texts that are about three of them."""
    names = [f"T{i}" for i in range(n)]
    words = [f"词{i}{j}" for i in range(n) for j in range(n_words)]
    weights = np.zeros((n, len(words)))
    for i in range(n):
        weights[i, i * n_words : (i + 1) * n_words] = np.arange(n_words, 0, -1)
    shares = np.array(
        [[0.6 if t == d % n else 0.3 if t == (d + 1) % n else 0.1 if t == (d + 2) % n else 0 for t in range(n)] for d in range(20)]
    )
    docs = pd.DataFrame({"plan": "甲区-2024"}, index=[f"甲区-2024#{d:03d}" for d in range(20)])
    items = docs.assign(kind="item", part="plan", text=[f"第{d}条措施。" for d in range(20)])
    labels = pd.Series({name: f"主题{name}" for name in names})
    frame = types.SimpleNamespace(terms=pd.DataFrame(weights, index=names, columns=words), labels=labels, docs=docs)
    frame.shares = pd.DataFrame(shares, index=docs.index, columns=names)
    return frame, items


def test_a_word_question_shows_the_five_top_words_and_one_of_another_topic(tmp_path):
    key = plab.intrusion_sheet(topics()[0], tmp_path / "w.xlsx")
    for row in load_workbook(tmp_path / "w.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True):
        known = key.set_index("row_id").loc[row[0]]
        topic, shown = known["item_id"], set(row[1:7])
        assert shown - {known["label"]} == {f"词{topic[1]}{j}" for j in range(5)}
        assert not known["label"].startswith(f"词{topic[1]}")


def test_a_topic_question_shows_the_text_its_three_strongest_topics_and_a_weak_one(tmp_path):
    fitted, items = topics()
    key = plab.intrusion_sheet(fitted, tmp_path / "t.xlsx", task="topics", items=items, n=10)
    for row in load_workbook(tmp_path / "t.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True):
        known = key.set_index("row_id").loc[row[0]]
        share = fitted.shares.loc[known["item_id"]]
        assert row[1] == items.loc[known["item_id"], "text"]
        assert {f"T{option[1]}" for option in row[2:6]} - {f"T{known['label'][1]}"} == set(share.index[share > 0])
        assert known["stratum"] == f"主题{share.idxmax()}"


def test_every_topic_is_asked_about_alike_however_many_texts_it_has(tmp_path):
    fitted, items = topics()
    fitted.shares.iloc[:10] = fitted.shares.iloc[0]  # half of the texts are mainly about the first topic
    key = plab.intrusion_sheet(fitted, tmp_path / "t.xlsx", task="topics", items=items, n=10)
    assert key["stratum"].value_counts().to_dict() == {f"主题T{i}": 2 for i in range(5)}
    assert (1 / key["chance"]).sum() == pytest.approx(20)


def test_right_answers_are_counted_by_topic_against_what_guessing_would_give(tmp_path):
    fitted, items = topics()
    key = plab.intrusion_sheet(fitted, tmp_path / "t.xlsx", task="topics", items=items, n=20)
    answers = all_as_machine(key)
    wrong = key.loc[key["stratum"] == "主题T0"].iloc[0]
    page = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    options = {row[0]: row[2:6] for row in page.iter_rows(min_row=2, values_only=True)}
    answers[wrong["row_id"]] = next(option for option in options[wrong["row_id"]] if option != wrong["label"])
    fill(tmp_path / "t.xlsx", answers)
    scores = plab.intrusion_scores(plab.read_coding(tmp_path / "t.xlsx", units=items)).set_index("topic")
    assert scores.loc["主题T0", ["n_answers", "n_right", "share"]].tolist() == [4, 3, 0.75]
    assert scores.loc["all topics", ["n_right", "by_chance"]].tolist() == [19, 0.25]
    assert scores.loc["主题T1", ["low", "high"]].tolist() == pytest.approx([0.025 ** (1 / 4), 1.0])  # Clopper–Pearson of 4 of 4


def test_an_answer_that_was_no_option_of_its_row_is_not_used(tmp_path):
    key = plab.intrusion_sheet(topics()[0], tmp_path / "w.xlsx")
    fill(tmp_path / "w.xlsx", {key["row_id"][0]: "词99", key["row_id"][1]: key["label"][1]})
    codings = plab.read_coding(tmp_path / "w.xlsx")
    assert (len(codings), codings["n_options"].tolist()) == (1, [6])
    assert "'词99' (coder1) is no category" in codings.attrs["problems"][0]["problem"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"task": "sentences"}, ArgumentError, "'words' or 'topics'"),
        ({"task": "topics"}, ArgumentError, "items=None"),
        ({"n": 9}, ArgumentError, "more than the 5 topics"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(tmp_path, arguments, error, said):
    with pytest.raises(error, match=said):
        plab.intrusion_sheet(topics()[0], tmp_path / "w.xlsx", **arguments)


def test_topics_with_too_few_words_or_fellows_are_refused(tmp_path):
    with pytest.raises(ArgumentError, match="fewer than 5 terms"):
        plab.intrusion_sheet(topics(n_words=4)[0], tmp_path / "w.xlsx")
    fitted, items = topics(n=3)
    with pytest.raises(ArgumentError, match="needs at least 4"):
        plab.intrusion_sheet(fitted, tmp_path / "w.xlsx", task="topics", items=items)


def test_codes_of_a_coding_sheet_have_no_right_answers(sheet):
    path, key, _ = sheet
    fill(path, all_as_machine(key))
    with pytest.raises(FrameError, match="see `agreement`"):
        plab.intrusion_scores(plab.read_coding(path))


def test_the_design_is_kept_in_the_key(sheet):
    design = json.loads(pd.read_csv(sheet[0].with_name("sheet-key.csv"))["design"][0])
    assert (design["n"], design["n_units"], design["seed"], design["categories"]) == (10, 40, 0, sorted(set(LABELS)))


def test_a_column_of_the_coder_s_own_does_not_become_a_coder(sheet):
    path, key, _ = sheet
    fill(path, all_as_machine(key))
    book = load_workbook(path)
    page = book.worksheets[0]
    page.insert_cols(3)
    page.cell(1, 3).value = "初步印象"
    page.cell(2, 3).value = "校舍"
    book.save(path)
    with pytest.raises(TableError, match=r"2 columns of codes .*written for 1"):
        plab.read_coding(path)


@pytest.mark.parametrize(("spoil", "said"), [("head", "column C has entries but no head"), ("column", "0 columns of codes")])
def test_codes_whose_head_is_gone_are_not_lost_in_silence(sheet, spoil, said):
    path, key, _ = sheet
    fill(path, all_as_machine(key))
    book = load_workbook(path)
    if spoil == "head":
        book.worksheets[0].cell(1, 3).value = None
    else:
        book.worksheets[0].delete_cols(3)
    book.save(path)
    with pytest.raises(TableError, match=said):
        plab.read_coding(path)


def test_topics_with_the_same_top_words_cannot_be_asked_about(tmp_path):
    terms = pd.DataFrame(np.eye(5, 30) + 0.01, index=[f"T{k}" for k in range(5)], columns=[f"词{k:02d}" for k in range(30)])
    terms.iloc[1] = terms.iloc[0]
    items = pd.DataFrame(
        {"plan": "甲", "kind": "item", "part": "plan", "text": [f"第{i}件事。" for i in range(6)]}, index=[f"i{i}" for i in range(6)]
    )
    shares = pd.DataFrame(np.full((6, 5), 0.2), index=items.index, columns=terms.index)
    labels = pd.Series(terms.index, index=terms.index)
    topics = types.SimpleNamespace(terms=terms, shares=shares, labels=labels, docs=items[["plan"]])
    with pytest.raises(ArgumentError, match="too much alike to ask"):
        plab.intrusion_sheet(topics, tmp_path / "t.xlsx", task="topics", items=items)
