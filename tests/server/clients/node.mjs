// VS Code's own protocol library as a client, with ACCUMLINT_COMMAND (words by newline) and FILE set.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const require = createRequire(process.env.ACCUMLINT_NODE_MODULES + '/');
const rpc = require('vscode-jsonrpc/node');
const P = require('vscode-languageserver-protocol');

const [command, ...words] = process.env.ACCUMLINT_COMMAND.split('\n');
const server = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
const c = P.createProtocolConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
const told = [];
let wake = () => {};
c.onNotification(P.PublishDiagnosticsNotification.type, params => { told.push(params); wake(); });
c.onRequest(P.ConfigurationRequest.type, params => params.items.map(() => ({ pictures: true })));
c.onRequest(P.RegistrationRequest.type, () => null);
c.listen();
const capabilities = {
  general: { positionEncodings: ['utf-16'] },
  workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
  textDocument: { publishDiagnostics: {}, hover: { contentFormat: ['markdown'] } },
};
const init = await c.sendRequest(P.InitializeRequest.type, {
  processId: process.pid, rootUri: null, capabilities, initializationOptions: { pictures: true },
});
console.log('server', init.serverInfo.name, 'pull', init.capabilities.diagnosticProvider !== undefined);
await c.sendNotification(P.InitializedNotification.type, {});
const uri = pathToFileURL(process.env.FILE).href;
const text = readFileSync(process.env.FILE, 'utf8');
await c.sendNotification(P.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'python', version: 1, text } });
if (!told.length) await new Promise(resolve => { wake = resolve; setTimeout(resolve, 20000); });
const [found] = told[0].diagnostics;
console.log('found', found.code, found.range.start.line, found.range.start.character);
const hover = await c.sendRequest(P.HoverRequest.type, { textDocument: { uri }, position: found.range.start });
console.log('picture', hover.contents.value.includes('data:image/svg+xml;base64,'));
const actions = await c.sendRequest(P.CodeActionRequest.type, { textDocument: { uri }, range: found.range, context: { diagnostics: [found], only: ['quickfix'] } });
console.log('preferred', actions.find(one => one.isPreferred)?.title);
await c.sendRequest(P.ShutdownRequest.type);
server.on('exit', code => { console.log('exit', code); process.exit(0); });
await c.sendNotification(P.ExitNotification.type);
