# fitsdb-schema: migrations compiled into one static executable.
#
#   make deps           install what the build, the tests and the demo need (Debian packages)
#   make                build/fitsdb-schema
#   make check          the tests, on Debian's PostgreSQL
#   make demo           the main job, on a throwaway server
#
# Everything that is made goes to $(BUILD). `make help` lists the rest.

# What is the archive's own, in one place. For another database:
#   make MIGRATIONS=DIR BUILD=DIR DATABASE=NAME
VERSION = 0.1.0
DATABASE = fitsdata
REPOSITORY_ID = Repository for FitsStorage migration
REPOSITORY_PATH = dbmigration
MIGRATIONS = migrations
SNAPSHOT = $(if $(filter migrations,$(MIGRATIONS)),fitsdata.sql)
BUILD = build

# What belongs to whoever builds.
PREFIX = /usr/local
DESTDIR =
CFLAGS = -O2 -g
LDFLAGS =
# DEVELOPER=1: warnings are errors. V=1: show the commands.
DEVELOPER =
V =

# The PostgreSQL whose libraries are linked in, and on whose server "make check" runs.
PG = 15
PG_BIN = /usr/lib/postgresql/$(PG)/bin

# Where the packages of the other servers are kept.
SERVERS ?= $(BUILD)/servers

# How the executable is linked. The builds that "make asan" and its like run cannot be static.
link = -static-pie
# What the compiler adds against the mistakes that those would find.
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
# No path of the build's machine in the executable: the same sources make the same file in any folder.
paths = -ffile-prefix-map=$(abspath $(BUILD))=build -ffile-prefix-map=$(CURDIR)=.
compile = $(CC) -std=gnu11 $(warnings) $(hardening) $(paths) -fPIE -D_GNU_SOURCE -Isrc -MMD -MP

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $@)

sources = $(sort $(wildcard src/*/*.c))
objects = $(sources:src/%.c=$(BUILD)/src/%.o)
gen_objects = $(patsubst gen/%.c,$(BUILD)/gen/%.o,$(sort $(wildcard gen/*.c))) \
	$(patsubst %,$(BUILD)/src/%.o,base/sha256 history/lint_rule base/mem history/destructive base/utf8 history/sql_lexer)

.PHONY: all
all: $(BUILD)/fitsdb-schema

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

# The executable names the libraries that are linked in. A link on trial finds out which those are, and whether a symbol
# is left without a definition; what is generated has another name there for something that exists already.
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

$(BUILD)/src/%.o: src/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(compile) -I$(pg_include) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- build time: the migrations become C ------------------------------------------------------------------------------

$(BUILD)/gen/%.o: gen/%.c | $(BUILD)/gen
	$(call say,CC)
	$(Q)$(compile) -Igen -isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include) \
		$(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/gen/generate: $(gen_objects)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(CFLAGS) -pie $(LDFLAGS) $^ -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport -lcrypto

# The histories that suites run besides: each folder of migrations in tests/e2e, and the first versions of some
# (NAME-LAST: 0 to LAST). All are linked before a suite starts; tests/support/build.h finds them.
histories = $(patsubst tests/e2e/%/000_base.sql,%,$(wildcard tests/e2e/*/000_base.sql)) \
	steps-3 batches-4 migrations-37
history_executables = $(histories:%=$(BUILD)/histories/%/fitsdb-schema)

# What is generated has a folder for each; which folder it is made from, and with which snapshot.
generated = $(BUILD)/generated $(histories:%=$(BUILD)/histories/%)
folder = $(MIGRATIONS)
snapshot = $(SNAPSHOT)
history = $(notdir $(@D))
$(BUILD)/histories/%: private snapshot =
$(BUILD)/histories/%: private folder = $(if $(findstring -,$(history)),$(@D)/migrations,tests/e2e/$(history))
$(BUILD)/histories/%: private copy_versions = $(if $(findstring -,$(history)),tests/first_versions.sh $(history) $(@D))

