-- Forms of DDL, one at a time. Each is applied to a database at the latest version with the objects of
-- forms_original.sql, by a superuser; [database] is its name. "from VERSION" and "until VERSION" name the servers that
-- know the form. The lines "--> " say which facts differ then: missing, extra, or changed with the property. "noted"
-- and "no longer" are about what is not compared. Without such lines nothing differs. The lines "--=> " say what the
-- comparison tells, if that is less or something else: what follows from another difference is left out, and harmless
-- differences are notes. "*" stands for any text.

-- === schemas ===

-- form: create a schema
CREATE SCHEMA mutant;
--> extra schema mutant

-- form: drop a schema
DROP SCHEMA annex_granted;
--> missing privilege schema annex_granted to forms_role
--> missing schema annex_granted
--=> missing schema annex_granted

-- form: rename a schema
ALTER SCHEMA annex_granted RENAME TO mutant;
--> extra privilege schema mutant to forms_role
--> extra schema mutant
--> missing privilege schema annex_granted to forms_role
--> missing schema annex_granted
--=> extra schema mutant
--=> missing schema annex_granted

-- form: give a schema to another role
ALTER SCHEMA annex_granted OWNER TO forms_role;
--> changed schema annex_granted: owner
--> missing privilege schema annex_granted to forms_role
--=> changed privilege schema annex_granted to forms_role: privileges
--=> changed schema annex_granted: owner

-- form: comment on a schema
COMMENT ON SCHEMA annex IS 'other';
--> changed schema annex: comment
--=> note changed schema annex: comment

-- form: comment on schema public
COMMENT ON SCHEMA public IS 'other';
--> changed schema public: comment
--=> note changed schema public: comment

-- form: grant on a schema
GRANT CREATE ON SCHEMA annex TO forms_role;
--> extra privilege schema annex to forms_role

-- form: grant to PUBLIC on a schema
GRANT USAGE ON SCHEMA annex TO PUBLIC;
--> extra privilege schema annex to PUBLIC

-- form: revoke on a schema
REVOKE USAGE ON SCHEMA annex_granted FROM forms_role;
--> missing privilege schema annex_granted to forms_role

-- form: revoke a schema from its owner
REVOKE CREATE ON SCHEMA annex FROM fitsdata;
--> extra privilege schema annex to @
--=> changed privilege schema annex to @: privileges

-- form: grant CREATE on schema public
GRANT CREATE ON SCHEMA public TO forms_role;
--> extra privilege schema public to forms_role

-- form: revoke USAGE on schema public from PUBLIC
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
--> extra privilege schema public to PUBLIC
--=> changed privilege schema public to PUBLIC: privileges

-- form: give schema public to another role
ALTER SCHEMA public OWNER TO forms_role;
--> changed schema public: owner

-- === tables ===

-- form: create a table
CREATE TABLE public.mutant (id integer, note text);
--> extra column mutant.id
--> extra column mutant.note
--> extra table mutant
--=> extra table mutant

-- form: create an empty table elsewhere
CREATE TABLE annex.mutant ();
--> extra table annex.mutant

-- form: create an unlogged table
CREATE UNLOGGED TABLE mutant ();
--> extra table mutant

-- form: drop a table
DROP TABLE annex.orphan;
--> missing column annex.orphan.id
--> missing column annex.orphan.note
--> missing table annex.orphan
--=> missing table annex.orphan

-- form: rename a table
ALTER TABLE annex.orphan RENAME TO mutant;
--> extra column annex.mutant.id
--> extra column annex.mutant.note
--> extra table annex.mutant
--> missing column annex.orphan.id
--> missing column annex.orphan.note
--> missing table annex.orphan
--=> extra table annex.mutant
--=> missing table annex.orphan

-- form: move a table to another schema
ALTER TABLE annex.orphan SET SCHEMA public;
--> extra column orphan.id
--> extra column orphan.note
--> extra table orphan
--> missing column annex.orphan.id
--> missing column annex.orphan.note
--> missing table annex.orphan
--=> extra table orphan
--=> missing table annex.orphan

-- form: give a table to another role
ALTER TABLE annex.orphan OWNER TO forms_role;
--> changed table annex.orphan: owner

-- form: do not log a table
ALTER TABLE annex.orphan SET UNLOGGED;
--> changed table annex.orphan: unlogged

-- form: set a storage parameter
ALTER TABLE gmos SET (fillfactor = 50);
--> changed table gmos: options
--=> note changed table gmos: options

-- form: change a storage parameter
ALTER TABLE annex.options SET (fillfactor = 80);
--> changed table annex.options: options

-- form: reset a storage parameter
ALTER TABLE annex.options RESET (autovacuum_enabled);
--> changed table annex.options: options

-- form: set a storage parameter of the TOAST table
ALTER TABLE gmos SET (toast.autovacuum_enabled = off);
--> changed table gmos: toast options
--=> note changed table gmos: toast options

-- form: disable autovacuum
ALTER TABLE header SET (autovacuum_enabled = off);
--> changed table header: options
--=> note changed table header: options

-- form: replica identity full
ALTER TABLE gmos REPLICA IDENTITY FULL;
--> changed table gmos: replica identity
--=> note changed table gmos: replica identity

-- form: replica identity nothing
ALTER TABLE gmos REPLICA IDENTITY NOTHING;
--> changed table gmos: replica identity

-- form: replica identity by an index
ALTER TABLE gmos REPLICA IDENTITY USING INDEX gmos_pkey;
--> changed table gmos: replica identity
--=> note changed table gmos: replica identity

-- form: enable row security
ALTER TABLE gmos ENABLE ROW LEVEL SECURITY;
--> changed table gmos: row security

-- form: force row security
ALTER TABLE gmos FORCE ROW LEVEL SECURITY;
--> changed table gmos: force row security

-- form: mark an index for CLUSTER
ALTER TABLE gmos CLUSTER ON gmos_pkey;
--> changed constraint gmos.gmos_pkey: clustered
--=> note changed constraint gmos.gmos_pkey: clustered

-- form: comment on a table
COMMENT ON TABLE gmos IS 'changed';
--> changed table gmos: comment
--=> note changed table gmos: comment

-- form: remove a comment on a table
COMMENT ON TABLE annex.one IS NULL;
--> changed table annex.one: comment

-- form: change a comment on a table
COMMENT ON TABLE annex.one IS 'a comment ';
--> changed table annex.one: comment

-- form: inherit from a table
ALTER TABLE annex.orphan INHERIT annex.parent;
--> changed column annex.orphan.id: inherited
--> changed column annex.orphan.id: local
--> changed column annex.orphan.note: inherited
--> changed column annex.orphan.note: local
--> changed table annex.orphan: inherits

-- form: stop inheriting
ALTER TABLE annex.child NO INHERIT annex.parent;
--> changed column annex.child.id: inherited
--> changed column annex.child.note: inherited
--> changed table annex.child: inherits

-- form: attach a partition
ALTER TABLE annex.partitioned ATTACH PARTITION annex.partition_2 FOR VALUES FROM (10) TO (20);
--> changed table annex.partition_2: bound
--> changed table annex.partition_2: partition of

-- form: detach a partition
ALTER TABLE annex.partitioned DETACH PARTITION annex.partition_1;
--> changed table annex.partition_1: bound
--> changed table annex.partition_1: partition of

-- form: other bounds of a partition
ALTER TABLE annex.partitioned DETACH PARTITION annex.partition_1;
ALTER TABLE annex.partitioned ATTACH PARTITION annex.partition_1 FOR VALUES FROM (1) TO (11);
--> changed table annex.partition_1: bound

-- form: default partition from 11
CREATE TABLE annex.partition_default PARTITION OF annex.partitioned DEFAULT;
--> extra column annex.partition_default.id
--> extra column annex.partition_default.note
--> extra table annex.partition_default
--=> extra table annex.partition_default

-- form: other partition key
DROP TABLE annex.partitioned;
CREATE TABLE annex.partitioned (id integer, note text) PARTITION BY LIST (id);
GRANT SELECT ON annex.partitioned TO apache;
ALTER TABLE annex.partitioned OWNER TO fitsdata;
--> changed table annex.partitioned: partitioned by
--> extra privilege table annex.partitioned to apache
--> missing column annex.partition_1.id
--> missing column annex.partition_1.note
--> missing table annex.partition_1
--=> changed table annex.partitioned: partitioned by
--=> extra privilege table annex.partitioned to apache
--=> missing table annex.partition_1

-- form: table of a type
ALTER TABLE annex.orphan RENAME id TO a;
ALTER TABLE annex.orphan RENAME note TO b;
ALTER TABLE annex.orphan OF annex.pair;
--> changed table annex.orphan: of type
--> extra column annex.orphan.a
--> extra column annex.orphan.b
--> missing column annex.orphan.id
--> missing column annex.orphan.note

-- form: access method of a table from 15
CREATE ACCESS METHOD mutant TYPE TABLE HANDLER heap_tableam_handler;
ALTER TABLE annex.orphan SET ACCESS METHOD mutant;
--> changed table annex.orphan: access method
--> extra access method mutant

-- form: tablespace of a table
ALTER TABLE annex.orphan SET TABLESPACE forms_space;
--> changed table annex.orphan: tablespace

-- form: tablespace of an index
ALTER INDEX annex.one_note SET TABLESPACE forms_space;
--> changed index annex.one.one_note: tablespace

-- === columns ===

-- form: add a column
ALTER TABLE gmos ADD mutant integer;
--> extra column gmos.mutant

-- form: drop the last column
ALTER TABLE gmos DROP array_name;
--> missing column gmos.array_name
--> missing index gmos.ix_gmos_array_name
--=> missing column gmos.array_name

-- form: drop a column in the middle
ALTER TABLE gmos DROP amp_read_area;
--> changed column gmos.read_speed_setting: after
--> missing column gmos.amp_read_area
--> missing index gmos.ix_gmos_amp_read_area
--=> missing column gmos.amp_read_area

-- form: rename a column
ALTER TABLE annex.orphan RENAME note TO mutant;
--> extra column annex.orphan.mutant
--> missing column annex.orphan.note

-- form: drop a column and add it again at the end
ALTER TABLE annex.orphan DROP id;
ALTER TABLE annex.orphan ADD id integer;
--> changed column annex.orphan.id: after
--> changed column annex.orphan.note: after
--=> note order column annex.orphan.id

