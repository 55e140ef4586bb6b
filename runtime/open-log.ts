// The one door to logging: JSON lines on standard error, static message plus fields.
import { destination, type Logger as Pino, pino, stdTimeFunctions } from 'pino'
import type { Log, LogLevel } from './log.ts'

export interface LogOptions {
  readonly level: LogLevel
  /** name of the process: gabion-agent, gabion-collector */
  readonly name: string
}

export interface ProcessLog extends Log {
  /** from now on; logs made by `with` keep the level they were made with */
  setLevel(level: LogLevel): void
}

/** Opens the log of a process. Writes are synchronous, so that nothing is lost when the process is killed. */
export function openLog({ level, name }: LogOptions): ProcessLog {
  const root = pino(
    {
      level,
      base: { name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      hooks: { streamWrite: plain },
    },
    destination({ dest: 2, sync: true }),
  )
  return {
    ...wrap(root),
    setLevel(next) {
      root.level = next
    },
  }
}

/** Controls that JSON does not escape, and marks that turn the direction of text around. */
const acted = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A log is read on a terminal: what that would act on is written as an escape, the value is the same. */
function plain(line: string): string {
  return line.replace(acted, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function wrap(logger: Pino): Log {
  return {
    error: (message, fields = {}) => logger.error(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    debug: (message, fields = {}) => logger.debug(fields, message),
    with: fields => wrap(logger.child(fields)),
  }
}
