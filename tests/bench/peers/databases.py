"""The databases that are measured on."""

from measure import Failed, run, sql

# All that the migrations make, and nothing that a tool has added for itself.
SCHEMA = r"""
SELECT md5(string_agg(line, chr(10) ORDER BY line COLLATE "C")), count(*) FROM (
	SELECT format('%s.%s %s %s %s', c.relname, a.attname, c.relkind, format_type(a.atttypid, a.atttypmod), a.attnotnull)
	FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
	WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
		AND c.relname ~ '(frame|note|recent)_\d'
	UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename ~ '^(frame|note)_\d'
	UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
		WHERE conrelid::regclass::text ~ '^(frame|note)_\d'
	UNION ALL SELECT format('%s %s', enumtypid::regtype, enumlabel) FROM pg_enum
) s (line)
"""


class Databases:
    """For each tool one, made anew from its template for each measurement."""

    def __init__(self, tools):
        self.names = {tool: f"bench_{number}" for number, tool in enumerate(tools)}
        for tool, name in self.names.items():
            sql(f"DROP DATABASE IF EXISTS {name};\nDROP DATABASE IF EXISTS {name}_begun;\n"
                f"DROP DATABASE IF EXISTS {name}_done;\nCREATE DATABASE {name}_begun OWNER fitsdata;\n")
            tool.begin(f"{name}_begun")

    def fresh(self, tool, template="begun"):
        """Nothing of the history is in it, or ("done") all; its caches are warm, and its pages are written out."""
        name = self.names[tool]
        sql(f"DROP DATABASE IF EXISTS {name};\nCREATE DATABASE {name} OWNER fitsdata TEMPLATE {name}_{template};\n")
        sql("CHECKPOINT;\n", name)

    def run(self, tool, command):
        """One of the tool's commands, by its name."""
        name = self.names[tool]
        return run(getattr(tool, command)(name), tool.environment(name))

    def upgrade(self, tool):
        self.fresh(tool)
        return self.run(tool, "upgrade")

    def keep(self):
        """Each as the last upgrade has left it: what downgrade() begins with."""
        for name in self.names.values():
            sql(f"CREATE DATABASE {name}_done OWNER fitsdata TEMPLATE {name};\n")

    def downgrade(self, tool):
        self.fresh(tool, "done")
        return self.run(tool, "downgrade")

    def compare(self, tools):
        """All tools must have led to the same schema."""
        schemas = {tool.name: sql(SCHEMA, self.names[tool]) for tool in tools}
        if len(set(schemas.values())) != 1:
            raise Failed(f"the schemas differ: {schemas}")
