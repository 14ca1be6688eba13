// SPDX-License-Identifier: ISC
export default function Product() {
	return null;
}