-- form: change a column's type
ALTER TABLE gmos ALTER disperser TYPE varchar(99);
--> changed column gmos.disperser: type

-- form: change a type's length
ALTER TABLE annex.orphan ALTER note TYPE varchar(10);
ALTER TABLE annex.orphan ALTER note TYPE varchar(11);
--> changed column annex.orphan.note: type

-- form: change a type's precision
ALTER TABLE annex.orphan ALTER id TYPE numeric(10, 2);
--> changed column annex.orphan.id: type

-- form: make a column an array
ALTER TABLE gmos ALTER nod_count TYPE integer[] USING ARRAY[nod_count];
--> changed column gmos.nod_count: type

-- form: collate a column
ALTER TABLE gmos ALTER disperser TYPE text COLLATE "C";
--> changed column gmos.disperser: collation

-- form: collate a column by a collation of its own
ALTER TABLE gmos ALTER disperser TYPE text COLLATE annex.collation;
--> changed column gmos.disperser: collation

-- form: set NOT NULL
ALTER TABLE gmos ALTER disperser SET NOT NULL;
--> changed column gmos.disperser: not null

-- form: drop NOT NULL
ALTER TABLE annex.one ALTER filled DROP NOT NULL;
--> changed column annex.one.filled: not null

-- form: NOT NULL that is not valid from 18
ALTER TABLE gmos ADD CONSTRAINT mutant NOT NULL disperser NOT VALID;
--> changed column gmos.disperser: not null

-- form: NOT NULL that is not inherited from 18
ALTER TABLE annex.orphan ADD CONSTRAINT mutant NOT NULL note NO INHERIT;
--> changed column annex.orphan.note: not null

-- form: set a default
ALTER TABLE gmos ALTER disperser SET DEFAULT 'x';
--> changed column gmos.disperser: default

-- form: change a default
ALTER TABLE annex.one ALTER mode SET DEFAULT 'two';
--> changed column annex.one.mode: default

-- form: drop a default
ALTER TABLE annex.one ALTER mode DROP DEFAULT;
--> changed column annex.one.mode: default

-- form: default of a function
ALTER TABLE gmos ALTER disperser SET DEFAULT CURRENT_USER;
--> changed column gmos.disperser: default

-- form: drop the default of a serial column
ALTER TABLE gmos ALTER id DROP DEFAULT;
--> changed column gmos.id: default

-- form: add an identity
ALTER TABLE annex.orphan ALTER id SET NOT NULL;
ALTER TABLE annex.orphan ALTER id ADD GENERATED ALWAYS AS IDENTITY;
--> changed column annex.orphan.id: identity
--> changed column annex.orphan.id: not null
--> extra sequence annex.orphan_id_seq

-- form: change an identity
ALTER TABLE annex.one ALTER identity SET GENERATED BY DEFAULT;
--> changed column annex.one.identity: identity

-- form: drop an identity
ALTER TABLE annex.one ALTER identity DROP IDENTITY;
--> changed column annex.one.identity: identity
--> missing sequence annex.one_identity_seq

-- form: change the sequence of an identity
ALTER TABLE annex.one ALTER identity SET INCREMENT BY 10;
--> changed sequence annex.one_identity_seq: increment

-- form: add a generated column from 12
ALTER TABLE annex.orphan ADD mutant integer GENERATED ALWAYS AS (id * 2) STORED;
--> extra column annex.orphan.mutant

-- form: change the expression of a generated column from 17
ALTER TABLE annex.orphan ADD mutant integer GENERATED ALWAYS AS (id * 2) STORED;
ALTER TABLE annex.orphan ALTER mutant SET EXPRESSION AS (id * 3);
--> extra column annex.orphan.mutant

-- form: drop the expression of a generated column from 13
ALTER TABLE annex.orphan ADD mutant integer GENERATED ALWAYS AS (id * 2) STORED;
ALTER TABLE annex.orphan ALTER mutant DROP EXPRESSION;
--> extra column annex.orphan.mutant

-- form: add a virtual column from 18
ALTER TABLE annex.orphan ADD mutant integer GENERATED ALWAYS AS (id * 2) VIRTUAL;
--> extra column annex.orphan.mutant

-- form: storage of a column
ALTER TABLE gmos ALTER disperser SET STORAGE EXTERNAL;
--> changed column gmos.disperser: storage
--=> note changed column gmos.disperser: storage

-- form: storage of a column in main
ALTER TABLE gmos ALTER disperser SET STORAGE MAIN;
--> changed column gmos.disperser: storage
--=> note changed column gmos.disperser: storage

-- form: compression of a column from 14
ALTER TABLE gmos ALTER disperser SET COMPRESSION pglz;
--> changed column gmos.disperser: compression
--=> note changed column gmos.disperser: compression

-- form: statistics target
ALTER TABLE gmos ALTER disperser SET STATISTICS 500;
--> changed column gmos.disperser: statistics
--=> note changed column gmos.disperser: statistics

-- form: no statistics
ALTER TABLE gmos ALTER disperser SET STATISTICS 0;
--> changed column gmos.disperser: statistics
--=> note changed column gmos.disperser: statistics

-- form: n_distinct
ALTER TABLE gmos ALTER disperser SET (n_distinct = 5);
--> changed column gmos.disperser: options
--=> note changed column gmos.disperser: options

-- form: n_distinct_inherited
ALTER TABLE gmos ALTER disperser SET (n_distinct_inherited = -0.5);
--> changed column gmos.disperser: options
--=> note changed column gmos.disperser: options

-- form: pg_attver with an option
UPDATE pg_attribute SET attoptions = '{pg_attver=0/1234,n_distinct=5}' WHERE attrelid = 'gmos'::regclass
	AND attname = 'disperser';
--> changed column gmos.disperser: options
--=> note changed column gmos.disperser: options

-- form: comment on a column
COMMENT ON COLUMN gmos.disperser IS 'changed';
--> changed column gmos.disperser: comment
--=> note changed column gmos.disperser: comment

-- form: remove a comment on a column
COMMENT ON COLUMN annex.one.id IS NULL;
--> changed column annex.one.id: comment

-- form: column of its own in a child
ALTER TABLE annex.child ALTER note SET DEFAULT 'x';
--> changed column annex.child.note: default

-- form: add a column to a parent
ALTER TABLE annex.parent ADD mutant integer;
--> extra column annex.child.mutant
--> extra column annex.parent.mutant

-- form: a merged column in a child
ALTER TABLE annex.parent ADD extra integer;
--> changed column annex.child.extra: inherited
--> changed column annex.child.extra: local
--> extra column annex.parent.extra

-- === indexes ===

-- form: create an index
CREATE INDEX mutant ON gmos (disperser);
--> extra index gmos.mutant

-- form: drop an index
DROP INDEX annex.one_note;
--> missing index annex.one.one_note

-- form: rename an index
ALTER INDEX annex.one_note RENAME TO mutant;
--> extra index annex.one.mutant
--> missing index annex.one.one_note
--=> note renamed index annex.one.one_note: mutant

-- form: index made unique
DROP INDEX annex.one_note;
CREATE UNIQUE INDEX one_note ON annex.one (note);
--> changed index annex.one.one_note: definition

-- form: index on another column
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (filled);
--> changed index annex.one.one_note: definition

-- form: index with another column
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note, filled);
--> changed index annex.one.one_note: definition

-- form: descending index
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note DESC);
--> changed index annex.one.one_note: definition

-- form: index with nulls first
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note NULLS FIRST);
--> changed index annex.one.one_note: definition

-- form: index with another operator class
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note text_pattern_ops);
--> changed index annex.one.one_note: definition

-- form: index with another collation
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note COLLATE "C");
--> changed index annex.one.one_note: definition

-- form: index of another method
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one USING hash (note);
--> changed index annex.one.one_note: definition

-- form: index with a predicate
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note) WHERE id > 5;
--> changed index annex.one.one_note: where

-- form: index with another predicate
DROP INDEX annex.one_lower;
CREATE INDEX one_lower ON annex.one (lower(note)) WHERE note <> 'y';
--> changed index annex.one.one_lower: where

-- form: index of another expression
DROP INDEX annex.one_lower;
CREATE INDEX one_lower ON annex.one (upper(note)) WHERE note <> 'x';
--> changed index annex.one.one_lower: definition

-- form: index that includes a column from 11
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note) INCLUDE (id);
--> changed index annex.one.one_note: definition

-- form: index with NULLS NOT DISTINCT from 15
DROP INDEX annex.one_unique;
CREATE UNIQUE INDEX one_unique ON annex.one (checked, note) NULLS NOT DISTINCT;
--> changed index annex.one.one_unique: nulls not distinct

-- form: index option
ALTER INDEX annex.one_note SET (fillfactor = 50);
--> changed index annex.one.one_note: options
--=> note changed index annex.one.one_note: options

-- form: option of an operator class from 13
CREATE INDEX mutant ON annex.one USING gist (to_tsvector('simple', note) tsvector_ops (siglen = 100));
COMMENT ON INDEX annex.mutant IS 'other';
--> extra index annex.one.mutant

-- form: statistics target of an index column from 11
ALTER INDEX annex.one_lower ALTER 1 SET STATISTICS 100;
--> changed index annex.one.one_lower: statistics
--=> note changed index annex.one.one_lower: statistics

-- form: comment on an index
COMMENT ON INDEX annex.one_note IS 'changed';
--> changed index annex.one.one_note: comment
--=> note changed index annex.one.one_note: comment

-- form: invalid index
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'annex.one_note'::regclass;
--> changed index annex.one.one_note: invalid

-- form: index on a partitioned table from 11
CREATE INDEX mutant ON annex.partitioned (id);
--> extra index annex.partitioned.mutant

-- form: index on a partitioned table only from 11
CREATE INDEX mutant ON ONLY annex.partitioned (id);
--> extra index annex.partitioned.mutant

-- === constraints ===

-- form: add a CHECK
ALTER TABLE gmos ADD CONSTRAINT mutant CHECK (nod_count > 0);
--> extra constraint gmos.mutant

-- form: add a CHECK that is not valid
ALTER TABLE gmos ADD CONSTRAINT mutant CHECK (nod_count > 0) NOT VALID;
--> extra constraint gmos.mutant

-- form: drop a CHECK
ALTER TABLE annex.one DROP CONSTRAINT checked;
--> missing constraint annex.one.checked

