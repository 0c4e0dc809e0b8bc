"""A sentence laid out as a list."""

from __future__ import annotations

from index import Index
from page.measures import measures

JOBS = (
    "兜牢民生底線,落實就業優先戰略,精準扶持重點群體就業,深入實施“安心就業,十大行動計劃”,全力推進“高校畢業生留長工程”,"
    "扎實開展根治欠薪行動,保持就業形勢總體穩定。"
)


def test_a_chinese_list_of_measures_is_cut_at_its_clauses_and_not_inside_quotation_marks() -> None:
    assert measures(JOBS) == [
        "兜牢民生底線,",
        "落實就業優先戰略,",
        "精準扶持重點群體就業,",
        "深入實施“安心就業,十大行動計劃”,",
        "全力推進“高校畢業生留長工程”,",
        "扎實開展根治欠薪行動,",
        "保持就業形勢總體穩定。",
    ]


def test_a_short_or_plain_sentence_stays_one() -> None:
    for sentence in ("Penguins, seals, otters and bears live here.", "企鵝、海豹,都在這裡。", ""):
        assert measures(sentence) == [sentence]
    long = "The zoo, which opened in the spring of that year under a director who had travelled widely and written a "
    long += "good deal on the keeping of seals, is closed, for now, on Mondays, until the ice is thick enough to bear."
    assert measures(long) == [long]


def test_an_english_measure_is_something_done_by_somebody_named_before() -> None:
    kept = "The zoo keeps its penguins, its bears, and elderly lions without a family, in one hall,"
    kept += " schools and building firms being let in for nothing,"
    rest = [" feeds them twice a day,", " cleans the pools,", " and is open on Mondays."]
    assert measures(kept + "".join(rest)) == [kept, *rest]
    for intro in ("The zoo, starting from what it has", "In keeping with the custom of this old town, the zoo"):
        plain = f"{intro}, builds a new, larger and lighter hall, and strives to bring about better times for us all."
        assert measures(plain) == [plain]


def test_what_only_says_when_or_where_is_no_measure() -> None:
    led = "在全面建設動物園的過程中,園方努力擴建企鵝館,"
    rest = ["持續改善海豹池,", "不斷提高飼養水平,", "積極開展夜間導覽,", "堅決保障遊客安全。"]
    assert measures(led + "".join(rest)) == [led, *rest]


def test_numbers_are_never_cut() -> None:
    sentence = "The zoo keeps 1,200 penguins in the old hall by the gate, " * 4
    assert all("1,200" in item for item in measures(sentence) if "keeps" in item)


def test_nothing_of_the_article_is_lost_in_a_list(nanguan: Index) -> None:
    collection = nanguan.retriever.collection
    texts = [text for number in range(len(collection.sentences)) for text in collection.texts_of(number)]
    assert all("".join(measures(text)) == text for text in texts)
    assert sum(len(measures(text)) > 1 for text in texts) > 10
