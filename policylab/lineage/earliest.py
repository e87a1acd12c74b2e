"""Who wrote a phrase first, and who followed after how long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.arguments import whole
from policylab.errors import FrameError
from policylab.items import body
from policylab.lineage.letters import letters
from policylab.lineage.phrases import common_phrases

COLUMNS = {
    "phrase": "str",
    "n_chars": "int64",
    "n_plans": "int64",
    "n_places": "int64",
    "first_plan": "str",
    "first_place": "str",
    "first_date": "str",
    "first_id": "str",
    "tie": "str",
    "n_followers": "int64",
    "followers": "str",
}


def first_uses(
    items: pd.DataFrame,
    *,
    documents: pd.DataFrame | None = None,
    min_chars: int = 12,
    min_plans: int = 2,
    min_places: int = 1,
    parts: Sequence[str] = ("plan", "unknown"),
) -> pd.DataFrame:
    """Say of each phrase that several plans share which plan has it first, and which follow after how long.

    A phrase is a run of letters (punctuation aside, any number as good as another) that stands in the items of several plans and cannot
    grow without losing one of them: a slogan in sixty plans and the sentence around it in three are two rows. Two plans are ordered by
    their dates of issue where both are known, else by their years. First means first among the plans at hand: who wrote it elsewhere
    is not known.

    Parameters
    ----------
    items : DataFrame
        An items frame of several plans.
    documents : DataFrame, optional
        `Plans.documents`, for the dates (`issued`); without it the years of `items` decide.
    min_chars : int
        The least number of letters, at least 4; a number counts as one.
    min_plans, min_places : int
        Phrases in fewer plans (at least 2) or places are left out.
    parts : sequence of str
        Parts of the documents, as in `body`.

    Returns
    -------
    DataFrame
        Phrases of most places, then plans, then letters first: `phrase` (as it stands in the first plan), `n_chars` (letters),
        `n_plans`, `n_places`, `first_plan`, `first_place`, `first_date` (date of issue, or year), `first_id` (the item it stands in
        there), `tie`, `n_followers`, `followers` (plans with their delay, such as ``乙区-2024（51天）``, in days where both dates are
        known, else in years). Where no plan is known to be earlier than all others, `first_plan` and what belongs to it are missing,
        `tie` names those that may be first, and the others follow with no delay given.

    Raises
    ------
    ArgumentError
        If a number is too small.
    FrameError
        If a frame lacks columns.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = ["健全城乡学前教育公共服务体系。", "要健全城乡学前教育公共服务体系。", "健全城乡学前教育公共服务体系，办好运动会。"]
    >>> items = pd.DataFrame({"plan": ["甲区-2023", "乙区-2024", "丙区-2025"], "place": ["甲区", "乙区", "丙区"],
    ...     "year": [2023, 2024, 2025], "kind": "item", "part": "plan", "text": texts}, index=["甲#1", "乙#1", "丙#1"])
    >>> first_uses(items)[["phrase", "n_plans", "first_plan", "followers"]].to_numpy().tolist()
    [['健全城乡学前教育公共服务体系', 3, '甲区-2023', '乙区-2024（1年）、丙区-2025（2年）']]
    """
    whole(min_chars, name="min_chars", least=4)
    whole(min_plans, name="min_plans", least=2)
    whole(min_places, name="min_places")
    units = body(items, parts=parts)
    units = units.iloc[np.argsort(units["plan"].to_numpy(dtype=object), kind="stable")]
    found = letters(units["text"].tolist(), numbers=True)
    facts = plan_facts(units, documents)
    plan = facts.index.get_indexer(units["plan"])
    stands = common_phrases(found, plan, min_chars=min_chars, min_plans=min_plans)
    unit = found.text[stands["first"]]
    stands = stands.assign(unit=unit, plan=plan[unit]).drop_duplicates(["phrase", "plan"]).reset_index(drop=True)
    rows = _dated(stands, facts)
    at = stands.iloc[rows.pop("shown")]
    text, row = units["text"].tolist(), at["unit"].to_numpy()
    spans = zip(row, found.position[at["first"]], found.position[at["last"]], strict=True)
    rows["phrase"] = [text[r][a : b + 1] for r, a, b in spans]
    rows["n_chars"] = (at["last"] - at["first"] + 1).to_numpy()
    rows["first_id"] = pd.Series(units.index[row], dtype="str").where(rows["first_plan"].notna().to_numpy())
    rows = rows[rows["n_places"] >= min_places]
    rows = rows.sort_values(["n_places", "n_plans", "n_chars", "phrase"], ascending=[False, False, False, True], kind="stable")
    return rows[list(COLUMNS)].astype(COLUMNS).reset_index(drop=True)


def plan_facts(units: pd.DataFrame, documents: pd.DataFrame | None) -> pd.DataFrame:
    """Give place, year and day of issue of each plan of the units, in the order of their names."""
    facts = units.drop_duplicates("plan").set_index("plan")[["place", "year"]].sort_index()
    facts["day"] = pd.NaT
    if documents is None:
        return facts
    missing = [c for c in ("plan", "issued", "year") if c not in documents]
    if missing:
        raise FrameError(f"documents has no column {missing[0]}; give `read_plans(folder).documents`.")
    said = documents.drop_duplicates("plan").set_index("plan").reindex(facts.index)
    year = said["year"].astype("Int64").fillna(facts["year"])
    return facts.assign(day=pd.to_datetime(said["issued"], errors="coerce"), year=year)


def _dated(stands: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Give for each phrase what is to be said of its plans, and the row of `stands` where it is shown."""
    earlier, delay = _order(facts)
    names, places = facts.index.tolist(), facts["place"].fillna("").tolist()
    dates = [str(d.date()) if pd.notna(d) else (str(y) if pd.notna(y) else None) for d, y in zip(facts["day"], facts["year"], strict=True)]
    position = pd.to_numeric(facts["day"]).where(facts["day"].notna(), -1).to_numpy()
    year = facts["year"].fillna(0).to_numpy(dtype=np.int64)
    reading = np.lexsort((np.arange(len(names)), position, year)).argsort()  # for the order of followers only
    rows = []
    for _, group in stands.groupby("phrase", sort=True):
        plans = group["plan"].to_numpy()
        before = earlier[np.ix_(plans, plans)]
        first = np.flatnonzero(~before.any(axis=0))
        first = first if len(first) else np.arange(len(plans))
        known = len(first) == 1 and before[first[0]].sum() == len(plans) - 1
        ones, rest = plans[first], np.delete(plans, first)
        rest = rest[np.argsort(reading[rest])]
        lead = int(ones[0])
        rows.append(
            {
                "n_plans": len(plans),
                "n_places": len({places[p] or names[p] for p in plans}),
                "first_plan": names[lead] if known else None,
                "first_place": (places[lead] or None) if known else None,
                "first_date": dates[lead] if known else None,
                "tie": None if known else "、".join(names[p] for p in sorted(ones)),
                "n_followers": len(rest),
                "followers": "、".join(f"{names[p]}（{delay[lead][p]}）" if known else names[p] for p in rest),
                "shown": group.index[first[0]],
            }
        )
    return pd.DataFrame(rows, columns=[*(c for c in COLUMNS if c not in ("phrase", "n_chars", "first_id")), "shown"]).astype({"shown": int})


def _order(facts: pd.DataFrame) -> tuple[np.ndarray, list[list[str]]]:
    """Say which plan is known to be earlier than which, and by how much."""
    day = facts["day"].to_numpy(dtype="datetime64[D]")
    dated = ~np.isnat(day)
    days = np.where(dated, day, np.datetime64(0, "D")).astype(np.int64)
    both = dated[:, None] & dated
    year = facts["year"].fillna(0).to_numpy(dtype=np.int64)
    years = facts["year"].notna().to_numpy()
    years = years[:, None] & years & ~both
    earlier = (both & (days[:, None] < days)) | (years & (year[:, None] < year))
    delay = [[f"{days[j] - days[i]}天" if both[i, j] else f"{year[j] - year[i]}年" for j in range(len(facts))] for i in range(len(facts))]
    return earlier, delay
