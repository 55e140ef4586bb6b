// Checks are stored by numbers that never change: which is which.
import type { Connection } from './connection.ts'

export interface CheckNumbers {
  numberOf(check: string): Promise<number>
  /** @returns the name of each of these numbers */
  namesOf(numbers: readonly number[]): Promise<(number: number) => string>
}

/** Asks the database for those only that it does not know yet. */
export function checkNumbers(connection: Connection): CheckNumbers {
  const all = connection.prepare(connection.database.selectFrom('check_known').select(['check_no', 'id']))
  const numbers = new Map<string, number>()
  const names = new Map<number, string>()

  let reading: Promise<void> | undefined

  /** Those who ask while it reads wait for the same rows. */
  function read(): Promise<void> {
    reading ??= readAll().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function readAll(): Promise<void> {
    for (const { check_no, id } of await all.all({})) {
      numbers.set(id, check_no)
      names.set(check_no, id)
    }
  }

  function nameOf(number: number): string {
    const name = names.get(number)
    if (name === undefined) throw new Error(`check number ${number} is not in the store`)
    return name
  }

  return {
    async numberOf(check) {
      if (!numbers.has(check)) await read()
      const number = numbers.get(check)
      if (number === undefined) throw new Error(`check ${check} is not in the catalog that was put`)
      return number
    },
    async namesOf(asked) {
      if (!asked.every(number => names.has(number))) await read()
      return nameOf
    },
  }
}
