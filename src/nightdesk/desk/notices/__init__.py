"""Notices: word of what happens, sent to where a workspace's owner wants it.

`targets` is what people may ask for, `outbox` writes notices down as things happen, `sending` sends them.
"""

from nightdesk.desk.notices.courier import Answer, Courier
from nightdesk.desk.notices.outbox import Outbox
from nightdesk.desk.notices.sending import Sending
from nightdesk.desk.notices.targets import Notices, NoticeShown, TargetShown, Wish
from nightdesk.desk.notices.wording import KINDS, Wording

__all__ = [
    "KINDS",
    "Answer",
    "Courier",
    "NoticeShown",
    "Notices",
    "Outbox",
    "Sending",
    "TargetShown",
    "Wish",
    "Wording",
]
