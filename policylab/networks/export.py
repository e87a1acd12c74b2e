"""Networks to files that other programs open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.networks.plain import plain_graph
from policylab.spreadsheets import csv_bytes

SUFFIXES = (".graphml", ".gexf", ".net", ".txt", ".csv")
Files = dict[Path, str]


def write_network(
    graph: nx.Graph,
    path: str | Path,
    *,
    communities: pd.Series | Mapping[str, Any] | None = None,
    positions: Mapping[str, tuple[float, float]] | None = None,
) -> list[Path]:
    """Write a network: GraphML, GEXF, Pajek (.net), VOSviewer (.txt: a map and a network file) or CSV (edges, and nodes beside them).

    Parameters
    ----------
    graph : networkx.Graph
        Attributes of nodes and edges go along: all of them in GraphML, GEXF and CSV. Pajek's format holds one number for each tie or
        node: `weight` stands in the .net, `support` as the weight of the same network in ``-support.net``, `n_items` in a vector (.vec),
        communities in a partition (.clu). VOSviewer's map holds `n_items`, the ties, their weight and their mean support; its network
        file holds `weight`. A missing value (None, NaN) is left out, a list or dict written as JSON.
    path : str or Path
        The suffix says which format.
    communities : Series or mapping, optional
        Node → community, a number as `communities` returns it or a name; without it the nodes' attribute `community`. Pajek and VOSviewer
        take numbers only: names are numbered, the largest first, and VOSviewer shows them as descriptions.
    positions : mapping, optional
        Node → (x, y), as `network_layout` gives it, so that the other program starts from the same map.

    Returns
    -------
    list of Path
        The files written, in UTF-8, the same bytes whatever the order of the graph.

    Raises
    ------
    ArgumentError
        If the suffix is unknown, the graph is directed or has parallel edges, two nodes have one name, or an attribute cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> graph = nx.Graph()
    >>> graph.add_edge("体育", "美育", weight=0.5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file] = write_network(graph, Path(folder) / "a.graphml")
    ...     list(nx.read_graphml(file).edges(data=True))
    [('体育', '美育', {'weight': 0.5})]
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise ArgumentError(f"path={str(path)!r}: allowed suffixes are {', '.join(SUFFIXES)}.")
    plain = plain_graph(graph, communities=communities, positions=positions)
    writers: dict[str, Callable[[nx.Graph, Path], Files]] = {
        ".graphml": _graphml,
        ".gexf": _gexf,
        ".net": _pajek,
        ".txt": _vosviewer,
        ".csv": _tables,
    }
    files = writers[path.suffix.lower()](plain, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        file.write_bytes(text.encode("utf-8"))
    return list(files)


def _graphml(graph: nx.Graph, path: Path) -> Files:
    return {path: '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(nx.generate_graphml(graph)) + "\n"}


def _gexf(graph: nx.Graph, path: Path) -> Files:
    """Write places as Gephi's own, and leave out the network's settings, for which the format has no room, and the day of writing."""
    bare = nx.Graph()
    for v, data in graph.nodes(data=True):
        place = {"viz": {"position": {"x": data["x"], "y": data["y"], "z": 0.0}}} if "x" in data else {}
        bare.add_node(v, **{k: value for k, value in data.items() if k not in ("x", "y")}, **place)
    bare.add_edges_from(graph.edges(data=True))
    text = "\n".join(nx.generate_gexf(bare))
    return {path: re.sub(r'\s*lastmodifieddate="[^"]*"', "", text) + "\n"}


def _pajek(graph: nx.Graph, path: Path) -> Files:
    number = {v: i for i, v in enumerate(graph, start=1)}
    places = {v: (data["x"], data["y"]) for v, data in graph.nodes(data=True) if "x" in data}
    at = {v: f" {x:.4f} {y:.4f} 0.5000" for v, (x, y) in _on_pajeks_page(places).items()}
    head = [f"*Vertices {len(number)}"]
    vertices = [*head, *(f'{i} "{_unquoted(v)}"{at.get(v, "")}' for v, i in number.items()), "*Edges"]
    ties = [(f"{number[a]} {number[b]}", data) for a, b, data in graph.edges(data=True)]
    files = {path: [*vertices, *(f"{ends} {data.get('weight', 1.0)!r}" for ends, data in ties)]}
    files[path.with_suffix(".vec")] = [*head, *(str(data.get("n_items", 0)) for _, data in graph.nodes(data=True))]
    if cluster := _clusters(graph):
        files[path.with_suffix(".clu")] = [*head, *(str(cluster.get(v, 0)) for v in number)]
    if any("support" in data for _, data in ties):
        sure = [f"{ends} {data['support']!r}" for ends, data in ties if "support" in data]
        files[path.with_name(f"{path.stem}-support.net")] = [*vertices, *sure]
    return {file: "\n".join(lines) + "\n" for file, lines in files.items()}


def _on_pajeks_page(places: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Shrink places onto a page that runs from 0 to 1, and downwards."""
    if not places:
        return {}
    points = np.array(list(places.values()))
    low, span = points.min(axis=0), float(np.ptp(points, axis=0).max()) or 1.0
    return {v: (float(x), 1 - float(y)) for v, (x, y) in zip(places, (points - low) / span, strict=True)}


def _unquoted(label: str) -> str:
    r"""Give a label without what ends a quoted one: " and \ become their full-width forms."""
    return re.sub(r"\s", " ", label).replace('"', "＂").replace("\\", "＼")


def _clusters(graph: nx.Graph) -> dict[str, int]:
    """Number the communities from 1: numbers from 1 up stay, all else is numbered, the largest first."""
    group = nx.get_node_attributes(graph, "community")
    kinds = sorted(set(group.values()), key=lambda c: (-list(group.values()).count(c), str(c)))
    if all(isinstance(c, int) and not isinstance(c, bool) and 1 <= c <= 1000 for c in kinds):
        return group
    number = {c: i for i, c in enumerate(kinds, start=1)}
    return {v: number[c] for v, c in group.items()}


def _vosviewer(graph: nx.Graph, path: Path) -> Files:
    """A map file and a network file, tab-separated, as VOSviewer's manual describes them (van Eck & Waltman)."""
    number = {v: i for i, v in enumerate(graph, start=1)}
    cluster, group = _clusters(graph), nx.get_node_attributes(graph, "community")
    named = any(not isinstance(c, int) for c in group.values())
    columns: dict[str, Callable[[str], Any]] = {"id": lambda v: number[v], "label": lambda v: v}
    if named:
        columns["description"] = lambda v: str(group.get(v, ""))
    if nx.get_node_attributes(graph, "x"):
        columns |= {name: lambda v, name=name: graph.nodes[v].get(name, "") for name in ("x", "y")}  # type: ignore[misc]
    if cluster:
        columns["cluster"] = lambda v: cluster.get(v, "")
    columns |= {
        "weight<Occurrences>": lambda v: graph.nodes[v].get("n_items", 0),
        "weight<Links>": lambda v: len(set(graph[v]) - {v}),
        "weight<Total link strength>": lambda v: round(sum(d.get("weight", 1.0) for u, d in graph[v].items() if u != v), 9),
    }
    if nx.get_edge_attributes(graph, "support"):
        columns["score<Mean support>"] = lambda v: _mean([d["support"] for u, d in graph[v].items() if u != v and "support" in d])
    rows = ["\t".join(columns), *("\t".join(_field(value(v)) for value in columns.values()) for v in graph)]
    links = [f"{number[a]}\t{number[b]}\t{data.get('weight', 1.0)!r}" for a, b, data in graph.edges(data=True) if a != b]
    files = {path.with_name(f"{path.stem}-map.txt"): rows, path.with_name(f"{path.stem}-network.txt"): links}
    return {file: "\n".join(lines) + "\n" for file, lines in files.items()}


def _mean(values: list[float]) -> float | str:
    return round(float(np.mean(values)), 9) if values else ""


def _field(value: Any) -> str:
    """Quote what might be taken for a separator: the manual asks for it around commas and semicolons."""
    text = re.sub(r"\s", " ", str(value))
    return '"' + text.replace('"', '""') + '"' if re.search('[,;"]', text) else text


def _tables(graph: nx.Graph, path: Path) -> Files:
    nodes = [([v], data) for v, data in graph.nodes(data=True)]
    edges = [([a, b], data) for a, b, data in graph.edges(data=True)]
    return {path: _rows(["a", "b"], edges), path.with_name(f"{path.stem}-nodes.csv"): _rows(["node"], nodes)}


def _rows(keys: list[str], rows: list[tuple[list[str], dict[str, Any]]]) -> str:
    columns = sorted({name for _, data in rows for name in data})
    return csv_bytes([[*keys, *columns], *([*names, *(data.get(c, "") for c in columns)] for names, data in rows)]).decode("utf-8")
