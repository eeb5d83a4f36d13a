"""A letter that has been signed, for what organisers do with it."""

from __future__ import annotations

from ruban.record.member import comment, sign_by_name
from ruban.service.submit import submit
from ruban.web.access import page_for_letter
from ruban.web.letters.models import LetterPage
from tests.service.cast import Cast


def signed(cast: Cast) -> LetterPage:
    """Members 2 and 3 have signed by name; member 3 has left a comment."""
    letter = cast.open_letter()
    for member in (2, 3):
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[member], cast.name(member)), cast.now)
    cast.release()
    submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[3], "You liar!"), cast.now)
    cast.release()
    return page_for_letter(letter.letter_id)
