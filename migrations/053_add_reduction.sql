-- The reduction of a file: the software, the purpose and the result. Rows are added when files are ingested.

-- migrate:up
CREATE TABLE IF NOT EXISTS reduction (
	id                        serial PRIMARY KEY,
	header_id                 integer NOT NULL REFERENCES header (id),
	processing_intent         procmode,
	software_mode             procmode,
	software_used             text,
	software_version          text,
	processing_initiated_by   text,
	processing_reviewed_by    text,
	processing_review_outcome procmode,
	processing_level          integer,
	processing_tag            text
);
CREATE INDEX IF NOT EXISTS ix_reduction_header_id ON reduction (header_id);
CREATE INDEX IF NOT EXISTS ix_reduction_processing_intent ON reduction (processing_intent);
CREATE INDEX IF NOT EXISTS ix_reduction_processing_level ON reduction (processing_level);
-- migrate:down
DROP TABLE IF EXISTS reduction;
