"""The kind of answer a question asks for, and whether a sentence offers one of that kind.

A sentence on metro line 6 matches "what did metro line 6 cost?" word for word, and still gives no price. The patterns
are meant to miss rather than to mistake: a kind counts as asked for only where the question leaves no doubt, and as
offered wherever a sentence could hold it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.answer_kinds import DETAILS
from index.script import HAN, fold
from index.segmentation import ROW

_NUMERALS = "〇零一二三四五六七八九十两兩百千万萬亿億半"
_LARGE_NUMBERS = (
    "eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    "|hundred|thousand"
)
_NUMBER_WORDS = f"two|three|four|five|six|seven|eight|nine|ten|{_LARGE_NUMBERS}|dozen|million|billion"
_NUMBER = rf"(?:\d[\d,.]*|[{_NUMERALS}]+|(?:an?|one|{_NUMBER_WORDS}|half)\b)"
_MEASURES = "个個层層类類家条條所名位人座站支场場种種部项項颗顆级級篇本件栋棟户戶间間套辆輛台批次届屆"
_MONEY_ZH = (
    "租金|薪水|薪[资資]|工[资資]|月薪|年薪|费用|費用|收费|收費|学费|學費|补贴|補貼|补助|補助|奖金|獎金|押金|罚款|罰款|投资|投資"
    "|资本|資本|总额|總額|低保金?|金额|金額|经费|經費|资金|資金"
)
_TITLES_ZH = (
    "主席|会长|會長|部长|部長|书记|書記|区长|區長|市长|市長|局长|局長|主任|院长|院長|校长|校長|董事长|董事長|总经理|總經理|经理|經理|老板|老闆|负责人"
    "|負責人|厂长|廠長|站长|站長|所长|所長|带头人|領導|领导|创始人|創始人|创办人|創辦人|科长|科長|队长|隊長"
)
_KINDS: dict[str, tuple[str, str]] = {  # kind -> how it is asked for, how it is offered
    "money": (
        r"\b(?:prices?|fees?|fines?|compensation)\b|收?多[钱錢]|[违違][约約]金|[赔賠][偿償]|\bdid .{0,20}\bcosts?\b|\bcosts? (?:of|to)\b|\bhow expensive\b"
        r"|\b(?:monthly|annual|yearly|hourly|ticket|average|registered) (?:rent|price|cost|salary|pay|fee|wage|capital)"
        r"|\bhow much (?:money|cash|does|did|do|will|would|is|are|was|were|can|should|to|for|per)\b"
        r"|\b(?:what|which)(?: is| are| was| were|'s)? (?:the )?(?:\w+ )?(?:fare|rent|salary|budget|investment|value"
        r"|revenue|wages?)\b|\bhow much\b.{0,30}\b(?:budget|funding|investment|subsidy|rent|pay|paid|earn|receive)"
        r"|多少[钱錢元块塊]|[几幾][块塊][钱錢]|[几幾多少][十百千万萬]?[万萬亿億]?元|[价價][格钱錢位]|房[价價]|均[价價]|造[价價]"
        r"|票[价價]|[预預]算[是有多]|多少[预預]算|(?:怎么|怎麼|如何)(?:收费|收費)"
        rf"|(?:{_MONEY_ZH}).{{0,8}}(?:多少|[几幾]|标准|標準|怎么[收算]|怎麼[收算])"
        rf"|(?:多少|[几幾])[个個]?.{{0,6}}(?:{_MONEY_ZH}|钱|錢)",
        rf"[$€£¥]\s*\d|\d[\d,.]*\s*[十百千万亿]*\s*(?:元|块|美元|人民币|圆|[角毛](?!度))|[{_NUMERALS}]+(?:元|块钱?|[角毛]钱)"
        r"|\b(?:yuan|rmb|dollars?|euros?|pounds?|pence|shillings?|cents?|usd|cny|eur|gbp|twd|ntd|hkd|yen|francs?|marks)\b"
        rf"|\b\d[\d.]*p\b|\d\s*[%％]|[一二三四五六七八九]成|半价|\bhalf[- ]price|[一每][晚天人次].{{0,3}}(?:\d|[{_NUMERALS}]{{2}})"
        rf"|[{_NUMERALS}\d]个?月的?(?:租金|房租|工资|薪)|免费|不收(?!回)|\bfree of charge\b|\b(?:for|is|are) free\b|\bno (?:fee|charge)s?\b",
    ),
    "count": (
        r"\bhow many\b|\b(?:what|which)(?:'s| is| are| was| were)? (?:the )?(?:\w+ ){0,2}(?:number|population|total|count"
        r"|headcount)\b|\bpopulation of\b|\bnumber of .*\?|^\W*(?:the )?number of\b"
        rf"|(?<![哪那第好])[几幾](?:[{_MEASURES}]|[百千万萬十])|多少(?=[{_MEASURES}])|有多少|多少.{{1,8}}\?|人口(?:[是有多总總]|[数數](?![据據]))|[数數]量",
        rf"\d|[{_NUMERALS}]+[{_MEASURES}大层张号天周年月日次份枚只头棵株道门课集页章倍斤吨台架艘把根双]"
        rf"|[{_NUMERALS}]{{2}}|分之"
        rf"|\b(?:{_NUMBER_WORDS})s?\b",
    ),
    "percent": (
        r"\bpercent|\b(?:what|which) (?:share|proportion|fraction|ratio)\b|\bwhat .{0,30}\brate\b|\bgdp\b"
        r"|\b(?:rate|ratio)s? (?:of|is|was|did)\b|百分之?[几幾多]|[几幾]成|比例|比率|率[是为為有]?(?:多少|[几幾]|多高)|占比|佔比"
        r"|增速|增[长長]了?多少",
        r"\d\s*[%％‰]|\bper ?cent|百分之|[个個]百分[点點]|[一二三四五六七八九]成|一半|\b(?:half|third|quarter|two-thirds)\b"
        r"|\d+\s*[:：比]\s*\d|\b\d[\d.]*\b.*\brate\b|率.{0,6}\d"
        rf"|[{_NUMERALS}]+(?:比|分之)[{_NUMERALS}]|\b{_NUMBER} (?:in|out of|to) {_NUMBER}",
    ),
    "rank": (
        r"排第?[几幾]|第[几幾][名位大]|排名|\bwhat rank|\b(?:how|where) .{0,40}\brank(?:s|ed|ing)?\b",
        r"第\s*[\d一二三四五六七八九十]|首位|最|\b(?:first|second|third|\d+(?:st|nd|rd|th)|top|ranks?|ranked|largest|biggest)\b",
    ),
    "duration": (
        r"\bhow long (?:does|do|did|will|would|is|are|was|were|has|have|can|must|should|it|to|until|before)\b|\bhow soon\b"
        r"|\bhow many (?:years|days|months|hours|minutes|weeks)\b|多久|[几幾]耐|多[长長][时時][间間]"
        r"|(?<![哪那第])[几幾多]少?[个個]?(?:小[时時]|分[钟鐘]|[天日周週月年])(?![级級月])",
        rf"{_NUMBER}[\s-]*(?:more |working |business |余|多)?个?半?(?:年|月|天|工作日|日|周|星期|礼拜|小时|钟头|分钟?|秒"
        r"|years?|months?|days?|weeks?|hours?|minutes?|seconds?|decades?|centur|季|时)|终身|永久|无限期"
        r"|\b(?:lifetime|permanent(?:ly)?|indefinite(?:ly)?|forever|overnight|until|till)\b",
    ),
    "size": (
        r"\bhow (?:big|large|far(?! (?:will|would|do|does|did) \w+ go\b)|tall|high|wide|deep|heavy)\b|\bsquare (?:met|kilom|feet)|\bhow long is the"
        r"|\b(?:what|which)(?:'s| is| was)? (?:the )?(?:total )?(?:area|height|length|distance|size|altitude|elevation) "
        r"(?:of|in|between|from)\b|多[大高宽寬远遠深重](?!能力|程度|作用|影响|意义|力|劲)|面[积積]|多少(?:平方|公里|米|公顷|公頃|亩|畝|吨|噸)|海拔|[长長]度|高度|距[离離]|里程",
        rf"{_NUMBER}[\s-]*(?:square |cubic |平方|立方)?(?:米|公里|千米|里|公顷|公頃|亩|畝|吨|噸|met(?:er|re)s?|km|kilomet|miles?"
        r"|feet|foot|ft|acres?|hectares?|inch|m\b|m²|㎡|英[里尺亩寸]|[厘毫]米|公分|[尺寸吋坪]|平米|公?[克斤]|吨|[公毫]?升|岁"
        r"|[km]?g\b|[cm]m\b|[gmt]b\b|[kmg]w\b|grams?|kilo|lbs?\b|pounds?|tons?|tonnes?|m?l\b|lit(?:re|er)s?|gallons?|(?:mega|kilo)?watts?|years?)|\d\s*[x×]\s*\d"
        rf"|[$€£¥]\s*\d|\d\s*[%％]|百分之|[{_NUMERALS}\d][万亿]?元",
    ),
    "age": (
        r"\bhow old\b|\bage (?:of|limit|must|do|can|should)\b|\bwhat age\b|[几幾]多?少?[岁歲]|多少[岁歲]|年[龄齡]",
        rf"\d+\s*周?[岁歲]?|\b(?:years? old|aged?|year-old|adults?|(?:at|was|is|were|turn(?:s|ed)?|under|over) (?:{_NUMBER_WORDS}))\b|[岁歲]|成年"
        rf"|{_NUMBER}[\s-]*years?\b|\b(?:born|founded|built) in \d",
    ),
    "date": (
        r"\bwhen\W*$|\bby when\b|^\W*when (?:will|did|does|do|is|was|are|were|can|exactly|should)\b|\b(?:on|in|by|since|what|which) "
        r"(?:what|which)? ?(?:\w+ )?(?:date|year|day|month|deadline|hours)\b.*\?|\bwhen (?:will|does|did) \w+|\bdeadline\b"
        r"|\b(?:opening|business|office|closing) (?:hours|time|date)|\bwhat time\b|几时|幾時|何时|何時"
        r"|(?:什[么麼]|啥)(?:时候|時候|时间|時間|时辰)|哪一?[年天月日]|[几幾]月|[几幾][号號日](?!线|線)|[几幾][点點](?![赞讚])"
        r"|日期|期限|截止|(?:开|開|营|營)(?:放|门|門|业|業)[时時][间間]|[时時][间間]表|哪[个個]月|通[车車][时時][间間]",
        r"\b(?:1\d|20)\d{2}\b|\d{4}\s*年|\b\d{1,4}0s\b|\d\s*[月日點点]|\d\s*[时時]|\d\s*[号號](?!线|線)|[〇零一二三四五六七八九十]{4}年"
        r"|[一二三四五六七八九十]+[月日]|世紀|世纪|centur|年代|(?<!\d)\d{1,2}\s*(?:am|pm|[ap]\.m|:\d\d)|\b\d+ (?:BC|AD|BCE|CE)\b|公元"
        r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday"
        r"|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\b(?:today|tomorrow|yesterday)\b|[今明去后後前]年|年底|年初|星期"
        r"|\b(?:by|before|after|until|since|during|next|this|when) (?:the )?(?:end|year|spring|summer|autumn|winter|war|\w+ed)"
        rf"|[周日星期礼拜][一二三四五六日末]|[{_NUMERALS}][点时](?!间)|[{_NUMERALS}\d]个月|初[一二三四五六七八九十]|[上下中]午|凌晨|早上|晚上|冬至|夏至|春节|中秋|清明|端午|国庆|元旦|除夕|节日"
        rf"|\b(?:noon|midnight|mornings?|afternoons?|evenings?|nights?|weekends?|weekdays?|christmas|easter|whenever|o'clock)\b"
        rf"|\bat (?:one|{_NUMBER_WORDS})\b|{_NUMBER}[ -](?:\w+ )?(?:day|week|month|hour|minute)s?\b|\bversion \d|版本? ?\d|\b(?:only|just) when\b"
        r"|\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.? ?\d|\d ?(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)|\bthe \d+(?:st|nd|rd|th)(?: of\b|[^\w ]|$)"
        r"|\bthe (?:first|second|third|fourth|fifth|last|same|following|\d+(?:st|nd|rd|th)) (?:working )?(?:day|week|month|quarter|year|term)\b",
    ),
    "person": (
        r"\bwho(?:'s| is| was| are)? (?:the )?(?:current |present |new |deputy |party |general |former )*(?:\w+ ){0,3}"
        r"(?:secretary|mayor|director|chairman|chairwoman|chair|manager|president|ceo|boss|head|leader|chief|principal"
        r"|governor|minister|founder|owner)\b|\bwho (?:runs|heads|leads|chairs)\b|\bwhat is (?:his|her) name"
        r"|\b(?:full |whose |what )?names? of (?:the )?(?:\w+ ){0,4}(?:person|secretary|mayor|director|head|leader|chief"
        r"|official|manager|boss|chairman|principal|officer|people)\b|姓什|姓名|尊姓|[贵貴]姓"
        rf"|(?:{_TITLES_ZH})(?:现在|現在|目前|名字|[是叫姓为為])*(?:谁|誰|哪一?[位个個]|什[么麼]|啥|何)"
        rf"|(?:谁|誰)(?:是|当|當|担任|擔任).{{0,12}}(?:{_TITLES_ZH})"
        r"|[由是被][谁誰].{0,6}(?:担任|擔任|提出|发明|發明|设计|設計|起草|创办|創辦|翻[译譯]|命名)|[谁誰](?:最[先早]|首先|翻[译譯]|发明|發明)|哪[几幾]位"
        r"|\bwho (?:first )?(?:came up|coined|invented|designed|proposed|translated|founded|drafted)\b",
        r"(?:[A-Z][a-zé’'-]+\s+){1,3}[A-Z][a-zé’'-]+|·|[\u4e00-\u9fff]\s*[(（][A-Z][a-z]+",
    ),
    "phone": (
        r"\b(?:tele)?phone\b|\bhotline\b|\bnumber (?:to|do i|should i|can i|i) (?:call|ring|dial)\b|\be-?mail\b"
        r"|\b(?:what|which) number (?:do|can|should|to)\b|\b(?:call|ring|dial)\b.{0,12}\bnumber\b|\bwebsite\b|\burl\b"
        r"|\bcontact (?:details|number|info|person|the)|\bweb ?page\b|\bhow (?:do|can) i (?:contact|reach|call)\b"
        r"|[电電]话|[电電]話|热线|熱線|邮箱|郵箱|信箱|官网|官網|网址|網址|公众号|公眾號|[联聯聯][系繫絡络]方式|号码|號碼|打给谁|打給誰|小程序|下[载載]|app(?:叫|名|是什|在哪)|\bdownload\b",
        r"\d{3,}[-\s]?\d{3,}|\b1\d{4}\b|https?:|www\.|@|公众号|微信|[扫二]维?码|分机|\b[\w-]+\.(?:com|org|net|gov|edu|io|cn|tw|hk|uk|de)\b"
        r"|\b(?:call|dial|ring|ext|extension|phone)\b\.?[^\d]{0,12}\d{2,}|(?:拨打?|致电|打)\D{0,4}\d{3,}",
    ),
    "address": (
        r"\baddress(?:es)? (?:of|is|are|for)\b|\bwhat(?:'s| is| are) the (?:\w+ )?address|\bwhere exactly(?= \w)|\bwhat street\b"
        r"|\bwhere (?:is|are) the .*\b(?:offices?|cent(?:er|re)|bureau|counter|headquarters|entrance|exits?|branch|schools?"
        r"|hospital|stations?|stops?|clinic|shop|store)\b|\bwhich (?:street|floor|building)\b"
        r"|\bwhere (?:can|do|should|could) i (?:go|apply|find|register|buy|get|pick|pay)\b|地址|[门門]牌|[几幾][楼樓]|哪[条條][街路]"
        r"|在哪[里裡裏儿兒]?(?:[办辦领領报報申]|\W|$)|[去到]哪[里裡裏儿兒]?[办辦领領报報申换換买買找看]|具体位置|具體位置|怎么走|怎麼走"
        r"|位[于於][哪何什]",
        r"\d+\s*[号號](?!线|線)|\b[A-Z][a-z]+\s+(?:Street|Road|Avenue|St|Rd|Ave|Lane|Close|Drive|Square|Terrace)\b|\b(?:located|situated|lies|corner"
        r"|next to|opposite|near|north of|south of|east of|west of)\b|位於|位于|坐落|地处|地處|[东東西南北]侧|交[汇匯叉]|[路街]口|旁|[门門]口|原址|[广廣][场場]|[体體]育[馆館]|[车車]站|急[症诊診]|[^\s]/\w+/|\b[a-z]:\\\\"
        r"|在[^,，。;；]{1,14}(?:[举舉]行|[办辦]理|[领領]取)|[向到](?!位)[^,，。;；到]{2,12}(?:提出|[办辦]理|[领領]取|[报報][到名])"
        r"|\bby the \w+|\bto the (?:left|right)\b|\b(?:path|road|track)\b|\bpicked? up (?:at|from|in)\b|\bfrom (?:the|our) \w+"
        rf"|\b(?:on|at|behind|beside|inside|outside|facing|under|above|below) (?:the|our|his|her|its|their) \w+|\b[Ff]loor \d|\b[Rr]oom \w*\d|\bfloor\b|\b(?:up|down)stairs\b"
        rf"|[{_NUMERALS}\d][楼樓层層][东東西南北的,，。)）]?"
        r"|[在到][^,，。;；]{1,12}(?:[前后後上下里裡外]面|[前后後左右上下里裡外东東西南北旁两兩][边邊]|[对對]面|隔壁|附近|之[间間]|[楼樓]下|背[后後]|中央|[左右两兩][侧側]|角落|[尽盡][头頭]|[^,，。;；在到]{1,8}[里裡裏内內](?![的容]))"
        r"|(?:住|位|[设設]|放|葬|埋|坐|停|生|建|[开開]|藏|[挂掛]|[摆擺]|存|留|躲|睡|[贴貼]|[装裝]|[种種]|[养養])[于於在到]"
        r"|[住在][^,，。;；\s]{0,6}(?:[省市区區县縣镇鎮乡鄉村街路巷]|大[学學]|[学學]校|中心|北京|上海|台北|[台臺][湾灣]|香港|[国國])"
        r"|\b(?:in|at|on|near|behind|inside|under|outside|opposite|to|from) (?:(?:a|an|each|every) \w+|[A-Z]\w+|room\b|\w+ \d)"
        r"|\b(?:in|near|inside) (?:the|our|his|her|its|their) \w+",
    ),
    "company": (
        r"\b(?:which|what) (?:\w+ )?(?:company|companies|firms?|contractors?|developers?|consultancy|bank|supplier)\b|\bname (?:the|all|some)? ?(?:developers|companies|firms|contractors|banks)\b"
        r"|哪[家个個]\w{0,4}(?:集团|集團|企业|企業)|公司(?:叫什|叫啥|[是为為]哪)|哪[家间間些个個]\w{0,6}?(?:公司|开发商|開發商|厂商|廠商|银行|銀行|承包商|建筑商|厂商|廠商|设计院|設計院)",
        r"公司|集团|集團|银行|銀行|平台|平臺|华为|華為|精密|科技(?![创創])|[电電]池|航[运運]|[A-Z]{2,}|\b[Cc]ompany\b|\b[Ff]irms?\b"
        r"|[A-Z][A-Za-z&]+ (?:Inc|Ltd|Group|Corp|Company|Bank|Holdings|Co|[A-Z][a-z]+)\b",
    ),
    "people": (
        r"\bhow many (?:people|persons|staff|members|officials|cadres|workers|employees|officers|residents|police)\b"
        r"|(?<![哪那第好])[几幾多]少?[个個名位]?(?:人(?![大均民])|干部|幹部|员工|員工|成员|成員|人员|人員|网格员|網格員|民警|警察|老师|老師)",
        rf"\d|[{_NUMERALS}][余餘多]?[个個名位]?(?:人(?![民大])|干部|幹部|员|員|名|位|票)|人口.{{0,3}}[{_NUMERALS}]|[{_NUMERALS}]分之[{_NUMERALS}]"
        r"|\b(?:half|thirds?|quarter|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|dozen)s? (?:\w+ ){0,3}"
        r"(?:people|persons|staff|members|officials|cadres|workers|employees|officers|residents|inhabitants|men|police)\b",
    ),
    "figure": (
        r"(?:是|有|为|為|到|达|達)多少\W*$|多少[分度]|分[数數](?:[线線是]|多少)|\b(?:score|cut-?off|quota|limit|ceiling|threshold|target figure)s?\b"
        r"|(?:上|下)限|\bgdp\b|生[产產][总總]值",
        rf"\d|百分之|[{_NUMERALS}]+[元分度岁歲亿億万萬]",
    ),
    "condition": (
        r"\b(?:eligib\w+|household registration|hukou|do (?:i|we|you) need (?:a|an|to have|any)\b|prerequisites?|qualif(?:y|ies|ication)\w*|entry requirements?|income limits?|criteria|which documents|what documents"
        r"|documents? (?:do|does|are|needed|required))\b|(?:符合|满足|滿足|具备|具備|有|要|啥|什[么麼]|哪些)(?:哪些|什[么麼]|啥|何)?(?:条件|條件)(?![和与])"
        r"|(?:资格|資格|门槛|門檻|学历|學歷|户口|戶口|户籍|戶籍|(?:[要用需]不[要用需]|需要|得)[办辦][证證])(?:要求|限制|是|有)?|[什哪啥].{0,2}(?:材料|证件|證件|手续|手續)|(?:条件|標準|标准|門檻|门槛)(?:是|有)?(?:什[么麼]|啥|哪)|(?:怎么|怎麼|咋|如何|怎样|怎樣)(?:报名|報名|申请|申請|申办|申辦|办理|辦理)"
        r"|\bhow (?:do|can|to|should) (?:i |we |you |one )?(?:apply|sign up|register|enrol|enroll)\b",
        r"条件|條件|标准|標準|资格|資格|材料|证件|證件|手续|手續|必须|必須|应当|應當|须|須|需(?!求)|(?<![重主首摘概纲紧])要(?![点素求闻])|年满|年滿|报名|報名|申请|申請|\b(?:must|eligible|qualif\w+|require[sd]?|applicants?"
        r"|apply|applied|register\w*|documents|provided that|only (?:if|those)|(?<!in )need(?:s|ed)?|necessary|have to|has to|conditions?|as long as|unless|provided|proof|upload(?:ed)?|submit(?:ted)?)\b",
    ),
    "route": (
        r"[几幾哪]路(?:公交|车|車|巴士|$|\W)|坐.{0,4}[几幾哪](?:路|号|號)|\bwhich (?:bus|tram|train|route)\b|\bbus (?:number|route|line)\b",
        r"\d+\s*(?:路|[号號](?!线|線))|公交|[小中大]巴|\bbus(?:es)?\b|\broute \w+",
    ),
    "school": (
        r"哪[所间間个個家些](?:具体|具體)?(?:学校|學校|小学|小學|中学|中學|大学|大學|高校|幼儿园|幼兒園|学院|學院|医院|醫院)|学区|學區"
        r"|\b(?:which|what) (?:\w+ )?(?:universit(?:y|ies)|schools?|colleges?|hospitals?|kindergartens?)\b",
        r"[\u4e00-\u9fff]{2}(?<!名校大)(?<!中小)(?<!义务)(?:大学(?!生)|大學(?!生)|学院|學院|中学|中學|小学(?!生)|小學(?!生)|医院|醫院|幼儿园|幼兒園)"
        r"|[A-Z][a-z]+ (?:[A-Z][a-z]+ )*(?:University|College|School|Hospital|Academy|Institute)|(?:University|College|School|Institute) of",
    ),
    "article": (
        r"第[一二三四五六七八九十\d]+[条條项項款章](?:.{0,6})(?:[写寫]|[说說]|是|讲|講|规定|規定|[内內]容|什|啥|哪)|\b(?:first|second|third|fourth|fifth|last) (?:article|clause|item|point|rule|measure)\b",
        r"第[一二三四五六七八九十\d]+[条條项項款章]|\b(?:first|second|third|fourth|fifth|article|clause)\b",
    ),
    "so far": (
        r"^\W*did\b|有(?:没有|沒有|无|無)\w{1,12}[过過]|\blast (?:year|month|week|quarter)\b|\b(?:final (?:tally|result|figure|number)|so far|actually reach\w*|turn(?:ed)? out|handed down)\b|[通点點查罚罰][报報名处處]?了(?:谁|誰|哪些人)|被.{0,3}(?:处[分罚]|處[分罰]|查处|查處|抓[了的]|判刑|罚款|罰款|开除|開除|免职|免職|问责|問責|通报|通報)"
        r"|\b(?:was|were|been|got) (?:punished|arrested|fined|sacked|fired|jailed|convicted|disciplined|investigated)\b|\b(?:at present|currently|at the moment|right now|already|to date"
        r"|until now)\b|去年|上[个個]?月|前年|上年|目前|现在(?!的)|現在(?!的)|如今|至今|截至|到现在|到現在|已[经經]",
        r"\blast (?:year|month|week)\b|\bso far\b|\b(?:at present|currently|already|to date|as of|by now|now|was|were|had"
        r"|has|have)\b|\b(?<!\bare )(?<!\bis )(?<!\bbe )\w{3,}ed\b|[比较較][上去]年|上年|同比|[缩縮]短|减至|減至|尚未|[暂暫][缓緩停不]|全年|去年|上[个個]?月|目前|现在|現在|已|至今|截至|曾|了|(?:19|20)\d\d",
    ),
    "comparison": (
        r"\bhow (?:does|do|did|is|are)\b.{0,60}\bcompare\b|\bin comparison\b|\bcompared (?:to|with) (?!\w+\W*$)|\b(?!more than \d)(?:more|less|fewer|higher|lower|bigger|smaller|larger|better|worse|faster|slower"
        r"|cheaper|safer)\b.{0,40}\bthan (?!one\b|\d|it\b|they\b|we\b|you\b)|(?<!百分)比(?!例|較|较|如|率|赛|賽|重|亚|亞|分).{1,10}(?:高|低|多|少|大|小|快|慢|好|差|强|強|弱|贵|貴|便宜|安全)"
        r"|相比|比起[来來]|(?:高|多|大|快|好|强|強)[还還]是(?:低|少|小|慢|差|弱)",
        r"\b(?:than|compared|versus|relative|like|unlike|double|twice|times|same|equal|similar\w*)\b|(?<!对)(?<!對)比(?!例|较|較|如|率|赛|賽|重)|同比|环比|環比|高[于於]|低[于於]|超[过過出]|[领領]先"
        r"|落[后後]|优[于於]|優於|不如|倍|[类類]似|相同|一[样樣]|最",
    ),
    "cause": (
        r"\bwhy (?:is|are|was|were|do|does|did|has|have|can't|don't|doesn't|won't)\b.{0,60}\b(?:so (?:many|few|much|little|bad|slow"
        r"|expensive|high|low)|not|never|still|keep|keeps|fail\w*|short|shortage|late|leaving|happen\w*)\b"
        r"|(?:为什么|為什麼|为何|為何|为啥|為啥|咋).{0,14}(?:[这這那][么麼]|一直|越[来來]越|老是|[总總]是|[还還]没|[还還]沒|拖|外流|流失)|怎[么麼][会會][这這那]",
        r"\b(?:because|since|due to|owing|thanks to|reasons?|caus\w+|results? (?:of|from|in)|result(?:ed|ing)|therefore|thus"
        r"|hence|led to|leads? to|blam\w+|attribut\w+|so that|so as to|in order to|as (?:a result|it|they|he|she|the))\b|为了|為了|以便|旨在|[为為].{2,24}(?:提供|奠定|打下|[创創]造)|因|由[于於]|原因|所以|[导導]致|致使|造成|使得|[归歸]咎",
    ),
    "office": (
        r"\b(?:which|what) (?:\w+ )?(?:department|bureau|office|agency|authority|ministry)\b"
        r"|哪一?[个個些]?(?:政府)?(?:部[门門]|[单單]位|科室|机[构關]|機[構關]|窗口|[处處股]室|局)|[归歸](?:[谁誰]|哪)",
        r"局|部[门門]|委[员員][会會]|[办辦]公室|科室|机[关構]|機[關構]|街道|社[区區]|[专專]班|公司|平台|平臺|政府|法院|[检檢]察院|[区區]委|[党黨]委|大学|大學|[军軍]|中心|研究[院所]|合作社|[经經][营營][权權]|村委|[牵牽][头頭]"
        r"|\b(?:department|bureau|office|commission|committee|agency|authority|task force|court|government|ministry|council|cent(?:re|er)"
        r"|board|service|administration|company|university|police|team|desk|division|reception|manager)\b|[A-Z]{3,}|\bhr\b|物业|管理处|客服|前台|柜台|派出所",
    ),
    "protest": (
        r"\b(?:who|which \w+|how many \w+)\b.{0,30}\b(?:objected|opposed?|opposes|protested|complained|criticis\w+)\b"
        r"|(?:[谁誰]|哪些\w{0,4}|多少\w{0,4}).{0,8}(?:反[对對]|抗[议議]|投[诉訴]|不[满滿])|(?:反[对對]|抗[议議]|投[诉訴]|不[满滿]).{0,6}(?:[谁誰]|哪些|多少)",
        r"object|oppos|against|protest|complain|critici|disput|refus|reject|反[对對]|抗[议議]|投[诉訴]|不[满滿]|批[评評]|拒[绝絕]|[质質]疑|抵制",
    ),
    "permission": (
        r"^\W*(?:is|are) .{0,40}\b(?:allowed|permitted|forbidden|banned)\b|允[许許].{0,8}[吗嗎么麼]|准[许許]|[让讓]不[让讓]|准不准|[带帶].{1,8}(?:可以|能)[吗嗎]|要不要(?:考|交|付|[买買])",
        r"allow|permi[ts]|\bmay\b|\bcan(?:not)?\b|\blegal|\brights?\b|forbid|\bban|prohibit|\bfree|允[许許]|准[许許]|可以?|可|禁止|不得|[严嚴]禁|必[须須]|考[试試]|免",
    ),
    "meaning": (
        r"\bstands? for\b|\babbreviat|\bsymboli[sz]e|\bwhat does (?!the |this |it )\S+(?: \S+)? mean\b|全[称稱]|[缩縮][写寫].{0,6}(?:什[么麼]|啥)|什[么麼]意思|含[义義]|寓意"
        r"|名字.{0,4}(?:怎[么麼][来來]|由[来來]|[来來][历歷])|怎[么麼]得名",
        r"\b(?:stands? for|means?|meaning|meant|short for|abbreviat\w+|known as|called|that is|i\.e|refers?|defin\w+|symbol\w*|represents?|derive[sd]?|named?)\b"
        r"|^\W*[^\s:]{1,12} ?[:=](?!//)|即|是指|指的?是|意[为為]|意即|意思|意指|[称稱][为為]|又[称稱]|[简簡][称稱]|全[称稱]|象征|象徵|表示|代表|得名|[（(]|来自|來自|源[于於]",
    ),
    "frequency": (
        r"\bhow (?:often|frequently|regularly)\b|多久(?:一次|[开開]一次|.{1,4}一次)|多[长長][时時][间間].{0,4}一次|[频頻]率",
        r"\b(?:daily|weekly|monthly|yearly|annual\w*|quarterly|every|each|once|twice|times?|per|regular\w*|always|often|rarely)\b|\d|每|一次|定期|次|常[态態]|[经經]常",
    ),
    "penalty": (
        r"\b(?:what|which) (?:\w+ )?(?:penalt|punish)|(?:什[么麼]|啥|何[种種]?|哪些)(?:[处處][分罚罰]|[后後]果|[惩懲][罚罰])|怎[么麼样樣]*(?:[罚罰]|[处處][分罚罰]|[惩懲])",
        r"penalt|\bfine[sd]?\b|\bban(?:s|ned)?\b|terminat|追回|[名黑][单單]|取消|punish|sanction|\bjail|prison|imprison|dismiss|suspen|expel|death|[处處][分罚罰理]|[罚罰]|追究|[问問][责責]|[严嚴][惩懲]|[开開]除|判|刑",
    ),
    "funding": (
        r"(?:[经經][费費]|[资資]金|[钱錢]).{0,4}(?:[从從]|由)?哪|(?:[经經][费費]|[资資]金|[钱錢])[来來]源|[谁誰][来來]?(?:出[钱錢资資]|[买買][单單]|付)|\bwho (?:pays|will pay|paid|funds|funded|finances)\b"
        r"|\b(?:where|how) .{0,60}\b(?:funded|financed|paid out|money come)\b",
        r"\bfund|financ|\bpa(?:y|id|ys)\b|budget|invest|donat|sponsor|grant|tax|[资資]金|[经經][费費]|出[资資]|投[资資]|[财財]政|[拨撥]款|承[担擔]|[负負][担擔]|自[付理费]|支付|[缴繳]|[报報][销銷]|\b(?:borne|bears?|covers?|covered|charged?)\b|捐|募|[赞贊]助|自[筹籌备備]|[采採][购購]",
    ),
}
_CASED = ("person", "company", "address", "school")  # a capital tells a name
_PATTERNS = {
    kind: (re.compile(asks, re.IGNORECASE), re.compile(offers, 0 if kind in _CASED else re.IGNORECASE))
    for kind, (asks, offers) in _KINDS.items()
}
# Numbers that are names: "line 6", "6号线", those within a quoted name.
_NAMES = re.compile(
    r"\blines? \d+(?:(?:, | and | & )\d+)*|(?:\d+号线|\d+號線|、)+|[“「『\"][^”」』\"]{1,16}[”」』\"]", re.IGNORECASE
)
_COUNTED = ("count",)
_OTHERWISE_COUNTED = frozenset({"people", "money", "age"})  # "多少錢" asks for no other number
_UNNAMED = ("size", "figure", "people")  # kinds that such a number does not answer

_ROLES = tuple(
    re.compile(rf"\b(?:{english})s?\b|{chinese}", re.IGNORECASE)
    for english, chinese in (
        ("general secretary", "总书记|總書記"),
        ("secretary", "(?<![总總])(?:书记|書記)"),
        ("mayor", "市长|市長|区长|區長|镇长|鎮長"),
        (
            "director|head|chief|leader|boss",
            "主任|局长|局長|院长|院長|所长|所長|站长|站長|负责人|負責人|領導|领导|部长|部長",
        ),
        ("chairman|chairwoman|chair|chaired by", "主席|董事长|董事長"),
        ("manager", "经理|經理|老板|老闆"),
        ("president", "主席|总统|總統|校长|校長|总裁|總裁"),
        ("ceo", "总裁|總裁|首席执行官|首席執行官"),
        ("principal", "校长|校長"),
        ("governor", "省长|省長|州长|州長|总督|總督"),
        ("minister", "部长|部長|大臣"),
        ("founder", "创始人|創始人|创办人|創辦人"),
        ("owner", "业主|業主|老板|老闆"),
    )
)
_SURNAMES = (
    "赵錢钱孫孙李周吴吳鄭郑王馮冯陳陈褚衛卫蔣蒋沈韓韩楊杨朱秦許许何呂吕張张孔曹嚴严華华金魏陶姜謝谢鄒邹喻苏蘇潘葛范彭郎魯鲁韦馬马方"
    "俞任袁柳鮑鲍史唐費费薛雷賀贺湯汤罗羅郝傅康余顾顧孟黃黄蕭萧尹姚邵汪毛戴宋龐庞熊紀纪舒屈項项祝董梁杜阮藍蓝賈贾江郭梅林徐邱駱骆高"
    "夏蔡田樊胡霍萬万柯盧卢莫房丁鄧邓洪左石崔龔龚程陸陆翁段侯武劉刘龍龙葉叶白習习艾"
)
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_NAME_IN_OFFICE = re.compile(
    rf"{_NAME}(?:女士|先生|[担擔]?任|主持)|[师師理长長任]{_NAME}(?:[,，。、；;(（女先设設即任]|$)"
)
_NAME_BEFORE = re.compile(rf"{_NAME}[总總副]?$")
_NAME_AFTER = re.compile(rf"[为為是由:：]?{_NAME}(?:[,，。、；（(说說表指在]|$)")
_CAPITALISED = re.compile(r"\b[A-Z][a-zé’'-]+(?:\s+(?:[A-Z]\.|[A-Z][a-zé’'-]+|de|van|von|bin|al))*")
_NO_PERSON = re.compile(
    r"\b(?:Company|Platform|District|Street|Committee|Party|Park|Reservoir|Group|Plan|City|Province|University|Mountain"
    r"|Avenue|Road|Bureau|Cent(?:er|re)|Congress|Mall|Hospital|School|Inter\w+|Institut\w+|Inform\w+|Industr\w+"
    r"|Insuranc\w+|Invest\w+|West\w*|Wednesday|The(?:re|y|se|n|ir)?|Th(?:is|at|ose)|It|We|In(?:to|side)?)s?\b"
)

_LIST_SIZES = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "兩": 2}
_LIST_SIZES |= {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_SHORTEST_LIST = 3  # two things are told in too many ways
_LIST_NUMBER = r"[二三四五六七八九十两兩]|\d{1,2}"
_LIST_OF = "个個大项項条條张張层層种種点點步级級双雙"
_LIST_ASKED = re.compile(
    rf"哪({_LIST_NUMBER})[{_LIST_OF}](?!字)|({_LIST_NUMBER})[{_LIST_OF}].{{0,10}}(?:分别|分別|各自|具体|具體|到底|究竟).{{0,4}}[是指有包列]"
    r"|\b(?:what|which|list|name)(?: are| were| is)?(?: all)?(?: of)?(?: the)? "
    r"(two|three|four|five|six|seven|eight|nine|ten|twelve|\d{1,2}) \w+",
    re.IGNORECASE,
)
_SPELLED_OUT = re.compile(r"[:：—(（]|包括|即|分别|分別|namely|including|such as|that is", re.IGNORECASE)
_CHAIN = re.compile(r"[^、,，;；。.:：—–]{1,14}(?:[、—–]+[^、,，;；。.:：—–]{1,14})+|[^,;.:]{1,40}(?:, [^,;.:]{1,40})+")
_LINKS = re.compile(r"、|—+|–|, |[和及与與]|\band\b(?<!, and)")  # between the things of a chain

_RHETORICAL = re.compile(
    r"[吗嘛没么]\W*$|可不可以|能不能|是不是|会不会|[能可]否|^\W*(?:are|is|do|does|did|will|can)\b"
)  # "几家联手办学还搞吗?" counts nothing
_COUNTED_ZH = re.compile(rf"(?<![哪那第好])(?:几|多少)[十百千万]?([{_MEASURES}])?(\w{{0,2}})")
_COUNTED_EN = re.compile(
    r"\b(?:how many|number of) (?:more |new |other |extra |different |of the )*([a-z-]+)(?: ([a-z-]+))?", re.IGNORECASE
)
_PERSONS = "个名位人"  # measures that any number of people may have
_UNITS = "年月天日次元亩岁倍"  # nouns that need no measure
_FEW_LETTERS = 4  # of a word's start, by which its forms are known: "compan-ies"

_MENTIONS_A_WAY = re.compile(  # "can I order by email?" asks for no address
    r"^\W*(?:can|could|may|does|do|is|are|will|why)\b|\b(?:what happens|instead of|on my phone|do i|surely)\b"
    r"|[吗么]\W*$|可不可以|能不能|多久|最晚|最多|几个人|为什么|为何",
    re.IGNORECASE,
)
KINDS = (*_KINDS, "list")
_OFFERED_AS = {detail: (detail,) for detail in DETAILS if detail in KINDS} | {
    "number": ("count",),
    "share": ("percent",),
    "organisation": ("company", "school"),
    "place": ("address",),
    "contact": ("phone",),
    "procedure": ("condition",),
    "reason": ("cause",),
    "members": ("list",),
    "outcome": ("so far",),
}
_NAMED = ("address", "company", "school", "list", "count")  # what "which street" may ask for; "哪几条街" counts none
_WHICH = re.compile(  # as script.fold leaves it
    r"\b(?:which|what) (?:\w+ ){0,2}?(street|avenue|road|park|mountain|hill|reservoir|river|lake|mall|market|line|district"
    r"|province|brand|shop|plan|project|campaign|model)s?\b"
    r"|哪(?:一|几|两|三)?[条个些座家处片种]?\w{0,4}?(大街|街道|公园|水库|山|河|湖|商场|市场|线|小区|品牌|老字号|平台|模式|计划|工程|行动)"
)
_NAME_ASKED = re.compile(  # of a thing
    r"(?<![人长長员員])(?:叫[作做]?(?:什[么麼]|啥)|的?名[字称稱](?:是|叫))|\bnamed?\b|\bcalled\b(?!\s+(?:for|on|off)\b)",
    re.IGNORECASE,
)
_NAMED_SO = re.compile(r"[“「『\"《][^”」』\"》]{2,40}[”」』\"》]")
_EVEN, _SURE = 0.0, 6.0  # log odds
_FEW = 64  # questions and sentences that are kept as they were read last
_NEGLIGIBLE = 5.0  # log odds that a kind is behind the likeliest by: it makes no difference


# What a cell of a table's row may be, whose header says which: a figure of any kind, or a name alone.
_FIGURE = re.compile(r"\|[^|]*\d")
_NAME_ALONE = re.compile(r"\|\s*(?:[\u4e00-\u9fff]{2,4}|[A-Z][\w'.-]+(?: [A-Z][\w'.-]*){1,3})\s*(?=\||$)")
_IN_CELLS = dict.fromkeys(("money", "percent", "size", "duration", "date", "age", "rank"), _FIGURE) | {
    "person": _NAME_ALONE,
    "address": re.compile(r"\|\s*\w+\s*(?=\||$)"),
}

_folded = lru_cache(_FEW)(fold)  # a sentence is read once for each kind


def unmet(question: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The kinds, of KINDS, that the question asks for and none of the texts offers.

    Args:
        texts: a sentence in each of its languages, the original first. Whether a Chinese original names somebody or
            something is told from itself: in a rendering too many words have capitals.
    """
    read = list(texts)
    missing = [kind for kind in _asked_plainly(question) if not _is_offered(kind, question, read)]
    if _list_is_unmet(question, read):
        missing.append("list")
    return tuple(missing)


