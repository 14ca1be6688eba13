// SPDX-License-Identifier: ISC
/// <reference types="vite/client" />
