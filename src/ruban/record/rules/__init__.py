"""What each kind of entry must obey, and what it changes. One file a subject; `replay` puts them together.

A rule has two halves. `check` reads the state and raises, or returns what a proof still has to show; `apply` changes
the state and cannot fail. The server asks `check` before it acknowledges, the auditor while it recounts: the same code.
"""
