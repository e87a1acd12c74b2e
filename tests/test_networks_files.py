"""Networks written for other programs are the same graph when opened again."""

import csv

import networkx as nx
import pytest

from policylab.errors import ArgumentError
from policylab.networks import write_network


@pytest.fixture
def graph():
    graph = nx.Graph(measure="npmi", unit="both")
    for term, n_items in (("体育", 3), ("美育 课程", 2), ("食堂", 1)):
        graph.add_node(term, n_items=n_items, community=1)
    graph.add_edge("体育", "美育 课程", weight=1 / 3, n_together=2, support=0.875)
    return graph


def table(file, **settings):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, **settings))


def edges(graph, *names):
    return sorted((*sorted((a, b)), *(data[n] for n in names)) for a, b, data in graph.edges(data=True))


def test_graphml_keeps_everything(graph, tmp_path):
    [file] = write_network(graph, tmp_path / "net.graphml")
    again = nx.read_graphml(file)
    assert nx.utils.nodes_equal(again.nodes(data=True), graph.nodes(data=True))
    assert nx.utils.edges_equal(again.edges(data=True), graph.edges(data=True))
    assert again.graph["measure"] == "npmi"


def test_gexf_keeps_names_counts_and_support_and_no_date(graph, tmp_path):
    [file] = write_network(graph, tmp_path / "net.gexf")
    again = nx.read_gexf(file)
    assert edges(again, "weight", "n_together", "support") == edges(graph, "weight", "n_together", "support")
    assert dict(again.nodes(data="n_items")) == dict(graph.nodes(data="n_items"))
    assert "modified" not in file.read_text(encoding="utf-8")


def test_pajek_reads_back_with_its_vector_of_counts(graph, tmp_path):
    net, vector = write_network(graph, tmp_path / "net.net")
    again = nx.Graph(nx.read_pajek(net))
    assert edges(again, "weight") == edges(graph, "weight")
    assert sorted(again) == sorted(graph)
    assert vector.read_text(encoding="utf-8").split("\n") == ["*Vertices 3", "3", "2", "1", ""]


def test_vosviewer_gets_a_map_and_a_network_file_as_its_manual_describes(graph, tmp_path):
    items, links = write_network(graph, tmp_path / "net.txt")
    rows = table(items, delimiter="\t")
    assert [list(row.values()) for row in rows] == [
        ["1", "体育", "1", "3", "1"],
        ["2", "美育 课程", "1", "2", "1"],
        ["3", "食堂", "1", "1", "0"],
    ]
    assert list(rows[0]) == ["id", "label", "cluster", "weight<Occurrences>", "weight<Links>"]
    assert links.read_text(encoding="utf-8") == f"1\t2\t{1 / 3!r}\n"


def test_csv_has_edges_and_beside_them_nodes_and_no_label_runs_as_a_formula(graph, tmp_path):
    graph.add_node("=1+1", n_items=1, community=2)
    ties, nodes = write_network(graph, tmp_path / "net.csv")
    [edge] = table(ties)
    assert edge == {"a": "体育", "b": "美育 课程", "n_together": "2", "support": "0.875", "weight": repr(1 / 3)}
    assert [row["node"] for row in table(nodes)] == ["'=1+1", "体育", "美育 课程", "食堂"]


@pytest.mark.parametrize("name", ["net.graphml", "net.gexf", "net.net", "net.txt", "net.csv"])
def test_the_order_of_the_graph_shows_in_no_file(name, graph, tmp_path):
    turned = nx.Graph(**graph.graph)
    turned.add_nodes_from(list(graph.nodes(data=True))[::-1])
    turned.add_edges_from((b, a, data) for a, b, data in graph.edges(data=True))
    first = [f.read_bytes() for f in write_network(graph, tmp_path / "one" / name)]
    assert [f.read_bytes() for f in write_network(turned, tmp_path / "two" / name)] == first


def test_an_unknown_suffix_is_refused_with_those_there_are(graph, tmp_path):
    with pytest.raises(ArgumentError, match=r"\.graphml"):
        write_network(graph, tmp_path / "net.gml")
