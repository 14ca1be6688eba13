// SPDX-License-Identifier: ISC
import type { Texts } from "../index";

const texts: Texts<"account"> = {
};
export default texts;
