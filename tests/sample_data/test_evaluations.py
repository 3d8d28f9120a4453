"""Evaluations of the sample: means as the file says them, votes, recommendations as they were printed."""

from civic_forum.evaluations import queries
from civic_forum.sample_data.people import read


def test_means_votes_and_replies_are_those_of_the_file(district):
    now, printed = read("evaluations")["evaluations"]
    evaluation, browser = queries.by_slug(now["slug"]), district.test_client()
    scores = queries.scores(evaluation)
    made = sorted((score.graders, round(float(score.mean), 1), [round(float(mean), 1) for mean in score.means])
                  for score in scores.values())
    assert made == sorted((each["graded_by"], each["average"], each["by_criterion"]) for each in now["grades"])
    page = browser.get(f"/evaluations/{now['slug']}").text
    for vote in now["change_votes"]:
        assert vote["text"] in page and vote["why"] in page
    assert all(note in page for each in now["grades"] for note in each["said"])
    assert "일 늦었어요" in page and "기획예산과-2207" in page and "36<small>" in page
    page = browser.get(f"/evaluations/{printed['slug']}").text
    for each in printed["recommendations"]:
        assert each["text"] in page and each["reply"]["text"] in page and each["department"] in page
    assert "반영 검토" in page and printed["body_printed"] in page
