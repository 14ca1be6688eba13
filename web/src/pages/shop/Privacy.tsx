// SPDX-License-Identifier: ISC
export default function Privacy() {
	return null;
}
