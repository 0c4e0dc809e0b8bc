"""Sentences, roles and offsets."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from index.segmentation import Role, segment, unmarked
from tests.timing import seconds


def texts(text: str, **options: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in segment(text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("第一句。第二句!第三句?", ["第一句。", "第二句!", "第三句?"]),
        ("他說:“好的。”然後走了。", ["他說:“好的。”", "然後走了。"]),
        ("價格是3.5元。還有!", ["價格是3.5元。", "還有!"]),
        ("半角,逗號,不斷句。完", ["半角,逗號,不斷句。", "完"]),
        ("Dr. Li came. He left at 3.5 p.m. today.", ["Dr. Li came.", "He left at 3.5 p.m. today."]),
        ("J. R. Smith wrote it. Yahoo! is old. Really?", ["J. R. Smith wrote it.", "Yahoo! is old.", "Really?"]),
        ('She said "Stop." Then it ended.', ['She said "Stop."', "Then it ended."]),
        ("One\n\nTwo", ["One", "Two"]),
        ("1. Register.\n2. Pay.\n2.1. Keep the receipt.", ["1. Register.", "2. Pay.", "2.1. Keep the receipt."]),
        ("Do this: 1. Register. 2. Pay.", ["Do this: 1. Register.", "2. Pay."]),
        ("It grew by 12. Then it fell.", ["It grew by 12.", "Then it fell."]),
        ("See Sec. 3 of it. The U.S. Senate sat.", ["See Sec. 3 of it.", "The U.S. Senate sat."]),
        (
            "He left the U.S. The bus goes at 9 p.m. It is full.",
            ["He left the U.S.", "The bus goes at 9 p.m.", "It is full."],
        ),
        ("“回家。”小李说。“我也去！”小王大声喊道。", ["“回家。”小李说。", "“我也去！”小王大声喊道。"]),
        ("「好！」她笑著說，「走吧。」他走了。", ["「好！」她笑著說，「走吧。」", "他走了。"]),
        ("他說：「好。」對我來說，「好」不難。", ["他說：「好。」", "對我來說，「好」不難。"]),
        ("他寫道：「好。」他還寫小說。她問：「誰？」", ["他寫道：「好。」", "他還寫小說。", "她問：「誰？」"]),
        (
            '"Why?" Ann asked. "It is late!" Mr Lee cried again.',
            ['"Why?" Ann asked.', '"It is late!" Mr Lee cried again.'],
        ),
        ("“Why?” The old man left. Ann asked.", ["“Why?”", "The old man left.", "Ann asked."]),
        (
            '"Who?" Nobody answered. "Me!" Ann said nothing.',
            ['"Who?"', "Nobody answered.", '"Me!"', "Ann said nothing."],
        ),
        (
            "We paid tolls etc. The team came. Ask Lee Inc. and Co. In May it rains.",
            ["We paid tolls etc.", "The team came.", "Ask Lee Inc. and Co.", "In May it rains."],
        ),
        ("Sammy Davis Jr. Smith Ltd. Sold etc. Tolls.", ["Sammy Davis Jr. Smith Ltd. Sold etc. Tolls."]),
        ("   ", []),
        ("", []),
        ("。", ["。"]),
        ("——\n\n。！", ["——", "。！"]),
    ],
)
def test_sentences_are_cut_at_their_ends(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


def test_lines_wrapped_at_a_fixed_width_are_one_sentence() -> None:
    wrapped = (
        "The district strengthens its capacity to provide housing and makes\n"
        "every effort to resolve the problem of homes that were not handed\n"
        "over on time. It manages low-rent housing strictly and with care."
    )
    assert [sentence[:12] for sentence in texts(wrapped)] == ["The district", "It manages l"]


def test_markdown_and_numbered_lines_are_headings() -> None:
    text = "# Report\n\nFirst words here.\n\n## 二、住房\n\n住房的句子。\n\n第三章 教育\n教育的句子。"
    roles = [(piece.role, piece.section) for piece in segment(text)]
    assert roles == [
        (Role.TITLE, 0),
        (Role.BODY, 0),
        (Role.HEADING, 1),
        (Role.BODY, 1),
        (Role.HEADING, 2),
        (Role.BODY, 2),
    ]


def headings(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in segment(text) if piece.role is Role.HEADING]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Scope\n\nAll homes.\n\n2 Terms\n\nA home is a flat.", ["1. Scope", "2 Terms"]),
        ("1. Scope\n\n1.1 Homes\nAll of them.\n\n2.1. Rent\nIt is low.", ["1. Scope", "1.1 Homes", "2.1. Rent"]),
        ("2. Steps\n\n1. Register\n2. Pay\n3. Wait\n\nThat is all.", ["2. Steps"]),
        ("Do so:\n\n1. Register\n\n2. Pay\n\n3. Wait\n\nThat is all.", []),
        ("Take this:\n\n2.5 kg flour\n\nStir well.", []),
        ("Hours\nMonday 9 to 5\nTuesday 9 to 5\nSunday closed\n\nCome in.", ["Hours"]),
        (
            "Prices\n\n| year | price |\n| --- | --- |\n| 2024 | 120 |\n\nyear\tprice\n\n———\n\nAll in yuan.",
            ["Prices"],
        ),
        ("```sh\n# a comment\n\nmake chat\n```\n\n<!-- note -->\n\n![A page](a.png)\n\n## Why\n\nSo.", ["## Why"]),
        ("Part one\nChapter one\nIt began.", ["Part one", "Chapter one"]),
        ("一、住房\n1.1 保障\n第三章 教育\n句子。", ["一、住房", "1.1 保障", "第三章 教育"]),
        ("1. Scope\nAll homes are meant.\n\n2. Terms\nA home is a flat.", ["1. Scope", "2. Terms"]),
        ("1.1 Trains\nBook early.\n\n2. Gifts\nDeclare them.", ["1.1 Trains", "2. Gifts"]),
        ("1、範圍\n適用於全體。\n2、假期\n每年十天。", ["1、範圍", "2、假期"]),
        ("1. Milk from the shop\non the corner.\n\n2. Bread\nIf there is any.", ["2. Bread"]),
        ("1. Milk\nIt must be fresh.\n2. Bread\n3. Eggs\n\nThat is all.", []),
        ("Buy this:\n\n1. Milk\nIt must be fresh.\n\nThat is all.", []),
        ("## 1. The treasurer's report\n\nIt is read. It is long.", ["## 1. The treasurer's report"]),
        ("### Why? And how? ###\n\nSo.", ["### Why? And how? ###"]),
        ("Keys\nFront door: Ann Lee\nShed: Bo Chen", ["Keys"]),
        ("Cook: Ann Lee\n\nDriver: Bo Chen\n\nNurse: Cy Dale\n\nAll speak English.", []),
        ("**日期**：五月三日\n**地點:** 活動中心\n\n## 提案: 修路\n\n通過。", ["## 提案: 修路"]),
        ("一、日期：五月\n二、地點：禮堂\n句子。", ["一、日期：五月", "二、地點：禮堂"]),
        ("Part 1: Home\n\nChapter 1: The door\n\nIt was open.", ["Part 1: Home", "Chapter 1: The door"]),
        ("A note: keys\n\nAsk for them at the desk.", ["A note: keys"]),
        ("From 9:00 to 5:00\n\nSaturday 9:00 to 12:00\n\nCome in.", ["From 9:00 to 5:00", "Saturday 9:00 to 12:00"]),
    ],
)
def test_what_is_a_heading_and_what_is_of_a_list_or_a_table(text: str, found: list[str]) -> None:
    assert headings(f"Title\n\n{text}") == found


@pytest.mark.parametrize(
    ("heading", "shown"), [("## Licence", "Licence"), (" # C# ##", "C#"), ("C#", "C#"), ("#tag", "#tag"), ("#", "#")]
)
def test_a_heading_is_shown_without_the_marks_of_markdown(heading: str, shown: str) -> None:
    assert unmarked(heading) == shown


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Name: Ann Lee\nPhone: 555-0147\n\nShe is in.", Role.BODY),
        ("The door: a novel\n\nBy: Ann Lee\n\nIt was open.", Role.TITLE),
        ("The door: a novel\n\nIt was open.", Role.TITLE),
    ],
)
def test_a_label_with_its_value_is_no_title_unless_it_is_a_paragraph(text: str, role: Role) -> None:
    assert segment(text)[0].role is role


def test_labels_with_their_values_are_not_joined_as_wrapped_lines() -> None:
    text = "Present at the meeting: Ann Lee, Bo Chen, Cy Dale, Di Eames\nExcused: Ed Fox"
    assert texts(text) == text.splitlines()
    text = "They all came to the meeting at the hall, and the chair of it\nsaid: the hall is cold today."
    assert texts(text) == [text]


def test_a_title_is_one_span_and_so_is_a_heading_unless_it_overflows() -> None:
    pieces = segment("# 1. Minutes. A draft\n\nIt rains. It snows.\n\n## " + "It rains. " * 100 + "\n\nIt does.")
    assert [piece.role for piece in pieces[:3]] == [Role.TITLE, Role.BODY, Role.BODY]
    assert {piece.section for piece in pieces if piece.role is Role.HEADING} == {1}
    assert max(piece.end - piece.start for piece in pieces) <= 600


def test_lines_of_marks_and_fences_of_code_are_no_content_and_rows_are_one_span_each() -> None:
    text = (
        "---\n\n# Queue\r\n\r\n```sh\r\nmake chat\r\n```\n\n| name | what it is for |\n|:--|---|\n"
        "| visibility | how long a taken job is hidden. Then |\n| attempts | how often a job that fails is tried |\n"
        "\n* * *\n\nUse ``` for code.\n```make```\n……"
    )
    assert [(piece.role, text[piece.start : piece.end][:9]) for piece in segment(text)] == [
        (Role.RULE, "---"),
        (Role.TITLE, "# Queue"),
        (Role.RULE, "```sh"),
        (Role.BODY, "make chat"),
        (Role.RULE, "```"),
        (Role.HEADER, "| name | "),
        (Role.RULE, "|:--|---|"),
        (Role.BODY, "| visibil"),
        (Role.BODY, "| attempt"),
        (Role.RULE, "* * *"),
        (Role.BODY, "Use ``` f"),
        (Role.BODY, "```make``"),
        (Role.RULE, "……"),
    ]


def test_a_line_of_marks_is_no_heading_of_its_paragraph() -> None:
    assert [piece.role for piece in segment("！？！\n第一句。", "first-sentence")] == [Role.RULE, Role.BODY]
    assert [piece.role for piece in segment("——\n責任編輯/艾杰")] == [Role.RULE, Role.BODY]


def test_a_document_of_one_paragraph_is_body() -> None:
    assert [piece.role for piece in segment("No full stop at the end of it")] == [Role.BODY]


@pytest.mark.parametrize("line", ["責任編輯/艾杰", "责编:王五", "(Editor: A. Smith)", "編輯 / 李四"])
def test_credit_lines_at_the_end_are_not_content(line: str) -> None:
    pieces = segment(f"正文第一句。\n正文第二句。■\n{line}")
    assert [piece.role for piece in pieces] == [Role.BODY, Role.BODY, Role.END_MARK, Role.CREDIT]


def test_what_overflows_is_cut_at_clauses_and_nothing_is_lost() -> None:
    text = "這是一個很長的分句," * 300
    pieces = segment(text)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert all(piece.end - piece.start <= 600 for piece in pieces)


def test_no_character_but_white_space_is_left_out() -> None:
    generator = random.Random(7)
    alphabet = "甲乙丙 。!?.,\n\r\t“”()■□aB3\u2028\u3000😀\ud800—"
    for _ in range(500):
        text = "".join(generator.choices(alphabet, k=generator.randrange(1, 80)))
        pieces = segment(text, generator.choice(["lines", "first-sentence"]))  # type: ignore[arg-type]
        covered = set()
        for before, after in pairwise(pieces):
            assert before.end <= after.start
        for piece in pieces:
            assert piece.start < piece.end
            covered.update(range(piece.start, piece.end))
        assert all(text[place].isspace() for place in range(len(text)) if place not in covered), repr(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "character",
    ["a", "。", ".", "一", " ", "\n", '"', "■", "A. ", "■x", "..a", "1. ", "U.S. ", "a\n", "1. a\n\n", "|\t\n"],
)
def test_time_is_linear_in_length(character: str) -> None:
    def taken(length: int) -> float:
        return seconds(segment, (character * length)[:length])

    most = 300_000 if "\n" in character[1:] else 1_000_000  # a piece of each line takes longer
    taken(1000)
    segment(character * 50_000 + "x")  # what almost ends a line must not be tried from every place
    assert taken(most) < 20 * max(taken(most // 10), 0.05)
