# fitsdb-schema: migrations compiled into one static executable.
#
#   make deps           install what the build, the tests and the demo need (Debian packages)
#   make                build/fitsdb-schema
#   make check          the tests, on Debian's PostgreSQL
#   make demo           an upgrade of an old database, on a throwaway server
#   make help           every target
#
# This file builds the executable. tests/rules.mk has the tests and checks, docs/rules.mk the documents and packages.
# All output goes to $(BUILD).

# The archive's own settings, in one place. For another database:
#   make MIGRATIONS=DIR BUILD=DIR DATABASE=NAME
VERSION = 0.2.0
DATABASE = fitsdata
REPOSITORY_ID = Repository for FitsStorage migration
REPOSITORY_PATH = dbmigration
MIGRATIONS = migrations
SNAPSHOT = $(if $(archive),fitsdata.sql)
# Empty for another database's migrations: what is generated from those goes to their folder.
archive = $(filter $(realpath migrations),$(realpath $(MIGRATIONS)))
BUILD = build

# For the person who builds.
PREFIX = /usr/local
DESTDIR =
CFLAGS = -O2 -g
LDFLAGS =
# LINT=no: migrations may break the rules of lint.
LINT =
# DEVELOPER=1: warnings are errors. V=1: show the commands.
DEVELOPER =
V =

# The PostgreSQL whose libraries are linked in, and on whose server "make check" runs.
PG = 15
PG_BIN = /usr/lib/postgresql/$(PG)/bin

# How the executable is linked. "make asan" and other instrumented builds cannot be static.
link = -static-pie
# Compiler hardening. Instrumented builds turn it off: they find the same mistakes.
hardening = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection

SHELL = /bin/bash
.SHELLFLAGS = -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:

pg_include = /usr/include/postgresql
pg_server_include = $(pg_include)/$(PG)/server
pg_lib = /usr/lib/postgresql/$(PG)/lib

warnings = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wwrite-strings -Wformat=2 \
	-Wmissing-prototypes -Wstrict-prototypes -Wundef -Wvla -Wnull-dereference -Wduplicated-cond -Wlogical-op \
	$(if $(DEVELOPER),-Werror)
# No path of the build machine in the executable: the same sources make the same file in any folder.
paths = -ffile-prefix-map=$(abspath $(BUILD))=build -ffile-prefix-map=$(CURDIR)=.
compile = $(CC) -std=gnu11 $(warnings) $(hardening) $(paths) -fPIE -D_GNU_SOURCE -Isrc -MMD -MP

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $@)

