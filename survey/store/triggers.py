"""Kept tables -> the statements that let them only grow, for SQLite and for PostgreSQL.

They lie in the database itself, so that no other program changes a decision by mistake. Whoever takes them away on
purpose is found by the chain.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.store.layout import DECIDED, KEPT, TEXTS
from survey.tables import Table

CHANGED = "a decision is never changed, only followed by another"
REMOVED = "a decision is never removed"
REPLACED = "a decision is never replaced, only followed by another"
ERASED = "typed text is only removed by an erasure that is on record"


def sqlite_triggers() -> Iterator[tuple[str, str]]:
    """Yield name and statement of each trigger.

    A row may only take the next link: so INSERT OR REPLACE is refused before it replaces, with or without
    recursive_triggers.
    """
    for table in KEPT:
        name = table.name
        yield _sqlite(f"{name}_stay", f"BEFORE UPDATE ON {name}", CHANGED)
        yield _sqlite(f"{name}_last", f"BEFORE DELETE ON {name}", REMOVED)
        known = f" OR EXISTS (SELECT 1 FROM {name} WHERE id = NEW.id)" if table is DECIDED else ""
        follows = f"NEW.link IS NOT (SELECT coalesce(max(link), 0) + 1 FROM {name})"
        yield _sqlite(f"{name}_next", f"BEFORE INSERT ON {name} WHEN {follows}{known}", REPLACED)
    name = TEXTS.name
    yield _sqlite(f"{name}_stay", f"BEFORE UPDATE ON {name}", CHANGED)
    known = f"EXISTS (SELECT 1 FROM {name} WHERE id = NEW.id)"
    yield _sqlite(f"{name}_next", f"BEFORE INSERT ON {name} WHEN {known}", REPLACED)
    open_ = "NOT EXISTS (SELECT 1 FROM erasures WHERE id = OLD.id)"
    yield _sqlite(f"{name}_last", f"BEFORE DELETE ON {name} WHEN {open_}", ERASED)


def _sqlite(name: str, when: str, message: str) -> tuple[str, str]:
    return name, f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


POSTGRESQL_FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION survey_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$""",
    f"""CREATE OR REPLACE FUNCTION survey_next() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE last bigint;
      BEGIN
        EXECUTE format('SELECT coalesce(max(link), 0) FROM %I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO last;
        IF NEW.link <> last + 1 THEN RAISE EXCEPTION '{REPLACED}'; END IF;
        RETURN NEW;
      END $$""",
    f"""CREATE OR REPLACE FUNCTION survey_erase() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM erasures WHERE id = OLD.id) THEN RAISE EXCEPTION '{ERASED}'; END IF;
        RETURN OLD;
      END $$""",
)


def postgresql_triggers() -> Iterator[tuple[str, str, str]]:
    """Yield name, table and statement of each trigger; they call POSTGRESQL_FUNCTIONS."""
    for table in KEPT:
        yield _postgresql(table, "stay", "BEFORE UPDATE", f"survey_refuse('{CHANGED}')")
        yield _postgresql(table, "last", "BEFORE DELETE", f"survey_refuse('{REMOVED}')")
        yield _postgresql(table, "next", "BEFORE INSERT", "survey_next()")
    yield _postgresql(TEXTS, "stay", "BEFORE UPDATE", f"survey_refuse('{CHANGED}')")
    yield _postgresql(TEXTS, "last", "BEFORE DELETE", "survey_erase()")
    for table in (*KEPT, TEXTS):
        yield _postgresql(table, "whole", "BEFORE TRUNCATE", f"survey_refuse('{REMOVED}')", "STATEMENT")


def _postgresql(table: Table, what: str, when: str, call: str, each: str = "ROW") -> tuple[str, str, str]:
    name = f"{table.name}_{what}"
    statement = f"CREATE TRIGGER {name} {when} ON {table.name} FOR EACH {each} EXECUTE FUNCTION {call}"
    return name, table.name, statement
