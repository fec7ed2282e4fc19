"""What documents have in common: counted in parts that merge, and only what is sure enough is learned."""

from __future__ import annotations

from collections import Counter
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.knowledge import lexicon
from cleaner.learning import Counts, counts_of, facts

VILLAGE = (
    "漱石湾的茶园今年又添了三百亩新苗。村民说，漱石湾的泥土最养茶。",
    "记者昨天来到漱石湾，看见采茶的队伍已经上了山。从县城到漱石湾只要半个小时。",
    "在漱石湾住了一辈子的老人说，这样的好天气不多见。下午，漱石湾下起了小雨。",
    "游客喜欢漱石湾的早晨，也喜欢那里的米酒。去年，漱石湾接待了两万名游客。",
    "今年春天，漱石湾修通了公路，茶叶当天就能运到省城。专家认为，漱石湾走对了路。",
)
ELSEWHERE = (
    "秋收以后，合作社把晒干的稻谷运进粮仓，会计一笔一笔记在账上，谁家多少，清清楚楚。",
    "图书馆周末照常开放，孩子们坐在窗边看书，管理员轻轻走过，把散落的画册放回架上。",
    "渔船天不亮就出海，码头上的灯还亮着，妇女们一边补网一边说着昨晚的风浪。",
    "工厂新装的机器昨天开始试车，老师傅守在旁边听声音，说比旧的安静多了。",
    "中学的操场上正在举行运动会，跑得最快的是一个瘦小的姑娘，全场都为她鼓掌。",
)
PAGES = [f"{one}\n{other}\n" for one, other in zip(VILLAGE, ELSEWHERE, strict=True)]


@cache
def counted(text: str, name: str = "") -> Counts:
    return counts_of(name, Cleaner().clean(text))


def learned(texts: list[str]) -> set[tuple[str, str, int]]:
    total = sum((counted(text, str(number)) for number, text in enumerate(texts)), Counts())
    return {(fact.kind, fact.text, fact.documents) for fact in facts(total, lexicon.load())}


COUNTERS = st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(1, 9)).map(Counter)
COUNTS = st.builds(
    Counts, st.integers(0, 9), st.integers(0, 99), COUNTERS, COUNTERS,
    st.dictionaries(st.sampled_from([("人驻", "入驻"), ("渐江", "浙江")]), st.integers(1, 9)).map(Counter),
)  # fmt: skip


@given(COUNTS, COUNTS, COUNTS)
def test_counts_add_up_in_any_order(one: Counts, two: Counts, three: Counts) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one + Counts() == one


@given(st.permutations(range(len(PAGES))))
def test_the_order_of_documents_is_of_no_account(order: list[int]) -> None:
    parts = [counted(PAGES[number], str(number)) for number in order]
    there, back = sum(parts, Counts()), sum(parts[::-1], Counts())
    assert sorted(facts(there, lexicon.load())) == sorted(facts(back, lexicon.load()))


def test_a_name_that_recurs_is_learned_whole() -> None:
    assert learned(PAGES) == {("term", "漱石湾", 5)}
    assert learned(PAGES[:2]) == set()


def test_a_misread_of_a_name_is_not_learned() -> None:
    misread = [page.replace("漱", "嗽") for page in PAGES[:3]]
    assert ("term", "嗽石湾", 3) not in learned(PAGES * 2 + misread)


def test_what_differs_from_others_in_one_character_is_no_name() -> None:
    others = [page.replace("漱石湾", f"{char}石湾") for page, char in zip(PAGES, "磐铜", strict=False)]
    assert ("term", "漱石湾", 5) not in learned(PAGES + others)


def paged(*edges: str) -> list[str]:
    return [
        f"{edge}\n{one}\n{other}\n{one}\n{other}\n{one}\n"
        for edge, one, other in zip(edges, VILLAGE, ELSEWHERE, strict=True)
    ]


def test_a_line_at_the_top_of_all_documents_is_learned() -> None:
    assert ("line", "山乡晚报", 5) in learned(paged(*["山乡晚报"] * 5))
    assert ("line", "山乡晚报", 4) not in learned(paged(*["山乡晚报"] * 4, "春茶开采"))


def test_beside_folios_it_is_a_running_head() -> None:
    assert ("head", "山乡晚报", 5) in learned(paged(*[f"山乡晚报\n\n— {number} —\n" for number in range(11, 16)]))


def test_misreads_mended_in_two_documents_are_learned() -> None:
    texts = ["柚香谷公司的人驻，给村里带来了新的发展机遇。", "去年三家企业的人驻，为当地带来了新的发展机遇。"]
    assert ("change", "人驻→入驻", 2) in learned(texts)
    assert ("change", "人驻→入驻", 1) not in learned(texts[:1])


def test_what_mostly_stands_for_itself_is_no_confirmed_misread() -> None:
    mended = Counts(3, 0, changes=Counter({("没在", "没有"): 3}), texts=(("a", "他没在家。"), ("b", "人没在这里。")))
    assert facts(mended, lexicon.load()) == []
