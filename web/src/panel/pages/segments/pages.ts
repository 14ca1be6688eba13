// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("segments", [
]);
