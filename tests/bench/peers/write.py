"""The history of history.py in the form that one tool wants.

    write.py TOOL COUNT FOLDER

Each form is what that tool's own documentation has for plain SQL: a migration is one transaction wherever it may be.
"""

import os
import sys

from history import history
from tools import DOWN_BY


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def script(statements):
    return "".join(statement + ";\n" for statement in statements)


def marked(migration):
    """With dbmate's markers."""
    option = "" if migration.transactional else " transaction:false"
    down = script(migration.down) or "-- Nothing: PostgreSQL cannot drop values of an enum.\n"
    return (f"-- {migration.why}\n\n-- migrate:up{option}\n{script(migration.up)}\n"
            f"-- migrate:down{option}\n{down}")


def fitsdb_schema(migrations, folder):
    write(folder, "000_base.sql", "-- The database as it was.\n\n-- migrate:up\nSELECT 1;\n\n-- migrate:down\n"
          "-- Nothing: there is no version before this.\n")
    for migration in migrations:
        write(folder, f"{migration.number:03}_{migration.name}.sql", marked(migration))


# What fitsdb-schema records of a migration that it reverts.
REVERTED = """\
UPDATE public.migrate_version SET version = {before} WHERE version = {number};
DELETE FROM fitsdb_schema.migration WHERE version = {number};
UPDATE fitsdb_schema.standing SET version = {before}, settled = true;
INSERT INTO fitsdb_schema.change (id, command, version_from, version_to, state, build, from_host)
    SELECT coalesce(max(id), 0) + 1, 'downgrade', {number}, {before}, 'done', '', '' FROM fitsdb_schema.change;
"""


def psql(migrations, folder):
    """Scripts: all ups, the last downs, and these with what fitsdb-schema records."""
    def in_transaction(migration, statements, record=""):
        text = script(statements)
        if migration.transactional:
            return f"BEGIN;\n{text}{record}COMMIT;\n"
        return text + (f"BEGIN;\n{record}COMMIT;\n" if record else "")

    last = migrations[:-DOWN_BY - 1:-1]
    write(folder, "bare.sql", "".join(in_transaction(migration, migration.up) for migration in migrations))
    write(folder, "bare_down.sql", "".join(in_transaction(migration, migration.down) for migration in last))
    write(folder, "down.sql", "".join(
        in_transaction(migration, migration.down, REVERTED.format(number=migration.number, before=migration.number - 1))
        for migration in last))


def dbmate(migrations, folder):
    for migration in migrations:
        write(folder, f"{migration.number:06}_{migration.name}.sql", marked(migration))


def sqlalchemy_migrate(migrations, folder):
    write(folder, "__init__.py", "")
    write(folder, "versions/__init__.py", "")
    write(folder, "migrate.cfg", "[db_settings]\nrepository_id=bench\nversion_table=migrate_version\n"
          "required_dbs=[]\nuse_timestamp_numbering=False\n")
    for migration in migrations:
        single = "\n    engine = engine.execution_options(isolation_level='AUTOCOMMIT')"
        level = "" if migration.transactional else single
        text = f'"""{migration.why}"""\n'
        for name, statements in (("upgrade", migration.up), ("downgrade", migration.down)):
            body = "".join(f"        connection.execute({sql!r})\n" for sql in statements) or "        pass\n"
            text += f"\n\ndef {name}(engine):{level}\n    with engine.begin() as connection:\n{body}"
        write(folder, f"versions/{migration.number:03}_{migration.name}.py", text)


ALEMBIC_ENV = '''\
from os import environ

from alembic import context
from sqlalchemy import create_engine

with create_engine(environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
'''


def alembic(migrations, folder):
    write(folder, "alembic.ini", "[alembic]\nscript_location = %(here)s\n")
    write(folder, "env.py", ALEMBIC_ENV)
    for migration in migrations:
        before = f"{migration.number - 1:06}" if migration.number > 1 else None
        text = (f'"""{migration.why}"""\nfrom alembic import op\n\nrevision = "{migration.number:06}"\n'
                f"down_revision = {before!r}\n")
        for name, statements in (("upgrade", migration.up), ("downgrade", migration.down)):
            text += f"\n\ndef {name}():\n"
            indent = "    "
            if not migration.transactional:
                text += "    with op.get_context().autocommit_block():\n"
                indent = "        "
            text += "".join(f"{indent}op.execute({sql!r})\n" for sql in statements) or f"{indent}pass\n"
        write(folder, f"versions/{migration.number:06}_{migration.name}.py", text)


def sqitch(migrations, folder):
    plan = "%syntax-version=1.0.0\n%project=bench\n\n"
    write(folder, "sqitch.conf", "[core]\n\tengine = pg\n[user]\n\tname = bench\n\temail = bench@example.org\n")
    for migration in migrations:
        name = f"{migration.number:06}_{migration.name}"
        plan += f"{name} 2024-01-01T00:00:00Z bench <bench@example.org> # {migration.why}\n"
        for kind, statements in (("deploy", migration.up), ("revert", migration.down)):
            body = script(statements)
            write(folder, f"{kind}/{name}.sql", f"BEGIN;\n{body}COMMIT;\n" if migration.transactional else body)
    write(folder, "sqitch.plan", plan)


def node_pg_migrate(migrations, folder):
    for migration in migrations:
        text = f"// {migration.why}\n"
        for name, statements in (("up", migration.up), ("down", migration.down)):
            text += f"\nexports.{name} = (pgm) => {{\n"
            if not migration.transactional:
                text += "\tpgm.noTransaction();\n"
            text += "".join(f"\tpgm.sql(`{sql}`);\n" for sql in statements) + "};\n"
        write(folder, f"{1700000000000 + migration.number}_{migration.name}.js", text)


FORMS = {"fitsdb-schema": fitsdb_schema, "psql": psql, "dbmate": dbmate, "sqlalchemy-migrate": sqlalchemy_migrate,
         "alembic": alembic, "sqitch": sqitch, "node-pg-migrate": node_pg_migrate}


def write_history(tool, count, folder):
    FORMS[tool](history(count), folder)


if __name__ == "__main__":
    write_history(sys.argv[1], int(sys.argv[2]), sys.argv[3])
