// `gabion-collector ready`: asks a collector on this machine whether it serves, for probes that cannot speak HTTP.
import { Command } from 'commander'
import { GabionError, messageOf } from '../../runtime/errors.ts'

interface ReadyOptions {
  readonly httpAddress: string
  readonly alive?: true
}

const timeoutMs = 4_000

export function readyCommand(): Command {
  return new Command('ready')
    .description('ask the collector on this machine whether it serves; exit code 0 when it does')
    .option('--http-address <host:port>', 'its API', '127.0.0.1:8080')
    .option('--alive', 'ask only whether it answers at all')
    .addHelpText('after', '\nExample:\n  gabion-collector ready --http-address 127.0.0.1:8080')
    .action(ready)
}

async function ready({ httpAddress, alive }: ReadyOptions): Promise<void> {
  const url = `http://${httpAddress}${alive ? '/healthz' : '/readyz'}`
  let status: number
  try {
    status = (await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })).status
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause)
    throw new GabionError('internal', `${url}: no answer (${reason})`, { cause })
  }
  if (status !== 200) throw new GabionError('internal', `${url}: answered ${status}`)
  process.stdout.write(alive ? 'alive\n' : 'ready\n')
}
