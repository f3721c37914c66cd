"""The Inbox of each person: a list of their own, made with their account."""

from sqlmodel import Session

from dashboard.models.list import INBOX, ListMember, Role, TaskList, inbox_of
from dashboard.models.user import User


def create_inbox(session: Session, user: User) -> None:
    """Give a new user their Inbox."""
    inbox = TaskList(
        id=inbox_of(user.id),
        created_by=user.id,
        name=INBOX,
        created_at=user.created_at,
        updated_at=user.created_at,
    )
    session.add(inbox)
    session.flush()
    session.add(ListMember(user_id=user.id, list_id=inbox.id, role=Role.OWNER))
