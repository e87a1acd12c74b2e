"""The run record: what made a result, in the same words in every run."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from policylab.errors import FrameError
from policylab.provenance import run_record, versions, write_record


@dataclass(frozen=True)
class Cutter:
    stops: tuple = ("的", "了")
    engine: object = field(default=None, repr=False)


class TestSettings:
    def test_values_of_numpy_and_pandas_become_plain_ones(self):
        settings = {
            "n": np.int64(3),
            "share": np.float32(0.5),
            "none": float("nan"),
            "top": float("inf"),
            "on": np.bool_(True),
            "na": pd.NA,
        }
        assert run_record(settings)["settings"] == {"n": 3, "share": 0.5, "none": None, "top": "inf", "on": True, "na": None}

    def test_sets_are_sorted_and_keys_are_text(self):
        assert run_record({2024: {"乙", "甲", "丙"}})["settings"] == {"2024": sorted(["甲", "乙", "丙"])}

    @pytest.mark.parametrize("path", ["/home/someone/plans/lexicon.csv", "C:\\Users\\someone\\lexicon.csv", Path("/data/lexicon.csv")])
    def test_of_an_absolute_path_only_the_name_is_kept(self, path):
        assert run_record({"lexicon": path})["settings"] == {"lexicon": "lexicon.csv"}

    def test_other_texts_stay(self):
        assert run_record({"stop": "/", "unit": "block", "folder": "plans/2024"})["settings"] == {
            "stop": "/",
            "unit": "block",
            "folder": "plans/2024",
        }

    def test_a_dataclass_is_recorded_by_what_it_shows_and_a_function_by_its_name(self):
        assert run_record({"words": Cutter(), "rule": len})["settings"] == {
            "words": {"kind": "Cutter", "stops": ["的", "了"]},
            "rule": "len",
        }

    def test_a_frame_is_recorded_by_shape_and_digest_and_another_one_differs(self):
        one, two = (run_record({"lexicon": pd.DataFrame({"term": [t]})})["settings"]["lexicon"] for t in ("双减", "托育"))
        assert one["shape"] == [1, 1]
        assert one["sha256"] != two["sha256"]

    def test_what_has_no_value_of_its_own_leaves_no_address_in_memory(self):
        assert run_record({"model": object()})["settings"] == {"model": "object"}


class TestSources:
    def test_several_plans_of_one_file_are_one_source(self):
        documents = pd.DataFrame({"source": ["b.csv", "b.csv", "a.txt"], "sha256": ["2", "2", "1"]})
        assert run_record(sources=documents)["sources"] == [{"sha256": "1", "source": "a.txt"}, {"sha256": "2", "source": "b.csv"}]

    def test_plans_may_be_handed_in_whole(self):
        class Plans:
            documents = pd.DataFrame({"source": ["a.txt"], "sha256": ["1"]})

        assert run_record(sources=Plans())["sources"] == [{"sha256": "1", "source": "a.txt"}]

    def test_a_frame_without_digests_is_refused(self):
        with pytest.raises(FrameError, match="sha256"):
            run_record(sources=pd.DataFrame({"source": ["a.txt"]}))


class TestRecord:
    def test_versions_name_python_the_package_and_what_it_needs(self):
        assert {"python", "policylab", "pandas", "jieba"} <= set(versions())

    def test_it_is_written_beside_the_file_sorted_and_readable(self, tmp_path):
        path = write_record(run_record({"b": 1, "a": "修路"}, seed=0), tmp_path / "topics.png")
        text = path.read_text(encoding="utf-8")
        assert path.name == "topics.png.json"
        assert '"a": "修路",\n    "b": 1' in text
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