@lru_cache(_FEW)  # it is the same for each sentence that a question is held against
def _asked_plainly(question: str) -> tuple[str, ...]:
    """The kinds that the question asks for in words that leave no doubt."""
    asked = _as_told(question)
    kinds = [kind for kind, (asks, _) in _PATTERNS.items() if asks.search(asked)]
    if "count" in kinds and not _OTHERWISE_COUNTED.isdisjoint(kinds):
        kinds.remove("count")
    if "phone" in kinds and _MENTIONS_A_WAY.search(asked):
        kinds.remove("phone")
    return tuple(kinds)


def unoffered(question: str, texts: Iterable[str], odds: NDArray[np.float32]) -> float:
    """The log odds that the question asks for a kind of answer that none of the texts offers, from -6 to 6.

    Args:
        texts: as `unmet` takes them.
        odds: of each of DETAILS, as AnswerKinds.log_odds gives them, float32 (len(DETAILS),).
    """
    if not odds.any():
        return _EVEN  # nothing is known
    read = list(texts)
    offers, offers_none = 0.0, -math.inf  # log odds of what is offered, beginning with an account, and of what is not
    least = float(odds.max(initial=0)) - _NEGLIGIBLE
    likely = [(value, detail) for value, detail in zip(odds.tolist(), DETAILS, strict=True) if value >= least]
    for value, detail in likely:
        if any(_is_offered(kind, question, read) for kind in _OFFERED_AS[detail]):
            offers = float(np.logaddexp(offers, value))
        else:
            offers_none = float(np.logaddexp(offers_none, value))
    named = _NAME_ASKED.search(_as_told(question)) and any(_NAMED_SO.search(text) for text in read)
    return min(max(offers_none - offers, -_SURE), _EVEN if named else _SURE)


