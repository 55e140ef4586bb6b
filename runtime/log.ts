// The one door to logging: JSON lines on standard error, static message plus fields.
import { destination, type Logger as Pino, pino, stdTimeFunctions } from 'pino'

export const logLevels = ['error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type Fields = Readonly<Record<string, unknown>>

/** Levels by expected count in a healthy day: error 0, warn a handful, info state changes, debug per run. */
export interface Log {
  error(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  debug(message: string, fields?: Fields): void
  /** a log that adds these fields to each line */
  with(fields: Fields): Log
}

export interface LogOptions {
  readonly level: LogLevel
  /** name of the process: gabion-agent, gabion-collector */
  readonly name: string
}

/** Opens the log of a process. Writes are synchronous, so that nothing is lost when the process is killed. */
export function openLog({ level, name }: LogOptions): Log {
  const root = pino(
    { level, base: { name }, timestamp: stdTimeFunctions.isoTime, formatters: { level: label => ({ level: label }) } },
    destination({ dest: 2, sync: true }),
  )
  return wrap(root)
}

/** A log that says nothing, for tests and one-shot commands. */
export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  with: () => silentLog,
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
