// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_home"> = {
	hello: "Olá, {name}",
	home: "Início",
};
export default texts;
