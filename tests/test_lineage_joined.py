"""Ledgers joined end to end, statuses that are none, and origins of other items: nothing is lost or counted in silence."""

import pandas as pd
import pytest
from test_lineage_ledger import NEW, OLD, TRUTH, plan

from policylab.errors import FrameError
from policylab.lineage import drop_copied, item_chains, item_ledger, origins, turnover

COUNTS = ["n_before", "n_after", "n_kept", "n_new", "n_dropped"]


def ledger(series="工作要点", place="甲区", years=(2023, 2024)):
    """A ledger of the hand-made plans; ids are those of 甲区-2023 and 甲区-2024 whatever the series, place and years."""
    made = item_ledger(pd.concat([plan(OLD, 2023), plan(NEW, 2024)]))
    return made.assign(series=series, place=place, year_before=years[0], year_after=years[1])


@pytest.mark.parametrize("other", [{"series": "工作报告"}, {"place": "乙区"}])
def test_series_read_each_by_itself_lose_no_item_where_their_ids_are_the_same(other):
    alone, both = turnover(ledger()), turnover(pd.concat([ledger(), ledger(**other)]))
    assert both[COUNTS].to_numpy().tolist() == [[2 * n for n in alone.iloc[0][COUNTS]]]
    chains = item_chains(pd.concat([ledger(), ledger(**other)]))
    assert len(chains) == 2 * 19
    assert chains["chain"].nunique() == 2 * item_chains(ledger())["chain"].nunique()
    assert (chains.groupby("chain")[["series", "place"]].nunique() == 1).all(axis=None)


def test_years_read_each_by_itself_lose_no_item_where_their_ids_are_the_same():
    both = turnover(pd.concat([ledger(), ledger(years=(2024, 2025))]))
    assert both[["year", *COUNTS]].to_numpy().tolist() == [[2024, 10, 9, 2, 2, 3], [2025, 10, 9, 2, 2, 3]]
    assert len(item_chains(pd.concat([ledger(), ledger(years=(2024, 2025))]))) == 2 * 19


def test_origins_that_may_mean_items_of_either_series_are_refused():
    copied = pd.DataFrame({"item_id": ["甲区-2024#001"], "origin": "copied"})
    assert turnover(ledger(), origins=copied)["n_after"].tolist() == [8]
    with pytest.raises(FrameError, match="'甲区-2024#001' copied, which several series"):
        turnover(pd.concat([ledger(), ledger("工作报告")]), origins=copied)


@pytest.mark.parametrize("count", [turnover, item_chains])
@pytest.mark.parametrize(("status", "said"), [(None, "no status"), ("Kept", "the status 'Kept'"), ("first", "the status 'first'")])
def test_a_status_that_is_missing_or_unknown_is_refused_with_what_is_allowed(count, status, said):
    wrong = ledger().astype({"status": object})
    wrong.loc[4, "status"] = status
    with pytest.raises(
        FrameError, match=rf"{said} in the row '甲区-2023#005→'; allowed are kept, revised, split, merged, review, new, dropped"
    ):
        count(wrong)


def test_origins_of_other_items_are_refused_but_not_those_of_nothing():
    others = pd.DataFrame({"item_id": ["丙区-2024#001"], "origin": "copied"})
    with pytest.raises(FrameError, match="origins has none of the ledger's items, such as '甲区-2023#001'"):
        turnover(ledger(), origins=others)
    assert turnover(ledger(), origins=others.iloc[:0])[COUNTS].equals(turnover(ledger())[COUNTS])
    assert turnover(ledger().iloc[:0], origins=others).empty


def numbered(items):
    return items.reset_index(drop=True)  # ids that are whole numbers


def test_ids_that_are_numbers_or_a_column_are_the_same_ids_everywhere():
    above = plan({"一": OLD["一"]}, 2023, place="市", series="市")
    items = numbered(pd.concat([above, plan(OLD, 2023), plan(NEW, 2024)]))
    found = origins(items, upstream="市-2023")
    left = drop_copied(items, found)
    gone = [5, 6, 7, 8, 9, 15, 16]  # the first section of 2023, and of 2024 the two of which only numbers are new
    assert not left.index.isin(gone).any()
    assert left.index[:10].tolist() == [*range(5), *range(10, 15)]
    as_column = items.assign(item_id=[f"条{i}" for i in items.index])
    named = origins(as_column, upstream="市-2023")
    assert drop_copied(as_column, named).index.tolist() == left.index.tolist()
    assert drop_copied(as_column, named.set_index("item_id")).index.tolist() == left.index.tolist()
    assert turnover(item_ledger(items), origins=found)["n_before"].tolist() == [5]
    assert len(TRUTH) == len(item_ledger(items))
