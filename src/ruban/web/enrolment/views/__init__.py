"""Views of enrolment, one file each."""
