// Names of what one collector at a time does for all that share a database; see `singleton.ts`.

/**
 * Each name is one lock, with its key on PostgreSQL: no key is ever changed, or given to another name, since collectors of
 * several versions work side by side.
 */
export const singletons = { retention: 3, trends: 5, notify: 6, 'policy-reports': 7 } as const
export type Singleton = keyof typeof singletons
