"""How Word prints the number n in each of its formats: 一 ① 甲 壹 IV."""

from __future__ import annotations

from collections.abc import Callable

from policylab.plans.numerals import to_chinese

_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_LEGAL_TRADITIONAL = str.maketrans("零一二三四五六七八九十百千万", "零壹貳參肆伍陸柒捌玖拾佰仟萬")
_LEGAL_JAPANESE = str.maketrans("一二三十", "壱弐参拾")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def _tens(n: int) -> str:
    return to_chinese(n).replace("十", "一十", n // 10 == 1)


def _letters(n: int) -> str:
    return chr(97 + (n - 1) % 26) * ((n - 1) // 26 + 1)


def _roman(n: int) -> str:
    printed = ""
    for value, letters in _ROMAN:
        printed += letters * (n // value)
        n %= value
    return printed


def _enclosed(first: int, last: int) -> Callable[[int], str]:
    return lambda n: chr(first + n - 1) if 1 <= n <= last else str(n)


def _circled(n: int) -> str:
    first = 0x2460 if n <= 20 else 0x3251 - 20 if n <= 35 else 0x32B1 - 35
    return chr(first + n - 1) if 1 <= n <= 50 else str(n)


def _ordinal(n: int) -> str:
    return f"{n}{'th' if n // 10 % 10 == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda n: characters[(n - 1) % len(characters)]


FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02d}",
    "upperRoman": lambda n: _roman(n),
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "decimalFullWidth": lambda n: str(n).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "decimal": str,
    "decimalHalfWidth": str,
    "numberInDash": lambda n: f"- {n} -",
    "ordinal": _ordinal,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedParen": _enclosed(0x2474, 20),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20),
    "ideographEnclosedCircle": _enclosed(0x3280, 10),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda n: _cycle(_STEMS)(n) + _cycle(_BRANCHES)(n),
    "ideographDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "chineseCounting": to_chinese,
    "chineseLegalSimplified": lambda n: _tens(n).translate(_LEGAL),
    "ideographLegalTraditional": lambda n: _tens(n).translate(_LEGAL_TRADITIONAL),
    "japaneseLegal": lambda n: _tens(n).translate(_LEGAL_JAPANESE),
    "none": lambda n: "",
}
FORMATS |= dict.fromkeys(("koreanDigital2",), FORMATS["ideographDigital"])
FORMATS |= dict.fromkeys(("japaneseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand"), to_chinese)
FORMATS |= {"japaneseDigitalTenThousand": FORMATS["ideographDigital"], "taiwaneseDigital": FORMATS["ideographDigital"]}
FORMATS |= {"decimalFullWidth2": FORMATS["decimalFullWidth"], "decimalEnclosedCircleChinese": FORMATS["decimalEnclosedCircle"]}
