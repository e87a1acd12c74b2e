"""Measures of networks against the papers that they come from: published limits, published examples, and formulas worked by hand."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from policylab.matrix import TermMatrix
from policylab.networks import cooccurrence, theme_map
from policylab.networks.measures import measure_named
from policylab.networks.overlaps import shared


def weight(measure, *, both, a, b, n):
    """The measure's value for two words that stand in a and b of n windows, in `both` of them together; chance is a · b / n."""
    numbers = (np.array([float(x)]) for x in (both, a, b, n, a * b / n))
    return float(measure_named(measure)(*numbers)[0])


class TestNpmi:
    """Bouma (2009), Normalized (pointwise) mutual information in collocation extraction: i_n = ln(p(x,y) / p(x) p(y)) / -ln p(x,y)."""

    def test_it_is_1_for_words_that_occur_only_together_however_rare_they_are(self):
        assert weight("npmi", both=7, a=7, b=7, n=1000) == pytest.approx(1)
        assert weight("npmi", both=500, a=500, b=500, n=1000) == pytest.approx(1)
        assert weight("npmi", both=10, a=10, b=10, n=10) == 1  # the limit: both in every window

    def test_it_is_0_for_words_that_are_independent(self):
        assert weight("npmi", both=20, a=100, b=200, n=1000) == pytest.approx(0)  # .02 = .1 · .2

    def test_it_is_minus_1_for_words_that_never_meet(self):
        assert weight("npmi", both=0, a=100, b=200, n=1000) == -1

    def test_a_number_worked_by_hand(self):
        # p(x) = 1/4, p(y) = 1/2, p(x,y) = 1/4: ln 2 / ln 4 = 1/2
        assert weight("npmi", both=4, a=4, b=8, n=16) == pytest.approx(1 / 2)
        # p(x) = p(y) = 1/2, p(x,y) = 1/8: ln(1/2) / ln 8 = -1/3
        assert weight("npmi", both=2, a=8, b=8, n=16) == pytest.approx(-1 / 3)


class TestOverlapOfTwoWords:
    def test_jaccard_is_both_over_either(self):
        # Jaccard (1912): of 12 and 9 windows 6 are common; 12 + 9 - 6 = 15 hold either
        assert weight("jaccard", both=6, a=12, b=9, n=50) == pytest.approx(6 / 15)

    def test_cosine_is_the_angle_of_the_two_columns(self):
        # Ochiai (1957), Salton & McGill (1983): 4 / √(16 · 4) = 1/2, and numpy's own angle
        assert weight("cosine", both=4, a=16, b=4, n=50) == pytest.approx(1 / 2)
        x, y = np.repeat([1, 0], [16, 34]), np.repeat([1, 0], [4, 46])
        assert weight("cosine", both=4, a=16, b=4, n=50) == pytest.approx(x @ y / np.linalg.norm(x) / np.linalg.norm(y))

    def test_equivalence_is_the_product_of_either_words_chances_to_bring_the_other(self):
        # Callon, Courtial & Laville (1991): E = C_ij² / (C_i · C_j) = (C_ij / C_i) · (C_ij / C_j); 10² / (20 · 50) = .5 · .2
        assert weight("equivalence", both=10, a=20, b=50, n=400) == pytest.approx(0.5 * 0.2)
        assert weight("equivalence", both=20, a=20, b=20, n=400) == 1  # always together
        assert weight("equivalence", both=10, a=20, b=50, n=9999) == pytest.approx(0.1)  # windows with neither say nothing

    def test_association_strength_is_proportional_to_seen_over_expected(self):
        # van Eck & Waltman (2009): S_A = c_ij / (s_i · s_j); times the number of windows it is seen over expected: 10 / (20 · 50 / 400) = 4
        found = weight("association", both=10, a=20, b=50, n=400)
        assert found == pytest.approx(10 / 1000)
        assert found * 400 == pytest.approx(10 / 2.5)

    def test_how_the_four_hang_together_for_any_two_words(self):
        # van Eck & Waltman (2009) on direct measures: the cosine is √E, the Jaccard index never exceeds the cosine, and for words of
        # one frequency s the cosine is s times the association strength
        rng = np.random.default_rng(0)
        for a, b in rng.integers(1, 60, size=(50, 2)):
            both = rng.integers(0, min(a, b) + 1)
            cosine = weight("cosine", both=both, a=a, b=b, n=100)
            assert weight("equivalence", both=both, a=a, b=b, n=100) == pytest.approx(cosine**2)
            assert weight("jaccard", both=both, a=a, b=b, n=100) <= cosine + 1e-12
            assert a * weight("association", both=both, a=a, b=a, n=100) == pytest.approx(weight("cosine", both=both, a=a, b=a, n=100))


