"""Follow-ups made whole."""

from __future__ import annotations

import pytest

from index import Index, asking
from index.asking import understood
from index.conversation import MAX_QUESTION, is_greeting, language_asked, readings
from index.errors import QuestionError

JOBS = [("what does Nanguan plan for employment?", "It carries out the employment-first strategy.")]
JOBS_HANS = [("南关区怎么促进就业?", "落实就业优先战略。")]


def searched(question: str, history: object) -> list[str]:
    return [reading.searched for reading in readings(question, history)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "what is planned for the ring expressway?",
        "How will wage arrears be handled?",
        "地鐵六號線什麼時候完工?",
        "領袖來吉林視察講過話,他們有跟著學嗎",
        "社工人才队伍这块具体抓哪几件事?",
        "Is there anything against perks for powerful people?",
        "Organised crime: what does the district do?",
        "Orphan care policies in the district",
        "民主黨派有管道參政議政嗎?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert searched(question, JOBS) == [question]
    assert searched(question, []) == [question]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("and for housing?", "housing?"),
        ("What about schools?", "schools?"),
        ("ok thanks, and for housing?", "housing?"),
        ("那教育呢?", "教育呢?"),
        ("好的,那教育呢?", "教育呢?"),
        ("还有旅游呢", "旅游呢"),
    ],
)
def test_a_new_topic_is_asked_for_itself_before_it_is_joined(question: str, topic: str) -> None:
    assert searched(question, JOBS) == [topic, f"{JOBS[0][0]} {topic}"]


def test_what_no_file_or_link_takes_is_left_out_of_a_turn_before() -> None:
    """A lone surrogate of an earlier question would else be in the link to a later one's answer."""
    assert searched("which ones?", [("Housing\udca3\x00 for\nteachers", "")]) == ["Housing for teachers"]


@pytest.mark.parametrize("question", ["subway?", "哪三級?", "under whose watch?", "地鐵什麼時候通車?"])
def test_few_words_may_stand_alone_and_may_not(question: str) -> None:
    assert searched(question, JOBS) == [question, f"{JOBS[0][0]} {question}"]


@pytest.mark.parametrize(
    "question",
    [
        "which ones?",
        "什麼時候?",
        "who is it for?",
        "why?",
        "具体呢?",
        "他们怎么做",
        "還有嗎?",
        "more details please",
        "who is in charge?",
        "怎麼落實?",
        "under which rules?",
        "除此之外呢?",
        "由誰來管?",
        "包括哪些人?",
        "what does it include?",
    ],
)
def test_a_question_that_names_nothing_looks_for_what_the_one_before_did(question: str) -> None:
    [reading] = readings(question, JOBS_HANS)
    assert reading.searched == JOBS_HANS[0][0]
    assert reading.asked in (question, f"{JOBS_HANS[0][0]} {question}")


@pytest.mark.parametrize(
    ("before", "question", "kind"),
    [
        ("How many firms are to be added?", "how will they be attracted?", "how will they be attracted?"),
        ("地鐵幾時通車?", "那是怎麼建的?", "是怎麼建的?"),
        ("When does metro line 6 open?", "and which other line is there?", "which other line is there?"),
        ("What are the plans for the economy?", "which ones?", "What are the plans for the economy? which ones?"),
        ("What is planned for the economy?", "tell me more", "What is planned for the economy? tell me more"),
        ("Which metro lines are being built?", "when do they open?", "when do they open?"),
    ],
)
def test_the_kind_of_answer_is_the_follow_ups_own_where_it_asks_for_one(before: str, question: str, kind: str) -> None:
    assert readings(question, [(before, "...")])[-1].asked == kind


@pytest.mark.parametrize("question", ["how will they be funded?", "怎么吸引他们?", "這對老百姓有什麼好處?"])
def test_a_question_that_points_back_is_joined_to_the_one_before(question: str) -> None:
    assert searched(question, JOBS_HANS) == [f"{JOBS_HANS[0][0]} {question}"]


@pytest.mark.parametrize(
    ("question", "topic"), [("and for pets?", "pets?"), ("那寵物呢?", "寵物呢?"), ("犯法的呢?", "犯法的呢?")]
)
def test_a_new_topic_is_not_answered_by_what_answers_the_question_before(question: str, topic: str) -> None:
    assert [(reading.searched, reading.instead) for reading in readings(question, JOBS)] == [
        (topic, ""),
        (f"{JOBS[0][0]} {topic}", JOBS[0][0]),
    ]
    assert [reading.instead for reading in readings("with which models?", JOBS)] == ["", ""]