# What the generated files are made of: names, contents and settings. It changes only when one of them does, so that a
# migration that is added, edited, renamed or deleted is noticed, and nothing else makes work. Only of regular files:
# the generator refuses others.
$(generated:%=%/inputs): always
	@mkdir -p $(@D)
	@$(copy_versions)
	@{ echo '$(VERSION) $(DATABASE) $(REPOSITORY_ID) $(REPOSITORY_PATH)'; \
	   cd $(folder) && find -L . -maxdepth 1 -name '[!.]*' -type f -print0 | sort -z | xargs -0r sha256sum --; \
	   cd $(CURDIR); $(if $(snapshot),[ ! -f $(snapshot) ] || sha256sum -- $(snapshot);) } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(generated:%=%/history.c): %/history.c: $(BUILD)/gen/generate %/inputs
	$(call say,GENERATE)
	$(Q)$< --output=$@ --build-version='$(VERSION)' --database='$(DATABASE)' --repository-id='$(REPOSITORY_ID)' \
		--repository-path='$(REPOSITORY_PATH)' --folder-name='$(notdir $(folder:%/=%))' \
		$(if $(snapshot),--snapshot=$(snapshot)) $(folder)

$(generated:%=%/arrays.h): %/arrays.h: gen/arrays.sh %/inputs %/history.c
	$(call say,XXD)
	$(Q)gen/arrays.sh $(folder) $(snapshot) >$@.new
	$(Q)mv $@.new $@

$(generated:%=%/history.o): %/history.o: %/arrays.h
$(generated:%=%/history.o) $(BUILD)/generated/libraries.o: %.o: %.c
	$(call say,CC)
	$(Q)$(compile) -I$(@D) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The loop of who writes a migration: the next file, and just that up, down and up on a throwaway server.
.PHONY: migration check-migration
migration:
	@gen/new_migration.sh $(MIGRATIONS) '$(NAME)'

check-migration: $(BUILD)/fitsdb-schema
	$(Q)TMPDIR=$(scratch) PG_BIN=$(PG_BIN) tests/throwaway.sh tests/check_migration.sh $<

# Released migrations are sealed: the build fails when one of them changes.
.PHONY: seal
seal: $(BUILD)/gen/generate
	$< --seal $(MIGRATIONS)

# The latest schema in one script, made from the migrations on a throwaway server.
.PHONY: fitsdata.sql
fitsdata.sql:
	+$(Q)$(MAKE) --no-print-directory SNAPSHOT= BUILD=$(BUILD)/without-snapshot
	$(Q)PG_BIN=$(PG_BIN) tests/throwaway.sh gen/snapshot.sh $(BUILD)/without-snapshot/fitsdb-schema >$@.new
	$(Q)if cmp -s $@.new $@; then rm $@.new; echo "$@ is up to date"; else mv $@.new $@; echo "$@ is made anew"; fi

# The latest schema as a picture. Graphviz may draw the same diagram in another way tomorrow, so that it is drawn anew
# only where the diagram is another one: the picture says at its end which one it was made from.
.PHONY: docs
docs: $(BUILD)/fitsdb-schema
	$(Q)PG_BIN=$(PG_BIN) tests/throwaway.sh $< diagram >$(BUILD)/schema.dot
	$(Q)sum=$$(sha256sum <$(BUILD)/schema.dot | cut -c 1-64); \
	if grep -qs "$$sum" docs/schema.svg; then echo 'docs/schema.svg is up to date'; else \
		dot -Tsvg $(BUILD)/schema.dot >$(BUILD)/schema.svg; \
		echo "<!-- SHA-256 of what \"fitsdb-schema diagram\" prints: $$sum -->" >>$(BUILD)/schema.svg; \
		mv $(BUILD)/schema.svg docs/schema.svg; echo 'docs/schema.svg is made anew'; fi

# --- tests ------------------------------------------------------------------------------------------------------------