def _as_told(question: str) -> str:
    """A question as the patterns read it: folded, with one "?" at its end, however it was written or left out."""
    return _folded(question).rstrip("? ") + "?"


def _names_such(question: str, read: Sequence[str]) -> bool:
    """Whether a text names one of the sort that a question wants named: a street for "which street"."""
    nouns = [noun for match in _WHICH.finditer(_folded(question)) for noun in match.groups() if noun]
    for noun in nouns:
        pattern = rf"[A-Z][\w'-]*”?\"? (?i:{noun})" if noun.isascii() else rf"[\u4e00-\u9fff”]{noun}"
        if any(re.search(pattern, text if noun.isascii() else _folded(text)) for text in read):
            return True
    return False


def _is_offered(kind: str, question: str, read: Sequence[str]) -> bool:
    """Whether one of a sentence's texts, the original first, offers an answer of a kind to the question."""
    original = [text for text in read if HAN.search(text)] if read and HAN.search(read[0]) else read
    if kind in _NAMED and _names_such(question, read):
        return True
    if kind == "list":
        return any(_strings_together(text, _SHORTEST_LIST) for text in original)
    if kind in _IN_CELLS and any(_IN_CELLS[kind].search(text) for text in original if text.startswith(ROW)):
        return True
    offers = _PATTERNS[kind][1]
    if kind == "person":
        return any(_names_one(question, text) for text in original)
    if kind in _COUNTED:
        own = [text for text in read if bool(HAN.search(text)) == bool(HAN.search(question))] or read
        return bool(_RHETORICAL.search(_folded(question))) or any(_counts(question, text, offers) for text in own)
    texts = original if kind in _CASED else map(_folded, read)
    return any(offers.search(_NAMES.sub("", text) if kind in _UNNAMED else text) for text in texts)


