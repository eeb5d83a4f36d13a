"""The stranger's view: fetch a record, recount it, say what holds.

Trusts nothing of the server's and imports none of it. Ruled by spec/record.md, sections 6 and 7.
"""
