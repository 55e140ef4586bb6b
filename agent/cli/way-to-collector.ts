// How the resident agent reaches its collector, as it is configured or enrolled.
import { usageError } from '../../runtime/errors.ts'
import type { AgentConfig } from '../agent-config.ts'
import type { OpenChannel } from '../uplink/channel.ts'

export interface Way {
  readonly openChannel: OpenChannel
  /** its certificate is to be renewed */
  readonly isEnrolled: boolean
}

/** Undefined when there is no collector: the agent then judges by itself. @throws GabionError (usage) */
export async function wayToCollector(config: AgentConfig): Promise<Way | undefined> {
  const { collector, tokenFile, caFile, stateDir, textfile } = config
  if ((tokenFile === '') !== (caFile === '')) throw usageError('--token-file and --ca-file go together')
  if (collector === '') {
    if (tokenFile !== '') throw usageError('--token-file needs --collector')
    if (textfile !== '') return undefined
    const { readCredential } = await import('../uplink/credential-file.ts')
    if (!readCredential(stateDir)) return undefined
    const { enrolledChannel } = await import('../uplink/channel.ts')
    return { openChannel: enrolledChannel(stateDir), isEnrolled: true }
  }
  if (textfile !== '') throw usageError("option '--textfile <dir>' cannot be used with option '--collector <address>'")
  const address = collectorAddress(collector)
  const { plaintextChannel, tokenChannel } = await import('../uplink/channel.ts')
  if (tokenFile !== '') return { openChannel: tokenChannel(address, tokenFile, caFile), isEnrolled: false }
  requireLoopback(address)
  return { openChannel: plaintextChannel(address), isEnrolled: false }
}

const addressPattern = /^(?<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?<port>\d{1,5})$/

function collectorAddress(text: string): string {
  if (/^unix:\/[^\0]+$/.test(text)) return text
  const match = addressPattern.exec(text)
  const port = Number(match?.groups?.['port'] ?? 0)
  if (!match || port < 1 || port > 65_535) throw usageError(`--collector ${text}: expected HOST:PORT or unix:/PATH`)
  return text
}

/** Without TLS a stream never leaves the machine: loopback addresses and Unix sockets only. */
function requireLoopback(address: string): void {
  const host = addressPattern.exec(address)?.groups?.['host'] ?? ''
  if (address.startsWith('unix:/') || host === 'localhost' || host === '[::1]') return
  if (/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)) return
  throw usageError(
    `--collector ${address}: without TLS only loopback addresses; enroll this host, or give --token-file and --ca-file`,
  )
}
