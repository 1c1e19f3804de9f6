#!/bin/bash
# Does docs/transcripts.sh resolve the conflicts of a merge, and report transcripts that it must not write? Another
# program takes the place of fitsdb-schema.
#
#   tests/transcripts.sh
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=$work/histories/migrations-39/fitsdb-schema page=$work/page.md
mkdir -p "${program%/*}"
# shellcheck source=tests/functions.sh
. "$(dirname "$0")/functions.sh"

# The program prints $1 and ends with $2.
answers() {
	printf '#!/bin/sh\necho %s\nexit %s\n' "$1" "$2" >"$program"
	chmod +x "$program"
}

# Run it, with an option or none: STATUS TEXT [OPTION].
expect_run() {
	expect "$1" "$2" docs/transcripts.sh "${@:3}" "$work" "$page"
}

transcript() {
	printf '%s\n' 'Text.' '' '<!-- run -->' "$@" '' 'More.' >"$page"
}

answers new 0
transcript '    $ fitsdb-schema status' '<<<<<<< HEAD' '    old' '=======' '    older' '>>>>>>> note'
expect_run 1 'page.md:5: error: conflict marker' --check
expect_run 0 'was written'
transcript '    $ fitsdb-schema status' '    new'
cp "$page" "$work/settled"
transcript '<<<<<<< HEAD' '    $ fitsdb-schema status' '    old' '||||||| base' '    $ fitsdb-schema' '=======' \
	'    $ fitsdb-schema status' '    older' '>>>>>>> note'
expect_run 0 'was written'
cmp "$page" "$work/settled" || fail 'the conflict is not resolved'
transcript '<<<<<<< HEAD' '    $ fitsdb-schema status' '=======' '    $ fitsdb-schema plan' '>>>>>>> note'
expect_run 1 'page.md:4: error: conflict marker'
printf '%s\n' 'Text.' '<<<<<<< HEAD' '    $ echo 1' '=======' '    $ echo 1' '>>>>>>> note' >"$page"
expect_run 1 'page.md:2: error: conflict marker'

# A command that ends with another exit status than the page says.
answers new 3
cp "$work/settled" "$page"
expect_run 1 'page.md:3: "fitsdb-schema status" ends with exit status 3, not 0: new'
cmp "$page" "$work/settled" || fail 'a page with another exit status is written'
transcript '    $ fitsdb-schema status  # exit status 3' '    old'
expect_run 0 'was written'
# shellcheck disable=SC2016
transcript '    $ fitsdb-schema status' '    old' '    $ echo $?' '    3'
expect_run 0 'was written'
answers new 1
expect_run 1 'ends with exit status 1, not 3'
echo 'transcripts: conflicts are resolved, and another exit status is an error'