def _counts(question: str, text: str, offers: re.Pattern[str]) -> bool:
    """Whether a text counts what a question wants counted.

    Figures may count anything, so they are believed. A number in words must stand with the measure or the noun that the
    question has, where both are in one language: "三级体系" counts no people.
    """
    asked = _folded(question)
    chinese, in_chinese = _COUNTED_ZH.search(asked), bool(HAN.search(text))
    whole, text = text, _NAMES.sub("", text)
    if re.search(r"\d", text):
        return True
    english = _COUNTED_EN.search(asked)
    if chinese:
        measure, noun = chinese.groups()
        if in_chinese and not measure and re.search(rf"[{_NUMERALS}]{{2}}|分之", _folded(text)):
            return True
        ways = [re.escape(way) for way in (measure, noun) if way]
        ways += [f"[{_PERSONS}]"] if measure and measure in _PERSONS else []
        ways += [noun[0]] if noun and noun[0] in _UNITS else []
        if in_chinese and ways:
            # “三层保障” has three layers, whatever it is the name of; “两个办法” are two of anything.
            read = text if measure in (None, "个") else whole
            return bool(re.search(rf"[{_NUMERALS}]+[余多]?[个]?(?:{'|'.join(ways)})", _folded(read)))
        return bool(offers.search(text))
    if english and not in_chinese:
        nouns = "|".join(re.escape(word[:_FEW_LETTERS]) for word in english.groups() if word and len(word) > 2)
        if re.search(rf"\b(?:{_LARGE_NUMBERS})\b", text, re.IGNORECASE):
            return True
        return bool(nouns) and bool(re.search(rf"\b{_NUMBER}[\s-]+(?:[\w'-]+ ){{0,3}}(?:{nouns})", text, re.IGNORECASE))
    return bool(offers.search(text))


