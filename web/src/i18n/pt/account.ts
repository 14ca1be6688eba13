// SPDX-License-Identifier: ISC
import type { Texts } from "../index";

const texts: Texts<"account"> = {
	login: "Entrar",
	"login.name": "E-mail ou nome de utilizador",
	"login.new": "Novo por aqui?",
	"login.cart": "Abrir o carrinho",
	"login.capped":
		"O seu carrinho juntou-se ao da sua conta; algumas quantidades diminuíram",
	"login.merged.one":
		"{count} artigo do seu carrinho juntou-se ao da sua conta",
	"login.merged.many":
		"{count} artigos do seu carrinho juntaram-se ao da sua conta",
	"login.merged.other":
		"{count} artigos do seu carrinho juntaram-se ao da sua conta",
	password: "Palavra-passe",
	"password.new": "Nova palavra-passe",
	"password.rules":
		"Pelo menos 8 caracteres, com letras, algarismos e um carácter especial; não uma palavra-passe comum.",
	register: "Criar uma conta",
	"register.known": "Já tem conta?",
	"register.done": "Veja o seu e-mail",
	"register.sent":
		"Escrevemos para {email}. Abra a ligação da mensagem para confirmar o endereço.",
	given_name: "Nome próprio",
	family_name: "Apelido",
	email: "Endereço de e-mail",
	forgotten: "Palavra-passe esquecida",
	"forgotten.link": "Esqueceu a palavra-passe?",
	"forgotten.text":
		"Diga-nos o seu endereço e enviamos uma ligação para escolher uma nova palavra-passe.",
	"mail.ask": "Enviem-me uma ligação",
	"mail.asked":
		"Se {email} precisar de uma ligação, ela vai a caminho.",
	reset: "Escolher uma nova palavra-passe",
	"reset.done":
		"A palavra-passe foi alterada e a sessão terminou em todo o lado.",
	"link.missing": "Esta página precisa da ligação do nosso e-mail.",
	"link.again": "Pedir uma nova ligação",
	verify: "Confirmar o seu endereço",
	"verify.busy": "Um momento…",
	"verify.done": "O seu endereço está confirmado.",
	"verify.again":
		"As ligações servem uma vez, durante 24 horas. Peça uma nova:",
	save: "Guardar",
	account: "A minha conta",
};
export default texts;