class TestStrategicDiagram:
    """Callon, Courtial & Laville (1991): centrality 10 · Σ e_kh over ties to other themes, density 100 · Σ e_ij / w over inner ties."""

    def test_a_theme_of_three_keywords_by_hand_from_items_to_the_map(self):
        # 16 items. 体育, 美育, 劳动 together in 4; 食堂, 营养 together in 4; 体育 and 食堂 in 2 more. Windows with each:
        # 体育 6, 美育 4, 劳动 4, 食堂 6, 营养 4. E: 体育–美育 and 体育–劳动 16 / 24 = 2/3, 美育–劳动 1, 食堂–营养 16 / 24, 体育–食堂 4 / 36.
        rows = [[1, 1, 1, 0, 0]] * 4 + [[0, 0, 0, 1, 1]] * 4 + [[1, 0, 0, 1, 0]] * 2 + [[0] * 5] * 6
        docs = pd.DataFrame({"plan": "甲"}, index=[f"i{n}" for n in range(16)])
        graph = cooccurrence(TermMatrix(rows, docs, ["体育", "美育", "劳动", "食堂", "营养"]), measure="equivalence", unit="item")
        groups = pd.Series({"体育": 1, "美育": 1, "劳动": 1, "食堂": 2, "营养": 2})
        found = theme_map(graph, communities=groups).set_index("theme")
        assert found["centrality"].to_dict() == pytest.approx({1: 10 * 4 / 36, 2: 10 * 4 / 36})
        assert found["density"].to_dict() == pytest.approx({1: 100 * (2 / 3 + 2 / 3 + 1) / 3, 2: 100 * (2 / 3) / 2})

    def test_centrality_is_a_sum_and_grows_with_the_terms_of_a_theme_while_density_is_a_mean(self):
        graph = nx.Graph()
        graph.add_edges_from((f"a{i}", f"a{(i + 1) % 6}", {"weight": 0.5}) for i in range(6))  # a ring of six, a ring of three
        graph.add_edges_from((f"b{i}", f"b{(i + 1) % 3}", {"weight": 0.5}) for i in range(3))
        graph.add_edges_from((f"a{i}", f"c{i}", {"weight": 0.1}) for i in range(6))  # each term with one weak tie outside
        graph.add_edges_from((f"b{i}", f"c{i}", {"weight": 0.1}) for i in range(3))
        found = theme_map(graph, communities=pd.Series({v: v[0] for v in graph})).set_index("theme")
        assert found.loc["a", "centrality"] == pytest.approx(2 * found.loc["b", "centrality"])
        assert found.loc["a", "density"] == pytest.approx(found.loc["b", "density"])


def test_the_inclusion_index_is_the_share_of_the_smaller_theme():
    # Cobo, López-Herrera, Herrera-Viedma & Herrera (2011): #(U ∩ V) / min(#U, #V). It is 1 where one theme lies within the other,
    # as 3 terms of 3 do within 8; the Jaccard index of these is 3/8 only.
    eight, three = np.repeat([1.0, 0.0], [8, 4])[None, :], np.repeat([0.0, 1.0, 0.0], [5, 3, 4])[None, :]
    n, inclusion, jaccard = shared(eight, three)
    assert (n.item(), inclusion.item(), jaccard.item()) == (3, 1, 3 / 8)
    half = np.repeat([0.0, 1.0, 0.0], [7, 2, 3])[None, :]  # one term of two
    assert shared(eight, half)[1].item() == pytest.approx(1 / 2)


def test_loglikelihood_is_the_g_test_of_a_statistics_library():
    from scipy.stats import chi2_contingency

    # Dunning (1993): -2 log λ of the two-by-two table, here [[10, 10], [40, 340]]
    g2 = chi2_contingency([[10, 10], [40, 340]], correction=False, lambda_="log-likelihood").statistic
    assert weight("loglikelihood", both=10, a=20, b=50, n=400) == pytest.approx(g2)
    assert math.copysign(1, weight("loglikelihood", both=1, a=20, b=50, n=400)) == -1  # 2.5 by chance
