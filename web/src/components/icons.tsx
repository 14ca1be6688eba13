// SPDX-License-Identifier: ISC
// Drawings of 24 by 24, in the colour of the text around them.
const Icon = ({ d, fill = false }: { d: string; fill?: boolean }) => (
	<svg viewBox="0 0 24 24" className="size-6 shrink-0" aria-hidden="true"
		fill={fill ? "currentColor" : "none"} stroke="currentColor"
		strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round">
		<path d={d} />
	</svg>
);

export const CartIcon = () => <Icon d="M3 4h2l2.4 11.2a2 2 0 0 0 2 1.6h7.7a2 2 0 0 0 2-1.5L21 8H6M10 21h.01M17 21h.01" />;
export const PersonIcon = () => <Icon d="M20 21a8 8 0 0 0-16 0M12 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10z" />;
export const SearchIcon = () => <Icon d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM21 21l-5-5" />;
export const MenuIcon = () => <Icon d="M4 6h16M4 12h16M4 18h16" />;
export const CloseIcon = () => <Icon d="M6 6l12 12M18 6L6 18" />;
export const FilterIcon = () => <Icon d="M4 5h16M7 12h10M10 19h4" />;
export const SunIcon = () => <Icon d="M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM12 1v2M12 21v2M4.2 4.2l1.4 1.4M18.4 18.4l1.4 1.4M1 12h2M21 12h2M4.2 19.8l1.4-1.4M18.4 5.6l1.4-1.4" />;
export const MoonIcon = () => <Icon d="M21 13A9 9 0 1 1 11 3a7 7 0 0 0 10 10z" />;
export const HeartIcon = ({ full = false }) => <Icon fill={full} d="M12 20.5 4.2 13a5 5 0 0 1 7.1-7.1l.7.7.7-.7a5 5 0 0 1 7.1 7.1z" />;
export const TruckIcon = () => <Icon d="M3 6h11v10H3zM14 9h4l3 4v3h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" />;
export const LockIcon = () => <Icon d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />;
export const ReturnIcon = () => <Icon d="M4 9h11a5 5 0 0 1 0 10H8M4 9l4-4M4 9l4 4" />;
export const ChevronIcon = () => <Icon d="M9 6l6 6-6 6" />;
export const ClockIcon = () => <Icon d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2" />;
