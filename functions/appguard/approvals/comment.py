"""What a reviewer has to say along with a decision."""

from appguard.approvals.errors import CommentRequired
from appguard.approvals.model import MAX_COMMENT, Verdict
from appguard.kernel.errors import TooLarge


def checked(verdict: Verdict, comment: str, *, accepts: bool) -> str:
    """The comment, stripped; needed to refuse, and to accept what only a person may accept."""
    comment = comment.strip()
    if len(comment) > MAX_COMMENT:
        raise TooLarge(f"a comment has at most {MAX_COMMENT} characters")
    if verdict is Verdict.REFUSE and not comment:
        raise CommentRequired("a refusal needs a comment")
    if accepts and not comment:
        raise CommentRequired(
            "the checks found something that only a person may accept",
            "Say in a sentence why it is acceptable; it stands beside the exception.",
        )
    return comment
