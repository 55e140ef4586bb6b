// Reads the facts of the accounts probe, whole or of one user.
import type { FacetState } from '../../../proto/facet.ts'
import type { AccountsFacts } from '../../../proto/facets/accounts.ts'
import { presentFacts } from '../../run-probe.ts'

export const factsOf = (state: FacetState) => presentFacts(state) as unknown as AccountsFacts

export const userOf = (facts: AccountsFacts, name: string) => facts.users.find(user => user.name === name)