-- form: other CHECK
ALTER TABLE annex.one DROP CONSTRAINT checked;
ALTER TABLE annex.one ADD CONSTRAINT checked CHECK (checked > 1);
--> changed constraint annex.one.checked: definition

-- form: CHECK that is not inherited
ALTER TABLE annex.one DROP CONSTRAINT checked;
ALTER TABLE annex.one ADD CONSTRAINT checked CHECK (checked > 0) NO INHERIT;
--> changed constraint annex.one.checked: no inherit

-- form: CHECK that is not valid
ALTER TABLE annex.one DROP CONSTRAINT checked;
ALTER TABLE annex.one ADD CONSTRAINT checked CHECK (checked > 0) NOT VALID;
--> changed constraint annex.one.checked: not valid

-- form: CHECK that is not enforced from 18
ALTER TABLE annex.one DROP CONSTRAINT checked;
ALTER TABLE annex.one ADD CONSTRAINT checked CHECK (checked > 0) NOT ENFORCED;
--> changed constraint annex.one.checked: not enforced

-- form: validate a CHECK
ALTER TABLE annex.two VALIDATE CONSTRAINT not_valid;
--> changed constraint annex.two.not_valid: not valid

-- form: validate a foreign key
ALTER TABLE annex.two VALIDATE CONSTRAINT not_valid_key;
--> changed constraint annex.two.not_valid_key: not valid

-- form: rename a constraint
ALTER TABLE annex.one RENAME CONSTRAINT checked TO mutant;
--> extra constraint annex.one.mutant
--> missing constraint annex.one.checked
--=> renamed constraint annex.one.checked: mutant

-- form: drop a foreign key
ALTER TABLE annex.two DROP CONSTRAINT one_id;
--> missing constraint annex.two.one_id

-- form: add a foreign key
ALTER TABLE annex.orphan ADD CONSTRAINT mutant FOREIGN KEY (id) REFERENCES gmos;
--> extra constraint annex.orphan.mutant

-- form: add a foreign key that is not valid
ALTER TABLE annex.orphan ADD CONSTRAINT mutant FOREIGN KEY (id) REFERENCES gmos NOT VALID;
--> extra constraint annex.orphan.mutant

-- form: foreign key to another table
ALTER TABLE annex.two DROP CONSTRAINT one_id;
ALTER TABLE annex.two ADD CONSTRAINT one_id FOREIGN KEY (one_id) REFERENCES gmos;
--> changed constraint annex.two.one_id: definition

-- form: foreign key on delete cascade
ALTER TABLE annex.two DROP CONSTRAINT one_id;
ALTER TABLE annex.two ADD CONSTRAINT one_id FOREIGN KEY (one_id) REFERENCES annex.one ON DELETE CASCADE;
--> changed constraint annex.two.one_id: definition

-- form: foreign key on update set null
ALTER TABLE annex.two DROP CONSTRAINT one_id;
ALTER TABLE annex.two ADD CONSTRAINT one_id FOREIGN KEY (one_id) REFERENCES annex.one ON UPDATE SET NULL;
--> changed constraint annex.two.one_id: definition

-- form: foreign key match full
ALTER TABLE annex.two DROP CONSTRAINT one_id;
ALTER TABLE annex.two ADD CONSTRAINT one_id FOREIGN KEY (one_id) REFERENCES annex.one MATCH FULL;
--> changed constraint annex.two.one_id: definition

-- form: foreign key on delete set null of columns from 15
ALTER TABLE annex.two DROP CONSTRAINT one_id;
ALTER TABLE annex.two ADD CONSTRAINT one_id FOREIGN KEY (one_id) REFERENCES annex.one ON DELETE SET NULL (one_id);
--> changed constraint annex.two.one_id: definition

-- form: foreign key that is not enforced from 18
ALTER TABLE annex.two ALTER CONSTRAINT one_id NOT ENFORCED;
--> changed constraint annex.two.one_id: not enforced

-- form: foreign key made deferrable
ALTER TABLE annex.two ALTER CONSTRAINT one_id DEFERRABLE;
--> changed constraint annex.two.one_id: deferrable

-- form: foreign key made initially deferred
ALTER TABLE annex.two ALTER CONSTRAINT one_id DEFERRABLE INITIALLY DEFERRED;
--> changed constraint annex.two.one_id: deferrable
--> changed constraint annex.two.one_id: initially deferred

-- form: foreign key made not deferrable
ALTER TABLE annex.two ALTER CONSTRAINT later NOT DEFERRABLE;
--> changed constraint annex.two.later: deferrable
--> changed constraint annex.two.later: initially deferred

-- form: disabled foreign keys of a referencing table
ALTER TABLE annex.two DISABLE TRIGGER ALL;
--> changed constraint annex.two.later: checks
--> changed constraint annex.two.not_valid_key: checks
--> changed constraint annex.two.one_id: checks
--> changed constraint annex.two.u: checks

-- form: disabled foreign keys of a referenced table
ALTER TABLE annex.one DISABLE TRIGGER ALL;
--> changed constraint annex.two.later: actions
--> changed constraint annex.two.not_valid_key: actions
--> changed constraint annex.two.one_id: actions
--> changed trigger annex.one.a_trigger: state

-- form: foreign keys of the archive disabled
ALTER TABLE diskfile DISABLE TRIGGER ALL;
--> changed constraint diskfile.diskfile_file_id_fkey: checks
--> changed constraint diskfilereport.diskfilereport_diskfile_id_fkey: actions
--> changed constraint fulltextheader.fulltextheader_diskfile_id_fkey: actions
--> changed constraint header.header_diskfile_id_fkey: actions
--> changed constraint miscfile.miscfile_diskfile_id_fkey: actions
--> changed constraint obslog.obslog_diskfile_id_fkey: actions
--> changed constraint preview.preview_diskfile_id_fkey: actions
--> changed constraint previewqueue.previewqueue_diskfile_id_fkey: actions
--> changed constraint provenance.provenance_diskfile_id_fkey: actions
--> changed constraint provenance_history.provenance_history_diskfile_id_fkey: actions
--> changed constraint target_presence.target_presence_diskfile_id_fkey: actions
--> changed constraint targetqueue.targetqueue_diskfile_id_fkey: actions
--> changed constraint targets_checked.targets_checked_diskfile_id_fkey: actions

-- form: one trigger of a foreign key disabled
DO $$
BEGIN
	EXECUTE format('ALTER TABLE annex.two DISABLE TRIGGER %I', (SELECT min(t.tgname) FROM pg_trigger t
		JOIN pg_constraint c ON c.oid = t.tgconstraint WHERE c.conname = 'one_id' AND tgrelid = 'annex.two'::regclass));
END $$;
--> changed constraint annex.two.one_id: checks

-- form: trigger of a foreign key for replicas
DO $$
BEGIN
	EXECUTE format('ALTER TABLE annex.two ENABLE REPLICA TRIGGER %I', (SELECT min(t.tgname) FROM pg_trigger t
		JOIN pg_constraint c ON c.oid = t.tgconstraint WHERE c.conname = 'one_id' AND tgrelid = 'annex.two'::regclass));
END $$;
--> changed constraint annex.two.one_id: checks

-- form: drop a primary key
ALTER TABLE annex.two DROP CONSTRAINT two_pkey;
--> missing constraint annex.two.two_pkey

-- form: primary key made deferrable
ALTER TABLE annex.two DROP CONSTRAINT two_pkey;
ALTER TABLE annex.two ADD PRIMARY KEY (id) DEFERRABLE;
--> changed constraint annex.two.two_pkey: deferrable

-- form: add a unique constraint
ALTER TABLE gmos ADD CONSTRAINT mutant UNIQUE (disperser, filter_name);
--> extra constraint gmos.mutant

-- form: unique index made a constraint
ALTER TABLE annex.one ADD CONSTRAINT one_unique UNIQUE USING INDEX one_unique;
--> extra constraint annex.one.one_unique
--> missing index annex.one.one_unique

-- form: unique constraint with another order
ALTER TABLE annex.two DROP CONSTRAINT u;
ALTER TABLE annex.two ADD CONSTRAINT u UNIQUE (u, id) DEFERRABLE;
--> changed constraint annex.two.u: definition

-- form: unique constraint initially deferred
ALTER TABLE annex.two DROP CONSTRAINT u;
ALTER TABLE annex.two ADD CONSTRAINT u UNIQUE (u) DEFERRABLE INITIALLY DEFERRED;
--> changed constraint annex.two.u: initially deferred

-- form: unique constraint that includes a column from 11
ALTER TABLE annex.two DROP CONSTRAINT u;
ALTER TABLE annex.two ADD CONSTRAINT u UNIQUE (u) INCLUDE (id) DEFERRABLE;
--> changed constraint annex.two.u: definition

-- form: unique constraint with NULLS NOT DISTINCT from 15
ALTER TABLE annex.two DROP CONSTRAINT u;
ALTER TABLE annex.two ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (u) DEFERRABLE;
--> changed constraint annex.two.u: definition

-- form: option of a constraint's index
ALTER INDEX annex.one_pkey SET (fillfactor = 60);
--> changed constraint annex.one.one_pkey: options
--=> note changed constraint annex.one.one_pkey: options

-- form: drop an exclusion constraint
ALTER TABLE annex.one DROP CONSTRAINT excluded;
--> missing constraint annex.one.excluded

-- form: other exclusion constraint
ALTER TABLE annex.one DROP CONSTRAINT excluded;
ALTER TABLE annex.one ADD CONSTRAINT excluded EXCLUDE USING gist (span WITH =);
--> changed constraint annex.one.excluded: definition

-- form: exclusion constraint with a predicate
ALTER TABLE annex.one DROP CONSTRAINT excluded;
ALTER TABLE annex.one ADD CONSTRAINT excluded EXCLUDE USING gist (span WITH &&) WHERE (id > 1);
--> changed constraint annex.one.excluded: where

-- form: comment on a constraint
COMMENT ON CONSTRAINT checked ON annex.one IS 'changed';
--> changed constraint annex.one.checked: comment
--=> note changed constraint annex.one.checked: comment

-- form: key without overlaps from 18
CREATE TABLE annex.temporal (a int4range, b daterange, PRIMARY KEY (a, b WITHOUT OVERLAPS));
--> extra column annex.temporal.a
--> extra column annex.temporal.b
--> extra constraint annex.temporal.temporal_pkey
--> extra table annex.temporal
--=> extra table annex.temporal

-- === sequences ===

-- form: create a sequence
CREATE SEQUENCE annex.mutant;
--> extra sequence annex.mutant

