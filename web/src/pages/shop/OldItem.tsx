// SPDX-License-Identifier: ISC
export default function OldItem() {
	return null;
}
