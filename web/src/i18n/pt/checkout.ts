// SPDX-License-Identifier: ISC
import type { Texts } from "../index";

const texts: Texts<"checkout"> = {
};
export default texts;
