// Starts `accumlint server` and connects VS Code to it. Everything that is shown comes from the server.
import * as vscode from 'vscode';
import { LanguageClient, LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand('accumlint.restart', restart),
    vscode.commands.registerCommand('accumlint.confirmFile', confirm),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('accumlint.command') || event.affectsConfiguration('accumlint.pictures')) {
        void restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(): Promise<void> {
  await client?.stop().catch(() => undefined);
  client = undefined;
  await start();
}

async function start(): Promise<void> {
  const [command, ...args] = await serverCommand();
  const server: ServerOptions = { command, args };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: 'python', scheme: 'file' },
      { language: 'python', scheme: 'untitled' },
      { language: 'python', notebook: '*' },
    ],
    synchronize: { configurationSection: 'accumlint' },
    initializationOptions: { ...settings(), pictures: vscode.workspace.getConfiguration('accumlint').get('pictures') },
  };
  client = new LanguageClient('accumlint', 'accumlint', server, options);
  try {
    await client.start();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(
      `accumlint: \`${[command, ...args].join(' ')}\` does not start (${text}). Install it with: pip install 'accumlint[lsp]'`,
    );
  }
}

function settings(): Record<string, unknown> {
  const told = vscode.workspace.getConfiguration('accumlint');
  return { select: told.get('select'), extendSelect: told.get('extendSelect'), ignore: told.get('ignore'), configuration: told.get('configuration') };
}

/** The user's own command, else the interpreter that the Python extension has chosen (`-P`: it imports nothing from the workspace), else the PATH. */
async function serverCommand(): Promise<string[]> {
  const told = vscode.workspace.getConfiguration('accumlint').get<string[]>('command') ?? [];
  if (told.length > 0) {
    return told;
  }
  const interpreter = await interpreterPath();
  return interpreter ? [interpreter, '-P', '-m', 'accumlint', 'server'] : ['accumlint', 'server'];
}

async function interpreterPath(): Promise<string | undefined> {
  const python = vscode.extensions.getExtension('ms-python.python');
  if (!python) {
    return undefined;
  }
  const api = await python.activate();
  return api?.environments?.getActiveEnvironmentPath?.()?.path;
}

async function confirm(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!client || !editor) {
    return;
  }
  const token = new vscode.CancellationTokenSource();
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'accumlint: running the loops in torch', cancellable: true },
    async (_, cancelled) => {
      cancelled.onCancellationRequested(() => token.cancel());
      await client!
        .sendRequest('workspace/executeCommand', { command: 'accumlint.confirm', arguments: [editor.document.uri.toString()] }, token.token)
        .catch(() => undefined);
    },
  );
}