-- form: drop a sequence
DROP SEQUENCE annex.sequence;
--> missing sequence annex.sequence

-- form: increment of a sequence
ALTER SEQUENCE gmos_id_seq INCREMENT BY 2;
--> changed sequence gmos_id_seq: increment

-- form: start of a sequence
ALTER SEQUENCE annex.sequence START WITH 5;
--> changed sequence annex.sequence: start

-- form: minimum of a sequence
ALTER SEQUENCE annex.sequence MINVALUE -5;
--> changed sequence annex.sequence: minimum
--> changed sequence annex.sequence: start

-- form: maximum of a sequence
ALTER SEQUENCE annex.sequence MAXVALUE 1000;
--> changed sequence annex.sequence: maximum

-- form: cache of a sequence
ALTER SEQUENCE annex.sequence CACHE 10;
--> changed sequence annex.sequence: cache
--=> note changed sequence annex.sequence: cache

-- form: cycle of a sequence
ALTER SEQUENCE annex.sequence CYCLE;
--> changed sequence annex.sequence: cycle

-- form: type of a sequence
ALTER SEQUENCE annex.sequence AS smallint;
--> changed sequence annex.sequence: definition

-- form: owned sequence
ALTER SEQUENCE annex.sequence OWNED BY annex.orphan.id;
--> changed sequence annex.sequence: owned by

-- form: sequence that is not owned
ALTER SEQUENCE gmos_id_seq OWNED BY NONE;
--> changed sequence gmos_id_seq: owned by

-- form: give a sequence to another role
ALTER SEQUENCE annex.sequence OWNER TO forms_role;
--> changed sequence annex.sequence: owner

-- form: grant on a sequence
GRANT USAGE ON SEQUENCE annex.sequence TO forms_role;
--> extra privilege sequence annex.sequence to forms_role

-- form: revoke on a sequence
REVOKE ALL ON SEQUENCE gmos_id_seq FROM apache;
--> missing privilege sequence gmos_id_seq to apache

-- form: unlogged sequence from 15
ALTER SEQUENCE annex.sequence SET UNLOGGED;
--> changed sequence annex.sequence: unlogged

-- form: comment on a sequence
COMMENT ON SEQUENCE annex.sequence IS 'changed';
--> changed sequence annex.sequence: comment
--=> note changed sequence annex.sequence: comment

-- === types ===

-- form: create an enum
CREATE TYPE annex.mutant AS ENUM ('one');
--> extra label annex.mutant.one
--> extra type annex.mutant
--=> extra type annex.mutant

-- form: add a label at the end
ALTER TYPE annex.mode ADD VALUE 'mutant';
--> extra label annex.mode.mutant

-- form: add a label in front
ALTER TYPE annex.mode ADD VALUE 'mutant' BEFORE 'one';
--> changed label annex.mode.one: after
--> extra label annex.mode.mutant
--=> extra label annex.mode.mutant

-- form: add a label in between
ALTER TYPE annex.mode ADD VALUE 'mutant' AFTER 'one';
--> changed label annex.mode.two: after
--> extra label annex.mode.mutant
--=> extra label annex.mode.mutant

-- form: rename a label
ALTER TYPE annex.mode RENAME VALUE 'two' TO 'mutant';
--> changed label annex.mode.three: after
--> extra label annex.mode.mutant
--> missing label annex.mode.two
--=> extra label annex.mode.mutant
--=> missing label annex.mode.two

-- form: other order of labels
ALTER TYPE annex.mode RENAME VALUE 'one' TO 'x';
ALTER TYPE annex.mode RENAME VALUE 'two' TO 'one';
ALTER TYPE annex.mode RENAME VALUE 'x' TO 'two';
--> changed column annex.one.mode: default
--> changed label annex.mode.one: after
--> changed label annex.mode.three: after
--> changed label annex.mode.two: after
--=> changed column annex.one.mode: default
--=> note order label annex.mode.one

-- form: rename a type
ALTER TYPE annex.range RENAME TO mutant;
--> extra type annex.mutant
--> missing type annex.range

-- form: give a type to another role
ALTER TYPE annex.mode OWNER TO forms_role;
--> changed type annex.mode: owner

-- form: grant on a type
GRANT USAGE ON TYPE annex.pair TO forms_role;
--> extra privilege type annex.pair to forms_role

-- form: revoke a type from PUBLIC
REVOKE USAGE ON TYPE annex.pair FROM PUBLIC;
--> extra privilege type annex.pair to PUBLIC
--=> changed privilege type annex.pair to PUBLIC: privileges

-- form: revoke on a type
REVOKE USAGE ON TYPE annex.mode FROM forms_role;
--> missing privilege type annex.mode to forms_role

-- form: comment on a type
COMMENT ON TYPE annex.pair IS 'changed';
--> changed type annex.pair: comment
--=> note changed type annex.pair: comment

-- form: add an attribute
ALTER TYPE annex.pair ADD ATTRIBUTE mutant integer;
--> extra attribute annex.pair.mutant

-- form: drop an attribute
ALTER TYPE annex.pair DROP ATTRIBUTE b;
--> missing attribute annex.pair.b

-- form: type of an attribute
ALTER TYPE annex.pair ALTER ATTRIBUTE b TYPE varchar(5);
--> changed attribute annex.pair.b: type

-- form: rename an attribute
ALTER TYPE annex.pair RENAME ATTRIBUTE b TO mutant;
--> extra attribute annex.pair.mutant
--> missing attribute annex.pair.b

-- form: collation of an attribute
ALTER TYPE annex.pair ALTER ATTRIBUTE b TYPE text COLLATE "C";
--> changed attribute annex.pair.b: collation

-- form: default of a domain
ALTER DOMAIN annex.domain SET DEFAULT 'y';
--> changed type annex.domain: default

-- form: no default of a domain
ALTER DOMAIN annex.domain DROP DEFAULT;
--> changed type annex.domain: default

-- form: domain that is not null
ALTER DOMAIN annex.domain SET NOT NULL;
--> changed type annex.domain: not null

-- form: add a constraint to a domain
ALTER DOMAIN annex.domain ADD CONSTRAINT mutant CHECK (length(VALUE) < 9);
--> extra domain constraint annex.domain.mutant

-- form: drop a constraint of a domain
ALTER DOMAIN annex.domain DROP CONSTRAINT not_empty;
--> missing domain constraint annex.domain.not_empty

-- form: other constraint of a domain
ALTER DOMAIN annex.domain DROP CONSTRAINT not_empty;
ALTER DOMAIN annex.domain ADD CONSTRAINT not_empty CHECK (VALUE <> 'y');
--> changed domain constraint annex.domain.not_empty: definition

-- form: validate a constraint of a domain
ALTER DOMAIN annex.domain_not_valid VALIDATE CONSTRAINT later;
--> changed domain constraint annex.domain_not_valid.later: definition

-- form: comment on a constraint of a domain
COMMENT ON CONSTRAINT not_empty ON DOMAIN annex.domain IS 'changed';
--> changed domain constraint annex.domain.not_empty: comment
--=> note changed domain constraint annex.domain.not_empty: comment

-- form: domain of another type
DROP DOMAIN annex.domain;
CREATE DOMAIN annex.domain AS varchar(7) DEFAULT 'x' CONSTRAINT not_empty CHECK (VALUE <> '');
ALTER DOMAIN annex.domain OWNER TO fitsdata;
--> changed domain constraint annex.domain.not_empty: definition
--> changed type annex.domain: base type
--> changed type annex.domain: default

-- form: range of another type
DROP TYPE annex.range;
CREATE TYPE annex.range AS RANGE (SUBTYPE = float4);
ALTER TYPE annex.range OWNER TO fitsdata;
--> changed type annex.range: operator class
--> changed type annex.range: subtype

-- form: range with a difference function
DROP TYPE annex.range;
CREATE TYPE annex.range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
ALTER TYPE annex.range OWNER TO fitsdata;
--> changed type annex.range: subtype difference

-- form: base type
CREATE TYPE annex.mutant;
CREATE FUNCTION annex.mutant_in(cstring) RETURNS annex.mutant LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION annex.mutant_out(annex.mutant) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE annex.mutant (INPUT = annex.mutant_in, OUTPUT = annex.mutant_out, LIKE = int4);
--> extra function annex.mutant_in(cstring)
--> extra function annex.mutant_out(annex.mutant)
--> extra type annex.mutant

-- === functions ===

-- form: create a function
CREATE FUNCTION annex.mutant() RETURNS integer LANGUAGE sql AS 'SELECT 1';
--> extra function annex.mutant()

