// SPDX-License-Identifier: ISC
export default {
	login: "Sign in",
	"login.name": "E-mail address or username",
	"login.new": "New here?",
	"login.cart": "Open the cart",
	"login.capped":
		"Your cart was joined with your account’s; some quantities became smaller",
	"login.merged.one":
		"{count} item of your cart was joined with your account’s",
	"login.merged.many":
		"{count} items of your cart were joined with your account’s",
	"login.merged.other":
		"{count} items of your cart were joined with your account’s",
	password: "Password",
	"password.new": "New password",
	"password.rules":
		"At least 8 characters, with letters, digits and a special character; not a common password.",
	register: "Create an account",
	"register.known": "Already have an account?",
	"register.done": "Look into your mail",
	"register.sent":
		"We have written to {email}. Open the link in the mail to confirm the address.",
	given_name: "Given name",
	family_name: "Family name",
	email: "E-mail address",
	forgotten: "Forgotten password",
	"forgotten.link": "Forgotten your password?",
	"forgotten.text":
		"Tell us your address and we mail you a link to choose a new password.",
	"mail.ask": "Mail me a link",
	"mail.asked": "If {email} has need of a link, it is on its way.",
	reset: "Choose a new password",
	"reset.done":
		"Your password is changed, and you are signed out everywhere.",
	"link.missing": "This page needs the link from our mail.",
	"link.again": "Ask for a new link",
	verify: "Confirm your address",
	"verify.busy": "One moment…",
	"verify.done": "Your address is confirmed.",
	"verify.again":
		"Links work once, for 24 hours. Ask for a new one:",
	save: "Save",
	account: "My account",
};
