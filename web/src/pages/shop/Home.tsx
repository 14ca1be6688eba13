// SPDX-License-Identifier: ISC
export default function Home() {
	return null;
}
