# SPDX-License-Identifier: ISC
# The names that libcrm's headers declare: crm_NAME before "(" or, for
# variables, in a line of `extern`.  A type of functions is none.
/^typedef / {
	next
}
{
	gsub(/\/\*.*\*\//, "")
	line = $0
	while (match(line, /crm_[a-z0-9_]+\(/)) {
		print_once(substr(line, RSTART, RLENGTH - 1))
		line = substr(line, RSTART + RLENGTH)
	}
	if ($0 ~ /^extern / && match($0, /crm_[a-z0-9_]+(\[.*\])?;/)) {
		line = substr($0, RSTART, RLENGTH - 1)
		sub(/\[.*/, "", line)
		print_once(line)
	}
}

function print_once(name)
{
	if (!(name in seen))
		print name
	seen[name] = 1
}
