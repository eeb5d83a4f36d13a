"""The tables of a record in PostgreSQL: one schema a group. Run once, by `postgres_connection.connect`.

A heap keeps rows in the order in which they came, and each with the number of its transaction. So what waits lies in
tables of its own, and a release writes anew, sorted, whatever it touches and keeps: the old files go with it.
"""

from __future__ import annotations

from typing import Any

from psycopg import Cursor

from ruban.store.ports import EMPTY_HEAD

VERSION = 1

_REWRITTEN = {
    "pending": "hash bytea PRIMARY KEY, leaf bytea NOT NULL, promise bytea NOT NULL, commitments bytea NOT NULL",
    "pending_claims": "key bytea PRIMARY KEY, hash bytea NOT NULL",
    "pending_spent": "h bytea PRIMARY KEY",
    "spent": "h bytea PRIMARY KEY",
    "fresh": "c bytea PRIMARY KEY, salt bytea NOT NULL, payload bytea NOT NULL",
    "invitations": "code_hash bytea PRIMARY KEY, name text, identifier bytea, role text, expires bigint",
    "openings": "c bytea PRIMARY KEY, salt bytea NOT NULL, payload bytea NOT NULL",
}
_STAY = {"spent": "CREATE TRIGGER spent_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON spent EXECUTE FUNCTION refuse()"}


def _create(table: str) -> list[str]:
    return [f"CREATE TABLE {table}({_REWRITTEN[table]})", *([_STAY[table]] if table in _STAY else [])]


SCHEMA: tuple[str, ...] = (
    "CREATE TABLE store(version integer NOT NULL)",
    f"INSERT INTO store VALUES ({VERSION})",
    """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'what % holds is for ever', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    "CREATE TABLE entries(idx bigint PRIMARY KEY, hash bytea NOT NULL, leaf bytea NOT NULL)",
    "CREATE INDEX entries_by_hash ON entries(hash)",
    """CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE first bigint; last bigint; n bigint; before bigint;
    BEGIN
      SELECT min(idx), max(idx), count(*) INTO first, last, n FROM added;
      SELECT max(idx) INTO before FROM entries WHERE idx < first;
      IF n > 0 AND (first <> coalesce(before, -1) + 1 OR last <> first + n - 1) THEN
        RAISE EXCEPTION 'an entry follows the last' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER entries_follow AFTER INSERT ON entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION follow()""",
    "CREATE TRIGGER entries_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON entries EXECUTE FUNCTION refuse()",
    "CREATE TABLE head(id integer PRIMARY KEY CHECK (id = 1), size bigint NOT NULL, root bytea NOT NULL, note bytea"
    " NOT NULL)",
    f"INSERT INTO head VALUES (1, 0, '\\x{EMPTY_HEAD.root.hex()}', '\\x')",
    """CREATE FUNCTION grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF new.id <> old.id OR new.size < old.size OR (new.size = old.size AND new.root <> old.root) THEN
        RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN new;
    END $$""",
    "CREATE TRIGGER head_never_forks BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION grow()",
    "CREATE TRIGGER head_stays BEFORE INSERT OR DELETE OR TRUNCATE ON head EXECUTE FUNCTION refuse()",
    "CREATE TABLE claimed(key bytea PRIMARY KEY)",
    "CREATE TRIGGER claims_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON claimed EXECUTE FUNCTION refuse()",
    *(statement for table in _REWRITTEN for statement in _create(table)),
    # One statement and so one journey to the server: what was looked up before still holds if the head is the same, and
    # nobody else moves it from here to the commit.
    """CREATE FUNCTION keep(seen bigint, f1 bytea[], f2 bytea[], f3 bytea[], p1 bytea[], p2 bytea[], p3 bytea[],
      p4 bytea[], k1 bytea[], k2 bytea[], s1 bytea[]) RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE now bigint;
    BEGIN
      SELECT size INTO now FROM head FOR UPDATE;
      IF now <> seen THEN RETURN false; END IF;
      INSERT INTO fresh SELECT * FROM unnest(f1, f2, f3) ON CONFLICT DO NOTHING;
      INSERT INTO pending SELECT * FROM unnest(p1, p2, p3, p4);
      INSERT INTO pending_claims SELECT * FROM unnest(k1, k2);
      INSERT INTO pending_spent SELECT * FROM unnest(s1);
      RETURN true;
    END $$""",
)


def rewrite(
    cursor: Cursor[Any], table: str, kept: str = "false", values: tuple[object, ...] = (), more: str = ""
) -> None:
    """Write a table anew, in the order of its key: the rows of which `kept` holds, and those that `more` selects."""
    cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    for statement in _create(table):
        cursor.execute(statement)
    cursor.execute(
        f"INSERT INTO {table} SELECT * FROM {table}_before WHERE {kept} {more} ORDER BY 1 ON CONFLICT DO NOTHING",
        values,
    )
    cursor.execute(f"DROP TABLE {table}_before")
