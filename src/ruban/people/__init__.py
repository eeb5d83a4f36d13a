"""Lists of people as they come: tables read with a finding for each fault, and sheets that no spreadsheet runs.

`file.preview_people` reads one; nothing here writes to disk or knows a record's state.
"""
