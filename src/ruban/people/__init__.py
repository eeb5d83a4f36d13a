"""Lists of people as they come: tables read with a finding for each fault, and sheets written so that none runs.

`from ruban.people.file import parse_people` reads one; nothing here writes to disk or knows a record's state.
"""
