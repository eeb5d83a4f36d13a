"""What organisers do: sign in, begin the group, invite, write, open, close. The only pages with a cookie."""
