// SPDX-License-Identifier: ISC
export default function About() {
	return null;
}
