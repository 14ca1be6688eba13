// SPDX-License-Identifier: ISC
export default {
	hello: "Hello, {name}",
	home: "Home",
};
