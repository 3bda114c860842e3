-- Neovim 0.11 or later as a client: nvim --headless --clean -l neovim.lua, with FILE and SETUP set, the user's own lines for it.
local out = {}
local function say(...) table.insert(out, table.concat(vim.tbl_map(tostring, { ... }), " ")) end
dofile(vim.env.SETUP)
vim.cmd.edit(vim.env.FILE)
vim.bo.filetype = "python"
local buf = vim.api.nvim_get_current_buf()
local function diagnostics(count)
  return vim.wait(20000, function() return #vim.diagnostic.get(buf) == count end, 20)
end
assert(vim.wait(20000, function()
  local client = vim.lsp.get_clients({ bufnr = buf })[1]
  return client and client.initialized
end, 20), "no client")
local client = vim.lsp.get_clients({ bufnr = buf })[1]
say("encoding", client.offset_encoding, "pull", client.server_capabilities.diagnosticProvider ~= nil)
assert(diagnostics(1), "no diagnostics")
local found = vim.diagnostic.get(buf)[1]
say("found", found.code, found.lnum, found.col, found.severity)
local place = { textDocument = vim.lsp.util.make_text_document_params(buf), position = { line = found.lnum, character = found.col + 1 } }
local answers = vim.lsp.buf_request_sync(buf, "textDocument/hover", place, 10000)
for _, answer in pairs(answers) do say("hover", (answer.result.contents.value:gsub("\n", " "))) end
vim.lsp.buf.code_action({ context = { only = { "source.fixAll.accumlint" }, diagnostics = {} }, apply = true })
assert(diagnostics(0), "not fixed")
say("fixed", vim.trim(vim.api.nvim_buf_get_lines(buf, found.lnum, found.lnum + 1, false)[1]))
vim.cmd.undo()
assert(diagnostics(1), "not found again")
say("found again")
client:stop()
say("stopped", vim.wait(10000, function() return client:is_stopped() end, 20))
print(table.concat(out, "\n"))
vim.cmd("qall!")