def test_those_of_a_kind_that_the_question_names_point_nowhere() -> None:
    assert searched("那些商場呢?", JOBS_HANS) == [f"{JOBS_HANS[0][0]} 那些商場呢?"]
    assert searched("傳統的那些商場?", JOBS_HANS)[0] == "傳統的那些商場?"


def test_turns_reach_back_through_other_follow_ups() -> None:
    history = [*JOBS, ("and for housing?", "...")]
    assert searched("which ones?", history) == ["housing?"]
    between = [("which ones?", "..."), ("ok thanks", "..."), ("why is it done?", "...")]
    assert searched("tell me more", [*history, *between]) == ["housing?"]


@pytest.mark.parametrize("question", ["ok thanks", "好的謝謝", "hello"])
def test_small_talk_asks_nothing_of_the_turn_before(question: str) -> None:
    assert searched(question, JOBS) == [question]
    assert searched("why?", [(question, "...")]) == ["why?"]


@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("hello", "en", "Ask a question"),
        ("thanks!", "en", "Ask a question"),
        ("What can you do?", "en", "Ask a question"),
        ("您好，谢谢", "zh-Hans", "请就文件提问"),
        ("你能做什么？", "zh-Hans", "请就文件提问"),
        ("可以問什麼", "zh-Hant", "請就文件提問"),
    ],
)
def test_who_asks_nothing_is_told_what_can_be_asked(nanguan: Index, question: str, language: str, says: str) -> None:
    answer = nanguan.ask(question)
    assert not answer.answered
    assert says in answer.text
    assert answer.language == language
    assert len(answer.suggestions) == 3
    assert not answer.nearby


@pytest.mark.parametrize(
    "question", ["What can you do for the elderly?", "Is there help?", "怎么用好人才？", "谁来帮忙"]
)
def test_questions_that_begin_like_small_talk_are_questions(question: str) -> None:
    assert not is_greeting(question)


def test_a_follow_up_is_told_with_the_question_it_leans_on(nanguan: Index) -> None:
    answer = nanguan.ask("when?", [("Which metro lines are supported?", "...")])
    assert answer.understood == "Which metro lines are supported? when?"
    assert nanguan.ask(answer.understood).answered == answer.answered
    assert nanguan.ask("tell me more", JOBS).understood == JOBS[0][0]


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("What does Nanguan plan for education?", "anything else?"),
        ("what does Nanguan plan for employment?", "what else?"),
        ("教育有什麼規劃?", "還有呢?"),
    ],
)
def test_what_has_been_told_in_full_has_nothing_more(nanguan: Index, before: str, question: str) -> None:
    assert not nanguan.ask(question, [(before, nanguan.ask(before).text)]).answered


@pytest.mark.parametrize("history", [[("one",)], [("a", 3)], ["ab"[:1]], [("a", "b", "c")]])
def test_a_history_that_is_no_list_of_pairs_is_refused(history: object) -> None:
    with pytest.raises(QuestionError):
        searched("and?", history)


def test_a_long_history_and_none_at_all_are_taken() -> None:
    assert searched("which ones?", [*[("and then?", "...")] * 5000, *JOBS]) == [JOBS[0][0]]
    assert searched("which ones?", None) == ["which ones?"]


def test_the_kind_of_answer_is_told_from_what_the_follow_up_itself_asks(
    nanguan: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    retrieve = asking.Retriever.retrieve

    def told_by(self, question, language, without=(), kind_of=""):
        told.append((question, kind_of))
        return retrieve(self, question, language, without, kind_of)

    monkeypatch.setattr(asking.Retriever, "retrieve", told_by)
    question, history = "with which models?", [("Is consumption being upgraded?", "...")]
    nanguan.ask(question, history)
    assert told == [(reading.searched, reading.asked) for reading in readings(question, history)]
    assert {asked for _, asked in told} == {question}


@pytest.mark.parametrize(
    ("before", "question", "gold"),
    [
        ("what does Nanguan plan for employment?", "and for housing?", "增強住房保障能力"),
        ("Is consumption being upgraded?", "with which models?", "推動TOD、EOD模式開發"),
        ("商辦經濟怎麼管", "哪三級?", "三級工作體系"),
        ("三长联动是什么", "目的是什么?", "“三長”聯動機制"),
        ("What is the plan for tourism?", "where exactly?", "紅石砬子山"),
        ("怎樣幫助弱勢群體?", "包括哪些人?", "三層保障"),
        ("地铁修得怎么样了", "妇联在区里要干啥", "婦聯等群團組織"),
        ("新的購物中心有哪些?", "傳統的那些商場怎麼辦?", "傳統商場"),
    ],
)
def test_a_follow_up_finds_its_sentence(nanguan: Index, before: str, question: str, gold: str) -> None:
    answer = nanguan.ask(question, [(before, "...")])
    assert gold in answer.citations[0].quote
    assert answer.question == question
    [best] = nanguan.rank(question, [(before, "...")], k=1)
    assert best.start == answer.citations[0].start


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("What is planned for the metro?", "when?"),
        ("Which metro lines is the district working on?", "when do they open?"),
        ("How does Huawei help?", "what's their phone number?"),
        ("义务教育怎么发展", "那大熊猫呢"),
        ("區裡怎麼促進就業?", "寵物可以上公車嗎"),
    ],
)
def test_the_turn_before_does_not_answer_what_it_leaves_open(nanguan: Index, before: str, question: str) -> None:
    assert nanguan.ask(before).answered
    assert not nanguan.ask(question, [(before, "...")]).answered


