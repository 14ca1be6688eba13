#!/bin/sh
# SPDX-License-Identifier: ISC
# Loads the sample shop into an empty one: pictures, products, customers, a
# year of orders.  Wants the environment of a stack (. DIR/env).
#	DUKA_SAMPLE_DATE	the day after the last order (today)
set -eu
cd "$(dirname "$0")"
today=${DUKA_SAMPLE_DATE:-$(date +%Y-%m-%d)}

if [ -n "${DUKA_WWW:-}" ]; then
	mkdir -p "$DUKA_WWW/media/sample"
	LC_ALL=C awk -v out="$DUKA_WWW/media/sample" -f draw.awk \
	    drawings/packages.txt drawings/motifs.txt brands.tsv pictures.tsv
fi
"$DUKA_BIN/catalog" import products.csv
psql -X -q -v today="$today" -f shop.sql >/dev/null
psql -X -q -c 'select duka.refresh_recommendations()' >/dev/null
psql -X -q -A -t -c "select (select count(*) from duka.customer) ||
    ' customers, ' || (select count(*) from duka.customer_order) ||
    ' orders'"
