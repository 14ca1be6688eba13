# SPDX-License-Identifier: ISC
# Joins the contract: jq -s -f contract.jq base.json OPENAPI... SCHEMAS...
# from contract/base.json, what each `PROGRAM openapi` prints ({"paths"}), and
# contract/AREA.json ({"schemas"}).  Answers get their schema's first example;
# what isn't JSON gets that of contract/texts.json for its path or type.
(map(.schemas // {}) | add) as $schemas
| (map(.texts // {}) | add) as $texts
| (.[0].components.schemas + $schemas) as $all
| .[0] as $base
| (map(select(has("openapi") | not) | .paths // {}) | add) as $paths
| $base
| .components.schemas = $all
| .paths = ($paths | to_entries | sort_by(.key) | from_entries)
| .paths |= with_entries(.value |= with_entries(.value.responses |=
    with_entries(if (.value.content["application/json"].schema["$ref"]? //
	null) != null then
	(.value.content["application/json"].schema["$ref"] |
	    sub("^.*/"; "")) as $name
	| if ($all[$name].examples[0]? // null) != null then
	    .value.content["application/json"].example =
		$all[$name].examples[0]
	  elif $all[$name] == null then
	    error("no schema named " + $name)
	  else . end
      else . end)))
| .paths |= with_entries(.key as $path | .value[] |= (
    (.requestBody?, .responses[]) |= (if .content? then
	.content |= with_entries(if .key | test("json$") then . else
	    .value.example = ($texts[$path] // $texts[.key] //
		error("no example of " + .key + " for " + $path)) end)
      else . end)
    | if .requestBody == null then del(.requestBody) else . end))
