// SPDX-License-Identifier: ISC
export default {
	"notfound.title": "There is no such page",
};
