"""Complaints go to bodies that are not the agency complained about."""

from __future__ import annotations

from circle import Circle, agency
from knocking import COMPLAINT, needs, send
from nodes import reason
from onward.v1.knocks_pb2 import ComplaintNotice, Knock


def test_a_complaint_bypasses_the_agency_complained_about(circle: Circle) -> None:
    lodged = circle["third"].client.lodge_complaint(COMPLAINT)
    assert lodged.asked == 2
    circle.settle()
    for name in ("peer", "fourth"):
        (there,) = circle[name].client.list_knocks()
        assert there.complaint == COMPLAINT
        assert needs(circle[name]) == ["knock_waiting"]
    assert list(circle["owner"].client.list_knocks()) == []
    assert agency("owner") not in {aud for _, aud, _ in circle.wire}
    mine = circle["third"].client.get_knock(lodged.knock_id)
    assert (mine.status, mine.answered) == ("delivered", 2)
    assert not mine.HasField("complaint"), "where it was lodged, nobody reads it up"


def test_a_complaint_about_a_body_skips_it(circle: Circle) -> None:
    about = ComplaintNotice(agency=agency("peer"), complaint="abuse")
    assert circle["peer"].client.lodge_complaint(about).asked == 1, "also lodged at itself"
    circle.settle()
    assert [aud for _, aud, _ in circle.wire] == [agency("fourth")]
    (there,) = circle["fourth"].client.list_knocks()
    assert there.complaint == about
    seen = [one for one in circle["peer"].client.list_knocks() if one.HasField("complaint")]
    assert seen == []


def test_a_body_gets_what_is_lodged_at_its_own_desk(circle: Circle) -> None:
    circle["peer"].client.lodge_complaint(COMPLAINT)
    circle.settle()
    (mine,) = [one for one in circle["peer"].client.list_knocks() if not one.outgoing]
    assert mine.complaint == COMPLAINT
    assert needs(circle["peer"]) == ["knock_waiting"]


def test_nobody_to_complain_to(circle: Circle) -> None:
    lodge = circle["third"].client.lodge_complaint
    unknown = ComplaintNotice(agency="nobody.example", complaint="abuse")
    assert reason(lodge, unknown) == "AGENCY_UNKNOWN"
    circle.complaints = [agency("owner")]
    circle.publish()
    assert reason(lodge, COMPLAINT) == "NO_COMPLAINT_BODY"
    knock = Knock(knock_id="complaint-000001", complaint=COMPLAINT)
    knock.time.FromSeconds(int(circle.clock.seconds()))
    assert send(circle, "third", "owner", knock) == "WRONG_RECIPIENT"
    assert send(circle, "third", "peer", knock) == "WRONG_RECIPIENT"
