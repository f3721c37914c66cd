from datetime import timedelta

import pytest
from sqlmodel import Session, select

from dashboard.errors import LinkNotValid
from dashboard.models.verification import Verification
from dashboard.services.accounts import verifications
from dashboard.services.accounts.verifications import INVITATION, RESET


def test_a_link_can_be_looked_at_and_is_used_once(session: Session) -> None:
    secret = verifications.issue(session, RESET, "ana")
    for _ in range(2):
        assert verifications.look(session, RESET, secret) == "ana"
    assert verifications.redeem(session, RESET, secret) == "ana"
    for follow in (verifications.look, verifications.redeem):
        with pytest.raises(LinkNotValid):
            follow(session, RESET, secret)


@pytest.mark.parametrize("purpose", [RESET, INVITATION])
def test_a_link_is_good_for_its_time(frozen_clock, session: Session, purpose) -> None:
    secret = verifications.issue(session, purpose, "ana")
    frozen_clock.moment += purpose.lasts - timedelta(microseconds=1)
    assert verifications.look(session, purpose, secret) == "ana"
    frozen_clock.moment += timedelta(microseconds=1)
    with pytest.raises(LinkNotValid):
        verifications.redeem(session, purpose, secret)


def test_a_link_is_good_for_its_purpose_alone(session: Session) -> None:
    secret = verifications.issue(session, INVITATION)
    with pytest.raises(LinkNotValid):
        verifications.redeem(session, RESET, secret)
    assert verifications.redeem(session, INVITATION, secret) == ""


def test_a_new_link_makes_the_one_before_it_worthless(session: Session) -> None:
    first, bobs = (verifications.issue(session, RESET, who) for who in ("ana", "bob"))
    second = verifications.issue(session, RESET, "ana")
    with pytest.raises(LinkNotValid):
        verifications.look(session, RESET, first)
    assert verifications.look(session, RESET, second) == "ana"
    assert verifications.look(session, RESET, bobs) == "bob"


def test_invitations_stand_beside_each_other(session: Session) -> None:
    secrets = [verifications.issue(session, INVITATION) for _ in range(3)]
    for secret in secrets:
        assert verifications.redeem(session, INVITATION, secret) == ""


@pytest.mark.parametrize("secret", ["", "nonsense", "%", "é", "x" * 128])
def test_nonsense_opens_nothing(session: Session, secret: str) -> None:
    verifications.issue(session, RESET, "ana")
    with pytest.raises(LinkNotValid):
        verifications.look(session, RESET, secret)


def test_the_database_cannot_tell_the_secret(session: Session) -> None:
    secret = verifications.issue(session, RESET, "ana")
    row = session.exec(select(Verification)).one()
    assert secret not in str(row.model_dump())
    with pytest.raises(LinkNotValid):
        verifications.look(session, RESET, row.value)
