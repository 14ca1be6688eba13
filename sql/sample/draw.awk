# SPDX-License-Identifier: ISC
# Draws the sample shop's pictures: one SVG file for each line of
# pictures.tsv (product, package, motif, its colour and, if other, that of the
# content, label, brand), put together from drawings/*.txt.  Same input, same
# bytes.
#
#	awk -v out=FOLDER -f draw.awk packages.txt motifs.txt \
#	    brands.tsv pictures.tsv

BEGIN {
	FS = "\t"
	for (i = 0; i < 16; i++)
		hex[substr("0123456789abcdef", i + 1, 1)] = i
}

# Colours.

function channel(colour, n) {
	return hex[substr(colour, 2 * n - 1, 1)] * 16 + \
	    hex[substr(colour, 2 * n, 1)]
}

# So much of the way from a colour to black (0) or white (255).
function towards(colour, end, share,	n, made) {
	made = "#"
	for (n = 1; n <= 3; n++)
		made = made sprintf("%02x", int(channel(colour, n) * \
		    (1 - share) + end * share + .5))
	return made
}

# What is white itself would leave no backdrop to stand before.
function backdrop(	n, sum) {
	for (n = 1; n <= 3; n++)
		sum += channel(content, n)
	return towards(sum > 690 ? main : content, 255, .8)
}

function fill(text, tint) {
	gsub(/@m/, "#" main, text)
	gsub(/@M/, towards(main, 0, .38), text)
	gsub(/@a/, "#" accent, text)
	gsub(/@t/, "#" tint, text)
	gsub(/@d/, towards(tint, 0, .22), text)
	gsub(/@k/, towards(tint, 0, .5), text)
	gsub(/@l/, towards(tint, 255, .35), text)
	gsub(/@p/, towards(tint, 255, .78), text)
	return text
}

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	return text
}

# Length in characters, whatever awk counts: bytes that continue one don't.
function signs(text,	n, left) {
	left = text
	n = gsub(/[\200-\277]/, "", left)
	return length(left)
}

# Words.

function words(text, x, y, size, paint, weight) {
	return sprintf("<text x=\"%s\" y=\"%.1f\" font-size=\"%.1f\" " \
	    "fill=\"%s\" font-weight=\"%s\" text-anchor=\"middle\">%s" \
	    "</text>\n", x, y, size, fill(paint, content), weight, escaped(text))
}

function fitting(text, width, most,	size) {
	size = width / (.6 * signs(text))
	return size < most ? size : most
}

function labelled(x, y, width, most, paint,	n, i, lines, size, made) {
	n = split(label, lines, "/")
	size = n > 2 ? most * .74 : most
	for (i = 1; i <= n; i++)
		size = fitting(lines[i], width, size)
	y += size * (.35 - (n - 1) * .54)
	for (i = 1; i <= n; i++)
		made = made words(lines[i], x, y + (i - 1) * size * 1.08, \
		    size, paint, 700)
	return made
}

# One line of a package: shapes, or a place for something.
function part(line,	w) {
	split(line, w, " ")
	if (w[1] == "@motif")
		return "<g transform=\"translate(" w[2] " " w[3] \
		    ") scale(" w[4] ")\">\n" fill(motifs[motif], colour) "</g>\n"
	if (w[1] == "@label")
		return labelled(w[2], w[3], w[4], w[5], w[6])
	if (w[1] == "@brand")
		return w[5] ? words(brand, w[2], w[3], \
		    fitting(brand, w[4], w[5]), w[6], 400) : ""
	return fill(line, content) "\n"
}

function draw(file,	n, i, lines) {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" " \
	    "viewBox=\"0 0 400 400\" font-family=\"'Trebuchet MS'," \
	    "'DejaVu Sans Condensed',sans-serif\">\n" \
	    "<title>%s</title>\n" \
	    "<rect width=\"400\" height=\"400\" fill=\"%s\"/>\n" \
	    "<circle cx=\"200\" cy=\"200\" r=\"176\" fill=\"#fff\" " \
	    "opacity=\".5\"/>\n", escaped(title), backdrop() >file
	n = split(packages[pack], lines, "\n")
	for (i = 1; i < n; i++)
		printf "%s", part(lines[i]) >file
	print "</svg>" >file
	close(file)
}

function wrong(what) {
	print "draw.awk: " FILENAME ":" FNR ": " what >"/dev/stderr"
	failed = 1
	exit 1
}

# What is read.

FNR == 1 {
	kind = FILENAME
	sub(/.*\//, "", kind)
}

/^#/ || /^$/ {
	next
}

kind ~ /^(packages|motifs)/ {
	if (sub(/^= /, "")) {
		split($0, w, " ")
		name = w[1]
		tints[name] = w[2]
	} else if (kind ~ /^packages/)
		packages[name] = packages[name] $0 "\n"
	else
		motifs[name] = motifs[name] $0 "\n"
	next
}

kind ~ /^brands/ {
	mains[$1] = $2
	accents[$1] = $3
	next
}

{
	pack = $2
	motif = $3
	if (!(pack in packages))
		wrong("there is no package " pack)
	if (!(motif in motifs))
		wrong("there is no motif " motif)
	if (!($6 in mains))
		wrong("there is no brand " $6)
	n = split($4, w, "/")
	colour = n > 0 && w[1] != "" ? w[1] : tints[motif]
	content = n > 1 ? w[2] : colour
	label = $5
	brand = $6
	main = mains[$6]
	accent = accents[$6]
	title = label
	gsub(/\//, " ", title)
	draw(out "/" $1 ".svg")
	drawn++
}

END {
	if (!failed)
		print drawn " pictures drawn"
	exit failed
}
