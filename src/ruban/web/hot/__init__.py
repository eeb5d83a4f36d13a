"""What is asked for most, in bare ASGI in front of Django: the count, signing, enrolling, and pages as memorised.

These routes bypass Django's middleware, so they bring what it does: security headers, the check of the host, a limit on
the body, a limit on the rate, the check of the origin. They use no cookie.
"""
