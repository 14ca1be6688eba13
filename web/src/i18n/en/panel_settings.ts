// SPDX-License-Identifier: ISC
export default {
};
