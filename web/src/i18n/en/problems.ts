// SPDX-License-Identifier: ISC
// What can go wrong (lib/problems.txt), and with a field ("fault." and its
// code).  The API says it in English; other languages say it here.
const texts: Record<string, string> = {};
export default texts;
