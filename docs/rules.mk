# Documents and packages. The Makefile includes this file, and has `install`.

.PHONY: docs check-docs check-pages dist deb sbom check-packages check-deploy check-elsewhere

# --- documents --------------------------------------------------------------------------------------------------------

# The pages with transcripts are those of the archive; of another folder, only the picture is drawn, to that folder.
transcribed = $(if $(archive),$(shell grep -l '^<!-- run' README.md docs/*.md))
transcribe = $(on_servers) tests/throwaway.sh docs/transcripts.sh
transcribe_with = $(if $(archive),$(BUILD)/histories/migrations-37/fitsdb-schema \
	$(BUILD)/histories/migrations-39/fitsdb-schema)

# Another release of Graphviz may draw the same diagram in another way. So the picture is drawn anew only if the diagram
# has changed: the picture's last line has the SHA-256 of its diagram.
picture = $(if $(archive),docs,$(MIGRATIONS:%/=%))/schema.svg
docs: $(BUILD)/fitsdb-schema $(transcribe_with) ## draw docs/schema.svg, and make the transcripts
	$(Q)$< diagram >$(BUILD)/schema.dot
	$(Q)trap 'rm -f $(picture).new' EXIT; sum=$$(sha256sum <$(BUILD)/schema.dot | cut -c 1-64); \
	if grep -qs "$$sum" $(picture) && ! grep -q '^<<<<<<< ' $(picture); then echo '$(picture) is up to date'; else \
		dot -Tsvg $(BUILD)/schema.dot >$(picture).new; \
		echo "<!-- SHA-256 of what \"fitsdb-schema diagram\" prints: $$sum -->" >>$(picture).new; \
		mv $(picture).new $(picture); echo '$(picture) was written'; fi
	$(Q)$(if $(transcribed),$(transcribe) $(BUILD) $(transcribed))

check-docs: $(transcribe_with) ## compare the transcripts in the pages with what the program prints
	tests/transcripts.sh
	$(Q)$(if $(transcribed),$(transcribe) --check $(BUILD) $(transcribed))

check-pages: ## check links, paths, functions and make targets in the pages
	tests/pages.sh

# --- packages ---------------------------------------------------------------------------------------------------------

release = fitsdb-schema-$(VERSION)

# Committed sources only.
dist: | $(BUILD)/generated ## make build/fitsdb-schema-VERSION.tar.gz from the committed sources
	$(Q)[ "$$(git rev-parse --show-toplevel 2>/dev/null)" = '$(realpath .)' ] || \
		{ echo 'dist: this is not a git checkout of the project, which the tarball is made from' >&2; exit 1; }
	$(Q)git diff --quiet HEAD || echo 'dist: changes that are not committed are left out' >&2
	$(Q)git -c tar.umask=0022 archive --format=tar --prefix=$(release)/ HEAD | gzip -n -9 >$(BUILD)/$(release).tar.gz
	$(Q)echo $(BUILD)/$(release).tar.gz

# The sources as they are in this tree, with debian/ where Debian's tools expect it.
deb: | $(BUILD)/generated ## make a Debian package from this tree
	$(Q)rm -rf $(BUILD)/deb
	$(Q)mkdir -p $(BUILD)/deb/$(release)
	$(Q)tar -c --exclude=./$(BUILD) --exclude=./build --exclude=./.git . | tar -x -C $(BUILD)/deb/$(release)
	$(Q)cp -R docs/debian $(BUILD)/deb/$(release)/
	$(Q)sed -i 's/@VERSION@/$(VERSION)/' $(BUILD)/deb/$(release)/debian/changelog
	$(Q)cd $(BUILD)/deb/$(release) && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -b -us -uc
	$(Q)mv $(BUILD)/deb/*.deb $(BUILD)/

# An operator needs it to know which security holes of the libraries concern the executable.
sbom: $(BUILD)/fitsdb-schema.cdx.json ## make the bill of materials: the libraries in the executable
$(BUILD)/fitsdb-schema.cdx.json: gen/sbom.sh $(BUILD)/fitsdb-schema $(BUILD)/generated/libraries.tsv
	$(call say,SBOM)
	$(Q)$< $(BUILD)/fitsdb-schema $(VERSION) $(BUILD)/generated/libraries.tsv >$@.new
	$(Q)mv $@.new $@

# --- their checks -----------------------------------------------------------------------------------------------------

check-packages: $(BUILD)/fitsdb-schema $(BUILD)/fitsdb-schema.cdx.json ## check install, dist, deb and sbom
	PATH=$(PG_BIN):$$PATH tests/libraries.sh $(BUILD)
	$(recursive)tests/packages.sh $(BUILD)

# docs/deploy, and the commands of docs/from-sqlalchemy-migrate.md and docs/roll-back.md.
deployed_with = $(BUILD)/fitsdb-schema $(BUILD)/histories/migrations-37/fitsdb-schema \
	$(BUILD)/histories/migrations-39/fitsdb-schema
check-deploy: $(deployed_with) ## as root: run docs/deploy
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/deploy.sh $(BUILD)

check-elsewhere: $(BUILD)/fitsdb-schema deb ## as root: run it in Debian 11, 12 and 13 and in an empty folder
	TMPDIR=$(temporary) PG_BIN=$(PG_BIN) tests/elsewhere.sh $(BUILD)
