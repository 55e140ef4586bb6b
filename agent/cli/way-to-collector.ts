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
  const exchange = config.exchangeAddress === '' ? undefined : exchangeAddress(config.exchangeAddress)
  if ((tokenFile === '') !== (caFile === '')) throw usageError('--token-file and --ca-file go together')
  if (collector === '') {
    if (tokenFile !== '') throw usageError('--token-file needs --collector')
    if (textfile !== '') return undefined
    const { readCredential } = await import('../uplink/credential-file.ts')
    if (!readCredential(stateDir)) return undefined
    const { enrolledChannel } = await import('../uplink/channel.ts')
    return { openChannel: enrolledChannel(stateDir, exchange), isEnrolled: true }
  }
  if (textfile !== '') throw usageError("option '--textfile <dir>' cannot be used with option '--collector <address>'")
  const address = collectorAddress(collector)
  const { plaintextChannel, tokenChannel } = await import('../uplink/channel.ts')
  if (tokenFile !== '') return { openChannel: tokenChannel(address, tokenFile, caFile, exchange), isEnrolled: false }
  requireLoopback('collector', address)
  if (exchange !== undefined) requireLoopback('exchange-address', exchange)
  return { openChannel: plaintextChannel(address, exchange), isEnrolled: false }
}

const addressPattern = /^(?<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?<port>\d{1,5})$/

function collectorAddress(text: string): string {
  if (/^unix:\/[^\0]+$/.test(text) || isHostAndPort(text)) return text
  throw usageError(`--collector ${text}: expected HOST:PORT or unix:/PATH`)
}

function exchangeAddress(text: string): string {
  if (isHostAndPort(text)) return text
  throw usageError(`--exchange-address ${text}: expected HOST:PORT`)
}

function isHostAndPort(text: string): boolean {
  const port = Number(addressPattern.exec(text)?.groups?.['port'] ?? 0)
  return port >= 1 && port <= 65_535
}

/** Without TLS a stream never leaves the machine: loopback addresses and Unix sockets only. */
function requireLoopback(option: string, address: string): void {
  const host = addressPattern.exec(address)?.groups?.['host'] ?? ''
  if (address.startsWith('unix:/') || host === 'localhost' || host === '[::1]') return
  if (/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)) return
  throw usageError(
    `--${option} ${address}: without TLS only loopback addresses; enroll this host, or give --token-file and --ca-file`,
  )
}
