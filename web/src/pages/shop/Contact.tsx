// SPDX-License-Identifier: ISC
export default function Contact() {
	return null;
}
