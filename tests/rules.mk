# Tests and checks. The Makefile includes this file.

# The servers of other versions, from packages that are kept here.
SERVERS ?= $(BUILD)/servers

# Every .c file in tests/unit, tests/e2e and tests/support is found; a new suite needs a line in suites.h and main.c.
test_sources = $(sort $(wildcard tests/*/*.c tests/*/*/*.c))
test_objects = $(filter-out $(BUILD)/tests/fuzz/% $(BUILD)/tests/bench/%,$(test_sources:tests/%.c=$(BUILD)/tests/%.o))
unit_objects = $(filter $(BUILD)/tests/unit/%,$(test_objects)) \
	$(filter-out %/main.o,$(objects) $(gen_objects)) $(made) \
	$(patsubst %,$(BUILD)/gen/measure/%.o,by_key effect_text effect_lines named probe probe_changes probe_compare \
	probe_losses state uncertain)
# The parts of the program that the suites "mutations" and "down_parts" call a thousand times.
e2e_objects = $(filter $(BUILD)/tests/e2e/% $(BUILD)/tests/support/%,$(test_objects)) \
	$(patsubst %.c,$(BUILD)/%.o,$(wildcard src/schema/live*.c src/schema/compare*.c src/schema/repair*.c)) \
	$(BUILD)/gen/measure/named.o \
	$(addprefix $(BUILD)/src/,schema/acl.o schema/array.o schema/fact.o schema/fact_history.o schema/fact_run.o schema/fact_renamed.o \
	schema/leftovers.o schema/normal.o schema/predict_names.o \
	base/arena.o base/sha256.o pg/connection.o pg/conninfo.o pg/prepared.o pg/pipeline.o base/mask.o base/mem.o \
	base/printable.o base/prompt.o pg/connect_hint.o base/report.o pg/session.o pg/session_settings.o pg/settings.o \
	base/clock.o base/did_you_mean.o base/signals.o base/utf8.o base/text.o base/backoff.o \
	base/progress.o pg/lock_mode.o pg/lock_watch.o history/sql_lexer.o) \
	$(addprefix $(BUILD)/gen/,parts.o source.o file.o errors.o)

# The end-to-end suites. Those of check-matrix: the server's version can matter.
matrix_suites = schema_versions down_parts existing_databases way_back restores backfill dbmate output_and_status \
	releases interrupted_upgrade deferred_commit prepared_statements incomplete batches interrupted_batches old_build \
	data_loss consent roles \
	corrupt_state corrupt_record restored_data late_losses loss_guard old_build_archive advisory_lock lock_waits \
	wait_limits verify verify_advice every_kind drift_forms identify diagram mutations repair repair_left \
	repair_upgrade plan \
	plan_prediction schema_check obstacles settings data_rules release_databases grants_2026
suites = $(matrix_suites) $(missing_suites) $(damaged_suites) difference difference_texts support command_line \
	manual_page terminal_output executable network conninfo
# Databases without one object, and with other damage; a sample of those of check-lineages.
missing_suites = missing_early missing_middle missing_late missing_latest
damaged_suites = random_databases lineages
# Obstacles and attacks: other sessions, roles, poolers, missing resources, wrong answers. The longest come first, here
# and below: several run at a time.
hostile_suites = hijack out_of_memory protocol_garbage privileges ownership_transfer concurrent_runs deceptive_text \
	ownership_kinds secrets pooler standby unavailable_server disk_full lost_output signals
# A fault at each message between the program and the server.
fault_suites = faults_rows faults_upgrade faults_repair faults_upgrade_2026 faults_downgrade_2026 faults_downgrade \
	faults_init

# A command prefix for the two test programs, or variables.
unit_with =
e2e_with =

# Throwaway servers are kept in memory if there is enough of it.
temporary := $(or $(TMPDIR),$(shell [ -w /dev/shm ] && df --output=avail -k /dev/shm | \
	awk 'NR > 1 && $$1 > 4000000 { print "/dev/shm" }'),/tmp)
on_servers = TMPDIR=$(temporary) PG_BIN=$(PG_BIN) FITSDB_SCHEMA=$(BUILD)/fitsdb-schema SERVERS=$(SERVERS)
run_suites = $(on_servers) $(e2e_with) tests/matrix.sh $(BUILD)/e2e-tests

# These scripts run make, so they need its job server ("+"); but "make -n" must not run them.
recursive = $(if $(findstring n,$(firstword -$(MAKEFLAGS))),,+)

# --- make check -------------------------------------------------------------------------------------------------------

oom_executable = $(BUILD)/histories/migrations-39/fitsdb-schema-oom

.PHONY: tests check check-unit check-layers check-e2e check-hostile check-completion check-make check-one-file \
	check-reproducible check-schema check-own-folder check-branches check-written check-migration
tests: $(BUILD)/unit-tests $(BUILD)/gen/generate $(BUILD)/e2e-tests $(BUILD)/fitsdb-schema $(history_executables) \
	$(BUILD)/measure/measure $(BUILD)/gen/difference/difference \
	$(if $(filter out_of_memory,$(hostile_suites)),$(oom_executable)) ## build all executables of the suites

# Each of these works on copies or on a server of its own. They run at the same time, with one output after the other.
short_checks = check-schema check-branches check-make check-written check-own-folder check-layers check-docs check-pages \
	check-unit check-completion

check: tests ## run the tests, on Debian's PostgreSQL
	$(Q)$(recursive)$(MAKE) --no-print-directory -j"$$(nproc)" --output-sync=target $(short_checks)
	MATRIX=debian $(run_suites) $(hostile_suites) $(fault_suites) $(suites)
check-e2e check-hostile check-matrix check-faults check-lineages check-load check-mutations: tests
check-matrix: $(measure_programs)

check-unit: $(BUILD)/unit-tests $(BUILD)/gen/generate ## run the unit tests, without a server
	GENERATE=$(BUILD)/gen/generate $(unit_with) $(BUILD)/unit-tests

check-layers: $(objects) ## compare the includes and calls in src/ with src/LAYERS
	tests/layers.sh $(BUILD) $(CC) -std=gnu11 -D_GNU_SOURCE -Isrc -I$(pg_include)
	CC='$(CC)' tests/layers_broken.sh

check-e2e: ## run the executable on throwaway servers
	MATRIX=debian $(run_suites) $(suites)

# One message in 400 has a fault (see check-faults).
check-hostile: ## run the failure and security suites, with faults at one message in 400
	MATRIX=debian $(run_suites) $(fault_suites) $(hostile_suites)

check-completion: $(BUILD)/fitsdb-schema ## complete command lines in bash and zsh
	tests/completion.sh $(BUILD)

check-make: $(BUILD)/fitsdb-schema ## test the Makefile: rebuilds after each change, and rejected links
	$(recursive)tests/make.sh $(BUILD)

check-one-file: tests ## add a migration in a copy of the tree: nothing else is edited, and the tests pass
	$(recursive)$(on_servers) tests/one_file.sh $(BUILD)

check-reproducible: ## build in two folders, and compare the executables byte for byte
	tests/reproducible.sh

check_examples = $(foreach history,$(examples),$(on_servers) gen/schema.sh --check $(BUILD)/measure/$(history)/measure \
	tests/histories/$(history) $(1);)
check-schema: $(measure_programs) $(BUILD)/fitsdb-schema $(BUILD)/gen/difference/difference ## compare SCHEMA with what the migrations do
	$(on_servers) gen/schema.sh --check $< $(MIGRATIONS)
	$(call check_examples)
	$(on_servers) tests/schema.sh $(BUILD)/measure/schema/measure
	$(on_servers) tests/measure.sh $(BUILD)/measure/effects/measure
	$(on_servers) tests/throwaway.sh tests/snapshot.sh

changed_folders = $(measure_programs) $(BUILD)/fitsdb-schema $(BUILD)/gen/difference/difference
check-own-folder: $(changed_folders) ## give make migrations with faults: does it say what is wrong?
	$(recursive)$(on_servers) tests/own_folder.sh $(BUILD)

check-branches: $(changed_folders) ## merge two branches with migrations
	$(recursive)$(on_servers) tests/branches.sh $(BUILD)

check-written: $(changed_folders) ## compare the migrations that are written from a database with the expected ones
	$(recursive)$(on_servers) tests/throwaway.sh tests/written.sh $(BUILD)

check-migration: $(BUILD)/fitsdb-schema $(BUILD)/measure/measure ## run all migrations that are not sealed up, down and up
	$(Q)TMPDIR=$(temporary) PG_BIN=$(PG_BIN) tests/throwaway.sh tests/check_migration.sh $(BUILD) $(MIGRATIONS)

# --- the test programs ------------------------------------------------------------------------------------------------

check_libs = $(shell pkg-config --libs check)
pg_includes = -isystem $(pg_include) -isystem $(pg_include)/internal -isystem $(pg_server_include)

$(BUILD)/unit-tests: $(unit_objects)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(CFLAGS) $(LDFLAGS) $^ -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport -lssl -lcrypto \
		-ljansson $(check_libs)

$(BUILD)/e2e-tests: $(e2e_objects)
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) $(CFLAGS) $(LDFLAGS) $^ -lpq -ljansson -lcrypto $(check_libs)

# The suite "out_of_memory" runs this executable: any one allocation can be made to fail.
$(oom_executable): $(BUILD)/tests/oom/fail.o $(objects) $(BUILD)/histories/migrations-39/history.o \
		$(BUILD)/generated/libraries.o
	$(call say,LINK)
	$(Q)$(link_executable) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=posix_memalign \
		-Wl,--wrap=__nss_configure_lookup $^ $(linked_in)

$(BUILD)/tests/%.o: tests/%.c
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(compile) -Igen -Itests $(pg_includes) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- checks that take longer ------------------------------------------------------------------------------------------

# One after the other.
all_checks = check check-reproducible check-one-file check-packages check-deploy check-elsewhere check-matrix lint asan \
	valgrind coverage fuzz check-mutations check-lineages check-load check-faults

.PHONY: check-all check-matrix check-faults check-lineages check-load check-mutations lint lint-fast asan valgrind \
	coverage fuzz check-matrix-suites
check-all: ## run every check there is: hours
	+$(Q)for target in $(all_checks); do $(MAKE) --no-print-directory $$target; done

# The hostile suites run on hostile_servers. HIJACK=all: every planted object with every command.
matrix_servers = $(shell tests/servers.sh versions)
hostile_servers = 10 18

check-matrix-suites: tests ## of these, only the suites that are not hostile
	MATRIX='$(matrix_servers)' $(run_suites) $(matrix_suites)

check-matrix: check-matrix-suites ## run the suites on PostgreSQL 10 to 18, the hostile ones on 10 and 18
	$(on_servers) gen/schema.sh --check $(BUILD)/measure/measure $(MIGRATIONS) $(matrix_servers)
	$(on_servers) gen/schema.sh --check $(BUILD)/measure/schema/measure tests/histories/schema $(matrix_servers)
	$(on_servers) tests/measure.sh $(BUILD)/measure/effects/measure $(matrix_servers)
	$(call check_examples,$(matrix_servers))
	$(if $(hostile_servers),HIJACK=all MATRIX='$(hostile_servers)' $(run_suites) \
		$(filter-out out_of_memory lost_output,$(hostile_suites)))

# FAULTS=20 is one message in twenty.
FAULTS = 1
hard_servers = 10 debian 18

check-faults: ## run with a fault at every message, on 10, 15 and 18: hours (FAULTS=20: one in 20)
	FAULTS=$(FAULTS) MATRIX='$(hard_servers)' $(run_suites) $(fault_suites)

# LINEAGES=20 is one case in twenty.
LINEAGES = 1

check-lineages: ## upgrade databases with every object missing in turn, and with random damage: hours (LINEAGES=20)
	LINEAGES=$(LINEAGES) MATRIX=debian $(run_suites) $(missing_suites)
	LINEAGES=$(LINEAGES) MATRIX='$(hard_servers)' $(run_suites) $(damaged_suites) restores

check-load: ## upgrade while the archive runs queries, on 10, 15 and 18
	for server in $(hard_servers); do MATRIX=$$server $(run_suites) load; done

# Migrations that are written from a database: from each version of the archive to the next, and to a tenth as many
# random changes; lint must accept them.
MUTATIONS = 1000
check-mutations: ## change the schema at random, MUTATIONS times on each server: verify and "make migration" must find it
	MUTATIONS=$(MUTATIONS) $(run_suites) mutations
	rm -rf $(BUILD)/written
	mkdir $(BUILD)/written
	WRITTEN=$(abspath $(BUILD))/written LINEAGES=1 MUTATIONS=$$(($(MUTATIONS) / 10)) MATRIX=debian $(run_suites) difference
	$(recursive)$(on_servers) tests/throwaway.sh tests/written.sh $(BUILD) $(BUILD)/written
	LINEAGES=1 MUTATIONS=$$(($(MUTATIONS) / 10)) MATRIX='10 18' $(run_suites) difference

# Each checker reads one file at a time: clang-tidy 14 misunderstands va_lists if it reads several.
checked = $(sources) $(sort $(wildcard gen/*.c gen/*/*.c)) $(test_sources)
checked_with = -std=gnu11 -D_GNU_SOURCE -Isrc -Igen -Itests -I$(BUILD)/gen/measure

