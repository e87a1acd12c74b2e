"""The network around one term."""

import networkx as nx
import pytest

from policylab.errors import ArgumentError
from policylab.networks import ego_network


@pytest.fixture
def graph():
    graph = nx.Graph(measure="npmi", isolates=0.5)
    graph.add_node("体育", n_items=3)
    graph.add_edge("体育", "美育", weight=0.9, support=0.8)
    graph.add_edge("体育", "劳动教育", weight=0.5)
    graph.add_edge("美育", "劳动教育", weight=0.4)
    graph.add_edge("劳动教育", "实践", weight=0.3)
    graph.add_edge("实践", "食堂", weight=0.2)
    return graph


def test_it_holds_the_neighbours_and_the_ties_among_them_with_all_that_was_known(graph):
    around = ego_network(graph, term="体育")
    assert list(around.edges) == [("体育", "劳动教育"), ("体育", "美育"), ("劳动教育", "美育")]
    assert around.edges["体育", "美育"] == {"weight": 0.9, "support": 0.8}
    assert around.nodes["体育"] == {"n_items": 3}
    assert around.graph == {"measure": "npmi", "ego": "体育", "radius": 1}  # the share of isolates was that of the whole


def test_with_radius_2_it_holds_the_neighbours_of_neighbours_too(graph):
    assert sorted(ego_network(graph, term="体育", radius=2)) == ["体育", "劳动教育", "实践", "美育"]


def test_the_network_itself_stays_as_it_was(graph):
    before = dict(graph.graph)
    ego_network(graph, term="体育")
    assert graph.graph == before


@pytest.mark.parametrize(("term", "near"), [("劳动", "劳动教育"), ("体育课", "体育"), ("美術教育", "劳动教育")])
def test_of_an_unknown_term_the_error_names_what_is_like_it(graph, term, near):
    with pytest.raises(ArgumentError, match=f"term='{term}'.*{near}"):
        ego_network(graph, term=term)


def test_where_nothing_is_like_it_the_error_says_where_to_look(graph):
    with pytest.raises(ArgumentError, match=r"sorted\(graph\)"):
        ego_network(graph, term="xyz")


def test_a_radius_below_1_is_refused(graph):
    with pytest.raises(ArgumentError, match="radius=0"):
        ego_network(graph, term="体育", radius=0)
