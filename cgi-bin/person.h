/* SPDX-License-Identifier: ISC */
/* What is known of a person, as customers say it and as staff do: fields of
 * their inputs.  null clears. */

#ifndef DUKA_PERSON_H
#define DUKA_PERSON_H

#define PERSON_LANGUAGES "en fr sw pt ar es de it nl ga"

#define PERSON_DIETS							\
    "vegetarian vegan pescatarian halal kosher gluten_free "		\
    "lactose_free nut_free low_sugar low_salt low_fat organic fair_trade other"

#define PERSON_FIELDS							\
	{ "phone", CRM_PHONE, .nullable = true,				\
	    .example = "+353861234567" },				\
	{ "date_of_birth", CRM_DATE, .nullable = true,			\
	    .example = "1990-04-12" },					\
	{ "gender", CRM_ENUM, .nullable = true,				\
	    .values = "female male non_binary other undisclosed" }

#define PERSON_HOUSEHOLD						\
	{ "employment", CRM_ENUM, .nullable = true,			\
	    .values = "employed self_employed unemployed student "	\
	    "retired homemaker other undisclosed" },			\
	{ "occupation", CRM_TEXT, .nullable = true, .max = 100,		\
	    .example = "Nurse" },					\
	{ "education", CRM_ENUM, .nullable = true,			\
	    .values = "none primary secondary vocational bachelor "	\
	    "master doctorate other undisclosed" },			\
	{ "household_size", CRM_INTEGER, .nullable = true, .min = 1,	\
	    .max = 30, .example = "4" },				\
	{ "children", CRM_INTEGER, .nullable = true, .min = 0,		\
	    .max = 25, .example = "2" },				\
	{ "income_band", CRM_ENUM, .nullable = true,			\
	    .values = "under_15k 15k_35k 35k_50k 50k_75k 75k_100k "	\
	    "100k_150k over_150k undisclosed" },			\
	{ "dietary", CRM_LIST, .of = CRM_ENUM,				\
	    .item_values = PERSON_DIETS, .max = 14,			\
	    .example = "[\"halal\", \"nut_free\"]" }

#endif
