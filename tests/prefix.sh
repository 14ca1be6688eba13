# SPDX-License-Identifier: ISC
# make_prefix BUILD FOLDER: an installed prefix made of links into a build
# tree and this one, with an empty www of its own.
make_prefix() (
	top=$(pwd)
	mkdir -p "$2/libexec/duka" "$2/share/duka/www/docs" "$2/etc"
	ln -s "$1"/cgi-bin/.libs/* "$1/daemons/.libs/courier" \
	    "$2/libexec/duka/"
	ln -s "$1/.libs" "$2/lib"
	ln -s "$1/sbin" "$2/sbin"
	ln -s "$top/sql" "$top/nginx" "$2/share/duka/"
	ln -s "$top/etc" "$2/etc/duka"
)
