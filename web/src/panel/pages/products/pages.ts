// SPDX-License-Identifier: ISC
import { area } from "../../table";

export default area("products", [
	{ path: "products", permission: "catalog.read", nav: "goods",
		title: { en: "Products", fr: "Produits", pt: "Produtos" },
		load: () => import("./List") },
	{ path: "products/new", permission: "catalog.write",
		title: { en: "New product", fr: "Nouveau produit",
			pt: "Novo produto" }, load: () => import("./New") },
	{ path: "products/categories", permission: "catalog.read", nav: "goods",
		title: { en: "Categories", fr: "Catégories", pt: "Categorias" },
		load: () => import("./Categories") },
	{ path: "products/brands", permission: "catalog.read", nav: "goods",
		title: { en: "Brands", fr: "Marques", pt: "Marcas" },
		load: () => import("./Brands") },
	{ path: "products/import", permission: "catalog.write",
		title: { en: "Import products", fr: "Importer des produits",
			pt: "Importar produtos" }, load: () => import("./Import") },
	{ path: "products/:id", permission: "catalog.read",
		title: { en: "Product", fr: "Produit", pt: "Produto" },
		words: ["panel_inventory"], load: () => import("./Product") },
]);
