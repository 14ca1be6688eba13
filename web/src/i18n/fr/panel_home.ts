// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_home"> = {
	hello: "Bonjour, {name}",
	home: "Accueil",
};
export default texts;
