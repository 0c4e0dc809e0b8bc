"""The document view, as HTML."""

from __future__ import annotations

import re

from index import Document, Index
from index.collection import Collection
from page.document import document_html, documents_html, question_about


def test_every_sentence_is_there_once_with_its_anchor_and_its_rendering(nanguan: Index) -> None:
    collection = nanguan.retriever.collection
    html = document_html(collection, 0)
    anchors = re.findall(r'<div class="row \w+" id="s(\d+)"', html)
    assert anchors == sorted(set(anchors), key=int)
    starts = [collection.sentence(number).start for number in range(len(collection.sentences))]
    assert set(map(str, starts)) <= set(anchors)
    assert html.count('class="cell') - html.count('class="cells') == len(starts)
    assert html.count('class="rendering"') == len(starts)
    assert "責任編輯" in html


def test_contents_name_the_sections_in_the_readers_language(nanguan: Index) -> None:
    html = document_html(nanguan.retriever.collection, 0)
    contents = html[html.index('class="contents"') : html.index("</details>")]
    assert contents.count("<li>") == 6
    assert "Keep improving people&#39;s wellbeing" in contents
    assert "不斷增進民生福祉" in contents
    assert '<span class="ui" lang="zh-Hans">不断增进民生福祉' in contents


def test_whose_rendering_is_shown_is_said_once_in_the_language_of_the_page(nanguan: Index) -> None:
    html = document_html(nanguan.retriever.collection, 0)
    [note] = re.findall(r'<p class="whose">(.*?)</p>', html)
    assert '<span class="ui" lang="en">English rendering by this project, not the publisher&#39;s</span>' in note
    assert '<span class="ui" lang="zh-Hant">英文由本專案翻譯，非發布者所譯</span>' in note
    assert '<span class="ui" lang="zh-Hans">英文由本项目翻译，非发布者所译</span>' in note
    own = Document(
        "zoo", "動物園九點開門。", renderings={"en": "The zoo opens at nine."}, rendering_notes={"en": "By Ann"}
    )
    assert document_html(Collection.of([own]), 0).count("By Ann") == 3
    unsaid = Document("zoo", "動物園九點開門。", renderings={"en": "The zoo opens at nine."})
    assert 'class="whose"' not in document_html(Collection.of([unsaid]), 0)


def test_a_list_of_documents_is_offered_only_where_there_are_several() -> None:
    one, two = Document("a", "The zoo opens at nine."), Document("b", "The farm opens at six.", title='"Farm" <b>')
    assert documents_html([one], 0) == ""
    html = documents_html([one, two], 1)
    assert "&#34;Farm&#34; &#60;b&#62;" in html
    assert html.index("selected") > html.index('value="1"')
    assert 'class="lines one"' in document_html(Collection.of([one, two]), 1)


def test_links_name_their_document_but_for_the_first() -> None:
    text = "1. Hours\nIt opens at nine.\n2. Fees\nIt costs two euros."
    both = Collection.of([Document("zoo", text), Document("farm", text)])
    for number, prefix in enumerate(("#s", "#d1s")):
        links = re.findall('href="([^"]*)"', document_html(both, number))
        assert links[:4] == [f"{prefix}{start}" for start in (0, 9, 27, 35)]  # the ribbon's
        assert links[4:] == [f"{prefix}{start}" for start in (0, 27)]  # the contents'


def test_a_long_document_stays_light() -> None:
    text = "\n".join(f"On day {day} the keeper of hall {day % 7} swept the floor." for day in range(3000))
    html = document_html(Collection.of([Document("diary", text)]), 0)
    assert html.count('class="row ') == 3000
    assert html.count('class="cell') - html.count('class="cells') <= 400  # a strip that eyes can tell apart
    assert max(part.count('class="row ') for part in html.split('class="part"')[1:]) <= 40  # laid out as it is seen
    assert len(html) < 4 * len(text)


def test_a_sentence_may_be_known_to_answer_a_question(nanguan: Index) -> None:
    collection = nanguan.retriever.collection
    start = collection.documents[0].text.index("兜牢民生底線")
    assert question_about(collection, 0, start, "en").endswith("?")
    assert question_about(collection, 0, start, "zh-Hans").endswith("？")
    assert question_about(collection, 0, start + 1, "en") == ""
