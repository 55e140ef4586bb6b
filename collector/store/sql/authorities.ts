// The CA that a database belongs to, with those that it belonged to before.
import type { Kysely } from 'kysely'
import type { AuthorityReader, AuthorityTransaction } from '../authorities.ts'
import type { Tables } from './tables.ts'

async function pinInForce(database: Kysely<Tables>): Promise<string | undefined> {
  const newest = database.selectFrom('authority').select('pin').orderBy('since', 'desc').orderBy('pin').limit(1)
  return (await newest.executeTakeFirst())?.pin
}

export const authorityReads = (database: Kysely<Tables>): AuthorityReader => ({
  authorityPin: () => pinInForce(database),
})

export function authorityWrites(database: Kysely<Tables>): AuthorityTransaction {
  const put = async (pin: string, since: number) => {
    const insert = database.insertInto('authority').values({ pin, since })
    await insert.onConflict(conflict => conflict.column('pin').doUpdateSet({ since })).execute()
  }
  return {
    claimAuthority: async (pin, atMs) => {
      const known = await pinInForce(database)
      if (known === undefined) await put(pin, atMs)
      return known ?? pin
    },
    replaceAuthority: put,
  }
}
