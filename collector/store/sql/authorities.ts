// The CA that a database belongs to, in the only row of its table.
import type { Kysely } from 'kysely'
import type { AuthorityReader, AuthorityTransaction } from '../authorities.ts'
import type { Tables } from './tables.ts'

const id = 1

const pinInForce = async (database: Kysely<Tables>): Promise<string | undefined> =>
  (await database.selectFrom('authority').select('pin').where('id', '=', id).executeTakeFirst())?.pin

export const authorityReads = (database: Kysely<Tables>): AuthorityReader => ({
  authorityPin: () => pinInForce(database),
})

export const authorityWrites = (database: Kysely<Tables>): AuthorityTransaction => ({
  claimAuthority: async (pin, since) => {
    // Waits for another one that does the same now, and then sees what that one put.
    const insert = database.insertInto('authority').values({ id, pin, since })
    await insert.onConflict(conflict => conflict.column('id').doNothing()).execute()
    return (await pinInForce(database)) ?? pin
  },
  replaceAuthority: async (pin, since) => {
    const insert = database.insertInto('authority').values({ id, pin, since })
    await insert.onConflict(conflict => conflict.column('id').doUpdateSet({ pin, since })).execute()
  },
})
