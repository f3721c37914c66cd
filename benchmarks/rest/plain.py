"""What somebody would write who follows the tutorials of FastAPI and SQLModel: the list and the create of Cairn's API.

A session of the database for each request, by a dependency; a user by a signed token; table models in and out through
`response_model`. No sessions that can be revoked, no conditions, no limits, no counts: less than Cairn does.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

SECRET = "a secret of a benchmark, and of nothing else"  # noqa: S105 - it guards nothing
TASKS = 60

engine = create_engine(
    f"sqlite:///{os.environ['REFERENCE_DATABASE']}", connect_args={"check_same_thread": False}
)


class Owner(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(index=True, unique=True)


class TaskBase(SQLModel):
    title: str
    description: str = ""
    priority: str = "Medium"
    due_date: date | None = None
    due_time: time | None = None


class PlainTask(TaskBase, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="owner.id", index=True)
    completed_at: datetime | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC), index=True)
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class TaskPublic(TaskBase):
    id: UUID
    user_id: UUID
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
Token = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="token"))]


def get_current_user(session: SessionDep, token: Token) -> Owner:
    try:
        email = jwt.decode(token, SECRET, algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    user = session.exec(select(Owner).where(Owner.email == email)).first()
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[Owner, Depends(get_current_user)]
app = FastAPI()
SQLModel.metadata.create_all(
    engine, tables=[SQLModel.metadata.tables[name] for name in ("owner", "plaintask")]
)


@app.post("/token")
def sign_in(session: SessionDep, name: str) -> dict[str, str]:
    """Makes the user and their tasks, too."""
    user = Owner(email=f"{name}@example.org")
    session.add(user)
    session.commit()
    for number in range(TASKS):
        session.add(PlainTask(title=f"Task number {number} of a benchmark", user_id=user.id))
    session.commit()
    return {"access_token": jwt.encode({"sub": user.email}, SECRET, algorithm="HS256")}


@app.get("/api/tasks", response_model=list[TaskPublic])
def list_tasks(session: SessionDep, user: CurrentUser, limit: int = 50) -> list[PlainTask]:
    mine = select(PlainTask).where(PlainTask.user_id == user.id)
    return list(session.exec(mine.order_by(col(PlainTask.created_at).desc()).limit(limit)).all())


@app.post("/api/tasks", response_model=TaskPublic, status_code=201)
def create_task(session: SessionDep, user: CurrentUser, task: TaskBase) -> PlainTask:
    made = PlainTask.model_validate(task, update={"user_id": user.id})
    session.add(made)
    session.commit()
    session.refresh(made)
    return made
