// SPDX-License-Identifier: ISC
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Names by content: nginx serves assets/ for ever.  Nothing is inlined, so
// that the Content-Security-Policy needs no exception.
export default defineConfig({
	plugins: [react(), tailwind()],
	resolve: { preserveSymlinks: true },
	build: {
		outDir: process.env.DUKA_WEB_OUT ?? "dist",
		emptyOutDir: true,
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		manifest: "manifest.files.json",
		target: "es2022",
	},
	server: { proxy: { "/api": "http://127.0.0.1:8080",
		"/media": "http://127.0.0.1:8080" } },
});
