// SPDX-License-Identifier: ISC
import type { Texts } from "../index";

const texts: Texts<"shop"> = {
	"notfound.title": "Esta página não existe",
};
export default texts;
