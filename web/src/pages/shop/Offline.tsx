// SPDX-License-Identifier: ISC
export default function Offline() {
	return null;
}
