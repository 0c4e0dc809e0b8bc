"""A question -> the sentences and passages that fit it, from dense and lexical candidates by late interaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.answer_kinds import NOTHING_KNOWN, AnswerKinds
from index.bridge import strangers, translated, with_names
from index.candidates import Candidates
from index.centering import Means
from index.collection import Collection
from index.dense import Dense
from index.dictionary import Glossary
from index.encoder import Encoder
from index.grouped import max_by, mean_by, standardised
from index.lexical import Clause, Lexical, terms
from index.precedents import NO_PRECEDENTS, Precedents
from index.rerank import TokenStore
from index.scope import whole_question
from index.script import as_matched, language_of, primary
from index.selection import MARGIN, MOST, Matched
from index.spelling import Speller
from index.tables import headers_of
from index.threads import question_threads
from index.trace import count, lap

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]

_CANDIDATES = 200  # views that each of FAISS and BM25 may bring
_ALIKE = 1e-6
_AT_ONCE = 1024  # questions, of those a document brings, that are read at once
_TELLING = 2.0  # rarity from which a token must be matched: below are function words and punctuation
_WORST = 2  # telling tokens
_NOWHERE = 0.3  # a cosine below which a token counts as not matched
_FEW = 5  # nearest vectors among which the first passage's share is told
_BEST = 3  # of the first passage's vectors


@dataclass(frozen=True)
class Ranking:
    """How the signals are put together; `benchmarks/retrieval.py` measures what most are worth.

    Attributes:
        sharpness: exponent of a token's match in a sentence: one word found beats two half found.
        passage_sharpness: and in a passage, which has room for all.
        discounts_common: whether tokens that every passage matches count for less.
        lexical_weight: of BM25, beside late interaction's 1, where every word of the question can be looked for.
        passage_lexical_weight: and in a passage, for its own BM25 score and again for its best sentence's.
        own_language: weight of a sentence's text in the question's language, beside 1 for each other.
        passage_weight: of the passage's score in a sentence's.
        before: share of what the sentence before matches that counts as matched: "It opened in May" goes on from there.
    """

    sharpness: float = 2
    passage_sharpness: float = 1.5
    discounts_common: bool = True
    lexical_weight: float = 0.25
    passage_lexical_weight: float = 0.2
    own_language: float = 1.5
    passage_weight: float = 1.0
    before: float = 0.7


@dataclass(frozen=True)
class Evidence:
    """What retrieval found for one question.

    Scores are in standard deviations above the mean of all that was considered.

    Attributes:
        sentences: numbers of the sentences considered, best first, int64 (sentences,).
        scores: their scores, float32 (sentences,).
        passages: the best sentence of each passage, best passage first, int64 (passages,).
        passage_scores: the passages' scores, float32 (passages,).
        words: the first passage's BM25 score in its best language, in standard deviations above the mean.
        fit: how well the best sentence fits at all.
        strangers: how many of the question's names stand nowhere in the documents.
        of_other: whether the words that tell what kind of answer is asked for are not the question's own.
        asked_for: log odds of each of answer_kinds.DETAILS, that the question asks for it, float32 (details,).
        matched: how the best sentence, and those of its passage that come near it, match the question.
    """

    sentences: Numbers
    scores: Floats
    passages: Numbers
    passage_scores: Floats
    words: float
    fit: Fit
    strangers: int
    of_other: bool
    asked_for: Floats
    matched: Matched


@dataclass(frozen=True)
class Fit:
    """How well one sentence fits a question, whatever else there is.

    Attributes:
        match: the question's tokens' squared cosines with their nearest tokens in the sentence, in any of its
            languages, weighted by rarity; in [0, 1].
        passage_match: the same of the whole passage that ranks first.
        worst: the mean of the least matched two of the tokens that tell something.
        verbatim: the tokens' cosines to the fourth power, weighted by what they tell; high only where the sentence
            has the question's own words. What a document does not say is mostly asked in the words of what it does.
        nowhere: the share of what the tokens tell that is matched nowhere, whatever is considered.
        cosine: of the question's vector with the sentence's own, in its best language.
        passage_cosine: of the question's vector with the three nearest of that passage, on average.
        nearest: the share of that passage among the few vectors of all that are nearest to the question's.
        known: of the question's vector with the nearest question that the sentence is known to answer; 0 if none is.
        coverage: the share of the question's words that stand in the sentence, in the question's language.
        leaning: whether the question is like those that the sentence's document answers, see Precedents.leaning.
        foreign: whether the sentence has no text in the question's language.
        length: tokens of the question.
    """

    match: float = 0.0
    passage_match: float = 0.0
    worst: float = 0.0
    verbatim: float = 0.0
    nowhere: float = 0.0
    cosine: float = 0.0
    passage_cosine: float = 0.0
    nearest: float = 0.0
    known: float = 0.0
    coverage: float = 0.0
    leaning: float = 0.0
    foreign: bool = True
    length: int = 0


@dataclass(frozen=True)
class _Asked:
    """A question as an index takes it: vector (dimension,), tokens (tokens, dimension), and for each token its rarity.

    `telling` is the rarity without what most questions hold ("what", "does", "?"): those words match other questions.
    """

    text: str
    language: str
    vector: Floats
    tokens: Floats
    rarity: Floats
    telling: Floats
    translations: Sequence[Clause]


@dataclass(frozen=True)
class Retriever:
    """The parts of an index that answer "where does it say that?"; they are only read, so threads may share them."""

    encoder: Encoder
    collection: Collection
    dense: Dense
    lexical: Lexical  # a row for each view
    blocks: Lexical  # a row for each of the collection's blocks
    tokens: TokenStore
    means: Means
    glossary: Glossary
    informative: Mapping[int, float]  # of tokens that questions on anything hold: from 0, in all of them, to 1, in none
    kinds: AnswerKinds | None = None
    precedents: Precedents = NO_PRECEDENTS
    ranking: Ranking = Ranking()

    def corrected(self, question: str) -> str:
        """A question, its mistyped words corrected."""
        speller = Speller(self.glossary.sounds, self.lexical.holds, self._written, self.encoder.likelihoods)
        return speller.corrected(question)

    def _written(self, word: str) -> str:
        """A word of Latin letters as a document has it, in small letters where it stands so; "" where none has it."""
        rows, _ = self.lexical.search(word, 1)
        ways = re.compile(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", re.IGNORECASE)
        found = [way for row in rows.tolist() for way in ways.findall(self.collection.view_text(row))]
        return max(found, default="")  # small letters come behind capitals

    def retrieve(self, question: str, language: str, without: Sequence[int] = (), kind_of: str = "") -> Evidence:
        """Rank the sentences and the passages of the collection for a question in `language`.

        Args:
            without: numbers of sentences to leave out of the ranking of sentences.
            kind_of: the words that tell what kind of answer is asked for, where they are not the question's own.
        """
        with question_threads(self.encoder.threads):
            return self._retrieved(question, language, without, kind_of)

    def _retrieved(self, question: str, language: str, without: Sequence[int], kind_of: str) -> Evidence:
        lap("understand")
        asked = self._asked(question, language)
        asked_for = self._asked_for(asked, "" if kind_of == question else kind_of)
        whole = whole_question(question, kind_of)
        lap("encode")
        nearest, _ = self.dense.search(asked.vector, _CANDIDATES)
        worded, word_scores = self.lexical.search(asked.text, _CANDIDATES, asked.translations)
        found = Candidates.of((nearest, worded), self.collection)
        words = np.zeros(len(found.views), np.float32)
        considered = np.isin(worded, found.views)
        words[np.searchsorted(found.views, worded[considered])] = word_scores[considered]
        block_words = self._block_words(asked, found)
        count("candidates", len(found.sentences))
        lap("search")
        matches = max_by(found.text_of, self.tokens.best_matches(asked.tokens, found.views).clip(0, 1))
        matches = self._with_headings(matches, found)
        matches, text_words = self._with_headers(matches, max_by(found.text_of, words), found)
        in_block = max_by(found.text_block, matches)
        ranking = self.ranking
        weights = asked.telling
        if ranking.discounts_common:
            weights = weights * (1 - _commonness(in_block, found))
        weights = _normalised(weights)

        in_context = _in_context(self._with_titles(matches, found), found, ranking.before)
        late = _met(in_context, ranking.sharpness, weights)
        reach, trust = self._reach(asked, found.languages), self._trust(asked, found.languages)
        fused = _fused(late, reach * ranking.lexical_weight, trust, found.text_language, text_words)
        scores = mean_by(found.text_sentence, *fused)
        late = _met(in_block, ranking.passage_sharpness, weights)
        best_words = max_by(found.text_block, text_words)
        weight = reach * ranking.passage_lexical_weight
        fused = _fused(late, weight, trust, found.block_language, block_words, best_words)
        passage_scores = mean_by(found.block_passage, *fused)
        passage_of = np.searchsorted(found.passages, self.collection.passages[found.sentences])
        scores = scores + ranking.passage_weight * passage_scores[passage_of]

        order = np.argsort(-scores, kind="stable")
        passage_order = np.argsort(-passage_scores, kind="stable")
        of_first = found.block_passage == passage_order[0] if len(passage_order) else np.zeros(0, bool)
        best_in_passage = np.zeros(len(found.passages), np.int64)
        best_in_passage[passage_of[order[::-1]]] = found.sentences[order[::-1]]  # the best is written last
        order = order[~np.isin(found.sentences[order], np.array(without, np.int64))]
        evidence = Evidence(
            sentences=found.sentences[order],
            scores=scores[order],
            passages=best_in_passage[passage_order],
            passage_scores=passage_scores[passage_order],
            words=float(standardised(block_words, found.block_language)[of_first].max(initial=0)),
            fit=self._fit(
                asked,
                matches[found.text_sentence == order[0]],
                in_block[of_first],
                in_block.max(axis=0, initial=0),
                int(found.sentences[order[0]]),
                found.views[self._passages_of(found.views) == found.passages[passage_order[0]]],
                float(np.mean(self._passages_of(nearest[:_FEW]) == found.passages[passage_order[0]])),
                self._leaning(int(found.sentences[order[0]]), asked, "" if whole == question else whole),
            )
            if len(order)
            else Fit(),
            strangers=strangers(question, self.lexical.holds),
            of_other=whole != question,
            asked_for=asked_for,
            matched=self._matched(asked, max_by(found.text_sentence, matches), found.sentences, scores, order[:MOST]),
        )
        lap("rank")
        return evidence

    def _matched(self, asked: _Asked, matches: Floats, sentences: Numbers, scores: Floats, first: Numbers) -> Matched:
        """How the candidates for the beginning of an answer match.

        Args:
            matches: of each sentence considered, float32 (sentences, tokens).
            sentences: their numbers, ascending, int64 (sentences,).
            scores: float32 (sentences,).
            first: the places of those that fit best, int64 (at most MOST,).
        """
        passages = self.collection.passages[sentences]
        near = (passages[first] == passages[first[:1]]) & (scores[first] >= scores[first[:1]] - MARGIN)
        chosen = first[near]

        def beside(step: int) -> Floats:
            places = (chosen + step).clip(0, max(0, len(sentences) - 1))
            same = (sentences[places] == sentences[chosen] + step) & (passages[places] == passages[chosen])
            return np.where(same[:, None], matches[places], np.float32(0))

        runs = [np.arange(*self.collection.views_of(number)) for number in sentences[chosen].tolist()]
        views = [run[~self.collection.is_question[run]] for run in runs]
        of_candidate = np.repeat(np.arange(len(views)), [len(each) for each in views])
        every = np.concatenate([np.empty(0, np.int64), *views])
        return Matched(
            sentences=sentences[chosen],
            scores=scores[chosen],
            tokens=matches[chosen],
            before=beside(-1),
            behind=beside(1),
            weights=_normalised(asked.telling),
            cosines=max_by(of_candidate, self.dense.cosines(asked.vector, every)),
            lengths=self.tokens.lengths(np.array([each[0] for each in views], np.int64)).astype(np.float32),
        )

    def _leaning(self, sentence: int, asked: _Asked, whole: str) -> float:
        """Whether a question is like those that the sentence's document is known to answer.

        Args:
            whole: the question with the words that tell its kind, where they are not its own.
        """
        if not len(self.precedents.documents):
            return 0.0
        vector = self._read(self._named(whole), language_of(whole))[1] if whole else asked.vector
        return self.precedents.leaning(int(self.collection.sentences[sentence, 0]), vector)

    def _named(self, question: str) -> str:
        """A question, its names in pinyin with the characters that they stand for."""
        return with_names(question, self.glossary, self.lexical.holds)

    def question_vectors(self, questions: Sequence[str]) -> Floats:
        """The vectors by which questions are compared, of length 1, float32 (questions, dimension)."""
        languages = [language_of(question) for question in questions]
        read = [
            as_matched(self._named(question), language) for question, language in zip(questions, languages, strict=True)
        ]
        centred = [
            self.means.question_vectors.centred(encoding.vector, language)
            for start in range(0, len(read), _AT_ONCE)  # the tokens of each are large, and not needed
            for encoding, language in zip(
                self.encoder.encode(read[start : start + _AT_ONCE], "query"),
                languages[start : start + _AT_ONCE],
                strict=True,
            )
        ]
        return np.array(centred, np.float32).reshape(-1, self.encoder.dimension)

    def _asked(self, question: str, language: str) -> _Asked:
        text = self._named(question)
        ids, vector, tokens = self._read(text, language)
        others = set(self.collection.primary_languages) - {primary(language)}
        return _Asked(
            text,
            language,
            vector,
            tokens,
            rarity := self.encoder.rarity(ids),
            rarity * np.array([self.informative.get(token, 1.0) for token in ids.tolist()], np.float32),
            translated(text, language, self.glossary) if others else (),
        )

    def _read(self, text: str, language: str) -> tuple[Ints, Floats, Floats]:
        """A question's tokens' ids, its vector and its tokens' vectors, without what its language's questions share."""
        encoding = self.encoder.query(as_matched(text, language))
        return (
            encoding.ids,
            self.means.question_vectors.centred(encoding.vector, language),
            self.means.question_tokens.centred(encoding.tokens, language),
        )

    def _asked_for(self, asked: _Asked, kind_of: str) -> Floats:
        """What the question asks for, or, where they are given, what the words that tell its kind do."""
        if self.kinds is None:
            return NOTHING_KNOWN
        if not kind_of:
            return self.kinds.log_odds(asked.vector, asked.tokens)
        _, vector, tokens = self._read(self._named(kind_of), language_of(kind_of))
        return self.kinds.log_odds(vector, tokens)

    def _with_titles(self, matches: Floats, found: Candidates) -> Floats:
        """Matches raised to those of the document's title: what it names is what each of its sentences is about."""
        sentences = found.sentences[found.text_sentence]
        documents = self.collection.document_numbers[sentences]
        return _raised(matches, _in_language(documents, found), self.collection.is_title[sentences])

    def _with_headings(self, matches: Floats, found: Candidates) -> Floats:
        """Matches raised to those of the heading on a line of its own that a sentence stands under."""
        sentences = found.sentences[found.text_sentence]
        sections = self.collection.sections[sentences]
        return _raised(matches, _in_language(sections, found), self.collection.is_heading_line[sentences])

    def _with_headers(self, matches: Floats, words: Floats, found: Candidates) -> tuple[Floats, Floats]:
        """Matches (texts, tokens) and BM25 scores (texts,), each table's row being read with its header."""
        if not len(self.collection.headers):
            return matches, words
        sentences = found.sentences[found.text_sentence]
        headers = headers_of(self.collection)[sentences]
        keys, is_header = _in_language(headers, found), headers == sentences
        of_header = np.where(is_header, 0, _of_named(words[:, None], keys, is_header)[:, 0])
        return _raised(matches, keys, is_header), words + of_header

    def _block_words(self, asked: _Asked, found: Candidates) -> Floats:
        """The BM25 score of each block."""
        rows, scores = self.blocks.search(asked.text, _CANDIDATES, asked.translations)
        by_block = dict(zip((self.collection.blocks[row] for row in rows.tolist()), scores.tolist(), strict=True))
        passages = found.passages[found.block_passage].tolist()
        languages = (found.languages[language] for language in found.block_language.tolist())
        return np.array([by_block.get(block, 0.0) for block in zip(passages, languages, strict=True)], np.float32)

    def _reach(self, asked: _Asked, languages: Sequence[str]) -> Floats:
        """The share of the question that can be looked for word by word in texts of each language."""
        own = primary(asked.language)
        shares = []
        for name in languages:
            if name == own:
                said = [self.lexical.holds(term) for term in dict.fromkeys(terms(asked.text))]
            else:
                said = [bool(clause) for clause in asked.translations]
            shares.append(sum(said) / max(1, len(said)))
        return np.array(shares, np.float32)

    def _trust(self, asked: _Asked, languages: Sequence[str]) -> Floats:
        """The weight of texts in each language beside those of the same sentence or passage in another."""
        own = primary(asked.language)
        return np.array([self.ranking.own_language if name == own else 1.0 for name in languages], np.float32)

    def _passages_of(self, views: Numbers) -> NDArray[np.int32]:
        """The passage that each view stands in."""
        passages: NDArray[np.int32] = self.collection.passages[self.collection.views[views, 0]]
        return passages

    def _fit(
        self,
        asked: _Asked,
        matches: Floats,
        in_passage: Floats,
        anywhere: Floats,
        sentence: int,
        passage: Numbers,
        nearest: float,
        leaning: float,
    ) -> Fit:
        """How well the best sentence fits.

        Args:
            matches, in_passage: of the sentence, of the first passage, in each language, (languages, tokens).
            anywhere: of all that is considered, (tokens,).
            passage: the first passage's views.
            nearest: its share among the few views whose vectors are nearest.
            leaning: as `Fit` has it.
        """
        first, end = self.collection.views_of(sentence)
        views = np.arange(first, end)
        cosines = self.dense.cosines(asked.vector, views)
        questions = self.collection.is_question[first:end]
        own = [primary(self.collection.view_languages[view]) == primary(asked.language) for view in views.tolist()]
        best = matches.max(axis=0)
        weights = _normalised(asked.rarity)
        tells = _normalised(asked.telling)
        telling = np.sort(best[asked.rarity > _TELLING])[:_WORST]
        said = set(terms(asked.text))
        texts = [
            set(terms(self.collection.view_text(view)))
            for view, is_own in zip(views.tolist(), own, strict=True)
            if is_own
        ]
        return Fit(
            match=float(best**2 @ weights),
            passage_match=float(in_passage.max(axis=0) ** 2 @ weights),
            worst=float(telling.mean()) if len(telling) else float(best.mean()) if len(best) else 0.0,
            verbatim=float(best**4 @ tells),
            nowhere=float(tells @ (anywhere < _NOWHERE)),
            cosine=float(cosines[~questions].max(initial=0)),
            passage_cosine=float(np.sort(self.dense.cosines(asked.vector, passage))[-_BEST:].mean()),
            nearest=nearest,
            known=float(cosines[questions].max(initial=0)),
            coverage=len(said & set().union(*texts)) / max(1, len(said)),
            leaning=leaning,
            foreign=not any(own),
            length=len(asked.rarity),
        )


