// SPDX-License-Identifier: ISC
// Shows the contract if Swagger UI was installed beside this file; the plain
// link stays otherwise.
if (typeof SwaggerUIBundle === "function") {
	SwaggerUIBundle({
		url: "/api/openapi.json",
		dom_id: "#contract",
		deepLinking: true,
		validatorUrl: null,
	});
}
