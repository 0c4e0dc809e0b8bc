"""Fits the model of what questions ask for, and writes index/answer_kinds.npz.

    python benchmarks/answer_kinds.py

Each line of answer_kinds.tsv is a kind, a tab, and a question that asks for an answer of that kind; they were written
for this purpose, on subjects of every sort. Printed is how well each kind is told on questions not fitted on (five
parts, each left out in turn).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold
from torch import Tensor, nn
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.answer_kinds import DETAILS, KINDS
from index.encoder import Encoder
from index.samples import question_means
from index.script import as_matched, language_of
from index.shared import shared_encoder

QUESTIONS = Path(__file__).with_suffix(".tsv")
OUTPUT = ROOT / "index" / "answer_kinds.npz"
HEADS = 4
MODELS = 3  # that are averaged: as one, with the heads of all
EPOCHS, BATCH, RATE, DECAY, SMOOTHING = 40, 256, 5e-3, 0.3, 0.02  # of training
STEEPNESS = 8.0  # by which attention is multiplied: tokens have length 1
PARTS = 5


class Inputs:
    """Questions as the encoder reads them: vectors (questions, dimension), tokens (questions, most, dimension)."""

    def __init__(self, questions: list[str], encoder: Encoder) -> None:
        of_vectors, of_tokens = question_means(encoder)
        languages = [language_of(question) for question in questions]
        read = [as_matched(question, language) for question, language in zip(questions, languages, strict=True)]
        encodings = encoder.encode(read, "query")
        vectors = [of_vectors.centred(one.vector, name) for one, name in zip(encodings, languages, strict=True)]
        tokens = [
            torch.from_numpy(of_tokens.centred(one.tokens.astype(np.float32), name))
            for one, name in zip(encodings, languages, strict=True)
        ]
        self.vectors = torch.from_numpy(np.stack(vectors))
        self.tokens = nn.utils.rnn.pad_sequence(tokens, batch_first=True)
        self.absent = torch.arange(self.tokens.shape[1]) >= torch.tensor([len(one) for one in tokens])[:, None]


class Model(nn.Module):
    """What index.answer_kinds computes, to be trained."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.attention = nn.Parameter(torch.randn(dimension, HEADS) * 0.02)
        self.linear = nn.Linear((HEADS + 1) * dimension, len(KINDS))

    def forward(self, inputs: Inputs, rows: Tensor) -> Tensor:
        tokens = inputs.tokens[rows]
        looks = (tokens @ self.attention * STEEPNESS).masked_fill(inputs.absent[rows][..., None], -torch.inf)
        seen = torch.einsum("qtd,qth->qhd", tokens, looks.softmax(1)).flatten(1)
        scores: Tensor = self.linear(torch.cat([seen, inputs.vectors[rows]], dim=1))
        return scores


def main() -> None:
    lines = [line.split("\t") for line in QUESTIONS.read_text("utf-8").splitlines()]
    kinds = torch.tensor([KINDS.index(kind) for kind, _ in lines])
    encoder = shared_encoder()
    inputs = Inputs([question for _, question in lines], encoder)
    told = np.empty(len(lines), np.int64)
    for fitted_on, left_out in StratifiedKFold(PARTS, shuffle=True, random_state=0).split(kinds, kinds):
        model = trained(inputs, kinds, torch.from_numpy(fitted_on), seed=0)
        with torch.inference_mode():
            told[left_out] = model(inputs, torch.from_numpy(left_out)).argmax(1).numpy()
    write([trained(inputs, kinds, torch.arange(len(lines)), seed) for seed in range(MODELS)], encoder)
    report(told, kinds.numpy())


def trained(inputs: Inputs, kinds: Tensor, rows: Tensor, seed: int) -> Model:
    torch.manual_seed(seed)
    model = Model(inputs.vectors.shape[1])
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1, 1 / EPOCHS, EPOCHS)
    for _ in range(EPOCHS):
        for batch in rows[torch.randperm(len(rows))].split(BATCH):
            optimiser.zero_grad()
            scores = model(inputs, batch)
            functional.cross_entropy(scores, kinds[batch], label_smoothing=SMOOTHING).backward()
            optimiser.step()
        schedule.step()
    return model


def write(models: list[Model], encoder: Encoder) -> None:
    """Write the average of several models, which is one that has the heads of all."""
    weights = [model.linear.weight.detach() / len(models) for model in models]
    of_heads = [one[:, : -encoder.dimension] for one in weights]
    of_vector = torch.stack([one[:, -encoder.dimension :] for one in weights]).sum(0)
    np.savez_compressed(
        OUTPUT,
        attention=(torch.cat([model.attention.detach() for model in models], 1) * STEEPNESS).half().numpy(),
        weights=torch.cat([*of_heads, of_vector], 1).T.half().numpy(),
        intercepts=torch.stack([model.linear.bias.detach() for model in models]).mean(0).half().numpy(),
        model=np.array(encoder.model.name),
    )


def report(told: NDArray[np.int64], kinds: NDArray[np.int64]) -> None:
    details = kinds < len(DETAILS)
    print(f"wrote {OUTPUT.name}; of {len(kinds)} questions, {(told == kinds).mean():.3f} were told right unseen;")
    print(f"a detail was taken for an account in {(told >= len(DETAILS))[details].mean():.3f},")
    print(f"an account for a detail in {(told < len(DETAILS))[~details].mean():.3f} of the cases.")
    for number, kind in enumerate(KINDS):
        of_kind = kinds == number
        print(f"  {kind:12} {of_kind.sum():4} questions, {(told == kinds)[of_kind].mean():.2f} told right")


if __name__ == "__main__":
    main()
