"""How lines of the genre are worded: genres, dates, labels, a page's frame, closing formulas; the patterns that several rooms share."""

from __future__ import annotations

import re

GENRES = [
    "政府工作报告",
    "工作报告",
    "工作要点",
    "工作计划",
    "工作意见",
    "工作安排",
    "工作打算",
    "工作思路",
    "工作方案",
    "行动计划",
    "行动方案",
    "实施方案",
    "实施意见",
    "重点工作",
    "重点任务",
    "发展规划",
    "规划纲要",
    "三年规划",
    "建设指南",
    "管理规范",
    "实施细则",
    "工作总结",
    "政策措施",
    "要点",
    "计划",
    "规划",
    "方案",
    "意见",
    "办法",
    "规范",
    "报告",
]
SIMPLIFIED = str.maketrans("報點計劃總結規範辦實細則導見動綱", "报点计划总结规范办实细则导见动纲")
GENRE = re.compile("|".join(GENRES))
NOTICE = re.compile(r"关于(?:印发|发布|下发|转发|公布|报送).{2,80}的?(?:通知|函)$")
ATTACHMENT = re.compile(r"附\s*[件表录]\s*[0-9一二三四五六七八九十]{0,3}\s*(?:[：:、.]\s*(?P<name>.{0,60}))?")
GLOSSARY = re.compile(
    r"[（(《]?.{0,24}(?:名词解释|名词注释|名词说明|名词术语|词语解释|术语解释|用语解释|用语说明|名词释义|缩略语|缩略词|专有名词)[）)》]?.{0,6}|(?:注\s*释|注)[：:]?|附注[：:]?"
)
TASK_LIST = re.compile(r".{0,20}(?:民生实事|实事项目|为民办实事|民生工程|惠民实事)(?:项目|清单|任务|安排|（[^）]*）)*")
DELIVERY = re.compile(r"[—–－-]*\s*[（(]?.{0,12}年.{1,3}月.{1,4}日?.{0,6}在?.{0,60}(?:会议|大会|全会).{0,12}[）)]?")
SPEAKER = re.compile(r".{0,24}(?:总理|省长|市长|区长|县长|州长|盟长|旗长|主席|主任|局长|书记)[\s　]*[\u4e00-\u9fff·\s　]{0,12}")
DATE = re.compile(
    r"[（(]?\s*[\d一二三四五六七八九十〇○零OＯ]{2,4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?\s*(?:印发|发布|通过)?\s*[）)]?"
)
LABEL = re.compile(
    r"(?:索\s*引\s*号|发布(?:机构|日期|时间|单位)|发文(?:字号|机关|日期|单位)|成文日期|生成日期|公开(?:日期|类别|方式|范围|主体)|主题(?:分类|词)|信息(?:索引|名称|类别|来源)|文\s*号|文件编号|有\s*效\s*性|组配分类|体裁分类|服务对象|关\s*键\s*词|名\s*称|标\s*题|来\s*源)\s*[：:]"
)
CHROME = re.compile(
    r"当前位置|您(?:所在|现在)的位置|浏览次数|阅读次数|点击(?:数|率|次数)|访问量|分享到|【打印】|【关闭】|打印本页|关闭窗口|字号[：:\s]*[【\[（(]?\s*大|字体[：:]|[沪京粤苏浙]?ICP备|公网安备|网站标识码|主办单位[：:]|承办单位[：:]|扫一扫|责任编辑[：:]|编辑[：:]|作者[：:]|责编[：:]|^首页\b|^\s*【?字体"
)
TAIL_NOTE = re.compile(
    r"抄\s*[送报][：:]|主题词[：:]|联系(?:人|电话)[：:]|（?此件.{0,8}公开|[（(]?(?:新华社|来源[：:]|信息来源|责任编辑|编辑[：:]|注[：:]|据.{2,12}报道)|[（(]?.{0,30}共印\s*\d+\s*份|.{0,24}(?:办公室|秘书处|秘书科|办公厅)\s*[\d年月日\s]*印发|https?://|[（(]?虚构示例"
)
CLOSING = re.compile(
    r"在(?:做好|抓好|推进|完成)|各位(?:代表|委员|同志|领导|来宾)|让我们|同志们|谢谢|我们(?:坚信|相信)|做好.{2,20}(?:工作)?.{0,6}(?:意义|责任|使命)|(?:以上|上述)(?:各项)?(?:工作|任务)|新的?(?:征程|一年|时代)|使命|蓝图|奋斗|展望|本.{2,10}自.{0,12}(?:起|日).{0,4}施行|附[：:]"
)
ADDRESSEE = re.compile(r"(?:各|市|区|县|局|本)[^。；]{1,120}[：:]|各位[^。；，]{1,30}[：:！!]")
_PLAIN = (
    r"指导思想|总体(?:要求|思路|目标)(?:[和及与、](?:主要|预期|工作)?(?:目标|任务)(?:任务)?)?|(?:工作|基本)(?:思路|原则|目标|重点|措施|要求|任务)|(?:主要|重点|具体)(?:工作|任务|目标|措施|举措|工作任务)|目标任务"
    r"|保障(?:措施|机制)|组织(?:保障|实施|领导)|(?:全面|着力|切实|大力|持续|不断)*(?:加强|推进|提升)?(?:政府)?自身建设|(?:全面)?加强政府建设"
)
PART_HEADING = re.compile(
    rf"^第[一二三四五六七八九十]{{1,2}}部分|工作回顾|工作总结$|^(?:{_PLAIN})$|^(?:下一步|今年)(?:的)?(?:主要|重点)?工作"
    r"|年(?:的)?(?:主要|重点)?(?:目标|工作|任务)?(?:和|及|与)?(?:主要|重点|总体)?(?:工作|任务|目标)?(?:安排|打算|部署|思路|建议|任务|要求|重点)$"
    r"|^(?:首先|现在)?(?:报告|总结|回顾)(?:去年|[0-9]{4}年)的?工作$"
)
SPEECH = re.compile(r"(?:各位|尊敬的)[^。，；：！]{1,12}[：:！!，,]?")
CONTENTS = re.compile(r"目\s*[录次]")
_LEADER = re.compile(r"[.…．·]{3,}\s*\d*\s*$|\s\.{2,}\s*\d+$")
ISSUER = re.compile(r"[\u4e00-\u9fff、\s]{2,40}(?:局|委|委员会|政府|办公室|办公厅|厅|院|处|中心|会|部|组|市|区|县|省|司|校)")
BOX = re.compile(r"专\s*栏\s*[0-9一二三四五六七八九十]{0,3}\s*[：:]?\s*[^。]{0,40}")
FIGURE = re.compile(r"[图表]\s*\d+(?:[-—.．]\d+)?[\s：:]*[^。，；：]{2,40}")
_CLOSERS = "”’》）)】"
_STOPS = frozenset("。！？；：…!?;:")
_PAUSES = frozenset("。；！？：，、;!?:,")
_LEADER_ENDS = frozenset(".…．·0123456789 \u3000")


def ends_sentence(text: str) -> bool:
    """Whether a line ends with a stop, be it behind or before closing marks."""
    return text.rstrip(_CLOSERS)[-1:] in _STOPS


def has_pause(text: str) -> bool:
    """Whether a line ends with any stop or comma, as no title does."""
    return text.rstrip(_CLOSERS)[-1:] in _PAUSES


def has_leader(text: str) -> bool:
    """Whether a line ends as in a table of contents: dots, and a page number."""
    return text[-1:] in _LEADER_ENDS and _LEADER.search(text[-80:]) is not None


def squeeze(text: str) -> str:
    """Take all white space out of a text."""
    return re.sub(r"[\s\u3000]+", "", text)


def is_part_heading(text: str) -> bool:
    """Whether an unnumbered line heads the look back or the plan: 2023年工作回顾, 2024年工作安排, 主要任务."""
    bare = squeeze(text)
    return len(bare) <= 34 and PART_HEADING.search(bare) is not None and not re.search("[。；，：！]|(?:要点|报告|计划)$", bare)
