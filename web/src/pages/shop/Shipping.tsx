// SPDX-License-Identifier: ISC
export default function Shipping() {
	return null;
}