def _names_one(question: str, text: str) -> bool:
    """Whether a text names a person; one in the asked-for role, where the question names a role."""
    if _NAME_IN_OFFICE.search(text):
        return True
    roles = [role for role in _ROLES if role.search(question)]
    if not roles:
        if _PATTERNS["person"][1].search(text):
            return True
        roles = list(_ROLES) if HAN.search(text) else []
    asked = set(re.findall(r"\w+", question))
    for place in (match for role in roles for match in role.finditer(text)):
        around = text[max(0, place.start() - 60) : place.end() + 60]
        if not place[0].isascii():
            before, after = text[max(0, place.start() - 15) : place.start()], text[place.end() : place.end() + 15]
            if _NAME_BEFORE.search(before[-5:]) or _NAME_AFTER.match(after[:5]) or "·" in before + after:
                return True
            if re.search(r"[A-Z][a-z]+", before[-8:] + after[:6]):
                return True
        elif any(_is_new_name(name, asked, place[0]) for name in _CAPITALISED.finditer(around)):
            return True
    return False


def _is_new_name(name: re.Match[str], asked: set[str], role: str) -> bool:
    """Whether capitalised words are a person's, and hold more than the question, the role, and a sentence's first word."""
    words = set(name[0].split()) - asked - {role, role.capitalize()}
    return not _NO_PERSON.search(name[0]) and len(words) > (0 if name.start() else 1)