test_sources = $(sort $(wildcard tests/*/*.c))
test_objects = $(test_sources:tests/%.c=$(BUILD)/tests/%.o)
unit_objects = $(filter $(BUILD)/tests/unit/%,$(test_objects)) \
	$(filter-out %/main.o,$(objects) $(gen_objects)) $(made)
# Of the program, what the suite "mutations" calls a thousand times.
e2e_objects = $(filter $(BUILD)/tests/e2e/% $(BUILD)/tests/support/%,$(test_objects)) \
	$(addprefix $(BUILD)/src/,schema/catalog.o base/sha256.o pg/connection.o pg/conninfo.o pg/prepared.o \
	pg/pipeline.o schema/diff.o schema/diff_text.o base/clock.o base/mask.o base/mem.o pg/pooler.o \
	base/printable.o base/prompt.o pg/connect_hint.o base/report.o pg/session.o pg/settings.o schema/repair_sql.o \
	base/signals.o base/did_you_mean.o base/utf8.o base/text.o)

# What the archive's operators do; what is in the way of a run: other sessions, roles, poolers, a lack of this or that,
# answers that are wrong; and faults at each message.
suites = $(matrix_suites) support usage manual terminal network conninfo binary
matrix_suites = schema adopt verify identify plan shadow lint loss consent locks batch batch_stops commands apply \
	commit settings prepared half_way roles backfill mutations old_build oddities waits diagram dbmate
hostile_suites = foreign crowd handover privileges hijack pooler standby outage exhaustion memory streams secrets \
	signals garble
fault_suites = faults_init faults_upgrade faults_downgrade faults_rows

$(history_executables): %/fitsdb-schema: $(objects) $(BUILD)/generated/libraries.o %/history.o
	$(call say,LINK)
	$(Q)$(link_executable) $^ $(linked_in)

# What stands before the commands.
unit_with =
e2e_with =

# Throwaway servers are kept in memory, where there is enough of it.
scratch := $(or $(TMPDIR),$(shell [ -w /dev/shm ] && df --output=avail -k /dev/shm | \
	awk 'NR > 1 && $$1 > 4000000 { print "/dev/shm" }'),/tmp)
on_servers = TMPDIR=$(scratch) PG_BIN=$(PG_BIN) FITSDB_SCHEMA=$(BUILD)/fitsdb-schema SERVERS=$(SERVERS)

.PHONY: tests check check-unit check-e2e check-hostile check-matrix check-faults check-load check-mutations \
	check-completion check-make check-reproducible lint-migrations
tests: $(BUILD)/unit-tests $(BUILD)/gen/generate $(BUILD)/e2e-tests $(BUILD)/fitsdb-schema $(history_executables) \
	$(if $(filter memory,$(hostile_suites)),$(BUILD)/fitsdb-schema-oom)

check: tests check-unit lint-migrations check-e2e check-hostile check-completion check-make check-reproducible
check-e2e check-hostile check-matrix check-faults check-load check-mutations: tests

check-unit: $(BUILD)/unit-tests $(BUILD)/gen/generate
	GENERATE=$(BUILD)/gen/generate $(unit_with) $(BUILD)/unit-tests

# What would hurt a live archive, and does not say why: each migration is run and measured.
lint-migrations: $(BUILD)/fitsdb-schema
	$(on_servers) tests/throwaway.sh bash -eu -c '"$$1" --quiet stamp 0; "$$1" plan --lint' - $<

check-e2e:
	MATRIX=debian $(on_servers) $(e2e_with) tests/matrix.sh $(BUILD)/e2e-tests $(suites)

# Of the faults, one message in 200 (see check-faults).
check-hostile:
	MATRIX=debian $(on_servers) $(e2e_with) tests/matrix.sh $(BUILD)/e2e-tests $(fault_suites) $(hostile_suites)

# On every other PostgreSQL there is a package of, as far as the server's version can matter: matrix_servers, and those
# for what is in the way of a run (HIJACK: every planted object with every command). CI has not the time for all of it.
matrix_servers = $(shell tests/servers.sh versions)
hostile_servers = 10 18

check-matrix:
	MATRIX='$(matrix_servers)' $(on_servers) tests/matrix.sh $(BUILD)/e2e-tests $(matrix_suites)
	$(if $(hostile_servers),HIJACK=all MATRIX='$(hostile_servers)' $(on_servers) tests/matrix.sh $(BUILD)/e2e-tests \
		$(filter-out memory streams,$(hostile_suites)))

# Faults at one in so many messages (1: every one, which takes hours), and an archive at full speed during an upgrade.
FAULTS = 1
hard_servers = 10 debian 18

check-faults:
	FAULTS=$(FAULTS) MATRIX='$(hard_servers)' $(on_servers) tests/matrix.sh $(BUILD)/e2e-tests $(fault_suites)

check-load:
	for server in $(hard_servers); do MATRIX=$$server $(on_servers) tests/matrix.sh $(BUILD)/e2e-tests load; done

# Something in the schema is changed by chance, so often ("check" does it a hundred times), on each server.
MUTATIONS = 1000

check-mutations:
	MUTATIONS=$(MUTATIONS) $(on_servers) tests/matrix.sh $(BUILD)/e2e-tests mutations

# What docs/completion makes of a command line.
check-completion: $(BUILD)/fitsdb-schema
	tests/completion.sh $(BUILD)

# What make notices, and what it refuses to link.
check-make: $(BUILD)/fitsdb-schema
	+tests/make.sh $(BUILD)

# The same sources make the same file, byte for byte, in any folder.
check-reproducible:
	tests/reproducible.sh

$(BUILD)/unit-tests: $(unit_objects)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(CFLAGS) $(LDFLAGS) $^ -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport -lssl -lcrypto \
		-ljansson $(check_libs)

$(BUILD)/e2e-tests: $(e2e_objects)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(CFLAGS) $(LDFLAGS) $^ -lpq -ljansson -lcrypto $(check_libs)

# The executable again, in which any one allocation can be made to fail: for the suite "memory".
$(BUILD)/fitsdb-schema-oom: $(BUILD)/tests/oom/fail.o $(objects) $(made)
	$(call say,LINK)
	$(Q)$(link_executable) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=posix_memalign \
		-Wl,--wrap=__nss_configure_lookup $^ $(linked_in)

check_libs = $(shell pkg-config --libs check)

$(BUILD)/tests/%.o: tests/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(compile) -Igen -Itests/support -isystem $(pg_include) -isystem $(pg_include)/internal \
		-isystem $(pg_server_include) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- the rest of the checks: make check-all ---------------------------------------------------------------------------

# Everything there is, one after the other.
all_checks = check check-packages check-deploy check-elsewhere check-matrix lint asan valgrind coverage fuzz \
	check-mutations check-load check-faults

.PHONY: check-all lint asan valgrind coverage fuzz
check-all:
	+$(Q)for target in $(all_checks); do $(MAKE) --no-print-directory $$target; done

# What the checkers have to know of a source; each looks at one file at a time (clang-tidy 14 mistakes va_lists when it
# reads several).
checked = $(sources) $(sort $(wildcard gen/*.c)) $(test_sources)
checked_with = -std=gnu11 -D_GNU_SOURCE -Isrc -Igen -Itests/support -Itests/fuzz
pg_includes = -isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include)

lint:
	shellcheck .ci/run gen/*.sh tests/*.sh tests/*/*.sh docs/completion/*.bash docs/deploy/*.sh
	mandoc -Tlint -W warning docs/fitsdb-schema.1
	cppcheck --quiet --std=c11 --enable=warning,style,performance,portability --inline-suppr --error-exitcode=1 \
		--library=gnu,posix,tests/cppcheck.cfg -D_GNU_SOURCE -Isrc -Igen -Itests/support -Itests/fuzz $(checked)
	printf '%s\n' $(checked) | xargs -P 2 -I{} $(CC) $(checked_with) $(pg_includes) -O2 -Wall -Wextra -Werror \
		-fanalyzer -c -o /dev/null {}
	printf '%s\n' $(checked) | xargs -P 2 -I{} clang-tidy --quiet {} -- $(checked_with) $(pg_includes)

# A build of its own for each checker, and the tests on it, but for those that are about how the executable is linked.
other_build = +$(Q)CK_EXCLUDE_TAGS=static $(MAKE) --no-print-directory BUILD=$(BUILD)/$@ SERVERS=$(SERVERS) DEVELOPER= \
	hardening= link=-pie
sanitizers = -fsanitize=address,undefined -fno-sanitize-recover=all

# What a checker has to say goes to a file in $(reports), so that nothing of it is lost in what a test expects.
reports = $(abspath $(BUILD))/$@/reports
clear_reports = $(Q)rm -rf $(reports) && mkdir -p $(reports)
end_reports = || status=1; if find $(reports) -type f -exec cat {} + | grep .; then status=1; fi; exit $${status:-0}

asan: export ASAN_OPTIONS = exitcode=99:detect_leaks=1:detect_stack_use_after_return=1:log_path=$(reports)/asan
asan: export UBSAN_OPTIONS = exitcode=99:print_stacktrace=1:log_path=$(reports)/ubsan
asan:
	$(clear_reports)
	$(other_build) CFLAGS='-O1 -g -fno-omit-frame-pointer $(sanitizers)' unit_with='CK_FORK=no' \
		e2e_with='CK_TIMEOUT_MULTIPLIER=4' \
		hostile_suites='$(filter-out memory,$(hostile_suites))' fault_suites= \
		check-unit check-e2e check-hostile $(end_reports)

# Every run of the program, and of the unit tests, is one of valgrind's, and may take longer. Left out is what runs the
# same code with more migrations, and what is about other programs.
valgrind: export VALGRIND_OPTS = --log-file=$(reports)/%p
valgrind:
	$(clear_reports)
	$(other_build) CFLAGS='-O1 -g' unit_with='CK_FORK=no tests/valgrind.sh' \
		e2e_with='CK_TIMEOUT_MULTIPLIER=10 TOOL_UNDER=tests/valgrind.sh' \
		suites='$(filter-out support schema adopt identify mutations binary dbmate,$(suites)) handover privileges' \
		check-unit check-e2e $(end_reports)

# tests/coverage.txt says why the lines that are left are. Not suite memory: what counts the lines wants memory itself.
coverage:
	rm -rf $(BUILD)/$@
	$(other_build) CFLAGS='-O0 -g --coverage' hostile_suites='$(filter-out memory,$(hostile_suites))' fault_suites= \
		check-unit check-e2e check-hostile
	tests/coverage.sh $(BUILD)/$@ 90

# libFuzzer on what reads bytes; for each target so many seconds. What it finds goes to $(BUILD)/fuzz.
FUZZ_TIME = 60
fuzz_targets = generator options record

fuzz: $(fuzz_targets:%=$(BUILD)/fuzz/%) $(BUILD)/unit-tests $(BUILD)/gen/generate
	UNIT_TESTS=$(BUILD)/unit-tests GENERATE=$(BUILD)/gen/generate \
		tests/fuzz.sh $(BUILD)/fuzz $(FUZZ_TIME) $(fuzz_targets)

$(BUILD)/fuzz/generator: $(filter-out gen/main.c,$(sort $(wildcard gen/*.c))) \
	src/history/destructive.c src/history/lint_rule.c src/history/sql_lexer.c src/base/mem.c src/base/sha256.c \
	src/base/utf8.c
$(BUILD)/fuzz/options: src/cli/options.c src/base/report.c src/base/did_you_mean.c src/base/text.c src/base/mem.c \
	src/base/mask.c src/base/printable.c src/base/utf8.c \
	$(BUILD)/generated/history.o
$(BUILD)/fuzz/record: src/history/statement_list.c src/history/destructive.c src/history/sql_lexer.c src/base/json.c \
	src/base/report.c src/base/text.c src/base/mem.c src/base/mask.c src/base/printable.c src/base/utf8.c
$(BUILD)/fuzz/%: tests/fuzz/%.c $(wildcard tests/fuzz/*.h src/*/*.h gen/*.h) | $(BUILD)/fuzz
	$(call say,FUZZER)
	$(Q)$(to_link) $@ clang $(checked_with) $(pg_includes) -Wall -Wextra -Werror -O1 -g -fno-omit-frame-pointer \
		$(sanitizers) -fsanitize=fuzzer $(filter %.c %.o,$^) -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport \
		-lcrypto -ljansson

.PHONY: demo bench bench-peers
demo: $(BUILD)/fitsdb-schema
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/demo.sh $(BUILD)/fitsdb-schema

bench: $(BUILD)/fitsdb-schema $(BUILD)/floor
	PG_BIN=$(PG_BIN) FSYNC=on tests/throwaway.sh tests/bench.sh $(BUILD)

# Half an hour, and what docs/speed.md has: against other tools, for up to 3,000 migrations. After make deps-bench.
bench-peers: $(BUILD)/floor
	PG_BIN=$(PG_BIN) SERVERS=$(SERVERS) tests/bench/peers.sh $(BUILD)

# What status is measured against: a minimal program on the same libraries.
$(BUILD)/floor: tests/bench/floor.c $(BUILD)/src/pg/static_stubs.o
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) -std=gnu11 -O2 -static-pie -I$(pg_include) $^ -lpq -L$(pg_lib) -lpgcommon -lpgport \
		-lssl -lcrypto

# --- packages ---------------------------------------------------------------------------------------------------------

# Where "make install" puts things, by GNU's names.
prefix = $(PREFIX)
bindir = $(prefix)/bin
datarootdir = $(prefix)/share
datadir = $(datarootdir)
mandir = $(datarootdir)/man
docdir = $(datarootdir)/doc/fitsdb-schema
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
INSTALL = install

# What is for people to read, or for their shells, where this tree has it: file, folder, and perhaps another name.
install_file = $(if $(wildcard $1),$(INSTALL) -D -m 644 $1 $(DESTDIR)$2/$(or $3,$(notdir $1)))

.PHONY: install dist deb sbom check-packages check-deploy check-elsewhere
install: $(BUILD)/fitsdb-schema
	$(INSTALL) -d $(DESTDIR)$(bindir)
	$(INSTALL) -s -m 755 $< $(DESTDIR)$(bindir)/fitsdb-schema
	$(call install_file,docs/fitsdb-schema.1,$(mandir)/man1)
	$(call install_file,docs/completion/fitsdb-schema.bash,$(bashcompletiondir),fitsdb-schema)
	$(call install_file,docs/completion/_fitsdb-schema,$(zshcompletiondir))
	$(if $(wildcard docs/deploy),$(INSTALL) -d $(DESTDIR)$(docdir)/examples)
	$(if $(wildcard docs/deploy),cp -R docs/deploy/. $(DESTDIR)$(docdir)/examples)

release = fitsdb-schema-$(VERSION)

# The sources as they are committed.
dist: | $(BUILD)/generated
	$(Q)[ "$$(git rev-parse --show-toplevel 2>/dev/null)" = '$(realpath .)' ] || \
		{ echo 'dist: this is not a git checkout of the project, which the tarball is made from' >&2; exit 1; }
	$(Q)git diff --quiet HEAD || echo 'dist: what is not committed is left out' >&2
	$(Q)git -c tar.umask=0022 archive --format=tar --prefix=$(release)/ HEAD | gzip -n -9 >$(BUILD)/$(release).tar.gz
	$(Q)echo $(BUILD)/$(release).tar.gz

# The sources as they are here, with debian/ where Debian's tools look for it.
deb: | $(BUILD)/generated
	$(Q)rm -rf $(BUILD)/deb
	$(Q)mkdir -p $(BUILD)/deb/$(release)
	$(Q)tar -c --exclude=./$(BUILD) --exclude=./build --exclude=./.git . | tar -x -C $(BUILD)/deb/$(release)
	$(Q)cp -R docs/debian $(BUILD)/deb/$(release)/
	$(Q)sed -i 's/@VERSION@/$(VERSION)/' $(BUILD)/deb/$(release)/debian/changelog
	$(Q)cd $(BUILD)/deb/$(release) && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -b -us -uc
	$(Q)mv $(BUILD)/deb/*.deb $(BUILD)/

# What is in the executable, for whoever has to know which of the libraries' faults concern it.
sbom: $(BUILD)/fitsdb-schema.cdx.json
$(BUILD)/fitsdb-schema.cdx.json: gen/sbom.sh $(BUILD)/fitsdb-schema $(BUILD)/generated/libraries.tsv
	$(call say,SBOM)
	$(Q)$< $(BUILD)/fitsdb-schema $(VERSION) $(BUILD)/generated/libraries.tsv >$@.new
	$(Q)mv $@.new $@

check-packages: $(BUILD)/fitsdb-schema $(BUILD)/fitsdb-schema.cdx.json
	PATH=$(PG_BIN):$$PATH tests/libraries.sh $(BUILD)
	+tests/packages.sh $(BUILD)

# docs/deploy, and the commands of the pages that say how to come here and to go back, on a throwaway server. As root.
check-deploy: $(BUILD)/fitsdb-schema $(BUILD)/histories/migrations-37/fitsdb-schema
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/deploy.sh $(BUILD)

# As root.
check-elsewhere: $(BUILD)/fitsdb-schema deb
	TMPDIR=$(scratch) PG_BIN=$(PG_BIN) tests/elsewhere.sh $(BUILD)

# --- the machine ------------------------------------------------------------------------------------------------------

packages = gcc make libc6-dev xxd pkg-config check libpq-dev postgresql-server-dev-$(PG) postgresql-$(PG) \
	postgresql-client-$(PG) libssl-dev libjansson-dev openssl npm python3 python3-migrate python3-psycopg2 pgbouncer \
	time zsh

# What docs, lint, asan, valgrind, coverage and fuzz need besides.
check_packages = graphviz mandoc clang clang-tidy libclang-rt-dev cppcheck shellcheck valgrind libc6-dbg

# And what dist, deb, sbom, check-packages, check-elsewhere and check-deploy do.
package_packages = git debhelper dpkg-dev fakeroot jq lintian debootstrap iproute2 ansible-core systemd \
	python3-prometheus-client

# The other tools, for bench-peers.
bench_packages = alembic sqitch libdbd-pg-perl

.PHONY: deps deps-check deps-all deps-bench
deps:
	tests/deps.sh $(packages)

deps-check:
	tests/deps.sh $(packages) $(check_packages)

deps-all:
	tests/deps.sh $(packages) $(check_packages) $(package_packages)

deps-bench:
	tests/deps.sh $(packages) $(bench_packages)

$(BUILD)/gen $(BUILD)/generated $(BUILD)/fuzz:
	$(Q)mkdir -p $@

.PHONY: always clean help
always:

clean:
	rm -rf $(BUILD)

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))
	@echo 'also: migration (NAME=name) check-migration seal fitsdata.sql docs lint-migrations check-unit check-e2e'
	@echo '      check-hostile check-matrix check-make check-reproducible check-faults check-load check-mutations bench'
	@echo '      clean install dist deb sbom check-packages check-deploy check-elsewhere bench-peers'
	@echo 'more: lint asan valgrind coverage fuzz (FUZZ_TIME=seconds), all of them: check-all; deps-all has what they'
	@echo '      need'

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/src/*/*.d $(BUILD)/tests/*/*.d $(BUILD)/histories/*/*.d)
