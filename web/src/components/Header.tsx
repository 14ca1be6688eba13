// SPDX-License-Identifier: ISC
import { useEffect, useState, type ReactNode } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { piecesOf, useCart } from "../api/cart";
import { useCategories, type Branch } from "../api/catalog";
import { useText } from "../i18n";
import { AccountMenu } from "./AccountMenu";
import { CartIcon, CloseIcon, MenuIcon } from "./icons";
import { SearchBox } from "./SearchBox";
import { ThemeSwitch } from "./Theme";
import { shopName } from "./title";

function Logo() {
	return (
		<Link to="/" className="flex items-center gap-2 text-lg font-bold">
			<img src="/icon.svg" alt="" width="36" height="36" />
			<span className="max-[400px]:sr-only">{shopName}</span>
		</Link>
	);
}

function CartLink() {
	const t = useText("common");
	const { data } = useCart();
	const count = piecesOf(data);
	return (
		<Link to="/cart" className="btn btn-ghost relative px-3"
			aria-label={t.count("cart.pieces", count)}>
			<CartIcon />
			{count > 0 && <span className="badge badge-secondary badge-sm
				absolute -top-0.5 right-0" aria-hidden="true">
				{count > 99 ? "99+" : count}</span>}
		</Link>
	);
}

function Categories({ items, children }: { items: Branch[];
	children: ReactNode }) {
	return (
		<ul className="mx-auto flex h-11 max-w-7xl gap-1 px-4 sm:px-6">
			<li>{children}</li>
			{items.slice(0, 7).map(({ slug, name }, i) => (
				<li key={slug} className={i < 5 ? "" : "max-xl:hidden"}>
					<NavLink to={`/category/${slug}`} className="block
						whitespace-nowrap rounded-field px-3 py-2.5 text-sm
						font-medium hover:bg-base-300
						aria-[current]:bg-base-300">{name}</NavLink>
				</li>
			))}
		</ul>
	);
}

function Drawer({ items, close }: { items: Branch[]; close: () => void }) {
	const t = useText("common");
	useEffect(() => {
		const escape = (event: KeyboardEvent) =>
			event.key === "Escape" && close();
		addEventListener("keydown", escape);
		return () => removeEventListener("keydown", escape);
	}, [close]);
	return (
		<div className="absolute inset-x-0 top-full border-y border-base-300
			bg-base-100 shadow-xl">
			<nav id="menu" aria-label={t("categories.all")}
				className="mx-auto max-h-[70vh] max-w-7xl overflow-y-auto p-4
				lg:grid lg:grid-cols-4 lg:gap-x-6">
				{items.map(({ slug, name, children }) => (
					<div key={slug} className="border-b border-base-300 py-1">
						<Link to={`/category/${slug}`}
							className="block py-2 font-semibold">{name}</Link>
						<ul className="grid grid-cols-2 lg:grid-cols-1">
							{children.map((child) => (
								<li key={child.slug}>
									<Link className="block py-2 text-sm lg:py-1
										hover:underline"
										to={`/category/${child.slug}`}>
										{child.name}</Link>
								</li>
							))}
						</ul>
					</div>
				))}
			</nav>
		</div>
	);
}

export function Header() {
	const t = useText("common");
	const { data } = useCategories();
	const [open, setOpen] = useState(false);
	const { pathname, search } = useLocation();
	useEffect(() => setOpen(false), [pathname, search]);
	const items = (data?.items ?? []).filter(({ count }) => count > 0);
	return (
		<header className="sticky top-0 z-40 border-b border-base-300
			bg-base-100">
			<div className="mx-auto flex max-w-7xl flex-wrap items-center
				gap-x-1 gap-y-2 px-2 py-2 sm:gap-x-3 sm:px-6">
				<button type="button" className="btn btn-ghost btn-square
					lg:hidden" aria-expanded={open} aria-controls="menu"
					aria-label={t(open ? "menu.close" : "menu.open")}
					onClick={() => setOpen(!open)}>
					{open ? <CloseIcon /> : <MenuIcon />}
				</button>
				<Logo />
				<div className="order-last w-full px-2 md:order-none md:w-auto
					md:flex-1 md:px-6"><SearchBox /></div>
				<div className="ml-auto flex items-center">
					<ThemeSwitch />
					<AccountMenu />
					<CartLink />
				</div>
			</div>
			<nav aria-label={t("categories")}
				className="hidden min-h-11 bg-base-200 lg:block">
				<Categories items={items}>
					<button type="button" aria-expanded={open}
						aria-controls="menu" className="flex items-center gap-2
						rounded-field px-3 py-2.5 text-sm font-semibold
						hover:bg-base-300" onClick={() => setOpen(!open)}>
						<MenuIcon />{t("categories.all")}</button>
				</Categories>
			</nav>
			{open && <Drawer items={items} close={() => setOpen(false)} />}
		</header>
	);
}