def _list_is_unmet(question: str, texts: Sequence[str]) -> bool:
    """Whether a question asks which so-and-so many things there are, and no text lists as many.

    A text that only names "the four lists" does not list four; where one names them, its renderings are not asked.
    """
    asked = _LIST_ASKED.search(_as_told(question))
    if not asked:
        return False
    number = next(group for group in asked.groups() if group)
    size = int(number) if number.isdigit() else _LIST_SIZES[number.lower()]
    numerals = [numeral for numeral, value in _LIST_SIZES.items() if value == size]
    so_many = "|".join([*numerals, rf"(?<!\d){size}(?!\d)"])
    naming = [
        (text, named)
        for text in texts
        if (
            named := re.search(
                rf"(?:{so_many})(?:[{_LIST_OF}]|\b|(?<=[“「『\"].)[\u4e00-\u9fff]{{1,6}}[”」』\"])",
                text,
                re.IGNORECASE,
            )
        )
    ]
    if naming:
        return not any(_lists(text, named, size) for text, named in naming if HAN.search(text) or len(naming) == 1)
    return size >= _SHORTEST_LIST and not any(_strings_together(text, size) for text in texts)


def _lists(text: str, named: re.Match[str], size: int) -> bool:
    """Whether a text that names so many things lists them, right before or after."""
    before, after = text[max(0, named.start() - 60) : named.start()], text[named.end() :]
    if size < _SHORTEST_LIST:
        return bool(_SPELLED_OUT.search(after[:16]))
    if re.search(rf"“|{_SPELLED_OUT.pattern}", after[:16]) and _strings_together(after[:120], size):
        return True
    return _strings_together(before, size)


def _strings_together(text: str, size: int) -> bool:
    """Whether a text names so many things one after another."""
    return any(len(_LINKS.findall(chain[0])) + 1 >= size for chain in _CHAIN.finditer(text))
