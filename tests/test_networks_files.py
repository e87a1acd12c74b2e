"""Networks written for other programs are the same graph when opened again."""

import csv

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from policylab.errors import ArgumentError
from policylab.networks import write_network
from policylab.spreadsheets import unguarded


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


def test_pajek_reads_back_with_its_counts_communities_and_support(graph, tmp_path):
    net, vector, partition, support = write_network(graph, tmp_path / "net.net")
    assert edges(nx.Graph(nx.read_pajek(net)), "weight") == edges(graph, "weight")
    assert sorted(nx.read_pajek(net)) == sorted(graph)
    assert vector.read_text(encoding="utf-8").split("\n") == ["*Vertices 3", "3", "2", "1", ""]
    assert partition.read_text(encoding="utf-8").split("\n") == ["*Vertices 3", "1", "1", "1", ""]
    assert [data["weight"] for *_, data in nx.read_pajek(support).edges(data=True)] == [0.875]
    assert [file.name for file in (vector, partition, support)] == ["net.vec", "net.clu", "net-support.net"]


def test_pajek_opens_at_the_places_given_its_page_running_downwards(graph, tmp_path):
    net, *_ = write_network(graph, tmp_path / "net.net", positions={"体育": (0.0, 0.0), "美育 课程": (1.5, 1.0), "食堂": (1.5, 0.0)})
    nodes = nx.read_pajek(net).nodes
    assert [(nodes[v]["x"], nodes[v]["y"]) for v in ("体育", "美育 课程", "食堂")] == [(0.0, 1.0), (1.0, 0.3333), (1.0, 1.0)]


def test_no_quote_or_backslash_in_a_label_breaks_pajeks_lines(tmp_path):
    graph = nx.Graph([('“双减”"', "a\\"), ("a\\", "it's")])
    net, _ = write_network(graph, tmp_path / "net.net")
    assert sorted(nx.read_pajek(net)) == sorted(["“双减”＂", "a＼", "it's"])


def test_vosviewer_gets_a_map_and_a_network_file_as_its_manual_describes(graph, tmp_path):
    items, links = write_network(graph, tmp_path / "net.txt", positions=dict.fromkeys(graph, (0.5, 0.25)))
    rows = table(items, delimiter="\t")
    head = [
        "id",
        "label",
        "x",
        "y",
        "cluster",
        "weight<Occurrences>",
        "weight<Links>",
        "weight<Total link strength>",
        "score<Mean support>",
    ]
    assert list(rows[0]) == head
    assert [list(row.values()) for row in rows] == [
        ["1", "体育", "0.5", "0.25", "1", "3", "1", "0.333333333", "0.875"],
        ["2", "美育 课程", "0.5", "0.25", "1", "2", "1", "0.333333333", "0.875"],
        ["3", "食堂", "0.5", "0.25", "1", "1", "0", "0", ""],
    ]
    assert links.read_text(encoding="utf-8") == f"1\t2\t{1 / 3!r}\n"


def test_vosviewer_reads_back_as_the_same_graph_whatever_is_in_its_labels(graph, tmp_path):
    graph.add_edge('减负,增效;"双减"', "制表\t符", weight=0.25)
    items, links = write_network(graph, tmp_path / "net.txt")
    label = {row["id"]: row["label"] for row in table(items, delimiter="\t")}
    again = nx.Graph()
    again.add_nodes_from(label.values())
    for line in links.read_text(encoding="utf-8").splitlines():
        a, b, weight = line.split("\t")
        again.add_edge(label[a], label[b], weight=float(weight))
    assert sorted(again) == sorted(v.replace("\t", " ") for v in graph)
    assert edges(again, "weight") == edges(nx.relabel_nodes(graph, {"制表\t符": "制表 符"}), "weight")
    assert '"减负,增效;""双减"""' in items.read_text(encoding="utf-8")  # the manual asks for quotes around commas and semicolons


