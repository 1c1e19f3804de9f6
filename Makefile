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
hardening = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection
# No path of the build's machine in the executable: the same sources make the same file in any folder.
paths = -ffile-prefix-map=$(abspath $(BUILD))=build -ffile-prefix-map=$(CURDIR)=.
compile = $(CC) -std=gnu11 $(warnings) $(hardening) $(paths) -fPIE -D_GNU_SOURCE -Isrc -MMD -MP

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $@)

sources = $(sort $(wildcard src/*.c))
objects = $(sources:src/%.c=$(BUILD)/src/%.o)
gen_objects = $(patsubst gen/%.c,$(BUILD)/gen/%.o,$(sort $(wildcard gen/*.c))) $(BUILD)/src/checksum.o $(BUILD)/src/mem.o

.PHONY: all
all: $(BUILD)/fitsdb-schema

# --- the executable ---------------------------------------------------------------------------------------------------

# The linker warns of getaddrinfo and getpwuid, which may load the host's NSS modules in a static program; db.c keeps
# them to the ones that glibc has built in, hence --no-warnings.
$(BUILD)/fitsdb-schema: $(objects) $(BUILD)/generated/history.o
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -static-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--no-warnings $(LDFLAGS) -o $@ $^ \
		-lpq -L$(pg_lib) -lpgcommon -lpgport -lssl -lcrypto -ljansson

$(BUILD)/src/%.o: src/%.c | $(BUILD)/src
	$(call say,CC)
	$(Q)$(compile) -I$(pg_include) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- build time: the migrations become C --------------------------------------------------------------------------------

$(BUILD)/gen/%.o: gen/%.c | $(BUILD)/gen
	$(call say,CC)
	$(Q)$(compile) -Igen -isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include) \
		$(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/gen/generate: $(gen_objects)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -pie $(LDFLAGS) -o $@ $^ -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport -lcrypto

# What the generated files are made of: names, contents and settings. It changes only when one of them does, so that a
# migration that is added, edited, renamed or deleted is noticed, and nothing else makes work.
$(BUILD)/generated/inputs: always | $(BUILD)/generated
	@{ echo '$(VERSION) $(DATABASE) $(REPOSITORY_ID) $(REPOSITORY_PATH)'; \
	   cd $(MIGRATIONS) && sha256sum -- *; cd $(CURDIR); $(if $(SNAPSHOT),sha256sum -- $(SNAPSHOT);) } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/generated/history.c: $(BUILD)/gen/generate $(BUILD)/generated/inputs
	$(call say,GENERATE)
	$(Q)$< --output=$@ --build-version='$(VERSION)' --database='$(DATABASE)' --repository-id='$(REPOSITORY_ID)' \
		--repository-path='$(REPOSITORY_PATH)' --folder-name='$(notdir $(MIGRATIONS:%/=%))' $(if $(SNAPSHOT),--snapshot=$(SNAPSHOT)) $(MIGRATIONS)

$(BUILD)/generated/arrays.h: gen/arrays.sh $(BUILD)/generated/inputs $(BUILD)/generated/history.c
	$(call say,XXD)
	$(Q)gen/arrays.sh $(MIGRATIONS) $(SNAPSHOT) >$@.new
	$(Q)mv $@.new $@

$(BUILD)/generated/history.o: $(BUILD)/generated/history.c $(BUILD)/generated/arrays.h
	$(call say,CC)
	$(Q)$(compile) -I$(BUILD)/generated $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

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

# --- tests --------------------------------------------------------------------------------------------------------------

test_sources = $(sort $(wildcard tests/*/*.c))
test_objects = $(test_sources:tests/%.c=$(BUILD)/tests/%.o)
unit_objects = $(filter $(BUILD)/tests/unit/%,$(test_objects)) \
	$(filter-out %/main.o,$(objects) $(gen_objects)) $(BUILD)/generated/history.o
e2e_objects = $(filter $(BUILD)/tests/e2e/% $(BUILD)/tests/support/%,$(test_objects)) $(BUILD)/src/mem.o $(BUILD)/src/checksum.o

.PHONY: check check-unit check-e2e check-matrix check-reproducible
check: check-unit check-e2e check-reproducible

check-unit: $(BUILD)/unit-tests $(BUILD)/gen/generate
	GENERATE=$(BUILD)/gen/generate $(BUILD)/unit-tests

