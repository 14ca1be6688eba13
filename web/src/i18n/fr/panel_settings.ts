// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_settings"> = {
};
export default texts;