lint-fast: $(BUILD)/gen/measure/rows.h ## run the linters that take seconds
	shellcheck .ci/run gen/*.sh tests/*.sh tests/*/*.sh docs/*.sh docs/completion/*.bash docs/deploy/*.sh
	mandoc -Tlint -W warning docs/fitsdb-schema.1
	cppcheck --quiet -j "$$(nproc)" --std=c11 --enable=warning,style,performance,portability --inline-suppr \
		--error-exitcode=1 --library=gnu,posix,tests/cppcheck.cfg -D_GNU_SOURCE -Isrc -Igen -Itests \
		-I$(BUILD)/gen/measure $(checked)

lint: check-layers check-pages lint-fast ## run all linters, and the compilers' static analysers
	printf '%s\n' $(checked) | xargs -P 2 -I{} $(CC) $(checked_with) $(pg_includes) -O2 -Wall -Wextra -Werror \
		-fanalyzer -c -o /dev/null {}
	printf '%s\n' $(checked) | xargs -P 2 -I{} clang-tidy --quiet {} -- $(checked_with) $(pg_includes)

# An instrumented build of its own. Left out are the tests of how the executable is linked.
other_build = +$(Q)CK_EXCLUDE_TAGS=static $(MAKE) --no-print-directory BUILD=$(BUILD)/$@ SERVERS=$(SERVERS) DEVELOPER= \
	hardening= link=-pie
sanitizers = -fsanitize=address,undefined -fno-sanitize-recover=all

# The checkers write their reports to files in $(reports): a test that expects a failure must not hide them.
reports = $(abspath $(BUILD))/$@/reports
clear_reports = $(Q)rm -rf $(reports) && mkdir -p $(reports)
end_reports = || status=1; if find $(reports) -type f -exec cat {} + | grep .; then status=1; fi; exit $${status:-0}

asan: export ASAN_OPTIONS = exitcode=99:detect_leaks=1:detect_stack_use_after_return=1:log_path=$(reports)/asan
asan: export UBSAN_OPTIONS = exitcode=99:print_stacktrace=1:log_path=$(reports)/ubsan
asan: ## run the tests with AddressSanitizer and UBSan
	$(clear_reports)
	$(other_build) CFLAGS='-O1 -g -fno-omit-frame-pointer $(sanitizers)' unit_with='CK_FORK=no' \
		e2e_with='CK_TIMEOUT_MULTIPLIER=4' \
		hostile_suites='$(filter-out out_of_memory,$(hostile_suites))' fault_suites= \
		check-unit check-e2e check-hostile $(end_reports)

# Left out are the suites that run the same code with more migrations, and those about other programs.
valgrind: export VALGRIND_OPTS = --log-file=$(reports)/%p
valgrind: ## run the unit tests, and every run of the program, under valgrind
	$(clear_reports)
	$(other_build) CFLAGS='-O1 -g' unit_with='CK_FORK=no tests/valgrind.sh' \
		e2e_with='CK_TIMEOUT_MULTIPLIER=10 TOOL_UNDER=tests/valgrind.sh' \
		suites='$(filter-out support schema_versions down_parts existing_databases identify mutations executable dbmate \
		$(missing_suites) $(damaged_suites),$(suites)) \
		ownership_transfer ownership_kinds privileges' check-unit check-e2e $(end_reports)

# Without out_of_memory: the code that counts lines allocates memory itself.
coverage: ## count the lines that the tests reach; tests/coverage.txt explains the others
	rm -rf $(BUILD)/$@
	$(other_build) CFLAGS='-O0 -g --coverage' hostile_suites='$(filter-out out_of_memory,$(hostile_suites))' \
		fault_suites= check-unit check-e2e check-hostile
	tests/coverage.sh $(BUILD)/$@ 90

# libFuzzer on each parser of untrusted bytes.
FUZZ_TIME = 60
fuzz_targets = generator options record

fuzz: $(fuzz_targets:%=$(BUILD)/fuzz/%) $(BUILD)/unit-tests $(BUILD)/gen/generate ## fuzz each parser (FUZZ_TIME=60)
	UNIT_TESTS=$(BUILD)/unit-tests GENERATE=$(BUILD)/gen/generate \
		tests/fuzz.sh $(BUILD)/fuzz $(FUZZ_TIME) $(fuzz_targets)

$(BUILD)/fuzz/generator: $(filter-out gen/main.c,$(sort $(wildcard gen/*.c))) \
	$(patsubst $(BUILD)/%.o,%.c,$(filter $(BUILD)/src/%,$(gen_objects)))
$(BUILD)/fuzz/options: src/cli/options.c src/base/report.c src/base/did_you_mean.c src/base/text.c src/base/mem.c \
	src/base/mask.c src/base/printable.c src/base/utf8.c \
	$(BUILD)/generated/history.o
$(BUILD)/fuzz/record: src/history/statement_list.c src/history/destructive.c src/history/sql_lexer.c src/base/json.c \
	src/base/report.c src/base/text.c src/base/mem.c src/base/mask.c src/base/printable.c src/base/utf8.c
$(BUILD)/fuzz/%: tests/fuzz/%.c $(wildcard tests/fuzz/*.h src/*/*.h gen/*.h)
	$(call say,FUZZER)
	@mkdir -p $(@D)
	$(Q)$(to_link) $@ clang $(checked_with) $(pg_includes) -Wall -Wextra -Werror -O1 -g -fno-omit-frame-pointer \
		$(sanitizers) -fsanitize=fuzzer $(filter %.c %.o,$^) -L$(pg_lib) -lpgfeutils -lpq -lpgcommon -lpgport \
		-lcrypto -ljansson

# --- demo and benchmarks ----------------------------------------------------------------------------------------------

.PHONY: demo bench bench-peers
demo: $(BUILD)/fitsdb-schema ## upgrade an old database, on a throwaway server
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/demo.sh $(BUILD)/fitsdb-schema

bench: $(BUILD)/fitsdb-schema $(BUILD)/floor ## measure status, upgrade, verify and identify
	PG_BIN=$(PG_BIN) FSYNC=on tests/throwaway.sh tests/bench.sh $(BUILD)

bench-peers: $(BUILD)/floor ## measure other tools, too, for docs/speed.md: half an hour, after make deps-bench
	PG_BIN=$(PG_BIN) SERVERS=$(SERVERS) tests/bench/peers.sh $(BUILD)

# A minimal program on the same libraries, which status is compared with.
$(BUILD)/floor: tests/bench/floor.c $(BUILD)/src/pg/static_stubs.o
	$(call say,LINK)
	$(Q)$(to_link) $@ $(CC) -std=gnu11 -O2 -static-pie -I$(pg_include) $^ -lpq -L$(pg_lib) -lpgcommon -lpgport \
		-lssl -lcrypto
