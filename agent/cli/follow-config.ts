// The configuration of an agent that stays, as it is now: SIGHUP reads it again.
import { messageOf } from '../../runtime/errors.ts'
import type { ProcessLog } from '../../runtime/open-log.ts'
import type { AgentConfig } from '../agent-config.ts'

export interface LiveConfig {
  readonly config: AgentConfig
  /** why it could not be read again, without what the file holds; empty when it could */
  readonly reloadError: string
  readonly onReload: (reload: () => void) => void
}

/** What only a new start can change. */
const fixedKeys = [
  'collector',
  'exchangeAddress',
  'tokenFile',
  'caFile',
  'nodeName',
  'root',
  'stateDir',
  'textfile',
  'portProbes',
] as const

/** SIGHUP reads the configuration again; one with a mistake is told, and the one before stays. */
export function followConfig(
  first: AgentConfig,
  read: () => AgentConfig,
  log: Pick<ProcessLog, 'info' | 'warn' | 'error' | 'setLevel'>,
  signals: Pick<NodeJS.EventEmitter, 'on'> = process,
): LiveConfig {
  let config = first
  let reloadError = ''
  const listeners: (() => void)[] = []
  signals.on('SIGHUP', () => {
    try {
      const next = read()
      const fixed = fixedKeys.filter(key => next[key] !== first[key])
      if (fixed.length > 0) log.warn('changed configuration that needs a new start', { keys: fixed })
      config = next
      reloadError = ''
      log.setLevel(next.logLevel)
      log.info('configuration read again')
    } catch (error) {
      reloadError = withoutContent(messageOf(error))
      log.error('configuration could not be read again, the one before stays', { reason: messageOf(error) })
    }
    for (const listener of listeners) listener()
  })
  return {
    get config() {
      return config
    },
    get reloadError() {
      return reloadError
    },
    onReload: listener => listeners.push(listener),
  }
}

/** The reason leaves the host, what was found in the file does not. */
function withoutContent(reason: string): string {
  return (reason.split(/\n|, found /, 1)[0] ?? '').replace(/(unknown (?:key|probe)).*/, '$1')
}
