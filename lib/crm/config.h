/* SPDX-License-Identifier: ISC */
/*
 * Where things are, from the environment (set by the process manager):
 *	DUKA_DATABASE	libpq's connection string without user
 *	DUKA_RUN	folder of sockets and of the limits file
 *	DUKA_LOG	"syslog" or a file; standard error otherwise
 *	DUKA_ORIGIN	https://shop.example: links in mails
 *	DUKA_ETC	folder with mail templates
 *	DUKA_SMTP	host:port of the relay
 *	DUKA_SMTP_TLS	"starttls" (certificate checked), "unverified" or "off"
 *	DUKA_SMTP_USER, DUKA_SMTP_PASSWORD_FILE	if the relay asks
 *	DUKA_MAIL_FROM	sender, unless the setting shop.email says so
 *	DUKA_MEDIA	folder of pictures
 *	DUKA_S3		https://store.example/bucket: where pictures go too
 *	DUKA_S3_REGION, DUKA_S3_KEY, DUKA_S3_SECRET_FILE	to write there
 */
#ifndef CRM_CONFIG_H
#define CRM_CONFIG_H

/* The variable's text, or `fallback` if it is unset or empty. */
const char *crm_config(const char *name, const char *fallback);

#endif
