/* SPDX-License-Identifier: ISC */
/*
 * libcrm: what every program of the shop is made of.  This is its face;
 * the headers it gathers can be included one by one too.
 */
#ifndef CRM_CRM_H
#define CRM_CRM_H

#include <crm/arena.h>
#include <crm/config.h>
#include <crm/database.h>
#include <crm/field.h>
#include <crm/json.h>
#include <crm/letter.h>
#include <crm/limit.h>
#include <crm/log.h>
#include <crm/mail.h>
#include <crm/module.h>
#include <crm/money.h>
#include <crm/page.h>
#include <crm/password.h>
#include <crm/pricing.h>
#include <crm/problem.h>
#include <crm/request.h>
#include <crm/route.h>
#include <crm/sandbox.h>
#include <crm/serve.h>
#include <crm/sql.h>
#include <crm/template.h>
#include <crm/text.h>
#include <crm/token.h>
#include <crm/totp.h>

#endif
