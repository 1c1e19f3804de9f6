#!/bin/bash
# Does Debian have an update of a library that is linked in? The executable must then be built again.
#
#   updates.sh LIBRARIES [LISTS]
#
# LIBRARIES is the output of libraries.sh. It is compared with apt's lists of packages, as the last "apt-get update" has
# left them in the folder LISTS: this script does not need a network. The exit status is 0 if there is no update, 1 if
# there is one, and 2 if that cannot be known: no list of security updates is there, it is out of date, or a library is
# not from a package.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

libraries=$1
lists=${2:-/var/lib/apt/lists}

unknown() {
	echo "updates: $*" >&2
	exit 2
}

# The list is valid for a week.
until=$(find "$lists" -maxdepth 1 -name '*InRelease' -exec grep -qx 'Label: Debian-Security' {} \; \
	-exec sed -n 's/^Valid-Until: //p' {} + 2>/dev/null | sed -n 1p || true)
[ "$until" ] || unknown "apt has no list of Debian's security updates: see sources.list(5), and run \"apt-get update\""
if [ "$(date -d "$until" +%s)" -lt "$(date +%s)" ]; then
	unknown "apt's list of security updates was valid until $until: run \"apt-get update\", which needs a network"
fi

# The versions of each of these source packages that apt has lists of.
# A source package has the name and the version of its binary package, unless "Source" says otherwise.
available=$(apt-cache dumpavail | awk -F': ' '
	FILENAME != "-" { split($0, part, "\t"); wanted[part[1]]; next }
	$1 == "Package" { name = $2; source = "" }
	$1 == "Source" { source = $2 }
	$1 == "Version" { version = $2 }
	$0 == "" {
		if (split(source, part, /[ ()]+/) > 0) { name = part[1]; if (part[2] != "") version = part[2] }
		if (name in wanted) print name, version
		name = ""
	}' "$libraries" - | sort -u)

waiting=0
while IFS=$'\t' read -r name version url; do
	[[ $url == pkg:deb/debian/* ]] || unknown "$name $version is not from a package of Debian: nothing is known about it"
	grep -q "^$name " <<<"$available" || unknown "apt does not know the source package $name"
	while read -r newer; do
		if dpkg --compare-versions "$newer" gt "$version"; then
			echo "updates: $name $version is linked in, and $newer is available" >&2
			waiting=1
		fi
	done < <(sed -n "s/^$name //p" <<<"$available")
done <"$libraries"
if [ "$waiting" = 1 ]; then
	echo 'updates: run "apt-get upgrade", and build again' >&2
	exit 1
fi
echo "updates: no library that is linked in has an update; the list of security updates is valid until $until"
