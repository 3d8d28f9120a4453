"""A page with every chart and the map of a district, as a template of another feature would have them."""

from flask import render_template_string

from civic_forum.blocks.charts import Bar, Bars, Key, Line, Lines, Part, Share, Stack, Stacked, Table
from civic_forum.district.maps import district_map
from civic_forum.district.models import Neighbourhood
from civic_forum.district.shapes import SHAPES
from civic_forum.platform.base import db

ENGLISH = {"가산동": "Gasan-dong", **{f"{name}{number}동": f"{latin} {number}-dong" for name, latin, most in (
    ("독산", "Doksan", 4), ("시흥", "Siheung", 5)) for number in range(1, most + 1)}}
PER_THOUSAND = (17.1, 7.8, 7.4, 14.5, 7.8, 12.0, 7.0, 6.0, 9.5, 10.0)
PROMISES = (5, 4, 3, 4, 2, 6, 3, 2, 3, 3)
ANSWERED = (62, 41, 23, 58, 3, 71, 19, 4, 38, 22)
KEPT = [Key("지켰어요", "good"), Key("하는 중", "soft"), Key("늦었어요", "bad"), Key("바뀌거나 멈췄어요", "quiet")]
PAGE = """
{% extends 'base.html' %}
{% from 'blocks/charts.html' import bars, chart, key, lines, share, stacked %}
{% from 'blocks/map.html' import district_map %}
{% from 'parts/page.html' import page_head %}
{% block title %}그림표{% endblock %}
{% block styles %}{{ cached_fragment('frame/links.html', ('css/charts.css',)) }}{% endblock %}
{% block content %}
{{ page_head('우리 구 지도') }}
<section class="map-side"><div>{{ district_map(maps.taking_part, '동마다 주민 천 명에 참여한 사람',
  '실제 경계가 아니라, 이웃한 자리만 옮긴 그림이에요.') }}</div>
  <div>{% call chart('가산동이 가장 많이 참여했어요', table=maps.taking_part.bars.table('동마다 참여', '동', '천 명에'), level=2) %}
    {{ bars(maps.taking_part.bars) }}{% endcall %}</div></section>
<h2>그림표</h2>
<div class="charts">
  <div class="panel">{% call chart('약속 46개, 열에 넷은 지켰어요', table=share_table) %}
    {{ share(promises, tall=true) }}{{ key(promises.parts, wide=true) }}{% endcall %}</div>
  <div class="panel">{% call chart('셋 가운데 하나는 교통·주차 제안이에요', '지금까지 66건', topics.table('분야마다 제안', '분야', '제안')) %}
    {{ bars(topics) }}{% endcall %}</div>
  <div class="panel">{% call chart('11월에 439명이 참여했어요', '달마다 참여한 사람. 한 사람이 여러 번 해도 한 번만 세요.',
    months.table('달마다 참여한 사람', '달')) %}{{ key(months.keys) }}{{ lines(months) }}{% endcall %}</div>
  <div class="panel">{% call chart('교통행정과와 도로과가 가장 많이 지켰어요', '부서마다 약속', kept.table('부서마다 약속', '부서', '모두')) %}
    {{ key(kept.keys) }}{{ stacked(kept) }}{% endcall %}</div>
  <div class="panel">{% call chart('한 칸을 가렸어요', '다섯 명이 안 되는 답은 보이지 않아요') %}
    {{ bars(few) }}{{ key(few_key) }}{% endcall %}</div>
  <div class="panel">{% call chart('목표까지', '세로줄이 올해 목표예요') %}{{ key(goal_key) }}{{ bars(goals) }}{% endcall %}</div>
  <div class="panel"><h3>동을 골라요</h3>{{ district_map(maps.chosen, '동마다 약속', '누르면 그 동의 약속만 보여요.', id='chosen') }}</div>
  <div class="panel"><h3>적은 수는 가려요</h3>{{ district_map(maps.hidden, '동마다 답한 사람', id='hidden') }}</div>
</div>
{% endblock %}
"""


def settle(names=tuple(SHAPES)) -> list[int]:
    """Ids of new neighbourhoods of these Korean names."""
    made = [Neighbourhood(position=place, name_ko=name, words={"en": ENGLISH.get(name, name)})
            for place, name in enumerate(names, 1)]
    db.session.add_all(made)
    db.session.commit()
    return [one.id for one in made]


def page(ids: list[int]) -> str:
    """HTML about these neighbourhoods, in the request that is open."""

    def figures(values):
        return dict(zip(ids, values, strict=True))

    def address(one: int) -> str:
        return f"/proposals?neighbourhood={one}"

    maps = {
        "taking_part": district_map(figures(PER_THOUSAND), "명", href=address),
        "chosen": district_map(figures(PROMISES), "개", ids[8], href=address),
        "hidden": district_map(figures(ANSWERED), "명", ids[6], (ids[4], ids[7]))}
    share_table = Table("약속의 상태", ("상태", "약속"), [(part.name, part.shown) for part in promises().parts])
    return render_template_string(
        PAGE, maps=maps, share_table=share_table, promises=promises(), topics=topics(), months=months(), kept=kept(),
        few=few(), goals=goals(),
        few_key=[Key("가린 칸", "hidden")], goal_key=[Key("올해 목표", "mark")])


def promises() -> Share:
    return Share([Part(key.name, value, f"{value}개", key.tone)
                  for key, value in zip(KEPT, (19, 18, 5, 4), strict=True)])


def topics() -> Bars:
    found = {"교통·주차": 21, "안전": 14, "환경·청소": 11, "복지·돌봄": 9, "문화·교육": 7, "그 밖": 4}
    return Bars([Bar(name, value, f"{value}건", tone="" if place else "strong")
                 for place, (name, value) in enumerate(found.items())])


def months() -> Lines:
    online = (96, 121, 134, 188, 205, 231, 296, 342, 214, 258, 301, 334)
    paper = (12, 18, 20, 44, 61, 58, 92, None, 40, 71, 88, 105)
    return Lines([f"{(place + 11) % 12 + 1}월" for place in range(12)],
                 [Line("누리집", online, [f"{one}명" for one in online]), Line("종이·주민센터·공론장", paper)])


def kept() -> Stacked:
    found = {"도로과": (5, 5, 1, 1), "주차관리과": (3, 4, 2, 1), "교통행정과": (5, 1, 1, 1), "공원녹지과": (2, 5, 0, 1)}
    return Stacked([Stack(name, values, f"{sum(values)}개") for name, values in found.items()], KEPT)


def few() -> Bars:
    return Bars([Bar("20대", 44, "44명"), Bar("30대", 61, "61명"), Bar("80대 이상", None, "", hidden=True, detail="함께 가림")])


def goals() -> Bars:
    return Bars([Bar("공론장", 4, "4회", 6, detail="목표 6회"), Bar("협치 사업", 8, "8개", 8, tone="good", detail="목표 8개")], 10)
