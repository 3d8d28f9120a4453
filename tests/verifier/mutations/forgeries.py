"""Forged throughout: the site itself, with its key, makes another record."""

import random

from tests.verifier.mutations.scene import PLACES, another, changed_voter, new_cast, voter_at, withdrawn_voter
from tests.verifier.mutations.writing import EVERYTHING, REFUSED, forged


def replace_ballot(place):
    def alter(vote):
        cast = voter_at(vote, place)[-1]
        cast.choice = another(cast.choice, vote.box["rule"]["options"])

    return alter


def supersede(place):
    def alter(vote):
        casts = voter_at(vote, place)
        vote.casts.append(new_cast(vote, "ballot", casts[0].tag, len(casts) + 1, 7))

    return alter


def withdraw(vote):
    casts = voter_at(vote, 0.5)
    vote.casts.append(new_cast(vote, "withdrawal", casts[0].tag, len(casts) + 1, 7))
    vote.cells = None


def drop_voter(place):
    def alter(vote):
        tag = voter_at(vote, place)[0].tag
        vote.casts = [cast for cast in vote.casts if cast.tag != tag]
        vote.cells = None

    return alter


def stuff(vote):
    vote.casts.append(new_cast(vote, "ballot", random.Random(8).randbytes(32), 1, 9))
    vote.cells = None


def hide_change(vote):
    """The voter's first ballot taken out, the second called the first."""
    first, second = changed_voter(vote)
    vote.casts.remove(first)
    second.revision = 1


def revive(vote):
    vote.casts.remove(withdrawn_voter(vote)[-1])
    vote.cells = None


def first_revision_gone(vote):
    vote.casts.remove(changed_voter(vote)[0])


def same_revision(vote):
    changed_voter(vote)[1].revision = 1


def far_revision(vote):
    changed_voter(vote)[1].revision = 3


def vote_after_withdrawal(vote):
    casts = withdrawn_voter(vote)
    vote.casts.append(new_cast(vote, "ballot", casts[0].tag, len(casts) + 1, 7))


def withdraw_nothing(vote):
    vote.casts.append(new_cast(vote, "withdrawal", random.Random(8).randbytes(32), 1, 9))


def choose(*values, blank=0, cut=0):
    def alter(vote):
        encoded = bytes([blank]) + b"".join(value.to_bytes(2, "big") for value in values)
        voter_at(vote, 0.5)[-1].choice = encoded[: len(encoded) - cut]

    return alter


def change_paper(vote):
    batch = vote.batches[0]
    batch.choices[0] = another(batch.choices[0], vote.box["rule"]["options"])


def drop_paper(vote):
    batch = vote.batches[0]
    batch.choices.pop()
    batch.figures.update(counted=batch.figures["counted"] - 1, sheets=batch.figures["sheets"] - 1)
    vote.cells = None


def change_objection(vote):
    vote.objections[0].words["text"] = "다 괜찮았어요."


for place in PLACES:
    forged(f"a choice replaced at {place:.0%}", replace_ballot(place), after=EVERYTHING)
    forged(f"a voter dropped at {place:.0%}", drop_voter(place), after=EVERYTHING)
for place in (0.34, 0.5):
    forged(f"a later ballot added at {place:.0%}", supersede(place), after=("head", "same_as"))
forged("a choice replaced, without choices", replace_ballot(0.5), after=EVERYTHING, edition="totals")
forged("a voter dropped, without choices", drop_voter(0.5), after=EVERYTHING, edition="totals")
forged("a withdrawal", withdraw, after=("head", "same_as"))
forged("a voter added", stuff, after=("head", "same_as"))
forged("a change hidden", hide_change, after=EVERYTHING)
forged("a withdrawal taken out", revive, after=("head", "same_as"))
forged("a first ballot taken out", first_revision_gone, after=REFUSED, because="are not 1, 2, 3")
forged("a revision twice", same_revision, after=REFUSED, because="are not 1, 2, 3")
forged("a revision skipped", far_revision, after=REFUSED, because="are not 1, 2, 3")
forged("a ballot after a withdrawal", vote_after_withdrawal, after=REFUSED,
       because="voted after a withdrawal")
forged("a withdrawal of nothing", withdraw_nothing, after=REFUSED,
       because="withdraws a ballot that does not exist")
forged("a ballot over the limit", choose(1, 1, 1, 0), after=REFUSED)
forged("a ballot with nothing chosen", choose(0, 0, 0, 0), after=REFUSED)
forged("a vote counted twice", choose(2, 0, 0, 0), after=REFUSED)
forged("a vote counted 256 times", choose(256, 0, 0, 0), after=REFUSED)
forged("a blank with a choice", choose(1, 0, 0, 0, blank=1), after=REFUSED)
forged("a first byte of two", choose(1, 0, 0, 0, blank=2), after=REFUSED)
forged("a choice too short", choose(1, 0, 0, 0, cut=2), after=REFUSED)
forged("a choice too long", choose(1, 0, 0, 0, 0), after=REFUSED)
forged("a paper ballot replaced", change_paper, after=("head", "same_as"))
forged("a paper ballot taken out", drop_paper, after=("head", "same_as"))
forged("an objection altered", change_objection, after=("head", "same_as"))
forged("an objection dropped", lambda vote: vote.objections.pop(), after=("head", "same_as"))
forged("a smaller roll", lambda vote: [setattr(vote, "roll", vote.roll - 1), setattr(vote, "cells", None)],
       after=("same_as",))