def test_what_was_told_is_not_what_else_there_is(nanguan: Index) -> None:
    question = "社區治理怎麼做?"
    told = nanguan.ask(question)
    others = nanguan.ask("還有別的嗎?", [(question, told.text)])
    assert others.citations
    assert not {one.start for one in told.citations} & {one.start for one in others.citations}
    assert all(one.quote != one.section for one in others.citations)  # a heading tells nothing more
    again = nanguan.ask("更多細節?", [(question, told.text)])
    assert again.citations[0].start == told.citations[0].start


def test_a_document_is_asked_about_itself_after_any_turn(nanguan: Index) -> None:
    history = [("What is planned for the metro?", "...")]
    assert nanguan.ask("Who wrote this?", history).text == nanguan.ask("Who wrote this?").text
    assert nanguan.rank("Who wrote this?", history) == nanguan.rank("Who wrote this?")


@pytest.mark.parametrize(
    ("before", "language"),
    [
        ("南关区怎么促进就业?", "zh-Hans"),
        ("南關區如何促進就業?", "zh-Hant"),
        ("what about jobs?", "zh"),
        ("有多少人口?", "zh"),
    ],
)
def test_a_question_in_either_script_keeps_that_of_the_turn_before(before: str, language: str) -> None:
    assert language_asked("那住房呢?", [(before, "...")]) == language
    assert language_asked("and for housing?", [(before, "...")]) == "en"


def test_the_readers_language_decides_on_the_script_where_nothing_else_does() -> None:
    assert [language_asked("食品安全", [], reader) for reader in ("zh-Hans", "zh-Hant", "en", "")] == [
        "zh-Hans",
        "zh-Hant",
        "zh",
        "zh",
    ]
    assert language_asked("食品安全", [("南關區怎樣促進就業?", "...")], "zh-Hans") == "zh-Hant"
    assert language_asked("地鐵有什麼安排?", [], "zh-Hans") == "zh-Hant"


def test_a_very_long_earlier_turn_is_read_no_further_than_a_question_may_be(nanguan: Index) -> None:
    history = [("what is planned for housing " * 10_000, "...")]
    for question in ("and for schools?", "which ones?", "how will they be supported?"):
        for reading in readings(question, history):
            assert len(reading.instead) <= MAX_QUESTION
        reading = understood(nanguan.retriever, question, history)
        assert max(len(reading.searched), len(reading.asked)) <= MAX_QUESTION


@pytest.mark.parametrize(
    ("question", "before", "joined"),
    [("还有哪个水库边上的？", "哪里的土地会放出来？", True), ("民主党派有说话的地方吗？", "政协起什么作用？", False)],
)
def test_a_question_that_fits_the_same_sentence_alone_and_with_the_turn_before_needs_no_more_than_any_other(
    nanguan: Index, monkeypatch: pytest.MonkeyPatch, question: str, before: str, joined: bool
) -> None:
    told = iter([0.2, 0.4])  # alone, and joined: refused and answered, but not surely
    monkeypatch.setattr(asking, "confidence", lambda values, calibration: next(told))
    assert (before in understood(nanguan.retriever, question, [(before, "...")]).searched) == joined


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("What is planned for tourism?", "tell me a joke"),
        ("怎样帮助弱势群体?", "美国有几个州？"),
        ("商辦經濟怎麼管?", "種番茄的訣竅"),
    ],
)
def test_what_has_nothing_to_do_with_the_documents_is_no_follow_up(nanguan: Index, before: str, question: str) -> None:
    assert not nanguan.ask(question, [(before, "...")]).answered
