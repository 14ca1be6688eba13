// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_inventory"> = {
};
export default texts;
