"""What may happen, one file a use case: rules and one transaction each, no HTTP. `Keeper` is the one way to the record.

A function takes the keeper, what it was asked, and the time; it raises typed errors and loses nothing.
"""