-- form: overload a function
CREATE FUNCTION annex.function(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
--> extra function annex.function(text)

-- form: drop a function
DROP FUNCTION annex.function(integer, text);
--> missing function annex.function(integer,text)

-- form: source of a function
CREATE OR REPLACE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql
	AS 'SELECT $1 + 2';
--> changed function annex.function(integer,text): source

-- form: white space in the source of a function
CREATE OR REPLACE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql
	AS 'SELECT $1  + 1';
--> changed function annex.function(integer,text): source

-- form: language of a function
CREATE OR REPLACE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE plpgsql
	AS 'BEGIN RETURN a + 1; END';
--> changed function annex.function(integer,text): language
--> changed function annex.function(integer,text): source

-- form: default of an argument
CREATE OR REPLACE FUNCTION annex.function(a integer, b text DEFAULT 'y') RETURNS integer LANGUAGE sql
	AS 'SELECT $1 + 1';
--> changed function annex.function(integer,text): defaults

-- form: name of an argument
DROP FUNCTION annex.function(integer, text);
CREATE FUNCTION annex.function(mutant integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1';
ALTER FUNCTION annex.function(integer, text) OWNER TO fitsdata;
--> changed function annex.function(integer,text): arguments

-- form: result of a function
DROP FUNCTION annex.function(integer, text);
CREATE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS bigint LANGUAGE sql
	AS 'SELECT ($1 + 1)::bigint';
ALTER FUNCTION annex.function(integer, text) OWNER TO fitsdata;
--> changed function annex.function(integer,text): definition
--> changed function annex.function(integer,text): source

-- form: set as the result of a function
DROP FUNCTION annex.function(integer, text);
CREATE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS SETOF integer LANGUAGE sql AS 'SELECT $1 + 1';
ALTER FUNCTION annex.function(integer, text) OWNER TO fitsdata;
--> changed function annex.function(integer,text): definition

-- form: immutable function
ALTER FUNCTION annex.function(integer, text) IMMUTABLE;
--> changed function annex.function(integer,text): immutable

-- form: stable function
ALTER FUNCTION annex.function(integer, text) STABLE;
--> changed function annex.function(integer,text): stable

-- form: strict function
ALTER FUNCTION annex.function(integer, text) STRICT;
--> changed function annex.function(integer,text): strict

-- form: security definer
ALTER FUNCTION annex.function(integer, text) SECURITY DEFINER;
--> changed function annex.function(integer,text): security definer

-- form: leakproof function
ALTER FUNCTION annex.function(integer, text) LEAKPROOF;
--> changed function annex.function(integer,text): leakproof

-- form: parallel safe function
ALTER FUNCTION annex.function(integer, text) PARALLEL SAFE;
--> changed function annex.function(integer,text): parallel

-- form: cost of a function
ALTER FUNCTION annex.function(integer, text) COST 5;
--> changed function annex.function(integer,text): cost

-- form: rows of a function
DROP FUNCTION annex.function(integer, text);
CREATE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS SETOF integer LANGUAGE sql ROWS 7
	AS 'SELECT $1 + 1';
ALTER FUNCTION annex.function(integer, text) OWNER TO fitsdata;
--> changed function annex.function(integer,text): definition
--> changed function annex.function(integer,text): rows

-- form: support of a function from 12
ALTER FUNCTION annex.function(integer, text) SUPPORT generate_series_int4_support;
--> changed function annex.function(integer,text): support

-- form: setting of a function
ALTER FUNCTION annex.function(integer, text) SET search_path = public;
--> changed function annex.function(integer,text): set search_path

-- form: give a function to another role
ALTER FUNCTION annex.function(integer, text) OWNER TO forms_role;
--> changed function annex.function(integer,text): owner

-- form: grant on a function
GRANT EXECUTE ON FUNCTION annex.function(integer, text) TO forms_role;
--> extra privilege function annex.function(integer,text) to forms_role

-- form: revoke a function from PUBLIC
REVOKE EXECUTE ON FUNCTION annex.function(integer, text) FROM PUBLIC;
--> extra privilege function annex.function(integer,text) to PUBLIC
--=> changed privilege function annex.function(integer,text) to PUBLIC: privileges

-- form: comment on a function
COMMENT ON FUNCTION annex.function(integer, text) IS 'changed';
--> changed function annex.function(integer,text): comment
--=> note changed function annex.function(integer,text): comment

-- form: procedure in place of a function from 11
DROP FUNCTION annex.function(integer, text);
CREATE PROCEDURE annex.function(a integer, b text DEFAULT 'x') LANGUAGE sql AS 'SELECT $1 + 1';
ALTER PROCEDURE annex.function(integer, text) OWNER TO fitsdata;
--> changed function annex.function(integer,text): definition

-- form: body in standard SQL from 14
CREATE OR REPLACE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql RETURN a + 1;
--> changed function annex.function(integer,text): body
--> changed function annex.function(integer,text): source

-- form: create an aggregate
CREATE AGGREGATE annex.mutant(integer) (SFUNC = int4pl, STYPE = integer);
--> extra aggregate annex.mutant(integer)

-- form: initial condition of an aggregate
DROP AGGREGATE annex.total(integer);
CREATE AGGREGATE annex.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
ALTER AGGREGATE annex.total(integer) OWNER TO fitsdata;
--> changed aggregate annex.total(integer): initial state

-- form: function of an aggregate
DROP AGGREGATE annex.total(integer);
CREATE AGGREGATE annex.total(integer) (SFUNC = int4mul, STYPE = integer);
ALTER AGGREGATE annex.total(integer) OWNER TO fitsdata;
--> changed aggregate annex.total(integer): state function

-- form: comment on an aggregate
COMMENT ON AGGREGATE annex.total(integer) IS 'changed';
--> changed aggregate annex.total(integer): comment
--=> note changed aggregate annex.total(integer): comment

-- === views ===

-- form: create a view
CREATE VIEW annex.mutant AS SELECT 1 AS one;
--> extra column annex.mutant.one
--> extra view annex.mutant
--=> extra view annex.mutant

-- form: drop a view
DROP VIEW annex.view;
--> missing column annex.view.id
--> missing column annex.view.note
--> missing view annex.view
--=> missing view annex.view

-- form: body of a view
CREATE OR REPLACE VIEW annex.view AS SELECT id, note FROM annex.one WHERE id > 0;
--> changed view annex.view: definition

-- form: body of a view with a constant changed
CREATE OR REPLACE VIEW annex.barrier WITH (security_barrier) AS SELECT id FROM annex.one WHERE id > 1
	WITH LOCAL CHECK OPTION;
--> changed view annex.barrier: definition

-- form: column of a view
CREATE OR REPLACE VIEW annex.view AS SELECT id, note, 1 AS mutant FROM annex.one;
--> changed view annex.view: definition
--> extra column annex.view.mutant

-- form: option of a view
ALTER VIEW annex.view SET (security_barrier = on);
--> changed view annex.view: options

-- form: option of a view reset
ALTER VIEW annex.barrier RESET (security_barrier);
--> changed view annex.barrier: options

-- form: check option of a view
ALTER VIEW annex.barrier SET (check_option = cascaded);
--> changed view annex.barrier: options

-- form: view with the invoker's rights from 15
ALTER VIEW annex.view SET (security_invoker = on);
--> changed view annex.view: options

-- form: default of a view's column
ALTER VIEW annex.view ALTER note SET DEFAULT 'x';
--> changed column annex.view.note: default

-- form: give a view to another role
ALTER VIEW annex.view OWNER TO forms_role;
--> changed view annex.view: owner

-- form: grant on a view
GRANT SELECT ON annex.view TO forms_role;
--> extra privilege view annex.view to forms_role

-- form: comment on a view
COMMENT ON VIEW annex.view IS 'changed';
--> changed view annex.view: comment
--=> note changed view annex.view: comment

-- form: table in place of a view
DROP VIEW annex.barrier;
CREATE TABLE annex.barrier (id integer);
ALTER TABLE annex.barrier OWNER TO fitsdata;
GRANT SELECT ON annex.barrier TO apache;
--> extra privilege table annex.barrier to apache
--> extra table annex.barrier
--> missing view annex.barrier
--=> extra table annex.barrier
--=> missing view annex.barrier

-- form: create a materialized view
CREATE MATERIALIZED VIEW annex.mutant AS SELECT 1 AS one;
--> extra column annex.mutant.one
--> extra materialized view annex.mutant
--=> extra materialized view annex.mutant

-- form: body of a materialized view
DROP MATERIALIZED VIEW annex.store;
CREATE MATERIALIZED VIEW annex.store AS SELECT id FROM annex.one WHERE id > 0;
CREATE UNIQUE INDEX store_id ON annex.store (id);
ALTER MATERIALIZED VIEW annex.store OWNER TO fitsdata;
GRANT SELECT ON annex.store TO apache;
--> changed materialized view annex.store: definition
--> extra privilege materialized view annex.store to apache

-- form: option of a materialized view
ALTER MATERIALIZED VIEW annex.store SET (fillfactor = 50);
--> changed materialized view annex.store: options
--=> note changed materialized view annex.store: options

-- form: drop an index of a materialized view
DROP INDEX annex.store_id;
--> missing index annex.store.store_id

-- === rules and triggers ===

-- form: create a rule
CREATE RULE mutant AS ON INSERT TO gmos DO INSTEAD NOTHING;
--> extra rule gmos.mutant

-- form: drop a rule
DROP RULE a_rule ON annex.one;
--> missing rule annex.one.a_rule

-- form: other rule
CREATE OR REPLACE RULE a_rule AS ON DELETE TO annex.one WHERE old.id = 6 DO INSTEAD NOTHING;
--> changed rule annex.one.a_rule: definition

-- form: rule for another event
CREATE OR REPLACE RULE a_rule AS ON UPDATE TO annex.one WHERE old.id = 5 DO INSTEAD NOTHING;
--> changed rule annex.one.a_rule: definition

-- form: rule in addition
CREATE OR REPLACE RULE a_rule AS ON DELETE TO annex.one WHERE old.id = 5 DO ALSO DELETE FROM annex.orphan;
--> changed rule annex.one.a_rule: definition

-- form: disabled rule
ALTER TABLE annex.one DISABLE RULE a_rule;
--> changed rule annex.one.a_rule: state

-- form: rule for replicas
ALTER TABLE annex.one ENABLE REPLICA RULE a_rule;
--> changed rule annex.one.a_rule: state

-- form: comment on a rule
COMMENT ON RULE a_rule ON annex.one IS 'changed';
--> changed rule annex.one.a_rule: comment
--=> note changed rule annex.one.a_rule: comment

-- form: create a trigger
CREATE TRIGGER mutant BEFORE INSERT ON gmos FOR EACH ROW EXECUTE PROCEDURE annex.trigger();
--> extra trigger gmos.mutant

-- form: drop a trigger
DROP TRIGGER a_trigger ON annex.one;
--> missing trigger annex.one.a_trigger

-- form: disabled trigger
ALTER TABLE annex.one DISABLE TRIGGER a_trigger;
--> changed trigger annex.one.a_trigger: state

-- form: trigger that always fires
ALTER TABLE annex.one ENABLE ALWAYS TRIGGER a_trigger;
--> changed trigger annex.one.a_trigger: state

-- form: condition of a trigger
DROP TRIGGER a_trigger ON annex.one;
CREATE TRIGGER a_trigger BEFORE UPDATE OF note ON annex.one FOR EACH ROW WHEN (old.note <> 'y')
	EXECUTE PROCEDURE annex.trigger('a');
--> changed trigger annex.one.a_trigger: when

-- form: columns of a trigger
DROP TRIGGER a_trigger ON annex.one;
CREATE TRIGGER a_trigger BEFORE UPDATE OF note, id ON annex.one FOR EACH ROW WHEN (old.note <> 'x')
	EXECUTE PROCEDURE annex.trigger('a');
--> changed trigger annex.one.a_trigger: definition

-- form: arguments of a trigger
DROP TRIGGER a_trigger ON annex.one;
CREATE TRIGGER a_trigger BEFORE UPDATE OF note ON annex.one FOR EACH ROW WHEN (old.note <> 'x')
	EXECUTE PROCEDURE annex.trigger('a', 'b');
--> changed trigger annex.one.a_trigger: definition

-- form: trigger after
DROP TRIGGER a_trigger ON annex.one;
CREATE TRIGGER a_trigger AFTER UPDATE OF note ON annex.one FOR EACH ROW WHEN (old.note <> 'x')
	EXECUTE PROCEDURE annex.trigger('a');
--> changed trigger annex.one.a_trigger: definition

-- form: constraint trigger
CREATE CONSTRAINT TRIGGER mutant AFTER INSERT ON gmos DEFERRABLE FOR EACH ROW EXECUTE PROCEDURE annex.trigger();
--> extra trigger gmos.mutant

-- form: trigger with transition tables
CREATE TRIGGER mutant AFTER UPDATE ON gmos REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
	EXECUTE PROCEDURE annex.trigger();
--> extra trigger gmos.mutant

-- form: rename a trigger
ALTER TRIGGER a_trigger ON annex.one RENAME TO mutant;
--> extra trigger annex.one.mutant
--> missing trigger annex.one.a_trigger

-- form: comment on a trigger
COMMENT ON TRIGGER a_trigger ON annex.one IS 'changed';
--> changed trigger annex.one.a_trigger: comment
--=> note changed trigger annex.one.a_trigger: comment

-- form: create an event trigger
CREATE EVENT TRIGGER mutant ON sql_drop EXECUTE PROCEDURE annex.event();
--> extra event trigger mutant

-- form: disabled event trigger
ALTER EVENT TRIGGER an_event_trigger DISABLE;
--> changed event trigger an_event_trigger: disabled

-- form: tags of an event trigger
DROP EVENT TRIGGER an_event_trigger;
CREATE EVENT TRIGGER an_event_trigger ON ddl_command_end WHEN TAG IN ('DROP CAST') EXECUTE PROCEDURE annex.event();
--> changed event trigger an_event_trigger: tags

-- form: give an event trigger to another role
ALTER ROLE forms_role SUPERUSER;
ALTER EVENT TRIGGER an_event_trigger OWNER TO forms_role;
ALTER ROLE forms_role NOSUPERUSER;
--> changed event trigger an_event_trigger: owner

-- form: comment on an event trigger
COMMENT ON EVENT TRIGGER an_event_trigger IS 'changed';
--> changed event trigger an_event_trigger: comment
--=> note changed event trigger an_event_trigger: comment

-- === policies ===

-- form: create a policy
CREATE POLICY mutant ON gmos USING (true);
--> extra policy gmos.mutant

-- form: drop a policy
DROP POLICY a_policy ON annex.one;
--> missing policy annex.one.a_policy

-- form: expression of a policy
ALTER POLICY a_policy ON annex.one USING (id > 1);
--> changed policy annex.one.a_policy: using

-- form: roles of a policy
ALTER POLICY a_policy ON annex.one TO forms_role, apache;
--> changed policy annex.one.a_policy: definition

-- form: policy for everybody
ALTER POLICY a_policy ON annex.one TO PUBLIC;
--> changed policy annex.one.a_policy: definition

-- form: command of a policy
DROP POLICY a_policy ON annex.one;
CREATE POLICY a_policy ON annex.one FOR DELETE TO forms_role USING (id > 0);
--> changed policy annex.one.a_policy: definition

-- form: restrictive policy
DROP POLICY a_policy ON annex.one;
CREATE POLICY a_policy ON annex.one AS RESTRICTIVE FOR SELECT TO forms_role USING (id > 0);
--> changed policy annex.one.a_policy: restrictive

-- form: check of a policy
CREATE POLICY mutant ON annex.one FOR INSERT WITH CHECK (id > 0);
--> extra policy annex.one.mutant

-- form: comment on a policy
COMMENT ON POLICY a_policy ON annex.one IS 'changed';
--> changed policy annex.one.a_policy: comment
--=> note changed policy annex.one.a_policy: comment

-- === privileges ===

-- form: grant on a table
GRANT DELETE ON annex.one TO apache;
--> changed privilege table annex.one to apache: privileges

-- form: grant to another role
GRANT SELECT ON annex.one TO forms_role;
--> extra privilege table annex.one to forms_role

-- form: grant to a role whose name is quoted
GRANT SELECT ON annex.one TO "Forms Role";
--> extra privilege table annex.one to "Forms Role"
--=> note extra role "Forms Role"

-- form: grant to PUBLIC
GRANT SELECT ON gmos TO PUBLIC;
--> extra privilege table gmos to PUBLIC

-- form: revoke on a table
REVOKE SELECT ON gmos FROM apache;
--> changed privilege table gmos to apache: privileges

-- form: grant option
GRANT SELECT ON gmos TO apache WITH GRANT OPTION;
--> changed privilege table gmos to apache: privileges

-- form: revoke a table from its owner
REVOKE DELETE ON annex.orphan FROM fitsdata;
--> extra privilege table annex.orphan to @
--=> changed privilege table annex.orphan to @: privileges

-- form: revoke all of a table from its owner
REVOKE ALL ON annex.orphan FROM fitsdata;
--> extra privilege table annex.orphan to @
--=> changed privilege table annex.orphan to @: privileges

-- form: maintain from 17
GRANT MAINTAIN ON annex.one TO forms_role;
--> extra privilege table annex.one to forms_role

-- form: grant on a column
GRANT UPDATE (note) ON annex.one TO forms_role;
--> extra privilege column annex.one.note to forms_role

-- form: revoke on a column
REVOKE SELECT (id) ON annex.two FROM forms_role;
--> missing privilege column annex.two.id to forms_role

-- form: grant on the database
GRANT CREATE ON DATABASE [database] TO forms_role;
--> extra privilege database to forms_role

-- form: revoke the database from PUBLIC
REVOKE CONNECT ON DATABASE [database] FROM PUBLIC;
--> extra privilege database to PUBLIC
--=> note changed privilege database to PUBLIC: privileges

-- form: default privileges
ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata GRANT SELECT ON TABLES TO forms_role;
--> extra default privilege for @ on tables to forms_role

-- form: default privileges in a schema
ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata IN SCHEMA annex GRANT DELETE ON TABLES TO apache;
--> changed default privilege for @ in schema annex on tables to apache: privileges

-- form: default privileges in a schema revoked
ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata IN SCHEMA annex REVOKE SELECT ON TABLES FROM apache;
--> missing default privilege for @ in schema annex on tables to apache

-- form: default privileges on functions
ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--> extra default privilege for @ on functions to PUBLIC

-- form: default privileges on sequences
ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata GRANT USAGE ON SEQUENCES TO forms_role;
--> extra default privilege for @ on sequences to forms_role

-- form: default privileges of another role
ALTER DEFAULT PRIVILEGES FOR ROLE forms_role GRANT SELECT ON TABLES TO apache;
--> extra default privilege for forms_role on tables to apache

-- form: grant on a language
GRANT USAGE ON LANGUAGE plpgsql TO forms_role;
--> extra privilege language plpgsql to forms_role

-- form: grant on a server
GRANT USAGE ON FOREIGN SERVER a_server TO forms_role;
--> extra privilege server a_server to forms_role

-- form: grant on a foreign data wrapper
GRANT USAGE ON FOREIGN DATA WRAPPER a_wrapper TO forms_role;
--> extra privilege foreign data wrapper a_wrapper to forms_role

-- === the database, settings ===

-- form: give the database to another role
ALTER DATABASE [database] OWNER TO forms_role;
--> changed *: owner
--> changed policy annex.one.a_policy: definition
--> extra default privilege for fitsdata in schema annex on tables to apache
--> extra privilege column annex.two.id to @
--> extra privilege schema annex_granted to @
--> extra privilege type annex.mode to @
--> missing default privilege for @ in schema annex on tables to apache
--> missing privilege column annex.two.id to forms_role
--> missing privilege schema annex_granted to forms_role
--> missing privilege type annex.mode to forms_role
--> noted -- not compared: owner of table fitsdb_schema.change, fitsdata
--> noted -- not compared: owner of table fitsdb_schema.migration, fitsdata
--> noted -- not compared: owner of table fitsdb_schema.standing, fitsdata
--> noted -- not compared: owner of table migrate_version, fitsdata
--=> changed *: owner
--=> changed policy annex.one.a_policy: definition
--=> changed privilege schema annex_granted to @: privileges
--=> changed privilege type annex.mode to @: privileges
--=> extra default privilege for fitsdata in schema annex on tables to apache
--=> extra privilege column annex.two.id to @
--=> missing default privilege for @ in schema annex on tables to apache
--=> missing privilege column annex.two.id to forms_role
--=> missing privilege schema annex_granted to forms_role
--=> missing privilege type annex.mode to forms_role

-- form: comment on the database
COMMENT ON DATABASE [database] IS 'changed';
--> changed database: comment
--=> note changed database: comment

-- form: limit of connections
ALTER DATABASE [database] CONNECTION LIMIT 50;
--> changed database: connection limit

-- form: session_replication_role of the database
ALTER DATABASE [database] SET session_replication_role = replica;
--> extra setting session_replication_role

-- form: search_path of the database
ALTER DATABASE [database] SET search_path = annex, public;
--> extra setting search_path

-- form: row_security of the database
ALTER DATABASE [database] SET row_security = off;
--> extra setting row_security

-- form: read only database
ALTER DATABASE [database] SET default_transaction_read_only = on;
--> extra setting default_transaction_read_only

-- form: default_tablespace of the database
ALTER DATABASE [database] SET default_tablespace = forms_space;
--> extra setting default_tablespace

-- form: default_table_access_method of the database from 12
ALTER DATABASE [database] SET default_table_access_method = heap;
--> extra setting default_table_access_method

-- form: transform_null_equals of the database
ALTER DATABASE [database] SET transform_null_equals = on;
--> extra setting transform_null_equals

-- form: work_mem of the database
ALTER DATABASE [database] SET work_mem = '8MB';
--> extra setting work_mem
--=> note extra setting work_mem

-- form: time zone of the database
ALTER DATABASE [database] SET timezone = 'America/New_York';
--> extra setting TimeZone
--=> note extra setting TimeZone

-- form: setting of a role in the database
ALTER ROLE apache IN DATABASE [database] SET session_replication_role = replica;
--> extra setting session_replication_role for apache

-- form: setting of a role in the database that is harmless
ALTER ROLE apache IN DATABASE [database] SET work_mem = '8MB';
--> extra setting work_mem for apache
--=> note extra setting work_mem for apache

-- === other objects ===

-- form: create an extension
CREATE EXTENSION citext;
--> extra extension citext
--> no longer -- not compared: comment on 1 extension
--> noted -- not compared: comments on 2 extensions

-- form: drop an extension
DROP EXTENSION hstore;
--> missing extension hstore
--> no longer -- not compared: comment on 1 extension

-- form: move an extension to another schema
ALTER EXTENSION hstore SET SCHEMA public;
--> changed extension hstore: schema

-- form: object taken out of an extension
ALTER EXTENSION hstore DROP FUNCTION annex.akeys(annex.hstore);
--> extra function annex.akeys(annex.hstore)

-- form: object put into an extension
ALTER EXTENSION hstore ADD TABLE annex.orphan;
--> missing column annex.orphan.id
--> missing column annex.orphan.note
--> missing table annex.orphan
--=> missing table annex.orphan

-- form: create statistics
CREATE STATISTICS annex.mutant ON id, note FROM annex.orphan;
--> extra statistics annex.mutant

-- form: drop statistics
DROP STATISTICS annex.stats;
--> missing statistics annex.stats

-- form: other kind of statistics
DROP STATISTICS annex.stats;
CREATE STATISTICS annex.stats (ndistinct) ON id, note FROM annex.one;
ALTER STATISTICS annex.stats OWNER TO fitsdata;
--> changed statistics annex.stats: definition

-- form: columns of statistics
DROP STATISTICS annex.stats;
CREATE STATISTICS annex.stats (dependencies) ON id, filled FROM annex.one;
ALTER STATISTICS annex.stats OWNER TO fitsdata;
--> changed statistics annex.stats: definition

-- form: target of statistics from 13
ALTER STATISTICS annex.stats SET STATISTICS 50;
--> changed statistics annex.stats: target

-- form: statistics of an expression from 14
CREATE STATISTICS annex.mutant ON (id + 1) FROM annex.one;
--> extra statistics annex.mutant

-- form: comment on statistics
COMMENT ON STATISTICS annex.stats IS 'changed';
--> changed statistics annex.stats: comment
--=> note changed statistics annex.stats: comment

-- form: create a publication
CREATE PUBLICATION mutant;
--> extra publication mutant

-- form: publication of all tables
CREATE PUBLICATION mutant FOR ALL TABLES;
--> extra publication mutant

-- form: drop a publication
DROP PUBLICATION a_publication;
--> missing publication a_publication

-- form: table of a publication
ALTER PUBLICATION a_publication ADD TABLE gmos;
--> changed publication a_publication: table gmos

-- form: table taken out of a publication
ALTER PUBLICATION a_publication DROP TABLE annex.one;
--> changed publication a_publication: table annex.one

-- form: changes of a publication
ALTER PUBLICATION a_publication SET (publish = 'insert');
--> changed publication a_publication: without delete
--> changed publication a_publication: without truncate
--> changed publication a_publication: without update

-- form: table whose name has what ends a label
CREATE TABLE annex."a: b" (id integer);
CREATE TABLE annex."a: c" (id integer);
ALTER PUBLICATION a_publication ADD TABLE annex."a: b", annex."a: c";
--> changed publication a_publication: table annex."a\\x3a b"
--> changed publication a_publication: table annex."a\\x3a c"
--> extra column annex."a: b".id
--> extra column annex."a: c".id
--> extra table annex."a: b"
--> extra table annex."a: c"
--=> changed publication a_publication: table annex."a\\x3a b"
--=> changed publication a_publication: table annex."a\\x3a c"
--=> extra table annex."a: b"
--=> extra table annex."a: c"

-- form: publication via the root from 13
ALTER PUBLICATION a_publication SET (publish_via_partition_root);
--> changed publication a_publication: via root

-- form: schema of a publication from 15
ALTER PUBLICATION a_publication ADD TABLES IN SCHEMA annex_granted;
--> changed publication a_publication: tables in schema annex_granted

-- form: row filter of a publication from 15
ALTER PUBLICATION a_publication SET TABLE annex.one WHERE (id > 5);
--> changed publication a_publication: table annex.one

-- form: columns of a publication from 15
ALTER PUBLICATION a_publication SET TABLE annex.one (id, note);
--> changed publication a_publication: table annex.one

-- form: give a publication to another role
ALTER PUBLICATION a_publication OWNER TO fitsdata;
--> changed publication a_publication: owner

-- form: subscription from 14
CREATE SUBSCRIPTION mutant CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE);
--> extra subscription mutant
--> noted -- not compared: connection of 1 subscription

-- form: subscription on a server before 14 from 11 until 13
CREATE SUBSCRIPTION mutant CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE);
--> extra subscription mutant
--> noted -- not compared: connection of 1 subscription
--> noted -- not compared: synchronous_commit of 1 subscription

