"""What an entry may say, and what the entries together mean. Pure; ruled by spec/record.md.

The log below knows only bytes; here they become a group, a roll, letters and counts. `replay` is the one way to count.
"""