def _met(matches: Floats, sharpness: float, weights: Floats) -> Floats:
    """How well each row of matches (rows, tokens) meets the whole question, float32 (rows,)."""
    met: Floats = np.power(matches, sharpness, dtype=np.float32) @ weights
    return met


def _fused(late: Floats, reach: Floats, trust: Floats, language: Numbers, *words: Floats) -> tuple[Floats, Floats]:
    """Scores of texts or blocks, and the weight of each beside the others of its sentence or passage.

    Late interaction and BM25 are each standardised within their language; BM25 counts for as much as it can reach.

    Args:
        late: late interaction, float32 (rows,).
        reach: the weight of BM25 scores in each language.
        trust: the weight of each language.
        language: the place of each row's language in these.
        words: BM25 scores of the rows; of a block its own, and that of its best text.
    """
    by_words = np.sum([standardised(each, language) for each in words], axis=0)
    scores: Floats = standardised(late, language) + reach[language] * by_words
    return scores, trust[language]


def _in_language(numbers: Ints, found: Candidates) -> Numbers:
    """What tells a number of each text and the text's language together, int64 (texts,)."""
    return numbers.astype(np.int64) * max(1, len(found.languages)) + found.text_language


def _raised(matches: Floats, keys: Numbers, named: NDArray[np.bool_]) -> Floats:
    """Matches (texts, tokens), raised to those of the texts that are `named` and have the same key."""
    return np.maximum(matches, _of_named(matches, keys, named)) if named.any() else matches


