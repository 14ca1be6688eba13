// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_team"> = {
};
export default texts;
