// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_home"> = {
	hello: "Olá, {name}",
	home: "Início",
	today: "Hoje, {day}",
	before: "à mesma hora há uma semana: {value}",
	"figure.sales": "Vendas",
	"figure.orders": "Encomendas",
	"figure.customers": "Novos clientes",
	waiting: "À espera",
	"waiting.orders": "Novas encomendas",
	"waiting.returns": "Devoluções pedidas",
	"waiting.messages": "Mensagens sem resposta",
	"waiting.reviews": "Avaliações por decidir",
	"waiting.tasks": "As minhas tarefas",
	"waiting.low_stock": "Stock baixo",
	"waiting.outbox": "E-mails falhados",
	recent: "Atividade recente",
	"recent.none": "Nada ainda",
	"kind.order": "Encomenda",
	"kind.return": "Devolução",
	"kind.customer": "Cliente",
	"kind.message": "Mensagem",
	"kind.review": "Avaliação",
	"chart.sales": "Vendas de quatro semanas",
	"chart.orders": "Encomendas de quatro semanas",
	quick: "Criar",
};
export default texts;
