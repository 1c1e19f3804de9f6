"""A long history of migrations, made up but of the kinds that real ones are: the same for every tool, and every time.

Number n is always the same migration, so the first 37 of 3,000 are those of 37. Twenty make a round: two tables, an
enum and a view, and what becomes of them over the years. Three in twenty cannot be in a transaction.
"""

from collections import namedtuple

Migration = namedtuple("Migration", "number name why up down transactional")

# Name, why, up, down. {n} is the round, {before} the one before it.
IN_TRANSACTION, SINGLE = True, False
ROUND = (
    ("create_frame", "Frames of one more instrument.", IN_TRANSACTION,
     ("CREATE TYPE state_{n} AS ENUM ('new', 'read', 'done')",
      "CREATE TABLE frame_{n} (id serial PRIMARY KEY, filename text NOT NULL, state state_{n} NOT NULL DEFAULT 'new',"
      " size integer, entrytime timestamptz NOT NULL DEFAULT now())"),
     ("DROP TABLE frame_{n}", "DROP TYPE state_{n}")),
    ("fill_frame", "The frames that there are already.", IN_TRANSACTION,
     ("INSERT INTO frame_{n} (filename, size)"
      " SELECT 'N20240101S' || lpad(i::text, 4, '0') || '.fits', i * 100 FROM generate_series(1, 50) i",),
     ("DELETE FROM frame_{n}",)),
    ("add_exposure_time", "Asked for by observers.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ADD COLUMN exposure_time numeric(8, 4)",),
     ("ALTER TABLE frame_{n} DROP COLUMN exposure_time",)),
    ("index_filename", "Frames are looked up by their names.", IN_TRANSACTION,
     ("CREATE INDEX ix_frame_{n}_filename ON frame_{n} (filename)",),
     ("DROP INDEX ix_frame_{n}_filename",)),
    ("add_coordinates", "Where the telescope was pointed.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ADD COLUMN ra double precision, ADD COLUMN decl double precision",
      "COMMENT ON COLUMN frame_{n}.ra IS 'degrees, J2000'"),
     ("ALTER TABLE frame_{n} DROP COLUMN ra, DROP COLUMN decl",)),
    ("add_failed_state", "What cannot be read is known to be so.", SINGLE,
     ("ALTER TYPE state_{n} ADD VALUE IF NOT EXISTS 'failed'",),
     ()),
    ("create_note", "Operators write remarks.", IN_TRANSACTION,
     ("CREATE TABLE note_{n} (id serial PRIMARY KEY, frame_id integer NOT NULL REFERENCES frame_{n} (id),"
      " written timestamptz NOT NULL DEFAULT now(), note text)",
      "CREATE INDEX ix_note_{n}_frame_id ON note_{n} (frame_id)"),
     ("DROP TABLE note_{n}",)),
    ("add_airmass", "Of the frames that there are it is taken to be 1.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ADD COLUMN airmass real",
      "UPDATE frame_{n} SET airmass = 1 WHERE airmass IS NULL"),
     ("ALTER TABLE frame_{n} DROP COLUMN airmass",)),
    ("index_entrytime", "The latest frames come first.", SINGLE,
     ("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_frame_{n}_entrytime ON frame_{n} (entrytime)",),
     ("DROP INDEX CONCURRENTLY IF EXISTS ix_frame_{n}_entrytime",)),
    ("make_notes_unique", "The same remark twice is a mistake.", IN_TRANSACTION,
     ("ALTER TABLE note_{n} ADD CONSTRAINT note_{n}_once UNIQUE (frame_id, note)",),
     ("ALTER TABLE note_{n} DROP CONSTRAINT note_{n}_once",)),
    ("default_size", "A size is never null.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ALTER COLUMN size SET DEFAULT 0",
      "UPDATE frame_{n} SET size = 0 WHERE size IS NULL",
      "ALTER TABLE frame_{n} ALTER COLUMN size SET NOT NULL"),
     ("ALTER TABLE frame_{n} ALTER COLUMN size DROP NOT NULL",
      "ALTER TABLE frame_{n} ALTER COLUMN size DROP DEFAULT")),
    ("add_origin", "Which frame one was made from.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ADD COLUMN origin_id integer",
      "ALTER TABLE frame_{n} ADD CONSTRAINT frame_{n}_origin FOREIGN KEY (origin_id) REFERENCES frame_{before} (id)"),
     ("ALTER TABLE frame_{n} DROP COLUMN origin_id",)),
    ("add_archive_states", "Frames go to tape, and come back.", SINGLE,
     ("ALTER TYPE state_{n} ADD VALUE IF NOT EXISTS 'on tape'",
      "ALTER TYPE state_{n} ADD VALUE IF NOT EXISTS 'recalled'"),
     ()),
    ("widen_exposure_time", "Some take longer than was thought.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ALTER COLUMN exposure_time TYPE numeric(10, 4)",),
     ("ALTER TABLE frame_{n} ALTER COLUMN exposure_time TYPE numeric(8, 4)",)),
    ("index_new", "The daemon asks for what is new.", IN_TRANSACTION,
     ("CREATE INDEX ix_frame_{n}_new ON frame_{n} (id) WHERE state = 'new'",),
     ("DROP INDEX ix_frame_{n}_new",)),
    ("check_airmass", "It is never less than 1.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ADD CONSTRAINT frame_{n}_airmass CHECK (airmass >= 1)",),
     ("ALTER TABLE frame_{n} DROP CONSTRAINT frame_{n}_airmass",)),
    ("mark_read", "Small frames need no reading.", IN_TRANSACTION,
     ("UPDATE frame_{n} SET state = 'read' WHERE size < 1000",),
     ("UPDATE frame_{n} SET state = 'new' WHERE state = 'read'",)),
    ("add_public", "Frames are released to everybody in time.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} ADD COLUMN public boolean NOT NULL DEFAULT false, ADD COLUMN release date",
      "CREATE INDEX ix_frame_{n}_release ON frame_{n} (release)"),
     ("ALTER TABLE frame_{n} DROP COLUMN public, DROP COLUMN release",)),
    ("create_recent", "What the summary page shows.", IN_TRANSACTION,
     ("CREATE VIEW recent_{n} AS SELECT f.id, f.filename, f.state FROM frame_{n} f"
      " WHERE f.entrytime > now() - interval '1 day'",),
     ("DROP VIEW recent_{n}",)),
    ("rename_decl", "The name that everything else uses.", IN_TRANSACTION,
     ("ALTER TABLE frame_{n} RENAME COLUMN decl TO declination",),
     ("ALTER TABLE frame_{n} RENAME COLUMN declination TO decl",)),
)


def history(count):
    """Migrations 1 to count."""
    migrations = []
    for number in range(1, count + 1):
        turn, place = divmod(number - 1, len(ROUND))
        name, why, transactional, up, down = ROUND[place]
        names = {"n": turn, "before": max(turn - 1, 0)}
        migrations.append(Migration(number, f"{name}_{turn}", why, [sql.format(**names) for sql in up],
                                    [sql.format(**names) for sql in down], transactional))
    return migrations
