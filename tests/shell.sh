# SPDX-License-Identifier: ISC
# For suites in sh: `check WORDS COMMAND...` passes if the command does, and
# `refuse STATUS WORDS COMMAND...` if it ends with that status; `done_with
# NAME` prints the closing line.
passed=0 failed=0

result() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		sed 's/^/# /' "$output" | tail -n 20
	fi
}

output=$(mktemp)

check() {
	words=$1
	shift
	"$@" >"$output" 2>&1 && status=0 || status=$?
	result "$status" "$words"
}

refuse() {
	wanted=$1 words=$2
	shift 2
	"$@" >"$output" 2>&1 && status=0 || status=$?
	[ "$status" = "$wanted" ] && result 0 "$words" ||
	    result 1 "$words (ended with $status)"
}

# says TEXT WORDS COMMAND...: its output holds the text.
says() {
	text=$1 words=$2
	shift 2
	"$@" >"$output" 2>&1 || :
	grep -qF -- "$text" "$output" && result 0 "$words" ||
	    result 1 "$words"
}

done_with() {
	rm -f "$output"
	echo "suite $1: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
