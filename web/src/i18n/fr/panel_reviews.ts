// SPDX-License-Identifier: ISC
import type { Texts } from "..";

const texts: Texts<"panel_reviews"> = {
};
export default texts;
