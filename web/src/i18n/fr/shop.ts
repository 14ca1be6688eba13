// SPDX-License-Identifier: ISC
import type { Texts } from "../index";

const texts: Texts<"shop"> = {
	"notfound.title": "Cette page n’existe pas",
};
export default texts;