def test_communities_go_along_without_being_set_as_attributes(graph, tmp_path):
    groups = pd.Series({"体育": 2, "美育 课程": 2, "食堂": 1})
    assert (
        dict(nx.read_graphml(write_network(graph, tmp_path / "n.graphml", communities=groups)[0]).nodes(data="community"))
        == groups.to_dict()
    )
    assert dict(nx.read_gexf(write_network(graph, tmp_path / "n.gexf", communities=groups)[0]).nodes(data="community")) == groups.to_dict()
    assert [r["cluster"] for r in table(write_network(graph, tmp_path / "n.txt", communities=groups)[0], delimiter="\t")] == ["2", "2", "1"]
    assert [r["community"] for r in table(write_network(graph, tmp_path / "n.csv", communities=groups)[1])] == ["2", "2", "1"]
    assert {v: d["community"] for v, d in graph.nodes(data=True)} == dict.fromkeys(graph, 1)  # the graph itself stays as it was


def test_named_communities_are_numbered_the_largest_first_and_described(graph, tmp_path):
    names = {"体育": "食堂与营养", "美育 课程": "五育并举", "食堂": "食堂与营养"}
    rows = table(write_network(graph, tmp_path / "n.txt", communities=names)[0], delimiter="\t")
    assert [(r["description"], r["cluster"]) for r in rows] == [("食堂与营养", "1"), ("五育并举", "2"), ("食堂与营养", "1")]


def test_gephi_opens_at_the_places_given(graph, tmp_path):
    places = {v: (0.5 * i, 0.25) for i, v in enumerate(graph)}
    again = nx.read_gexf(write_network(graph, tmp_path / "n.gexf", positions=places)[0])
    assert {v: (d["viz"]["position"]["x"], d["viz"]["position"]["y"]) for v, d in again.nodes(data=True)} == places
    again = nx.read_graphml(write_network(graph, tmp_path / "n.graphml", positions=places)[0])
    assert {v: (d["x"], d["y"]) for v, d in again.nodes(data=True)} == places


def test_csv_reads_back_as_the_same_graph(graph, tmp_path):
    graph.add_edge("=1+1", "体育", weight=1e-7, n_together=1, support=1.0)
    ties, nodes = write_network(graph, tmp_path / "net.csv")
    again = nx.Graph()
    for row in table(nodes):
        again.add_node(unguarded(row["node"]))
    for row in table(ties):
        again.add_edge(
            unguarded(row["a"]),
            unguarded(row["b"]),
            **{k: float(row[k]) for k in ("weight", "support")},
            n_together=int(row["n_together"]),
        )
    assert sorted(again) == sorted(graph)
    assert edges(again, "weight", "support", "n_together") == edges(graph, "weight", "support", "n_together")


@pytest.mark.parametrize("name", ["net.graphml", "net.gexf", "net.net", "net.txt", "net.csv"])
def test_missing_values_lists_and_numpy_numbers_break_no_format(name, graph, tmp_path):
    graph.graph |= {"resampled": None, "targets": ["甲区", "乙区"]}
    graph.nodes["体育"].update(community=None, top=["甲", "乙"], score=np.float64(0.5), seen={"b", "a"})
    graph.nodes["食堂"].update(score=1, first=pd.NA)
    graph.edges["体育", "美育 课程"].update(support=float("nan"), n_together=np.int64(2))
    write_network(graph, tmp_path / name)
    again = nx.read_graphml(write_network(graph, tmp_path / "again.graphml")[0])
    assert again.nodes["体育"] == {"n_items": 3, "top": '["甲", "乙"]', "score": 0.5, "seen": '["a", "b"]'}
    assert again.nodes["食堂"] == {"n_items": 1, "community": 1, "score": 1.0}
    assert again.edges["体育", "美育 课程"] == {"weight": 1 / 3, "n_together": 2}
    assert again.graph["targets"] == '["甲区", "乙区"]'
    assert "resampled" not in again.graph


def test_what_no_file_holds_is_refused_by_name(graph, tmp_path):
    graph.nodes["体育"]["model"] = object()
    with pytest.raises(ArgumentError, match=r"体育.*'model' is a object"):
        write_network(graph, tmp_path / "net.graphml")


def test_a_directed_graph_and_two_nodes_of_one_name_are_refused(tmp_path):
    with pytest.raises(ArgumentError, match="DiGraph"):
        write_network(nx.DiGraph([("甲", "乙")]), tmp_path / "net.graphml")
    with pytest.raises(ArgumentError, match="called '1'"):
        write_network(nx.Graph([(1, "1")]), tmp_path / "net.graphml")
    assert list(tmp_path.iterdir()) == []


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
