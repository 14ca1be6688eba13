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
		rollupOptions: {
			input: ["index.html", "panel.html"],
			// The storefront's worker keeps what isn't the panel's.
			output: {
				entryFileNames: "assets/[name]-[hash].js",
				chunkFileNames: (chunk) => chunk.moduleIds.some((id) =>
					/\/panel[/_.]/.test(id)) ?
					"assets/panel-[name]-[hash].js" :
					"assets/part-[name]-[hash].js",
			},
		},
	},
	server: { proxy: { "/api": "http://127.0.0.1:8080",
		"/media": "http://127.0.0.1:8080" } },
});