-- form: subscription in PostgreSQL 10 until 10
-- Its own command ends in a crash of some builds of this server.
INSERT INTO pg_subscription SELECT oid, 'mutant', 10, false, '', 'none', 'off', '{p}' FROM pg_database
	WHERE datname = current_database();
--> extra subscription mutant
--> noted -- not compared: connection of 1 subscription
--> noted -- not compared: synchronous_commit of 1 subscription

-- form: create a foreign data wrapper
CREATE FOREIGN DATA WRAPPER mutant;
--> extra foreign data wrapper mutant

-- form: option of a foreign data wrapper
ALTER FOREIGN DATA WRAPPER a_wrapper OPTIONS (a 'x');
--> changed foreign data wrapper a_wrapper: option a

-- form: validator of a foreign data wrapper
ALTER FOREIGN DATA WRAPPER a_wrapper VALIDATOR postgresql_fdw_validator;
--> changed foreign data wrapper a_wrapper: validator

-- form: create a server
CREATE SERVER mutant FOREIGN DATA WRAPPER a_wrapper;
--> extra server mutant

-- form: option of a server
ALTER SERVER a_server OPTIONS (SET host 'i');
--> changed server a_server: option host

-- form: version of a server
ALTER SERVER a_server VERSION '2';
--> changed server a_server: version