def _of_named(values: Floats, keys: Numbers, named: NDArray[np.bool_]) -> Floats:
    """For each text the greatest values (texts, any) of those that are `named` and have its key; 0 without any."""
    found = np.zeros_like(values)
    if not named.any():
        return found
    known, group = np.unique(keys[named], return_inverse=True)
    places = np.searchsorted(known, keys).clip(max=len(known) - 1)
    same = known[places] == keys
    found[same] = max_by(group, values[named])[places[same]]
    return found


def _in_context(matches: Floats, found: Candidates, share: float) -> Floats:
    """Matches raised to a share of those of the sentence before, in the same passage and language."""
    count = max(1, len(found.languages))
    keys = found.text_sentence * count + found.text_language
    before = np.searchsorted(keys, keys - count)  # or the next, where the sentence before has no text in this language
    same = found.text_block[before] == found.text_block
    raised = matches.copy()
    raised[same] = np.maximum(raised[same], share * matches[before[same]])
    return raised


def _commonness(in_block: Floats, found: Candidates) -> Floats:
    """How much of each token of the question every passage shares, float32 (tokens,), in [0, 1).

    The better every passage matches a token, the less it decides: the name of the district says nothing about which
    sentence of its plan is meant. A single passage is no ground to judge by.

    Args:
        in_block: the best match of each token in each block, float32 (blocks, tokens).
    """
    languages, passages = found.block_language, len(found.passages)
    if not passages:
        return np.zeros(in_block.shape[1], np.float32)
    common = np.stack([in_block[languages == language].mean(axis=0) for language in np.unique(languages)])
    share: Floats = np.sqrt(common.max(axis=0) * (passages - 1) / passages)
    return share


def _normalised(weights: Floats) -> Floats:
    """The weights as shares of their sum."""
    shares: Floats = weights / max(float(weights.sum()), _ALIKE)
    return shares
