// SPDX-License-Identifier: ISC
import type { Texts } from "../index";

const texts: Texts<"account"> = {
	login: "Se connecter",
	"login.name": "Adresse e-mail ou identifiant",
	"login.new": "Nouveau ici ?",
	"login.cart": "Ouvrir le panier",
	"login.capped":
		"Votre panier a rejoint celui de votre compte ; certaines quantités ont été réduites",
	"login.merged.one":
		"{count} article de votre panier a rejoint celui de votre compte",
	"login.merged.many":
		"{count} articles de votre panier ont rejoint celui de votre compte",
	"login.merged.other":
		"{count} articles de votre panier ont rejoint celui de votre compte",
	password: "Mot de passe",
	"password.new": "Nouveau mot de passe",
	"password.rules":
		"Au moins 8 caractères, avec lettres, chiffres et un caractère spécial ; pas un mot de passe courant.",
	register: "Créer un compte",
	"register.known": "Déjà un compte ?",
	"register.done": "Consultez vos e-mails",
	"register.sent":
		"Nous avons écrit à {email}. Ouvrez le lien du message pour confirmer l’adresse.",
	given_name: "Prénom",
	family_name: "Nom",
	email: "Adresse e-mail",
	forgotten: "Mot de passe oublié",
	"forgotten.link": "Mot de passe oublié ?",
	"forgotten.text":
		"Donnez-nous votre adresse et nous vous enverrons un lien pour choisir un nouveau mot de passe.",
	"mail.ask": "Envoyez-moi un lien",
	"mail.asked": "Si {email} a besoin d’un lien, il est en route.",
	reset: "Choisir un nouveau mot de passe",
	"reset.done":
		"Votre mot de passe est changé, et vous êtes déconnecté partout.",
	"link.missing": "Cette page a besoin du lien de notre message.",
	"link.again": "Demander un nouveau lien",
	verify: "Confirmer votre adresse",
	"verify.busy": "Un instant…",
	"verify.done": "Votre adresse est confirmée.",
	"verify.again":
		"Les liens servent une fois, pendant 24 heures. Demandez-en un nouveau :",
	save: "Enregistrer",
	account: "Mon compte",
};
export default texts;