-- form: give a server to another role
ALTER SERVER a_server OWNER TO fitsdata;
--> changed server a_server: owner

-- form: create a user mapping
CREATE USER MAPPING FOR fitsdata SERVER a_server;
--> extra user mapping for @ server a_server
--> no longer -- not compared: options of 1 user mapping
--> noted -- not compared: options of 2 user mappings

-- form: drop a user mapping
DROP USER MAPPING FOR apache SERVER a_server;
--> missing user mapping for apache server a_server
--> no longer -- not compared: options of 1 user mapping

-- form: option of a foreign table
ALTER FOREIGN TABLE annex.far OPTIONS (SET name 'near');
--> changed table annex.far: foreign options

-- form: option of a foreign table's column
ALTER FOREIGN TABLE annex.far ALTER id OPTIONS (SET name 'j');
--> changed column annex.far.id: foreign options

-- form: drop a foreign table
DROP FOREIGN TABLE annex.far;
--> missing column annex.far.id
--> missing column annex.far.note
--> missing table annex.far
--=> missing table annex.far

-- form: create an operator
CREATE OPERATOR annex.@@@ (LEFTARG = integer, RIGHTARG = integer, PROCEDURE = int4pl);
--> extra operator annex.@@@(integer,integer)

-- form: function of an operator
DROP OPERATOR annex.### (integer, integer);
CREATE OPERATOR annex.### (LEFTARG = integer, RIGHTARG = integer, PROCEDURE = int4gt);
--> changed operator annex.###(integer,integer): definition

-- form: estimator of an operator
ALTER OPERATOR annex.### (integer, integer) SET (RESTRICT = eqsel);
--> changed operator annex.###(integer,integer): restrict

-- form: give an operator to another role
ALTER OPERATOR annex.### (integer, integer) OWNER TO fitsdata;
--> changed operator annex.###(integer,integer): owner

-- form: create an operator family
CREATE OPERATOR FAMILY annex.mutant USING hash;
--> extra operator family annex.mutant using hash

-- form: member of an operator family
ALTER OPERATOR FAMILY annex.family USING btree ADD OPERATOR 1 < (integer, integer);
--> changed operator family annex.family using btree: operator 1 (integer, integer)

-- form: create an operator class
CREATE OPERATOR CLASS annex.mutant FOR TYPE integer USING btree FAMILY annex.family AS OPERATOR 1 <,
	FUNCTION 1 btint4cmp(integer, integer);
--> changed operator family annex.family using btree: function 1 (integer, integer)
--> changed operator family annex.family using btree: operator 1 (integer, integer)
--> extra operator class annex.mutant using btree

-- form: create a cast
CREATE CAST (annex.pair AS annex.mode) WITH INOUT;
--> extra cast (annex.pair as annex.mode)

-- form: drop a cast
DROP CAST (annex.mode AS annex.pair);
--> missing cast (annex.mode as annex.pair)

-- form: context of a cast
DROP CAST (annex.mode AS annex.pair);
CREATE CAST (annex.mode AS annex.pair) WITH INOUT AS ASSIGNMENT;
--> changed cast (annex.mode as annex.pair): as assignment

-- form: create a collation
CREATE COLLATION annex.mutant FROM "C";
--> extra collation annex.mutant

-- form: other collation
DROP COLLATION annex.collation;
CREATE COLLATION annex.collation FROM "POSIX";
ALTER COLLATION annex.collation OWNER TO fitsdata;
--> changed collation annex."collation": definition

-- form: rename a collation
ALTER COLLATION annex.collation RENAME TO mutant;
--> extra collation annex.mutant
--> missing collation annex."collation"

-- form: create a conversion
CREATE CONVERSION annex.mutant FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
--> extra conversion annex.mutant

-- form: default conversion
DROP CONVERSION annex.conversion;
CREATE DEFAULT CONVERSION annex.conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
--> changed conversion annex.conversion: default

-- form: create a text search parser
CREATE TEXT SEARCH PARSER annex.mutant (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype);
--> extra text search parser annex.mutant

-- form: create a text search template
CREATE TEXT SEARCH TEMPLATE annex.mutant (LEXIZE = dsimple_lexize);
--> extra text search template annex.mutant

-- form: option of a text search dictionary
ALTER TEXT SEARCH DICTIONARY annex.dictionary (ACCEPT = false);
--> changed text search dictionary annex.dictionary: options

