// The longest turns of the event loop of bench/fleet-collector.ts, and how much of them was within SQLite.
import Database from 'better-sqlite3'
import { watchTurns } from './turns.ts'

/** The longest times, in milliseconds, for which nothing else could run. */
export interface LongestTurns {
  /** of the processor, which others have no part in */
  readonly cpuMs: number
  /** within SQLite, on the clock */
  readonly sqliteMs: number
  /** turns of more than 50 ms of the processor */
  readonly long: number
  /** what SQLite took longest for in one of them, and how long */
  readonly statement: string
}

const longMs = 50

/**
 * Counts from now on; to be called before a database is opened.
 * @returns what there was since it was asked last
 */
export function watchLongestTurns(): () => LongestTurns {
  let sqlite = { ms: 0, longest: 0, statement: '' }
  timeSqlite((ms, statement) => {
    const isLongest = ms > sqlite.longest
    sqlite = {
      ms: sqlite.ms + ms,
      longest: isLongest ? ms : sqlite.longest,
      statement: isLongest ? statement : sqlite.statement,
    }
  })
  let most = none
  watchTurns(({ cpuMs }) => {
    const isLongest = sqlite.ms > most.sqliteMs
    most = {
      cpuMs: Math.max(most.cpuMs, cpuMs),
      sqliteMs: Math.max(most.sqliteMs, sqlite.ms),
      long: most.long + (cpuMs > longMs ? 1 : 0),
      statement: isLongest ? `${sqlite.longest.toFixed(0)} ms: ${sqlite.statement.slice(0, 100)}` : most.statement,
    }
    sqlite = { ms: 0, longest: 0, statement: '' }
  })
  return () => {
    const said = most
    most = none
    return said
  }
}

const none: LongestTurns = { cpuMs: 0, sqliteMs: 0, long: 0, statement: '' }

type Told = (ms: number, statement: string) => void

/** Has whatever SQLite does timed, in every connection of this thread. */
function timeSqlite(told: Told): void {
  const timed = <A extends unknown[], T>(text: string, work: (...values: A) => T) =>
    function (this: unknown, ...values: A): T {
      const started = performance.now()
      try {
        return work.apply(this, values)
      } finally {
        told(performance.now() - started, text)
      }
    }
  const { prototype } = Database as unknown as { readonly prototype: Database.Database }
  const { prepare, exec } = prototype
  prototype.prepare = function (this: Database.Database, text: string) {
    const statement = prepare.call(this, text)
    for (const method of ['all', 'get', 'run'] as const) {
      Object.defineProperty(statement, method, {
        value: timed(text, statement[method] as (...values: unknown[]) => unknown),
      })
    }
    return statement
  } as typeof prepare
  prototype.exec = function (this: Database.Database, text: string) {
    return timed(text, exec).call(this, text)
  }
}
