// SPDX-License-Identifier: ISC
export default function Listing() {
	return null;
}
