"""The awards of the sample district, scored and published as their steps say."""

from civic_forum.awards import queries
from civic_forum.sample_data import people


def test_the_round_of_the_past_was_published_with_its_places(district):
    [round_] = queries.rounds(only_public=True)
    published, = [step["with"] for step in people.read("steps/awards") if step["do"] == "award.publish"]
    panel = queries.public(round_.id)
    titles = {one["key"]: one["title"] for one in people.read("proposals")}
    assert [(one.proposal.title, one.nominee.place) for one in panel.ranked] == [
        (titles["alley-share"], 1), (titles["library-pickup"], 1), (titles["tool"], 3), (titles["haenggung"], 4)]
    assert [one.nominee.reason for one in panel.ranked if panel.is_awarded(one)] == [
        published["reasons"]["@nominee:alley-share"], published["reasons"]["@nominee:library-pickup"]]
