"""Chinese type on any machine: no set-up, no boxes, nothing bold that is not, text in a PDF."""

import logging
import re
import sys
import zlib

import matplotlib as mpl
import matplotlib.pyplot as plt
import networkx as nx
import pypdfium2
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from policylab.errors import ArgumentError, FontError
from policylab.figures import fonts, save_figure, style
from policylab.figures.fonts import font_families

ONLY_IN_FALLBACK = "↳"  # the Chinese faces lack it, DejaVu has it
IN_NO_FACE = "\ue000"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def no_mplfonts(monkeypatch):
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    monkeypatch.setattr(
        font_manager.fontManager, "ttflist", [e for e in font_manager.fontManager.ttflist if e.name.startswith(("DejaVu", "STIX"))]
    )


def titled(text, **kwargs):
    with style(width=80):
        figure = Figure(figsize=(3, 1))
        figure.text(0.1, 0.5, text, **kwargs)
    return figure


class TestFaces:
    @pytest.mark.parametrize(("face", "file"), [("sans", "NotoSansCJKsc-Regular.otf"), ("serif", "NotoSerifCJKsc-Regular.otf")])
    def test_the_open_noto_faces_are_taken_as_files_and_nothing_of_their_package_is_run(self, face, file):
        first = font_families(face)[0]
        assert font_manager.findfont(font_manager.FontProperties(family=first)).endswith(file)
        assert "mplfonts" not in sys.modules

    def test_asking_twice_makes_a_face_known_once(self):
        name = font_families("sans")[0]
        font_families("sans")
        assert sum(entry.name == name for entry in font_manager.fontManager.ttflist) == 1

    def test_without_the_package_a_face_of_the_system_is_taken(self, no_mplfonts):
        font_manager.fontManager.ttflist.append(font_manager.FontEntry(fname="/x/songti.ttc", name="Songti SC"))
        assert font_families("serif") == ["Songti SC", "DejaVu Serif"]
        assert font_families("sans") == ["Songti SC", "DejaVu Sans"]

    def test_simhei_is_never_taken(self, no_mplfonts):
        font_manager.fontManager.ttflist.append(font_manager.FontEntry(fname="/x/SimHei.ttf", name="SimHei"))
        with pytest.raises(FontError):
            font_families("sans")

    def test_with_no_face_at_all_the_error_says_what_to_install(self, no_mplfonts):
        with pytest.raises(FontError, match="pip install mplfonts"):
            style()

    def test_an_unknown_face_is_refused(self):
        with pytest.raises(ArgumentError, match="face='kaiti'"):
            font_families("kaiti")


class TestMissingGlyphs:
    def test_a_character_that_the_chinese_face_lacks_comes_from_the_second_face(self, tmp_path):
        assert save_figure(titled(f"修路{ONLY_IN_FALLBACK}"), tmp_path / "a.png").is_file()

    def test_labels_that_networkx_sets_in_the_generic_family_are_chinese_too(self, tmp_path):
        with style(width=80):
            figure = Figure()
            nx.draw_networkx_labels(nx.path_graph(1), {0: (0, 0)}, {0: f"体育{ONLY_IN_FALLBACK}"}, ax=figure.subplots())
        assert save_figure(figure, tmp_path / "a.png").is_file()

    @pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
    def test_a_character_without_a_glyph_raises_and_nothing_is_written(self, tmp_path, suffix):
        with pytest.raises(FontError, match=r"U\+E000.*with style"):
            save_figure(titled(f"修{IN_NO_FACE}路"), tmp_path / f"a.{suffix}")
        assert not list(tmp_path.iterdir())

    def test_chinese_drawn_outside_the_style_raises_instead_of_boxes(self, tmp_path):
        figure = Figure()
        with mpl.rc_context({"font.family": ["DejaVu Sans"]}):
            figure.text(0, 0, "修路")
        with pytest.raises(FontError, match="修"):
            save_figure(figure, tmp_path / "a.png")

    def test_missing_inside_a_formula_raises_every_time_though_matplotlib_only_logs_it_once(self, tmp_path, caplog):
        caplog.set_level(logging.CRITICAL, logger="matplotlib.mathtext")
        figure = titled("$静_1$")
        for _ in range(2):
            with pytest.raises(FontError, match="静"):
                save_figure(figure, tmp_path / "a.png")

    def test_a_formula_that_can_be_set_is_set(self, tmp_path):
        assert save_figure(titled("$x_1$"), tmp_path / "a.png").is_file()


class TestBold:
    def test_the_style_asks_for_nothing_bold(self):
        with style():
            assert {mpl.rcParams[f"{part}.titleweight"] for part in ("axes", "figure")} == {"normal"}

    def test_bold_that_would_come_out_regular_warns(self, tmp_path):
        with pytest.warns(UserWarning, match="asks for bold.*size or colour"):
            save_figure(titled("修路", weight="bold"), tmp_path / "a.png")


class TestPdf:
    def test_letters_are_text_in_truetype_outlines(self, tmp_path):
        path = save_figure(titled("静安区教育局2024年工作要点"), tmp_path / "a.pdf")
        document = pypdfium2.PdfDocument(path)
        page = document[0]
        textpage = page.get_textpage()
        assert textpage.get_text_range() == "静安区教育局2024年工作要点"
        for one in (textpage, page, document):
            one.close()
        raw = path.read_bytes()
        streams = [zlib.decompress(m[1]) for m in re.finditer(rb"FlateDecode[^>]*>>\s*stream\n(.*?)\nendstream", raw, re.S)]
        assert b"NotoSansCJKsc" in raw
        assert b"/FontFile2" in raw
        assert b"/FontFile3" not in raw
        assert any(s.startswith(b"\x00\x01\x00\x00") for s in streams)
        assert not any(s.startswith(b"OTTO") for s in streams)
        assert len(raw) < 60_000  # the whole face would be 16 million

    def test_afterwards_the_figure_and_the_known_faces_are_as_before(self, tmp_path):
        figure = titled("修路")
        before = (figure.texts[0].get_fontfamily(), len(font_manager.fontManager.ttflist), mpl.rcParams["pdf.fonttype"])
        save_figure(figure, tmp_path / "a.pdf")
        assert (figure.texts[0].get_fontfamily(), len(font_manager.fontManager.ttflist), mpl.rcParams["pdf.fonttype"]) == before
