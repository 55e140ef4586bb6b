// A log whose lines tests look at.
import { type Log, silentLog } from '../runtime/log.ts'

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export function recordingLog(): { readonly log: Log; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = []
  const at =
    (level: LoggedLine['level']): Log['info'] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields })
  const log: Log = {
    ...silentLog,
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    with: () => log,
  }
  return { log, lines }
}
