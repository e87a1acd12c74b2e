"""What a person who codes is told, in Chinese and then in English."""

from __future__ import annotations

CODING_SHEET = "编码 coding"
GUIDE_SHEET = "说明 guide"
ID, TEXT, OPTION, CODER, REMARKS = "编号 id", "文本 text", "选项{} option{}", "编码员{} coder{}", "备注 remarks"
CATEGORIES = "类别 categories"

_COMMON = (
    "请独立完成，编码期间不与他人讨论；各人各用一份副本，各填自己的一列。列首的“编码员1 coder1”可改成自己的名字。",
    "请从第一行依次往下做。行的次序是随机的，中途停下也有用；没有把握就留空，并在备注里说明。",
    "请不要改动编号、文本和选项，不要写公式。文本改过的行不会采用，只会列为问题。",
    "Work alone, and do not talk about the texts until all is coded. Each coder takes a copy of their own and fills in one column; "
    "the head “编码员1 coder1” may be changed to your name.",
    "Begin with the first row and go on downwards. The order is random, so that a part is of use too; where you cannot tell, leave the "
    "cell empty and say why under remarks.",
    "Leave ids, texts and options as they are, and write no formula. A row whose text was changed is not used but listed as a problem.",
)
_TASKS = {
    "coding": (
        "任务：读每一条文本，从下拉列表中选出最合适的一个类别。以文本的主要内容为准，不以个别词语为准。",
        "Task: read each text and choose from the list the one category that fits best: by what it is mainly about, not by single words.",
    ),
    "words": (
        "任务：每一行有六个词，其中五个属于同一主题，一个是混进来的。请从下拉列表中选出混进来的那个词。",
        "Task: each row has six words. Five belong together, one was slipped in. Choose from the list the one that does not belong.",
    ),
    "topics": (
        "任务：每一行有一条文本和四组词，其中三组与文本有关，一组是混进来的。请从下拉列表中选出与文本最不相干的那一组。",
        "Task: each row has a text and four groups of words. Three have to do with the text, one was slipped in. Choose from the list the "
        "group that has least to do with it.",
    ),
}


def guide(task: str) -> list[str]:
    """Give the sentences that explain a task: all in Chinese, then all in English."""
    chinese, english = _TASKS[task]
    half = len(_COMMON) // 2
    return [chinese, *_COMMON[:half], english, *_COMMON[half:]]