check-e2e: $(BUILD)/e2e-tests $(BUILD)/fitsdb-schema $(BUILD)/fitsdb-schema-oom
	PG_BIN=$(PG_BIN) FITSDB_SCHEMA=$(BUILD)/fitsdb-schema SERVERS=$(BUILD)/servers \
		tests/servers.sh run dbmate $(BUILD)/e2e-tests

# The end-to-end tests on every other PostgreSQL there is a package of, as far as the server's version can matter.
matrix_suites = schema adopt commands locks apply half_way roles privileges oddities dbmate

check-matrix: $(BUILD)/e2e-tests $(BUILD)/fitsdb-schema
	FITSDB_SCHEMA=$(BUILD)/fitsdb-schema SERVERS=$(BUILD)/servers tests/matrix.sh $(BUILD)/e2e-tests $(matrix_suites)

# The same sources make the same file, byte for byte, in any folder.
check-reproducible:
	tests/reproducible.sh

$(BUILD)/unit-tests: $(unit_objects)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport -lssl -lcrypto -ljansson \
		$(check_libs)

$(BUILD)/e2e-tests: $(e2e_objects)
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpq -ljansson -lcrypto $(check_libs)

# The executable again, in which any one allocation can be made to fail: for the suite "memory".
$(BUILD)/fitsdb-schema-oom: tests/oom/fail.c $(objects) $(BUILD)/generated/history.o
	$(call say,LINK)
	$(Q)$(CC) -std=gnu11 $(CFLAGS) -static-pie -Wl,--no-warnings -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
		-Wl,--wrap=posix_memalign,--wrap=getpwuid_r,--wrap=__nss_configure_lookup $(LDFLAGS) -o $@ $^ -lpq -L$(pg_lib) -lpgcommon -lpgport -lssl -lcrypto -ljansson

check_libs = $(shell pkg-config --libs check)

$(BUILD)/tests/%.o: tests/%.c | $(BUILD)/tests/unit $(BUILD)/tests/e2e $(BUILD)/tests/support
	$(call say,CC)
	$(Q)$(compile) -Igen -Itests/support -isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include) \
		$(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Needs shellcheck and clang-tidy. One file at a time: clang-tidy 14 mistakes va_lists when it reads several.
.PHONY: lint
lint:
	shellcheck .ci/run gen/*.sh tests/*.sh
	printf '%s\n' src/*.c gen/*.c | xargs -P 2 -I{} clang-tidy --quiet {} -- -std=gnu11 -D_GNU_SOURCE -Isrc -Igen \
		-isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include)

.PHONY: demo bench
demo: $(BUILD)/fitsdb-schema
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/demo.sh $(BUILD)/fitsdb-schema

bench: $(BUILD)/fitsdb-schema $(BUILD)/floor
	PG_BIN=$(PG_BIN) FSYNC=on tests/throwaway.sh tests/bench.sh $(BUILD)

# What status is measured against: a minimal program on the same libraries.
$(BUILD)/floor: tests/bench/floor.c $(BUILD)/src/standins.o
	$(call say,LINK)
	$(Q)$(CC) -std=gnu11 -O2 -static-pie -Wl,--no-warnings -I$(pg_include) -o $@ $^ -lpq -L$(pg_lib) -lpgcommon -lpgport \
		-lssl -lcrypto

# --- the machine --------------------------------------------------------------------------------------------------------

packages = gcc make libc6-dev xxd pkg-config check libpq-dev postgresql-server-dev-$(PG) postgresql-$(PG) \
	postgresql-client-$(PG) libssl-dev libjansson-dev openssl npm python3 python3-migrate python3-psycopg2 pgbouncer

.PHONY: deps install
deps:
	tests/deps.sh $(packages)

install: $(BUILD)/fitsdb-schema
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 755 $(BUILD)/fitsdb-schema $(DESTDIR)$(PREFIX)/bin/fitsdb-schema

$(sort $(BUILD)/src $(BUILD)/gen $(BUILD)/generated $(BUILD)/tests/unit $(BUILD)/tests/e2e $(BUILD)/tests/support):
	$(Q)mkdir -p $@

.PHONY: always clean help
always:

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^# \{0,1\}//p; /^$$/q' $(firstword $(MAKEFILE_LIST))
	@echo 'also: seal fitsdata.sql check-unit check-e2e check-matrix check-reproducible lint bench install clean'

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/tests/*/*.d)
