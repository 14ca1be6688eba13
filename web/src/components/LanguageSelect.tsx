// SPDX-License-Identifier: ISC
import { chooseLanguage, language, languages, useText, type Language } from
	"../i18n";

export function LanguageSelect() {
	const t = useText("common");
	return (
		<label className="flex items-center gap-2">
			{t("language")}
			<select className="select select-sm w-36"
				value={language} onChange={(event) =>
					chooseLanguage(event.target.value as Language)}>
				{Object.entries(languages).map(([code, name]) => (
					<option key={code} value={code} lang={code}>
						{name}</option>))}
			</select>
		</label>
	);
}
