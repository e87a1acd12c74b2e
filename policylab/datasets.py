"""The plans that come with policylab: the Jing'an plan of 2024, and the demo panel with its planted truth (虚构示例)."""

from __future__ import annotations

import pandas as pd

from policylab.plans import Plans, read_plans
from policylab.resources import data_folder
from policylab.simulate.tables import read_truth

_METADATA = "metadata.csv"
_DEMO = "demo/"


def load_jingan_2024() -> Plans:
    """Read 静安区教育局2024年工作要点, the first document of this project: 7 sections, 37 numbered items.

    Returns
    -------
    Plans
        One document; place 静安区, year 2024.

    Examples
    --------
    >>> plans = load_jingan_2024()
    >>> plans.documents[["place", "year", "n_sections", "n_items"]].values.tolist()
    [['静安区', 2024, 7, 37]]
    """
    rows = _metadata()
    return read_plans([data_folder() / "jingan-2024.txt"], metadata=rows[rows["source"] == "jingan-2024.txt"])


def load_demo() -> Plans:
    """Read the demo panel: yearly plans of the fictional 云澜市 and four districts, 2020 to 2024 (虚构示例).

    Returns
    -------
    Plans
        25 documents. `load_demo_truth` gives what was planted in them.

    Examples
    --------
    >>> plans = load_demo()
    >>> sorted(set(plans.documents["place"]))
    ['临渚区', '云澜市', '望溪区', '栖梧区', '鹭汀区']
    """
    rows = _metadata()
    rows = rows[rows["source"].str.startswith(_DEMO)]
    return read_plans(data_folder() / "demo", metadata=rows.assign(source=rows["source"].str.removeprefix(_DEMO)))


def load_demo_truth() -> dict[str, pd.DataFrame]:
    """Read what was planted in the demo panel, as tables that join its items by `item_id`.

    Returns
    -------
    dict of DataFrame
        `items` (theme and lineage of each item), `lineage` (what became of each from year to year), `origins` (what districts took
        from the city's plans), `shares` and `trends` (how much of each plan its themes take), `ladder` (objects that climb 探索 →
        试点 → 推进 → 深化). data/README.md describes every column.

    Examples
    --------
    >>> truth = load_demo_truth()
    >>> sorted(truth["lineage"]["status"].unique())
    ['dropped', 'kept', 'merged', 'new', 'revised', 'split']
    """
    return read_truth(data_folder() / "demo-truth")


def _metadata() -> pd.DataFrame:
    return pd.read_csv(data_folder() / _METADATA, dtype="str", keep_default_na=False, encoding="utf-8-sig")
