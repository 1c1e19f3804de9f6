#!/bin/bash
# Copy the notices of the libraries that are linked in: their licences require them to accompany the executable.
#
#   notices.sh LIBRARIES FOLDER [--texts]
#
# LIBRARIES is the output of libraries.sh. Each notice is the file "copyright" of a Debian package of the library's
# source, and gets the name of the source. --texts: also copy the licences that these files refer to, which are in
# /usr/share/common-licenses on Debian only.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

# Print the notice of a source package.
notice_of() {
	local package

	# shellcheck disable=SC2016
	dpkg-query -W -f '${source:Package} ${Package}\n' | sed -n "s/^$1 //p" | while read -r package; do
		[ ! -e "/usr/share/doc/$package/copyright" ] || echo "/usr/share/doc/$package/copyright"
	done | sed -n 1p
}

libraries=$1
folder=$2
install -d "$folder"
while IFS=$'\t' read -r name _; do
	notice=$(notice_of "$name")
	if [ -z "$notice" ]; then
		echo "notices.sh: there is no notice of $name in /usr/share/doc" >&2
		exit 1
	fi
	install -m 644 "$notice" "$folder/$name"
done <"$libraries"

if [ "${3:-}" = --texts ]; then
	grep -oh '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$folder"/* | sort -u | while read -r text; do
		install -D -m 644 "$text" "$folder/licences/${text##*/}"
	done
fi
