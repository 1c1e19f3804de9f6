"""How each tool is called: what brings a database up to date, and what tells whether it is."""

import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
DOWN_BY = 37            # so many migrations are reverted


class Tool:
    """`own` is where all is made for `size` migrations; `database` is the one to work on, at $PGHOST by a socket."""

    name = None
    form = None             # of its migrations, as write.py knows it
    made_by_us = False

    def __init__(self, build, own, size):
        self.build = build
        self.own = own
        self.target = max(size - DOWN_BY, 0)
        self.folder = os.path.join(own, "migrations", self.form)

    def begin(self, database):
        """What is done once to an empty database, and is not measured."""

    def upgrade(self, database):
        """The command that runs all that is pending."""
        raise NotImplementedError

    def status(self, database):
        """The command that tells whether something is pending, or the nearest that there is."""
        raise NotImplementedError

    def repeat(self, database):
        """The command that finds nothing to do; None: there is none."""
        return self.upgrade(database)

    def downgrade(self, database):
        """The command that reverts the last DOWN_BY migrations, with their rows; None: there is none."""

    def environment(self, database):
        return {"PGDATABASE": database, "DATABASE_URL": self.url(database)}

    @staticmethod
    def url(database):
        return f"postgresql://fitsdata@localhost/{database}?host={os.environ['PGHOST']}"


class FitsdbSchema(Tool):
    name = form = "fitsdb-schema"
    made_by_us = True

    def program(self):
        return os.path.join(self.own, "fitsdb-schema")

    def begin(self, database):
        subprocess.run([self.program(), "stamp", "0", "--quiet", "-d", database], check=True)

    def upgrade(self, database):
        return [self.program(), "upgrade"]

    def downgrade(self, database):
        return [self.program(), "downgrade", str(self.target), "--yes"]

    def status(self, database):
        return [self.program(), "status"]


class Floor(FitsdbSchema):
    """The same SQL through psql, with all that fitsdb-schema records; the version is asked for by a minimal program."""

    name = "floor: psql -f, floor.c"
    made_by_us = False

    def begin(self, database):
        super().begin(database)
        script = os.path.join(self.own, "upgrade.sql")
        with open(script, "wb") as file:
            subprocess.run([self.program(), "upgrade", "--sql", "-d", database], check=True, stdout=file)

    def upgrade(self, database):
        return ["psql", "-X", "-q", "-f", os.path.join(self.own, "upgrade.sql")]

    def downgrade(self, database):
        return ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(self.own, "migrations/psql/down.sql")]

    def status(self, database):
        return [os.path.join(self.build, "floor")]

    def repeat(self, database):
        return None


class Bare(Floor):
    """The statements of the migrations and nothing else, in their transactions; no version, no record, no lock."""

    name = "psql, recording nothing"
    form = "psql"

    def begin(self, database):
        subprocess.run(["psql", "-X", "-q", "-d", database, "-c", "CREATE TABLE migrate_version (version integer)",
                        "-c", "INSERT INTO migrate_version VALUES (0)"], check=True)

    def upgrade(self, database):
        return ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(self.folder, "bare.sql")]

    def downgrade(self, database):
        return ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(self.folder, "bare_down.sql")]

    def status(self, database):
        return ["psql", "-X", "-A", "-t", "-c", "SELECT version FROM public.migrate_version"]


class Dbmate(Tool):
    name = form = "dbmate"

    def command(self, word):
        return [os.environ["DBMATE"], "--migrations-dir", self.folder, "--no-dump-schema", word]

    def environment(self, database):
        return {"DATABASE_URL": self.url(database) + "&sslmode=disable"}

    def upgrade(self, database):
        return self.command("migrate")

    def status(self, database):
        return self.command("status") + ["--exit-code"]


class SqlalchemyMigrate(Tool):
    name = form = "sqlalchemy-migrate"

    def command(self, database, *words):
        # Debian's Python, which its package is for.
        return ["/usr/bin/python3", os.path.join(HERE, "manage.py"), words[0], self.url(database), self.folder,
                *words[1:]]

    def begin(self, database):
        subprocess.run(self.command(database, "version_control"), check=True)

    def upgrade(self, database):
        return self.command(database, "upgrade")

    def downgrade(self, database):
        return self.command(database, "downgrade", str(self.target))

    def status(self, database):
        return self.command(database, "db_version")


class Alembic(Tool):
    name = form = "alembic"

    def command(self, *words):
        return ["/usr/bin/alembic", "-c", os.path.join(self.folder, "alembic.ini"), *words]

    def upgrade(self, database):
        return self.command("upgrade", "head")

    def downgrade(self, database):
        return self.command("downgrade", f"-{DOWN_BY}")

    def status(self, database):
        return self.command("current")


class Sqitch(Tool):
    name = form = "sqitch"

    def command(self, database, *words):
        return ["sqitch", "-C", self.folder, *words, f"db:pg:{database}"]

    def upgrade(self, database):
        return self.command(database, "deploy")

    def downgrade(self, database):
        return self.command(database, "revert", "-y", *(["--to", f"@HEAD^{DOWN_BY}"] if self.target else []))

    def status(self, database):
        return self.command(database, "status")


class NodePgMigrate(Tool):
    name = form = "node-pg-migrate"

    def command(self, *words):
        program = os.path.join(self.build, "bench/npm/node_modules/.bin/node-pg-migrate")
        return [program, *words, "-m", self.folder, "--no-single-transaction"]

    def upgrade(self, database):
        return self.command("up")

    def downgrade(self, database):
        return self.command("down", str(DOWN_BY))

    def status(self, database):
        return self.command("up", "--dry-run")


TOOLS = (FitsdbSchema, Floor, Bare, Dbmate, SqlalchemyMigrate, Alembic, Sqitch, NodePgMigrate)
