// SPDX-License-Identifier: ISC
// What a mail says, drawn in a frame that may do nothing: the panel sends
// the mail's HTML, whose scripts don't run when it is put in this way.
addEventListener("message", function (event) {
	if (event.source === parent && typeof event.data === "string")
		document.documentElement.innerHTML = event.data;
});
