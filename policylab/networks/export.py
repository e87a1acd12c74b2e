"""Networks to files that other programs open."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import networkx as nx

from policylab.errors import ArgumentError
from policylab.networks.partition import in_order
from policylab.spreadsheets import guarded

SUFFIXES = (".graphml", ".gexf", ".net", ".txt", ".csv")


def write_network(graph: nx.Graph, path: str | Path) -> list[Path]:
    """Write a network: GraphML, GEXF, Pajek (.net), VOSviewer (.txt: a map and a network file) or CSV (edges, and nodes beside them).

    Parameters
    ----------
    graph : networkx.Graph
        Attributes of nodes and edges go along in GraphML, GEXF and CSV. Pajek's and VOSviewer's formats hold one weight for each tie, so
        `n_items` goes into a vector file (.vec) or the map, a node's `community` into the map, and `support` stays behind.
    path : str or Path
        The suffix says which format.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ArgumentError
        If the suffix is unknown.

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
    path, graph = Path(path), in_order(graph)
    graph.graph.pop("counts", None)  # no format holds a matrix
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ArgumentError(f"path={str(path)!r}: allowed suffixes are {', '.join(SUFFIXES)}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == ".graphml":
        nx.write_graphml(graph, path)
        return [path]
    if suffix == ".gexf":
        text = "\n".join(nx.generate_gexf(graph))
        path.write_text(re.sub(r'\s*lastmodifieddate="[^"]*"', "", text) + "\n", encoding="utf-8")
        return [path]
    return {".net": _pajek, ".txt": _vosviewer, ".csv": _tables}[suffix](graph, path)


def _pajek(graph: nx.Graph, path: Path) -> list[Path]:
    number = {v: i for i, v in enumerate(graph, start=1)}
    lines = [f"*Vertices {len(number)}", *(f'{i} "{_unquoted(v)}"' for v, i in number.items()), "*Edges"]
    lines += [f"{number[a]} {number[b]} {data.get('weight', 1.0)!r}" for a, b, data in graph.edges(data=True)]
    sizes = [f"*Vertices {len(number)}", *(str(graph.nodes[v].get("n_items", 0)) for v in number)]
    files = [path, path.with_suffix(".vec")]
    for file, rows in zip(files, (lines, sizes), strict=True):
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return files


def _unquoted(label: object) -> str:
    return str(label).replace('"', "'")


def _vosviewer(graph: nx.Graph, path: Path) -> list[Path]:
    """A map file (id, label, weights) and a network file (id, id, strength), tab-separated, as VOSviewer's manual describes them."""
    number = {v: i for i, v in enumerate(graph, start=1)}
    files = [path.with_name(f"{path.stem}-map.txt"), path.with_name(f"{path.stem}-network.txt")]
    group = nx.get_node_attributes(graph, "community")
    header = ["id", "label", *(["cluster"] if group else []), "weight<Occurrences>", "weight<Links>"]
    rows = ["\t".join(header)]
    for v, i in number.items():
        cluster = [str(group.get(v, ""))] if group else []
        rows.append("\t".join([str(i), str(v), *cluster, str(graph.nodes[v].get("n_items", 0)), str(graph.degree(v))]))
    links = [f"{number[a]}\t{number[b]}\t{data.get('weight', 1.0)!r}" for a, b, data in graph.edges(data=True)]
    for file, lines in zip(files, (rows, links), strict=True):
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def _tables(graph: nx.Graph, path: Path) -> list[Path]:
    nodes = path.with_name(f"{path.stem}-nodes.csv")
    _write(nodes, ["node"], [([v], data) for v, data in graph.nodes(data=True)])
    _write(path, ["a", "b"], [([a, b], data) for a, b, data in graph.edges(data=True)])
    return [path, nodes]


def _write(path: Path, keys: list[str], rows: list[tuple[list[str], dict[str, object]]]) -> None:
    columns = sorted({name for _, data in rows for name in data})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*keys, *columns])
        writer.writerows([*map(guarded, names), *(data.get(c, "") for c in columns)] for names, data in rows)
