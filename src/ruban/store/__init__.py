"""The first layer that touches a disk: what is acknowledged is kept, what is published never forks.

`ports` says what a store does, `sqlite` is one; `keys` keeps a group's keys. Nothing here knows what a leaf means, and
nothing stores a time or an order of arrival.
"""
