// SPDX-License-Identifier: ISC
// The orders, newest first; which state is asked for is in the address bar.
import { useSearchParams } from "react-router";
import { useGrowing, type OrderSummary } from "../../api/account";
import { Failure } from "../../components/Failure";
import { useText } from "../../i18n";
import { Empty, LineSkeletons, More } from "./lists";
import { OrderList, orderStates } from "./OrderList";

export default function Orders() {
	const t = useText("account");
	const [query, setQuery] = useSearchParams();
	const wanted = orderStates.find((state) => state === query.get("state"));
	const found = useGrowing<OrderSummary>(
		`/api/orders?limit=20${wanted ? `&state=${wanted}` : ""}`);
	return (
		<>
			<label className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1">
				<span className="text-sm font-medium">{t("orders.which")}</span>
				<select className="select w-56" value={wanted ?? ""}
					onChange={({ target }) => setQuery(target.value
						? { state: target.value } : {}, { replace: true })}>
					<option value="">{t("orders.all")}</option>
					{orderStates.map((state) => <option key={state}
						value={state}>{t(`order.${state}`)}</option>)}
				</select>
			</label>
			{found.error
				? <Failure error={found.error} retry={found.refetch} />
				: !found.items ? <LineSkeletons />
				: found.items.length === 0
					? <Empty text={t(wanted ? "orders.none.state"
						: "orders.none")} to="/" link={t("shop")} />
					: <OrderList items={found.items} />}
			<More list={found} />
		</>
	);
}
