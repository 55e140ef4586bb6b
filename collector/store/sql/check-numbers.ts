// Checks are stored by numbers that never change: which is which.
import { type Connection, slot } from './connection.ts'

export interface CheckNumbers {
  /** reads what is not known yet */
  know(): Promise<void>
  numberOf(check: string): Promise<number>
  /** after `know` */
  known(check: string): number
  nameOf(number: number): string
}

export function checkNumbers(connection: Connection): CheckNumbers {
  const { database } = connection
  const all = connection.prepare(
    database.selectFrom('check_known').select(['check_no', 'id']).where('check_no', '>', slot<number>('after')),
  )
  const numbers = new Map<string, number>()
  const names = new Map<number, string>()

  async function know(): Promise<void> {
    for (const { check_no, id } of await all.all({ after: names.size === 0 ? 0 : Math.max(...names.keys()) })) {
      numbers.set(id, check_no)
      names.set(check_no, id)
    }
  }

  function known(check: string): number {
    const number = numbers.get(check)
    if (number === undefined) throw new Error(`check ${check} is not in the catalog that was put`)
    return number
  }

  return {
    know,
    known,
    async numberOf(check) {
      if (!numbers.has(check)) await know()
      return known(check)
    },
    nameOf(number) {
      const name = names.get(number)
      if (name === undefined) throw new Error(`check number ${number} is not in the store`)
      return name
    },
  }
}
