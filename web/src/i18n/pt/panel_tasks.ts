// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_tasks"> = {
};
export default texts;
