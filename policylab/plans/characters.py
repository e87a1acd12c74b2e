"""Which characters a Chinese text is made of, and in which script it is."""

from __future__ import annotations

import re

_RUNS = re.compile("[\u3400-\u9fff]+")
# Frequent characters of the genre, simplified and traditional: about 70 % of the Han in a plan, 2 % of what a wrong encoding shows.
_COMMON = frozenset(
    "的一是不了在人有我这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同"
    "现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问"
    "很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论"
    "处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决"
    "治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候"
    "带导争运改服委监培健康创新企育卫推落促强化检督查责任善快深乡镇街区居项投增环境态绿护医疗就业养旅游课校质综治风险防控党组织纪律廉政"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產幾認條題爾別變總電數報結"
    "務場計資許統區隊決處義馬書則聽達強難權設記類據邊張該規萬領確傳師觀讓識帶導爭運監創衛責環態護醫療養遊課質綜風險黨組織紀"
)


def count_han(text: str) -> int:
    """Count the Han characters of a text."""
    return sum(map(len, _RUNS.findall(text)))


def commonness(text: str) -> float:
    """Give the share of frequent characters among the Han: about .7 in Chinese prose, under .1 in what a wrong encoding shows."""
    n_han = count_han(text)
    return sum(map(_COMMON.__contains__, text)) / n_han if n_han else 0.0
