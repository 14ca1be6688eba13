// SPDX-License-Identifier: ISC
// A new product with its first variant; all else is said on its page.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { send, type Versioned } from "../../record";
import { products, useCurrency, usePlaceFields, type Product } from
	"./catalog";

export default function New() {
	const t = useText("panel_products");
	const client = useQueryClient();
	const navigate = useNavigate();
	const currency = useCurrency();
	const places = usePlaceFields();
	const fields: FieldSpec[] = [
		{ name: "name", label: t("name"), required: true, max: 200,
			wide: true },
		{ name: "sku", label: t("sku"), required: true, max: 64 },
		{ name: "price", label: t("price"), kind: "money", required: true,
			min: 0, currency },
		...places,
		{ name: "description", label: t("description"), kind: "textarea",
			rows: 6, max: 20000, empty: "", wide: true },
	];
	return (
		<>
			<PageHead title={t("new")} back={[{ to: "/products",
				text: t("products") }]} />
			{currency && <RecordForm<Versioned<Product>> name="product"
				stored={{ status: "draft", tax_class: "standard" }}
				fields={fields} save={({ values }) => {
					const { sku, price, ...rest } = values;
					return send<Product>("POST", "/api/catalog/products",
						{ ...rest, variants: [{ sku, price }] });
				}} saved={({ data }) => {
					void client.invalidateQueries({
						queryKey: ["list", products] });
					void navigate(`/products/${data.id}`);
				}} />}
		</>
	);
}
