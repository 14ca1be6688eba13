// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_home"> = {
	hello: "Bonjour, {name}",
	home: "Accueil",
	today: "Aujourd’hui, {day}",
	before: "à la même heure il y a une semaine : {value}",
	"figure.sales": "Ventes",
	"figure.orders": "Commandes",
	"figure.customers": "Nouveaux clients",
	waiting: "En attente",
	"waiting.orders": "Nouvelles commandes",
	"waiting.returns": "Retours demandés",
	"waiting.messages": "Messages sans réponse",
	"waiting.reviews": "Avis à examiner",
	"waiting.tasks": "Mes tâches ouvertes",
	"waiting.low_stock": "Stock bas",
	"waiting.outbox": "E-mails échoués",
	recent: "Dernière activité",
	"recent.none": "Rien pour l’instant",
	"kind.order": "Commande",
	"kind.return": "Retour",
	"kind.customer": "Client",
	"kind.message": "Message",
	"kind.review": "Avis",
	"chart.sales": "Ventes de quatre semaines",
	"chart.orders": "Commandes de quatre semaines",
	quick: "Créer",
};
export default texts;
