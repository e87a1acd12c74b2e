"""What stands in the workbook of a ledger (台账), in Chinese and in English."""

from __future__ import annotations

LEDGER_SHEET, GUIDE_SHEET, COPY_SHEET = "台账 ledger", "说明 guide", "原件 as written"
STATUS_WORDS = {
    "kept": "保留 kept",
    "revised": "修改 revised",
    "split": "拆分 split",
    "merged": "合并 merged",
    "review": "待核 to be judged",
    "new": "新增 new",
    "dropped": "删去 dropped",
}
NOT_THE_SAME, SAME_ITEM = "not the same item", "the same item"
APART = (NOT_THE_SAME, "new", "dropped")  # of a pair, each says that it is none
CHOICES = {**{s: w for s, w in STATUS_WORDS.items() if s != "review"}, NOT_THE_SAME: f"不是同一条 {NOT_THE_SAME}"}
OTHER_WORDS = {"取消": "dropped", "删除": "dropped", "review": "", "待核": ""}  # people write these too; still to be judged says nothing
NO_PARTNER = ("无", "没有", "none", "-", "－", "—", "–", "——")  # people write these too, where a cell is to stay empty
HEADS = {  # of the sheet that people work in, with the width of each column
    "link_id": ("编号 link_id", 24),
    "place": ("地区 place", 10),
    "year_before": ("前一年 year before", 13),
    "year_after": ("后一年 year after", 13),
    "status": ("状态 status", 15),
    "score": ("分数 score", 8),
    "text_before": ("前一年的文本 text before", 60),
    "text_after": ("后一年的文本 text after", 60),
    "moved": ("换了部分 moved", 11),
    "numbers_changed": ("数字变了 numbers changed", 14),
    "overrule": ("改判 overrule", 24),
    "partner": ("对应条目 partner", 22),
    "remarks": ("备注 remarks", 30),
    "hash_before": ("前文校验码 hash before", 13),
    "hash_after": ("后文校验码 hash after", 13),
}
YES_NO = {True: "是 yes", False: "否 no"}
TO_FILL_IN = ("overrule", "partner", "remarks")
CHOOSE = "从列表中选；判得对的留空。 Choose from the list; leave it empty where the status is right."
NAME = (
    "这一条其实延续自（或延续到）另一年的哪一条，就填那一条的编号，如 甲区-2024#003 或 #003；没有就留空。 "
    "The id of the item of the other year that this one went on in or came from, or the number after its #; else empty."
)
GUIDE = (
    "每行是前后两年之间的一对条目，或没有对应的一条。红字是两文不同之处：左边划去的只在前一年，右边的只在后一年。没有对应条目的，全文照录，不标红。",
    "要填的只有绿色表头的三列。机器判得不对，就在“改判”一列选出正确的状态；判得对的留空即可。“待核”的行（黄底）请逐行判定：是同一条就选保留、修改、拆分或合并，不是就选“不是同一条”。",
    "“不是同一条”（一对条目上选“新增”“删去”也一样）：前一年的一条算作删去，后一年的一条算作新增，另有对应的除外。",
    "“新增”“删去”的一条其实另有对应的：在“对应条目”一列填另一年那一条的编号（甲区-2024#003），只填 # 后的数字（#003 或 3），"
    "或把那一行的编号整格复制过来都行；几条用顿号隔开。那一条已有对应的也可以填：两条便成拆分或合并。只需在一头填。状态由机器按同样的规则定；要自己定，就在同一行的“改判”里选。",
    "已成对的行也可填对应条目，意思是再加一对；原来的一对不对，就同时选“不是同一条”。填了不存在的、别的年份的编号，或前后矛盾，读回时会指明哪一行，不读。",
    "理由写在“备注”里。可以排序、筛选，但请不要改动其他各列，不要写公式：文本、状态或编号改过的行不会采用，只会列为问题。名为“原件”的隐藏页是机器原来的台账，请不要改动。",
    "保存为 .xlsx，用 read_ledger(文件) 读回。",
    "Each row is a pair of items of two years, or an item without a partner. Red is what the texts do not share: struck through on the "
    "left what only the earlier year has, on the right what only the later one has. An item without a partner is shown as it is.",
    "Only the three columns with green heads are to be filled in. Where the machine is wrong, choose the right status under “overrule”; "
    "leave the cell empty where it is right. Please judge each row that is “to be judged” (yellow): kept, revised, split or merged if it "
    "is the same item, “not the same item” if it is not.",
    "“Not the same item” (or “new” or “dropped” of a pair, which say the same) makes the earlier item dropped and the later one new, "
    "unless they have other partners.",
    "If a new or dropped item does have a partner: give its id (甲区-2024#003) under “partner”, or the number after the # (#003 or 3), or "
    "copy the id cell of its row; several with commas between. It may have a partner already: the item is then split or merged. One end "
    "is enough. The machine names the status by the same rules; to name it yourself, choose it under “overrule” of the same row.",
    "A partner in a row that is a pair adds another pair; if the first one is wrong, choose “not the same item” too. An id that is not "
    "there or is of another year, or entries that contradict each other, are refused when the workbook is read, with the row named.",
    "Give reasons under “remarks”. Sort and filter as you like, but leave the other columns as they are and write no formula: a row whose "
    "text, status or id was changed is not used but listed as a problem. The hidden sheet “as written” is the machine's ledger; leave it.",
    "Save as .xlsx and read it back with read_ledger(path).",
)