sources = $(sort $(wildcard src/*/*.c))
objects = $(sources:src/%.c=$(BUILD)/src/%.o)
gen_objects = $(patsubst gen/%.c,$(BUILD)/gen/%.o,$(sort $(wildcard gen/*.c))) \
	$(patsubst %,$(BUILD)/src/%.o,base/sha256 history/lint_rule base/arena base/mem \
	schema/fact schema/fact_history schema/fact_run history/destructive base/utf8 history/sql_lexer plan/effects \
	plan/effects_recorded plan/lint plan/lint_text pg/lock_mode base/text base/printable base/mask)

.PHONY: all install
all: $(BUILD)/fitsdb-schema ## build the executable: build/fitsdb-schema (the default)

# --- the executable ---------------------------------------------------------------------------------------------------

# Each link makes a file of another name first, and moves it.
to_link = DEVELOPER=$(DEVELOPER) gen/link.sh
link_flags = $(CFLAGS) $(link) -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack $(LDFLAGS)
link_executable = $(to_link) --run=version $@ $(CC) $(link_flags)
linked_in = -l:libpq.a -L$(pg_lib) -lpgcommon -lpgport -lssl -lcrypto -ljansson
made = $(BUILD)/generated/history.o $(BUILD)/generated/libraries.o

$(BUILD)/fitsdb-schema: $(objects) $(made)
	$(call say,LINK)
	$(Q)$(link_executable) -Wl,-Map=$@.map $^ $(linked_in)

# The executable names the libraries that are linked in. A trial link finds them, and every symbol that is left without
# a definition. The generated symbols do not exist yet, so the trial link defines them as main.
$(BUILD)/generated/libraries.tsv: gen/libraries.sh gen/unresolved.sh $(objects) | $(BUILD)/generated
	$(call say,TRIAL)
	$(Q)$(to_link) $@.trial $(CC) $(link_flags) -Wl,--emit-relocs -Wl,-Map=$@.map \
		-Wl,--defsym=history=main,--defsym=history_tables=main,--defsym=libraries=main $(filter %.o,$^) $(linked_in)
	$(Q)$(if $(filter -static%,$(link)),gen/unresolved.sh $@.trial)
	$(Q)rm $@.trial
	$(Q)PATH=$(PG_BIN):$$PATH CC='$(CC)' $< $@.map >$@.new
	$(Q)mv $@.new $@

$(BUILD)/generated/libraries.c: $(BUILD)/generated/libraries.tsv
	$(call say,GENERATE)
	$(Q)awk -F'\t' 'BEGIN { print "/* Made by make from libraries.tsv. */\n#include \"history/libraries.h\"\n"; \
		print "const struct library libraries[] = {" } { printf "\t{\"%s\", \"%s\"},\n", $$1, $$2 } \
		END { print "\t{NULL, NULL}\n};" }' $< >$@.new
	$(Q)mv $@.new $@

# PostgreSQL's list of keywords.
$(BUILD)/src/schema/fact.o: private pg_headers = -isystem $(pg_server_include)
$(BUILD)/src/%.o: src/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(compile) -I$(pg_include) $(pg_headers) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The folders of "make install", by GNU's names.
prefix = $(PREFIX)
bindir = $(prefix)/bin
datarootdir = $(prefix)/share
datadir = $(datarootdir)
mandir = $(datarootdir)/man
docdir = $(datarootdir)/doc/fitsdb-schema
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
INSTALL = install

# $(call install_file,FILE,FOLDER,NAME): install a file of docs/, if this tree has it; NAME is optional.
install_file = $(if $(wildcard $1),$(INSTALL) -D -m 644 $1 $(DESTDIR)$2/$(or $3,$(notdir $1)))

install: $(BUILD)/fitsdb-schema ## install the executable, manual page, completions and examples (PREFIX, DESTDIR)
	$(INSTALL) -d $(DESTDIR)$(bindir)
	$(INSTALL) -s -m 755 $< $(DESTDIR)$(bindir)/fitsdb-schema
	$(call install_file,docs/fitsdb-schema.1,$(mandir)/man1)
	$(call install_file,docs/completion/fitsdb-schema.bash,$(bashcompletiondir),fitsdb-schema)
	$(call install_file,docs/completion/_fitsdb-schema,$(zshcompletiondir))
	$(if $(wildcard docs/deploy),$(INSTALL) -d $(DESTDIR)$(docdir)/examples)
	$(if $(wildcard docs/deploy),cp -R docs/deploy/. $(DESTDIR)$(docdir)/examples)

# --- build time: the migrations become C ------------------------------------------------------------------------------

$(BUILD)/gen/%.o: gen/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(compile) -Igen -isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include) \
		$(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/gen/generate: $(gen_objects)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(CFLAGS) -pie $(LDFLAGS) $^ -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport -lcrypto

# The other program of the build runs the migrations on a throwaway server, and reads what they do. It is made of the
# executable's objects, with the same migrations but without SCHEMA, which it writes.
measure_objects = $(patsubst gen/%.c,$(BUILD)/gen/%.o,gen/file.c gen/schema_sum.c $(sort $(wildcard gen/measure/*.c)))

$(BUILD)/gen/measure/rows.h: gen/measure/rows.sql
	$(call say,XXD)
	@mkdir -p $(@D)
	$(Q)xxd -i <$< >$@.new
	$(Q)mv $@.new $@

$(BUILD)/gen/measure/measurer.o: private CPPFLAGS += -I$(BUILD)/gen/measure
$(BUILD)/gen/measure/measurer.o: $(BUILD)/gen/measure/rows.h

# One for MIGRATIONS, and one for each of these folders in tests/histories. Of all but "owners" no other executable is
# made: the build would refuse what they do.
examples = lint_bad lint_good
measured = schema effects owners $(examples)
measure_programs = $(BUILD)/measure/measure $(measured:%=$(BUILD)/measure/%/measure)

$(measure_programs): %/measure: $(measure_objects) $(filter-out %/cli/main.o,$(objects)) %/history.o \
		$(BUILD)/generated/libraries.o
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(link_flags) $^ $(linked_in)

# A third program writes new migrations: from this build's latest schema to that of a database.
difference_objects = $(patsubst gen/%.c,$(BUILD)/gen/%.o,gen/file.c $(sort $(wildcard gen/difference/*.c)))

$(BUILD)/gen/difference/difference: $(difference_objects) $(filter-out %/cli/main.o,$(objects)) $(made)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(link_flags) $^ $(linked_in)

# The suites also run executables with other histories: one for each folder in tests/histories, and some with the first
# versions only (NAME-LAST: versions 0 to LAST), or with the SQL of release 0.1.0 (first_release-39). All are linked
# before a suite starts; tests/support/build.h finds them. Most suites run migrations-39 (tests/e2e/main.c).
histories = owners $(filter-out $(measured),$(patsubst tests/histories/%/000_base.sql,%, \
	$(wildcard tests/histories/*/000_base.sql))) steps-3 batches-4 releases-3 migrations-30 migrations-37 migrations-39 \
	first_release-39 consent-999
history_executables = $(histories:%=$(BUILD)/histories/%/fitsdb-schema)

$(history_executables): %/fitsdb-schema: $(objects) $(BUILD)/generated/libraries.o %/history.o
	$(call say,LINK)
	$(Q)$(link_executable) $^ $(linked_in)

# Each history has a folder for its generated files. `folder`, `snapshot` and `schema` are the sources of that
# history.
generated = $(BUILD)/generated $(measure_programs:%/measure=%) $(histories:%=$(BUILD)/histories/%)
folder = $(MIGRATIONS)
snapshot = $(SNAPSHOT)
schema = $(shell [ ! -f $(folder)/SCHEMA ] || echo $(folder)/SCHEMA)
no_lint = $(if $(filter no,$(LINT)),--no-lint)
history = $(notdir $(@D))
$(BUILD)/histories/% $(BUILD)/measure/%: private snapshot =
$(BUILD)/histories/%: private no_lint = --no-lint
$(BUILD)/measure/% $(BUILD)/histories/consent-999/%: private schema =
$(measured:%=$(BUILD)/measure/%/history.c) $(measured:%=$(BUILD)/measure/%/inputs) \
	$(measured:%=$(BUILD)/measure/%/arrays.h): private folder = tests/histories/$(history)
$(BUILD)/histories/%: private folder = $(if $(findstring -,$(history)),$(@D)/migrations,tests/histories/$(history))
$(BUILD)/histories/%: private copy_versions = $(if $(findstring -,$(history)),tests/first_versions.sh $(history) $(@D))

# "make -j schema docs": what is generated needs the new SCHEMA, and so do histories with its first versions.
$(BUILD)/generated/inputs $(histories:%=$(BUILD)/histories/%/inputs): | $(filter schema,$(MAKECMDGOALS))

# The inputs of the generated files: names, contents and settings. This file changes only if one of them does, so that
# make notices a migration that is added, edited, renamed or deleted, and does nothing otherwise. Regular files only:
# the generator refuses others.
$(generated:%=%/inputs): always
	@mkdir -p $(@D)
	@$(copy_versions)
	@{ echo '$(VERSION) $(DATABASE) $(REPOSITORY_ID) $(REPOSITORY_PATH) $(no_lint)'; \
	   cd $(folder) && find -L . -maxdepth 1 -name '[!.]*' $(if $(schema),,! -name SCHEMA) -type f -print0 | sort -z | xargs -0r sha256sum --; \
	   cd $(CURDIR); $(if $(snapshot),[ ! -f $(snapshot) ] || sha256sum -- $(snapshot);) } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(generated:%=%/history.c): %/history.c: $(BUILD)/gen/generate %/inputs
	$(call say,GENERATE)
	$(Q)$< --output=$@ --build-version='$(VERSION)' --database='$(DATABASE)' --repository-id='$(REPOSITORY_ID)' \
		--repository-path='$(REPOSITORY_PATH)' --folder-name='$(notdir $(folder:%/=%))' \
		$(if $(snapshot),--snapshot=$(snapshot)) $(if $(schema),--schema=$(schema)) $(no_lint) $(folder)

$(generated:%=%/arrays.h): %/arrays.h: gen/arrays.sh %/inputs %/history.c
	$(call say,XXD)
	$(Q)gen/arrays.sh $(folder) $(if $(snapshot),--snapshot $(snapshot)) $(if $(schema),--schema $(schema)) >$@.new
	$(Q)mv $@.new $@

$(generated:%=%/history.o): %/history.o: %/arrays.h
$(generated:%=%/history.o) $(BUILD)/generated/libraries.o: %.o: %.c
	$(call say,CC)
	$(Q)$(compile) -I$(@D) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

.PHONY: migration renumber seal schema schema-tests
# FROM: a database that has the schema that is wanted. RENAMED=yes: what may be renamed is, RENAMED=no: is not.
migration: $(if $(FROM),$(BUILD)/gen/difference/difference) ## make the next migration's file: NAME, or FROM=CONNINFO
	@$(if $(FROM),$< $(if $(NAME),--name='$(NAME)') \
		$(if $(filter yes,$(RENAMED)),--renamed) $(if $(filter no,$(RENAMED)),--not-renamed) "$$FROM" $(MIGRATIONS) && \
		echo 'Complete each TODO in these files. Then run "make schema docs" and "make check-migration".', \
		gen/new_migration.sh $(MIGRATIONS) '$(NAME)')

# Those that are neither sealed nor in the main branch. BASE: its name, if it is not main or master.
renumber: ## give this branch's migrations the next free numbers, and update migrations/SCHEMA (BASE=main)
	@gen/renumber.sh $(MIGRATIONS) '$(BASE)'
	@$(MAKE) --no-print-directory schema

# The build fails if a sealed migration changes.
seal: $(BUILD)/gen/generate ## seal the released migrations in migrations/SHA256SUMS
	$< --seal $(if $(schema),--schema=$(schema)) $(MIGRATIONS)

# SERVERS=all: on one server of each kind that prints definitions in its own way. (The targets of tests/rules.mk give
# each other their folder in that variable.) MEASURE_ALL=1: versions that have not changed, too.
schema: $(BUILD)/measure/measure ## write what each migration does to migrations/SCHEMA, and fitsdata.sql (SERVERS=all)
	$(if $(filter command%,$(origin SERVERS)),$(if $(filter-out all %/servers,$(SERVERS)), \
		$(error SERVERS can only be "all")))
	$(Q)env -u SERVERS TMPDIR=$(temporary) PG_BIN=$(PG_BIN) SNAPSHOT=$(SNAPSHOT) MEASURE_ALL=$(MEASURE_ALL) \
		gen/schema.sh $< $(MIGRATIONS) debian $(if $(filter all,$(SERVERS)),10 11 12 18)

schema-tests: $(measured:%=$(BUILD)/measure/%/measure) ## the same for folders in tests/histories, on all servers
	$(Q)for name in $(measured); do env -u SERVERS TMPDIR=$(temporary) PG_BIN=$(PG_BIN) MEASURE_ALL=1 \
		gen/schema.sh $(BUILD)/measure/$$name/measure tests/histories/$$name debian 10 11 12 18; done

# --- the machine ------------------------------------------------------------------------------------------------------

packages = gcc make git libc6-dev xxd pkg-config check libpq-dev postgresql-server-dev-$(PG) postgresql-$(PG) \
	postgresql-client-$(PG) libssl-dev libjansson-dev openssl npm python3 python3-migrate python3-psycopg2 pgbouncer \
	time zsh graphviz
# For lint, asan, valgrind, coverage and fuzz.
check_packages = mandoc clang clang-tidy libclang-rt-dev cppcheck shellcheck valgrind libc6-dbg
# For dist, deb, rpm, image, sbom, release, check-packages, check-elsewhere and check-deploy.
package_packages = debhelper dpkg-dev fakeroot jq rpm openssh-client lintian skopeo umoci debootstrap iproute2 \
	ansible-core systemd prometheus python3-prometheus-client python3-kubernetes docker-compose icinga2-bin
# The other tools, for bench-peers.
bench_packages = alembic sqitch libdbd-pg-perl

.PHONY: deps deps-check deps-packages deps-all deps-bench always clean help
deps: ## install the Debian packages that the build, make docs, the tests and the demo need
	tests/deps.sh $(packages)

deps-check: ## install those for lint, asan, valgrind, coverage and fuzz, too
	tests/deps.sh $(packages) $(check_packages)

deps-packages: ## install those for the packages and their checks, too
	tests/deps.sh $(packages) $(package_packages)

deps-all: ## install all of these and those for the packages, too
	tests/deps.sh $(packages) $(check_packages) $(package_packages)

deps-bench: ## install the tools that bench-peers compares with
	tests/deps.sh $(packages) $(bench_packages)

$(BUILD)/generated:
	$(Q)mkdir -p $@

always:

clean: ## remove all that was built
	rm -rf $(BUILD)

# A tree of the sources alone, without tests/ and docs/, builds the executable, too.
include $(wildcard tests/rules.mk docs/rules.mk)

# The text after "##" beside each target, file by file.
help: ## show this list
	@awk 'FNR == 1 { print (NR > 1 ? "\n" : "") FILENAME } \
		{ line = begun $$0; begun = "" } \
		sub(/\\$$/, "", line) { begun = line; next } \
		line ~ /^[a-z][a-z0-9.-]*:.* ## / { target = help = line; sub(/:.*/, "", target); sub(/.* ## /, "", help); \
			printf "  make %-19s %s\n", target, help }' $(filter Makefile %/rules.mk,$(MAKEFILE_LIST))

built_objects = $(objects) $(gen_objects) $(test_objects) $(measure_objects) $(difference_objects) $(made) \
	$(measure_programs:%/measure=%/history.o) $(histories:%=$(BUILD)/histories/%/history.o)
-include $(wildcard $(sort $(built_objects:.o=.d)))
