"""The server: pages in Django, what is asked for most in bare ASGI in front of it, one `Site` behind both.

Views hold no rules and services know no HTTP; a typed error becomes a status and a sentence in `errors`. Public pages
show what a replay of the record yields and nothing else, set no cookie, and store nothing about who reads or signs.
"""
