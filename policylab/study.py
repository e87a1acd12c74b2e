"""A study folder to start from: the notebooks set to read its own data/, a metadata table to fill in, and what to do next."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from policylab.errors import ArgumentError
from policylab.runner import tags

_README = """# 我的研究 My study

1. 把工作计划放进 `data/`（.txt、.md、.docx、.pdf、.html），`地区-年份.txt` 或 `地区/年份.txt` 这样的文件名最省事。
   Put the plans into `data/`; names such as `PLACE-YEAR.txt` or `PLACE/YEAR.txt` save work.
2. 文件名和标题说不清地区、年份的，填进 `data/metadata.csv`，一行一个文件；表中所写优先于其他来源。
   Where name and title do not tell place and year, fill in `data/metadata.csv`, a row for each file; what it says comes first.
   地区有别名、撤并的，写一张 `data/places.csv`（`place,alias,parent,level,valid_from,valid_to`）。
   Aliases and mergers of places go into `data/places.csv`.
   读错的地方：`policylab check . --corrections-template 更正.csv` 写出底稿，只填要改的格子，存为 `data/corrections.csv`。
   What was read wrongly: that command writes a table; fill in only what is wrong and save it as `data/corrections.csv`.
3. 在本文件夹里 In this folder:

        policylab check .      # 读到了什么，有什么问题 what was read, and every problem
        jupyter lab notebooks  # 逐个打开、修改、运行 open, change and run
        policylab run .        # 全部运行，图表写入 figures/ run all; figures and tables go to figures/

原始文件从不改动。Your files are never changed.
"""


def new_study(folder: Path, *, notebooks: Path) -> Path:
    """Make a study folder and give its path.

    Parameters
    ----------
    folder : Path
        Must not exist, or be empty.
    notebooks : Path
        The notebooks to start from; cells about the demo panel stay out.

    Raises
    ------
    ArgumentError
        If the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArgumentError(f"{str(folder)!r} is there already and not an empty folder; name a new one, so that nothing is overwritten.")
    for name in ("data", "figures", "notebooks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(_README, encoding="utf-8")
    (folder / "data" / "metadata.csv").write_text("source,place,year\n", encoding="utf-8-sig")  # the mark lets Excel show Chinese
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if "demo" not in tags(cell)]
        for cell in notebook.cells:
            if "parameters" in tags(cell):
                cell.source = re.sub(r"(?m)^DATA = None\b", 'DATA = "../data"', cell.source)
        nbformat.write(notebook, folder / "notebooks" / path.name)
    return folder
