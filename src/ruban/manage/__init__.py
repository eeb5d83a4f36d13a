"""The server's commands: each parses, calls one use case, and says what came of it."""
