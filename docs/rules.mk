# Documents and packages. The Makefile includes this file, and has `install`.

.PHONY: docs check-docs check-pages dist deb stage rpm image sbom release check-updates check-packages check-deploy \
	check-elsewhere

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
# The time in packages: that of the commit, or of an unpacked tarball's files.
SOURCE_DATE_EPOCH := $(or $(SOURCE_DATE_EPOCH),$(if $(wildcard .git),$(shell git log -1 --format=%ct 2>/dev/null)), \
	$(shell stat -c %Y Makefile))

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
	$(Q)sed -i "s/@VERSION@/$(VERSION)/; s/@DATE@/$$(date -u -R -d @$(SOURCE_DATE_EPOCH))/" \
		$(BUILD)/deb/$(release)/debian/changelog
	$(Q)find $(BUILD)/deb/$(release) -exec touch -h -d @$(SOURCE_DATE_EPOCH) {} +
	$(Q)cd $(BUILD)/deb/$(release) && env -u MAKEFLAGS -u MAKELEVEL SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) \
		dpkg-buildpackage -b -us -uc
	$(Q)mv $(BUILD)/deb/*.deb $(BUILD)/

# The files of the other packages, with what the licences of the libraries require.
stage = $(abspath $(BUILD))/stage
libraries = $(BUILD)/generated/libraries.tsv
stage: $(BUILD)/fitsdb-schema
	$(Q)rm -rf $(stage)
	+$(Q)$(MAKE) --no-print-directory install DESTDIR=$(stage) PREFIX=/usr >/dev/null
	$(Q)install -m 644 README.md docs/*.md $(stage)/usr/share/doc/fitsdb-schema
	$(Q)install -D -m 644 LICENSE $(stage)/usr/share/licenses/fitsdb-schema/LICENSE
	$(Q)gen/notices.sh $(libraries) $(stage)/usr/share/licenses/fitsdb-schema/libraries --texts
	$(Q)gen/sbom.sh $(stage)/usr/bin/fitsdb-schema $(VERSION) $(libraries) \
		>$(stage)/usr/share/doc/fitsdb-schema/fitsdb-schema.cdx.json

rpm_file = $(BUILD)/$(release)-1.x86_64.rpm
rpm: stage ## make an rpm package, for Rocky 9 and 10
	$(Q)rm -rf $(BUILD)/rpm
	$(Q)mkdir -p $(BUILD)/rpm
	$(Q)SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) rpmbuild -bb --quiet --target x86_64-linux \
		--define '_topdir $(abspath $(BUILD))/rpm' --define '_dbpath $(abspath $(BUILD))/rpm/db' \
		--define '_rpmdir $(abspath $(BUILD))' --define '_rpmfilename $(notdir $(rpm_file))' \
		--define 'stage $(stage)' --define 'stage_version $(VERSION)' docs/rpm/fitsdb-schema.spec >/dev/null
	$(Q)echo $(rpm_file)

# Its files: the executable, licences and the bill of materials.
image_file = $(BUILD)/$(release)-oci.tar
image: stage ## make an OCI image of the executable, as an archive
	$(Q)rm -rf $(BUILD)/image
	$(Q)mkdir -p $(BUILD)/image/usr/share/doc/fitsdb-schema
	$(Q)cp -R $(stage)/usr/bin $(BUILD)/image/usr/
	$(Q)cp -R $(stage)/usr/share/licenses $(BUILD)/image/usr/share/
	$(Q)cp $(stage)/usr/share/doc/fitsdb-schema/fitsdb-schema.cdx.json $(BUILD)/image/usr/share/doc/fitsdb-schema/
	$(Q)gen/image.sh $(BUILD)/image $(VERSION) $(SOURCE_DATE_EPOCH) $(image_file)
	$(Q)echo $(image_file)

# An operator needs it to know which security holes of the libraries concern the executable.
sbom: $(BUILD)/fitsdb-schema.cdx.json ## make the bill of materials: the libraries in the executable
$(BUILD)/fitsdb-schema.cdx.json: gen/sbom.sh $(BUILD)/fitsdb-schema $(BUILD)/generated/libraries.tsv
	$(call say,SBOM)
	$(Q)$< $(BUILD)/fitsdb-schema $(VERSION) $(BUILD)/generated/libraries.tsv >$@.new
	$(Q)mv $@.new $@

# It is made of the commit alone, since the statement names the commit.
release_parts = dist deb rpm image
release: ## make build/release from the committed sources: all packages, SHA256SUMS and provenance
	$(Q)[ -e .git ] && [ -z "$$(git status --porcelain)" ] || \
		{ echo 'release: this is not a git checkout without changes, which the statement could name' >&2; exit 1; }
	+$(Q)$(MAKE) --no-print-directory $(release_parts)
	$(Q)cp $(stage)/usr/bin/fitsdb-schema $(BUILD)/$(release)-linux-amd64
	$(Q)cp $(stage)/usr/share/doc/fitsdb-schema/fitsdb-schema.cdx.json $(BUILD)/$(release).cdx.json
	$(Q)gen/release.sh $(BUILD)/release $(VERSION) "$$(git rev-parse HEAD)" $(libraries) \
		$(addprefix $(BUILD)/,$(release)-linux-amd64 $(release).cdx.json $(release).tar.gz \
		fitsdb-schema_$(VERSION)_amd64.deb) $(rpm_file) $(image_file)
	$(Q)echo $(BUILD)/release

# --- their checks -----------------------------------------------------------------------------------------------------

check-updates: $(libraries) ## ask apt's lists whether a library that is linked in has a security update
	gen/updates.sh $<

check-packages: $(BUILD)/fitsdb-schema $(BUILD)/fitsdb-schema.cdx.json ## as root: test install, packages and release
	PATH=$(PG_BIN):$$PATH tests/libraries.sh $(BUILD)
	$(recursive)tests/packages.sh $(BUILD)
	$(recursive)tests/rpm.sh $(BUILD)
	$(recursive)PG_BIN=$(PG_BIN) tests/image.sh $(BUILD)
	$(recursive)tests/release.sh $(BUILD)

# docs/deploy, and the commands of docs/from-sqlalchemy-migrate.md and docs/roll-back.md.
deployed_with = $(BUILD)/fitsdb-schema $(BUILD)/histories/migrations-37/fitsdb-schema \
	$(BUILD)/histories/migrations-39/fitsdb-schema
check-deploy: $(deployed_with) ## as root: run docs/deploy
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/deploy.sh $(BUILD)
	PG_BIN=$(PG_BIN) tests/throwaway.sh tests/manifests.py $(BUILD)

check-elsewhere: $(BUILD)/fitsdb-schema deb ## as root: run it in Debian 11, 12 and 13 and in an empty folder
	TMPDIR=$(temporary) PG_BIN=$(PG_BIN) tests/elsewhere.sh $(BUILD)
