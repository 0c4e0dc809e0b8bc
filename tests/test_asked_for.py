"""The kind of answer a question asks for, and whether a text offers it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.answer_kinds import DETAILS, NOTHING_KNOWN
from index.asked_for import KINDS, unmet, unoffered
from index.script import HAN

METRO = "全力做好地鐵6號線、7號線保障任務。"
LISTS = "大力推行包容審慎“四張清單”,做好低保戶、殘疾人、孤寡老人等幫扶工作。"


@pytest.mark.parametrize(
    ("question", "text", "kind"),
    [
        ("How much will metro line 6 cost?", METRO, "money"),
        ("地铁6号线的票价是多少?", METRO, "money"),
        ("7號線總共有幾個車站?", METRO, "count"),
        ("how many stations does line 6 have", "Build lines 6 and 7 of the metro.", "count"),
        ("地铁7号线什么时候通车", METRO, "date"),
        ("When will the line open?", "Build lines 6 and 7 of the metro.", "date"),
        ("四張清單是哪四張?", LISTS, "list"),
        ("Who is the director of the platform?", "Improve the Nanfu Dexin Platform Company.", "person"),
        ("區長是誰?", "加強党的建設,習近平總書記指出", "person"),
        ("Who is the director?", "The director of Internal Affairs signs each report.", "person"),
        ("Who is the mayor?", "The mayor said: “There will be no fee.”", "person"),
        ("What is the hotline for wage arrears?", "Punish unpaid wages.", "phone"),
        ("回遷房在哪裡辦?", "推進農民回遷房建設。", "address"),
        ("How old must one be?", "People in need are helped.", "age"),
        ("去年幫了多少家企業?", "力爭新增企業40家以上。", "so far"),
        ("萬象城面積在全國排第幾", "以華潤萬象城為引領。", "rank"),
        ("專班裡有幾個人?", "建立三級工作體系。", "people"),
        ("how many staff does it have", "a three-tier system", "people"),
        ("去年的GDP是多少?", "落實“一主六雙”戰略。", "figure"),
        ("What are the income limits?", "Low-rent housing is strictly managed.", "condition"),
        ("網格員怎麼報名?", "完善網格化管理。", "condition"),
        ("坐幾路公交能到?", METRO, "route"),
        ("该上哪所小学?", "持續優化教育布局。", "school"),
        ("第一条写的是啥", "執行“新十條”政策。", "article"),
        ("Name the developers.", "Homes that are overdue are handed over.", "company"),
        ("「兩個辦法」分別是什麼?", "執行容錯糾錯“兩個辦法”和“新十條”政策。", "list"),
        ("How many lists are there?", "a three-tier system", "count"),
        ("現任區長是哪一位?", "學習習近平總書記的講話。", "person"),
        ("What is the name of the party secretary?", "學習貫徹習近平總書記視察吉林重要講話。", "person"),
        ("这个说法是谁最先提出来的?", "发扬“严新细实”作风。", "person"),
        ("犯罪率比朝陽區低嗎?", "嚴厲打擊違法犯罪。", "comparison"),
        ("How does its service sector compare with that of Chaoyang?", "Services are improved.", "comparison"),
        ("Why are so many wages still unpaid?", "Wage arrears are ended.", "cause"),
        ("老商场的客流为什么越来越少?", "推動傳統商場提質改造。", "cause"),
        ("归哪个科室管?", "完善網絡輿情應對處置機制。", "office"),
        ("Which residents objected to it?", "Resettlement homes are built.", "protest"),
        ("帶狗進去可以嗎?", "探索開發八一公園。", "permission"),
        ("What does EOD stand for?", "推動TOD、EOD模式開發。", "meaning"),
        ("How often does the group meet?", "提升中心組學習質量。", "frequency"),
        ("没落实会受什么处分?", "落實意識形態工作責任制。", "penalty"),
        ("這個品牌的經費從哪裡來?", "深化品牌建設。", "funding"),
        ("do I need a permit?", "People in need get help.", "condition"),
        ("需要什么材料?", "重要讲话、主要目标。", "condition"),
        ("When will it end?", "The 20th Congress guides the three-year plan.", "date"),
        ("Did the shopkeepers agree?", "Markets are upgraded.", "so far"),
        ("施工时有没有发生过事故?", METRO, "so far"),
        ("「三長」指的是哪三種長?", "做細做實“三長”聯動機制,深化服務行動,打通最後一公里。", "list"),
    ],
)
def test_what_is_asked_for_and_not_offered_is_told(question: str, text: str, kind: str) -> None:
    assert kind in unmet(question, [text])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("By what time must a parcel be here?", "Parcels that are in by 3 p.m. go out the same day."),
        ("几点熄灯?", "寄宿生22:10熄灯。"),
        ("條例什麼時候生效?", "本條例自公布後兩個月施行。"),
        ("收了几个男孩?", "其中男生僅四名。"),
        ("今年要種多少畝稻?", "種稻一千二百畝。"),
        ("多少年之內不得再報?", "三年內不得再報。"),
        ("How many shops did she ask?", "She asked seventeen dealers."),
        ("馬戲團在哪裡辦?", "馬戲團在河濱廣場舉行。"),
        ("Where do I find the ladder?", "The ladder is by the cellar wall."),
        ("坐几路小巴?", "乘 12 號小巴到橋頭。"),
        ("充電樁的費用補助幾成?", "政府補助四成。"),
        ("值班负责人是谁?", "值班主管由李海燕担任。"),
        ("Who is the chair of the panel?", "The panel, chaired by Dr Anna Moss, meets monthly."),
        ("Can I book by phone?", "Bookings are taken by the front desk alone."),
        ("偷拍会怎么处罚?", "Whoever films others is banned for two weeks."),
        ("How big is the loan?", "Shops may borrow up to £9,000."),
        ("Who pays for the paper?", "卫生纸由甲方采购。"),
        ("哪个部门牵头?", "由鎮農技中心牽頭。"),
        ("Did the board accept the plan?", "It accepted all of it but one point."),
        ("How many new firms are wanted?", "力爭新增國家高新技術企業40家以上。"),
        ("保障哪几条地铁?", METRO),
        ("When did the war end?", "It ended on 11 November 1918."),
        ("什么时候发表的?", "於1987年發表。"),
        ("区委书记是谁?", "區委書記王小明說。"),
        ("Who is the mayor of the city?", "Mayor Anna Schmidt opened it."),
        ("Who is the chairwoman?", "The chairwoman, Theresa May, opened the hall."),
        ("Who is the mayor?", "It was opened by Mayor Wei Jianguo."),
        ("Who is the director?", "Director Ingrid Berg signed the lease."),
        (
            "Which 13 streets are closed?",
            "Closed are Ash, Bay, Beech, Cedar, Dogwood, Elm, Fir, Gorse, Hazel, Ivy, Larch, Lime and Maple Street, "
            "each for the whole of the fair.",
        ),
        ("How long is the campaign?", "a three-year campaign"),
        ("票价多少?", "票价2元。"),
        ("Which four ways are to improve?", "raise standards, speed, quality, and efficiency"),
        ("what does Nanguan plan for employment?", "落實就業優先戰略。"),
        ("哪家老店?", "支持鼎豐真。"),
        ("有几个国家?", "這一地區包括九個國家。"),
        ("多少人死于瘟疫?", "三分之二的人口因為瘟疫消失。"),
        ("几家联手办学校这事儿还搞吗?", "深化合作辦學模式。"),
        ("What three tiers work together?", "建立“樓宇專班—屬地街鄉—運營主體”三級工作體系。"),
        ("要符合什么条件?", "须年满十八岁。"),
        ("Will they promise more than they can afford?", "Services stay within what the budget bears."),
        ("买了房拿不到,区里怎么处理?", "全力化解逾期交房問題。"),
        ("What does the plan mean for workers?", "Jobs come first."),
        ("哪几个商场打头阵?", "以萬象城、“銀河一英里”為引領。"),
        ("do I need a permit?", "You need a permit from the town hall."),
        ("do i need a sick note?", "A doctor's note is needed from the eighth day."),
        ("需要什么材料?", "需携带身份证。"),
        ("需要哪些證件?", "申請人要帶戶口名簿。"),
        ("每英里补多少钱?", "Mileage in your own car is paid at 45p per mile."),
        ("押金要付多少?", "乙方應於簽約時交付兩個月租金作為押金。"),
        ("押金多少?", "我们不收押金。"),
        ("How much is the delivery?", "Delivery is free within the city."),
        ("Who pays the water bill?", "水費由乙方自行負擔。"),
        ("要炖多久?", "转小火炖一个半小时。"),
        ("how long does it take?", "五個工作日內發放。"),
        ("保修多长时间?", "终身保修。"),
        ("水和米什么比例?", "水和米的比例是十比一。"),
        ("When is the fish cooked?", "外婆总是在冬至那天做这道菜。"),
        ("when does his hand hurt?", "Only when the wind is from the north."),
        ("核心時段是幾點到幾點?", "上午十點至下午四點。"),
        ("When does it open?", "It opens at nine."),
        ("Since when is it supported?", "Supported since version 1.4."),
        ("她當到多少歲?", "She kept the post until she was seventy-one."),
        ("葬在哪裡?", "They buried him on the hill, facing the sea."),
        ("会议室在哪里?", "会议室在三楼。"),
        ("E2 是什麼意思?", "E2：加熱管過熱。"),
        ("水箱多大?", "水箱容量：4.5公升"),
        ("How high is the desk?", "The desk is 75 cm high."),
        ("How heavy is it?", "重一千二百公克。"),
        ("How many days a week can I work from home?", "每週最多可遠距三天。"),
        ("有几本书?", "There are seventeen books."),
        ("網址是什麼?", "詳見 example.com。"),
        ("雞舍在哪裡?", "雞舍在穀倉後面。"),
        ("厕所在哪里?", "厕所在大门的左边。"),
        ("小明住在哪裡?", "小明住在台北。"),
        ("鑰匙在哪裡?", "鑰匙放在抽屜裡。"),
        ("How much was spent on tools?", "| Tools | 655 |"),
        ("校长是谁?", "| 王丽 | 校长 | 301 |"),
        ("Who is the manager?", "| Manager | Ann Lee |"),
        ("图书馆在哪里?", "| 图书馆 | 三楼 |"),
        ("When do I need a doctor's note?", "A note is needed from the third day."),
        ("How old do parrots get?", "Parrots can live for sixty years."),
        ("", ""),
    ],
)
def test_what_is_offered_or_not_asked_for_is_not_missed(question: str, text: str) -> None:
    assert unmet(question, [text]) == ()


def test_the_mark_at_the_end_decides_nothing(golden: Path) -> None:
    fit = Path(__file__).parents[1] / "benchmarks" / "nanguan_fit.jsonl"
    lines = [line for file in (golden, fit) for line in file.read_text("utf-8").splitlines()]
    questions = [question for line in lines if HAN.search(question := json.loads(line)["question"])]
    assert len(questions) > 1000
    for question in questions:
        bare = question.rstrip("?？ ")
        assert len({unmet(bare + mark, [METRO]) for mark in ("", "?", "？", " ?")}) == 1, bare


def test_a_price_is_asked_for_by_no_other_number() -> None:
    for question in ("房租每個月多少錢?", "房租每个月多少钱？", "房租每個月多少錢"):
        assert unmet(question, ["每月租金三萬二千元整。"]) == ()
        assert unmet(question, ["租金每月繳納。"]) == ("money",)


def test_one_text_that_offers_it_is_enough() -> None:
    assert unmet("How many?", ["none", "40"]) == ()
    assert set(unmet("How much money and how many years?", [])) <= set(KINDS)


def test_a_chinese_original_is_not_said_to_name_somebody_by_its_renderings_capitals() -> None:
    texts = ["充分發揮華為吉林總部的領軍作用。", "Give full play to the leading role of Huawei's Jilin Headquarters."]
    assert "person" in unmet("Who runs the headquarters?", texts)


def test_where_the_original_only_names_a_list_a_chain_in_a_rendering_is_not_it() -> None:
    texts = [
        "深化“三層保障”模式。",
        "Deepen the three-tier protection model (local), helping poor, disabled, and old people.",
    ]
    assert "list" in unmet("三層保障是哪三層?", texts)


def odds(**of: float) -> np.ndarray:
    return np.array([of.get(detail, -6.0) for detail in DETAILS], np.float32)


def test_what_lacks_is_weighed_against_what_is_offered() -> None:
    asked, price, both = "the bill for it, all in", "It costs 3 yuan.", "It costs 3 yuan, from 1 May 2024."
    assert unoffered(asked, [METRO], odds(money=4.5)) == pytest.approx(4.5, abs=0.05)
    assert unoffered(asked, [price], odds(money=4.5)) == -6
    assert unoffered(asked, [price], odds(money=4.5, date=2)) < unoffered(asked, [price], odds(money=2, date=4.5))
    assert unoffered(asked, [both], odds(money=2, date=4.5)) < 0
    assert unoffered(asked, ["No figure.", price], odds(money=4.5)) == -6
    assert unoffered("what is planned", [METRO], odds()) == -6
    assert unoffered(asked, [METRO], odds(money=40)) == 6
    assert unoffered(asked, [METRO], NOTHING_KNOWN) == 0


def offers(question: str, text: str, odds: np.ndarray) -> bool:
    return not unmet(question, [text]) and unoffered(question, [text], odds) <= 0


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("哪一條大街附近的土地會釋出來?", "釋放人民大街周邊土地", True),
        ("Which street is meant?", "land along Renmin Street is released", True),
        ("Which street is meant?", "land along the street is released", False),
        ("哪個公園?", "釋放人民大街周邊土地", False),
        ("哪幾條線?", METRO, True),
    ],
)
def test_one_of_the_sort_that_is_asked_for_is_a_place_enough(question: str, text: str, named: bool) -> None:
    assert offers(question, text, odds(place=5, number=4)) == named


def test_what_a_group_consists_of_is_told_by_a_text_that_strings_as_many_together() -> None:
    asked = "its members, one by one please"
    assert not offers(asked, "The mayor chairs it.", odds(members=3))
    assert offers(asked, "The towns of Ash, Birch, Cedar, Elm and Oak belong to it.", odds(members=3))


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("那套求職方案名稱是什麼?", "深入實施“安心就業十大行動計劃”。", True),
        ("那套求職方案叫啥?", "深入實施“安心就業十大行動計劃”。", True),
        ("那套求職方案叫什麼?", "深入實施行動計劃。", False),
        ("專班的召集人叫什麼名字?", "建立“樓宇專班—屬地街鄉—運營主體”體系。", False),
        ("What is the scheme called?", 'It carries out the "Ten Actions".', True),
        ("What is it called for?", 'It carries out the "Ten Actions".', False),
    ],
)
def test_a_name_in_quotation_marks_is_one_for_what_is_called_something(question: str, text: str, named: bool) -> None:
    assert offers(question, text, odds(duration=4)) == named


def test_a_quoted_name_counts_what_its_own_measure_does() -> None:
    assert unmet("一共分几层?", ["深化“三層保障”模式。"]) == ()
    assert "count" in unmet("一共有几个方案?", ["執行“兩個辦法”政策。"])
