// What a log is, and one that says nothing; `open-log.ts` opens one that speaks.

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

/** A log that says nothing, for tests and one-shot commands. */
export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  with: () => silentLog,
}
