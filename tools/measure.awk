# SPDX-License-Identifier: ISC
# Measures C sources laid out as KNF: files to 600 lines, lines to 80
# columns, functions to 100 lines; prints a line for each that is beyond, and
# with -v report=1 the functions' count and median.

FNR == 1 {
	if (file != "")
		file_end()
	file = FILENAME
	opened = 0
}

function file_end()
{
	if (length_of_file > 600)
		printf "%s: %d lines\n", file, length_of_file
}

# Columns, with tabs at eights; a character of several bytes is one.
function columns(text,	n, i, c)
{
	n = 0
	gsub(/[\200-\277]/, "", text)
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		n = c == "\t" ? n + 8 - n % 8 : n + 1
	}
	return n
}

{
	length_of_file = FNR
	if (length($0) > 40 && columns($0) > 80)
		printf "%s:%d: %d columns\n", FILENAME, FNR, columns($0)
}

/^[a-z_]+[a-z_0-9]*\(/ {
	name = $0
	sub(/\(.*/, "", name)
}

/^\{/ {
	opened = FNR
}

/^\}/ && opened > 0 {
	lines = FNR - opened - 1
	opened = 0
	sizes[++count] = lines
	if (lines > 100)
		printf "%s:%d: %s has %d lines\n", FILENAME, FNR, name, lines
}

END {
	file_end()
	if (!report)
		exit
	for (i = 2; i <= count; i++) {
		v = sizes[i]
		for (j = i - 1; j >= 1 && sizes[j] > v; j--)
			sizes[j + 1] = sizes[j]
		sizes[j + 1] = v
	}
	printf "%d functions, median %d lines, longest %d\n", count,
	    sizes[int((count + 1) / 2)], sizes[count]
}
