// Names of what one collector at a time does for all that share a database; see `singleton.ts`.

/** Each name is one lock. Its place in this list is its key on PostgreSQL: add at the end, take nothing away. */
export const singletons = ['retention', 'trends', 'notify', 'policy-reports'] as const
export type Singleton = (typeof singletons)[number]
