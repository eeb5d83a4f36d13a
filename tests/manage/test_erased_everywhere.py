"""After an erasure nothing of the name or comment is left: in no database or journal, log, export or later backup."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

from ruban.audit.fetch import FolderSource
from ruban.audit.verify import audit
from ruban.record.member import comment
from ruban.service.submit import submit
from tests.manage.test_private_tables import ruban
from tests.server import give_page, serving
from tests.service.cast import DAY, cast_of
from tests.service.test_adopt import sign
from tests.service.test_erase import mentions

NAME, REMARK = "Member 3", "I was there on Monday."


def test_an_erased_name_and_comment_are_in_no_file(tmp_path: Path) -> None:
    data, www = tmp_path / "data", tmp_path / "www"
    before, after = tmp_path / "before.backup", tmp_path / "after.backup"
    with cast_of(data, window=0) as cast:
        cast.now = int(time.time()) - 60
        letter = cast.open_letter(5 * DAY)
        sign(cast, 3, by_name=True)
        cast.release()
        submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[3], REMARK), cast.now)
        cast.release()
        tag = cast.secrets[3].slot(letter.slot).tag.hex()
    with serving(data) as server:
        token = give_page(data, letter.letter_id, public=True)
        names = f"http://{server.host}/cast/letters/{token}/names/"
        assert NAME in urllib.request.urlopen(names).read().decode()
        ruban("export", str(www), "--data", str(data))
        ruban("backup", str(before), "--data", str(data))
    # The search finds them where they are.
    found = mentions(tmp_path, NAME.encode(), REMARK.encode())
    assert {place.partition("/")[0] for place in (str(Path(one).relative_to(tmp_path)) for one in found)} >= {
        "data",
        www.resolve().name,
        before.name,
    }
    assert ruban("letter", "erase", "--tag", tag, "--data", str(data)) == {"erased": 2}
    with serving(data) as server:
        assert NAME not in urllib.request.urlopen(names.replace(names.split("/")[2], server.host)).read().decode()
        ruban("export", str(www), "--data", str(data))
        ruban("backup", str(after), "--data", str(data))
        before.unlink()
        assert mentions(tmp_path, NAME.encode(), REMARK.encode()) == []
    assert mentions(tmp_path, NAME.encode(), REMARK.encode()) == []
    verdict = audit(FolderSource(www / "cast"))[0]
    assert verdict.holds
    assert (verdict.letters[0].tally.named, verdict.letters[0].tally.erased) == (1, 1)
