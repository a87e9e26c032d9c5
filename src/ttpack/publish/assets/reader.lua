-- Reads a JSON list of texts, each on its own, so that an unclosed fence or a link definition in one
-- author's text cannot reach into the next. The empty environment gives each read no file and no network.
local dialect = "commonmark-raw_html+pipe_tables+strikeout+superscript+subscript"

function Reader(input)
  local parts = pandoc.Blocks{}
  for index, text in ipairs(pandoc.json.decode(tostring(input), false)) do
    parts:insert(pandoc.Div(pandoc.read(text .. "\n", dialect, nil, {}).blocks, pandoc.Attr(tostring(index))))
  end
  return pandoc.Pandoc(parts)
end