-- form: mapping of a text search configuration
ALTER TEXT SEARCH CONFIGURATION annex.configuration ALTER MAPPING FOR word WITH annex.dictionary;
--> changed text search configuration annex.configuration: mapping for word

-- form: mapping of a text search configuration dropped
ALTER TEXT SEARCH CONFIGURATION annex.configuration DROP MAPPING FOR word;
--> changed text search configuration annex.configuration: mapping for word

-- form: create a language
CREATE LANGUAGE mutant HANDLER plpgsql_call_handler;
--> extra language mutant

-- form: create a transform
CREATE FUNCTION annex.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE TRANSFORM FOR annex.pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION annex.from_sql(internal));
--> extra function annex.from_sql(internal)
--> extra transform for annex.pair language plpgsql

-- form: create an access method
CREATE ACCESS METHOD mutant TYPE INDEX HANDLER bthandler;
--> extra access method mutant

-- form: large object
SELECT lo_create(4711);
--> noted -- not compared: 1 large object

-- form: comment on an extension
-- The default one comes from a file of the server, and may differ by version: not compared, but named, also before.
COMMENT ON EXTENSION hstore IS 'changed';

-- form: comment on plpgsql
COMMENT ON EXTENSION plpgsql IS NULL;
--> noted -- not compared: comment on extension plpgsql

-- === what could be taken for something else ===

-- form: type of a column to one of the same name in pg_catalog
CREATE TYPE pg_catalog.qa_state AS ENUM ('x');
ALTER TABLE header ALTER qa_state TYPE pg_catalog.qa_state USING NULL;
--> changed column header.qa_state: type
--> extra label pg_catalog.qa_state.x
--> extra type pg_catalog.qa_state
--=> changed column header.qa_state: type
--=> extra type pg_catalog.qa_state

-- form: type of a column to a domain with the name of one of the system
CREATE DOMAIN public.text AS varchar(3);
ALTER TABLE header ALTER object TYPE public.text;
--> changed column header.object: type
--> extra type public.text

-- form: function with the name of one of the system
CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text';
ALTER TABLE annex.one ALTER note SET DEFAULT public.lower('X');
--> changed column annex.one.note: default
--> extra function public.lower(text)

-- form: trigger function in pg_catalog
CREATE FUNCTION pg_catalog.mutant() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TRIGGER mutant BEFORE UPDATE ON gmos FOR EACH ROW EXECUTE PROCEDURE mutant();
--> extra function pg_catalog.mutant()
--> extra trigger gmos.mutant

-- form: operator with the name of one of the system
CREATE OPERATOR public.+ (PROCEDURE = int4pl, LEFTARG = integer, RIGHTARG = integer);
--> extra operator public.+(integer,integer)

-- form: collation with the name of one of the system
CREATE COLLATION public."C" FROM pg_catalog."POSIX";
ALTER TABLE annex.orphan ALTER note TYPE text COLLATE public."C";
--> changed column annex.orphan.note: collation
--> extra collation public."C"

-- form: operator class with the name of one of the system
CREATE OPERATOR CLASS public.text_ops FOR TYPE text USING hash AS OPERATOR 1 =;
CREATE INDEX mutant ON annex.orphan USING hash (note public.text_ops);
--> extra index annex.orphan.mutant
--> extra operator class public.text_ops using hash
--> extra operator family public.text_ops using hash

-- form: view in information_schema
CREATE VIEW information_schema.mutant AS SELECT 1 AS one;
--> extra column information_schema.mutant.one
--> extra view information_schema.mutant
--=> extra view information_schema.mutant

-- === what is not compared, but touches what is ===

-- form: child in fitsdb_schema
CREATE TABLE fitsdb_schema.mutant () INHERITS (header);
--> noted -- not compared: table fitsdb_schema.mutant
--> noted -- not compared: table fitsdb_schema.mutant, a child of header

-- form: foreign key from fitsdb_schema
CREATE TABLE fitsdb_schema.mutant (x integer CONSTRAINT key REFERENCES header(id));
--> noted -- not compared: constraint fitsdb_schema.mutant.key, a foreign key to header
--> noted -- not compared: table fitsdb_schema.mutant

-- form: child that is a member of an extension
CREATE TABLE mutant () INHERITS (header);
ALTER EXTENSION hstore ADD TABLE mutant;
--> noted -- not compared: table mutant, a child of header

-- form: members that were added to plpgsql
CREATE FUNCTION mutant() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION plpgsql ADD FUNCTION mutant();
--> noted -- not compared: function mutant(), a member of extension plpgsql

-- form: event trigger that is a member of an extension
CREATE FUNCTION mutant() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER mutant ON sql_drop EXECUTE PROCEDURE mutant();
ALTER EXTENSION hstore ADD FUNCTION mutant();
ALTER EXTENSION hstore ADD EVENT TRIGGER mutant;
--> noted -- not compared: event trigger mutant, a member of extension hstore

-- form: table in a schema that is a member of an extension
CREATE SCHEMA mutant;
CREATE TABLE mutant.mutant ();
ALTER EXTENSION hstore ADD SCHEMA mutant;
--> extra table mutant.mutant

-- form: parts of the record
CREATE RULE mutant AS ON UPDATE TO migrate_version DO INSTEAD NOTHING;
CREATE POLICY mutant ON fitsdb_schema.standing;
ALTER TABLE fitsdb_schema.change ADD mutant integer;
CREATE FUNCTION fitsdb_schema.mutant() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TRIGGER mutant BEFORE UPDATE ON migrate_version FOR EACH ROW EXECUTE PROCEDURE fitsdb_schema.mutant();
CREATE TYPE fitsdb_schema.mutant AS ENUM ();
CREATE VIEW fitsdb_schema.mutants AS SELECT;
--> noted -- not compared: column fitsdb_schema.change.mutant
--> noted -- not compared: function fitsdb_schema.mutant()
--> noted -- not compared: policy fitsdb_schema.standing.mutant
--> noted -- not compared: rule migrate_version.mutant
--> noted -- not compared: trigger migrate_version.mutant
--> noted -- not compared: type fitsdb_schema.mutant
--> noted -- not compared: view fitsdb_schema.mutants

-- === what changes nothing ===

-- form: analyze
INSERT INTO annex.one (id, filled) VALUES (1, 'x');
ANALYZE;

-- form: vacuum
VACUUM annex.one;

-- form: vacuum full
VACUUM FULL annex.one;

-- form: cluster without a mark
CREATE TEMPORARY TABLE mutant (id integer PRIMARY KEY);
CLUSTER mutant USING mutant_pkey;

-- form: reindex
REINDEX TABLE annex.one;

-- form: reindex concurrently from 12
REINDEX TABLE CONCURRENTLY annex.two;

-- form: truncate
TRUNCATE annex.two;

-- form: refresh a materialized view
REFRESH MATERIALIZED VIEW annex.store;

-- form: rewrite a table
ALTER TABLE annex.orphan ALTER id TYPE integer USING id + 1;

-- form: rows
INSERT INTO annex.orphan SELECT n, 'x' FROM generate_series(1, 100) n;
DELETE FROM annex.orphan WHERE id > 50;

-- form: next value of a sequence
SELECT nextval('annex.sequence');

-- form: restart of a sequence
ALTER SEQUENCE gmos_id_seq RESTART WITH 500;

-- form: temporary table
CREATE TEMPORARY TABLE mutant (id serial PRIMARY KEY, mode annex.mode);

-- form: temporary view
CREATE TEMPORARY VIEW mutant AS SELECT 1 AS one;

-- form: update of an extension
UPDATE pg_extension SET extversion = '99' WHERE extname = 'hstore';

-- form: grant of what is granted already
GRANT SELECT ON annex.one TO apache;
GRANT SELECT ON gmos TO apache;

-- form: grant and revoke
GRANT SELECT ON annex.orphan TO forms_role;
REVOKE SELECT ON annex.orphan FROM forms_role;

-- form: grant the owner its default
GRANT ALL ON annex.orphan TO fitsdata;

-- form: grant PUBLIC its default on a function
GRANT EXECUTE ON FUNCTION annex.function(integer, text) TO PUBLIC;

-- form: grant PUBLIC its default on a type
GRANT USAGE ON TYPE annex.pair TO PUBLIC;

-- form: grant PUBLIC its default on the database
GRANT CONNECT, TEMPORARY ON DATABASE [database] TO PUBLIC;

-- form: default privileges that are the default
ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata GRANT EXECUTE ON FUNCTIONS TO PUBLIC;

-- form: the same comment
COMMENT ON TABLE annex.one IS 'a comment';

-- form: an empty comment
COMMENT ON TABLE gmos IS '';

-- form: the default statistics target
ALTER TABLE gmos ALTER disperser SET STATISTICS -1;

-- form: the default storage
ALTER TABLE gmos ALTER disperser SET STORAGE EXTENDED;

-- form: the default compression from 14
ALTER TABLE gmos ALTER disperser SET COMPRESSION default;

-- form: the default replica identity
ALTER TABLE gmos REPLICA IDENTITY DEFAULT;

-- form: pg_attver
UPDATE pg_attribute SET attoptions = '{pg_attver=0/1234}' WHERE attrelid = 'gmos'::regclass AND attnum > 0;

-- form: the same owner
ALTER TABLE annex.orphan OWNER TO fitsdata;

-- form: options in another order
ALTER TABLE annex.options RESET (fillfactor);
ALTER TABLE annex.options SET (fillfactor = 70);

-- form: index dropped and created
DROP INDEX annex.one_note;
CREATE INDEX one_note ON annex.one (note);

-- form: column added and dropped
ALTER TABLE annex.orphan ADD mutant integer;
ALTER TABLE annex.orphan DROP mutant;

-- form: trigger disabled and enabled
ALTER TABLE annex.one DISABLE TRIGGER ALL;
ALTER TABLE annex.one ENABLE TRIGGER ALL;

-- form: view replaced by itself
CREATE OR REPLACE VIEW annex.view AS SELECT one.id, one.note FROM annex.one;

-- form: function replaced by itself
CREATE OR REPLACE FUNCTION annex.function(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql
	AS 'SELECT $1 + 1';

-- form: setting of a role everywhere
ALTER ROLE forms_role SET work_mem = '16MB';
ALTER ROLE forms_role RESET work_mem;

-- form: new role
CREATE ROLE forms_other;
DROP ROLE forms_other;


-- form: rows of the record
UPDATE fitsdb_schema.change SET build = build;
